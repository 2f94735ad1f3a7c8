"""What is kept of residents besides: events with their guests, settlements that are prepared."""

import sqlalchemy as sa
from alembic import op

import db.types
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

    op.create_table(
        "settle_prep",
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wanted", db.types.Json(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by_user", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_settle_prep_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settle_prep")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_settle_prep_house_id"), "settle_prep", ["house_id"], unique=False)

    install(op.get_bind())
