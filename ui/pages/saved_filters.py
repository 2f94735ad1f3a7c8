"""存下的筛选 of a list page: a menu of saved questions, a form that saves the one asked now, and 组合条件: all that the
list can be asked, together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.services import segments
from app.services.list_face import Counts, Face, FilterFace, Query
from app.services.segments import Saved
from ui.forms.field import Field, Kind, several, whole
from ui.pages.dialog import WIDEST, Dialog
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


ON = "1"
"""The value of a filter that is on or off."""
MOST_VALUES, ROOM, LARGEST = 30, 860, 999_999_999
"""So many values of the data stand side by side, in rows; more are typed."""


def _flag(face: FilterFace) -> bool:
    return [option.value for option in face.options] == [ON]


class ComposeFilter(Dialog):
    """组合条件: every question the list can be asked, also those that stand in no chip; all of them must hold. With a
    name it is saved as well.
    """

    def __init__(
        self, page: Page, face: Face, counts: Counts | None, query: Query, put: Callable[[Query], None]
    ) -> None:
        self._face, self._query, self._put = face, query, put
        self._seen = [each for each in face.filters if each.needs is None or page.seat.may(each.needs)]
        flags = [each for each in self._seen if _flag(each)]
        fields = [
            Field("words", "字词", optional=True),
            *(self._field(each, counts) for each in self._seen if each.unit),
            Field("name", "存成", optional=True),
        ]
        if flags:
            choices = tuple((each.key, each.title) for each in flags)
            said = "符合（几样都选，是同时符合）"
            fields.append(Field("flags", said, several, True, Kind.SEVERAL, choices=choices, room=ROOM))
        fields += [self._field(each, counts) for each in self._seen if not _flag(each) and not each.unit]
        about = "几项条件同时符合；一项里选了几个，符合其中一个就算。“存成”填了名称，条件就存下给全办公室用。"
        columns = min(3, sum(each.kind is not Kind.SEVERAL for each in fields))
        super().__init__(page, f"组合条件：{face.title}", about, fields, "筛选", WIDEST, columns=columns)
        asked = {each.key: ",".join(query.values(each.key)) for each in self._seen if not _flag(each)}
        on = ",".join(each.key for each in flags if query.values(each.key))
        self.form.fill({"words": query.words, "flags": on, **asked})

    @staticmethod
    def _field(face: FilterFace, counts: Counts | None) -> Field:
        if face.unit:
            return Field(face.key, face.title, whole(0, LARGEST), True, Kind.NUMBER, unit=face.unit)
        of = counts.of.get(face.key, {}) if counts else {}
        choices = [(option.value, option.title) for option in face.options] or [(value, value) for value in sorted(of)]
        if face.options or 0 < len(choices) <= MOST_VALUES:
            return Field(face.key, face.title, several, True, Kind.SEVERAL, choices=tuple(choices), room=ROOM)
        return Field(face.key, face.title, several, optional=True, hint="几个用逗号隔开")

    def act(self, values: Mapping[str, Any]) -> None:
        """Ask the list, and save it where it has a name."""
        query, on = Query(values["words"] or "", sorts=self._query.sorts), values.get("flags") or ()
        for each in self._seen:
            query = query.only(each.key, self._asked(each, values, on))
        name = values["name"]
        if not name:
            self._put(query)
            self.finish()
            return

        def said(saved: Saved) -> str:
            self._put(query)
            return f"筛选“{saved.name}”已存下。"

        self.do(lambda: segments.save(self.page.seat, self._face.name, name, query), said)

    @staticmethod
    def _asked(face: FilterFace, values: Mapping[str, Any], on: Sequence[str]) -> tuple[str, ...]:
        if _flag(face):
            return (ON,) if face.key in on else ()
        value = values[face.key]
        return () if value is None else (str(value),) if face.unit else tuple(value)


class SavedFilters:
    """The menu under a button; `put` asks the list a saved question, `now` says what it is asked and in words,
    `compose` opens the form of all conditions.
    """

    def __init__(
        self, page: Page, of: str, put: Callable[[Query], None], now: Callable[[], tuple[Query, str]],
        compose: Callable[[], object],
    ) -> None:  # fmt: skip
        self._page, self._of, self._put, self._now, self._compose = page, of, put, now, compose
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
        menu.addAction("组合条件…\tCtrl+Shift+K", lambda: self._compose())
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
