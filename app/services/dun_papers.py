"""The values on dunning papers: itemised arrears with late fees to the day, the words, what was done before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.domain import letter_text
from app.domain.dunning import Stage
from app.domain.rest_day import next_working
from app.services import dun_record, late_fees, letter_texts, look_up, settings
from app.services.bill_papers import owners, span
from app.services.dun_plan import Letter
from db.models.estate import Estate, House
from db.models.people import Person, Resident
from db.queries import dunning as dun_read
from db.queries import owed
from db.queries.owed import CHUNK
from db.work import Work
from reports.papers import DunLine, DunPaper


@dataclass(frozen=True, slots=True)
class Made:
    """A paper with what it quotes for each charge: the unposted late fee in fen, by charge."""

    letter: Letter
    paper: DunPaper
    quotes: Mapping[int, int]
    charges: Mapping[int, owed.Open]


@dataclass(slots=True)
class _Facts:
    """Everything that was read for a batch of papers."""

    opened: dict[dun_read.Pair, list[owed.Open]]
    numbers: Mapping[int, str]
    names: Mapping[tuple[int, int], str]
    tenants: Mapping[int, str]
    estates: Mapping[int, str]
    said: Mapping[str, str]
    quotes: Mapping[int, int]
    rates: Mapping[int, int]
    words: Mapping[Stage, str]
    deadline: date


def papers(work: Work, letters: Sequence[Letter], numbers: Sequence[str], as_of: date) -> list[Made]:
    """The papers of these letters, late fees to `as_of`; read in bulk."""
    if not letters:
        return []
    facts = _read(work, letters, as_of)
    legal = [letter for letter in letters if letter.stage == Stage.LEGAL]
    records = dun_record.read(work, {(letter.house_id, letter.payer_id) for letter in legal}, as_of) if legal else {}
    return [
        _paper(letter, number, as_of, facts, records.get((letter.house_id, letter.payer_id)))
        for letter, number in zip(letters, numbers, strict=True)
    ]


def _read(work: Work, letters: Sequence[Letter], as_of: date) -> _Facts:
    pairs = [(letter.house_id, letter.payer_id) for letter in letters]
    houses = sorted({house for house, _ in pairs})
    deliver = dun_read.members(work.connection, houses)
    wanted = set(pairs)
    opened: dict[dun_read.Pair, list[owed.Open]] = {}
    for charge in owed.open_charges(work.connection, deliver):
        pair = (deliver[charge.house_id], charge.payer_id)
        if pair in wanted and charge.on <= as_of and charge.due_date < as_of:
            opened.setdefault(pair, []).append(charge)
    flat = [charge for some in opened.values() for charge in some]
    said = settings.values(work, as_of)
    calendar = look_up.calendar(work)
    return _Facts(
        opened,
        _numbers(work, sorted(deliver)),
        owners(work, pairs),
        _tenants(work, houses),
        _estates(work, houses),
        said,
        late_fees.quote(work, flat, as_of),
        late_fees.rates(work, flat),
        {stage: letter_texts.words(work, stage).text for stage in {Stage(letter.stage) for letter in letters}},
        next_working(as_of + timedelta(days=int(said["dun_term"])), calendar.is_rest),
    )


def _numbers(work: Work, houses: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(houses), CHUNK):
        found.update(
            work.execute(select(House.id, House.number).where(House.id.in_(houses[start : start + CHUNK]))).all()
        )
    return found


def _estates(work: Work, houses: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(houses), CHUNK):
        query = select(House.id, Estate.name).join(Estate, Estate.id == House.estate_id)
        found.update(work.execute(query.where(House.id.in_(houses[start : start + CHUNK]))).all())
    return found


def _tenants(work: Work, houses: Sequence[int]) -> dict[int, str]:
    """Who uses a house and is written to as well (HANDBOOK §5.1)."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(houses), CHUNK):
        rows = work.execute(
            select(Resident.house_id, Person.name)
            .join(Person, Person.id == Resident.person_id)
            .where(Resident.relation == "tenant", Resident.house_id.in_(houses[start : start + CHUNK]))
            .order_by(Resident.house_id, Resident.position)
        )
        for house_id, name in rows:
            found.setdefault(house_id, []).append(name)
    return {house_id: "、".join(names) for house_id, names in found.items()}


def _paper(letter: Letter, number: str, as_of: date, facts: _Facts, record: dun_record.DunRecord | None) -> Made:
    pair = (letter.house_id, letter.payer_id)
    charges = facts.opened[pair]
    quotes = {c.charge_id: facts.quotes[c.charge_id] for c in charges if facts.quotes.get(c.charge_id)}
    lines = _lines(charges, letter, as_of, facts)
    principal = sum(line.amount for line in lines)
    late_fee = sum(line.late_fee or 0 for line in lines)
    note = _late_note(charges, facts.rates, as_of)
    said, stage = facts.said, Stage(letter.stage)
    words = letter_text.Facts(
        as_of, facts.deadline, said["contract_clause"], len(lines), principal, late_fee, note, said["telephone"],
        said["office_name"], said["letterhead"], facts.estates[letter.house_id], letter.house,
    )  # fmt: skip
    paper = DunPaper(
        letter.stage, number, as_of.isoformat(), said["letterhead"], said["office_name"],
        facts.estates[letter.house_id], letter.house, facts.names[pair], facts.tenants.get(letter.house_id, ""),
        tuple(lines), principal, late_fee, note, facts.deadline.isoformat(),
        letter_text.fill(stage, facts.words[stage], words.values()), said["bank_account"], said["telephone"],
        f"ANJU:DUN:{number}", record.events if record else (), record.limitation if record else "",
    )  # fmt: skip
    return Made(letter, paper, quotes, {charge.charge_id: charge for charge in charges})


def _lines(charges: Sequence[owed.Open], letter: Letter, as_of: date, facts: _Facts) -> list[DunLine]:
    """One line a principal with its posted and quoted late fee; a late fee whose principal is paid has its own."""
    principals = {charge.charge_id for charge in charges if charge.part == "principal"}
    posted: dict[int, int] = {}
    for charge in charges:
        if charge.part != "principal" and charge.base_charge in principals:
            posted[charge.base_charge or 0] = posted.get(charge.base_charge or 0, 0) + charge.open
    found = []
    for charge in charges:
        alone = charge.part != "principal"
        if alone and charge.base_charge in principals:
            continue
        fee = charge.open if alone else posted.get(charge.charge_id, 0) + facts.quotes.get(charge.charge_id, 0)
        own = facts.numbers[charge.house_id]
        found.append(
            DunLine(
                charge.item_name if own == letter.house else f"{charge.item_name} {own}",
                span(charge.period_from, charge.period_to),
                charge.due_date.isoformat(),
                0 if alone else charge.open,
                (as_of - charge.due_date).days,
                fee if fee or facts.rates.get(charge.charge_id) else None,
                alone,
            )
        )
    return found


def _late_note(charges: Sequence[owed.Open], rates: Mapping[int, int], as_of: date) -> str:
    shown = late_fees.bearing_words(charges, rates)
    if not shown:
        return ""
    return f"按合同约定以{shown}计，算至 {as_of.isoformat()}，之后按实际交费日另计"
