from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.charge import Basis, Line, MeterUse
from app.domain.kinds import KINDS, kind_of
from app.domain.kinds.area import AreaParams
from app.domain.kinds.flat import FlatParams
from app.domain.kinds.meter import MeterParams, tier_year_start
from app.domain.money import Fen
from app.domain.period import Cycle
from app.domain.problem import Problem
from app.domain.rounding import Rule, Unit, round_yuan
from app.domain.tariff import Params, Segment, Version

START, END = date(2026, 1, 1), date(2026, 3, 31)
PRICES = st.integers(0, 10**9)
UNITS, RULES = st.sampled_from(Unit), st.sampled_from(Rule)


def a_segment(params: Params, num: int = 1, den: int = 1) -> Segment:
    return Segment(Version(7, START, None, params), START, END, num, den)


PARTS = st.lists(st.tuples(PRICES, PRICES, st.integers(1, 400), st.integers(1, 31)), min_size=1, max_size=4)


def assert_explained(line: Line) -> None:
    assert sum(part.shown for part in line.parts) == line.amount


@given(PARTS, st.integers(0, 10**8), st.integers(0, 2 * 10**6), UNITS, RULES)
def test_area_is_rounded_once(
    parts: list[tuple[int, int, int, int]], area: int, factor: int, unit: Unit, rule: Rule
) -> None:
    segments = tuple(a_segment(AreaParams(price, fixed), num, den) for price, fixed, num, den in parts)
    line = KINDS["area"].line(Basis(segments, area, factor=factor, unit=unit, rule=rule))
    exact = sum(
        (Fraction(area * price, 10**10) + Fraction(fixed, 10**6)) * Fraction(num, den) * Fraction(factor, 10**6)
        for price, fixed, num, den in parts
    )
    assert line.amount == round_yuan(Fraction(exact), unit, rule)
    assert_explained(line)


@given(PARTS, st.integers(0, 10**6), UNITS, RULES)
def test_flat_is_rounded_once(parts: list[tuple[int, int, int, int]], count: int, unit: Unit, rule: Rule) -> None:
    segments = tuple(a_segment(FlatParams(price), num, den) for price, _, num, den in parts)
    line = KINDS["flat"].line(Basis(segments, count=count, unit=unit, rule=rule))
    exact = sum(Fraction(price * count, 10**10) * Fraction(num, den) for price, _, num, den in parts)
    assert line.amount == round_yuan(Fraction(exact), unit, rule)
    assert_explained(line)


def test_a_price_a_person_and_one_a_house_in_one_period() -> None:
    segments = (a_segment(FlatParams(5_000_000, per_head=True)), a_segment(FlatParams(12_000_000), 2))
    line = KINDS["flat"].line(Basis(segments, people=3))
    assert (line.amount, [part.quantity for part in line.parts]) == (1500 + 2400, [30_000, 10_000])
    back = KINDS["flat"].line(Basis(segments[::-1], people=3))
    assert back.amount == line.amount
    with pytest.raises(Problem) as refused:
        KINDS["flat"].line(Basis(segments[::-1]))
    assert refused.value.code == "no_people"


TIERS = KINDS["meter"].parse_params(
    {
        "tiers": [
            {"up_to": "180", "price": "3.505"},
            {"up_to": "260", "price": "5"},
            {"up_to": None, "price": "8.013"},
        ],
        "base_people": 4,
        "allowance": "30",
    }
)


@given(st.integers(-(10**7), 10**8), st.integers(-(10**8), 10**8), st.integers(0, 9))
def test_a_metered_credit_is_the_opposite(before: int, usage: int, people: int) -> None:
    def line(start: int, used: int) -> Line:
        use = MeterUse(used, 10, 20, start, people)
        return KINDS["meter"].line(Basis((a_segment(TIERS),), use=use))

    billed, credit = line(before, usage), line(before + usage, -usage)
    assert credit.amount == -billed.amount
    assert_explained(billed)
    assert sum(part.quantity for part in billed.parts) == usage
    assert {(part.previous, part.current) for part in billed.parts} == {(10, 20)}


