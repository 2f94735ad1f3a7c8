"""The register: more about houses and people, states and numbers by date, permits, leases, groups, events, files."""

import sqlalchemy as sa
from alembic import op

import db.types
from db.triggers import install

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("file", name=op.f("uq_attachment_file")),
        sqlite_strict=True,
    )
    op.create_index("ix_attachment_owner", "attachment", ["owner_kind", "owner_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("on", db.types.Day(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("number", name=op.f("uq_event_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "segment",
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", db.types.Json(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("list", "name", name=op.f("uq_segment_list_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "event_guest",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_guest_event_id_event")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_guest_person_id_person")),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_event_guest")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_event_guest_person_id"), "event_guest", ["person_id"], unique=False)

    op.create_table(
        "person_tag",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_tag_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "tag", name=op.f("pk_person_tag")),
        sqlite_strict=True,
    )
    op.create_table(
        "former_number",
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_key", sa.String(), nullable=False),
        sa.Column("until", db.types.Day(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_former_number_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_former_number_house_id"), "former_number", ["house_id"], unique=False)
    op.create_index(op.f("ix_former_number_number_key"), "former_number", ["number_key"], unique=False)

    op.create_table(
        "house_link",
        sa.Column("old_house", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("new_house", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on", db.types.Day(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["new_house"], ["house.id"], name=op.f("fk_house_link_new_house_house")),
        sa.ForeignKeyConstraint(["old_house"], ["house.id"], name=op.f("fk_house_link_old_house_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_link")),
        sa.UniqueConstraint("old_house", "new_house", name=op.f("uq_house_link_old_house_new_house")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_house_link_new_house"), "house_link", ["new_house"], unique=False)

    op.create_table(
        "house_state",
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("valid_from", db.types.Day(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_house_state_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_state")),
        sqlite_strict=True,
    )
    op.create_index("ix_house_state_house", "house_state", ["house_id", "valid_from"], unique=False)

    op.create_table(
        "lease",
        sa.Column("space_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", db.types.Day(), nullable=False),
        sa.Column("valid_to", db.types.Day(), nullable=True),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["fee_item.id"], name=op.f("fk_lease_item_id_fee_item")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lease_person_id_person")),
        sa.ForeignKeyConstraint(["space_id"], ["house.id"], name=op.f("fk_lease_space_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_lease_person_id"), "lease", ["person_id"], unique=False)
    op.create_index("ix_lease_space", "lease", ["space_id"], unique=False)

    op.create_table(
        "permit",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("house_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", db.types.Day(), nullable=False),
        sa.Column("valid_to", db.types.Day(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("deposit_receipt", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_permit_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
        sa.UniqueConstraint("number", name=op.f("uq_permit_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_permit_house_id"), "permit", ["house_id"], unique=False)

    op.add_column("house", sa.Column("year_built", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    op.add_column("house", sa.Column("structure", sa.String(), nullable=True))
    op.add_column("house", sa.Column("use", sa.String(), nullable=True))
    op.add_column("house", sa.Column("ended_on", db.types.Day(), nullable=True))

    op.add_column("person", sa.Column("birth_on", db.types.Day(), nullable=True))
    op.add_column("person", sa.Column("email", sa.String(), nullable=True))
    op.add_column("person", sa.Column("contact_by", sa.String(), nullable=True))
    op.add_column("person", sa.Column("consent_on", db.types.Day(), nullable=True))
    op.add_column("person", sa.Column("consent_note", sa.String(), nullable=True))
    op.add_column("person", sa.Column("anonymised_on", db.types.Day(), nullable=True))

    install(op.get_bind())
