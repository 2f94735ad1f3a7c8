"""Waivers, supplements, write-offs, refunds, deposits and one-off charges through their doors; the books stay right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from app.domain.control_sums import MethodSum
from app.services import (
    adjustments,
    approvals,
    arrears,
    billing,
    closes,
    counter,
    deposits,
    entrance,
    house_history,
    one_off,
    payments,
    prepaid_use,
    printing,
    readings,
    rebooking,
    receipts,
    refunds,
    statements,
    verification,
    workbench,
)
from app.services.adjustments import Adjusted, Change
from app.services.deposits import Deduction, Returned
from app.services.purse import Wish
from app.services.rebooking import Rebooked
from app.services.refunds import Refunded
from app.services.refused import NotAllowed, Refused
from app.services.two_persons import Waiting
from db.queries.month import control_sums
from tests.builders import PASSWORD, Office
from tests.outside import agrees

JULY = Change("WY", "2026-07", 2000)


def _ok(office: Office) -> None:
    report = verification.verify(office.manager)
    assert report.ok, [check for check in report.checks if not check.ok]


def _owed(office: Office, house: str = "3-1-0101") -> int:
    return sum(row.owed_fen for row in arrears.arrears(office.manager).houses if row.house == house)


@pytest.fixture
def billed(office: Office) -> Office:
    office.with_houses().with_item().bill("2026-07")
    return office


def test_a_waiver_lowers_what_is_owed_and_the_charge_stays(billed: Office) -> None:
    done = adjustments.adjust(billed.manager, "3-1-0101", "waiver", [JULY], "电梯停运三天")
    assert isinstance(done, Adjusted)
    assert (done.amount_fen, done.owed_fen, _owed(billed)) == (-2000, 18962, 18962)
    assert billed.sql("SELECT amount FROM charge ORDER BY id LIMIT 1") == [(20962,)]
    assert billed.pay("3-1-0101", 18962).prepaid_fen == 0
    _ok(billed)


def test_a_cashiers_waiver_waits_for_the_manager(billed: Office) -> None:
    billed.with_staff("李收费", "赵财务")
    asked = adjustments.adjust(billed.seat("李收费"), "3-1-0101", "waiver", [JULY], "停水两天")
    assert isinstance(asked, Waiting)
    assert _owed(billed) == 20962
    assert asked.request not in {row.request for row in approvals.waiting(billed.seat("赵财务"))}
    (row,) = approvals.waiting(billed.manager)
    assert row.summary == "3-1-0101 减免 20.00 元：费WY 2026-07"
    changes = house_history.show(billed.manager, "3-1-0101").changes or ()
    assert "减免、补收（申请）" in [change.what for change in changes]
    approvals.yes(billed.manager, asked.request)
    assert _owed(billed) == 18962
    assert billed.sql("SELECT user_id <> (SELECT id FROM app_user WHERE name = '王经理') FROM adjustment") == [(1,)]
    _ok(billed)


def test_the_managers_own_waiver_takes_the_accountant(billed: Office) -> None:
    billed.with_staff("赵财务")
    asked = adjustments.adjust(billed.manager, "3-1-0101", "waiver", [JULY], "停水")
    assert isinstance(asked, Waiting)
    second = entrance.approver(billed.manager, "赵财务", PASSWORD)
    done = adjustments.adjust(billed.manager, "3-1-0101", "waiver", [JULY], "停水", second=second)
    assert isinstance(done, Adjusted)


def test_up_to_the_offices_limit_nobody_else_is_needed(billed: Office) -> None:
    billed.with_staff("李收费").set(waiver_limit_fen="2000")
    assert isinstance(adjustments.adjust(billed.seat("李收费"), "3-1-0101", "waiver", [JULY], "小额"), Adjusted)
    more = Change("WY", "2026-07", 2001)
    assert isinstance(adjustments.adjust(billed.seat("李收费"), "3-1-0102", "waiver", [more], "小额"), Waiting)


def test_nothing_goes_below_what_is_paid(billed: Office) -> None:
    billed.pay("3-1-0101", 20000)
    with pytest.raises(Refused, match=r"只有 9\.62 元未交") as why:
        adjustments.adjust(billed.manager, "3-1-0101", "waiver", [Change("WY", "2026-07", 963)], "停水")
    assert why.value.field == "amount"
    adjustments.adjust(billed.manager, "3-1-0101", "waiver", [Change("WY", "2026-07", 962)], "停水")
    assert _owed(billed) == 0
    with pytest.raises(Refused, match="没有这笔未交的费用"):
        adjustments.adjust(billed.manager, "3-1-0101", "waiver", [Change("WY", "2026-07", 1)], "停水")
    _ok(billed)


def test_a_quoted_late_fee_that_is_waived_is_not_quoted_again(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item(late_rate=50_000)
    office.bill("2026-05", "2026-05-01")
    report = arrears.arrears(office.manager)
    quoted = report.late_fee_fen
    assert quoted > 0
    adjustments.adjust(office.manager, "3-1-0101", "waiver", [Change("WY", "2026-05", quoted, "late_fee")], "首次")
    assert arrears.arrears(office.manager).late_fee_fen == 0
    office.clock.move(days=10)
    later = arrears.arrears(office.manager).late_fee_fen
    assert 0 < later < quoted
    assert office.pay("3-1-0101", 20962 + later).prepaid_fen == 0
    _ok(office)


def test_what_was_forgotten_is_added_and_what_was_written_off_comes_back(billed: Office) -> None:
    adjustments.adjust(billed.manager, "3-1-0101", "correction", [Change("WY", "2026-07", 500)], "面积更正")
    assert _owed(billed) == 21462
    adjustments.adjust(billed.manager, "3-1-0101", "write_off", [Change("WY", "2026-07", 21462)], "判决免除")
    assert _owed(billed) == 0
    with pytest.raises(Refused, match="没有核销过这么多"):
        adjustments.adjust(billed.manager, "3-1-0101", "recovery", [Change("WY", "2026-07", 21463)], "又交了")
    adjustments.adjust(billed.manager, "3-1-0101", "recovery", [Change("WY", "2026-07", 1000)], "又交了一部分")
    assert billed.pay("3-1-0101", 1000).prepaid_fen == 0
    with pytest.raises(Refused, match="没有出过账"):
        adjustments.adjust(billed.manager, "3-1-0101", "correction", [Change("WY", "2026-06", 500)], "补")
    _ok(billed)


def test_a_charge_that_is_named_twice_is_changed_by_no_more_than_there_is(office: Office) -> None:
    office.with_houses().with_item(price="1", late_rate=100_000)
    office.bill("2026-06", "2026-06-01")
    house, half = "3-1-0101", Change("WY", "2026-06", 5000)

    def refused(kind: str, *changes: Change) -> str:
        with pytest.raises(Refused) as told:
            adjustments.adjust(office.manager, house, kind, changes, "x")
        return told.value.problem.code

    assert refused("waiver", half, half) == "below_paid"
    quoted = arrears.arrears(office.manager).houses[0].late_fee_fen
    fee = Change("WY", "2026-06", quoted - 10, "late_fee")
    assert refused("waiver", fee, fee) == "below_paid"
    adjustments.adjust(office.manager, house, "waiver", [fee, Change("WY", "2026-06", 10, "late_fee")], "x")
    assert arrears.arrears(office.manager).houses[0].late_fee_fen == 0
    adjustments.adjust(office.manager, house, "write_off", [Change("WY", "2026-06", 1000)], "x")
    back = Change("WY", "2026-06", 600)
    assert refused("recovery", back, back) == "not_written_off"
    assert _owed(office) == 7920
    _ok(office)


def test_prepaid_money_is_given_back_and_no_more(billed: Office) -> None:
    billed.pay("3-1-0101", 30000)
    with pytest.raises(Refused, match=r"可退的预存只有 90\.38 元"):
        refunds.refund(billed.manager, "3-1-0101", 9039, "cash", "业主要求")
    done = refunds.refund(billed.manager, "3-1-0101", 9000, "bank", "业主要求")
    assert done == Refunded("3-1-0101", 9000, "bank", 38)
    with pytest.raises(Refused, match="退过款"):
        receipts.void(billed.manager, "S2026-00000001", "录错")
    statement = statements.statement(billed.manager, "3-1-0101")
    assert (statement.owed_fen, statement.prepaid_fen) == (0, 38)
    _ok(billed)


def _credited(office: Office) -> Office:
    """Paid by an estimate of 100; the true reading was 60: 80 yuan are the payer's again."""
    office.with_houses().with_item("SF", "meter", "2").with_meter("3-1-0101", on="2026-04-30")
    readings.add(office.manager, "3-1-0101", "水", "100", date(2026, 5, 31), estimate=True)
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-0101", 20_500, on=date(2026, 6, 20))
    readings.add(office.manager, "3-1-0101", "水", "60", date(2026, 6, 30))
    assert office.bill("2026-07", "2026-07-01").amount_fen == -8_000
    return office


