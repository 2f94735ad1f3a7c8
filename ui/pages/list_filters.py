"""The filter row of a list page: the search box, chips with counts, 清除, the column chooser."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from app.services.list_face import Counts, Face, Query
from ui.forms.hint_button import paint_keys
from ui.forms.parts import IconButton
from ui.forms.segments import WordChip
from ui.icons import paint
from ui.theme import look

PAUSE_MS = 150
"""The list is asked once the hands rested so long."""
SEARCH_WIDTH = 216


class SearchBox(QLineEdit):
    """What is typed filters the list. `searched` after the hands rested; Esc empties it."""

    searched = Signal(str)

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setProperty("role", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName("在本列表中筛选")
        self.setFixedWidth(look().px(SEARCH_WIDTH))
        self.setTextMargins(look().px(18), 0, 0, 0)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(lambda _: self._pause.start())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon at the left, the key at the right while it is empty."""
        super().paintEvent(event)
        painter, seen = QPainter(self), look()
        edge = seen.px(16)
        paint(
            painter,
            self.rect()
            .adjusted(seen.px(8), (self.height() - edge) // 2, 0, 0)
            .intersected(
                self.rect().adjusted(0, 0, -(self.width() - seen.px(8) - edge), -((self.height() - edge) // 2))
            ),
            "search",
        )
        if not self.text() and not self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            room = self.rect().adjusted(self.width() - seen.px(49), 0, -seen.px(4), 0)
            paint_keys(painter, room.toRectF(), "Ctrl+F")
        painter.end()


class Chip(WordChip):
    """A usual question with how many rows answer it."""

    def __init__(self, key: str, value: str, title: str) -> None:
        super().__init__(title)
        self.key, self.value, self.title = key, value, title
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def count(self, n: int | None) -> None:
        """Say how many."""
        self.setText(self.title if n is None else f"{self.title} {n:,}")
        self.setAccessibleName(self.text())


class ChipRow(QWidget):
    """Chips side by side; those that do not fit stand in the menu at their end. `chosen` carries a chip.

    A condition that is asked and has no chip of its own gets one as long as it is asked.
    """

    chosen = Signal(object)

    def __init__(self, face: Face, may: Sequence[str]) -> None:
        super().__init__()
        self.everything = Chip("", "", "全部")
        self.chips = [
            Chip(each.key, option.value, option.title)
            for each in face.filters
            if each.chip and (each.needs is None or each.needs in may)
            for option in each.options
        ]
        self._face, self._own = face, len(self.chips)
        self._counted: Counts | None = None
        self._query = Query()
        self._rest = IconButton("more", "其余条件")
        self._rest.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._rest)
        self._rest.setMenu(self._menu)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for chip in (self.everything, *self.chips, self._rest):
            chip.setParent(self)
        for chip in (self.everything, *self.chips):
            chip.clicked.connect(lambda *_, chip=chip: self.chosen.emit(chip))
        look().changed.connect(self._lay)
        self._lay()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(look().px(200), look().size("control"))

    def show_counts(self, counts: Counts) -> None:
        """How many rows answer each question; what nobody answers gives way."""
        self._counted = counts
        self._renew()

    def show_query(self, query: Query) -> None:
        """Which of them the list is asked now."""
        self._query = query
        self._put_others()
        self._renew()

    def _put_others(self) -> None:
        """A chip for each condition that has none of its own."""
        known = {(chip.key, chip.value) for chip in self.chips[: self._own]}
        wanted = [pair for pair in self._query.filters if pair not in known]
        if wanted == [(chip.key, chip.value) for chip in self.chips[self._own :]]:
            return
        for old in self.chips[self._own :]:
            old.hide()
            old.deleteLater()
        del self.chips[self._own :]
        for key, value in wanted:
            chip = Chip(key, value, self._face.said(key, value))
            chip.setParent(self)
            chip.clicked.connect(lambda *_, chip=chip: self.chosen.emit(chip))
            self.chips.append(chip)

    def _renew(self) -> None:
        keys = {chip.key for chip in self.chips}
        self.everything.setChecked(not any(self._query.values(key) for key in keys))
        self.everything.count(self._counted.all if self._counted else None)
        for chip in self.chips:
            chip.setChecked(chip.value in self._query.values(chip.key))
            chip.count(self._number(chip))
        self._lay()

    def _number(self, chip: Chip) -> int | None:
        of = self._counted.of.get(chip.key) if self._counted else None
        return None if of is None else of.get(chip.value, 0)

    def _lay(self) -> None:
        gap, left = look().px(8), 0
        # What is asked besides stands first: it must be seen even where there is no room for the rest.
        shown = self.chips[self._own :]
        shown += [chip for chip in self.chips[: self._own] if chip.isChecked() or self._number(chip) != 0]
        rest: list[Chip] = []
        edge = self._rest.sizeHint().width()
        for chip in self.chips:
            chip.setVisible(chip in shown)
        for place, chip in enumerate([self.everything, *shown]):
            size = chip.sizeHint()
            room = self.width() - left - (0 if place == len(shown) else edge + gap)
            if rest or (place and size.width() > room):
                rest.append(chip)
                chip.hide()
                continue
            chip.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())
            left += size.width() + gap
        self._offer(rest)
        self._rest.setVisible(bool(rest))
        height = self._rest.sizeHint().height()
        self._rest.setGeometry(left, (self.height() - height) // 2, edge, height)

    def _offer(self, rest: Sequence[Chip]) -> None:
        self._menu.clear()
        for chip in rest:
            made = QAction(chip.text(), self._menu)
            made.setCheckable(True)
            made.setChecked(chip.isChecked())
            made.triggered.connect(lambda *_, chip=chip: self.chosen.emit(chip))
            self._menu.addAction(made)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many as fit."""
        super().resizeEvent(event)
        self._lay()


class FilterRow(QWidget):
    """`asked` carries the new question; `columns_wanted` where the chooser shall open."""

    asked = Signal(object)
    chooser_wanted = Signal(object)
    saved_wanted = Signal(object)

    def __init__(self, face: Face, may: Sequence[str], hint: str) -> None:
        super().__init__()
        self.query = Query()
        self.search, self.chips = SearchBox(hint), ChipRow(face, may)
        self.clear = QToolButton()
        self.clear.setText("清除")
        self.clear.setProperty("role", "link")
        self.clear.setAccessibleName("清除筛选")
        self.saved = IconButton("filter", "存下的筛选")
        self.columns = IconButton("columns", "显示哪些列")
        row = self.row = QHBoxLayout(self)
        margin = look().size("margin")
        row.setContentsMargins(margin, 0, margin, look().px(8))
        row.setSpacing(8)
        for widget, stretch in ((self.search, 0), (self.chips, 1), (self.clear, 0), (self.saved, 0), (self.columns, 0)):
            row.addWidget(widget, stretch)
        self.search.searched.connect(self._searched)
        self.chips.chosen.connect(self._chosen)
        self.clear.clicked.connect(self.clear_all)
        self.saved.clicked.connect(lambda: self.saved_wanted.emit(self.saved))
        self.columns.clicked.connect(lambda: self.chooser_wanted.emit(self.columns))
        self.show_query(self.query)

    def show_query(self, query: Query) -> None:
        """Show a question without asking it."""
        self.query = query
        if self.search.text() != query.words:
            self.search.blockSignals(True)
            self.search.setText(query.words)
            self.search.blockSignals(False)
        self.chips.show_query(query)
        self.clear.setVisible(query.narrow)

    def put(self, query: Query) -> None:
        """Ask another question."""
        if query != self.query:
            self.show_query(query)
            self.asked.emit(query)

    def clear_all(self) -> None:
        """Ask for everything."""
        self.put(Query(sorts=self.query.sorts))

    def _searched(self, words: str) -> None:
        self.put(Query(words, self.query.filters, self.query.sorts))

    def _chosen(self, chip: Chip) -> None:
        query = self.query
        if not chip.key:
            for each in self.chips.chips:
                query = query.only(each.key, ())
        else:
            now = query.values(chip.key)
            turned = tuple(v for v in now if v != chip.value) if chip.value in now else (*now, chip.value)
            query = query.only(chip.key, turned)
        self.show_query(query)
        self.asked.emit(query)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ from the box goes on to the table."""
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
            return
        super().keyPressEvent(event)
