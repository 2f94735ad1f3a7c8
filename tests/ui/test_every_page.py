"""A walk over every page that each role finds: it opens, says nothing wrong, keeps the keyboard, opens no window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from tests.builders import STAFF, Office
from tests.ui.first_month import Hands
from tests.ui.windows import Desk
from ui.forms.parts import keys_text
from ui.key_list import KeyList


class Windows(QObject):
    """Names the top-level widgets that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.fixture
def windows(qapp: QApplication) -> Iterator[Windows]:
    watching = Windows()
    qapp.installEventFilter(watching)
    yield watching
    qapp.removeEventFilter(watching)


@pytest.mark.parametrize("login", ["王经理", *STAFF])
def test_every_page_opens_for_who_finds_it(desk: Desk, office: Office, windows: Windows, login: str) -> None:
    shell = desk.log_in_billed(office, login)
    windows.shown.clear()
    for key in shell.keys:
        shell.go(key)
        desk.quiet()
        page = shell.page
        assert page is not None, key
        said = (
            page.message.said.text() if page.message.isVisible() and page.message.property("level") == "danger" else ""
        )
        assert (key, said) == (key, "")
        focused = QApplication.focusWidget()
        assert focused is not None, key
        assert page is focused or page.isAncestorOf(focused), (key, focused)
        listed = shell.show_keys()
        assert listed is not None
        known = {(row.keys, row.words) for row in listed.rows}
        actions = [one for one in page.findChildren(QAction) if not one.shortcut().isEmpty()]
        assert {(keys_text(one.shortcut()), one.text()) for one in (*actions, *shell.actions_of_window)} >= known
        assert all((keys_text(one.shortcut()), one.text()) in known for one in actions), key
        assert all(row.words for row in listed.rows)
        listed.finish()
    assert windows.shown == []
    assert shell.sidebar.titles[0] == "工作台"
    assert office.sql("SELECT count(*) FROM audit WHERE action = 'permission.refused'") == [(0,)]


def test_f1_finds_an_act_by_its_words_and_does_it(desk: Desk, office: Office) -> None:
    shell = desk.log_in()
    desk.quiet()
    hands = Hands()
    hands.press("F1")
    (listed,) = shell.findChildren(KeyList)
    hands.type("去收费台")
    assert [row.keys for row in listed._shown] == ["Alt+S"]
    hands.press("Enter")
    desk.quiet()
    assert shell.page is not None
    assert shell.page.head.title.text() == "收费台"
