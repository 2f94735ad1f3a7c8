"""What waits in dunning today: papers that are due, calls to make, holds, claims whose time runs out (HANDBOOK §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.domain.dunning import Action
from app.domain.limitation import WARN_DAYS, YEARS
from app.domain.period import add_months
from app.services import dun_record
from app.services.dun_plan import Standing, standings
from app.services.list_face import State
from db.models.estate import House
from db.models.projection import OpenCharge
from db.queries import dunning as read
from db.work import Work

CALL_AFTER = 3
"""Days after a paper from which its payer is called, where nobody talked to him since."""

LIMIT_STATES = (
    State("over", "时效已过", "danger", "triangle"),
    State("d30", "时效 30 天内", "danger", "triangle"),
    State("d90", "时效 90 天内", "warn", "clock"),
    State("d180", "时效 180 天内", "warn", "clock"),
)
"""How near the end of limitation is, the nearest first."""

_MARGIN = 3
"""Days by which month ends and leap years may shift the three years."""


@dataclass(frozen=True, slots=True)
class Todo:
    """The houses that papers go to, by what waits there."""

    due: frozenset[int]
    call: frozenset[int]
    held: frozenset[int]


def todo(work: Work) -> Todo:
    """What waits today, by the ladder."""
    everybody = standings(work, work.today)
    talked = read.talked(work.connection, work.today)
    return Todo(
        _houses(each for each in everybody if each.step.action is Action.SEND),
        _houses(each for each in everybody if _to_call(each, talked.get(each.pair), work.today)),
        _houses(each for each in everybody if each.step.action is Action.HOLD),
    )


def _houses(standing: Iterable[Standing]) -> frozenset[int]:
    return frozenset(each.late.house_id for each in standing)


def _to_call(standing: Standing, talked: date | None, today: date) -> bool:
    """Whether a paper lies there for some days and nobody talked to the payer since; not below the least sum."""
    if not standing.done or standing.step.action is Action.HOLD or standing.step.reason in ("paid", "below_minimum"):
        return False
    sent = standing.done[-1].on
    return sent + timedelta(days=CALL_AFTER) <= today and (talked is None or talked < sent)


def limits(work: Work) -> dict[read.Pair, str]:
    """Whose claims run out within 180 days, as a code of LIMIT_STATES.

    Interruptions only lengthen the time, so charges younger than that are not looked at.
    """
    oldest = add_months(work.today + timedelta(days=max(WARN_DAYS) + _MARGIN), -12 * YEARS)
    pairs = read.owed_before(work.connection, oldest)
    if not pairs:
        return {}
    found: dict[read.Pair, str] = {}
    for pair, record in dun_record.read(work, pairs, work.today).items():
        if (code := limit_code(record.limits)) is not None:
            found[pair] = code
    return found


def limit_code(limits: Iterable[dun_record.ChargeLimit]) -> str | None:
    """The nearest end of limitation of these charges, as a code of LIMIT_STATES; None while there is time."""
    codes = [code for limit in limits if (code := _code(limit)) is not None]
    return min(codes, key=_URGENCY.__getitem__, default=None)


_URGENCY = {state.code: place for place, state in enumerate(LIMIT_STATES)}


def _code(limit: dun_record.ChargeLimit) -> str | None:
    if limit.expired:
        return "over"
    return None if limit.warn is None else f"d{limit.warn}"


def rows_of(work: Work) -> dict[int, tuple[int, ...]]:
    """The houses that owe, by the house that their papers go to: itself first, then spaces billed with it."""
    query = select(House.id, House.bill_with).where(House.id.in_(select(OpenCharge.house_id)))
    found: dict[int, list[int]] = {}
    for house_id, bill_with in work.execute(query.order_by(House.bill_with.is_not(None), House.sort_key, House.id)):
        found.setdefault(bill_with or house_id, []).append(house_id)
    return {home: tuple(owing) for home, owing in found.items()}


def first_rows(homes: Iterable[int], rows: Mapping[int, Sequence[int]]) -> list[int]:
    """The house of the list that stands for each of these, in order."""
    return sorted(rows[home][0] for home in homes if home in rows)
