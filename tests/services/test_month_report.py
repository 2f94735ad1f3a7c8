"""月报: what a month brought in comes out the same for ever, and the sums agree with the lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.services import adjustments, arrears, billing, month_report, receipts, verification
from app.services.adjustments import Change
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.making import pages

LINE = 20962


@pytest.fixture
def lived(office: Office) -> Office:
    """Two houses: July billed, one paid in July; August billed; a waiver; it is 6 September."""
    office.with_houses().with_item(name="物业费").set(office_name="样例花园服务中心", waiver_limit_fen="100000")
    office.bill("2026-07", "2026-07-01")
    office.clock.to("2026-07-20")
    office.pay("3-1-101", LINE)
    office.clock.to("2026-08-06")
    office.bill("2026-08", "2026-08-01")
    office.pay("3-1-102", LINE, method="wechat")
    adjustments.adjust(office.manager, "3-1-101", "waiver", [Change("WY", "2026-08", 962)], "电梯停运三天")
    office.clock.to("2026-09-06")
    return office


def test_the_months_figures(lived: Office) -> None:
    first = month_report.show(lived.manager, "2026-07")
    (row,) = first.items
    # The second house paid July in August: at the end of July half of it was there, none of it overdue.
    assert (row.due, row.collected, row.rate, row.overdue) == (2 * LINE, LINE, "50.00", 0)
    assert first.figures[1].figure == "209.62"
    second = month_report.show(lived.manager, "2026-08")
    (row,) = second.items
    assert (row.due, row.collected, row.rate) == (2 * LINE - 962, 0, "0.00")
    assert [(each.month, each.rate) for each in second.months] == [("2026-07", "50.00"), ("2026-08", "0.00")]
    assert second.figures[1].below == "清回往期 209.62"
    assert [(each.house, each.fen, each.reason) for each in second.waivers] == [("3-1-0101", -962, "电梯停运三天")]
    owed = arrears.arrears(lived.manager, date(2026, 8, 31))
    assert sum(fen for _, fen in second.ages) == owed.total_fen
    (place,) = second.buildings
    assert (place.due, place.collected) == (row.due, row.collected)


def test_what_comes_later_changes_no_past_month(lived: Office) -> None:
    before = month_report.show(lived.manager, "2026-07")
    for number in ("S2026-00000001", "S2026-00000002"):
        receipts.reverse(lived.manager, number, "录错")
    billing.void(lived.manager, "2026-07", "价格录错")
    lived.bill("2026-07", "2026-09-06")
    after = month_report.show(lived.manager, "2026-07")
    assert (after.figures[1:], after.ages, after.sums[0]) == (before.figures[1:], before.ages, before.sums[0])
    assert verification.verify(lived.manager).ok


def test_on_paper_and_from_the_terminal(lived: Office, tmp_path: Path) -> None:
    status, said = lived.command("month", "report", "2026-08", "--out", str(tmp_path / "r.pdf"))
    assert (status, said["rate"], said["pages"]) == (0, "0.00", 2)
    text = "".join(page.text for page in pages(tmp_path / "r.pdf")).replace(" ", "")
    for words in ("物业服务月报", "样例花园服务中心", "一、收缴", "四、减免、核销和更正", "电梯停运三天", "审计链尾"):
        assert words in text
    with pytest.raises(Refused):
        month_report.show(lived.manager, "2026-10")
    empty = month_report.show(lived.manager, "2026-06")
    assert (empty.items, empty.months[-1].rate) == ((), None)
