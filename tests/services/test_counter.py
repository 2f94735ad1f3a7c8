"""The counter: debts are paid in the order of the law, the rest is prepaid, a mistake is met by its opposite."""

from __future__ import annotations

import pytest

from app.domain import anchor
from app.services import approvals, counter, payments, printing, receipts, residents, statements, verification
from app.services.entrance import approver
from app.services.person_form import PersonForm
from app.services.purse import Wish
from app.services.receipts import ReceiptUndone
from app.services.refused import NotAllowed, Refused
from app.services.two_persons import Waiting
from tests.builders import PASSWORD, Office
from tests.reports.making import pages

LINE = 20962


def _ok(office: Office) -> None:
    report = verification.verify(office.manager)
    assert report.ok, [check for check in report.checks if not check.ok]


@pytest.fixture
def billed(office: Office) -> Office:
    """One house that owes May (overdue, with a late fee), June and July."""
    office.with_houses(("3-1-0101",)).with_item(late_rate=50_000)
    for month in ("2026-05", "2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    return office


def test_money_goes_to_the_oldest_debt_with_its_late_fee_first(billed: Office) -> None:
    paid = billed.pay("3-1-101", 30000)
    assert [(row.period, row.part, row.amount_fen) for row in paid.allocated] == [
        ("2026-05", "late_fee", 367), ("2026-05", "principal", LINE),
        ("2026-06", "late_fee", 63), ("2026-06", "principal", 30000 - 367 - LINE - 63),
    ]  # fmt: skip
    assert (paid.receipt, paid.prepaid_fen) == ("S2026-00000001", 0)
    _ok(billed)


def test_a_house_is_found_by_the_initials_of_who_lives_there(billed: Office) -> None:
    residents.register(billed.manager, "3-1-0101", "tenant", PersonForm("欧阳小明", "13900000066"))
    for typed in ("oyxm", "OYX", "欧阳"):
        assert [hit.house for hit in counter.find(billed.manager, typed)] == ["3-1-0101"]
    assert counter.find(billed.manager, "xm") == ()


def test_more_than_owed_is_prepaid(billed: Office) -> None:
    paid = billed.pay("3-1-101", 100000)
    assert paid.prepaid_fen == 100000 - 3 * LINE - 367 - 63
    assert statements.statement(billed.manager, "3-1-101").owed_fen == 0
    _ok(billed)


def test_the_payer_designates(billed: Office) -> None:
    wishes = (Wish("WY", "2026-07", 5000), Wish("WY", "2026-06"))
    paid = billed.pay("3-1-101", 26000, wishes=wishes)
    assert [(row.period, row.part, row.amount_fen) for row in paid.allocated] == [
        ("2026-07", "principal", 5000), ("2026-06", "late_fee", 63), ("2026-06", "principal", 26000 - 5000 - 63),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        billed.pay("3-1-101", 100, wishes=(Wish("WY", "2025-01"),))
    assert refused.value.problem.code == "unknown_debt"


def test_the_late_fee_quoted_next_is_the_formula_less_what_is_posted(billed: Office) -> None:
    billed.pay("3-1-101", 367)
    assert statements.statement(billed.manager, "3-1-101").late_fee_fen == 63
    billed.clock.move(days=10)
    assert statements.statement(billed.manager, "3-1-101").late_fee_fen == 472 - 367 + 168


@pytest.mark.parametrize(
    ("fen", "more", "code"),
    [
        (0, {}, "amount_not_positive"),
        (-100, {}, "amount_not_positive"),
        (100, {"method": "shells"}, "unknown_method"),
        (10**12, {}, "amount_too_large"),
    ],
)
def test_what_is_no_payment_is_refused(billed: Office, fen: int, more: dict[str, str], code: str) -> None:
    before = billed.sql("SELECT count(*) FROM payment")
    with pytest.raises(Refused) as refused:
        billed.pay("3-1-101", fen, **more)
    assert refused.value.problem.code == code
    assert billed.sql("SELECT count(*) FROM payment") == before


def test_the_same_key_is_answered_once(billed: Office) -> None:
    with billed.manager.once("form 1"):
        first = billed.pay("3-1-101", 1000)
    with billed.manager.once("form 1"):
        assert billed.pay("3-1-101", 1000) == first
    with billed.manager.once("form 1"), pytest.raises(Refused) as refused:
        billed.pay("3-1-101", 2000)
    assert refused.value.problem.code == "key_reused"
    assert billed.sql("SELECT count(*) FROM payment") == [(1,)]


def test_a_void_keeps_the_number_and_opens_the_charges_again(billed: Office) -> None:
    paid = billed.pay("3-1-101", 100000)
    undone = receipts.void(billed.manager, paid.receipt, "金额录错")
    assert undone == ReceiptUndone(paid.receipt, paid.receipt, -100000)
    account = statements.statement(billed.manager, "3-1-101")
    assert (account.owed_fen, account.prepaid_fen, account.late_fee_fen) == (3 * LINE, 0, 367 + 63)
    assert billed.sql("SELECT sole FROM audit WHERE action = 'receipt.voided'") == [(1,)]
    with pytest.raises(Refused, match="已经作废"):
        receipts.void(billed.manager, paid.receipt, "再来一次")
    _ok(billed)


def test_a_reversal_takes_the_next_number_and_undoes_set_offs(billed: Office) -> None:
    paid = billed.pay("3-1-101", 3 * LINE + 430 + 500)
    billed.clock.to("2026-08-03")
    billed.bill("2026-08", "2026-08-01")
    assert billed.sql("SELECT sum(amount) FROM allocation WHERE kind = 'set_off'") == [(500,)]
    with pytest.raises(Refused) as refused:
        receipts.void(billed.manager, paid.receipt, "昨天的")
    assert refused.value.problem.code == "not_today"
    undone = receipts.reverse(billed.manager, paid.receipt, "退票")
    assert undone == ReceiptUndone(paid.receipt, "S2026-00000002", -(3 * LINE + 930))
    account = statements.statement(billed.manager, "3-1-101")
    assert (account.owed_fen, account.prepaid_fen) == (4 * LINE, 0)
    assert sum(entry.amount_fen for entry in account.entries) == 4 * LINE
    _ok(billed)


def test_two_persons_for_a_void(billed: Office) -> None:
    billed.with_staff("李收费", "赵财务", "钱客服")
    paid = payments.take(billed.seat("李收费"), "3-1-101", 1000)
    asked = receipts.void(billed.seat("李收费"), paid.receipt, "金额录错")
    assert isinstance(asked, Waiting)
    assert billed.sql("SELECT count(*) FROM payment") == [(1,)]
    with pytest.raises(NotAllowed):
        approvals.yes(billed.seat("钱客服"), asked.request)
    (row,) = approvals.waiting(billed.seat("赵财务"))
    assert (row.request, row.act, row.by, row.reason) == (asked.request, "receipt.void", "李收费", "金额录错")
    done = approvals.yes(billed.seat("赵财务"), asked.request)
    assert (done.state, done.result) == (
        "done", {"receipt": paid.receipt, "reversal": paid.receipt, "amount_fen": -1000})  # fmt: skip
    with pytest.raises(Refused, match="已经处理过"):
        approvals.yes(billed.seat("赵财务"), asked.request)
    _ok(billed)


def test_nobody_approves_his_own_request_and_the_second_may_stand_beside(billed: Office) -> None:
    billed.with_staff("周经理", "赵财务")
    paid = billed.pay("3-1-101", 1000)
    asked = receipts.reverse(billed.manager, paid.receipt, "录错户")
    assert isinstance(asked, Waiting)
    with pytest.raises(Refused) as refused:
        approvals.yes(billed.manager, asked.request)
    assert refused.value.problem.code == "own_request"
    accountant = approver(billed.manager, "赵财务", PASSWORD)
    with pytest.raises(Refused) as refused:
        receipts.reverse(billed.manager, paid.receipt, "录错户", second=accountant)
    assert refused.value.problem.code == "not_approver"
    manager = approver(billed.manager, "周经理", PASSWORD)
    assert isinstance(receipts.reverse(billed.manager, paid.receipt, "录错户", second=manager), ReceiptUndone)
    refused_one = approvals.no(billed.seat("周经理"), asked.request, "已经当场办了")
    assert refused_one.state == "refused"
    _ok(billed)


def test_every_sole_act_needs_a_reason(billed: Office) -> None:
    paid = billed.pay("3-1-101", 1000)
    with pytest.raises(Refused) as refused:
        receipts.void(billed.manager, paid.receipt, "  ")
    assert refused.value.problem.code == "reason_needed"


def test_a_space_is_paid_with_its_house(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item().with_item("CW", "flat", "150", houses="parking")
    office.with_houses(("B1-12",), kind="parking")
    with office.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE house SET bill_with = 1 WHERE id = 2")
        work.connection.exec_driver_sql("UPDATE house_payer SET party_id = 1 WHERE house_id = 2")
        work.audit("test", "house")
    done = office.bill("2026-07")
    assert (done.bills, done.lines) == (1, 2)
    paid = office.pay("3-1-101", LINE + 15000)
    assert {row.item for row in paid.allocated} == {"WY", "CW"}
    assert paid.prepaid_fen == 0
    _ok(office)


def test_a_receipt_bears_how_its_record_begins(billed: Office) -> None:
    paid = billed.pay("3-1-101", 1000)
    printing.print_receipt(billed.manager, paid.receipt, billed.folder / "out" / "r.pdf")
    seq, digest = billed.sql("SELECT id, digest FROM audit WHERE action = 'payment.taken'")[0]
    said = f"{seq}:{digest[:8].upper()}"
    assert f"校验{said}" in "".join(page.text for page in pages(billed.folder / "out" / "r.pdf"))
    assert anchor.parse(said).holds(digest)
    receipts.reverse(billed.manager, paid.receipt, "退票")
    printing.print_receipt(billed.manager, "S2026-00000002", billed.folder / "out" / "b.pdf")
    seq, digest = billed.sql("SELECT id, digest FROM audit WHERE action = 'receipt.reversed'")[0]
    assert f"校验{seq}:{digest[:8].upper()}" in "".join(page.text for page in pages(billed.folder / "out" / "b.pdf"))
