"""设备维保: the ledger and the tasks, and writing down what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.services import equipment, equipment_list, maintenance, task_list
from app.services.equipment import EquipmentFile, EquipmentRow
from app.services.equipment_details import STATES, TITLES
from app.services.equipment_list import EQUIPMENT, DoneRow, EquipmentLine
from app.services.list_face import Counts, Kind, State
from app.services.maintenance import RESULTS
from app.services.seat import Seat
from app.services.task_list import TASKS, TaskLine
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton, Weight
from ui.forms.message_bar import MessageBar
from ui.forms.parts import action, text
from ui.models.cell_text import state_of
from ui.models.plain_model import column
from ui.pages.equipment_dialogs import AddEquipment, AddPlan, ChangeEquipment, CompleteTask
from ui.pages.importing import import_button
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, heading, pairs
from ui.pages.panel_table import PanelTable
from ui.workers.runner import Runner
from ui.workers.topic import Topic

PLAN_STATES = (
    State("overdue", "逾期", "danger", "triangle"),
    State("grace", "宽限内", "warn", "clock"),
    State("due", "到期", "warn", "clock"),
    State("upcoming", "将到期", "warn", "clock"),
    State("ok", "正常", "ok", "check"),
)
PLANS = (
    column("task", "任务"),
    column("next_due", "下次", Kind.DATE, 10),
    column("state", "状态", Kind.STATE, 8, PLAN_STATES),
    column("last_done", "上次", Kind.DATE, 10),
)
DONE_STATES = (
    State("fail", RESULTS["fail"], "danger", "triangle"),
    State("pass", RESULTS["pass"], "ok", "check"),
)
HISTORY = (
    column("on", "日期", Kind.DATE, 10),
    column("task", "任务"),
    column("done_by", "维保人"),
    column("result", "结果", Kind.STATE, 8, DONE_STATES),
)
FACTS = ("type", "place", "brand", "model", "serial", "maker", "maintainer", "contract_end", "in_service",
         "warranty_end", "registration", "certificate", "certificate_end", "remark")  # fmt: skip
Found = tuple[EquipmentFile, tuple[DoneRow, ...]]


MOVES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "in_use": (("stopped", "停用"), ("scrapped", "报废")),
    "stopped": (("in_use", "启用"), ("scrapped", "报废")),
    "scrapped": (),
}
"""From a state to others, each with its verb."""
STATE_SAYS = {
    "in_use": "重新启用当天，它的维保任务全部到期，要先做一遍。",
    "stopped": "停用期间不提醒维保；重新启用时全部任务到期。",
    "scrapped": "报废后不再提醒维保，也不能再启用；记录都留着。",
}


class EquipmentPage(ListPage):
    """Two views: the equipment, and its tasks. Enter writes down that the first task was done."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        ledger: ListBody[EquipmentLine] = ListBody(
            EQUIPMENT.face, equipment_list, seat, runner, hint="编号、名称、位置"
        )
        ledger.empty = ("gear", "还没有设备", "登记电梯、水泵、消防等设备；已知的类型自带维保计划。", ())
        tasks: ListBody[TaskLine] = ListBody(TASKS.face, task_list, seat, runner, hint="编号、任务、位置")
        tasks.empty = ("check", "没有维保任务", "登记设备后，它的任务排在这里。", ())
        titles = ["概况", "维保计划", "经过"]
        views = (View("设备", ledger, DetailPanel(titles)), View("任务", tasks, DetailPanel(titles)))
        super().__init__(seat, runner, "设备维保", views)
        self.found: EquipmentFile | None = None
        self._panel_topic, self._act_topic = Topic(), Topic()
        self.adding = action(self, "登记设备", "Ctrl+N", self.add)
        self.completing = action(self, "登记完成", "Ctrl+Return", self.open_row)
        self.completing.setEnabled(False)
        if (bringing := import_button(self, "equipment")) is not None:
            self.head.add(bringing)
        self.head.add(self.export_button())
        if seat.may("maintain"):
            self.head.add(HintButton("", self.adding, Weight.PRIMARY, icon="plus"))
        self.adding.setEnabled(seat.may("maintain"))

    def main_actions(self) -> tuple[QAction, ...]:
        """Complete, add, export."""
        return (self.completing, self.adding, self.exporting) if self.seat.may("maintain") else (self.exporting,)

    def scope(self, view: View, counts: Counts) -> str:
        """How much there is, and what is late."""
        said, states = [super().scope(view, counts)], counts.of.get("state", {})
        for code, word in (("overdue", "逾期"), ("due", "到期"), ("soon", "将到期"), ("inspection", "检验将到期")):
            if states.get(code):
                said.append(f"{word} {states[code]}")
        return " · ".join(said)

    def open_with(self, what: object) -> None:
        """What other pages ask for is equipment: its number, or a question."""
        self.go_view(0)
        super().open_with(what)

    def open_row(self) -> None:
        """Enter: write down that the task was done."""
        if self.completing.isEnabled():
            self.complete()
        else:
            super().open_row()

    # the panel

    def show_row(self, view: View, row: Any) -> None:
        """The head at once, plans and history when they are read."""
        ledger = isinstance(row, EquipmentLine)
        number = row.number if ledger else row.equipment
        state = state_of(view.body.face.column("state"), row.state)
        badge = (state.tone, state.word, state.icon) if state else None
        view.panel.show_head(f"{number} {row.name}", row.place or "", badge)
        seat = self.seat
        self.found = None

        def read(_: object) -> Found:
            return equipment.show(seat, number), equipment_list.history(seat, number)

        self.run(
            read,
            topic=self._panel_topic,
            done=lambda found: self._show(view.panel, row, *found),
            failed=view.panel.message.tell,
        )

    def row_gone(self) -> None:
        """No piece is in front that something was done to."""
        self._panel_topic.forget()
        self.found = None
        self.completing.setEnabled(False)

    def _show(self, panel: DetailPanel, row: Any, found: EquipmentFile, history: tuple[DoneRow, ...]) -> None:
        self.found = found
        usable = found.row.state == "in_use" and bool(found.plans) and self.seat.may("maintain")
        self.completing.setEnabled(usable)
        panel.message.clear()
        body = panel.tab(0)
        self._urgent(body, row)
        if self.seat.may("maintain"):
            body.addWidget(self._acts(found, usable=usable))
        details = found.row.details
        facts = [(TITLES[name], getattr(details, name)) for name in FACTS]
        body.addWidget(pairs([(title, _words(value)) for title, value in facts if value]))
        body.addStretch(1)
        self._plans(panel.tab(1), found)
        self._history(panel.tab(2), history)
        n, done = len(found.plans), len(history)
        panel.name_tabs(["概况", f"维保计划 {n}" if n else "维保计划", f"经过 {done}" if done else "经过"])

    def _acts(self, found: EquipmentFile, *, usable: bool) -> QWidget:
        """What may be done about it."""
        number, state = found.row.details.number, found.row.state
        made: list[QWidget] = [HintButton("", self.completing, icon="check", small=True)] if usable else []
        moves = [(f"{verb}…", partial(self.ask_state, number, code, verb)) for code, verb in MOVES[state]]
        said: list[tuple[str, Callable[[], object]]] = [("改资料…", partial(self.change, found.row)), *moves]
        for words, do in said:
            button = HintButton(words, small=True)
            button.clicked.connect(lambda *_, do=do: do())
            made.append(button)
        return buttons(*made)

    def change(self, row: EquipmentRow) -> ChangeEquipment:
        """The dialog that corrects what the ledger says."""
        dialog = ChangeEquipment(self, row)
        dialog.landed.connect(self.landed)
        return dialog

    def ask_state(self, number: str, state: str, verb: str) -> Confirm:
        """Ask before equipment is stopped, restarted or scrapped."""
        asked = Confirm(self.area, f"{verb} {number}？", STATE_SAYS[state], verb, "不改", danger=state == "scrapped")
        asked.answered.connect(lambda yes: self._set_state(number, state) if yes else None)
        return asked

    def _set_state(self, number: str, state: str) -> None:
        self.run(
            lambda _: equipment.set_state(self.seat, number, state),
            topic=self._act_topic,
            done=lambda done: self.landed(f"{done.equipment} 现在是{STATES[done.state]}。"),
            writes=True,
        )

    def add_plan(self, number: str) -> AddPlan:
        """The dialog for a recurring task."""
        dialog = AddPlan(self, number)
        dialog.landed.connect(self.landed)
        return dialog

    def _ask_end(self, number: str, task: str) -> None:
        asked = Confirm(
            self.area, f"结束任务“{task}”？", f"{number} 以后不再提醒这项任务；做过的记录都留着。", "结束", "不结束"
        )
        asked.answered.connect(lambda yes: self._end_plan(number, task) if yes else None)

    def _end_plan(self, number: str, task: str) -> None:
        self.run(
            lambda _: maintenance.end_plan(self.seat, number, task),
            topic=self._act_topic,
            done=lambda done: self.landed(f"{done.equipment} 的{done.task}已结束。"),
            writes=True,
        )

    def _urgent(self, body: QVBoxLayout, row: Any) -> None:
        """What is late or due first, in a strip."""
        due = row.next_due if isinstance(row, EquipmentLine) else row.due
        if due is None or row.state not in ("overdue", "due", "soon"):
            return
        late = f"已逾期 {-row.left} 天" if row.left < 0 else "今天到期" if row.left == 0 else f"还有 {row.left} 天"
        strip = MessageBar()
        # Shown before it has a parent it would be a window of its own for a moment.
        body.addWidget(strip)
        level = "danger" if row.state == "overdue" else "warn"
        strip.say(level, f"{row.task}应于 {due.isoformat()} 完成，{late}。", closable=False)

    def _plans(self, body: QVBoxLayout, found: EquipmentFile) -> None:
        plans, number = found.plans, found.row.details.number
        if self.seat.may("maintain"):
            adding = HintButton("加任务…", small=True)
            adding.clicked.connect(lambda: self.add_plan(number))
            made: list[QWidget] = [adding]
            if plans:
                ending = HintButton("结束任务…", small=True)
                menu = QMenu(ending)
                for plan in plans:
                    menu.addAction(plan.task, partial(self._ask_end, number, plan.task))
                ending.setMenu(menu)
                made.append(ending)
            body.addWidget(buttons(*made))
        if plans:
            body.addWidget(PanelTable("维保计划", PLANS, plans, ("last_done",)))
            body.addWidget(heading("依据"))
            for plan in plans:
                said = plan.source or "本单位自定"
                body.addWidget(
                    text(f"{plan.task}：{said}" + ("" if plan.verified else "（请核对）"), "third", wrap=True)
                )
        else:
            body.addWidget(text("还没有维保计划。", "third"))
        body.addStretch(1)

    def _history(self, body: QVBoxLayout, history: tuple[DoneRow, ...]) -> None:
        if history:
            body.addWidget(PanelTable("经过", HISTORY, history, ("done_by",)))
            for row in history:
                if row.findings:
                    body.addWidget(text(f"{row.on.isoformat()} {row.task}：{row.findings}", "third", wrap=True))
        else:
            body.addWidget(text("还没有登记过维保。", "third"))
        body.addStretch(1)

    # acts

    def complete(self) -> CompleteTask | None:
        """The dialog for the task that is due first, or the one in the row."""
        if self.found is None or not self.completing.isEnabled():
            return None
        row = self.row
        number = self.found.row.details.number
        first = row.task if row is not None and row.task else self.found.plans[0].task
        dialog = CompleteTask(self, number, [plan.task for plan in self.found.plans], first)
        dialog.landed.connect(self.landed)
        return dialog

    def add(self) -> AddEquipment:
        """The dialog for a new piece of equipment."""
        dialog = AddEquipment(self)
        dialog.landed.connect(self.landed)
        return dialog


def _words(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()
