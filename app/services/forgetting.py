"""What names a person besides his own row and the kept papers, forgotten with him (个人信息保护法 art. 47).

A text is his where it stands with one of his houses and holds his name, or where it holds his number. The details of
audit records may change: the record of the act names each with its new digest, so the chain still covers them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.retention import replaced
from app.services import attachments
from db.canonical import text_digest
from db.models.audit import Audit, Change
from db.models.bank import BankLine
from db.models.dunning import DunContact, DunHold, PaymentPlan
from db.models.estate import House, HouseState, Lease, Permit, Pet, Tenancy, Vehicle
from db.models.ledger import Charge, Payment
from db.models.office import Request
from db.models.people import HousePayer, Party, Person, Resident, SettlePrep
from db.models.run import Dispute, InvoiceRequest
from db.models.tariff import Discount
from db.types import canonical_json
from db.work import Work

ANONYMOUS = "已匿名住户"
"""What stands in the place of a name."""
NO_PLATE = "已匿名"
"""What stands in the place of a car's plate."""
Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Somebody who is forgotten: his row as it was, the ids and numbers of his houses, his parties, names that hold his
    and are others', his cars with their plates.
    """

    row: Row[Any]
    houses: frozenset[int]
    numbers: frozenset[str]
    parties: frozenset[int]
    others: frozenset[str]
    cars: tuple[tuple[int, str], ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """His numbers and plates, which are nobody else's."""
        plates = (plate for _, plate in self.cars)
        found = (self.row.phone, self.row.phone2, self.row.id_number, self.row.email, *plates)
        return tuple(str(value) for value in found if value)

    def clean(self, text: str) -> str:
        """A text without his name and numbers; of canonical JSON the form stays, as they hold no sign that JSON
        escapes.
        """
        found = replaced(text, json.dumps(self.row.name, ensure_ascii=False)[1:-1], self.others, ANONYMOUS)
        for secret in self.secrets:
            found = found.replace(secret, "*" * len(secret))
        return found

    def named_in(self, text: str) -> bool:
        """Whether a text that stands with no house of his is his all the same."""
        return any(number in text for number in self.numbers) or any(secret in text for secret in self.secrets)


def who(work: Work, row: Row[Any]) -> Forgotten:
    """What is asked about a person before he is forgotten. For bodies of use cases."""
    parties = frozenset(work.execute(select(Party.id).where(Party.person_id == row.id)).scalars())
    houses: set[int] = set()
    for query in (
        select(Resident.house_id).where(Resident.person_id == row.id),
        select(Lease.space_id).where(Lease.person_id == row.id),
        select(HousePayer.house_id).where(HousePayer.party_id.in_(parties)),
    ):
        houses.update(work.execute(query).scalars())
    numbers = frozenset(work.execute(select(House.number).where(House.id.in_(houses))).scalars())
    others = frozenset(
        work.execute(select(Person.name).where(Person.name.contains(row.name, autoescape=True))).scalars()
    )
    return Forgotten(row, frozenset(houses), numbers, parties, others, _cars(work, row.id))


def _of_houses(column: Column) -> Callable[[Forgotten], Any]:
    return lambda him: column.in_(him.houses)


def _contested(him: Forgotten) -> Any:
    his = or_(Charge.payer_id.in_(him.parties), Charge.house_id.in_(him.houses))
    return Dispute.charge_id.in_(select(Charge.id).where(his))


def _invoiced(him: Forgotten) -> Any:
    return InvoiceRequest.payment_id.in_(_payments(him))


def _payments(him: Forgotten) -> Any:
    """What was paid in his name or at one of his houses."""
    return select(Payment.id).where(or_(Payment.payer_id.in_(him.parties), Payment.house_id.in_(him.houses)))


def _at_the_bank(him: Forgotten) -> Any:
    """Lines of his payments; and those of his name, where nobody else has it."""
    his = BankLine.payment_id.in_(_payments(him))
    alone = select(Person.id).where(Person.name == him.row.name, Person.id != him.row.id)
    return or_(his, and_(BankLine.counterparty == him.row.name, ~alone.exists()))


_TEXTS: Sequence[tuple[Any, tuple[Column, ...], Callable[[Forgotten], Any]]] = (
    (HouseState, (HouseState.reason,), _of_houses(HouseState.house_id)),
    (House, (House.remark,), _of_houses(House.id)),
    (Discount, (Discount.reason,), _of_houses(Discount.house_id)),
    (DunHold, (DunHold.reason,), _of_houses(DunHold.house_id)),
    (DunContact, (DunContact.signer, DunContact.witnesses, DunContact.note), _of_houses(DunContact.house_id)),
    (PaymentPlan, (PaymentPlan.end_reason,), _of_houses(PaymentPlan.house_id)),
    (Permit, (Permit.company, Permit.contact, Permit.phone, Permit.content), _of_houses(Permit.house_id)),
    (Lease, (Lease.remark,), _of_houses(Lease.space_id)),
    (Pet, (Pet.remark,), _of_houses(Pet.house_id)),
    (Dispute, (Dispute.reason,), _contested),
    (InvoiceRequest, (InvoiceRequest.title, InvoiceRequest.tax_number), _invoiced),
    (BankLine, (BankLine.counterparty, BankLine.reference, BankLine.remark, BankLine.reason), _at_the_bank),
)
"""Texts that hands wrote or a bank sent: the table, its columns, which rows may be his."""


