"""一次性收费: a charge posted at the counter, outside the bill run: a card, a key, a paid repair, or a deposit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.charge import ONE_PIECE, Basis, Line
from app.domain.kinds import kind_of
from app.domain.money import Fen
from app.domain.problem import problem
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Segment, valid_versions, version_on
from app.security.permissions import Permission
from app.services import look_up
from app.services.billing_items import version_of
from app.services.projections import insert_open
from app.services.refused import NotAllowed, refuse
from app.services.use_case import use_case
from db.models.ledger import Charge, ChargePart
from db.queries import billing as read
from db.types import canonical_json
from db.work import Work

MOST_FEN = 10**10
MOST_PIECES = 999


@dataclass(frozen=True, slots=True)
class Posted:
    """A charge that is posted; `due` is the day it falls due on."""

    house: str
    item: str
    item_name: str
    period: str
    amount_fen: int
    due: date


def once_item(work: Work, code: str) -> Row[Any]:
    """The item, which must be charged once and be no deposit. Raises Refused `not_once`. For bodies of use cases."""
    item = look_up.item(work, code)
    kind = kind_of(item.kind)
    if kind.periodic or kind.liability:
        raise refuse(
            "not_once",
            "{code} 不是一次性收费的项目。",
            "按期的项目在出账时收，押金在押金里收。",
            code=code,
            field="item",
        )
    return item


def payer_of(work: Work, house: Row[Any]) -> int:
    """The party billed today. Raises Refused `no_payer`. For bodies of use cases."""
    payer = look_up.payer_on(work, house.id, work.today)
    if payer is None:
        raise refuse("no_payer", "{house} 还没有付款人。", "请先登记业主。", house=house.number, field="house")
    return payer


def put_charge(work: Work, house: Row[Any], item: Row[Any], payer: int, line: Line, on: date) -> int:
    """Post a charge for one day, due on it; gives its id. For bodies of use cases."""
    day = on.isoformat()
    issue = work.execute(
        select(func.coalesce(func.max(Charge.issue), 0) + 1).where(
            Charge.house_id == house.id, Charge.item_id == item.id, Charge.period_from == on, Charge.period_to == on,
            Charge.payer_id == payer, Charge.part == "principal",
        )
    ).scalar_one()  # fmt: skip
    row = (house.id, item.id, payer, day, day, issue, "principal", "normal", line.amount, day, None, None, None, None)
    (charge_id,) = work.append(Charge, on, [row])
    work.append(
        ChargePart,
        on,
        [
            (
                charge_id, part.version_id, day, day, part.quantity, part.price, part.fixed, "1", part.factor,
                part.shown, None, None, None, None, None,
                None if part.inputs is None else canonical_json(part.inputs),
            )
            for part in line.parts
        ],
    )  # fmt: skip
    if line.amount > 0:
        insert_open(work, [(charge_id, house.id, payer, item.id, "principal", day, line.amount, day, False)])
    return charge_id


def line_of(work: Work, house: Row[Any], item: Row[Any], count: int, amount: int | None, on: date) -> Line:
    """The line by today's price times a count, or of an agreed amount (fen). For bodies of use cases.

    Raises: `no_tariff`; Refused `bad_count`, `bad_amount`.
    """
    if not 1 <= count <= MOST_PIECES:
        raise refuse("bad_count", "数量应为 1 到 {n}。", "请改正数量。", n=MOST_PIECES, field="count")
    if amount is not None and not 0 < amount <= MOST_FEN:
        raise refuse("bad_amount", "金额应大于 0。", "请改正金额。", field="amount")
    kind = kind_of(item.kind)
    versions = [version_of(row, kind) for row in read.tariffs(work.connection).get(item.id, ())]
    holding = valid_versions(versions, house.building, house.house_type, house.number_key)
    version = version_on(holding, on)
    rule = look_up.rule_on(work, item.id, on)
    basis = Basis(
        (Segment(version, on, on, 1, 1),), house.gross_area, count * ONE_PIECE,
        amount=None if amount is None else Fen(amount), unit=Unit(rule.unit), rule=Rule(rule.rule),
    )  # fmt: skip
    return kind.line(basis)


@use_case(Permission.TAKE_PAYMENT, audit="charge.posted", touches=frozenset({"ledger"}))
def post(work: Work, number: str, code: str, count: int = 1, amount: int | None = None, note: str = "") -> Posted:
    """Charge a house once, by today's price times a count. An agreed amount in its place (fen; a quote for a paid
    repair) is for who may run bills, and needs a note that says what for.

    Raises Refused `not_once`, `no_payer`, `note_needed`; NotAllowed; Problem `no_tariff`.
    """
    house, item = look_up.house(work, number), once_item(work, code)
    said = note.strip()[:100]
    if amount is not None:
        if Permission.RUN_BILLS not in work.permissions:
            raise NotAllowed(problem("no_permission", "您的角色不能自定金额。", "请按收费标准收，或由财务、经理办理。"))
        if not said:
            raise refuse("note_needed", "自定金额要写明收什么。", "请填写说明。", field="note")
    payer = payer_of(work, house)
    line = line_of(work, house, item, count, amount, work.today)
    if line.amount <= 0:
        raise refuse("bad_amount", "这一笔的金额是 0。", "请核对收费标准或数量。", field="amount")
    charge_id = put_charge(work, house, item, payer, line, work.today)
    detail = {"house": house.number, "item": item.code, "amount_fen": line.amount, "count": count, "note": said}
    work.audit("charge.posted", "charge", charge_id, detail=detail)
    month = work.today.isoformat()[:7]
    return Posted(house.number, item.code, item.name, month, line.amount, work.today)
