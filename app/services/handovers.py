"""过户、退租准备: the front desk notes who follows, readings, keys and papers; an accountant settles it (DESIGN §1).

Nothing is billed or moved by it: it is a note that the settlement starts from and closes. What it said of people is not
kept after that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.domain.phone import parse as parse_phone
from app.domain.quantity import Quantity
from app.security.permissions import Permission, Role
from app.services import alerts, deposits, look_up, space_handover
from app.services.answers import from_json, to_json
from app.services.moments import local_minute, offset_of
from app.services.refused import refuse
from app.services.settle_plan import DROPPED, READY, check_handover
from app.services.settlement import ARREARS, KINDS, Wanted
from app.services.space_handover import SpaceHeld
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.estate import House
from db.models.meter import Meter
from db.models.people import SettlePrep
from db.models.security import User
from db.types import canonical_json
from db.work import Work

TOUCHES = frozenset({"house", "handover"})
WAITS = "handover_waits"
ALERTS = frozenset({WAITS})
READS = frozenset({"house", "handover"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A settlement that was prepared: by whom and when, and what is wanted."""

    house: str
    by: str
    at: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Start:
    """What a settlement of a house starts from: its meters, the payer's spaces at a sale and at a move-out, what is
    held in deposits (fen), and what was prepared.
    """

    house: str
    payer: str
    meters: tuple[str, ...]
    spaces: tuple[SpaceHeld, ...]
    leases: tuple[SpaceHeld, ...]
    deposits_fen: int
    prepared: Prepared | None


@use_case(Permission.SEE_MONEY)
def start(work: Work, number: str) -> Start:
    """What is asked at a settlement of a house. Raises Refused `unknown_house`."""
    house = look_up.house(work, number)
    payer = look_up.registered_payer(work, house.id, work.today)
    meters = _meters(work, house.id)
    prepared = next(iter(_rows(work, SettlePrep.house_id == house.id)), None)
    if payer is None:
        return Start(house.number, "", meters, (), (), 0, prepared)
    held = sum(each.amount_fen for each, _ in deposits.held_by(work, house.id, payer))
    sale, leaving = (space_handover.held_by(work, payer, work.today, kind) for kind in ("transfer", "move_out"))
    return Start(house.number, look_up.party_name(work, payer), meters, sale, leaving, held, prepared)


def _meters(work: Work, house_id: int) -> tuple[str, ...]:
    return tuple(work.execute(select(Meter.number).where(Meter.house_id == house_id).order_by(Meter.id)).scalars())


@use_case(Permission.SEE_MONEY)
def waiting(work: Work) -> tuple[Prepared, ...]:
    """What is prepared and not settled, by house."""
    return tuple(_rows(work))


def _rows(work: Work, *rules: Any) -> list[Prepared]:
    rows = work.execute(
        select(SettlePrep, House.number.label("house"), User.name.label("by"))
        .join(House, House.id == SettlePrep.house_id)
        .join(User, User.id == SettlePrep.by_user)
        .where(SettlePrep.state == READY, *rules)
        .order_by(House.sort_key)
    )
    return [_prepared(work, row) for row in rows]


def _prepared(work: Work, row: Row[Any]) -> Prepared:
    wanted: Wanted = from_json(Wanted, row.wanted)
    if not {Permission.RUN_BILLS, Permission.IMPORT_REGISTER} & work.permissions:
        wanted = replace(wanted, phone="")
    return Prepared(row.house, row.by, local_minute(row.at, offset_of(work)), wanted)


@use_case(Permission.IMPORT_REGISTER, audit="handover.prepared", touches=TOUCHES)
def prepare(work: Work, wanted: Wanted) -> Prepared:
    """Note what a settlement of a house will be; one that was prepared before is replaced. Money is not said here: how
    it is paid, and what goes back, the accountant asks when it is settled.

    Raises Refused `unknown_house`, `unknown_settlement`, `unknown_arrears`, `nobody_follows`, `unknown_meter`,
    `not_his_space`, `bad_choice`, `bad_count`; Problem as phone and reading do.
    """
    house = look_up.house(work, wanted.house)
    if wanted.kind not in KINDS or wanted.arrears not in ARREARS:
        raise refuse("unknown_settlement", "没有这种结算：{kind}。", "可用：transfer、move_out。", kind=wanted.kind,
                     field="kind")  # fmt: skip
    if wanted.kind == "transfer" and not wanted.follower.strip():
        raise refuse("nobody_follows", "还没有写谁接着付款。", "请填接手人的姓名。", field="to")
    if wanted.phone:
        parse_phone(wanted.phone)
    known = _meters(work, house.id)
    for meter, typed in wanted.readings:
        if meter.strip() not in known:
            raise refuse(
                "unknown_meter", "{house} 没有表 {number}。", house=house.number, number=meter, field="readings"
            )
        Quantity.parse(typed)
    check_handover(wanted.handover)
    payer = look_up.registered_payer(work, house.id, work.today)
    held = () if payer is None else space_handover.held_by(work, payer, work.today, wanted.kind)
    space_handover.check(held, wanted.spaces)
    kept = replace(wanted, house=house.number, pay="", refund="", deposits="")
    work.execute(
        update(SettlePrep)
        .where(SettlePrep.house_id == house.id, SettlePrep.state == READY)
        .values(state=DROPPED, wanted={})
    )
    columns = ("house_id", "wanted", "state", "by_user", "at", "seq")
    row = (house.id, canonical_json(to_json(kept)), READY, work.user_id, work.now, work.seq)
    work.insert(SettlePrep, columns, [row])
    detail = {"house": house.number, "kind": kept.kind, "on": kept.on.isoformat(), "arrears": kept.arrears}
    work.audit("handover.prepared", "house", house.id, detail=detail)
    return _rows(work, SettlePrep.house_id == house.id)[0]


@use_case(Permission.IMPORT_REGISTER, audit="handover.dropped", touches=TOUCHES)
def drop(work: Work, number: str, reason: str | None) -> str:
    """It will not be: gives the house. Raises Refused `unknown_house`, `nothing_prepared`, `reason_needed`."""
    why, house = need_reason(reason), look_up.house(work, number)
    ready = (SettlePrep.house_id == house.id, SettlePrep.state == READY)
    if work.execute(select(SettlePrep.id).where(*ready)).first() is None:
        raise refuse(
            "nothing_prepared", "{house} 没有准备中的结算。", "请核对房号。", house=house.number, field="house"
        )
    work.execute(update(SettlePrep).where(*ready).values(state=DROPPED, wanted={}))
    work.audit("handover.dropped", "house", house.id, detail={"house": house.number, "reason": why})
    return str(house.number)


def alerts_wanted(work: Work) -> list[alerts.Wanted]:
    """An alert for who settles, for each that is prepared and whose day has come."""
    rows = work.execute(
        select(SettlePrep.id, SettlePrep.wanted, House.number)
        .join(House, House.id == SettlePrep.house_id)
        .where(SettlePrep.state == READY)
        .order_by(House.sort_key)
    )
    found = []
    for key, kept, house in rows:
        on = date.fromisoformat(str(kept["on"]))
        if on > work.today:
            continue
        title = f"{house} 的{KINDS[str(kept['kind'])]}已经准备好，等财务结算"
        audience = (Role.ACCOUNTANT.value, Role.MANAGER.value)
        todo = "在房屋页“账务”里办结算。"
        found.append(alerts.Wanted(f"{WAITS}:{key}", WAITS, alerts.INFO, title, todo, audience, house, on))
    return found
