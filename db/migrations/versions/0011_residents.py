"""What is kept of residents besides: events with their guests, settlements that are prepared,
owners' shares, tenants' contracts, pets.
"""

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

    op.add_column("resident", sa.Column("share", sa.String(), nullable=True))
    op.create_table(
        "tenancy",
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("valid_from", db.types.Day(), nullable=False),
        sa.Column("valid_to", db.types.Day(), nullable=True),
        sa.Column("rent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_tenancy_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tenancy_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_tenancy_house_id"), "tenancy", ["house_id"], unique=False)
    op.create_index(op.f("ix_tenancy_person_id"), "tenancy", ["person_id"], unique=False)
    op.create_table(
        "pet",
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("vaccinated_to", db.types.Day(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_pet_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pet_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pet")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pet_house_id"), "pet", ["house_id"], unique=False)
    op.create_index(op.f("ix_pet_person_id"), "pet", ["person_id"], unique=False)

    install(op.get_bind())
