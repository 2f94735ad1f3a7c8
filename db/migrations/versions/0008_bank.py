"""The lines of bank statements, and how each bank's columns are read."""

import sqlalchemy as sa
from alembic import op

import db.types
from db.triggers import install

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_mapping",
        sa.Column("titles", sa.String(), nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_mapping")),
        sa.UniqueConstraint("titles", name=op.f("uq_bank_mapping_titles")),
        sqlite_strict=True,
    )
    op.create_table(
        "bank_line",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("day", db.types.Day(), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_bank_line_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("identity", name=op.f("uq_bank_line_identity")),
        sa.UniqueConstraint("number", name=op.f("uq_bank_line_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_bank_line_payment", "bank_line", ["payment_id"], unique=False)
    op.create_index("ix_bank_line_state", "bank_line", ["state"], unique=False)

    install(op.get_bind())
