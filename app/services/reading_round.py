"""抄表单: the meters of a round, their last readings, a blank for this one; a workbook comes back by import, on paper
it is walked with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.quantity import Quantity
from app.security.permissions import Permission
from app.services import settings
from app.services.paper_file import put_file
from app.services.progress import watched
from app.services.reading_sheet import SheetLine, sheet_of
from app.services.refused import refuse
from app.services.use_case import use_case
from db.work import Work
from reports.walking_sheet import WalkingRow, WalkingSheet


@dataclass(frozen=True, slots=True)
class RoundFile:
    """A workbook or PDF that was written; `meters` are its rows."""

    file: Path
    meters: int


@use_case(Permission.ENTER_READINGS, audit="readings.taken_out")
def export(
    work: Work, target: Path, on: date | None = None, item: str = "", building: str = "", *, unread: bool = True
) -> RoundFile:
    """Write the meters of a month in the order of walking, as a PDF where the target is one; `unread`: only those
    without a reading of it.

    No names of residents stand in it. Raises Refused `no_meters`.
    """
    day = on or work.today
    sheet = sheet_of(work, day)
    lines = [
        line
        for line in sheet.lines
        if item in ("", line.item) and building in ("", line.building) and not (unread and line.this is not None)
    ]
    if not lines:
        raise refuse("no_meters", "{month} 没有要抄的表。", "请换一个月、楼栋或项目。", month=sheet.month)
    office = settings.value(work, "office_name") or settings.value(work, "letterhead")
    names = dict(sheet.items)
    if target.suffix.lower() == ".pdf":
        words = "　".join(part for part in (names.get(item, ""), f"{building} 栋" if building else "") if part)
        title = f"抄表单 {sheet.month}" + (f"　{words}" if words else "")
        _print(work, target, WalkingSheet(office, title, day.isoformat(), tuple(_walking(names, lines))))
    else:
        _book(work, target, f"抄表单 {sheet.month}", office, day, _rows(names, lines, day))
    detail = {"month": sheet.month, "meters": len(lines), "item": item, "building": building}
    work.audit("readings.taken_out", "office", 1, detail=detail)
    return RoundFile(target, len(lines))


def _walking(names: Mapping[str, str], lines: Sequence[SheetLine]) -> Iterator[WalkingRow]:
    for line in watched(lines):
        last = line.last
        shown, day = ("", "") if last is None else (Quantity(last.value).show(), f"{last.on:%m-%d}")
        yield WalkingRow(line.house, line.meter, names[line.item], shown, day)


def _print(work: Work, target: Path, sheet: WalkingSheet) -> None:
    from reports import walking_sheet

    put_file(work, target, lambda path: walking_sheet.write(path, sheet))


def _rows(names: Mapping[str, str], lines: Sequence[SheetLine], day: date) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for line in watched(lines):
        last = line.last
        rows.append(
            [
                line.house, line.meter, names[line.item], last.on if last else None,
                None if last is None else last.value, None if line.this is None else line.this.value, day, None,
            ]
        )  # fmt: skip
    return rows


def _book(work: Work, target: Path, title: str, office: str, day: date, rows: Sequence[Sequence[Any]]) -> None:
    from reports.excel import listed

    heads = (
        listed.Head("房号", "number", 12),
        listed.Head("表号", "text", 14),
        listed.Head("收费项目", "text", 14),
        listed.Head("上次抄表", "date", 12),
        listed.Head("上期读数", "quantity", 11),
        listed.Head("本期读数", "quantity", 12),
        listed.Head("抄表日期", "date", 12),
        listed.Head("备注", "text", 20),
    )
    put_file(work, target, lambda path: listed.write(path, listed.ListBook(office, title, day, heads, rows)))
