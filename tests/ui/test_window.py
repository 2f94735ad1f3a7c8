"""The window: pages by role, lock, bell, one instance, closing, what is remembered."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, QProcessEnvironment, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.jobs.acts import Desk as JobsDesk
from app.jobs.acts import Outcome
from app.jobs.plan import DAY, Due, Job
from app.jobs.runner import Runner as Jobs
from app.services import alerts, estates, house_change, users
from app.services.house_rows import NO_DETAILS, HousePlace
from app.services.refused import refuse
from app.services.seat import Seat
from app.services.store import Store
from tests.builders import PASSWORD, Office
from tests.ui.hands import press, type_in
from tests.ui.windows import Desk, raise_alert
from ui.forms.confirm import Confirm
from ui.instance import Instance
from ui.pages.counter import CounterPage
from ui.pages.counter_acts import UndoReceipt
from ui.pages.estate_dialog import Estates
from ui.pages.houses import HousesPage
from ui.pages.page import Page
from ui.pages.registry import PLACES, places
from ui.recent import RecentOffices
from ui.remembered import Remembered
from ui.sidebar import rows
from ui.theme import Look, Mode
from ui.topbar import BellButton
from ui.workers.runner import Runner
from ui.workers.topic import Topic

EVERYTHING = {place.title for place in PLACES if place.listed}
SEEN = {
    "cashier": {"收费台", "账单与收款", "房屋", "住户", "车位"},
    "accountant": {"收费台", "账单与收款", "出账", "抄表", "欠费催缴", "收费标准", "房屋", "住户", "车位", "工单",
                   "经营分析"},
    "front_desk": {"账单与收款", "欠费催缴", "房屋", "住户", "车位", "工单", "设备维保", "经营分析"},
    "engineering": {"抄表", "房屋", "工单", "设备维保"},
    "administrator": {"用户与审计", "备份与设置"},
    "manager": EVERYTHING,
    "auditor": EVERYTHING,
}  # fmt: skip
"""UI §2's table; 工作台 and 通知公告 are everybody's."""


class Typing(Page):
    """A page with a field; dirty while something stands in it."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "试写")
        self.edit = QLineEdit()
        self.shown: object = None
        self.body.addWidget(self.edit)

    @property
    def dirty(self) -> bool:
        return bool(self.edit.text())

    def open_with(self, what: object) -> None:
        self.shown = what


@pytest.mark.parametrize("role", sorted(SEEN))
def test_each_role_finds_its_pages(office: Office, role: str) -> None:
    seat = Seat.of(office.manager.store, office.manager.user_id, "x", frozenset({role}))
    every: dict[str, Callable[[Seat, Runner], Page]] = {place.key: Typing for place in PLACES}
    found = {place.title for place in places(seat, every) if place.listed}
    assert found == SEEN[role] | {"工作台", "通知公告"}


def test_the_sidebar_groups_its_pages(office: Office) -> None:
    every: dict[str, Callable[[Seat, Runner], Page]] = {place.key: Typing for place in PLACES}
    shown = [row if isinstance(row, str) else row.title for row in rows(places(office.manager, every))]
    assert shown[:3] == ["工作台", "收费", "收费台"]
    assert "提醒" not in shown
    assert [row for row in shown if row in ("收费", "资料", "服务", "管理")] == ["收费", "资料", "服务", "管理"]


