"""Rows of houses as every door writes them: the number from its parts, the building, the payer who is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from app.domain.problem import Problem
from app.domain.quantity import Area
from app.services.price_words import KINDS
from app.services.refused import Refused, refuse
from db.models.estate import Building, Estate, House
from db.models.people import HousePayer, Party, Person
from db.work import Work
from reports.excel.house_numbers import Number, compose

STATES = ("owner", "let", "fitting_out", "vacant", "undelivered", "unsold")
"""The states that hands may give a house."""
ENDED = "ended"
"""The state of a house that was split or merged."""

OLDEST_YEAR = 1900
_LONGEST, _LONGEST_REMARK = 40, 500


@dataclass(frozen=True, slots=True)
class HousePlace:
    """Where a house stands, as typed: building, entrance and floor where there are any, room; kind of `KINDS`."""

    building: str | None
    entrance: str | None
    room: str
    floor: int | None = None
    kind: str = "house"


@dataclass(frozen=True, slots=True)
class HouseDetails:
    """What may be changed of a house by hand; areas in 1e-4 m²."""

    gross_area: int | None = None
    net_area: int | None = None
    house_type: str | None = None
    layout: str | None = None
    orientation: str | None = None
    structure: str | None = None
    use: str | None = None
    year_built: int | None = None
    delivered_on: date | None = None
    remark: str | None = None


NO_DETAILS = HouseDetails()
DETAILS = tuple(field.name for field in fields(HouseDetails))
TITLES: Mapping[str, str] = {
    "gross_area": "建筑面积",
    "net_area": "套内面积",
    "house_type": "房屋类型",
    "layout": "户型",
    "orientation": "朝向",
    "structure": "结构",
    "use": "用途",
    "year_built": "建成年份",
    "delivered_on": "交付日",
    "remark": "备注",
    "state": "入住状态",
}
"""What the fields are called."""


def details_of(row: Row[Any]) -> HouseDetails:
    """The details of a house's row."""
    return HouseDetails(*(getattr(row, name) for name in DETAILS))


def said(name: str, value: Any) -> str | None:
    """A detail as people read it; None for none."""
    if value is None:
        return None
    if name in ("gross_area", "net_area"):
        return Area(int(value)).show()
    return value.isoformat() if isinstance(value, date) else str(value)


def checked(work: Work, details: HouseDetails) -> HouseDetails:
    """The details with blanks at the ends of texts gone, empty ones None. Raises Refused `bad_area`, `bad_year`,
    `too_long`, `future_day`.
    """
    values: dict[str, Any] = {}
    for name in DETAILS:
        value = getattr(details, name)
        if isinstance(value, str):
            value = value.strip() or None
            longest = _LONGEST_REMARK if name == "remark" else _LONGEST
            if value is not None and len(value) > longest:
                raise refuse(
                    "too_long", "{title}最多 {n} 个字。", "请改短。", title=TITLES[name], n=longest, field=name
                )
        values[name] = value
    for name in ("gross_area", "net_area"):
        if values[name] is not None and values[name] <= 0:
            raise refuse("bad_area", "{title}应大于 0。", "请改正。", title=TITLES[name], field=name)
    gross, net = values["gross_area"], values["net_area"]
    if gross is not None and net is not None and net > gross:
        raise refuse("bad_area", "套内面积大于建筑面积。", "请核对两个面积。", field="net_area")
    year = values["year_built"]
    if year is not None and not OLDEST_YEAR <= year <= work.today.year + 10:
        raise refuse(
            "bad_year", "建成年份应在 {first} 到 {last} 之间。", "请改正。", first=OLDEST_YEAR,
            last=work.today.year + 10, field="year_built",
        )  # fmt: skip
    return HouseDetails(**values)


def number_of(place: HousePlace) -> Number:
    """The number that a place gives. Raises Refused `bad_kind`; a Problem of the parts names `room`."""
    if place.kind not in KINDS:
        raise refuse(
            "bad_kind", "没有这种类别：{kind}。", "请选房屋、商铺、车位或储藏室。", kind=place.kind, field="kind"
        )
    building, entrance = ((part or "").strip() or None for part in (place.building, place.entrance))
    if place.kind == "house" and building is None:
        raise refuse("building_needed", "还没有填楼栋。", "房屋要填楼栋；没有楼栋的请选别的类别。", field="building")
    try:
        return compose(building, entrance, place.room.strip(), place.floor, place.kind)
    except Problem as why:
        raise Refused(why, "room") from None


