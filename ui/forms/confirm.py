"""A question before what cannot be undone: an overlay of the window, the focus on the safe answer, Esc is safe."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Wide, action, centred, text
from ui.theme import look

_EDGE, _SIDE = 16, 20
_LEAST = 80
"""Height that what scrolls keeps in a window that is too low for it."""


class _Inner(QWidget):
    """What scrolls. Its least height is what its texts need at the card's width, not what they would at the least."""

    def minimumSizeHint(self) -> QSize:
        """Nothing of its own where texts wrap."""
        return QSize(0, 0) if self.hasHeightForWidth() else super().minimumSizeHint()


class _Scrolled(QScrollArea):
    """As high as its layout needs; in a lower window it scrolls, its bar in the margin of the card around it."""

    def __init__(self, card: QWidget) -> None:
        super().__init__()
        inner = _Inner()
        self._card, self.body = card, QVBoxLayout(inner)
        self.body.setSpacing(8)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        # The bar keeps its room when there is nothing to scroll: coming and going it would change what wraps.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.ensurePolished()
        bar.setEnabled(False)
        bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
        self.body.setContentsMargins(_SIDE, 0, max(0, _SIDE - bar.sizeHint().width()), 0)
        self.setWidget(inner)

    def sizeHint(self) -> QSize:
        """The height that wrapped texts need at the card's width."""
        self._card.ensurePolished()
        border = self._card.width() - self._card.contentsRect().width()
        margins = self.body.contentsMargins()
        width = self._card.maximumWidth() - border - 2 * _SIDE + margins.left() + margins.right()
        wraps = self.body.hasHeightForWidth()
        return QSize(width, self.body.heightForWidth(width) if wraps else self.body.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It gives way before the foot does."""
        return QSize(0, min(look().px(_LEAST), self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another height when what is inside does."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class Overlay(QWidget):
    """Covers an area with a scrim and holds a floating card in its middle; what is below gets no key and no click.

    What stands in `body` scrolls where the window is too low for it; the buttons in `foot` stay in sight.
    """

    def __init__(self, area: QWidget, width: int = 430) -> None:
        super().__init__(area)
        self._area, self._before = area, area.window().focusWidget()
        self.card = Wide(min(width, (area.width() - 2 * _EDGE) * 100 // look().scale), "float", self)
        # Squeezed, the fields would lie on one another; scrolled whole, the buttons would begin below the edge.
        self._scroll, self.foot = _Scrolled(self.card), QVBoxLayout()
        self.body = self._scroll.body
        self.foot.setContentsMargins(_SIDE, 0, _SIDE, 0)
        self.foot.setSpacing(8)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(0, 18, 0, 18)
        column.setSpacing(12)
        column.addWidget(self._scroll)
        column.addLayout(self.foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        outer.addStretch(2)
        outer.addLayout(centred(self.card))
        outer.addStretch(3)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._into_sight)
        area.installEventFilter(self)
        self.setGeometry(area.rect())

    def finish(self) -> None:
        """Take it away; the focus goes back to where it was."""
        self._area.removeEventFilter(self)
        self.hide()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the area whatever its size."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._area.rect())
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside the card."""
        inside = [w for w in self.card.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        reachable = [widget for widget in inside if widget.isVisible() and widget.isEnabled()]
        now = self.focusWidget()
        if not reachable:
            return True
        at = reachable.index(now) if now in reachable else -1
        following = reachable[(at + (1 if forward else -1)) % len(reachable)]
        following.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _into_sight(self, _: QWidget | None, now: QWidget | None) -> None:
        """What has the focus is scrolled to, also where a wrong field was given it."""
        if now is not None and self._scroll.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now, 0, look().px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The scrim."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("scrim"))
        painter.end()


def in_front(area: QWidget) -> Overlay | None:
    """The newest overlay that covers an area: the keys are its own."""
    seen = [one for one in area.findChildren(Overlay) if one.isVisible()]
    return seen[-1] if seen else None


class Confirm(Overlay):
    """Title is the question with its object, the body says what will change, both buttons are verbs.

    `answered` says whether to do it. With `count` the act also needs this number typed.
    """

    answered = Signal(bool)

    def __init__(
        self,
        area: QWidget,
        title: str,
        body: str,
        verb: str,
        keep: str,
        *,
        danger: bool = True,
        count: int | None = None,
        count_label: str = "",
    ) -> None:
        super().__init__(area)
        self._count = count
        self.body.addWidget(text(title, "title", wrap=True))
        self.body.addWidget(text(body, "second", wrap=True))
        self.typed = QLineEdit()
        self.typed.setAccessibleName(count_label)
        self.wrong = text("", "error")
        if count is not None:
            self.body.addWidget(text(count_label, "small"))
            self.body.addWidget(self.typed)
            self.body.addWidget(self.wrong)
        safe = action(self, keep, "Esc", lambda: self._answer(False))
        self.keep = HintButton("", safe, parent=self.card)
        self.act = HintButton(verb, weight=Weight.DANGER if danger else Weight.PRIMARY, parent=self.card)
        self.act.clicked.connect(self._act)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.act)
        self.foot.addLayout(row)
        self.setAccessibleName(title)
        self.show()
        self.raise_()
        self.keep.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus; no other key reaches the page below."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.act.hasFocus():
                self._act()
            elif self.keep.hasFocus():
                self._answer(False)
        event.accept()

    def _act(self) -> None:
        if self._count is not None and self.typed.text().strip() != str(self._count):
            self.wrong.setText("数目不对，请核对后再输。")
            self.typed.setFocus()
            return
        self._answer(True)

    def _answer(self, yes: bool) -> None:
        self.finish()
        self.answered.emit(yes)
