"""欠费催缴: ages as a filter, the record of a debtor, calls, holds, the day's papers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services import arrears_list, dun_contacts, dunning, plans
from app.services.list_face import Query
from tests.builders import Office
from tests.ui.hands import press, type_in
from tests.ui.list_pages import go_to, open_page, settled
from ui.forms.badge import Badge
from ui.pages.dunning import LETTER, DunningPage
from ui.pages.dunning_board import CARD, LaneView
from ui.pages.dunning_dialogs import Hold, LogService, LogTalk, Release
from ui.pages.dunning_letter import Papers
from ui.pages.list_panel import DetailPanel
from ui.pages.plan_dialogs import AgreePlan, EndPlan
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


@pytest.mark.parametrize(("login", "words"), [("钱客服", ["登记电话…", "争议…"]), ("郑审计", [])])
def test_who_may_only_log_or_only_read(
    owing: Office, qtbot: QtBot, runner: Runner, login: str, words: list[str]
) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.seat(login))
    go_to(qtbot, page, 1)
    made = [button.text() for button in page.panel.findChildren(type(page._handle)) if not button.isHidden()]
    assert made == words
    assert page._handle.isHidden()


def test_the_ladder_is_in_front_and_walked_by_keys(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    lanes = page.board.lanes
    qtbot.waitUntil(lambda: lanes[0].title.text() == "1 温馨提示")
    due = next(lane for lane in lanes if lane.view.cards.cards)
    assert (page.on_board, due.count.text(), due.about.text()) == (True, "2 户", "逾期 7 天起")
    assert "今天应发" in str(due.view.cards.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert due.view.cards.index(0, 0).data(CARD).house == due.view.cards.cards[0].house
    first = page.board.card
    assert first == due.view.cards.cards[0]
    settled(qtbot, page)
    assert page.panel.title.text().startswith(first.house)
    due.view.setFocus()
    press(due.view, Qt.Key.Key_Down)
    assert page.board.card.house != first.house
    press(due.view, Qt.Key.Key_Right)
    assert page.board.card.house != first.house
    assert due.view.dragEnabled() is False


def test_the_first_card_that_is_due_is_chosen_once(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    dun_contacts.hold(owing.manager, "3-1-0101", "disputed", "漏水")
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    qtbot.waitUntil(lambda: page.board.card is not None)
    assert (page.board.card.house, page.board.card.state) == ("3-1-0102", "due")
    page.view.body.ask(Query("没有这样的人"))
    settled(qtbot, page)
    page.view.body.ask(Query(""))
    settled(qtbot, page)
    qtbot.waitUntil(lambda: len(page.board.lanes[0].view.cards.cards) == 2)
    assert page.board.card is None


def test_arrows_go_across_the_columns_and_one_card_is_chosen(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    owing.clock.to("2026-07-06")
    dunning.run(owing.manager, owing.folder / "out" / "dun.pdf", house="3-1-102")
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    dun_contacts.hold(owing.manager, "3-1-0102", "disputed", "漏水")
    owing.clock.to("2026-08-06")
    dunning.run(owing.manager, owing.folder / "out" / "dun.pdf")
    owing.clock.to("2026-09-06")
    page.reload()
    qtbot.waitUntil(lambda: len(page.board.lanes[1].view.cards.cards) == 1)
    view: LaneView = page.board.lanes[0].view
    view.setFocus()
    view.go(0)
    assert page.board.card.held == "disputed"
    press(view, Qt.Key.Key_Right)
    assert (page.board.card.house, view.card) == ("3-1-0101", None)
    press(page.board.lanes[1].view, Qt.Key.Key_Left)
    assert page.board.card.house == "3-1-0102"


def test_list_and_ladder_show_the_same_row_and_the_choice_is_remembered(
    owing: Office, qtbot: QtBot, runner: Runner
) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    page.go_front(1)
    go_to(qtbot, page, 2)
    page.go_front(0)
    qtbot.waitUntil(lambda: page.board.card is not None and page.board.card.key == 2)
    page.go_front(1)
    page.view.body.keep()
    qtbot.waitUntil(lambda: not runner.busy)
    again = open_page(qtbot, runner, DunningPage, owing.manager)
    assert not again.on_board


def test_the_paper_of_a_house_is_shown_sent_and_printed_once_more(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    go_to(qtbot, page, 1)
    assert page.handle_paper() is None
    qtbot.waitUntil(lambda: page.paper is not None)
    assert len(page.panel.findChild(Papers).papers) == 1
    assert page.paper.due
    assert page.papering.text() == "发出并打印"
    asked = page.handle_paper()
    with qtbot.waitSignal(page.wanted) as sent:
        asked.answered.emit(True)
    assert sent.args[0] == "print"
    qtbot.waitUntil(lambda: page.paper is not None and page.paper.number == "D2026-000001")
    assert page.papering.text() == "重打"
    with qtbot.waitSignal(page.wanted) as again:
        page.papering.trigger()
    assert page_count(again.args[1].file) == 1


def test_a_hold_is_ended_from_the_panel(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    dun_contacts.hold(owing.manager, "3-1-0101", "disputed", "漏水")
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    go_to(qtbot, page, 1)
    words = [button.text() for button in page.panel.findChildren(type(page._handle)) if not button.isHidden()]
    assert "结束暂缓…" in words
    ended = page.open(Release(page, "3-1-0101", "disputed"))
    type_in(ended.form.boxes["reason"].edit, "已修好")
    with qtbot.waitSignal(ended.landed) as said:
        ended.form.submit()
    assert said.args == ["3-1-0101 的暂缓（有争议）到今天为止。"]


def test_a_claim_whose_time_runs_out_has_a_badge(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    owing.clock.to("2029-04-20")
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    go_to(qtbot, page, 1)
    assert "时效 30 天内" in [badge.word for badge in page.panel.findChildren(Badge)]


def test_house_by_house_the_next_one_is_current_when_a_paper_is_sent(
    owing: Office, qtbot: QtBot, runner: Runner
) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    page.view.body.ask(Query(filters=(("todo", "due"),)))
    settled(qtbot, page)
    qtbot.waitUntil(lambda: len(page.board.lanes[0].view.cards.cards) == 2)
    page.panel.tabs.go(LETTER)
    qtbot.waitUntil(lambda: page.paper is not None and page.paper.due)
    first = page.paper.house
    asked = page.handle_paper()
    with qtbot.waitSignal(page.wanted):
        asked.answered.emit(True)
    qtbot.waitUntil(lambda: page.paper is not None and page.paper.house != first)
    assert page.paper.due
    assert page.board.card.house == page.paper.house


def test_a_page_is_as_high_with_a_scroll_bar_as_without(qtbot: QtBot) -> None:
    """Else the bar comes and goes without end where the page only just fits."""
    panel = DetailPanel(["文书"])
    qtbot.addWidget(panel)
    panel.resize(460, 200)
    panel.show_head("3-1-0101", "")
    papers = Papers([QImage(827, 1169, QImage.Format.Format_RGB32)])
    panel.tab(0).addWidget(papers)
    panel.body(0).addStretch(1)
    panel.show()
    heights = set()
    for height in (200, 1200, *range(560, 800, 3)):
        panel.resize(460, height)
        QApplication.processEvents()
        heights.add(papers.height())
        assert len(heights) == 1


def test_a_house_that_is_not_in_front_gets_no_paper(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    page.panel.tabs.go(LETTER)
    go_to(qtbot, page, 1)
    qtbot.waitUntil(lambda: page.paper is not None)
    page.view.body.ask(Query("没有这样的人"))
    settled(qtbot, page)
    assert page.paper is None
    assert page.handle_paper() is None


def test_a_plan_is_agreed_with_equal_parts_and_given_up(owing: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, DunningPage, owing.manager)
    dialog = page.open(AgreePlan(page, "3-1-0101"))
    qtbot.waitUntil(lambda: dialog.live.answer is not None)
    grid = dialog.form.boxes["parts"]
    assert len(grid.text().split("，")) == 3
    dialog.form.boxes["n"].put("2")
    dialog.form.boxes["n"].typed.emit()
    qtbot.waitUntil(lambda: len(grid.text().split("，")) == 2)
    whole = grid.text()
    grid.put(whole + "，？=1")
    dialog.form.submit()
    assert grid.problem is not None
    assert "第 3 期" in grid.problem.text
    grid.put(whole)
    with qtbot.waitSignal(dialog.landed) as agreed, qtbot.waitSignal(page.wanted):
        dialog.form.submit()
    assert agreed.args[0].endswith("元分 2 期，暂停催缴。")
    (row,) = plans.listing(owing.manager)
    ending = page.open(EndPlan(page, row))
    ending.form.boxes["act"].put("end")
    ending.form.boxes["reason"].put("另行起诉")
    with qtbot.waitSignal(ending.landed) as said:
        ending.form.submit()
    assert said.args == [f"3-1-0101 的分期协议 {row.number} 已终止。"]
