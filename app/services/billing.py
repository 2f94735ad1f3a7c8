"""出账: rehearse a billing month, post it in one transaction, take it back as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update

from app.domain.period import Period
from app.security.permissions import Permission
from app.services.billing_choice import EVERYTHING, Chosen
from app.services.billing_discounts import LetOff
from app.services.billing_line import NotBilled
from app.services.billing_plan import READS, Plan, make_plan
from app.services.charge_lines import put_lines
from app.services.numbers import draw_many
from app.services.progress import Progress
from app.services.projections import lower_open, move_prepaid
from app.services.refused import refuse
from app.services.set_off import set_off
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Refund
from db.models.run import Bill, BillRun
from db.models.tariff import FeeItem, Tariff
from db.queries import billing as read
from db.queries.owed import CHUNK
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

TOUCHES = frozenset({"ledger"})


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """What a run posts (or would post): counts, fen, and who gets no line."""

    period: str
    bills: int
    lines: int
    amount_fen: int
    already_posted: int
    exceptions: tuple[NotBilled, ...]
    items: tuple[tuple[str, int, int], ...]
    warnings: tuple[str, ...]
    let_off: tuple[LetOff, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of a billing month: the first that was posted is `run` 1; its items by name; `state` posted or void."""

    run: int
    on: date
    state: str
    bills: int
    lines: int
    amount_fen: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoidAnswer:
    """What was taken back."""

    period: str
    bills: int
    lines: int
    amount_fen: int


def _answer(work: Work, plan: Plan) -> RunAnswer:
    codes = {row.id: row.code for row in read.items(work.connection)}
    by_item: dict[str, tuple[int, int]] = {}
    for line in plan.lines:
        count, amount = by_item.get(codes[line.item_id], (0, 0))
        by_item[codes[line.item_id]] = (count + 1, amount + line.amount)
    return RunAnswer(
        plan.month,
        len({(line.deliver_to, line.payer_id) for line in plan.lines}),
        len(plan.lines),
        sum(line.amount for line in plan.lines),
        plan.already_posted,
        plan.exceptions,
        tuple((item, *figures) for item, figures in sorted(by_item.items())),
        plan.warnings,
        plan.let_off,
    )


@use_case(Permission.RUN_BILLS)
def preview(work: Work, month: str, on: date | None = None, chosen: Chosen = EVERYTHING) -> RunAnswer:
    """Rehearse a billing month: counts, totals by item, exceptions with reasons. Writes nothing."""
    return _answer(work, make_plan(work, Period.parse(month), on or work.today, chosen))


@use_case(Permission.RUN_BILLS)
def plan(work: Work, month: str, on: date | None = None, chosen: Chosen = EVERYTHING) -> Plan:
    """The plan of a billing month, to be posted afterwards."""
    return make_plan(work, Period.parse(month), on or work.today, chosen)


@use_case(Permission.RUN_BILLS, audit="bills.posted", touches=TOUCHES)
def post(
    work: Work,
    month: str,
    on: date | None = None,
    chosen: Chosen = EVERYTHING,
    *,
    plan: Plan | None = None,
    progress: Progress | None = None,
) -> RunAnswer:
    """Post a billing month, or what is chosen of it, in one transaction. Run twice it adds nothing.

    A plan whose topics moved on since is made again here, never failed. Cancelled through `progress` it posts nothing.
    """
    seen = progress or Progress()
    period, day = Period.parse(month), on or work.today
    if day > work.today:
        raise refuse("future_day", "出账日 {day} 在将来。", "请选今天或以前的一天。", day=day, field="date")
    wanted = (str(period), day, chosen)
    if plan is None or (plan.month, plan.on, plan.chosen) != wanted or plan.revisions != work.revisions(READS):
        plan = make_plan(work, period, day, chosen)
    answer = _answer(work, plan)
    run_id = _post(work, plan, answer, seen) if plan.lines else None
    detail = {"period": plan.month, "bills": answer.bills, "lines": answer.lines, "amount_fen": answer.amount_fen}
    if chosen != EVERYTHING:
        detail["chosen"] = chosen.words
    work.audit("bills.posted", "bill_run", run_id, detail=detail)
    return answer


