"""Who left long ago is proposed and forgotten; the books stay as they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.services import approvals, retention, verification
from app.services.refused import Refused
from tests.builders import Office

LEFT = "业主3-1-0101"


@pytest.fixture
def left(office: Office) -> Office:
    """An owner who paid all, sold in July 2026, and another who left but still owes; it is August 2031."""
    office.with_houses().with_item()
    office.bill("2026-06", "2026-06-01")
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE person SET phone = '13912340001', id_number = '110101199003070011' WHERE name = ?", (LEFT,))
        work.driver("INSERT INTO person_tag (person_id, tag) SELECT id, 'deaf' FROM person WHERE name = ?", (LEFT,))
        work.audit("test.person", "person")
    office.pay("3-1-101", 20962)
    assert office.command("receipt", "print", "S2026-00000001", "--key", "r1")[0] == 0
    assert office.command("statement", "3-1-101")[0] == 0
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE resident SET valid_to = '2026-07-31'")
        work.driver("UPDATE house_payer SET valid_to = '2026-07-31'")
        work.audit("test.left", "person")
    office.clock.to("2031-08-01")
    return office.with_staff("钱客服", "周经理")


def _names(office: Office) -> list[str]:
    return [row["name"] for row in office.command("person", "due")[1]["people"]]


def test_who_left_long_ago_and_owes_nothing_is_proposed(left: Office) -> None:
    (row,) = left.command("person", "due")[1]["people"]
    assert row == {"name": LEFT, "house": "3-1-0101", "last": "2026-07-31", "kept_until": "2031-07-31"}
    left.set(retention_years="6")
    assert _names(left) == []
    left.set(retention_years="5")
    with pytest.raises(Refused) as why:
        retention.anonymise(left.manager, "业主3-1-0102", "3-1-102", "期满")
    assert why.value.problem.code == "still_kept"


def test_forgotten_on_approval_and_the_books_hold(left: Office) -> None:
    before = verification.verify(left.manager)
    status, said = left.command("person", "anonymise", LEFT, "3-1-101", "--reason", "留存期满", user="钱客服")
    assert (status, said["state"]) == (0, "waiting")
    assert left.sql(f"SELECT count(*) FROM person WHERE name = '{LEFT}'") == [(1,)]
    approvals.yes(left.seat("周经理"), said["request"])
    everything: list[Any] = []
    for table in ("person", "document", "once_key", "change", "request"):
        everything += left.sql(f"SELECT * FROM {table}")
    assert not any(secret in repr(everything) for secret in (LEFT, "13912340001", "110101199003070011"))
    assert left.sql("SELECT count(*) FROM person_tag") == [(0,)]
    ((name, day),) = left.sql("SELECT name, anonymised_on FROM person WHERE anonymised_on IS NOT NULL")
    assert (name, day) == ("已匿名住户", "2031-08-01")
    after = verification.verify(left.manager)
    assert after.ok
    assert after.totals == before.totals
    assert left.command("receipt", "print", "S2026-00000001")[0] == 0
    assert _names(left) == []
    assert left.clock().date() == date(2031, 8, 1)
