"""Waivers, one-off charges, deposits and refunds from the counter, by their keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.services import approvals, deposits, prepay, settlement
from app.services.settlement import Wanted
from tests.builders import PASSWORD, Office
from tests.ui.hands import show
from tests.ui.windows import Desk
from ui.pages.counter import CounterPage
from ui.pages.counter_acts import UndoReceipt
from ui.pages.counter_ahead import EndPrepaid, PayAhead
from ui.pages.counter_former import PayFormer
from ui.pages.counter_more import AddCharge, GiveBack, RefundPrepaid, TakeDeposit, Waive
from ui.pages.dialog import Dialog
from ui.pages.print_preview import PrintPreviewPage
from ui.workers.runner import Runner

D = TypeVar("D", bound=Dialog)


@pytest.fixture
def billed(office: Office) -> Office:
    office.with_staff("李收费", "郑审计").with_houses().with_item(name="物业费")
    office.with_item("MJ", "once", "20", houses="listed", name="门禁卡")
    office.with_item("YJ", "deposit", "2000", houses="listed", name="装修押金")
    office.bill("2026-07")
    return office


class Counter:
    """The counter with a house in front, and the dialogs that its keys open."""

    def __init__(self, office: Office, qtbot: QtBot, runner: Runner, login: str = "李收费") -> None:
        self.bot = qtbot
        self.page = CounterPage(office.seat(login), runner)
        show(qtbot, self.page)
        self.page.refresh()
        self.page.open_with("3-1-0101")
        qtbot.waitUntil(lambda: self.page.name.words.startswith("3-1-0101") and not runner.busy)

    def opens(self, act: QAction, kind: type[D]) -> D:
        assert act.isEnabled()
        act.trigger()
        found: list[D] = []

        def there() -> bool:
            found[:] = [made for made in self.page.area.findChildren(kind) if made.isVisible()]
            return bool(found)

        self.bot.waitUntil(there)
        return found[0]

    def does(self, dialog: Dialog, **typed: str) -> str:
        for name, words in typed.items():
            dialog.form.boxes[name].put(words)
        with self.bot.waitSignal(dialog.landed) as said:
            dialog.form.submit()
        self.bot.waitUntil(lambda: not self.page.runner.busy)
        return str(said.args[0])


@pytest.fixture
def counter(billed: Office, qtbot: QtBot, runner: Runner) -> Callable[[str], Counter]:
    return lambda login: Counter(billed, qtbot, runner, login)


def test_a_waiver_waits_or_is_approved_at_once(billed: Office, counter: Callable[[str], Counter]) -> None:
    at = counter("李收费")
    dialog = at.opens(at.page.more.waiving, Waive)
    assert at.does(dialog, amount="20", reason="电梯停运").endswith("已提交，等批准。")
    assert at.page.owed.text() == "209.62"
    approvals.yes(billed.manager, approvals.waiting(billed.manager)[0].request)
    dialog = at.opens(at.page.more.waiving, Waive)
    said = at.does(dialog, amount="10", reason="电梯停运", second="王经理", password=PASSWORD)
    assert said == "3-1-0101 减免 10.00 元。"
    assert at.page.owed.text() == "179.62"


def test_what_is_too_much_stands_at_its_field(counter: Callable[[str], Counter]) -> None:
    at = counter("李收费")
    dialog = at.opens(at.page.more.waiving, Waive)
    dialog.form.boxes["amount"].put("300")
    dialog.form.boxes["reason"].put("停运")
    dialog.form.submit()
    at.bot.waitUntil(lambda: dialog.form.boxes["amount"].problem is not None)
    why = dialog.form.boxes["amount"].problem
    assert why is not None
    assert "209.62 元未交" in why.text
    assert dialog.form.typed["reason"] == "停运"


def test_a_card_is_charged_and_stands_among_the_lines(counter: Callable[[str], Counter]) -> None:
    at = counter("李收费")
    dialog = at.opens(at.page.more.charging, AddCharge)
    assert set(dialog.form.boxes) == {"item", "count"}
    assert at.does(dialog, count="2") == "3-1-0101 门禁卡 40.00 元已记账。"
    assert at.page.owed.text() == "249.62"
    assert [line.item_name for line in at.page.table.lines.ticket.lines] == ["门禁卡", "物业费"]


def test_a_deposit_comes_and_goes(billed: Office, counter: Callable[[str], Counter]) -> None:
    at = counter("李收费")
    at.page.more.returning.trigger()
    at.bot.waitUntil(lambda: "没有在手的押金" in at.page.message.said.text())
    dialog = at.opens(at.page.more.depositing, TakeDeposit)
    assert at.does(dialog, amount="1500") == "3-1-0101 装修押金 1,500.00 元，收据 S2026-00000001。"
    assert at.page.owed.text() == "209.62"
    back = at.opens(at.page.more.returning, GiveBack)
    for key, words in {"deduct": "20", "reason": "验收"}.items():
        back.form.boxes[key].put(words)
    for key, words, wanted in (("kept", "MJ", "扣款项目还没有选"), ("note", "门禁卡没交回", "扣什么还没有写")):
        back.form.submit()
        why = back.form.boxes[key].problem
        assert why is not None
        assert wanted in why.text
        back.form.boxes[key].put(words)
    said = at.does(back, kept="MJ", deduct="20", note="门禁卡没交回", reason="验收", second="王经理", password=PASSWORD)
    assert said == "3-1-0101 押金退 1,480.00 元，扣 20.00 元。"
    assert deposits.listing(billed.manager) == ()


def test_prepaid_money_goes_back(billed: Office, counter: Callable[[str], Counter]) -> None:
    billed.pay("3-1-0101", 30000)
    at = counter("李收费")
    assert not at.page.more.waiving.isEnabled()
    dialog = at.opens(at.page.more.refunding, RefundPrepaid)
    assert dialog.form.typed["amount"] == "90.38"
    said = at.does(dialog, amount="90", reason="业主要求", second="王经理", password=PASSWORD)
    assert said == "3-1-0101 退 90.00 元，预存还有 0.38 元。"


def test_who_only_reads_is_offered_nothing(counter: Callable[[str], Counter]) -> None:
    at = counter("郑审计")
    acts = at.page.more
    assert not any(
        one.isEnabled() for one in (acts.waiving, acts.charging, acts.depositing, acts.returning, acts.refunding)
    )
    assert not acts.button.isVisible()


def test_a_paper_comes_to_the_front_once_its_dialog_is_gone(billed: Office, desk: Desk) -> None:
    receipt = billed.pay("3-1-0101", 10000).receipt
    shell = desk.log_in("李收费")
    shell.go("counter")
    page = shell.page
    assert isinstance(page, CounterPage)
    page.undo.trigger()
    (dialog,) = shell.findChildren(UndoReceipt)
    dialog.form.fill({"number": receipt, "act": "print"})
    dialog.form.submit()
    desk.qtbot.waitUntil(lambda: isinstance(shell.page, PrintPreviewPage))
    assert page.message.said.text() == "收据 S2026-00000001 第一次打印，不算补打。"


def test_money_for_the_wrong_house_is_put_right(billed: Office, counter: Callable[[str], Counter]) -> None:
    wrong = billed.pay("3-1-0102", 20962).receipt
    at = counter("李收费")
    dialog = at.opens(at.page.undo, UndoReceipt)
    dialog.form.boxes["number"].put(wrong)
    dialog.form.boxes["act"].put("rebook")
    dialog.form.submit()
    at.bot.waitUntil(lambda: dialog.form.boxes["reason"].problem is not None)
    said = at.does(dialog, house="3-1-0101", reason="录错户", second="王经理", password=PASSWORD)
    assert said == "收据 S2026-00000001 已改记为 S2026-00000002：3-1-0101 现金。"
    assert at.page.owed.text() == "0.00"


def test_small_change_is_let_off_by_a_key(billed: Office, counter: Callable[[str], Counter]) -> None:
    billed.set(small_change="yuan")
    at = counter("李收费")
    at.page.cutting.trigger()
    assert "抹零 0.62 元" in at.page.message.said.text()
    assert at.page.till.figure.text() == "¥ 209.00"
    at.page.take.trigger()
    at.bot.waitUntil(lambda: "收款 209.00 元已记账" in at.page.message.said.text())
    assert billed.sql("SELECT amount FROM adjustment") == [(-62,)]


def test_months_ahead_are_paid_with_the_total_in_sight(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    counter = Counter(billed, qtbot, runner)
    dialog = counter.opens(counter.page.more.advancing, PayAhead)
    qtbot.waitUntil(lambda: dialog.live.answer is not None)
    assert dialog.live.one.text() == "应收 2,515.44 元，送 209.62 元"
    dialog.form.boxes["months"].put("3")
    dialog.form.boxes["months"].typed.emit()
    assert dialog.form.boxes["free"].text() == "0"
    qtbot.waitUntil(lambda: dialog.live.answer is not None)
    assert dialog.live.one.text() == "应收 628.86 元"
    said = counter.does(dialog, method="wechat")
    assert said == "3-1-0101 预交物业费到 2026-10-31，收 628.86 元，收据 S2026-00000001。"


def test_months_ahead_that_are_not_used_go_back(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    prepay.take(billed.manager, "3-1-101", "WY", 12, 1)
    counter = Counter(billed.with_staff("赵财务"), qtbot, runner, "赵财务")
    dialog = counter.opens(counter.page.more.ending, EndPrepaid)
    qtbot.waitUntil(lambda: dialog.live.answer is not None)
    dialog.form.boxes["month"].put("2026-10")
    dialog.form.boxes["month"].typed.emit()
    qtbot.waitUntil(lambda: dialog.live.answer is not None)
    assert dialog.live.one.text() == "物业费转回预存 2,096.20 元，收回赠送 209.62 元"
    assert counter.does(dialog, reason="搬走") == "3-1-0101 物业费转回预存 2,096.20 元，收回赠送 209.62 元。"


def test_who_sold_the_house_pays_what_he_still_owes(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    settlement.settle(billed.manager, Wanted("3-1-101", date(2026, 7, 5), follower="新业主"))
    counter = Counter(billed, qtbot, runner)
    dialog = counter.opens(counter.page.more.collecting, PayFormer)
    assert dialog.form.typed["amount"] == "27.05"
    assert counter.does(dialog, method="wechat") == "3-1-0101 旧欠收 27.05 元，收据 S2026-00000001。"


@pytest.mark.parametrize(("others", "said"), [
    ((), "没有别的人能批准作废收据、红冲收据、错收改记："), (("赵财务",), "没有别的人能批准红冲收据、错收改记："),
])  # fmt: skip
def test_a_form_says_which_acts_are_single_handed(
    office: Office, runner: Runner, qtbot: QtBot, others: tuple[str, ...], said: str
) -> None:
    if others:
        office.with_staff(*others)
    page = CounterPage(office.manager, runner)
    show(qtbot, page)
    dialog = UndoReceipt(page, "")
    qtbot.waitUntil(lambda: any(label.text().startswith(said) for label in dialog.findChildren(QLabel)))
