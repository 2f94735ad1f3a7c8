"""A month is shut, booked and opened again alike on SQLCipher and PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.domain.control_sums import ControlSums, MethodSum
from app.domain.problem import Problem
from app.services import billing, closes, finance_export, month_close, payments, receipts, voucher_accounts, vouchers
from app.services.month_close import MonthReopened
from app.services.refused import Refused
from tests.db.test_both_databases import _do, address, engine, estate

__all__ = ["address", "engine", "estate"]


def test_a_month_is_shut_booked_and_opened_again(estate: Engine, tmp_path: Path) -> None:
    _do(estate, payments.take, "3-1-101", 5_000, "wechat", date(2026, 5, 31))
    _do(estate, billing.post, "2026-06", date(2026, 6, 1))
    _do(estate, payments.take, "3-1-102", 50_000, "cash", date(2026, 6, 15))
    wrong = _do(estate, payments.take, "3-1-103", 700, "cash", date(2026, 6, 15))
    _do(estate, receipts.void, wrong.receipt, "录错")
    with pytest.raises(Refused, match="admin（2026-05-31 起）"):
        _do(estate, month_close.close, "2026-05")
    _do(estate, closes.close, date(2026, 6, 30), None, None, tmp_path / "j.pdf")
    _do(estate, month_close.close, "2026-05")
    done = _do(estate, month_close.close, "2026-06")
    assert done.sheet.sums == ControlSums(
        3 * 20_962, 0, (MethodSum("cash", 50_000, 0),), 5_000, 50_000 - 20_962, 0, 2 * 20_962 - 5_000
    )
    with pytest.raises(Problem, match="2026-06 已经月结"):
        _do(estate, payments.take, "3-1-101", 100, "cash", date(2026, 6, 30))
    _do(estate, voucher_accounts.change, "cash", "100101", "库存现金")
    made = _do(estate, vouchers.export, "2026-06", "kingdee", tmp_path / "v.xlsx")
    assert (made.vouchers, made.debit_fen) == (3, 3 * 20_962 + 50_000 + 5_000)
    assert isinstance(_do(estate, month_close.reopen, "2026-06", "漏记"), MonthReopened)
    assert [row.state for row in _do(estate, month_close.listing).rows] == ["reopened", "closed"]
    assert _do(estate, vouchers.listing)[0].month == "2026-06"


def test_tables_for_finance_are_written_alike(estate: Engine, tmp_path: Path) -> None:
    _do(estate, payments.take, "3-1-101", 5_000, "wechat", date(2026, 5, 31))
    _do(estate, billing.post, "2026-06", date(2026, 6, 1))
    wrong = _do(estate, payments.take, "3-1-103", 700, "cash", date(2026, 6, 15))
    _do(estate, receipts.void, wrong.receipt, "录错")
    first, last = date(2026, 5, 1), date(2026, 6, 30)
    found = {
        kind: _do(estate, finance_export.export, kind, tmp_path / f"{kind}.xlsx", first, last)
        for kind in finance_export.KINDS
    }
    assert {kind: one.rows for kind, one in found.items()} == {
        "charges": 3, "payments": 3, "arrears": 3, "deposits": 0, "prepaid": 0}  # fmt: skip
    assert dict(found["charges"].sums) == {
        "应收": 3 * 20_962, "调整": 0, "已收": 5_000, "未收": 3 * 20_962 - 5_000}  # fmt: skip
    assert dict(found["payments"].sums) == {
        "金额": 5_000, "其中费用": 0, "其中押金": 0, "其中预存": 5_000}  # fmt: skip
