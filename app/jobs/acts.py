"""What each background job does, through the doors like everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from app.domain.backup_keeping import name_of
from app.domain.problem import Problem
from app.jobs.plan import Due
from app.services import backup_places, backups, proposals, watching
from app.services.alerts import Settlement
from app.services.backup_places import BackupPlace
from app.services.proposals import Seen
from app.services.refused import CannotOpen, Refused, from_system, refuse
from app.services.seat import Seat


@dataclass(slots=True)
class Desk:
    """Where jobs sit: the seat of the built-in user, and what the proposals saw last."""

    seat: Seat
    seen: dict[str, Seen] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job says of its run. Not `done`: it waits for something that has an alert of its own, and tries again."""

    message: str
    done: bool = True
    raised: int = 0


Act = Callable[[Desk, Due, datetime], Outcome]
"""Does a job for an occurrence, at a moment of the office's wall clock."""


def _settled(found: Settlement) -> Outcome:
    return Outcome(found.text, raised=len(found.raised))


def watch(source: str, desk: Desk, due: Due, now: datetime) -> Outcome:
    """Make the alerts of a source what they should be; writes only where something differs."""
    plan = watching.look(desk.seat, source)
    return _settled(plan if plan.nothing else watching.keep(desk.seat, source, plan=plan))


def propose(name: str, desk: Desk, due: Due, now: datetime) -> Outcome:
    """Make a proposal what it should be; plans nothing while the office stands as it did."""
    look, write = {
        "bills": (proposals.look_bills, proposals.propose_bills),
        "dunning": (proposals.look_letters, proposals.propose_letters),
    }[name]
    plan = look(desk.seat, desk.seen.get(name))
    found = plan if plan.nothing else write(desk.seat, plan=plan)
    if plan.nothing and plan.day is not None:
        desk.seen[name] = Seen(plan.day, plan.revisions)
    return _settled(found)


def back_up(desk: Desk, due: Due, now: datetime) -> Outcome:
    """A backup into each destination that has none since this occurrence; older ones go only after it was proven.

    A destination that is missing waits; one that cannot be written fails, after the others got theirs.
    """
    wanted, moment = due.occurrence.replace(tzinfo=None), now.replace(tzinfo=None)
    made: list[str] = []
    failed: list[tuple[Path, Problem]] = []
    places = backup_places.standing(desk.seat)
    for place in places:
        if place.here and not _has(place, wanted, moment):
            why = _save(desk.seat, place.folder / name_of(moment))
            made += [str(place.folder)] if why is None else []
            failed += [] if why is None else [(place.folder, why)]
    if failed:
        said = "".join(f"{folder}：{why.text}{why.hint or ''}" for folder, why in failed)
        raise refuse("backup_failed", "{said}", said=said)
    missing = [str(place.folder) for place in places if not place.here]
    message = f"已备份到 {'、'.join(made)}" if made else "没有要做的备份"
    if missing:
        message += f"；备份位置不在：{'、'.join(missing)}"
    return Outcome(message, done=not missing)


def _has(place: BackupPlace, wanted: datetime, now: datetime) -> bool:
    return any(wanted <= moment <= now for moment in place.moments)


def _save(seat: Seat, target: Path) -> Problem | None:
    try:
        backups.create(seat, target)
        if backup_places.superseded(seat, target):
            backup_places.prune(seat, target)
    except (Refused, CannotOpen) as why:
        return why.problem
    except OSError as error:
        known = from_system(error)
        if known is None:
            raise
        return known.problem
    return None


ACTS: Mapping[str, Act] = {
    "maintenance": partial(watch, "maintenance"),
    "certificates": partial(watch, "certificates"),
    "bills": partial(propose, "bills"),
    "dunning": partial(propose, "dunning"),
    "backup": back_up,
    "permits": partial(watch, "permits"),
    "handovers": partial(watch, "handovers"),
    "backup_watch": partial(watch, "backups"),
}
"""The jobs by name."""
