"""房屋 as a list: houses, shops, parking, storage; their owner and what is owed where the seat may see it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.domain.masking import masking
from app.domain.period import Period
from app.security.permissions import Permission
from app.services import estates, list_export, list_search
from app.services.list_export import Exported
from app.services.listing import Choice, Column, Counts, Flag, Kind, Listing, Query, Sort, State
from app.services.price_words import KINDS
from app.services.use_case import use_case
from db.models.estate import Building, Estate, House
from db.models.people import Person
from db.queries import list_figures as figures
from db.work import Work

STATES = (
    State("owner", "已入住", "ok", "check"),
    State("let", "出租", "info", "people"),
    State("fitting_out", "装修中", "warn", "gear"),
    State("vacant", "空置", "neutral", "dot"),
    State("undelivered", "未交付", "neutral", "lock"),
    State("unsold", "未售", "neutral", "lock"),
    State("ended", "已拆并", "neutral", "lock"),
)
"""What a house's state is called."""

MONEY, PEOPLE = Permission.SEE_MONEY, Permission.SEE_RESIDENTS


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A house in the list; areas 1e-4 m², money in fen; None where there is nothing or the seat may not see it."""

    number: str
    area: int | None
    layout: str | None
    owner: str | None
    state: str
    paid_until: str | None
    owed: int | None
    prepaid: int | None
    phone: str | None
    kind: str
    net_area: int | None
    orientation: str | None
    floor: int | None
    delivered_on: date | None
    payer: str | None
    estate: str
    remark: str | None


def _paid_until(first_unpaid: date | None, last_billed: date | None, opened_until: date | None) -> str | None:
    """物业费至: the month up to which all charges by area are settled."""
    settled = [day for day in (last_billed, opened_until) if day is not None]
    last = first_unpaid - timedelta(days=1) if first_unpaid is not None else max(settled, default=None)
    return None if last is None else str(Period.of(last))


ESTATE = select(Estate.name).where(Estate.id == House.estate_id).correlate(House).scalar_subquery()

HOUSES = Listing(
    name="houses",
    title="房屋",
    unit="户",
    row=HouseRow,
    key=House.id,
    source=House.__table__,
    columns=(
        Column("number", "房号", House.number, Kind.NUMBER, 11, order=House.sort_key,
               find=list_search.any_house),
        Column("area", "面积（m²）", House.gross_area, Kind.AREA, 10, total=True),
        Column("layout", "户型", House.layout, width=10, find=True),
        Column("owner", "业主", figures.OWNER_NAME, width=10, needs=PEOPLE,
               find=lambda word: House.id.in_(figures.houses_of_people(list_search.contains(Person.name, word)))),
        Column("state", "入住状态", House.state, Kind.STATE, 10, states=STATES),
        Column("paid_until", "物业费至", figures.FIRST_UNPAID, Kind.PERIOD, 9, needs=MONEY, read=_paid_until,
               more=(figures.LAST_BILLED, figures.OPENED_UNTIL),
               order=func.coalesce(figures.FIRST_UNPAID, figures.LAST_BILLED, figures.OPENED_UNTIL)),
        Column("owed", "欠费（元）", figures.HOUSE_OWED, Kind.MONEY, 11, needs=MONEY, total=True, alarming=True),
        Column("prepaid", "预存（元）", figures.HOUSE_PREPAID, Kind.MONEY, 11, needs=MONEY, total=True),
        Column("phone", "业主电话", figures.OWNER_PHONE, Kind.MASKED, 12, needs=PEOPLE, read=masking("phone"),
               shown=False,
               find=lambda word: House.id.in_(
                   figures.houses_of_people(list_search.whole_or_tail(Person.phone, word)))),
        Column("kind", "类别", House.kind, width=7, read=lambda kind: KINDS.get(kind, kind), shown=False),
        Column("net_area", "套内面积（m²）", House.net_area, Kind.AREA, 12, shown=False),
        Column("orientation", "朝向", House.orientation, width=7, shown=False),
        Column("floor", "楼层", House.floor, Kind.COUNT, 6, shown=False),
        Column("delivered_on", "交付日", House.delivered_on, Kind.DATE, 10, shown=False),
        Column("payer", "付款人", figures.BILLED_PAYER, width=12, needs=MONEY, shown=False),
        Column("estate", "小区", ESTATE, width=12, shown=False),
        Column("remark", "备注", House.remark, width=18, find=True, shown=False),
    ),
    default=(Sort("number"),),
    reads=frozenset({"house", "resident", "ledger"}),
    filters=(
        Choice("state", "入住状态", options=tuple(
            (state.code, state.word, House.state == state.code) for state in STATES)),
        Flag("owing", "有欠费", figures.HOUSE_OWED > 0, needs=MONEY),
        Choice("estate", "小区", ESTATE, chip=False),
        Choice("building", "楼栋", House.building, chip=False),
        Choice("entrance", "单元", House.building + "-" + House.entrance, chip=False),
        Choice("kind", "类别", options=tuple(
            (kind, title, House.kind == kind) for kind, title in KINDS.items()), chip=False),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_HOUSES)
def keys(work: Work, query: Query) -> array[int]:
    """The houses that match, in order."""
    return HOUSES.keys(work, query)


@use_case(Permission.SEE_HOUSES)
def rows(work: Work, keys: Sequence[int]) -> dict[int, HouseRow]:
    """The houses of these keys."""
    return HOUSES.rows(work, keys)


@use_case(Permission.SEE_HOUSES)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all houses that match."""
    return HOUSES.totals(work, query)


