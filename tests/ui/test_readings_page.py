"""抄表: typed down the walk, judged with every key, saved together."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.services import readings
from app.services.reading_sheet import sheet
from app.services.refused import refuse
from app.services.seat import Seat
from tests.builders import Office
from tests.ui.hands import press, show, type_in
from ui.pages.main_meter_dialogs import AddMainMeter, MainMeters, TakeRound
from ui.pages.readings import ReadingsPage, usual_day
from ui.pages.readings_dialogs import ChangeMeter, ConfirmOdd, CorrectReading
from ui.pages.readings_grid import LAST, MARK, METER, OWNER, THIS, USED, USUAL
from ui.theme import look
from ui.workers.runner import Runner

HOUSES = ("3-1-0101", "3-1-0102", "3-1-0201")
JUNE = date(2026, 6, 30)


@pytest.fixture
def metered(office: Office) -> Office:
    office.with_houses(HOUSES).with_houses(("4-1-0101",)).with_item("SF", "meter", "3.5").with_item(
        "DF", "meter", "0.6"
    )
    for house in (*HOUSES, "4-1-0101"):
        office.with_meter(house, start="100")
        readings.add(office.manager, house, "水", "110", JUNE)
    office.with_meter("3-1-0101", "DF", "电", "500")
    return office.with_staff("孙工程", "郑审计")


def _open(qtbot: QtBot, runner: Runner, seat: Seat) -> ReadingsPage:
    page = ReadingsPage(seat, runner)
    qtbot.addWidget(page)
    page.resize(1190, 690)
    show(qtbot, page)
    _quiet(qtbot, page)
    assert page.grid.hasFocus() or page.stack.currentWidget() is page.empty
    page.item.setCurrentIndex(page.item.findData("SF"))
    page.item.activated.emit(page.item.currentIndex())
    return page


def _quiet(qtbot: QtBot, page: ReadingsPage) -> None:
    qtbot.waitUntil(lambda: not page.runner.busy)


def _says(page: ReadingsPage, row: int, column: int) -> str:
    return str(page.grid.lines.index(row, column).data())


def _editor(page: ReadingsPage) -> QLineEdit:
    assert page.grid.cells.editor is not None
    return page.grid.cells.editor


def test_a_walk_is_typed_with_figures_and_enter_and_saved(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.seat("孙工程"))
    assert page.progress.text() == "已抄 0 / 4"
    press(page.grid, Qt.Key.Key_1)
    type_in(_editor(page), "22")
    assert (_says(page, 0, THIS), _says(page, 0, USED), _says(page, 0, MARK)) == ("122", "12", "正常")
    press(_editor(page), Qt.Key.Key_Return)
    assert page.grid.row == 1
    type_in(_editor(page), "110")
    assert _says(page, 1, MARK) == "零用量"
    assert page.dirty
    press(_editor(page), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    _quiet(qtbot, page)
    assert not page.dirty
    assert page.progress.text() == "已抄 2 / 4"
    assert page.sums.text() == "已抄 2 户，用量合计 12"
    stands = {line.house: line.this for line in sheet(metered.manager).lines if line.item == "SF"}
    first = stands["3-1-0101"]
    assert first is not None
    assert (first.value, first.on, stands["3-1-0201"]) == (1_220_000, date(2026, 7, 6), None)


def test_what_is_unusual_is_marked_while_it_is_typed(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    assert _says(page, 0, USUAL) == "10"
    page.grid.open_cell(0)
    type_in(_editor(page), "9")
    assert (_says(page, 0, USED), _says(page, 0, MARK)) == ("−101", "小于上期")
    assert page.blocked.text() == "1 户有错，改正后才能保存"
    type_in(_editor(page), "9")
    type_in(_editor(page), "9")
    assert (_says(page, 0, USED), _says(page, 0, MARK)) == ("889", "为均值 88.9 倍")
    type_in(_editor(page), "x")
    assert _says(page, 0, MARK) == "不是读数"
    assert page.chips.button(2).text() == "异常 1"


def test_full_width_figures_stand_one_after_the_other(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.open_cell(0)
    type_in(_editor(page), "１２２。５")
    assert (_says(page, 0, THIS), _says(page, 0, USED)) == ("122.5", "12.5")


def test_less_than_the_last_is_not_saved_and_stays(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.lines.put(0, "90")
    page.grid.lines.put(1, "120")
    page.save()
    _quiet(qtbot, page)
    assert page.progress.text() == "已抄 1 / 4"
    assert (_says(page, 0, THIS), page.dirty) == ("90", True)
    page.save()
    assert "都有错" in page.message.said.text()


def test_a_round_is_finished_once_nothing_is_wrong(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.seat("孙工程"))
    for row, figure in enumerate(("122", "90")):
        page.grid.lines.put(row, figure)
    page.finishing.trigger()
    assert page.message.said.text() == "3-1-0102 的读数有错，本批还不能完成。"
    assert page.grid.row == 1
    page.grid.lines.put(1, "115")
    page.finishing.trigger()
    qtbot.waitUntil(lambda: page.message.said.text() == "本批 4 块表：已抄 2 块，还有 2 块没抄。")
    assert not page.dirty
    page.grid.lines.put(2, "120")
    page.grid.lines.put(3, "130")
    page.finishing.trigger()
    qtbot.waitUntil(lambda: page.message.said.text() == "本批 4 块表：已抄 4 块，全部抄完。")
    assert metered.sql("SELECT count(*) FROM reading WHERE \"on\" > '2026-06-30'") == [(4,)]


def test_a_wrong_cell_is_framed_wherever_the_keys_are(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.setCurrentIndex(page.grid.lines.index(2, THIS))
    place = page.grid.visualRect(page.grid.lines.index(0, THIS))

    def framed() -> bool:
        seen = page.grid.viewport().grab().toImage()
        edge = [seen.pixelColor(place.left() + each, place.center().y()) for each in range(place.width() // 2)]
        return look().colour("danger") in edge

    page.grid.lines.put(0, "120")
    assert not framed()
    page.grid.lines.put(0, "90")
    assert framed()


def test_a_register_that_wrapped_is_said_with_shift_f8(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.open_cell(0)
    type_in(_editor(page), "5")
    press(_editor(page), Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert _says(page, 0, USED) == str(100_005 - 110)
    page.save()
    _quiet(qtbot, page)
    assert page.progress.text() == "已抄 1 / 4"


def test_what_was_typed_survives_a_save_that_fails(
    metered: Office, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.lines.put(0, "121")
    page.grid.lines.put(1, "122")
    threads = []

    def fails(*_: object, **__: object) -> None:
        threads.append(threading.current_thread())
        raise refuse("disk_full", "磁盘满了。")

    monkeypatch.setattr(readings, "add", fails)
    page.save()
    _quiet(qtbot, page)
    assert threading.main_thread() not in threads
    assert (_says(page, 0, THIS), _says(page, 1, THIS)) == ("121", "122")
    assert _says(page, 0, MARK) == "没有保存"
    assert "磁盘满了" in page.message.said.text()
    monkeypatch.undo()
    page.save()
    _quiet(qtbot, page)
    assert (page.dirty, page.progress.text()) == (False, "已抄 2 / 4")


def test_a_mistake_of_ours_loses_nothing_either(
    metered: Office, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.lines.put(0, "121")

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(readings, "add", breaks)
    page.save()
    _quiet(qtbot, page)
    assert (_says(page, 0, THIS), page.saving.isEnabled(), page.message.isVisible()) == ("121", True, True)


def test_building_kind_and_chips_narrow_the_grid(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.building.setCurrentIndex(page.building.findData("4"))
    page.building.activated.emit(page.building.currentIndex())
    assert [line.house for line in page.grid.lines.rows] == ["4-1-0101"]
    page.building.setCurrentIndex(0)
    page.item.setCurrentIndex(page.item.findData("DF"))
    page.item.activated.emit(page.item.currentIndex())
    assert [line.meter for line in page.grid.lines.rows] == ["电"]
    page.open_with("4-1-0101")
    assert page.grid.lines.rows[page.grid.row].house == "4-1-0101"
    page.grid.lines.put(page.grid.row, "100")
    page.chips.button(2).click()
    assert [line.house for line in page.grid.lines.rows] == ["4-1-0101"]


def test_another_month_waits_for_what_is_typed(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.lines.put(0, "121")
    page.day.setText("2026-06-30")
    page.day.editingFinished.emit()
    assert page.day.text() == "2026-07-06"
    page.grid.lines.put(0, "")
    page.day.setText("2026-06-30")
    page.day.editingFinished.emit()
    _quiet(qtbot, page)
    assert page.progress.text() == "已抄 4 / 4"
    assert not page.grid.lines.open_at(0)


def test_nothing_is_saved_for_a_day_that_is_none(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.lines.put(0, "121")
    page.day.setText("2026-07-40")
    page.save()
    assert page.message.isVisible()
    assert not page.runner.writing
    assert page.dirty


def test_what_another_desk_read_meanwhile_is_said(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.lines.put(0, "121")
    page.grid.lines.put(1, "115.0")
    readings.add(metered.manager, "3-1-0101", "水", "120", date(2026, 7, 2))
    readings.add(metered.manager, "3-1-0102", "水", "115", date(2026, 7, 2))
    page.reload()
    _quiet(qtbot, page)
    assert (_says(page, 0, THIS), page.dirty) == ("120", False)
    assert page.message.said.text().startswith("3-1-0101 本月")


def test_an_open_cell_stays_open_when_the_sheet_is_read_anew(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.open_cell(1)
    type_in(_editor(page), "12")
    page.reload()
    _quiet(qtbot, page)
    type_in(_editor(page), "1")
    assert (_editor(page).text(), _says(page, 1, THIS)) == ("121", "121")
    press(_editor(page), Qt.Key.Key_Escape)
    assert (_says(page, 1, MARK), page.dirty) == ("未抄", False)


def test_an_estimate_is_said_with_f7(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.open_cell(0)
    type_in(_editor(page), "120")
    press(_editor(page), Qt.Key.Key_F7)
    page.save()
    _quiet(qtbot, page)
    assert _says(page, 0, MARK) == "估抄"
    this = sheet(metered.manager).lines[1].this or sheet(metered.manager).lines[0].this
    assert this is not None
    assert this.kind == "estimate"


def test_a_reader_types_nothing(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.seat("郑审计"))
    press(page.grid, Qt.Key.Key_1)
    assert page.grid.cells.editor is None
    assert not page.saving.isEnabled()


def test_an_office_without_meters_says_so(office: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, office.manager)
    assert page.stack.currentWidget() is page.empty
    assert page.empty.title.text() == "还没有水表"
    assert not page.filters.isVisible()
    assert not page.saving.isEnabled()


@pytest.mark.parametrize(("today", "day"), [((2026, 8, 1), (2026, 7, 31)), ((2026, 7, 6), (2026, 7, 6))])
def test_the_first_days_still_read_the_month_before(today: tuple[int, int, int], day: tuple[int, int, int]) -> None:
    assert usual_day(date(*today)) == date(*day)


def test_a_changed_meter_is_said_with_f8(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.open_cell(0)
    press(_editor(page), Qt.Key.Key_F8)
    dialog = page.findChild(ChangeMeter)
    assert dialog is not None
    for key, typed in (("on", "2026-07-03"), ("end", "108"), ("start", "2"), ("number", "水2")):
        dialog.form.boxes[key].put(typed)
    dialog.form.submit()
    _quiet(qtbot, page)
    assert "小于上次读数" in dialog.form.message.said.text()
    dialog.form.boxes["end"].put("115")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["3-1-0101 从 2026-07-03 起是新表 水2，旧表用量 5。"]
    _quiet(qtbot, page)
    assert (_says(page, 0, METER), _says(page, 0, LAST), _says(page, 0, MARK)) == ("水2", "2", "已换表，待抄新表")
    page.grid.lines.put(0, "9")
    assert (_says(page, 0, USED), _says(page, 0, MARK)) == ("12", "正常")
    assert "旧表用量 5" in page.meter.last.words
    page.save()
    _quiet(qtbot, page)
    assert page.sums.text() == "已抄 1 户，用量合计 12"
    assert page.change_meter() is None


def test_an_odd_reading_is_confirmed_with_f9_and_a_reason(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.open_cell(0)
    assert page.confirm_odd() is None
    type_in(_editor(page), "200")
    assert page.chips.button(2).text() == "异常 1"
    press(_editor(page), Qt.Key.Key_F9)
    dialog = page.findChild(ConfirmOdd)
    assert dialog is not None
    dialog.form.submit()
    assert dialog.isVisible()
    type_in(dialog.form.boxes["reason"].edit, "装修用水")
    dialog.form.submit()
    assert (_says(page, 0, MARK), page.chips.button(2).text()) == ("已确认", "异常 0")
    page.save()
    _quiet(qtbot, page)
    assert "装修用水" in metered.sql("SELECT detail FROM change ORDER BY seq DESC")[0][0]


def test_another_figure_needs_another_confirmation(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.lines.put(0, "110")
    assert page.grid.lines.mark(0).level == "warn"
    page.grid.lines.typed[page.grid.lines.rows[0].meter_id].reason = "出差"
    assert page.grid.lines.mark(0).word == "已确认"
    page.grid.lines.put(0, "300")
    assert page.grid.lines.mark(0).level == "warn"


def test_owners_stand_in_the_grid_for_who_may_see_them(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.resize(1500, 800)
    assert (_says(page, 0, OWNER), page.grid.isColumnHidden(OWNER)) == ("业主3-1-0101", False)
    engineer = _open(qtbot, runner, metered.seat("孙工程"))
    engineer.resize(1500, 800)
    assert (_says(engineer, 0, OWNER), engineer.grid.isColumnHidden(OWNER)) == ("—", True)


def test_the_foot_tells_the_current_meter_s_history(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    page.grid.go_row(1)
    assert page.meter.title.words.startswith("3-1-0102")
    assert page.meter.last.words == "上期 110（2026-06-30，抄表）"
    assert page.meter.bars.accessibleName() == "近几期用量：2026 年 6 月 10"


def test_a_saved_reading_is_corrected_with_f2(metered: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, metered.manager)
    assert page.correct() is None
    assert page.message.said.text() == "3-1-0101 本月还没有保存的读数。"
    readings.add(metered.manager, "3-1-0101", "水", "112", date(2026, 7, 5))
    page.reload()
    _quiet(qtbot, page)
    page.grid.go_row(0)
    press(page.grid, Qt.Key.Key_F2)
    dialog = page.findChild(CorrectReading)
    assert dialog is not None
    dialog.form.boxes["value"].put("121")
    dialog.form.submit()
    assert dialog.isVisible()
    type_in(dialog.form.boxes["reason"].edit, "看错一位")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["3-1-0101 的读数改为 121，用量 11。"]
    _quiet(qtbot, page)
    assert (_says(page, 0, THIS), _says(page, 0, USED)) == ("121", "11")


def test_a_master_meter_is_written_down_read_and_set_against_its_subs(
    office: Office, runner: Runner, qtbot: QtBot
) -> None:
    office.with_houses().with_item("SF", "meter", "3.5", name="水费").with_meter("3-1-0101", start="100")
    page = ReadingsPage(office.manager, runner)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    show(qtbot, page)
    page.mains.trigger()
    qtbot.waitUntil(lambda: page.findChild(AddMainMeter) is not None, timeout=5000)
    new = page.findChild(AddMainMeter)
    assert new is not None
    new.form.fill({**new.form.typed, "number": "Z-3", "name": "三栋总表", "building": "9"})
    new.form.submit()
    qtbot.waitUntil(lambda: new.form.boxes["building"].problem is not None, timeout=5000)
    new.form.fill({**new.form.typed, "building": "3"})
    with qtbot.waitSignal(new.landed, timeout=5000):
        new.form.submit()
    for value, on in (("0", "2026-06-30"), ("50", "2026-07-06")):
        page.mains.trigger()
        qtbot.waitUntil(lambda: len(page.findChildren(MainMeters)) == 1, timeout=5000)
        asked = page.findChild(MainMeters)
        assert asked is not None
        asked.form.fill({**asked.form.typed, "value": value, "on": on})
        with qtbot.waitSignal(asked.landed, timeout=5000) as said:
            asked.form.submit()
        qtbot.waitUntil(lambda: not page.findChildren(MainMeters), timeout=5000)
    assert said.args[0] == "Z-3 读数 50，用量 50。"
    page.take_round()
    out = page.findChild(TakeRound)
    assert out is not None
    with qtbot.waitSignal(out.landed, timeout=5000) as told:
        out.form.submit()
    assert "抄表单 1 块表" in told.args[0]
    page.take_round()
    paper = page.findChildren(TakeRound)[-1]
    paper.form.boxes["form"].put("pdf")
    with qtbot.waitSignal(page.wanted, timeout=10_000) as wanted:
        paper.form.submit()
    assert wanted.args[1].file.name == "抄表单_20260706.pdf"
