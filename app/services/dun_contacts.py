"""催缴记录: how a paper was served, calls and visits, and what holds the ladder; the record of a house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from app.security.permissions import Permission
from app.services import dun_record, look_up
from app.services.arrears import day_of
from app.services.dun_record import PAPERS, TALKS, WAYS, ChargeLimit
from app.services.dunning import find_step
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.dunning import DunContact, DunHold
from db.models.estate import House
from db.queries import dunning as read
from db.work import Work
from reports.papers import DunEvent

TOUCHES = frozenset({"dunning"})

HOLDS: Mapping[str, str] = {
    "disputed": "有争议",
    "plan_active": "分期协议",
    "heirs_unknown": "继承人未明",
    "insolvency": "破产程序",
}
"""What holds the ladder (HANDBOOK §5.3)."""


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """An entry of the log; `served` says whether arrival is proven."""

    house: str
    number: str | None
    way: str
    on: date
    served: bool


@dataclass(frozen=True, slots=True)
class HoldAnswer:
    """A hold of the ladder."""

    house: str
    kind: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Served:
    """What the proof of service says; all optional but the way and the day."""

    way: str
    on: date
    signer: str | None = None
    relation: str | None = None
    tracking: str | None = None
    witnesses: str | None = None
    note: str | None = None
    delivered: bool = False


LONGEST = 200


def _text(value: str | None, field: str) -> str | None:
    text = (value or "").strip()
    if len(text) > LONGEST:
        raise refuse("text_long", "文字太长，最多 {n} 字。", "请写短一些。", n=LONGEST, field=field)
    return text or None


def _proven(served: Served) -> bool:
    """Whether arrival is proven (时效规定 art. 8): signed for; posted with a number and delivered; a message that
    arrived. A paper left behind or put on a door is recorded but proves nothing by itself.
    """
    if served.way == "in_person":
        return bool(served.signer)
    if served.way == "post":
        return bool(served.tracking) and served.delivered
    return served.way == "message" and served.delivered


def _check(work: Work, served: Served, ways: tuple[str, ...], not_before: date | None) -> None:
    if served.way not in ways:
        raise refuse(
            "unknown_way",
            "没有这种方式：{way}。",
            "可用：" + "、".join(f"{way}（{WAYS[way]}）" for way in ways),
            way=served.way,
            field="way",
        )
    if served.on > work.today:
        raise refuse("future_day", "{day} 在将来。", "请改正日期。", day=served.on, field="date")
    if not_before is not None and served.on < not_before:
        raise refuse(
            "before_sent", "送达日 {day} 早于文书的日期 {sent}。", "请改正日期。", day=served.on, sent=not_before,
            field="date",
        )  # fmt: skip
    if served.way == "post" and not served.tracking:
        raise refuse("tracking_needed", "邮寄要写快递单号。", "请填写快递单号。", field="tracking")


def _write(work: Work, served: Served, step_id: int | None, house_id: int, payer_id: int) -> bool:
    proven = _proven(served)
    columns = ("step_id", "house_id", "payer_id", "way", "on", "served", "signer", "relation", "tracking", "witnesses",
               "note", "user_id", "at", "seq")  # fmt: skip
    texts = (
        _text(served.signer, "signer"),
        _text(served.relation, "relation"),
        _text(served.tracking, "tracking"),
        _text(served.witnesses, "witnesses"),
        _text(served.note, "note"),
    )
    row = (
        step_id,
        house_id,
        payer_id,
        served.way,
        served.on.isoformat(),
        proven,
        *texts,
        work.user_id,
        work.now,
        work.seq,
    )
    work.insert(DunContact, columns, [row])
    return proven


def _number_of(work: Work, house_id: int) -> str:
    return str(work.execute(select(House.number).where(House.id == house_id)).scalar_one())


@use_case(Permission.DUN, audit="dunning.served", touches=TOUCHES)
def serve(work: Work, number: str, served: Served) -> ContactAnswer:
    """Record how a paper was served (送达). Proven arrival starts its term and counts limitation afresh.

    Raises Refused for an unknown paper or way, a day in the future or before the paper's, a posting without number.
    """
    step = find_step(work, number)
    _check(work, served, PAPERS, step.on)
    proven = _write(work, served, step.id, step.house_id, step.payer_id)
    detail = {"number": step.number, "way": served.way, "on": served.on.isoformat(), "served": proven}
    work.audit("dunning.served", "dun_step", step.id, detail=detail)
    return ContactAnswer(_number_of(work, step.house_id), step.number, served.way, served.on, proven)


@use_case(Permission.LOG_CONTACT, audit="dunning.talked", touches=TOUCHES)
def talk(work: Work, house: str, way: str, note: str | None, on: date | None = None) -> ContactAnswer:
    """Record a call or a visit: an entry of the log, no stage, no proof."""
    home, payer = _debtor(work, house)
    served = Served(way, on or work.today, note=note)
    _check(work, served, TALKS, None)
    if _text(note, "note") is None:
        raise refuse("note_needed", "请写下谈了什么。", "请填写内容。", field="note")
    _write(work, served, None, home, payer)
    work.audit("dunning.talked", "house", home, detail={"way": way, "on": served.on.isoformat()})
    return ContactAnswer(_number_of(work, home), None, way, served.on, False)


def _debtor(work: Work, number: str) -> tuple[int, int]:
    """The house that papers go to, and the party billed today."""
    row = look_up.house(work, number)
    home = int(row.bill_with or row.id)
    payer = look_up.payer_on(work, row.id, work.today)
    if payer is None:
        raise refuse("no_payer", "{house} 还没有付款人。", "请先登记业主。", house=row.number, field="house")
    return home, payer


@use_case(Permission.DUN, audit="dunning.held", touches=TOUCHES)
def hold(
    work: Work, house: str, kind: str, reason: str | None, valid_from: date | None = None, valid_to: date | None = None
) -> HoldAnswer:
    """暂缓: hold the ladder from a day on, with a reason; a plan of instalments ends on its last one's day."""
    if kind not in HOLDS:
        raise refuse(
            "unknown_hold",
            "没有这种暂缓：{kind}。",
            "可用：" + "、".join(f"{name}（{title}）" for name, title in HOLDS.items()),
            kind=kind,
            field="kind",
        )
    why, first = need_reason(reason), valid_from or work.today
    if valid_to is not None and valid_to < first:
        raise refuse(
            "dates_reversed", "结束日 {to} 早于开始日 {first}。", "请改正。", to=valid_to, first=first, field="to"
        )
    home, payer = _debtor(work, house)
    active = [
        row for row in read.holds(work.connection).get((home, payer), ())
        if row.kind == kind and (row.valid_to is None or row.valid_to >= first)
    ]  # fmt: skip
    if active:
        raise refuse("already_held", "{house} 已经因“{kind}”暂缓。", house=_number_of(work, home), kind=HOLDS[kind])
    columns = ("house_id", "payer_id", "kind", "valid_from", "valid_to", "reason", "user_id", "seq")
    last = valid_to.isoformat() if valid_to else None
    work.insert(DunHold, columns, [(home, payer, kind, first.isoformat(), last, why, work.user_id, work.seq)])
    work.audit(
        "dunning.held", "house", home, detail={"kind": kind, "from": first.isoformat(), "to": last, "reason": why}
    )
    return HoldAnswer(_number_of(work, home), kind, first, valid_to)


