"""催缴阶梯 as a board: who is past due, at which of the four papers, and what is to be done there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.dunning import STAGE_TITLES, STAGES, Action, Stage
from app.security.permissions import Permission
from app.services import arrears_list, dun_todo, settings
from app.services.bill_papers import owners
from app.services.dun_plan import Standing, ladder_of, standings
from app.services.list_face import Query, State
from app.services.use_case import use_case
from db.queries.dunning import Pair
from db.rows import as_day
from db.work import Work

CARD_STATES = (
    State("due", "今天应发", "warn", "clock"),
    State("blocked", "缺送达凭证", "danger", "triangle"),
    State("served", "已送达", "ok", "check"),
    State("sent", "已发", "info", "notice"),
    State("waiting", "待发", "neutral", "calendar"),
    State("held", "暂缓", "neutral", "stop"),
    State("small", "不到起催额", "neutral", "dot"),
)
"""What a card says, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Card:
    """A payer who is past due: principal in fen, days of the oldest charge.

    `key` is the house of the list of arrears that stands for the card; `on` the day that belongs to the state, `held`
    the kind of the hold, `limit` how near the end of limitation is (a code of LIMIT_STATES).
    """

    key: int
    house: str
    payer: str
    owed_fen: int
    days: int
    state: str
    on: date | None
    held: str
    limit: str | None


@dataclass(frozen=True, slots=True)
class Rung:
    """A column: a paper, the days past due from which it is sent, and who stands there, the most pressing first."""

    stage: str
    title: str
    after_days: int
    cards: tuple[Card, ...]

    @property
    def owed_fen(self) -> int:
        """The sum of the column in fen."""
        return sum(card.owed_fen for card in self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    """The four columns on a day."""

    as_of: date
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    rows: Mapping[int, tuple[int, ...]]
    wanted: Collection[int] | None
    names: Mapping[Pair, str]
    limits: Mapping[Pair, str]
    as_of: date


@use_case(Permission.SEE_MONEY)
def board(work: Work, query: Query | None = None) -> Board:
    """Who is past due today by the paper that they stand at; only those that the list of arrears would show.

    A payer stands at the paper that is due today, else at the last one of the running ladder, else at the first.
    """
    everybody = standings(work, work.today)
    facts = _Facts(
        dun_todo.rows_of(work),
        set(arrears_list.matching(work, query)) if query is not None and query.narrow else None,
        owners(work, [each.pair for each in everybody]),
        dun_todo.limits(work),
        work.today,
    )
    cards: dict[Stage, list[Card]] = {stage: [] for stage in STAGES}
    for each in everybody:
        if (card := _card(each, facts)) is not None:
            cards[_stage(each)].append(card)
    ladder = ladder_of(settings.values(work))
    return Board(
        work.today,
        tuple(
            Rung(str(stage), STAGE_TITLES[stage], ladder.after(stage), tuple(sorted(cards[stage], key=_urgency)))
            for stage in STAGES
        ),
    )


def _stage(standing: Standing) -> Stage:
    step = standing.step
    if step.action is Action.SEND and step.stage is not None:
        return step.stage
    return Stage(standing.done[-1].stage) if standing.done else Stage.REMINDER


def _card(standing: Standing, facts: _Facts) -> Card | None:
    late, shown = standing.late, facts.rows.get(standing.late.house_id, ())
    key = next((row for row in shown if facts.wanted is None or row in facts.wanted), None)
    if key is None:
        return None
    state, on = _state(standing)
    held = standing.step.reason or "" if state == "held" else ""
    days = (facts.as_of - as_day(late.oldest_due)).days
    limit = facts.limits.get(standing.pair)
    return Card(key, late.house, facts.names[standing.pair], late.open, days, state, on, held, limit)


def _state(standing: Standing) -> tuple[str, date | None]:
    step, last = standing.step, standing.done[-1] if standing.done else None
    if step.action is Action.SEND:
        return "due", step.due_on
    if step.action is Action.HOLD:
        return "held", None
    if step.action is Action.BLOCKED:
        return "blocked", None
    if step.reason in ("below_minimum", "paid"):
        return "small", None
    if last is None:
        return "waiting", step.due_on
    return ("sent", last.on) if last.served_on is None else ("served", last.served_on)


_PLACES = {state.code: place for place, state in enumerate(CARD_STATES)}


def _urgency(card: Card) -> tuple[int, int, str]:
    return _PLACES[card.state], -card.owed_fen, card.house
