"""The cashier's day by keyboard alone: find, take, change, less than the total, void, close."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.money import yuan
from app.services import one_off
from tests.builders import PASSWORD, Office
from tests.ui.hands import press, show, type_in
from ui.forms.confirm import Confirm
from ui.forms.key_hint import KeyHint
from ui.pages.counter import CounterPage
from ui.pages.counter_acts import CloseDay, OpenShift, UndoReceipt
from ui.pages.counter_lines import brief_span
from ui.workers.runner import Runner

LINE = 20962
KEYS = {"Enter": Qt.Key.Key_Return, "Space": Qt.Key.Key_Space, "Esc": Qt.Key.Key_Escape, "Down": Qt.Key.Key_Down,
        **{f"F{n}": getattr(Qt.Key, f"Key_F{n}") for n in range(1, 13)}}  # fmt: skip


class Cashier:
    """Two hands on the keyboard."""

    def __init__(self, page: CounterPage, qtbot: QtBot) -> None:
        self.page, self.bot = page, qtbot

    def press(self, key: str, on: QWidget | None = None, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        target = on or self.page.focusWidget() or self.page
        press(target, KEYS[key], modifier)

    def type(self, words: str) -> None:
        target = self.page.focusWidget()
        assert target is not None
        type_in(target, words)

    def call_up(self, typed: str) -> None:
        self.press("F2")
        self.type(typed)
        self.press("Enter")

    def says(self, words: str) -> None:
        self.bot.waitUntil(
            lambda: words in self.page.message.said.text() and self.page.message.isVisible(), timeout=5000
        )

    def shows(self, house: str) -> None:
        self.bot.waitUntil(lambda: self.page.name.words.startswith(house), timeout=5000)


@pytest.fixture
def billed(office: Office) -> Office:
    """Two houses that owe June and July; it is 6 July."""
    office.with_staff("李收费", "赵财务").with_houses(("3-1-0101", "3-1-0102")).with_item(
        late_rate=50_000, name="物业费"
    )
    for month in ("2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    return office


@pytest.fixture
def cashier(billed: Office, runner: Runner, qtbot: QtBot) -> Cashier:
    page = CounterPage(billed.seat("李收费"), runner)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    show(qtbot, page)
    qtbot.waitUntil(lambda: page.search.hasFocus(), timeout=5000)
    return Cashier(page, qtbot)


def _payments(office: Office) -> list[tuple[Any, ...]]:
    return office.sql("SELECT house_id, amount, method, kind FROM payment ORDER BY id")


def test_cash_with_change(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("310101")
    cashier.shows("3-1-0101")
    assert cashier.page.till.figure.text() == "¥ 419.87"
    assert cashier.page.next.text() == "下一张票号 S2026-00000001"
    cashier.bot.waitUntil(lambda: cashier.page.till.received.hasFocus())
    cashier.type("500")
    assert cashier.page.till.change.text() == "80.13"
    cashier.press("Enter")
    cashier.says("收款 419.87 元已记账：S2026-00000001，找零 80.13")
    assert _payments(billed) == [(1, 41987, "cash", "normal")]
    assert cashier.page.search.hasFocus()
    assert (Path(billed.folder) / "out" / "S2026-00000001.pdf").is_file()
    assert billed.command("verify")[1]["ok"] is True


def test_less_than_the_total_is_asked_once(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("业主3-1-0102")
    cashier.shows("3-1-0102")
    cashier.type("300")
    cashier.press("Enter")
    cashier.says("收 300.00，还欠 119.87。再按 Enter 收款。")
    assert _payments(billed) == []
    assert [cashier.page.table.lines.takes(place) for place in range(2)] == [LINE + 63, 30000 - LINE - 63]
    assert cashier.page.sums.text().endswith("本次实收 300.00")
    cashier.type("1")
    assert cashier.page.sums.text().endswith("本次实收 419.87")
    cashier.page.till.received.selectAll()
    cashier.type("300")
    cashier.press("Enter")
    cashier.bot.waitUntil(lambda: cashier.page.sums.text().endswith("本次实收 300.00"))
    cashier.press("Enter")
    cashier.says("收款 300.00 元已记账")
    assert _payments(billed) == [(2, 30000, "cash", "normal")]


def test_a_house_is_called_what_the_list_of_houses_calls_it_and_no_hits_stay(cashier: Cashier) -> None:
    cashier.call_up("3-1")
    cashier.bot.waitUntil(cashier.page.hits.isVisible)
    cashier.page.search.setFocus()
    cashier.page.search.setText("3-1-0101")
    cashier.press("Enter", cashier.page.search)
    cashier.shows("3-1-0101")
    assert not cashier.page.hits.isVisible()
    assert (cashier.page.state.word, cashier.page.state.level) == ("已入住", "ok")


def test_wechat_for_what_is_ticked(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    table = cashier.page.table
    table.setFocus()
    cashier.press("Space", table)
    assert cashier.page.till.figure.text() == "¥ 209.62"
    cashier.page.till.choose(1)
    cashier.press("F12", cashier.page)
    cashier.says("收款 209.62 元已记账")
    assert _payments(billed) == [(1, LINE, "wechat", "normal")]
    assert billed.sql("SELECT c.period_from FROM allocation a JOIN charge c ON c.id = a.charge_id") == [("2026-07-01",)]


def test_an_amount_typed_in_a_row(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    model = cashier.page.table.lines
    assert not model.setData(model.index(0, 8), "999999")
    cashier.says("最多收")
    assert model.setData(model.index(0, 8), "100.00")
    assert cashier.page.till.figure.text() == "¥ 309.62"
    cashier.press("F12", cashier.page)
    cashier.says("收款 309.62 元已记账")
    assert sorted(row[0] for row in billed.sql("SELECT amount FROM allocation")) == [63, 10000 - 63, LINE]


def test_change_becomes_prepaid_and_nothing_owed_too(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    cashier.type("500")
    cashier.press("F9", cashier.page)
    cashier.press("Enter")
    cashier.says("80.13 转入预存")
    cashier.call_up("3-1-101")
    cashier.says("没有未清费用")
    cashier.type("20")
    cashier.press("Enter")
    cashier.says("收 20.00，转入预存。再按 Enter 收款。")
    cashier.press("Enter")
    cashier.says("20.00 转入预存")
    assert billed.sql("SELECT prepaid FROM payer_balance") == [(8013 + 2000,)]


def test_what_is_missing_is_said(cashier: Cashier, billed: Office) -> None:
    cashier.press("F2")
    cashier.press("Enter")
    cashier.says("请输入房号")
    cashier.call_up("9-9-9999")
    cashier.says("没有找到")
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    cashier.type("1..2")
    cashier.press("Enter")
    cashier.bot.waitUntil(lambda: cashier.page.message.isVisible())
    assert cashier.page.till.received.text() == "1..2"
    cashier.page.till.received.setText("-5")
    cashier.press("Enter", cashier.page.till.received)
    cashier.says("不能是负数")
    assert _payments(billed) == []


def test_a_typed_sum_is_not_thrown_away_unasked(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    cashier.type("500")
    cashier.press("Esc", cashier.page)
    asked = cashier.page.findChildren(Confirm)[-1]
    assert "500" in asked.findChildren(QLabel)[1].text()
    asked.keep.click()
    assert (cashier.page.till.received.text(), cashier.page.name.words[:8]) == ("500", "3-1-0101")
    # Another house asks as well; with nothing typed nobody asks.
    cashier.call_up("3-1-102")
    cashier.bot.waitUntil(lambda: any(one.isVisible() for one in cashier.page.findChildren(Confirm)), timeout=5000)
    cashier.page.findChildren(Confirm)[-1].act.click()
    cashier.shows("3-1-0102")
    assert cashier.page.till.received.text() == ""
    cashier.press("Esc", cashier.page)
    assert cashier.page.name.words == ""


def test_parts_references_and_amounts_in_rows_are_not_thrown_away_unasked(cashier: Cashier) -> None:
    page = cashier.page
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    page.till.choose(1)
    cashier.type("100")
    page.till.reference.setFocus()
    cashier.type("WX1")
    page.till.choose(0)
    assert page.till.received.hasFocus()
    assert page.till.received.text() == ""
    cashier.press("Esc", page)
    asked = page.findChildren(Confirm)[-1]
    assert "输入的金额还没有收款" in asked.findChildren(QLabel)[1].text()
    asked.act.click()
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    assert page.table.lines.setData(page.table.lines.index(0, 8), "100.00")
    assert page.dirty


def test_what_the_payer_named_stays_when_the_house_is_read_again(cashier: Cashier, billed: Office) -> None:
    page = cashier.page
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    page.table.lines.toggle(0)
    assert page.table.lines.setData(page.table.lines.index(1, 8), "100.00")
    billed.with_item("MJ", "once", "20", houses="listed", name="门禁卡")
    one_off.post(page.seat, "3-1-0101", "MJ")
    page.landed("3-1-0101 门禁卡 20.00 元已记账。")
    cashier.bot.waitUntil(lambda: len(page.table.lines.ticket.lines) == 3, timeout=5000)
    ticket = page.table.lines.ticket
    assert [ticket.amount(place) for place in range(3)] == [0, 2000, 10000]
    cashier.says("门禁卡 20.00 元已记账")
    # A form in front keeps the keys.
    asked = OpenShift(page)
    page.reload()
    cashier.bot.waitUntil(lambda: not page.runner.busy, timeout=5000)
    focus = page.window().focusWidget()
    assert focus is not None
    assert asked.isAncestorOf(focus)


def test_a_refused_amount_is_spoken_of_until_a_right_one_comes(cashier: Cashier) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    model = cashier.page.table.lines
    assert not model.setData(model.index(0, 8), "999999")
    cashier.says("最多收")
    assert model.setData(model.index(0, 8), "100.00")
    assert not cashier.page.message.isVisible()


def test_change_is_given_for_cash_alone(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    due = cashier.page.till._total
    cashier.page.till.choose(1)
    cashier.type("1000")
    assert (cashier.page.till.change.text(), cashier.page.till.keep.isVisible()) == ("0.00", False)
    cashier.press("Enter")
    cashier.says(f"收 1,000.00，其中 {yuan(100_000 - due)} 转入预存。再按 Enter 收款。")
    cashier.press("Enter")
    cashier.says("已记账")
    assert [(amount, method) for _, amount, method, _ in _payments(billed)] == [(100_000, "wechat")]


def test_much_change_is_asked_about(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    cashier.type("13900001234")
    cashier.press("Enter")
    cashier.says("收到 13,900,001,234.00，要找零")
    assert _payments(billed) == []
    cashier.page.till.received.setText("1500")
    cashier.press("Enter", cashier.page.till.received)
    cashier.says("收到 1,500.00，要找零")
    cashier.press("Enter", cashier.page.till.received)
    cashier.says("已记账")


def test_several_houses_are_offered(cashier: Cashier) -> None:
    cashier.call_up("3栋1单元")
    cashier.bot.waitUntil(lambda: cashier.page.hits.isVisible(), timeout=5000)
    assert [hit.house for hit in cashier.page.hits._hits] == ["3-1-0101", "3-1-0102"]
    cashier.press("Down", cashier.page.hits)
    cashier.press("Enter", cashier.page.hits)
    cashier.shows("3-1-0102")


def test_more_houses_than_are_offered_are_spoken_of(cashier: Cashier, billed: Office) -> None:
    billed.with_houses(tuple(f"5-1-{floor:02}01" for floor in range(1, 14)))
    cashier.call_up("5栋1单元")
    cashier.bot.waitUntil(lambda: cashier.page.hits.isVisible(), timeout=5000)
    assert cashier.page.hits.count() == 12
    assert cashier.page.hits._more.isVisible()
    cashier.press("Esc", cashier.page.hits)
    cashier.call_up("3栋1单元")
    cashier.bot.waitUntil(lambda: cashier.page.hits.count() == 2, timeout=5000)
    assert not cashier.page.hits._more.isVisible()


def test_a_void_with_the_second_persons_password(cashier: Cashier, billed: Office) -> None:
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    cashier.press("F12", cashier.page)
    cashier.says("已记账")
    cashier.page.undo.trigger()
    dialog = cashier.page.findChild(UndoReceipt)
    assert dialog is not None
    assert dialog.form.boxes["number"].text() == "S2026-00000001"
    # Which receipt it is stands there, also where it is called by its last digits.
    number = dialog.form.boxes["number"].edit
    assert isinstance(number, QLineEdit)
    number.clear()
    type_in(number, "7")
    cashier.bot.waitUntil(lambda: "没有这张收据" in dialog.live.one.text(), timeout=5000)
    number.clear()
    type_in(number, "１")
    cashier.bot.waitUntil(lambda: "S2026-00000001　3-1-0101" in dialog.live.one.text(), timeout=5000)
    assert "419.87 元" in dialog.live.one.text()
    assert "今天收的，日结前可以作废" in dialog.live.more.text()
    dialog.form.boxes["reason"].put("金额录错")
    dialog.form.boxes["second"].put("赵财务")
    dialog.form.boxes["password"].put("wrong password")
    dialog.form.submit()
    cashier.bot.waitUntil(lambda: dialog.form.message.isVisible(), timeout=5000)
    assert _payments(billed)[-1][3] == "normal"
    dialog.form.boxes["password"].put(PASSWORD)
    dialog.form.submit()
    cashier.says("收据 S2026-00000001 已作废，419.87 元。")
    assert _payments(billed)[-1][3] == "void"


def test_open_close_and_then_nothing_more(cashier: Cashier, billed: Office) -> None:
    cashier.says("今天还没有开班")
    OpenShift(cashier.page).form.boxes["float"].put("200")
    opening = cashier.page.findChild(OpenShift)
    assert opening is not None
    opening.form.submit()
    cashier.bot.waitUntil(lambda: billed.sql("SELECT float_fen FROM shift") == [(20000,)], timeout=5000)
    closing = CloseDay(cashier.page)
    closing.form.boxes["cash"].put("199")
    closing.form.submit()
    cashier.bot.waitUntil(lambda: closing.form.boxes["reason"].problem is not None, timeout=5000)
    closing.form.boxes["reason"].put("找零差错")
    with cashier.bot.waitSignal(closing.landed, timeout=5000) as landed:
        closing.form.submit()
    assert "J2026-000001" in landed.args[0]
    cashier.call_up("3-1-101")
    cashier.shows("3-1-0101")
    cashier.press("F12", cashier.page)
    cashier.says("已经日结")
    assert _payments(billed) == []


def test_counted_notes_are_not_thrown_away_by_one_key(cashier: Cashier) -> None:
    closing = CloseDay(cashier.page)
    type_in(closing.form.boxes["10000"].edit, "85")
    (leave,) = (act for act in closing.actions() if act.text() == "取消")
    leave.trigger()
    assert closing.isVisible()
    assert "还没有保存" in closing.form.message.said.text()
    assert closing.form.boxes["cash"].text() == "8500.00"
    leave.trigger()
    assert not closing.isVisible()


def test_who_only_reads_sees_what_is_owed_and_takes_nothing(billed: Office, runner: Runner, qtbot: QtBot) -> None:
    billed.with_staff("郑审计")
    page = CounterPage(billed.seat("郑审计"), runner)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    show(qtbot, page)
    auditor = Cashier(page, qtbot)
    auditor.call_up("310101")
    auditor.shows("3-1-0101")
    assert page.owed.text() == "419.24"
    assert page.till.isHidden() or not page.till.isVisible()
    assert not any(one.isEnabled() for one in (page.take, page.undo, page.close_day, page.begin_shift))
    auditor.press("F12")
    qtbot.waitUntil(lambda: not runner.busy)
    assert _payments(billed) == []


def test_a_house_that_was_left_does_not_come_back_with_a_late_answer(cashier: Cashier) -> None:
    cashier.call_up("310101")
    cashier.shows("3-1-0101")
    page = cashier.page
    page.refresh()
    page._empty()
    page.message.say("ok", "已记账")
    cashier.bot.waitUntil(lambda: not page.runner.busy)
    assert page._house is None
    assert page.message.said.text() == "已记账"


def test_the_foot_names_the_keys_that_do_something_now(cashier: Cashier) -> None:
    page = cashier.page
    assert list(dict(page.keys())) == ["F2", "Ctrl+R", "Ctrl+D", "Ctrl+B"]
    assert page.preview.minimumHeight() < 100
    with cashier.bot.waitSignal(page.keys_changed):
        cashier.call_up("310101")
    cashier.shows("3-1-0101")
    assert page.keys()[:4] == (("F2", "找下一户"), ("F4", "收到"), ("F12", "收款"), ("Esc", "清空"))
    with cashier.bot.waitSignal(page.keys_changed):
        cashier.press("Esc")
    assert "F4" not in dict(page.keys())


def test_the_last_houses_open_by_enter_and_are_remembered(cashier: Cashier, billed: Office, runner: Runner) -> None:
    page = cashier.page
    assert page.stack.currentWidget() is page.start
    assert page.start.houses.isHidden()
    for house in ("3-1-0101", "3-1-0102"):
        cashier.call_up(house)
        cashier.shows(house)
    assert page.stack.currentWidget() is not page.start
    cashier.press("Esc", page)
    cashier.bot.waitUntil(lambda: not page.runner.busy)
    again = CounterPage(billed.seat("李收费"), runner)
    cashier.bot.addWidget(again)
    again.resize(1200, 760)
    show(cashier.bot, again)
    cashier.bot.waitUntil(lambda: again.start.houses.count() == 2, timeout=5000)
    assert [again.start.houses.item(at).text() for at in range(2)] == ["3-1-0102", "3-1-0101"]
    press(again.search, KEYS["Down"])
    press(again.start.houses, KEYS["Down"])
    press(again.start.houses, KEYS["Enter"])
    Cashier(again, cashier.bot).shows("3-1-0101")


def test_who_only_reads_sees_no_keys_of_taking(billed: Office, runner: Runner, qtbot: QtBot) -> None:
    billed.with_staff("郑审计")
    page = CounterPage(billed.seat("郑审计"), runner)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    show(qtbot, page)
    auditor = Cashier(page, qtbot)
    auditor.call_up("310101")
    auditor.shows("3-1-0101")
    assert [hint.words for hint in page.findChildren(KeyHint) if hint.isVisible()] == [
        "房号 / 姓名 / 电话 / 车牌", "勾选", "全选"]  # fmt: skip
    assert not any(shown[0].startswith("Alt+") for shown in tuple(page.keys()))
    assert not page.table.lines.flags(page.table.lines.index(0, 8)) & Qt.ItemFlag.ItemIsEditable


def test_a_part_in_cash_and_the_rest_by_wechat(cashier: Cashier, billed: Office) -> None:
    till = cashier.page.till
    cashier.call_up("310101")
    cashier.shows("3-1-0101")
    cashier.type("100")
    cashier.page.ways[1].trigger()
    assert (till.method, till.received.text(), till.split.isVisible()) == ("wechat", "", True)
    assert till.split.words == "现金 100.00　＋　微信 319.87"
    cashier.page.ways[0].trigger()
    assert (till.method, till.received.text(), till.split.isVisible()) == ("cash", "100.00", False)
    cashier.page.ways[1].trigger()
    cashier.page.ways[1].trigger()
    assert (till.method, till.received.text(), till.split.isVisible()) == ("wechat", "100.00", False)
    cashier.page.ways[0].trigger()
    assert till.split.words == "微信 100.00　＋　现金 319.87"
    assert till.reference.isHidden()
    cashier.press("F12", cashier.page)
    cashier.says("收款 419.87 元已记账")
    assert billed.sql("SELECT amount, method FROM payment ORDER BY id") == [(10_000, "wechat"), (31_987, "cash")]


def test_the_number_of_a_channel_goes_with_its_part(cashier: Cashier, billed: Office) -> None:
    till = cashier.page.till
    cashier.call_up("310101")
    cashier.shows("3-1-0101")
    cashier.type("100")
    cashier.page.ways[1].trigger()
    till.reference.setText("4200001")
    cashier.press("F12", cashier.page)
    cashier.says("收款 419.87 元已记账")
    assert billed.sql("SELECT amount, method, reference, with_payment FROM payment ORDER BY id") == [
        (10_000, "cash", None, None), (2 * LINE + 63 - 10_000, "wechat", "4200001", 1),
    ]  # fmt: skip
    assert (till.method, till.split.isVisible(), till.reference.isVisible()) == ("cash", False, False)


def test_several_houses_of_one_payer_on_one_receipt(cashier: Cashier, billed: Office) -> None:
    with billed.manager.transaction(write=True) as work:
        work.driver("UPDATE party SET person_id = (SELECT min(person_id) FROM party)", ())
        work.audit("test.joined", "party")
    cashier.call_up("310101")
    cashier.says("还有 3-1-0102 欠 419.24")
    assert cashier.page.joining.isEnabled()
    cashier.page.joining.trigger()
    cashier.bot.waitUntil(lambda: len(cashier.page.table.lines.ticket.lines) == 4, timeout=5000)
    assert not cashier.page.joining.isEnabled()
    cashier.press("Enter")
    cashier.says("收款 839.74 元已记账")
    assert _payments(billed) == [
        (1, 2 * LINE + 63, "cash", "normal"), (2, 2 * LINE + 63, "cash", "normal"),
    ]  # fmt: skip
    assert billed.sql("SELECT count(*) FROM receipt") == [(1,)]


def test_prepaid_is_put_to_what_is_owed(cashier: Cashier, billed: Office) -> None:
    billed.pay("3-1-101", 2 * LINE + 63 + 5_000)
    billed.with_item("KA", "once", "20", houses="listed", name="门禁卡")
    one_off.post(billed.manager, "3-1-101", "KA")
    cashier.call_up("310101")
    cashier.shows("3-1-0101")
    assert cashier.page.till.prepaid.isEnabled()
    with cashier.bot.waitSignal(cashier.page.wanted, timeout=5000) as wanted:
        cashier.page.ways[5].trigger()
        asked = cashier.page.findChild(Confirm)
        assert asked is not None
        asked.act.click()
    assert wanted.args[0] == "print"
    cashier.bot.waitUntil(lambda: cashier.page.prepaid.text() == "30.00", timeout=5000)
    assert cashier.page.owed.text() == "0.00"


def test_where_the_period_stands_in_the_name_it_is_short() -> None:
    spans = ("2026-07", "2026-07-06", "2025-12", "2026-01 至 2026-06", "2025-12-20")
    assert [brief_span(span, 2026) for span in spans] == [
        "7月", "07-06", "2025-12", "2026-01 至 2026-06", "2025-12-20"
    ]  # fmt: skip
