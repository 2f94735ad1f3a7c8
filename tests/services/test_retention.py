"""Who left long ago is proposed and forgotten; the books stay as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.services import (
    approvals,
    attachments,
    disputes,
    dun_contacts,
    events,
    handovers,
    house_change,
    permits,
    person_merge,
    pets,
    residents,
    retention,
    tenancies,
    vehicles,
    verification,
)
from app.services.events import EventForm
from app.services.list_face import Query
from app.services.permits import NewPermit
from app.services.person_form import PersonForm
from app.services.pets import PetForm
from app.services.refused import Refused
from app.services.settlement import Wanted
from app.services.tenancies import NewTenancy
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


def _everything(office: Office) -> str:
    """All that the database holds, as text."""
    tables = office.sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    return repr([office.sql(f'SELECT * FROM "{table}"') for (table,) in tables])


def test_all_that_names_him_is_reached_and_the_chain_knows_it(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_item().with_houses(["B1-15"], None)
    office.bill("2026-06", "2026-06-01")
    manager, paper = office.manager, tmp_path / "冯旧客的合同.txt"
    paper.write_text("x")
    him = PersonForm("冯旧客", "13912340001", email="f@example.com")
    who = residents.register(manager, "3-1-101", "tenant", him, date(2026, 7, 1))
    twin = residents.register(manager, "3-1-101", "family", PersonForm("冯旧客", "13912340009"), another=True)
    person_merge.merge(manager, who.key, twin.key, "冯旧客登记了两次")
    residents.register(manager, "3-1-102", "family", PersonForm("小冯旧客", "13900000001"))
    tenancies.add(manager, "3-1-101", NewTenancy("冯旧客", date(2026, 7, 1), number="ZL-冯旧客", file=paper))
    pets.add(manager, "3-1-101", PetForm("狗", "豆豆", "京A-1", keeper="冯旧客", remark="冯旧客养的"))
    vehicles.add(manager, "3-1-101", "京A12345", first=date(2026, 7, 1))
    permits.add(manager, "3-1-101", NewPermit(date(2026, 7, 1), date(2026, 8, 1), "自装", "冯旧客", "13912340001"))
    disputes.add(manager, "3-1-101", "WY", "2026-06", "冯旧客说漏水")
    house_change.set_state(manager, "3-1-101", "let", date(2026, 7, 2), "租给冯旧客")
    house_change.set_state(manager, "3-1-102", "let", date(2026, 7, 2), "租给小冯旧客")
    dun_contacts.hold(manager, "3-1-101", "insolvency", "冯旧客 13912340001 的公告")
    events.add(manager, EventForm("茶话会", date(2026, 7, 6)))
    events.invite(manager, "E2026-000001", Query("冯旧客"))
    handovers.prepare(manager, Wanted("3-1-101", date(2026, 7, 6), "move_out", "冯旧客", "13912340001"))
    residents.move_out(manager, _tenant_row(office, "冯旧客"), date(2026, 7, 6), "冯旧客退租")
    vehicles.end(manager, "3-1-101", "京A12345")
    office.pay("3-1-101", 20962)
    with manager.transaction(write=True) as work:
        # The owner left as well, so that nobody stayed whose car it may be; the bank names him with a line of his.
        work.driver("UPDATE resident SET valid_to = '2026-07-06' WHERE house_id = 1")
        work.driver("UPDATE house_payer SET valid_to = '2026-07-06' WHERE house_id = 1")
        for n, name in enumerate(("冯旧客", "小冯旧客")):
            row = (n + 1, f"Y{n}", f"i{n}", "2026-07-05", 88, name, "ignored", 1, 1)
            columns = ("id", "number", "identity", "day", "amount", "counterparty", "state", "seq", "version")
            work.many("bank_line", columns, [row])
        work.audit("test.left", "person")
    office.clock.to("2031-08-01")
    before = verification.verify(manager)
    assert before.ok
    done = retention.anonymise(manager, "冯旧客", "3-1-101", "冯旧客留存期满")
    assert isinstance(done, retention.Anonymised)
    assert done.belongings == 3
    held = _everything(office)
    for secret in ("13912340001", "13912340009", "f@example.com", "京A12345", "ZL-冯旧客"):
        assert secret not in held, secret
    plain = held.replace("小冯旧客", "")
    assert "冯旧客" not in plain, plain[plain.index("冯旧客") - 200 : plain.index("冯旧客") + 60]
    assert "租给小冯旧客" in held
    assert attachments.listing(manager, "3-1-101") == ()
    assert list((office.folder / "files").iterdir()) == []
    assert events.show(manager, "E2026-000001").counts.invited == 2
    after = verification.verify(manager)
    assert after.ok, [check for check in after.checks if not check.ok]
    assert after.totals == before.totals
    # What somebody changes in a detail afterwards is still found.
    ((seq, detail),) = office.sql("SELECT seq, detail FROM change WHERE detail LIKE '%租给已匿名住户%'")
    with manager.transaction(write=True) as work:
        work.change_many("change", ("seq",), ("detail",), [(detail.replace("租给", "卖给"), seq)])
        work.audit("test.change", "house")
    report = verification.verify(manager)
    assert not report.ok
    assert any(f"第 {seq} 条审计记录的明细被改动" in check.detail for check in report.checks if check.detail)


def _tenant_row(office: Office, name: str) -> int:
    """The tenant's row of a name at 3-1-101."""
    ((key,),) = office.sql(
        "SELECT r.id FROM resident r JOIN person p ON p.id = r.person_id "
        f"WHERE p.name = '{name}' AND r.relation = 'tenant'"
    )
    return int(key)


def test_a_firm_is_refused_by_the_act_itself(left: Office) -> None:
    with left.manager.transaction(write=True) as work:
        work.driver("UPDATE person SET kind = 'firm' WHERE name = ?", (LEFT,))
        work.audit("test.firm", "person")
    assert _names(left) == []
    with pytest.raises(Refused) as why:
        retention.anonymise(left.manager, LEFT, "3-1-101", "期满")
    assert (why.value.problem.code, why.value.field) == ("firm_kept", "name")
