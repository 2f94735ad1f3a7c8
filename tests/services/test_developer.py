"""Until a house is handed over the developer is billed for it, and so he is whom the counter asks and books."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.proration import StartRule
from app.services import counter, former_payers, house_file, house_list, statements, verification
from app.services.list_face import Query
from tests.builders import Office
from tests.reports.excel.making import a_workbook

LINE = 20962
DEVELOPER = "样例置业"
NAMES = (
    "SELECT DISTINCT person.name FROM {} row JOIN party ON party.id = row.payer_id "
    "JOIN person ON person.id = party.person_id"
)


def _state(office: Office, house: str, state: str, delivered: str | None = None) -> None:
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE house SET state = ?, delivered_on = ? WHERE number = ?", (state, delivered, house))
        work.audit("test", "house")


@pytest.fixture
def unsold(office: Office) -> Office:
    """Two unsold houses and one that is lived in, all billed for July."""
    office.set(developer=DEVELOPER).with_houses(("3-1-0101", "3-1-0102", "3-1-0201")).with_item()
    _state(office, "3-1-0101", "unsold")
    _state(office, "3-1-0102", "undelivered")
    office.bill("2026-07", "2026-07-01")
    return office


def test_the_counter_calls_up_the_developer_with_what_he_owes(unsold: Office) -> None:
    assert [hit.payer for hit in counter.find(unsold.manager, "3-1-0101")] == [DEVELOPER]
    assert [hit.house for hit in counter.find(unsold.manager, DEVELOPER)] == ["3-1-0101", "3-1-0102"]
    seen = counter.call_up(unsold.manager, "3-1-0101")
    assert (seen.payer, seen.owed_fen, seen.others) == (DEVELOPER, LINE, (("3-1-0102", LINE),))
    both = counter.call_up(unsold.manager, "3-1-0101", ("3-1-0102",))
    assert (both.owed_fen, both.also) == (2 * LINE, ("3-1-0102",))
    assert former_payers.former(unsold.manager, "3-1-0101") == ()
    assert counter.call_up(unsold.manager, "3-1-0201").payer == "业主3-1-0201"


def test_a_payment_settles_the_developer_s_bill_and_what_is_over_is_his(unsold: Office) -> None:
    paid = unsold.command("pay", "3-1-101", "300")[1]
    assert (paid["allocated"][0]["amount_fen"], paid["prepaid_fen"]) == (LINE, 30000 - LINE)
    assert unsold.sql(NAMES.format("payment")) == [(DEVELOPER,)]
    unsold.bill("2026-08", "2026-07-06")
    assert counter.call_up(unsold.manager, "3-1-101").owed_fen == LINE - (30000 - LINE)
    assert verification.verify(unsold.manager).ok


def test_the_register_names_him_as_the_payer(unsold: Office) -> None:
    account = house_file.show(unsold.manager, "3-1-0101").account
    assert account is not None
    assert account.payer == DEVELOPER
    rows = house_list.rows(unsold.manager, house_list.keys(unsold.manager, Query())).values()
    assert [row.payer for row in rows] == [DEVELOPER, DEVELOPER, "业主3-1-0201"]
    assert statements.statement(unsold.manager, "3-1-0101").entries[0].amount_fen == LINE


def test_once_it_is_handed_over_the_owner_is_asked_and_the_developer_still_owes(unsold: Office) -> None:
    _state(unsold, "3-1-0102", "vacant", "2026-07-05")
    seen = counter.call_up(unsold.manager, "3-1-0102")
    assert (seen.payer, seen.owed_fen) == ("业主3-1-0102", 0)
    assert [(who.payer, who.owed_fen) for who in former_payers.former(unsold.manager, "3-1-0102")] == [
        (DEVELOPER, LINE)
    ]


def test_without_a_developer_in_the_settings_nothing_changes(unsold: Office) -> None:
    unsold.set(developer="")
    assert counter.call_up(unsold.manager, "3-1-0101").payer == "业主3-1-0101"


def test_what_is_imported_for_his_houses_is_his(unsold: Office, tmp_path: Path) -> None:
    rows = [["房号", "金额", "日期", "方式"], ["3-1-0101", 100, "2026-07-06", "转账"]]
    status, said = unsold.command("import", "payments", str(a_workbook(tmp_path, {"收款": rows}, name="p.xlsx")))
    assert (status, said["rejected"]) == (0, [])
    assert unsold.sql(NAMES.format("payment")) == [(DEVELOPER,)]


def test_an_opening_of_his_houses_is_his_and_comes_in_once(office: Office, tmp_path: Path) -> None:
    office.set(go_live="2026-07-01").with_houses(("3-1-0101",)).with_item()
    _state(office, "3-1-0101", "unsold")
    rows = [["房号", "收费项目", "账期起", "账期止", "欠费金额"], ["3-1-101", "WY", "2026-05-01", "2026-05-31", 50]]
    path = str(a_workbook(tmp_path, {"欠费": rows}, name="期初.xlsx"))
    before = office.command("import", "opening", path)[1]
    assert before["rejected"] == []
    assert office.sql(NAMES.format("charge")) == [("业主3-1-0101",)]
    office.set(developer=DEVELOPER)
    office.command("import", "opening", path)
    assert office.sql(NAMES.format("charge")) == [("业主3-1-0101",)]
    assert office.sql("SELECT COUNT(*) FROM charge") == [(1,)]
    office.command("import", "opening", "--replace", path)
    assert office.sql(NAMES.format("open_charge")) == [(DEVELOPER,)]


@pytest.mark.parametrize(("rule", "owner"), [("next_month", 0), ("delivery_day", 3097), ("next_day", 2890)])
def test_from_when_the_owner_pays_is_the_item_s_rule(office: Office, rule: str, owner: int) -> None:
    office.set(developer=DEVELOPER).with_houses(("3-1-0101",), area=640_000)
    office.with_item("WY", price="1", start_rule=StartRule(rule))
    _state(office, "3-1-0101", "owner", "2026-05-17")
    office.bill("2026-05")
    rows = office.sql(f"SELECT name, amount FROM ({NAMES.replace('DISTINCT', 'row.amount,').format('charge')})")
    paid = {str(name): int(fen) for name, fen in rows}
    assert paid.pop("业主3-1-0101", 0) == owner
    assert paid == {DEVELOPER: 6400 - owner}
    assert verification.verify(office.manager).ok
