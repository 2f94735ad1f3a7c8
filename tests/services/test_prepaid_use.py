"""预存抵扣 at the counter: prepaid goes to what is owed without a receipt, the books agree, its slip says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.fee_rule import SetOff
from app.services import counter, one_off, prepaid_use, receipts, statements, verification
from app.services.purse import Wish
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.making import pages


@pytest.fixture
def holding(office: Office) -> Office:
    """A house with 100.00 prepaid and two one-off charges of 60.00 and 20.00."""
    office.with_houses().with_item("KA", "once", "20", houses="listed", name="门禁卡")
    office.with_item("MJ", "once", "60", houses="listed", name="开锁")
    office.pay("3-1-101", 10_000)
    one_off.post(office.manager, "3-1-101", "MJ")
    one_off.post(office.manager, "3-1-101", "KA")
    return office


def _refused(act: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    assert refused.value.problem.code == code


def test_as_much_as_is_owed(holding: Office, tmp_path: Path) -> None:
    done = prepaid_use.put(holding.manager, "3-1-101", None, (), tmp_path / "s.pdf")
    assert (done.amount_fen, done.prepaid_fen) == (8_000, 2_000)
    assert statements.statement(holding.manager, "3-1-101").owed_fen == 0
    assert counter.call_up(holding.manager, "3-1-101").prepaid_fen == 2_000
    assert holding.sql("SELECT count(*) FROM receipt") == [(1,)]
    text = "".join(page.text for page in pages(tmp_path / "s.pdf")).replace(" ", "")
    for words in ("预存抵扣单", "开锁", "门禁卡", "¥80.00", "本单不是收据"):
        assert words in text
    assert "收款收据" not in text
    _refused(lambda: prepaid_use.put(holding.manager, "3-1-101"), "nothing_owed")
    assert verification.verify(holding.manager).ok


def test_what_is_designated_and_only_so_much(holding: Office) -> None:
    _refused(lambda: prepaid_use.put(holding.manager, "3-1-101", 8_001), "prepaid_too_much")
    wish = Wish("KA", "2026-07", 1_500)
    done = prepaid_use.put(holding.manager, "3-1-101", None, (wish,))
    assert [(item, fen) for item, _, fen in done.lines] == [("门禁卡", 1_500)]
    _refused(lambda: prepaid_use.put(holding.manager, "3-1-101", None, (Wish("KA", "2026-01"),)), "unknown_debt")
    _refused(lambda: prepaid_use.put(holding.manager, "3-1-102"), "no_prepaid")


def test_the_receipt_behind_it_takes_it_back(holding: Office) -> None:
    prepaid_use.put(holding.manager, "3-1-101")
    receipts.void(holding.manager, "S2026-00000001", "录错")
    assert statements.statement(holding.manager, "3-1-101").owed_fen == 8_000
    assert counter.call_up(holding.manager, "3-1-101").prepaid_fen == 0
    assert verification.verify(holding.manager).ok


def test_from_the_terminal_once_a_key(holding: Office) -> None:
    first = holding.command("prepaid", "use", "3-1-101", "50", "--key", "k")
    assert first == holding.command("prepaid", "use", "3-1-101", "50", "--key", "k")
    assert (first[0], first[1]["amount_fen"], first[1]["prepaid_fen"]) == (0, 5_000, 5_000)


def test_an_item_may_say_that_prepaid_does_not_settle_it(office: Office) -> None:
    office.with_houses().with_item(name="物业费").with_item("DF", "flat", "30", name="代收电费", set_off=SetOff.BARRED)
    office.pay("3-1-101", 50_000)
    office.bill("2026-07")
    left = {line.item: line.amount_fen for line in counter.call_up(office.manager, "3-1-101").lines}
    assert left == {"DF": 3_000}
    _refused(lambda: prepaid_use.put(office.manager, "3-1-101"), "nothing_owed")
    _refused(lambda: prepaid_use.put(office.manager, "3-1-101", None, (Wish("DF", "2026-07"),)), "no_set_off")
    status, said = office.command("fee", "change", "DF", "--from", "2026-08-01", "--set-off", "allowed",
                                  "--reason", "合同改了")  # fmt: skip
    assert (status, said["changed"]) == (0, ["预存抵扣"])
    assert {row["item"]: row["set_off"] for row in office.command("fee", "list")[1]["items"]}["DF"] == "barred"
    office.clock.to("2026-08-01")
    assert prepaid_use.put(office.manager, "3-1-101").lines == (("代收电费", "2026-07", 3_000),)
    office.bill("2026-08", "2026-08-01")
    assert statements.statement(office.manager, "3-1-101").owed_fen == 0
    assert verification.verify(office.manager).ok
