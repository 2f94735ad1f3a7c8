"""Log-in: right, wrong with a growing wait, other offices, and what is kept and what is not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.builders import PASSWORD, Office
from tests.ui.hands import press, type_in
from tests.ui.windows import Desk
from ui.recent import RecentOffices


def _try(desk: Desk, password: str = "wrong password") -> None:
    assert desk.window is not None
    desk.window.login.password.setText(password)
    press(desk.window.login.password, Qt.Key.Key_Return)
    desk.quiet()


def test_enter_logs_in_and_the_window_says_whose_estate(desk: Desk) -> None:
    window = desk.open()
    type_in(window.login.user, "王经理")
    type_in(window.login.password, PASSWORD)
    press(window.login.password, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: window.shell is not None)
    assert window.windowTitle() == "安居物业  样例花园"
    assert window.login.password.text() == ""
    assert window.shell is not None
    assert window.shell.frame.name == "王经理"


def test_a_wrong_password_keeps_the_name_and_selects_the_password(desk: Desk) -> None:
    window = desk.open()
    window.login.user.setText("王经理")
    _try(desk)
    assert window.login.wrong.text() == "用户名或密码不对。请重新输入。"
    assert window.login.user.text() == "王经理"
    assert window.login.password.selectedText() != ""
    assert window.login.password.hasFocus()
    assert window.shell is None


def test_the_wait_counts_down_and_then_one_may_try_again(desk: Desk) -> None:
    window = desk.open()
    second = window.login.findChild(QTimer)
    assert isinstance(second, QTimer)
    window.login.user.setText("王经理")
    for _ in range(4):
        _try(desk)
        desk.clock.move(seconds=40)
    second.stop()
    assert window.login.wrong.text() == "用户名或密码不对。请 1 秒后再试。"
    press(window.login.password, Qt.Key.Key_Return)
    assert not window.runner.busy
    second.timeout.emit()
    assert window.login.wrong.text() == "用户名或密码不对。请重新输入。"
    _try(desk)
    second.stop()
    assert window.login.wrong.text() == "用户名或密码不对。请 2 秒后再试。"
    second.timeout.emit()
    assert window.login.wrong.text() == "用户名或密码不对。请 1 秒后再试。"
    second.timeout.emit()
    desk.clock.move(seconds=40)
    _try(desk, PASSWORD)
    desk.qtbot.waitUntil(lambda: window.shell is not None)


def test_nothing_typed_is_explained(desk: Desk) -> None:
    window = desk.open()
    window.login.submit()
    assert window.login.wrong.text() == "请输入用户名和密码。"
    assert window.login.user.hasFocus()


def test_a_damaged_office_says_what_to_do(desk: Desk) -> None:
    window = desk.open()
    (desk.folder / "office.db").unlink()
    window.login.user.setText("王经理")
    _try(desk, PASSWORD)
    assert "office.db" in window.login.message.said.text()
    assert "备份" in window.login.message.hint.text()
    assert window.login.user.text() == "王经理"


def test_a_folder_without_an_office_is_not_taken(desk: Desk, tmp_path: Path) -> None:
    window = desk.open()
    window.login.take_folder(tmp_path)
    assert window.login.message.said.text() == "这个文件夹里没有办公室。"
    assert window.login.office is not None
    assert window.login.office.folder == desk.folder


def test_first_use_offers_to_open_one(desk: Desk) -> None:
    window = desk.open()
    window.login.show_office(None)
    assert window.login.first.isVisible()
    assert not window.login.entry.isVisible()


def test_the_eye_shows_the_password_and_caps_lock_is_told(desk: Desk) -> None:
    window = desk.open()
    window.login.password.setText("geheim")
    window.login.password.actions()[0].trigger()
    assert window.login.password.echoMode() == QLineEdit.EchoMode.Normal
    QTest.keyClick(window.login.password, "A")
    assert window.login.caps.text() == "大写锁定已打开"


def test_recent_offices_are_folders_and_names_only(tmp_path: Path, office: Office) -> None:
    recent = RecentOffices(tmp_path / "config")
    assert recent.all() == ()
    recent.opened(office.folder, "样例花园")
    recent.opened(tmp_path / "gone", "没有了")
    recent.opened(office.folder, "样例花园二期")
    assert [(one.folder, one.name) for one in recent.all()] == [(office.folder, "样例花园二期")]
    assert "王经理" not in (tmp_path / "config" / "recent.json").read_text("utf-8")
    (tmp_path / "config" / "recent.json").write_text("[1, {}]")
    assert recent.all() == ()