STEPS = 5


def _post(work: Work, plan: Plan, answer: RunAnswer, progress: Progress) -> int:
    on = plan.on.isoformat()
    progress.step(0, STEPS)
    columns = ("month", "on", "state", "bills", "lines", "amount", "seq")
    row = (plan.month, on, "posted", answer.bills, answer.lines, answer.amount_fen, work.seq)
    (run_id,) = work.insert(BillRun, columns, [row])
    bill_ids = _insert_bills(work, plan, run_id)
    progress.step(1, STEPS)
    rows = [(line, plan.month, run_id, bill_ids[line.deliver_to, line.payer_id]) for line in plan.lines]
    put_lines(work, on, rows, lambda done: progress.step(1 + done, STEPS))
    progress.step(4, STEPS)
    set_off(work, read.prepaid(work.connection, set(bill_ids)))
    return run_id


def _insert_bills(work: Work, plan: Plan, run_id: int) -> dict[tuple[int, int], int]:
    """One bill a house and payer, numbered in the order of the round."""
    totals: dict[tuple[int, int], int] = {}
    for line in plan.lines:
        key = (line.deliver_to, line.payer_id)
        totals[key] = totals.get(key, 0) + line.amount
    numbers = draw_many(work, f"bill:{plan.month}", len(totals))
    ids = work.insert(
        Bill,
        ("number", "run_id", "house_id", "payer_id", "amount"),
        [
            (f"B{plan.month}-{number:06}", run_id, house_id, payer_id, amount)
            for number, ((house_id, payer_id), amount) in zip(numbers, totals.items(), strict=True)
        ],
    )
    return dict(zip(totals, ids, strict=True))


# ---- taking a run back -----------------------------------------------------------------------------------------------


@use_case(Permission.SEE_MONEY)
def runs(work: Work, month: str) -> tuple[RunRow, ...]:
    """The runs of a billing month in the order they were posted, those taken back too."""
    return rows_of_runs(work, Period.parse(month))


def rows_of_runs(work: Work, month: Period) -> tuple[RunRow, ...]:
    """The same inside another use case."""
    rows = _runs_of(work, str(month))
    items: dict[int, list[str]] = {}
    of_runs = Charge.run_id.in_([row.id for row in rows])
    named = select(Charge.run_id, FeeItem.name).join(FeeItem, FeeItem.id == Charge.item_id).where(of_runs)
    for run_id, name in work.execute(named.distinct().order_by(FeeItem.code)):
        items.setdefault(run_id, []).append(name)
    return tuple(
        RunRow(place, row.on, row.state, row.bills, row.lines, row.amount, tuple(items.get(row.id, ())))
        for place, row in enumerate(rows, 1)
    )


def _runs_of(work: Work, period: str) -> Sequence[Row[Any]]:
    rows: Sequence[Row[Any]] = work.execute(select(BillRun).where(BillRun.month == period).order_by(BillRun.seq)).all()
    return rows


