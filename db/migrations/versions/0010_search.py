"""What the search looks up: initials of names, beginnings of plates, last digits of phones."""

from datetime import date

import sqlalchemy as sa
from alembic import op

import db.types
from app.domain.idcard import IdKind, check
from app.domain.initials import spellings
from db.triggers import install

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_initials",
        sa.Column("letters", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_initials_person_id_person")),
        sa.PrimaryKeyConstraint("letters", "person_id", name=op.f("pk_person_initials")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_person_initials_person_id"), "person_initials", ["person_id"], unique=False)
    op.create_index(op.f("ix_house_number"), "house", ["number"], unique=False)
    op.create_index(op.f("ix_house_number_key"), "house", ["number_key"], unique=False)
    op.create_index(op.f("ix_person_phone2"), "person", ["phone2"], unique=False)
    op.execute("CREATE INDEX ix_person_phone_tail ON person (substr(phone, length(phone) - 3))")
    op.execute("CREATE INDEX ix_person_phone2_tail ON person (substr(phone2, length(phone2) - 3))")
    op.execute("CREATE INDEX ix_vehicle_plate ON vehicle (plate)")
    op.execute("CREATE INDEX ix_vehicle_plate_bare ON vehicle (substr(plate, 2))")
    op.execute("CREATE INDEX ix_vehicle_plate_serial ON vehicle (substr(plate, 3))")
    _fill()
    _fill_births()
    install(op.get_bind())


def _fill() -> None:
    """The initials of the people that are there."""
    person = sa.table("person", sa.column("id"), sa.column("name"), sa.column("registered"))
    index = sa.table("person_initials", sa.column("letters"), sa.column("person_id"))
    connection = op.get_bind()
    people = connection.execute(sa.select(person.c.id, person.c.name).where(person.c.registered)).all()
    rows = [{"letters": letters, "person_id": key} for key, name in people for letters in spellings(name)]
    if rows:
        connection.execute(sa.insert(index), rows)


def _fill_births() -> None:
    """The birth dates that resident ID numbers say, where none was noted."""
    names = ("id", "id_kind", "id_number")
    person = sa.table("person", *map(sa.column, names), sa.column("birth_on", db.types.Day()))
    connection = op.get_bind()
    known = (
        person.c.id_number.is_not(None) & (person.c.id_kind == str(IdKind.RESIDENT_ID)) & person.c.birth_on.is_(None)
    )
    for key, _, number in connection.execute(sa.select(*(person.c[name] for name in names)).where(known)).all():
        born = check(IdKind.RESIDENT_ID, number, date.max).birth_date
        if born is not None:
            connection.execute(sa.update(person).where(person.c.id == key).values(birth_on=born))