def texts(work: Work, him: Forgotten) -> int:
    """His name and numbers go from these texts; gives how many rows changed. For bodies of use cases."""
    done = 0
    for model, columns, his in _TEXTS:
        wanted = (him.row.name, *him.secrets)
        held = or_(*(column.contains(text, autoescape=True) for column in columns for text in wanted))
        rows = []
        for key, *values in work.execute(select(model.id, *columns).where(his(him), held)):
            cleaned = [None if value is None else him.clean(value) for value in values]
            if cleaned != values:
                rows.append((*cleaned, key))
        work.change_many(model.__tablename__, ("id",), [column.key for column in columns], rows)
        done += len(rows)
    return done + _prepared(work, him) + _requests(work, him)


def _prepared(work: Work, him: Forgotten) -> int:
    rows = []
    for key, wanted in work.execute(
        select(SettlePrep.id, SettlePrep.wanted).where(SettlePrep.house_id.in_(him.houses))
    ):
        text = canonical_json(wanted)
        if (cleaned := him.clean(text)) != text:
            rows.append((cleaned, key))
    work.change_many("settle_prep", ("id",), ("wanted",), rows)
    return len(rows)


def _requests(work: Work, him: Forgotten) -> int:
    """Requests for a second person's consent, as far as they are about one of his houses."""
    rows = []
    columns = (Request.reason, Request.summary, Request.arguments, Request.decision_reason, Request.result)
    for key, *values in work.execute(select(Request.id, *columns)):
        stored = [canonical_json(v) if isinstance(v, dict | list) else v for v in values]
        if not him.named_in(" ".join(text for text in stored if text)):
            continue
        cleaned = [None if text is None else him.clean(text) for text in stored]
        if cleaned != stored:
            rows.append((*cleaned, key))
    work.change_many("request", ("id",), ("reason", "summary", "arguments", "decision_reason", "result"), rows)
    return len(rows)


def changes(work: Work, him: Forgotten) -> list[list[object]]:
    """The details of audit records without him: number and new digest of each, for the record of this act to keep, so
    that `verify` knows them again. For bodies of use cases.
    """
    quoted = json.dumps(him.row.name, ensure_ascii=False)[1:-1]
    held = or_(*(Change.detail.contains(text, autoescape=True) for text in (quoted, *him.secrets)))
    rows, named = [], []
    for seq, detail, kind, key in work.execute(
        select(Change.seq, Change.detail, Audit.object_kind, Audit.object_id)
        .join(Audit, Audit.id == Change.seq)
        .where(held)
        .order_by(Change.seq)
    ):
        about = (kind == "person" and key == him.row.id) or (kind == "house" and key in him.houses)
        cleaned = him.clean(detail)
        if cleaned != detail and (about or him.named_in(detail)):
            rows.append((cleaned, seq))
            named.append([seq, text_digest(cleaned)])
    work.change_many("change", ("seq",), ("detail",), rows)
    return named


def belongings(work: Work, him: Forgotten) -> int:
    """His pets and the papers of his contracts go, cars that left with him lose their plates; gives how many. For
    bodies of use cases.
    """
    pets = work.execute(delete(Pet).where(Pet.person_id == him.row.id)).rowcount
    rented = work.execute(select(Tenancy).where(Tenancy.person_id == him.row.id)).all()
    for row in rented:
        if row.file:
            attachments.forget(work, row.house_id, row.file)
    work.execute(update(Tenancy).where(Tenancy.person_id == him.row.id).values(number=None, rent=None, file=None))
    rows = [(NO_PLATE, None, None, key) for key, _ in him.cars]
    work.change_many("vehicle", ("id",), ("plate", "brand", "colour"), rows)
    return int(pets) + len(rented) + len(rows)


def _cars(work: Work, person: int) -> tuple[tuple[int, str], ...]:
    """Cars that stood at one of his places in his days and left no later than he, where nobody of that time stayed;
    not one that stands or stood elsewhere too.
    """
    spans = [
        *work.execute(
            select(Resident.house_id, Resident.valid_from, Resident.valid_to).where(Resident.person_id == person)
        ),
        *work.execute(select(Lease.space_id, Lease.valid_from, Lease.valid_to).where(Lease.person_id == person)),
    ]
    gone: list[Row[Any]] = []
    for house, first, last in spans:
        stayed = work.execute(
            select(Resident.id).where(
                Resident.house_id == house, Resident.person_id != person,
                or_(Resident.valid_from.is_(None), Resident.valid_from <= last),
                or_(Resident.valid_to.is_(None), Resident.valid_to > last),
            ).limit(1)
        ).first()  # fmt: skip
        if stayed is not None:
            continue
        rule = [Vehicle.house_id == house, Vehicle.valid_to <= last, Vehicle.plate != NO_PLATE]
        if first is not None:
            rule.append(or_(Vehicle.valid_from.is_(None), Vehicle.valid_from >= first))
        gone += work.execute(select(Vehicle.id, Vehicle.plate).where(*rule)).all()
    keys = {row.id for row in gone}
    elsewhere = set(
        work.execute(
            select(Vehicle.plate).where(Vehicle.plate.in_({row.plate for row in gone}), Vehicle.id.not_in(keys))
        ).scalars()
    )
    return tuple(sorted({(row.id, row.plate) for row in gone if row.plate not in elsewhere}))
