"""Lists give the same answers on SQLCipher and PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain.house_order import parse, sort_key
from app.services import (
    arrears_list,
    bank,
    bank_list,
    bill_list,
    billing,
    house_list,
    imports,
    parking,
    payments,
    receipt_list,
    space_list,
    vehicles,
)
from app.services.imports import Source
from app.services.list_face import Query, Sort
from db.models.estate import House
from db.models.people import Resident
from db.work import Work
from reports.excel.records import BankLine, Book
from reports.excel.records import Payment as PaymentRow
from tests.db.test_both_databases import _do, address, engine, estate

__all__ = ["address", "engine", "estate"]

LISTS = [
    (house_list, house_list.HOUSES),
    (bill_list, bill_list.BILLS),
    (receipt_list, receipt_list.RECEIPTS),
    (arrears_list, arrears_list.ARREARS),
    (bank_list, bank_list.LINES),
    (space_list, space_list.SPACES),
]


def _a_space(work: Work) -> None:
    columns = ("estate_id", "kind", "number", "number_key", "sort_key", "state")
    work.insert(House, columns, [(1, "parking", "B1-15", "B1-15", sort_key(parse("B1-15")), "owner")])
    row = (1, 1, "owner", 0)
    work.insert(Resident, ("house_id", "person_id", "relation", "position"), [row])
    work.audit("test.space", "house")


_a_space.__wrapped__ = _a_space  # type: ignore[attr-defined]


@pytest.fixture
def billed(estate: Engine) -> Engine:
    _do(estate, billing.post, "2026-05")
    _do(estate, billing.post, "2026-06")
    _do(estate, _a_space)
    _do(estate, parking.lease, "B1-15", "leased", "3-1-101", date(2026, 7, 1), date(2026, 7, 31))
    _do(estate, vehicles.add, "B1-15", "京A12345")
    _do(estate, payments.take, "3-1-101", 30_000)
    came = tuple(
        BankLine("流水", n + 2, date(2026, 7, n), 700 * n, "样例 3-1-0102", f"B{n}", "物业费") for n in (1, 2, 3)
    )
    _do(estate, imports.bank, Source("流水.csv", "0"), book=Book(3, ("流水",), (), (), bank=came))
    return estate


def test_every_list_sorts_searches_filters_and_adds_up(billed: Engine) -> None:
    for doors, listing in LISTS:
        everything = sorted(_do(billed, doors.keys, Query()))
        assert everything
        for column in listing.columns:
            for descending in (False, True):
                query = Query(sorts=(Sort(column.key, descending),))
                assert sorted(_do(billed, doors.keys, query)) == everything
        counts = _do(billed, doors.counts, Query())
        for name, values in counts.of.items():
            for value, n in values.items():
                assert len(_do(billed, doors.keys, Query(filters=((name, value),)))) == n
        for typed in ("3-1", "3栋1单元101", "样例 3-1-0101", "%", "0" * 5000, "\x00\ud800"):
            _do(billed, doors.keys, Query(typed))
        assert len(_do(billed, doors.rows, everything)) == len(everything)


def test_figures_are_the_same_on_both(billed: Engine) -> None:
    assert _do(billed, house_list.totals, Query())["owed"] == 95_772
    assert _do(billed, bill_list.totals, Query()) == {"charged": 125_772, "paid": 30_000, "open": 95_772}
    rows: dict[int, Any] = _do(billed, arrears_list.rows, _do(billed, arrears_list.keys, Query()))
    assert {row.house: (row.owed, row.age) for row in rows.values()} == {
        "3-1-0101": (11_924, "未到期"), "3-1-0102": (41_924, "未到期"), "3-1-0103": (41_924, "未到期"),
    }  # fmt: skip
    assert sum(_do(billed, arrears_list.ages).values()) == 95_772


def test_payments_come_in_and_lines_find_them_on_both(billed: Engine) -> None:
    rows = tuple(
        PaymentRow("收款", n + 2, f"3-1-0{100 + n}", f"3-1-{100 + n}", None, 700 * n, date(2026, 7, n), "微信", None,
                   None, None, None)
        for n in (1, 2, 3)
    )  # fmt: skip
    done = _do(billed, imports.payments, Source("收款.xlsx", "0"), book=Book(3, ("收款",), (), (), payments=rows))
    assert done.by_kind["payment"].added == 3
    shown = _do(billed, bank.listing, "open")
    assert [len(row.candidates) for row in shown] == [1, 1, 1]
    first = shown[0]
    assert _do(billed, bank.match, first.line, first.candidates[0].receipt).state == "matched"
    assert _do(billed, bank.book_line, shown[1].line, "3-1-102").payment.amount_fen == 1_400
    assert _do(billed, bank.ignore, shown[2].line, "利息").state == "ignored"
    assert [row.state for row in _do(billed, bank.listing)] == ["matched", "booked", "ignored"]
