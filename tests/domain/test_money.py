from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import LARGEST, parse_yuan, plain_yuan, yuan
from app.domain.problem import Problem


@given(st.integers(-LARGEST, LARGEST))
def test_what_is_shown_can_be_read(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen
    assert parse_yuan(plain_yuan(fen)) == fen


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_yuan(text)
    except Problem as refused:
        assert refused.text  # noqa: PT017


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450),
        ("１，２３４。５６元", 123456),
        (" ￥ 1,234.56 ", 123456),
        ("¥-5", -500),
        ("−5.00", -500),
        ("人民币12元", 1200),
        (".5", 50),
        (7, 700),
        (Decimal("7.10"), 710),
        (Decimal("1E+2"), 10000),
        ("100000000000", LARGEST),
    ],
)
def test_as_people_type_it(text: str | int | Decimal, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234", "money.decimals"),
        ("1.230", "money.decimals"),
        (Decimal("0.001"), "money.decimals"),
        ("1,23", "money.format"),
        ("12,345,67", "money.format"),
        ("1e5", "money.format"),
        ("NaN", "money.format"),
        (Decimal("NaN"), "money.format"),
        (Decimal("Infinity"), "money.format"),
        (Decimal("1E+999999"), "money.too_large"),
        (Decimal("1E-999999"), "money.decimals"),
        ("", "money.format"),
        (".", "money.format"),
        ("--5", "money.format"),
        ("5²", "money.format"),
        ("①", "money.format"),
        ("½", "money.format"),
        ("٣", "money.format"),
        ("5 5", "money.format"),
        ("100000000000.01", "money.too_large"),
        ("9" * 5000, "money.format"),
        (True, "money.format"),
        (0.5, "money.format"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_yuan(text)
    assert refused.value.code == code


def test_negative_amounts_are_shown_with_a_true_minus() -> None:
    assert (yuan(-123456), plain_yuan(-1200), yuan(5)) == ("−1,234.56", "-12.00", "0.05")
