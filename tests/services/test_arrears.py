"""Who owes what: the sums agree on any day, and a past day stays as it was after later payments and reversals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.services import arrears, late_fees, payments, receipts, statements
from app.services.arrears import Arrears
from app.services.projections import insert_open, late_from
from app.services.refused import Refused
from db.models.ledger import Charge
from db.queries import owed
from tests.builders import Office

LINE = 20962


def _on(office: Office, day: str | None = None) -> Arrears:
    found = arrears.arrears(office.manager, date.fromisoformat(day) if day else None)
    assert sum(found.buckets.values()) == found.total_fen == sum(h.owed_fen for h in found.houses)
    assert sum(i.owed_fen for i in found.items) == found.total_fen
    for item in found.items:
        assert sum(item.buckets.values()) == item.owed_fen
    assert sum(h.late_fee_fen for h in found.houses) == found.late_fee_fen
    return found


@pytest.fixture
def billed(office: Office) -> Office:
    """Two houses that owe May to July; the clock stands at 6 July."""
    office.with_houses().with_item(late_rate=50_000).with_item("LJ", "flat", "8")
    for month in ("2026-05", "2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    return office


def test_by_age_house_and_item_with_the_late_fee_beside(billed: Office) -> None:
    found = _on(billed)
    assert found.total_fen == 2 * 3 * (LINE + 800)
    # Due 1 June (31 May is a Sunday) and 30 June: 35 and 6 days at 0.0005.
    assert found.late_fee_fen == 2 * (367 + 63)
    assert [(h.house, h.owed_fen, h.late_fee_fen, h.oldest_due, h.days) for h in found.houses] == [
        ("3-1-0101", 3 * (LINE + 800), 430, date(2026, 6, 1), 35),
        ("3-1-0102", 3 * (LINE + 800), 430, date(2026, 6, 1), 35),
    ]
    assert {name: fen for name, fen in found.buckets.items() if fen} == {
        "not_due": 2 * (LINE + 800), "d1_30": 2 * (LINE + 800), "d31_90": 2 * (LINE + 800)}  # fmt: skip
    assert [(i.item, i.owed_fen) for i in found.items] == [("LJ", 6 * 800), ("WY", 6 * LINE)]


def test_a_past_day_stays_what_it_was(billed: Office) -> None:
    """Later payments, a void, a reversal, a late fee posted and a run taken back change nothing of the day before."""
    billed.pay("3-1-101", 10_000)
    paid = billed.pay("3-1-102", 30_000)
    before = _on(billed)
    days = ["2026-05-20", "2026-06-15", "2026-07-03", "2026-07-06"]
    kept = {day: _on(billed, day) for day in days}
    assert kept["2026-07-06"] == before
    billed.clock.to("2026-07-20")
    assert _on(billed, "2026-07-06") == before
    billed.pay("3-1-101", 55_286)
    receipts.reverse(billed.manager, paid.receipt, "退票")
    wrong = billed.pay("3-1-102", 100)
    receipts.void(billed.manager, wrong.receipt, "录错")
    billed.clock.to("2026-07-31")
    kept["2026-07-31"] = _on(billed)
    billed.clock.to("2026-08-02")
    billed.bill("2026-08")
    billed.pay("3-1-102", 100_000)
    for day in kept:
        assert _on(billed, day) == kept[day], day
        owed_by_house = {h.house: (h.owed_fen, h.late_fee_fen) for h in kept[day].houses}
        for house in ("3-1-0101", "3-1-0102"):
            account = statements.statement(billed.manager, house, None, date.fromisoformat(day))
            assert (account.owed_fen, account.late_fee_fen) == owed_by_house.get(house, (0, 0)), (day, house)
    assert billed.command("verify")[1]["ok"]


def test_a_house_that_only_owes_a_late_fee_stays_in_the_list(billed: Office) -> None:
    with billed.manager.transaction(write=True) as work:
        charge = next(c for c in owed.open_charges(work.connection, [2]) if c.item == "WY")
        late_fees.post(work, [(charge, 367)], work.today)
        work.audit("test", "charge")
    assert _on(billed).late_fee_fen == 430 + 63
    billed.pay("3-1-101", 3 * (LINE + 800) + 430)
    billed.pay("3-1-102", 3 * (LINE + 800) + 63, wishes=[
        payments.Wish("WY", "2026-07"), payments.Wish("LJ", "2026-07"), payments.Wish("LJ", "2026-06"),
        payments.Wish("LJ", "2026-05"), payments.Wish("WY", "2026-06")])  # fmt: skip
    found = _on(billed)
    assert [(h.house, h.owed_fen) for h in found.houses] == [("3-1-0102", 367)]


def test_the_command_and_its_workbook(billed: Office, tmp_path: Path) -> None:
    target = tmp_path / "欠费.xlsx"
    status, said = billed.command("arrears", "--out", str(target))
    assert (status, said["as_of"], said["total_fen"], said["late_fee_fen"]) == (0, "2026-07-06", 130_572, 860)
    assert [bucket["label"] for bucket in said["buckets"]] == [
        "not_due", "d1_30", "d31_90", "d91_180", "d181_365", "y1_2", "y2_3", "y3_plus"]  # fmt: skip
    first = {"house": "3-1-0101", "owed_fen": 65_286, "late_fee_fen": 430, "oldest_due": "2026-06-01", "days": 35}
    assert said["houses"][0] == first
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["按户", "按项目", "明细"]
    sheet = book["按户"]
    assert sheet.freeze_panes == "B4"
    assert [cell.value for cell in sheet[4]][:2] == ["3-1-0101", "业主3-1-0101"]
    assert sheet["K4"].value == 652.86
    assert "#,##0.00" in sheet["K4"].number_format
    assert sheet.cell(sheet.max_row, 11).value == 1305.72
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$3:$3"
    assert book["明细"].max_row == 3 + 12 + 1
    assert billed.sql("SELECT count(*) FROM audit WHERE action = 'arrears.exported'") == [(1,)]


def test_a_day_in_the_future_is_refused(billed: Office) -> None:
    assert billed.command("arrears", "--as-of", "2026-07-07")[1]["error"]["code"] == "future_day"
    assert billed.command("arrears", "--as-of", "2026-7")[1]["error"]["code"] == "bad_date"
    with pytest.raises(Refused):
        arrears.arrears(billed.manager, date(2026, 8, 1))


def test_opening_arrears_bear_nothing_for_days_before_go_live(office: Office) -> None:
    """Due long ago, taken over on 1 July: five days late at 6 July (HANDBOOK §9.7)."""
    office.with_houses(("3-1-0101",)).with_item(late_rate=50_000).set(go_live="2026-07-01")
    with office.manager.transaction(write=True) as work:
        row = (1, 1, 1, "2025-01-01", "2025-01-31", 1, "principal", "opening", 20_000, "2025-01-31", *[None] * 4)
        (charge,) = work.append(Charge, date(2026, 6, 30), [row])
        since = late_from(date(2025, 1, 31), "opening", date(2026, 6, 30))
        insert_open(work, [(charge, 1, 1, 1, "principal", "2025-01-31", 20_000, since, False)])
        work.audit("test", "charge")
    found = _on(office)
    assert (found.total_fen, found.late_fee_fen, found.houses[0].days) == (20_000, 60, 521)
    assert _on(office, "2026-06-29").before_go_live
