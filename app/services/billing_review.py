"""出账核对: a billing month before it is posted, beside each item's last period, and what keeps lines back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, false, func, or_, select

from app.domain.period import Period
from app.security.permissions import Permission
from app.services import settings
from app.services.billing import RunRow, rows_of_runs
from app.services.billing_choice import EVERYTHING, Chosen, of_charges
from app.services.billing_discounts import LetOff
from app.services.billing_line import NotBilled
from app.services.billing_plan import Plan, make_plan
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Charge
from db.models.run import BillRun
from db.models.tariff import FeeItem
from db.queries import compared, disputed
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
    """An item this month and the last time that it was billed: lines and fen."""

    item: str
    name: str
    lines: int
    fen: int
    last_lines: int
    last_fen: int

    def moved(self, percent: int) -> bool:
        """Whether the item changed by so many percent or more; what there was nothing of did not."""
        return self.last_fen != 0 and abs(self.fen - self.last_fen) * 100 >= percent * abs(self.last_fen)


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
    big_change: int = 0
    """A change of so many percent is marked."""

    @property
    def posted_bills(self) -> int:
        """How many bills the month's runs left, those taken back apart."""
        return sum(run.bills for run in self.runs)


SHOWN = 6


def _posted(work: Work, months: Mapping[int, str], chosen: Chosen) -> dict[int, tuple[int, int]]:
    """Lines and net fen that each of these items posted in its billing month, what was taken back left out."""
    adjusted = select(Adjustment.charge_id, func.sum(Adjustment.amount).label("a")).group_by(Adjustment.charge_id)
    more = adjusted.subquery()
    net = Charge.amount + func.coalesce(more.c.a, 0)
    of_month = (and_(Charge.item_id == item, Charge.billing_month == month) for item, month in months.items())
    rows = work.execute(
        select(Charge.item_id, func.count(), func.sum(net))
        .outerjoin(more, more.c.charge_id == Charge.id)
        .join(BillRun, BillRun.id == Charge.run_id)
        .where(or_(false(), *of_month), Charge.part == "principal", BillRun.state == "posted")
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
    """A billing month as it would stand, what is posted already included, beside each item's last period. Writes
    nothing.
    """
    period = Period.parse(month)
    plan = make_plan(work, period, on or work.today, chosen)
    last = _posted(work, compared.last_months(work.connection, str(period)), chosen)
    names = {row.id: row for row in work.execute(select(FeeItem.id, FeeItem.code, FeeItem.name))}
    now = _posted(work, dict.fromkeys(names, str(period)), chosen)
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
        int(settings.value(work, "bill_change")),
    )
