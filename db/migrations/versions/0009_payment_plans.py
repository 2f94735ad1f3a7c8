"""分期: agreements to pay what is past due by instalments."""

import sqlalchemy as sa
from alembic import op

import db.types
from db.triggers import install

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_plan",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_on", db.types.Day(), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_on", db.types.Day(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_payment_plan_document_id_document")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_payment_plan_house_id_house")),
        sa.ForeignKeyConstraint(["payer_id"], ["party.id"], name=op.f("fk_payment_plan_payer_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_plan_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_payment_plan_payer", "payment_plan", ["house_id", "payer_id"], unique=False)
    op.create_table(
        "plan_instalment",
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due", db.types.Day(), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_instalment_plan_id_payment_plan")),
        sa.PrimaryKeyConstraint("plan_id", "n", name=op.f("pk_plan_instalment")),
        sqlite_strict=True,
    )
    op.create_table(
        "plan_charge",
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("open", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_plan_charge_charge_id_charge")),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_charge_plan_id_payment_plan")),
        sa.PrimaryKeyConstraint("plan_id", "charge_id", name=op.f("pk_plan_charge")),
        sqlite_strict=True,
    )
    op.create_index("ix_plan_charge_charge", "plan_charge", ["charge_id"], unique=False)

    install(op.get_bind())