def test_alt_letters_and_back(desk: Desk) -> None:
    desk.factories["houses"] = Typing
    shell = desk.log_in()
    press(shell, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert isinstance(shell.page, Typing)
    press(shell, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert not isinstance(shell.page, Typing)
    shell.go_back()
    assert isinstance(shell.page, Typing)
    shell.go("houses", "3-2-1102")
    assert shell.page.shown == "3-2-1102"
    shell.go("no such page")
    assert isinstance(shell.page, Typing)


def test_little_room_leaves_icons(desk: Desk) -> None:
    shell = desk.log_in()
    assert desk.window is not None
    desk.window.resize(QSize(1366, 768))
    assert not shell.sidebar.collapsed
    press(shell, Qt.Key.Key_Backslash, Qt.KeyboardModifier.ControlModifier)
    assert shell.sidebar.collapsed
    press(shell, Qt.Key.Key_Backslash, Qt.KeyboardModifier.ControlModifier)
    desk.window.resize(QSize(1280, 720))
    assert shell.sidebar.collapsed


def test_the_lock_hides_the_page_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.factories["houses"] = Typing
    shell = desk.log_in()
    window = desk.window
    assert window is not None
    shell.go("houses")
    page = shell.page
    assert isinstance(page, Typing)
    page.edit.setFocus()
    type_in(page.edit, "没存的话")
    press(page.edit, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.locked
    assert not page.isVisible()
    type_in(window.lock_cover.password, "wrong password")
    press(window.lock_cover.password, Qt.Key.Key_Return)
    desk.quiet()
    assert window.locked
    assert "用户名或密码不对" in window.lock_cover.wrong.text()
    window.lock_cover.password.setText(PASSWORD)
    press(window.lock_cover.password, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not window.locked)
    assert page.isVisible()
    assert page.edit.text() == "没存的话"
    page.edit.clear()


def test_after_the_lock_the_keys_are_those_of_the_form_in_front(desk: Desk, office: Office) -> None:
    shell = desk.log_in_billed(office, "李收费")
    window = desk.window
    assert window is not None
    shell.go("counter")
    desk.quiet()
    page = shell.page
    assert isinstance(page, CounterPage)
    asked = UndoReceipt(page, "S2026-00000001")
    window.lock()
    window.lock_cover.password.setText(PASSWORD)
    window.lock_cover.submit()
    desk.qtbot.waitUntil(lambda: not window.locked)
    focus = window.focusWidget()
    assert focus is not None
    assert asked.isAncestorOf(focus)


def test_work_goes_on_behind_the_lock(desk: Desk) -> None:
    shell = desk.log_in()
    window, go = desk.window, threading.Event()
    assert window is not None
    done: list[int] = []
    window.runner.run(
        shell, Topic(), lambda _: go.wait(), done=lambda _: done.append(1), failed=lambda _: None, writes=True
    )
    window.lock()
    go.set()
    desk.qtbot.waitUntil(lambda: done == [1])
    assert window.locked


def test_what_was_refused_does_not_read_as_done(desk: Desk) -> None:
    shell = desk.log_in()
    window = desk.window
    assert window is not None

    def refused(_: object) -> None:
        raise refuse("not_today", "不是今天开的。")

    for work, said in ((refused, "办理：没有完成"), (lambda _: None, "办理：已结束")):
        window.runner.run(shell, Topic(), work, done=lambda _: None, failed=lambda _: None, writes=True, what="办理")
        desk.quiet()
        assert shell.statusbar.message.words == said


def test_after_the_lock_the_roles_are_those_of_now(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    desk.log_in("李收费")
    window = desk.window
    assert window is not None
    window.lock()
    users.disable(office.manager, "李收费")
    window.lock_cover.password.setText(PASSWORD)
    window.lock_cover.submit()
    desk.quiet()
    assert window.locked


def test_alerts_reach_the_bell(desk: Desk, office: Office) -> None:
    raise_alert(office, "备份位置不在")
    shell = desk.log_in()
    desk.qtbot.waitUntil(lambda: shell.topbar.bell.unseen == 1)
    shell.topbar.bell.click()
    assert shell.bell.isVisible()
    shell.bell.seen.emit(("t:1",))
    desk.qtbot.waitUntil(lambda: shell.topbar.bell.unseen == 0)
    assert all(row.seen for row in alerts.listing(office.manager))


@pytest.mark.parametrize("unseen", [1, 34, 100])
def test_the_number_on_the_bell_is_whole(qtbot: QtBot, dressed: Look, unseen: int) -> None:
    bell = BellButton()
    qtbot.addWidget(bell)
    bell.resize(bell.sizeHint())
    bell.count(unseen)
    seen, danger = bell.grab().toImage(), dressed.colour("danger")
    right = max(x for x in range(bell.width()) if seen.pixelColor(x, 8) == danger)
    assert seen.pixelColor(right, 2) != danger


def test_the_sidebar_counts_what_waits_on_a_page(desk: Desk, office: Office) -> None:
    raise_alert(office, "DT-01 半月维保已逾期", "danger", "m:1", "maintenance")
    raise_alert(office, "DT-02 半月维保到期", "warn", "m:2", "maintenance")
    raise_alert(office, "该催缴了", "info", "d:1", "dunning")
    shell = desk.log_in()
    desk.qtbot.waitUntil(lambda: bool(shell.sidebar.waits))
    assert shell.sidebar.waits == {"equipment": (2, True), "dunning": (1, False)}


def test_the_jobs_thread_rings_the_bell(desk: Desk, office: Office) -> None:
    seat = office.manager

    def act(_: JobsDesk, due: Due, now: object) -> Outcome:
        raise_alert(office, "合同到期")
        return Outcome("好", raised=1)

    def jobs(store: Store, heard: Callable[[], None]) -> Jobs:
        job = Job("maintenance", DAY)
        return Jobs(store, heard=heard, plan=(job,), acts={"maintenance": act})

    assert seat.may("see_alerts")
    desk.jobs = jobs
    shell = desk.log_in()
    desk.qtbot.waitUntil(lambda: shell.topbar.bell.unseen == 1)


def test_a_second_start_raises_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = Instance(), Instance()
    assert first.claim(tmp_path)
    assert first.claim(tmp_path)
    with qtbot.waitSignal(first.raised):
        assert not second.claim(tmp_path)
    assert second.claim(tmp_path / "another")
    first.release()
    assert Instance().claim(tmp_path)
    second.release()


def test_a_window_of_an_office_that_has_one_goes_away(desk: Desk) -> None:
    other = Instance()
    assert other.claim(desk.folder)
    window = desk.open()
    window.login.user.setText("王经理")
    window.login.password.setText(PASSWORD)
    with desk.qtbot.waitSignal(other.raised):
        window.login.submit()
    assert window.gone
    assert not window.isVisible()
    other.release()


def test_closing_while_something_is_written_names_it_and_waits(desk: Desk) -> None:
    shell = desk.log_in()
    window, go = desk.window, threading.Event()
    assert window is not None
    asker = shell.page
    assert asker is not None
    asker.run(lambda _: go.wait(), topic=Topic(), done=lambda _: None, writes=True, what="出账 2026-07")
    window.close()
    (asked,) = shell.findChildren(Confirm)
    assert window.isVisible()
    assert asked.act.text() == "等它完成"
    asked.act.click()
    assert window.isVisible()
    go.set()
    desk.qtbot.waitUntil(lambda: window.gone)
    assert not window.isVisible()


def test_what_is_not_saved_is_asked_about(desk: Desk) -> None:
    desk.factories["houses"] = Typing
    shell = desk.log_in()
    window = desk.window
    assert window is not None
    shell.go("houses")
    assert isinstance(shell.page, Typing)
    shell.page.edit.setText("x")
    window.close()
    (asked,) = shell.findChildren(Confirm)
    press(asked, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert shell.page.edit.text() == "x"
    window.lock()
    window.close()
    assert window.isVisible()
    assert window.lock_cover.wrong.text() == "还有未保存的内容，请先解锁。"


def test_changing_the_user_closes_the_office(desk: Desk, office: Office) -> None:
    office.with_staff("李收费")
    desk.log_in()
    window = desk.window
    assert window is not None
    window.change_user()
    desk.qtbot.waitUntil(lambda: window.session is None and not window.runner.busy)
    assert window.stack.currentWidget() is window.login
    assert window.login.user.text() == ""
    assert desk.log_in("李收费").frame.roles == ("收费员",)


def test_look_and_place_are_remembered_without_names(desk: Desk, dressed: Look) -> None:
    shell = desk.log_in()
    shell.topbar.look_chosen.emit(Mode.DARK, 125)
    assert (dressed.theme, dressed.scale) == ("dark", 125)
    assert Remembered(desk.config).look() == (Mode.DARK, 125)
    window = desk.window
    assert window is not None
    window.close()
    desk.qtbot.waitUntil(lambda: window.gone)
    kept = (desk.config / "window.ini").read_text("utf-8")
    assert "geometry" in kept
    assert "王经理" not in kept


def test_search_finds_pages_and_commands(desk: Desk) -> None:
    shell = desk.log_in()
    press(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = shell.palette_box
    type_in(box.box, "审计")
    assert box.titles == ("用户与审计",)
    press(box.box, Qt.Key.Key_Return)
    assert box.isHidden()
    assert shell.page is not None
    assert shell.page.head.title.text() == "用户与审计"
    press(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    type_in(box.box, ">锁")
    assert box.titles == ("锁定",)
    press(box.box, Qt.Key.Key_Escape)
    assert box.isHidden()


def test_the_letters_stand_there_while_alt_is_held(desk: Desk) -> None:
    shell = desk.log_in()
    assert desk.window is not None
    for kind, shown in ((QKeyEvent.Type.KeyPress, True), (QKeyEvent.Type.KeyRelease, False)):
        event = QKeyEvent(kind, Qt.Key.Key_Alt, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(desk.window.windowHandle(), event)
        assert shell.sidebar.letters is shown


def test_an_office_behind_its_witness_opens_for_reading(desk: Desk, office: Office) -> None:
    office.close()
    before = (desk.folder / "office.db").read_bytes()
    office.with_houses()
    office.close()
    (desk.folder / "office.db").write_bytes(before)
    shell = desk.log_in()
    assert shell.banner.isVisible()
    assert shell.banner.said.text().startswith("数据文件比见证文件少 1 条记录")
    shell.go("alerts")
    desk.quiet()
    assert shell.page is not None
    assert shell.page.message.isHidden()


def test_a_second_start_of_the_program_ends_at_once(qtbot: QtBot, folder: Path, tmp_path: Path) -> None:
    first = Instance()
    assert first.claim(folder)
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("XDG_CONFIG_HOME", str(tmp_path / "home"))
    RecentOffices(tmp_path / "home" / "anju").opened(folder, "样例花园")
    second = QProcess()
    second.setProcessEnvironment(environment)
    with qtbot.waitSignals([first.raised, second.finished], timeout=30_000):
        second.start(sys.executable, [str(Path(__file__).parents[2] / "main.py")])
    assert second.exitCode() == 0
    first.release()


def test_a_mistake_of_ours_is_told_with_its_number_and_the_window_lives_on(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    shell = desk.log_in()
    window, page = desk.window, shell.page
    assert window is not None
    assert page is not None
    try:
        raise KeyError("王样例 13800000102")
    except KeyError as error:
        window.mistake(error)
    said = page.message.said.text()
    number = said.partition("编号 ")[2][:6]
    assert number in (office.folder / "anju.log").read_text("utf-8")
    page.message.write_report(office.folder, number, tmp_path / "报告.txt")
    report = (tmp_path / "报告.txt").read_text("utf-8")
    assert f"{number} builtins.KeyError" in report
    assert "test_window.py" in report
    assert "王样例" not in report
    assert "没有住户资料" in page.message.hint.text()
    shell.go("houses")
    desk.quiet()
    assert shell.page is not page


def test_another_estate_is_added_and_chosen(desk: Desk, office: Office) -> None:
    office.with_houses()
    shell = desk.log_in()
    first = shell.frame.estate
    assert shell.topbar._turn.isHidden()
    shell.go("houses")
    desk.quiet()
    page = shell.page
    assert isinstance(page, HousesPage)
    page.estates.trigger()
    desk.qtbot.waitUntil(lambda: bool(shell.findChildren(Estates)))
    (asked,) = shell.findChildren(Estates)
    asked.form.boxes["name"].put("二期")
    with desk.qtbot.waitSignal(asked.landed) as said:
        asked.form.submit()
    assert said.args == ["小区 二期 已添加。"]
    desk.qtbot.waitUntil(lambda: shell.frame.estates == (first, "二期"))
    assert not shell.topbar._turn.isHidden()
    shell.topbar.estate_chosen.emit("二期")
    desk.qtbot.waitUntil(lambda: shell.frame.estate == "二期")
    assert shell.topbar._estate.words == "二期"
    house_change.add(shell.seat, HousePlace("B1", "1", "101"), NO_DETAILS)
    assert [row.houses for row in estates.listing(shell.seat)] == [2, 1]


def test_no_key_of_ours_belongs_to_an_input_method() -> None:
    taken = re.compile(r"Ctrl\+Space|Ctrl\+\.\"|Ctrl\+;|Ctrl\+Shift\+F\b|\"F10\"")
    sources = sorted((Path(__file__).parents[2] / "ui").rglob("*.py"))
    assert len(sources) > 50
    assert [path.name for path in sources if taken.search(path.read_text("utf-8"))] == []
