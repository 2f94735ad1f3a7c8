"""Opening a list page in a test and waiting until it has settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from app.services.seat import Seat
from ui.pages.list_page import ListPage
from ui.workers.runner import Runner


def settled(qtbot: QtBot, page: ListPage) -> None:
    """Wait until nothing is being read any more."""
    body = page.view.body
    qtbot.waitUntil(lambda: body.model.ready and body.counts is not None and not page.runner.busy)


def open_page(qtbot: QtBot, runner: Runner, make: Callable[[Seat, Runner], Any], seat: Seat) -> Any:
    """A page at the size it has in a small window, with its list."""
    page = make(seat, runner)
    qtbot.addWidget(page)
    page.resize(1190, 720)
    with qtbot.waitExposed(page):
        page.show()
    settled(qtbot, page)
    return page


def go_to(qtbot: QtBot, page: ListPage, key: int) -> None:
    """Make a row current and wait for its panel."""
    assert page.view.body.table.go_to(key)
    settled(qtbot, page)
