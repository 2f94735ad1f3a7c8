"""The search: each kind in the forms people type, only what the seat may see, phones masked."""

from __future__ import annotations

import pytest

from app.security.permissions import ROLE_TITLES
from app.services import counter, equipment, search
from app.services.equipment_details import Details
from app.services.seat import Seat
from db.models.estate import Vehicle
from tests.builders import Office


def _lived_in(office: Office) -> Office:
    office.with_houses(("3-2-1102", "3-2-1103", "3-2-0105")).with_item().bill("2026-07", "2026-07-01")
    office.pay("3-2-1102", 10000)
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯", place="1号楼"))
    with office.manager.transaction(write=True) as work:
        work.change_many("person", ("id",), ("phone",), [("13800000102", 1), ("057188886666", 2)])
        work.insert(Vehicle, ("house_id", "plate"), [(1, "粤B12345")])
        work.audit("test.phone", "person")
    return office


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("3021102", "house", "3-2-1102"),
        ("3栋2单元1102", "house", "3-2-1102"),
        ("业主3-2-1102", "resident", "3-2-1102"),
        ("0102", "resident", "3-2-1102"),
        ("主3-2-1102", "resident", "3-2-1102"),
        ("粤B12345", "house", "3-2-1102"),
        ("b123", "house", "3-2-1102"),
        ("粤B·12345", "house", "3-2-1102"),
        ("粤B-123", "house", "3-2-1102"),
        ("B·123", "house", "3-2-1102"),
        ("13800000102", "resident", "3-2-1102"),
        ("138 0000 0102", "resident", "3-2-1102"),
        ("138-0000-0102", "resident", "3-2-1102"),
        ("+86 13800000102", "resident", "3-2-1102"),
        ("１３８００００ ０１０２", "resident", "3-2-1102"),
        ("0571-88886666", "resident", "3-2-1103"),
        ("057188886666", "resident", "3-2-1103"),
        ("3-2-1102 0102", "resident", "3-2-1102"),
        ("3栋1103 业主3 6666", "resident", "3-2-1103"),
        ("1234", "house", "3-2-1102"),
        ("345", "house", "3-2-1102"),
        ("业主 3-2-11", "house", "3-2-1102"),
        ("3-2-01", "house", "3-2-0105"),
        ("yz", "resident", "3-2-1102"),
        ("B2026-07-000001", "bill", "B2026-07-000001"),
        ("b202607000001", "bill", "B2026-07-000001"),
        ("S2026-00000001", "receipt", "S2026-00000001"),
        ("Ｓ２０２６００００００01", "receipt", "S2026-00000001"),
        ("dt-01", "equipment", "DT-01"),
        ("客梯", "equipment", "DT-01"),
    ],
)
def test_it_is_found_as_people_type_it(office: Office, typed: str, kind: str, number: str) -> None:
    _lived_in(office)
    assert (kind, number) in [(hit.kind, hit.number) for hit in search.find(office.manager, typed)]


def test_a_phone_is_masked(office: Office) -> None:
    _lived_in(office)
    (hit,) = [hit for hit in search.find(office.manager, "0102") if hit.kind == "resident"]
    assert hit.about == "业主 · 3-2-1102 · 138****0102"


def test_a_house_says_who_pays_and_what_is_owed_to_those_who_may_know(office: Office) -> None:
    _lived_in(office)
    (hit,) = search.find(office.manager, "3021103")
    assert hit.about == "业主3-2-1103 · 欠 209.62"
    seat = Seat.of(office.manager.store, office.manager.user_id, "x", frozenset({"engineering"}))
    (hit,) = search.find(seat, "3021103")
    assert hit.about == ""


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "x" * 500, "B", "\0", "S2026-"])
def test_nothing_typed_is_wrong(office: Office, typed: str) -> None:
    assert search.find(office.manager, typed) == ()


SEES = {
    "cashier": {"house", "resident", "bill", "receipt"},
    "accountant": {"house", "resident", "bill", "receipt"},
    "front_desk": {"house", "resident", "bill", "receipt", "equipment"},
    "engineering": {"house", "equipment"},
    "manager": {"house", "resident", "bill", "receipt", "equipment"},
    "administrator": set(),
    "auditor": {"house", "resident", "bill", "receipt", "equipment"},
}


@pytest.mark.parametrize("role", sorted(ROLE_TITLES))
def test_each_role_finds_what_it_may_see(office: Office, role: str) -> None:
    _lived_in(office)
    seat = Seat.of(office.manager.store, office.manager.user_id, "x", frozenset({role}))
    typed = ("3-2-1102", "业主3-2-1102", "B2026-07-000001", "S2026-00000001", "DT-01")
    assert {hit.kind for text in typed for hit in search.find(seat, text)} == SEES[role]


def test_a_house_number_is_no_plate(office: Office) -> None:
    _lived_in(office)
    with office.manager.transaction(write=True) as work:
        work.insert(Vehicle, ("house_id", "plate"), [(3, "粤B32110")])
        work.audit("test.car", "vehicle")
    assert [hit.number for hit in search.find(office.manager, "3-2-110")] == ["3-2-1102", "3-2-1103"]
    assert [hit.house for hit in counter.find(office.manager, "3-2-110")] == ["3-2-1102", "3-2-1103"]
