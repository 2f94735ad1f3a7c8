"""Settings: one table of declarations (type, default, who may change), values by the day from which they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from sqlalchemy import delete, insert, select

from app.domain.money import parse_yuan, plain_yuan
from app.domain.prepay import LONGEST_MONTHS, parse_offers
from app.domain.problem import Problem, problem
from app.security.permissions import Permission, Role
from app.services.refused import NotAllowed, Refused, refuse
from app.services.use_case import use_case
from db.models.office import Setting
from db.models.people import Party, Person
from db.models.run import BillRun
from db.queries import billing
from db.work import Work

Parse = Callable[[str], str]


def _text(longest: int) -> Parse:
    def parse(value: str) -> str:
        value = value.strip()
        if len(value) > longest or any(ord(char) < 32 for char in value):
            raise problem("setting.text", "最多 {n} 个字，不含换行等控制字符。", "请改短后再设。", n=longest)
        return value

    return parse


def _integer(low: int, high: int) -> Parse:
    def parse(value: str) -> str:
        if not re.fullmatch(r"[+-]?\d{1,6}", value.strip()) or not low <= int(value) <= high:
            raise problem("setting.integer", "应为 {low} 到 {high} 的整数。", "请改正后再设。", low=low, high=high)
        return str(int(value))

    return parse


def _choice(*options: str) -> Parse:
    def parse(value: str) -> str:
        if value.strip() not in options:
            raise problem("setting.choice", "只能是：{options}。", "请改正后再设。", options="、".join(options))
        return value.strip()

    return parse


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise problem("setting.day", "应为日期，如 2026-07-01。", "请改正后再设。") from None


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,4}", value.strip()):
        raise problem("setting.prefix", "应为 1 到 4 个大写字母。", "请改正后再设。")
    return value.strip()


def _amount(value: str) -> str:
    fen = parse_yuan(plain_yuan(parse_yuan(value))) if "." in value else None
    if fen is not None or not re.fullmatch(r"\d{1,9}", value.strip()):
        raise problem("setting.fen", "应为分的整数，不小于 0。", "请改正后再设。")
    return str(int(value))


def _offers(value: str) -> str:
    return ",".join(f"{paid}:{free}" for paid, free in sorted(parse_offers(value).items()))


def _dun_days(value: str) -> str:
    days = [part.strip() for part in value.replace("，", ",").split(",")]
    if len(days) != 4 or not all(re.fullmatch(r"\d{1,4}", day) for day in days):
        raise problem("setting.dun_days", "应为四个天数，用逗号隔开，如 7,30,60,90。", "请改正后再设。")
    numbers = [int(day) for day in days]
    if numbers[0] < 1 or any(after <= before for before, after in pairwise(numbers)):
        raise problem("setting.dun_days_order", "四个天数要一个比一个大，从 1 起。", "请改正后再设。")
    return ",".join(str(number) for number in numbers)


def _places(value: str) -> str:
    places = [part.strip() for part in value.split("|") if part.strip()]
    if len(places) > 5 or any(not part.isprintable() or not Path(part).is_absolute() for part in places):
        raise problem("setting.places", "应为完整的文件夹路径，最多 5 个，用 | 隔开。", "请从盘符或根目录写起。")
    return "|".join(dict.fromkeys(places))


@dataclass(frozen=True, slots=True)
class Declared:
    """A setting: its Chinese title, parser, default, and the roles that may change it."""

    title: str
    parse: Parse
    default: str
    roles: frozenset[str]


_MONEY = frozenset({Role.ACCOUNTANT, Role.MANAGER})
_OFFICE = frozenset({Role.MANAGER})
_SAFETY = frozenset({Role.ADMINISTRATOR})

SETTINGS: Mapping[str, Declared] = {
    "office_name": Declared("服务中心名称", _text(60), "", _OFFICE),
    "letterhead": Declared("抬头（单位名称）", _text(60), "", _OFFICE),
    "bank_account": Declared("收款账户", _text(120), "", _MONEY),
    "telephone": Declared("电话", _text(40), "", _OFFICE),
    "contract_clause": Declared("合同约定的条款", _text(400), "", _OFFICE),
    "due_day": Declared("到期日（每月第几日）", _integer(1, 31), "31", _MONEY),
    "due_offset": Declared("到期月偏移", _integer(0, 12), "0", _MONEY),
    "min_days": Declared("出账后至少几日到期", _integer(0, 90), "10", _MONEY),
    "rest_day_shift": Declared("到期日遇休息日顺延", _choice("on", "off"), "on", _MONEY),
    "go_live": Declared("启用日", _day, "", _MONEY),
    "receipt_prefix": Declared("收据号字头", _prefix, "S", _MONEY),
    "receipt_paper": Declared("收据纸", _choice("241", "a4"), "241", _MONEY),
    "waiver_limit_fen": Declared("无需审批的减免（分）", _amount, "0", _OFFICE),
    "prepay_offers": Declared("预交优惠（交几个月:送几个月）", _offers, "12:1", _OFFICE),
    "prepay_months": Declared("最多预交几个月", _integer(1, 36), str(LONGEST_MONTHS), _OFFICE),
    "prepay_over": Declared("预交超过时", _choice("warn", "stop"), "warn", _OFFICE),
    "dispute_late_fee": Declared("有争议时的违约金", _choice("stop", "go_on"), "stop", _OFFICE),
    "within_debt_order": Declared("一笔里先还哪部分", _choice("statutory", "principal_first"), "statutory", _OFFICE),
    "allocation_order": Declared("收款先还哪一笔", _choice("statutory", "oldest_first"), "statutory", _OFFICE),
    "small_change": Declared("抹零", _choice("off", "jiao", "yuan"), "off", _OFFICE),
    "bill_change": Declared("出账时变化到百分之几要看一眼", _integer(1, 1000), "10", _MONEY),
    "reading_window": Declared("账期后几日内的读数仍算本期", _integer(0, 31), "10", _MONEY),
    "idle_lock_min": Declared("闲置锁屏（分钟）", _integer(1, 30), "5", _SAFETY),
    "utc_offset": Declared("时区（分钟）", _integer(-720, 840), "480", _SAFETY),
    "dun_days": Declared("催缴各步在到期后几日（提示,通知单,催缴函,律师函）", _dun_days, "7,30,60,90", _OFFICE),
    "dun_gap": Declared("两步催缴至少隔几日", _integer(1, 365), "15", _OFFICE),
    "dun_term": Declared("催缴函给的合理期限（日）", _integer(1, 365), "15", _OFFICE),
    "dun_min_fen": Declared("欠费满多少才催（分）", _amount, "5000", _OFFICE),
    "office_address": Declared("服务中心地址", _text(80), "", _OFFICE),
    "backup_places": Declared("自动备份的位置（用 | 隔开）", _places, "", _SAFETY),
    "retention_years": Declared("搬走的人的资料保留几年", _integer(1, 50), "5", _OFFICE),
    "developer": Declared("开发商（未售、未交付房屋的付款人）", _text(60), "", _OFFICE),
}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting with its value today."""

    name: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting as a form shows it: its value today, the day from which it holds (None: from the beginning), and
    whether this seat may change it.
    """

    name: str
    title: str
    value: str
    since: date | None
    may_change: bool


_BEGINNING = date(1970, 1, 1)
_VALUE = "SELECT value FROM setting WHERE name = ? AND valid_from <= ? ORDER BY valid_from DESC LIMIT 1"


def value(work: Work, name: str, on: date | None = None) -> str:
    """The value of a setting on a day (default today); for bodies of use cases."""
    day = on or work.today
    stored = work.driver(_VALUE, (name, day.isoformat())).scalar()
    return SETTINGS[name].default if stored is None else str(stored)


def values(work: Work, on: date | None = None) -> dict[str, str]:
    """All settings on a day, defaults included."""
    day = on or work.today
    found = {name: declared.default for name, declared in SETTINGS.items()}
    rows = work.execute(select(Setting).where(Setting.valid_from <= day).order_by(Setting.valid_from))
    found.update({row.name: row.value for row in rows})
    return found


def _declared(name: str) -> Declared:
    if name not in SETTINGS:
        raise refuse("unknown_setting", "没有这个设置：{name}。", "请用 settings list 查看。", name=name)
    return SETTINGS[name]


@use_case(Permission.SEE_SETTINGS)
def get(work: Work, name: str) -> SettingRow:
    """One setting."""
    return SettingRow(name, _declared(name).title, value(work, name))


@use_case(Permission.SEE_SETTINGS)
def listing(work: Work) -> tuple[SettingRow, ...]:
    """All settings with their values today."""
    today = values(work)
    return tuple(SettingRow(name, declared.title, today[name]) for name, declared in SETTINGS.items())


@use_case(Permission.SEE_SETTINGS)
def sheet(work: Work) -> tuple[SettingLine, ...]:
    """All settings with their values today, since when, and which of them this seat may change."""
    today = values(work)
    rows = work.execute(select(Setting).where(Setting.valid_from <= work.today).order_by(Setting.valid_from))
    since = {row.name: row.valid_from for row in rows if row.valid_from > _BEGINNING}
    may = Permission.CHANGE_SETTINGS in work.permissions
    return tuple(
        SettingLine(name, declared.title, today[name], since.get(name), may and bool(work.roles & declared.roles))
        for name, declared in SETTINGS.items()
    )


def _check_go_live(work: Work) -> None:
    if work.execute(select(BillRun.id).where(BillRun.state == "posted").limit(1)).first():
        raise refuse("go_live_fixed", "已经出过账，启用日不能再改。", "要改请先作废全部出账。", field="go_live")


def put(work: Work, name: str, new: str, valid_from: date) -> str:
    """Write a setting's value; gives its stored text. For bodies of use cases."""
    text = _declared(name).parse(new)
    work.execute(delete(Setting).where(Setting.name == name, Setting.valid_from == valid_from))
    work.execute(insert(Setting).values(name=name, valid_from=valid_from, value=text))
    return text


