"""工作台: the figures that a desk begins its day with, each only for those who may see what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.collection_rate import CollectionRate
from app.domain.money import Fen
from app.domain.natural import natural_key
from app.domain.period import Period
from app.security.permissions import Permission
from app.services import maintenance_tasks
from app.services.equipment_list import EQUIPMENT
from app.services.list_face import Query
from app.services.price_words import KINDS
from app.services.use_case import use_case
from db.queries import collection as read
from db.work import Work

MONTHS, DAYS, OLD_DAYS = 12, 7, 365
"""How many months and days the plots look back, and days past due after which a debt is called old."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in on a day in fen, cash included; what was taken back counts against it."""

    on: date
    fen: int
    receipts: int
    cash_fen: int


@dataclass(frozen=True, slots=True)
class Rated:
    """A month's own charges (net) and what was allocated to them by its end or today, in fen; `rate` in percent.

    `before` is the rate that the month before had on the same day of the month.
    """

    month: str
    due_fen: int
    collected_fen: int
    rate: str | None
    running: bool
    before: str | None = None


@dataclass(frozen=True, slots=True)
class BuildingRate:
    """What a building's houses owe for a month (net, fen), what came in on it, the rate in percent.

    `code` names the building; where it is empty, `label` is the kind of what stands in none, and `kind` its code.
    """

    code: str
    label: str
    kind: str
    due_fen: int
    collected_fen: int
    rate: str | None


@dataclass(frozen=True, slots=True)
class Buildings:
    """The rates of the buildings in a month (`2026-07`)."""

    month: str
    rates: tuple[BuildingRate, ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is past due in fen, at how many houses, and how much of it for more than a year."""

    fen: int
    houses: int
    old_fen: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How much equipment is late, due, soon due or to be inspected, and the next task there is."""

    overdue: int
    due: int
    soon: int
    inspection: int
    next_on: date | None
    next_task: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a seat begins with. A part it may not see is None or empty; of `days` the last is today."""

    days: tuple[Taken, ...] = ()
    months: tuple[Rated, ...] = ()
    buildings: Buildings | None = None
    overdue: Overdue | None = None
    upkeep: Upkeep | None = None


@use_case(Permission.SEE_ALERTS)
def figures(work: Work) -> Figures:
    """The figures of this seat: money for who sees money, rates for who bills or reads everything, tasks of equipment
    for who sees equipment.
    """
    may = work.permissions
    money = Permission.SEE_MONEY in may
    all_read = Permission.SEE_AUDIT in may
    return Figures(
        _days(work) if money and (all_read or Permission.TAKE_PAYMENT in may) else (),
        _months(work) if money and (all_read or Permission.RUN_BILLS in may) else (),
        _buildings(work) if money and (all_read or Permission.RUN_BILLS in may) else None,
        _overdue(work) if money else None,
        _upkeep(work) if Permission.SEE_EQUIPMENT in may else None,
    )


def _days(work: Work) -> tuple[Taken, ...]:
    days = [work.today - timedelta(days=back) for back in reversed(range(DAYS))]
    found = read.received(work.connection, days[0], days[-1])
    return tuple(Taken(day, *found.get(day, read.Day(0, 0, 0))) for day in days)


def _months(work: Work) -> tuple[Rated, ...]:
    began = read.first_month(work.connection)
    if began is None:
        return ()
    now = Period.of(work.today)
    first = max(now.plus(1 - MONTHS), Period.parse(began))
    if first > now:
        return ()
    charged = _by_month(read.charged(work.connection, first.first, now.last))
    paid = read.allocated(work.connection, first.first, now.last)
    found = []
    while first <= now:
        found.append(_rated(first, work.today, charged, paid))
        first = first.plus(1)
    return tuple(found)


def _buildings(work: Work) -> Buildings | None:
    """Each building's rate of this month, or of the month before while this one is not billed, in the order of their
    numbers; what stands in none comes last.
    """
    now = Period.of(work.today)
    for month in (now, now.plus(-1)):
        sums = read.by_building(work.connection, month.first, month.last, work.today)
        if sums:
            rates = (_of_building(*place, *fen) for place, fen in sums.items())
            in_order = sorted(rates, key=lambda each: (not each.code, natural_key(each.code or each.label)))
            return Buildings(str(month), tuple(in_order))
    return None


def _of_building(code: str | None, label: str | None, kind: str, due: int, collected: int) -> BuildingRate:
    rate = CollectionRate(Fen(due), Fen(collected), Fen(0), Fen(0)).current
    word = (label or code) if code else None
    return BuildingRate(code or "", word or KINDS.get(kind, kind), kind, due, collected, rate)


def _by_month(sums: Mapping[date, int]) -> dict[Period, int]:
    found: dict[Period, int] = {}
    for day, fen in sums.items():
        found[Period.of(day)] = found.get(Period.of(day), 0) + fen
    return found


def _rated(month: Period, today: date, charged: Mapping[Period, int], paid: Iterable[tuple[date, date, int]]) -> Rated:
    until, running = min(month.last, today), month == Period.of(today)
    rate = _rate(month, until, charged, paid)
    before = None
    if running and month.plus(-1) in charged:
        earlier = month.plus(-1)
        same_day = min(earlier.last, earlier.first + timedelta(days=today.day - 1))
        before = _rate(earlier, same_day, charged, paid).current
    return Rated(str(month), rate.current_due, rate.current_collected, rate.current, running, before)


def _rate(
    month: Period, until: date, charged: Mapping[Period, int], paid: Iterable[tuple[date, date, int]]
) -> CollectionRate:
    collected = sum(fen for served, day, fen in paid if day <= until and month.first <= served <= month.last)
    return CollectionRate(Fen(charged.get(month, 0)), Fen(collected), Fen(0), Fen(0))


def _overdue(work: Work) -> Overdue:
    return Overdue(*read.overdue(work.connection, work.today, work.today - timedelta(days=OLD_DAYS)))


def _upkeep(work: Work) -> Upkeep:
    states = EQUIPMENT.counts(work, Query()).of.get("state", {})
    tasks = maintenance_tasks.standing(work, work.today)
    first = min(tasks, key=lambda task: task.due.next_due, default=None)
    return Upkeep(
        states.get("overdue", 0),
        states.get("due", 0),
        states.get("soon", 0),
        states.get("inspection", 0),
        None if first is None else first.due.next_due,
        "" if first is None else f"{first.equipment} {first.name} {first.task}",
    )
