"""Commands of the month's close: month close, month reopen, month list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.cli.context import Answer, Context, waiting
from app.cli.parser import Commands, two_persons, writing
from app.domain.control_sums import ControlSums
from app.domain.money import yuan
from app.services import month_close, month_report
from app.services.month_close import MonthSheet
from app.services.purse import WAYS
from app.services.two_persons import Waiting
from reports.month_report import ReportRow


def _sums(sums: ControlSums) -> dict[str, Any]:
    return {
        "charged_fen": sums.charged_fen,
        "adjusted_fen": sums.adjusted_fen,
        "received": [
            {"method": each.method, "received_fen": each.received_fen, "refunded_fen": each.refunded_fen}
            for each in sums.methods
        ],
        "received_fen": sums.received_fen,
        "refunded_fen": sums.refunded_fen,
        "set_off_fen": sums.set_off_fen,
        "prepaid_fen": sums.prepaid_fen,
        "deposits_fen": sums.deposits_fen,
        "arrears_fen": sums.arrears_fen,
    }


def _sheet(sheet: MonthSheet) -> dict[str, Any]:
    said = {"month": sheet.month, "last": sheet.last.isoformat(), "closed_on": sheet.closed_on.isoformat()}
    return {**said, "by": sheet.by, "reason": sheet.reason or None, **_sums(sheet.sums)}


def _lines(sums: ControlSums) -> list[str]:
    said = [f"  应收\t{yuan(sums.charged_fen)}", f"  减免、调整\t{yuan(sums.adjusted_fen)}"]
    for each in sums.methods:
        back = f"，退款 {yuan(each.refunded_fen)}" if each.refunded_fen else ""
        said.append(f"  收款（{WAYS[each.method]}）\t{yuan(each.received_fen)}{back}")
    return [
        *said,
        f"  预存抵扣\t{yuan(sums.set_off_fen)}",
        f"  月末预存\t{yuan(sums.prepaid_fen)}",
        f"  月末押金\t{yuan(sums.deposits_fen)}",
        f"  月末欠费\t{yuan(sums.arrears_fen)}",
    ]


def _close(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = month_close.close(seat, context.args.month, context.args.reason)
    sheet = done.sheet
    lines = [f"{sheet.month} 已月结，到 {sheet.last} 的账不能再记（元）：", *_lines(sheet.sums)]
    return Answer({**_sheet(sheet), "digest": done.digest, "key": context.key}, lines)


def _reopen(context: Context) -> Answer:
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = month_close.reopen(seat, context.args.month, context.args.reason, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    return Answer({"month": done.month, "key": context.key}, [f"{done.month} 已重开，改完账请再月结。"])


def _rated(rows: Sequence[ReportRow]) -> list[dict[str, Any]]:
    return [
        {"name": row.name, "due_fen": row.due, "collected_fen": row.collected, "rate": row.rate,
         "overdue_fen": row.overdue}
        for row in rows
    ]  # fmt: skip


def _report(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    out = context.out("") if getattr(args, "out", None) else None
    with seat.once(context.key):
        done = month_report.print_report(seat, args.period, out)
    found = done.report
    said = {
        "period": found.month, "until": found.until, "rate": found.months[-1].rate, "items": _rated(found.items),
        "buildings": _rated(found.buildings), "remarks": list(found.remarks), "pages": done.pages,
        "file": str(done.file), "key": context.key,
    }  # fmt: skip
    lines = [
        f"{found.month} 月报（到 {found.until}）：收缴率 {found.months[-1].rate or '—'}%，{done.pages} 页：{done.file}"
    ]
    return Answer(said, [*lines, *found.remarks, *done.warnings])


def _list(context: Context) -> Answer:
    found = month_close.listing(context.log_in())
    said = [
        {
            **_sheet(row.sheet),
            "state": row.state,
            "reopened_on": row.reopened_on.isoformat() if row.reopened_on else None,
            "reopened_by": row.reopened_by,
            "reopen_reason": row.reopen_reason,
        }
        for row in found.rows
    ]
    lines = []
    for row in found.rows:
        state = f"{row.reopened_on} 重开（{row.reopen_reason}）" if row.reopened_on else "已月结"
        sums = row.sheet.sums
        lines.append(
            f"{row.sheet.month}\t{state}\t{row.sheet.closed_on} {row.sheet.by}\t应收 {yuan(sums.charged_fen)}\t"
            f"收款 {yuan(sums.received_fen)}\t欠费 {yuan(sums.arrears_fen)}"
        )
    lines.append(f"下一个要月结的月份：{found.next}" if found.next else "还没有账，不用月结。")
    return Answer({"months": said, "next": found.next}, lines)


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("month close", _close, "月结：合计一个月的账，此后不能再记这个月", "anju month close 2026-06")
    one.add_argument("month", metavar="YYYY-MM")
    one.add_argument("--reason", metavar="TEXT", help="说明；有人停用前没有日结时要写")
    writing(one)
    one = commands.add(
        "month reopen", _reopen, "重开最后一个已月结的月份", "anju month reopen 2026-06 --reason 漏记退款"
    )
    one.add_argument("month", metavar="YYYY-MM")
    two_persons(one)
    writing(one)
    commands.add("month list", _list, "历次月结和合计", "anju month list")
    one = commands.add("month report", _report, "物业服务月报", "anju month report 2026-06 --out report.pdf")
    one.add_argument("period", metavar="YYYY-MM")
    one.add_argument("--out", metavar="FILE")
    writing(one)
