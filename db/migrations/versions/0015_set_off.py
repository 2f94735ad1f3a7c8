"""抵扣: an item may say that prepaid balance does not settle it."""

import sqlalchemy as sa
from alembic import op

from db.triggers import install

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fee_rule", sa.Column("set_off", sa.String(), server_default="allowed", nullable=False))
    install(op.get_bind())
