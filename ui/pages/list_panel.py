"""The panel at the right of a list: the current row at length, in tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.forms.badge import Badge
from ui.forms.message_bar import MessageBar
from ui.forms.parts import Elided, IconButton, text
from ui.theme import look

_GAP, _MARGIN = 8, 16
"""Between buttons; and from the edge of a panel to what stands in it."""


class Tabs(QWidget):
    """Words side by side, the current one underlined in accent; ←→ go from one to the next."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("页签")
        look().changed.connect(self.updateGeometry)

    @property
    def at(self) -> int:
        """The place of the current one."""
        return self._at

    def put(self, words: Sequence[str]) -> None:
        """Other words; the place stays where it can."""
        self._words = list(words)
        self._at = min(self._at, max(0, len(self._words) - 1))
        self.update()

    def go(self, place: int) -> None:
        """To a place."""
        if 0 <= place < len(self._words):
            self._at = place
            self.setAccessibleDescription(self._words[place])
            self.update()
            self.chosen.emit(place)

    def sizeHint(self) -> QSize:
        """One line with its rule."""
        return QSize(look().px(200), look().px(36))

    def _boxes(self) -> list[QRect]:
        metrics, left, found = QFontMetrics(look().font("body", bold=True)), _MARGIN, []
        for words in self._words:
            width = metrics.horizontalAdvance(words)
            found.append(QRect(left, 0, width, self.height()))
            left += width + look().px(22)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Words and underline."""
        painter, seen = QPainter(self), look()
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), seen.colour("border"))
        for place, (words, box) in enumerate(zip(self._words, self._boxes(), strict=True)):
            here = place == self._at
            painter.setFont(seen.font("body", bold=here))
            painter.setPen(seen.colour("accent" if here else "second"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
            if here:
                painter.fillRect(QRect(box.left(), self.height() - 2, box.width(), 2), seen.colour("accent"))
                if self.hasFocus():
                    painter.drawRect(box.adjusted(-4, 5, 4, -6))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To the word under the mouse."""
        for place, box in enumerate(self._boxes()):
            if box.adjusted(-8, 0, 8, 0).contains(event.position().toPoint()):
                self.go(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.go(self._at + by)


class DetailPanel(QFrame):
    """Title, badge, one line of identity, tabs. A page puts its contents into `tab` by place."""

    closed = Signal()

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.title, self.identity = text("", "title"), Elided("", "small")
        self._badge: Badge | None = None
        self.message = MessageBar()
        self.tabs, self._stack = Tabs(), QStackedWidget()
        self._titles = list(titles)
        self._bodies: list[QVBoxLayout] = [self._tab() for _ in titles]
        self.tabs.put(titles)
        if len(titles) < 2:
            self.tabs.hide()
        self.tabs.chosen.connect(self._turn)
        close = IconButton("close", "收起面板", "F4")
        close.clicked.connect(self.closed)
        head = self._head = QHBoxLayout()
        head.setContentsMargins(16, 10, 8, 0)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(close)
        under = QHBoxLayout()
        under.setContentsMargins(16, 0, 16, 6)
        under.addWidget(self.identity)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(under)
        column.addWidget(self.message)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self.empty = text("选一行，看它的详情。", "third")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self.empty)
        self._dress()
        look().changed.connect(self._dress)
        self.show_nothing()

    def _tab(self) -> QVBoxLayout:
        area, inside = QScrollArea(), QWidget()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QVBoxLayout(inside)
        body.setContentsMargins(16, 12, 16, 12)
        body.setSpacing(look().size("gap"))
        area.setWidget(inside)
        self._stack.addWidget(area)
        return body

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), look().colour("surface"))
        self.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line at the left edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(QRect(0, 0, 1, self.height()), look().colour("border"))
        painter.end()

    def tab(self, place: int) -> QVBoxLayout:
        """The layout of a tab, emptied."""
        body = self._bodies[place]
        while body.count():
            item = body.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        return body

    def body(self, place: int) -> QVBoxLayout:
        """The layout of a tab with what stands in it."""
        return self._bodies[place]

    def name_tabs(self, titles: Sequence[str]) -> None:
        """Tabs with their counts."""
        self.tabs.put(titles)

    def _turn(self, place: int) -> None:
        if self._stack.currentWidget() is not self.empty:
            self._stack.setCurrentIndex(place)

    def show_nothing(self) -> None:
        """No row is current."""
        self.title.setText("")
        self._put_badge(None)
        self.identity.say("")
        self.tabs.hide()
        self._stack.setCurrentWidget(self.empty)

    def show_head(self, title: str, identity: str, badge: tuple[str, str, str] | None = None) -> None:
        """Whose panel it is: title, one line, and a badge (level, word, icon)."""
        self.title.setText(title)
        self.identity.say(identity)
        self._put_badge(badge)
        self.tabs.setVisible(len(self._bodies) > 1)
        self._stack.setCurrentIndex(self.tabs.at)

    def _put_badge(self, badge: tuple[str, str, str] | None) -> None:
        if self._badge is not None:
            self._badge.hide()
            self._badge.deleteLater()
            self._badge = None
        if badge is not None:
            self._badge = Badge(*badge)
            self._head.insertWidget(1, self._badge)


