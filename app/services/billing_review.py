"""出账核对: a billing month before it is posted, beside the month before, and what keeps lines back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.domain.period import Period
from app.security.permissions import Permission
from app.services.billing import RunRow, rows_of_runs
from app.services.billing_choice import EVERYTHING, Chosen, of_charges
from app.services.billing_discounts import LetOff
from app.services.billing_line import NotBilled
from app.services.billing_plan import Plan, make_plan
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Adjustment, Charge
from db.models.run import BillRun
from db.models.tariff import FeeItem
from db.queries import disputed
from db.work import Work

REASONS: Mapping[str, str] = {
    "no_tariff": "没有收费标准",
    "no_reading": "没有可以出账的读数",
    "no_area": "没有建筑面积",
    "no_people": "没有登记人数",
    "no_floor": "没有楼层",
    "no_base": "作为基数的项目没有出账",
    "formula_zero": "公式的除数是 0",
    "formula_negative": "公式算出来是负数",
    "unbilled_before": "更早的账期还没有出账",
    "factor_fine": "系数与折扣相乘超过六位小数",
    "disputed": "先前的费用有争议",
}
"""Why a house gets no line of an item, in the words of the office."""


@dataclass(frozen=True, slots=True)
class ItemReview:
    """An item this month and the month before: lines and fen."""

    item: str
    name: str
    lines: int
    fen: int
    last_lines: int
    last_fen: int


@dataclass(frozen=True, slots=True)
class KeptBack:
    """Why lines are kept back: how many, of which items and (some) houses. `disputed` keeps nothing back."""

    reason: str
    title: str
    count: int
    items: tuple[str, ...]
    houses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What posting would do. `plan` is posted as it is, or made again where something changed meanwhile."""

    plan: Plan
    month: str
    on: date
    bills: int
    lines: int
    fen: int
    items: tuple[ItemReview, ...]
    kept_back: tuple[KeptBack, ...]
    already_posted: int
    warnings: tuple[str, ...]
    due: date | None
    runs: tuple[RunRow, ...]
    let_off: tuple[LetOff, ...] = ()

    @property
    def posted_bills(self) -> int:
        """How many bills the month's runs left, those taken back apart."""
        return sum(run.bills for run in self.runs)


@dataclass(frozen=True, slots=True)
class HouseChange:
    """A house's line of an item this month and the month before, in fen (None: none)."""

    house: str
    fen: int
    last_fen: int | None


SHOWN = 6


def _posted(work: Work, month: Period, chosen: Chosen) -> dict[int, tuple[int, int]]:
    """Lines and net fen of each item that a month posted, what was taken back left out."""
    adjusted = select(Adjustment.charge_id, func.sum(Adjustment.amount).label("a")).group_by(Adjustment.charge_id)
    more = adjusted.subquery()
    net = Charge.amount + func.coalesce(more.c.a, 0)
    rows = work.execute(
        select(Charge.item_id, func.count(), func.sum(net))
        .outerjoin(more, more.c.charge_id == Charge.id)
        .join(BillRun, BillRun.id == Charge.run_id)
        .where(Charge.billing_month == str(month), Charge.part == "principal", BillRun.state == "posted")
        .where(*of_charges(work, chosen))
        .group_by(Charge.item_id)
    )
    return {item: (int(count), int(fen or 0)) for item, count, fen in rows}


def _contested(work: Work) -> list[NotBilled]:
    """Houses with a contested charge: billed all the same, but worth a look before more is asked of them."""
    rows = disputed.houses_and_items(work.connection)
    return [NotBilled(house, item, "disputed") for house, item in rows]


def _kept_back(exceptions: Sequence[NotBilled]) -> tuple[KeptBack, ...]:
    by_reason: dict[str, list[tuple[str, str]]] = {}
    for row in exceptions:
        by_reason.setdefault(row.reason, []).append((row.house, row.item))
    return tuple(
        KeptBack(
            reason,
            REASONS.get(reason, reason),
            len(rows),
            tuple(dict.fromkeys(item for _, item in rows)),
            tuple(dict.fromkeys(house for house, _ in rows[: SHOWN * 4]))[:SHOWN],
        )
        for reason, rows in by_reason.items()
    )


@use_case(Permission.SEE_MONEY)
def review(work: Work, month: str, on: date | None = None, chosen: Chosen = EVERYTHING) -> Review:
    """A billing month as it would stand, what is posted already included, beside the month before. Writes nothing."""
    period = Period.parse(month)
    plan = make_plan(work, period, on or work.today, chosen)
    last = _posted(work, period.plus(-1), chosen)
    names = {row.id: row for row in work.execute(select(FeeItem.id, FeeItem.code, FeeItem.name))}
    now = _posted(work, period, chosen)
    for line in plan.lines:
        count, fen = now.get(line.item_id, (0, 0))
        now[line.item_id] = (count + 1, fen + line.amount)
    items = tuple(
        ItemReview(names[item].code, names[item].name, *now.get(item, (0, 0)), *last.get(item, (0, 0)))
        for item in sorted(now.keys() | last.keys(), key=lambda item: str(names[item].code))
    )
    standing = tuple(run for run in rows_of_runs(work, period) if run.state == "posted")
    return Review(
        plan,
        str(period),
        plan.on,
        len({(line.deliver_to, line.payer_id) for line in plan.lines}),
        len(plan.lines),
        sum(line.amount for line in plan.lines),
        items,
        _kept_back([*plan.exceptions, *_contested(work)]),
        plan.already_posted,
        plan.warnings,
        max((line.due for line in plan.lines), default=None),
        standing,
        plan.let_off,
    )


@use_case(Permission.SEE_MONEY)
def changes(work: Work, plan: Plan, item: str, most: int = 200) -> tuple[HouseChange, ...]:
    """The houses of an item, the largest change against the month before first."""
    item_id = work.execute(select(FeeItem.id).where(FeeItem.code == item)).scalar_one()
    month = Period(plan.month)
    before = dict(
        work.execute(
            select(Charge.house_id, func.sum(Charge.amount))
            .join(BillRun, BillRun.id == Charge.run_id)
            .where(
                Charge.item_id == item_id,
                Charge.billing_month == str(month.plus(-1)),
                Charge.part == "principal",
                BillRun.state == "posted",
            )
            .group_by(Charge.house_id)
        ).all()
    )
    now: dict[int, int] = {}
    for line in plan.lines:
        if line.item_id == item_id:
            now[line.house_id] = now.get(line.house_id, 0) + line.amount
    numbers, places = {}, {}
    for house, number, place in work.execute(select(House.id, House.number, House.sort_key)):
        numbers[house], places[house] = number, place
    ordered = sorted(now, key=lambda house: (-abs(now[house] - int(before.get(house) or 0)), places[house]))[:most]
    return tuple(
        HouseChange(numbers[house], now[house], int(before[house]) if house in before else None) for house in ordered
    )
