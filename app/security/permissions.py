"""Who may do what: the table of DESIGN §1 as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles at the desk."""

    CASHIER = "cashier"
    ACCOUNTANT = "accountant"
    FRONT_DESK = "front_desk"
    ENGINEERING = "engineering"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_TITLES: Mapping[str, str] = {
    Role.CASHIER: "收费员",
    Role.ACCOUNTANT: "财务",
    Role.FRONT_DESK: "客服",
    Role.ENGINEERING: "工程",
    Role.MANAGER: "项目经理",
    Role.ADMINISTRATOR: "系统管理员",
    Role.AUDITOR: "审计",
}


class Permission(StrEnum):
    """What a use case needs; named in its first line."""

    LOG_IN = "log_in"
    SEE_HOUSES = "see_houses"
    SEE_RESIDENTS = "see_residents"
    SEE_ID_NUMBERS = "see_id_numbers"
    SEE_MONEY = "see_money"
    SEE_TARIFFS = "see_tariffs"
    SEE_SETTINGS = "see_settings"
    TAKE_PAYMENT = "take_payment"
    REQUEST_VOID = "request_void"
    REQUEST_REVERSAL = "request_reversal"
    REQUEST_WAIVER = "request_waiver"
    REFUND = "refund"
    SET_TARIFF = "set_tariff"
    RUN_BILLS = "run_bills"
    IMPORT_MONEY = "import_money"
    IMPORT_REGISTER = "import_register"
    ENTER_READINGS = "enter_readings"
    DECIDE = "decide"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_USERS = "manage_users"
    BACK_UP = "back_up"
    RESTORE = "restore"
    VERIFY = "verify"
    REBUILD = "rebuild"
    ACCEPT_CLOCK = "accept_clock"
    DUN = "dun"
    LOG_CONTACT = "log_contact"
    SEE_EQUIPMENT = "see_equipment"
    MAINTAIN = "maintain"
    SEE_ALERTS = "see_alerts"
    SEE_AUDIT = "see_audit"
    RUN_JOBS = "run_jobs"
    PROPOSE = "propose"
    CLOSE_MONTH = "close_month"


_P = Permission
_READS_MONEY = {_P.SEE_MONEY, _P.SEE_TARIFFS}
_REGISTER = {_P.SEE_HOUSES, _P.SEE_RESIDENTS}
_EVERYBODY = {_P.LOG_IN, _P.SEE_SETTINGS, _P.SEE_ALERTS}

ROLE_PERMISSIONS: Mapping[str, frozenset[Permission]] = {
    Role.CASHIER: frozenset(
        _EVERYBODY
        | _REGISTER
        | _READS_MONEY
        | {_P.TAKE_PAYMENT, _P.REQUEST_VOID, _P.REQUEST_REVERSAL, _P.REQUEST_WAIVER, _P.REFUND}
    ),
    Role.ACCOUNTANT: frozenset(
        _EVERYBODY
        | _REGISTER
        | _READS_MONEY
        | {_P.TAKE_PAYMENT, _P.REQUEST_VOID, _P.REQUEST_REVERSAL, _P.SET_TARIFF, _P.RUN_BILLS, _P.IMPORT_MONEY}
        | {_P.ENTER_READINGS, _P.DECIDE, _P.CHANGE_SETTINGS, _P.DUN, _P.LOG_CONTACT}
        | {_P.REQUEST_WAIVER, _P.REFUND, _P.CLOSE_MONTH}
    ),
    Role.FRONT_DESK: frozenset(
        _EVERYBODY
        | _REGISTER
        | _READS_MONEY
        | {_P.IMPORT_REGISTER, _P.LOG_CONTACT, _P.SEE_EQUIPMENT, _P.REQUEST_WAIVER}
    ),
    Role.ENGINEERING: frozenset(_EVERYBODY | {_P.SEE_HOUSES, _P.ENTER_READINGS, _P.SEE_EQUIPMENT, _P.MAINTAIN}),
    Role.MANAGER: frozenset(
        _EVERYBODY
        | _REGISTER
        | _READS_MONEY
        | {_P.SEE_ID_NUMBERS, _P.TAKE_PAYMENT, _P.REQUEST_VOID, _P.REQUEST_REVERSAL, _P.SET_TARIFF, _P.RUN_BILLS}
        | {_P.IMPORT_MONEY, _P.IMPORT_REGISTER, _P.ENTER_READINGS, _P.DECIDE, _P.CHANGE_SETTINGS, _P.VERIFY}
        | {_P.RESTORE, _P.ACCEPT_CLOCK, _P.REBUILD, _P.DUN, _P.LOG_CONTACT, _P.SEE_EQUIPMENT, _P.MAINTAIN}
        | {_P.SEE_AUDIT, _P.REQUEST_WAIVER, _P.REFUND, _P.CLOSE_MONTH}
    ),
    Role.ADMINISTRATOR: frozenset(
        _EVERYBODY
        | {_P.MANAGE_USERS, _P.BACK_UP, _P.RESTORE, _P.VERIFY, _P.DECIDE, _P.CHANGE_SETTINGS, _P.REBUILD}
        | {_P.SEE_AUDIT}
    ),
    Role.AUDITOR: frozenset(_EVERYBODY | _REGISTER | _READS_MONEY | {_P.VERIFY, _P.SEE_EQUIPMENT, _P.SEE_AUDIT}),
}


