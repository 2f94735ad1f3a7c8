"""装修许可: who fits out a house between two days. The house is fitting out meanwhile; who closes a permit says what it
becomes. The deposit is held in the ledger, the permit names its receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.domain.masking import mask
from app.domain.phone import parse as parse_phone
from app.domain.problem import Problem
from app.security.permissions import Permission, Role
from app.services import deposits, house_rows, house_states, look_up
from app.services.alerts import INFO, WARN, Wanted
from app.services.numbers import draw
from app.services.refused import Refused, refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.estate import House, Permit
from db.work import Work

TOUCHES = frozenset({"house", "permit"})
OPEN, CLOSED = "open", "closed"
FITTING_OUT = "fitting_out"
OVER, BEGINS = "permit_over", "permit_begins"
KINDS = frozenset({OVER, BEGINS})
READS = frozenset({"house", "permit"})
_AUDIENCE = (Role.FRONT_DESK.value, Role.MANAGER.value)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class NewPermit:
    """What a permit says: first and last day, who works and who is asked there, what is done, the deposit's receipt."""

    valid_from: date
    valid_to: date
    company: str
    contact: str | None = None
    phone: str | None = None
    content: str | None = None
    deposit_receipt: str | None = None


@dataclass(frozen=True, slots=True)
class PermitRow:
    """A permit; the phone masked. `state` is coming, now, over (past its last day, not closed) or closed."""

    number: str
    house: str
    valid_from: date
    valid_to: date
    company: str
    contact: str | None
    phone: str | None
    content: str | None
    deposit_receipt: str | None
    state: str


@dataclass(frozen=True, slots=True)
class PermitAnswer:
    """What became of a permit: its number, house, days and state; the house's state now; warnings."""

    number: str
    house: str
    valid_from: date
    valid_to: date
    state: str
    house_state: str
    warnings: tuple[str, ...] = ()


@use_case(Permission.IMPORT_REGISTER, audit="permit.added", touches=TOUCHES)
def add(work: Work, number: str, permit: NewPermit) -> PermitAnswer:
    """Permit the fitting out of a house; from its first day, if that has come, the house is in that state.

    Raises Refused `bad_span`, `permit_open`, `company_needed`, `too_long`, `no_deposit`, `house_ended`; a Problem of
    the phone names `phone`.
    """
    house = look_up.house(work, number)
    house_rows.require_live(house)
    if permit.valid_to < permit.valid_from:
        raise refuse("bad_span", "最后一天早于第一天。", "请核对日期。", field="to")
    standing = work.execute(select(Permit.number).where(Permit.house_id == house.id, Permit.state == OPEN)).scalar()
    if standing is not None:
        raise refuse(
            "permit_open", "{house} 还有没办结的装修许可 {number}。", "请先办结，或给它延期。", number=standing,
            house=house.number, field="house",
        )  # fmt: skip
    texts = _texts(permit)
    receipt = _deposit(work, house, permit.deposit_receipt)
    drawn = f"X{work.today.year}-{draw(work, f'permit:{work.today.year}'):06}"
    columns = ("number", "house_id", "valid_from", "valid_to", "company", "contact", "phone", "content",
               "deposit_receipt", "state", "seq")  # fmt: skip
    row = (drawn, house.id, permit.valid_from.isoformat(), permit.valid_to.isoformat(), *texts, receipt, OPEN, work.seq)
    (permit_id,) = work.insert(Permit, columns, [row])
    state = house.state
    if permit.valid_from <= work.today and house.state != FITTING_OUT:
        state = FITTING_OUT
        _move(work, house, state, permit.valid_from, f"装修许可 {drawn}")
    detail = {
        "number": drawn, "house": house.number, "from": permit.valid_from.isoformat(),
        "to": permit.valid_to.isoformat(), "receipt": receipt,
    }  # fmt: skip
    work.audit("permit.added", "permit", permit_id, detail=detail)
    warnings = () if receipt else ("没有写装修押金的收据。",)
    return PermitAnswer(drawn, house.number, permit.valid_from, permit.valid_to, OPEN, state, warnings)


def _texts(permit: NewPermit) -> tuple[str | None, ...]:
    company, contact, content = (
        (text or "").strip() or None for text in (permit.company, permit.contact, permit.content)
    )
    if company is None:
        raise refuse("company_needed", "还没有写装修公司或施工人。", "自己装修的写业主自装。", field="company")
    for field, text in (("company", company), ("contact", contact), ("content", content)):
        if text is not None and len(text) > LONGEST:
            raise refuse("too_long", "最多 {n} 个字。", "请改短。", n=LONGEST, field=field)
    try:
        typed = (permit.phone or "").strip()
        phone = parse_phone(typed).normalized if typed else None
    except Problem as why:
        raise Refused(why, "phone") from None
    return company, contact, phone, content


def _deposit(work: Work, house: Row[Any], receipt: str | None) -> str | None:
    wanted = (receipt or "").strip().upper()
    if not wanted:
        return None
    if wanted not in {held.receipt for held in deposits.held_at(work, house.id)}:
        raise refuse("no_deposit", "{house} 没有这笔在押的押金：{receipt}。", "请核对收据号，或先收装修押金。",
                     house=house.number, receipt=wanted, field="deposit")  # fmt: skip
    return wanted


def _move(work: Work, house: Row[Any], state: str, day: date, reason: str) -> None:
    """The house's state with its history; a later change that is known already keeps its day."""
    since = house_states.newest(work, [house.id]).get(house.id)
    first = day if since is None else max(day, since)
    house_states.move(work, [house_states.Moved(house.id, house.state, state)], first, reason)


