"""导出给财务: charges, payments, arrears, deposits or prepaid balances as a workbook that opens, adds up and prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from app.domain.ageing import BUCKET_TITLES, bucket
from app.domain.period import Period
from app.security.permissions import Permission
from app.services import look_up, settings
from app.services.paper_file import put_file
from app.services.progress import tell
from app.services.purse import WAYS
from app.services.receipt_papers import PARTS
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import Building
from db.queries import ageing, finance
from db.rows import as_day
from db.work import Work

if TYPE_CHECKING:
    from reports.excel.bulk import Column, Table

KINDS: Mapping[str, str] = {
    "charges": "应收明细",
    "payments": "收款明细",
    "arrears": "欠费明细",
    "deposits": "在手押金",
    "prepaid": "预存余额",
}
"""What can be taken away, by the word of the command."""
SPANS = frozenset({"charges", "payments"})
"""Those of some days; the others are of one day."""

_MONEY_KINDS: Mapping[str, str] = {"normal": "收款", "void": "作废", "reversal": "红冲", "refund": "退款"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A table that was written: its days (`first` None for one of a single day), rows, and sums in fen by column."""

    kind: str
    first: date | None
    last: date
    building: str | None
    rows: int
    sums: Mapping[str, int]
    file: Path


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for, looked up: the days and the building's id and name."""

    first: date
    last: date
    building: int | None
    label: str


class _Made(NamedTuple):
    """The rows of a kind and the few lines that add them up."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    note: str
    summary: tuple[str, tuple[Column, ...], Sequence[Sequence[Any]]] | None


def _columns(*said: tuple[str, int] | tuple[str, int, str]) -> tuple[Column, ...]:
    """Columns of title, width and kind (text where none is said); money is added up."""
    from reports.excel.bulk import Column

    kinds = [one[2] if len(one) > 2 else "text" for one in said]
    return tuple(Column(one[0], one[1], kind, kind == "money") for one, kind in zip(said, kinds, strict=True))


def _added(rows: Sequence[Sequence[Any]], by: Callable[[Sequence[Any]], tuple[Any, ...]], *places: int) -> list[Any]:
    """Rows added up by what they have in common, with the number of each."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        sums = found.setdefault(by(row), [0] * (len(places) + 1))
        sums[0] += 1
        for at, place in enumerate(places, 1):
            sums[at] += row[place]
    return [(*key, *sums) for key, sums in sorted(found.items())]


def _charges(work: Work, asked: _Asked) -> _Made:
    lines = finance.charges(work.connection, asked.first, asked.last, asked.building)
    names = look_up.party_names(work, {line.payer_id for line in lines})
    rows = [
        (line.house, names[line.payer_id], line.code, line.item, PARTS.get(line.part, "本金"), _source(line),
         line.first, line.last, line.on, line.due, line.bill, line.amount, line.adjusted, line.settled,
         max(0, line.amount + line.adjusted - line.settled))
        for line in lines
    ]  # fmt: skip
    columns = _columns(
        ("房号", 13), ("付款人", 18), ("项目代码", 10), ("收费项目", 16), ("类别", 8), ("来源", 8),
        ("账期起", 12, "day"),
        ("账期止", 12, "day"), ("入账日", 12, "day"), ("到期日", 12, "day"), ("账单号", 18), ("应收", 13, "money"),
        ("调整", 12, "money"), ("已收", 13, "money"), ("未收", 13, "money"),
    )  # fmt: skip
    heads = _columns(
        ("项目代码", 10), ("收费项目", 20), ("笔数", 9, "count"), ("应收", 14, "money"), ("调整", 14, "money"),
        ("已收", 14, "money"), ("未收", 14, "money"),
    )  # fmt: skip
    added = _added(rows, lambda row: (row[2], row[3]), 11, 12, 13, 14)
    note = f"按入账日。调整、已收（含预存抵扣）、未收截至 {asked.last}；押金另有表。"
    return _Made(columns, rows, note, ("按项目", heads, added))


def _source(line: finance.ChargeLine) -> str:
    if line.kind == "opening":
        return "期初"
    return "出账" if line.run_id is not None else "单笔"


