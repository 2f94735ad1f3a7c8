"""Parking spaces: who has them, who pays, what ends with a lease; cars by their plates."""

from __future__ import annotations

from datetime import date
from typing import Any

import openpyxl
import pytest

from app.services import billing, parking, space_list, vehicles, verification
from app.services.list_face import Query
from app.services.refused import Refused
from app.services.space_list import SpaceRow
from app.services.vehicles import Car
from tests.builders import Office

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


@pytest.fixture
def estate(office: Office) -> Office:
    office.with_houses().with_houses(["B1-15", "B1-16", "B1-17"], None)
    office.with_item("CW", "flat", "150", houses="listed", name="车位费")
    return office.with_staff("钱客服", "郑审计")


def _payers(office: Office, space: str) -> list[tuple[Any, ...]]:
    return office.sql(
        "SELECT p.name, hp.valid_from, hp.valid_to FROM house_payer hp JOIN party pa ON pa.id = hp.party_id "
        "JOIN person p ON p.id = pa.person_id JOIN house h ON h.id = hp.house_id "
        f"WHERE h.number = '{space}' ORDER BY hp.valid_from"
    )


def _rows(office: Office, query: Query | None = None) -> dict[str, SpaceRow]:
    keys = space_list.keys(office.manager, query or Query())
    return {row.number: row for row in space_list.rows(office.manager, keys).values()}


def _refused(code: str, act: Any) -> None:
    with pytest.raises(Refused) as why:
        act()
    assert why.value.problem.code == code


def test_a_let_space_is_billed_to_who_has_it_and_goes_back(estate: Office) -> None:
    seat = estate.manager
    done = parking.lease(seat, "B1-15", "leased", "3-1-101", JULY, date(2026, 8, 31), item="CW", remark="靠门")
    assert (done.person, done.pays, done.item, done.warnings) == ("业主3-1-0101", True, "CW", ())
    owner = "业主B1-15"
    assert _payers(estate, "B1-15") == [
        (owner, None, "2026-06-30"), ("业主3-1-0101", "2026-07-01", "2026-08-31"), (owner, "2026-09-01", None),
    ]  # fmt: skip
    assert billing.post(seat, "2026-07", date(2026, 7, 1)).amount_fen == 15_000
    names = "SELECT p.name FROM charge c JOIN party pa ON pa.id = c.payer_id JOIN person p ON p.id = pa.person_id"
    assert estate.sql(names) == [("业主3-1-0101",)]
    ended = parking.end(seat, "B1-15", date(2026, 7, 20))
    assert (ended.last, ended.warnings) == (
        date(2026, 7, 20),
        ("已经出账到 2026-07-31，已出的账不变；要退请办减免或结算。",),
    )
    assert _payers(estate, "B1-15")[1:] == [("业主3-1-0101", "2026-07-01", "2026-07-20"), (owner, "2026-07-21", None)]
    assert estate.sql("SELECT valid_to FROM house_item") == [("2026-07-20",)]
    _refused("space_billed", lambda: parking.lease(seat, "B1-15", "leased", "3-1-102", date(2026, 7, 25)))
    parking.lease(seat, "B1-15", "leased", "3-1-102", AUGUST)
    assert [(row.person, row.state) for row in parking.listing(seat, "B1-15")] == [
        ("业主3-1-0102", "coming"), ("业主3-1-0101", "now"),
    ]  # fmt: skip
    assert verification.verify(seat).ok


def test_a_lease_that_never_held_leaves_everything_as_it_was(estate: Office) -> None:
    seat = estate.manager
    for last in (None, date(2026, 12, 31)):
        parking.lease(seat, "B1-15", "leased", "3-1-101", AUGUST, last, item="CW")
        assert parking.end(seat, "B1-15").last == date(2026, 7, 31)
        assert _payers(estate, "B1-15") == [("业主B1-15", None, None)]
        assert estate.sql("SELECT * FROM house_item") == []
        assert parking.listing(seat) == ()


SEPTEMBER, OWNER = date(2026, 9, 1), "业主B1-15"
A, B = "业主3-1-0101", "业主3-1-0102"


def _let_twice(estate: Office, second: str = "3-1-102", until: date | None = None) -> None:
    """A has the space in August; from September on the second."""
    parking.lease(estate.manager, "B1-15", "leased", "3-1-101", AUGUST, date(2026, 8, 31), item="CW")
    parking.lease(estate.manager, "B1-15", "leased", second, SEPTEMBER, until, item="CW")


