"""收费台: who is meant by what the cashier types, and what stands before him when a house is called up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, false, func, literal, or_, select, union_all

from app.domain.masking import mask
from app.domain.period import Period
from app.domain.quantity import Area
from app.security.permissions import Permission
from app.services import late_fees, list_search, look_up, receipts, settings
from app.services.bill_papers import line_of, span
from app.services.payments import next_number
from app.services.purse import Wish, ways_of
from app.services.use_case import use_case
from db.models.estate import House, Vehicle
from db.models.ledger import Adjustment, Charge, ChargePart, Payment, Receipt
from db.models.people import HousePayer, Party, Person, PersonInitials, Resident
from db.models.projection import OpenCharge
from db.models.tariff import FeeItem
from db.queries import owed, payers
from db.queries.disputed import standing
from db.work import Work

MOST_HITS = 12
"""So many houses are offered for what was typed."""
PARTS = {"late_fee": "违约金", "cost": "费用"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A house that was perhaps meant, and its payer."""

    house: str
    payer: str


@dataclass(frozen=True, slots=True)
class CounterLine:
    """An open debt: the first month served and its span as people write it, how it arose, what was charged (net),
    paid, is open, and its late fee to today, in fen.

    `late_only` is a late fee whose principal is paid, `disputed` what its payer contests.
    """

    item: str
    item_name: str
    house: str
    period: str
    span: str
    due: date
    how: str
    amount_fen: int
    paid_fen: int
    open_fen: int
    late_fee_fen: int
    overdue: bool
    late_only: bool
    disputed: bool = False

    @property
    def due_fen(self) -> int:
        """All that settles it today, in fen."""
        return self.open_fen + self.late_fee_fen


@dataclass(frozen=True, slots=True)
class LastPayment:
    """The last payment of a house that stands."""

    receipt: str
    on: date
    method: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class CounterHouse:
    """A house at the counter: its payer, what is owed with the spaces paid together with it, prepaid, next number."""

    house: str
    payer: str
    phone: str
    area: str
    state: str
    spaces: tuple[str, ...]
    lines: tuple[CounterLine, ...]
    owed_fen: int
    late_fee_fen: int
    prepaid_fen: int
    last_payment: LastPayment | None
    next_receipt: str
    small_change: str
    """To what small change may be cut: off, jiao or yuan."""
    also: tuple[str, ...] = ()
    """Further houses of the same person that were called up with it."""
    others: tuple[tuple[str, int], ...] = ()
    """Further houses of the same person that owe something and were not, with what they owe in fen."""


@dataclass(slots=True)
class Ticket:
    """What the cashier ticked and typed for a house. All lines ticked and nothing typed designates nothing; unticking
    one or typing an amount makes the ticked lines, top to bottom, the payer's designation (HANDBOOK §4).
    """

    lines: tuple[CounterLine, ...]
    ticked: list[bool]
    typed: list[int | None]

    @classmethod
    def of(cls, lines: tuple[CounterLine, ...]) -> Ticket:
        """Everything ticked."""
        return cls(lines, [True] * len(lines), [None] * len(lines))

    def again(self, lines: tuple[CounterLine, ...]) -> Ticket:
        """What was ticked and typed, for the lines as they stand now; new ones are ticked. Where nothing would be
        ticked everything is.
        """
        known = {_same(line): place for place, line in reversed(list(enumerate(self.lines)))}
        made = Ticket.of(lines)
        for place, line in enumerate(lines):
            before = known.get(_same(line))
            if before is not None:
                typed = self.typed[before]
                made.ticked[place] = self.ticked[before]
                made.typed[place] = typed if typed is not None and typed < line.due_fen else None
        return made if any(made.ticked) else Ticket.of(lines)

    def amount(self, place: int) -> int:
        """What the line takes now, in fen."""
        if not self.ticked[place]:
            return 0
        typed = self.typed[place]
        return self.lines[place].due_fen if typed is None else typed

    @property
    def total(self) -> int:
        """What all ticked lines take, in fen."""
        return sum(self.amount(place) for place in range(len(self.lines)))

    @property
    def late_fee(self) -> int:
        """The late fee of the ticked lines, in fen."""
        return sum(line.late_fee_fen for line, ticked in zip(self.lines, self.ticked, strict=True) if ticked)

    @property
    def designates(self) -> bool:
        """Whether the payer names debts."""
        return not all(self.ticked) or any(typed is not None for typed in self.typed)

    def wishes(self) -> tuple[Wish, ...]:
        """The designation; empty where the office's order holds."""
        if not self.designates:
            return ()
        return tuple(
            Wish(line.item, line.period, self.typed[place], line.house)
            for place, line in enumerate(self.lines)
            if self.ticked[place] and self.amount(place)
        )


