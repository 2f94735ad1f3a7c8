"""导入: a workbook is looked at, its columns corrected, then written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from app.services import counter, imports
from app.services.progress import Progress
from reports.excel.workbook import read_workbook
from tests.builders import Office
from tests.reports.excel.making import REAL, TODAY, a_workbook
from tests.ui.hands import press, type_in
from tests.ui.windows import Desk
from ui.forms.confirm import Confirm
from ui.pages.importing import ImportPage

HEAD = ["房号", "建筑面积", "业主姓名", "手机号"]
GOOD: list[list[Any]] = [HEAD, ["3-1-0402", 89.5, "张三", "13900000001"], ["3-1-0502", 90, "李四", "13900000002"]]


def opened(desk: Desk, kind: str = "houses", login: str = "王经理") -> ImportPage:
    shell = desk.log_in(login)
    shell.go("import", kind)
    desk.quiet()
    page = shell.page
    assert isinstance(page, ImportPage)
    return page


def read(desk: Desk, page: ImportPage, path: Path) -> None:
    page.panel.file.clear()
    type_in(page.panel.file, str(path))
    press(page.panel.file, Qt.Key.Key_Return)
    desk.quiet()


def test_what_would_change_is_shown_then_written(desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(desk)
    read(desk, page, a_workbook(tmp_path, GOOD))
    assert ("房屋", "2", "0", "0") in page.panel.counts.texts
    assert counter.find(office.manager, "张三", 5) == ()
    press(page.panel.go, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.quiet()
    assert "已导入" in page.message.said.text()
    assert page.panel.file.hasFocus()
    assert [hit.house for hit in counter.find(office.manager, "张三", 5)] == ["3-1-0402"]
    read(desk, page, tmp_path / "book.xlsx")
    assert not page.panel.going.isEnabled()
    assert "新增 0、更新 0" in page.panel.summary.text()


def test_what_changes_of_what_is_there_is_shown_cell_by_cell(desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(desk)
    read(desk, page, a_workbook(tmp_path, GOOD))
    assert page.panel.difference_card.isHidden()
    page.panel.going.trigger()
    desk.quiet()
    other = [HEAD, ["3-1-0502", 91, "李四", "13900000009"], ["3-1-0402", 89.5, "张三", "13900000001"]]
    read(desk, page, a_workbook(tmp_path, other, name="other.xlsx"))
    assert list(page.panel.differences.texts) == [
        ("李四（3-1-502）", "手机号", "139****0002", "139****0009"),
        ("3-1-0502", "建筑面积", "90", "91"),
    ]
    assert page.panel.difference_card.title.text() == "2 处改动"
    assert not page.panel.difference_card.isHidden()


def test_the_last_import_is_taken_back(desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(desk)
    page.panel.undoing.trigger()
    desk.quiet()
    assert page.message.said.text() == "没有可以撤销的导入。"
    read(desk, page, a_workbook(tmp_path, GOOD))
    page.panel.going.trigger()
    desk.quiet()
    page.panel.undoing.trigger()
    desk.quiet()
    asked = page.area.findChildren(Confirm)[-1]
    asked.act.click()
    desk.quiet()
    assert page.message.said.text() == "“book.xlsx”的导入已撤销。"
    assert office.sql("SELECT count(*) FROM house") == [(0,)]


def test_a_column_is_said_otherwise(desk: Desk, tmp_path: Path) -> None:
    page = opened(desk)
    odd = [["门户代号", "代号二", "大小", "房主大名"], ["3-1-0402", "A1", 89.5, "张三"]]
    read(desk, page, a_workbook(tmp_path, {"台账": odd}))
    assert "没有认出" in page.message.said.text()
    columns = page.panel.columns
    columns.table.setCurrentIndex(columns.table.findData("houses"))
    columns.table.activated.emit(columns.table.currentIndex())
    desk.quiet()
    assert "“房号”" in page.message.said.text()
    for at, key in ((0, "room"), (2, "gross_area"), (3, "owner.name")):
        combo = columns.columns[at]
        combo.setCurrentIndex(combo.findData(key))
        combo.activated.emit(combo.currentIndex())
        desk.quiet()
    assert ("房屋", "1", "0", "0") in page.panel.counts.texts
    assert page.panel.going.isEnabled()


def test_what_a_person_put_right_is_known_again_by_its_name(desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(desk)
    other = [["房号", "建筑面积", "业主姓名", "机主"], ["3-1-0402", 89.5, "张三", "13900000001"]]
    read(desk, page, a_workbook(tmp_path, other))
    columns = page.panel.columns
    assert columns._named.isHidden()
    box = columns.columns[3]
    box.setCurrentIndex(box.findData("owner.phone"))
    box.activated.emit(box.currentIndex())
    desk.quiet()
    assert not columns._named.isHidden()
    type_in(columns.name, "老系统住户表")
    page.panel.going.trigger()
    desk.quiet()
    assert "已导入" in page.message.said.text()
    later = [other[0], ["3-1-0502", 90, "李四", "13900000002"]]
    path = a_workbook(tmp_path, later, name="later.xlsx")
    read(desk, page, path)
    assert columns._read_as.words == "按记住的“老系统住户表”读的"
    status, said = office.command("import", "houses", str(path))
    assert (status, said["added"]) == (0, 2)
    assert office.sql("SELECT phone FROM person WHERE name = '李四'") == [("13900000002",)]


def test_bad_rows_are_named_kept_out_and_saved(desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(desk)
    read(desk, page, a_workbook(tmp_path, [*GOOD, ["3-1-0602", "很大", "王五", "13900000003"]]))
    (bad,) = page.panel.problems.texts
    assert bad[:3] == ("房屋 第 4 行", "建筑面积", "很大")
    assert not page.panel.going.isEnabled()
    page.panel.write_rejects(tmp_path / "问题.xlsx")
    desk.quiet()
    assert [one.value for one in read_workbook(tmp_path / "问题.xlsx", "houses", TODAY).rejected] == ["很大"]
    page.panel.skip.click()
    page.panel.going.trigger()
    desk.quiet()
    assert "跳过 1 处" in page.message.said.text()
    assert counter.find(office.manager, "王五", 5) == ()


def test_a_file_is_dropped(desk: Desk) -> None:
    page = opened(desk)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(REAL / "hc.xlsx"))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(QPoint(9, 9), copy, data, left, none),
        QDropEvent(QPoint(9, 9), copy, data, left, none),
    ):
        QApplication.sendEvent(page.panel, event)
    desk.quiet()
    assert page.panel.rehearsed is not None
    assert page.panel.rehearsed.answer.added > 0


def test_a_file_that_is_no_workbook_is_explained(desk: Desk, tmp_path: Path) -> None:
    page = opened(desk)
    (tmp_path / "a.xlsx").write_bytes(b"PK nothing")
    read(desk, page, tmp_path / "a.xlsx")
    assert page.message.isVisible()
    assert page.panel.empty.isVisible()
    read(desk, page, tmp_path / "none.xlsx")
    assert "找不到文件" in page.message.said.text()


def test_an_import_is_cancelled_and_nothing_is_written(
    desk: Desk, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(desk)
    read(desk, page, a_workbook(tmp_path, GOOD))
    step = Progress.step

    def cancelled(self: Progress, n: int, of: int, what: str | None = None) -> None:
        if n and self.what.startswith("写入"):
            self.cancel()
        step(self, n, of, what)

    monkeypatch.setattr(Progress, "step", cancelled)
    page.panel.going.trigger()
    desk.quiet()
    assert "未作任何更改" in page.message.said.text()
    assert counter.find(office.manager, "张三", 5) == ()
    assert page.panel.going.isEnabled()


def test_reading_is_cancelled(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Exception) as why:
        imports.read(a_workbook(tmp_path, GOOD), "houses", TODAY, None, progress)
    assert type(why.value).__name__ == "Cancelled"


@pytest.mark.parametrize(
    ("login", "kinds"),
    [("钱客服", ("houses", "residents")), ("孙工程", ("meters", "readings", "equipment"))],
)
def test_each_role_imports_what_it_may(desk: Desk, office: Office, login: str, kinds: tuple[str, ...]) -> None:
    office.with_staff(login)
    page = opened(desk, kinds[0], login)
    assert page.panel.kinds == kinds