def test_what_was_charged_too_much_is_given_back_on_demand(office: Office) -> None:
    _credited(office)
    with pytest.raises(Refused, match=r"可退的预存只有 85\.00 元"):
        refunds.refund(office.manager, "3-1-0101", 8_501, "cash", "业主要求")
    # The money that was paid too much goes first, it is older; the rest is of what the reading put right.
    done = refunds.refund(office.manager, "3-1-0101", 3_000, "cash", "业主要求")
    assert done == Refunded("3-1-0101", 3_000, "cash", 5_500)
    assert office.sql("SELECT amount, payment_id IS NULL, credit_charge IS NULL FROM refund ORDER BY id") == [
        (500, 0, 1), (2_500, 1, 0)
    ]  # fmt: skip
    _ok(office)
    assert statements.statement(office.manager, "3-1-0101").prepaid_fen == 5_500
    agrees(office.manager, office.folder / "out" / "l.beancount")
    sums = {kind: office.command("export", kind)[1]["sums"] for kind in ("payments", "prepaid")}
    assert (sums["payments"]["金额"], sums["prepaid"]) == (-3_000, {"预存余额": 5_500})
    given = [line for line in statements.statement(office.manager, "3-1-0101").entries if line.kind == "refund"]
    assert [line.amount_fen for line in given] == [500, 2_500]
    with office.manager.transaction(write=False) as work:
        month = control_sums(work.connection, date(2026, 7, 1), work.today, work.today)
    assert (month.prepaid_fen, month.methods) == (5_500, (MethodSum("cash", 0, 3_000),))
    # What is left of it is set off, and no fen more.
    office.with_item("MJ", "once", "60", houses="listed")
    one_off.post(office.manager, "3-1-0101", "MJ")
    prepaid_use.put(office.manager, "3-1-0101")
    assert _owed(office) == 500
    with pytest.raises(Refused, match=r"可退的预存只有 0\.00 元"):
        refunds.refund(office.manager, "3-1-0101", 1, "cash", "业主要求")
    _ok(office)


