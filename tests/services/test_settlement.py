"""Settlement to the day: both parts add up, money goes where it was asked to, the past stays as it was reported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.domain.charge import Basis
from app.domain.kinds import KINDS
from app.domain.kinds.area import AreaParams
from app.domain.proration import transfer_split
from app.domain.tariff import Version, segments
from app.services import (
    approvals,
    arrears,
    billing,
    counter,
    deposits,
    discounts,
    disputes,
    entrance,
    fee_rules,
    former_payers,
    house_file,
    payments,
    prepay,
    prepay_ending,
    readings,
    settlement,
    statements,
    verification,
)
from app.services.purse import Wish
from app.services.refused import NotAllowed, Refused
from app.services.settlement import Settlement, Wanted
from app.services.two_persons import Waiting
from db.models.people import HousePayer
from tests.builders import PASSWORD, Office, command
from tests.outside import agrees

FIFTH = date(2026, 7, 5)


@pytest.fixture
def lived(office: Office) -> Office:
    """July is billed and unpaid, June is owed, water was read at the end of June."""
    office.with_houses().with_item(late_rate=50_000).with_item("SF", "meter", "3.5").with_meter("3-1-101")
    office.with_item("YJ", "deposit", "2000", houses="listed")
    readings.add(office.manager, "3-1-101", "水", "10", date(2026, 6, 30))
    office.bill("2026-06", "2026-06-01")
    office.bill("2026-07", "2026-07-01")
    return office


def _done(office: Office, wanted: Wanted, reason: str | None = None) -> Settlement:
    done = settlement.settle(office.manager, wanted, reason)
    assert isinstance(done, Settlement)
    return done


def _ok(office: Office) -> None:
    report = verification.verify(office.manager)
    assert report.ok, [check for check in report.checks if not check.ok]


SALE = Wanted("3-1-101", FIFTH, follower="新业主", phone="139 0000 0009", readings=(("水", "12"),))


def test_a_sale_inside_a_period_divides_it_and_nothing_is_lost(lived: Office) -> None:
    yesterday = arrears.arrears(lived.manager, date(2026, 7, 4))
    looked = settlement.rehearse(lived.manager, SALE)
    done = _done(lived, SALE)
    assert replace(done, number="", file=None) == looked
    assert (done.number, done.leaver, done.follower, done.last_day) == (
        "G2026-000001", "业主3-1-0101", "新业主", date(2026, 7, 4)
    )  # fmt: skip
    # 4 of 31 days of 209.62 are 27.05; the buyer has the rest. Water: 2 at 3.5 since the end of June.
    assert [(line.item, line.first, line.last, line.amount_fen) for line in done.fresh] == [
        ("WY", date(2026, 7, 1), date(2026, 7, 4), 2705), ("SF", date(2026, 7, 1), date(2026, 7, 4), 700)
    ]  # fmt: skip
    (rest,) = done.follower_lines
    assert (rest.first, rest.last, rest.amount_fen) == (FIFTH, date(2026, 7, 31), 20962 - 2705)
    assert [(line.item, line.amount_fen) for line in done.open] == [("WY", 20962), ("SF", 3500)]
    assert done.due_fen == 20962 + 3500 + 2705 + 700 + done.late_fee_fen
    assert done.file is not None
    assert done.file.exists()
    house = counter.call_up(lived.manager, "3-1-101")
    assert (house.payer, [line.amount_fen for line in house.lines]) == ("新业主", [18257])
    assert arrears.arrears(lived.manager, date(2026, 7, 4)) == yesterday
    people = house_file.show(lived.manager, "3-1-101").people
    assert people is not None
    assert [person.name for person in people] == ["新业主"]
    agrees(lived.manager, lived.folder / "out" / "l.beancount", date(2026, 7, 4))
    _ok(lived)
    # The next runs bill the buyer only, his water from the closing reading on.
    lived.clock.to("2026-08-01")
    readings.add(lived.manager, "3-1-101", "水", "15", date(2026, 7, 31))
    plan = billing.plan(lived.manager, "2026-08")
    mine = sorted((line.first, line.amount) for line in plan.lines if line.house_id == 1)
    assert mine == [(FIFTH, 1050), (date(2026, 8, 1), 20962)]
    assert len({line.payer_id for line in plan.lines if line.house_id == 1}) == 1


@pytest.mark.parametrize(
    ("price", "amounts"),
    [
        ("3.5", (1400, 2100)),
        # 2 of the first 5 of the year were used in April.
        ({"tiers": [{"up_to": "5", "price": "3.5"}, {"up_to": None, "price": "5"}]}, (3 * 350 + 500, 3000)),
    ],
)
def test_usage_of_months_that_were_not_billed_is_billed_once(
    office: Office, price: object, amounts: tuple[int, int]
) -> None:
    office.with_houses().with_item().with_item("SF", "meter", price).with_meter("3-1-101", on="2026-03-31")
    readings.add(office.manager, "3-1-101", "水", "2", date(2026, 4, 30))
    office.bill("2026-05", "2026-05-01")
    for value, on in (("6", date(2026, 5, 31)), ("10", date(2026, 6, 30))):
        readings.add(office.manager, "3-1-101", "水", value, on)
    looked = settlement.rehearse(office.manager, SALE)
    water = [(line.first, line.amount_fen) for line in looked.fresh if line.item == "SF"]
    assert water == [(date(2026, 5, 1), amounts[0]), (date(2026, 6, 1), amounts[1])]
    assert not [note for note in looked.notes if "SF" in note]
    done = _done(office, SALE)
    assert [(line.first, line.amount_fen) for line in done.fresh if line.item == "SF"] == water
    _ok(office)


def test_a_period_that_nobody_read_is_named_with_what_to_do(office: Office) -> None:
    office.with_houses().with_item().with_item("SF", "meter", "3.5").with_meter("3-1-101", on="2026-04-30")
    readings.add(office.manager, "3-1-101", "水", "2", date(2026, 5, 31))
    office.bill("2026-06", "2026-06-01")
    office.clock.to("2026-07-25")
    late = replace(SALE, on=date(2026, 7, 25), kind="move_out")
    looked = settlement.rehearse(office.manager, late)
    assert not [line for line in looked.fresh if line.item == "SF"]
    (note,) = [note for note in looked.notes if "读数" in note]
    assert "费SF 2026-06 没有读数" in note
    assert "补录或估抄 2026-06-30 前后" in note
    # A reading of the leaver's last day closes his usage: nothing is missing then.
    looked = settlement.rehearse(office.manager, replace(late, on=date(2026, 7, 5)))
    assert [line.amount_fen for line in looked.fresh if line.item == "SF"] == [3500]
    assert not [note for note in looked.notes if "读数" in note]


def test_a_meter_that_was_read_on_the_day_needs_no_closing_reading(lived: Office) -> None:
    readings.add(lived.manager, "3-1-101", "水", "12", FIFTH)
    with pytest.raises(Refused) as refused:
        settlement.rehearse(lived.manager, SALE)
    assert "读数 12" in refused.value.problem.text
    assert "留空" in (refused.value.problem.hint or "")
    looked = settlement.rehearse(lived.manager, replace(SALE, readings=()))
    assert not [note for note in looked.notes if "没有抄交接读数" in note]
    assert [line.amount_fen for line in looked.fresh if line.item == "SF"] == [700]


def test_the_leaver_pays_his_arrears_afterwards(lived: Office) -> None:
    done = _done(lived, SALE)
    (row,) = former_payers.former(lived.manager, "3-1-101")
    assert (row.payer, row.due_fen) == ("业主3-1-0101", done.due_fen)
    with pytest.raises(Refused, match="以前的付款人里没有"):
        payments.take(lived.manager, "3-1-101", 100, payer="新业主")
    paid = payments.take(lived.manager, "3-1-101", row.due_fen, payer="业主3-1-0101")
    assert paid.prepaid_fen == 0
    assert former_payers.former(lived.manager, "3-1-101") == ()
    assert counter.call_up(lived.manager, "3-1-101").owed_fen == 18257
    _ok(lived)


def test_what_is_paid_ahead_stays_and_prepaid_does_not_pass_on(lived: Office) -> None:
    left = lived.pay("3-1-101", 60000).prepaid_fen
    looked = settlement.rehearse(lived.manager, SALE)
    assert [(line.item_name, line.amount_fen) for line in looked.ahead] == [("费WY", 20962)]
    assert looked.follower_lines == ()
    assert (looked.prepaid_fen, looked.open) == (left, ())
    assert (looked.due_fen, looked.refundable_fen) == (0, left - 700)
    with pytest.raises(Refused, match="写明原因"):
        settlement.settle(lived.manager, replace(SALE, refund="cash"))
    done = _done(lived, replace(SALE, refund="cash"), "业主要求")
    assert done.refunded_fen == left - 700
    assert counter.call_up(lived.manager, "3-1-101").prepaid_fen == 0
    _ok(lived)


@pytest.mark.parametrize(("paid", "due", "back"), [(0, 2705 - 1600, 0), (60000, 0, 60000 - 20962 + 1600)])
def test_what_a_closing_reading_puts_right_is_the_leavers(office: Office, paid: int, due: int, back: int) -> None:
    """Estimated 20 in June, truly 12 on the day: 16 yuan are his; they meet what he owes, the rest goes out."""
    office.with_houses().with_item().with_item("SF", "meter", "2").with_meter("3-1-101", on="2026-05-31")
    readings.add(office.manager, "3-1-101", "水", "20", date(2026, 6, 30), estimate=True)
    office.bill("2026-07", "2026-07-01")
    office.pay("3-1-101", 4000 + paid, wishes=[Wish("SF", "2026-06")])
    wanted = replace(SALE, refund="cash")
    looked = settlement.rehearse(office.manager, wanted)
    done = _done(office, wanted, "业主要求")
    assert replace(done, number="", file=None) == looked
    assert [line.amount_fen for line in done.fresh if line.item == "SF"] == [-1600]
    assert (done.due_fen, done.refunded_fen, done.refundable_fen) == (due, back, back)
    assert sum(row.due_fen for row in former_payers.former(office.manager, "3-1-101")) == due
    (body,) = office.sql("SELECT body FROM document WHERE kind = 'settlement'")[0]
    sums = dict(json.loads(body)["sums"])
    assert sums.pop("原付款人应交") == due
    sums.pop("本次退预存", None)
    assert sum(sums.values()) == due
    _ok(office)


def test_prepaid_settles_only_what_allows_it(lived: Office) -> None:
    fee_rules.change(lived.manager, "SF", date(2026, 7, 5), {"set_off": "barred"}, "合同")
    left = lived.pay("3-1-101", 60000).prepaid_fen
    lived.clock.to("2026-07-07")
    wanted = replace(SALE, refund="cash")
    looked = settlement.rehearse(lived.manager, wanted)
    assert (looked.due_fen, looked.refundable_fen) == (700, left)
    done = _done(lived, wanted, "业主要求")
    assert (done.due_fen, done.refunded_fen) == (700, left)
    assert [row.due_fen for row in former_payers.former(lived.manager, "3-1-101")] == [700]
    _ok(lived)


def test_the_leaver_pays_and_gets_his_deposit_at_once(lived: Office) -> None:
    deposits.take(lived.manager, "3-1-101", "YJ", 200_000)
    lived.with_staff("周经理")
    second = entrance.approver(lived.manager, "周经理", PASSWORD)
    done = settlement.settle(lived.manager, replace(SALE, pay="wechat", deposits="bank"), "过户", second=second)
    assert isinstance(done, Settlement)
    assert (done.paid_fen, done.returned_fen, done.receipt) == (done.due_fen, 200_000, "S2026-00000002")
    assert statements.statement(lived.manager, "3-1-101").owed_fen == 18257
    _ok(lived)


def test_a_part_of_what_is_late_already_bears_its_late_fee_on_the_sheet(lived: Office) -> None:
    lived.clock.to("2026-08-20")
    sale = replace(SALE, on=date(2026, 7, 16), pay="bank")
    looked = settlement.rehearse(lived.manager, sale)
    done = _done(lived, sale)
    assert done.paid_fen == done.due_fen == looked.due_fen
    # June for 51 days from 30 June, the half of July for 20 from 31 July, at 0.0005 a day.
    assert looked.late_fee_fen == 535 + 101
    _ok(lived)


def test_the_sheet_says_what_the_receipt_takes_where_older_prepaid_meets_a_charge(lived: Office) -> None:
    assert lived.pay("3-1-101", 5000, on=date(2026, 5, 20)).prepaid_fen == 5000
    lived.clock.to("2026-08-20")
    done = _done(lived, replace(SALE, on=date(2026, 8, 20), readings=(), pay="bank"))
    assert done.paid_fen == done.due_fen > 0
    _ok(lived)


def test_what_a_space_owes_is_not_taken_with_the_house(lived: Office) -> None:
    lived.with_houses(("B1-015",), kind="parking", bill_with=1).with_item("CW", "flat", "50", houses="parking")
    with lived.manager.transaction(write=True) as work:
        (leaver,) = work.execute(select(HousePayer.party_id).where(HousePayer.house_id == 1)).scalars()
        work.execute(update(HousePayer).where(HousePayer.house_id == 3).values(party_id=leaver))
        work.audit("test.payer", "house")
    lived.bill("2026-07", "2026-07-06")
    paying = replace(SALE, pay="cash")
    looked = settlement.rehearse(lived.manager, paying)
    done = _done(lived, paying)
    assert "B1-015 不在这次结算里" in "".join(done.notes)
    assert (done.paid_fen, done.due_fen) == (looked.due_fen, looked.due_fen)
    owing = {row.house: row.owed_fen for row in arrears.arrears(lived.manager).houses}
    assert owing["B1-015"] == 5000
    _ok(lived)


def test_a_deposit_that_goes_out_waits_for_somebody_else(lived: Office) -> None:
    deposits.take(lived.manager, "3-1-101", "YJ", 200_000)
    lived.with_staff("周经理")
    wanted = replace(SALE, pay="wechat", deposits="bank")
    with pytest.raises(Refused, match="不能同时收款"):
        settlement.settle(lived.manager, wanted, "过户")
    asked = settlement.settle(lived.manager, replace(wanted, pay=""), "过户")
    assert isinstance(asked, Waiting)
    assert counter.call_up(lived.manager, "3-1-101").payer == "业主3-1-0101"
    approvals.yes(lived.seat("周经理"), asked.request)
    assert counter.call_up(lived.manager, "3-1-101").payer == "新业主"
    assert deposits.listing(lived.manager) == ()
    assert lived.sql("SELECT method, amount FROM refund") == [("bank", 200_000)]
    _ok(lived)


def test_arrears_go_over_only_where_the_buyer_took_them(lived: Office) -> None:
    before = sum(row.owed_fen for row in arrears.arrears(lived.manager).houses if row.house == "3-1-0101")
    done = _done(lived, replace(SALE, arrears="carried"))
    assert done.carried_fen == 20962 + 3500 + 2705 + 700
    house = counter.call_up(lived.manager, "3-1-101")
    assert (house.owed_fen, house.late_fee_fen) == (before + 700, done.late_fee_fen)
    assert {line.due for line in house.lines if line.period == "2026-06"} >= {date(2026, 6, 30)}
    paid = payments.take(lived.manager, "3-1-101", house.owed_fen + house.late_fee_fen)
    assert paid.prepaid_fen == 0
    agrees(lived.manager, lived.folder / "out" / "l.beancount")
    _ok(lived)


def test_the_late_fee_of_a_past_day_stays_after_a_buyer_took_the_arrears(lived: Office) -> None:
    lived.pay("3-1-101", 2000)
    assert lived.sql("SELECT amount FROM charge WHERE part = 'late_fee'")[0][0] > 0
    _done(lived, replace(SALE, arrears="carried"))
    lived.clock.to("2026-07-20")
    then = arrears.arrears(lived.manager)
    lived.clock.to("2026-08-20")
    assert arrears.arrears(lived.manager, date(2026, 7, 20)).houses == then.houses


@pytest.mark.parametrize("carried", ["seller", "carried"])
def test_what_is_contested_stays_so_until_that_is_ended(lived: Office, carried: str) -> None:
    lived.clock.to("2026-08-20")
    disputes.add(lived.manager, "3-1-101", "WY", "2026-07", "电梯停运")
    wanted = replace(SALE, on=date(2026, 7, 16), arrears=carried)
    looked = settlement.rehearse(lived.manager, wanted)
    done = _done(lived, wanted)
    assert looked.late_fee_fen == done.late_fee_fen == 535
    rows = disputes.listing(lived.manager)
    assert (len(rows), sum(row.open_fen for row in rows)) == (2, 20962)
    bearing = [row.late_fee_fen for row in arrears.arrears(lived.manager).houses if row.house == "3-1-0101"]
    assert bearing == [535]
    disputes.end(lived.manager, "3-1-101", "WY", "2026-07", "已核实")
    assert disputes.listing(lived.manager) == ()
    _ok(lived)


def test_a_tenant_leaves_and_the_owner_pays_again(lived: Office) -> None:
    _done(lived, replace(SALE, kind="move_out", on=FIFTH, follower="租户甲"))
    lived.clock.to("2026-07-20")
    discounts.add(lived.manager, "3-1-101", "staff", "0.5", date(2026, 8, 1), date(2026, 12, 31), "员工")
    back = _done(lived, Wanted("3-1-101", date(2026, 7, 19), "move_out", readings=(("水", "13"),)))
    assert (back.leaver, back.follower, back.last_day) == ("租户甲", "业主3-1-0101", date(2026, 7, 19))
    wy = [line.amount_fen for line in back.fresh if line.item == "WY"]
    # 5, 14 and 12 of 31 days: three parts, one charge.
    assert (wy, [line.amount_fen for line in back.follower_lines]) == ([12848 - 3381], [20962 - 12848])
    assert discounts.listing(lived.manager) == ()
    _ok(lived)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"on": date(2026, 7, 7)}, "future_day"),
        ({"follower": ""}, "nobody_follows"),
        ({"follower": "业主3-1-0101"}, "same_payer"),
        ({"readings": (("电", "1"),)}, "unknown_meter"),
        ({"readings": (("水", "9"),)}, "reading_decreased"),
        ({"pay": "cash", "arrears": "carried"}, "pay_or_carry"),
        ({"kind": "x"}, "unknown_settlement"),
        ({"arrears": "x"}, "unknown_arrears"),
        ({"refund": "x"}, "unknown_method"),
        ({"house": "9-9-999"}, "unknown_house"),
    ],
)
def test_what_is_refused(lived: Office, change: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as why:
        settlement.rehearse(lived.manager, replace(SALE, **change))  # type: ignore[arg-type]
    assert why.value.problem.code == code


def test_once_a_payer_has_changed_the_day_before_is_closed(lived: Office) -> None:
    lived.with_staff("钱客服")
    with pytest.raises(NotAllowed):
        settlement.settle(lived.seat("钱客服"), SALE)
    _done(lived, SALE)
    with pytest.raises(Refused, match="前后已经变过"):
        settlement.rehearse(lived.manager, replace(SALE, on=date(2026, 7, 3), follower="别人", readings=()))


def test_the_command(lived: Office) -> None:
    folder = lived.folder
    lived.close()
    argv = ("settle", "3-1-101", "--on", "2026-07-05", "--to", "新业主", "--reading", "水=12", "--pay", "cash")
    status, looked = command(folder, *argv, "--dry-run")
    assert (status, looked["settlement"], looked["fresh"][0]["amount_fen"]) == (0, None, 2705)
    assert looked["notes"] == []
    first = command(folder, *argv, "--key", "s1")
    assert first == command(folder, *argv, "--key", "s1")
    assert (first[0], first[1]["settlement"], first[1]["paid_fen"]) == (0, "G2026-000001", looked["due_fen"])
    assert first[1]["receipt"] == "S2026-00000001"


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 10**8), st.integers(0, 92))
def test_seller_and_buyer_add_up_whatever_the_day(area: int, price: int, day: int) -> None:
    version, first, last = Version(1, date(2026, 1, 1), None, AreaParams(price)), date(2026, 7, 1), date(2026, 9, 30)

    def amount(start: date, end: date) -> int:
        return KINDS["area"].line(Basis(segments((version,), start, end), area)).amount

    split = transfer_split(amount, first, last, first + timedelta(days=day))  # type: ignore[arg-type]
    assert split.seller + split.buyer == split.whole == amount(first, last)


def test_months_that_were_prepaid_are_named_before_anybody_leaves(lived: Office) -> None:
    lived.pay("3-1-101", 2 * 20962)
    paid = prepay.take(lived.manager, "3-1-101", "WY", 3)
    wanted = Wanted("3-1-101", FIFTH, follower="新业主", phone="13900000009", readings=(("水", "12"),))
    said = "".join(settlement.rehearse(lived.manager, wanted).notes)
    assert f"费WY已预交到 2026-10-31（{paid.receipt}）：先办预交提前结束" in said
    prepay_ending.end(lived.manager, paid.receipt, "2026-08", "卖房")
    after = settlement.rehearse(lived.manager, wanted)
    assert "预交" not in "".join(after.notes)
    assert after.prepaid_fen == 3 * 20962
    _ok(lived)
