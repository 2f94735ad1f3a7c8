"""会计科目: which account of the office's own chart each kind of entry is booked on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update

from app.domain.vouchers import (
    COST,
    DEFAULTS,
    DEPOSITS,
    INCOME,
    LATE_FEE,
    PREPAID,
    RECEIVABLE,
    TAX,
    WRITE_OFF,
    Account,
    account_of,
    income_key,
)
from app.security.permissions import Permission
from app.services.purse import METHODS
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.month import VoucherAccount
from db.models.tariff import FeeItem
from db.queries import ledger
from db.work import Work

TITLES: Mapping[str, str] = {
    RECEIVABLE: "应收",
    INCOME: "收入（没有单独设的项目）",
    TAX: "增值税",
    **{method: f"收款：{title}" for method, title in METHODS.items()},
    PREPAID: "预存",
    DEPOSITS: "押金",
    LATE_FEE: "违约金",
    COST: "费用",
    WRITE_OFF: "核销坏账",
}
"""What each key stands for."""

_CODE = re.compile(r"[0-9A-Za-z.\-]{1,20}")


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A key with its account; `own` where the office set it."""

    key: str
    title: str
    code: str
    name: str
    own: bool


def own_accounts(work: Work) -> dict[str, Account]:
    """The accounts that the office set, by key; for bodies of use cases."""
    rows = work.execute(select(VoucherAccount.key, VoucherAccount.code, VoucherAccount.name))
    return {key: Account(code, name) for key, code, name in rows}


def _titles(work: Work) -> dict[str, str]:
    deposits = ledger.deposit_items(work.connection)
    items = work.execute(select(FeeItem.id, FeeItem.code, FeeItem.name).order_by(FeeItem.code))
    return {**TITLES, **{income_key(row.code): f"收入：{row.name}" for row in items if row.id not in deposits}}


def _row(key: str, title: str, own: Mapping[str, Account]) -> AccountRow:
    account = account_of(key, own)
    return AccountRow(key, title, account.code, account.name, key in own)


@use_case(Permission.SEE_MONEY)
def listing(work: Work) -> tuple[AccountRow, ...]:
    """Every key with the account that holds for it now, each fee item's income included."""
    own = own_accounts(work)
    return tuple(_row(key, title, own) for key, title in _titles(work).items())


@use_case(Permission.CLOSE_MONTH, audit="account.changed", touches=frozenset({"account"}))
def change(work: Work, key: str, code: str, name: str) -> AccountRow:
    """Book a key on this account from the next export on.

    Raises Refused `unknown_account`, `bad_account_code`, `bad_account_name`.
    """
    titles, number, text = _titles(work), code.strip(), name.strip()
    if key not in titles:
        raise refuse(
            "unknown_account", "没有这一种科目：{key}。", "可用：{keys}；项目的收入写成 income:项目代码。", key=key,
            keys="、".join(DEFAULTS), field="key",
        )  # fmt: skip
    if not _CODE.fullmatch(number):
        raise refuse(
            "bad_account_code", "科目代码应为 1 到 20 位的数字、字母、点或横线。", "请改正科目代码。", field="code"
        )
    if not 0 < len(text) <= 40 or not text.isprintable():
        raise refuse("bad_account_name", "科目名称应为 1 到 40 个字。", "请改正科目名称。", field="name")
    before = own_accounts(work)
    if key in before:
        work.execute(
            update(VoucherAccount)
            .where(VoucherAccount.key == key)
            .values(code=number, name=text, version=VoucherAccount.version + 1)
        )
    else:
        work.insert(VoucherAccount, ("key", "code", "name"), [(key, number, text)])
    was = account_of(key, before)
    detail = {"key": key, "before": [was.code, was.name], "after": [number, text]}
    work.audit("account.changed", "voucher_account", None, detail=detail)
    return _row(key, titles[key], {**before, key: Account(number, text)})
