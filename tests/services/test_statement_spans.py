"""A statement between any two days: what was carried over and what follows always end at what the entries say."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from app.services import printing, receipts, statements
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.making import pages

LINE = 20962
HOUSE = "3-1-101"


@pytest.fixture
def lived(office: Office) -> Office:
    """May to July billed with late fees, two payments, one of them voided, more paid than owed later."""
    office.with_houses(("3-1-0101",)).with_item(late_rate=50_000)
    for month in ("2026-05", "2026-06"):
        office.bill(month, f"{month}-01")
    office.pay(HOUSE, 30_000, on=date(2026, 6, 20))
    receipts.void(office.manager, office.pay(HOUSE, 7_000).receipt, "录错")
    office.clock.to("2026-07-20")
    office.bill("2026-07", "2026-07-01")
    office.pay(HOUSE, 60_000)
    office.clock.to("2026-08-10")
    office.bill("2026-08", "2026-08-01")
    return office


def test_the_whole_account_is_as_before(lived: Office) -> None:
    whole = statements.statement(lived.manager, HOUSE)
    assert (whole.first, whole.last, whole.opening_fen) == (None, date(2026, 8, 10), 0)
    (open_today,) = lived.sql("SELECT COALESCE(SUM(open), 0) FROM open_charge")[0]
    (prepaid,) = lived.sql("SELECT COALESCE(SUM(prepaid), 0) FROM payer_balance")[0]
    assert (whole.owed_fen, whole.prepaid_fen) == (open_today, prepaid)
    assert whole.entries[-1].balance_fen == open_today - prepaid


def test_any_two_days_add_up(lived: Office) -> None:
    whole = statements.statement(lived.manager, HOUSE)
    days = [date(2026, 4, 30) + timedelta(days=7 * n) for n in range(15)]
    for first in days:
        for last in days:
            if first > last:
                continue
            part = statements.statement(lived.manager, HOUSE, first, last)
            assert (part.entries[0].kind, part.entries[0].on) == ("carried", first)
            assert part.opening_fen == sum(e.amount_fen for e in whole.entries if e.on < first)
            assert [e.number for e in part.entries[1:]] == [e.number for e in whole.entries if first <= e.on <= last]
            assert sum(e.amount_fen for e in part.entries) == part.entries[-1].balance_fen
            assert part.owed_fen - part.prepaid_fen == part.entries[-1].balance_fen
            assert part.owed_fen >= 0
            assert part.prepaid_fen >= 0


def test_owed_and_late_fee_are_of_the_last_day(lived: Office) -> None:
    before = statements.statement(lived.manager, HOUSE, last=date(2026, 6, 19))
    assert (before.owed_fen, before.prepaid_fen) == (2 * LINE, 0)
    assert before.late_fee_fen > 0
    after = statements.statement(lived.manager, HOUSE, last=date(2026, 6, 20))
    (posted,) = lived.sql("SELECT SUM(amount) FROM charge WHERE part = 'late_fee' AND \"on\" = '2026-06-20'")[0]
    assert posted == before.late_fee_fen + 10
    assert after.owed_fen == 2 * LINE + posted - 30_000
    assert statements.statement(lived.manager, HOUSE, last=date(2026, 4, 30)).entries == ()


def test_spans_that_are_none(lived: Office) -> None:
    for first, last, code in (
        (date(2026, 7, 2), date(2026, 7, 1), "bad_span"),
        (None, date(2026, 8, 11), "future_day"),
        (date(2026, 8, 11), None, "bad_span"),
    ):
        with pytest.raises(Refused) as refused:
            statements.statement(lived.manager, HOUSE, first, last)
        assert refused.value.problem.code == code


def test_the_workbook_sums_what_came_in_the_span(lived: Office, tmp_path: Path) -> None:
    file = tmp_path / "span.xlsx"
    printing.print_statement(lived.manager, HOUSE, file, date(2026, 6, 1), date(2026, 6, 30))
    sheet = openpyxl.load_workbook(file)["对账单"]
    (carried,) = sheet.iter_rows(min_row=4, max_row=4, values_only=True)
    assert carried[1] == "上期余额"
    assert (carried[4], carried[5]) == (None, None)
    assert isinstance(carried[6], int | float)


def test_the_paper_and_the_command_say_the_same(lived: Office) -> None:
    status, said = lived.command("statement", HOUSE, "--from", "2026-06-01", "--to", "2026-06-30")
    assert status == 0
    assert (said["from"], said["to"]) == ("2026-06-01", "2026-06-30")
    assert said["entries"][0]["kind"] == "carried"
    assert said["entries"][0]["amount_fen"] == said["opening_fen"] > 0
    text = "".join(page.text for page in pages(lived.folder / "out" / "statement-3-1-101.pdf"))
    assert "期间2026-06-01至2026-06-30" in text
    assert "上期余额" in text
    assert "违约金算至2026-06-30" in text
    assert f"{said['owed_fen'] / 100:,.2f}" in text
    printing.print_statement(lived.manager, HOUSE, lived.folder / "out" / "w.pdf")
    text = "".join(page.text for page in pages(lived.folder / "out" / "w.pdf"))
    assert "期间" not in text
    assert "截至" not in text