@use_case(Permission.DUN, audit="dunning.released", touches=TOUCHES)
def release(work: Work, house: str, kind: str, reason: str | None) -> HoldAnswer:
    """End a hold today; the ladder goes on at its next stage from tomorrow."""
    why = need_reason(reason)
    home, payer = _debtor(work, house)
    active = [
        row for row in read.holds(work.connection).get((home, payer), ())
        if row.kind == kind and (row.valid_to is None or row.valid_to >= work.today)
    ]  # fmt: skip
    if not active:
        raise refuse(
            "not_held", "{house} 没有这项暂缓。", "请用 dun log 查看。", house=_number_of(work, home), field="kind"
        )
    row = active[-1]
    last = max(work.today, row.valid_from)
    work.execute(update(DunHold).where(DunHold.id == row.id).values(valid_to=last, version=DunHold.version + 1))
    work.audit("dunning.released", "house", home, detail={"kind": kind, "to": last.isoformat(), "reason": why})
    return HoldAnswer(_number_of(work, home), kind, row.valid_from, last)


@dataclass(frozen=True, slots=True)
class HouseRecord:
    """The dunning record of a house: events, holds, limitation of each past-due charge."""

    house: str
    as_of: date
    events: tuple[DunEvent, ...]
    holds: tuple[HoldAnswer, ...]
    limits: tuple[ChargeLimit, ...]


@use_case(Permission.SEE_MONEY)
def record(work: Work, house: str, as_of: date | None = None) -> HouseRecord:
    """What was done about a house's arrears, and until when its charges can be sued for."""
    day = day_of(work, as_of)
    home, payer = _debtor(work, house)
    found = dun_record.read(work, {(home, payer)}, day)[home, payer]
    number = _number_of(work, home)
    held = read.holds(work.connection).get((home, payer), ())
    holds = tuple(HoldAnswer(number, row.kind, row.valid_from, row.valid_to) for row in held)
    return HouseRecord(number, day, found.events, holds, found.limits)