@dataclass(frozen=True, slots=True)
class Act:
    """An act that needs a second person: its Chinese name, what the requester needs, which roles may approve.

    `own` are the roles that approve where the requester alone holds the approving role.
    """

    title: str
    needs: Permission
    approvers: frozenset[str]


ACTS: Mapping[str, Act] = {
    "receipt.void": Act("作废收据", _P.REQUEST_VOID, frozenset({Role.ACCOUNTANT, Role.MANAGER})),
    "receipt.reverse": Act("红冲收据", _P.REQUEST_REVERSAL, frozenset({Role.MANAGER})),
    "receipt.rebook": Act("错收改记", _P.REQUEST_VOID, frozenset({Role.MANAGER})),
    "charge.adjust": Act("减免、补收", _P.REQUEST_WAIVER, frozenset({Role.MANAGER})),
    "discount.add": Act("折扣", _P.REQUEST_WAIVER, frozenset({Role.MANAGER})),
    "house.settle": Act("结算时退款", _P.RUN_BILLS, frozenset({Role.ACCOUNTANT, Role.MANAGER})),
    "payment.refund": Act("退款", _P.REFUND, frozenset({Role.ACCOUNTANT, Role.MANAGER})),
    "deposit.return": Act("退押金", _P.REFUND, frozenset({Role.ACCOUNTANT, Role.MANAGER})),
    "tariff.copy": Act("整体调整收费标准", _P.SET_TARIFF, frozenset({Role.ACCOUNTANT, Role.MANAGER})),
    "fee.change": Act("修改收费项目", _P.SET_TARIFF, frozenset({Role.ACCOUNTANT, Role.MANAGER})),
    "tariff.add": Act("调整收费标准", _P.SET_TARIFF, frozenset({Role.ACCOUNTANT, Role.MANAGER})),
    "person.anonymise": Act("匿名搬走的人", _P.IMPORT_REGISTER, frozenset({Role.MANAGER})),
    "month.reopen": Act("重开月份", _P.CLOSE_MONTH, frozenset({Role.MANAGER})),
    "user.passwd": Act("重设密码", _P.MANAGE_USERS, frozenset({Role.MANAGER})),
    "user.passwd.manager": Act("重设经理的密码", _P.MANAGE_USERS, frozenset({Role.MANAGER, Role.ADMINISTRATOR})),
    "backup.restore": Act("恢复备份", _P.RESTORE, frozenset({Role.MANAGER, Role.ADMINISTRATOR})),
}

SYSTEM_PERMISSIONS: frozenset[Permission] = frozenset({_P.BACK_UP, _P.RUN_JOBS, _P.PROPOSE})
"""What the built-in user `system` may do, fixed here: back up, raise alerts, propose runs and letters."""


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """The union of what these roles may do."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))
