"""The values on a bill: its lines as they arose, what is open from before, the late fee as a quote, prepaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from app.domain.kinds import kind_of
from app.domain.period import Period
from app.domain.quantity import Area, Price, Quantity
from app.services import late_fees, settings
from db.models.estate import House
from db.models.ledger import Allocation, Charge, ChargePart
from db.models.people import Party, Person, Resident
from db.models.run import Bill
from db.models.tariff import FeeItem
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


def owners(work: Work, house_ids: Sequence[int], payers: Mapping[int, int]) -> dict[int, str]:
    """The name on a paper for each house: the payer, then the co-owners."""
    names: dict[int, list[str]] = {}
    party_ids = sorted(set(payers.values()))
    of_party: dict[int, str] = {}
    for some in _chunks(party_ids):
        of_party.update(
            work.execute(
                select(Party.id, Person.name).join(Person, Person.id == Party.person_id).where(Party.id.in_(some))
            ).tuples()
        )
    for some in _chunks(sorted(house_ids)):
        rows = work.execute(
            select(Resident.house_id, Person.name)
            .join(Person, Person.id == Resident.person_id)
            .where(Resident.house_id.in_(some), Resident.relation == "co_owner")
            .order_by(Resident.house_id, Resident.position)
        )
        for house_id, name in rows:
            names.setdefault(house_id, []).append(name)
    return {
        house: "、".join(dict.fromkeys([of_party[payer], *names.get(house, [])])) for house, payer in payers.items()
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
        first_of_meter = place == 0 or parts[place - 1].meter_id != part.meter_id
        lines.append(
            BillLine(
                shown,
                period if len(parts) == 1 or metered else span(part.part_from, part.part_to),
                _reading(part.previous) if metered and first_of_meter else "",
                _reading(part.current) if metered and first_of_meter else "",
                f"{Quantity(part.quantity).show()} {unit}" if not metered else Quantity(part.quantity).show(),
                Price(part.price).show(2) + (f" + {Price(part.fixed).show(2)}" if part.fixed else ""),
                part.shown,
            )
        )
    return lines


def _reading(units: int | None) -> str:
    return "" if units is None else Quantity(units).show()


def papers(work: Work, month: str, bills: Sequence[Row[Any]], day: date) -> list[BillPaper]:
    """The values of these bills, late fees quoted to `day`; read in bulk."""
    ids = [bill.id for bill in bills]
    if not ids:
        return []
    charges, parts, set_offs = _charges(work, ids), _parts(work, ids), _set_off(work, ids)
    house_ids = [bill.house_id for bill in bills]
    houses = {row.id: row for some in _chunks(house_ids) for row in work.execute(select(House).where(House.id.in_(some)))}
    members = _members(work, house_ids)
    opened = _open_before(work, members, set(ids))
    quotes = late_fees.quote(work, [charge for some in opened.values() for charge in some], day)
    prepaid = owed.prepaid(work.connection, house_ids) if len(house_ids) < CHUNK else _all_prepaid(work)
    names = owners(work, house_ids, {bill.id: bill.payer_id for bill in bills} and _payer_of(bills))
    said = settings.values(work, day)
    rates = late_fees.rates(work, [charge for some in opened.values() for charge in some])
    return [
        _paper(
            bill,
            month,
            day,
            said,
            houses[bill.house_id],
            names[bill.house_id] if bill.payer_id == _payer_of(bills)[bill.house_id] else "",
            charges.get(bill.id, []),
            parts,
            opened.get((bill.house_id, bill.payer_id), []),
            quotes,
            rates,
            set_offs.get(bill.id, 0),
            prepaid.get((bill.house_id, bill.payer_id), 0),
        )
        for bill in bills
    ]
