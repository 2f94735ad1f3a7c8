"""One receipt paid in several ways, or for several houses of one person: taken, printed, taken back, booked anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.services import (
    bill_file,
    closes,
    counter,
    ledger_file,
    printing,
    proofs,
    rebooking,
    receipt_list,
    receipts,
    statements,
    verification,
)
from app.services.listing import Query
from app.services.purse import Tender, Wish
from app.services.receipts import ReceiptUndone
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.making import pages

LINE = 20962
HOME, OTHER = "3-1-0101", "3-1-0102"


@pytest.fixture
def billed(office: Office) -> Office:
    """Two houses of one owner; each owes June and July."""
    office.with_houses((HOME, OTHER, "3-1-0103")).with_item()
    with office.manager.transaction(write=True) as work:
        (person,) = work.driver("SELECT min(id) FROM person WHERE name LIKE '业主%0101'", ()).one()
        work.driver("UPDATE party SET person_id = ? WHERE id IN (SELECT party_id FROM house_payer hp "
                    "JOIN house h ON h.id = hp.house_id WHERE h.number = ?)", (person, OTHER))  # fmt: skip
        work.audit("test.joined", "party")
    for month in ("2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    return office


def _ok(office: Office) -> None:
    report = verification.verify(office.manager)
    assert report.ok, [check for check in report.checks if not check.ok]


def _refused(act: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    assert refused.value.problem.code == code


def test_months_that_were_not_paid_do_not_read_as_paid(billed: Office, tmp_path: Path) -> None:
    billed.bill("2026-05", "2026-06-01")
    billed.pay(HOME, LINE, wishes=(Wish("WY", "2026-06"),))
    paid = billed.pay(HOME, 2 * LINE)
    lines = bill_file.receipt(billed.manager, paid.receipt).lines
    assert [(line.period, line.amount) for line in lines] == [("2026-05、2026-07", 2 * LINE)]
    # A bill names what is open from before in the same way.
    receipts.void(billed.manager, paid.receipt, "付款人弄错")
    billed.with_item("LJ", "flat", "8", name="垃圾费")
    billed.bill("2026-07", "2026-07-06")
    printing.print_bills(billed.manager, "2026-07", tmp_path / "b.pdf", refresh=True)
    text = "".join(page.text for page in pages(tmp_path / "b.pdf")).replace(" ", "")
    assert "2026-05、2026-07，共2笔" in text


def test_the_paper_says_what_was_given_and_went_back(billed: Office, tmp_path: Path) -> None:
    paid = billed.pay(HOME, 2 * LINE)
    for copy in ("a", "b"):
        file = printing.print_receipt(billed.manager, paid.receipt, tmp_path / copy, received=50_000).file
        text = "".join(page.text for page in pages(file)).replace(" ", "").replace("\u3000", "")
        assert "收到500.00找零80.76" in text
    _ok(billed)


def test_two_ways_make_one_receipt(billed: Office, tmp_path: Path) -> None:
    paid = billed.pay(HOME, 50_000, more=(Tender("wechat", 30_000, "4200001"),))
    assert (paid.receipt, paid.amount_fen, paid.prepaid_fen) == ("S2026-00000001", 50_000, 50_000 - 2 * LINE)
    assert paid.ways == (("cash", 20_000), ("wechat", 30_000))
    (row,) = receipt_list.rows(billed.manager, receipt_list.keys(billed.manager, Query())).values()
    assert (row.amount, row.method) == (50_000, "多种")
    for way in ("cash", "wechat"):
        assert len(receipt_list.keys(billed.manager, Query(filters=(("method", way),)))) == 1
    assert not receipt_list.keys(billed.manager, Query(filters=(("method", "bank"),)))
    file = printing.print_receipt(billed.manager, paid.receipt, tmp_path / "r.pdf").file
    text = "".join(page.text for page in pages(file))
    assert "现金200.00、微信300.00" in text.replace(" ", "")
    assert "500.00" in text
    assert counter.call_up(billed.manager, HOME).last_payment.amount_fen == 50_000  # type: ignore[union-attr]
    assert (
        sum(-e.amount_fen for e in statements.statement(billed.manager, HOME).entries if e.kind == "payment") == 50_000
    )
    assert proofs.issue(billed.manager, (HOME,)).total_fen == 50_000
    drawer = {method.method: (method.receipts, method.taken) for method in closes.outlook(billed.manager).methods}
    assert drawer == {"cash": (1, 20_000), "wechat": (1, 30_000)}
    assert closes.outlook(billed.manager).receipts == 1
    _ok(billed)


def test_taking_it_back_takes_back_both_ways(billed: Office) -> None:
    number = billed.pay(HOME, 50_000, more=(Tender("wechat", 30_000, "4200001"),)).receipt
    done = receipts.void(billed.manager, number, "金额录错")
    assert done == ReceiptUndone(number, number, -50_000)
    assert statements.statement(billed.manager, HOME).owed_fen == 2 * LINE
    assert counter.call_up(billed.manager, HOME).prepaid_fen == 0
    assert closes.outlook(billed.manager).booked == 0
    again = billed.pay(HOME, 50_000, more=(Tender("wechat", 30_000, "4200001"),)).receipt
    billed.clock.move(days=1)
    done = receipts.reverse(billed.manager, again, "退票")
    assert isinstance(done, ReceiptUndone)
    assert (done.reversal, done.amount_fen) == ("S2026-00000003", -50_000)
    shown = bill_file.receipt(billed.manager, done.reversal)
    assert (shown.amount, shown.method) == (-50_000, "现金 −200.00、微信 −300.00")
    _ok(billed)


def test_two_houses_of_one_owner_on_one_receipt(billed: Office, tmp_path: Path) -> None:
    paid = billed.pay(HOME, 4 * LINE + 100, also=(OTHER,), more=(Tender("pos", LINE, "8899"),))
    assert (paid.houses, paid.prepaid_fen) == ((HOME, OTHER), 100)
    for house in (HOME, OTHER):
        assert statements.statement(billed.manager, house).owed_fen == 0
    assert statements.statement(billed.manager, OTHER).entries[-1].number == paid.receipt
    file = printing.print_receipt(billed.manager, paid.receipt, tmp_path / "r.pdf").file
    text = "".join(page.text for page in pages(file))
    assert f"{HOME}、{OTHER}" in text
    assert f"费WY{OTHER}" in text.replace(" ", "")
    _ok(billed)
    answer = ledger_file.export(billed.manager, tmp_path / "l.beancount")
    assert answer.file.exists()
    done = rebooking.rebook(billed.manager, paid.receipt, None, "wechat", "方式录错")
    assert isinstance(done, rebooking.Rebooked)
    assert (done.house, done.method, done.amount_fen) == (HOME, "wechat", 4 * LINE + 100)
    for house in (HOME, OTHER):
        assert statements.statement(billed.manager, house).owed_fen == 0
    _ok(billed)


def test_moving_it_to_another_house_keeps_its_ways(billed: Office) -> None:
    number = billed.pay(HOME, 20_000, more=(Tender("wechat", 5_000, "77"),)).receipt
    done = rebooking.rebook(billed.manager, number, "3-1-103", None, "房号录错")
    assert isinstance(done, rebooking.Rebooked)
    assert (done.house, done.method, done.paid) == ("3-1-0103", "cash", "现金 150.00、微信 50.00")
    assert counter.call_up(billed.manager, "3-1-103").last_payment.method == "现金 150.00、微信 50.00"  # type: ignore[union-attr]
    _ok(billed)


def test_what_does_not_add_up_is_refused(billed: Office) -> None:
    before = billed.sql("SELECT count(*) FROM payment")
    _refused(lambda: billed.pay(HOME, 100, more=(Tender("wechat", 100),)), "ways_exceed_amount")
    _refused(lambda: billed.pay(HOME, 100, more=(Tender("wechat", -5),)), "ways_exceed_amount")
    _refused(lambda: billed.pay(HOME, 100, also=("3-1-103",)), "other_payer")
    assert billed.sql("SELECT count(*) FROM payment") == before


def test_a_channels_number_is_booked_once(billed: Office) -> None:
    first = billed.pay(HOME, 100, method="wechat", reference=" 4200001 ").receipt
    with pytest.raises(Refused) as refused:
        billed.pay(OTHER, 100, method="wechat", reference="4200001")
    assert first in refused.value.problem.text
    _refused(lambda: billed.pay(OTHER, 300, more=(Tender("pos", 100, "1"), Tender("pos", 100, "1"))), "reference_used")
    receipts.void(billed.manager, first, "房号录错")
    assert billed.pay(OTHER, 100, method="wechat", reference="4200001").receipt


def test_from_the_terminal(billed: Office) -> None:
    status, said = billed.command(
        "pay", HOME, "600", "--split", "wechat=250.50:4200009", "--also", OTHER, "--date", str(date(2026, 7, 6))
    )
    assert status == 0
    assert said["ways"] == [{"method": "cash", "amount_fen": 34_950}, {"method": "wechat", "amount_fen": 25_050}]
    assert said["houses"] == [HOME, OTHER]
    assert billed.command("pay", HOME, "600", "--split", "250")[0] == 3
