"""Several ways on one receipt found quickly, what a channel kept, and the meters that stand for no single house."""

import sqlalchemy as sa
from alembic import op

import db.types
from db.triggers import install

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "main_meter",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("building_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("multiplier", db.types.Scaled(4), nullable=False),
        sa.Column("digits", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_main_meter_building_id_building")),
        sa.ForeignKeyConstraint(["item_id"], ["fee_item.id"], name=op.f("fk_main_meter_item_id_fee_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_main_meter")),
        sa.UniqueConstraint("number", name=op.f("uq_main_meter_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_main_meter_item_id"), "main_meter", ["item_id"], unique=False)

    op.create_table(
        "main_reading",
        sa.Column("main_meter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", db.types.Day(), nullable=False),
        sa.Column("value", db.types.Scaled(4), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rollover", sa.Boolean(), nullable=False),
        sa.Column("usage", db.types.Scaled(4), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["main_meter_id"], ["main_meter.id"], name=op.f("fk_main_reading_main_meter_id_main_meter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_main_reading")),
        sa.UniqueConstraint("main_meter_id", "on", name=op.f("uq_main_reading_main_meter_id_on")),
        sqlite_strict=True,
    )
    op.create_table(
        "payout",
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", db.types.Day(), nullable=False),
        sa.Column("fee", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payout_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payout_payment_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_payment_reference",
        "payment",
        ["reference"],
        unique=False,
        sqlite_where=sa.text("reference IS NOT NULL"),
        postgresql_where=sa.text("reference IS NOT NULL"),
    )
    op.create_index(
        "ix_payment_with",
        "payment",
        ["with_payment"],
        unique=False,
        sqlite_where=sa.text("with_payment IS NOT NULL"),
        postgresql_where=sa.text("with_payment IS NOT NULL"),
    )

    install(op.get_bind())
