"""抄表单 out to Excel: the meters of a round, their last readings, a blank for this one; it is imported again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.security.permissions import Permission
from app.services import settings
from app.services.paper_file import put_file
from app.services.progress import watched
from app.services.reading_sheet import sheet_of
from app.services.refused import refuse
from app.services.use_case import use_case
from db.work import Work


@dataclass(frozen=True, slots=True)
class RoundFile:
    """A workbook that was written; `meters` are its rows."""

    file: Path
    meters: int


@use_case(Permission.ENTER_READINGS, audit="readings.taken_out")
def export(
    work: Work, target: Path, on: date | None = None, item: str = "", building: str = "", *, unread: bool = True
) -> RoundFile:
    """Write the meters of a month in the order of walking; `unread`: only those without a reading of it.

    No names of residents stand in it. Raises Refused `no_meters`.
    """
    from reports.excel import listed

    day = on or work.today
    sheet = sheet_of(work, day)
    lines = [
        line
        for line in sheet.lines
        if item in ("", line.item) and building in ("", line.building) and not (unread and line.this is not None)
    ]
    if not lines:
        raise refuse("no_meters", "{month} 没有要抄的表。", "请换一个月、楼栋或项目。", month=sheet.month)
    names = dict(sheet.items)
    rows = []
    for line in watched(lines):
        last = line.last
        rows.append(
            [
                line.house, line.meter, names[line.item], last.on if last else None,
                None if last is None else last.value, None if line.this is None else line.this.value, day, None,
            ]
        )  # fmt: skip
    heads = (
        listed.Head("房号", "number", 12, False),
        listed.Head("表号", "text", 14, False),
        listed.Head("收费项目", "text", 14, False),
        listed.Head("上次抄表", "date", 12, False),
        listed.Head("上期读数", "quantity", 11, False),
        listed.Head("本期读数", "quantity", 12, False),
        listed.Head("抄表日期", "date", 12, False),
        listed.Head("备注", "text", 20, False),
    )
    office = settings.value(work, "office_name") or settings.value(work, "letterhead")
    book = listed.ListBook(office, f"抄表单 {sheet.month}", day, heads, rows)
    put_file(work, target, lambda path: listed.write(path, book))
    detail = {"month": sheet.month, "meters": len(rows), "item": item, "building": building}
    work.audit("readings.taken_out", "office", 1, detail=detail)
    return RoundFile(target, len(rows))
