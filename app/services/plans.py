"""分期协议: a payer acknowledges what is past due and pays it by instalments; dunning rests while he keeps to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select, update

from app.domain.instalments import Instalment, check, equal_parts
from app.domain.money import Fen
from app.security.permissions import Permission
from app.services import late_fees, look_up, settings
from app.services.bill_papers import span
from app.services.documents import keep, kept, log_prints
from app.services.numbers import draw
from app.services.paper_file import put_file
from app.services.plan_holds import instalments_of, standing_of
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.dunning import PaymentPlan, PlanCharge, PlanInstalment
from db.models.estate import House
from db.queries import owed
from db.queries import plans as read
from db.work import Work
from reports.papers import PlanItem, PlanPaper, PlanPart

TOUCHES = frozenset({"dunning"})
KIND = "plan"
STATES = {"kept": "履行中", "broken": "已违约", "done": "已付清", "ended": "已终止"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a plan would cover: a payer's past-due principal (fen) at a house, and equal parts of it."""

    house: str
    payer: str
    owed_fen: int
    late_fee_fen: int
    charges: int
    parts: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that is agreed to; its paper lies in `file`."""

    number: str
    house: str
    payer: str
    signed_on: date
    amount_fen: int
    parts: tuple[Instalment, ...]
    file: Path


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan as it stands today. State kept, broken, done or ended; fen."""

    number: str
    house: str
    payer: str
    signed_on: date
    amount_fen: int
    paid_fen: int
    left_fen: int
    next_due: date | None
    next_fen: int
    last_due: date
    state: str
    until: date | None
    """The day it ended or was broken."""


@dataclass(frozen=True, slots=True)
class PlanEnded:
    """A plan that was given up."""

    number: str
    house: str
    left_fen: int


@dataclass(frozen=True, slots=True)
class PlanPrinted:
    """A plan on paper again."""

    number: str
    copy: int
    file: Path


def _debt(work: Work, number: str) -> tuple[Row[Any], int, list[owed.Open]]:
    """The house papers go to, its payer, and his past-due principal there and at the spaces billed with it."""
    asked = look_up.house(work, number)
    house = asked if asked.bill_with is None else work.execute(select(House).where(House.id == asked.bill_with)).one()
    payer = look_up.payer_on(work, house.id, work.today)
    if payer is None:
        raise refuse("no_payer", "{house} 还没有付款人。", "请先登记业主。", house=house.number, field="house")
    charges = [
        charge
        for charge in owed.open_charges(work.connection, owed.group(work.connection, house.id), payer)
        if charge.part == "principal" and charge.due_date < work.today
    ]
    if not charges:
        raise refuse("nothing_past_due", "{house} 没有逾期的费用，不用分期。", "没有到期的到时再交。",
                     house=house.number, field="house")  # fmt: skip
    return house, payer, charges


def _running(work: Work, house_id: int, payer: int) -> read.PlanRow | None:
    """The plan of a payer that is kept and not paid off."""
    mine = read.plans(
        work.connection, PaymentPlan.house_id == house_id, PaymentPlan.payer_id == payer, PaymentPlan.ended_on.is_(None)
    )
    for plan in mine:
        now = standing_of(plan, work.today)
        if now.kept and now.left:
            return plan
    return None


@use_case(Permission.DUN)
def propose(work: Work, number: str, n: int, first: date) -> Proposal:
    """What is past due at a house, in n equal parts a month apart. Writes nothing.

    Raises Refused `nothing_past_due`, `no_payer`; Problem `plan.count`.
    """
    house, payer, charges = _debt(work, number)
    total = Fen(sum(charge.open for charge in charges))
    fee = sum(late_fees.quote(work, charges, work.today).values())
    name = look_up.party_name(work, payer)
    return Proposal(house.number, name, total, fee, len(charges), equal_parts(total, n, first))


@use_case(Permission.DUN, audit="instalments.agreed", touches=TOUCHES)
def add(
    work: Work,
    number: str,
    instalments: Sequence[Instalment],
    signed: date | None = None,
    target: Path | None = None,
) -> Planned:
    """Write down a signed plan: its instalments add up to the past-due principal of today's payer. It acknowledges the
    debts, holds dunning while it is kept, and is printed in two copies.

    Raises Refused `nothing_past_due`, `no_payer`, `plan_running`, `future_day`; Problem `plan.count`, `plan.amount`,
    `plan.order`, `plan.sum`.
    """
    house, payer, charges = _debt(work, number)
    day = signed or work.today
    if day > work.today:
        raise refuse("future_day", "签订日 {day} 在将来。", "请选今天或以前的一天。", day=day, field="signed")
    total = Fen(sum(charge.open for charge in charges))
    check(instalments, total, day)
    running = _running(work, house.id, payer)
    if running is not None:
        raise refuse("plan_running", "{house} 已有分期协议 {number}。", "请先终止原来的协议。", house=house.number,
                     number=running.number, field="house")  # fmt: skip
    plan_number = f"F{work.today.year}-{draw(work, f'plan:{work.today.year}'):06}"
    paper = _paper(work, plan_number, day, house.number, payer, charges, instalments)
    (document,) = keep(work, KIND, [(plan_number, paper)])
    log_prints(work, [document])
    columns = ("number", "house_id", "payer_id", "signed_on", "amount", "document_id", "user_id", "seq")
    row = (plan_number, house.id, payer, day.isoformat(), total, document, work.user_id, work.seq)
    (plan_id,) = work.insert(PaymentPlan, columns, [row])
    work.many(
        PlanInstalment.__tablename__, ("plan_id", "n", "due", "amount"),
        [(plan_id, at, each.due.isoformat(), each.amount) for at, each in enumerate(instalments, 1)],
    )  # fmt: skip
    work.many(
        PlanCharge.__tablename__, ("plan_id", "charge_id", "open"),
        [(plan_id, charge.charge_id, charge.open) for charge in charges],
    )  # fmt: skip
    file = target or work.place.folder / "out" / f"{plan_number}.pdf"
    _write(work, paper, file)
    detail = {
        "number": plan_number, "signed": day.isoformat(), "amount_fen": total, "document": document,
        "instalments_fen": [[each.due.isoformat(), each.amount] for each in instalments],
    }  # fmt: skip
    work.audit("instalments.agreed", "house", house.id, detail=detail)
    return Planned(plan_number, house.number, paper.payer, day, total, tuple(instalments), file)


