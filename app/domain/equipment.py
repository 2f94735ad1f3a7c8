"""Equipment: preset tasks, lift inspections, fire extinguishers (HANDBOOK §8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.maintenance import IntervalUnit, ScheduleBasis, Shift
from app.domain.period import Period, add_months
from app.domain.problem import Problem, problem


@dataclass(frozen=True, slots=True)
class Preset:
    """A task the product ships. `verified`: the interval was read in a legal text; otherwise it carries a hint to
    check with the local rule. Every row may be edited.
    """

    category: str
    equipment_type: str
    task: str
    every: int
    unit: IntervalUnit
    basis: ScheduleBasis
    lead_days: int
    shift: Shift
    statutory: bool
    verified: bool
    source: str


def preset(row: Mapping[str, object]) -> Preset:
    """Check one row of the preset file.

    Raises: `preset.row`.
    """
    words = {name: row.get(name) for name in ("category", "equipment_type", "task", "unit", "basis", "shift", "source")}
    numbers = {name: row.get(name) for name in ("every", "lead_days")}
    flags = {name: row.get(name) for name in ("statutory", "verified")}
    every, lead = numbers["every"], numbers["lead_days"]
    if not all(isinstance(word, str) and word for word in words.values()):
        raise _bad(row)
    if not isinstance(every, int) or not isinstance(lead, int) or every < 1 or lead < 0:
        raise _bad(row)
    if not all(isinstance(flag, bool) for flag in flags.values()):
        raise _bad(row)
    text = {name: str(word) for name, word in words.items()}
    try:
        unit, basis, shift = IntervalUnit(text["unit"]), ScheduleBasis(text["basis"]), Shift(text["shift"])
    except ValueError as error:
        raise _bad(row) from error
    return Preset(
        text["category"],
        text["equipment_type"],
        text["task"],
        every,
        unit,
        basis,
        lead,
        shift,
        bool(flags["statutory"]),
        bool(flags["verified"]),
        text["source"],
    )


def _bad(row: Mapping[str, object]) -> Problem:
    return problem("preset.row", "设备预设“{task}”这一行不完整。", task=row.get("task", ""))


_INSPECTION_YEARS = frozenset({1, 4, 7, 9, 11, 13, 15})


@dataclass(frozen=True, slots=True)
class ElevatorYear:
    """A lift's yearly check: `inspection` or `self_test`, the month it is due, and the first month it may be done
    without moving the next.
    """

    check: str
    due_month: Period
    earliest_month: Period


def elevator_year(supervision_passed_on: date, year_number: int) -> ElevatorYear:
    """The check of the nth year after the supervisory inspection (TSG T7001-2023, seen in a public copy only).

    Inspection in years 1, 4, 7, 9, 11, 13, 15 and every year after; up to two months early, self-testing one month.

    Raises: `elevator.year` below 1.
    """
    if year_number < 1:
        raise problem("elevator.year", "年份从 1 起算。")
    inspection = year_number in _INSPECTION_YEARS or year_number > 15
    due = Period.of(supervision_passed_on).plus(12 * year_number)
    return ElevatorYear("inspection" if inspection else "self_test", due, due.plus(-2 if inspection else -1))


_EXTINGUISHERS = {"water": (3, 1, 6), "powder": (5, 2, 10), "clean_gas": (5, 2, 10), "co2": (5, 2, 12)}
"""Years to the first service, between services, to scrapping."""
EXTINGUISHER_TITLES = {"water": "水基型", "powder": "干粉", "clean_gas": "洁净气体", "co2": "二氧化碳"}


@dataclass(frozen=True, slots=True)
class ExtinguisherDates:
    """Days of service and of scrapping."""

    services: tuple[date, ...]
    scrap_on: date


def extinguisher_dates(type_: str, manufactured_on: date) -> ExtinguisherDates:
    """Service and scrap days from the date of manufacture (GB 50444-2008 as quoted, unverified). Used or damaged ones
    are serviced at once.

    Raises: `extinguisher.type`.
    """
    if type_ not in _EXTINGUISHERS:
        raise problem("extinguisher.type", "没有“{type}”这种灭火器。", type=type_)
    first, every, scrap = _EXTINGUISHERS[type_]
    services = tuple(add_months(manufactured_on, 12 * year) for year in range(first, scrap, every))
    return ExtinguisherDates(services, add_months(manufactured_on, 12 * scrap))


SPECIAL_TYPES = frozenset({"锅炉", "压力容器"})
LIFTS = "电梯"
"""The category of lifts and escalators."""


def may_not_run_uninspected(category: str, equipment_type: str) -> bool:
    """Special equipment: not inspected, or not passed, it may not be used (特种设备安全法 art. 40)."""
    return category == LIFTS or equipment_type in SPECIAL_TYPES


def is_inspection(task: str) -> bool:
    """Whether a task is the statutory inspection of special equipment, by its name."""
    return "检验" in task
