"""下一年的标准: the prices that hold, copied from a day on with a percentage, in one act (物业管理条例 art. 40)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.kinds import kind_of
from app.domain.quantity import PRICE_SCALE, Price
from app.domain.rounding import round_ratio
from app.domain.tariff import Scope
from app.security.permissions import Permission
from app.services import look_up
from app.services.entrance import Approver
from app.services.refused import refuse
from app.services.tariffs import put_version
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.ledger import Charge
from db.models.tariff import FeeItem, Tariff
from db.work import Work

PRICED = ("area", "flat", "meter", "once", "deposit")
"""The kinds that have prices; a division, a percentage or a formula is no price that grows."""
MOST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class CopiedPrice:
    """A price before and after: item, scope as stored, both as stored."""

    item: str
    scope: str
    ref: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TariffsCopied:
    """What holds from a day on."""

    valid_from: date
    percent: str
    prices: tuple[CopiedPrice, ...]


def _grown(text: str, percent: int, places: int) -> str:
    """A price with a percentage (1e-6) on top, rounded half up to so many places."""
    step = 10 ** (6 - places)
    grown = Price.parse(text).units * (100 * PRICE_SCALE + percent)
    return Price(int(round_ratio(grown, 100 * PRICE_SCALE * step)) * step).show()


def _copied(params: Mapping[str, Any], percent: int, places: int) -> dict[str, Any]:
    new = dict(params)
    for name in ("price", "fixed"):
        if new.get(name):
            new[name] = _grown(str(new[name]), percent, places)
    if "tiers" in new:
        new["tiers"] = [{**tier, "price": _grown(str(tier["price"]), percent, places)} for tier in new["tiers"]]
    return new


def _plan(work: Work, valid_from: date, percent: int, places: int, codes: Sequence[str]) -> list[CopiedPrice]:
    """The prices that hold on the day before, of all scopes, and what becomes of them."""
    wanted = {look_up.item(work, code).code for code in codes}
    rows = work.execute(
        select(Tariff, FeeItem.code, FeeItem.kind)
        .join(FeeItem, FeeItem.id == Tariff.item_id)
        .where(Tariff.valid_from < valid_from, Tariff.valid_to.is_(None) | (Tariff.valid_to >= valid_from))
        .order_by(FeeItem.code, Tariff.scope, Tariff.scope_ref)
    )
    found = []
    for row in rows:
        if row.kind not in PRICED or (wanted and row.code not in wanted):
            continue
        after = kind_of(row.kind).parse_params(_copied(row.params, percent, places)).as_json()
        found.append(CopiedPrice(row.code, row.scope, row.scope_ref, row.params, after))
    if not found:
        todo = "请核对生效日和项目。"
        raise refuse("nothing_to_copy", "{day} 以前没有可以复制的价格。", todo, day=valid_from, field="from")
    return found


@use_case(Permission.SET_TARIFF)
def rehearse(
    work: Work, valid_from: date, percent: int, places: int = 2, codes: Sequence[str] = ()
) -> tuple[CopiedPrice, ...]:
    """The prices that a copy would write; nothing is written. `percent` in 1e-6, rounding to so many places of yuan."""
    _check(percent, places)
    return tuple(_plan(work, valid_from, percent, places, codes))


def _check(percent: int, places: int) -> None:
    if not -MOST_PERCENT * PRICE_SCALE < percent <= MOST_PERCENT * PRICE_SCALE:
        raise refuse("bad_percent", "调整幅度应在 -100% 到 100% 之间。", "请改正百分数。", field="percent")
    if not 0 <= places <= 6:
        raise refuse("bad_places", "单价的小数应为 0 到 6 位。", "请改正小数位。", field="places")


@use_case(Permission.SET_TARIFF, audit="tariff.copied", touches=frozenset({"tariff"}))
def copy(
    work: Work,
    valid_from: date,
    percent: int,
    reason: str | None,
    places: int = 2,
    codes: Sequence[str] = (),
    *,
    second: Approver | None = None,
) -> TariffsCopied | Waiting:
    """Write all prices anew from a day on with a percentage (1e-6) on top; the old ones end the day before.

    A second person agrees once anything was posted under one of the items, as for a single price.
    Raises Refused `nothing_to_copy`, `tariff_exists`, `bad_percent`, `reason_needed`, `not_approver`.
    """
    _check(percent, places)
    plan, why = _plan(work, valid_from, percent, places, codes), need_reason(reason)
    arguments = {
        "from": valid_from.isoformat(), "percent": percent, "places": places, "codes": list(codes),
    }  # fmt: skip
    items = {price.item for price in plan}
    charged = work.execute(
        select(Charge.id).join(FeeItem, FeeItem.id == Charge.item_id).where(FeeItem.code.in_(items)).limit(1)
    ).first()
    if not charged:
        return _perform(work, arguments, why, Consent(False, None))
    summary = f"{len(plan)} 个标准从 {valid_from} 起调 {Price(percent).show()}%：{'、'.join(sorted(items))}"
    return perform_or_ask(
        work, "tariff.copy", _perform, arguments, why, summary, second, audit="tariff.copied", about=("tariff", None)
    )


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> TariffsCopied:
    valid_from, percent = date.fromisoformat(str(arguments["from"])), int(arguments["percent"])
    plan = _plan(work, valid_from, percent, int(arguments["places"]), arguments["codes"])
    for price in plan:
        item = look_up.item(work, price.item)
        put_version(work, item.id, Scope(price.scope), price.ref, valid_from, price.after, reason)
    detail = {
        "from": valid_from.isoformat(), "percent": Price(percent).show(), "reason": reason,
        "prices": [[price.item, price.scope, price.ref, price.after] for price in plan],
    }  # fmt: skip
    work.audit("tariff.copied", "tariff", None, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched.add("tariff")
    return TariffsCopied(valid_from, Price(percent).show(), tuple(plan))


PERFORM["tariff.copy"] = _perform
