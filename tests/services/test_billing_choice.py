"""A bill run of chosen items, buildings or houses: the rest stays to be billed, by whoever comes next."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import billing, billing_review, shared_costs, verification
from app.services.billing_choice import Chosen
from app.services.refused import Refused
from app.services.shared_costs import NewCost
from tests.builders import Office

ON = date(2026, 7, 1)


@pytest.fixture
def estate(office: Office) -> Office:
    """Two houses of building 3 and one of building 5 with a fee by area and one a household."""
    return (
        office.with_houses(("3-1-0101", "3-1-0102"))
        .with_houses(("5-1-0101",))
        .with_item()
        .with_item("LJ", "flat", "8.00")
    )


def test_an_item_then_the_rest(estate: Office) -> None:
    chosen = Chosen(items=("LJ",))
    assert billing.preview(estate.manager, "2026-07", ON, chosen).items == (("LJ", 3, 2400),)
    looked = billing_review.review(estate.manager, "2026-07", ON, chosen)
    done = billing.post(estate.manager, "2026-07", ON, chosen, plan=looked.plan)
    assert (done.lines, done.already_posted) == (3, 0)
    rest = estate.bill("2026-07", "2026-07-01")
    assert (rest.items, rest.already_posted) == ((("WY", 3, 3 * 20962),), 3)
    assert verification.verify(estate.manager).ok


def test_a_building_and_a_house(estate: Office) -> None:
    assert billing.preview(estate.manager, "2026-07", ON, Chosen(buildings=("5",))).lines == 2
    assert billing.preview(estate.manager, "2026-07", ON, Chosen(("WY",), ("5",), ("3-1-102",))).lines == 2
    assert billing.preview(estate.manager, "2026-07", ON, Chosen(houses=("3-1-102",))).lines == 2
    estate.bill("2026-06", "2026-06-01")
    looked = billing_review.review(estate.manager, "2026-07", ON, Chosen(("WY",), ("5",), ("3-1-102",)))
    assert [(row.item, row.lines, row.last_lines) for row in looked.items] == [("WY", 2, 2)]


def test_a_plan_that_grew_old_is_made_again_with_the_same_limits(estate: Office) -> None:
    chosen = Chosen(houses=("3-1-101",))
    plan = billing.plan(estate.manager, "2026-07", ON, chosen)
    estate.with_item("DT", "flat", "3.00")
    done = billing.post(estate.manager, "2026-07", ON, chosen, plan=plan)
    assert (done.lines, done.bills) == (3, 1)


def test_a_shared_cost_is_divided_among_all(estate: Office) -> None:
    estate.with_item("GT", "shared", {"by": "house"}, name="公摊电费")
    shared_costs.add(estate.manager, NewCost("GT", "2026-06", 300))
    assert billing.preview(estate.manager, "2026-07", ON, Chosen(("GT",), ("5",))).items == (("GT", 1, 100),)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (Chosen(items=("X",)), "unknown_item"),
        (Chosen(buildings=("9",)), "unknown_building"),
        (Chosen(houses=("9-9-901",)), "unknown_house"),
    ],
)
def test_what_is_not_there_is_refused(estate: Office, chosen: Chosen, code: str) -> None:
    with pytest.raises(Refused) as refused:
        billing.preview(estate.manager, "2026-07", ON, chosen)
    assert refused.value.problem.code == code


def test_from_the_terminal_once_a_key(estate: Office) -> None:
    words = ("bill", "run", "--period", "2026-07", "--item", "LJ", "--building", "3", "--key", "k")
    first, again = estate.command(*words), estate.command(*words)
    assert first == again
    assert first[1]["lines"] == 2
    assert estate.command(*words[:-4], "--key", "k")[1]["error"]["code"] == "key_reused"
