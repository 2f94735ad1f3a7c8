"""One history of migrations, the same triggers and the same projections on SQLCipher and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from beancount import loader
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError

from app.domain.house_order import parse, sort_key
from app.security import audit as chain
from app.services import billing, fees, ledger_file, payments, projection_check, receipts, tariffs, verification
from app.services.fees import NewItem
from db import migrate
from db.models import metadata
from db.models.estate import Building, Estate, House
from db.models.ledger import Charge
from db.models.people import HousePayer, Party, Person
from db.models.security import User
from db.triggers import LEDGER, PER_TABLE, count, install
from db.types import Day, Scaled
from db.work import Place, Work
from tests.db.databases import AVAILABLE, postgresql_engine, server, sqlcipher_engine

UNREAD = ("uq_charge_line", "ix_charge_base", "_tail", "ix_vehicle_plate_")
"""Indexes over a part of a table or of a text, which the comparison of schemas does not read back."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if "postgresql" not in AVAILABLE:
        yield ""
        return
    # Not below pytest's own folder: a suite that starts beside this one closes it to the server's user.
    with TemporaryDirectory(prefix="anju-pg-") as folder, server(Path(folder)) as found:
        yield found


@pytest.fixture(params=AVAILABLE)
def engine(request: pytest.FixtureRequest, address: str, tmp_path: Path) -> Iterator[Engine]:
    """A database at the newest schema."""
    if request.param == "sqlcipher":
        made = sqlcipher_engine(tmp_path)
    else:
        made = postgresql_engine(address, f"t{uuid4().hex[:12]}")
    with made.begin() as connection:
        migrate.upgrade(connection)
    yield made
    made.dispose()


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.begin() as connection:
        assert migrate.stored(connection) == migrate.HEAD
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [d for d in compare_metadata(context, metadata) if not any(p in repr(d) for p in UNREAD)]
        assert differences == []


def test_triggers_are_counted_after_each_migration(engine: Engine) -> None:
    with engine.begin() as connection:
        install(connection)
        assert {t: n for t, n in count(connection).items() if t in LEDGER} == dict.fromkeys(
            LEDGER, PER_TABLE[connection.dialect.name]
        )


def _work(connection: Any, today: date = date(2026, 7, 6)) -> Work:
    head = chain.head(connection)
    place = Place(Path(), str(uuid4()), bytes(32))
    everything = frozenset({"manager", "administrator"})
    return Work(connection, 1, everything, frozenset({"see_money"}), place, "2026-07-06T01:00:00.000", today,
                seq=head.seq + 1, previous=head.digest)  # fmt: skip


def _do(engine: Engine, door: Any, *args: Any, **kwargs: Any) -> Any:
    """A use case's body in a transaction of this engine, sealed as the door seals it."""
    with engine.begin() as connection:
        work = _work(connection)
        result = door.__wrapped__(work, *args, **kwargs)
        if work.record is not None:
            chain.seal(work, 480)
        return result


@pytest.fixture
def estate(engine: Engine) -> Engine:
    """Three houses and a price."""
    with engine.begin() as connection:
        work = _work(connection)
        work.insert(User, ("login", "name", "enabled"), [("admin", "admin", True)])
        work.insert(Estate, ("name",), [("样例花园",)])
        (building,) = work.insert(Building, ("estate_id", "code", "label"), [(1, "3", "3号楼")])
        for number in ("3-1-0101", "3-1-0102", "3-1-0103"):
            p = parse(number)
            columns = ("estate_id", "building_id", "kind", "number", "number_key", "sort_key", "building", "entrance",
                       "floor", "room", "gross_area", "state")  # fmt: skip
            row = (1, building, "house", number, p.normalized, sort_key(p), "3", "1", p.floor, p.room, 892000, "owner")
            (house,) = work.insert(House, columns, [row])
            (person,) = work.insert(Person, ("kind", "name", "registered"), [("person", "样例", True)])
            (party,) = work.insert(Party, ("person_id",), [(person,)])
            work.insert(HousePayer, ("house_id", "party_id"), [(house, party)])
        work.audit("test", "estate")
        chain.seal(work, 480)
    _do(engine, fees.add, NewItem("WY", "物业费", "area", late_rate=50_000))
    _do(engine, tariffs.add, "WY", date(2026, 1, 1), {"price": "2.35"})
    return engine


