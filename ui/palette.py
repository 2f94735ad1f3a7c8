"""The search (Ctrl+K): pages, commands, and whatever the window's sources find. `>` lists commands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.progress import Progress
from ui.forms.hint_button import paint_keys
from ui.forms.parts import Icon, rule, text
from ui.icons import paint
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

MOST = 9
_WIDTH = 540
_PAUSE_MS = 150


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its icon, its name, a grey line, what kind it is, and what Enter does."""

    icon: str
    title: str
    detail: str
    kind: str
    do: Callable[[], object]


Source = Callable[[str], Sequence[Hit]]
"""Finds hits for a text; called off the window's thread."""


class _Row(QWidget):
    def __init__(self, hit: Hit) -> None:
        super().__init__()
        self.hit, self.chosen = hit, False
        self.setFixedHeight(look().px(40))
        self.setAccessibleName(f"{hit.title} {hit.detail} {hit.kind}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.chosen:
            painter.fillRect(self.rect(), look().colour("row_selected"))
        edge, middle = look().px(16), Qt.AlignmentFlag.AlignVCenter
        paint(painter, QRectF(look().px(16), (self.height() - edge) / 2, edge, edge), self.hit.icon, "text")
        painter.setFont(look().font(bold=True))
        painter.setPen(look().colour("text"))
        left = look().px(44)
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, self.hit.title)
        left += painter.fontMetrics().horizontalAdvance(self.hit.title) + look().px(12)
        painter.setFont(look().font("small"))
        painter.setPen(look().colour("second"))
        right = look().px(110)
        room = self.rect().adjusted(left, 0, -right, 0)
        detail = painter.fontMetrics().elidedText(self.hit.detail, Qt.TextElideMode.ElideRight, max(0, room.width()))
        painter.drawText(room, middle, detail)
        kind = self.rect().adjusted(0, 0, -look().px(66 if self.chosen else 16), 0)
        painter.drawText(kind, middle | Qt.AlignmentFlag.AlignRight, self.hit.kind)
        if self.chosen:
            width = look().px(42)
            paint_keys(painter, QRectF(self.width() - width - look().px(14), 0, width, self.height()), "Enter")
        painter.end()


class _Box(QLineEdit):
    moved = Signal(int)
    closed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class Palette(QFrame):
    """A child of the window, below its top bar."""

    def __init__(self, area: QWidget, runner: Runner, own: Source, sources: Sequence[Source]) -> None:
        super().__init__(area)
        self._area, self._runner, self._own, self._sources = area, runner, own, tuple(sources)
        self._topic = Topic()
        self._rows: list[_Row] = []
        self._at = 0
        self._before: QWidget | None = None
        self.under: QWidget | None = None
        """What opens it: it covers that, and stands flush with it."""
        self.setProperty("role", "float")
        self.box, self.count = _Box(), text("", "small")
        self.box.setFrame(False)
        self.box.setProperty("role", "bare")
        self.box.setAccessibleName("搜索")
        self.box.setPlaceholderText("输入要找的内容；先输入 > 只找命令")
        self._hits = QVBoxLayout()
        self._hits.setSpacing(0)
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.box.textEdited.connect(lambda _: self._typed())
        self.box.returnPressed.connect(self._take)
        self.box.moved.connect(self._move)
        self.box.closed.connect(self.close_palette)
        area.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(8)
        row.addWidget(Icon("search"))
        row.addWidget(self.box, 1)
        row.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(rule())
        column.addLayout(self._hits)

    @property
    def titles(self) -> tuple[str, ...]:
        """What stands there."""
        return tuple(row.hit.title for row in self._rows)

    def open_palette(self) -> None:
        """Come to the front, empty."""
        self._before = self.window().focusWidget()
        self.box.clear()
        self._typed()
        self.show()
        self.raise_()
        self._place()
        self.box.setFocus()

    def close_palette(self) -> None:
        """Go away; the focus goes back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    def _typed(self) -> None:
        self._show(self._own(self.box.text().strip()))
        if self._sources and self.box.text().strip() and not self.box.text().startswith(">"):
            if not self._rows:
                self.count.setText("正在找…")
            self._pause.start()
        else:
            self._pause.stop()

    def _ask(self) -> None:
        wanted = self.box.text().strip()

        def work(_: Progress) -> list[Hit]:
            return [hit for source in self._sources for hit in source(wanted)]

        self._runner.run(self, self._topic, work, done=self._found, failed=lambda _: None)

    def _found(self, hits: list[Hit]) -> None:
        self._show((*hits, *self._own(self.box.text().strip())))

    def _show(self, hits: Sequence[Hit]) -> None:
        for row in self._rows:
            self._hits.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_Row(hit) for hit in hits[:MOST]]
        for row in self._rows:
            row.installEventFilter(self)
            self._hits.addWidget(row)
        self.count.setText(f"{len(hits)} 个结果" if hits else "没有找到")
        self._at = 0
        self._move(0)
        self._place()

    def _move(self, step: int) -> None:
        if self._rows:
            self._at = (self._at + step) % len(self._rows)
        for at, row in enumerate(self._rows):
            row.chosen = at == self._at
            row.update()

    def _take(self) -> None:
        if self._rows:
            hit = self._rows[self._at].hit
            self.close_palette()
            hit.do()

    def _place(self) -> None:
        width = min(look().px(_WIDTH), self._area.width() - 32)
        height = look().px(48) + len(self._rows) * look().px(40) + 6
        start = self.under.mapTo(self._area, QPoint(0, 0)).x() if self.under is not None else look().px(290)
        left = max(16, min(start, self._area.width() - width - 16))
        self.setGeometry(left, look().px(6), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place; a click on a row takes it."""
        if watched is self._area and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if isinstance(watched, _Row) and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonRelease and watched in self._rows:
                self._at = self._rows.index(watched)
                self._take()
                return True
        elif watched is self._area and event.type() == QEvent.Type.MouseButtonPress and self.isVisible():
            self.close_palette()
        return False
