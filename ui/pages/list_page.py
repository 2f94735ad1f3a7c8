"""A page that is a list: head, one list or several views of it, and the panel of the current row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from app.services.list_face import Counts, Query
from app.services.seat import Seat
from app.services.view_states import ViewState
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, keys_text
from ui.forms.segments import Segments
from ui.pages.list_body import ListBody
from ui.pages.list_panel import DetailPanel
from ui.pages.list_saving import ask_target, save_list
from ui.pages.page import Page, foot_words
from ui.pages.saved_filters import ComposeFilter, SavedFilters
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

ROOMY, ROOMY_PANEL = 1600, 460
"""Width of a page from which a panel that nobody dragged takes more, and how much."""
LEAST_TABLE, LEAST_BESIDE = 420, 740
"""Width of a table, and of what stands beside the panel, below which the panel lies over it."""


@dataclass(frozen=True, slots=True)
class View:
    """One list of a page: its word in the switch, the list, the panel of its rows."""

    title: str
    body: ListBody[Any]
    panel: DetailPanel


class ListPage(Page):
    """A list page. A page of its kind makes its views, says what a row shows, and adds its own actions."""

    def __init__(self, seat: Seat, runner: Runner, title: str, views: Sequence[View]) -> None:
        super().__init__(seat, runner, title)
        self.views = tuple(views)
        self.reads = frozenset().union(*(view.body.face.reads for view in views))
        self._export_topic = Topic()
        self._bodies, self._panels, self.split = QStackedWidget(), QStackedWidget(), QSplitter()
        self._switch = Segments([view.title for view in self.views])
        self._panel_open = True
        self.saved: list[SavedFilters] = []
        self._lay_out()
        self._act()
        for view in self.views:
            self._connect(view)

    def _lay_out(self) -> None:
        column, margin = self.layout(), look().size("margin")
        assert column is not None
        column.setContentsMargins(0, 0, 0, 0)
        self.head.setContentsMargins(margin, 0, margin, 0)
        column.removeWidget(self.message)
        around = QHBoxLayout()
        around.setContentsMargins(margin, 0, margin, 0)
        around.addWidget(self.message)
        self.body.setSpacing(0)
        self.body.addLayout(around)
        for view in self.views:
            self._bodies.addWidget(view.body)
            self._panels.addWidget(view.panel)
        self._bodies.setMinimumWidth(look().px(LEAST_TABLE))
        self._panels.setMinimumWidth(look().px(280))
        self.split.setHandleWidth(look().size("splitter"))
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._bodies)
        self.split.addWidget(self._panels)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.splitterMoved.connect(lambda *_: self.view.body.remember_soon())
        self.body.addWidget(self.split, 1)
        self._panel_width = look().size("panel")
        if len(self.views) > 1:
            self._switch.chosen.connect(self.go_view)
            self.head.add(self._switch)

    def _act(self) -> None:
        action(self, "筛选", "Ctrl+F", self._to_search)
        action(self, "组合条件…", "Ctrl+Shift+K", self.compose)
        action(self, "下一行", "Alt+Down", lambda: self.step(1))
        action(self, "上一行", "Alt+Up", lambda: self.step(-1))
        action(self, "收起或打开面板", "F4", self.toggle_panel)
        action(self, "刷新", "F5", self.reload)
        action(self, "换一个区域", "F6", lambda: self._cycle(1))
        action(self, "换回一个区域", "Shift+F6", lambda: self._cycle(-1))
        action(self, "清除筛选或收起面板", "Esc", self._escape)
        action(self, "复制选中的行", "Ctrl+C", lambda: self.view.body.copy())
        action(self, "复制一格", "Ctrl+Shift+C", lambda: self.view.body.copy_cell())
        self.exporting = action(self, "导出", "Ctrl+E", self.export)
        if len(self.views) > 1:
            action(self, "下一种看法", "Ctrl+PgDown", lambda: self._turn(1))
            action(self, "上一种看法", "Ctrl+PgUp", lambda: self._turn(-1))
        for place in range(9):
            action(self, f"第 {place + 1} 个页签", f"Ctrl+{place + 1}", partial(self._to_tab, place))

    def _connect(self, view: View) -> None:
        body, panel = view.body, view.panel
        body.current.connect(lambda key, row: self._current(view, key, row))
        body.opened.connect(lambda _: self.open_row())
        body.counted.connect(lambda counts: self._counted(view, counts))
        body.completed = self.with_panel
        body.restored.connect(self.panel_as)
        panel.closed.connect(self.toggle_panel)
        saved = SavedFilters(
            self, body.face.name, body.ask, lambda: (body.query, "、".join(body.conditions())), self.compose
        )
        body.filters.saved_wanted.connect(saved.open)
        self.saved.append(saved)

    # what a page of its kind says

    def show_row(self, view: View, row: Any) -> None:
        """Fill the panel with a row."""

    def open_row(self) -> None:
        """The row's main action (Enter)."""
        self.toggle_panel() if not self._panel_open else self.view.panel.tabs.setFocus()

    def scope(self, view: View, counts: Counts) -> str:
        """The grey line beside the title."""
        return f"{counts.all:,} {view.body.face.unit}"

    # the view in front

    @property
    def view(self) -> View:
        """The view in front."""
        return self.views[self._bodies.currentIndex()]

    @property
    def row(self) -> Any:
        """The current row of the view in front; None where there is none."""
        body = self.view.body
        return None if body.table.key is None else body.model.row_of(body.table.key)

    def _turn(self, by: int) -> None:
        self.go_view((self.views.index(self.view) + by) % len(self.views))
        self.view.body.front.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_view(self, place: int) -> None:
        """Another view to the front."""
        self._bodies.setCurrentIndex(place)
        self._panels.setCurrentIndex(place)
        self._switch.put(place)
        self.view_changed()
        self.view.body.refresh()

    def view_changed(self) -> None:
        """Another view is in front."""

    def refresh(self) -> None:
        """Ask the view in front anew."""
        self.view.body.refresh()

    def open_with(self, what: object) -> None:
        """Show what another page asked for: a question, or words to look for."""
        query = what if isinstance(what, Query) else Query(str(what)) if what else None
        if query is not None:
            self.view.body.ask(query)
            self._old = False

    def _current(self, view: View, key: int | None, row: Any) -> None:
        if key is None:
            view.panel.show_nothing()
            if view is self.view:
                self.row_gone()
        elif row is not None:
            self.show_row(view, row)
        self.current_changed()

    def step(self, by: int) -> None:
        """To the next or the previous record."""
        self.view.body.table.step(by)

    def row_gone(self) -> None:
        """No row is current any more: nothing may be done to the one that was."""

    def current_changed(self) -> None:
        """Another row is current: actions that need one follow."""

    def _counted(self, view: View, counts: Counts) -> None:
        if view is self.view:
            self.head.say(self.scope(view, counts))

    # panel

    def toggle_panel(self) -> None:
        """Show or hide the panel."""
        self.show_panel(not self._panel_open)
        self.view.body.remember_soon()

    def show_panel(self, shown: bool) -> None:
        """Show or hide the panel."""
        if self._panel_open and self._panels.width() > 0 and self.isVisible():
            self._panel_width = self._panels.width()
        self._panel_open = shown
        self._panels.setVisible(shown)
        if shown:
            self._arrange()
        else:
            self.view.body.front.setFocus()

    @property
    def narrow(self) -> bool:
        """Whether table and panel have no room side by side: the panel then lies over the table."""
        return self.width() - look().size("panel") < look().px(LEAST_BESIDE)

    def _arrange(self) -> None:
        """The panel beside the table, or over it where there is no room."""
        over = self._panels.parentWidget() is self
        if self.narrow != over:
            self._panels.setParent(self if self.narrow else self.split)
            self._panel_open = self._panel_open and not self.narrow
            self._panels.setVisible(self._panel_open)
        if self.narrow:
            width = look().size("panel")
            top = self.split.mapTo(self, QPoint(0, 0)).y()
            self._panels.setGeometry(self.width() - width, top, width, self.height() - top)
            self._panels.raise_()
        elif self._panel_open:
            width = max(look().size("panel"), self._panel_width)
            if width == look().size("panel") and self.width() >= look().px(ROOMY):
                width = look().px(ROOMY_PANEL)
            self.split.setSizes([max(1, self.split.width() - width), width])

    def with_panel(self, state: ViewState) -> ViewState:
        """How the list is left, with what is the page's own."""
        width = self._panels.width() if self._panel_open and not self.narrow else self._panel_width
        return replace(state, panel=width, panel_open=self._panel_open)

    def panel_as(self, state: ViewState) -> None:
        """As its user left the page."""
        if state.panel:
            self._panel_width = state.panel
        self.show_panel(state.panel_open and not self.narrow)

    def showEvent(self, event: QShowEvent) -> None:
        """The panel takes its width, the table the rest."""
        super().showEvent(event)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel goes over the table where both have no room, and back beside it."""
        super().resizeEvent(event)
        if self.isVisible() and (self.narrow or self._panels.parentWidget() is self):
            self._arrange()

    # keys

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The keys that are worth saying."""
        own = ((keys_text(each.shortcut()), foot_words(each)) for each in self.main_actions() if each.isEnabled())
        return (*own, ("Alt+↑↓", "换行"), ("F4", "面板"), ("F6", "换区域"))

    def main_actions(self) -> Sequence[QAction]:
        """The page's own actions, for the status bar."""
        return (self.exporting,)

    def _to_tab(self, place: int) -> None:
        self.view.panel.tabs.go(place)

    def _to_search(self) -> None:
        self.view.body.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.body.filters.search.selectAll()

    def compose(self) -> ComposeFilter:
        """All conditions of the list in front, together."""
        body = self.view.body
        dialog = ComposeFilter(self, body.face, body.counts, body.query, body.ask)
        dialog.landed.connect(lambda said: self.message.say("ok", said))
        return dialog

    def _escape(self) -> None:
        body = self.view.body
        if body.query.narrow or body.filters.search.text():
            body.filters.search.clear()
            body.filters.clear_all()
            body.front.setFocus()
        elif self._panel_open:
            self.toggle_panel()

    def areas(self) -> list[QWidget]:
        """The areas that F6 goes through, from left to right."""
        view = self.view
        areas: list[QWidget] = [view.body.filters.search, view.body.front]
        if self._panel_open:
            areas.append(view.panel.tabs)
        return areas

    def _cycle(self, by: int) -> None:
        areas, now = self.areas(), self.focusWidget()
        here = next((at for at, area in enumerate(areas) if now is area or (now and area.isAncestorOf(now))), -by)
        areas[(here + by) % len(areas)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    # export

    def export_button(self) -> HintButton:
        """The button that exports."""
        return HintButton("", self.exporting, Weight.SECONDARY, icon="export")

    def export(self) -> None:
        """Write what is filtered, in the order of the view, to a workbook."""
        body = self.view.body
        target = self.ask_target(f"{body.face.title}_{self.today.isoformat()}.xlsx")
        if target is not None:
            save_list(self, body, target, self._export_topic)

    def ask_target(self, name: str) -> Path | None:
        """Where to write; None where the user thought better of it."""
        return ask_target(self, name)
