"""The small parts that pages are put together from: texts, cards, rules, icon buttons, actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.icons import icon, pixmap
from ui.theme import look


def text(words: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A text. `role` is one of the style sheet's: title, strong, stat, second, small, third, micro, error, warned."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    if wrap:
        policy = label.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        label.setSizePolicy(policy)
    return label


def centred(widget: QWidget) -> QHBoxLayout:
    """A widget of a fixed width in the middle; its height is then the one that its wrapped texts need."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget)
    row.addStretch(1)
    return row


def rule() -> QFrame:
    """A hairline across."""
    line = QFrame()
    line.setProperty("role", "rule")
    return line


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def action(parent: QWidget, words: str, keys: str, do: Callable[[], object]) -> QAction:
    """An action of a page or of the window: its words, its keys, what it does. It works while `parent` is in front."""
    made = QAction(words, parent)
    if keys:
        made.setShortcut(QKeySequence(keys))
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.triggered.connect(lambda: do())
    parent.addAction(made)
    return made


_KEYS = {
    "Return": "Enter", "Escape": "Esc", "Backspace": "退格", "Space": "空格", "PgDown": "PgDn",
    "Left": "←", "Right": "→", "Up": "↑", "Down": "↓",
}  # fmt: skip


def keys_text(keys: QKeySequence) -> str:
    """How keys are written on a button: Ctrl+Enter, Alt+←, Esc, F12."""
    plain = keys.toString(QKeySequence.SequenceFormat.PortableText)
    before, plus, last = plain.rpartition("+")
    return f"{before}{plus}{_KEYS.get(last, last)}"


class Icon(QLabel):
    """An icon that follows the theme."""

    def __init__(self, name: str, token: str = "second", size: int = 16) -> None:
        super().__init__()
        self._said = (name, token, size)
        self._draw()
        look().changed.connect(self._draw)

    def show_icon(self, name: str, token: str) -> None:
        """Another icon in its place."""
        self._said = (name, token, self._said[2])
        self._draw()

    def _draw(self) -> None:
        name, token, size = self._said
        self.setPixmap(pixmap(name, token, size))
        self.setFixedSize(look().px(size), look().px(size))


class IconButton(QToolButton):
    """A button that is an icon alone; its words and keys stand in the tooltip."""

    def __init__(self, name: str, words: str, keys: str = "", token: str = "second") -> None:
        super().__init__()
        self._name, self._token = name, token
        self.setToolTip(f"{words}（{keys}）" if keys else words)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._draw()
        look().changed.connect(self._draw)

    def show_icon(self, name: str) -> None:
        """Another icon in its place."""
        self._name = name
        self._draw()

    def _draw(self) -> None:
        edge = look().px(16)
        self.setIcon(icon(self._name, self._token))
        self.setIconSize(QSize(edge, edge))
        self.setMinimumSize(look().size("chip"), look().size("chip"))


class Wide(QFrame):
    """A frame of a fixed width that follows the font scale."""

    def __init__(self, width: int, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setProperty("role", role)
        self._size()
        look().changed.connect(self._size)

    def _size(self) -> None:
        self.setFixedWidth(look().px(self._width))


class Card(QFrame):
    """A card: a head with title, something small `beside` it and, at the right, `aside`; below it the body's layout."""

    def __init__(self, title: str = "", aside: QWidget | None = None, beside: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("role", "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.title = text(title, "strong")
        if title:
            head = QHBoxLayout()
            head.setContentsMargins(14, 10, 14, 10)
            head.setSpacing(8)
            head.addWidget(self.title)
            if beside is not None:
                head.addWidget(beside)
            head.addStretch(1)
            if aside is not None:
                head.addWidget(aside)
            outer.addLayout(head)
            outer.addWidget(rule())
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        outer.addLayout(self.body, 1)


class Elided(QLabel):
    """One line that ends in … where there is no room; the whole text stands in the tooltip."""

    def __init__(self, words: str = "", role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words = ""
        self.say(words)

    @property
    def words(self) -> str:
        """The whole text."""
        return self._words

    def say(self, words: str) -> None:
        """Show another text."""
        self._words = words
        self.setAccessibleName(words)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(0, self.width()))
        self.setText(shown)
        self.setToolTip(self._words if shown != self._words else "")

    def minimumSizeHint(self) -> QSize:
        """No width is too small."""
        return QSize(0, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._words) + 2, self.fontMetrics().height())

    def resizeEvent(self, event: object) -> None:
        """Fit the text anew."""
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """A new font needs another cut."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
