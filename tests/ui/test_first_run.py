"""新建办公室: left and come back to, refused where it must be, the key typed back; a sample, a forgotten password."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.sample import demo
from app.sample.staff import PASSWORD as SAMPLE_PASSWORD
from app.security import recovery
from app.security.keyslots import FLOOR
from app.services import entrance, recovery_sheet
from app.services.progress import Cancelled, Progress
from tests.builders import PASSWORD, Office, StandingClock
from tests.reports.excel.making import TODAY
from tests.ui.first_month import FirstMonth
from tests.ui.test_first_month import month as month
from tests.ui.windows import Desk
from ui.first_run.folders import doubt
from ui.first_run.wizard import ADMIN, ESTATE, FOLDER, KEY, FirstRun
from ui.forms.confirm import Confirm
from ui.pages.setup import PRICE


def to_key(month: FirstMonth) -> FirstRun:
    """Go on until the key is shown."""
    wizard = month.window.make_office()
    wizard.folder.fill({"folder": str(month.base / "办公室")})
    wizard.estate.fill({"estate": "阳光花园"})
    wizard.admin.fill({"login": "王经理", "password": PASSWORD, "again": PASSWORD})
    for form in (wizard.folder, wizard.estate, wizard.admin):
        form.submit()
    month.wait(lambda: wizard.now == KEY)
    return wizard


def test_it_can_be_left_and_come_back_to_without_its_password(month: FirstMonth) -> None:
    hands = month.hands
    hands.press("Alt+N")
    wizard = month.window.first_run
    assert wizard is not None
    hands.type(str(month.base / "办公室"))
    hands.press("Enter")
    hands.type("阳光花园")
    hands.press("Enter")
    hands.type("王经理")
    hands.press("Enter")
    hands.type(PASSWORD)
    hands.press("Esc")
    assert month.window.stack.currentWidget() is month.window.login
    hands.press("Alt+N")
    assert wizard.now == ADMIN
    assert (wizard.admin.typed["login"], wizard.admin.typed["password"]) == ("王经理", "")
    hands.press("Alt+Left")
    assert wizard.now == ESTATE
    again = FirstRun(month.window.runner, month.window.remembered, month.window.login.opening)
    assert (again.estate.typed["estate"], again.now) == ("阳光花园", FOLDER)
    month.window.remembered._kept.sync()
    assert PASSWORD not in (month.base / "config" / "window.ini").read_text("utf-8")


def test_a_step_is_judged_before_the_next(month: FirstMonth, folder: Path, office: Office) -> None:
    wizard = month.window.make_office()
    for typed, said in (
        (str(folder), "已经有一个办公室"),
        ("office", "完整的文件夹路径"),
        (str(folder / "office.db" / "x"), "不能写入"),
    ):
        wizard.folder.boxes["folder"].put(typed)
        wizard.folder.submit()
        problem = wizard.folder.boxes["folder"].problem
        assert problem is not None
        assert said in problem.text
    assert wizard.now == FOLDER
    wizard.go(ADMIN)
    wizard.admin.fill({"login": "王经理", "password": PASSWORD, "again": PASSWORD + "x"})
    wizard.admin.submit()
    problem = wizard.admin.boxes["again"].problem
    assert problem is not None
    assert "不一样" in problem.text


def test_what_the_service_refuses_stands_at_its_field(month: FirstMonth) -> None:
    wizard = month.window.make_office()
    wizard.folder.fill({"folder": str(month.base / "办公室")})
    wizard.estate.fill({"estate": "阳光花园"})
    wizard.admin.fill({"login": "王经理", "password": "12345678", "again": "12345678"})
    wizard.go(ADMIN)
    wizard.admin.submit()
    month.quiet()
    problem = wizard.admin.boxes["password"].problem
    assert problem is not None
    assert "太常见" in problem.text
    assert not (month.base / "办公室").exists()


def test_folders_that_are_copied_elsewhere_are_warned_about(tmp_path: Path) -> None:
    assert "网盘" in doubt(tmp_path / "OneDrive" / "办公室")
    assert "网盘" in doubt(tmp_path / "坚果云" / "办公室")
    assert doubt(tmp_path / "办公室") == ""
    (tmp_path / "照片.jpg").touch()
    assert "别的文件" in doubt(tmp_path)


def test_wrong_groups_are_named_and_the_sheet_is_printed(month: FirstMonth) -> None:
    wizard = to_key(month)
    key = wizard.key
    target = month.base / "sheet.pdf"

    def to_file(_: object) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        return printer

    key.choose_printer = to_file
    month.hands.press("Ctrl+P")
    month.quiet()
    assert "2 份" in key.printed.text()
    assert len(pypdfium2.PdfDocument(target)) == 2
    for _ in key.asked:
        month.hands.type("AAAAA")
        month.hands.press("Enter")
    month.quiet()
    assert f"第 {key.asked[0] + 1} 组不对" in key.wrong.text()
    month.hands.type(key._groups[key.asked[0]])
    for _ in key.asked:
        month.hands.press("Enter")
    month.quiet()
    assert f"第 {key.asked[1] + 1} 组不对" in key.wrong.text()
    assert [edit.property("wrong") for edit in key.edits] == [False, True]
    assert key.edits[1].hasFocus()
    assert wizard.key_shown


def test_the_sheet_holds_every_group_twice() -> None:
    key = recovery.show(bytes(range(20)))
    document = pypdfium2.PdfDocument(recovery_sheet.pages("阳光花园", key, TODAY))
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert len(texts) == 2
    assert all(group in text for text in texts for group in key.split("-"))
    assert "第一份" in texts[0]
    assert "第二份" in texts[1]


def test_closing_while_the_key_is_shown_asks_first(month: FirstMonth) -> None:
    wizard = to_key(month)
    month.window.close()
    (asked,) = wizard.findChildren(Confirm)
    assert month.window.isVisible()
    asked.keep.click()
    assert wizard.key_shown
    month.window.close()
    asked = wizard.findChildren(Confirm)[-1]
    asked.act.click()
    month.wait(lambda: not month.window.isVisible())
    entrance.open_office(month.base / "办公室", "王经理", PASSWORD, clock=month.clock, cost=FLOOR).close()


def test_without_a_workbook_the_sample_register_comes_in(month: FirstMonth) -> None:
    month.make_office()
    month.hands.press("Alt+Y")
    month.wait(lambda: month.setup.panel.rehearsed is not None)
    month.quiet()
    month.hands.press("Ctrl+Enter")
    month.wait(lambda: month.setup.now == PRICE)
    month.hands.press("Esc")
    month.quiet()
    shell = month.window.shell
    assert shell is not None
    assert shell.page is not None
    shell.go("setup")
    month.quiet()
    assert "已有" in month.setup.there.text()


def test_a_forgotten_password_is_reset_with_the_sheet(desk: Desk, qtbot: QtBot, folder: Path, office: Office) -> None:
    office.close()
    made = entrance.create_office(
        folder.parent / "其他", "阳光花园", "王经理", PASSWORD, clock=StandingClock(), cost=FLOOR
    )
    window = desk.open()
    asked = window.forgot(made.folder)
    assert asked is not None
    asked.form.fill(
        {"key": "AAAAA" * 8, "login": "王经理", "password": "another good one", "again": "another good one"}
    )
    asked.form.submit()
    desk.quiet()
    assert asked.form.boxes["key"].problem is not None
    asked.form.boxes["key"].put(made.recovery_key.lower())
    with qtbot.waitSignal(asked.reset):
        asked.form.submit()
    assert "新密码" in window.login.message.said.text()
    entrance.open_office(made.folder, "王经理", "another good one", clock=StandingClock(), cost=FLOOR).close()


def test_the_sample_office_is_made_from_the_log_in(month: FirstMonth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.window.SAMPLE_HOUSES", 9)
    monkeypatch.setattr("ui.window.SAMPLE_MONTHS", 1)
    window = month.window
    window.make_sample(month.base / "演示小区")
    assert "正在建" in window.login.message.said.text()
    month.wait(lambda: not window.runner.busy)
    assert "演示小区已建好" in window.login.message.said.text()
    month.hands.type(SAMPLE_PASSWORD)
    month.hands.press("Enter")
    month.wait(lambda: window.shell is not None)


def test_making_the_sample_can_be_cancelled(tmp_path: Path) -> None:
    progress = Progress()
    step = progress.step

    def cancelled(n: int, of: int, what: str | None = None) -> None:
        if n == 1:
            progress.cancel()
        step(n, of, what)

    progress.step = cancelled  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        demo.live(tmp_path / "演示", 9, 1, 1, clock=StandingClock(), cost=FLOOR, progress=progress)
