"""The counter's desk: who is meant, what stands before the cashier, and what a payment would settle."""

from __future__ import annotations

import pytest

from app.services import counter, payments
from app.services.counter import Hit
from app.services.purse import Wish
from app.services.refused import NotAllowed, Refused
from tests.builders import Office

LINE = 20962


@pytest.fixture
def desk(office: Office) -> Office:
    """A house with a space, both owing May to July; it is 6 July."""
    office.with_houses().with_item(late_rate=50_000, name="物业费")
    office.with_item("CW", "flat", "150", houses="parking", name="车位费").with_houses(("B1-12",), kind="parking")
    with office.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE house SET bill_with = 1 WHERE id = 3")
        work.connection.exec_driver_sql("UPDATE house_payer SET party_id = 1 WHERE house_id = 3")
        work.connection.exec_driver_sql("UPDATE person SET phone = '13800000102' WHERE id = 1")
        work.connection.exec_driver_sql("INSERT INTO vehicle (id, house_id, plate) VALUES (1, 3, '京A12345')")
        work.touch({"house"})
        work.audit("test", "house")
    for month in ("2026-05", "2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    return office


@pytest.mark.parametrize("text", ["3-1-101", "3栋1单元0101", "310101", "业主3-1-0101", "0102", "13800000102"])
def test_a_house_is_found_as_people_say_it(desk: Office, text: str) -> None:
    assert Hit("3-1-0101", "业主3-1-0101") in counter.find(desk.manager, text)


def test_a_plate_finds_the_space_and_calls_up_its_house(desk: Office) -> None:
    assert counter.find(desk.manager, "A12345") == (Hit("B1-12", "业主3-1-0101"),)
    assert counter.call_up(desk.manager, "B1-12").house == "3-1-0101"
    assert counter.find(desk.manager, "   ") == ()
    assert counter.find(desk.manager, "%_'\\") == ()


def test_what_stands_before_the_cashier(desk: Office) -> None:
    house = counter.call_up(desk.manager, "3-1-101")
    assert (house.payer, house.phone, house.area, house.spaces) == (
        "业主3-1-0101", "138****0102", "89.20 m²", ("B1-12",))  # fmt: skip
    assert [(line.item_name, line.period, line.how, line.due_fen, line.overdue) for line in house.lines] == [
        ("物业费", "2026-05", "89.2 m² × 2.35", LINE + 367, True),
        ("车位费 B1-12", "2026-05", "1 份 × 150.00", 15000, True),
        ("物业费", "2026-06", "89.2 m² × 2.35", LINE + 63, True),
        ("车位费 B1-12", "2026-06", "1 份 × 150.00", 15000, True),
        ("物业费", "2026-07", "89.2 m² × 2.35", LINE, False),
        ("车位费 B1-12", "2026-07", "1 份 × 150.00", 15000, False),
    ]
    assert (house.owed_fen, house.late_fee_fen, house.prepaid_fen) == (3 * LINE + 45000, 430, 0)
    assert (house.next_receipt, house.last_payment) == ("S2026-00000001", None)
    assert desk.pay("3-1-101", 100).receipt == house.next_receipt
    after = counter.call_up(desk.manager, "3-1-101")
    assert after.last_payment is not None
    assert (after.last_payment.receipt, after.last_payment.amount_fen) == ("S2026-00000001", 100)
    assert sum(line.due_fen for line in after.lines) == after.owed_fen + after.late_fee_fen


def test_a_rehearsal_is_what_the_payment_does(desk: Office) -> None:
    wishes = (Wish("CW", "2026-07", 5000, "B1-12"), Wish("WY", "2026-06", None, "3-1-0101"))
    before = desk.sql("SELECT count(*) FROM payment")
    for amount, named in ((30000, ()), (200000, ()), (26025, wishes)):
        said = payments.rehearse(desk.manager, "3-1-101", amount, "cash", None, named)
        assert said.receipt == ""
        assert sum(row.amount_fen for row in said.allocated) + said.prepaid_fen == amount
        assert desk.sql("SELECT count(*) FROM payment") == before
    said = payments.rehearse(desk.manager, "3-1-101", 26025, "cash", None, wishes)
    done = payments.take(desk.manager, "3-1-101", 26025, "cash", None, wishes)
    assert done.allocated == said.allocated
    assert [row.amount_fen for row in done.allocated] == [5000, 63, LINE]


def test_a_late_fee_alone_can_be_named(desk: Office) -> None:
    desk.pay("3-1-101", LINE + 367, wishes=(Wish("WY", "2026-05"),))
    with pytest.raises(Refused):
        desk.pay("3-1-101", 100, wishes=(Wish("WY", "2026-05"),))
    with pytest.raises(Refused):
        desk.pay("3-1-101", 100, wishes=(Wish("CW", "2026-06", None, "3-1-0102"),))


def test_who_may(desk: Office) -> None:
    desk.with_staff("钱客服", "李收费", "孙工程", "郑审计")
    for login in ("李收费", "钱客服", "郑审计"):
        assert counter.find(desk.seat(login), "3-1-101")
    with pytest.raises(NotAllowed):
        counter.call_up(desk.seat("孙工程"), "3-1-101")
