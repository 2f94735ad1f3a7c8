"""留存期满: who left long ago and owes nothing is proposed, and on approval forgotten for good (HANDBOOK §6.3).

The ledger and the chain hold no personal datum, so the books stay as they are. Replaced are the person's own row, the
kept papers that name him (a paper's digest is written anew with it), and what else does (`forgetting.py`). Backups made
before still hold the old values. A firm has no personal data and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from app.domain.retention import kept_until
from app.security.permissions import Permission
from app.services import forgetting, import_undo, person_initials, settings
from app.services.entrance import Approver
from app.services.forgetting import ANONYMOUS, Forgotten
from app.services.person_data import documents_of, find
from app.services.refused import Refused, refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.canonical import text_digest
from db.models.estate import House, Lease
from db.models.ledger import Adjustment, Charge, Payment
from db.models.office import OnceKey
from db.models.people import HousePayer, Party, Person, PersonTag, Resident
from db.models.projection import OpenCharge, PayerBalance
from db.models.tariff import FeeItem
from db.queries.owed import CHUNK
from db.work import Work

_CLEARED = (
    "sex", "phone", "phone2", "id_kind", "id_number", "id_verified", "owner_number", "remark", "birth_on", "email",
    "contact_by", "consent_on", "consent_note",
)  # fmt: skip
TOUCHES = frozenset({"resident", "house"})
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody whose time is over: a house of his, his last day there or in the books, until when he was kept."""

    name: str
    house: str
    last: date
    kept_until: date


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A person who is forgotten: a house of his, how many kept papers and how many other texts were changed, how many
    pets, contracts and cars of his were cleared.
    """

    house: str
    documents: int
    texts: int = 0
    belongings: int = 0


def _last_days(work: Work) -> dict[int, date]:
    """The last day of each person who may be forgotten: gone from every house and space, paying for none, with no
    account open.
    """
    gone: dict[int, date] = {}
    staying: set[int] = set()
    spans = (
        select(Resident.person_id, Resident.valid_to),
        select(Lease.person_id, Lease.valid_to),
        select(Party.person_id, HousePayer.valid_to).join(HousePayer, HousePayer.party_id == Party.id),
    )
    for span in spans:
        for person, last in work.execute(span):
            if last is None or last >= work.today:
                staying.add(person)
            else:
                gone[person] = max(last, gone.get(person, last))
    booked = (
        select(Party.person_id, func.max(Charge.on)).join(Charge, Charge.payer_id == Party.id),
        select(Party.person_id, func.max(Payment.on)).join(Payment, Payment.payer_id == Party.id),
    )
    for query in booked:
        for person, last in work.execute(query.group_by(Party.person_id)):
            if person in gone:
                gone[person] = max(last, gone[person])
    staying |= _with_account(work)
    return {person: last for person, last in gone.items() if person not in staying}


def _with_account(work: Work) -> set[int]:
    """People who owe something, have something prepaid, or whose deposit is held."""
    more = select(Adjustment.charge_id, func.sum(Adjustment.amount).label("a")).group_by(Adjustment.charge_id)
    adjusted = more.subquery()
    held = (
        select(Party.person_id)
        .join(Charge, Charge.payer_id == Party.id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .outerjoin(adjusted, adjusted.c.charge_id == Charge.id)
        .where(FeeItem.kind == "deposit", Charge.amount + func.coalesce(adjusted.c.a, 0) != 0)
    )
    owing = select(Party.person_id).join(OpenCharge, OpenCharge.payer_id == Party.id)
    prepaid = (
        select(Party.person_id).join(PayerBalance, PayerBalance.payer_id == Party.id).where(PayerBalance.prepaid != 0)
    )
    return {person for query in (held, owing, prepaid) for person in work.execute(query).scalars()}


def _due(work: Work) -> dict[int, tuple[date, date]]:
    """Last day and end of keeping of each person whose time is over."""
    years = int(settings.value(work, "retention_years"))
    ends = {person: (last, kept_until(last, years)) for person, last in _last_days(work).items()}
    return {person: days for person, days in ends.items() if days[1] < work.today}


@use_case(Permission.IMPORT_REGISTER)
def proposals(work: Work) -> tuple[Proposal, ...]:
    """Who left more years ago than setting `retention_years` and has no open account, the longest gone first."""
    due = _due(work)
    rows: list[Row[Any]] = []
    wanted = sorted(due)
    for start in range(0, len(wanted), CHUNK):
        rows += work.execute(
            select(Person.id, Person.name, func.min(House.number).label("house"))
            .join(Resident, Resident.person_id == Person.id)
            .join(House, House.id == Resident.house_id)
            .where(
                Person.id.in_(wanted[start : start + CHUNK]), Person.registered, Person.anonymised_on.is_(None),
                Person.kind == PERSON,
            )
            .group_by(Person.id, Person.name)
        )  # fmt: skip
    found = [Proposal(row.name, row.house, *due[row.id]) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.last, one.house, one.name)))


def _no_person(row: Row[Any]) -> Refused:
    said = "{name} 是单位，不是个人，不能匿名。"
    return refuse("firm_kept", said, "单位的资料按合同和账务的年限保存。", name=row.name, field="name")


def _ready(work: Work, name: str, house: str) -> Row[Any]:
    row = find(work, name, house)
    if row.kind != PERSON:
        raise _no_person(row)
    if row.anonymised_on is not None or row.id not in _due(work):
        raise refuse(
            "still_kept", "{name} 还不能匿名：留存期没有满，或还有房屋、车位、欠费、预存、押金。", "请看期满名单。",
            name=name.strip(), field="name",
        )  # fmt: skip
    return row


@use_case(Permission.IMPORT_REGISTER, audit="person.anonymised", touches=TOUCHES)
def anonymise(
    work: Work, name: str, house: str, reason: str | None, *, second: Approver | None = None
) -> Anonymised | Waiting:
    """Forget somebody whose time is over: name and numbers, tags, and his name in kept papers. It cannot be undone, so
    a manager approves.

    Raises Refused `unknown_person`, `ambiguous_person`, `firm_kept`, `still_kept`, `reason_needed`, `not_approver`.
    """
    why, row = need_reason(reason), _ready(work, name, house)
    arguments = {"person": row.id, "house": house.strip()}
    # The request says where, not who: it is kept after he is forgotten.
    return perform_or_ask(
        work, "person.anonymise", _perform, arguments, why, f"匿名 {house.strip()} 一位留存期满的住户", second,
        audit="person.anonymised", about=("person", row.id),
    )  # fmt: skip


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> Anonymised:
    person = int(arguments["person"])
    row = work.execute(select(Person).where(Person.id == person)).one()
    row = _still(work, row)
    him = forgetting.who(work, row)
    import_undo.forget(work)
    papers = []
    for paper in documents_of(work, row, set(him.numbers)):
        body = him.clean(paper.body)
        papers.append((body, text_digest(body), paper.id))
    work.change_many("document", ("id",), ("body", "digest"), papers)
    _answers(work, him)
    texts, redacted = forgetting.texts(work, him), forgetting.changes(work, him)
    belongings = forgetting.belongings(work, him)
    work.execute(
        update(Person)
        .where(Person.id == person)
        .values(name=ANONYMOUS, anonymised_on=work.today, version=row.version + 1, **dict.fromkeys(_CLEARED))
    )
    person_initials.drop(work, person)
    work.execute(delete(PersonTag).where(PersonTag.person_id == person))
    detail = {
        "house": str(arguments["house"]), "reason": him.clean(reason), "papers": len(papers), "texts": texts,
        "belongings": belongings, "redacted": redacted,
    }  # fmt: skip
    work.audit("person.anonymised", "person", person, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched |= TOUCHES
    return Anonymised(str(arguments["house"]), len(papers), texts + len(redacted), belongings)


def _still(work: Work, row: Row[Any]) -> Row[Any]:
    """What was asked for may wait for days: it must hold when it is done."""
    if row.kind != PERSON:
        raise _no_person(row)
    if row.anonymised_on is not None or row.id not in _due(work):
        raise refuse(
            "still_kept", "这位住户现在不能匿名：留存期没有满，或又有了往来。", "请驳回这个申请。", field="name"
        )
    return row


def _answers(work: Work, him: Forgotten) -> None:
    """First answers kept for a repeated call name him as the papers do."""
    kept = work.execute(
        select(OnceKey.key, OnceKey.answer).where(OnceKey.answer.contains(him.row.name, autoescape=True))
    )
    rows = [(him.clean(answer), key) for key, answer in kept if him.named_in(answer)]
    work.change_many("once_key", ("key",), ("answer",), rows)


PERFORM["person.anonymise"] = _perform
