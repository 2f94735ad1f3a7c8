"""The dunning ladder 催缴 (HANDBOOK §5.3; 民法典 art. 944).

A demand, a reasonable period, then the court. Water, power, heat and gas are never cut off: no stage does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.money import Fen


class Stage(StrEnum):
    """温馨提示, 催缴通知单, 催缴函, 律师函/起诉材料: in this order, one at a time."""

    REMINDER = "reminder"
    NOTICE = "notice"
    LETTER = "letter"
    LEGAL = "legal"


class Action(StrEnum):
    """What to do with a payer's arrears today."""

    SEND = "send"
    WAIT = "wait"
    HOLD = "hold"
    STOP = "stop"
    BLOCKED = "blocked"


LEAST_BALANCE = Fen(5_000)
"""Past-due principal, in fen, from which letters are sent by default."""
STAGES = tuple(Stage)
STAGE_TITLES = {
    Stage.REMINDER: "温馨提示",
    Stage.NOTICE: "催缴通知单",
    Stage.LETTER: "催缴函",
    Stage.LEGAL: "律师函/起诉材料",
}


@dataclass(frozen=True, slots=True)
class Ladder:
    """The office's settings: days of each stage after the oldest due date, days between two stages, the term of a
    letter (reasonable period) in days, and the least past-due principal in fen (exactly that is enough).
    """

    reminder_after: int = 7
    notice_after: int = 30
    letter_after: int = 60
    legal_after: int = 90
    min_gap_days: int = 15
    reasonable_days: int = 15
    min_balance: Fen = LEAST_BALANCE

    def after(self, stage: Stage) -> int:
        """Days of a stage after the oldest due date."""
        return (self.reminder_after, self.notice_after, self.letter_after, self.legal_after)[STAGES.index(stage)]


@dataclass(frozen=True, slots=True)
class Done:
    """A stage that was carried out, and the day its arrival is proven for."""

    stage: Stage
    on: date
    served_on: date | None = None


@dataclass(frozen=True, slots=True)
class Arrears:
    """A payer's past-due principal, its oldest due date, what was done, and what holds the ladder."""

    outstanding: Fen
    oldest_due: date
    history: Sequence[Done] = ()
    disputed: bool = False
    plan_active: bool = False
    heirs_unknown: bool = False
    insolvency: bool = False
    hold_ended_on: date | None = None
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What the ladder says: the stage it concerns, the day from which it may be sent, and why not now."""

    action: Action
    stage: Stage | None = None
    due_on: date | None = None
    reason: str | None = None


def next_step(arrears: Arrears, as_of: date, ladder: Ladder) -> Step:
    """The next step on a day. Looked at in this order: paid, holds, the minimum, the ladder.

    Reasons: `paid`, `disputed`, `plan_active`, `heirs_unknown`, `insolvency`, `below_minimum`, `ladder_finished`,
    `no_proof_of_service`, `not_yet`.
    """
    if arrears.outstanding <= 0:
        return Step(Action.STOP, reason="paid")
    for hold in ("disputed", "plan_active", "heirs_unknown", "insolvency"):
        if getattr(arrears, hold):
            return Step(Action.HOLD, reason=hold)
    if arrears.outstanding < ladder.min_balance:
        return Step(Action.WAIT, reason="below_minimum")
    settled = arrears.settled_on
    done = [entry for entry in arrears.history if entry.on <= as_of and (settled is None or entry.on > settled)]
    highest = max((STAGES.index(entry.stage) for entry in done), default=-1)
    if highest + 1 == len(STAGES):
        return Step(Action.STOP, reason="ladder_finished")
    stage = STAGES[highest + 1]
    days = [arrears.oldest_due + timedelta(days=ladder.after(stage))]
    if done:
        days.append(max(entry.on for entry in done) + timedelta(days=ladder.min_gap_days))
    if arrears.hold_ended_on is not None:
        days.append(arrears.hold_ended_on + timedelta(days=1))
    if stage == Stage.LEGAL:
        served = _served(done, as_of)
        if served is None:
            return Step(Action.BLOCKED, stage, reason="no_proof_of_service")
        days.append(served + timedelta(days=ladder.reasonable_days + 1))
    due_on = max(days)
    if as_of < due_on:
        return Step(Action.WAIT, stage, due_on, "not_yet")
    return Step(Action.SEND, stage, due_on)


def _served(done: Sequence[Done], as_of: date) -> date | None:
    """The last day on which a notice or letter is proven to have arrived."""
    days = [
        entry.served_on
        for entry in done
        if entry.stage in (Stage.NOTICE, Stage.LETTER) and entry.served_on is not None and entry.served_on <= as_of
    ]
    return max(days, default=None)
