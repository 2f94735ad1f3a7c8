"""违约金 as a quote: the whole formula to a day, less what is posted; a figure of its own beside what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.domain.late_fee import Bearing, LateFee, bearing_spans, late_fee
from app.domain.money import Fen
from app.domain.quantity import Rate
from app.services import settings
from app.services.projections import insert_open, touch_open
from db.models.ledger import Charge
from db.queries import disputed, owed
from db.work import Work


def rule_on(rules: Sequence[owed.LateRule], day: date) -> owed.LateRule | None:
    """The rule that holds on a charge's due date; None where the contract has no late fee."""
    holding = [rule for rule in rules if rule.valid_from <= day]
    return holding[-1] if holding and holding[-1].rate else None


def rates(
    work: Work, charges: Sequence[owed.Open], rules: Mapping[int, Sequence[owed.LateRule]] | None = None
) -> Mapping[int, int]:
    """The daily rate (1e-8) that burdens each charge; 0 where none. `rules` where they were read already."""
    known = owed.late_rules(work.connection) if rules is None else rules
    found = {}
    for charge in charges:
        rule = rule_on(known.get(charge.item_id, ()), charge.due_date)
        found[charge.charge_id] = rule.rate or 0 if rule else 0
    return found


def rate_words(rate: int) -> str:
    """A daily rate (1e-8) as people say it: `日万分之5`."""
    return f"日{_in_ten_thousand(rate)}"


def bearing_words(charges: Sequence[owed.Open], burdens: Mapping[int, int]) -> str:
    """The daily rates that burden these charges, as `日万分之3、万分之5`; empty where none bears a late fee."""
    bearing = sorted({burdens[charge.charge_id] for charge in charges if burdens.get(charge.charge_id)})
    return "日" + "、".join(_in_ten_thousand(rate) for rate in bearing) if bearing else ""


def _in_ten_thousand(rate: int) -> str:
    return f"万分之{Rate(rate * 10_000).show()}"


def spared(work: Work, day: date) -> frozenset[int]:
    """The charges that bear no late fee on a day: contested, where the office says that this stops it."""
    flagged = disputed.disputed_on(work.connection, day)
    return flagged if flagged and settings.value(work, "dispute_late_fee") == "stop" else frozenset()


class Bearer(NamedTuple):
    """A principal that may bear a late fee: its amount in fen and the day after which it is late."""

    charge_id: int
    item_id: int
    amount: int
    due_date: date
    late_from: date


def quote(
    work: Work,
    charges: Sequence[owed.Open],
    as_of: date,
    rules: Mapping[int, Sequence[owed.LateRule]] | None = None,
) -> dict[int, int]:
    """The unposted late fee of each open principal, in fen, as of a day; charges without any are left out.

    `rules` where they were read already.
    """
    bearers = [
        Bearer(charge.charge_id, charge.item_id, charge.amount, charge.due_date, charge.late_from)
        for charge in charges
        if charge.part == "principal" and charge.late_from < as_of
    ]
    return _quote(work, bearers, as_of, None, rules)


def quote_on(work: Work, charge_ids: Sequence[int], as_of: date) -> dict[int, int]:
    """The same for charges by id, as it stood on that day: what was posted later does not count."""
    bearers = [Bearer(*row) for row in owed.principals(work.connection, charge_ids)]
    return _quote(work, bearers, as_of, as_of)


def quote_coming(work: Work, lines: Iterable[tuple[int, int, date]], as_of: date) -> int:
    """The late fee that principals not yet posted (item, fen, due date) bear as of a day together, in fen: a part of a
    charge that is late already keeps its due date.
    """
    bearers = [
        Bearer(-place, item_id, amount, due, due)
        for place, (item_id, amount, due) in enumerate(lines, 1)
        if amount > 0 and due < as_of
    ]
    return sum(_quote(work, bearers, as_of, None).values())


class Derived(NamedTuple):
    """How a principal's late fee arises as of a day: the rule, what was open for how long, the whole formula, and what
    of it is posted (net of what was taken back), in fen.
    """

    bearer: Bearer
    rule: owed.LateRule
    spans: tuple[Bearing, ...]
    whole: LateFee
    posted: int


def derive_on(work: Work, charge_ids: Sequence[int], as_of: date) -> dict[int, Derived]:
    """The derivation behind `quote_on`, for principals whose contract has a late fee."""
    bearers = [Bearer(*row) for row in owed.principals(work.connection, charge_ids)]
    found = {}
    for bearer, rule, paid, posted in _bearing(work, bearers, as_of, as_of, None):
        spans, _left, _settled = bearing_spans(Fen(bearer.amount), bearer.late_from, as_of, paid)
        whole = late_fee(Fen(bearer.amount), bearer.late_from, as_of, paid, rule.rate or 0, rule.cap, rule.grace)
        found[bearer.charge_id] = Derived(bearer, rule, tuple(spans), whole, posted)
    return found


