"""What dunning would do on a day: who gets which paper, and who gets none and why (HANDBOOK §5.3). Read in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dunning import Action, Arrears, Done, Ladder, Stage, Step, next_step
from app.domain.money import Fen
from app.services import plan_holds, settings
from db.queries import disputed
from db.queries import dunning as read
from db.rows import as_day
from db.work import Work


@dataclass(frozen=True, slots=True)
class Letter:
    """A paper that is due: past-due principal in fen, and the ladder it belongs to."""

    house: str
    stage: str
    owed_fen: int
    house_id: int
    payer_id: int
    ladder: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A payer who gets no paper, why (a stable code), and the stage that waits, from which day, where one does."""

    house: str
    reason: str
    stage: str | None
    from_day: date | None
    house_id: int
    payer_id: int


@dataclass(frozen=True, slots=True)
class DunPlan:
    """Everybody who is past due on a day, in the order of the round."""

    as_of: date
    letters: tuple[Letter, ...]
    skipped: tuple[Skipped, ...]


def ladder_of(said: Mapping[str, str]) -> Ladder:
    """The office's ladder from its settings."""
    reminder, notice, letter, legal = (int(days) for days in said["dun_days"].split(","))
    return Ladder(
        reminder,
        notice,
        letter,
        legal,
        int(said["dun_gap"]),
        int(said["dun_term"]),
        Fen(int(said["dun_min_fen"])),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payer who is past due stands: the papers of his running ladder, oldest first, and its next step.

    `ladder` is the one that a paper of this step belongs to.
    """

    late: read.Late
    done: tuple[read.StepRow, ...]
    step: Step
    ladder: int

    @property
    def pair(self) -> read.Pair:
        """The house that papers go to, and the payer."""
        return self.late.house_id, self.late.payer_id


def standings(work: Work, as_of: date) -> list[Standing]:
    """Every payer who is past due on a day, in the order of the round, with what is still open today."""
    connection = work.connection
    ladder = ladder_of(settings.values(work))
    late = read.late(connection, as_of, work.today)
    steps, holds = read.steps(connection, as_of), _all_holds(work, as_of)
    settled = _settled(work, late, steps)
    found: list[Standing] = []
    for row in late:
        pair = (row.house_id, row.payer_id)
        done = tuple(steps.get(pair, ()))
        fresh = pair in settled
        running = () if fresh else done
        history = tuple(Done(Stage(step.stage), step.on, step.served_on) for step in running)
        step = next_step(_arrears(row, history, holds.get(pair, ()), as_of), as_of, ladder)
        found.append(Standing(row, running, step, (done[-1].ladder + fresh) if done else 1))
    return found


def _all_holds(work: Work, as_of: date) -> Mapping[read.Pair, Sequence[read.HoldRow]]:
    """What holds each payer's ladder: what was written down, charges that are contested, plans that are kept."""
    found = read.holds(work.connection)
    for more in (disputed.holds(work.connection), plan_holds.holds(work, as_of)):
        for pair, rows in more.items():
            found.setdefault(pair, []).extend(rows)
    return found


def make_plan(work: Work, as_of: date) -> DunPlan:
    """The next step of every payer who is past due on a day, with what is still open today."""
    letters: list[Letter] = []
    skipped: list[Skipped] = []
    for standing in standings(work, as_of):
        row, step = standing.late, standing.step
        if step.action is Action.SEND and step.stage is not None:
            letters.append(Letter(row.house, str(step.stage), row.open, row.house_id, row.payer_id, standing.ladder))
        else:
            stage = str(step.stage) if step.stage else None
            reason = step.reason or str(step.action)
            skipped.append(Skipped(row.house, reason, stage, step.due_on, row.house_id, row.payer_id))
    return DunPlan(as_of, tuple(letters), tuple(skipped))


def _arrears(row: read.Late, history: Sequence[Done], holds: Sequence[read.HoldRow], as_of: date) -> Arrears:
    if not holds:
        return Arrears(Fen(row.open), as_day(row.oldest_due), history)
    active = {
        hold.kind for hold in holds if hold.valid_from <= as_of and (hold.valid_to is None or hold.valid_to >= as_of)
    }
    ended = [hold.valid_to for hold in holds if hold.valid_to is not None and hold.valid_to < as_of]
    return Arrears(
        Fen(row.open),
        as_day(row.oldest_due),
        history,
        disputed="disputed" in active,
        plan_active="plan_active" in active,
        heirs_unknown="heirs_unknown" in active,
        insolvency="insolvency" in active,
        hold_ended_on=max(ended, default=None),
    )


def _settled(
    work: Work, late: Sequence[read.Late], steps: Mapping[read.Pair, Sequence[read.StepRow]]
) -> frozenset[read.Pair]:
    """Whose ladder ended: since its last stage nothing was past due at the end of some day.

    As long as a charge that was late at the last stage is open the ladder goes on. Else all of those were paid; if
    that was not after the oldest open charge fell due, there was such a day.
    """
    asked: dict[read.Pair, date] = {}
    oldest: dict[read.Pair, date] = {}
    for row in late:
        pair = (row.house_id, row.payer_id)
        done = steps.get(pair)
        if done:
            due = as_day(row.oldest_due)
            if due >= done[-1].on:
                asked[pair], oldest[pair] = done[-1].on, due
    if not asked:
        return frozenset()
    paid = read.last_paid(work.connection, asked)
    return frozenset(pair for pair, day in asked.items() if max(paid.get(pair, day), day) <= oldest[pair])