def the_estate(work: Work) -> int:
    """The estate that new houses belong to. Raises Refused `unknown_estate`."""
    wanted = select(Estate.id).order_by(Estate.id).limit(1)
    found = work.execute(wanted.where(Estate.name == work.estate) if work.estate else wanted).scalar()
    if found is None:
        raise refuse("unknown_estate", "没有这个小区：{name}。", "请核对小区名。", name=work.estate, field="estate")
    return int(found)


def numbers_of(work: Work, keys: Sequence[str]) -> dict[str, str]:
    """Which of these normal forms the office has already, with the number as it is written: a number means one house,
    whichever estate it stands in.
    """
    found: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        query = select(House.number_key, House.number).where(House.number_key.in_(part))
        found.update(work.execute(query).all())
    return found


def buildings(
    work: Work, estate_id: int, codes: Iterable[str], labels: Mapping[str, str] | None = None
) -> dict[str, int]:
    """The buildings of the estate by code; those of `codes` that are new are made. Raises Refused `building_elsewhere`:
    a price of a building, say, means one of them.
    """
    known = dict(work.execute(select(Building.code, Building.id).where(Building.estate_id == estate_id)).all())
    new = [code for code in dict.fromkeys(codes) if code not in known]
    elsewhere = work.execute(
        select(Building.code, Estate.name)
        .join(Estate, Estate.id == Building.estate_id)
        .where(Building.estate_id != estate_id, Building.code.in_(new[:500]))
    ).first()
    if elsewhere is not None:
        raise refuse(
            "building_elsewhere", "{estate}已经有 {code} 栋。", "同一个办公室里楼号不能重复，请加区别，如 B{code}。",
            estate=elsewhere.name, code=elsewhere.code, field="building",
        )  # fmt: skip
    rows = [(estate_id, code, (labels or {}).get(code, f"{code}号楼")) for code in new]
    return {**known, **dict(zip(new, work.insert(Building, ("estate_id", "code", "label"), rows), strict=True))}


def stand_in(number: str) -> str:
    """The name of the payer of a house whose owner nobody knows yet."""
    return f"业主（未登记）{number}"


def stand_ins(work: Work, numbers: Sequence[str]) -> range:
    """Persons who stand for owners that are not known yet, one a number."""
    rows = [("person", stand_in(number), False) for number in numbers]
    return work.insert(Person, ("kind", "name", "registered"), rows)


def put(
    work: Work,
    estate_id: int,
    rows: Sequence[tuple[Number, str, HouseDetails]],
    since: date | None = None,
    payer: int | None = None,
) -> range:
    """New houses (number, state, details), billed from `since` where that is given: to the party `payer`, else each to
    somebody who is not known yet. The caller saw to it that the numbers are free.
    """
    codes = buildings(work, estate_id, [number.building for number, _, _ in rows if number.building])
    columns = ("estate_id", "building_id", "kind", "number", "number_key", "sort_key", "building", "entrance", "floor",
               "room", "state", *DETAILS)  # fmt: skip
    ids = work.insert(
        House,
        columns,
        [
            (estate_id, codes.get(number.building or ""), number.kind, number.number, number.key, number.sort,
             number.building, number.entrance, number.floor, number.room, state,
             *(_stored(getattr(details, name)) for name in DETAILS))
            for number, state, details in rows
        ],
    )  # fmt: skip
    parties: Sequence[int] = [payer] * len(rows) if payer is not None else _new_parties(work, rows)
    first = None if since is None else since.isoformat()
    work.insert(
        HousePayer,
        ("house_id", "party_id", "valid_from"),
        [(house, party, first) for house, party in zip(ids, parties, strict=True)],
    )
    return ids


def _new_parties(work: Work, rows: Sequence[tuple[Number, str, HouseDetails]]) -> range:
    people = stand_ins(work, [number.number for number, _, _ in rows])
    return work.insert(Party, ("person_id",), [(person,) for person in people])


def known_state(state: str) -> None:
    """Refuse what is no state that hands may give: `unknown_state`. For bodies of use cases."""
    if state not in STATES:
        raise refuse("unknown_state", "没有这种状态：{state}。", "请选已有的状态。", state=state, field="state")


def require_live(house: Row[Any]) -> None:
    """Refuse what only a house can have that was not split or merged: `house_ended`."""
    if house.ended_on is not None:
        raise refuse(
            "house_ended", "{number} 在 {day} 已拆分或合并，不再使用。", "请到拆分、合并以后的房屋上办理。",
            number=house.number, day=house.ended_on, field="house",
        )  # fmt: skip


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
