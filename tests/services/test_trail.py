"""The audit trail: who did what, found by filters; heads on paper show what a swapped or shortened file hides."""

from __future__ import annotations

import shutil
from datetime import date
from typing import Any

import pytest

from app.domain import anchor
from app.services import payments, receipts, trail
from app.services.refused import NotAllowed, Refused
from app.services.trail import ACTIONS, TrailFilter
from app.services.two_persons import Waiting
from app.services.use_case import USE_CASES
from tests.builders import Office

OTHERS = {"office.created", "login.failed", "permission.refused", "slot.rewrapped", "recovery.reset", "backup.restored"}


@pytest.fixture
def lived(office: Office) -> Office:
    office.with_staff("李收费", "吴管理", "郑审计").with_houses().with_item(late_rate=50_000)
    office.bill("2026-07", "2026-07-01")
    payments.take(office.seat("李收费"), "3-1-101", 5000)
    office.clock.to("2026-07-20")
    office.pay("3-1-102", 7000)
    return office


def _listed(office: Office, *argv: str, user: str = "王经理") -> list[dict[str, Any]]:
    status, said = office.command("audit", "list", *argv, user=user)
    assert status == 0, said
    found: list[dict[str, Any]] = said["records"]
    return found


def test_filters(lived: Office) -> None:
    newest = _listed(lived)[0]
    assert (newest["action"], newest["title"], newest["user"]) == ("payment.taken", "收款", "王经理")
    assert [r["detail"]["receipt"] for r in _listed(lived, "--action", "payment", "--by", "李收费")] == [
        "S2026-00000001"]  # fmt: skip
    assert [r["user"] for r in _listed(lived, "--action", "payment", "--to", "2026-07-19")] == ["李收费"]
    assert [r["user"] for r in _listed(lived, "--action", "payment", "--from", "2026-07-20")] == ["王经理"]
    assert {r["object"] for r in _listed(lived, "--kind", "fee_item")} <= {"fee_item"}
    assert _listed(lived, "--action", "no%such") == []
    page = _listed(lived, "--limit", "2")
    assert [r["seq"] for r in _listed(lived, "--limit", "2", "--before", str(page[-1]["seq"]))] == [
        page[-1]["seq"] - 1, page[-1]["seq"] - 2]  # fmt: skip
    assert lived.command("audit", "list", "--by", "谁")[1]["error"]["code"] == "unknown_user"
    assert lived.command("audit", "list", "--limit", "0")[1]["error"]["code"] == "bad_limit"


def test_requests_and_single_handed_acts(lived: Office) -> None:
    receipts.void(lived.manager, "S2026-00000002", "录错户")
    (sole,) = _listed(lived, "--sole")
    assert (sole["action"], sole["sole"], sole["detail"]["reason"]) == ("receipt.voided", True, "录错户")


def test_a_request_is_called_one(lived: Office) -> None:
    lived.with_staff("赵财务", "周经理")
    asked = receipts.reverse(lived.seat("李收费"), "S2026-00000001", "退票")
    assert isinstance(asked, Waiting)
    assert _listed(lived)[0]["title"] == "红冲收据（申请）"


def test_the_administrator_sees_no_amounts(lived: Office) -> None:
    posted = _listed(lived, "--action", "bills.posted", user="郑审计")[0]["detail"]
    assert posted["amount_fen"] > 0
    hidden = _listed(lived, "--action", "bills.posted", user="吴管理")[0]["detail"]
    assert hidden == {"period": "2026-07", "bills": 2, "lines": 2}
    with pytest.raises(NotAllowed):
        trail.listing(lived.seat("李收费"), TrailFilter())


def test_every_action_has_a_chinese_name() -> None:
    declared = {case.audit for case in USE_CASES.values() if case.audit}
    assert declared | OTHERS <= set(ACTIONS)
    assert all(title and not title.isascii() for title in ACTIONS.values())


def _head(office: Office) -> tuple[int, str]:
    (row,) = office.sql("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1")
    return row


