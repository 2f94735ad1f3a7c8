"""Who lives in a house."""

from __future__ import annotations

import pytest

from app.domain.occupancy import is_contact, lives_in


@pytest.mark.parametrize(
    ("relation", "state", "lives"),
    [
        ("owner", "owner", True), ("co_owner", "fitting_out", True), ("owner", "let", False),
        ("co_owner", "vacant", False), ("tenant", "let", True), ("family", "vacant", True),
        ("emergency", "owner", False), ("emergency", "let", False),
    ],
)  # fmt: skip
def test_who_lives_there(relation: str, state: str, lives: bool) -> None:
    assert lives_in(relation, state) is lives
    assert is_contact(relation, state) is not lives