def _paper(
    work: Work,
    number: str,
    day: date,
    house: str,
    payer: int,
    charges: Sequence[owed.Open],
    instalments: Sequence[Instalment],
) -> PlanPaper:
    said = settings.values(work)
    fees = late_fees.quote(work, charges, work.today)
    return PlanPaper(
        number, day.isoformat(), said["letterhead"], said["office_name"], said["telephone"], said["bank_account"],
        look_up.party_name(work, payer), house,
        tuple(
            PlanItem(row.item_name, span(row.period_from, row.period_to), row.due_date.isoformat(), row.open)
            for row in charges
        ),
        tuple(PlanPart(at, each.due.isoformat(), each.amount) for at, each in enumerate(instalments, 1)),
        sum(charge.open for charge in charges),
        sum(fees.values()),
    )  # fmt: skip


def _write(work: Work, paper: PlanPaper, target: Path) -> None:
    from reports import plan

    put_file(work, target, lambda path: plan.write(path, paper))


@use_case(Permission.DUN, audit="instalments.ended", touches=TOUCHES)
def end(work: Work, number: str, reason: str | None) -> PlanEnded:
    """Give up the running plan of a house today, with a reason; dunning goes on from tomorrow.

    Raises Refused `no_plan`, `reason_needed`.
    """
    why = need_reason(reason)
    asked = look_up.house(work, number)
    home = asked.bill_with or asked.id
    payer = look_up.payer_on(work, home, work.today)
    plan = None if payer is None else _running(work, home, payer)
    if plan is None:
        raise refuse("no_plan", "{house} 没有在履行的分期协议。", "请核对房号。", house=asked.number, field="house")
    work.execute(
        update(PaymentPlan)
        .where(PaymentPlan.id == plan.id, PaymentPlan.version == plan.version)
        .values(ended_on=work.today, end_reason=why, version=plan.version + 1)
    )
    work.audit("instalments.ended", "house", home, detail={"number": plan.number, "reason": why})
    return PlanEnded(plan.number, asked.number, standing_of(plan, work.today).left)


@use_case(Permission.SEE_MONEY)
def listing(work: Work, number: str | None = None) -> tuple[PlanLine, ...]:
    """The plans of a house or of all, newest first."""
    if number is None:
        rows = read.plans(work.connection)
    else:
        asked = look_up.house(work, number)
        rows = read.plans(work.connection, PaymentPlan.house_id == (asked.bill_with or asked.id))
    houses = dict(work.execute(select(House.id, House.number).where(House.id.in_({row.pair[0] for row in rows}))).all())
    names = look_up.party_names(work, {row.pair[1] for row in rows})
    return tuple(_line(work, row, houses[row.pair[0]], names[row.pair[1]]) for row in reversed(rows))


def _line(work: Work, row: read.PlanRow, house: str, payer: str) -> PlanLine:
    now = standing_of(row, work.today)
    state, until = "kept", None
    if not now.left:
        state = "done"
    elif row.ended_on is not None and (now.broken_on is None or row.ended_on < now.broken_on):
        state, until = "ended", row.ended_on
    elif now.broken_on is not None:
        state, until = "broken", now.broken_on
    last = instalments_of(row)[-1].due
    return PlanLine(
        row.number, house, payer, row.signed_on, row.amount, now.paid, now.left, now.next_due, now.next_missing, last,
        state, until,
    )  # fmt: skip


@use_case(Permission.SEE_MONEY, audit="instalments.printed")
def print_again(work: Work, number: str, target: Path | None = None) -> PlanPrinted:
    """A plan's paper again, as it was agreed. Raises Refused `unknown_plan`."""
    wanted = number.strip().upper()
    row = work.execute(select(PaymentPlan).where(PaymentPlan.number == wanted)).first()
    if row is None or row.document_id is None:
        raise refuse("unknown_plan", "没有这份分期协议：{number}。", "请核对编号。", number=wanted, field="number")
    paper = kept(work, [row.document_id], PlanPaper)[row.document_id]
    file = target or work.place.folder / "out" / f"{wanted}.pdf"
    _write(work, paper, file)
    copy = log_prints(work, [row.document_id])[row.document_id]
    work.audit("instalments.printed", "house", row.house_id, detail={"number": wanted, "copy": copy})
    return PlanPrinted(wanted, copy, file)
