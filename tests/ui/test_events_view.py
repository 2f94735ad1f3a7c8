"""活动 in the window: made, a group invited, signed in at the door by keys only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services import events, residents, segments
from app.services.list_face import Query
from app.services.person_form import PersonForm
from tests.builders import Office
from tests.ui.hands import press, type_in
from tests.ui.list_pages import open_page, settled
from ui.forms.confirm import Confirm
from ui.pages.event_desk import GuestDesk
from ui.pages.event_dialogs import CancelEvent, ChangeEvent, InviteGroup, InviteListed, NewEvent, WalkIn
from ui.pages.residents import ResidentsPage
from ui.workers.runner import Runner


@pytest.fixture
def lived(office: Office) -> Office:
    office.with_houses().with_staff("钱客服", "李收费")
    for house, name, born in (("3-1-101", "周奶奶", 1950), ("3-1-102", "周爷爷", 1949), ("3-1-102", "小钱", 2001)):
        residents.register(office.manager, house, "family", PersonForm(name, birth_on=date(born, 1, 1)))
    segments.save(office.manager, "residents", "老人", Query(filters=(("old", "1"),)))
    return office


def _idle(qtbot: QtBot, page: ResidentsPage) -> None:
    settled(qtbot, page)
    qtbot.waitUntil(lambda: not page.runner.busy)


def test_an_event_is_made_and_its_guests_sign_in_by_keys(lived: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, ResidentsPage, lived.seat("钱客服"))
    page.go_view(1)
    _idle(qtbot, page)
    assert page.adding.text() == "新活动"
    made = page.add()
    assert isinstance(made, NewEvent)
    made.form.fill({"title": "茶话会", "on": "2026-07-06", "begins": "25:00", "capacity": "2"})
    made.form.submit()
    qtbot.waitUntil(lambda: made.form.boxes["begins"].problem is not None)
    made.form.fill({"title": "茶话会", "on": "2026-07-06", "begins": "14:30", "capacity": "2"})
    with qtbot.waitSignal(made.landed) as said:
        made.form.submit()
    assert said.args == ["活动“茶话会”已建，编号 E2026-000001。"]
    _idle(qtbot, page)
    page.view.body.table.selectRow(0)
    qtbot.waitUntil(lambda: page.events.found is not None)

    page.events.invite()
    qtbot.waitUntil(lambda: bool(page.findChildren(InviteGroup)))
    (group,) = page.findChildren(InviteGroup)
    group.form.fill({"segment": "老人", "groups": "old", "each": "person"})
    with qtbot.waitSignal(group.landed) as said:
        group.form.submit()
    assert said.args == ["“茶话会”新请 2 人，共 2 户 2 人。"]
    _idle(qtbot, page)
    qtbot.waitUntil(lambda: page.events.found is not None and page.events.found.counts.invited == 2)

    page.open_row()
    (desk,) = page.findChildren(GuestDesk)
    qtbot.waitUntil(lambda: len(desk.found.rows) == 2)
    type_in(desk.search, "z")
    press(desk.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "有 2 位" in desk.message.said.text())
    assert desk.table.hasFocus() or not desk.isActiveWindow()
    press(desk.table, Qt.Key.Key_Down)
    desk.heads.setValue(3)
    desk.answer("yes")
    qtbot.waitUntil(lambda: "会来 3 人" in desk.counted.text())
    assert "名额 2，会来的已有 3 人" in desk.message.said.text()
    desk.search.clear()
    type_in(desk.search, "3-1-102")
    press(desk.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "到场 1 人" in desk.counted.text())
    assert [row[-1] for row in desk.table.texts] == ["已签到"]
    desk.enter()
    assert "已经签过到" in desk.message.said.text()
    desk.sign(came=False)
    qtbot.waitUntil(lambda: "到场 0 人" in desk.counted.text())
    desk.uninvited.emit()
    desk.close_desk()
    (other,) = page.findChildren(WalkIn)
    other.form.fill({"house": "3-1-102", "name": "小钱"})
    with qtbot.waitSignal(other.landed) as said:
        other.form.submit()
    assert said.args == ["小钱 已签到，到场 1 人。"]
    _idle(qtbot, page)
    qtbot.waitUntil(lambda: page.events.found is not None and page.events.found.counts.came == 1)
    papers: list[object] = []
    page.wanted.connect(lambda where, what: papers.append((where, what.file.name)))
    page.events.print("slips")
    qtbot.waitUntil(lambda: papers == [("print", "邀请函-E2026-000001.pdf")])
    page.events.print("sheet")
    qtbot.waitUntil(lambda: len(papers) == 2)
    page.events.end()
    (asked,) = page.findChildren(Confirm)
    asked.answered.emit(True)
    qtbot.waitUntil(lambda: "已结束，到场 1 人" in page.message.said.text())


def test_whom_the_list_shows_is_invited(lived: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, ResidentsPage, lived.seat("钱客服"))
    page.invite()
    qtbot.waitUntil(lambda: "没有筹备中的活动" in page.message.said.text())
    events.add(lived.manager, events.EventForm("大扫除", date(2026, 7, 9)))
    page.view.body.ask(Query(filters=(("old", "1"),)))
    _idle(qtbot, page)
    page.invite()
    qtbot.waitUntil(lambda: bool(page.findChildren(InviteListed)))
    (listed,) = page.findChildren(InviteListed)
    listed.form.fill({**listed.form.typed, "who": "listed"})
    with qtbot.waitSignal(listed.landed) as said:
        listed.form.submit()
    assert said.args == ["“大扫除”新请 2 人，共 2 户 2 人。"]
    page.go_view(1)
    _idle(qtbot, page)
    page.view.body.table.selectRow(0)
    qtbot.waitUntil(lambda: page.events.found is not None)
    assert page.events.found is not None
    change = ChangeEvent(page, page.events.found)
    seen = page.events.found
    events.change(lived.manager, seen.number, seen.version, replace(seen.form, note="带手套"))
    change.form.boxes["place"].put("广场")
    change.form.submit()
    qtbot.waitUntil(lambda: "“”→“带手套”" in change.form.message.said.text())
    assert change.form.typed["place"] == "广场"
    with qtbot.waitSignal(change.landed) as said:
        change.form.submit()
    assert said.args == ["活动“大扫除”已改。时间或地点改了，已发的邀请函要另行通知。"]
    cancel = CancelEvent(page, page.events.found)
    cancel.form.fill({"reason": "暴雨"})
    with qtbot.waitSignal(cancel.landed) as said:
        cancel.form.submit()
    assert said.args == ["活动“大扫除”已取消。已请 2 人，请通知他们。"]


def test_who_only_reads_sees_events_and_changes_none(lived: Office, qtbot: QtBot, runner: Runner) -> None:
    events.add(lived.manager, events.EventForm("大扫除", date(2026, 7, 9)))
    events.invite(lived.manager, "E2026-000001", Query(filters=(("old", "1"),)))
    page = open_page(qtbot, runner, ResidentsPage, lived.seat("李收费"))
    page.go_view(1)
    _idle(qtbot, page)
    page.view.body.table.selectRow(0)
    qtbot.waitUntil(lambda: page.events.found is not None)
    desk = page.events.desk()
    assert desk is not None
    qtbot.waitUntil(lambda: len(desk.found.rows) == 2)
    assert not hasattr(desk, "signing")
