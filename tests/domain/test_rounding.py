from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.rounding import Rule, Unit, percent, round_ratio, round_yuan, small_change

UNITS, RULES = st.sampled_from(Unit), st.sampled_from(Rule)
NUMBERS = st.integers(-(10**20), 10**20)
PARTS = st.integers(1, 10**8)


@given(NUMBERS, PARTS, UNITS, RULES)
def test_symmetric_and_close(numerator: int, denominator: int, unit: Unit, rule: Rule) -> None:
    fen = round_ratio(numerator, denominator, unit, rule)
    assert round_ratio(-numerator, denominator, unit, rule) == -fen
    assert round_ratio(-numerator, -denominator, unit, rule) == fen
    assert fen % unit.fen == 0
    off = Fraction(numerator, denominator) - fen
    if rule in (Rule.HALF_UP, Rule.HALF_EVEN):
        assert abs(off) <= Fraction(unit.fen, 2)
    else:
        assert abs(off) < unit.fen
        assert off * numerator >= 0 if rule == Rule.DOWN else off * numerator <= 0


@given(NUMBERS, UNITS, RULES)
def test_what_is_whole_stays(number: int, unit: Unit, rule: Rule) -> None:
    assert round_ratio(number * unit.fen, 1, unit, rule) == number * unit.fen


@given(st.integers(-(10**9), 10**9))
def test_ties(number: int) -> None:
    tie = Fraction(2 * number + 1, 200)
    away = number + 1 if number >= 0 else number
    assert round_yuan(tie) == away
    assert round_yuan(tie, rule=Rule.HALF_EVEN) % 2 == 0


@given(st.integers(-(10**10), 10**10), UNITS)
def test_small_change_only_cuts(due: int, unit: Unit) -> None:
    payable, waived = small_change(Fen(due), unit)
    assert payable + waived == due
    assert 0 <= waived < unit.fen


def test_percent() -> None:
    assert [percent(1, 3), percent(5, 0), percent(-1, 3), percent(1, 1), percent(1, 20000)] == [
        "33.33",
        None,
        "-33.33",
        "100.00",
        "0.01",
    ]
