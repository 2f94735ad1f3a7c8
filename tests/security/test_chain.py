"""The chain notices every column of every ledger and audit table that is changed behind the program's back."""

from __future__ import annotations

import gc
import shutil

import pytest

from app.security import audit
from app.security.audit import damage
from app.services import billing, receipts, verification
from db.canonical import COLUMNS, assert_frozen
from db.engine import connect
from db.models.ledger import Refund
from db.triggers import LEDGER, PER_TABLE, count
from tests.builders import Office

CASES = [(table, column) for table in LEDGER for column in COLUMNS[table]]


def _lived_in(office: Office) -> Office:
    office.with_houses().with_item(late_rate=50_000)
    office.bill("2026-05", "2026-05-01")
    office.pay("3-1-101", 50000)
    paid = office.pay("3-1-102", 1000)
    receipts.void(office.manager, paid.receipt, "录错")
    with office.manager.transaction(write=True) as work:
        work.append(Refund, work.today, [(1, 100, "cash", work.user_id)])
        work.change_many("payer_balance", ("house_id", "payer_id"), ("prepaid",), [
            (row[2] - 100, row[0], row[1]) for row in work.connection.exec_driver_sql("SELECT * FROM payer_balance")
            if row[0] == 1])  # fmt: skip
        work.audit("test.refund", "refund")
    return office


@pytest.fixture(scope="module")
def lived_in(made_office: tuple[object, str], tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("chain") / "office"
    shutil.copytree(str(made_office[0]), folder)
    office = _lived_in(Office(folder))
    assert verification.verify(office.manager).ok
    return office


def test_frozen_columns() -> None:
    assert_frozen()


def test_triggers_stand(office: Office) -> None:
    with office.manager.transaction(write=False) as work:
        assert {t: n for t, n in count(work.connection).items() if t in LEDGER} == dict.fromkeys(
            LEDGER, PER_TABLE["sqlite"]
        )


@pytest.mark.parametrize("statement", [
    "UPDATE charge SET amount = 1", "DELETE FROM charge", "INSERT OR REPLACE INTO charge SELECT * FROM charge",
    "UPDATE audit SET action = 'x'", "DELETE FROM receipt",
    "INSERT INTO payment SELECT * FROM payment WHERE true ON CONFLICT (id) DO UPDATE SET amount = 1",
])  # fmt: skip
def test_the_ledger_only_grows(lived_in: Office, statement: str) -> None:
    connection = connect(lived_in.folder / "office.db", lived_in.manager.store.place.key, writer=True)
    try:
        with pytest.raises(Exception, match="only grows"):
            connection.execute(statement)
    finally:
        connection.close()


@pytest.mark.parametrize(("table", "column"), CASES)
def test_a_changed_column_is_noticed(lived_in: Office, table: str, column: str) -> None:
    with lived_in.manager.store.engines.writer.connect() as connection, connection.begin() as transaction:
        run = connection.exec_driver_sql
        run("PRAGMA defer_foreign_keys=ON")
        for trigger in ("no_update", "no_delete", "no_replace"):
            run(f"DROP TRIGGER {table}_{trigger}")
        types = {row[1]: row[2] for row in run(f"PRAGMA table_info('{table}')")}
        (before,) = run(f'SELECT "{column}" FROM "{table}" ORDER BY id DESC LIMIT 1').one()
        after = (before or 0) + 100_000 if types[column] == "INTEGER" else _other_text(before)
        run(f'UPDATE "{table}" SET "{column}" = ? WHERE id = (SELECT max(id) FROM "{table}")', (after,))
        assert damage(connection), f"{table}.{column}"
        transaction.rollback()


def _other_text(before: str | None) -> str:
    if before is None:
        return "x"
    return "2020-01-01" if before[:2] == "20" and len(before) == 10 else before + "x"


def test_a_changed_detail_is_noticed(lived_in: Office) -> None:
    with lived_in.manager.transaction(write=False) as work:
        assert damage(work.connection) == []
    connection = connect(lived_in.folder / "office.db", lived_in.manager.store.place.key, writer=True)
    try:
        ((before,),) = connection.execute("SELECT detail FROM change WHERE seq = 3").fetchall()
        connection.execute("UPDATE change SET detail = detail || ' ' WHERE seq = 3")
        with lived_in.manager.transaction(write=False) as work:
            assert any("明细" in found for found in damage(work.connection))
        connection.execute("UPDATE change SET detail = ? WHERE seq = 3", (before,))
    finally:
        connection.close()


def test_bill_numbers_and_runs_of_the_lived_in_office(lived_in: Office) -> None:
    assert billing.preview(lived_in.manager, "2026-05").already_posted == 2


def test_a_look_that_is_broken_off_leaves_nothing_to_the_connection(
    lived_in: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_seq: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "TOLD_EVERY", 2)
    connection = lived_in.manager.store.engines.writer.connect()
    with pytest.raises(KeyboardInterrupt) as broken:
        damage(connection, tell=stop)
    connection.invalidate()
    connection.close()
    unraisable: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", unraisable.append)
    del broken
    gc.collect()
    assert unraisable == []
