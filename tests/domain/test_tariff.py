import itertools
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.kinds.flat import FlatParams
from app.domain.problem import Problem
from app.domain.proration import Method, months
from app.domain.tariff import Policy, Scope, Version, segments, valid_versions, version_on

START = date(2026, 1, 1)


def a_version(start: int, end: int | None = None, scope: Scope = Scope.ESTATE, price: int = 1, id_: int = 1) -> Version:
    valid_to = None if end is None else START + timedelta(days=end)
    return Version(id_, START + timedelta(days=start), valid_to, FlatParams(price), scope, "here")


VERSIONS = st.lists(
    st.builds(
        lambda start, length, scope, price: a_version(start, length and start + length, scope, price, price),
        st.integers(-400, 400),
        st.none() | st.integers(0, 300),
        st.sampled_from(Scope),
        st.integers(1, 10**6),
    ),
    max_size=6,
).map(tuple)
SPANS = st.tuples(st.integers(-100, 300), st.integers(0, 400)).map(
    lambda span: (START + timedelta(days=span[0]), START + timedelta(days=span[0] + span[1]))
)


@given(VERSIONS, SPANS, st.sampled_from(Method), st.sampled_from(Policy))
def test_segments_cover_the_liable_days(
    versions: tuple[Version, ...], span: tuple[date, date], method: Method, policy: Policy
) -> None:
    try:
        cut = segments(versions, *span, None, None, method, policy)
    except Problem as refused:
        assert refused.code == "no_tariff"  # noqa: PT017
        assert not all(
            any(version.holds_on(span[0] + timedelta(days=n)) for version in versions)
            for n in range((span[1] - span[0]).days + 1)
        )
        return
    assert (cut[0].from_, cut[-1].to) == span
    for before, after in itertools.pairwise(cut):
        assert after.from_ == before.to + timedelta(days=1)
        assert after.version != before.version
    total = sum(Fraction(segment.months_num, segment.months_den) for segment in cut)
    assert total == Fraction(*months(*span, method if len(cut) == 1 else Method.ACTUAL_DAYS))
    if policy == Policy.SPLIT_BY_DAY:
        for segment in cut:
            assert version_on(versions, segment.from_) == version_on(versions, segment.to) == segment.version


def test_the_narrowest_version_wins_its_days() -> None:
    estate, house = a_version(-100, id_=1), a_version(9, 19, Scope.HOUSE, 2, 2)
    cut = segments((estate, house), START, date(2026, 1, 31))
    assert [(part.version.id, part.from_.day, part.to.day) for part in cut] == [(1, 1, 9), (2, 10, 20), (1, 21, 31)]


def test_scope_by_scope() -> None:
    wide, building, type_, house = (a_version(0, scope=scope, id_=n) for n, scope in enumerate(Scope))
    everything = (wide, building, type_, house)
    assert valid_versions(everything, building="here") == (wide, building)
    assert valid_versions(everything, house_type="here", house="there") == (wide, type_)
    assert version_on(valid_versions(everything, "here", "here", "here"), START) == house


def test_nobody_liable_is_no_line_and_no_refusal() -> None:
    assert segments((), START, date(2026, 1, 31), date(2026, 2, 1)) == ()


@given(st.integers(1, 200))
def test_a_gap_is_refused(gap: int) -> None:
    assume(gap < 80)
    with pytest.raises(Problem, match="没有有效的收费标准"):
        segments((a_version(0, gap), a_version(gap + 2)), START, date(2026, 3, 31))
