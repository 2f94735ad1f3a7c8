"""An item's rules from a day on: due day, late fee, VAT, rounding. What was billed keeps the rules it was billed by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from app.domain.fee_rule import check_due, check_rates
from app.domain.kinds import kind_of
from app.domain.late_fee import rate_warnings
from app.security.permissions import Permission
from app.services import look_up
from app.services.entrance import Approver
from app.services.fees import FROM_THE_BEGINNING
from app.services.refused import refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.ledger import Charge
from db.models.tariff import FeeRule
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

_TITLES: Mapping[str, str] = {
    "due_day": "到期日", "due_offset": "到期月", "late_rate": "违约金", "late_cap": "违约金上限", "grace": "宽限",
    "vat_rate": "增值税", "unit": "取整单位", "rule": "取整", "part_month": "不足一月", "tariff_change": "账期中调价",
    "set_off": "预存抵扣",
}  # fmt: skip
"""What can change from a day on, as in `NewItem`; None clears it (the office's setting, no late fee, no VAT)."""
_MAY_BE_NONE = frozenset({"due_day", "due_offset", "late_rate", "late_cap", "vat_rate"})
_COLUMNS: Mapping[str, str] = {"grace": "grace_days"}


@dataclass(frozen=True, slots=True)
class RulesAnswer:
    """The item whose rules change on a day; `warnings` are sentences."""

    item: str
    valid_from: date
    changed: tuple[str, ...]
    warnings: tuple[str, ...] = ()


_OF_AMOUNTS = frozenset({"vat_rate", "unit", "rule", "part_month", "tariff_change"})
"""What a charge that was prepaid was posted by, too: due day and late fee say nothing of what is paid already."""


def _refuse_used(work: Work, item: Row[Any], valid_from: date, changes: Iterable[str]) -> bool:
    """Whether anything was billed of the item at all. Raises Refused `rules_used` for a day that was billed already,
    or up to which something became late.
    """
    posted = (Charge.item_id == item.id, Charge.part == "principal", Charge.id.not_in(TAKEN_BACK))
    counted = posted if _OF_AMOUNTS & set(changes) else (*posted, Charge.run_id.is_not(None))
    last, late = work.execute(
        select(
            func.max(Charge.period_from),
            select(func.max(Charge.due_date)).where(*posted, Charge.due_date < work.today).scalar_subquery(),
        ).where(*counted)
    ).one()
    if last is None:
        return work.execute(select(Charge.id).where(*posted).limit(1)).first() is not None
    free = max(last, late or last) + timedelta(days=1)
    if valid_from < free:
        raise refuse(
            "rules_used", "{name} 到 {day} 的账已经按原来的规则出了。", "请从 {free} 或以后起改。", name=item.name,
            day=free - timedelta(days=1), free=free, field="from",
        )  # fmt: skip
    return True


def _put(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> RulesAnswer:
    item = look_up.item(work, str(arguments["item"]))
    valid_from, changes = date.fromisoformat(str(arguments["from"])), dict(arguments["changes"])
    _refuse_used(work, item, valid_from, changes)
    before = look_up.rule_on(work, item.id, valid_from)
    values = {column.name: getattr(before, column.name) for column in FeeRule.__table__.columns}
    values |= {_COLUMNS.get(name, name): value for name, value in changes.items()} | {"valid_from": valid_from}
    work.execute(delete(FeeRule).where(FeeRule.item_id == item.id, FeeRule.valid_from == valid_from))
    work.execute(insert(FeeRule).values(**values))
    work.audit(
        "fee.changed",
        "fee_item",
        item.id,
        detail={**arguments, "reason": reason},
        sole=given.sole,
        approver_id=given.approver_id,
    )
    work.touched.add("tariff")
    warnings = rate_warnings(changes.get("late_rate"))
    return RulesAnswer(item.code, valid_from, tuple(_TITLES[name] for name in changes), warnings)


PERFORM["fee.change"] = _put


@use_case(Permission.SET_TARIFF, audit="fee.changed", touches=frozenset({"tariff"}))
def change(
    work: Work,
    code: str,
    valid_from: date,
    changes: Mapping[str, Any],
    reason: str | None = None,
    *,
    second: Approver | None = None,
) -> RulesAnswer | Waiting:
    """Change rules of an item from a day on; `changes` by the names of `NewItem`: due_day, due_offset, late_rate
    (1e-8), late_cap (1e-6), grace, vat_rate (1e-8), unit, rule, part_month, tariff_change, set_off. Once something was
    billed a second person must agree.

    Charges keep the rules that hold on the first day of their period, a late fee that of the due date (HANDBOOK §2.8,
    §2.10, §3). Raises Problem as for a new item; Refused `unknown_item`, `nothing_changes`,
    `rule_needed`, `rules_used`.
    """
    item = look_up.item(work, code)
    if valid_from < FROM_THE_BEGINNING:
        raise refuse("day_too_early", "日期 {day} 太早。", "请核对年份。", day=valid_from, field="from")
    rule = look_up.rule_on(work, item.id, valid_from)
    old = {name: getattr(rule, _COLUMNS.get(name, name)) for name in _TITLES}
    told = {name: value for name, value in _plain(changes).items() if name in old and old[name] != value}
    if not told:
        raise refuse("nothing_changes", "{name} 的规则没有变。", "请至少改一项。", name=item.name, field="from")
    for name, value in told.items():
        if value is None and name not in _MAY_BE_NONE:
            raise refuse("rule_needed", "{title}不能去掉。", "请写明改成什么。", title=_TITLES[name], field=name)
    new = {**old, **told}
    check_due(new["due_day"], new["due_offset"])
    liability = kind_of(item.kind).liability
    check_rates(new["late_rate"], new["late_cap"], new["grace"], new["vat_rate"], liability=liability)
    charged = _refuse_used(work, item, valid_from, told)
    arguments = {"item": item.code, "from": valid_from.isoformat(), "changes": told}
    if not charged:
        return _put(work, arguments, (reason or "").strip(), Consent(False, None))
    why = need_reason(reason)
    summary = f"{item.name} 从 {valid_from} 起改{'、'.join(_TITLES[name] for name in told)}"
    return perform_or_ask(
        work, "fee.change", _put, arguments, why, summary, second, audit="fee.changed", about=("fee_item", item.id)
    )


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in changes.items()}