@use_case(Permission.RUN_BILLS, audit="bills.voided", touches=TOUCHES)
def void(work: Work, month: str, reason: str | None, run: int | None = None) -> VoidAnswer:
    """Take back all runs of a billing month, or its `run`-th, or nothing: refused while any line was paid, or another
    run took a percentage of it; set-offs are undone, what late fee was posted for it goes with it.

    Bill numbers stay used.
    """
    period, why = str(Period.parse(month)), need_reason(reason)
    every = _runs_of(work, period)
    if run is not None and not 1 <= run <= len(every):
        raise refuse("unknown_run", "{month} 没有第 {n} 次出账。", "请核对是哪一次。", month=period, n=run, field="run")
    posted = [row for place, row in enumerate(every, 1) if row.state == "posted" and run in (None, place)]
    if not posted:
        raise refuse("nothing_posted", "{month} 没有已过账的出账。", "请核对账期。", month=period, field="period")
    run_ids = [row.id for row in posted]
    charges = work.execute(select(Charge).where(Charge.run_id.in_(run_ids)).order_by(Charge.id)).all()
    _refuse_paid(work, run_ids)
    _refuse_refunded(work, run_ids)
    _refuse_base(work, period, run_ids)
    nets, borne = _nets(work, charges), _borne(work, run_ids)
    _undo_set_offs(work, run_ids)
    left = {**nets, **_nets(work, borne)}
    # A line of nothing is reversed too: only then may it be posted once more, and its reading be corrected.
    gone = _reversed(work, run_ids)
    _reverse(work, [charge for charge in charges if charge.id not in gone], left)
    _reverse(work, [charge for charge in borne if left[charge.id]], left)
    work.execute(update(BillRun).where(BillRun.id.in_(run_ids)).values(state="void", version=BillRun.version + 1))
    lines = sum(1 for charge in charges if charge.part == "principal")
    answer = VoidAnswer(period, sum(row.bills for row in posted), lines, sum(nets.values()))
    detail = {"period": period, "reason": why, "runs": run_ids, "run": run}
    work.audit("bills.voided", "bill_run", run_ids[0], detail={k: v for k, v in detail.items() if v is not None})
    return answer


