"""Lists give the same answers on SQLCipher and PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from app.services import arrears_list, bill_list, billing, house_list, payments, receipt_list
from app.services.list_face import Query, Sort
from tests.db.test_both_databases import _do, address, engine, estate

__all__ = ["address", "engine", "estate"]

LISTS = [
    (house_list, house_list.HOUSES),
    (bill_list, bill_list.BILLS),
    (receipt_list, receipt_list.RECEIPTS),
    (arrears_list, arrears_list.ARREARS),
]


@pytest.fixture
def billed(estate: Engine) -> Engine:
    _do(estate, billing.post, "2026-05")
    _do(estate, billing.post, "2026-06")
    _do(estate, payments.take, "3-1-101", 30_000)
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
