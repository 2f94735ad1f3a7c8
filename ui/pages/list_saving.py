"""Saving what a list shows as a workbook, from whatever page the list stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from app.services.list_export import Exported
from app.services.list_face import Query
from ui.pages.list_body import ListBody
from ui.pages.page import Page
from ui.workers.topic import Topic


def ask_target(page: Page, name: str) -> Path | None:
    """Where to write; None where the user thought better of it."""
    folder = page.seat.store.paths.out
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    chosen, _ = QFileDialog.getSaveFileName(page, "导出", str(folder / name), "Excel 工作簿 (*.xlsx)")
    return Path(chosen) if chosen else None


def save_list(page: Page, body: ListBody[Any], target: Path, topic: Topic) -> None:
    """Write what is filtered, in the order of the view, to a workbook, and say so."""
    seat, doors, order = page.seat, body.doors, body.table.order()
    query = Query(body.query.words, body.query.filters, body.model.sorted_by())

    def said(done: Exported) -> None:
        personal = "其中有个人信息，已记入审计。" if done.personal else "已记入审计。"
        page.message.say("ok", f"已导出 {done.rows:,} 行：{done.file.name}", personal)

    page.run(
        lambda _: doors.export(seat, query, target, order),
        topic=topic,
        done=said,
        writes=True,
        what=f"导出{body.face.title}",
    )
