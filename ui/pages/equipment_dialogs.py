"""登记完成 of a maintenance task, and a new piece of equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.money import parse_yuan
from app.services import equipment, equipment_presets, maintenance
from app.services.equipment import EquipmentRow
from app.services.equipment_details import DAYS, TITLES, Details
from app.services.maintenance import RESULTS, Done
from app.services.maintenance_plans import NewPlan
from ui.forms.field import Field, Kind, whole
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page


class CompleteTask(Dialog):
    """A task was done: who, when, with what result. A check that was not passed raises an alert."""

    def __init__(self, page: Page, number: str, tasks: Sequence[str], task: str) -> None:
        fields = (
            Field("task", "任务", choices=tuple((each, each) for each in tasks)),
            Field("result", "结果", choices=tuple(RESULTS.items())),
            Field("on", "完成日期", page.read_day, kind=Kind.DAY),
            Field("by", "维保人"),
            Field("findings", "发现的问题", optional=True),
            Field("parts", "更换的配件", optional=True),
            Field("cost", "费用", lambda typed: int(parse_yuan(typed)), optional=True, kind=Kind.NUMBER, unit="元"),
        )
        super().__init__(page, f"登记完成 {number}", "", fields, "登记完成", WIDE, columns=2)
        self._number = number
        self.form.fill({"task": task, "result": "pass", "on": page.today.isoformat()})
        self.form.boxes["by"].setFocus()

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        seat, number = self.page.seat, self._number
        done = Done(values["by"], values["on"], values["result"], values["findings"], values["parts"], values["cost"])
        self.do(
            lambda: maintenance.complete(seat, number, values["task"], done),
            lambda answer: (
                f"{answer.equipment} 的{answer.task}已登记（{RESULTS[answer.result]}），"
                f"下次 {answer.next_due.isoformat()}。"
            ),
        )


class AddEquipment(Dialog):
    """A piece of equipment; one of a known type brings its tasks."""

    def __init__(self, page: Page) -> None:
        types = tuple((each, each) for each in equipment_presets.categories())
        fields = (
            Field("number", "编号", hint="如 DT-01"),
            Field("name", "名称"),
            Field("type", "类型", optional=True, choices=types, hint="已知的类型自带维保计划"),
            Field("place", "位置", optional=True),
            Field("maintainer", "维保单位", optional=True),
            Field("in_service", "投用日期", page.read_day, optional=True, kind=Kind.DAY),
            Field("certificate_end", "检验有效期", page.read_day, optional=True, kind=Kind.DAY),
        )
        super().__init__(page, "登记设备", "", fields, "登记", WIDE, columns=2)

    def act(self, values: Mapping[str, Any]) -> None:
        """Enter it."""
        seat, details = self.page.seat, Details(**values)
        self.do(
            lambda: equipment.add(seat, details),
            lambda answer: f"{answer.equipment} 已登记，带 {len(answer.plans)} 项维保任务。",
        )


class ChangeEquipment(Dialog):
    """What the ledger says, corrected. Where somebody else changed it meanwhile, both versions are shown."""

    def __init__(self, page: Page, row: EquipmentRow) -> None:
        fields = tuple(
            Field(name, title, page.read_day if name in DAYS else str.strip, optional=name != "name",
                  kind=Kind.DAY if name in DAYS else Kind.TEXT)
            for name, title in TITLES.items()
            if name != "number"
        )  # fmt: skip
        super().__init__(page, f"改 {row.details.number} 的资料", "", fields, "保存", WIDE, columns=3)
        self._row = row
        self.form.fill(_typed(row.details))

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it, unless somebody else wrote since."""
        seat, row = self.page.seat, self._row
        details = Details(number=row.details.number, **values)

        def work() -> str:
            return equipment.change(seat, row.details.number, row.version, details).equipment

        def take(now: EquipmentRow) -> tuple[()]:
            self._row = now
            return ()

        met = self.meeting(lambda: equipment.show(seat, row.details.number).row, lambda now: _typed(now.details), take)
        self.do(work, lambda number: f"{number} 的资料已改好。", met)


def _typed(details: Details) -> dict[str, str]:
    """The details as they stand in the form."""
    said = {name: getattr(details, name) for name in TITLES if name != "number"}
    return {name: value.isoformat() if isinstance(value, date) else value or "" for name, value in said.items()}


class AddPlan(Dialog):
    """A recurring task of the office's own."""

    def __init__(self, page: Page, number: str) -> None:
        fields = (
            Field("task", "任务"),
            Field("every", "每隔", whole(1, 999), kind=Kind.NUMBER),
            Field("unit", "单位", choices=(("day", "天"), ("month", "个月"), ("year", "年"))),
            Field("first_due", "第一次", page.read_day, optional=True, kind=Kind.DAY, hint="不填从今天起"),
            Field("lead_days", "提前提醒", whole(0, 365), kind=Kind.NUMBER, unit="天"),
            Field("source", "依据", optional=True),
        )
        super().__init__(page, f"给 {number} 加维保任务", "", fields, "加上", WIDE, columns=2)
        self._number = number
        self.form.fill({"every": "1", "unit": "month", "lead_days": "7"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat, number, plan = self.page.seat, self._number, NewPlan(**values)
        self.do(
            lambda: maintenance.add_plan(seat, number, plan),
            lambda done: f"{done.equipment} 已加任务：{'、'.join(done.tasks)}。",
        )
