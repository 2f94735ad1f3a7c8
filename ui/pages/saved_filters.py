"""存下的筛选 of a list page: a menu of saved questions, and a form that saves the one asked now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.services import segments
from app.services.list_face import Query
from app.services.segments import Saved
from ui.forms.field import Field
from ui.pages.dialog import Dialog
from ui.pages.page import Page
from ui.workers.topic import Topic


class SaveFilter(Dialog):
    """A name for what is asked now."""

    def __init__(self, page: Page, of: str, query: Query, said: str) -> None:
        about = f"条件：{said}。存的是条件，不是名单：以后打开，列出那时符合的。同名的会替换。"
        super().__init__(page, "存下筛选", about, (Field("name", "名称"),), "存下")
        self._of, self._query = of, query

    def act(self, values: Mapping[str, Any]) -> None:
        """Save it."""
        self.do(
            lambda: segments.save(self.page.seat, self._of, values["name"], self._query),
            lambda saved: f"筛选“{saved.name}”已存下。",
        )


class SavedFilters:
    """The menu under a button; `put` asks the list a saved question, `now` says what it is asked and in words."""

    def __init__(self, page: Page, of: str, put: Callable[[Query], None], now: Callable[[], tuple[Query, str]]) -> None:
        self._page, self._of, self._put, self._now = page, of, put, now
        self._topic = Topic()

    def open(self, button: QWidget) -> None:
        """Read what is saved, then show it under the button."""
        self._page.run(
            lambda _: segments.listing(self._page.seat, self._of),
            topic=self._topic,
            done=lambda saved: self._show(button, saved),
        )

    def _show(self, button: QWidget, saved: tuple[Saved, ...]) -> None:
        self.fill(button, saved).popup(button.mapToGlobal(QPoint(0, button.height())))

    def fill(self, button: QWidget, saved: tuple[Saved, ...]) -> QMenu:
        """The menu of what is saved, with what can be done about it."""
        menu = QMenu(button)
        for one in saved:
            menu.addAction(one.name, partial(self._put, one.query))
        if saved:
            menu.addSeparator()
        query, said = self._now()
        menu.addAction("存下现在的筛选…", lambda: self._save(query, said)).setEnabled(query.narrow)
        if saved:
            forget = menu.addMenu("删除")
            for one in saved:
                forget.addAction(one.name, partial(self._drop, one.name))
        return menu

    def _save(self, query: Query, said: str) -> SaveFilter:
        dialog = SaveFilter(self._page, self._of, query, said)
        dialog.landed.connect(self._page.landed)
        return dialog

    def _drop(self, name: str) -> None:
        self._page.run(
            lambda _: segments.drop(self._page.seat, self._of, name),
            topic=self._topic,
            done=lambda gone: self._page.said.emit(f"筛选“{gone}”已删除"),
            writes=True,
            what="删除筛选",
        )
