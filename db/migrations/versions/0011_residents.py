"""What is kept of residents besides: events with their guests."""

import sqlalchemy as sa
from alembic import op

from db.triggers import install

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("begins", sa.String(), nullable=True))
    op.add_column("event", sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    op.add_column("event", sa.Column("reason", sa.String(), nullable=True))
    op.add_column(
        "event_guest", sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column(
        "event_guest", sa.Column("heads", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )

    install(op.get_bind())
