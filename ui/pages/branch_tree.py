"""A tree at the left of a page: branches with a title, a word in grey at the right, and an icon where they have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from ui.icons import paint
from ui.theme import look

Index = QModelIndex | QPersistentModelIndex
BRANCH = int(Qt.ItemDataRole.UserRole) + 1


class BranchDelegate(QStyledItemDelegate):
    """A branch: its `title`, what `note` says of it in grey at the right, the icon that `icon` names, or none."""

    def __init__(self, view: QTreeView, note: Callable[[Any], str], icon: Callable[[Any], str]) -> None:
        super().__init__(view)
        self._note, self._icon = note, icon

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One branch."""
        seen, branch = look(), index.data(BRANCH)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        view = option.widget
        depth, up = 0, index.parent()
        while up.isValid():
            depth, up = depth + 1, up.parent()
        rect = QRect(0, option.rect.top(), view.viewport().width() if isinstance(view, QTreeView) else 0,
                     option.rect.height())  # fmt: skip
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(seen.colour("row_selected" if chosen else "row_hover"))
            painter.drawRoundedRect(rect.adjusted(6, 0, -6, -1), 5, 5)
        if chosen and isinstance(view, QTreeView) and view.hasFocus():
            painter.setPen(QPen(seen.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(7, 1, -7, -2), 5, 5)
        left, edge = seen.px(10 + 14 * depth), seen.px(14)
        mark = QRect(left, rect.center().y() - edge // 2 + 1, edge, edge)
        if icon := self._icon(branch):
            paint(painter, mark, icon, "accent" if chosen else "second")
            left += seen.px(5)
        elif index.model().hasChildren(index) and isinstance(view, QTreeView):
            paint(painter, mark, "down" if _is_open(view, index) else "right", "third")
        painter.setFont(seen.font("micro"))
        painter.setPen(seen.colour("third"))
        note = self._note(branch)
        right = rect.adjusted(0, 0, -seen.px(14), 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)
        room = painter.fontMetrics().horizontalAdvance(note) + seen.px(20)
        painter.setFont(seen.font("body", bold=chosen))
        painter.setPen(seen.colour("accent" if chosen else "text"))
        inner = rect.adjusted(left + seen.px(16), 0, -room, 0)
        said = painter.fontMetrics().elidedText(branch.title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, said)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(look().px(120), look().size("chip"))


def _is_open(view: QTreeView, index: Index) -> bool:
    return view.isExpanded(view.model().index(index.row(), 0, index.parent()))


class BranchTree(QTreeView):
    """Branches of two levels with a line at the right edge, as wide as the token `width` says. `chosen` carries the
    branch that hands chose.
    """

    chosen = Signal(object)

    def __init__(
        self, name: str, note: Callable[[Any], str], icon: Callable[[Any], str] = lambda _: "", width: str = "tree"
    ) -> None:
        super().__init__()
        self._width = width
        self.branches = QStandardItemModel(self)
        self.setModel(self.branches)
        self.setItemDelegate(BranchDelegate(self, note, icon))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.showing = False
        """Whether the tree is being filled: what becomes current then was not chosen by hands."""
        self.selectionModel().currentChanged.connect(lambda index, _: self._picked(index))
        self.clicked.connect(self._fold)
        look().changed.connect(self._dress)
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line at the right edge."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        edge = self.viewport().rect()
        painter.fillRect(QRect(edge.right(), 0, 1, edge.height()), look().colour("border"))
        painter.end()

    def _dress(self) -> None:
        self.setFixedWidth(look().size(self._width))

    def indexes(self) -> list[QModelIndex]:
        """All branches from top to bottom, those below a branch right after it."""
        found = []
        for row in range(self.branches.rowCount()):
            index = self.branches.index(row, 0)
            found += [index, *(self.branches.index(n, 0, index) for n in range(self.branches.rowCount(index)))]
        return found

    def mark(self, index: QModelIndex) -> None:
        """Make a branch current without anybody having chosen it."""
        self.showing = True
        self.setCurrentIndex(index)
        self.showing = False

    def _picked(self, index: QModelIndex) -> None:
        if not self.showing and index.isValid():
            self.chosen.emit(index.data(BRANCH))

    def _fold(self, index: QModelIndex) -> None:
        if self.branches.rowCount(index):
            self.setExpanded(index, not self.isExpanded(index) or index != self.currentIndex())


def branch_item(branch: Any) -> QStandardItem:
    """An entry of the model for a branch."""
    made = QStandardItem(branch.title)
    made.setData(branch, BRANCH)
    return made
