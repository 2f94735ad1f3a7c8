"""车位 of who leaves: on his last day the follower owns what he owned, what was let to him ends (HANDBOOK §2, §5.1).

Fees of a space that are billed already stay with who was billed; the follower pays from the day after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select, update

from app.services import parking, space_payer
from app.services.parking import KINDS
from app.services.refused import refuse
from db.models.estate import House, Lease, Vehicle
from db.models.people import HousePayer, Party, Person, Resident
from db.work import Work

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SpaceHeld:
    """A space that somebody has: how (owned, leased, public), and until when it is billed."""

    number: str
    kind: str
    billed: date | None


@dataclass(frozen=True, slots=True)
class _Held:
    space_id: int
    number: str
    kind: str
    lease: Row[Any] | None


def _held(work: Work, person_id: int, last: date) -> list[_Held]:
    """What somebody has or will have after a day, by lease, or as the owner in the register."""
    leases = work.execute(
        select(Lease, House.number.label("number"))
        .join(House, House.id == Lease.space_id)
        .where(
            Lease.person_id == person_id,
            or_(Lease.valid_to.is_(None), and_(Lease.valid_to > last, Lease.valid_to >= Lease.valid_from)),
        )
        .order_by(House.sort_key, Lease.id)
    ).all()
    found = [_Held(row.space_id, row.number, row.kind, row) for row in leases]
    known = {each.space_id for each in found}
    owned = work.execute(
        select(House.id, House.number)
        .join(Resident, Resident.house_id == House.id)
        .where(
            Resident.person_id == person_id, Resident.relation == "owner", House.kind == "parking",
            House.ended_on.is_(None), or_(Resident.valid_to.is_(None), Resident.valid_to > last),
        )
        .order_by(House.sort_key)
    )  # fmt: skip
    return found + [_Held(row.id, row.number, "owned", None) for row in owned if row.id not in known]


def held_by(work: Work, party_id: int, last: date, kind: str) -> tuple[SpaceHeld, ...]:
    """The spaces of a payer that a settlement can move: at a sale all, of a tenant what is not his own. For bodies."""
    person = work.execute(select(Party.person_id).where(Party.id == party_id)).scalar_one()
    return tuple(
        SpaceHeld(each.number, each.kind, space_payer.billed_until(work, each.space_id))
        for each in _held(work, int(person), last)
        if kind == "transfer" or each.kind != "owned"
    )


def check(held: Sequence[SpaceHeld], wanted: Sequence[str]) -> tuple[SpaceHeld, ...]:
    """Those of the held spaces that are wanted. Raises Refused `not_his_space`."""
    known = {each.number: each for each in held}
    for number in wanted:
        if number not in known:
            hint = "他的车位：" + ("、".join(known) or "（没有）")
            raise refuse("not_his_space", "{number} 不是原付款人的车位。", hint, number=number, field="spaces")
    return tuple(known[number] for number in dict.fromkeys(wanted))


def sentences(spaces: Sequence[SpaceHeld], kind: str, last: date, follower: str) -> tuple[str, ...]:
    """What happens to these spaces, in words. Pure."""
    said = []
    for each in spaces:
        if kind == "transfer" and each.kind == "owned":
            words = f"车位 {each.number} 从 {last + _DAY} 起归 {follower}"
            if each.billed is not None and each.billed > last:
                words += f"，已出账到 {each.billed} 的仍由原付款人交"
        else:
            words = f"车位 {each.number}（{KINDS[each.kind]}）用到 {last}"
            if each.billed is not None and each.billed > last:
                words += f"，已出账到 {each.billed} 的不变"
        said.append(words + "。")
    return tuple(said)


def move(work: Work, leaver: int, follower: int, last: date, kind: str, numbers: Sequence[str]) -> None:
    """Carry over or end these spaces of the leaver (a party); their cars no longer stand there. For bodies."""
    people = dict(work.execute(select(Party.id, Party.person_id).where(Party.id.in_((leaver, follower)))).all())
    wanted = set(numbers)
    spaces = [each for each in _held(work, int(people[leaver]), last) if each.number in wanted]
    for each in spaces:
        if kind == "transfer" and each.kind == "owned":
            _carry(work, each, int(people[leaver]), int(people[follower]), last)
        elif each.lease is not None:
            parking.release(work, each.lease, last)
    gone = [each.space_id for each in spaces]
    work.execute(
        update(Vehicle)
        .where(
            Vehicle.house_id.in_(gone), or_(Vehicle.valid_to.is_(None), Vehicle.valid_to > last),
            or_(Vehicle.valid_from.is_(None), Vehicle.valid_from <= last),
        )
        .values(valid_to=last)
    )  # fmt: skip


def _carry(work: Work, held: _Held, leaver: int, follower: int, last: date) -> None:
    """The follower owns it from the next day on, and pays where the leaver paid, after what is billed already."""
    first = (last + _DAY).isoformat()
    lease = held.lease
    if lease is not None:
        work.change_many("lease", ("id",), ("valid_to", "version"), [(last.isoformat(), lease.version + 1, lease.id)])
        columns = ("space_id", "person_id", "kind", "valid_from", "valid_to", "item_id", "remark", "seq")
        until = lease.valid_to.isoformat() if lease.valid_to else None
        row = (held.space_id, follower, "owned", first, until, lease.item_id, lease.remark, work.seq)
        work.insert(Lease, columns, [row])
    there = work.execute(select(Resident).where(Resident.house_id == held.space_id, Resident.relation == "owner")).all()
    ends = [row.id for row in there if row.person_id == leaver and row.valid_to is None]
    work.change_many("resident", ("id",), ("valid_to",), [(last.isoformat(), key) for key in ends])
    mine = next((row for row in there if row.person_id == follower), None)
    if mine is None:
        named = ("house_id", "person_id", "relation", "position", "valid_from")
        work.insert(Resident, named, [(held.space_id, follower, "owner", 0, first)])
    else:
        work.change_many("resident", ("id",), ("valid_from", "valid_to"), [(first, None, mine.id)])
    _pay(work, held.space_id, leaver, follower, last)


def _pay(work: Work, space_id: int, leaver: int, follower: int, last: date) -> None:
    paying = work.execute(
        select(HousePayer.id, HousePayer.valid_from)
        .join(Party, Party.id == HousePayer.party_id)
        .join(Person, Person.id == Party.person_id)
        .where(HousePayer.house_id == space_id, HousePayer.valid_to.is_(None), Person.id == leaver)
    ).first()
    if paying is None:
        return
    cut = max(last, space_payer.billed_until(work, space_id) or last)
    party = space_payer.party_of(work, follower)
    if paying.valid_from is not None and paying.valid_from > cut:
        work.change_many("house_payer", ("id",), ("party_id",), [(party, paying.id)])
        return
    work.change_many("house_payer", ("id",), ("valid_to",), [(cut.isoformat(), paying.id)])
    row = (space_id, party, (cut + _DAY).isoformat())
    work.insert(HousePayer, ("house_id", "party_id", "valid_from"), [row])
