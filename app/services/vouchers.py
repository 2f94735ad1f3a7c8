"""凭证: a closed month's entries handed to the bookkeeping program as a workbook, once (HANDBOOK §9.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from app.domain.control_sums import ControlSums
from app.domain.period import Period
from app.domain.vouchers import Voucher, VoucherSums, account_of, sums_of, vouchers
from app.security.permissions import Permission
from app.services.answers import to_json
from app.services.documents import kept
from app.services.month_close import MonthSheet, month_of
from app.services.paper_file import put_file
from app.services.purse import METHODS
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from app.services.voucher_accounts import own_accounts
from db.canonical import text_digest
from db.models.month import MonthClose, VoucherBatch
from db.models.security import User
from db.queries import booked
from db.types import canonical_json
from db.work import Work
from reports.excel.vouchers import LAYOUTS, TITLES, VoucherRow, write


@dataclass(frozen=True, slots=True)
class VoucherFile:
    """A month's vouchers that were written; `issue` counts its exports, debit (= credit) in fen."""

    month: str
    layout: str
    issue: int
    vouchers: int
    lines: int
    debit_fen: int
    digest: str
    file: Path


@dataclass(frozen=True, slots=True)
class BatchRow:
    """An export in the list; two with one digest booked the same."""

    month: str
    layout: str
    issue: int
    on: date
    by: str
    reason: str | None
    vouchers: int
    lines: int
    debit_fen: int
    digest: str


def _closed_sums(work: Work, month: Period) -> ControlSums:
    document = work.execute(
        select(MonthClose.document_id).where(MonthClose.month == str(month), MonthClose.state == "closed")
    ).scalar()
    if document is None:
        raise refuse(
            "month_open", "{month} 还没有月结，凭证还会变。", "请先月结，再导出凭证。", month=month, field="period"
        )
    return kept(work, [document], MonthSheet)[document].sums


def _check_once(work: Work, month: Period, again: bool, reason: str | None) -> tuple[int, str | None]:
    """Which export of the month this is, and why it is done again."""
    last: Row[Any] | None = work.execute(
        select(VoucherBatch).where(VoucherBatch.month == str(month)).order_by(VoucherBatch.issue.desc()).limit(1)
    ).first()
    if last is None:
        return 1, (reason or "").strip() or None
    if not again:
        raise refuse(
            "already_exported",
            "{month} 的凭证 {on} 已经导出过（{layout}）。",
            "重复导入会把账记两遍；确要再导出，请先在财务软件里删掉上次的，选再次导出并写明原因。",
            month=month,
            on=last.on,
            layout=TITLES[last.layout],
            field="again",
        )
    return last.issue + 1, need_reason(reason)


def _check_sums(made: Sequence[Voucher], sums: ControlSums) -> None:
    """What the vouchers book is what the month's close said."""
    said = sums_of(made)
    methods = tuple(each for each in sums.methods if each.received_fen or each.refunded_fen)
    if said != VoucherSums(sums.charged_fen, sums.adjusted_fen, methods, sums.set_off_fen):
        raise refuse(
            "sums_differ", "凭证的合计与月结的合计不符，没有导出。", "请做一次数据校验，并与本程序的维护人员联系。"
        )


def _rows(work: Work, made: Sequence[Voucher], maker: str) -> list[VoucherRow]:
    own = own_accounts(work)
    rows: list[VoucherRow] = []
    for number, voucher in enumerate(made, 1):
        for line in voucher.lines:
            account = account_of(line.key, own)
            # Several ways to pay may be one account: the summary tells them apart.
            said = f"{line.summary}（{METHODS[line.key]}）" if line.key in METHODS else line.summary
            rows.append(
                VoucherRow(voucher.on, number, voucher.papers, said, account.code, account.name, line.debit,
                           line.credit, maker)
            )  # fmt: skip
    return rows


@use_case(Permission.CLOSE_MONTH, audit="voucher.exported", touches=frozenset({"voucher"}))
def export(
    work: Work, month: str, layout: str, target: Path | None = None, again: bool = False, reason: str | None = None
) -> VoucherFile:
    """Write a closed month's vouchers for 用友 (`yonyou`) or 金蝶 (`kingdee`); once, or `again` with a reason.

    Raises Refused `unknown_layout`, `month_open`, `already_exported`, `reason_needed`, `nothing_to_export`,
    `sums_differ`.
    """
    period = month_of(work, month)
    if layout not in LAYOUTS:
        raise refuse(
            "unknown_layout", "没有这种格式：{layout}。", "可用：用友（yonyou）、金蝶（kingdee）。", layout=layout,
            field="format",
        )  # fmt: skip
    sums = _closed_sums(work, period)
    issue, why = _check_once(work, period, again, reason)
    span = (work.connection, period.first, period.last)
    made = vouchers(booked.entries(*span), booked.standings(*span))
    if not made:
        raise refuse("nothing_to_export", "{month} 没有要做凭证的账。", "请核对月份。", month=period, field="period")
    _check_sums(made, sums)
    maker = work.execute(select(User.name).where(User.id == work.user_id)).scalar_one()
    rows = _rows(work, made, maker)
    file = target or work.place.folder / "out" / f"vouchers-{period}-{layout}.xlsx"
    put_file(work, file, lambda path: write(path, layout, rows))
    debit = sum(row.debit for row in rows)
    digest = text_digest(canonical_json([to_json(row) for row in rows]))
    columns = ("month", "issue", "layout", "on", "user_id", "reason", "vouchers", "lines", "debit", "digest", "seq")
    row = (str(period), issue, layout, work.today.isoformat(), work.user_id, why, len(made), len(rows), debit, digest,
           work.seq)  # fmt: skip
    (batch_id,) = work.insert(VoucherBatch, columns, [row])
    detail = {"month": str(period), "layout": layout, "issue": issue, "reason": why, "rows": digest}
    work.audit("voucher.exported", "voucher_batch", batch_id, detail=detail)
    return VoucherFile(str(period), layout, issue, len(made), len(rows), debit, digest, file)


@use_case(Permission.SEE_MONEY)
def listing(work: Work) -> tuple[BatchRow, ...]:
    """All exports, newest first."""
    rows = work.execute(
        select(VoucherBatch, User.name.label("by"))
        .join(User, User.id == VoucherBatch.user_id)
        .order_by(VoucherBatch.id.desc())
    )
    return tuple(
        BatchRow(row.month, row.layout, row.issue, row.on, row.by, row.reason, row.vouchers, row.lines, row.debit,
                 row.digest)
        for row in rows
    )  # fmt: skip
