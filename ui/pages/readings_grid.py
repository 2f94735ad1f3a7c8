"""The grid of 抄表: a row a meter; this month's reading is typed and judged with every key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.problem import Problem
from app.domain.quantity import Quantity
from app.services.reading_sheet import SheetLine
from ui.forms.badge import badge_size, paint_badge
from ui.forms.edits import NumberEdit
from ui.theme import look

Index = QModelIndex | QPersistentModelIndex
PLACE, HOUSE, METER, OWNER, LAST, DAY, THIS, USED, USUAL, TREND, MARK = range(11)
HEADS = ("序", "房号", "表号", "户主", "上期读数", "上期日期", "本期读数", "用量", "近 6 期均值", "走势", "判断")
WIDTHS = (52, 108, 100, 84, 90, 96, 116, 84, 104, 76, 0)
LEAST_MARK = 290
"""Room for a judgement and what to do about it."""
LEAST_HINT = 110
GIVE_WAY = (TREND, PLACE, DAY, OWNER, USUAL)
"""Columns that are dropped where there is no room for all, in this order."""
RIGHT = frozenset({PLACE, LAST, THIS, USED, USUAL})
SIDE = 8
WRONG = {"reading_decreased": "小于上期", "reading_out_of_register": "超出量程", "usage_too_fine": "小数太多"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a reading is judged: level and word of the badge, what to do, the usage (None: there is none)."""

    level: str
    word: str
    hint: str = ""
    used: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether the reading cannot be saved as it is."""
        return self.level == "danger"


@dataclass(slots=True)
class Typed:
    """What was typed for a meter, and how; `reason` says why an odd reading is right, `refused` is what the last
    attempt to save it said.
    """

    text: str
    estimate: bool = False
    rollover: bool = False
    refused: str = ""
    reason: str = ""


UNREAD, CHANGED = Mark("", "未抄"), Mark("", "已换表，待抄新表")


def _weigh(line: SheetLine, used: int, done: str, typed: Typed | None = None) -> Mark:
    if line.is_unusual(used):
        usual = sum(line.usages)
        tenths = used * len(line.usages) * 10 // usual if usual else 0
        odd = Mark("warn", f"为均值 {tenths // 10}.{tenths % 10} 倍" if usual else "平时没有用量", "请核对读数", used)
    elif used == 0:
        odd = Mark("warn" if line.lived_in and line.usages else "neutral", "零用量", "", used)
    else:
        return Mark("ok", done, "换表，新旧两表合计" if line.carried is not None else "", used)
    if typed is None or odd.level != "warn":
        return odd
    if typed.reason:
        return Mark("ok", "已确认", f"{odd.word}：{typed.reason}", used)
    return Mark("warn", odd.word, "核对，或按 F9 确认", used)


def judge(line: SheetLine, typed: Typed | None) -> Mark:
    """The judgement of a meter's reading: the one that stands, or what is typed."""
    if line.this is not None:
        return _weigh(line, line.used or 0, "估抄" if line.this.kind == "estimate" else "已抄")
    if typed is None or not typed.text.strip():
        return UNREAD if line.carried is None else CHANGED
    try:
        value = Quantity.parse(typed.text).units
        used = line.usage_of(value, rollover=typed.rollover)
    except Problem as why:
        if why.code == "reading_decreased" and line.last is not None:
            less = Quantity.parse(typed.text).units - line.last.value
            return Mark("danger", "小于上期", "换过表按 F8；走满归零按 Shift+F8", less)
        return Mark("danger", WRONG.get(why.code, "不是读数"), why.text)
    if value < 0:
        return Mark("danger", "不是读数", "读数不能是负数")
    if typed.refused:
        return Mark("danger", "没有保存", typed.refused, used)
    mark = _weigh(line, used, "估抄" if typed.estimate else "归零" if typed.rollover else "正常", typed)
    return mark if line.before else Mark("info", "第一次读数", "作为起始读数，不计用量", 0)


