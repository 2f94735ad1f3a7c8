"""The paper that is shown beside a house: the one that goes out, or went, with nothing written."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import dun_contacts, dun_letter, dunning
from tests.builders import Office


@pytest.fixture
def owing(office: Office) -> Office:
    """Two houses that owe June and July, due 30 June and 31 July. It is 6 July."""
    office.with_houses().with_item(late_rate=50_000).set(letterhead="样例物业", office_name="服务中心")
    for month in ("2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    return office


def test_a_paper_that_is_due_is_shown_without_a_number_and_nothing_is_written(owing: Office) -> None:
    owing.clock.to("2026-07-10")
    before = [owing.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ("audit", "document", "number_series")]
    shown = dun_letter.show(owing.manager, "3-1-102")
    assert (shown.house, shown.title, shown.number, shown.due) == ("3-1-0102", "温馨提示", None, True)
    assert shown.pdf.startswith(b"%PDF")
    assert shown.listed_fen > 0
    assert shown.rest_fen > 0
    after = [owing.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ("audit", "document", "number_series")]
    assert after == before


def test_the_first_paper_is_shown_before_its_day(owing: Office) -> None:
    shown = dun_letter.show(owing.manager, "3-1-102")
    assert (shown.title, shown.due, shown.number) == ("温馨提示", False, None)
    assert shown.from_day == date(2026, 7, 7)


def test_what_was_sent_is_shown_as_it_was_until_the_next_is_due(owing: Office) -> None:
    owing.clock.to("2026-07-10")
    dunning.run(owing.manager, owing.folder / "out" / "dun.pdf")
    shown = dun_letter.show(owing.manager, "3-1-102")
    assert (shown.title, shown.number, shown.on, shown.due) == ("温馨提示", "D2026-000002", date(2026, 7, 10), False)
    owing.pay("3-1-102", 60_000)
    assert dun_letter.show(owing.manager, "3-1-102").number == "D2026-000002"
    owing.clock.to("2026-08-01")
    assert (dun_letter.show(owing.manager, "3-1-101").title, dun_letter.show(owing.manager, "3-1-101").due) == (
        "催缴通知单",
        True,
    )


def test_without_a_paper_it_says_why(owing: Office) -> None:
    owing.clock.to("2026-07-10")
    dun_contacts.hold(owing.manager, "3-1-101", "disputed", "漏水")
    held = dun_letter.show(owing.manager, "3-1-101")
    assert (held.pdf, held.title, held.why) == (b"", "", "有争议，暂缓")
    owing.pay("3-1-102", 60_000)
    assert dun_letter.show(owing.manager, "3-1-102").why == "没有逾期的本金"
