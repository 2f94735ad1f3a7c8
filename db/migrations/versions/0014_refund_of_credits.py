"""退款: money of a credit charge is given back too."""

import sqlalchemy as sa
from alembic import op

import db.types
from db.triggers import install

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CREDIT = sa.ForeignKeyConstraint(["credit_charge"], ["charge.id"], name=op.f("fk_refund_credit_charge_charge"))


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("refund", "payment_id", nullable=True)
        op.add_column("refund", sa.Column("credit_charge", _BIG, nullable=True))
        op.create_foreign_key(op.f("fk_refund_credit_charge_charge"), "refund", "charge", ["credit_charge"], ["id"])
    else:
        _write_anew()
    op.create_index("ix_refund_credit", "refund", ["credit_charge"])
    install(op.get_bind())


def _write_anew() -> None:
    """SQLite cannot lift a NOT NULL: the rows go over as they are, with ids and numbers."""
    op.rename_table("refund", "refund_before")
    op.drop_index("ix_refund_payment")
    op.create_table(
        "refund",
        sa.Column("payment_id", _BIG, nullable=True),
        sa.Column("amount", _BIG, nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("user_id", _BIG, nullable=False),
        sa.Column("credit_charge", _BIG, nullable=True),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("on", db.types.Day(), nullable=False),
        sa.Column("entered_at", sa.String(), nullable=False),
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        _CREDIT,
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sqlite_strict=True,
    )
    columns = 'payment_id, amount, method, user_id, seq, "on", entered_at, id'
    op.execute(f"INSERT INTO refund ({columns}) SELECT {columns} FROM refund_before")
    op.drop_table("refund_before")
    op.create_index("ix_refund_payment", "refund", ["payment_id"])
