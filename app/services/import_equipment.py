"""An equipment ledger from a workbook, set against the one that stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.domain.equipment import is_inspection
from app.domain.problem import Problem
from app.services import equipment_presets, maintenance_plans
from app.services.equipment_details import FIELDS, TITLES, Details, checked, restarted, stored
from app.services.import_changes import Changes, differing
from db.models.equipment import Completion, Equipment, MaintenancePlan
from db.work import Work
from reports.excel.records import Book
from reports.excel.records import Equipment as Record

_COLUMNS = {**TITLES, "state": "状态", "last_done": "上次维保日期"}
_Plan = tuple[Any, ...]


class EquipmentPlan:
    """Equipment by number; new equipment has negative ids until it is written.

    A known type brings its preset plans, and so does equipment that has none yet. Their first due day is that of
    `equipment_presets.first_due`: the last maintenance plus the interval; without one the first day of service plus
    the interval, where that is still to come; else the day of the import. Plans that stand are not touched.
    """

    def __init__(self, work: Work, changes: Changes) -> None:
        self.work, self.changes = work, changes
        self.known = {row.number: dict(row._mapping) for row in work.execute(select(Equipment))}
        self.tasks: dict[int, dict[str, date]] = {}
        columns = (MaintenancePlan.equipment_id, MaintenancePlan.task, MaintenancePlan.first_due)
        for equipment_id, task, first in work.execute(select(*columns)):
            self.tasks.setdefault(equipment_id, {})[task] = first
        self.last: dict[int, date] = {
            equipment_id: day if isinstance(day, date) else date.fromisoformat(day)
            for equipment_id, day in work.execute(
                select(MaintenancePlan.equipment_id, func.max(Completion.on))
                .join(Completion, Completion.plan_id == MaintenancePlan.id)
                .group_by(MaintenancePlan.equipment_id)
            )
        }
        self._new: list[tuple[Any, ...]] = []
        self._changed: list[tuple[Any, ...]] = []
        self._plans: list[tuple[int, _Plan]] = []
        self._unknown: set[str] = set()

    def take(self, record: Record) -> None:
        """One row: new equipment, or other details of equipment that stands."""
        said = {name: getattr(record, name) for name in FIELDS}
        try:
            given = checked(Details(**said))
            known = self.known.get(given["number"])
            if known is not None:
                # Empty cells say nothing, so the dates must also agree with those that stand.
                kept = {name: given[name] if said[name] is not None else known[name] for name in FIELDS}
                given = checked(Details(**kept))
        except Problem as why:
            column = why.code.removeprefix("equipment.")
            title = _COLUMNS.get(column, _COLUMNS["number"])
            self.changes.reject(record, title, said.get(column), why.text + (why.hint or ""), why.code)
            return
        if record.last_done is not None and record.last_done > self.work.today:
            self.changes.reject(record, _COLUMNS["last_done"], record.last_done, "上次维保日期在将来。", "future_day")
            return
        if known is None:
            self._add(record, given)
        else:
            self._update(record, given, known)

    def _add(self, record: Record, given: dict[str, Any]) -> None:
        equipment_id = -len(self._new) - 1
        self._new.append((*stored(given), record.state or "in_use"))
        self.changes.count("equipment").added += 1
        self._give_plans(record, equipment_id, given)

    def _update(self, record: Record, given: dict[str, Any], known: dict[str, Any]) -> None:
        before = known["state"]
        different = differing({**given, "state": record.state}, known)
        if different:
            state = record.state or before
            since = restarted(before, state, known["restarted_on"], self.work.today)
            values = (*stored(given), state, since.isoformat() if since else None, known["version"] + 1)
            self._changed.append((*values, known["id"]))
            self.changes.count("equipment").updated += 1
        else:
            self.changes.count("equipment").unchanged += 1
        self._give_plans(record, known["id"], given)

    def _give_plans(self, record: Record, equipment_id: int, given: dict[str, Any]) -> None:
        presets = equipment_presets.presets_of(given["type"])
        standing = self.tasks.get(equipment_id, {})
        if not presets:
            self._say_unknown(record, given["type"])
            return
        differs = False
        for row in presets:
            first = equipment_presets.first_due(
                row, self.work.today, given["in_service"], record.last_done, given["certificate_end"]
            )
            if row.task in standing:
                self.changes.count("plan").unchanged += 1
                differs = differs or (standing[row.task] != first and not is_inspection(row.task))
            elif not standing:
                self._plans.append((equipment_id, maintenance_plans.preset_values(row, first)))
                self.changes.count("plan").added += 1
        done = self.last.get(equipment_id)
        if differs and record.last_done is not None and (done is None or done < record.last_done):
            why = "维保计划已经有了，没有采用这个日期；做过的维保请在“设备维保”里登记完成。"
            self.changes.warn(record, _COLUMNS["last_done"], record.last_done, why, "last_done_not_taken")

    def _say_unknown(self, record: Record, type_: str) -> None:
        """Once for each type that no preset knows."""
        if type_ in self._unknown:
            return
        self._unknown.add(type_)
        said = "预设里没有这种类型" if type_ else "没有写设备类型"
        why = f"{said}，没有带出维保计划；需要的请用 plan add 添加。"
        self.changes.warn(record, _COLUMNS["type"], type_, why, "unknown_type")

    def write(self, work: Work) -> None:
        """Write new and changed equipment, and the plans."""
        ids = work.insert(Equipment, (*FIELDS, "state"), self._new) if self._new else range(0)
        columns = (*FIELDS, "state", "restarted_on", "version")
        work.change_many("equipment", ("id",), columns, self._changed)
        rows = [(ids[-key - 1] if key < 0 else key, *values, True) for key, values in self._plans]
        if rows:
            work.insert(MaintenancePlan, ("equipment_id", *maintenance_plans.COLUMNS, "active"), rows)


def plan(work: Work, book: Book, changes: Changes) -> None:
    """A workbook of equipment."""
    found = EquipmentPlan(work, changes)
    for record in book.equipment:
        found.take(record)
    changes.writes.append(found.write)
