"""The button with its keys on it: one class paints them from its action, so that they cannot disagree."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.forms.parts import keys_text
from ui.icons import paint
from ui.theme import look


class Weight(StrEnum):
    """How much a button weighs: one `PRIMARY` a page; `DANGER` cannot be undone; `LINK` is a word in accent."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    LINK = "link"


class HintButton(QPushButton):
    """A button that shows the shortcut of its action. Without an action it is a plain button of the same look.

    `tall`: the one that takes money, which is hit a hundred times a day.
    """

    def __init__(
        self,
        words: str = "",
        action: QAction | None = None,
        weight: Weight = Weight.SECONDARY,
        *,
        icon: str = "",
        small: bool = False,
        tall: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words or (action.text() if action else ""), parent)
        self.weight, self.action, self._icon = weight, action, icon
        self._said = action.text() if action else ""
        self._height = "chip" if small else "tall" if tall else "control"
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if action is not None:
            self.clicked.connect(action.trigger)
            action.changed.connect(self._follow)
            self._follow()
        look().changed.connect(self.updateGeometry)

    @property
    def hint(self) -> str:
        """The keys as they are painted."""
        return keys_text(self.action.shortcut()) if self.action is not None else ""

    def _follow(self) -> None:
        if self.action is not None:
            if self.action.text() != self._said:
                self._said = self.action.text()
                self.setText(self._said)
            self.setEnabled(self.action.isEnabled())
            self.setAccessibleDescription(self.hint)
            self.updateGeometry()

    def _kbd_width(self) -> int:
        if not self.hint:
            return 0
        return QFontMetrics(look().font("micro")).horizontalAdvance(self.hint) + look().px(10)

    def _parts_width(self) -> int:
        gap = look().px(8)
        width = self.fontMetrics().horizontalAdvance(self.text())
        width += look().px(16) + look().px(6) if self._icon else 0
        return width + (self._kbd_width() + gap if self.hint else 0)

    def sizeHint(self) -> QSize:
        """As wide as icon, words and keys; as high as a control."""
        side = 4 if self.weight is Weight.LINK else 12
        return QSize(self._parts_width() + 2 * look().px(side), look().size(self._height))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def _colours(self) -> tuple[QColor | None, QColor | None, str]:
        """Fill, border, and the token of the words."""
        seen = look()
        down = self.isDown() or self.underMouse()
        if not self.isEnabled():
            return seen.colour("header"), seen.colour("border"), "third"
        if self.weight is Weight.PRIMARY:
            return seen.colour("accent_hover" if down else "accent"), None, "on_accent"
        if self.weight is Weight.DANGER:
            return seen.colour("danger_tint" if down else "surface"), seen.colour("danger"), "danger"
        if self.weight is Weight.LINK:
            return (seen.colour("row_hover") if down else None), None, "accent"
        return seen.colour("row_hover" if down else "surface"), seen.colour("border"), "text"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, border, focus ring, icon, words, keys."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, border, words = self._colours()
        radius = look().size("radius_control")
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(border, 1) if border else Qt.PenStyle.NoPen)
        painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            self._paint_ring(painter, radius)
        self._paint_parts(painter, words)
        painter.end()

    def _paint_ring(self, painter: QPainter, radius: int) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.weight is Weight.PRIMARY:
            painter.setPen(QPen(look().colour("on_accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), radius - 2, radius - 2)
            return
        painter.setPen(QPen(look().colour("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)

    def _paint_parts(self, painter: QPainter, token: str) -> None:
        left = (self.width() - self._parts_width()) / 2
        middle = self.height() / 2
        if self._icon:
            edge = look().px(16)
            paint(painter, QRectF(left, middle - edge / 2, edge, edge), self._icon, token)
            left += edge + look().px(6)
        painter.setFont(self.font())
        painter.setPen(look().colour(token))
        width = self.fontMetrics().horizontalAdvance(self.text())
        painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hint:
            paint_keys(
                painter, QRectF(left + width + look().px(8), 0, self._kbd_width(), self.height()), self.hint, token
            )


def paint_keys(painter: QPainter, room: QRectF, keys: str, token: str = "second") -> None:
    """Draw keys in a small frame, in the middle of the room's height."""
    height = look().px(18)
    box = QRectF(room.left() + 0.5, room.center().y() - height / 2 + 0.5, room.width() - 1, height - 1)
    colour = look().colour(token)
    frame = QColor(colour)
    frame.setAlphaF(0.45 if token == "on_accent" else 0.3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(frame, 1))
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(look().font("micro"))
    painter.setPen(colour if token == "on_accent" else look().colour("second"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
