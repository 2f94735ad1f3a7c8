"""A house's history: its states by day, the numbers it had, splits and merges, and who changed what.

The changes are read from the audit trail, for who may see that.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, or_, select

from app.security.permissions import Permission
from app.services import look_up, trail
from app.services.fees import FROM_THE_BEGINNING
from app.services.house_list import STATES
from app.services.house_rows import TITLES
from app.services.use_case import use_case
from db.models.audit import Audit, Change
from db.models.estate import FormerNumber, House, HouseLink, HouseState
from db.models.security import User
from db.work import Work

LAST_CHANGES = 100
TOGETHER = ("house.edited", "houses.made", "house.replaced")
KINDS = {"split": "拆分", "merge": "合并"}
_TITLES = {"number": "房号", **TITLES}
_WORDS = {state.code: state.word for state in STATES}


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state from a day on; `since` is None for what it was from the beginning."""

    state: str
    since: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class FormerRow:
    """A number that the house had until a day."""

    number: str
    until: date


@dataclass(frozen=True, slots=True)
class LinkRow:
    """The other house of a split or merge; `role` says whether it is the old or the new one."""

    number: str
    kind: str
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Somebody changed a field: when (the office's time), who, what, before and after as people read them."""

    at: str
    user: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HouseHistory:
    """All of it, newest first; `changes` is None where the seat may not see the trail."""

    number: str
    states: tuple[StateRow, ...]
    formers: tuple[FormerRow, ...]
    links: tuple[LinkRow, ...]
    changes: tuple[ChangeRow, ...] | None


@use_case(Permission.SEE_HOUSES)
def show(work: Work, number: str) -> HouseHistory:
    """The history of a house by its number. Raises Refused `unknown_house`."""
    house = look_up.house(work, number)
    return HouseHistory(
        house.number,
        _states(work, house.id),
        _formers(work, house.id),
        _links(work, house.id),
        _changes(work, house) if Permission.SEE_AUDIT in work.permissions else None,
    )


def _states(work: Work, house_id: int) -> tuple[StateRow, ...]:
    rows = work.execute(
        select(HouseState)
        .where(HouseState.house_id == house_id)
        .order_by(HouseState.valid_from.desc(), HouseState.id.desc())
    )
    return tuple(
        StateRow(row.state, None if row.valid_from == FROM_THE_BEGINNING else row.valid_from, row.reason)
        for row in rows
    )


def _formers(work: Work, house_id: int) -> tuple[FormerRow, ...]:
    query = select(FormerNumber).where(FormerNumber.house_id == house_id).order_by(FormerNumber.id.desc())
    return tuple(FormerRow(row.number, row.until) for row in work.execute(query))


def _links(work: Work, house_id: int) -> tuple[LinkRow, ...]:
    found = []
    for mine, other, role in (
        (HouseLink.new_house, HouseLink.old_house, "old"),
        (HouseLink.old_house, HouseLink.new_house, "new"),
    ):
        query = select(House.number, HouseLink.kind, HouseLink.on).join(House, House.id == other)
        rows = work.execute(query.where(mine == house_id).order_by(House.sort_key))
        found += [LinkRow(row.number, row.kind, role, row.on) for row in rows]
    return tuple(found)


def _changes(work: Work, house: Row[Any]) -> tuple[ChangeRow, ...]:
    names = dict(work.execute(select(User.id, User.name)).all())
    numbers = {house.number, *(row.number for row in _formers(work, house.id))}
    written = [json.dumps(number, ensure_ascii=False) for number in sorted(numbers)]
    named = or_(*(Change.detail.contains(each, autoescape=True) for each in written))
    together = and_(Audit.action.in_(TOGETHER), named)
    rows = work.execute(
        select(Audit.local, Audit.user_id, Audit.action, Change.detail)
        .join(Change, Change.seq == Audit.id)
        .where(or_(and_(Audit.object_kind == "house", Audit.object_id == house.id), together))
        .order_by(Audit.id.desc())
        .limit(LAST_CHANGES)
    )
    found: list[ChangeRow] = []
    for row in rows:
        at, who = row.local[:16].replace("T", " "), names.get(row.user_id, "")
        said = list(_said(row.action, json.loads(row.detail or "{}"), numbers))
        found += [ChangeRow(at, who, *each) for each in said]
    return tuple(found)


def _said(action: str, detail: Mapping[str, Any], numbers: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """What changed, before and after: one for each field that is named, else the act itself."""
    if action == "house.edited":
        field = str(detail["field"])
        for each, before in detail["houses"]:
            if each in numbers:
                yield TITLES.get(field, field), _word(field, before), _word(field, detail["after"])
        return
    changed = detail.get("changed")
    if not isinstance(changed, dict):
        asked = "（申请）" if action.endswith(trail.REQUESTED) else ""
        yield trail.ACTIONS.get(action.removesuffix(trail.REQUESTED), action) + asked, "", ""
        return
    order = list(_TITLES)
    for field in sorted(changed, key=lambda each: order.index(each) if each in order else len(order)):
        before, after = changed[field]
        yield _TITLES.get(field, field), _word(field, before), _word(field, after)


def _word(field: str, value: str | int | None) -> str:
    return "" if value is None else _WORDS.get(str(value), str(value)) if field == "state" else str(value)
