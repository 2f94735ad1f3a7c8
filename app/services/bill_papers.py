"""The values on a bill: its lines as they arose, what is open from before, the late fee as a quote, prepaid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select

from app.domain.kinds import kind_of
from app.domain.period import Period, stretches
from app.domain.quantity import FACTOR_SCALE, Area, Factor, Price, Quantity
from app.services import late_fees, settings
from db.models.estate import House
from db.models.ledger import Allocation, Charge, ChargePart
from db.models.people import Party, Person, Resident
from db.models.tariff import FeeItem
from db.queries import billing as read
from db.queries import owed
from db.queries.owed import CHUNK
from db.work import Work
from reports.papers import BillLine, BillPaper

_DAY = timedelta(days=1)


def span(first: date, last: date) -> str:
    """A period as people write it: `2026-07`, `2026-04 至 2026-06`, or with days where it is part of a month."""
    whole = first.day == 1 and (last + _DAY).day == 1
    if not whole:
        return first.isoformat() if first == last else f"{first.isoformat()} 至 {last.isoformat()}"
    start, end = str(Period.of(first)), str(Period.of(last))
    return start if start == end else f"{start} 至 {end}"


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


def _charges(work: Work, bill_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for some in _chunks(bill_ids):
        rows = work.execute(
            select(Charge, FeeItem.name, FeeItem.kind.label("item_kind"), House.number, House.kind.label("house_kind"))
            .join(FeeItem, FeeItem.id == Charge.item_id)
            .join(House, House.id == Charge.house_id)
            .where(Charge.bill_id.in_(some))
            .order_by(Charge.id)
        )
        for row in rows:
            found.setdefault(row.bill_id, []).append(row)
    return found


def _parts(work: Work, bill_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for some in _chunks(bill_ids):
        rows = work.execute(
            select(ChargePart)
            .join(Charge, Charge.id == ChargePart.charge_id)
            .where(Charge.bill_id.in_(some))
            .order_by(ChargePart.id)
        )
        for row in rows:
            found.setdefault(row.charge_id, []).append(row)
    return found


def _set_off(work: Work, bill_ids: Sequence[int]) -> dict[int, int]:
    """Prepaid set off against each bill's lines, in fen."""
    found: dict[int, int] = {}
    for some in _chunks(bill_ids):
        rows = work.execute(
            select(Charge.bill_id, Allocation.amount)
            .join(Charge, Charge.id == Allocation.charge_id)
            .where(Charge.bill_id.in_(some), Allocation.kind == "set_off")
        )
        for bill_id, amount in rows:
            found[bill_id] = found.get(bill_id, 0) + amount
    return found