def _payments(work: Work, asked: _Asked) -> _Made:
    lines = finance.money(work.connection, asked.first, asked.last, asked.building)
    names = look_up.party_names(work, {line.payer_id for line in lines})
    rows = [
        (line.on, line.number, _MONEY_KINDS.get(line.kind, line.kind), line.other, line.house, names[line.payer_id],
         WAYS[line.method], line.reference, line.amount, line.fees, line.deposits,
         line.amount - line.fees - line.deposits, line.user)
        for line in lines
    ]  # fmt: skip
    columns = _columns(
        ("日期", 12, "day"), ("收据号", 18), ("类别", 8), ("更正的收据", 18), ("房号", 13), ("付款人", 18), ("方式", 8),
        ("流水号", 24), ("金额", 13, "money"), ("其中费用", 13, "money"), ("其中押金", 13, "money"),
        ("其中预存", 13, "money"), ("经办人", 10),
    )  # fmt: skip
    heads = _columns(
        ("方式", 10), ("类别", 10), ("笔数", 9, "count"), ("金额", 14, "money"), ("其中费用", 14, "money"),
        ("其中押金", 14, "money"), ("其中预存", 14, "money"),
    )  # fmt: skip
    added = _added(rows, lambda row: (row[6], row[2]), 8, 9, 10, 11)
    return _Made(columns, rows, "按收款日。作废、红冲、退款为负数；期初不在内。", ("按方式", heads, added))


def _arrears(work: Work, asked: _Asked) -> _Made:
    lines = ageing.open_lines(work.connection, asked.last, work.today)
    if asked.building is not None:
        wanted = finance.houses_of(work.connection, asked.building)
        lines = [line for line in lines if line.house in wanted]
    names = look_up.party_names(work, {line.payer_id for line in lines})
    rows = []
    for line in lines:
        days = (asked.last - as_day(line.due)).days
        rows.append(
            (line.house, names[line.payer_id], line.item, PARTS.get(line.part, "本金"), line.first, line.last, line.due,
             max(0, days), BUCKET_TITLES[bucket(days)], int(line.open))
        )  # fmt: skip
    columns = _columns(
        ("房号", 13), ("付款人", 18), ("收费项目", 18), ("类别", 8), ("账期起", 12, "day"), ("账期止", 12, "day"),
        ("到期日", 12, "day"), ("逾期天数", 10, "count"), ("账龄", 14), ("欠费", 14, "money"),
    )  # fmt: skip
    heads = _columns(("收费项目", 20), ("笔数", 9, "count"), ("欠费", 14, "money"))
    note = f"截至 {asked.last} 已入账的未收款，没有入账的违约金不在内。"
    return _Made(columns, rows, note, ("按项目", heads, _added(rows, lambda row: (row[2],), 9)))


def _deposits(work: Work, asked: _Asked) -> _Made:
    lines = finance.deposits(work.connection, asked.last, asked.building)
    names = look_up.party_names(work, {line.payer_id for line in lines})
    rows = [
        (line.house, names[line.payer_id], line.code, line.item, line.since, line.receipt or "期初", line.taken,
         line.taken - line.held, line.held)
        for line in lines
    ]  # fmt: skip
    columns = _columns(
        ("房号", 13), ("付款人", 18), ("项目代码", 10), ("押金项目", 18), ("收取日", 12, "day"), ("收据号", 18),
        ("收取", 13, "money"), ("已退", 13, "money"), ("在手", 13, "money"),
    )  # fmt: skip
    heads = _columns(("项目代码", 10), ("押金项目", 20), ("笔数", 9, "count"), ("在手", 14, "money"))
    added = _added(rows, lambda row: (row[2], row[3]), 8)
    return _Made(columns, rows, f"截至 {asked.last} 还没有退的押金。", ("按项目", heads, added))


def _prepaid(work: Work, asked: _Asked) -> _Made:
    lines = finance.prepaid(work.connection, asked.last, asked.building)
    names = look_up.party_names(work, {line.payer_id for line in lines})
    rows = [(line.house, names[line.payer_id], line.prepaid) for line in lines]
    columns = _columns(("房号", 14), ("付款人", 24), ("预存余额", 16, "money"))
    return _Made(columns, rows, f"截至 {asked.last}，押金不在内。", None)


