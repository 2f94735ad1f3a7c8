"""The counter's list of open charges: tick, how it arose, what it takes; the last column is typed into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.money import parse_yuan, yuan
from app.domain.problem import Problem
from app.services.counter import Ticket
from ui.forms.badge import badge_size, paint_badge
from ui.forms.edits import NumberEdit
from ui.icons import paint
from ui.theme import look

Index = QModelIndex | QPersistentModelIndex
TICK, NAME, PERIOD, DUE, HOW, CHARGED, PAID, LATE, TAKES = range(9)
HEADS = ("", "费用", "账期", "到期", "计算", "应收", "已收", "违约金", "本次实收")
WIDTHS = (32, 0, 84, 64, 120, 74, 66, 62, 92)
WHOLE_DAY = 88
"""Width of a due day of another year, which is shown with its year."""
RIGHT = frozenset({CHARGED, PAID, LATE, TAKES})
SIDE, BAR = 8, 3
OVERDUE, DISPUTED = ("逾期", "warn", "clock"), ("争议", "danger", "triangle")
"""What a line is marked with: word, tone, icon; a contested one is that first."""
DROPPED = (HOW, DUE, PERIOD)
"""Columns that give way in this order; the name then says the period. Money never goes."""
LEAST_NAME = 140


def brief_span(span: str, year: int) -> str:
    """A period or day of this year as it stands in a name: `7月`, `07-06`; of another year, or a longer one, whole."""
    rest = span.removeprefix(f"{year}-")
    return f"{int(rest)}月" if len(rest) == len("07") else rest if len(rest) == len("07-06") else span


class LinesModel(QAbstractTableModel):
    """The lines of the house at the counter. `changed` when a tick or an amount changed; `wrong` says why not."""

    changed = Signal()
    wrong = Signal(str)

    def __init__(self, parent: QWidget, *, typed_into: bool = True) -> None:
        super().__init__(parent)
        self.ticket, self.year, self._typed_into = Ticket.of(()), 0, typed_into
        self.settles: Mapping[int, int] | None = None
        self.brief = False
        """Whether the period stands in the name, its own column having given way."""

    def show_ticket(self, ticket: Ticket, year: int) -> None:
        """Another house; days of this year are shown without it."""
        self.beginResetModel()
        self.ticket, self.year, self.settles = ticket, year, None
        self.endResetModel()
        self.changed.emit()

    def show_settled(self, settles: Mapping[int, int] | None) -> None:
        """What each line would get of a smaller sum, by its place; None: what is ticked."""
        self.settles = settles
        self._redraw()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Lines."""
        return 0 if parent.isValid() else len(self.ticket.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns."""
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def takes(self, place: int) -> int:
        """What a line gets now, in fen."""
        return self.ticket.amount(place) if self.settles is None else self.settles.get(place, 0)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's words."""
        if not index.isValid():
            return None
        place, column = index.row(), index.column()
        line = self.ticket.lines[place]
        if role == Qt.ItemDataRole.CheckStateRole and column == TICK:
            return Qt.CheckState.Checked if self.ticket.ticked[place] else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole and column == TICK:
            return "已勾选" if self.ticket.ticked[place] else "未勾选"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return (
                "",
                f"{line.item_name} {brief_span(line.span, self.year)}" if self.brief else line.item_name,
                line.span,
                line.due.isoformat()[5 if line.due.year == self.year else 0 :],
                line.how,
                yuan(line.amount_fen),
                yuan(line.paid_fen),
                yuan(line.late_fee_fen),
                yuan(self.takes(place)) if self.ticket.ticked[place] else "未选",
            )[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            contested = "　有争议，暂不算违约金、不催缴" if line.disputed else ""
            return f"{line.item_name}　{line.span}　{line.due} 到期　{line.how}{contested}"
        return None

    def open_at(self, place: int) -> bool:
        """Whether an amount can be typed into a line."""
        return self._typed_into and self.ticket.ticked[place]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The last column of a ticked line is typed into."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == TAKES and self.open_at(index.row()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """An amount that was typed; empty or the whole again says nothing."""
        if role != Qt.ItemDataRole.EditRole or index.column() != TAKES:
            return False
        place, text = index.row(), str(value).strip()
        line = self.ticket.lines[place]
        try:
            fen = int(parse_yuan(text)) if text else line.due_fen
        except Problem as why:
            self.wrong.emit(why.text)
            return False
        if not 0 < fen <= line.due_fen:
            self.wrong.emit(f"{line.item_name} {line.period} 最多收 {yuan(line.due_fen)} 元；多收的请记预存。")
            return False
        self.ticket.typed[place] = None if fen == line.due_fen else fen
        self._touched()
        return True

    def toggle(self, place: int) -> None:
        """Tick or untick a line."""
        self.ticket.ticked[place] = not self.ticket.ticked[place]
        self.ticket.typed[place] = None
        self._touched()

    def tick_all(self) -> None:
        """All, or none where all are ticked."""
        wanted = not all(self.ticket.ticked)
        for place in range(len(self.ticket.lines)):
            self.ticket.ticked[place], self.ticket.typed[place] = wanted, None
        self._touched()

    def _touched(self) -> None:
        self.settles = None
        self._redraw()
        self.changed.emit()

    def _redraw(self) -> None:
        if self.ticket.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ticket.lines) - 1, len(HEADS) - 1))


class LinesDelegate(QStyledItemDelegate):
    """Paints a line: tick box, badge of an overdue one, figures at the right, an input in the last column."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        seen, rect = look(), option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, seen.colour("row_selected" if chosen else "surface"))
        painter.setPen(seen.colour("hairline"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        model = index.model()
        assert isinstance(model, LinesModel)
        line, ticked = model.ticket.lines[index.row()], model.ticket.ticked[index.row()]
        painter.setFont(seen.font("body"))
        if index.column() == TICK:
            if chosen:
                painter.fillRect(QRect(rect.left(), rect.top(), seen.px(BAR), rect.height()), seen.colour("accent"))
            self._tick(painter, option, ticked=ticked)
            return
        inner = rect.adjusted(seen.px(SIDE), 0, -seen.px(SIDE), 0)
        text = str(index.data())
        if index.column() == NAME:
            mark = DISPUTED if line.disputed else OVERDUE if line.overdue else None
            self._name(painter, option, (line.item_name, text[len(line.item_name) :]), mark)
            return
        if index.column() == TAKES:
            self._takes(painter, option, text, ticked=ticked, boxed=model.open_at(index.row()))
            return
        token = "text"
        if index.column() in (PAID, LATE) and text == "0.00":
            token = "third"
        elif (index.column() in (DUE, LATE) and line.overdue) or index.column() == LATE:
            token = "warn"
        elif index.column() == HOW:
            token = "second"
        painter.setPen(seen.colour(token))
        side = Qt.AlignmentFlag.AlignRight if index.column() in RIGHT else Qt.AlignmentFlag.AlignLeft
        shown = text if index.column() in RIGHT else painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, inner.width())  # fmt: skip
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _tick(self, painter: QPainter, option: QStyleOptionViewItem, *, ticked: bool) -> None:
        seen = look()
        edge = seen.px(15)
        box = option.rect.__class__(0, 0, edge, edge)
        box.moveCenter(option.rect.center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(seen.colour("accent" if ticked else "border"))
        painter.setBrush(seen.colour("accent" if ticked else "surface"))
        painter.drawRoundedRect(box, 3, 3)
        painter.restore()
        if ticked:
            paint(painter, box.adjusted(2, 2, -2, -2), "check", "on_accent")

    def _name(
        self, painter: QPainter, option: QStyleOptionViewItem, words: tuple[str, str], mark: tuple[str, str, str] | None
    ) -> None:
        """The item and, where its own column gave way, the period: the item is cut, the period never."""
        seen, (item, span) = look(), words
        inner = option.rect.adjusted(seen.px(SIDE), 0, -seen.px(SIDE), 0)
        word, tone, icon = mark or ("", "", "")
        edge = seen.px(14)
        metrics = painter.fontMetrics()
        # An item that shares its column with the period is cut before the word is; where that has no room either, and
        # where the item would be cut for the word's sake alone, the sign stands at the edge.
        least = f"{item[:2]}…" if span and len(item) > len("物业费") else item
        badge = mark is not None and (
            metrics.horizontalAdvance(least + span) + seen.px(6) + badge_size(word).width() <= inner.width()
        )
        room = inner.width() - (badge_size(word).width() + seen.px(6) if badge else edge if mark else 0)
        room -= metrics.horizontalAdvance(span)
        shown = metrics.elidedText(item, Qt.TextElideMode.ElideRight, room) + span
        painter.setPen(seen.colour("text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if mark and not badge:
            paint(painter, QRect(inner.right() - edge, inner.center().y() - edge // 2, edge, edge), icon, tone)
        elif mark:
            at = inner.topLeft()
            at.setX(inner.left() + metrics.horizontalAdvance(shown) + seen.px(6))
            at.setY(inner.center().y() - badge_size(word).height() // 2)
            paint_badge(painter, at, tone, word)

    def _takes(self, painter: QPainter, option: QStyleOptionViewItem, text: str, *, ticked: bool, boxed: bool) -> None:
        seen = look()
        box = option.rect.adjusted(seen.px(4), seen.px(3), -seen.px(6), -seen.px(4))
        if boxed:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(seen.colour("border"))
            painter.setBrush(seen.colour("surface"))
            painter.drawRoundedRect(box, 4, 4)
            painter.restore()
        painter.setPen(seen.colour("text" if ticked else "third"))
        inner = box.adjusted(0, 0, -seen.px(8), 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A figure's edit."""
        edit = NumberEdit()
        edit.setParent(parent)
        edit.setAccessibleName("本次实收")
        return edit

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The plain figure, all of it chosen."""
        assert isinstance(editor, QLineEdit)
        editor.setText(str(index.data()).replace(",", ""))
        editor.selectAll()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """The whole cell."""
        editor.setGeometry(option.rect)


class LinesTable(QTableView):
    """The list: Space ticks, Enter types, a figure begins typing at once. Who takes no money types nothing."""

    def __init__(self, *, typed_into: bool = True) -> None:
        super().__init__()
        self.lines = LinesModel(self, typed_into=typed_into)
        self.setModel(self.lines)
        self.setItemDelegate(LinesDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setShowGrid(False)
        self.setAccessibleName("未清费用")
        self.verticalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(1)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._clicked)
        look().changed.connect(self._fit)
        self.lines.modelReset.connect(self._fit)
        self._fit()

    def _widths(self) -> tuple[int, ...]:
        """Widths of the columns for the lines that stand there; 0 is what is left."""
        years = {line.due.year for line in self.lines.ticket.lines}
        return tuple(
            WHOLE_DAY if column == DUE and years - {self.lines.year} else width for column, width in enumerate(WIDTHS)
        )

    def _fit(self) -> None:
        seen = look()
        self.verticalHeader().setDefaultSectionSize(seen.size("row"))
        self.horizontalHeader().setFixedHeight(seen.size("row"))
        for column, width in enumerate(self._widths()):
            if width:
                self.horizontalHeader().resizeSection(column, seen.px(width))
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way where the name would get too little."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        seen, widths = look(), self._widths()
        left = self.viewport().width() - seen.px(sum(widths) + LEAST_NAME)
        for column in DROPPED:
            self.setColumnHidden(column, left < 0)
            left += seen.px(widths[column]) if left < 0 else 0
        self.lines.brief = self.isColumnHidden(PERIOD)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == TICK:
            self.lines.toggle(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks; a digit types an amount into the current line."""
        index = self.currentIndex()
        if index.isValid() and event.key() == Qt.Key.Key_Space:
            self.lines.toggle(index.row())
            return
        if index.isValid() and event.text()[:1].isdigit() and self.lines.open_at(index.row()):
            target = self.lines.index(index.row(), TAKES)
            self.setCurrentIndex(target)
            self.edit(target)
            editor = self.focusWidget()
            if isinstance(editor, QLineEdit):
                editor.setText(event.text())
            return
        super().keyPressEvent(event)
