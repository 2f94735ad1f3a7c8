"""设置: what the office decides, in groups. What a seat may change stands in a form, the rest is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.problem import problem
from app.services import settings
from app.services.refused import Refused
from app.services.settings import SettingLine, SettingRow
from ui.forms.form import Form
from ui.forms.parts import Card, Wide, rule
from ui.pages.list_panel import Tabs, heading, pairs
from ui.pages.page import Page
from ui.pages.parted_page import Part
from ui.pages.settings_fields import GROUPS, Shown
from ui.theme import look
from ui.workers.topic import Topic

_WIDTH = 640


class SettingsPart(Part):
    """One group in front at a time; Ctrl+S saves what was changed in it, together."""

    reads = frozenset({"setting"})

    def __init__(self, page: Page) -> None:
        super().__init__(page, "设置")
        self._topic, self._save_topic = Topic(), Topic()
        self.forms: dict[str, Form] = {}
        self._said: dict[str, SettingLine] = {}
        self.tabs = Tabs()
        self.tabs.put(tuple(GROUPS))
        self.tabs.chosen.connect(lambda _: self._show_group())
        self._column = QVBoxLayout()
        self._column.setContentsMargins(16, 14, 16, 16)
        self._column.setSpacing(look().size("gap"))
        self._groups: dict[str, QWidget] = {}
        self._feet: dict[str, QWidget] = {}
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(0, 0, 0, 0)
        card = Card()
        card.body.addWidget(self.tabs)
        card.body.addWidget(self._scroll(), 1)
        card.body.addLayout(self._foot)
        self.body.addWidget(card, 1)

    def _scroll(self) -> QScrollArea:
        area, inside = QScrollArea(), QWidget()
        inside.setLayout(self._column)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("设置")
        area.setWidget(inside)
        return area

    @property
    def group(self) -> str:
        """The group in front."""
        return tuple(GROUPS)[self.tabs.at]

    @property
    def form(self) -> Form | None:
        """The form of the group in front; None where the seat only reads it."""
        return self.forms.get(self.group)

    @property
    def dirty(self) -> bool:
        """Whether any group holds something that is not saved."""
        return any(form.dirty for form in self.forms.values())

    def refresh(self) -> None:
        """Read them all."""
        self.page.run(lambda _: settings.sheet(self.seat), topic=self._topic, done=self._show)

    def _show(self, lines: tuple[SettingLine, ...]) -> None:
        shown = _titles()
        first = not self._said
        self._said = {line.name: line for line in lines if line.name in shown}
        kept = {name: form for name, form in self.forms.items() if form.dirty}
        for name in GROUPS:
            if name not in kept:
                self._make(name)
        of, may = len(self._said), sum(line.may_change for line in self._said.values())
        self.say(f"{of} 项设置" + ("" if may == of else f"，可以改 {may} 项" if may else "，只能看"))
        if first and self.forms:
            self.tabs.go(next(at for at, name in enumerate(GROUPS) if name in self.forms))
        self._show_group()

    def _make(self, name: str) -> None:
        """A group anew: the form of what this seat may change, below it what it may only read."""
        for holder, column in ((self._groups, self._column), (self._feet, self._foot)):
            old = holder.pop(name, None)
            if old is not None:
                column.removeWidget(old)
                old.hide()
                old.deleteLater()
        self.forms.pop(name, None)
        made = Wide(_WIDTH)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().size("gap"))
        mine = [one for one in GROUPS[name] if self._said[one.name].may_change]
        others = [one for one in GROUPS[name] if not self._said[one.name].may_change]
        if mine:
            column.addWidget(self._form(name, mine))
        if others:
            if mine:
                column.addWidget(heading("由其他角色改"))
            column.addWidget(pairs([(one.title, self._read(one)) for one in others]))
        column.addStretch(1)
        self._groups[name] = made
        self._column.addWidget(made, 1, Qt.AlignmentFlag.AlignLeft)

    def _read(self, one: Shown) -> str:
        line = self._said[one.name]
        since = f"（自 {line.since.isoformat()} 起）" if line.since and line.value else ""
        return one.words(line.value) + since

    def _form(self, name: str, mine: list[Shown]) -> Form:
        form = Form([one.field(self._said[one.name]) for one in mine], lambda: self.page.today, columns=2, apart=True)
        form.fill({one.name: one.typed(self._said[one.name].value) for one in mine})
        form.save.connect(lambda values: self._save(name, values))
        self.forms[name] = form
        self._feet[name] = foot = self._below(form)
        self._foot.addWidget(foot)
        return form

    @staticmethod
    def _below(form: Form) -> QWidget:
        """The form's foot under the part that scrolls, as wide as the form."""
        foot, holder = QWidget(), Wide(_WIDTH)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(form.bottom)
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(rule())
        row = QVBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(row)
        return foot

    def _show_group(self) -> None:
        for name, widget in (*self._groups.items(), *self._feet.items()):
            widget.setVisible(name == self.group)

    def _save(self, name: str, values: Mapping[str, Any]) -> None:
        form = self.forms[name]
        new = {key: value or "" for key, value in values.items() if (value or "") != self._said[key].value}
        if not new:
            form.fill(form.typed)
            form.message.say("info", "没有改动。")
            return
        seen = {key: self._said[key].value for key in new}
        self.page.run(
            lambda _: settings.change_several(self.seat, new, seen),
            topic=self._save_topic,
            done=lambda rows: self._saved(form, rows),
            failed=lambda error: self._refused(form, error),
            writes=True,
            what="保存设置",
        )

    def _refused(self, form: Form, error: Exception) -> None:
        """Where somebody else changed a setting, both versions are shown; a second saving knows of his."""
        if isinstance(error, Refused) and error.problem.code == "changed_meanwhile" and error.field in self._said:
            shown = next(one for group in GROUPS.values() for one in group if one.name == error.field)
            why, now = error.problem, str(error.problem.what.values["now"])
            self._said[error.field] = replace(self._said[error.field], value=now)
            said = {key: shown.words(str(value)) or "（空）" for key, value in why.what.values.items()}
            error = Refused(problem(why.code, why.what.template, why.hint, **said), error.field)
        form.refused(error)

    def _saved(self, form: Form, rows: tuple[SettingRow, ...]) -> None:
        form.saved()
        titles = "、".join(_titles()[row.name] for row in rows)
        self.page.message.say("ok", f"已保存：{titles}。", "从今天起用新的；已经出的账和收据不变。")
        self.page.reload()


def _titles() -> dict[str, str]:
    return {one.name: one.title for group in GROUPS.values() for one in group}
