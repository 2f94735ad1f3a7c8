"""登记完成 of a maintenance task, and a new piece of equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.money import parse_yuan
from app.domain.typed_day import read_day
from app.services import equipment, equipment_presets, maintenance
from app.services.equipment_details import Details
from app.services.maintenance import RESULTS, Done
from ui.forms.field import Field, Kind
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page


class CompleteTask(Dialog):
    """A task was done: who, when, with what result. A check that was not passed raises an alert."""

    def __init__(self, page: Page, number: str, tasks: Sequence[str], task: str) -> None:
        fields = (
            Field("task", "任务", choices=tuple((each, each) for each in tasks)),
            Field("result", "结果", choices=tuple(RESULTS.items())),
            Field("on", "完成日期", lambda typed: read_day(typed, page.today), kind=Kind.DAY),
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
        def day(typed: str) -> Any:
            return read_day(typed, page.today)

        types = tuple((each, each) for each in equipment_presets.categories())
        fields = (
            Field("number", "编号", hint="如 DT-01"),
            Field("name", "名称"),
            Field("type", "类型", optional=True, choices=types, hint="已知的类型自带维保计划"),
            Field("place", "位置", optional=True),
            Field("maintainer", "维保单位", optional=True),
            Field("in_service", "投用日期", day, optional=True, kind=Kind.DAY),
            Field("certificate_end", "检验有效期", day, optional=True, kind=Kind.DAY),
        )
        super().__init__(page, "登记设备", "", fields, "登记", WIDE, columns=2)

    def act(self, values: Mapping[str, Any]) -> None:
        """Enter it."""
        seat, details = self.page.seat, Details(**values)
        self.do(
            lambda: equipment.add(seat, details),
            lambda answer: f"{answer.equipment} 已登记，带 {len(answer.plans)} 项维保任务。",
        )
