"""收费标准: prices by date and scope. A used version is never changed; a later one follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, update

from app.domain.house_order import parse
from app.domain.kinds import kind_of
from app.domain.kinds.percent import circle
from app.domain.tariff import Scope
from app.security.permissions import Permission
from app.services import house_rows, look_up
from app.services.entrance import Approver
from app.services.refused import refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.estate import Building, House
from db.models.ledger import Charge
from db.models.tariff import FeeItem, Tariff
from db.queries.taken_back import TAKEN_BACK
from db.types import canonical_json
from db.work import Work


@dataclass(frozen=True, slots=True)
class TariffAnswer:
    """The version that was written: `from` in JSON; state active; `target` its building, type or house (empty: all);
    `posted` how many charges of the item that reach its days stand as they were posted (HANDBOOK §2.7).
    """

    item: str
    valid_from: date
    state: str
    target: str = ""
    posted: int = 0


@dataclass(frozen=True, slots=True)
class TariffRow:
    """One version of a price."""

    item: str
    scope: str
    scope_ref: str
    valid_from: date
    valid_to: date | None
    params: Mapping[str, Any]


def scope_ref(work: Work, scope: Scope, typed: str) -> str:
    """The stored name of a scope: building code, house type, house number key; empty for the estate."""
    if scope is Scope.ESTATE:
        return ""
    if scope is Scope.HOUSE:
        return str(look_up.house(work, typed).number_key)
    if scope is Scope.HOUSE_TYPE:
        known = set(work.execute(select(House.house_type).distinct()).scalars())
        if typed not in known:
            raise refuse(
                "unknown_house_type",
                "没有这种房屋类型：{typed}。",
                "现有的类型：" + ("、".join(sorted(str(name) for name in known if name)) or "（还没有房屋填过类型）"),
                typed=typed,
                field="house_type",
            )
        return typed
    code = _building_code(typed)
    if not work.execute(select(Building.id).where(Building.code == code)).first():
        raise refuse("unknown_building", "没有这个楼栋：{typed}。", "请核对楼栋号。", typed=typed, field="building")
    return code


def _building_code(typed: str) -> str:
    """The normal form of a building's name: `3号楼` is 3."""
    number = parse(f"{typed.strip().removesuffix('号楼').removesuffix('栋')}号楼101")
    return number.building or typed.strip()


def check_start(work: Work, item_id: int, scope: Scope, ref: str, day: date) -> None:
    """That no version of the same scope begins on a day; for bodies of use cases. Raises Refused `tariff_exists`."""
    same = (Tariff.item_id == item_id, Tariff.scope == scope, Tariff.scope_ref == ref, Tariff.valid_from == day)
    if work.execute(select(Tariff.id).where(*same)).first() is not None:
        raise refuse(
            "tariff_exists",
            "这个范围从 {day} 起已经有一个标准。",
            "请换一个生效日，或先核对已有的标准。",
            day=day,
            field="from",
        )


def put_version(
    work: Work,
    item_id: int,
    scope: Scope,
    scope_ref: str,
    valid_from: date,
    params: Mapping[str, object],
    basis: str = "",
) -> int:
    """Write a version between its neighbours of the same scope; for bodies of use cases. `basis` is the document or
    decision that it rests on.
    """
    same = (Tariff.item_id == item_id, Tariff.scope == scope, Tariff.scope_ref == scope_ref)
    rows = work.execute(select(Tariff.id, Tariff.valid_from).where(*same).order_by(Tariff.valid_from)).all()
    check_start(work, item_id, scope, scope_ref, valid_from)
    before = [row.id for row in rows if row.valid_from < valid_from]
    after = [row.valid_from for row in rows if row.valid_from > valid_from]
    if before:
        work.execute(
            update(Tariff)
            .where(Tariff.id == before[-1])
            .values(valid_to=valid_from - timedelta(days=1), version=Tariff.version + 1)
        )
    valid_to = (after[0] - timedelta(days=1)).isoformat() if after else None
    columns = ("item_id", "scope", "scope_ref", "valid_from", "valid_to", "params", "basis")
    row = (item_id, str(scope), scope_ref, valid_from.isoformat(), valid_to, canonical_json(params), basis or None)
    (tariff_id,) = work.insert(Tariff, columns, [row])
    return tariff_id


