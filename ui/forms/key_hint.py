"""Keys drawn as keys beside what they do: a line of their own, or on a button that is pressed down."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyle, QStyleOptionToolButton, QToolButton, QWidget

from ui.forms.hint_button import paint_keys
from ui.theme import look

GAP = 4


def keys_width(keys: str) -> int:
    """How wide the frame with the keys is."""
    return QFontMetrics(look().font("micro")).horizontalAdvance(keys) + look().px(10)


class KeyHint(QWidget):
    """Keys in a frame, and what they do; `after`: the words first, as over a field."""

    def __init__(self, keys: str, words: str, *, after: bool = False) -> None:
        super().__init__()
        self.keys, self.words, self._after = keys, words, after
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{keys} {words}")
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Both beside each other."""
        words = QFontMetrics(look().font("small")).horizontalAdvance(self.words)
        return QSize(keys_width(self.keys) + look().px(GAP) + words + 2, look().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame with the keys, and the words."""
        keys, gap, small = keys_width(self.keys), look().px(GAP), look().font("small")
        words = QFontMetrics(small).horizontalAdvance(self.words)
        first, second = (words + gap if self._after else 0), (0 if self._after else keys + gap)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_keys(painter, QRectF(first, 0, keys, self.height()), self.keys)
        painter.setFont(small)
        painter.setPen(look().colour("second"))
        painter.drawText(QRectF(second, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.words)
        painter.end()


class KeyHints(QWidget):
    """Several of them in a row."""

    def __init__(self, *hints: tuple[str, str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for keys, words in hints:
            row.addWidget(KeyHint(keys, words))


class KeyButton(QToolButton):
    """A button of a row of which one is pressed, with its keys: the style sheet draws it, the words are painted."""

    def __init__(self, words: str, keys: str) -> None:
        super().__init__()
        self.words, self.keys = words, keys
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(keys)
        self.setCheckable(True)
        self.setProperty("role", "segment")
        look().changed.connect(self.updateGeometry)

    def _words_width(self) -> int:
        return QFontMetrics(look().font("body", bold=True)).horizontalAdvance(self.words)

    def sizeHint(self) -> QSize:
        """Words and keys; as high as the style sheet says."""
        width = self._words_width() + look().px(GAP) + keys_width(self.keys) + look().px(12)
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame as the style draws it, then the words and the keys in the middle."""
        painter, option = QPainter(self), QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        token = "third" if not self.isEnabled() else "accent" if self.isChecked() else "text"
        font = look().font("body", bold=self.isChecked())
        words, keys, gap = QFontMetrics(font).horizontalAdvance(self.words), keys_width(self.keys), look().px(GAP)
        left = (self.width() - words - gap - keys) / 2
        painter.setFont(font)
        painter.setPen(look().colour(token))
        painter.drawText(QRectF(left, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.words)
        paint_keys(painter, QRectF(left + words + gap, 0, keys, self.height()), self.keys)
        painter.end()
