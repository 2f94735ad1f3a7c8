"""小区 → 楼栋 → 单元 at the left of the houses, with how many there are in each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from app.services.house_list import Branch
from app.services.list_face import Query
from ui.icons import paint
from ui.theme import look

Index = QModelIndex | QPersistentModelIndex
BRANCH = int(Qt.ItemDataRole.UserRole) + 1


class BranchDelegate(QStyledItemDelegate):
    """A branch: its title, and its count in grey at the right."""

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
        left = seen.px(10 + 14 * depth)
        if index.model().hasChildren(index) and isinstance(view, QTreeView):
            edge = seen.px(14)
            name = "down" if _is_open(view, index) else "right"
            paint(painter, QRect(left, rect.center().y() - edge // 2 + 1, edge, edge), name, "third")
        painter.setFont(seen.font("micro"))
        painter.setPen(seen.colour("third"))
        count = f"{branch.count:,}"
        right = rect.adjusted(0, 0, -seen.px(14), 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        room = painter.fontMetrics().horizontalAdvance(count) + seen.px(20)
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


class HouseTree(QTreeView):
    """`chosen` carries the branch that hands chose."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._branches = QStandardItemModel(self)
        self.setModel(self._branches)
        self.setItemDelegate(BranchDelegate(self))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("楼栋和单元")
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self._showing = False
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
        self.setFixedWidth(look().size("tree"))

    def put(self, root: Branch) -> None:
        """Other branches; what was open stays open."""
        opened = {
            self._branches.index(row, 0).data(BRANCH).filter
            for row in range(self._branches.rowCount())
            if self.isExpanded(self._branches.index(row, 0))
        }
        self._showing = True
        self._branches.clear()
        for branch in (root, *root.parts):
            made = _item(branch)
            self._branches.appendRow(made)
            if branch is not root:
                for part in branch.parts:
                    made.appendRow(_item(part))
                self.setExpanded(made.index(), branch.filter in opened)
        self._showing = False

    def show_query(self, query: Query) -> None:
        """Mark the branch that a question is about."""
        wanted = next((pair for pair in query.filters if pair[0] in ("building", "entrance", "kind")), None)
        self._showing = True
        found = self._find(wanted)
        if found is not None:
            self.setCurrentIndex(found)
        self._showing = False

    def title_of(self, query: Query) -> str:
        """What the branch of a question is called: 3 栋 2 单元; empty for the whole estate."""
        wanted = next((pair for pair in query.filters if pair[0] in ("building", "entrance", "kind")), None)
        index = None if wanted is None else self._find(wanted)
        if index is None:
            return ""
        above = index.parent()
        title: str = index.data(BRANCH).title
        return f"{above.data(BRANCH).title} {title}" if above.isValid() else title

    def buildings(self) -> list[tuple[str, str]]:
        """Code and title of each building, in order."""
        branches = [self._branches.index(row, 0).data(BRANCH) for row in range(self._branches.rowCount())]
        return [(each.filter[1], each.title) for each in branches if each.filter and each.filter[0] == "building"]

    def building_of(self, query: Query) -> str:
        """The code of the building that a question is about, or within which it is; empty for the whole estate."""
        wanted = next((pair for pair in query.filters if pair[0] in ("building", "entrance")), None)
        index = None if wanted is None else self._find(wanted)
        if index is None:
            return ""
        above = index.parent()
        code: str = (above if above.isValid() else index).data(BRANCH).filter[1]
        return code

    def _find(self, wanted: tuple[str, str] | None) -> QModelIndex | None:
        for row in range(self._branches.rowCount()):
            index = self._branches.index(row, 0)
            for each in (index, *(self._branches.index(n, 0, index) for n in range(self._branches.rowCount(index)))):
                if each.data(BRANCH).filter == wanted:
                    return each
        return None

    def _picked(self, index: QModelIndex) -> None:
        if not self._showing and index.isValid():
            self.chosen.emit(index.data(BRANCH))

    def _fold(self, index: QModelIndex) -> None:
        if self._branches.rowCount(index):
            self.setExpanded(index, not self.isExpanded(index) or index != self.currentIndex())


def _item(branch: Branch) -> QStandardItem:
    made = QStandardItem(branch.title)
    made.setData(branch, BRANCH)
    return made
