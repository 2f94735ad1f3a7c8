"""欠费催缴: ages as a filter, the record of a debtor, calls, holds, the day's papers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.services import arrears_list, dun_contacts
from tests.builders import Office
from tests.ui.hands import press, type_in
from tests.ui.list_pages import go_to, open_page, settled
from ui.pages.dunning import DunningPage
from ui.pages.dunning_dialogs import Hold, LogService, LogTalk
from ui.pages.printing import page_count
from ui.workers.runner import Runner


@pytest.fixture
def owing(office: Office) -> Office:
    office.with_houses().with_item(late_rate=50_000).set(letterhead="样例物业", office_name="服务中心")
    for month in ("2026-04", "2026-05", "2026-06"):
        office.bill(month, f"{month}-01")
    office.pay("3-1-102", 20_000)
    return office.with_staff("钱客服", "郑审计")


def test_a_click_on_an_age_filters_the_list(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    ages = arrears_list.ages(owing.manager)
    assert page.bar.accessibleName().startswith("账龄：")
    qtbot.waitUntil(lambda: sum(page.bar._sums.values()) == sum(ages.values()))
    name = next(bucket for bucket, fen in ages.items() if not fen)
    with qtbot.waitSignal(page.view.body.model.loaded):
        page.bar.chosen.emit(name)
    assert page.view.body.model.rowCount() == 0
    with qtbot.waitSignal(page.view.body.model.loaded):
        page.bar.chosen.emit(name)
    assert page.view.body.model.rowCount() == 2
    assert page.bar._hit(QPointF(page.bar._parts()[2][1].center())) in ages
    press(page.bar, Qt.Key.Key_Right)
    with qtbot.waitSignal(page.bar.chosen) as sent:
        press(page.bar, Qt.Key.Key_Return)
    assert sent.args == ["d1_30"]


def test_a_call_and_a_hold_are_written_down_from_the_panel(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    go_to(qtbot, page, 1)
    talk = page.open(LogTalk(page, "3-1-0101"))
    type_in(talk.form.boxes["note"].edit, "说下周来交")
    with qtbot.waitSignal(talk.landed) as said:
        talk.form.submit()
    assert said.args == ["3-1-0101 的电话已登记。"]
    hold = page.open(Hold(page, "3-1-0101"))
    hold.form.boxes["kind"].put("disputed")
    type_in(hold.form.boxes["reason"].edit, "漏水未修")
    with qtbot.waitSignal(hold.landed):
        hold.form.submit()
    record = dun_contacts.record(owing.manager, "3-1-0101")
    assert ([event.what for event in record.events], [row.kind for row in record.holds]) == (["电话"], ["disputed"])
    settled(qtbot, page)
    qtbot.waitUntil(lambda: "催缴记录 1" in page.panel.tabs._words)


def test_the_day_s_papers_are_asked_for_printed_and_served(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    qtbot.waitUntil(lambda: page.today_plan is not None)
    assert page.handling.text() == "处理今天 2 户"
    asked = page.ask_run()
    assert asked is not None
    assert asked.keep.hasFocus() or not page.isActiveWindow()
    with qtbot.waitSignal(page.wanted) as sent:
        asked.answered.emit(True)
    assert sent.args[0] == "print"
    assert page_count(sent.args[1].file) >= 1
    settled(qtbot, page)
    qtbot.waitUntil(lambda: page.handling.text() == "今天没有要发的")
    go_to(qtbot, page, 1)
    served = page.open(LogService(page, "D2026-000001"))
    type_in(served.form.boxes["signer"].edit, "本人")
    with qtbot.waitSignal(served.landed) as said:
        served.form.submit()
    assert said.args == ["D2026-000001 的送达已登记，有送达凭证。"]


@pytest.mark.parametrize(("login", "words"), [("钱客服", ["登记电话…"]), ("郑审计", [])])
def test_who_may_only_log_or_only_read(
    owing: Office, qtbot: QtBot, runner: Runner, login: str, words: list[str]
) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.seat(login))
    go_to(qtbot, page, 1)
    made = [button.text() for button in page.panel.findChildren(type(page._handle)) if not button.isHidden()]
    assert made == words
    assert page._handle.isHidden()
