"""The bell's panel: what is open for this seat, what to do about it, and marking it as seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.alerts import AlertRow
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Icon, action, rule, text
from ui.icons import LEVELS
from ui.moments import moment_text
from ui.theme import look

MOST = 30
_WIDTH = 440


def when(alert: AlertRow, now: datetime) -> str:
    """When it last changed, on the office's clock as `now` is."""
    changed = datetime.fromisoformat(alert.changed_at).replace(tzinfo=UTC)
    return moment_text(changed.astimezone(now.tzinfo), now.date())


def drop_all(column: QBoxLayout) -> None:
    """Take every widget out of a layout."""
    while (item := column.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()


class AlertItem(QWidget):
    """One alert: icon on its tint, title, what to do, when; `seen` carries its key."""

    seen = Signal(str)

    def __init__(self, alert: AlertRow, now: datetime) -> None:
        super().__init__()
        token = "accent" if alert.level == "info" else alert.level
        head = text(alert.title, "" if alert.seen else "strong", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(head)
        words.addWidget(text(alert.todo, "second", wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(text(when(alert, now), "third"))
        foot.addStretch(1)
        if not alert.seen:
            button = HintButton("看过了", weight=Weight.LINK, small=True)
            button.setAccessibleDescription(alert.title)
            button.clicked.connect(lambda: self.seen.emit(alert.key))
            foot.addWidget(button)
        words.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 8, 6)
        row.setSpacing(10)
        row.addWidget(Icon(LEVELS[alert.level], token), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)


class BellPanel(QFrame):
    """Floats below the bell. `seen` carries keys, `all_wanted` asks for the page of all alerts."""

    seen = Signal(object)
    all_wanted = Signal()

    def __init__(self, area: QWidget, bell: QWidget) -> None:
        super().__init__(area)
        self._area, self._bell = area, bell
        self._alerts: tuple[AlertRow, ...] = ()
        self.setProperty("role", "float")
        self.items = QVBoxLayout()
        self.items.setContentsMargins(0, 0, 0, 0)
        self.items.setSpacing(0)
        inner = QWidget()
        inner.setLayout(self.items)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(rule())
        column.addWidget(scroll, 1)
        self._closing = action(self, "关闭", "Esc", self.hide)
        area.installEventFilter(self)
        self.hide()

    def _head(self) -> QHBoxLayout:
        self._title = text("提醒", "strong")
        self._all_seen = HintButton("全部看过", weight=Weight.LINK, small=True)
        self._all_seen.clicked.connect(self._see_all)
        every = HintButton("全部提醒", weight=Weight.LINK, small=True)
        every.clicked.connect(self.all_wanted)
        row = QHBoxLayout()
        row.setContentsMargins(14, 6, 6, 6)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._all_seen)
        row.addWidget(every)
        return row

    def put(self, alerts: Sequence[AlertRow], now: datetime) -> None:
        """Show these alerts."""
        self._alerts = tuple(alerts)
        unseen = sum(not alert.seen for alert in alerts)
        self._title.setText(f"提醒 {len(alerts)} 条" + (f"，{unseen} 条未看" if unseen else ""))
        self._all_seen.setVisible(bool(unseen))
        drop_all(self.items)
        for alert in self._alerts[:MOST]:
            item = AlertItem(alert, now)
            item.seen.connect(lambda key: self.seen.emit((key,)))
            self.items.addWidget(item)
            self.items.addWidget(rule())
        if not alerts:
            self.items.addWidget(_nothing())
        elif len(alerts) > MOST:
            self.items.addWidget(text(f"  另有 {len(alerts) - MOST} 条，见全部提醒", "third"))
        filler = QWidget()
        self.items.addWidget(filler, 1)
        self._place()

    def toggle(self) -> None:
        """Open below the bell, or close."""
        if self.isVisible():
            self.hide()
            return
        self._place()
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key reaches the page below."""
        event.accept()

    def _see_all(self) -> None:
        self.seen.emit(tuple(alert.key for alert in self._alerts if not alert.seen))

    def _place(self) -> None:
        width = look().px(_WIDTH)
        below = self._bell.mapTo(self._area, QPoint(self._bell.width(), self._bell.height() + 6))
        top = max(below.y(), look().size("top_bar") + 4)
        left = min(below.x() + look().px(120), self._area.width() - 8) - width
        most = self._area.height() - top - look().px(40)
        lines = min(len(self._alerts), MOST)
        self.setGeometry(left, top, width, min(most, look().px(60 + max(1, lines) * 92)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay below the bell."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False


def _nothing() -> QWidget:
    label = text("没有提醒", "second")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setMinimumHeight(look().px(64))
    return label