def test_a_plain_meter_has_no_tier() -> None:
    params = KINDS["meter"].parse_params({"price": "3.50"})
    line = KINDS["meter"].line(Basis((a_segment(params),), use=MeterUse(180_000)))
    assert (line.amount, line.parts[0].tier) == (6300, None)
    assert KINDS["meter"].line(Basis((a_segment(params),), use=MeterUse(0))).parts[0].quantity == 0


def test_once() -> None:
    params = KINDS["once"].parse_params({"price": "20"})
    assert KINDS["once"].line(Basis((a_segment(params),), count=30_000)).amount == 6000
    assert KINDS["once"].line(Basis((a_segment(params, 3),), amount=Fen(12345), unit=Unit.YUAN)).amount == 12345


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        ("area", {"price": "2.8"}),
        ("area", {"price": "2.8", "fixed": "20"}),
        ("flat", {"price": "150"}),
        ("meter", {"price": "0.5283"}),
        ("meter", TIERS.as_json()),
        ("once", {"price": "0"}),
    ],
)
def test_parameters_round_trip(code: str, raw: dict[str, object]) -> None:
    params = KINDS[code].parse_params(raw)
    assert params.as_json() == raw
    assert KINDS[code].parse_params(params.as_json()) == params
    assert hash(params) == hash(KINDS[code].parse_params(raw))


@pytest.mark.parametrize(
    ("code", "raw", "error"),
    [
        ("area", {}, "tariff.price_missing"),
        ("area", {"price": ""}, "tariff.price_missing"),
        ("area", {"price": "-1"}, "tariff.negative"),
        ("area", {"price": 2.8}, "tariff.format"),
        ("area", {"price": "1", "fixd": "1"}, "tariff.unknown_field"),
        ("flat", {"price": "1", "fixed": "1"}, "tariff.unknown_field"),
        ("meter", {"tiers": []}, "tariff.tiers"),
        ("meter", {"tiers": "x"}, "tariff.tiers"),
        ("meter", {"tiers": [{"up_to": "5", "price": "1"}]}, "tariff.tiers"),
        ("meter", {"tiers": [{"price": "1"}, {"price": "1"}]}, "tariff.tiers"),
        (
            "meter",
            {"tiers": [{"up_to": "5", "price": "1"}, {"up_to": "5", "price": "1"}, {"price": "1"}]},
            "tariff.tiers",
        ),
        ("meter", {"tiers": [{"price": "1"}], "base_people": "x"}, "tariff.format"),
        ("meter", {"tiers": [{"price": "1"}], "resets": "week"}, "tariff.format"),
    ],
)
def test_parameters_are_refused(code: str, raw: dict[str, object], error: str) -> None:
    with pytest.raises(Problem) as refused:
        KINDS[code].parse_params(raw)
    assert refused.value.code == error


def test_a_refusal_names_the_parameter_in_words() -> None:
    for code, raw, said in (
        ("area", {"price": "1", "fixed": "-1"}, "每月另加"), ("area", {"price": "1", "per": "head"}, "按户或按人"),
        ("meter", {"tiers": [{"price": "1"}], "base_people": "x"}, "基本人数"), ("flat", {"price": "-1"}, "单价"),
    ):  # fmt: skip
        with pytest.raises(Problem) as refused:
            KINDS[code].parse_params(raw)
        assert f"“{said}”" in refused.value.text


def test_what_a_line_lacks() -> None:
    with pytest.raises(Problem) as refused:
        KINDS["area"].line(Basis((a_segment(AreaParams(1)),)))
    assert refused.value.code == "no_area"
    with pytest.raises(Problem) as refused:
        KINDS["meter"].line(Basis((a_segment(TIERS),)))
    assert refused.value.code == "no_reading"
    with pytest.raises(Problem) as refused:
        kind_of("lottery")
    assert refused.value.code == "unknown_kind"


def test_the_tier_year() -> None:
    assert isinstance(TIERS, MeterParams)
    assert tier_year_start(TIERS, date(2026, 12, 31)) == date(2026, 1, 1)
    power = MeterParams(TIERS.tiers, resets=Cycle.YEAR, anchor_month=7)
    assert tier_year_start(power, date(2026, 6, 30)) == date(2025, 7, 1)
    assert tier_year_start(MeterParams(TIERS.tiers, resets=Cycle.MONTH), date(2026, 6, 30)) == date(2026, 6, 1)
