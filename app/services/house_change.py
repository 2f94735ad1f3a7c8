"""房屋 by hand: a new one, its fields, its state from a day on; every change keeps what stood there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.security.permissions import Permission
from app.services import house_rows, house_states, look_up
from app.services.house_rows import DETAILS, TITLES, HouseDetails, HousePlace, said
from app.services.house_states import Moved
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Charge
from db.work import Work

TOUCHES = frozenset({"house", "resident"})
FIELDS = ("state", "house_type", "layout", "orientation", "delivered_on", "year_built", "structure", "use")
"""What several houses can be given together."""
MOST = 20_000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class HouseAnswer:
    """A house that was written: its number, state, version; which fields changed, by title; warnings."""

    number: str
    state: str
    version: int
    changed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """What several houses are given: how many of those chosen differ, of how many; the first numbers of them."""

    field: str
    title: str
    value: str | None
    chosen: int
    changed: int
    numbers: tuple[str, ...]
    left_out: int = 0


@use_case(Permission.IMPORT_REGISTER, audit="house.added", touches=TOUCHES)
def add(work: Work, place: HousePlace, details: HouseDetails, state: str = "vacant") -> HouseAnswer:
    """A new house; its owner is not known yet. Raises Refused `number_taken`, `unknown_state`, `building_needed`, and
    as `house_rows` does.
    """
    number, wanted = house_rows.number_of(place), house_rows.checked(work, details)
    house_rows.known_state(state)
    estate = house_rows.the_estate(work)
    found = house_rows.numbers_of(work, [number.key])
    if found:
        raise refuse(
            "number_taken", "已经有房屋 {number}。", "请核对楼栋、单元和房号。", number=found[number.key], field="room"
        )
    (house_id,) = house_rows.put(work, estate, [(number, state, wanted)])
    detail = {"number": number.number, "state": state, "kind": number.kind, **_kept(wanted)}
    work.audit("house.added", "house", house_id, detail=detail)
    return HouseAnswer(number.number, state, 1)


@use_case(Permission.IMPORT_REGISTER, audit="house.changed", touches=TOUCHES)
def change(work: Work, number: str, version: int, details: HouseDetails) -> HouseAnswer:
    """Put other details in the place of those seen at `version`. Raises Refused `changed_meanwhile`,
    `nothing_changed`, and as `house_rows` does.
    """
    house, wanted = look_up.house(work, number), house_rows.checked(work, details)
    if house.version != version:
        raise refuse(
            "changed_meanwhile", "{number} 刚被别人改过。", "请重新打开，看过后再改。", number=house.number,
            field="version",
        )  # fmt: skip
    before = house_rows.details_of(house)
    moved = [name for name in DETAILS if getattr(before, name) != getattr(wanted, name)]
    if not moved:
        raise refuse("nothing_changed", "没有改动。", "改了再保存。")
    values = {name: getattr(wanted, name) for name in moved}
    work.execute(update(House).where(House.id == house.id).values(**values, version=version + 1))
    changed = {name: [said(name, getattr(before, name)), said(name, values[name])] for name in moved}
    work.audit("house.changed", "house", house.id, detail={"number": house.number, "changed": changed})
    warnings: tuple[str, ...] = ()
    if "gross_area" in moved and work.execute(select(Charge.id).where(Charge.house_id == house.id).limit(1)).first():
        warnings = ("已经出过账，新面积从下一次出账起用。",)
    return HouseAnswer(house.number, house.state, version + 1, tuple(TITLES[name] for name in moved), warnings)


@use_case(Permission.IMPORT_REGISTER, audit="house.state", touches=TOUCHES)
def set_state(work: Work, number: str, state: str, on: date | None = None, reason: str | None = None) -> HouseAnswer:
    """Bring a house into another state from a day (default today). Raises Refused `unknown_state`, `same_state`,
    `future_day`, `before_newest`, `house_ended`.
    """
    house = look_up.house(work, number)
    ended = move(work, house, state, on or work.today, reason)
    said = (f"空置折扣到 {ended} 为止；已出的账不变。",) if ended is not None else ()
    return HouseAnswer(house.number, state, house.version + 1, (TITLES["state"],), said)


def move(work: Work, house: Row[Any], state: str, day: date, reason: str | None) -> date | None:
    """`set_state`, for bodies of use cases; it audits. Gives the last day of a vacancy discount that this ends."""
    house_rows.known_state(state)
    house_rows.require_live(house)
    if house.state == state:
        raise refuse("same_state", "{number} 已经是这个状态。", "请选别的状态。", number=house.number, field="state")
    check_day(work, [house], day)
    why = (reason or "").strip() or None
    ended = house_states.move(work, [Moved(house.id, house.state, state)], day, why).get(house.id)
    changed = {"state": [house.state, state]}
    detail: dict[str, object] = {"number": house.number, "changed": changed, "on": day.isoformat(), "reason": why}
    if ended is not None:
        detail["discount_to"] = ended.isoformat()
    work.audit("house.state", "house", house.id, detail=detail)
    return ended


def check_day(work: Work, houses: Sequence[Row[Any]], day: date) -> None:
    """Refuse a change of state in the future, or before the one that is known already."""
    if day > work.today:
        raise refuse("future_day", "日期 {day} 在将来。", "请选今天或以前的一天。", day=day, field="on")
    known = house_states.newest(work, [house.id for house in houses])
    for house in houses:
        if (since := known.get(house.id)) is not None and day < since:
            raise refuse(
                "before_newest", "{number} 在 {since} 改过状态，不能从更早的 {day} 起再改。", "请改日期。",
                number=house.number, since=since, day=day, field="on",
            )  # fmt: skip


@use_case(Permission.SEE_HOUSES)
def rehearse(work: Work, which: Sequence[int | str], field: str, value: str | None) -> Edited:
    """What `edit` would change; writes nothing. Raises Refused as `edit` does."""
    _, answer = _plan(work, which, field, value)
    return answer


@use_case(Permission.IMPORT_REGISTER, audit="house.edited", touches=TOUCHES)
def edit(
    work: Work,
    which: Sequence[int | str],
    field: str,
    value: str | None,
    on: date | None = None,
    reason: str | None = None,
) -> Edited:
    """Give a field of these houses (keys of the list, or numbers) one value, empty for none; a state from a day.
    Houses that have it already are left alone, ended ones are left out.

    Raises Refused `unknown_field`, `too_many`, `nothing_changed`, `unknown_house`, and as one house's change does.
    """
    rows, answer = _plan(work, which, field, value)
    if not rows:
        raise refuse("nothing_changed", "选中的房屋都已经是这样。", "不用改。", field="value")
    before = [[row.number, said(field, getattr(row, field))] for row in rows]
    if field == "state":
        day = on or work.today
        check_day(work, rows, day)
        moves = [Moved(row.id, row.state, str(answer.value)) for row in rows]
        house_states.move(work, moves, day, (reason or "").strip() or None)
    else:
        given = int(answer.value) if field == "year_built" and answer.value else answer.value
        work.change_many("house", ("id",), (field,), [(given, row.id) for row in rows])
        house_states.raise_versions(work, [row.id for row in rows])
    detail = {"field": field, "after": answer.value, "houses": before, "on": on.isoformat() if on else None}
    work.audit("house.edited", "house", None, detail={**detail, "reason": (reason or "").strip() or None})
    return answer


def _plan(work: Work, which: Sequence[int | str], field: str, value: str | None) -> tuple[list[Row[Any]], Edited]:
    if field not in FIELDS:
        raise refuse("unknown_field", "不能一起改这一项：{name}。", "请选别的。", name=field, field="field")
    if not 0 < len(which) <= MOST:
        raise refuse("too_many", "一次可改 1 到 {n} 户，现在是 {count} 户。", "请分几次改。", n=MOST, count=len(which))
    typed = (value or "").strip() or None
    if field == "state":
        house_rows.known_state(typed or "")
        wanted: Any = typed
    else:
        wanted = getattr(house_rows.checked(work, HouseDetails(**{field: _read(field, typed)})), field)
    houses = _rows(work, which)
    live = [row for row in houses if row.ended_on is None]
    rows = [row for row in live if getattr(row, field) != wanted]
    stored = said(field, wanted)
    numbers = tuple(row.number for row in rows[:3])
    left_out = len(houses) - len(live)
    return rows, Edited(field, TITLES[field], stored, len(houses), len(rows), numbers, left_out)


def _read(field: str, typed: str | None) -> Any:
    if typed is None or field not in ("delivered_on", "year_built"):
        return typed
    try:
        return date.fromisoformat(typed) if field == "delivered_on" else int(typed)
    except ValueError:
        raise refuse("bad_value", "{title}不能是 {typed}。", "日期如 2026-07-01，年份如 2015。", title=TITLES[field],
                     typed=typed, field="value") from None  # fmt: skip


def _rows(work: Work, which: Sequence[int | str]) -> list[Row[Any]]:
    keys = [each for each in which if isinstance(each, int)]
    keys += [look_up.house(work, each).id for each in which if isinstance(each, str)]
    found: list[Row[Any]] = []
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        found += work.execute(select(House).where(House.id.in_(part)).order_by(House.sort_key)).all()
    return list({row.id: row for row in found}.values())


def _kept(details: HouseDetails) -> Mapping[str, str]:
    found = {name: said(name, getattr(details, name)) for name in DETAILS}
    return {name: value for name, value in found.items() if value is not None}
