"""用户与审计: users admitted and sent away, the table of rights, the chain checked against paper."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain import anchor
from app.security import audit as chain
from app.services import users
from app.services.user_list import staff
from tests.builders import PASSWORD, Office
from tests.ui.hands import press, type_in
from tests.ui.windows import Desk
from ui.pages.trail import TrailPage
from ui.pages.user_dialogs import AddUser, ChangeRoles, OwnPassword, ResetPassword
from ui.shell import Shell

SECOND = "another fine password"


def _page(desk: Desk, login: str = "王经理") -> TrailPage:
    shell = desk.log_in(login)
    shell.go("trail")
    page = shell.page
    assert isinstance(page, TrailPage)
    desk.qtbot.waitUntil(lambda: bool(page.staff.rows) and not page.runner.busy)
    return page


def _choose(page: TrailPage, login: str) -> None:
    page.staff.table.selectRow([row.login for row in page.staff.rows].index(login))


def _enter(dialog: AddUser | ResetPassword | OwnPassword, **typed: str) -> None:
    for key, words in typed.items():
        dialog.form.boxes[key].put(words)
    dialog.form.submit()


def _leave(desk: Desk) -> None:
    window = desk.window
    assert window is not None
    window.change_user()
    desk.qtbot.waitUntil(lambda: window.shell is None and not window.runner.busy)


def test_a_user_is_admitted_and_comes_in(desk: Desk, office: Office) -> None:
    page = _page(desk)
    press(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = page.area.findChildren(AddUser)
    type_in(dialog.form.boxes["login"].edit, "李收费")
    _enter(dialog, password=PASSWORD, again="other words")
    assert dialog.form.boxes["role"].problem is not None
    _enter(dialog, role="cashier,front_desk")
    assert dialog.form.boxes["again"].problem is not None
    _enter(dialog, password="12345678", again="12345678")
    desk.qtbot.waitUntil(lambda: dialog.form.boxes["password"].problem is not None)
    _enter(dialog, password=SECOND, again=SECOND)
    desk.qtbot.waitUntil(lambda: len(page.staff.table.texts) == 2 and not page.runner.busy)
    assert ("李收费", "收费员、客服") in [row[:2] for row in page.staff.table.texts]
    _leave(desk)
    shell = desk.log_in("李收费", SECOND)
    assert shell.seat.roles == {"cashier", "front_desk"}
    assert not shell.finds("trail")


def test_a_taken_name_is_told_at_its_field(desk: Desk, office: Office) -> None:
    page = _page(desk)
    dialog = page.staff.add()
    _enter(dialog, login="王经理", role="cashier", password=SECOND, again=SECOND)
    desk.qtbot.waitUntil(lambda: dialog.form.boxes["login"].problem is not None)
    assert dialog.form.typed["password"] == SECOND


def test_roles_change_from_the_row(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    page = _page(desk)
    _choose(page, "李收费")
    dialog = page.staff.change_roles()
    assert isinstance(dialog, ChangeRoles)
    assert dialog.form.typed["role"] == "cashier"
    dialog.form.boxes["role"].put("accountant")
    dialog.form.submit()
    desk.qtbot.waitUntil(lambda: page.message.said.text() == "李收费 的角色已改。" and not page.runner.busy)
    assert {row.user: row.roles for row in users.listing(office.manager)}["李收费"] == ("accountant",)


def test_roles_that_somebody_else_changed_meanwhile_are_shown(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    page = _page(desk)
    _choose(page, "李收费")
    dialog = page.staff.change_roles()
    assert dialog is not None
    users.set_roles(office.manager, "李收费", ("front_desk",))
    dialog.form.boxes["role"].put("accountant")
    dialog.form.submit()
    desk.qtbot.waitUntil(lambda: dialog.form.boxes["role"].problem is not None)
    why = dialog.form.boxes["role"].problem
    assert why is not None
    assert why.text == "刚才有人把他的角色改成了：客服；您打开时是：收费员。"
    assert dialog.form.typed["role"] == "accountant"
    dialog.form.submit()
    desk.qtbot.waitUntil(lambda: page.message.said.text() == "李收费 的角色已改。")
    assert {row.user: row.roles for row in users.listing(office.manager)}["李收费"] == ("accountant",)


def test_a_password_is_reset_and_the_old_one_is_dead(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    page = _page(desk)
    _choose(page, "李收费")
    dialog = page.staff.reset()
    assert isinstance(dialog, ResetPassword)
    assert "second" not in dialog.form.boxes
    _enter(dialog, password=SECOND, again=SECOND, reason="忘记密码")
    desk.qtbot.waitUntil(lambda: "新密码" in page.message.said.text())
    _leave(desk)
    window = desk.window
    assert window is not None
    window.login.user.setText("李收费")
    window.login.password.setText(PASSWORD)
    window.login.submit()
    desk.qtbot.waitUntil(lambda: "不对" in window.login.wrong.text())
    desk.log_in("李收费", SECOND)


def test_an_accountant_s_password_takes_two(desk: Desk, office: Office) -> None:
    office.with_staff("赵财务", "周经理", "李收费")
    page = _page(desk)
    _choose(page, "赵财务")
    dialog = page.staff.reset()
    assert isinstance(dialog, ResetPassword)
    _enter(dialog, password=SECOND, again=SECOND, reason="忘记", second="李收费", second_password=PASSWORD)
    desk.qtbot.waitUntil(lambda: dialog.form.boxes["second"].problem is not None)
    _enter(dialog, second="周经理", second_password=PASSWORD)
    desk.qtbot.waitUntil(lambda: "新密码" in page.message.said.text() and not page.runner.busy)
    again = page.staff.reset()
    assert isinstance(again, ResetPassword)
    _enter(again, password=SECOND, again=SECOND, reason="忘记")
    desk.qtbot.waitUntil(lambda: "已提交" in page.message.said.text())
    assert office.sql("SELECT act FROM request") == [("user.passwd",)]


def test_a_user_is_disabled_and_let_in_again(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    page = _page(desk)
    _choose(page, "李收费")
    asked = page.staff.disable()
    assert asked is not None
    assert asked.keep.hasFocus()
    asked.act.click()
    desk.qtbot.waitUntil(lambda: page.staff.table.texts[-1][-1] == "已停用" and not page.runner.busy)
    assert "1 位已停用" in page.head.scope.text()
    assert not page.staff.ending.isEnabled()
    assert page.staff.password.text() == "启用…"
    dialog = page.staff.reset()
    assert isinstance(dialog, ResetPassword)
    _enter(dialog, password=SECOND, again=SECOND, reason="回来上班")
    desk.qtbot.waitUntil(lambda: all(row.enabled for row in page.staff.rows))


def test_everybody_changes_his_own_password(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    office.close()
    shell: Shell = desk.log_in("李收费")
    (own,) = [act for act in shell.topbar.menu().actions() if act.text() == "改密码"]
    own.trigger()
    (dialog,) = shell.findChildren(OwnPassword)
    _enter(dialog, old="not this one", password=SECOND, again=SECOND)
    desk.qtbot.waitUntil(lambda: dialog.form.boxes["old"].problem is not None)
    _enter(dialog, old=PASSWORD)
    desk.qtbot.waitUntil(lambda: "密码已改" in shell.statusbar.message.words)
    _leave(desk)
    desk.log_in("李收费", SECOND)


def test_nobody_changes_himself_and_who_only_reads_is_offered_nothing(desk: Desk, office: Office) -> None:
    office.with_staff("郑审计")
    page = _page(desk)
    _choose(page, "王经理")
    assert (page.staff.change_roles(), page.staff.disable()) == (None, None)
    assert isinstance(page.staff.reset(), OwnPassword)
    page.area.findChildren(OwnPassword)[0].finish()
    _leave(desk)
    office.close()
    page = _page(desk, "郑审计")
    _choose(page, "王经理")
    acts = (page.staff.adding, page.staff.roles, page.staff.password, page.staff.ending)
    assert not any(act.isEnabled() for act in acts)
    assert len(staff(office.seat("郑审计"))) == 2


def test_the_table_of_rights_is_read(desk: Desk, office: Office) -> None:
    page = _page(desk)
    page.go(1)
    desk.qtbot.waitUntil(lambda: bool(page.rights.table.texts))
    rows = {row[0]: row[1:] for row in page.rights.table.texts}
    assert rows["红冲收据"] == ("双人", "双人", "·", "·", "双人", "·", "·")
    assert rows["看审计记录"][5] == "隐金额"


def _paper_head(office: Office) -> str:
    (row,) = office.sql("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1")
    return f"{row[0]}:{anchor.short(row[1])}"


def test_the_chain_is_checked_against_a_printed_head(desk: Desk, office: Office) -> None:
    office.with_houses()
    kept = _paper_head(office)
    page = _page(desk)
    page.go(3)
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: page.chain.badge.word == "完好")
    assert all(row[1] == "正常" for row in page.chain.table.texts)
    box = page.chain.anchor
    type_in(box.edit, "81")
    page.chain.comparing.trigger()
    assert box.problem is not None
    box.put(kept)
    page.chain.comparing.trigger()
    desk.qtbot.waitUntil(lambda: "与纸上的链头相符" in page.message.said.text())
    box.put(f"{kept.partition(':')[0]}:{anchor.short('0123456789abcdef')}")
    page.chain.comparing.trigger()
    desk.qtbot.waitUntil(lambda: page.chain.badge.word == "发现问题")
    assert page.message.said.text() == "核对发现问题：纸上的链头。"
    assert page.chain.table.texts[0][1] == "有问题"


def test_a_check_is_cancelled(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _page(desk)
    page.go(3)
    damage = chain.damage

    def held(*args: object, **kwargs: object) -> list[str]:
        running = page.chain.running
        while running is None or not running.cancelled:
            running = page.chain.running
        return damage(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(chain, "damage", held)
    page.chain.checking.trigger()
    assert page.chain.stopping.isEnabled()
    QApplication.processEvents()
    press(page, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: page.chain.badge.word == "没有核对完")
    assert page.message.said.text() == "已取消，未作任何更改。"
    assert page.chain.checking.isEnabled()
