"""Houses by hand in the window: new, changed, another state, several together, and the history."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.services import attachments, printing
from tests.builders import Office
from tests.ui.list_pages import go_to, open_page, settled
from ui.forms.hint_button import HintButton
from ui.pages.house_files import HouseFiles, size_words
from ui.pages.house_forms import ChangeHouse, ChangeState, EditHouses, MakeHouses, NewHouse
from ui.pages.house_lived import LivedThere
from ui.pages.house_moves import Renumber, ReplaceHouses
from ui.pages.houses import HousesPage
from ui.pages.panel_table import PanelTable
from ui.pages.permit_dialogs import ClosePermit, ExtendPermit, GivePermit
from ui.pages.register_dialogs import WriteTemplate
from ui.workers.runner import Runner


def _press(page: HousesPage, words: str) -> None:
    [each for each in page.panel.findChildren(HintButton) if each.text() == words][-1].click()


def _table(page: HousesPage, name: str) -> list[object]:
    return [each for each in page.panel.findChildren(PanelTable) if each.accessibleName() == name][-1].rows.rows


def test_a_house_is_made_changed_and_its_past_is_shown(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    page = open_page(qtbot, runner, HousesPage, office.manager)
    page.adding.trigger()
    new = page.findChildren(NewHouse)[0]
    for key, typed in (("building", "3"), ("entrance", "1"), ("room", "0101"), ("gross_area", "80")):
        new.form.boxes[key].put(typed)
    new.form.submit()
    qtbot.waitUntil(lambda: new.form.boxes["room"].problem is not None)
    assert new.form.typed["gross_area"] == "80"
    new.form.boxes["room"].put("0201")
    new.form.boxes["gross_area"].put("-1")
    new.form.submit()
    assert new.form.boxes["gross_area"].problem is not None
    new.form.boxes["gross_area"].put("80")
    with qtbot.waitSignal(new.landed) as sent:
        new.form.submit()
    assert sent.args == ["已新建房屋 3-1-0201。"]
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    _press(page, "修改…")
    change = page.findChildren(ChangeHouse)[0]
    assert change.form.typed["gross_area"] == "89.2"
    change.form.boxes["layout"].put("三室")
    with qtbot.waitSignal(change.landed) as sent:
        change.form.submit()
    assert sent.args == ["3-1-0101 已修改：户型。"]
    settled(qtbot, page)
    _press(page, "改状态…")
    state = page.findChildren(ChangeState)[0]
    state.form.boxes["state"].put("let")
    state.form.boxes["reason"].put("租出")
    with qtbot.waitSignal(state.landed) as sent:
        state.form.submit()
    assert sent.args == ["3-1-0101 现在是出租。"]
    qtbot.waitUntil(lambda: bool([t for t in page.panel.findChildren(PanelTable) if t.accessibleName() == "入住状态"]))
    settled(qtbot, page)
    assert [row.since for row in _table(page, "入住状态")] == ["2026-07-06", "起初"]  # type: ignore[attr-defined]
    said = [each.text() for each in page.panel.findChildren(QLabel)]
    assert "入住状态：已入住 → 出租" in said
    assert "户型：空 → 三室" in said


def test_two_who_change_one_house_see_both_versions(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    page = open_page(qtbot, runner, HousesPage, office.manager)
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    _press(page, "修改…")
    change = page.findChildren(ChangeHouse)[0]
    change.form.boxes["layout"].put("三室")
    argv = ("house", "change", "3-1-101", "--layout", "一室", "--orientation", "南")
    assert office.command(*argv)[0] == 0
    change.form.submit()
    qtbot.waitUntil(lambda: change.form.message.isVisible() and not page.runner.busy)
    assert change.form.message.said.text() == "刚才有人改过：户型“”→“一室”、朝向“”→“南”。"
    assert (change.form.typed["layout"], change.form.typed["orientation"]) == ("三室", "南")
    with qtbot.waitSignal(change.landed) as sent:
        change.form.submit()
    assert sent.args == ["3-1-0101 已修改：户型。"]
    assert office.sql("SELECT layout, orientation FROM house WHERE id = 1") == [("三室", "南")]


def test_who_lived_here_on_a_day_is_asked_at_the_house(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    argv = ("resident", "add", "3-1-101", "李租客", "--relation", "tenant", "--date", "2025-01-01")
    assert office.command(*argv)[0] == 0
    assert office.command("resident", "leave", "3-1-101", "李租客", "--date", "2025-12-31")[0] == 0
    page = open_page(qtbot, runner, HousesPage, office.manager)
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    _press(page, "某天谁住在这里…")
    asked = page.findChildren(LivedThere)[0]
    owner = "业主3-1-0101　业主　起初 至 今"
    qtbot.waitUntil(lambda: asked.live.more.text() == owner)
    asked.form.boxes["on"].put("2025-03-03")
    asked.form.boxes["on"].typed.emit()
    qtbot.waitUntil(lambda: asked.live.one.text() == "登记了 2 人")
    assert asked.live.more.text() == f"{owner}\n李租客　租户　2025-01-01 至 2025-12-31"
    asked.form.boxes["on"].put("3月33日")
    asked.form.submit()
    assert asked.form.boxes["on"].problem is not None


def test_an_empty_register_offers_a_template(office: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, office.manager)
    assert [words for words, _ in page.view.body.empty[3]] == ["从 Excel 导入", "按楼层批量生成", "下载空白模板"]
    page.view.body.empty[3][2][1]()
    assert page.findChildren(WriteTemplate)


def test_selected_houses_are_changed_together(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    page = open_page(qtbot, runner, HousesPage, office.manager)
    page.editing.trigger()
    assert "还没有选房屋" in page.message.said.text()
    page.view.body.model.selected.update((1, 2))
    page.editing.trigger()
    dialog = page.findChildren(EditHouses)[0]
    dialog.form.boxes["field"].put("structure")
    dialog.form.boxes["value"].put("钢混")
    dialog.form.boxes["value"].typed.emit()
    qtbot.waitUntil(lambda: dialog.live.one.text() == "选中 2 户，2 户的结构会改成钢混")
    with qtbot.waitSignal(dialog.landed) as sent:
        dialog.form.submit()
    assert sent.args == ["已改 2 户的结构。"]
    assert office.sql("SELECT DISTINCT structure FROM house") == [("钢混",)]


def test_who_only_reads_is_offered_nothing(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses().with_staff("郑审计")
    page = open_page(qtbot, runner, HousesPage, office.seat("郑审计"))
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    words = {button.text() for button in page.findChildren(HintButton)}
    assert not {"修改…", "改状态…", "新建房屋"} & words
    assert not page.adding.isEnabled()


def test_houses_are_made_by_the_floor_with_a_preview(office: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, office.manager)
    page.making.trigger()
    dialog = page.findChildren(MakeHouses)[0]
    typed = {"buildings": "1-2", "entrances": "1", "floors": "1-6", "skip": "4", "on_floor": "2", "gross_area": "89.2"}
    for key, words in typed.items():
        dialog.form.boxes[key].put(words)
    dialog.form.boxes["on_floor"].typed.emit()
    qtbot.waitUntil(lambda: dialog.live.one.text() == "会新建 20 户")
    assert dialog.live.more.text() == (
        "1-1-0101、1-1-0102、1-1-0201、1-1-0202 … 2-1-0501、2-1-0502、2-1-0601、2-1-0602。"
    )
    dialog.form.boxes["pattern"].put("{楼}{户:02}")
    dialog.form.submit()
    qtbot.waitUntil(lambda: dialog.form.boxes["pattern"].problem is not None)
    dialog.form.boxes["pattern"].put("")
    with qtbot.waitSignal(dialog.landed) as sent:
        dialog.form.submit()
    assert sent.args == ["已生成 20 户，从 1-1-0101 起。"]
    assert office.sql("SELECT count(*), sum(gross_area) FROM house") == [(20, 20 * 892000)]


def test_a_house_gets_another_number_and_is_split(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    page = open_page(qtbot, runner, HousesPage, office.manager)
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    _press(page, "改房号…")
    other = page.findChildren(Renumber)[0]
    assert (other.form.typed["building"], other.form.typed["entrance"]) == ("楼", "1")
    for key, words in (("building", "3"), ("room", "0103"), ("reason", "门牌更正")):
        other.form.boxes[key].put(words)
    with qtbot.waitSignal(other.landed) as sent:
        other.form.submit()
    assert sent.args == ["3-1-0101 改为 3-1-0103，原房号用到 2026-07-05。"]
    split = page.open_dialog(ReplaceHouses(page, "3-1-0103"))
    split.form.boxes["news"].put("3-1-0103A=45，=")
    assert not split.form.boxes["news"].judge()
    split.form.boxes["news"].put("3-1-0103A=45，3-1-0103B=44")
    split.form.boxes["news"].typed.emit()
    qtbot.waitUntil(lambda: split.live.answer is not None)
    assert split.live.one.text() == "拆分：3-1-0103 → 3-1-0103A、3-1-0103B，原房屋用到 2026-07-06"
    assert split.live.more.text() == "面积不相等：原来 89.2 m²，现在 89 m²。"
    split.form.boxes["reason"].put("分户")
    with qtbot.waitSignal(split.landed):
        split.form.submit()
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    qtbot.waitUntil(
        lambda: bool([t for t in page.panel.findChildren(PanelTable) if t.accessibleName() == "拆分、合并"])
    )
    assert [row.number for row in _table(page, "曾用房号")] == ["3-1-0101"]  # type: ignore[attr-defined]
    assert [row.what for row in _table(page, "拆分、合并")] == ["拆成", "拆成"]  # type: ignore[attr-defined]


def test_a_permit_is_given_extended_and_closed(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    page = open_page(qtbot, runner, HousesPage, office.manager)
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    for words, made, typed, said in (
        (
            "登记装修许可…",
            GivePermit,
            {"to": "2026-07-31", "company": "样例装饰"},
            "装修许可 X2026-000001 已登记，到 2026-07-31。",
        ),
        ("延期…", ExtendPermit, {"to": "2026-08-31", "reason": "延误"}, "装修许可 X2026-000001 延期到 2026-08-31。"),
        ("办结…", ClosePermit, {}, "装修许可 X2026-000001 已办结，3-1-0101 现在是已入住。"),
    ):
        qtbot.waitUntil(lambda words=words: words in {b.text() for b in page.panel.findChildren(HintButton)})
        _press(page, words)
        dialog = page.findChildren(made)[0]
        for key, value in typed.items():
            dialog.form.boxes[key].put(value)
        with qtbot.waitSignal(dialog.landed) as sent:
            dialog.form.submit()
        assert sent.args[0].startswith(said)
        settled(qtbot, page)


def test_a_photo_is_kept_shown_taken_out_and_removed(
    office: Office, qtbot: QtBot, runner: Runner, tmp_path: Path
) -> None:
    office.with_houses()
    picture = QImage(900, 600, QImage.Format.Format_RGB32)
    picture.fill(0x14647F)
    picture.save(str(tmp_path / "照片.png"))
    page = open_page(qtbot, runner, HousesPage, office.manager)
    files = HouseFiles(page, "3-1-0101")
    qtbot.waitUntil(lambda: files.shown.text() == "还没有照片和文件。" and not runner.busy)
    with qtbot.waitSignal(files.landed) as sent:
        files.add(tmp_path / "照片.png")
    assert sent.args == ["已添加 照片.png，加密保存。"]
    qtbot.waitUntil(lambda: not files.shown.pixmap().isNull())
    assert files.shown.pixmap().width() <= files.shown.width()
    with qtbot.waitSignal(files.landed):
        files.save(tmp_path / "out.png")
    assert (tmp_path / "out.png").read_bytes() == (tmp_path / "照片.png").read_bytes()
    qtbot.waitUntil(lambda: not runner.busy)
    with qtbot.waitSignal(files.landed):
        files.drop("照片.png")
    qtbot.waitUntil(lambda: files.shown.text() == "还没有照片和文件。" and not runner.busy)
    files.add(tmp_path / "none")
    qtbot.waitUntil(lambda: files.message.isVisible() and "没有这个文件" in files.message.said.text())
    assert [size_words(size) for size in (5, 2048, 3_500_000)] == ["5 字节", "2 KB", "3.3 MB"]


def test_papers_and_texts_are_read_in_place_and_broken_ones_are_said(
    office: Office, qtbot: QtBot, runner: Runner, tmp_path: Path
) -> None:
    office.with_houses().with_item()
    office.bill("2026-07")
    printing.print_bills(office.manager, "2026-07", tmp_path / "账单.pdf")
    (tmp_path / "坏的.pdf").write_bytes(b"%PDF-1.7 no more")
    (tmp_path / "记录.txt").write_bytes("业主来电：水表有异响".encode("gb18030"))
    (tmp_path / "表.docx").write_bytes(b"PK")
    for name in ("账单.pdf", "坏的.pdf", "记录.txt", "表.docx"):
        attachments.add(office.manager, "3-1-101", tmp_path / name)
    page = open_page(qtbot, runner, HousesPage, office.manager)
    files = HouseFiles(page, "3-1-0101")
    qtbot.waitUntil(lambda: len(files.rows) == 4 and not runner.busy)

    def look_at(name: str) -> None:
        files.names.setCurrentRow([row.name for row in files.rows].index(name))
        qtbot.waitUntil(lambda: not runner.busy)

    look_at("账单.pdf")
    assert files.shown.pixmap().height() > files.shown.pixmap().width() > 300
    look_at("坏的.pdf")
    assert files.shown.text().startswith("这个文件打不开")
    look_at("记录.txt")
    assert files.shown.text() == "业主来电：水表有异响"
    look_at("表.docx")
    assert "请另存为以后打开" in files.shown.text()
