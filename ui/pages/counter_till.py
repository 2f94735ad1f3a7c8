"""The amount card of the counter: what is due in figures and words, how it is paid, what was given, the change."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.capitals import capital
from app.domain.money import parse_yuan, plain_yuan, yuan
from app.domain.problem import Problem
from app.services.purse import METHODS, Tender
from ui.forms.edits import NumberEdit
from ui.forms.hint_button import HintButton, Weight
from ui.forms.key_hint import KeyButton, KeyHint
from ui.forms.parts import Card, Elided, restyle, text
from ui.theme import look

LARGE = 110
"""Above this font scale things stand one below the other."""
MOST_REFERENCE = 64
EXACT_STEPS = (1_00, 50_00, 100_00)
"""Quick sums: the total rounded up to whole yuan, fifties, hundreds."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the payer gives: method, received fen (None: nothing typed), whether what is over becomes prepaid (change is
    given for cash alone), the channel's own number, and what was given in another way before, in fen.
    """

    method: str
    received: int | None
    keep_change: bool
    reference: str | None = None
    before: tuple[Tender, ...] = ()

    @property
    def earlier(self) -> int:
        """What the ways before gave, in fen."""
        return sum(one.amount for one in self.before)


class TillCard(Card):
    """`given` changed: `changed`. The primary button is the page's action."""

    changed = Signal()
    prepaid_wanted = Signal()

    def __init__(self, take: QAction, amount: QAction, keep: QAction) -> None:
        super().__init__()
        self._total = 0
        self._before: tuple[Tender, ...] = ()
        self._pressed = next(iter(METHODS))
        self.figure, self.words = text("¥ 0.00", "total"), text("", "small", wrap=True)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.received, self.change = NumberEdit(), text("0.00", "change")
        self.received.setAccessibleName("收到")
        self.received.setProperty("role", "sum")
        self.change.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reference = QLineEdit()
        self.reference.setAccessibleName("流水号")
        self.reference.setPlaceholderText("流水号，可不填")
        self.reference.setMaxLength(MOST_REFERENCE)
        self.split = Elided("", "small")
        self.keep = QCheckBox("找零转入预存")
        keep.triggered.connect(self.keep.toggle)
        self.keep.toggled.connect(self._typed)
        self.received.textChanged.connect(self._typed)
        amount.triggered.connect(self._to_amount)
        self.take = HintButton("收款并打印收据", take, Weight.PRIMARY, tall=True)
        self.methods = QButtonGroup(self)
        self._quick = QHBoxLayout()
        self._quick.setSpacing(4)
        self.body.addLayout(self._layout())

    def _layout(self) -> QVBoxLayout:
        column = self._column = QVBoxLayout()
        top = QHBoxLayout()
        top.addWidget(text("应收", "second"), 0, Qt.AlignmentFlag.AlignTop)
        sums = QVBoxLayout()
        sums.setSpacing(2)
        sums.addWidget(self.figure)
        sums.addWidget(self.words)
        top.addLayout(sums, 1)
        column.addLayout(top)
        column.addWidget(text("支付方式", "small"))
        column.addLayout(self._method_grid())
        column.addWidget(self.split)
        self.split.hide()
        column.addLayout(self._money_row())
        column.addWidget(self.reference)
        self.reference.hide()
        row = self._keep_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        keep = QHBoxLayout()
        keep.setSpacing(4)
        keep.addWidget(self.keep)
        self._keep_key = KeyHint("F9", "")
        keep.addWidget(self._keep_key)
        keep.addStretch(1)
        row.addLayout(keep, 1)
        row.addLayout(self._quick)
        column.addLayout(row)
        self._turn()
        look().changed.connect(self._turn)
        column.addWidget(self.take)
        return column

    def _turn(self) -> None:
        """With large type the quick sums stand below the box beside which they stand."""
        large = look().scale > LARGE
        self._column.setSpacing(4 if large else 10)
        self._column.setContentsMargins(16, 6 if large else 14, 16, 10 if large else 14)
        self._keep_row.setDirection(QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight)

    def _method_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, (method, title) in enumerate(METHODS.items()):
            button = KeyButton(title, f"Alt+{place + 1}")
            button.setChecked(place == 0)
            button.setProperty("method", method)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.methods.addButton(button, place)
            grid.addWidget(button, place // 3, place % 3)
        self.prepaid = KeyButton("预存", f"Alt+{len(METHODS) + 1}")
        self.prepaid.setCheckable(False)
        self.prepaid.setEnabled(False)
        self.prepaid.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.prepaid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.prepaid.clicked.connect(self.prepaid_wanted)
        grid.addWidget(self.prepaid, len(METHODS) // 3, len(METHODS) % 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self.methods.idClicked.connect(lambda _: self._way_pressed())
        return grid

    def _money_row(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.addWidget(KeyHint("F4", "收到", after=True), 0, 0)
        grid.addWidget(text("找零", "small"), 0, 1)
        grid.addWidget(self.received, 1, 0)
        grid.addWidget(self.change, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    @property
    def method(self) -> str:
        """The way that is pressed."""
        pressed = self.methods.checkedButton()
        return str(pressed.property("method")) if pressed is not None else next(iter(METHODS))

    def choose(self, place: int) -> None:
        """Press a way by its place."""
        button = self.methods.button(place)
        if button is not None:
            button.setChecked(True)
            self._way_pressed()

    def _way_pressed(self) -> None:
        """A second way takes the rest where a part was typed for the first; pressed once more it takes all of it.

        Pressing the first one again takes the part back.
        """
        way, before = self.method, self._pressed
        self._pressed = way
        part = self._part()
        if way == before:
            if self._before:
                self._put_together(self._given_before + (part or 0))
        elif self._before and way == self._before[-1].method:
            last = self._before[-1]
            self._before = self._before[:-1]
            self.received.setText(plain_yuan(last.amount))
            self.reference.setText(last.reference or "")
        elif part is not None and 0 < part < self._total - self._given_before:
            self._before = (*self._before, Tender(before, part, self.reference.text().strip() or None))
            self.received.clear()
            self.reference.clear()
        if self.reference.hasFocus() and self.method == "cash":
            self.received.setFocus()
        self._tell_ways()
        self._typed()

    def _put_together(self, fen: int) -> None:
        """One way for all of it."""
        self._before = ()
        self.received.setText(plain_yuan(fen))

    def _part(self) -> int | None:
        try:
            return self.given().received
        except Problem:
            return None

    @property
    def touched(self) -> bool:
        """Whether hands put something here: an amount, a channel's number, a part in another way."""
        return bool(self._before or self.received.text().strip() or self.reference.text().strip())

    @property
    def _given_before(self) -> int:
        return sum(one.amount for one in self._before)

    def _tell_ways(self) -> None:
        """Which part came in which way, and whether a channel's number is asked for."""
        cash = self.method == "cash"
        self.reference.setVisible(not cash)
        self.keep.setVisible(cash)
        self._keep_key.setVisible(cash)
        self._quick_shown()
        self.split.setVisible(bool(self._before))
        parts = [f"{METHODS[one.method]} {yuan(one.amount)}" for one in self._before]
        rest = yuan(max(0, self._total - self._given_before))
        self.split.say("　＋　".join([*parts, f"{METHODS[self.method]} {rest}"]))

    def _quick_shown(self) -> None:
        """Quick sums are for cash."""
        for place in range(self._quick.count()):
            item = self._quick.itemAt(place)
            if item is not None and (button := item.widget()) is not None:
                button.setVisible(self.method == "cash")

    def given(self) -> Given:
        """What was typed. Raises Problem where it is no amount."""
        typed = self.received.text().strip()
        return Given(
            self.method,
            int(parse_yuan(typed)) if typed else None,
            self.keep.isChecked() or self.method != "cash",
            self.reference.text().strip() or None,
            self._before,
        )

    def show_total(self, fen: int) -> None:
        """Another sum is due."""
        self._total = fen
        if self._given_before >= fen:
            self._before = ()
        self._tell_ways()
        self.figure.setText(f"¥ {yuan(fen)}")
        self.words.setText(capital(fen) if fen else "")
        self._offer()
        self._typed()

    def reset(self) -> None:
        """For the next house: cash, nothing given."""
        self._before = ()
        self.received.clear()
        self.reference.clear()
        self.keep.setChecked(False)
        self.methods.button(0).setChecked(True)
        self._pressed = self.method
        self._tell_ways()
        self._typed()

    def _to_amount(self) -> None:
        self.received.setFocus()
        self.received.selectAll()

    def _typed(self) -> None:
        try:
            received = self.given().received
        except Problem:
            received = None
        change = 0 if received is None else received - (self._total - self._given_before)
        cash = self.method == "cash"
        self.change.setText(yuan(max(0, change) if cash else 0))
        restyle(self.change, "short", change < 0)
        self.keep.setEnabled(cash and change > 0)
        self.changed.emit()

    def _offer(self) -> None:
        """Quick sums that a payer in cash is likely to give."""
        while self._quick.count():
            item = self._quick.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.deleteLater()
        sums = dict.fromkeys(-(-self._total // step) * step for step in EXACT_STEPS) if self._total else {}
        for fen in sums:
            if fen > self._total:
                self._quick.addWidget(self._quick_button(fen))
        self._quick_shown()

    def _quick_button(self, fen: int) -> QWidget:
        button = QToolButton()
        button.setText(f"{fen // 100}")
        button.setAccessibleName(f"收到 {fen // 100} 元")
        button.setProperty("role", "chip")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.received.setText(f"{fen // 100}.00"))
        return button


def labelled(title: str, figure: QLabel) -> QVBoxLayout:
    """A small title over a figure, both at the right."""
    column = QVBoxLayout()
    column.setSpacing(2)
    head = text(title, "small")
    head.setAlignment(Qt.AlignmentFlag.AlignRight)
    figure.setAlignment(Qt.AlignmentFlag.AlignRight)
    column.addWidget(head)
    column.addWidget(figure)
    return column
