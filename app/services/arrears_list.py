"""欠费 as a list: which house owes what, since when, how old, and which paper it was sent last."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, null, select

from app.domain.ageing import BUCKET_TITLES, BUCKETS, bucket
from app.domain.dunning import STAGE_TITLES, STAGES, Stage
from app.security.permissions import Permission
from app.services import dun_todo, list_export, list_search
from app.services.dun_todo import LIMIT_STATES
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
    """A house that owes; `oldest` and `days` of its oldest charge that is past due, `stage` its last paper, `limit` how
    near the end of limitation is.
    """

    house: str
    payer: str | None
    owed: int
    oldest: date | None
    days: int | None
    age: str
    stage: str | None
    stage_on: date | None
    limit: str | None


def _payer(name: str | None, debtors: int) -> str | None:
    return f"{name} 等 {debtors} 人" if name and debtors > 1 else name


def _age(days: int | None) -> str:
    return BUCKET_TITLES[bucket(days or 0)]


WAITING = (("due", "今天应办"), ("call", "该打电话"), ("held", "暂缓"), ("limit", "时效将到"))
"""What waits at a house, as a filter."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What rules find and SQL cannot: the houses of each value of the filter, and of each nearness of the end."""

    todo: Mapping[str, Collection[int]] = field(default_factory=dict)
    limits: Mapping[str, Collection[int]] = field(default_factory=dict)


def _one_of(houses: Collection[int]) -> Any:
    """That a house is one of these; they stand in the statement itself, which may hold more of them than parameters."""
    return House.id.in_(
        bindparam("houses", sorted(houses), type_=Integer, expanding=True, unique=True, literal_execute=True)
    )


def _limit(found: _Found) -> Any:
    rules = [(_one_of(houses), code) for code, houses in found.limits.items()]
    return case(*rules, else_=None) if rules else null()


def _listing(found: _Found) -> Listing[ArrearsRow]:
    return Listing(
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
            Column("age", "账龄", _DAYS, width=10, read=_age, shown=False),
            Column("stage", "最近文书", figures.LAST_STAGE, Kind.STATE, 14, states=STAGE_STATES),
            Column("stage_on", "文书日期", figures.LAST_STAGE_ON, Kind.DATE, 11),
            Column("limit", "时效", _limit(found), Kind.STATE, 13, states=LIMIT_STATES),
        ),
        default=(Sort("owed", True), Sort("house")),
        reads=frozenset({"ledger", "dunning", "house", "resident"}),
        filters=(
            Choice("todo", "要办", options=tuple(
                (value, title, _one_of(found.todo.get(value, ()))) for value, title in WAITING)),
            Choice("age", "账龄", options=tuple(
                (name, BUCKET_TITLES[name], figures.open_between(*SPANS[name])) for name in BUCKETS), chip=False),
            Choice("stage", "最近文书", options=(
                ("none", "未发文书", figures.LAST_STAGE.is_(None)),
                *((str(stage), f"已发{STAGE_TITLES[stage]}", figures.LAST_STAGE.in_([str(stage)]))
                  for stage in STAGES))),
        ),
        personal=True,
    )  # fmt: skip


ARREARS = _listing(_Found())


def _reckoned(work: Work, *, todo: bool) -> Listing[ArrearsRow]:
    """The list with what the rules find today; `todo`: the filter's houses too."""
    rows = dun_todo.rows_of(work)
    near: dict[str, set[int]] = {}
    for (home, _), code in dun_todo.limits(work).items():
        near.setdefault(code, set()).update(dun_todo.first_rows((home,), rows))
    limits = {state.code: near[state.code] for state in LIMIT_STATES if state.code in near}
    if not todo:
        return _listing(_Found(limits=limits))
    waiting = dun_todo.todo(work)
    houses: dict[str, Collection[int]] = {
        "due": dun_todo.first_rows(waiting.due, rows),
        "call": dun_todo.first_rows(waiting.call, rows),
        "held": dun_todo.first_rows(waiting.held, rows),
        "limit": frozenset().union(*limits.values()),
    }
    return _listing(_Found(houses, limits))


def matching(work: Work, query: Query) -> array[int]:
    """The houses that owe and match, in order; for bodies of use cases."""
    return _reckoned(work, todo=bool(query.values("todo"))).keys(work, query)


@use_case(Permission.SEE_MONEY)
def keys(work: Work, query: Query) -> array[int]:
    """The houses that owe and match, in order."""
    return matching(work, query)


@use_case(Permission.SEE_MONEY)
def rows(work: Work, keys: Sequence[int]) -> dict[int, ArrearsRow]:
    """The houses of these keys."""
    return _reckoned(work, todo=False).rows(work, keys)


@use_case(Permission.SEE_MONEY)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all houses that match."""
    return _reckoned(work, todo=bool(query.values("todo"))).totals(work, query)


@use_case(Permission.SEE_MONEY)
def counts(work: Work, query: Query) -> Counts:
    """How many houses match, by filter."""
    return _reckoned(work, todo=True).counts(work, query)


@use_case(Permission.SEE_MONEY, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the houses that owe and match to a workbook."""
    return list_export.write(work, _reckoned(work, todo=bool(query.values("todo"))), query, target, columns)


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