@use_case(Permission.SEE_HOUSES)
def counts(work: Work, query: Query) -> Counts:
    """How many houses match, by filter."""
    return HOUSES.counts(work, query)


@use_case(Permission.SEE_HOUSES, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the houses that match to a workbook."""
    return list_export.write(work, HOUSES, query, target, columns)


@dataclass(frozen=True, slots=True)
class Branch:
    """A place in the estate: what to filter by, its title, how many houses, what it is divided into."""

    filter: tuple[str, str] | None
    title: str
    count: int
    parts: tuple[Branch, ...] = ()


@use_case(Permission.SEE_HOUSES)
def tree(work: Work) -> Branch:
    """小区 → 楼栋 → 单元, then shops, parking and storage, with how many there are."""
    found = work.execute(
        select(House.kind, House.building, House.entrance, func.min(House.sort_key), func.count())
        .group_by(House.kind, House.building, House.entrance)
        .order_by(func.min(House.sort_key))
    ).all()
    labels = dict(work.execute(select(Building.code, func.min(Building.label)).group_by(Building.code)).all())
    known = estates.names(work)
    where = dict(work.execute(select(Building.code, Building.estate_id)).all()) if len(known) > 1 else {}
    places: dict[str, list[Branch]] = {}
    sizes: dict[str, int] = {}
    for kind, building, entrance, _, count in found:
        if kind != "house" or building is None:
            continue
        sizes[building] = sizes.get(building, 0) + count
        part = places.setdefault(building, [])
        if entrance is not None:
            part.append(Branch(("entrance", f"{building}-{entrance}"), f"{entrance} 单元", count))
    branches = [
        Branch(
            ("building", code),
            _building(code, labels.get(code), known.get(where.get(code, 0), "")),
            size,
            tuple(places[code]),
        )
        for code, size in sizes.items()
    ]
    for kind, title in list(KINDS.items())[1:]:
        size = sum(row[4] for row in found if row[0] == kind)
        if size:
            branches.append(Branch(("kind", kind), title, size))
    return Branch(None, "全部", sum(row[4] for row in found), tuple(branches))


def _building(code: str, label: str | None, estate: str) -> str:
    """A building in words; with its estate where there are several."""
    said = label if label and label != code and code in label else f"{code} 栋"
    return f"{said}　{estate}" if estate else said
