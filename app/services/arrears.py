"""欠费: who owes what on any day, by age, house and item; late fees as a quote beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from app.domain.ageing import BUCKET_TITLES, BUCKETS, bucket
from app.domain.late_fee import untouched_share
from app.security.permissions import Permission
from app.services import late_fees, look_up, settings
from app.services.bill_papers import span
from app.services.paper_file import put_file
from app.services.receipt_papers import PARTS
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.tariff import FeeItem
from db.queries import ageing, owed
from db.rows import as_day
from db.work import Work
from reports.excel.arrears import ArrearsBook, ChargeRow, HouseRow, ItemRow


class HouseArrears(NamedTuple):
    """What a house owes in fen; `oldest_due` and `days` are of its oldest past-due charge, None where none is late."""

    house: str
    owed_fen: int
    late_fee_fen: int
    oldest_due: date | None
    days: int | None


class ItemArrears(NamedTuple):
    """What is owed of an item in fen, by bucket."""

    item: str
    item_name: str
    owed_fen: int
    buckets: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Arrears:
    """All that is owed on a day: Σ buckets = Σ houses = Σ items = total. The late fee is a second figure beside it.

    Before go-live only the opening's entries are there, and no late fee is quoted (HANDBOOK §9.7).
    """

    as_of: date
    total_fen: int
    late_fee_fen: int
    buckets: Mapping[str, int]
    houses: tuple[HouseArrears, ...]
    items: tuple[ItemArrears, ...]
    before_go_live: bool


@dataclass(slots=True)
class _Sort:
    """What all charges of one item, part and due date share: how late they are and, while nothing reduced them, the
    share of each that is due as late fee (a fraction; 0 where none). `sum` is what they add up to, in fen.
    """

    item_id: int
    due: date
    past_due: bool
    bears: bool
    numerator: int
    denominator: int
    sum: int = 0


def day_of(work: Work, as_of: date | None) -> date:
    """The day asked for, default today. Raises Refused `future_day`."""
    day = as_of or work.today
    if day > work.today:
        raise refuse("future_day", "{day} 在将来，还没有账。", "请选今天或以前的一天。", day=day, field="as_of")
    return day


def _sort_of(row: ageing.OpenRow, as_of: date, rules: Mapping[int, Sequence[owed.LateRule]]) -> _Sort:
    due, late_from = as_day(row[4]), as_day(row[5])
    days = (as_of - late_from).days
    rule = late_fees.rule_on(rules.get(row[2], ()), due) if row[3] == "principal" else None
    if rule is None or days <= 0:
        return _Sort(row[2], due, due < as_of, False, 0, 1)
    return _Sort(row[2], due, due < as_of, True, *untouched_share(days, rule.rate or 0, rule.cap, rule.grace))


def find(work: Work, as_of: date) -> Arrears:
    """What is owed on a day; for bodies of use cases."""
    connection = work.connection
    rules = owed.late_rules(connection)
    sorts: dict[tuple[Any, ...], _Sort] = {}
    sums: dict[int, int] = {}
    fees: dict[int, int] = {}
    oldest: dict[int, _Sort] = {}
    longer: dict[int, int] = {}
    free = late_fees.spared(work, as_of)
    for row in ageing.open_rows(connection, as_of, work.today):
        house_id, fen = row[1], row[6]
        sort = sorts.get(row[2:6])
        if sort is None:
            sort = sorts[row[2:6]] = _sort_of(row, as_of, rules)
        sort.sum += fen
        sums[house_id] = sums.get(house_id, 0) + fen
        if sort.bears and row[0] not in free:
            if row[7]:
                longer[row[0]] = house_id
            elif sort.numerator:
                fee = (2 * fen * sort.numerator + sort.denominator) // (2 * sort.denominator)
                fees[house_id] = fees.get(house_id, 0) + fee
        if sort.past_due:
            before = oldest.get(house_id)
            if before is None or sort.due < before.due:
                oldest[house_id] = sort
    for charge_id, fee in late_fees.quote_on(work, sorted(longer), as_of).items():
        fees[longer[charge_id]] = fees.get(longer[charge_id], 0) + fee
    items, buckets = _by_item(work, sorts.values(), as_of)
    go_live = settings.value(work, "go_live")
    return Arrears(
        as_of,
        sum(sums.values()),
        sum(fees.values()),
        buckets,
        tuple(
            [
                _house(number, sums[house_id], fees.get(house_id, 0), oldest.get(house_id), as_of)
                for house_id, number in ageing.house_numbers(connection, sums)
            ]
        ),
        items,
        bool(go_live) and as_of < date.fromisoformat(go_live),
    )


def _house(number: str, fen: int, fee: int, oldest: _Sort | None, as_of: date) -> HouseArrears:
    if oldest is None:
        return HouseArrears(number, fen, fee, None, None)
    return HouseArrears(number, fen, fee, oldest.due, (as_of - oldest.due).days)


def _by_item(work: Work, sorts: Iterable[_Sort], as_of: date) -> tuple[tuple[ItemArrears, ...], Mapping[str, int]]:
    names = {row.id: row for row in work.execute(select(FeeItem.id, FeeItem.code, FeeItem.name))}
    total: dict[str, int] = dict.fromkeys(BUCKETS, 0)
    by_item: dict[int, dict[str, int]] = {}
    for sort in sorts:
        name = bucket((as_of - sort.due).days)
        total[name] += sort.sum
        sums = by_item.setdefault(sort.item_id, dict.fromkeys(BUCKETS, 0))
        sums[name] += sort.sum
    items = tuple(
        ItemArrears(names[item_id].code, names[item_id].name, sum(sums.values()), sums)
        for item_id, sums in sorted(by_item.items(), key=lambda entry: str(names[entry[0]].code))
    )
    return items, total


@use_case(Permission.SEE_MONEY)
def arrears(work: Work, as_of: date | None = None) -> Arrears:
    """Who owes what on a day. Raises Refused for a day in the future."""
    return find(work, day_of(work, as_of))


@dataclass(frozen=True, slots=True)
class ArrearsExported:
    """The arrears of a day, and the workbook that shows them."""

    arrears: Arrears
    file: Path


@use_case(Permission.SEE_MONEY, audit="arrears.exported")
def export(work: Work, as_of: date | None, target: Path) -> ArrearsExported:
    """Write the arrears of a day to a workbook: by house with names, by item, charge by charge. Audited."""
    day = day_of(work, as_of)
    found = find(work, day)
    book = _book(work, found)
    from reports.excel import arrears as sheet

    put_file(work, target, lambda path: sheet.write(path, book))
    work.audit("arrears.exported", "office", 1, detail={"as_of": day.isoformat(), "houses": len(found.houses)})
    return ArrearsExported(found, target)


def _book(work: Work, found: Arrears) -> ArrearsBook:
    as_of = found.as_of
    rows = ageing.open_lines(work.connection, as_of, work.today)
    names = look_up.party_names(work, {line.payer_id for line in rows})
    ages: dict[str, list[int]] = {}
    payers: dict[str, dict[int, None]] = {}
    for line in rows:
        days = (as_of - as_day(line.due)).days
        ages.setdefault(line.house, [0] * len(BUCKETS))[BUCKETS.index(bucket(days))] += line.open
        payers.setdefault(line.house, {})[line.payer_id] = None
    said = "违约金算到表上日期，未入账，不在欠费内。"
    if found.before_go_live:
        said += "该日在启用日之前，只有期初数。"
    return ArrearsBook(
        settings.value(work, "office_name") or settings.value(work, "letterhead"),
        as_of,
        said,
        tuple(BUCKET_TITLES[name] for name in BUCKETS),
        [
            HouseRow(house.house, "、".join(names[payer] for payer in payers[house.house]), tuple(ages[house.house]),
                     house.owed_fen, house.late_fee_fen, house.oldest_due, house.days)
            for house in found.houses
        ],
        [
            ItemRow(item.item, item.item_name, tuple(item.buckets[name] for name in BUCKETS), item.owed_fen)
            for item in found.items
        ],
        [
            ChargeRow(
                line.house, line.item if line.part == "principal" else f"{line.item}{PARTS[line.part]}",
                span(as_day(line.first), as_day(line.last)), as_day(line.due),
                (as_of - as_day(line.due)).days, line.open,
            )
            for line in rows
        ],
    )  # fmt: skip
