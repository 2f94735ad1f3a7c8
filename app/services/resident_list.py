"""住户 as a list: who belongs to which house today, how old, how reached; numbers masked."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.domain.masking import masking
from app.security.permissions import Permission
from app.services import list_export, list_search
from app.services.list_export import Exported
from app.services.listing import Choice, Column, Counts, Flag, Kind, Least, Listing, Query, Sort
from app.services.person_form import NEEDS, RELATIONS
from app.services.use_case import use_case
from db.days import full_years, month_of, years_before
from db.models.estate import House, Vehicle
from db.models.people import Person, PersonTag, Resident
from db.queries import list_figures as figures
from db.work import Work

OLD_YEARS, CHILD_YEARS = 60, 6
FEN = 100


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """Somebody at a house; numbers masked."""

    name: str
    relation: str
    house: str
    age: int | None
    phone: str | None
    id_number: str | None
    tags: str | None
    since: date | None
    until: date | None
    contact_by: str | None
    birth_on: date | None


def _words(tags: str | None) -> str | None:
    return "、".join(NEEDS.get(tag, tag) for tag in tags.split(",")) if tags else None


_TAGS = (
    select(func.aggregate_strings(PersonTag.tag, ","))
    .where(PersonTag.person_id == Person.id)
    .correlate(Person)
    .scalar_subquery()
)
_HERE = or_(Resident.valid_to.is_(None), Resident.valid_to >= figures.TODAY)
_CAR = (
    select(Vehicle.id)
    .where(Vehicle.house_id == Resident.house_id, or_(Vehicle.valid_to.is_(None), Vehicle.valid_to >= figures.TODAY))
    .correlate(Resident)
    .exists()
)
_NEEDING = (
    select(PersonTag.tag)
    .where(PersonTag.person_id == Person.id, PersonTag.tag.in_(tuple(NEEDS)))
    .correlate(Person)
    .exists()
)


def _needing(need: str) -> Any:
    here = select(PersonTag.tag).where(PersonTag.person_id == Person.id, PersonTag.tag == need)
    return and_(here.correlate(Person).exists(), _HERE)


def _born_before(years: int) -> Any:
    return Person.birth_on <= years_before(figures.TODAY, years)


RESIDENTS = Listing(
    name="residents",
    title="住户",
    unit="人",
    row=ResidentRow,
    key=Resident.id,
    source=Resident.__table__.join(Person, Person.id == Resident.person_id).join(House, House.id == Resident.house_id),
    where=Person.anonymised_on.is_(None),
    columns=(
        Column("name", "姓名", Person.name, width=10, find=True),
        Column("relation", "身份", Resident.relation, width=9, read=lambda code: RELATIONS.get(code, code)),
        Column("house", "房号", House.number, Kind.NUMBER, 11, order=House.sort_key,
               find=lambda word: list_search.house(House.number, House.number_key, word)),
        Column("age", "年龄", full_years(figures.TODAY, Person.birth_on), Kind.COUNT, 5),
        Column("phone", "手机", Person.phone, Kind.MASKED, 12, read=masking("phone"),
               find=lambda word: or_(list_search.whole_or_tail(Person.phone, word),
                                     list_search.whole_or_tail(Person.phone2, word))),
        Column("id_number", "证件号", Person.id_number, Kind.MASKED, 18, read=masking("id_number"),
               find=lambda word: list_search.whole_or_tail(Person.id_number, word)),
        Column("tags", "标签", _TAGS, width=16, read=_words),
        Column("since", "入住", Resident.valid_from, Kind.DATE, 10, shown=False),
        Column("until", "迁出", Resident.valid_to, Kind.DATE, 10, shown=False),
        Column("contact_by", "联系方式", Person.contact_by, width=9, shown=False),
        Column("birth_on", "出生", Person.birth_on, Kind.DATE, 10, shown=False),
    ),
    default=(Sort("house"), Sort("name")),
    reads=frozenset({"resident", "house"}),
    filters=(
        Choice("here", "在住", options=(("1", "在住", _HERE), ("0", "已迁出", ~_HERE))),
        Choice("relation", "身份", options=tuple(
            (code, title, and_(Resident.relation == code, _HERE)) for code, title in RELATIONS.items()), chip=False),
        Flag("tenant", "租户", and_(Resident.relation == "tenant", _HERE)),
        Flag("old", "60 岁以上", and_(_born_before(OLD_YEARS), _HERE)),
        Flag("car", "有车", and_(_CAR, _HERE)),
        Flag("needing", "需要照应", and_(_NEEDING, _HERE)),
        Flag("child", "6 岁以下", and_(Person.birth_on > years_before(figures.TODAY, CHILD_YEARS), _HERE), chip=False),
        Flag("birthday", "本月生日", and_(month_of(Person.birth_on) == month_of(figures.TODAY), _HERE), chip=False),
        Flag("lacking", "待补资料", and_(Person.registered, Person.phone.is_(None), _HERE)),
        Choice("building", "楼栋", House.building, chip=False),
        Choice("need", "要照应", options=tuple(
            (code, word, _needing(code)) for code, word in NEEDS.items()), chip=False, counted=False),
        Least("age", "年龄满", "岁", lambda years: and_(_born_before(years), _HERE)),
        Least("owing", "房屋欠费超过", "元", lambda yuan: House.id.in_(figures.houses_owing(yuan * FEN)),
              needs=Permission.SEE_MONEY),
        Least("late", "房屋逾期超过", "天", lambda days: House.id.in_(figures.houses_late(days)),
              needs=Permission.SEE_MONEY),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_RESIDENTS)
def keys(work: Work, query: Query) -> array[int]:
    """The residents that match, in order."""
    return RESIDENTS.keys(work, query)


@use_case(Permission.SEE_RESIDENTS)
def rows(work: Work, keys: Sequence[int]) -> dict[int, ResidentRow]:
    """The residents of these keys."""
    return RESIDENTS.rows(work, keys)


@use_case(Permission.SEE_RESIDENTS)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all residents that match."""
    return RESIDENTS.totals(work, query)


@use_case(Permission.SEE_RESIDENTS)
def counts(work: Work, query: Query) -> Counts:
    """How many residents match, by filter."""
    return RESIDENTS.counts(work, query)


@use_case(Permission.SEE_RESIDENTS, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the residents that match to a workbook, numbers masked."""
    return list_export.write(work, RESIDENTS, query, target, columns)