@pytest.mark.parametrize("statement", ["UPDATE charge SET amount = 1", "DELETE FROM charge", "DELETE FROM audit"])
def test_the_ledger_refuses_changes(estate: Engine, statement: str) -> None:
    _do(estate, billing.post, "2026-07")
    with pytest.raises(IntegrityError), estate.begin() as connection:
        connection.execute(text(statement))
    with estate.begin() as connection:
        assert connection.execute(select(Charge.amount)).scalars().all() == [20962] * 3


def test_postgresql_refuses_truncate_too(estate: Engine) -> None:
    if estate.dialect.name == "postgresql":
        with pytest.raises(IntegrityError), estate.begin() as connection:
            connection.execute(text("TRUNCATE refund"))


def test_projections_follow_the_entries(estate: Engine) -> None:
    _do(estate, billing.post, "2026-06", date(2026, 6, 1))
    paid = _do(estate, payments.take, "3-1-101", 50000)
    _do(estate, payments.take, "3-1-102", 100)
    _do(estate, billing.post, "2026-07")
    _do(estate, receipts.void, paid.receipt, "录错")
    with estate.begin() as connection:
        work = _work(connection)
        for look in (projection_check.open_charges, projection_check.prepaid, projection_check.sums,
                     projection_check.receipt_numbers):  # fmt: skip
            assert look(work) == () or look(work) == []
        assert chain.damage(connection) == []
        assert all(check.ok for check in verification.check_all(work))


def test_rebuild_mends_the_projections(estate: Engine) -> None:
    _do(estate, billing.post, "2026-07")
    _do(estate, payments.take, "3-1-101", 30000)
    with estate.begin() as connection:
        connection.execute(text("UPDATE open_charge SET open = open + 1"))
        connection.execute(text("DELETE FROM payer_balance"))
    with estate.begin() as connection:
        assert projection_check.open_charges(_work(connection))
    _do(estate, verification.rebuild)
    with estate.begin() as connection:
        work = _work(connection)
        assert all(check.ok for check in verification.check_all(work))


def test_the_ledger_file_is_the_same_on_both(estate: Engine, tmp_path: Path) -> None:
    _do(estate, billing.post, "2026-06", date(2026, 6, 1))
    paid = _do(estate, payments.take, "3-1-101", 50000)
    _do(estate, billing.post, "2026-07")
    _do(estate, receipts.void, paid.receipt, "录错")
    done = _do(estate, ledger_file.export, tmp_path / "a.beancount")
    assert (done.transactions, done.owed_fen, done.prepaid_fen) == (11, 6 * 20_962, 0)
    _do(estate, ledger_file.export, tmp_path / "b.beancount", date(2026, 6, 30))
    for name in ("a", "b"):
        assert loader.load_file(str(tmp_path / f"{name}.beancount.new"))[1] == []


@given(units=st.integers(-(2**63) + 1, 2**63 - 1))
def test_scaled_columns_keep_every_unit(units: int) -> None:
    column = Scaled(6)
    assert column.process_result_value(column.process_bind_param(units, None), None) == units  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0.1, True, 2**63])
def test_scaled_columns_refuse_what_would_be_lost(value: Any) -> None:
    with pytest.raises(ValueError):
        Scaled(4).process_bind_param(value, None)  # type: ignore[arg-type]


def test_days_come_back_as_dates(engine: Engine) -> None:
    from db.models.office import RestDay

    with engine.begin() as connection:
        connection.execute(insert(RestDay).values(day=date(2026, 10, 1), rest=True))
        assert connection.execute(select(RestDay.day)).scalar() == date(2026, 10, 1)
    assert Day().process_bind_param("2026-10-01", engine.dialect) is not None
