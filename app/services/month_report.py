"""月报: a month's collection, its sums, what is overdue by age and building, waivers with reasons, maintenance; A4."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from app.domain import anchor
from app.domain.ageing import BUCKET_TITLES, BUCKETS, bucket
from app.domain.collection_rate import CollectionRate
from app.domain.control_sums import ControlSums
from app.domain.maintenance import TaskState
from app.domain.money import Fen, yuan
from app.domain.natural import natural_key
from app.domain.period import Period
from app.domain.rounding import percent
from app.security.permissions import Permission
from app.services import maintenance_tasks, settings
from app.services.adjustments import KINDS
from app.services.bill_papers import span
from app.services.documents import keep, log_prints, unprintable
from app.services.moments import local_minute, offset_of
from app.services.paper_file import put_file
from app.services.purse import WAYS
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.audit import Change
from db.models.equipment import Completion, Equipment, MaintenancePlan
from db.models.estate import Building, House
from db.models.ledger import Adjustment, Charge, Payment
from db.models.security import User
from db.models.tariff import FeeItem
from db.queries import ageing, collection
from db.queries.month import control_sums
from db.rows import as_day
from db.work import Work
from reports.month_report import (
    REASONS,
    MonthReport,
    ReportFigure,
    ReportMonth,
    ReportRow,
    ReportSum,
    ReportUpkeep,
    ReportWaiver,
)

MONTHS = 12
HEAVY = 40
"""A building with so many percent of all that is overdue is named."""
OLD = ("y1_2", "y2_3", "y3_plus")
PLACES = {"house": "其他房屋", "shop": "商铺", "parking": "车位", "storage": "储藏间"}
"""What stands in no building, by kind."""
REDUCTIONS = ("waiver", "write_off", "recovery", "correction", "small_change")


@dataclass(frozen=True, slots=True)
class MonthReported:
    """A report and the file it stands in; `warnings` are sentences."""

    report: MonthReport
    file: Path
    pages: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Overdue:
    """What is past due on a day in fen: by item, by house, by bucket; how many houses owe it."""

    by_item: Mapping[int, int]
    by_house: Mapping[int, int]
    buckets: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.by_house.values())


@use_case(Permission.SEE_MONEY)
def show(work: Work, month: str) -> MonthReport:
    """The report of a month that has begun, up to its last day or today. Raises Refused `future_month`."""
    return _report(work, Period.parse(month))


@use_case(Permission.SEE_MONEY, audit="report.printed")
def print_report(work: Work, month: str, target: Path | None = None) -> MonthReported:
    """The same on paper; its values are kept."""
    from reports import month_report as sheet

    values = _report(work, Period.parse(month))
    (document,) = keep(work, "month_report", [(values.month, values)])
    log_prints(work, [document])
    file = target or work.place.folder / "out" / f"report-{values.month}.pdf"
    made = put_file(work, file, lambda path: sheet.write(path, values))
    work.audit("report.printed", "document", document, detail={"month": values.month, "until": values.until})
    return MonthReported(values, file, made.pages, unprintable(made.missing))


def _report(work: Work, month: Period) -> MonthReport:
    if month.first > work.today:
        raise refuse("future_month", "{month} 还没有开始。", "请选本月或以前的月份。", month=month, field="period")
    until = min(month.last, work.today)
    overdue = _overdue(work, until)
    rates = _rates(work, month, until)
    sums = control_sums(work.connection, month.first, until, work.today)
    items, buildings = _items(work, month, until, overdue), _buildings(work, month, until, overdue)
    waivers, left = _waivers(work, month.first, until)
    upkeep = _upkeep(work, month.first, until)
    said = settings.values(work)
    return MonthReport(
        str(month),
        month.first.isoformat(),
        until.isoformat(),
        said["letterhead"],
        said["office_name"],
        str(work.execute(select(User.name).where(User.id == work.user_id)).scalar_one()),
        work.today.isoformat(),
        _figures(work, month, until, rates, sums, overdue),
        tuple(ReportMonth(str(each), rate.current) for each, rate in rates.items()),
        items,
        buildings,
        _sums(work, month.first, until, sums),
        tuple((BUCKET_TITLES[name], fen) for name, fen in overdue.buckets.items()),
        waivers,
        left,
        upkeep,
        _remarks(overdue, buildings, upkeep, items),
        local_minute(work.now, offset_of(work)),
        anchor.short(work.previous),
    )


def _overdue(work: Work, until: date) -> _Overdue:
    by_item: dict[int, int] = {}
    by_house: dict[int, int] = {}
    buckets = dict.fromkeys(BUCKETS, 0)
    for _charge, house, item, _part, due, _late, fen, _touched in ageing.open_rows(work.connection, until, work.today):
        days = (until - as_day(due)).days
        buckets[bucket(days)] += fen
        if days > 0:
            by_item[item] = by_item.get(item, 0) + fen
            by_house[house] = by_house.get(house, 0) + fen
    return _Overdue(by_item, by_house, buckets)


def _rates(work: Work, month: Period, until: date) -> dict[Period, CollectionRate]:
    """The rates of the last months in which anything was billed, each as it stood at its end.

    What was posted later (in arrear) counts as it stands, what was posted by then as it stood then.
    """
    began = collection.first_month(work.connection)
    first = max(month.plus(1 - MONTHS), Period.parse(began)) if began else month
    due = collection.due_entries(work.connection, first.first, month.last)
    paid = collection.allocated(work.connection, first.first, month.last)
    found: dict[Period, CollectionRate] = {}
    each = min(first, month)
    while each <= month:
        end = min(each.last, until)
        got = sum(fen for served, day, fen in paid if Period.of(served) == each and day <= end)
        owed = sum(
            entry.fen for entry in due if Period.of(entry.served) == each and (entry.on <= end or entry.posted > end)
        )
        found[each] = CollectionRate(Fen(owed), Fen(got), Fen(0), Fen(0))
        each = each.plus(1)
    return found


def _figures(
    work: Work,
    month: Period,
    until: date,
    rates: Mapping[Period, CollectionRate],
    sums: ControlSums,
    overdue: _Overdue,
) -> tuple[ReportFigure, ...]:
    now, before = rates[month].current, rates.get(month.plus(-1))
    last = f"上月 {before.current}%" if before is not None and before.current is not None else "上月没有应收"
    cleared = collection.cleared(work.connection, month.first, until)
    return (
        ReportFigure("当期收缴率", "—" if now is None else f"{now}%", last),
        ReportFigure("本月实收（元）", yuan(sums.received_fen), f"清回往期 {yuan(cleared)}"),
        ReportFigure("期末逾期欠费（元）", yuan(overdue.total), f"{len(overdue.by_house)} 户"),
        ReportFigure("期末预存（元）", yuan(sums.prepaid_fen), f"在手押金 {yuan(sums.deposits_fen)}"),
    )


def _items(work: Work, month: Period, until: date, overdue: _Overdue) -> tuple[ReportRow, ...]:
    sums = collection.of_items(work.connection, month.first, month.last, until)
    names = work.execute(select(FeeItem.id, FeeItem.name).order_by(FeeItem.code)).all()
    return tuple(
        ReportRow(row.name, due, got, percent(Fen(got), Fen(due)), overdue.by_item.get(row.id, 0))
        for row in names
        if (pair := sums.get(row.id)) or row.id in overdue.by_item
        for due, got in [pair or (0, 0)]
    )


def _buildings(work: Work, month: Period, until: date, overdue: _Overdue) -> tuple[ReportRow, ...]:
    places: dict[int, collection.Place] = {}
    for house, code, label, kind in work.execute(
        select(House.id, House.building, Building.label, House.kind).outerjoin(
            Building, Building.id == House.building_id
        )
    ):
        places[house] = (code, label, "" if code is not None else kind)
    late: dict[collection.Place, int] = {}
    for house, fen in overdue.by_house.items():
        late[places[house]] = late.get(places[house], 0) + fen
    sums = collection.by_building(work.connection, month.first, month.last, until)
    rows = []
    for place in sorted(sums.keys() | late.keys(), key=lambda each: (each[0] is None, natural_key(each[0] or each[2]))):
        due, got = sums.get(place, (0, 0))
        code, label, kind = place
        name = (label or code) if code is not None else PLACES.get(kind, kind)
        rows.append(ReportRow(name or "", due, got, percent(Fen(got), Fen(due)), late.get(place, 0)))
    return tuple(rows)


def _sums(work: Work, first: date, until: date, sums: ControlSums) -> tuple[ReportSum, ...]:
    undone = dict(
        work.execute(
            select(Payment.kind, func.count())
            .where(Payment.on.between(first, until), Payment.reverses.is_not(None), Payment.with_payment.is_(None))
            .group_by(Payment.kind)
        ).all()
    )
    left = [
        ("本月应收", sums.charged_fen),
        ("减免、调整", sums.adjusted_fen),
        ("预存抵扣", sums.set_off_fen),
        ("期末欠费（含未到期）", sums.arrears_fen),
    ]
    right = [(f"实收 {WAYS[each.method]}", each.received_fen) for each in sums.methods]
    right += [("退款", -sums.refunded_fen)] if sums.refunded_fen else []
    rows = []
    for place in range(max(len(left), len(right))):
        name, fen = left[place] if place < len(left) else ("", None)
        other, other_fen = right[place] if place < len(right) else ("", None)
        rows.append(ReportSum(name, fen, other, other_fen))
    words = f"作废 {undone.get('void', 0)} 张，红冲 {undone.get('reversal', 0)} 张"
    return (*rows, ReportSum("实收合计", sums.received_fen, words, None))


def _waivers(work: Work, first: date, until: date) -> tuple[tuple[ReportWaiver, ...], int]:
    """Reductions of the month, the largest first, with the reasons that their records give; how many are not listed."""
    mine = (Adjustment.on.between(first, until), Adjustment.kind.in_(REDUCTIONS), Adjustment.kind != "small_change")
    count = int(work.execute(select(func.count(Adjustment.id)).where(*mine)).scalar_one())
    rows = work.execute(
        select(
            Adjustment.on, Adjustment.kind, Adjustment.amount, House.number, FeeItem.name, Charge.period_from,
            Charge.period_to, Change.detail,
        )
        .join(Charge, Charge.id == Adjustment.charge_id)
        .join(House, House.id == Charge.house_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .outerjoin(Change, Change.seq == Adjustment.seq)
        .where(*mine)
        .order_by(Adjustment.amount, Adjustment.id)
        .limit(REASONS)
    ).all()  # fmt: skip
    found = tuple(
        ReportWaiver(
            row.on.isoformat(), row.number, f"{row.name} {span(row.period_from, row.period_to)}",
            KINDS.get(row.kind, row.kind), row.amount, str(json.loads(row.detail or "{}").get("reason") or ""),
        )
        for row in rows
    )  # fmt: skip
    return found, count - len(found)


def _upkeep(work: Work, first: date, until: date) -> tuple[ReportUpkeep, ...]:
    pieces = dict(
        work.execute(
            select(Equipment.category, func.count()).where(Equipment.state == "in_use").group_by(Equipment.category)
        ).all()
    )
    done = dict(
        work.execute(
            select(Equipment.category, func.count())
            .select_from(Completion)
            .join(MaintenancePlan, MaintenancePlan.id == Completion.plan_id)
            .join(Equipment, Equipment.id == MaintenancePlan.equipment_id)
            .where(Completion.on.between(first, until))
            .group_by(Equipment.category)
        ).all()
    )
    late: dict[str, int] = {}
    for task in maintenance_tasks.standing(work, until):
        if task.due.state == TaskState.OVERDUE:
            late[task.category] = late.get(task.category, 0) + 1
    return tuple(
        ReportUpkeep(name, pieces.get(name, 0), done.get(name, 0), late.get(name, 0))
        for name in sorted(pieces.keys() | done.keys() | late.keys())
    )


def _remarks(
    overdue: _Overdue, buildings: Sequence[ReportRow], upkeep: Sequence[ReportUpkeep], items: Sequence[ReportRow]
) -> tuple[str, ...]:
    """Facts found by rule."""
    said = []
    heavy = [row for row in buildings if overdue.total and row.overdue * 100 >= HEAVY * overdue.total]
    said += [
        f"{row.name} 的逾期欠费 {yuan(row.overdue)} 元，占全部的 {percent(Fen(row.overdue), Fen(overdue.total))}%。"
        for row in heavy
        if len(buildings) > 1
    ]
    old = sum(overdue.buckets[name] for name in OLD)
    if old:
        said.append(f"逾期一年以上的欠费 {yuan(old)} 元，请核对诉讼时效。")
    rated = [row for row in items if row.rate is not None]
    worst = min(rated, key=lambda row: float(row.rate or 0), default=None)
    if worst is not None and len(rated) > 1 and float(worst.rate or 0) < 100:
        said.append(f"收缴率最低的项目是 {worst.name}，{worst.rate}%。")
    late = [row for row in upkeep if row.overdue]
    if late:
        said.append("维保逾期：" + "、".join(f"{row.name} {row.overdue} 项" for row in late) + "。")
    return tuple(said)