def _quote(
    work: Work,
    bearers: Sequence[Bearer],
    as_of: date,
    posted_until: date | None,
    rules: Mapping[int, Sequence[owed.LateRule]] | None = None,
) -> dict[int, int]:
    found = {}
    for bearer, rule, paid, posted in _bearing(work, bearers, as_of, posted_until, rules):
        fee = _fee(bearer, rule, paid, posted, as_of)
        if fee:
            found[bearer.charge_id] = fee
    return found


def _fee(bearer: Bearer, rule: owed.LateRule, paid: list[tuple[date, Fen]], posted: int, as_of: date) -> int:
    return int(
        late_fee(
            Fen(bearer.amount),
            bearer.late_from,
            as_of,
            paid,
            rule.rate or 0,
            rule.cap,
            rule.grace,
            posted=Fen(posted),
        ).fee
    )


_Burden = tuple[Bearer, owed.LateRule, list[tuple[date, Fen]], int]


def _bearing(
    work: Work,
    bearers: Sequence[Bearer],
    as_of: date | None,
    posted_until: date | None,
    rules: Mapping[int, Sequence[owed.LateRule]] | None,
) -> Iterator[_Burden]:
    """Those that bear a late fee on a day, with their rule, what reduced them, and what is posted for them. What is
    contested on that day bears none, where the office says so (`as_of` None: the caller looks at that).
    """
    if not bearers:
        return
    free = frozenset[int]() if as_of is None else spared(work, as_of)
    known = owed.late_rules(work.connection) if rules is None else rules
    bearing = {
        bearer.charge_id: (bearer, rule)
        for bearer in bearers
        if bearer.charge_id not in free and (rule := rule_on(known.get(bearer.item_id, ()), bearer.due_date))
    }
    ids = sorted(bearing)
    paid = owed.reductions(work.connection, ids)
    posted = owed.posted_late_fees(work.connection, ids, posted_until)
    for charge_id, (bearer, rule) in bearing.items():
        taken = [(day, Fen(amount)) for day, amount in paid.get(charge_id, ())]
        yield bearer, rule, taken, posted.get(charge_id, 0)


class Burdens:
    """What burdens many open charges, read once; payments that are only planned yet are kept up in it.

    Gives the same quotes as `quote` would if each planned payment were booked before the next.
    """

    def __init__(self, work: Work, charges: Sequence[owed.Open]) -> None:
        rules = owed.late_rules(work.connection)
        self.rates = rates(work, charges, rules)
        bearers = [
            Bearer(charge.charge_id, charge.item_id, charge.amount, charge.due_date, charge.late_from)
            for charge in charges
            if charge.part == "principal" and self.rates[charge.charge_id]
        ]
        self._work = work
        self._free: dict[date, frozenset[int]] = {}
        self._rules: dict[int, tuple[Bearer, owed.LateRule]] = {}
        self._paid: dict[int, list[tuple[date, Fen]]] = {}
        self._posted: dict[int, int] = {}
        for bearer, rule, paid, posted in _bearing(work, bearers, None, None, rules):
            self._rules[bearer.charge_id] = bearer, rule
            self._paid[bearer.charge_id] = paid
            self._posted[bearer.charge_id] = posted

    def quote(self, charges: Iterable[owed.Open], as_of: date) -> dict[int, int]:
        """The unposted late fee of each of these principals as of a day, in fen; those without any are left out."""
        found = {}
        free = self._free.get(as_of)
        if free is None:
            free = self._free[as_of] = frozenset(spared(self._work, as_of))
        for charge in charges:
            known = self._rules.get(charge.charge_id)
            if known is None or charge.late_from >= as_of or charge.charge_id in free:
                continue
            fee = _fee(*known, self._paid[charge.charge_id], self._posted[charge.charge_id], as_of)
            if fee:
                found[charge.charge_id] = fee
        return found

    def pay(self, charge_id: int, day: date, fen: int) -> None:
        """So much of a principal is paid on a day."""
        if charge_id in self._paid:
            self._paid[charge_id].append((day, Fen(fen)))

    def post(self, charge_id: int, fen: int) -> None:
        """So much late fee of a principal is posted."""
        self._posted[charge_id] += fen


def post(work: Work, bases: Sequence[tuple[owed.Open, int]], on: date) -> range:
    """Post a late fee of so many fen for each principal; it falls due on its posting day and bears nothing
    (HANDBOOK §3). Gives the new charges.
    """
    day = on.isoformat()
    charges = work.append(
        Charge,
        on,
        [
            (
                base.house_id, base.item_id, base.payer_id, base.period_from.isoformat(), base.period_to.isoformat(),
                1, "late_fee", "normal", fee, day, None, None, None, base.charge_id,
            )
            for base, fee in bases
        ],
    )  # fmt: skip
    insert_open(
        work,
        [
            (charge, base.house_id, base.payer_id, base.item_id, "late_fee", day, fee, day, False)
            for charge, (base, fee) in zip(charges, bases, strict=True)
        ],
    )
    touch_open(work, [base.charge_id for base, _ in bases])
    return charges
