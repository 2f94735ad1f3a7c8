"""The triggers that make the ledger grow only; one list for both databases.

SQLCipher: BEFORE UPDATE, BEFORE DELETE and BEFORE INSERT over an existing row (REPLACE walks past a DELETE trigger
unless recursive_triggers is on). PostgreSQL: UPDATE or DELETE a row, TRUNCATE a table.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

LEDGER = ("charge", "charge_part", "payment", "allocation", "adjustment", "refund", "receipt", "audit")
"""The ledger tables."""

PER_TABLE = {"sqlite": 3, "postgresql": 2}
"""Triggers a ledger table has."""


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'the ledger only grows: {table}'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}",
    ]


_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger only grows: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_only_grows()",
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows()",
    ]


def install(connection: Connection) -> None:
    """Put all triggers in place; may be called again after a table was rebuilt (which drops its triggers)."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.execute(text(_FUNCTION))
    for table in LEDGER:
        for statement in _postgresql(table) if dialect == "postgresql" else _sqlite(table):
            connection.exec_driver_sql(statement)


def count(connection: Connection) -> dict[str, int]:
    """How many of our triggers stand on each ledger table."""
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal GROUP BY c.relname"
        )
    else:
        query = "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name"
    return {str(table): int(n) for table, n in connection.execute(text(query))}