def owners(work: Work, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The name on a paper for each house and payer: the payer, then the co-owners."""
    names: dict[int, list[str]] = {}
    party_ids = sorted({payer for _, payer in pairs})
    house_ids = sorted({house for house, _ in pairs})
    of_party: dict[int, str] = {}
    for some in _chunks(party_ids):
        of_party.update(
            work.execute(
                select(Party.id, Person.name).join(Person, Person.id == Party.person_id).where(Party.id.in_(some))
            ).all()
        )
    for some in _chunks(house_ids):
        rows = work.execute(
            select(Resident.house_id, Person.name)
            .join(Person, Person.id == Resident.person_id)
            .where(Resident.house_id.in_(some), Resident.relation == "co_owner")
            .order_by(Resident.house_id, Resident.position)
        )
        for house_id, name in rows:
            names.setdefault(house_id, []).append(name)
    return {
        (house, payer): "、".join(dict.fromkeys([of_party[payer], *names.get(house, [])])) for house, payer in pairs
    }


def _line(charge: Row[Any], parts: Sequence[Row[Any]], delivered_to: str) -> list[BillLine]:
    name = charge.name if charge.number == delivered_to else f"{charge.name} {charge.number}"
    period = span(charge.period_from, charge.period_to)
    unit = kind_of(charge.item_kind).unit_word
    if not parts:
        return [BillLine(name, period, "", "", "", "", charge.amount)]
    lines = []
    for place, part in enumerate(parts):
        shown = f"{name}（{part.tier} 档）" if part.tier else name
        metered = part.meter_id is not None
        first_of_meter = place == 0 or _register(parts[place - 1]) != _register(part)
        lines.append(
            BillLine(
                shown,
                period if len(parts) == 1 or metered else span(part.part_from, part.part_to),
                _reading(part.previous) if metered and first_of_meter else "",
                _reading(part.current) if metered and first_of_meter else "",
                _counted(part.quantity, "" if metered else unit),
                Price(part.price).show(2) + (f" + {Price(part.fixed).show(2)}" if part.fixed else ""),
                part.shown,
                _basis(part, "" if metered else unit),
            )
        )
    return lines


def _register(part: Row[Any]) -> tuple[Any, ...]:
    """What the tiers of one register have in common; a meter that was changed has two."""
    return part.meter_id, part.previous, part.current


def _basis(part: Row[Any], unit: str) -> str:
    """What stands in place of quantity and price where their product is not the amount: a divided cost as its sum, the
    own weight and all weights, a formula, more or less than one month, a factor. Empty where they say it all.
    """
    if part.inputs:
        kept = json.loads(part.inputs)
        if "cost" not in kept:
            return _otherwise(part)
        cost, own, whole = (f"{Decimal(figure):,}" for figure in
                            (kept["cost"], Quantity(part.quantity).show(), kept["total_weight"]))  # fmt: skip
        return f"{cost} × {own} / {whole}"
    return _product(part, unit) if part.months != "1" or part.factor != FACTOR_SCALE else ""


def _otherwise(part: Row[Any]) -> str:
    """How a part arose that is no quantity × price, in few words."""
    kept = json.loads(part.inputs)
    if "cost" in kept:
        return f"{kept.get('by', '')}分摊"
    said = f"{Quantity(part.quantity).show()} 元 × {kept['percent']}%" if "percent" in kept else kept.get("formula", "")
    return said if part.factor == FACTOR_SCALE else f"（{said}）× {Factor(part.factor).show()}"


def line_of(parts: Sequence[Row[Any]]) -> str:
    """How an amount arose, in few words, from its parts with the kind of their item: `89.2 m² × 2.35`."""
    first = parts[0]
    if first.tariff_id is None:
        return "期初"
    if len(parts) > 1:
        return f"分 {len(parts)} 段"
    return _otherwise(first) if first.inputs else _product(first, kind_of(first.item_kind).unit_word)


def _product(part: Row[Any], unit: str) -> str:
    months = "" if part.months == "1" else f" × {part.months} 月"
    factor = "" if part.factor == FACTOR_SCALE else f" × {Factor(part.factor).show()}"
    said = f"{_counted(part.quantity, unit)} × {Price(part.price).show(2)}"
    if part.fixed:
        said += f" + {Price(part.fixed).show(2)}"
        said = f"（{said}）" if months or factor else said
    return f"{said}{months}{factor}"


def _counted(quantity: int, unit: str) -> str:
    """A quantity with its unit where its kind has one: `89.2 m²`, `3`."""
    return f"{Quantity(quantity).show()} {unit}".rstrip()


def _reading(units: int | None) -> str:
    return "" if units is None else Quantity(units).show()


def _members(work: Work, house_ids: Sequence[int]) -> dict[int, list[int]]:
    """The spaces billed with each house, itself first."""
    found = {house: [house] for house in house_ids}
    for some in _chunks(house_ids):
        for house_id, space in work.execute(select(House.bill_with, House.id).where(House.bill_with.in_(some))):
            found[house_id].append(space)
    return found


_Debtor = tuple[int, int]
"""A house that a bill goes to, and the payer."""


def _open(work: Work, members: Mapping[int, list[int]], day: date) -> dict[_Debtor, list[owed.Open]]:
    """What is open today by delivery house and payer, posted up to the quote day."""
    deliver = {space: house for house, spaces in members.items() for space in spaces}
    found: dict[_Debtor, list[owed.Open]] = {}
    for charge in owed.open_charges(work.connection, deliver):
        if charge.on <= day:
            found.setdefault((deliver[charge.house_id], charge.payer_id), []).append(charge)
    return found


def _earlier(opened: Sequence[owed.Open], bill_id: int) -> tuple[str, int]:
    """往期未交: what is open besides this bill, and which."""
    rows = [charge for charge in opened if charge.bill_id != bill_id]
    if not rows:
        return "无", 0
    months: dict[str, list[tuple[date, date]]] = {}
    for charge in rows:
        name = charge.item_name if charge.part == "principal" else f"{charge.item_name}违约金"
        months.setdefault(name, []).append((charge.period_from, charge.period_to))
    said = "；".join(f"{name} {_months(when)}" for name, when in months.items())
    return f"{said}，共 {len(rows)} 笔", sum(charge.open for charge in rows)


def _months(spans: Sequence[tuple[date, date]]) -> str:
    """The months of some periods: those that follow one another joined, none that lies between."""
    ends = dict.fromkeys((str(Period.of(first)), str(Period.of(last))) for first, last in stretches(spans))
    return "、".join(start if start == end else f"{start} 至 {end}" for start, end in ends)


def _late_note(opened: Sequence[owed.Open], rates: Mapping[int, int], day: date) -> str:
    """To which day and at which rate the late fee is quoted; empty where no open line bears one."""
    shown = late_fees.bearing_words(opened, rates)
    if not shown:
        return ""
    return f"算至 {day.isoformat()}，按{shown}，按实际交费日另计"


def papers(work: Work, month: str, bills: Sequence[Row[Any]], day: date) -> list[BillPaper]:
    """The values of these bills, late fees quoted to `day`; read in bulk."""
    ids = [bill.id for bill in bills]
    if not ids:
        return []
    charges, parts, set_offs = _charges(work, ids), _parts(work, ids), _set_off(work, ids)
    house_ids = sorted({bill.house_id for bill in bills})
    houses = {
        row.id: row for some in _chunks(house_ids) for row in work.execute(select(House).where(House.id.in_(some)))
    }
    opened = _open(work, _members(work, house_ids), day)
    flat = [charge for some in opened.values() for charge in some]
    quotes, rates = late_fees.quote(work, flat, day), late_fees.rates(work, flat)
    prepaid = read.prepaid(work.connection)
    names = owners(work, [(bill.house_id, bill.payer_id) for bill in bills])
    said = settings.values(work, day)
    made = []
    for bill in bills:
        who = (bill.house_id, bill.payer_id)
        house, rows, own = houses[bill.house_id], charges.get(bill.id, []), opened.get(who, [])
        subtotal = sum(row.amount for row in rows)
        earlier_note, earlier = _earlier(own, bill.id)
        late_note = _late_note(own, rates, day)
        late = sum(quotes.get(charge.charge_id, 0) for charge in own)
        still_open = sum(charge.open for charge in own if charge.bill_id == bill.id)
        set_off = set_offs.get(bill.id, 0)
        made.append(
            BillPaper(
                bill.number,
                month,
                day.isoformat(),
                said["letterhead"],
                said["office_name"],
                house.number,
                names[who],
                "" if house.gross_area is None else f"{Area(house.gross_area).show(2)} m²",
                max((row.due_date for row in rows), default=day).isoformat(),
                tuple(line for row in rows for line in _line(row, parts.get(row.id, ()), house.number)),
                subtotal,
                earlier_note,
                earlier,
                late_note,
                late,
                set_off,
                prepaid.get(who, 0),
                still_open + earlier + late,
                said["bank_account"],
                said["telephone"],
                said["contract_clause"],
                f"ANJU:BILL:{bill.number}",
                max(0, subtotal - set_off - still_open),
            )
        )
    return made
