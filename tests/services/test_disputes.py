"""Contested charges: no late fee, no letter meanwhile; paid all the same; over, everything goes on."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import (
    adjustments,
    arrears,
    billing_review,
    counter,
    disputes,
    dunning,
    house_file,
    payments,
    verification,
)
from app.services.adjustments import Change
from app.services.refused import NotAllowed, Refused
from tests.builders import Office, command


@pytest.fixture
def late(office: Office) -> Office:
    office.with_houses().with_item(late_rate=50_000)
    office.bill("2026-04", "2026-04-01")
    office.bill("2026-05", "2026-05-01")
    return office


def _fees(office: Office, day: date | None = None) -> list[tuple[str, int]]:
    return [(row.house, row.late_fee_fen) for row in arrears.arrears(office.manager, day).houses]


def test_it_bears_no_late_fee_and_holds_the_ladder(late: Office) -> None:
    before = _fees(late)
    assert before[0][1] == before[1][1] > 0
    assert len(dunning.preview(late.manager).letters) == 2
    done = disputes.add(late.manager, "3-1-101", "WY", "2026-04", "电梯停运")
    assert (done.charges, done.open_fen) == (1, 20962)
    after = _fees(late)
    assert 0 < after[0][1] < before[0][1]
    assert after[1] == before[1]
    # What stood on the day before stays as it was reported.
    assert _fees(late, date(2026, 7, 5))[0][1] == _fees(late, date(2026, 7, 5))[1][1]
    plan = dunning.preview(late.manager)
    assert [letter.house for letter in plan.letters] == ["3-1-0102"]
    assert [(row.house, row.reason) for row in plan.skipped] == [("3-1-0101", "disputed")]
    lines = counter.call_up(late.manager, "3-1-101").lines
    assert [(line.period, line.disputed, line.late_fee_fen > 0) for line in lines] == [
        ("2026-04", True, False), ("2026-05", False, True)
    ]  # fmt: skip
    account = house_file.show(late.manager, "3-1-101").account
    assert account is not None
    assert [charge.state for charge in account.charges] == ["disputed", ""]
    (kept,) = billing_review.review(late.manager, "2026-06").kept_back
    assert (kept.reason, kept.title, kept.houses) == ("disputed", "先前的费用有争议", ("3-1-0101",))
    with pytest.raises(Refused, match="没有这笔未交的费用"):
        adjustments.adjust(late.manager, "3-1-101", "waiver", [Change("WY", "2026-04", 1, "late_fee")], "减")
    paid = payments.take(late.manager, "3-1-101", 20962)
    assert [(row.period, row.part) for row in paid.allocated] == [("2026-04", "principal")]
    assert [row.reason for row in dunning.preview(late.manager).skipped] == []
    assert verification.verify(late.manager).ok


def test_it_ends_and_everything_goes_on(late: Office) -> None:
    disputes.add(late.manager, "3-1-101", "WY", "2026-04", "电梯停运")
    with pytest.raises(Refused, match="已经登记了争议"):
        disputes.add(late.manager, "3-1-101", "WY", "2026-04", "又说")
    late.clock.move(days=3)
    disputes.end(late.manager, "3-1-101", "WY", "2026-04", "已核实，应交")
    assert [row.reason for row in dunning.preview(late.manager).skipped] == ["disputed"]
    late.clock.move(days=1)
    assert len(dunning.preview(late.manager).letters) == 2
    fees = _fees(late)
    assert fees[0][1] == fees[1][1]
    with pytest.raises(Refused, match="没有登记争议"):
        disputes.end(late.manager, "3-1-101", "WY", "2026-04", "再了结")
    assert disputes.listing(late.manager) == ()


def test_an_office_may_let_the_late_fee_go_on(late: Office) -> None:
    before = _fees(late)
    late.set(dispute_late_fee="go_on")
    disputes.add(late.manager, "3-1-101", "WY", "2026-04", "电梯停运")
    assert _fees(late) == before


def test_who_may_and_the_commands(late: Office) -> None:
    late.with_staff("李收费", "钱客服")
    with pytest.raises(NotAllowed):
        disputes.add(late.seat("李收费"), "3-1-101", "WY", "2026-04", "电梯停运")
    disputes.add(late.seat("钱客服"), "3-1-102", "WY", "2026-05", "电梯停运")
    folder = late.folder
    late.close()
    status, said = command(folder, "dispute", "add", "3-1-101", "WY", "2026-04", "--reason", "漏水")
    assert (status, said["open_fen"]) == (0, 20962)
    status, said = command(folder, "dispute", "list", "3-1-101")
    assert [(row["item"], row["period"]) for row in said["disputes"]] == [("WY", "2026-04")]
    status, said = command(folder, "dun", "preview", "--as-of", "2026-07-06")
    assert {row["reason"] for row in said["skipped"]} == {"disputed"}
    assert command(folder, "dispute", "end", "3-1-101", "WY", "2026-04", "--reason", "已修")[0] == 0
    assert command(folder, "dispute", "add", "3-1-101", "WY", "2026-03", "--reason", "x")[1]["error"]["code"] == (
        "unknown_debt"
    )