_MAKERS: Mapping[str, Callable[[Work, _Asked], _Made]] = {
    "charges": _charges,
    "payments": _payments,
    "arrears": _arrears,
    "deposits": _deposits,
    "prepaid": _prepaid,
}


def _asked(work: Work, kind: str, first: date | None, last: date | None, building: str | None) -> _Asked:
    if kind not in KINDS:
        raise refuse(
            "bad_choice", "没有这种表：{kind}。", "可以是：" + "、".join(KINDS) + "。", kind=kind, field="kind"
        )
    until = last or work.today
    if until > work.today:
        raise refuse("future_day", "{day} 在将来，还没有账。", "请选今天或以前的一天。", day=until, field="to")
    begin = first or Period.of(until).first
    if begin > until:
        raise refuse("bad_span", "{first} 在 {last} 之后。", "请改正起止日期。", first=begin, last=until, field="from")
    if building is None or not building.strip():
        return _Asked(begin, until, None, "")
    code = re.sub(r"(号楼|#楼|楼|栋|幢|座|#)$", "", building.strip())
    found = work.execute(
        select(Building.id, Building.code, Building.label).where(
            Building.code.in_((code, code.upper())) | (Building.label == building.strip())
        )
    ).all()
    if not found:
        raise refuse("unknown_building", "没有这栋楼：{building}。", "请核对楼号，如 3。", building=building,
                     field="building")  # fmt: skip
    row = found[0]
    return _Asked(begin, until, row.id, f"{row.code}号楼" if row.code.isdigit() else row.label)


@use_case(Permission.SEE_MONEY, audit="finance.exported")
def export(
    work: Work,
    kind: str,
    target: Path,
    first: date | None = None,
    last: date | None = None,
    building: str | None = None,
) -> Exported:
    """Write a table of `KINDS` to a workbook: one of some days (default: this month's) or as of `last` (default:
    today), of the office or of one building. It holds names, so it is audited.

    A past day comes out the same for ever, but for names that were changed since. Raises Refused `bad_choice`,
    `future_day`, `bad_span`, `unknown_building`.
    """
    asked = _asked(work, kind, first, last, building)
    tell(0, 0)
    made = _MAKERS[kind](work, asked)
    from reports.excel import bulk

    tables = _tables(work, kind, asked, made)
    put_file(work, target, lambda path: bulk.write(path, tables, tell))
    begin = asked.first if kind in SPANS else None
    detail = {
        "table": kind, "from": begin and begin.isoformat(), "to": asked.last.isoformat(), "rows": len(made.rows),
        "building": asked.label,
    }  # fmt: skip
    work.audit("finance.exported", "office", 1, detail=detail)
    sums = {
        column.title: total for column, total in zip(made.columns, tables[0].sums(), strict=True) if total is not None
    }
    return Exported(kind, begin, asked.last, asked.label or None, len(made.rows), sums, target)


def _tables(work: Work, kind: str, asked: _Asked, made: _Made) -> list[Table]:
    from reports.excel.bulk import Table

    office = settings.value(work, "office_name") or settings.value(work, "letterhead")
    days = f"{asked.first} 至 {asked.last}" if kind in SPANS else f"截至 {asked.last}"
    title = "　".join(part for part in (office, KINDS[kind], days, asked.label) if part)
    note = f"单位：元。{made.note}"
    tables = [Table(KINDS[kind], title, note, made.columns, made.rows)]
    if made.summary is not None:
        name, columns, rows = made.summary
        tables.append(Table(name, f"{title}　{name}", note, columns, rows))
    return tables


@use_case(Permission.SEE_MONEY)
def buildings(work: Work) -> tuple[tuple[str, str], ...]:
    """The buildings there are, code and name, in the order of their codes."""
    rows = work.execute(select(Building.code, Building.label)).all()
    return tuple(sorted(((row.code, row.label) for row in rows), key=lambda one: (len(one[0]), one[0])))