def test_bills_whose_credit_was_paid_out_are_not_voided_as_a_whole(office: Office) -> None:
    _credited(office)
    refunds.refund(office.manager, "3-1-0101", 501, "cash", "业主要求")
    with pytest.raises(Refused, match="退给 1 户的钱已经付出去"):
        billing.void(office.manager, "2026-07", "读数录错")
    _ok(office)


def test_a_refund_needs_a_second_person(billed: Office) -> None:
    billed.with_staff("李收费")
    billed.pay("3-1-0101", 30000)
    asked = refunds.refund(billed.seat("李收费"), "3-1-0101", 9000, "cash", "业主要求")
    assert isinstance(asked, Waiting)
    approvals.yes(billed.manager, asked.request)
    assert billed.sql("SELECT amount FROM refund") == [(9000,)]
    _ok(billed)


def _with_deposit(office: Office) -> Office:
    office.with_item("ZX", "deposit", "2000", houses="listed", name="装修押金")
    return office.with_item("WX", "once", "50", houses="listed", name="维修")


def test_a_deposit_is_held_and_given_back_less_what_is_deducted(billed: Office) -> None:
    _with_deposit(billed)
    held = deposits.take(billed.manager, "3-1-0101", "ZX")
    assert (held.receipt, held.amount_fen) == ("S2026-00000001", 200_000)
    assert _owed(billed) == 20962
    assert billed.pay("3-1-0101", 100).allocated[0].item == "WY"
    billed.clock.move(days=30)
    with pytest.raises(Refused, match="超过押金"):
        deposits.give_back(billed.manager, "3-1-0101", held.receipt, "cash", "验收", [Deduction("WX", 200_001, "墙")])
    with pytest.raises(Refused, match="写明原因"):
        deposits.give_back(billed.manager, "3-1-0101", held.receipt, "cash", "验收", [Deduction("WX", 1, " ")])
    done = deposits.give_back(
        billed.manager, "3-1-0101", held.receipt.lower(), "cash", "验收", [Deduction("WX", 8000, "修墙面")]
    )
    assert done == Returned("S2026-00000001", "3-1-0101", 200_000, 8000, 192_000)
    assert deposits.listing(billed.manager) == ()
    assert _owed(billed) == 20862
    with pytest.raises(Refused, match="没有这笔押金"):
        deposits.give_back(billed.manager, "3-1-0101", held.receipt, "cash", "验收")
    _ok(billed)


