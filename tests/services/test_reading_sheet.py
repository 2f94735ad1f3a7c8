"""The sheet of meters: last reading, this month's, what is usual."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.problem import Problem
from app.services import reading_sheet, readings
from app.services.reading_sheet import SheetLine
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
