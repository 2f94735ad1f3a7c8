"""对账单 of a house as a workbook: the same entries as on paper."""

from __future__ import annotations

from pathlib import Path

from app.domain.money import yuan
from reports.excel import bulk
from reports.excel.bulk import Column, Table
from reports.papers import StatementPaper

_COLUMNS = (
    Column("日期", 12, "day"),
    Column("摘要", 26),
    Column("单号", 20),
    Column("账期", 24),
    Column("应收", 14, "money", True),
    Column("收款、减免", 14, "money", True),
    Column("余额", 14, "money"),
)


def write(path: Path, paper: StatementPaper) -> None:
    """Write the statement to `path`; what raises the balance and what lowers it stand apart, what was carried over
    is in no sum. Raises: OSError.
    """
    rows = [
        (
            row.on, row.what, row.number, row.period, None if row.carried else max(0, row.amount) or None,
            None if row.carried else min(0, row.amount) or None, row.balance,
        )
        for row in paper.rows
    ]  # fmt: skip
    days = f"{paper.first} 至 {paper.last}" if paper.first else f"截至 {paper.last or paper.printed_on}"
    title = "　".join(
        part for part in (paper.office_name or paper.letterhead, "对账单", paper.house, paper.owner, days) if part
    )
    note = f"单位：元。欠费 {yuan(paper.owed)}，预存 {yuan(paper.prepaid)}"
    note += f"，违约金（试算，未入账）{yuan(paper.late_fee)}。" if paper.late_fee else "。"
    bulk.write(path, [Table("对账单", title, note, _COLUMNS, rows)])