def test_a_deposit_taken_by_mistake_is_voided_whole(billed: Office) -> None:
    _with_deposit(billed)
    held = deposits.take(billed.manager, "3-1-0101", "ZX", 50_000, "wechat")
    receipts.void(billed.manager, held.receipt, "录错")
    assert deposits.listing(billed.manager) == ()
    assert _owed(billed) == 20962
    with pytest.raises(Refused, match="作废或红冲过"):
        deposits.give_back(billed.manager, "3-1-0101", held.receipt, "cash", "验收")
    _ok(billed)


def test_two_deposits_of_one_day_are_two(billed: Office) -> None:
    _with_deposit(billed)
    first, second = (deposits.take(billed.manager, "3-1-0101", "ZX", fen) for fen in (1000, 2000))
    assert [row.amount_fen for row in deposits.listing(billed.manager, "3-1-0101")] == [1000, 2000]
    deposits.give_back(billed.manager, "3-1-0101", second.receipt, "cash", "退")
    assert [row.receipt for row in deposits.listing(billed.manager)] == [first.receipt]


def test_a_deposit_is_in_no_collection_rate(billed: Office) -> None:
    _with_deposit(billed)
    before = workbench.figures(billed.manager).months
    deposits.take(billed.manager, "3-1-0101", "ZX")
    assert workbench.figures(billed.manager).months == before


def test_a_card_is_charged_at_the_counter_by_its_price(billed: Office) -> None:
    billed.with_staff("李收费").with_item("MJ", "once", "20", houses="listed")
    done = one_off.post(billed.seat("李收费"), "3-1-0101", "MJ", 2)
    assert (done.amount_fen, done.due) == (4000, date(2026, 7, 6))
    one_off.post(billed.seat("李收费"), "3-1-0101", "MJ")
    with pytest.raises(NotAllowed, match="自定金额"):
        one_off.post(billed.seat("李收费"), "3-1-0101", "MJ", amount=100, note="旧卡")
    with pytest.raises(Refused, match="写明收什么"):
        one_off.post(billed.manager, "3-1-0101", "MJ", amount=100)
    one_off.post(billed.manager, "3-1-0101", "MJ", amount=1234, note="水管维修报价")
    with pytest.raises(Refused, match="不是一次性"):
        one_off.post(billed.manager, "3-1-0101", "WY")
    assert _owed(billed) == 20962 + 4000 + 2000 + 1234
    assert billed.pay("3-1-0101", 28196).prepaid_fen == 0
    billed.with_item("QT", "once", None, houses="listed")
    with pytest.raises(Refused, match="没有有效的收费标准"):
        one_off.post(billed.manager, "3-1-0101", "QT")
    _ok(billed)


def test_nothing_is_collected_besides_on_a_credit(office: Office) -> None:
    office.with_houses().with_item("SF", "meter", "2").with_meter("3-1-0101", on="2026-04-30")
    readings.add(office.manager, "3-1-0101", "水", "100", date(2026, 5, 31), estimate=True)
    office.bill("2026-06")
    readings.add(office.manager, "3-1-0101", "水", "60", date(2026, 6, 30))
    assert office.bill("2026-07").amount_fen == -8000
    with pytest.raises(Refused, match="SF 2026-06 是退给住户的") as why:
        adjustments.adjust(office.manager, "3-1-0101", "correction", [Change("SF", "2026-06", 1000)], "抄错")
    assert why.value.field == "for"
    adjustments.adjust(office.manager, "3-1-0101", "correction", [Change("SF", "2026-05", 1000)], "抄错")
    assert _owed(office) == 20000 - 8000 + 1000
    _ok(office)


