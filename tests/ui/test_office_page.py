"""备份与设置: backups made, tried and put back, settings changed; each seat finds what it may do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.services import backup_list, backups, letter_texts, settings
from tests.builders import PASSWORD, Office
from tests.ui.hands import press, type_in
from tests.ui.windows import Desk
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton
from ui.pages.accept_clock import AcceptClock
from ui.pages.letter_versions import TwoVersions
from ui.pages.office import OfficePage
from ui.pages.settings_fields import GROUPS
from ui.restore import RestoreForm


def _page(desk: Desk, login: str = "王经理") -> OfficePage:
    shell = desk.log_in(login)
    shell.go("office")
    page = shell.page
    assert isinstance(page, OfficePage)
    desk.qtbot.waitUntil(lambda: page.backups.found is not None and not page.runner.busy)
    return page


def _settings(desk: Desk, page: OfficePage, group: str) -> None:
    page.go(1)
    desk.qtbot.waitUntil(lambda: page.head.scope.text().startswith("31 项设置") and not page.runner.busy)
    page.settings.tabs.go(list(GROUPS).index(group))


def test_a_backup_is_made_tried_and_listed(desk: Desk, office: Office) -> None:
    page = _page(desk)
    assert page.backups.places.texts[0][-1] == "还没有备份"
    press(page, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: len(page.backups.files.texts) == 1)
    assert page.backups.files.texts[0][:2] == ("今天 09:00", "手工")
    assert desk.window is not None
    shell = desk.window.shell
    assert shell is not None
    desk.qtbot.waitUntil(lambda: shell.statusbar.backup.text() == "上次备份 今天 09:00")
    assert page.backups.places.texts[0][-1] == "正常"
    desk.qtbot.waitUntil(lambda: "已备份到" in page.message.said.text())
    assert not page.backups.trying.isEnabled()
    page.backups.files.selectRow(0)
    page.backups.trying.trigger()
    desk.qtbot.waitUntil(lambda: page.backups.files.texts[0][-1] == "完好 今天 09:00")
    assert "备份完好" in page.message.said.text()
    assert office.sql("SELECT action FROM audit ORDER BY id DESC LIMIT 2") == [
        ("backup.verified",), ("backup.created",)]  # fmt: skip


def test_a_damaged_backup_is_called_so(desk: Desk, office: Office) -> None:
    folder = office.folder / "backups"
    folder.mkdir()
    (folder / "坏.anju").write_bytes(b"no zip")
    page = _page(desk)
    assert page.backups.files.texts[0][-1] == "没有验证过"
    page.backups.files.selectRow(0)
    page.backups.verify()
    desk.qtbot.waitUntil(lambda: "损坏" in page.message.said.text())


def test_destinations_come_and_go(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    stick = tmp_path / "stick"
    page.backups.add_place(stick)
    desk.qtbot.waitUntil(lambda: "不在" in page.message.said.text())
    stick.mkdir()
    page.backups.add_place(stick)
    desk.qtbot.waitUntil(lambda: len(page.backups.places.texts) == 2 and not page.runner.busy)
    page.backups.making.trigger()
    desk.qtbot.waitUntil(lambda: len(page.backups.files.texts) == 2)
    page.backups.places.selectRow(1)
    asked = page.backups.remove_place()
    assert asked is not None
    asked.act.click()
    desk.qtbot.waitUntil(lambda: len(page.backups.places.texts) == 1)
    assert list(stick.glob("*.anju"))


def test_a_restore_asks_for_the_houses_and_closes_the_office(desk: Desk, office: Office) -> None:
    office.with_houses()
    page = _page(desk)
    page.backups.make()
    desk.qtbot.waitUntil(lambda: len(page.backups.files.texts) == 1)
    settings.change(office.manager, "telephone", "010-2222 2222")
    office.close()
    page.backups.files.selectRow(0)
    asked = page.backups.restore()
    assert isinstance(asked, Confirm)
    type_in(asked.typed, "3")
    asked.act.click()
    assert "不对" in asked.wrong.text()
    asked.typed.setText("2")
    asked.act.click()
    window = desk.window
    assert window is not None
    desk.qtbot.waitUntil(lambda: bool(window.findChildren(RestoreForm)))
    (form,) = window.findChildren(RestoreForm)
    assert form.form.typed["login"] == "王经理"
    type_in(form.form.boxes["password"].edit, "falsch falsch")
    press(form.form.boxes["password"].edit, Qt.Key.Key_Return)
    assert form.form.boxes["second"].edit.hasFocus()
    assert not window.login.wrong.isVisible()
    form.form.submit()
    desk.qtbot.waitUntil(lambda: "不对" in form.form.message.said.text())
    form.form.boxes["password"].put(PASSWORD)
    form.form.submit()
    desk.qtbot.waitUntil(lambda: form.form.boxes["reason"].problem is not None)
    form.form.boxes["reason"].put("换回昨天的数据")
    form.form.submit()
    desk.qtbot.waitUntil(lambda: "已恢复到" in window.login.message.said.text(), timeout=20_000)
    desk.log_in()
    assert settings.get(office.manager, "telephone").value == ""
    assert list(office.folder.glob("replaced-*"))
    assert "before_restore" in {file.kind for file in backup_list.standing(office.manager).files}


def test_an_office_that_cannot_be_opened_is_restored_from_the_log_in(desk: Desk, office: Office) -> None:
    done = backups.create(office.manager, office.folder.with_name("b.anju"))
    office.close()
    (office.folder / "office.db").write_bytes(b"no database" * 1000)
    window = desk.open()
    window.login.user.setText("王经理")
    window.login.password.setText(PASSWORD)
    window.login.submit()
    desk.qtbot.waitUntil(lambda: window.login.message.isVisible())
    words = [button.text() for button in window.login.message.findChildren(HintButton)]
    assert words == ["从备份恢复…"]
    window.login.restoring.emit(office.folder, done.file)
    (form,) = window.findChildren(RestoreForm)
    form.form.fill({"login": "王经理", "password": PASSWORD, "reason": "磁盘坏了"})
    form.form.submit()
    desk.qtbot.waitUntil(lambda: "已恢复到" in window.login.message.said.text(), timeout=20_000)
    assert desk.log_in().seat.login == "王经理"


def test_a_restore_can_be_let_be(desk: Desk, office: Office) -> None:
    page = _page(desk)
    page.backups.make()
    desk.qtbot.waitUntil(lambda: len(page.backups.files.texts) == 1)
    page.backups.files.selectRow(0)
    asked = page.backups.restore()
    assert asked is not None
    asked.keep.click()
    desk.quiet()
    assert desk.window is not None
    assert desk.window.shell is not None


def test_the_printed_recovery_key_is_tried(desk: Desk, made_office: tuple[Path, str]) -> None:
    page = _page(desk)
    dialog = page.backups.prove_recovery()
    key = made_office[1]
    # The check symbol itself: of other symbols one in thirty-two leaves the check as it is.
    dialog.form.boxes["typed"].put(key[:4] + ("1" if key[4] != "1" else "2") + key[5:])
    dialog.form.submit()
    box = dialog.form.boxes["typed"]
    desk.qtbot.waitUntil(lambda: box.problem is not None and "第 1 组" in box.problem.text)
    box.put(key)
    dialog.form.submit()
    desk.qtbot.waitUntil(lambda: page.message.said.text() == "恢复密钥有效。")


def test_a_setting_is_changed_and_a_wrong_one_stays_in_its_field(desk: Desk, office: Office) -> None:
    page = _page(desk)
    _settings(desk, page, "账务规则")
    form = page.settings.form
    assert form is not None
    due, limit = form.boxes["due_day"], form.boxes["waiver_limit_fen"]
    due.put("32")
    limit.put("12.50")
    form.submit()
    assert due.problem is not None
    assert page.dirty
    due.put("20")
    form.submit()
    desk.qtbot.waitUntil(lambda: "已保存" in page.message.said.text() and not page.dirty)
    said = {row.name: row.value for row in settings.listing(office.manager)}
    assert (said["due_day"], said["waiver_limit_fen"]) == ("20", "1250")
    assert office.sql("SELECT count(*) FROM audit WHERE action = 'setting.changed'") == [(1,)]


def test_what_the_service_refuses_stands_at_its_field(desk: Desk, office: Office) -> None:
    office.with_houses().with_item().bill("2026-07")
    page = _page(desk)
    _settings(desk, page, "账务规则")
    form = page.settings.form
    assert form is not None
    form.boxes["go_live"].put("2026-07-01")
    form.submit()
    desk.qtbot.waitUntil(lambda: form.boxes["go_live"].problem is not None)
    assert form.typed["go_live"] == "2026-07-01"
    form.boxes["go_live"].put("")
    form.submit()
    assert form.message.said.text() == "没有改动。"


@pytest.mark.parametrize(
    ("login", "makes", "restores", "groups"),
    [
        ("郑审计", False, False, set()),
        ("周经理", False, True, {"小区与抬头", "账务规则", "收据", "催缴"}),
        ("吴管理", True, True, {"安全"}),
    ],
)
def test_each_seat_finds_what_it_may_do(
    desk: Desk, office: Office, login: str, makes: bool, restores: bool, groups: set[str]
) -> None:
    office.with_staff("郑审计", "周经理", "吴管理").set(telephone="010-3333 3333")
    office.close()
    page = _page(desk, login)
    acts = page.backups
    assert (acts.making.isEnabled(), acts.adding.isEnabled(), acts.restoring.isEnabled()) == (makes, makes, restores)
    assert acts.proving.isEnabled() == makes
    page.go(1)
    desk.qtbot.waitUntil(lambda: bool(page.settings.scope) and not page.runner.busy)
    assert set(page.settings.forms) == groups
    assert page.settings.group in (groups or {"小区与抬头"})
    assert ("只能看" in page.head.scope.text()) == (not groups)


def test_a_removal_asked_for_while_a_backup_comes_home_is_done_too(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    page.backups.add_place(tmp_path)
    desk.qtbot.waitUntil(lambda: len(page.backups.places.texts) == 2 and not page.runner.busy)
    page.backups.places.selectRow(1)
    page.backups.make()
    asked = page.backups.remove_place()
    assert asked is not None
    asked.act.click()
    desk.qtbot.waitUntil(lambda: len(page.backups.places.texts) == 1 and not page.runner.busy)
    assert list(tmp_path.glob("*.anju"))


def test_a_time_zone_is_chosen_and_an_odd_one_is_kept(desk: Desk, office: Office) -> None:
    zone = next(one for one in GROUPS["安全"] if one.name == "utc_offset")
    assert (zone.words("480"), zone.words("-210")) == ("UTC+8（北京时间）", "UTC−3:30")
    settings.change(office.manager, "utc_offset", "475")
    office.close()
    page = _page(desk)
    _settings(desk, page, "安全")
    form = page.settings.form
    assert form is not None
    assert form.typed["utc_offset"] == "475"
    assert form.bottom.isVisible()


def test_every_setting_stands_in_a_group() -> None:
    shown = [one.name for group in GROUPS.values() for one in group]
    assert set(shown) | {"backup_places"} == set(settings.SETTINGS)
    assert len(shown) == len(set(shown))


def test_what_somebody_else_changed_meanwhile_is_shown_beside_what_was_typed(desk: Desk, office: Office) -> None:
    page = _page(desk)
    _settings(desk, page, "小区与抬头")
    form = page.settings.form
    assert form is not None
    box = form.boxes["telephone"]
    box.put("")
    type_in(box.edit, "010-1111 1111")
    settings.change(office.manager, "telephone", "010-2222 2222")
    form.submit()
    desk.quiet()
    assert box.problem is not None
    assert "改成了“010-2222 2222”；您打开时是“（空）”，您填的是“010-1111 1111”" in box.problem.text
    assert box.text() == "010-1111 1111"
    assert office.sql("SELECT value FROM setting WHERE name = 'telephone'") == [("010-2222 2222",)]
    form.submit()
    desk.quiet()
    assert "已保存" in page.message.said.text()
    assert ("010-1111 1111",) in office.sql("SELECT value FROM setting WHERE name = 'telephone'")


def test_the_words_of_a_letter_are_changed_refused_and_put_back(desk: Desk, office: Office) -> None:
    page = _page(desk)
    page.go(2)
    desk.quiet()
    letters = page.letters
    letters.go_stage(2)
    desk.quiet()
    assert letters.found is not None
    packaged = letters.edit.toPlainText()
    letters.edit.setPlainText(packaged + "\n\n不交就断电。")
    assert page.dirty
    letters.go_stage(0)
    assert (letters.at, letters.message.isVisible()) == (2, True)
    letters.save()
    desk.quiet()
    assert "不能写" in letters.message.said.text()
    assert letters.edit.toPlainText().endswith("断电。")
    letters.edit.setPlainText(packaged + "\n\n请来前台商量。")
    letters.saving.trigger()
    desk.quiet()
    assert letters.state.word == "本办公室改过"
    assert not page.dirty
    letters.ask_reset().act.click()
    desk.quiet()
    assert letters.edit.toPlainText() == packaged


def test_two_who_change_a_letter_see_both_versions(desk: Desk, office: Office) -> None:
    page = _page(desk)
    page.go(2)
    desk.quiet()
    letters = page.letters
    assert "{交费期限}" in letters.edit.toPlainText()
    assert "{deadline}" not in letters.edit.toPlainText()
    mine, theirs = "请在 {交费期限} 前交清，谢谢。", "麻烦在 {deadline} 前交清。"

    letters.edit.setPlainText(mine)
    letter_texts.change(office.manager, "reminder", theirs)
    letters.saving.trigger()
    desk.quiet()
    (asked,) = page.area.findChildren(TwoVersions)
    assert (asked.theirs.toPlainText(), asked.mine.toPlainText()) == ("麻烦在 {交费期限} 前交清。", mine)
    asked.go_on.click()
    assert letters.edit.toPlainText() == mine
    letters.saving.trigger()
    desk.quiet()
    assert letter_texts.get(office.manager, "reminder").text == "请在 {deadline} 前交清，谢谢。"
    letters.edit.setPlainText(mine + "再会。")
    letter_texts.change(office.manager, "reminder", theirs)
    letters.saving.trigger()
    desk.quiet()
    page.area.findChildren(TwoVersions)[-1].take.click()
    assert letters.edit.toPlainText() == "麻烦在 {交费期限} 前交清。"
    assert not page.dirty


def test_who_only_reads_cannot_type_into_a_letter(desk: Desk, office: Office) -> None:
    office.with_staff("郑审计")
    page = _page(desk, "郑审计")
    page.go(2)
    desk.quiet()
    assert page.letters.edit.isReadOnly()
    assert page.letters.found is not None


def test_a_clock_that_stands_behind_is_accepted_with_a_reason(desk: Desk, office: Office) -> None:
    page = _page(desk)
    desk.clock.move(hours=-30)
    page.backups.make()
    desk.quiet()
    assert "电脑时间" in page.message.said.text()
    page.accept_clock()
    dialog = page.area.findChildren(AcceptClock)[-1]
    dialog.form.boxes["reason"].put("主板电池没电，已校正")
    dialog.form.submit()
    desk.quiet()
    assert "已按电脑时间继续" in page.message.said.text()
