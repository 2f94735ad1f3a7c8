"""Heads on paper: what is printed can be typed back, and a slip of the pen is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import anchor
from app.domain.problem import Problem

digests = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(digests, st.integers(1, 10**9))
def test_every_printed_form_is_read_back(digest: str, seq: int) -> None:
    for head in (digest, anchor.short(digest), anchor.short(digest).lower(), anchor.shortest(digest)):
        found = anchor.parse(f" {seq}：{head} ".replace("：", ":"))
        assert found.seq == seq
        assert found.holds(digest)
        assert not found.holds(None)


@given(digests, st.integers(0, 15), st.sampled_from("0123456789ABCDEF"))
def test_one_wrong_character_is_noticed(digest: str, place: int, char: str) -> None:
    said = anchor.short(digest).replace("-", "")
    if said[place] == char:
        return
    with pytest.raises(Problem, match="抄错"):
        anchor.parse(f"7:{said[:place]}{char}{said[place + 1 :]}")


@pytest.mark.parametrize(
    "text", ["", "7", "7:", ":abcdef12", "0:abcdef12", "x:abcdef12", "7:abcdef1", "7:ghijklmn", "7:" + "a" * 63]
)
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        anchor.parse(text)
