"""车位 as a list: who has each space, until when, whose cars stand there, what it is charged."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import aliased

from app.domain.masking import masking
from app.domain.plate import parse
from app.security.permissions import Permission
from app.services import list_export, list_search
from app.services.list_export import Exported
from app.services.listing import Choice, Column, Counts, Flag, Kind, Listing, Query, Sort, State
from app.services.use_case import use_case
from db.days import days_between
from db.models.estate import House, Vehicle
from db.models.people import Person
from db.queries import space_figures as figures
from db.queries.list_figures import TODAY
from db.work import Work

STATES = (
    State("owned", "自有", "ok", "check"),
    State("leased", "出租", "info", "people"),
    State("public", "公共", "info", "people"),
    State("free", "空闲", "neutral", "dot"),
)
"""How a space is held."""

ENDING_DAYS = 30
"""A lease that ends within so many days is named. [R]"""

_With = aliased(House, name="billed_with")
_NUMBER_WITH = select(_With.number).where(_With.id == House.bill_with).correlate(House).scalar_subquery()
_LEFT = days_between(figures.UNTIL, TODAY)


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A parking space in the list; area 1e-4 m², rent fen a month; the phone masked."""

    number: str
    state: str
    holder: str | None
    phone: str | None
    plates: str | None
    until: date | None
    fee: str | None
    billed_with: str | None
    place: str | None
    area: int | None
    rent: int | None
    remark: str | None


def _holder(name: str | None, holders: int) -> str | None:
    return f"{name} 等 {holders} 人" if name and holders > 1 else name


def _plate(word: str) -> ColumnElement[bool]:
    plain = parse(word).normalized
    return House.id.in_(select(Vehicle.house_id).where(list_search.contains(Vehicle.plate, plain or word)))


SPACES = Listing(
    name="parking",
    title="车位",
    unit="个",
    row=SpaceRow,
    key=House.id,
    source=House.__table__,
    where=House.kind == literal("parking"),
    columns=(
        Column("number", "车位", House.number, Kind.NUMBER, 11, order=House.sort_key,
               find=lambda word: list_search.house(House.number, House.number_key, word)),
        Column("state", "状态", figures.STATE, Kind.STATE, 9, states=STATES),
        Column("holder", "使用人", figures.HOLDER, width=13, more=(figures.HOLDERS,), read=_holder,
               find=lambda word: House.id.in_(
                   figures.spaces_of_people(list_search.contains(Person.name, word)))),
        Column("phone", "电话", figures.HOLDER_PHONE, Kind.MASKED, 12, read=masking("phone"),
               find=lambda word: House.id.in_(
                   figures.spaces_of_people(list_search.whole_or_tail(Person.phone, word)))),
        Column("plates", "车牌", figures.PLATES, width=18, find=_plate),
        Column("until", "到期", figures.UNTIL, Kind.DATE, 11),
        Column("fee", "收费项目", figures.FEE, width=14),
        Column("billed_with", "合并交费", _NUMBER_WITH, width=11),
        Column("place", "位置", House.layout, width=12, find=True, shown=False),
        Column("area", "面积（m²）", House.gross_area, Kind.AREA, 10, shown=False),
        Column("rent", "月租（元）", House.rent, Kind.MONEY, 10, needs=Permission.SEE_MONEY, shown=False),
        Column("remark", "备注", House.remark, width=18, find=True, shown=False),
    ),
    default=(Sort("number"),),
    reads=frozenset({"house", "resident", "house_item"}),
    filters=(
        Choice("state", "状态", options=tuple(
            (state.code, state.word, state.code == figures.STATE) for state in STATES)),
        Flag("ending", f"{ENDING_DAYS} 天内到期", _LEFT <= ENDING_DAYS),
        Choice("place", "位置", House.layout, chip=False),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_RESIDENTS)
def keys(work: Work, query: Query) -> array[int]:
    """The spaces that match, in order."""
    return SPACES.keys(work, query)


@use_case(Permission.SEE_RESIDENTS)
def rows(work: Work, keys: Sequence[int]) -> dict[int, SpaceRow]:
    """The spaces of these keys."""
    return SPACES.rows(work, keys)


@use_case(Permission.SEE_RESIDENTS)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all spaces that match."""
    return SPACES.totals(work, query)


@use_case(Permission.SEE_RESIDENTS)
def counts(work: Work, query: Query) -> Counts:
    """How many spaces match, by filter."""
    return SPACES.counts(work, query)


@use_case(Permission.SEE_RESIDENTS, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the spaces that match to a workbook."""
    return list_export.write(work, SPACES, query, target, columns)
