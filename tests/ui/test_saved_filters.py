"""存下的筛选: a question under a name, for the whole office, live."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.services import residents, segments
from app.services.list_face import Query
from app.services.person_form import PersonForm
from app.services.refused import Refused
from tests.builders import Office
from tests.ui.list_pages import open_page, settled
from ui.pages.residents import ResidentsPage
from ui.pages.saved_filters import SaveFilter
from ui.workers.runner import Runner


def test_a_group_is_saved_and_stays_live(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses()
    residents.register(office.manager, "3-1-101", "tenant", PersonForm("赵租"))
    page = open_page(qtbot, runner, ResidentsPage, office.manager)
    settled(qtbot, page)
    body, (saved,) = page.view.body, page.saved
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
