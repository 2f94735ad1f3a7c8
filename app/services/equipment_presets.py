"""设备预设: which tasks a type of equipment brings, from resources/presets/equipment.json (HANDBOOK §8.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.domain.equipment import Preset, is_inspection, preset
from app.domain.maintenance import Shift, Task

FILE = Path(__file__).parents[2] / "resources" / "presets" / "equipment.json"


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """All rows, in the order of the file."""
    return tuple(preset(row) for row in _file()["presets"])


@lru_cache(maxsize=1)
def _types() -> Mapping[str, str]:
    """Each name of a type, the usual other names included, with the name that the presets have."""
    found = {row.equipment_type: row.equipment_type for row in presets()}
    for known, words in _file()["aliases"].items():
        found.update(dict.fromkeys(words.split(), known))
    return found


@lru_cache(maxsize=1)
def categories() -> Mapping[str, str]:
    """The category of each type."""
    return {row.equipment_type: row.category for row in presets()}


def known_type(text: str) -> str | None:
    """The preset's name of a type (客梯: 曳引电梯); None for what no preset knows."""
    return _types().get(text.replace(" ", ""))


def presets_of(equipment_type: str) -> tuple[Preset, ...]:
    """The rows of a type; none for a type that no preset knows."""
    return tuple(row for row in presets() if row.equipment_type == equipment_type)


def task_of(row: Preset, first_due: date) -> Task:
    """The task of a row; what a preset ships has no grace."""
    return Task(first_due, row.every, row.unit, row.basis, row.lead_days, 0, Shift(row.shift))


def first_due(row: Preset, today: date, in_service: date | None, last: date | None, certificate: date | None) -> date:
    """When a preset's task is due first.

    - The inspection of special equipment: the day its certificate ends, if that is known.
    - Where the last maintenance is known: that day plus the interval.
    - New equipment, in service for less than one interval: the first day of service plus the interval.
    - Otherwise nobody knows when it was done last: today, so that it is looked at now rather than years "overdue".
    """
    if certificate is not None and row.statutory and is_inspection(row.task):
        return certificate
    if last is not None:
        return task_of(row, last).step(last, 1)
    if in_service is not None:
        first = task_of(row, in_service).step(in_service, 1)
        return max(first, today)
    return today
