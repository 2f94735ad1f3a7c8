"""欠费 as a list: which house owes what, since when, how old, and which paper it was sent last."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import case, func, select

from app.domain.ageing import BUCKET_TITLES, BUCKETS, bucket
from app.domain.dunning import STAGE_TITLES, STAGES, Stage
from app.security.permissions import Permission
from app.services import list_export, list_search
from app.services.list_export import Exported
from app.services.listing import Choice, Column, Counts, Kind, Listing, Query, Sort, State
from app.services.use_case import use_case
from db.days import days_between
from db.models.estate import House
from db.models.people import Party, Person
from db.models.projection import OpenCharge
from db.queries import list_figures as figures
from db.work import Work

SPANS: Mapping[str, tuple[int, int | None]] = {
    "not_due": (-(10**6), 0), "d1_30": (1, 30), "d31_90": (31, 90), "d91_180": (91, 180), "d181_365": (181, 365),
    "y1_2": (366, 730), "y2_3": (731, 1095), "y3_plus": (1096, None),
}  # fmt: skip
"""Days past due of each bucket (HANDBOOK §9.4), as conditions of the list."""

STAGE_STATES = (
    State("legal", STAGE_TITLES[Stage.LEGAL], "danger", "shield"),
    State("letter", STAGE_TITLES[Stage.LETTER], "danger", "triangle"),
    State("notice", STAGE_TITLES[Stage.NOTICE], "warn", "notice"),
    State("reminder", STAGE_TITLES[Stage.REMINDER], "info", "info"),
)
"""The papers, the gravest first."""

_DAYS = days_between(figures.TODAY, figures.OLDEST_DUE)


@dataclass(frozen=True, slots=True)
class ArrearsRow:
    """A house that owes; `oldest` and `days` of its oldest charge that is past due, `stage` its last paper."""

    house: str
    payer: str | None
    owed: int
    oldest: date | None
    days: int | None
    age: str
    stage: str | None
    stage_on: date | None


def _payer(name: str | None, debtors: int) -> str | None:
    return f"{name} 等 {debtors} 人" if name and debtors > 1 else name


def _age(days: int | None) -> str:
    return BUCKET_TITLES[bucket(days or 0)]


ARREARS = Listing(
    name="arrears",
    title="欠费",
    unit="户",
    row=ArrearsRow,
    key=House.id,
    source=House.__table__,
    where=House.id.in_(select(OpenCharge.house_id)),
    columns=(
        Column("house", "房号", House.number, Kind.NUMBER, 11, order=House.sort_key,
               find=lambda word: list_search.house(House.number, House.number_key, word)),
        Column("payer", "付款人", figures.DEBTOR, width=14, more=(figures.DEBTORS,), read=_payer,
               find=lambda word: House.id.in_(
                   select(OpenCharge.house_id)
                   .join(Party, Party.id == OpenCharge.payer_id)
                   .join(Person, Person.id == Party.person_id)
                   .where(list_search.contains(Person.name, word)))),
        Column("owed", "欠费（元）", figures.HOUSE_OWED, Kind.MONEY, 12, total=True),
        Column("oldest", "最早到期", figures.OLDEST_DUE, Kind.DATE, 11),
        Column("days", "逾期天数", _DAYS, Kind.COUNT, 9),
        Column("age", "账龄", _DAYS, width=10, read=_age),
        Column("stage", "最近文书", figures.LAST_STAGE, Kind.STATE, 14, states=STAGE_STATES),
        Column("stage_on", "文书日期", figures.LAST_STAGE_ON, Kind.DATE, 11),
    ),
    default=(Sort("owed", True), Sort("house")),
    reads=frozenset({"ledger", "dunning", "house", "resident"}),
    filters=(
        Choice("age", "账龄", options=tuple(
            (name, BUCKET_TITLES[name], figures.open_between(*SPANS[name])) for name in BUCKETS), chip=False),
        Choice("stage", "最近文书", options=(
            ("none", "未发文书", figures.LAST_STAGE.is_(None)),
            *((str(stage), STAGE_TITLES[stage], figures.LAST_STAGE.in_([str(stage)])) for stage in STAGES))),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_MONEY)
def keys(work: Work, query: Query) -> array[int]:
    """The houses that owe and match, in order."""
    return ARREARS.keys(work, query)


@use_case(Permission.SEE_MONEY)
def rows(work: Work, keys: Sequence[int]) -> dict[int, ArrearsRow]:
    """The houses of these keys."""
    return ARREARS.rows(work, keys)


@use_case(Permission.SEE_MONEY)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all houses that match."""
    return ARREARS.totals(work, query)


@use_case(Permission.SEE_MONEY)
def counts(work: Work, query: Query) -> Counts:
    """How many houses match, by filter."""
    return ARREARS.counts(work, query)


@use_case(Permission.SEE_MONEY, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the houses that owe and match to a workbook."""
    return list_export.write(work, ARREARS, query, target, columns)


@use_case(Permission.SEE_MONEY)
def ages(work: Work) -> dict[str, int]:
    """What is owed today in fen, by bucket; their sum is all that is owed."""
    days = days_between(figures.TODAY, OpenCharge.due_date)
    name = case(
        *((days <= most, name) for name, (_, most) in SPANS.items() if most is not None), else_=BUCKETS[-1]
    ).label("bucket")
    inner = select(name, OpenCharge.open).subquery()
    summed = select(inner.c.bucket, func.sum(inner.c.open)).group_by(inner.c.bucket)
    found = {row[0]: int(row[1]) for row in work.execute(summed, {"today": work.today})}
    return {bucket_name: found.get(bucket_name, 0) for bucket_name in BUCKETS}