@pytest.mark.parametrize(("house", "name"), [("3-1-101", A), ("3-1-102", B)])
def test_one_lease_follows_another(estate: Office, house: str, name: str) -> None:
    _let_twice(estate, house, date(2026, 12, 31))
    assert _payers(estate, "B1-15") == [
        (OWNER, None, "2026-07-31"), (A, "2026-08-01", "2026-08-31"), (name, "2026-09-01", "2026-12-31"),
        (OWNER, "2027-01-01", None),
    ]  # fmt: skip
    assert verification.verify(estate.manager).ok


def test_the_first_of_two_leases_ends_early_and_the_second_stays(estate: Office) -> None:
    _let_twice(estate)
    parking.end(estate.manager, "B1-15", date(2026, 8, 20))
    assert _payers(estate, "B1-15") == [
        (OWNER, None, "2026-07-31"), (A, "2026-08-01", "2026-08-20"), (OWNER, "2026-08-21", "2026-08-31"),
        (B, "2026-09-01", None),
    ]  # fmt: skip


def test_the_first_of_two_leases_never_began(estate: Office) -> None:
    _let_twice(estate)
    parking.end(estate.manager, "B1-15", date(2026, 7, 6), A)
    assert _payers(estate, "B1-15") == [(OWNER, None, "2026-08-31"), (B, "2026-09-01", None)]


@pytest.mark.parametrize("until", [None, date(2026, 12, 31)])
def test_the_second_of_two_leases_never_began(estate: Office, until: date | None) -> None:
    _let_twice(estate, until=until)
    parking.end(estate.manager, "B1-15", date(2026, 7, 6), B)
    assert _payers(estate, "B1-15") == [
        (OWNER, None, "2026-07-31"), (A, "2026-08-01", "2026-08-31"), (OWNER, "2026-09-01", None),
    ]  # fmt: skip


def test_one_space_has_one_holder_unless_it_is_public(estate: Office) -> None:
    seat = estate.manager
    parking.lease(seat, "B1-15", "owned", "3-1-101", JULY)
    _refused("space_taken", lambda: parking.lease(seat, "B1-15", "leased", "3-1-102", AUGUST))
    for house in ("3-1-101", "3-1-102"):
        parking.lease(seat, "B1-16", "public", house, JULY)
    assert _rows(estate)["B1-16"].holder == "业主3-1-0101 等 2 人"
    _refused("ambiguous_person", lambda: parking.end(seat, "B1-16"))
    parking.end(seat, "B1-16", date(2026, 7, 6), "业主3-1-0101")
    assert [row.last for row in parking.listing(seat, "B1-16")] == [date(2026, 7, 6), None]
    for code, act in {
        "not_parking": lambda: parking.lease(seat, "3-1-101", "owned", "3-1-102", JULY),
        "unknown_lease": lambda: parking.lease(seat, "B1-17", "borrowed", "3-1-102", JULY),
        "bad_span": lambda: parking.lease(seat, "B1-17", "owned", "3-1-102", AUGUST, JULY),
        "unknown_person": lambda: parking.lease(seat, "B1-17", "owned", "3-1-102", JULY, name="没有这人"),
        "unknown_item": lambda: parking.lease(seat, "B1-17", "owned", "3-1-102", JULY, item="XX"),
        "no_lease": lambda: parking.end(seat, "B1-17"),
    }.items():
        _refused(code, act)


def test_the_front_desk_gives_no_fee_and_names_an_unregistered_owner(estate: Office) -> None:
    with estate.manager.transaction(write=True) as work:
        work.driver("UPDATE person SET registered = 0 WHERE name = 'B1-17' OR name = '业主B1-17'")
        work.driver("DELETE FROM resident WHERE house_id = (SELECT id FROM house WHERE number = 'B1-17')")
        work.audit("test.owner", "person")
    done = parking.lease(estate.seat("钱客服"), "B1-17", "owned", "3-1-102", JULY, item="CW")
    assert (done.pays, done.warnings) == (True, ("收费项目只记在租约上，没有加到车位：请财务或经理加。",))
    assert _payers(estate, "B1-17") == [("业主3-1-0102", None, None)]
    assert estate.sql("SELECT * FROM house_item") == []
    done = parking.lease(estate.manager, "B1-16", "owned", "3-1-102", JULY, item="CW")
    assert (done.pays, done.warnings) == (False, ("付款人没有改：换业主请办过户。",))
    estate.with_item("GL", "flat", "50", houses="parking", name="车位管理费")
    done = parking.lease(estate.manager, "B1-15", "public", "3-1-102", JULY, item="GL")
    assert done.warnings == ("所有车位都收车位管理费，不用再加。",)


