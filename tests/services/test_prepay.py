"""Paying ahead: twelve months and one free, in one act with one receipt; the runs then find them posted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.prepay import free_of, parse_offers, refund_on_early_end
from app.domain.problem import Problem
from app.services import (
    billing,
    counter,
    deposits,
    discounts,
    entrance,
    ledger_file,
    prepay,
    prepay_ending,
    printing,
    receipts,
    statements,
    verification,
)
from app.services.refused import Refused
from tests.builders import PASSWORD, Office, command
from tests.outside import agrees
from tests.reports.making import pages


@pytest.fixture
def billed(office: Office) -> Office:
    office.with_houses().with_item().bill("2026-07")
    return office


def test_twelve_and_one(billed: Office) -> None:
    ahead = prepay.rehearse(billed.manager, "3-1-101", "WY", 12, 1)
    assert (ahead.payable_fen, ahead.waived_fen, ahead.agreed, ahead.warning) == (12 * 20962, 20962, True, "")
    done = prepay.take(billed.manager, "3-1-101", "WY", 12, 1, "wechat")
    assert (done.receipt, done.amount_fen, done.waived_fen) == ("S2026-00000001", 251544, 20962)
    assert (done.first, done.last, done.periods) == (date(2026, 8, 1), date(2027, 8, 31), 13)
    assert billed.sql("SELECT count(*), sum(amount) FROM adjustment WHERE kind = 'prepay_gift'") == [(1, -20962)]
    assert statements.statement(billed.manager, "3-1-101").owed_fen == 20962
    # The next runs bill only the neighbour, and go on after the last day that is covered.
    assert [line.house_id for line in billing.plan(billed.manager, "2026-08").lines] == [2]
    billed.clock.to("2027-09-01")
    plan = billing.plan(billed.manager, "2027-09")
    assert [line.house_id for line in plan.lines] == [1]
    agrees(billed.manager, billed.folder / "out" / "l.beancount")
    assert ledger_file.export(billed.manager, billed.folder / "out" / "m.beancount").transactions


def test_the_receipt_names_the_free_months_and_the_channel_knows_its_number(billed: Office) -> None:
    done = prepay.take(billed.manager, "3-1-101", "WY", 12, 1, "wechat", None, "4200001234")
    printed = printing.print_receipt(billed.manager, done.receipt, billed.folder / "out" / "r.pdf")
    text = pages(printed.file)[0].text
    assert "（赠送）" in text
    assert "2027-08" in text
    assert billed.sql("SELECT reference FROM payment") == [("4200001234",)]
    with pytest.raises(Refused, match="4200001234 已经记过") as why:
        prepay.take(billed.manager, "3-1-102", "WY", 12, 1, "wechat", None, "4200001234")
    assert why.value.field == "reference"
    billed.with_item("YJ", "deposit", "2000", houses="listed")
    with pytest.raises(Refused, match="4200001234 已经记过"):
        deposits.take(billed.manager, "3-1-102", "YJ", 10000, "wechat", "4200001234")
    deposits.take(billed.manager, "3-1-102", "YJ", 10000, "wechat", "4200009999")
    assert billed.sql("SELECT reference FROM payment WHERE amount = 10000") == [("4200009999",)]


def test_who_undoes_the_receipt_takes_the_gift_back(billed: Office) -> None:
    """The free month has begun by then, and is owed like the others."""
    done = prepay.take(billed.manager, "3-1-101", "WY", 12, 1)
    billed.clock.to("2027-08-02")
    receipts.reverse(billed.manager, done.receipt, "退票")
    assert statements.statement(billed.manager, "3-1-101").owed_fen == 14 * 20962
    assert verification.verify(billed.manager).ok


def test_ending_early_gives_the_unused_months_back(billed: Office) -> None:
    done = prepay.take(billed.manager, "3-1-101", "WY", 12, 1)
    assert [(row.receipt, row.last) for row in prepay_ending.standing(billed.manager, "3-1-101")] == [
        (done.receipt, date(2027, 8, 31))]  # fmt: skip
    seen = prepay_ending.rehearse(billed.manager, done.receipt, "2026-11")
    assert (seen.periods, seen.back_fen, seen.gift_fen) == (10, 9 * 20962, 20962)
    assert seen.back_fen == refund_on_early_end(Fen(done.amount_fen), Fen(20962), 3)
    with pytest.raises(Refused, match="写明原因"):
        prepay_ending.end(billed.manager, done.receipt, "2026-11", " ")
    status, said = billed.command("prepaid", "end", done.receipt, "--from", "2026-11", "--reason", "搬走")
    assert (status, said["back_fen"], said["gift_fen"], said["from"]) == (0, 9 * 20962, 20962, "2026-11-01")
    assert billed.sql("SELECT prepaid FROM payer_balance WHERE prepaid > 0") == [(9 * 20962,)]
    agrees(billed.manager, billed.folder / "out" / "e.beancount")
    assert prepay_ending.standing(billed.manager, "3-1-101") == (
        prepay_ending.Standing(done.receipt, "费WY", date(2026, 10, 31)),)  # fmt: skip
    with pytest.raises(Refused) as why:
        prepay_ending.rehearse(billed.manager, done.receipt, "2026-11")
    assert why.value.problem.code == "nothing_left"
    # The month that was given back is billed again; the balance pays it, and July that was still open.
    billed.clock.to("2026-11-02")
    assert billed.bill("2026-11").lines == 1
    assert billed.sql("SELECT prepaid FROM payer_balance WHERE prepaid > 0") == [(7 * 20962,)]
    # The receipt can still be taken back: what is left of it is owed again, the months given back are not.
    receipts.reverse(billed.manager, done.receipt, "付款被退回")
    assert statements.statement(billed.manager, "3-1-101").owed_fen == (1 + 3 + 1) * 20962
    assert verification.verify(billed.manager).ok


def test_only_a_prepayment_that_stands_is_ended(billed: Office) -> None:
    paid = billed.pay("3-1-101", 100)
    with pytest.raises(Refused) as why:
        prepay_ending.end(billed.manager, paid.receipt, None, "搬走")
    assert why.value.problem.code == "not_prepaid"
    done = prepay.take(billed.manager, "3-1-102", "WY", 1, 1, reason="店庆")
    free = prepay_ending.end(billed.manager, done.receipt, "2026-09", "搬走")
    assert (free.periods, free.back_fen, free.gift_fen) == (1, 0, 20962)
    receipts.void(billed.manager, done.receipt, "录错")
    with pytest.raises(Refused) as why:
        prepay_ending.rehearse(billed.manager, done.receipt, "2026-08")
    assert why.value.problem.code == "already_undone"
    assert prepay_ending.standing(billed.manager, "3-1-102") == ()
    assert statements.statement(billed.manager, "3-1-102").owed_fen == 20962
    assert verification.verify(billed.manager).ok


def test_a_prepayment_taken_back_leaves_no_debt_for_months_that_have_not_begun(billed: Office) -> None:
    done = prepay.take(billed.manager, "3-1-101", "WY", 12, 1)
    receipts.void(billed.manager, done.receipt, "录错户")
    assert statements.statement(billed.manager, "3-1-101").owed_fen == 20962
    assert verification.verify(billed.manager).ok
    agrees(billed.manager, billed.folder / "out" / "v.beancount")
    # The months are billed as if nothing had been; a payment that bounces later leaves those that have begun.
    again = prepay.take(billed.manager, "3-1-101", "WY", 3)
    assert (again.first, again.periods) == (date(2026, 8, 1), 3)
    billed.clock.to("2026-09-02")
    receipts.reverse(billed.manager, again.receipt, "退票")
    owed = {line.period: line.open_fen for line in counter.call_up(billed.manager, "3-1-101").lines}
    assert owed == {"2026-07": 20962, "2026-08": 20962, "2026-09": 20962}
    billed.clock.to("2026-10-02")
    assert billed.bill("2026-10").lines == 1
    assert statements.statement(billed.manager, "3-1-101").owed_fen == 4 * 20962
    assert verification.verify(billed.manager).ok


def test_a_discount_counts_and_free_months_beyond_the_offer_take_two(billed: Office) -> None:
    discounts.add(billed.manager, "3-1-101", "senior", "0.5", date(2026, 8, 1), date(2026, 8, 31), "高龄")
    billed.with_staff("李收费", "周经理")
    cashier = billed.seat("李收费")
    assert prepay.rehearse(cashier, "3-1-101", "WY", 2).payable_fen == 10481 + 20962
    with pytest.raises(Refused) as why:
        prepay.take(cashier, "3-1-101", "WY", 6, 1, reason="店庆")
    assert why.value.problem.code == "second_needed"
    second = entrance.approver(cashier, "周经理", PASSWORD)
    with pytest.raises(Refused, match="写明原因"):
        prepay.take(cashier, "3-1-101", "WY", 6, 1, second=second)
    assert prepay.take(cashier, "3-1-101", "WY", 6, 1, reason="店庆", second=second).last == date(2027, 2, 28)
    billed.set(prepay_offers="3:1,12:2")
    assert prepay.rehearse(cashier, "3-1-102", "WY", 3, 1).agreed
    assert not prepay.rehearse(cashier, "3-1-102", "WY", 3, 2).agreed


def test_too_long_warns_or_is_refused(billed: Office) -> None:
    assert prepay.rehearse(billed.manager, "3-1-101", "WY", 13).warning == "预交 13 个月，超过 12 个月。"
    billed.set(prepay_over="stop")
    with pytest.raises(Refused, match="超过 12 个月"):
        prepay.take(billed.manager, "3-1-101", "WY", 13)


@pytest.mark.parametrize(
    ("code", "months", "free", "refusal"),
    [
        ("WY", 0, 0, "bad_months"),
        ("WY", 3, 4, "bad_months"),
        ("JD", 4, 0, "not_whole_periods"),
        ("SF", 12, 0, "not_ahead"),
        ("CW", 1, 0, "no_item"),
        ("NP", 1, 0, "cannot_bill_ahead"),
    ],
)
def test_what_is_refused(billed: Office, code: str, months: int, free: int, refusal: str) -> None:
    billed.with_item("JD", "flat", "30", cycle="quarter").with_item("SF", "meter", "3.5")
    billed.with_item("CW", "flat", "80", houses="listed").with_item("NP", "flat", None)
    with pytest.raises(Refused) as why:
        prepay.rehearse(billed.manager, "3-1-101", code, months, free)
    assert why.value.problem.code == refusal


def test_by_the_quarter(billed: Office) -> None:
    billed.with_item("JD", "flat", "30", cycle="quarter")
    ahead = prepay.rehearse(billed.manager, "3-1-101", "JD", 6)
    assert [(row.period, row.amount_fen) for row in ahead.rows] == [("2026-07", 9000), ("2026-10", 9000)]
    assert {row.item for row in prepay.offered(billed.manager, "3-1-101")[0]} == {"WY", "JD"}


def test_the_command(billed: Office) -> None:
    folder = billed.folder
    billed.close()
    status, said = command(folder, "prepay", "3-1-101", "WY", "--months", "12", "--free", "1", "--dry-run")
    assert (status, said["amount_fen"], len(said["periods"])) == (0, 251544, 13)
    argv = ("prepay", "3-1-101", "WY", "--months", "12", "--free", "1", "--key", "p1")
    first = command(folder, *argv)
    assert first == command(folder, *argv)
    assert (first[0], first[1]["receipt"], first[1]["to"]) == (0, "S2026-00000001", "2027-08-31")


@given(st.dictionaries(st.integers(1, 36), st.integers(0, 36), max_size=4), st.integers(0, 40))
def test_the_best_offer_that_is_reached(offers: dict[int, int], months: int) -> None:
    kept = {paid: min(free, paid) for paid, free in offers.items()}
    text = "，".join(f"{paid}：{free}" for paid, free in kept.items())
    assert parse_offers(text) == kept
    assert free_of(text, months) == max((free for paid, free in kept.items() if paid <= months), default=0)


@pytest.mark.parametrize("text", ["12", "12:x", "0:1", "3:4", "40:1", "12:1:2"])
def test_an_offer_that_is_none(text: str) -> None:
    with pytest.raises(Problem):
        parse_offers(text)
