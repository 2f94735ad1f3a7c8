"""存下的筛选: a question under a name, for the whole office, live."""

from __future__ import annotations

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from app.services import resident_list, residents, segments
from app.services.list_face import Query
from app.services.person_form import PersonForm
from app.services.refused import Refused
from tests.builders import Office
from tests.ui.list_pages import open_page, settled
from ui.pages.residents import ResidentsPage
from ui.pages.saved_filters import ComposeFilter, SaveFilter
from ui.workers.runner import Runner


def test_a_group_is_saved_and_stays_live(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    residents.register(office.manager, "3-1-101", "tenant", PersonForm("赵租"))
    page = open_page(qtbot, runner, ResidentsPage, office.manager)
    settled(qtbot, page)
    body, (saved, _) = page.view.body, page.saved
    body.ask(Query(filters=(("tenant", "1"),)))
    qtbot.waitUntil(lambda: len(body.model.keys) == 1, timeout=5000)
    saved.fill(body.filters.saved, ()).actions()[0].trigger()
    asked = page.findChild(SaveFilter)
    assert asked is not None
    asked.form.fill({"name": "租户"})
    with qtbot.waitSignal(asked.landed, timeout=5000):
        asked.form.submit()
    residents.register(office.manager, "3-1-102", "tenant", PersonForm("钱租"))
    body.ask(Query())
    qtbot.waitUntil(lambda: len(body.model.keys) == 4, timeout=5000)
    menu = saved.fill(body.filters.saved, segments.listing(office.manager, "residents"))
    assert menu.actions()[0].text() == "租户"
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: len(body.model.keys) == 2, timeout=5000)


def test_all_conditions_hold_together_and_are_saved_at_once(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses(["3-1-0101", "3-1-0102", "5-1-0101"]).with_item().with_staff("孙工程")
    for house, name, born in (("3-1-101", "周奶奶", 1950), ("5-1-101", "钱奶奶", 1951), ("3-1-102", "小周", 2000)):
        residents.register(office.manager, house, "family", PersonForm(name, birth_on=date(born, 1, 1)))
    office.bill("2026-01", "2026-01-01")
    office.pay("5-1-101", 20962)
    page = open_page(qtbot, runner, ResidentsPage, office.manager)
    settled(qtbot, page)
    asked = page.compose()
    assert isinstance(asked, ComposeFilter)
    asked.form.fill({"words": "", "flags": "old", "late": "90", "owing": "100", "name": "老人欠费"})
    with qtbot.waitSignal(asked.landed, timeout=5000) as said:
        asked.form.submit()
    assert said.args == ["筛选“老人欠费”已存下。"]
    body = page.view.body
    qtbot.waitUntil(lambda: len(body.model.keys) == 1, timeout=5000)
    assert body.conditions() == ["60 岁以上", "房屋欠费超过 100 元", "房屋逾期超过 90 天"]
    chips = body.filters.chips
    assert [chip.title for chip in chips.chips if chip.isChecked()] == body.conditions()
    (kept,) = segments.listing(office.manager, "residents")
    assert kept.query == body.query
    again = page.compose()
    typed = again.form.typed
    assert (typed["flags"], typed["late"], typed["owing"]) == ("old", "90", "100")
    again.form.fill({**typed, "flags": "", "owing": "", "building": "3,5", "need": ""})
    again.form.submit()
    qtbot.waitUntil(lambda: len(body.model.keys) == 4, timeout=5000)
    next(chip for chip in chips.chips if chip.title == "房屋逾期超过 90 天").click()
    qtbot.waitUntil(lambda: len(body.model.keys) == 6, timeout=5000)
    assert body.conditions() == ["楼栋 3", "楼栋 5"]
    assert len(resident_list.keys(office.manager, kept.query)) == 1
    office.pay("3-1-101", 20962)
    assert len(resident_list.keys(office.manager, kept.query)) == 0


def test_conditions_by_a_figure_refuse_what_is_none(office: Office) -> None:
    office.with_houses(["3-1-0101"]).with_staff("钱客服")
    residents.register(
        office.manager, "3-1-101", "family",
        PersonForm("周奶奶", birth_on=date(1950, 1, 1), tags=("alone_old",), consent=True),
    )  # fmt: skip
    for filters, found in (
        ((("age", "70"),), 1), ((("age", "77"),), 0), ((("age", "七十"),), 0), ((("age", "9" * 12),), 0),
        ((("need", "alone_old"),), 1), ((("need", "deaf"),), 0), ((("late", "0"),), 0),
    ):  # fmt: skip
        assert len(resident_list.keys(office.seat("钱客服"), Query(filters=filters))) == found, filters
    assert "late" not in resident_list.counts(office.manager, Query()).of


def test_segments_from_the_terminal(office: Office) -> None:
    office.with_houses(["3-1-0101", "5-1-0101"])
    residents.register(office.manager, "3-1-101", "tenant", PersonForm("赵租"))
    argv = ("segment", "save", "三栋租户", "--filter", "tenant", "--filter", "building=3")
    assert office.command(*argv)[1] | {"key": None} == {
        "list": "residents", "segment": "三栋租户", "filters": {"tenant": ["1"], "building": ["3"]}, "words": "",
        "found": 1, "key": None,
    }  # fmt: skip
    assert office.command("segment", "list")[1]["segments"][0]["found"] == 1
    assert office.command("segment", "save", "x", "--filter", "none")[1]["error"]["code"] == "unknown_filter"
    assert office.command("segment", "save", "全部")[1]["error"]["code"] == "segment_empty"
    status, said = office.command("segment", "save", "大户", "--list", "houses", "--filter", "building=5")
    assert (status, said["found"]) == (0, 1)
    assert office.command("segment", "drop", "三栋租户")[0] == 0
    assert office.command("segment", "list")[1]["segments"] == []


def test_what_is_no_group_is_refused(office: Office) -> None:
    for name, query, code in (
        (" ", Query("x"), "segment_name"),
        ("全部", Query(), "segment_empty"),
    ):
        with pytest.raises(Refused) as refused:
            segments.save(office.manager, "residents", name, query)
        assert refused.value.problem.code == code
    segments.save(office.manager, "residents", "老人", Query(filters=(("old", "1"),)))
    segments.save(office.manager, "residents", "老人", Query("张", (("old", "1"),)))
    assert [(one.name, one.query.words) for one in segments.listing(office.manager, "residents")] == [("老人", "张")]
    assert segments.listing(office.manager, "houses") == ()
    segments.drop(office.manager, "residents", "老人")
    with pytest.raises(Refused):
        segments.drop(office.manager, "residents", "老人")