def test_the_list_says_who_has_each_space(estate: Office) -> None:
    seat = estate.manager
    parking.lease(seat, "B1-15", "leased", "3-1-101", JULY, date(2026, 7, 31), item="CW")
    vehicles.add(seat, "B1-15", "京A·12345")
    with seat.transaction(write=True) as work:
        work.driver("DELETE FROM resident WHERE house_id = (SELECT id FROM house WHERE number = 'B1-17')")
        work.audit("test.free", "house")
    rows = _rows(estate)
    assert {number: row.state for number, row in rows.items()} == {
        "B1-15": "leased", "B1-16": "owned", "B1-17": "free",
    }  # fmt: skip
    row = rows["B1-15"]
    assert (row.holder, row.plates, row.until, row.fee) == (
        "业主3-1-0101", "京A12345", date(2026, 7, 31), "车位费",
    )  # fmt: skip
    assert list(_rows(estate, Query(filters=(("ending", "1"),)))) == ["B1-15"]
    for typed in ("京A·123", "12345", "业主3-1-0101", "B1 15"):
        assert list(_rows(estate, Query(typed))) == ["B1-15"], typed
    target = estate.folder / "out" / "spaces.xlsx"
    space_list.export(seat, Query(), target)
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert "京A12345" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_plates_are_read_asked_about_and_found(estate: Office) -> None:
    seat = estate.seat("钱客服")
    kept = vehicles.add(seat, "B1-15", "京 ad12345", Car("比亚迪", None, "白"))
    assert (kept.plate, kept.sort) == ("京AD12345", "new_energy_small")
    _refused("vehicle_there", lambda: vehicles.add(seat, "B1-15", "京AD12345"))
    _refused("no_plate", lambda: vehicles.add(seat, "B1-15", " · "))
    _refused("plate_unknown", lambda: vehicles.add(seat, "B1-15", "老电动车01"))
    assert vehicles.add(seat, "B1-15", "老电动车01", unknown=True).sort == "unknown"
    assert vehicles.add(seat, "3-1-101", "京AD12345").warnings == ("这个车牌也登记在 B1-15。",)
    found = vehicles.find(estate.seat("郑审计"), "d123")
    assert [(row.house, row.brand, row.owner) for row in found] == [
        ("3-1-0101", None, "业主3-1-0101"), ("B1-15", "比亚迪", "业主B1-15"),
    ]  # fmt: skip
    changed = vehicles.change(seat, "B1-15", "京AD12345", "京A99999", Car(colour="黑"))
    assert changed.plate == "京A99999"
    (row,) = vehicles.find(seat, "99999")
    assert (row.brand, row.colour) == ("比亚迪", "黑")
    vehicles.end(seat, "B1-15", "京A99999", date(2026, 7, 5))
    _refused("no_vehicle", lambda: vehicles.end(seat, "B1-15", "京A99999"))
    assert [row.plate for row in vehicles.of_house(seat, "B1-15")] == ["老电动车01", "京A99999"]
    assert vehicles.find(seat, " ") == ()
    details = "SELECT change.detail FROM change JOIN audit ON audit.id = change.seq WHERE action LIKE 'vehicle.%'"
    assert not any("12345" in detail for (detail,) in estate.sql(details))


def test_from_the_terminal(estate: Office) -> None:
    lease = ("parking", "lease", "B1-15", "--kind", "leased", "--house", "3-1-101", "--from", "2026-07-01")
    status, said = estate.command(*lease, "--item", "CW", "--key", "p1")
    assert (status, said["space"], said["person"], said["pays"], said["to"]) == (0, "B1-15", "业主3-1-0101", True, None)
    assert estate.command(*lease, "--item", "CW", "--key", "p1")[1] == said
    assert estate.command(*lease)[1]["error"]["code"] == "space_taken"
    (row,) = estate.command("parking", "list", "B1-15")[1]["leases"]
    assert (row["kind"], row["item"], row["state"]) == ("leased", "CW", "now")
    status, said = estate.command("parking", "end", "B1-15", "--on", "2026-12-31")
    assert (status, said["to"]) == (0, "2026-12-31")
    assert estate.command("vehicle", "add", "B1-15", "X1")[1]["error"]["code"] == "plate_unknown"
    status, said = estate.command("vehicle", "add", "B1-15", "京A12345", "--brand", "大众")
    assert (status, said["kind"]) == (0, "ordinary")
    assert estate.command("vehicle", "change", "B1-15", "京A12345", "--new-plate", "京A54321")[1]["plate"] == "京A54321"
    assert estate.command("vehicle", "find", "4321")[1]["vehicles"][0]["house"] == "B1-15"
    assert estate.command("vehicle", "end", "B1-15", "京A54321")[1]["to"] == "2026-07-06"
