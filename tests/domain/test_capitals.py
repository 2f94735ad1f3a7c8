import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.capitals import LIMIT, capital, read_capital
from app.domain.problem import Problem

SPARSE = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 13)), max_size=5).map(
    lambda digits: sum(digit * 10**place for digit, place in digits) % LIMIT
)


@given(st.integers(1 - LIMIT, LIMIT - 1) | SPARSE)
def test_round_trip(fen: int) -> None:
    text = capital(fen)
    assert read_capital(text) == fen
    assert read_capital("人民币" + text.removesuffix("整")) == fen
    assert "零零" not in text
    assert not text.startswith("零") or fen == 0


@given(st.text() | st.text(alphabet="零壹贰拾佰仟万亿元角分整正负人民币"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        fen = read_capital(text)
    except Problem as refused:
        assert refused.code == "capital.format"  # noqa: PT017
    else:
        assert read_capital(capital(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("壹仟陆佰捌拾元叁角贰分", 168032),
        ("壹仟肆佰零玖元伍角", 140950),
        ("壹佰圆正", 10000),
        ("人民币 壹拾万柒仟元伍角叁分", 10700053),
        ("伍角正", 50),
    ],
)
def test_freedoms_of_the_rule(text: str, fen: int) -> None:
    assert read_capital(text) == fen


@pytest.mark.parametrize("text", ["拾元整", "壹元零壹角整", "壹仟壹元", "壹拾贰亿亿元", "元整", "壹角零分", "伍分整"])
def test_careless_amounts_are_refused(text: str) -> None:
    with pytest.raises(Problem):
        read_capital(text)


def test_the_largest() -> None:
    assert capital(LIMIT - 1).startswith("玖仟玖佰玖拾玖亿")
    with pytest.raises(Problem):
        capital(-LIMIT)