class GridModel(QAbstractTableModel):
    """The rows that are shown, and what is typed for any meter, shown or not. `typed_in` after every key."""

    typed_in = Signal()

    def __init__(self, parent: QWidget, *, editable: bool, named: bool) -> None:
        super().__init__(parent)
        self.named = named
        """Whether owners' names may be shown."""
        self.rows: tuple[SheetLine, ...] = ()
        self.typed: dict[int, Typed] = {}
        self.editable, self.year = editable, 0

    def show_rows(self, rows: Sequence[SheetLine], year: int) -> None:
        """Other rows. The same meters again are renewed in place, so that an open cell stays open."""
        same = [row.meter_id for row in rows] == [row.meter_id for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows, self.year = tuple(rows), year
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, MARK))

    def mark(self, row: int) -> Mark:
        """How a row is judged."""
        line = self.rows[row]
        return judge(line, self.typed.get(line.meter_id))

    def put(self, row: int, words: str) -> None:
        """Typed text; none forgets the row."""
        line = self.rows[row]
        if words.strip():
            known = self.typed.setdefault(line.meter_id, Typed(""))
            if known.text != words:
                known.reason = ""
            known.text, known.refused = words, ""
        else:
            self.typed.pop(line.meter_id, None)
        self.touched(row)

    def touched(self, row: int) -> None:
        """Something of a row's typed reading changed."""
        self.dataChanged.emit(self.index(row, THIS), self.index(row, MARK))
        self.typed_in.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Meters."""
        return 0 if parent.isValid() else len(self.rows)

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

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's words."""
        if not index.isValid():
            return None
        words = self._words(index.row())[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADS[index.column()]} {words}"
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == MARK:
            return self.mark(index.row()).hint
        return None

    def _words(self, row: int) -> tuple[str, ...]:
        line, mark = self.rows[row], self.mark(row)
        last, typed = line.last, self.typed.get(line.meter_id)
        shown = Quantity(line.this.value).show() if line.this else typed.text if typed else ""
        counted = line.usages
        used = "" if mark.used is None else Quantity(mark.used).show().replace("-", "−")
        usual = Quantity(sum(counted) // len(counted) // 100 * 100).show() if counted else "—"
        return (
            str(row + 1), line.house, line.meter, line.owner or "—", Quantity(last.value).show() if last else "—",
            self._day(last.on) if last else "—", shown, used,
            usual, "、".join(Quantity(each).show() for each in counted), mark.word,
        )  # fmt: skip

    def _day(self, day: date) -> str:
        return day.isoformat()[5 if day.year == self.year else 0 :]

    def open_at(self, row: int) -> bool:
        """Whether a reading can be typed into a row: one that stands is not changed here."""
        return self.editable and self.rows[row].this is None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only this month's reading is typed."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == THIS and self.open_at(index.row()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags


def bar_height(used: int, most: int, high: int) -> int:
    """How tall the bar of a usage is, of `high` for the most; never nothing."""
    return max(2, high * max(0, used) // most) if most > 0 else 2


def _trend(painter: QPainter, room: QRect, usages: Sequence[int]) -> None:
    """A bar a month, the last at the right, as high as the highest of them allows."""
    seen, most = look(), max(usages, default=0)
    wide, gap, high = seen.px(6), seen.px(2), room.height() - seen.px(12)
    for place, used in enumerate(usages):
        tall = bar_height(used, most, high)
        left = room.left() + place * (wide + gap)
        painter.fillRect(QRect(left, room.bottom() - seen.px(6) - tall, wide, tall), seen.colour("accent_border"))


class GridDelegate(QStyledItemDelegate):
    """Paints a row and opens its cell. `step` asks for the next cell down (1) or up (-1)."""

    step = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.editor: NumberEdit | None = None
        self.first = PLACE

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        seen, rect, model = look(), option.rect, index.model()
        assert isinstance(model, GridModel)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, seen.colour("row_selected" if chosen else "surface"))
        painter.setPen(seen.colour("hairline"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if chosen and index.column() == self.first:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), seen.colour("accent"))
        mark = model.mark(index.row())
        inner = rect.adjusted(seen.px(SIDE), 0, -seen.px(SIDE), 0)
        if index.column() == MARK:
            self._mark(painter, inner, mark)
        elif index.column() == TREND:
            _trend(painter, inner, model.rows[index.row()].usages)
        else:
            if index.column() == THIS and model.open_at(index.row()):
                if chosen or mark.blocks:
                    self._box(painter, rect, wrong=mark.blocks)
                inner = inner.adjusted(0, 0, -seen.px(4), 0)
            self._words(painter, inner, index, mark)
        painter.restore()

    def _words(self, painter: QPainter, room: QRect, index: Index, mark: Mark) -> None:
        loud = index.column() == USED and mark.level in ("warn", "danger")
        token = mark.level if loud else "second" if index.column() in (PLACE, METER, OWNER, DAY, USUAL) else "text"
        painter.setFont(look().font("body", bold=loud or index.column() == HOUSE))
        painter.setPen(look().colour(token))
        side = Qt.AlignmentFlag.AlignRight if index.column() in RIGHT else Qt.AlignmentFlag.AlignLeft
        words = str(index.data())
        if index.column() in (METER, OWNER):
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _box(self, painter: QPainter, rect: QRect, *, wrong: bool) -> None:
        seen = look()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(seen.colour("danger" if wrong else "border"), 2 if wrong else 1))
        painter.setBrush(seen.colour("surface"))
        box = QRectF(rect.adjusted(seen.px(4), seen.px(3), -seen.px(4), -seen.px(4)))
        within = 1 if wrong else 0.5
        painter.drawRoundedRect(box.adjusted(within, within, -within, -within), 4, 4)

    def _mark(self, painter: QPainter, room: QRect, mark: Mark) -> None:
        seen, middle = look(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(seen.font("body"))
        painter.setPen(seen.colour("third"))
        if not mark.level:
            painter.drawText(room, middle, mark.word)
            return
        size = badge_size(mark.word)
        paint_badge(painter, QPoint(room.left(), room.center().y() - size.height() // 2 + 1), mark.level, mark.word)
        left = size.width() + seen.px(8)
        painter.setFont(seen.font("small"))
        painter.setPen(seen.colour("second"))
        rest = room.adjusted(left, 0, 0, 0)
        metrics = painter.fontMetrics()
        # Two letters and an ellipsis tell nothing: where there is so little room the tooltip has it.
        if metrics.horizontalAdvance(mark.hint) <= rest.width() or rest.width() >= seen.px(LEAST_HINT):
            said = metrics.elidedText(mark.hint, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, middle, said)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A figure's edit whose text goes to the model with every key, so nothing typed waits to be committed."""
        edit, row, model = NumberEdit(), index.row(), index.model()
        assert isinstance(model, GridModel)
        edit.setParent(parent)
        edit.setAccessibleName(f"{model.rows[row].house} 本期读数")
        edit.textEdited.connect(lambda _: model.put(row, edit.text()))
        self.editor = edit
        return edit

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What is typed so far; an edit that is open already has it."""
        if isinstance(editor, NumberEdit) and not editor.isModified():
            editor.setText(str(index.data()))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """The model has it already."""

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Where the box was."""
        seen = look()
        editor.setGeometry(option.rect.adjusted(seen.px(3), 1, -seen.px(3), -2))

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """The cell is closed."""
        if editor is self.editor:
            self.editor = None
        super().destroyEditor(editor, index)

    def close(self) -> None:
        """Close the open cell."""
        if self.editor is not None:
            self.closeEditor.emit(self.editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and arrows go to another row; Esc empties the cell."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or event.modifiers() & ~_PAD:
            return super().eventFilter(watched, event)
        by = _STEPS.get(Qt.Key(event.key()))
        if by is not None:
            self.close()
            self.step.emit(by)
            return True
        if event.key() == Qt.Key.Key_Escape and isinstance(watched, NumberEdit):
            watched.clear()
            watched.textEdited.emit("")
        return super().eventFilter(watched, event)


_PAD = Qt.KeyboardModifier.KeypadModifier
_STEPS = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ReadingsGrid(QTableView):
    """The table: a figure or Enter opens the cell of the row; Enter there goes to the next row that is not read."""

    def __init__(self, *, editable: bool, named: bool) -> None:
        super().__init__()
        self.lines, self.cells = GridModel(self, editable=editable, named=named), GridDelegate(self)
        self.setModel(self.lines)
        self.setItemDelegate(self.cells)
        self.cells.step.connect(self.step)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.clicked.connect(lambda index: self.open_cell(index.row()) if index.column() == THIS else None)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("抄表")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(MARK, QHeaderView.ResizeMode.Stretch)
        look().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        seen = look()
        self.verticalHeader().setDefaultSectionSize(seen.size("row"))
        self.horizontalHeader().setFixedHeight(seen.size("table_head"))
        for column, width in enumerate(WIDTHS):
            if width:
                self.horizontalHeader().resizeSection(column, seen.px(width))
        self._give_way()

    def _give_way(self) -> None:
        absent = () if self.lines.named else (OWNER,)
        needed = sum(WIDTHS) + LEAST_MARK - sum(WIDTHS[column] for column in absent)
        for column in absent:
            self.setColumnHidden(column, True)
        for column in GIVE_WAY:
            if column in absent:
                continue
            hidden = self.viewport().width() < look().px(needed)
            self.setColumnHidden(column, hidden)
            needed -= WIDTHS[column] if hidden else 0
        self.cells.first = HOUSE if self.isColumnHidden(PLACE) else PLACE

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way on a small screen."""
        super().resizeEvent(event)
        self._give_way()

    @property
    def row(self) -> int:
        """The current row; -1 where there is none."""
        return self.currentIndex().row()

    def go_row(self, row: int) -> None:
        """Make a row current."""
        index = self.lines.index(row, THIS)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def open_cell(self, row: int) -> None:
        """Type into a row, where that can be."""
        self.go_row(row)
        index = self.lines.index(row, THIS)
        if self.lines.open_at(row) and not self.isPersistentEditorOpen(index):
            self.edit(index)

    def step(self, by: int) -> None:
        """Open the next row, down or up, that is not read; the last one stays closed."""
        row = self.row + by
        while 0 <= row < len(self.lines.rows) and not self.lines.open_at(row):
            row += by
        if 0 <= row < len(self.lines.rows):
            self.open_cell(row)
        else:
            self.setFocus()

    def first_open(self) -> int:
        """The first row that is neither read nor typed; -1 where all are."""
        rows = self.lines.rows
        return next((at for at, line in enumerate(rows) if line.this is None and line.meter_id not in self.lines.typed),
                    -1)  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the cell; a figure begins typing at once."""
        row = self.row
        if row >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_cell(row)
            return
        if row >= 0 and event.text()[:1].isdigit() and self.lines.open_at(row):
            self.open_cell(row)
            if self.cells.editor is not None:
                self.cells.editor.setText("")
                self.cells.editor.insert(event.text())
                self.cells.editor.setModified(True)
                self.lines.put(row, self.cells.editor.text())
            return
        super().keyPressEvent(event)
