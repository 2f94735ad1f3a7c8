"""The sheet of meters: last reading, this month's, what is usual."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.problem import Problem
from app.services import reading_sheet, readings
from app.services.reading_sheet import SheetLine
from app.services.refused import Refused
from tests.builders import Office

JULY = date(2026, 7, 6)


@pytest.fixture
def metered(office: Office) -> Office:
    office.with_houses().with_item("SF", "meter", "3.5")
    return office.with_meter("3-1-0102", start="50").with_meter("3-1-0101", start="100")


def _line(office: Office, house: str = "3-1-0101", on: date = JULY) -> SheetLine:
    return next(line for line in reading_sheet.sheet(office.manager, on).lines if line.house == house)


def test_meters_stand_in_the_order_of_walking(metered: Office) -> None:
    found = reading_sheet.sheet(metered.manager, JULY)
    assert [line.house for line in found.lines] == ["3-1-0101", "3-1-0102"]
    assert (found.month, found.items) == ("2026-07", (("SF", "费SF"),))


def test_a_month_s_reading_stands_beside_the_last(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 6, 30))
    line = _line(metered)
    assert line.this is None
    assert line.last is not None
    assert (line.last.on, line.last.value, line.usages) == (date(2026, 6, 30), 1_120_000, (120_000,))
    readings.add(metered.manager, "3-1-0101", "水", "130", JULY)
    line = _line(metered)
    assert line.this is not None
    assert (line.this.usage, line.last and line.last.value) == (180_000, 1_120_000)


def test_a_first_reading_is_no_reading_of_its_month(metered: Office) -> None:
    line = _line(metered, on=date(2026, 5, 31))
    assert line.this is None
    assert line.last is not None
    assert line.usages == ()


def test_what_is_typed_is_judged_as_the_service_judges_it(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "110", date(2026, 6, 10))
    line = _line(metered)
    assert not line.is_unusual(line.usage_of(1_400_000))
    assert line.is_unusual(line.usage_of(1_410_000))
    assert readings.add(metered.manager, "3-1-0101", "水", "141", JULY).unusual
    with pytest.raises(Problem, match="小于上次"):
        line.usage_of(90_000)
    assert line.usage_of(90_000, rollover=True) == (100_009 - 110) * 10_000


def test_estimates_are_taken_off_the_next_true_usage(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "115", date(2026, 6, 30), estimate=True)
    assert _line(metered).usage_of(1_200_000) == 50_000


def test_an_office_without_meters_has_an_empty_sheet(office: Office) -> None:
    assert reading_sheet.sheet(office.manager).lines == ()


def test_a_changed_meter_goes_on_and_both_registers_count(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 6, 30))
    done = readings.change_meter(metered.manager, "3-1-0101", "水", "115", "2", date(2026, 7, 4), new_number="水2")
    assert (done.meter, done.usage, done.start) == ("水2", "3", "2")
    line = _line(metered)
    assert (line.meter, line.this, line.carried, line.usages) == ("水2", None, 30_000, (120_000,))
    assert line.last is not None
    assert (line.last.value, line.usage_of(90_000)) == (20_000, 100_000)
    readings.add(metered.manager, "3-1-0101", "水2", "9", JULY)
    assert _line(metered).used == 100_000


def test_a_change_of_meter_is_billed_with_both_registers_on_the_paper(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 6, 30))
    metered.bill("2026-07")
    readings.change_meter(metered.manager, "3-1-0101", "水", "115", "2", date(2026, 7, 4))
    readings.add(metered.manager, "3-1-0101", "水", "9", JULY)
    metered.clock.to("2026-08-01")
    metered.bill("2026-08")
    parts = metered.sql(
        "SELECT p.previous, p.current, p.quantity FROM charge_part p JOIN charge c ON c.id = p.charge_id "
        "WHERE c.period_from = '2026-07-01' ORDER BY p.id"
    )
    assert parts == [(1_120_000, 1_150_000, 30_000), (20_000, 90_000, 70_000)]
    assert metered.command("verify")[1]["ok"]


def test_a_last_reading_that_is_not_followed_by_one_waits_for_the_new_meter(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 6, 30))
    metered.bill("2026-07")
    readings.change_meter(metered.manager, "3-1-0101", "水", "112", "0", date(2026, 7, 1))
    readings.add(metered.manager, "3-1-0101", "水", "4", JULY)
    metered.clock.to("2026-08-01")
    metered.bill("2026-08")
    assert metered.sql(
        "SELECT previous, current, quantity FROM charge_part WHERE previous = 0 AND current = 40000"
    ) == [(0, 40_000, 40_000)]


def test_a_change_is_refused_where_it_cannot_be(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 7, 5))

    def code(end: str, on: date, **more: str) -> str:
        with pytest.raises((Refused, Problem)) as why:
            readings.change_meter(metered.manager, "3-1-0101", "水", end, "0", on, **more)
        found = why.value
        return found.problem.code if isinstance(found, Refused) else found.code

    assert code("120", date(2026, 7, 5)) == "reading_after_change"
    assert code("120", date(2026, 7, 7)) == "future_day"
    assert code("120", JULY) == "final_differs"
    metered.with_meter("3-1-0101", meter="水9", on="2026-07-01")
    assert code("112", JULY, new_number="水9") == "meter_exists"
    assert readings.change_meter(metered.manager, "3-1-0101", "水", "112", "0", JULY).usage == "0"


def test_why_an_unusual_reading_is_right_stands_in_the_record(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "900", JULY, reason="水管爆裂")
    assert "水管爆裂" in metered.sql("SELECT detail FROM change ORDER BY seq DESC")[0][0]


def test_owners_are_named_only_to_who_may_see_them(metered: Office) -> None:
    assert (_line(metered).owner, _line(metered).lived_in) == ("业主3-1-0101", True)
    metered.with_staff("孙工程")
    assert reading_sheet.sheet(metered.seat("孙工程"), JULY).lines[0].owner is None


def test_a_mistyped_reading_is_corrected_while_it_is_not_billed(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 6, 10))
    readings.add(metered.manager, "3-1-0101", "水", "130", date(2026, 6, 30))
    done = readings.correct(metered.manager, "3-1-0101", "水", date(2026, 6, 10), "121", "看错一位")
    assert (done.value, done.usage) == ("121", "21")
    assert _line(metered).usages == (210_000, 90_000)
    assert "看错一位" in metered.sql("SELECT detail FROM change ORDER BY seq DESC")[0][0]
    metered.bill("2026-07")
    with pytest.raises(Refused, match="已经出账"):
        readings.correct(metered.manager, "3-1-0101", "水", date(2026, 6, 10), "120", "看错")


def test_a_correction_is_refused_where_it_cannot_be(metered: Office) -> None:
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 6, 10))
    readings.add(metered.manager, "3-1-0101", "水", "130", date(2026, 6, 30))

    def code(on: date, value: str, reason: str = "看错") -> str:
        with pytest.raises((Refused, Problem)) as why:
            readings.correct(metered.manager, "3-1-0101", "水", on, value, reason)
        found = why.value
        return found.problem.code if isinstance(found, Refused) else found.code

    assert code(date(2026, 6, 11), "120") == "unknown_reading"
    assert code(date(2026, 5, 31), "90") == "reading_begins"
    assert code(date(2026, 6, 10), "131") == "reading_out_of_order"
    assert code(date(2026, 6, 30), "111") == "reading_decreased"
    assert code(date(2026, 6, 30), "140", " ") == "reason_needed"
