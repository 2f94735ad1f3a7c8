from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.decimal_text import INT64_MAX
from app.domain.problem import Problem
from app.domain.quantity import Area, Factor, Multiplier, Price, Quantity, Rate

TYPES = (Price, Area, Quantity, Rate, Factor, Multiplier)


@given(st.sampled_from(TYPES), st.integers(-INT64_MAX - 1, INT64_MAX), st.integers(0, 4))
def test_what_is_shown_can_be_read(type_: type[Price], units: int, places: int) -> None:
    assert type_.parse(type_(units).show(places)) == type_(units)


@given(st.sampled_from(TYPES), st.decimals(allow_nan=True, allow_infinity=True) | st.text() | st.integers())
def test_anything_is_read_exactly_or_refused(type_: type[Price], value: Decimal | str | int) -> None:
    try:
        units = type_.parse(value).units
    except Problem as refused:
        assert refused.text  # noqa: PT017
    else:
        if not isinstance(value, str):
            assert Decimal(units).scaleb(-type_.PLACES) == value


@pytest.mark.parametrize(
    ("found", "units"),
    [
        (Area.parse("89.37 m²"), 893700),
        (Area.parse("８９．３７平方米"), 893700),
        (Area.parse("89.37㎡"), 893700),
        (Area.parse("89.3700"), 893700),
        (Price.parse("2.80元/㎡/月"), 2_800_000),
        (Price.parse("¥0.5283"), 528_300),
        (Price.parse("3.5元/吨"), 3_500_000),
        (Quantity.parse("231.5 kWh"), 2_315_000),
        (Quantity.parse("18m³"), 180_000),
        (Rate.parse("0.05%"), 50_000),
        (Rate.parse("0.5‰"), 50_000),
        (Rate.parse("0.0005"), 50_000),
        (Factor.parse("70%"), 700_000),
        (Multiplier.parse("40倍"), 400_000),
        (Multiplier.parse("×40"), 400_000),
    ],
)
def test_with_unit_words(found: Price, units: int) -> None:
    assert found.units == units


@pytest.mark.parametrize("text", ["30元/年", "1元/天", "5²", "1/3", "1e3", "", "2.80元元", "0.00000001"])
def test_a_price_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        Price.parse(text)


def test_types_do_not_mix() -> None:
    assert Price(1) != Area(1)
    with pytest.raises(TypeError):
        Price(1) < Area(2)  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        Price(1) + Price(1)  # type: ignore[operator]
    with pytest.raises(Problem, match="太大"):
        Area(2**63)


def test_shown_places() -> None:
    assert [Price(2_800_000).show(), Price(2_800_000).show(2), Price(-5).show(), Area(0).show(2)] == [
        "2.8",
        "2.80",
        "-0.000005",
        "0.00",
    ]
