"""A list on a page: filter row, table, foot, and what stands there while there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.services import view_states
from app.services.list_face import ColumnFace, Counts, Face, Query, Sort, sums
from app.services.refused import NotAllowed
from app.services.seat import Seat
from app.services.view_states import ViewState
from ui.forms.message_bar import MessageBar
from ui.models.list_model import ListDoors, ListModel
from ui.pages.list_filters import FilterRow
from ui.pages.list_foot import ListFoot
from ui.pages.list_states import Offer, Skeleton, StatePane
from ui.pages.list_table import ListTable
from ui.workers.runner import Runner
from ui.workers.topic import Topic

R = TypeVar("R")
KEEP_MS = 800
Answer = tuple[Counts, dict[str, int]]


class ListBody(QWidget, Generic[R]):
    """One list with all that belongs to it. `side` stands at the left of the table."""

    current = Signal(object, object)
    """The current row changed: its key and the row (None while it is on the way, or where there is none)."""
    opened = Signal(object)
    counted = Signal(object)
    failed = Signal(object)
    restored = Signal(object)
    """How its user left the list: what is not the list's own (the panel) follows."""

    def __init__(
        self, face: Face, doors: ListDoors, seat: Seat, runner: Runner, *, hint: str, side: QWidget | None = None
    ) -> None:
        super().__init__()
        self.face, self.doors, self._seat, self._runner = face, doors, seat, runner
        self.columns = tuple(column for column in face.columns if column.needs is None or seat.may(column.needs))
        self.model: ListModel[R] = ListModel(face, doors, seat, runner, self)
        self.model.columns = tuple(column for column in self.columns if column.shown)
        self.table = ListTable(self.model)
        self.front: QWidget = self.table
        """What shows the rows: the table, or another picture of them that the page put there."""
        rights = [each.needs for each in face.filters if each.needs is not None and seat.may(each.needs)]
        self.filters, self.foot = FilterRow(face, rights, hint), ListFoot(face)
        self.strip, self.pane, self._stack = MessageBar(), StatePane(), QStackedWidget()
        self.empty: tuple[str, str, str, Sequence[Offer]] = ("info", f"还没有{face.title}", "", ())
        self.completed: Callable[[ViewState], ViewState] = lambda state: state
        self.counts: Counts | None = None
        self._totals: dict[str, int] = {}
        self._counts_topic, self._keep_topic, self._sum_topic = Topic(), Topic(), Topic()
        self._copy_topic, self._state_topic = Topic(), Topic()
        self._restored = False
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_MS)
        self._keeping.timeout.connect(self.keep)
        self._build(side)
        self._connect()

    def _build(self, side: QWidget | None) -> None:
        for widget in (self.table, self.pane, Skeleton()):
            self._stack.addWidget(widget)
        self._stack.setCurrentIndex(2)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.strip)
        right.addWidget(self._stack, 1)
        right.addWidget(self.foot)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        if side is not None:
            middle.addWidget(side)
        middle.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addLayout(middle, 1)

    def _connect(self) -> None:
        model, table = self.model, self.table
        model.loaded.connect(self._loaded)
        model.failed.connect(self._failed)
        model.row_came.connect(self._came)
        model.dataChanged.connect(lambda *_: self._say_loaded())
        table.sorted.connect(self.sort)
        table.picked.connect(self._picked)
        table.current.connect(self._current)
        table.opened.connect(lambda: self.opened.emit(table.key) if table.key is not None else None)
        table.arranged.connect(self._keeping.start)
        self.filters.asked.connect(self._asked)
        self.filters.chooser_wanted.connect(lambda button: self.chooser().popup(_below(button)))

    # asking

    @property
    def query(self) -> Query:
        """What the list is asked now."""
        return self.filters.query

    def refresh(self) -> None:
        """Ask anew: at the first time as its user left it."""
        if self._restored:
            self._ask()
            return
        self._restored = True
        seat, name = self._seat, self.face.name
        self._runner.run(
            self,
            self._state_topic,
            lambda _: view_states.kept(seat, name),
            done=self._restore,
            failed=lambda _: self._restore(ViewState()),
        )

    def _restore(self, state: ViewState) -> None:
        toggled = set(state.toggled)
        shown = [column for column in self.columns if column.shown != (column.key in toggled)]
        place = {key: at for at, key in enumerate(state.order)}
        shown.sort(key=lambda column: place.get(column.key, len(place)))
        self.table.dragged = dict(state.widths)
        self._put_columns(shown)
        if not self.query.narrow:
            known = {sort.key for sort in state.sorted_by} & {column.key for column in self.columns}
            sorts = tuple(sort for sort in state.sorted_by if sort.key in known)
            self.filters.show_query(Query("", state.filters, sorts))
        self.restored.emit(state)
        self._ask()

    def ask(self, query: Query) -> None:
        """Ask another question."""
        self._restored = True
        self.filters.show_query(query)
        self._asked(query)

    def _asked(self, _: Query) -> None:
        self._keeping.start()
        self._ask()

    def _ask(self) -> None:
        self.model.ask(self.query)

    def _count(self) -> None:
        """Counts and sums follow the rows: side by side they would only hold each other up in the database."""
        query, seat, doors = self.query, self._seat, self.doors

        def read(_: object) -> Answer:
            return doors.counts(seat, query), doors.totals(seat, query)

        self._runner.run(self, self._counts_topic, read, done=self._counted, failed=lambda _: None)

    def sort(self, sorts: tuple[Sort, ...]) -> None:
        """Another order."""
        self.ask(Query(self.query.words, self.query.filters, sorts))

    def _loaded(self) -> None:
        self.strip.clear()
        first = self._stack.currentIndex() == 2
        empty = self.model.rowCount() == 0
        if empty:
            self._say_empty()
        self._stack.setCurrentWidget(self.pane if empty else self.front)
        self._say_loaded()
        self._count()
        if first and not self.query.narrow:
            self.front.setFocus()
        if self.table.key is not None:
            self._current(self.table.key)

    def put_front(self, front: QWidget) -> None:
        """Show the rows in the table or in another picture of them."""
        if self._stack.indexOf(front) < 0:
            self._stack.addWidget(front)
        if self._stack.currentWidget() is self.front:
            self._stack.setCurrentWidget(front)
        self.front = front
        self.filters.columns.setVisible(front is self.table)

    def _say_empty(self) -> None:
        if self.query.narrow:
            said = "、".join(self.conditions())
            title = f"没有符合条件的{self.face.title}"
            self.pane.say("search", title, f"条件：{said}。", (("清除筛选", self.filters.clear_all),))
        else:
            self.pane.say(*self.empty)

    def conditions(self) -> list[str]:
        """What the list is asked, in words."""
        said = [f"“{self.query.words.strip()}”"] if self.query.words.strip() else []
        return said + [self.face.said(key, value) for key, value in self.query.filters]

    def _failed(self, error: Exception) -> None:
        if isinstance(error, NotAllowed):
            self.pane.say("lock", "没有权限", error.problem.text + (error.problem.hint or ""))
            self._stack.setCurrentWidget(self.pane)
            return
        self.strip.tell(error)
        self.strip.say("danger", self.strip.said.text(), self.strip.hint.text(), (("重试", self._ask),))
        if not self.model.ready:
            self.pane.say("triangle", "列表没有载入", "看上面的说明，再试一次。")
            self._stack.setCurrentWidget(self.pane)
        self.failed.emit(error)

    def _counted(self, answer: Answer) -> None:
        self.counts, self._totals = answer
        self.filters.chips.show_counts(self.counts)
        self.foot.total(self._totals)
        self.counted.emit(self.counts)
        self._picked()

    def _say_loaded(self) -> None:
        self.foot.count(self.model.rowCount(), min(self.model.cached, self.model.rowCount()))

    # the current row and the selection

    def _current(self, key: int | None) -> None:
        place = None if key is None or self.model.row_of(key) is not None else self.model.place_of(key)
        if place is not None:
            self.model.wanted(place, place)
        self.current.emit(key, None if key is None else self.model.row_of(key))

    def _came(self, key: int) -> None:
        if key == self.table.key:
            self._current(key)

    def _picked(self) -> None:
        chosen = self.model.selected
        rows = [row for key in chosen if (row := self.model.row_of(key)) is not None] if len(chosen) <= 500 else []
        missing = len(rows) < len(chosen)
        whole = len(chosen) == self.model.rowCount()
        added = self._totals if whole else None if missing else sums(self.columns, rows)
        self.foot.choose(len(chosen), self.model.cached < len(chosen), added)
        if len(chosen) > 1 and added is None:
            self._sum_later(tuple(chosen))

    def _sum_later(self, keys: tuple[int, ...]) -> None:
        seat, doors = self._seat, self.doors

        def done(added: dict[str, int]) -> None:
            if set(keys) == self.model.selected:
                self.foot.choose(len(keys), self.model.cached < len(keys), added)

        self._runner.run(
            self,
            self._sum_topic,
            lambda _: sums(self.columns, list(doors.rows(seat, keys).values())),
            done=done,
            failed=lambda _: None,
        )

    def copy(self) -> None:
        """The selected rows, or the current one, to the clipboard."""
        places = list(self.table.chosen()) or [self.table.currentIndex().row()]
        keys = [key for place in places if (key := self.model.key_at(place)) is not None]
        if all(self.model.row_of(key) is not None for key in keys):
            QGuiApplication.clipboard().setText(self.model.copied([self.model.row_of(key) for key in keys]))
            return
        seat, doors = self._seat, self.doors

        def done(rows: dict[int, Any]) -> None:
            QGuiApplication.clipboard().setText(self.model.copied([rows.get(key) for key in keys]))

        self._runner.run(self, self._copy_topic, lambda _: doors.rows(seat, keys), done=done, failed=self._failed)

    def copy_cell(self) -> None:
        """The current cell to the clipboard."""
        said = self.table.currentIndex().data()
        QGuiApplication.clipboard().setText(str(said or ""))

    # columns and what is remembered

    def chooser(self) -> QMenu:
        """The menu that says which columns stand in the table."""
        menu = QMenu(self)
        shown = {column.key for column in self.model.columns}
        for column in self.columns:
            made = QAction(column.title.partition("（")[0], menu)
            made.setCheckable(True)
            made.setChecked(column.key in shown)
            made.setEnabled(column.key not in shown or len(shown) > 1)
            made.triggered.connect(lambda on, column=column: self.show_column(column, on=on))
            menu.addAction(made)
        menu.addSeparator()
        menu.addAction("恢复默认的列", self.reset_columns)
        return menu

    def show_column(self, column: ColumnFace, *, on: bool) -> None:
        """Put a column into the table, at the end, or take it out."""
        by_key = {each.key: each for each in self.columns}
        kept = [by_key[key] for key in self.table.order() if key != column.key]
        self._put_columns([*kept, column] if on else kept)
        self._keeping.start()

    def reset_columns(self) -> None:
        """The columns as the list declares them."""
        self.table.dragged = {}
        self._put_columns([column for column in self.columns if column.shown])
        self._keeping.start()

    def _put_columns(self, columns: Sequence[ColumnFace]) -> None:
        head = self.table.horizontalHeader()
        head.blockSignals(True)
        for place in range(head.count()):
            head.moveSection(head.visualIndex(place), place)
        head.blockSignals(False)
        self.model.put_columns(columns)
        self.table.dress_columns()

    def state(self) -> ViewState:
        """How the list stands now."""
        shown = set(self.table.order())
        return ViewState(
            order=self.table.order(),
            widths=dict(self.table.dragged),
            toggled=tuple(column.key for column in self.columns if column.shown != (column.key in shown)),
            sorts=tuple((sort.key, sort.descending) for sort in self.query.sorts),
            filters=self.query.filters,
        )

    def keep(self) -> None:
        """Remember how the list stands."""
        if not self._restored:
            return
        seat, name, state = self._seat, self.face.name, self.completed(self.state())
        self._runner.run(
            self,
            self._keep_topic,
            lambda _: view_states.keep(seat, name, state),
            done=lambda _: None,
            failed=lambda _: None,
            writes=True,
        )

    def remember_soon(self) -> None:
        """Something that is remembered changed."""
        self._keeping.start()


def _below(button: QWidget) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height()))
