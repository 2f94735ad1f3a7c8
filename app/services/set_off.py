"""抵扣: prepaid balance applied to open charges, oldest due first, oldest source first; an allocation, no receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from app.domain.fee_rule import SetOff
from app.services.projections import lower_open, move_prepaid
from db.models.ledger import Allocation
from db.models.tariff import FeeRule
from db.queries import owed
from db.work import Work


def set_off(work: Work, pairs: Iterable[tuple[int, int]]) -> int:
    """Set off the prepaid balances of these houses and payers against what they owe; gives the fen set off.

    An allocation's `on` is the later of the source's and the charge's day; today where that day is closed. Late fees
    and costs take none, nor do items whose rules bar it.
    """
    wanted = sorted(set(pairs))
    if not wanted:
        return 0
    kept = barred(work)
    return sum(_set_off_one(work, house_id, payer_id, kept) for house_id, payer_id in wanted)


def barred(work: Work) -> frozenset[int]:
    """The items that prepaid balance does not settle today."""
    rules = select(FeeRule.item_id, FeeRule.set_off).where(FeeRule.valid_from <= work.today)
    today = dict(work.execute(rules.order_by(FeeRule.valid_from)).all())
    return frozenset(item for item, said in today.items() if said == SetOff.BARRED)


def for_prepaid(charges: Iterable[owed.Open], kept: frozenset[int]) -> list[owed.Open]:
    """Those that prepaid balance may settle: principals, but of the items that are `barred`."""
    return [charge for charge in charges if charge.part == "principal" and charge.item_id not in kept]


def use(work: Work, house_id: int, payer_id: int, charges: Sequence[tuple[owed.Open, int]], fen: int) -> dict[int, int]:
    """Put so much prepaid balance (fen) to these charges, in order, each at most to its limit; gives what each got.

    It stands on today, oldest money first. The caller knows that there is as much and that it is owed.
    """
    rows: list[tuple[object, ...]] = []
    taken: dict[int, int] = {}
    sources = list(owed.sources(work.connection, house_id, payer_id))
    left = fen
    for charge, limit in charges:
        need = min(limit, left)
        while need and sources:
            source = sources[0]
            now = min(need, source.left)
            rows.append((charge.charge_id, "set_off", now, source.payment_id, source.credit_charge, None))
            taken[charge.charge_id] = taken.get(charge.charge_id, 0) + now
            need -= now
            left -= now
            sources[:1] = [replace(source, left=source.left - now)] if source.left > now else []
    work.append(Allocation, work.today, rows)
    lower_open(work, taken)
    move_prepaid(work, {(house_id, payer_id): -sum(taken.values())})
    return taken


def _set_off_one(work: Work, house_id: int, payer_id: int, kept: frozenset[int]) -> int:
    left = owed.prepaid(work.connection, (house_id,), payer_id).get((house_id, payer_id), 0)
    if left <= 0:
        return 0
    owing = owed.open_charges(work.connection, owed.group(work.connection, house_id), payer_id)
    charges = for_prepaid(owing, kept)
    sources = owed.sources(work.connection, house_id, payer_id)
    rows: dict[date, list[tuple[object, ...]]] = {}
    taken: dict[int, int] = {}
    for charge in charges:
        need = charge.open
        while need and sources:
            source = sources[0]
            now = min(need, source.left)
            on = max(source.on, charge.on)
            # What a reversal opened meets older prepaid: what was printed of a closed day stays true.
            on = on if work.is_open(on) else work.today
            rows.setdefault(on, []).append(
                (charge.charge_id, "set_off", now, source.payment_id, source.credit_charge, None)
            )
            taken[charge.charge_id] = taken.get(charge.charge_id, 0) + now
            need -= now
            rest = source.left - now
            if rest:
                sources[0] = owed.Source(source.payment_id, source.credit_charge, source.on, rest)
            else:
                sources.pop(0)
    for on, some in rows.items():
        work.append(Allocation, on, some)
    lower_open(work, taken)
    used = sum(taken.values())
    move_prepaid(work, {(house_id, payer_id): -used})
    return used