def _anchor_check(office: Office, kept: str) -> tuple[int, bool, str]:
    status, said = office.command("verify", "--anchor", kept)
    check = said["checks"][0]
    assert check["name"] == "anchor"
    return status, check["ok"], check["detail"]


def test_a_head_on_paper_is_found_again(lived: Office) -> None:
    seq, digest = _head(lived)
    lived.pay("3-1-101", 100)
    for head in (digest, anchor.short(digest), anchor.shortest(digest)):
        assert _anchor_check(lived, f"{seq}:{head}")[:2] == (0, True)
    status, ok, detail = _anchor_check(lived, f"{seq}:{'0' * 64}")
    assert (status, ok) == (4, False)
    assert "不符" in detail
    assert lived.command("verify", "--anchor", "nonsense")[0] == 3


def test_a_file_put_back_with_its_witness_is_only_shown_by_paper(lived: Office) -> None:
    """Database, keys and witness of last week together are in order; only the typed head tells."""
    lived.close()
    older = lived.folder.with_name("older")
    shutil.copytree(lived.folder, older)
    lived.pay("3-1-101", 100)
    seq, digest = _head(lived)
    lived.close()
    for name in ("office.db", "office.keys", "office.head"):
        shutil.copy(older / name, lived.folder / name)
    (lived.folder / "office.db-wal").unlink(missing_ok=True)
    (lived.folder / "office.db-shm").unlink(missing_ok=True)
    assert lived.command("verify")[1]["ok"] is True
    status, ok, detail = _anchor_check(lived, f"{seq}:{anchor.short(digest)}")
    assert (status, ok) == (4, False)
    assert f"没有第 {seq} 条" in detail


def test_an_edited_row_breaks_the_chain(lived: Office) -> None:
    with lived.manager.store.engines.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER payment_no_update")
        connection.exec_driver_sql("UPDATE payment SET amount = amount + 100 WHERE id = 1")
    lived.close()
    status, said = lived.command("verify")
    assert (status, said["ok"]) == (4, False)
    assert "audit_chain" in {check["name"] for check in said["checks"] if not check["ok"]}


def test_a_cut_off_tail_without_witness_is_shown_by_paper(lived: Office) -> None:
    seq, digest = _head(lived)
    with lived.manager.store.engines.writer.begin() as connection:
        for statement in (
            "DROP TRIGGER audit_no_delete", "DROP TRIGGER payment_no_delete", "DROP TRIGGER receipt_no_delete",
            "DROP TRIGGER allocation_no_delete", "DROP TRIGGER charge_no_delete",
        ):  # fmt: skip
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in ("allocation", "receipt", "payment", "charge"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE seq = {seq}")
        connection.exec_driver_sql(f"DELETE FROM change WHERE seq = {seq}")
        connection.exec_driver_sql(f"DELETE FROM audit WHERE id = {seq}")
    lived.close()
    (lived.folder / "office.head").unlink()
    status, ok, _detail = _anchor_check(lived, f"{seq}:{digest}")
    assert (status, ok) == (4, False)
    chain = [c for c in lived.command("verify")[1]["checks"] if c["name"] == "audit_chain"]
    assert chain[0]["ok"], "without witness and paper the chain itself looks whole"


def test_backups_name_the_head(lived: Office) -> None:
    status, said = lived.command("backup", "create", str(lived.folder / "b.anju"))
    assert status == 0
    seq, digest = lived.sql("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 2")[1]
    assert said["audit_head"] == digest
    assert _anchor_check(lived, f"{seq}:{digest}")[:2] == (0, True)


def test_a_day_is_a_day_of_the_office(lived: Office) -> None:
    found = trail.listing(lived.manager, TrailFilter(first=date(2026, 7, 20), last=date(2026, 7, 20)))
    assert {row.local[:10] for row in found.rows} == {"2026-07-20"}
    with pytest.raises(Refused):
        trail.listing(lived.manager, TrailFilter(limit=10_000))
