"""How the cells of a list are drawn: one painter a kind of column, all on the same row."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.services.list_face import ColumnFace, Kind
from ui.forms.badge import badge_size, paint_badge
from ui.icons import paint
from ui.models.cell_text import NOTHING, shown, state_of
from ui.models.list_model import CELL, FACE, TICKED, VALUE, Cell
from ui.theme import look

SIDE, BAR, TICK = 8, 3, 15
Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """The row under every cell: its colour, the hairline, the accent bar of a selected row, the grey bar of a row that
    is on the way. What a cell holds is drawn by `content`.
    """

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        painter.save()
        rect: QRect = option.rect
        selected = _is_selected(option)
        _paint_row(painter, rect, option, index, selected=selected)
        cell: Cell | None = index.data(CELL)
        if cell is not None and cell.waiting:
            _paint_waiting(painter, rect)
        elif cell is not None and cell.face is not None:
            inner = rect.adjusted(look().px(SIDE), 0, -look().px(SIDE), -1)
            self.content(painter, inner, cell.face, cell.value, selected=selected)
        painter.restore()

    def content(self, painter: QPainter, rect: QRect, face: ColumnFace, value: Any, *, selected: bool) -> None:
        """The value: text that ends in … where there is no room."""
        painter.setFont(look().font("body"))
        said = shown(face, value)
        painter.setPen(look().colour("third" if said == NOTHING else "text"))
        cut = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)

    def width(self, face: ColumnFace, value: Any) -> int:
        """The room that a value needs, without the cell's sides."""
        return QFontMetrics(look().font("body", bold=face.kind is Kind.NUMBER)).horizontalAdvance(shown(face, value))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """For the double click that fits a column."""
        face = index.data(FACE)
        width = self.width(face, index.data(VALUE)) if face is not None else look().px(TICK)
        return QSize(width + 2 * look().px(SIDE) + 2, look().size("row"))


class NumberCell(CellDelegate):
    """What a thing is called by: semibold, never cut."""

    def content(self, painter: QPainter, rect: QRect, face: ColumnFace, value: Any, *, selected: bool) -> None:
        """The number."""
        said = shown(face, value)
        painter.setFont(look().font("body", bold=said != NOTHING))
        painter.setPen(look().colour("third" if said == NOTHING else "text"))
        painter.setClipping(False)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, said)