@use_case(Permission.IMPORT_REGISTER, audit="permit.extended", touches=TOUCHES)
def extend(work: Work, number: str, valid_to: date, reason: str | None) -> PermitAnswer:
    """Let a permit last longer. Raises Refused `unknown_permit`, `permit_closed`, `bad_span`, `reason_needed`."""
    why, permit = need_reason(reason), _open(work, number)
    if valid_to <= permit.valid_to:
        raise refuse("bad_span", "{number} 现在到 {day}，延期要更晚。", "请改日期。", number=permit.number,
                     day=permit.valid_to, field="to")  # fmt: skip
    work.execute(update(Permit).where(Permit.id == permit.id).values(valid_to=valid_to, version=permit.version + 1))
    detail = {
        "number": permit.number, "house": permit.house, "before": permit.valid_to.isoformat(),
        "to": valid_to.isoformat(), "reason": why,
    }  # fmt: skip
    work.audit("permit.extended", "permit", permit.id, detail=detail)
    return PermitAnswer(permit.number, permit.house, permit.valid_from, valid_to, OPEN, permit.house_state)


@use_case(Permission.IMPORT_REGISTER, audit="permit.closed", touches=TOUCHES)
def close(work: Work, number: str, becomes: str, note: str | None = None) -> PermitAnswer:
    """The work is done and looked at: from today the house is in the state that it `becomes`.

    Raises Refused `unknown_permit`, `permit_closed`, `unknown_state`.
    """
    permit = _open(work, number)
    house_rows.known_state(becomes)
    if becomes == FITTING_OUT:
        raise refuse("unknown_state", "办结以后不再是装修中。", "请选装修以后的状态。", field="becomes")
    said = (note or "").strip() or None
    work.execute(update(Permit).where(Permit.id == permit.id).values(state=CLOSED, version=permit.version + 1))
    house = work.execute(select(House).where(House.id == permit.house_id)).one()
    if house.ended_on is None and house.state != becomes:
        _move(work, house, becomes, work.today, f"装修许可 {permit.number} 办结")
    detail = {"number": permit.number, "house": permit.house, "becomes": becomes, "note": said}
    work.audit("permit.closed", "permit", permit.id, detail=detail)
    held = {each.receipt for each in deposits.held_at(work, permit.house_id)}
    warnings = (f"装修押金 {permit.deposit_receipt} 还没有退。",) if permit.deposit_receipt in held else ()
    return PermitAnswer(
        permit.number, permit.house, permit.valid_from, permit.valid_to, CLOSED, becomes, warnings
    )  # fmt: skip


def _open(work: Work, number: str) -> Row[Any]:
    wanted = number.strip().upper()
    query = select(Permit, House.number.label("house"), House.state.label("house_state"))
    row: Row[Any] | None = work.execute(
        query.join(House, House.id == Permit.house_id).where(Permit.number == wanted)
    ).first()
    if row is None:
        raise refuse("unknown_permit", "没有这份装修许可：{number}。", "请核对编号。", number=wanted, field="number")
    if row.state == CLOSED:
        raise refuse("permit_closed", "{number} 已经办结。", "再装修请另开一份。", number=wanted, field="number")
    return row


@use_case(Permission.SEE_HOUSES)
def listing(work: Work, number: str | None = None) -> tuple[PermitRow, ...]:
    """The permits of a house, or all that are not closed; in the order of the houses, newest first."""
    if number is None:
        return _rows(work, Permit.state == OPEN)
    return rows_of(work, look_up.house(work, number).id)


def rows_of(work: Work, house_id: int) -> tuple[PermitRow, ...]:
    """The permits of a house, newest first. For bodies of use cases."""
    return _rows(work, Permit.house_id == house_id)


def _rows(work: Work, condition: Any) -> tuple[PermitRow, ...]:
    query = select(Permit, House.number.label("house")).join(House, House.id == Permit.house_id)
    people = Permission.SEE_RESIDENTS in work.permissions
    return tuple(
        PermitRow(
            row.number, row.house, row.valid_from, row.valid_to, row.company, row.contact if people else None,
            mask("phone", row.phone) if people and row.phone else None, row.content, row.deposit_receipt,
            _state(row, work.today),
        )
        for row in work.execute(query.where(condition).order_by(House.sort_key, Permit.id.desc()))
    )  # fmt: skip


def _state(row: Row[Any], today: date) -> str:
    if row.state == CLOSED:
        return CLOSED
    if row.valid_from > today:
        return "coming"
    return "now" if row.valid_to >= today else "over"


def wanted(work: Work) -> list[Wanted]:
    """An alert for each permit that is over and not closed, and for one that began while the house says otherwise."""
    query = select(Permit, House.number.label("house"), House.state.label("house_state"))
    found = []
    for row in work.execute(
        query.join(House, House.id == Permit.house_id)
        .where(Permit.state == OPEN, Permit.valid_from <= work.today)
        .order_by(House.sort_key)
    ):
        if row.valid_to < work.today:
            days = (work.today - row.valid_to).days
            title = f"{row.house} 的装修许可 {row.number} 已过期 {days} 天，还没有办结"
            todo = "请去看现场：还在装修的给它延期，做完的验收后办结。"
            found.append(Wanted(f"{OVER}:{row.number}:{row.valid_to}", OVER, WARN, title, todo, _AUDIENCE, row.house,
                                row.valid_to))  # fmt: skip
        elif row.house_state != FITTING_OUT:
            title = f"{row.house} 从 {row.valid_from} 起装修（{row.number}），入住状态还不是装修中"
            todo = "已经开工的，请在房屋页改状态。"
            found.append(Wanted(f"{BEGINS}:{row.number}", BEGINS, INFO, title, todo, _AUDIENCE, row.house,
                                row.valid_from))  # fmt: skip
    return found