def _check_other_items(work: Work, code: str, params: Mapping[str, Any]) -> None:
    """What a price says of other items: they must be there, and percentages must not go in a circle.

    Raises Refused `unknown_item`, `not_metered`, `percent_circle`.
    """
    if params.get("usage_of") and look_up.item(work, params["usage_of"]).kind != "meter":
        raise refuse(
            "not_metered", "{code} 不是抄表的项目。", "请填水、电一类抄表项目的代码。", code=params["usage_of"],
            field="usage_of",
        )  # fmt: skip
    if "of" not in params:
        return
    for base in params["of"]:
        if look_up.item(work, base).kind == "deposit":
            raise refuse("percent_of_deposit", "{code} 是押金，不能作基数。", "请换一个项目。", code=base, field="of")
    rows = work.execute(
        select(FeeItem.code, Tariff.params)
        .join(Tariff, Tariff.item_id == FeeItem.id)
        .where(FeeItem.kind == "percent", FeeItem.code != code)
    )
    bases: dict[str, list[str]] = {code: list(params["of"])}
    for other, stored in rows:
        bases.setdefault(other, []).extend(stored["of"])
    found = circle(bases)
    if found:
        raise refuse(
            "percent_circle", "比例项目绕成了圈：{path}。", "请改基数项目。", path=" → ".join(found), field="of"
        )


def _put(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> TariffAnswer:
    item = look_up.item(work, arguments["item"])
    valid_from = date.fromisoformat(arguments["from"])
    scope = Scope(arguments["scope"])
    tariff_id = put_version(work, item.id, scope, arguments["ref"], valid_from, arguments["params"], reason)
    work.audit(
        "tariff.added",
        "tariff",
        tariff_id,
        detail={**arguments, "reason": reason},
        sole=given.sole,
        approver_id=given.approver_id,
    )
    work.touched.add("tariff")
    target = arguments["ref"]
    if arguments["scope"] == Scope.HOUSE:
        target = house_rows.numbers_of(work, [target]).get(target, target)
    return TariffAnswer(item.code, valid_from, "active", target, _posted(work, item.id, valid_from))


def _posted(work: Work, item_id: int, valid_from: date) -> int:
    standing = select(func.count()).where(
        Charge.item_id == item_id,
        Charge.part == "principal",
        Charge.kind == "normal",
        Charge.period_to >= valid_from,
        Charge.id.not_in(TAKEN_BACK),
    )
    return int(work.execute(standing).scalar_one())


PERFORM["tariff.add"] = _put


@use_case(Permission.SET_TARIFF, audit="tariff.added", touches=frozenset({"tariff"}))
def add(
    work: Work,
    code: str,
    valid_from: date,
    params: Mapping[str, object],
    scope: Scope = Scope.ESTATE,
    scope_name: str = "",
    reason: str | None = None,
    *,
    second: Approver | None = None,
) -> TariffAnswer | Waiting:
    """Write a price from a day on. Once something is posted under the item, a second person must agree."""
    item = look_up.item(work, code)
    checked = kind_of(item.kind).parse_params(params).as_json()
    _check_other_items(work, item.code, checked)
    arguments = {
        "item": item.code,
        "from": valid_from.isoformat(),
        "params": checked,
        "scope": str(scope),
        "ref": scope_ref(work, scope, scope_name),
    }
    if not work.execute(select(Charge.id).where(Charge.item_id == item.id).limit(1)).first():
        return _put(work, arguments, (reason or "").strip(), Consent(False, None))
    why = need_reason(reason)
    summary = f"{item.name} 从 {valid_from} 起：{canonical_json(checked)}"
    return perform_or_ask(
        work, "tariff.add", _put, arguments, why, summary, second, audit="tariff.added", about=("fee_item", item.id)
    )


@use_case(Permission.SEE_TARIFFS)
def listing(work: Work) -> tuple[TariffRow, ...]:
    """All versions, by item, scope and day."""
    rows = work.execute(
        select(Tariff, FeeItem.code)
        .join(FeeItem, FeeItem.id == Tariff.item_id)
        .order_by(FeeItem.code, Tariff.scope, Tariff.scope_ref, Tariff.valid_from)
    )
    return tuple(
        TariffRow(row.code, row.scope, row.scope_ref, row.valid_from, row.valid_to, row.params) for row in rows
    )
