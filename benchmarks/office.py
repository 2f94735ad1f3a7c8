"""An office of a given size, made once and copied for each measurement."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from app.domain.house_order import parse, sort_key
from app.security.keyslots import FLOOR
from app.services import billing, entrance, fees, tariffs
from app.services.fees import NewItem
from app.services.seat import Seat
from db.models.estate import Building, House
from db.models.people import HousePayer, Party, Person

PASSWORD = "benchmark password"
Items = Sequence[tuple[str, str, Mapping[str, object]]]
"""Fee items: code, kind, the parameters of their price."""

ITEMS: Items = (("WY", "area", {"price": "2.35"}), ("LJ", "flat", {"price": "8"}), ("DT", "flat", {"price": "15.5"}))
FIVE: Items = (*ITEMS, ("NF", "area", {"price": "0.85"}), ("GS", "formula", {"formula": "面积 * 0.12 * 月数 + 3"}))


def clock() -> datetime:
    return datetime(2026, 7, 6, 1, 0, tzinfo=UTC)


def numbers(houses: int) -> list[str]:
    return [f"{n // 400 + 1}-{n // 100 % 4 + 1}-{n // 4 % 25 + 1:02}{n % 4 + 1:02}" for n in range(houses)]


def make(folder: Path, houses: int, items: Items = ITEMS) -> None:
    """An office with that many houses, an owner each, and the items for all of them."""
    entrance.create_office(folder, "样例花园", "admin", PASSWORD, clock=clock, cost=FLOOR)
    seat = enter(folder)
    with seat.transaction(write=True) as work:
        (building,) = work.insert(Building, ("estate_id", "code", "label"), [(1, "1", "1号楼")])
        columns = ("estate_id", "building_id", "kind", "number", "number_key", "sort_key", "building", "entrance",
                   "floor", "room", "gross_area", "state", "house_type")  # fmt: skip
        rows = []
        for place, number in enumerate(numbers(houses)):
            p = parse(number)
            rows.append((1, building, "house", number, p.normalized, sort_key(p), p.building, p.entrance, p.floor,
                         p.room, 600_000 + 1_000 * (place % 700), "owner", "住宅"))  # fmt: skip
        ids = work.insert(House, columns, rows)
        people = work.insert(Person, ("kind", "name", "registered"), [("person", f"样例{i}", True) for i in ids])
        parties = work.insert(Party, ("person_id",), [(person,) for person in people])
        work.insert(HousePayer, ("house_id", "party_id"), list(zip(ids, parties, strict=True)))
        work.audit("benchmark", "office")
    for code, kind, params in items:
        fees.add(seat, NewItem(code, code, kind))
        tariffs.add(seat, code, date(2026, 1, 1), params)
    seat.close()


def enter(folder: Path) -> Seat:
    return entrance.open_office(folder, "admin", PASSWORD, clock=clock, cost=FLOOR)


def make_billed(folder: Path, houses: int, month: str) -> None:
    """The same office with a month posted."""
    make(folder, houses)
    seat = enter(folder)
    billing.post(seat, month)
    seat.close()


@contextmanager
def copied(made: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="anju-benchmark-"))
    try:
        shutil.copytree(made, folder / "office")
        yield folder / "office"
    finally:
        shutil.rmtree(folder)