class FigureCell(CellDelegate):
    """Money, areas, quantities, counts: at the right, zero in the third colour, never cut."""

    def content(self, painter: QPainter, rect: QRect, face: ColumnFace, value: Any, *, selected: bool) -> None:
        """The figure."""
        alarming = face.alarming and value is not None and (value > 0 if face.kind is Kind.MONEY else value < 0)
        painter.setFont(look().font("body", bold=alarming))
        painter.setPen(look().colour("danger" if alarming else "text" if value else "third"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown(face, value))


class DateCell(CellDelegate):
    """Days, periods, moments: at the left, never cut."""

    def content(self, painter: QPainter, rect: QRect, face: ColumnFace, value: Any, *, selected: bool) -> None:
        """The day."""
        painter.setFont(look().font("body"))
        painter.setPen(look().colour("text" if value else "third"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown(face, value))


class MaskedCell(DateCell):
    """A personal number with its middle hidden: never cut, in the second colour."""

    def content(self, painter: QPainter, rect: QRect, face: ColumnFace, value: Any, *, selected: bool) -> None:
        """The masked number."""
        painter.setFont(look().font("body"))
        painter.setPen(look().colour("second" if value else "third"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown(face, value))


class StateCell(CellDelegate):
    """A state: icon and word on its tint."""

    def content(self, painter: QPainter, rect: QRect, face: ColumnFace, value: Any, *, selected: bool) -> None:
        """The badge."""
        state = state_of(face, value)
        if state is None:
            if value:
                super().content(painter, rect, face, value, selected=selected)
            return
        top = rect.center().y() - badge_size(state.word).height() // 2 + 1
        paint_badge(painter, QPoint(rect.left(), top), state.tone, state.word, state.icon)

    def width(self, face: ColumnFace, value: Any) -> int:
        """The badge's."""
        state = state_of(face, value)
        return badge_size(state.word).width() if state else 0


class CheckCell(CellDelegate):
    """Yes or no of the data: a check mark or nothing."""

    def content(self, painter: QPainter, rect: QRect, face: ColumnFace, value: Any, *, selected: bool) -> None:
        """The mark."""
        if value:
            edge = look().px(16)
            box = QRectF(rect.center().x() - edge / 2 + 0.5, rect.center().y() - edge / 2 + 1, edge, edge)
            paint(painter, box, "check", "ok")

    def width(self, face: ColumnFace, value: Any) -> int:
        """The mark's."""
        return look().px(16)


class TickCell(CellDelegate):
    """The box at the left of a row: ticked where the row is selected. The whole cell is its target."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The box."""
        painter.save()
        _paint_row(painter, option.rect, option, index, selected=_is_selected(option))
        paint_tick(painter, option.rect, on=bool(index.data(TICKED)))
        painter.restore()


def paint_tick(painter: QPainter, rect: QRect, *, on: bool, part: bool = False) -> None:
    """A tick box in the middle of a rectangle; `part`: some of many."""
    edge = look().px(TICK)
    box = QRectF(rect.center().x() - edge / 2 + 1.5, rect.center().y() - edge / 2 + 0.5, edge, edge)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look().colour("accent" if on or part else "third"))
    painter.setBrush(look().colour("accent" if on or part else "surface"))
    painter.drawRoundedRect(box, 3, 3)
    if on:
        paint(painter, box.adjusted(1.5, 1.5, -1.5, -1.5), "check", "on_accent")
    elif part:
        painter.fillRect(box.adjusted(3.5, 6.5, -3.5, -6.5), look().colour("on_accent"))


class RowView(QTableView):
    """A table whose rows these delegates draw: it knows the row under the mouse and which column stands first."""

    def __init__(self) -> None:
        super().__init__()
        self.hover_row = -1
        self.setMouseTracking(True)
        self.entered.connect(lambda index: self._hover(index.row()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hover_row:
            self.hover_row = row
            self.viewport().update()

    def stands_first(self, column: int) -> bool:
        """Whether this column stands at the left edge."""
        return self.horizontalHeader().visualIndex(column) == 0


def _is_selected(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Selected)


def _paint_row(painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: Index, *, selected: bool) -> None:
    seen, view = look(), option.widget
    rows = view if isinstance(view, RowView) else None
    row = index.row()
    hover = rows is not None and rows.hover_row == row
    current = rows is not None and rows.currentIndex().row() == row
    fill = "row_selected" if selected or current else "row_hover" if hover else "surface"
    painter.fillRect(rect, seen.colour(fill))
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), seen.colour("hairline"))
    if rows is None or not current:
        return
    if rows.hasFocus():
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), seen.colour("accent"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), seen.colour("accent"))
    if rows.stands_first(index.column()):
        painter.fillRect(QRect(rect.left(), rect.top(), seen.px(BAR), rect.height()), seen.colour("accent"))


def _paint_waiting(painter: QPainter, rect: QRect) -> None:
    width = min(look().px(64), rect.width() - 2 * look().px(SIDE))
    if width > 0:
        height = look().px(8)
        box = QRectF(rect.left() + look().px(SIDE), rect.center().y() - height / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("hairline"))
        painter.drawRoundedRect(box, 3, 3)


DELEGATES: dict[Kind, type[CellDelegate]] = {
    Kind.TEXT: CellDelegate,
    Kind.NUMBER: NumberCell,
    Kind.COUNT: FigureCell,
    Kind.MONEY: FigureCell,
    Kind.AREA: FigureCell,
    Kind.QUANTITY: FigureCell,
    Kind.PRICE: FigureCell,
    Kind.DATE: DateCell,
    Kind.PERIOD: DateCell,
    Kind.MOMENT: DateCell,
    Kind.STATE: StateCell,
    Kind.MASKED: MaskedCell,
    Kind.CHECK: CheckCell,
}
"""Which delegate draws which kind of column."""