@use_case(Permission.CHANGE_SETTINGS, audit="setting.changed", touches=frozenset({"setting"}))
def change(work: Work, name: str, new: str) -> SettingRow:
    """Change a setting from today on (from the beginning for what never was set)."""
    before, text = _change(work, name, new)
    work.audit("setting.changed", "setting", None, detail={"name": name, "before": before, "after": text})
    return SettingRow(name, SETTINGS[name].title, text)


@use_case(Permission.CHANGE_SETTINGS, audit="setting.changed", touches=frozenset({"setting"}))
def change_several(work: Work, new: Mapping[str, str], seen: Mapping[str, str] | None = None) -> tuple[SettingRow, ...]:
    """Change settings together, each as `change` does, or none. A refusal names the setting as its field.

    `seen` are the values that were there when the person began: Refused `changed_meanwhile` where somebody else
    changed one since, with both versions.
    """
    if not new:
        raise refuse("nothing_changed", "没有改动。", "改了再保存。")
    for name, before in (seen or {}).items():
        now = value(work, name)
        if name in new and now not in (before, new[name]):
            raise refuse(
                "changed_meanwhile",
                "刚才有人把它改成了“{now}”；您打开时是“{before}”，您填的是“{mine}”。",
                "要用您填的，再保存一次；要用他的，改成他的再保存。",
                field=name,
                now=now,
                before=before,
                mine=new[name],
            )
    changed = {name: _change(work, name, text) for name, text in new.items()}
    said = {SETTINGS[name].title: [before, after] for name, (before, after) in changed.items()}
    work.audit("setting.changed", "setting", None, detail={"settings": said})
    return tuple(SettingRow(name, SETTINGS[name].title, after) for name, (_, after) in changed.items())


def _change(work: Work, name: str, new: str) -> tuple[str, str]:
    """Write a setting; gives its value before and after."""
    if not work.roles & _declared(name).roles:
        raise NotAllowed(problem("no_permission", "您的角色不能改这个设置。", "请由有权限的同事办理。"), field=name)
    if name == "go_live":
        _check_go_live(work)
    before = value(work, name)
    never_set = work.execute(select(Setting.name).where(Setting.name == name).limit(1)).first() is None
    try:
        text = put(work, name, new, _BEGINNING if never_set else work.today)
    except Problem as why:
        raise Refused(why, field=name) from None
    if name == "developer" and text:
        _developer_party(work, text)
    return before, text


def _developer_party(work: Work, name: str) -> None:
    """The developer as a firm with a party of its own, which unsold and undelivered houses are billed to."""
    if billing.developer_party(work.connection, name) is not None:
        return
    (person_id,) = work.insert(Person, ("kind", "name", "registered"), [("firm", name, True)])
    work.insert(Party, ("person_id",), [(person_id,)])