def pairs(rows: Sequence[tuple[str, str]]) -> QWidget:
    """Labels and values in two columns; what is empty shows a dash."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for at, (label, value) in enumerate(rows):
        grid.addWidget(text(label, "small"), at, 0, Qt.AlignmentFlag.AlignTop)
        said = text(value or "—", "" if value else "third", wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(said, at, 1)
    return made


def figures(rows: Sequence[tuple[str, str, str]]) -> QWidget:
    """Figures side by side: label, figure, tone (empty or danger)."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    for label, figure, tone in rows:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(text(label, "small"))
        shown = text(figure, "stat")
        if tone:
            shown.setStyleSheet(f"color: {look().hex(tone)};")
        column.addWidget(shown)
        line.addLayout(column, 1)
    return made


def heading(words: str) -> QWidget:
    """The title of a part of a tab."""
    made = text(words, "strong")
    made.setContentsMargins(0, 4, 0, 0)
    return made


class ButtonRow(QWidget):
    """Buttons side by side; those that do not fit stand in the menu of 「⋯」 at the end."""

    def __init__(self, made: Sequence[QWidget]) -> None:
        super().__init__()
        self._made = tuple(made)
        self.more = QToolButton()
        self.more.setText("⋯")
        self.more.setAccessibleName("更多操作")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.more)
        self._menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for widget in (*self._made, self.more):
            row.addWidget(widget)
        row.addStretch(1)
        self.more.hide()

    def minimumSizeHint(self) -> QSize:
        """The first button and the menu always fit."""
        first = self._made[0].sizeHint() if self._made else QSize(0, 0)
        return QSize(first.width() + _GAP + self.more.sizeHint().width(), first.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        super().resizeEvent(event)
        widths = [widget.sizeHint().width() for widget in self._made]
        room = self.width()
        if sum(widths) + _GAP * (len(widths) - 1) > room:
            room -= self.more.sizeHint().width() + _GAP
        taken = 0
        for place, widget in enumerate(self._made):
            taken += widths[place] + (_GAP if place else 0)
            widget.setVisible(place == 0 or taken <= room)
        self.more.setVisible(any(widget.isHidden() for widget in self._made))

    def _fill(self) -> None:
        self._menu.clear()
        for widget in self._made:
            if not widget.isHidden() or not isinstance(widget, QPushButton):
                continue
            inner = widget.menu()
            if inner is not None:
                for one in inner.actions():
                    self._menu.addAction(f"{widget.text().rstrip('…')}：{one.text()}", one.trigger)
            else:
                self._menu.addAction(widget.text(), widget.click)


def buttons(*made: QWidget) -> QWidget:
    """Buttons side by side."""
    return ButtonRow(made)
