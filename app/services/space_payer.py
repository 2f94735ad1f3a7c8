"""Who pays for a parking space while it is let: the tenant from his first day, who paid before him again afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from app.services.refused import refuse
from db.models.estate import Lease
from db.models.ledger import Charge
from db.models.people import HousePayer, Party, Person
from db.queries import payers
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

_DAY = timedelta(days=1)


def party_of(work: Work, person_id: int) -> int:
    """The party of a person, a new one for who has none yet."""
    known = work.execute(select(func.min(Party.id)).where(Party.person_id == person_id)).scalar()
    return int(known) if known is not None else work.insert(Party, ("person_id",), [(person_id,)])[0]


def billed_until(work: Work, space_id: int) -> date | None:
    """The last day of a space that stands billed."""
    last: date | None = work.execute(
        select(func.max(Charge.period_to)).where(
            Charge.house_id == space_id, Charge.part == "principal", Charge.id.not_in(TAKEN_BACK)
        )
    ).scalar()
    return last


def _row_on(work: Work, space_id: int, day: date) -> Row[Any] | None:
    row: Row[Any] | None = work.execute(
        select(HousePayer)
        .where(
            HousePayer.house_id == space_id,
            payers.holds(day),
        )
        .order_by(HousePayer.valid_from.desc())
        .limit(1)
    ).first()
    return row


def let(work: Work, space_id: int, person_id: int, first: date, last: date | None) -> bool:
    """Bill a space to a person from a first to a last day. Gives whether that changes who pays.

    Raises Refused `space_billed` where a day from `first` on is billed already, `payer_changes` where the payer changes
    again in between.
    """
    party, before = party_of(work, person_id), _row_on(work, space_id, first)
    if before is not None and before.party_id == party and before.valid_to is None:
        return False
    billed = billed_until(work, space_id)
    if billed is not None and billed >= first:
        raise refuse(
            "space_billed", "这个车位已经出账到 {day}，付款人从这以后才能换。", "请把起日改到这以后，或先办结算。",
            day=billed, field="from",
        )  # fmt: skip
    later = select(HousePayer.id).where(HousePayer.house_id == space_id, HousePayer.valid_from > first)
    if work.execute(later.limit(1)).first() is not None or (before is not None and before.valid_to is not None):
        raise refuse("payer_changes", "这个车位在这天以后已经定了别的付款人。", "请先结束后面的租约。", field="from")
    rows = [(space_id, party, first.isoformat(), last.isoformat() if last else None)]
    if before is not None and before.valid_from == first:
        # A lease follows another: who would have paid again from that day on pays after this one.
        work.delete_many("house_payer", "id", [before.id])
    elif before is not None:
        work.change_many("house_payer", ("id",), ("valid_to",), [((first - _DAY).isoformat(), before.id)])
    if before is not None and last is not None:
        rows.append((space_id, before.party_id, (last + _DAY).isoformat(), None))
    work.insert(HousePayer, ("house_id", "party_id", "valid_from", "valid_to"), rows)
    return True


def end(work: Work, space_id: int, person_id: int, first: date, old: date | None, last: date) -> None:
    """The tenant pays until `last` instead of `old`; who pays for the space beside all tenants pays from the next day
    on, until `old` where another tenant follows.
    """
    party, rows, let_rows = party_of(work, person_id), _rows(work, space_id), _let(work, space_id)
    mine = next((row for row in rows if row.party_id == party and row.valid_from == first), None)
    if mine is None:
        return
    own = [row for row in rows if row.id != mine.id and (row.party_id, row.valid_from) not in let_rows]
    again = next((row for row in own if old is not None and row.valid_from == old + _DAY), None)
    if last >= first:
        work.change_many("house_payer", ("id",), ("valid_to",), [(last.isoformat(), mine.id)])
        before = None
    else:
        work.delete_many("house_payer", "id", [mine.id])
        before = next((row for row in own if row.valid_to == first - _DAY), None)
    until = again.valid_to if again is not None else old
    if again is not None and before is None:
        # Moved to the day after, and never two rows that begin on one day.
        work.change_many("house_payer", ("id",), ("valid_from",), [((last + _DAY).isoformat(), again.id)])
        return
    if again is not None:
        work.delete_many("house_payer", "id", [again.id])
    if before is not None:
        work.change_many("house_payer", ("id",), ("valid_to",), [(until.isoformat() if until else None, before.id)])
    elif owner := [row for row in own if row.valid_from is None or row.valid_from <= first] or own:
        row = (space_id, owner[-1].party_id, (last + _DAY).isoformat(), until.isoformat() if until else None)
        work.insert(HousePayer, ("house_id", "party_id", "valid_from", "valid_to"), [row])


def _rows(work: Work, space_id: int) -> list[Row[Any]]:
    """Who pays for a space, in the order of the days."""
    query = select(HousePayer).where(HousePayer.house_id == space_id)
    return sorted(work.execute(query).all(), key=lambda row: row.valid_from or date.min)


def _let(work: Work, space_id: int) -> set[tuple[int, date]]:
    """Party and first day of all who have or had the space on lease."""
    rows = work.execute(
        select(Party.id, Lease.valid_from)
        .join(Party, Party.person_id == Lease.person_id)
        .where(Lease.space_id == space_id, Lease.kind == "leased")
    )
    return {(party, first) for party, first in rows}


def name_owner(work: Work, space_id: int, person_id: int, day: date) -> bool:
    """Name the unregistered payer of a space as its owner. Gives whether he is the payer now."""
    row = _row_on(work, space_id, day)
    if row is None:
        work.insert(HousePayer, ("house_id", "party_id"), [(space_id, party_of(work, person_id))])
        return True
    payer = work.execute(
        select(Party.person_id, Person.registered).join(Person, Person.id == Party.person_id).where(
            Party.id == row.party_id
        )
    ).one()  # fmt: skip
    if payer.registered:
        return bool(payer.person_id == person_id)
    work.change_many("party", ("id",), ("person_id",), [(person_id, row.party_id)])
    return True
