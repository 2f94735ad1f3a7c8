"""What was done about a payer's arrears, and until when the law lets them be sued for (HANDBOOK §5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.dunning import STAGE_TITLES, Stage
from app.domain.limitation import Event, EventKind, Limitation, limitation, warning
from app.domain.period import Period
from app.domain.rest_day import IsRest
from app.services import look_up, plan_holds
from db.models.dunning import DunContact, DunStep
from db.models.ledger import Allocation
from db.queries import dunning as dun_read
from db.queries import owed
from db.queries.owed import CHUNK
from db.work import Work
from reports.papers import DunEvent

WAYS: Mapping[str, str] = {
    "in_person": "当面送达",
    "left": "留置",
    "post": "邮寄",
    "message": "短信、微信",
    "door": "张贴门上",
    "call": "电话",
    "visit": "上门",
}
"""How somebody was reached."""

PAPERS = ("in_person", "left", "post", "message", "door")
TALKS = ("call", "visit")


@dataclass(frozen=True, slots=True)
class ChargeLimit:
    """Until when a past-due charge is in time. `warn` is the narrowest of 180, 90, 30 days that is reached."""

    item: str
    period: str
    due: date
    open_fen: int
    expires_on: date | None
    days_left: int | None
    expired: bool
    warn: int | None


@dataclass(frozen=True, slots=True)
class DunRecord:
    """A payer's record: what was sent and served, calls, and the limitation of each past-due principal.

    `limitation` is the sentence about the first one to end.
    """

    events: tuple[DunEvent, ...]
    limits: tuple[ChargeLimit, ...]
    limitation: str


def read(work: Work, pairs: set[dun_read.Pair], as_of: date) -> dict[dun_read.Pair, DunRecord]:
    """The records of these payers as known on a day; for bodies of use cases. Read in bulk."""
    houses = sorted({house for house, _ in pairs})
    deliver = dun_read.members(work.connection, houses)
    steps, contacts = _steps(work, houses), _contacts(work, houses)
    holds = dun_read.holds(work.connection)
    charges: dict[dun_read.Pair, list[owed.Open]] = {}
    for charge in owed.open_charges(work.connection, deliver):
        pair = (deliver[charge.house_id], charge.payer_id)
        if pair in pairs and charge.part == "principal" and charge.due_date < as_of:
            charges.setdefault(pair, []).append(charge)
    paid = _part_payments(work, [charge.charge_id for some in charges.values() for charge in some])
    calendar, acknowledged = look_up.calendar(work), plan_holds.acknowledged(work)
    found = {}
    for pair in pairs:
        mine = [row for row in steps.get(pair, ()) if row.on <= as_of]
        said = [row for row in contacts.get(pair, ()) if row.on <= as_of]
        plans = [hold for hold in holds.get(pair, ()) if hold.kind == "plan_active"]
        limits = tuple(
            _limit(
                charge,
                [*_events_of(charge, mine, said, plans, paid), *acknowledged.get(charge.charge_id, ())],
                as_of,
                calendar.is_rest,
            )
            for charge in charges.get(pair, ())
        )
        found[pair] = DunRecord(_events(mine, said), limits, _sentence(limits))
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    id: int
    number: str
    stage: str
    on: date


@dataclass(frozen=True, slots=True)
class _Contact:
    step_id: int | None
    way: str
    on: date
    served: bool
    said: str


def _steps(work: Work, houses: Sequence[int]) -> dict[dun_read.Pair, list[_Step]]:
    found: dict[dun_read.Pair, list[_Step]] = {}
    for start in range(0, len(houses), CHUNK):
        query = select(DunStep).where(DunStep.house_id.in_(houses[start : start + CHUNK])).order_by(DunStep.id)
        for row in work.execute(query):
            step = _Step(row.id, row.number, row.stage, row.on)
            found.setdefault((row.house_id, row.payer_id), []).append(step)
    return found


def _contacts(work: Work, houses: Sequence[int]) -> dict[dun_read.Pair, list[_Contact]]:
    found: dict[dun_read.Pair, list[_Contact]] = {}
    for start in range(0, len(houses), CHUNK):
        query = select(DunContact).where(DunContact.house_id.in_(houses[start : start + CHUNK])).order_by(DunContact.id)
        for row in work.execute(query):
            parts = (
                f"签收 {row.signer}" if row.signer else "",
                row.relation or "",
                f"单号 {row.tracking}" if row.tracking else "",
                f"见证 {row.witnesses}" if row.witnesses else "",
                row.note or "",
            )
            said = "，".join(part for part in parts if part)
            contact = _Contact(row.step_id, row.way, row.on, row.served, said)
            found.setdefault((row.house_id, row.payer_id), []).append(contact)
    return found


def _part_payments(work: Work, charges: Sequence[int]) -> dict[int, list[date]]:
    """Days on which money came for these charges and stayed: it interrupts (民法典 art. 195)."""
    undone = select(Allocation.reverses).where(Allocation.reverses.is_not(None))
    found: dict[int, list[date]] = {}
    for start in range(0, len(charges), CHUNK):
        query = select(Allocation.charge_id, Allocation.on).where(
            Allocation.charge_id.in_(charges[start : start + CHUNK]),
            Allocation.kind == "paid",
            Allocation.reverses.is_(None),
            Allocation.id.not_in(undone),
        )
        for charge_id, on in work.execute(query):
            found.setdefault(charge_id, []).append(on)
    return found


def _events_of(
    charge: owed.Open,
    steps: Sequence[_Step],
    contacts: Sequence[_Contact],
    plans: Sequence[dun_read.HoldRow],
    paid: Mapping[int, Sequence[date]],
) -> list[Event]:
    """What interrupts the limitation of a charge. A paper demands what was past due on its day; so does its service."""
    demanded = {step.id for step in steps if charge.due_date < step.on}
    events = [
        Event(EventKind.DEMAND_SERVED, contact.on)
        for contact in contacts
        if contact.served and contact.step_id in demanded
    ]
    events += [Event(EventKind.PART_PAYMENT, on) for on in paid.get(charge.charge_id, ())]
    events += [Event(EventKind.INSTALMENT_PLAN, plan.valid_from, plan.valid_to) for plan in plans]
    return events


def _limit(charge: owed.Open, events: Sequence[Event], as_of: date, is_rest: IsRest) -> ChargeLimit:
    found: Limitation = limitation(charge.due_date, as_of, events, is_rest)
    return ChargeLimit(
        charge.item_name,
        str(Period.of(charge.period_from)),
        charge.due_date,
        charge.open,
        found.expires_on,
        found.days_left,
        found.expired,
        warning(found.days_left),
    )


def _events(steps: Sequence[_Step], contacts: Sequence[_Contact]) -> tuple[DunEvent, ...]:
    numbers = {step.id: step.number for step in steps}
    rows = [(step.on, 0, DunEvent(step.on.isoformat(), STAGE_TITLES[Stage(step.stage)], step.number, "已发出"))
            for step in steps]  # fmt: skip
    for contact in contacts:
        proven = "已证明送达" if contact.served else "未证明送达" if contact.way in PAPERS else "已联系"
        result = "，".join(part for part in (proven, contact.said) if part)
        event = DunEvent(contact.on.isoformat(), WAYS[contact.way], numbers.get(contact.step_id or 0, ""), result)
        rows.append((contact.on, 1, event))
    return tuple(event for _, _, event in sorted(rows, key=lambda row: row[:2]))


def _sentence(limits: Sequence[ChargeLimit]) -> str:
    ends = [limit for limit in limits if limit.expires_on is not None]
    if not ends:
        return ""
    first = min(ends, key=lambda limit: limit.expires_on or date.max)
    if first.expired:
        return f"最早一笔（{first.item} {first.period}）的诉讼时效已于 {first.expires_on} 届满，请律师判断。"
    return (
        f"最早一笔（{first.item} {first.period}）的诉讼时效到 {first.expires_on} 届满，还有 {first.days_left} 天"
        "（民法典第一百八十八条，三年；以实际送达凭证为准）。"
    )