def _same(line: CounterLine) -> tuple[object, ...]:
    """What tells a line that is read again."""
    return line.house, line.item, line.span, line.due, line.late_only


@use_case(Permission.SEE_MONEY)
def find(work: Work, text: str, most: int = MOST_HITS + 1) -> tuple[Hit, ...]:
    """Houses meant by a number in any usual form, a name or the initials of one, the end of a phone number, a plate; in
    natural order. One more than MOST_HITS says that there are more.
    """
    words = list_search.words(text)
    if not words:
        return ()
    query = (
        select(House.number, Person.name)
        .outerjoin(HousePayer, and_(HousePayer.house_id == House.id, HousePayer.valid_to.is_(None)))
        .outerjoin(Party, Party.id == payers.billed(work.today, HousePayer.party_id))
        .outerjoin(Person, Person.id == Party.person_id)
        .where(*(_meant(word) for word in words))
        .order_by(House.bill_with.is_not(None), House.sort_key)
        .limit(most)
    )
    found = dict.fromkeys(Hit(row.number, row.name or "") for row in work.execute(query))
    return tuple(found)


def _meant(word: str) -> Any:
    letters = word.lower() if word.isascii() and word.isalpha() else ""
    named = select(PersonInitials.person_id).where(
        PersonInitials.letters.startswith(letters, autoescape=True) if letters else false()
    )
    living = (
        select(Resident.house_id)
        .join(Person, Person.id == Resident.person_id)
        .where(or_(list_search.contains(Person.name, word), list_search.whole_or_tail(Person.phone, word),
                   list_search.whole_or_tail(Person.phone2, word), Person.id.in_(named)))
    )  # fmt: skip
    parked = select(Vehicle.house_id).where(list_search.plate(word))
    return or_(
        list_search.any_house(word),
        list_search.contains(Person.name, word),
        Person.id.in_(named),
        House.id.in_(living),
        House.id.in_(parked),
    )


@use_case(Permission.SEE_MONEY)
def call_up(work: Work, number: str, also: Sequence[str] = ()) -> CounterHouse:
    """A house with everything that its payer owes today, oldest due first. A space is called up with its house.

    `also` are further houses of the same person, whose debts stand in the same list.
    """
    asked = look_up.house(work, number)
    house = asked if asked.bill_with is None else work.execute(select(House).where(House.id == asked.bill_with)).one()
    group = owed.group(work.connection, house.id)
    payer = look_up.payer_on(work, house.id, work.today)
    charges = owed.open_charges(work.connection, group, payer) if payer is not None else []
    wanted = {look_up.house(work, one).id for one in also}
    more = [one for one in _owned(work, payer) if one.house_id not in group]
    joined = [one for one in more if one.house_id in wanted]
    together = list(group)
    for one in joined:
        members = owed.group(work.connection, one.house_id)
        together += members
        charges += owed.open_charges(work.connection, members, one.party_id)
    charges.sort(key=lambda charge: charge.due_date)
    numbers = dict(work.execute(select(House.id, House.number).where(House.id.in_(together))).all())
    lines = _lines(work, charges, numbers, house.number)
    person = _person(work, payer)
    prepaid = owed.prepaid(work.connection, group, payer) if payer is not None else {}
    return CounterHouse(
        house.number,
        person.name if person else "",
        mask("phone", person.phone) if person and person.phone else "",
        f"{Area(house.gross_area).show(2)} m²" if house.gross_area is not None else "",
        house.state,
        tuple(numbers[space] for space in group[1:]),
        lines,
        sum(charge.open for charge in charges),
        sum(line.late_fee_fen for line in lines) - _posted(charges),
        sum(prepaid.values()),
        _last_payment(work, group),
        next_number(work),
        settings.value(work, "small_change"),
        tuple(one.number for one in joined),
        _owing(work, [one for one in more if one.house_id not in wanted]),
    )


def _owned(work: Work, payer: int | None) -> Sequence[Row[Any]]:
    """The houses for which the person behind this party is billed today, in natural order."""
    if payer is None:
        return ()
    mine = work.execute(select(payers.developer(work.today))).scalar()
    person = select(Party.person_id).where(Party.id == payer).scalar_subquery()
    held = (
        select(HousePayer.house_id, HousePayer.party_id, House.number, House.sort_key)
        .join(Party, Party.id == HousePayer.party_id)
        .join(House, House.id == HousePayer.house_id)
        .where(
            Party.person_id == person,
            House.bill_with.is_(None),
            payers.holds(work.today),
        )
    )
    if mine is not None:
        held = held.where(~payers.not_handed_over(work.today))
    asked = [held]
    if payer == mine:
        unsold = select(House.id, literal(payer), House.number, House.sort_key)
        asked.append(unsold.where(payers.not_handed_over(work.today), House.bill_with.is_(None)))
    rows: Sequence[Row[Any]] = work.execute(union_all(*asked).order_by("sort_key")).all()
    return rows


