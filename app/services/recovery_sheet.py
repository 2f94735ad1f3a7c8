"""The recovery key on paper."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from app.services.entrance import entrance


@entrance
def pages(estate: str, key: str, made_on: date) -> bytes:
    """恢复密钥单 as a PDF in memory, two copies; `key` as `entrance.Created` gives it."""
    from reports.recovery_sheet import RecoveryPaper, write

    target = BytesIO()
    day = f"{made_on.year} 年 {made_on.month} 月 {made_on.day} 日"
    write(target, RecoveryPaper(estate, day, tuple(key.split("-"))))
    return target.getvalue()
