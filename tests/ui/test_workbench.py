"""The workbench, the alerts and the trail: what waits is dealt with there, what was done is read there."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.services import receipts
from tests.builders import Office
from tests.ui.hands import press
from tests.ui.windows import Desk, raise_alert
from ui.pages.alerts import AlertsPage
from ui.pages.trail import TrailPage
from ui.pages.trail_words import detail_text
from ui.pages.workbench import Deciding, WorkbenchPage
from ui.shell import Shell


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
    assert "已批准并执行" in shell.statusbar.message.words


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


def test_details_are_said_in_words() -> None:
    assert detail_text({"digest": "ab", "amount_fen": 123456, "house": "3-1-0101", "note": None}) == (
        "金额 1,234.56 元，房号 3-1-0101，校验值 ab"
    )
    assert detail_text({"roles": ["cashier"], "enabled": True, "odd": {"a": 1}}) == (
        '角色 收费员，enabled 是，odd {"a": 1}'
    )
    assert detail_text({"settings": {"电话": ["", "010-1"], "到期日": ["31", "20"]}, "result": "fail"}) == (
        "设置 电话 空 → 010-1；到期日 31 → 20，结果 不合格"
    )
    assert detail_text({}) == ""
