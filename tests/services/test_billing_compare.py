"""A run before it is posted, beside each item's last period: how each line arises, why it differs, what is marked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.domain.money import Fen
from app.domain.period import Cycle
from app.domain.tariff import Scope
from app.services import billing_compare, billing_review, fees, prepay, readings, shared_costs, tariffs
from app.services.billing_choice import Chosen
from app.services.billing_compare import Compared
from app.services.shared_costs import NewCost
from tests.builders import Office

HOUSES = ("3-1-0101", "3-1-0102", "3-1-0103")


@pytest.fixture
def billed(office: Office) -> Office:
    """June is posted; in July the fee of one house changes, one house has no reading, one uses ten times as much."""
    office.with_houses(HOUSES, area=1_000_000).with_item("WY", "area", "2").with_item("SF", "meter", "4")
    for house in HOUSES:
        office.with_meter(house, on="2026-04-30")
        readings.add(office.manager, house, "水", "10", date(2026, 5, 31))
    office.bill("2026-06")
    tariffs.add(office.manager, "WY", date(2026, 7, 1), {"price": "2.5"}, Scope.HOUSE, "3-1-0102", "调价")
    readings.add(office.manager, "3-1-0101", "水", "20", date(2026, 6, 30))
    readings.add(office.manager, "3-1-0102", "水", "110", date(2026, 6, 30))
    return office


def _changes(office: Office, item: str, month: str = "2026-07") -> list[Compared]:
    review = billing_review.review(office.manager, month)
    return list(billing_compare.changes(office.manager, review.plan, item))


def _marks(office: Office, month: str = "2026-07") -> dict[str, tuple[int, tuple[str, ...]]]:
    review = billing_review.review(office.manager, month)
    return {one.mark: (one.count, one.houses) for one in billing_compare.marked(office.manager, review.plan)}


def test_each_house_says_how_and_why(billed: Office) -> None:
    assert _changes(billed, "WY") == [
        Compared("3-1-0102", "费WY", "100 m² × 2.50", 25000, 20000, "标准 2.00 → 2.50"),
        Compared("3-1-0101", "费WY", "100 m² × 2.00", 20000, 20000, ""),
        Compared("3-1-0103", "费WY", "100 m² × 2.00", 20000, 20000, ""),
    ]
    assert _changes(billed, "SF") == [
        Compared("3-1-0102", "费SF", "100 × 4.00", 40000, 4000, "用量 10 → 100"),
        Compared("3-1-0101", "费SF", "10 × 4.00", 4000, 4000, ""),
    ]


def test_what_deserves_a_look(billed: Office) -> None:
    assert _marks(billed) == {
        "odd_usage": (1, ("3-1-0102",)), "doubled": (1, ("3-1-0102",)), "tariff": (1, ("3-1-0102",)),
    }  # fmt: skip
    review = billing_review.review(billed.manager, "2026-07")
    (row,) = billing_compare.with_mark(billed.manager, review.plan, "doubled")
    assert (row.house, row.item, row.fen, row.last_fen) == ("3-1-0102", "费SF", 40000, 4000)


def test_no_usage_where_somebody_lives_is_odd_and_costs_nothing(billed: Office) -> None:
    with billed.manager.transaction(write=True) as work:
        work.change_many("house", ("id",), ("state",), [("owner", 3)])
        work.audit("test.lived_in", "house")
    readings.add(billed.manager, "3-1-0103", "水", "10", date(2026, 6, 30))
    marks = _marks(billed)
    assert (marks["odd_usage"], marks["zero"]) == ((2, ("3-1-0102", "3-1-0103")), (1, ("3-1-0103",)))


def test_a_house_that_is_charged_no_more_and_one_that_never_was(billed: Office) -> None:
    billed.with_houses(("5-1-0101",), area=1_000_000)
    with billed.manager.transaction(write=True) as work:
        work.change_many("fee_item", ("code",), ("houses",), [("listed", "WY")])
        work.audit("test.listed", "fee_item")
    for house in HOUSES[:2]:
        fees.assign(billed.manager, "WY", house, date(2026, 1, 1))
    marks = _marks(billed)
    assert marks["stopped"] == (1, ("3-1-0103",))
    assert marks["without"] == (2, ("3-1-0103", "5-1-0101"))
    review = billing_review.review(billed.manager, "2026-07")
    (gone,) = billing_compare.with_mark(billed.manager, review.plan, "stopped")
    assert gone == Compared("3-1-0103", "费WY", "", None, 20000, "本期没有")


def test_what_was_paid_ahead_is_charged_all_the_same(billed: Office) -> None:
    prepay.take(billed.manager, "3-1-0101", "WY", 2)
    marks = _marks(billed)
    assert "stopped" not in marks
    assert [row.house for row in _changes(billed, "WY")] == ["3-1-0102", "3-1-0103"]
    billed.bill("2026-07")
    assert {row.why for row in _changes(billed, "WY", "2026-09")} == {""}


def test_a_longer_period_is_compared_with_the_one_before(office: Office) -> None:
    office.with_houses(HOUSES[:1], area=1_000_000).with_item("WY", "area", "2", cycle=Cycle.QUARTER)
    office.bill("2026-04")
    (item,) = billing_review.review(office.manager, "2026-07").items
    assert (item.fen, item.last_fen) == (60000, 60000)
    assert _changes(office, "WY") == [Compared(HOUSES[0], "费WY", "100 m² × 2.00 × 3 月", 60000, 60000, "")]


def test_a_divided_cost_says_what_was_divided(office: Office) -> None:
    office.with_houses(HOUSES[:2]).with_item("GT", "shared", {"by": "house"})
    for month, fen in (("2026-05", 1000), ("2026-06", 1300)):
        shared_costs.add(office.manager, NewCost("GT", month, Fen(fen)))
    office.bill("2026-06")
    assert [row.why for row in _changes(office, "GT")] == ["总额 10.00 → 13.00"] * 2


def test_the_workbook_has_every_line_and_what_cannot_be_billed(billed: Office, tmp_path: Path) -> None:
    target = tmp_path / "preview.xlsx"
    done = billing_compare.export(billed.manager, "2026-07", target)
    assert (done.lines, done.kept_back) == (5, 1)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["逐户", "按项目", "不能出"]
    rows = [row for row in book["逐户"].iter_rows(values_only=True) if row[0] in HOUSES]
    assert rows[1] == ("3-1-0102", "费SF", "100 × 4.00", 400, 40, 360, "用量 10 → 100", "用量异常、翻倍以上")
    assert [row for row in book["不能出"].iter_rows(values_only=True) if row[0] in HOUSES] == [
        ("3-1-0103", "费SF", "没有可以出账的读数")
    ]
    assert billed.sql("SELECT COUNT(*) FROM charge") == [(6,)]
    status, said = billed.command("bill", "preview", "--period", "2026-07", "--item", "WY", "--out", str(target))
    assert (status, said["lines"], said["file"]) == (0, 3, str(target))


def test_what_was_chosen_is_all_that_is_compared(billed: Office) -> None:
    review = billing_review.review(billed.manager, "2026-07", chosen=Chosen(items=("WY",), houses=("3-1-0101",)))
    assert [row.house for row in billing_compare.changes(billed.manager, review.plan, "WY")] == ["3-1-0101"]
    assert billing_compare.marked(billed.manager, review.plan) == ()
