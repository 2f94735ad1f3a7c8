"""view state."""

import sqlalchemy as sa
from alembic import op

from db.triggers import install

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "view_state",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "page", name=op.f("pk_view_state")),
        sqlite_strict=True,
    )
    install(op.get_bind())
