"""权限表: what each role may do, as people read it; which acts take two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.security.permissions import ACTS, ROLE_PERMISSIONS, ROLE_TITLES, Permission
from app.services.use_case import use_case
from db.work import Work

YES, NO, TWO, HIDDEN = "yes", "no", "two", "no_money"
"""May; may not; may ask for it, another person approves; may, amounts left out."""

ROLES: tuple[tuple[str, str], ...] = tuple((str(role), title) for role, title in ROLE_TITLES.items())
"""The roles: code and title."""

_P = Permission
TITLES: Mapping[Permission, str] = {
    _P.SEE_HOUSES: "看房屋",
    _P.SEE_RESIDENTS: "看住户",
    _P.SEE_ID_NUMBERS: "看完整证件号",
    _P.IMPORT_REGISTER: "登记、导入房屋和住户",
    _P.SEE_MONEY: "看金额和账单",
    _P.SEE_TARIFFS: "看收费标准",
    _P.TAKE_PAYMENT: "收款、打印收据、日结",
    _P.SET_TARIFF: "收费项目和标准",
    _P.RUN_BILLS: "出账、作废出账",
    _P.IMPORT_MONEY: "导入期初和收款",
    _P.ENTER_READINGS: "抄表",
    _P.DUN: "发催缴文书",
    _P.LOG_CONTACT: "登记催缴电话",
    _P.SEE_EQUIPMENT: "看设备和维保",
    _P.MAINTAIN: "设备维保",
    _P.SEE_ALERTS: "看提醒",
    _P.SEE_SETTINGS: "看设置",
    _P.CHANGE_SETTINGS: "改设置（各按其类）",
    _P.DECIDE: "批准别人的申请",
    _P.MANAGE_USERS: "用户和角色",
    _P.BACK_UP: "备份、验证备份",
    _P.SEE_AUDIT: "看审计记录",
    _P.VERIFY: "核对整个办公室",
    _P.REBUILD: "重建余额",
    _P.ACCEPT_CLOCK: "确认电脑时间",
}
"""Rights that stand for themselves; left out is what only an act of two needs, or everybody or the system alone has."""


@dataclass(frozen=True, slots=True)
class RightsRow:
    """What may be done, and for each role (in the order of the table) how: YES, NO, TWO or HIDDEN."""

    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rights:
    """The table: the roles' titles, the rows."""

    roles: tuple[str, ...]
    rows: tuple[RightsRow, ...]


def _cell(role: str, right: Permission) -> str:
    held = ROLE_PERMISSIONS[role]
    if right not in held:
        return NO
    return HIDDEN if right is Permission.SEE_AUDIT and Permission.SEE_MONEY not in held else YES


def _acts() -> list[RightsRow]:
    rows = []
    for act in ACTS.values():
        asks = tuple(TWO if act.needs in ROLE_PERMISSIONS[role] else NO for role in ROLE_TITLES)
        approves = tuple(YES if role in act.approvers else NO for role in ROLE_TITLES)
        rows += [RightsRow(act.title, asks), RightsRow(f"{act.title}：批准", approves)]
    return rows


@use_case(Permission.SEE_AUDIT)
def table(work: Work) -> Rights:
    """The whole table; it stands in the program and cannot be changed by anybody."""
    plain = [RightsRow(title, tuple(_cell(role, right) for role in ROLE_TITLES)) for right, title in TITLES.items()]
    return Rights(tuple(ROLE_TITLES.values()), (*plain, *_acts()))
