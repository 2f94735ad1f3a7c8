"""A question before what cannot be undone: an overlay of the window, the focus on the safe answer, Esc is safe."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Wide, action, centred, text
from ui.theme import look

_EDGE = 16


class Overlay(QWidget):
    """Covers an area with a scrim and holds a floating card in its middle; what is below gets no key and no click."""

    def __init__(self, area: QWidget, width: int = 430) -> None:
        super().__init__(area)
        self._area, self._before = area, area.window().focusWidget()
        self.card = Wide(min(width, (area.width() - 2 * _EDGE) * 100 // look().scale), "float", self)
        self.body = QVBoxLayout(self.card)
        self.body.setContentsMargins(20, 18, 20, 18)
        self.body.setSpacing(8)
        inner = QWidget()
        middle = QVBoxLayout(inner)
        middle.addStretch(2)
        middle.addLayout(centred(self.card))
        middle.addStretch(3)
        # What is taller than the window scrolls; squeezed, its fields would lie on one another.
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
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
        self._scroll.ensureWidgetVisible(following, 0, look().px(40))
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """The scrim."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("scrim"))
        painter.end()


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
        self.body.addSpacing(8)
        self.body.addLayout(row)
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