def test_money_is_not_dated_back_to_days_on_which_the_charge_was_paid(billed: Office) -> None:
    billed.clock.to("2026-07-08")
    first = billed.pay("3-1-0101", 20962)
    billed.clock.to("2026-07-12")
    receipts.reverse(billed.manager, first.receipt, "录错户")
    billed.clock.to("2026-07-14")
    with pytest.raises(Refused, match="2026-07-12 才红冲") as why:
        payments.take(billed.manager, "3-1-0101", 20962, on=date(2026, 7, 9))
    assert why.value.field == "date"
    payments.take(billed.manager, "3-1-0101", 20962, on=date(2026, 7, 12))
    _ok(billed)


def test_money_for_the_wrong_house_is_put_right_on_its_day(billed: Office) -> None:
    wrong = billed.pay("3-1-0101", 20962)
    done = rebooking.rebook(billed.manager, wrong.receipt, "3-1-0102", None, "录错户")
    assert done == Rebooked(wrong.receipt, wrong.receipt, "S2026-00000002", "3-1-0102", "cash", 20962, "现金")
    assert (_owed(billed, "3-1-0101"), _owed(billed, "3-1-0102")) == (20962, 0)
    with pytest.raises(Refused, match="作废或红冲过"):
        rebooking.rebook(billed.manager, wrong.receipt, "3-1-0102", None, "再来")
    _ok(billed)


def test_the_papers_of_a_correction_name_each_other(billed: Office, tmp_path: Path) -> None:
    wrong = billed.pay("3-1-0101", 20962)
    printing.print_receipt(billed.manager, wrong.receipt, tmp_path / "first.pdf")
    done = rebooking.rebook(billed.manager, wrong.receipt, "3-1-0102", None, "录错户")
    assert isinstance(done, Rebooked)
    for number in (wrong.receipt, done.rebooked):
        printing.print_receipt(billed.manager, number, tmp_path / f"{number}.pdf")
    void, booked = (
        pypdfium2.PdfDocument(tmp_path / f"{number}.pdf")[0].get_textpage().get_text_bounded()
        for number in (wrong.receipt, done.rebooked)
    )
    assert f"已作废，原因：录错户，改记 {done.rebooked}" in void
    assert f"更正收据 {wrong.receipt}" in booked
    assert "交款人指定" not in booked


