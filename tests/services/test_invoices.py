"""Invoices asked for by receipt, bounced payments, and what a channel paid out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.services import (
    bill_file,
    deposits,
    invoice_list,
    invoices,
    payouts,
    printing,
    receipts,
    statements,
    verification,
)
from app.services.list_face import Query
from app.services.receipts import ReceiptUndone
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.making import pages

LINE = 20962
CODE = "91350100M000100Y43"


@pytest.fixture
def paid(office: Office) -> Office:
    """June and July of a house paid by WeChat with something over: S2026-00000001."""
    office.with_houses().with_item(vat_rate=6_000_000)
    for month in ("2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    office.pay("3-1-101", 2 * LINE + 1_000, method="wechat")
    return office


def _refused(act: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    assert refused.value.problem.code == code


def test_net_and_tax_of_what_the_receipt_settles(paid: Office) -> None:
    done = invoices.ask(paid.manager, "s2026-00000001", "样例科技有限公司", CODE.lower())
    # 419.24 / 1.06 = 395.509…; the prepaid 10.00 is invoiced when it is used.
    assert (done.number, done.net_fen, done.tax_fen, done.tax_number) == ("K2026-000001", 39_551, 2_373, CODE)
    _refused(lambda: invoices.ask(paid.manager, "S2026-00000001", "别人"), "invoice_twice")
    issued = invoices.issued(paid.manager, "K2026-000001", "25120000001")
    assert (issued.state, issued.invoice, issued.issued_on) == ("issued", "25120000001", date(2026, 7, 6))
    _refused(lambda: invoices.issued(paid.manager, "K2026-000001", "2"), "invoice_state")
    (row,) = invoice_list.rows(paid.manager, invoice_list.keys(paid.manager, Query())).values()
    assert (row.state, row.net, row.tax, row.house) == ("issued", 39_551, 2_373, "3-1-0101")


def test_a_receipt_taken_back_calls_for_somebody(paid: Office) -> None:
    invoices.ask(paid.manager, "S2026-00000001", "样例科技有限公司")
    receipts.void(paid.manager, "S2026-00000001", "录错")
    (row,) = invoice_list.rows(
        paid.manager, invoice_list.keys(paid.manager, Query(filters=(("undone", "1"),)))
    ).values()
    assert row.state == "undone"
    _refused(lambda: invoices.drop(paid.manager, "K2026-000001", " "), "reason_needed")
    assert invoices.drop(paid.manager, "K2026-000001", "收据作废").state == "dropped"
    _refused(lambda: invoices.drop(paid.manager, "K2026-000001", "再"), "invoice_state")
    _refused(lambda: invoices.ask(paid.manager, "S2026-00000001", "样例"), "invoice_undone")


def test_what_is_no_request_is_refused(paid: Office) -> None:
    paid.with_item("YJ", "deposit", "500", houses="listed")
    held = deposits.take(paid.manager, "3-1-101", "YJ").receipt
    for receipt, title, tax, code in (
        (held, "样例", "", "invoice_nothing"),
        ("S2026-00000001", " ", "", "invoice_title"),
        ("S2026-00000001", "样例", "91350100M000100Y44", "invoice_tax_number"),
        ("S2026-00000009", "样例", "", "unknown_receipt"),
    ):
        _refused(lambda receipt=receipt, title=title, tax=tax: invoices.ask(paid.manager, receipt, title, tax), code)
    assert paid.sql("SELECT count(*) FROM invoice_request") == [(0,)]


def test_a_payment_that_bounced_is_open_again_from_the_banks_day(paid: Office, tmp_path: Path) -> None:
    paid.clock.to("2026-07-20")
    _refused(lambda: receipts.reverse(paid.manager, "S2026-00000001", "退票", date(2026, 7, 5)), "returned_day")
    _refused(lambda: receipts.reverse(paid.manager, "S2026-00000001", "退票", date(2026, 7, 21)), "returned_day")
    done = receipts.reverse(paid.manager, "S2026-00000001", "账户余额不足", date(2026, 7, 15))
    assert isinstance(done, ReceiptUndone)
    assert statements.statement(paid.manager, "3-1-101", None, date(2026, 7, 14)).owed_fen == 0
    assert statements.statement(paid.manager, "3-1-101", None, date(2026, 7, 15)).owed_fen == 2 * LINE
    file = printing.print_receipt(paid.manager, done.reversal, tmp_path / "r.pdf").file
    assert "2026-07-15退票：账户余额不足" in "".join(page.text for page in pages(file)).replace(" ", "")
    cash = paid.pay("3-1-102", LINE).receipt
    _refused(lambda: receipts.reverse(paid.manager, cash, "退票", date(2026, 7, 20)), "returned_cash")
    assert verification.verify(paid.manager).ok


def test_what_was_set_off_since_bounds_the_banks_day(paid: Office) -> None:
    paid.clock.to("2026-08-03")
    paid.bill("2026-08", "2026-08-01")
    _refused(lambda: receipts.reverse(paid.manager, "S2026-00000001", "退票", date(2026, 7, 15)), "returned_used")


def test_what_a_channel_kept_stands_beside_the_payment(paid: Office) -> None:
    assert bill_file.receipt(paid.manager, "S2026-00000001").settled == ""
    paid.clock.to("2026-07-08")
    payouts.note(paid.manager, "S2026-00000001", date(2026, 7, 7), 252)
    done = payouts.note(paid.manager, "S2026-00000001", date(2026, 7, 8), 253)
    assert (done.amount_fen, done.fee_fen) == (2 * LINE + 1_000, 253)
    shown = bill_file.receipt(paid.manager, "S2026-00000001")
    assert (shown.amount, shown.settled) == (2 * LINE + 1_000, "2026-07-08 到账，手续费 2.53")
    cash = paid.pay("3-1-102", LINE).receipt
    _refused(lambda: payouts.note(paid.manager, cash), "settled_cash")
    _refused(lambda: payouts.note(paid.manager, "S2026-00000001", date(2026, 7, 1)), "settled_day")
    _refused(lambda: payouts.note(paid.manager, "S2026-00000001", None, 10**9), "settled_fee")


def test_from_the_terminal(paid: Office) -> None:
    status, said = paid.command("invoice", "ask", "S2026-00000001", "--title", "样例科技有限公司")
    assert (status, said["request"], said["amount_fen"]) == (0, "K2026-000001", 2 * LINE)
    assert paid.command("invoice", "list", "--open")[1]["requests"][0]["title"] == "样例科技有限公司"
    assert paid.command("invoice", "issued", "K2026-000001", "--invoice", "2512")[0] == 0
    assert paid.command("invoice", "list", "--open")[1]["requests"] == []
    assert paid.command("invoice", "drop", "K2026-000001", "--reason", "红冲")[1]["state"] == "dropped"
    assert paid.command("receipt", "settle", "S2026-00000001", "--fee", "2.50")[1]["fee_fen"] == 250
    assert paid.command("receipt", "reverse", "S2026-00000001", "--returned", "2026-07-06", "--reason", "退票")[0] == 0
