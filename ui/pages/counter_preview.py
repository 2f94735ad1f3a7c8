"""The receipt that would be printed, drawn small beside the amount: the lines by item, the sum, who takes it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.capitals import capital
from app.domain.money import yuan
from ui.theme import look


@dataclass(frozen=True, slots=True)
class Slip:
    """What the preview shows; amounts in fen, `rest` what becomes prepaid."""

    number: str
    day: str
    house: str
    payer: str
    lines: tuple[tuple[str, int], ...]
    total: int
    rest: int
    received: int
    change: int
    cashier: str


LINE, AROUND, EDGE = 20, 4, 0.8
"""Height of a row; the rows that every receipt has (head, house, sum, received); the paper's edges in rows."""
NOTHING = 40
"""Height of the words that stand there without one."""


def _around(slip: Slip) -> int:
    """Rows that are no items."""
    return AROUND + bool(slip.rest)


class ReceiptPreview(QWidget):
    """Painted; empty until a house is called up."""

    def __init__(self) -> None:
        super().__init__()
        self._slip: Slip | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("收据预览")
        look().changed.connect(self.update)

    def show_slip(self, slip: Slip | None) -> None:
        """Another receipt, or none."""
        self._slip = slip
        rows = 0 if slip is None else _around(slip) + min(2, len(slip.lines)) + EDGE
        self.setMinimumHeight(look().px(rows * LINE + 2) if slip else look().px(NOTHING))
        self.setAccessibleDescription(f"{slip.house} {yuan(slip.total)} 元" if slip else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A slip of white paper whatever the theme."""
        painter = QPainter(self)
        seen = look()
        slip = self._slip
        if slip is None:
            painter.setPen(seen.colour("third"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "呼出一户后显示收据")
            return
        line = seen.px(LINE)
        room = max(1, int((self.height() - 2) / line - EDGE) - _around(slip))
        shown = slip.lines if len(slip.lines) <= room else slip.lines[: max(1, room - 1)]
        rows = _around(slip) + len(shown) + (len(shown) < len(slip.lines)) + EDGE
        paper = QRectF(1, 1, self.width() - 2, min(rows * line, self.height() - 2))
        painter.fillRect(paper, seen.colour("paper"))
        painter.setPen(seen.colour("border"))
        painter.drawRect(paper)
        self._fill(painter, slip, shown, paper, line)

    def _fill(
        self, painter: QPainter, slip: Slip, shown: tuple[tuple[str, int], ...], paper: QRectF, line: int
    ) -> None:
        seen, side = look(), look().px(12)
        inner = paper.adjusted(side, 0, -side, 0)
        painter.setPen(seen.colour("ink"))
        top = paper.top() + line * EDGE / 2

        def put(left: str, right: str = "", *, bold: bool = False, centre: bool = False) -> None:
            nonlocal top
            painter.setFont(seen.font("small", bold=bold))
            row = QRectF(inner.left(), top, inner.width(), line)
            middle = Qt.AlignmentFlag.AlignVCenter
            room = row.width() - painter.fontMetrics().horizontalAdvance(right) - side
            words = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(
                row, middle | (Qt.AlignmentFlag.AlignHCenter if centre else Qt.AlignmentFlag.AlignLeft), words
            )
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, right)
            top += line

        put("收 款 收 据", bold=True, centre=True)
        put(f"房号 {slip.house}　{slip.payer}", slip.day)
        painter.drawLine(QPointF(inner.left(), top), QPointF(inner.right(), top))
        for name, fen in shown:
            put(name, yuan(fen))
        if len(shown) < len(slip.lines):
            put(f"其余 {len(slip.lines) - len(shown)} 行", yuan(sum(fen for _, fen in slip.lines[len(shown) :])))
        if slip.rest:
            put("转入预存", yuan(slip.rest))
        painter.drawLine(QPointF(inner.left(), top), QPointF(inner.right(), top))
        put(capital(slip.total) if slip.total else "", f"¥{yuan(slip.total)}", bold=True)
        put(f"收到 {yuan(slip.received)}　找零 {yuan(slip.change)}", f"收款人 {slip.cashier}")