def test_a_later_correction_reverses_and_lets_the_late_fee_off(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_item(late_rate=50_000).bill("2026-06", "2026-06-01")
    wrong = office.pay("3-1-0101", 20962, on=date(2026, 7, 6))
    left = _owed(office, "3-1-0101")
    office.clock.to("2026-07-26")
    owing = arrears.arrears(office.manager)
    assert owing.late_fee_fen > 0
    done = rebooking.rebook(office.manager, wrong.receipt, "3-1-0102", "bank", "录错户")
    assert isinstance(done, Rebooked)
    assert (done.reversal, done.rebooked, done.method) == ("S2026-00000002", "S2026-00000003", "bank")
    assert _owed(office, "3-1-0102") == left
    assert office.sql("SELECT reference FROM payment WHERE method = 'bank'") == [("更正 S2026-00000001",)]
    for number in (done.reversal, done.rebooked):
        printing.print_receipt(office.manager, number, tmp_path / f"{number}.pdf")
    bodies = [str(body) for (body,) in office.sql("SELECT body FROM document WHERE kind = 'receipt' ORDER BY id")]
    assert "录错户，改记 S2026-00000003" in bodies[0]
    assert '"corrects":"S2026-00000001"' in bodies[1]
    _ok(office)


def test_a_later_correction_lets_off_no_more_than_the_mistake_cost(office: Office) -> None:
    office.with_houses().with_item(late_rate=50_000)
    office.bill("2026-05", "2026-05-01")
    office.bill("2026-06", "2026-06-01")
    # All of May, due on 1 June, with its late fee of 35 days; nothing of June.
    wrong = office.pay("3-1-0101", 20962 + 367, on=date(2026, 7, 6))
    office.clock.to("2026-07-26")
    rebooking.rebook(office.manager, wrong.receipt, "3-1-0102", None, "录错户")
    # What 55 days of May come to, less what 35 did.
    assert office.sql("SELECT sum(amount) FROM adjustment WHERE kind = 'waiver'") == [(-(576 - 367),)]
    (other,) = [row for row in arrears.arrears(office.manager).houses if row.house == "3-1-0102"]
    # June, due on the 30th, bears 26 days.
    assert (other.owed_fen, other.late_fee_fen) == (20962, 273)
    _ok(office)


def test_putting_right_follows_the_approval_of_taking_back(billed: Office) -> None:
    billed.with_staff("李收费", "赵财务")
    wrong = billed.pay("3-1-0101", 20962)
    asked = rebooking.rebook(billed.seat("李收费"), wrong.receipt, None, "wechat", "方式录错")
    assert isinstance(asked, Waiting)
    assert "改记 3-1-0101（微信）" in approvals.waiting(billed.seat("赵财务"))[0].summary
    approvals.yes(billed.seat("赵财务"), asked.request)
    assert billed.sql("SELECT method, amount FROM payment ORDER BY id") == [
        ("cash", 20962), ("cash", -20962), ("wechat", 20962)]  # fmt: skip
    with pytest.raises(Refused, match="都没有变"):
        rebooking.rebook(billed.manager, "S2026-00000002", "3-1-0101", None, "没变")
    _ok(billed)


def test_what_was_approved_as_a_void_does_not_become_a_reversal(billed: Office) -> None:
    billed.with_staff("李收费", "赵财务")
    wrong = billed.pay("3-1-0101", 20962)
    asked = rebooking.rebook(billed.seat("李收费"), wrong.receipt, None, "wechat", "方式录错")
    assert isinstance(asked, Waiting)
    billed.clock.move(days=1)
    with pytest.raises(Refused, match="不能作废"):
        approvals.yes(billed.seat("赵财务"), asked.request)
    assert billed.sql("SELECT count(*) FROM payment") == [(1,)]


def test_small_change_is_let_off_where_the_office_has_it(billed: Office) -> None:
    with pytest.raises(Refused, match="没有开抹零"):
        payments.take(billed.manager, "3-1-0101", 20900, small_change=True)
    billed.set(small_change="yuan")
    with pytest.raises(Refused, match=r"抹零后应收 209\.00 元"):
        payments.take(billed.manager, "3-1-0101", 20000, small_change=True)
    done = payments.take(billed.manager, "3-1-0101", 20900, small_change=True)
    assert (done.allocated[0].amount_fen, done.prepaid_fen, _owed(billed)) == (20900, 0, 0)
    assert billed.sql("SELECT amount, kind FROM adjustment") == [(-62, "small_change")]
    assert closes.outlook(billed.manager).small_change == 62
    wish = Wish("WY", "2026-07", 100)
    with pytest.raises(Refused, match="只交一部分"):
        payments.take(billed.manager, "3-1-0102", 20900, wishes=[wish], small_change=True)
    receipts.void(billed.manager, done.receipt, "录错")
    assert (_owed(billed), closes.outlook(billed.manager).small_change) == (20962, 0)
    _ok(billed)


def test_the_office_may_agree_on_the_oldest_first(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("WY", late_rate=10_000).with_item("LJ", "flat", "50", late_rate=50_000)
    office.bill("2026-05", "2026-05-01")
    office.bill("2026-06", "2026-06-01")
    first = office.pay("3-1-0101", 1000)
    assert [(row.item, row.period) for row in first.allocated] == [("LJ", "2026-05"), ("LJ", "2026-05")]
    receipts.void(office.manager, first.receipt, "按合同先还最早的")
    office.set(allocation_order="oldest_first")
    # May's two fall due on one day: in proportion to what they come to, each with its late fee first.
    again = office.pay("3-1-0101", 26000)
    assert {(row.item, row.period) for row in again.allocated} == {("WY", "2026-05"), ("LJ", "2026-05")}
    assert office.sql("SELECT item_id, open FROM open_charge WHERE due_date < '2026-06-15' AND open > 0") != []
    _ok(office)


def test_the_office_may_agree_on_the_principal_first(office: Office) -> None:
    """What is paid off bears no more; the late fee that it bore stays open, posted on that day."""
    office.with_houses(("3-1-0101",)).with_item("WY", late_rate=50_000)
    office.bill("2026-05", "2026-05-01")
    office.set(within_debt_order="principal_first")
    # May fell due on 1 June (31 May is a Sunday): 35 days of 0.0005 of 209.62 are 3.67.
    part = office.pay("3-1-0101", 10_000)
    assert [(row.part, row.amount_fen) for row in part.allocated] == [("principal", 10_000)]
    assert _owed(office) == 10_962
    paid = office.pay("3-1-0101", 11_000)
    assert [(row.part, row.amount_fen) for row in paid.allocated] == [("principal", 10_962), ("late_fee", 38)]
    assert _owed(office) == 367 - 38
    house = counter.call_up(office.manager, "3-1-0101")
    assert [(line.late_only, line.late_fee_fen) for line in house.lines] == [(True, 329)]
    _ok(office)
    agrees(office.manager, office.folder / "out" / "l.beancount")
    # A receipt taken back opens the principal; the late fee that stands is not asked for twice.
    receipts.void(office.manager, paid.receipt, "录错")
    assert _owed(office) == 10_962 + 329
    assert counter.call_up(office.manager, "3-1-0101").late_fee_fen == 38
    assert office.pay("3-1-0101", 10_962 + 367).prepaid_fen == 0
    assert _owed(office) == 0
    _ok(office)


def test_what_is_named_for_a_month_is_one_sum(billed: Office) -> None:
    billed.with_item("KA", "once", "20", houses="listed")
    for _ in range(2):
        one_off.post(billed.manager, "3-1-0101", "KA")
    wishes = [Wish("KA", "2026-07", 1000), Wish("WY", "2026-07")]
    done = payments.take(billed.manager, "3-1-0101", 3000, wishes=wishes)
    assert [(row.item, row.amount_fen) for row in done.allocated] == [("KA", 1000), ("WY", 2000)]
    done = payments.take(billed.manager, "3-1-0101", 3500, wishes=[Wish("KA", "2026-07", 3500)])
    assert [(row.item, row.amount_fen) for row in done.allocated] == [("KA", 1000), ("KA", 2000), ("WY", 500)]
    _ok(billed)


def test_from_the_terminal(billed: Office) -> None:
    _with_deposit(billed)
    status, said = billed.command("adjust", "3-1-0101", "--for", "WY:2026-07=20", "--reason", "电梯停运")
    assert (status, said["amount_fen"], said["adjusted"][0]["part"]) == (0, -2000, "principal")
    assert billed.command("adjust", "3-1-0101", "--for", "WY:2026-07=20")[1]["error"]["code"] == "reason_needed"
    status, said = billed.command("deposit", "take", "3-1-0101", "ZX", "500")
    assert (status, said["amount_fen"], said["receipt"]) == (0, 50_000, "S2026-00000001")
    assert billed.command("deposit", "list")[1]["total_fen"] == 50_000
    status, said = billed.command(
        "deposit", "return", "3-1-0101", "S2026-00000001", "--deduct", "WX=80:修墙面", "--reason", "验收"
    )
    assert (status, said["deducted_fen"], said["returned_fen"]) == (0, 8000, 42_000)
    assert billed.command("charge", "add", "3-1-0101", "WX")[1]["amount_fen"] == 5000
    billed.command("pay", "3-1-0101", "300")
    status, said = billed.command("refund", "3-1-0101", "10", "--reason", "多交")
    assert (status, said["amount_fen"], said["prepaid_fen"]) == (0, 1000, 30_000 - 18_962 - 5000 - 1000)
    billed.command("pay", "3-1-0102", "50")
    status, said = billed.command("receipt", "rebook", "S2026-00000003", "--method", "bank", "--reason", "方式录错")
    assert (status, said["rebooked"], said["method"]) == (0, "S2026-00000004", "bank")
    assert billed.command("verify")[1]["ok"] is True
