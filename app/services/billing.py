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
from app.services.billing_plan import READS, NotBilled, Plan, make_plan
from app.services.charge_lines import put_lines
from app.services.numbers import draw_many
from app.services.progress import Progress
from app.services.projections import lower_open, move_prepaid
from app.services.refused import refuse
from app.services.set_off import set_off
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Allocation, Charge, Payment
from db.models.run import Bill, BillRun
from db.queries import billing as read
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


@use_case(Permission.RUN_BILLS, audit="bills.voided", touches=TOUCHES)
def void(work: Work, month: str, reason: str | None) -> VoidAnswer:
    """Take back all runs of a billing month, or nothing: refused while any line was paid; set-offs are undone.

    Bill numbers stay used.
    """
    period, why = str(Period.parse(month)), need_reason(reason)
    runs = work.execute(select(BillRun).where(BillRun.month == period, BillRun.state == "posted")).all()
    if not runs:
        raise refuse("nothing_posted", "{month} 没有已过账的出账。", "请核对账期。", month=period, field="period")
    run_ids = [run.id for run in runs]
    charges = work.execute(select(Charge).where(Charge.run_id.in_(run_ids)).order_by(Charge.id)).all()
    _refuse_paid(work, run_ids)
    nets = _nets(work, run_ids, charges)
    _undo_set_offs(work, run_ids)
    _reverse(work, [charge for charge in charges if nets[charge.id]], nets)
    work.execute(update(BillRun).where(BillRun.id.in_(run_ids)).values(state="void", version=BillRun.version + 1))
    lines = sum(1 for charge in charges if charge.part == "principal")
    answer = VoidAnswer(period, sum(run.bills for run in runs), lines, sum(nets.values()))
    work.audit("bills.voided", "bill_run", run_ids[0], detail={"period": period, "reason": why, "runs": run_ids})
    return answer


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


def _nets(work: Work, run_ids: Sequence[int], charges: Sequence[Row[Any]]) -> dict[int, int]:
    nets = {charge.id: charge.amount for charge in charges}
    rows = work.execute(
        select(Adjustment.charge_id, func.sum(Adjustment.amount))
        .join(Charge, Charge.id == Adjustment.charge_id)
        .where(Charge.run_id.in_(run_ids))
        .group_by(Adjustment.charge_id)
    )
    for charge_id, adjusted in rows:
        nets[charge_id] += int(adjusted)
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
    """Opposite entries for these allocations: the charges are open again; what was set off is prepaid again."""
    work.append(
        Allocation,
        on,
        [(row.charge_id, row.kind, -row.amount, row.payment_id, row.credit_charge, row.id) for row in rows],
    )
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
