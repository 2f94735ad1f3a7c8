"""Payment plans: agreed, kept, missed, given up; dunning rests while they are kept, limitation runs from the end."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import dun_contacts, dunning, plans, verification
from app.services.plans import Planned
from app.services.refused import Refused
from tests.builders import Office, command

FIRST = date(2026, 7, 31)


@pytest.fixture
def late(office: Office) -> Office:
    office.with_houses().with_item()
    office.bill("2026-04", "2026-04-01")
    office.bill("2026-05", "2026-05-01")
    return office


def _agree(office: Office, house: str = "3-1-101", n: int = 3) -> Planned:
    return plans.add(office.manager, house, plans.propose(office.manager, house, n, FIRST).parts)


def _reasons(office: Office) -> dict[str, str]:
    return {row.house: row.reason for row in dunning.preview(office.manager).skipped}


def test_a_plan_rests_dunning_until_an_instalment_is_missed(late: Office) -> None:
    proposal = plans.propose(late.manager, "3-1-101", 3, FIRST)
    assert (proposal.owed_fen, proposal.charges) == (41924, 2)
    assert [(str(each.due), each.amount) for each in proposal.parts] == [
        ("2026-07-31", 13975), ("2026-08-31", 13975), ("2026-09-30", 13974)
    ]  # fmt: skip
    done = _agree(late)
    assert (done.number, done.amount_fen, done.file.exists()) == ("F2026-000001", 41924, True)
    assert _reasons(late) == {"3-1-0101": "plan_active"}
    with pytest.raises(Refused, match="已有分期协议"):
        _agree(late)
    late.clock.to("2026-08-07")
    late.pay("3-1-101", 13975)
    late.clock.to("2026-09-07")
    assert _reasons(late)["3-1-0101"] == "plan_active"
    (row,) = plans.listing(late.manager, "3-1-101")
    assert (row.paid_fen, row.left_fen, row.next_due, row.next_fen, row.state) == (
        13975, 27949, date(2026, 8, 31), 13975, "kept"
    )  # fmt: skip
    late.clock.to("2026-09-08")
    assert "3-1-0101" not in _reasons(late)
    assert {letter.house for letter in dunning.preview(late.manager).letters} >= {"3-1-0101"}
    (row,) = plans.listing(late.manager)
    assert (row.state, row.until) == ("broken", date(2026, 9, 8))
    assert verification.verify(late.manager).ok


def test_limitation_runs_from_the_last_instalment(late: Office) -> None:
    before = dun_contacts.record(late.manager, "3-1-101").limits[0].expires_on
    _agree(late)
    after = dun_contacts.record(late.manager, "3-1-101").limits
    assert before is not None
    assert before < date(2029, 9, 1)
    # Three years from 30 September 2026 is a Sunday.
    assert {limit.expires_on for limit in after} == {date(2029, 10, 1)}


def test_given_up_and_paid_off(late: Office) -> None:
    _agree(late)
    with pytest.raises(Refused, match="写明原因"):
        plans.end(late.manager, "3-1-101", "")
    assert plans.end(late.manager, "3-1-101", "另行起诉").left_fen == 41924
    with pytest.raises(Refused, match="没有在履行"):
        plans.end(late.manager, "3-1-101", "再来")
    late.clock.move(days=1)
    assert _reasons(late) == {}
    _agree(late, n=2)
    late.pay("3-1-101", 41924)
    states = [(row.number, row.state) for row in plans.listing(late.manager)]
    assert states == [("F2026-000002", "done"), ("F2026-000001", "done")]
    assert plans.print_again(late.manager, "F2026-000001").copy == 2
    with pytest.raises(Refused, match="没有逾期"):
        _agree(late)


def test_the_commands(late: Office) -> None:
    folder = late.folder
    late.close()
    argv = ("instalments", "add", "3-1-101", "--instalment", "2026-07-31=200", "--instalment", "2026-08-31=219.24")
    assert command(folder, *argv[:5])[1]["error"]["code"] == "plan.sum"
    assert command(folder, *argv[:3], "--instalment", "2026-07-31")[1]["error"]["code"] == "bad_instalment"
    first = command(folder, *argv, "--signed", "2026-07-05", "--key", "k")
    assert first == command(folder, *argv, "--signed", "2026-07-05", "--key", "k")
    assert (first[0], first[1]["plan"], first[1]["amount_fen"]) == (0, "F2026-000001", 41924)
    _, said = command(folder, "instalments", "list")
    assert [(row["house"], row["state"], row["next_fen"]) for row in said["plans"]] == [("3-1-0101", "kept", 20000)]
    assert command(folder, "instalments", "print", "F2026-000001")[1]["copy"] == 2
    assert command(folder, "instalments", "end", "3-1-101", "--reason", "起诉")[1]["left_fen"] == 41924
