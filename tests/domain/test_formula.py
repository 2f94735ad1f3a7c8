"""A formula is read, its units checked, its value exact; whatever is typed raises nothing but a Problem."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.charge import Basis, MeterUse
from app.domain.formula import FUNCTIONS, NAMES, parse
from app.domain.kinds import formula, percent
from app.domain.problem import Problem
from app.domain.tariff import Segment, Version

VALUES = {
    "area": Fraction("89.2"), "usage": Fraction(12), "people": Fraction(5), "floor": Fraction(11),
    "months": Fraction(1, 2),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("面积 * 2.35", Fraction("209.62")),
        ("面积×2.35×月数＋人数×5", Fraction("129.81")),
        ("20", Fraction(20)),
        ("max(人数 - 3, 0) * 5", Fraction(10)),
        ("(楼层 - 1) * 0.5 + 10", Fraction(15)),
        ("min(面积 * 2, 100) / 3", Fraction(100, 3)),
        ("--面积 * 1", Fraction("89.2")),
        ("用量 / 人数 * 10", Fraction(24)),
        ("2 + 3 * 4 - 6 / 4", Fraction("12.5")),
    ],
)
def test_what_a_formula_comes_to(text: str, yuan: Fraction) -> None:
    assert parse(text).value(VALUES) == yuan


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "formula.format"),
        ("面积 *", "formula.format"),
        ("(面积 * 2", "formula.format"),
        ("面积 2", "formula.format"),
        ("面积 ** 2", "formula.format"),
        ("__import__('os')", "formula.format"),
        ("1" * 300, "formula.format"),
        ("(" * 90 + "1" + ")" * 90, "formula.format"),
        ("体积 * 2", "formula.unknown_name"),
        ("open * 2", "formula.unknown_name"),
        ("面积", "formula.units"),
        ("面积 + 人数", "formula.units"),
        ("面积 * 2 + 人数", "formula.units"),
        ("max(面积, 人数) * 2", "formula.units"),
        ("面积 * 人数", "formula.units"),
        ("面积 / 0", "formula.zero"),
        ("面积 / (3 - 3)", "formula.zero"),
    ],
)
def test_what_is_no_formula_says_why(text: str, code: str) -> None:
    with pytest.raises(Problem) as why:
        parse(text)
    assert why.value.code == code


def test_a_divisor_that_turns_out_zero_and_a_negative_amount_are_refused() -> None:
    with pytest.raises(Problem, match="除数"):
        parse("100 / (人数 - 5)").value(VALUES)
    with pytest.raises(Problem, match="负数"):
        parse("人数 * 1 - 100").value(VALUES)


_PIECES = st.sampled_from([*NAMES, *FUNCTIONS, "+", "-", "*", "/", "(", ")", ",", "1", "0", "2.5", " ", "x", "。"])


@pytest.mark.parametrize("text", ["面积 * 9999999999999", "面积 * 1.123456789"])
def test_a_number_of_too_many_digits_is_named_whole(text: str) -> None:
    with pytest.raises(Problem, match="位数太多，整数最多 12 位") as why:
        parse(text)
    assert text.removeprefix("面积 * ") in why.value.text


@given(st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=20).map("".join)))
def test_whatever_is_typed_is_a_formula_or_a_problem(text: str) -> None:
    try:
        found = parse(text)
        found.value(VALUES)
    except Problem:
        return
    assert parse(found.text).value(VALUES) == found.value(VALUES)


def _segment(text: str, first: date, last: date, months: Fraction) -> Segment:
    version = Version(1, date(2026, 1, 1), None, formula.parse_params({"formula": text}))
    return Segment(version, first, last, months.numerator, months.denominator)


def test_a_line_keeps_the_formula_and_its_values() -> None:
    june = _segment("面积 * 2.35 * 月数 + 楼层 * 0.1", date(2026, 6, 1), date(2026, 6, 30), Fraction(1))
    line = formula.line(Basis((june,), area=892_000, floor=11))
    assert line.amount == 21072
    assert line.parts[0].inputs == {
        "formula": "面积 * 2.35 * 月数 + 楼层 * 0.1", "面积": "89.2", "月数": "1", "楼层": "11",
    }  # fmt: skip
    with pytest.raises(Problem) as why:
        formula.line(Basis((june,), area=892_000))
    assert why.value.code == "no_floor"


def test_two_prices_in_a_period_add_up_and_a_fixed_one_is_not_doubled() -> None:
    first, second = (date(2026, 6, 1), date(2026, 6, 15)), (date(2026, 6, 16), date(2026, 6, 30))
    halves = [
        _segment(text, *span, Fraction(1, 2))
        for text, span in zip(("面积*2*月数", "面积*3*月数"), (first, second), strict=True)
    ]
    line = formula.line(Basis(tuple(halves), area=1_000_001))
    assert line.amount == 25000
    assert sum(part.shown for part in line.parts) == line.amount
    fixed = [_segment("50", *first, Fraction(1, 2)), _segment("60", *second, Fraction(1, 2))]
    line = formula.line(Basis(tuple(fixed)))
    assert (line.amount, len(line.parts), line.parts[0].to) == (5000, 1, second[1])


def test_usage_of_a_meter_goes_in() -> None:
    june = _segment("用量 * 3.5 + 10", date(2026, 6, 1), date(2026, 6, 30), Fraction(1))
    line = formula.line(Basis((june,), use=MeterUse(123_000, 1_000_000, 1_123_000)))
    assert (line.amount, line.parts[0].previous, line.parts[0].current) == (5305, 1_000_000, 1_123_000)


@pytest.mark.parametrize(
    ("bases", "found"),
    [
        ({"A": ["B"], "B": ["C"]}, ()),
        ({"A": ["A"]}, ("A", "A")),
        ({"X": ["A"], "A": ["B", "C"], "C": ["A"]}, ("A", "C", "A")),
        ({}, ()),
    ],
)
def test_percentages_in_a_circle_are_found(bases: dict[str, list[str]], found: tuple[str, ...]) -> None:
    assert percent.circle(bases) == found
