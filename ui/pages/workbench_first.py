"""The first days' list: what a new office still lacks before its first bill, each step with the page that does it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.setup import SetUp
from ui.bell import drop_all
from ui.forms.hint_button import HintButton
from ui.forms.parts import Card, Elided, Icon, text


@dataclass(frozen=True, slots=True)
class Step:
    """A step: whether it was taken, its words, its page and what the page shall show."""

    done: bool
    title: str
    about: str
    place: str
    what: str | None = None


def first_steps(state: SetUp) -> tuple[Step, ...]:
    """The steps in their order."""
    return (
        Step(bool(state.houses), "建房屋", "从 Excel 导入楼栋和房号", "import", "houses"),
        Step(state.residents, "登记住户", "业主、租户和家人；与房屋同一份表也行", "import", "residents"),
        Step(bool(state.priced), "设收费标准", "每个收费项目的单价和起始日", "tariffs"),
        Step(
            state.opening, "导入期初", "往期欠费、预存、押金、已交至、表底、下一票号；没有就跳过", "import", "opening"
        ),
        Step(state.read, "抄第一次表", "按用量收费的才需要", "readings"),
        Step(state.billed, "第一次出账", "先试算，核对后过账", "setup"),
    )


class FirstSteps(Card):
    """The card; `wanted` carries a page and what it shall show."""

    wanted = Signal(str, object)

    def __init__(self) -> None:
        self.count = text("", "small")
        super().__init__("开始使用", self.count)
        self.buttons: list[HintButton] = []
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(14, 6, 14, 8)
        self._rows.setSpacing(4)
        self.body.addLayout(self._rows)

    def put(self, state: SetUp) -> None:
        """How far the office has come."""
        steps = first_steps(state)
        drop_all(self._rows)
        self.buttons = []
        for step in steps:
            self._rows.addWidget(self._row(step))
        self.count.setText(f"已完成 {sum(step.done for step in steps)} / {len(steps)}")

    def _row(self, step: Step) -> QWidget:
        line = QWidget()
        line.setAccessibleName(f"{step.title}，{'已完成' if step.done else '还没有做'}")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(Icon("check" if step.done else "dot", "ok" if step.done else "third"))
        row.addWidget(text(step.title, "second" if step.done else "strong"))
        row.addWidget(Elided(step.about, "small"), 1)
        button = HintButton("看看" if step.done else "去做", small=True)
        button.setAccessibleDescription(step.title)
        button.clicked.connect(lambda: self.wanted.emit(step.place, step.what))
        self.buttons.append(button)
        row.addWidget(button)
        return line
