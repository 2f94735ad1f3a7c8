"""What waits in dunning: the board of four papers, the filter of the list, claims whose time runs out."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import arrears_list, dun_board, dun_contacts, dunning
from app.services.dun_board import Card
from app.services.dun_contacts import Served
from app.services.list_face import Query
from tests.builders import Office


@pytest.fixture
def owing(office: Office) -> Office:
    """Two houses that owe January to June; due 2 February and later. It is 7 July."""
    office.with_houses().with_item()
    for month in range(1, 7):
        office.bill(f"2026-{month:02}", f"2026-{month:02}-01")
    office.clock.to("2026-07-07")
    return office


def _run(office: Office, day: str) -> None:
    office.clock.to(day)
    dunning.run(office.manager, office.folder / "out" / "dun.pdf")


def _cards(office: Office, query: Query | None = None) -> dict[str, list[Card]]:
    return {rung.stage: list(rung.cards) for rung in dun_board.board(office.manager, query).rungs}


def _states(office: Office) -> dict[str, list[tuple[str, str]]]:
    return {stage: [(card.house, card.state) for card in cards] for stage, cards in _cards(office).items() if cards}


def _todo(office: Office, value: str) -> list[str]:
    keys = arrears_list.keys(office.manager, Query(filters=(("todo", value),)))
    rows = arrears_list.rows(office.manager, keys)
    counted = arrears_list.counts(office.manager, Query()).of["todo"][value]
    assert counted == len(keys)
    return [rows[key].house for key in keys]


def test_a_card_moves_on_when_its_paper_is_due_and_says_what_was_done(owing: Office) -> None:
    two = ["3-1-0101", "3-1-0102"]
    assert _states(owing) == {"reminder": [(house, "due") for house in two]}
    _run(owing, "2026-07-07")
    assert _states(owing) == {"reminder": [(house, "sent") for house in two]}
    dun_contacts.serve(owing.manager, "D2026-000001", Served("in_person", date(2026, 7, 7), signer="业主"))
    assert _states(owing)["reminder"] == [("3-1-0101", "served"), ("3-1-0102", "sent")]
    owing.clock.to("2026-07-22")
    assert _states(owing) == {"notice": [(house, "due") for house in two]}
    dun_contacts.hold(owing.manager, "3-1-0101", "disputed", "漏水")
    assert _states(owing) == {"notice": [("3-1-0102", "due")], "reminder": [("3-1-0101", "held")]}
    assert _cards(owing)["reminder"][0].held == "disputed"


def test_columns_say_from_which_day_and_how_much(owing: Office) -> None:
    rungs = dun_board.board(owing.manager).rungs
    assert [(rung.title, rung.after_days) for rung in rungs] == [
        ("温馨提示", 7), ("催缴通知单", 30), ("催缴函", 60), ("律师函/起诉材料", 90)]  # fmt: skip
    first = rungs[0]
    assert first.owed_fen == sum(card.owed_fen for card in first.cards) > 0
    assert first.cards[0].days == (date(2026, 7, 7) - date(2026, 2, 2)).days
    assert {card.key for card in first.cards} == set(arrears_list.keys(owing.manager, Query()))


def test_no_legal_paper_without_proof_of_service(owing: Office) -> None:
    for day in ("2026-07-07", "2026-07-22", "2026-08-06"):
        _run(owing, day)
    owing.clock.to("2026-10-06")
    assert {state for _, state in _states(owing)["letter"]} == {"blocked"}


def test_the_board_shows_what_the_list_is_asked_for(owing: Office) -> None:
    assert [card.house for card in _cards(owing, Query("0102"))["reminder"]] == ["3-1-0102"]
    assert _cards(owing, Query(filters=(("todo", "held"),)))["reminder"] == []


def test_what_waits_today_is_a_filter_with_counts(owing: Office) -> None:
    two = ["3-1-0101", "3-1-0102"]
    assert (sorted(_todo(owing, "due")), _todo(owing, "call"), _todo(owing, "held")) == (two, [], [])
    _run(owing, "2026-07-07")
    assert (_todo(owing, "due"), _todo(owing, "call")) == ([], [])
    owing.clock.to("2026-07-10")
    assert sorted(_todo(owing, "call")) == two
    dun_contacts.talk(owing.manager, "3-1-0101", "call", "说下周来交")
    assert _todo(owing, "call") == ["3-1-0102"]
    dun_contacts.hold(owing.manager, "3-1-0102", "disputed", "漏水")
    assert (_todo(owing, "call"), _todo(owing, "held")) == ([], ["3-1-0102"])


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2028-07-01", None),
        ("2028-08-10", "d180"),
        ("2028-11-10", "d90"),
        ("2029-01-10", "d30"),
        ("2029-02-10", "over"),
    ],
)
def test_a_claim_whose_time_runs_out_is_marked(owing: Office, day: str, code: str | None) -> None:
    owing.clock.to(day)
    rows = arrears_list.rows(owing.manager, arrears_list.keys(owing.manager, Query()))
    assert {row.limit for row in rows.values()} == {code}
    assert {card.limit for cards in _cards(owing).values() for card in cards} == {code}
    assert len(_todo(owing, "limit")) == (2 if code else 0)


def test_a_proven_demand_takes_the_mark_away(owing: Office) -> None:
    _run(owing, "2028-08-10")
    dun_contacts.serve(owing.manager, "D2028-000001", Served("in_person", date(2028, 8, 10), signer="业主"))
    assert _todo(owing, "limit") == ["3-1-0102"]
