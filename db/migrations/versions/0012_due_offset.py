"""到期月: an item's due day may be so many months later than the office's settings say."""

import sqlalchemy as sa
from alembic import op

from db.triggers import install

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("fee_rule", sa.Column("due_offset", big, nullable=True))
    install(op.get_bind())
