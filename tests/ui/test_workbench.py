"""The workbench, the alerts and the trail: what waits is dealt with there, what was done is read there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from app.services import receipts
from tests.builders import Office
from tests.ui.hands import press
from tests.ui.windows import Desk, raise_alert
from ui.pages.alerts import AlertsPage
from ui.pages.bills import BillsPage
from ui.pages.houses import HousesPage
from ui.pages.importing import ImportPage
from ui.pages.trail import TrailPage
from ui.pages.workbench import Deciding, WorkbenchPage
from ui.shell import Shell
from ui.theme import Mode, look


def _workbench(desk: Desk, shell: Shell) -> WorkbenchPage:
    page = shell.page
    assert isinstance(page, WorkbenchPage)
    desk.quiet()
    return page


def _ask_to_void(office: Office) -> None:
    office.with_staff("李收费").with_houses().with_item().bill("2026-07")
    receipt = office.pay("3-1-0101", 10000).receipt
    assert receipt is not None
    receipts.void(office.seat("李收费"), receipt, "金额录错")


def test_a_request_is_approved_from_the_workbench(desk: Desk, office: Office) -> None:
    _ask_to_void(office)
    shell = desk.log_in()
    page = _workbench(desk, shell)
    desk.qtbot.waitUntil(lambda: bool(page.todos))
    todo = page.todos[0]
    assert (todo.verb, todo.title) == ("审批", "作废收据等待批准")
    todo.button.click()
    (asked,) = shell.findChildren(Deciding)
    assert asked.later.hasFocus()
    asked.no.click()
    assert asked.wrong.text() == "驳回要写明原因。"
    asked.yes.click()
    desk.qtbot.waitUntil(lambda: not page.todos)
    assert office.sql("SELECT state FROM request") == [("done",)]
    desk.qtbot.waitUntil(lambda: "已批准并执行" in shell.statusbar.message.words)


def test_a_request_is_refused_with_its_reason(desk: Desk, office: Office) -> None:
    _ask_to_void(office)
    shell = desk.log_in()
    page = _workbench(desk, shell)
    desk.qtbot.waitUntil(lambda: bool(page.todos))
    page.todos[0].button.click()
    (asked,) = shell.findChildren(Deciding)
    asked.reason.setText("单据没有问题")
    asked.no.click()
    desk.qtbot.waitUntil(lambda: not page.todos)
    assert office.sql("SELECT state, decision_reason FROM request") == [("refused", "单据没有问题")]


def test_alerts_stand_there_until_they_were_looked_at(desk: Desk, office: Office) -> None:
    raise_alert(office, "合同到期", "info", "t:1")
    raise_alert(office, "备份位置不在", "danger", "t:2")
    shell = desk.log_in()
    page = _workbench(desk, shell)
    desk.qtbot.waitUntil(lambda: len(page.todos) == 2)
    assert [todo.title for todo in page.todos] == ["备份位置不在", "合同到期"]
    assert page.head.scope.text() == "今天有 2 件事等处理"
    page.todos[0].button.click()
    desk.qtbot.waitUntil(lambda: shell.topbar.bell.unseen == 1)
    desk.qtbot.waitUntil(lambda: page.todos[0].verb == "详情")
    page.todos[0].button.click()
    assert isinstance(shell.page, AlertsPage)


def test_nothing_to_do_says_so(desk: Desk) -> None:
    page = _workbench(desk, desk.log_in())
    desk.qtbot.waitUntil(lambda: page.head.scope.text() == "今天没有待办")


def test_a_figure_opens_the_rows_that_make_it(desk: Desk, office: Office) -> None:
    office.with_houses().with_item().bill("2026-07", "2026-07-01")
    office.pay("3-1-0101", 10000)
    office.pay("3-1-0102", 5000, method="wechat")
    shell = desk.log_in()
    page = _workbench(desk, shell)
    desk.qtbot.waitUntil(lambda: len(page.cards) == 4)
    said = [(card.stat.title, card.stat.figure) for card in page.cards]
    assert said[0] == ("今日实收（元）", "150.00")
    assert said[1] == ("本月收缴率（当期）", "35.8%")
    assert page.rates.accessibleName() == "当期收缴率：2026-07 进行中 35.8%"
    assert page.days.accessibleDescription() == "07-06 150.00 元，2 笔"
    press(page.cards[0], Qt.Key.Key_Return)
    bills = shell.page
    assert isinstance(bills, BillsPage)
    assert bills.view.title == "收款"
    desk.qtbot.waitUntil(lambda: len(bills.view.body.model.keys) == 2)
    shell.go("workbench")
    press(page.rates, Qt.Key.Key_Return)
    assert bills.view.title == "账单"
    desk.qtbot.waitUntil(lambda: len(bills.view.body.model.keys) == 2)
    assert bills.view.body.query.values("period") == ("2026-07",)


def test_a_building_opens_its_houses_that_owe(desk: Desk, office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102", "10-1-0101")).with_item().bill("2026-07", "2026-07-01")
    office.pay("3-1-0101", 100000)
    shell = desk.log_in()
    page = _workbench(desk, shell)
    desk.qtbot.waitUntil(lambda: len(page.buildings.buildings) == 2)
    assert page.buildings.accessibleDescription().endswith(" 50.0%")
    page.buildings.setFocus()
    press(page.buildings, Qt.Key.Key_Right)
    press(page.buildings, Qt.Key.Key_Left)
    press(page.buildings, Qt.Key.Key_Return)
    houses = shell.page
    assert isinstance(houses, HousesPage)
    desk.qtbot.waitUntil(lambda: len(houses.view.body.model.keys) == 1)
    row = houses.view.body.model.row_at(0)
    assert row is not None
    assert row.number == "3-1-0102"


def test_the_cursor_of_a_plot_says_the_day(desk: Desk) -> None:
    page = _workbench(desk, desk.log_in())
    desk.qtbot.waitUntil(lambda: len(page.days.days) == 7)
    press(page.days, Qt.Key.Key_Left)
    assert page.days.accessibleDescription() == "07-05 0.00 元，0 笔"


def test_a_new_office_sees_what_it_lacks_until_its_first_bill(desk: Desk, office: Office) -> None:
    office.with_houses()
    shell = desk.log_in()
    page = _workbench(desk, shell)
    desk.qtbot.waitUntil(lambda: page.first.count.text() == "已完成 2 / 6")
    assert page.first.isVisible()
    assert [button.text() for button in page.first.buttons] == ["看看", "看看", "去做", "去做", "去做", "去做"]
    page.first.buttons[3].click()
    importing = shell.page
    assert isinstance(importing, ImportPage)
    assert importing.panel.kind.currentData() == "opening"
    office.with_item().bill("2026-07", "2026-07-01")
    shell.go("workbench")
    page.reload()
    desk.qtbot.waitUntil(lambda: not page.first.isVisible())


def test_who_does_not_set_up_sees_no_first_steps(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    page = _workbench(desk, desk.log_in("李收费"))
    desk.qtbot.waitUntil(lambda: bool(page.cards))
    assert not page.first.isVisible()


def test_an_engineer_sees_no_money(desk: Desk, office: Office) -> None:
    office.with_staff("孙工程").with_houses().with_item().bill("2026-07", "2026-07-01")
    office.pay("3-1-0101", 10000)
    page = _workbench(desk, desk.log_in("孙工程"))
    desk.qtbot.waitUntil(lambda: len(page.cards) == 4)
    assert [card.stat.title for card in page.cards] == [
        "维保逾期（台）", "维保到期（台）", "将到期（台）", "检验将到期（台）"
    ]  # fmt: skip
    assert not page.rates.isVisible()
    assert not page.days.isVisible()


def test_the_page_of_alerts_marks_them(desk: Desk, office: Office) -> None:
    raise_alert(office, "合同到期")
    shell = desk.log_in()
    shell.go("alerts")
    page = shell.page
    assert isinstance(page, AlertsPage)
    desk.qtbot.waitUntil(lambda: len(page.table.texts) == 1)
    assert page.table.texts[0][:3] == ("注意", "合同到期", "请看一看。")
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: page.table.texts[0][-1] == "看过")
    assert not page._mark.isEnabled()
    page.mark()
    assert shell.statusbar.message.words == "都已看过"


def test_the_trail_is_filtered(desk: Desk, office: Office) -> None:
    office.with_staff("李收费").set(telephone="010-0000 0000")
    shell = desk.log_in()
    shell.go("trail")
    page = shell.page
    assert isinstance(page, TrailPage)
    page.go(2)
    trail = page.trail
    desk.qtbot.waitUntil(lambda: len(trail.table.texts) == 3)
    assert [row[3] for row in trail.table.texts] == ["改设置", "添加用户", "新建办公室"]
    trail.action.setCurrentIndex(trail.action.findData("user.added"))
    page.reload()
    desk.qtbot.waitUntil(lambda: [row[3] for row in trail.table.texts] == ["添加用户"])
    trail.clear.trigger()
    desk.qtbot.waitUntil(lambda: len(trail.table.texts) == 3)
    trail.first.setText("gestern")
    page.reload()
    assert page.message.said.text() == "“gestern”不是日期。"
    trail.first.setText("")
    trail.user.setText("niemand")
    page.reload()
    desk.qtbot.waitUntil(lambda: page.message.said.text() == "没有这个用户：niemand。")


def test_the_last_row_of_what_waits_is_never_cut_and_the_head_counts_them(desk: Desk, office: Office) -> None:
    for place in range(12):
        raise_alert(office, f"第 {place} 件", key=f"t:{place}")
    page = _workbench(desk, desk.log_in())
    scroll = page.findChild(QScrollArea)
    assert scroll is not None

    def whole() -> bool:
        first, second = page.todos[:2]
        row = second.y() - first.y()
        return row > 0 and scroll.viewport().height() >= row and scroll.viewport().height() % row == 0

    desk.qtbot.waitUntil(whole)
    assert page.waiting.text() == str(len(page.todos))


def test_on_a_low_page_in_large_type_the_buildings_give_way(desk: Desk, office: Office) -> None:
    office.with_houses(("3-1-0101", "4-1-0101")).with_item().bill("2026-07", "2026-07-01")
    page = _workbench(desk, desk.log_in())
    assert desk.window is not None
    desk.window.resize(1366, 768)
    for scale, shown in ((100, True), (150, False), (100, True)):
        look().set(Mode.LIGHT, scale)
        desk.qtbot.waitUntil(lambda shown=shown: page._buildings_card.isVisible() == shown)
