"""What charging needs: costs to divide, discounts, disputes, invoices asked for, VAT, several methods on one receipt."""

import sqlalchemy as sa
from alembic import op

import db.types
from db.triggers import install

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_cost",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("scope_ref", sa.String(), nullable=False),
        sa.Column("period_from", db.types.Day(), nullable=False),
        sa.Column("period_to", db.types.Day(), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("invoice", sa.String(), nullable=False),
        sa.Column("quantity", db.types.Scaled(4), nullable=True),
        sa.Column("unit_price", db.types.Scaled(6), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["fee_item.id"], name=op.f("fk_shared_cost_item_id_fee_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_cost")),
        sqlite_strict=True,
    )
    op.create_index("ix_shared_cost_item", "shared_cost", ["item_id", "period_from"], unique=False)
    op.create_table(
        "discount",
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("factor", db.types.Scaled(6), nullable=False),
        sa.Column("valid_from", db.types.Day(), nullable=False),
        sa.Column("valid_to", db.types.Day(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_discount_house_id_house")),
        sa.ForeignKeyConstraint(["item_id"], ["fee_item.id"], name=op.f("fk_discount_item_id_fee_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount")),
        sqlite_strict=True,
    )
    op.create_index("ix_discount_house", "discount", ["house_id"], unique=False)
    op.create_table(
        "invoice_request",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("tax_number", sa.String(), nullable=False),
        sa.Column("net", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", db.types.Day(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("invoice", sa.String(), nullable=True),
        sa.Column("issued_on", db.types.Day(), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_invoice_request_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_request")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_request_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_invoice_request_payment", "invoice_request", ["payment_id"], unique=False)
    op.create_table(
        "dispute",
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", db.types.Day(), nullable=False),
        sa.Column("valid_to", db.types.Day(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_dispute_charge_id_charge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sqlite_strict=True,
    )
    op.create_index("ix_dispute_charge", "dispute", ["charge_id"], unique=False)
    op.add_column("charge_part", sa.Column("inputs", sa.String(), nullable=True))
    op.add_column("fee_rule", sa.Column("vat_rate", db.types.Scaled(8), nullable=True))
    op.add_column("payment", sa.Column("reference", sa.String(), nullable=True))
    op.add_column(
        "payment", sa.Column("with_payment", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    install(op.get_bind())