def _refuse_base(work: Work, period: str, run_ids: Sequence[int]) -> None:
    """A percentage that stands in another run of the month must not lose what it was taken of."""
    taken = (
        select(Charge.house_id, Charge.item_id)
        .join(BillRun, BillRun.id == Charge.run_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(BillRun.month == period, BillRun.state == "posted", BillRun.id.not_in(run_ids))
        .where(FeeItem.kind == "percent", Charge.part == "principal")
    )
    percents = work.execute(taken).all()
    if not percents:
        return
    bases: dict[int, set[str]] = {}
    priced = select(Tariff.item_id, Tariff.params).where(Tariff.item_id.in_({row.item_id for row in percents}))
    for item, params in work.execute(priced):
        bases.setdefault(item, set()).update(params["of"])
    coded = select(Charge.house_id, FeeItem.code).join(FeeItem, FeeItem.id == Charge.item_id)
    gone = {(house, code) for house, code in work.execute(coded.where(Charge.run_id.in_(run_ids)).distinct())}
    houses = {row.house_id for row in percents if any((row.house_id, code) in gone for code in bases[row.item_id])}
    if houses:
        raise refuse(
            "run_is_base",
            "同一账期的另一次出账里有 {n} 户按比例计的费用用到了它。",
            "请先作废那一次，或整月作废。",
            n=len(houses),
            field="run",
        )


def _refuse_paid(work: Work, run_ids: Sequence[int]) -> None:
    paid = work.execute(
        select(func.count(func.distinct(Charge.house_id)))
        .select_from(Allocation)
        .join(Charge, Charge.id == Allocation.charge_id)
        .where(
            Allocation.kind == "paid",
            func.coalesce(Charge.base_charge, Charge.id).in_(select(Charge.id).where(Charge.run_id.in_(run_ids))),
            Allocation.reverses.is_(None),
            Allocation.id.not_in(select(Allocation.reverses).where(Allocation.reverses.is_not(None))),
        )
    ).scalar()
    if paid:
        raise refuse("run_paid", "这次出账已有 {n} 户交过费，不能整体作废。", "请先红冲这些收据，或逐户调整。", n=paid)


def _refuse_refunded(work: Work, run_ids: Sequence[int]) -> None:
    """A credit whose money went out of the house cannot be taken back."""
    given = work.execute(
        select(func.count(func.distinct(Charge.house_id)))
        .select_from(Refund)
        .join(Charge, Charge.id == Refund.credit_charge)
        .where(Charge.run_id.in_(run_ids))
    ).scalar()
    if given:
        raise refuse("run_refunded", "这次出账退给 {n} 户的钱已经付出去，不能整体作废。", "请逐户补收。", n=given)


def _reversed(work: Work, run_ids: Sequence[int]) -> frozenset[int]:
    """Charges of these runs that were taken back by themselves (settled to a day, say)."""
    of_run = select(Charge.id).where(Charge.run_id.in_(run_ids))
    return frozenset(work.execute(TAKEN_BACK.where(Adjustment.charge_id.in_(of_run))).scalars())


def _borne(work: Work, run_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Late fees and costs that were posted for charges of these runs."""
    rows: Sequence[Row[Any]] = work.execute(
        select(Charge)
        .where(Charge.base_charge.in_(select(Charge.id).where(Charge.run_id.in_(run_ids))))
        .order_by(Charge.id)
    ).all()
    return rows


def _nets(work: Work, charges: Sequence[Row[Any]]) -> dict[int, int]:
    """What each charge comes to with its adjustments, in fen."""
    nets = {charge.id: charge.amount for charge in charges}
    ids = sorted(nets)
    for start in range(0, len(ids), CHUNK):
        adjusted = select(Adjustment.charge_id, func.sum(Adjustment.amount)).group_by(Adjustment.charge_id)
        for charge_id, fen in work.execute(adjusted.where(Adjustment.charge_id.in_(ids[start : start + CHUNK]))):
            nets[charge_id] += int(fen)
    return nets


def _undo_set_offs(work: Work, run_ids: Sequence[int]) -> None:
    """Take back every set-off on these charges, and every one made from their credits."""
    of_run = select(Charge.id).where(Charge.run_id.in_(run_ids))
    rows = standing_allocations(
        work, Allocation.kind == "set_off", Allocation.charge_id.in_(of_run) | Allocation.credit_charge.in_(of_run)
    )
    undo_allocations(work, rows, work.today)


def standing_allocations(work: Work, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Allocations that nobody took back."""
    undone = select(Allocation.reverses).where(Allocation.reverses.is_not(None))
    rows: Sequence[Row[Any]] = work.execute(
        select(Allocation).where(Allocation.reverses.is_(None), Allocation.id.not_in(undone), *conditions)
    ).all()
    return rows


def undo_allocations(work: Work, rows: Sequence[Row[Any]], on: date) -> None:
    """Opposite entries for these allocations: the charges are open again; what was set off is prepaid again. They stand
    on a day, or on that of an allocation that is later: before it there is nothing to take back.
    """
    days: dict[date, list[tuple[object, ...]]] = {}
    for row in rows:
        back = (row.charge_id, row.kind, -row.amount, row.payment_id, row.credit_charge, row.id)
        then = max(on, row.on)
        stands = then == on or work.is_open(then)
        days.setdefault(then if stands else work.today, []).append(back)
    for day, some in days.items():
        work.append(Allocation, day, some)
    opened: dict[int, int] = {}
    moved: dict[tuple[int, int], int] = {}
    for row in rows:
        opened[row.charge_id] = opened.get(row.charge_id, 0) - row.amount
        if row.kind == "set_off":
            key = _source_of(work, row)
            moved[key] = moved.get(key, 0) + row.amount
    lower_open(work, opened)
    move_prepaid(work, moved)


def _source_of(work: Work, row: Row[Any]) -> tuple[int, int]:
    if row.payment_id is not None:
        found = work.execute(select(Payment.house_id, Payment.payer_id).where(Payment.id == row.payment_id)).one()
    else:
        found = work.execute(select(Charge.house_id, Charge.payer_id).where(Charge.id == row.credit_charge)).one()
    return found[0], found[1]


def _reverse(work: Work, charges: Sequence[Row[Any]], nets: dict[int, int]) -> None:
    work.append(Adjustment, work.today, [(charge.id, -nets[charge.id], "reversal", work.user_id) for charge in charges])
    moved: dict[tuple[int, int], int] = {}
    taken: dict[int, int] = {}
    for charge in charges:
        net = nets[charge.id]
        if net > 0:
            taken[charge.id] = net
        else:
            key = (charge.house_id, charge.payer_id)
            moved[key] = moved.get(key, 0) + net
    lower_open(work, taken)
    move_prepaid(work, moved)
