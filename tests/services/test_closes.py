"""日结: what a cashier took is counted once, printed, and shut for him; a mistake found later is a reversal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import anchor
from app.services import closes, deposits, payments, prepay, receipts, refunds, shifts, statements, verification
from app.services.closes import CloseAnswer
from app.services.entrance import approver
from app.services.receipts import ReceiptUndone
from app.services.refused import Refused
from db.queries.closing import Entry
from reports.papers import ClosePaper
from tests.builders import PASSWORD, Office
from tests.reports.making import pages

HOUSE = "3-1-101"


def _refused(act: object, code: str) -> Refused:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    assert refused.value.problem.code == code
    return refused.value


def _pay(office: Office, login: str, fen: int, method: str = "cash", on: date | None = None) -> str:
    return payments.take(office.seat(login), HOUSE, fen, method, on).receipt


@pytest.fixture
def counter(office: Office) -> Office:
    office.with_houses().with_staff("李收费", "赵财务", "周经理")
    return office


def _close(office: Office, login: str = "李收费", **more: object) -> CloseAnswer:
    return closes.close(office.seat(login), **more)  # type: ignore[arg-type]


def test_deposits_and_free_months_are_told_apart(office: Office) -> None:
    office.with_houses().with_item().with_item("YJ", "deposit", "2000", houses="listed")
    held = deposits.take(office.manager, "3-1-101", "YJ")
    wrong = deposits.take(office.manager, "3-1-102", "YJ", 500_00)
    receipts.void(office.manager, wrong.receipt, "录错")
    deposits.give_back(office.manager, "3-1-101", held.receipt, "cash", "装修完工")
    prepay.take(office.manager, "3-1-102", "WY", 12, 1)
    office.pay("3-1-101", 5_000)
    refunds.refund(office.manager, "3-1-101", 1_000, "cash", "业主要求")
    status, said = office.command("close", "--date", "2026-07-06")
    assert status == 0
    told = ("deposits_taken_fen", "deposits_returned_fen", "prepay_gift_fen")
    assert [said[name] for name in told] == [200_000, 200_000, 20_962]
    (cash,) = said["methods"]
    assert (cash["taken_fen"], cash["voided_fen"], cash["refunded_fen"]) == (
        200_000 + 50_000 + 251_544 + 5_000, -50_000, -201_000)  # fmt: skip
    (page,) = pages(Path(said["file"]))
    assert "其中押金" in page.text
    assert "收2,000.00退2,000.00" in page.text.replace("\u3000", "")


def test_the_cash_is_counted_by_denomination(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_item()
    office.bill("2026-07", "2026-07-01")
    office.pay("3-1-101", 20_960)
    with pytest.raises(Refused) as refused:
        closes.close(office.manager, counted=20_000, pieces=((10_000, 2), (100, 9)))
    assert refused.value.problem.code == "pieces_differ"
    status, said = office.command(
        "close", "--count", "100=2", "--count", "1=9", "--count", "0.5=1", "--count", "0.1=1",
        "--out", str(tmp_path / "j.pdf"),
    )  # fmt: skip
    assert (status, said["counted_fen"], said["difference_fen"]) == (0, 20_960, 0)
    assert said["pieces"][0] == {"title": "100 元", "count": 2, "amount_fen": 20_000}
    text = "".join(page.text for page in pages(tmp_path / "j.pdf")).replace(" ", "")
    assert "券别：100元×2=200.00" in text


def test_a_day_by_method_with_its_void_and_reversal(counter: Office) -> None:
    old = _pay(counter, "李收费", 7_000)
    _close(counter, counted=7_000)
    counter.clock.to("2026-07-07")
    shifts.begin(counter.seat("李收费"), 50_000)
    wrong = _pay(counter, "李收费", 10_000)
    _pay(counter, "李收费", 23_670, "wechat")
    _pay(counter, "李收费", 5_000)
    second = approver(counter.seat("李收费"), "赵财务", PASSWORD)
    receipts.void(counter.seat("李收费"), wrong, "金额录错", second=second)
    manager = approver(counter.seat("李收费"), "周经理", PASSWORD)
    back = receipts.reverse(counter.seat("李收费"), old, "退票", second=manager)
    assert isinstance(back, ReceiptUndone)
    done = _close(counter, counted=50_000 + 5_000 - 7_000)
    paper = done.paper
    assert (done.number, done.difference_fen) == ("J2026-000002", 0)
    assert [(m.method, m.receipts, m.taken, m.voids, m.voided, m.reversed, m.net) for m in paper.methods] == [
        ("cash", 2, 15_000, 1, -10_000, -7_000, -2_000), ("wechat", 1, 23_670, 0, 0, 0, 23_670),
    ]  # fmt: skip
    assert (paper.float_fen, paper.booked, paper.shift_since) == (50_000, 48_000, "2026-07-07 09:00")
    assert (paper.first_receipt, paper.last_receipt, paper.receipts) == ("S2026-00000002", "S2026-00000005", 4)
    assert paper.voids == (wrong,)
    assert paper.reversals == (f"{back.reversal}（红冲 {old}）",)
    assert paper.next_receipt == "S2026-00000006"
    assert [(c.name, c.receipts, c.net, c.closed) for c in paper.cashiers] == [("李收费", 3, 21_670, True)]
    assert counter.sql("SELECT count(*) FROM shift WHERE closed_by IS NULL") == [(0,)]
    assert verification.verify(counter.manager).ok


def test_a_void_by_another_counts_for_whose_receipt_it_is(counter: Office) -> None:
    number = _pay(counter, "李收费", 10_000)
    _pay(counter, "赵财务", 4_000)
    second = approver(counter.seat("赵财务"), "周经理", PASSWORD)
    receipts.void(counter.seat("赵财务"), number, "录错户", second=second)
    theirs = _close(counter, "赵财务").paper
    assert [(m.taken, m.voided) for m in theirs.methods] == [(4_000, 0)]
    assert [(c.name, c.net, c.closed) for c in theirs.cashiers] == [("李收费", 0, False), ("赵财务", 4_000, True)]
    mine = _close(counter).paper
    assert [(m.taken, m.voided, m.net) for m in mine.methods] == [(10_000, -10_000, 0)]
    assert [(c.name, c.closed) for c in mine.cashiers] == [("李收费", True), ("赵财务", True)]
    assert mine.voids == (number,)


def test_after_the_close_the_day_is_shut_for_him_and_no_one_voids_it(counter: Office) -> None:
    number = _pay(counter, "李收费", 10_000)
    asked = receipts.void(counter.seat("李收费"), number, "录错")
    _close(counter)
    refused = _refused(lambda: _pay(counter, "李收费", 100), "day_closed")
    assert "红冲" in (refused.problem.hint or "")
    _refused(lambda: _pay(counter, "李收费", 100, on=date(2026, 7, 5)), "day_closed")
    _refused(lambda: shifts.begin(counter.seat("李收费")), "day_closed")
    for login in ("李收费", "赵财务"):
        seat = counter.seat(login)
        refused = _refused(lambda seat=seat: receipts.void(seat, number, "录错"), "day_closed")
        assert "请改用红冲" in (refused.problem.hint or "")
    from app.services import approvals

    _refused(lambda: approvals.yes(counter.seat("赵财务"), asked.request), "day_closed")
    assert _pay(counter, "赵财务", 100)
    counter.clock.to("2026-07-07")
    assert _pay(counter, "李收费", 200)
    _refused(lambda: _pay(counter, "李收费", 200, on=date(2026, 7, 6)), "day_closed")
    manager = approver(counter.seat("李收费"), "周经理", PASSWORD)
    assert isinstance(receipts.reverse(counter.seat("李收费"), number, "录错", second=manager), ReceiptUndone)
    assert verification.verify(counter.manager).ok


def test_what_cannot_be_closed(counter: Office) -> None:
    _refused(lambda: _close(counter), "nothing_to_close")
    _refused(lambda: _close(counter, day=date(2026, 7, 7)), "future_day")
    _pay(counter, "李收费", 10_000)
    _refused(lambda: _close(counter, day=date(2026, 7, 5)), "nothing_to_close")
    _refused(lambda: _close(counter, counted=-1), "bad_cash")
    refused = _refused(lambda: _close(counter, counted=9_000), "reason_needed")
    assert "相差 −10.00 元" in refused.problem.text
    _close(counter, counted=9_000, reason="找零找错")
    _refused(lambda: _close(counter), "already_closed")
    _refused(lambda: _close(counter, day=date(2026, 7, 1)), "already_closed")
    assert counter.sql("SELECT number, booked, counted, reason FROM daily_close") == [
        ("J2026-000001", 10_000, 9_000, "找零找错")
    ]
    assert counter.sql("SELECT first, \"next\" FROM number_series WHERE series = 'close:2026'") == [(1, 2)]


def test_days_left_open_are_closed_together(counter: Office) -> None:
    _pay(counter, "李收费", 1_000)
    counter.clock.to("2026-07-08")
    _pay(counter, "李收费", 2_000)
    done = _close(counter, day=date(2026, 7, 7))
    assert (done.paper.first_day, done.paper.booked) == ("2026-07-06", 1_000)
    assert _close(counter).paper.booked == 2_000


def test_a_shift_without_an_entry_is_closed_and_a_shift_begins_once(counter: Office) -> None:
    begun = shifts.begin(counter.seat("李收费"), 20_000)
    assert (begun.user, begun.float_fen, begun.since) == ("李收费", 20_000, "2026-07-06 09:00")
    _refused(lambda: shifts.begin(counter.seat("李收费")), "shift_open")
    _refused(lambda: shifts.begin(counter.seat("赵财务"), -1), "bad_float")
    assert shifts.listing(counter.manager).opened == (begun,)
    paper = _close(counter).paper
    assert (paper.booked, paper.counted, paper.receipts, paper.first_receipt) == (20_000, None, 0, "")
    found = shifts.listing(counter.manager)
    assert (found.opened, [row.number for row in found.closes]) == ((), ["J2026-000001"])


def test_single_handed_acts_are_counted_once(office: Office) -> None:
    office.with_houses()
    number = office.pay(HOUSE, 1_000).receipt
    receipts.void(office.manager, number, "录错")
    assert "作废收据 1 次" in closes.close(office.manager).paper.sole
    office.clock.to("2026-07-07")
    office.pay(HOUSE, 1_000)
    assert closes.close(office.manager).paper.sole == ()


def test_the_opening_is_no_cash(office: Office) -> None:
    office.with_houses()
    with office.manager.transaction(write=True) as work:
        from db.models.ledger import Payment

        for kind in ("opening", "opening_deposit"):
            work.append(Payment, "2026-06-30", [(1, 1, 5_000, "opening", kind, work.user_id, None)])
        work.audit("test", "payment")
    _refused(lambda: closes.close(office.manager), "nothing_to_close")


def test_the_head_on_the_paper_holds_and_the_paper_is_kept(counter: Office) -> None:
    _pay(counter, "李收费", 10_000)
    done = _close(counter)
    stored = counter.sql(f"SELECT digest FROM audit WHERE id = {done.head.seq}")[0][0]
    assert stored == done.head.digest
    assert anchor.parse(done.paper.head).holds(stored)
    text = "".join(page.text for page in pages(done.file))
    assert all(said.replace(" ", "") in text for said in (done.number, done.paper.head, "李收费", "未清点"))
    again = closes.print_again(counter.seat("赵财务"), done.number.lower(), done.file.with_name("again.pdf"))
    assert again.copy == 2
    assert "补打1" in "".join(page.text for page in pages(again.file))
    _refused(lambda: closes.print_again(counter.seat("赵财务"), "J2026-000009"), "unknown_close")
    body = counter.sql("SELECT count(*) FROM document WHERE kind = 'daily_close'")
    assert body == [(1,)]


def test_the_commands(counter: Office, tmp_path: Path) -> None:
    assert counter.command("shift", "open", "--float", "500", user="李收费")[1]["float_fen"] == 50_000
    counter.command("pay", HOUSE, "100", user="李收费")
    status, said = counter.command("close", "--cash", "599", user="李收费")
    assert (status, said["error"]["code"]) == (3, "reason_needed")
    target = tmp_path / "day.pdf"
    arguments = ("close", "--cash", "600", "--out", str(target), "--key", "k1")
    status, said = counter.command(*arguments, user="李收费")
    assert status == 0
    assert target.exists()
    assert (said["number"], said["on"], said["booked_cash_fen"], said["difference_fen"]) == (
        "J2026-000001", "2026-07-06", 60_000, 0)  # fmt: skip
    assert said["receipts"] == {"from": "S2026-00000001", "to": "S2026-00000001", "count": 1}
    assert said["methods"][0]["net_fen"] == 10_000
    assert said["head"]["short"].startswith(said["head"]["digest"][:4].upper())
    assert counter.command(*arguments, user="李收费")[1] == said
    assert counter.command("close", user="李收费")[1]["error"]["code"] == "already_closed"
    assert counter.command("pay", HOUSE, "1", user="李收费")[1]["error"]["code"] == "day_closed"
    assert counter.command("shift", "sheet", "J2026-000001", user="李收费")[1]["copy"] == 2
    assert counter.command("shift", "list")[1]["closes"][0]["number"] == "J2026-000001"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["cash", "wechat", "cheque"]),
            st.sampled_from(["normal", "void", "reversal"]),
            st.integers(1, 10**9),
        ),
        max_size=30,
    ),
    st.lists(st.tuples(st.sampled_from(["cash", "bank"]), st.integers(1, 10**9)), max_size=5),
)
def test_the_methods_add_up_to_the_entries(made: list[tuple[str, str, int]], given_back: list[tuple[str, int]]) -> None:
    entries = [
        Entry(date(2026, 7, 6), fen if kind == "normal" else -fen, method, kind, None, None)
        for method, kind, fen in made
    ]
    rows = closes._methods(entries, given_back)
    assert sum(row.net for row in rows) == sum(e.amount for e in entries) - sum(fen for _, fen in given_back)
    assert sum(row.receipts + row.voids + row.reversals for row in rows) == len(entries)
    assert len({row.method for row in rows}) == len(rows)


def test_the_papers_dataclass_survives_its_keeping(counter: Office) -> None:
    _pay(counter, "李收费", 10_000)
    paper = _close(counter, counted=10_000).paper
    from app.services.answers import from_json, to_json

    assert from_json(ClosePaper, to_json(paper)) == replace(paper)


def test_a_set_off_never_stands_on_a_closed_day(office: Office) -> None:
    """A reversal opens an old charge beside older prepaid: the next run sets it off today, not on the closed day."""
    office.with_houses(("3-1-0101",)).with_item()
    office.bill("2026-07", "2026-07-01")
    first = office.pay("3-1-101", 20_962).receipt
    office.pay("3-1-101", 50_000)
    closes.close(office.manager)
    office.clock.to("2026-07-08")
    receipts.reverse(office.manager, first, "银行退票")
    closes.close(office.manager)
    office.clock.to("2026-08-01")
    office.bill("2026-08", "2026-08-01")
    assert statements.statement(office.manager, "3-1-101").owed_fen == 0
    assert verification.verify(office.manager).ok
    days = office.sql("SELECT DISTINCT \"on\" FROM allocation WHERE kind = 'set_off' ORDER BY 1")
    assert days == [("2026-08-01",)]