def _owing(work: Work, houses: Sequence[Row[Any]]) -> tuple[tuple[str, int], ...]:
    """What each of these houses owes with its spaces, in fen; those that owe nothing are left out."""
    numbers = {one.house_id: one.number for one in houses}
    home = func.coalesce(House.bill_with, House.id)
    rows = work.execute(
        select(home, func.sum(OpenCharge.open))
        .join(House, House.id == OpenCharge.house_id)
        .where(OpenCharge.payer_id.in_({one.party_id for one in houses}))
        .group_by(home)
    )
    fen = {house_id: int(amount) for house_id, amount in rows}
    return tuple((number, fen[house_id]) for house_id, number in numbers.items() if fen.get(house_id))


def _posted(charges: Sequence[owed.Open]) -> int:
    """Late fees and costs that are posted already: part of what is owed, in fen."""
    return sum(charge.open for charge in charges if charge.part != "principal")


def _person(work: Work, payer: int | None) -> Row[Any] | None:
    if payer is None:
        return None
    row: Row[Any] = work.execute(
        select(Person.name, Person.phone).join(Party, Party.person_id == Person.id).where(Party.id == payer)
    ).one()
    return row


def _last_payment(work: Work, group: Sequence[int]) -> LastPayment | None:
    undone = select(Payment.reverses).where(Payment.reverses.is_not(None))
    row = work.execute(
        select(Receipt.number, Receipt.payment_id, Payment.on)
        .join(Receipt, Receipt.payment_id == func.coalesce(Payment.with_payment, Payment.id))
        .where(Payment.house_id.in_(group), Payment.reverses.is_(None), Payment.id.not_in(undone))
        .order_by(Payment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    parts = receipts.together(work, row.payment_id)
    return LastPayment(row.number, row.on, ways_of(parts), sum(part.amount for part in parts))


def _lines(work: Work, charges: Sequence[owed.Open], numbers: Mapping[int, str], home: str) -> tuple[CounterLine, ...]:
    quotes, contested = late_fees.quote(work, charges, work.today), standing(work.connection)
    principals = {charge.charge_id for charge in charges if charge.part == "principal"}
    posted: dict[int, int] = {}
    for charge in charges:
        if charge.part != "principal" and charge.base_charge in principals:
            posted[charge.base_charge or 0] = posted.get(charge.base_charge or 0, 0) + charge.open
    ids = [charge.charge_id for charge in charges]
    nets, how = _nets(work, ids), _how(work, ids)
    found = []
    for charge in charges:
        alone = charge.part != "principal"
        if alone and charge.base_charge in principals:
            continue
        number, net = numbers[charge.house_id], nets[charge.charge_id]
        name = charge.item_name if number == home else f"{charge.item_name} {number}"
        late = posted.get(charge.charge_id, 0) + quotes.get(charge.charge_id, 0)
        found.append(
            CounterLine(
                charge.item,
                f"{name}（{PARTS[charge.part]}）" if alone else name,
                number,
                str(Period.of(charge.period_from)),
                span(charge.period_from, charge.period_to),
                charge.due_date,
                "" if alone else how.get(charge.charge_id, ""),
                net,
                net - charge.open,
                0 if alone else charge.open,
                charge.open if alone else late,
                charge.due_date < work.today,
                alone,
                charge.charge_id in contested,
            )
        )
    return tuple(found)


def _nets(work: Work, charges: Sequence[int]) -> dict[int, int]:
    """What was charged, adjustments included, in fen."""
    found = dict(work.execute(select(Charge.id, Charge.amount).where(Charge.id.in_(charges))).all())
    rows = work.execute(
        select(Adjustment.charge_id, func.sum(Adjustment.amount))
        .where(Adjustment.charge_id.in_(charges))
        .group_by(Adjustment.charge_id)
    )
    for charge_id, amount in rows:
        found[charge_id] += int(amount)
    return found


def _how(work: Work, charges: Sequence[int]) -> dict[int, str]:
    """How each amount arose, in few words: `89.2 m² × 2.35`."""
    parts: dict[int, list[Row[Any]]] = {}
    rows = work.execute(
        select(ChargePart, FeeItem.kind.label("item_kind"))
        .join(Charge, Charge.id == ChargePart.charge_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(ChargePart.charge_id.in_(charges))
        .order_by(ChargePart.id)
    )
    for row in rows:
        parts.setdefault(row.charge_id, []).append(row)
    return {charge: line_of(some) for charge, some in parts.items()}
