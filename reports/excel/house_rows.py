"""Rows of houses, with the people, fees and parking that stand in the same row (DATA §4)."""

from __future__ import annotations

from typing import Any

from app.domain.problem import Problem, problem
from reports.excel import fee_links
from reports.excel.codes import HOUSE_KINDS, meaning
from reports.excel.collected import Rows
from reports.excel.house_numbers import Number, compose, parking, says_entrance, split_block
from reports.excel.person_rows import Persons
from reports.excel.register import Register

COMPARED = (
    ("floors", "总层数"),
    ("lift", "电梯"),
    ("house_type", "房屋类型"),
    ("layout", "户型"),
    ("orientation", "朝向"),
    ("gross_area", "建筑面积"),
    ("net_area", "室内面积"),
    ("rent", "租金"),
    ("state", "房屋状态"),
    ("delivered_on", "交房日期"),
    ("people", "居住人数"),
)
"""House columns that must agree where a house comes in several rows, after number and floor."""


def house_numbers(rows: Rows, kinds: list[str]) -> list[Number | None]:
    """The house number of each row; a row without one is rejected."""
    block, building, entrance, room = (rows.column(key) for key in ("block", "building", "entrance", "room"))
    floor = rows.column("floor")
    has_building = rows.has("building") or rows.has("block")
    pairs = ((b or c[0], r) for b, c, r in zip(building, rows.block.context, room, strict=True))
    entrance_first = says_entrance(pairs)
    found: list[Number | None] = []
    for place in range(len(rows)):
        if place in rows.bad:
            found.append(None)
            continue
        block_, unit = building[place], entrance[place]
        if block[place] is not None:
            block_, unit_of_block = split_block(block[place])
            unit = unit or unit_of_block
        section = rows.block.context[place]
        number = None
        try:
            if room[place] is None:
                raise problem("house.room_missing", "缺少房号。")
            number = compose(
                block_ or section[0],
                unit or (section[1] if block_ is None else None),
                room[place],
                floor[place],
                kinds[place],
                entrance_first=entrance_first,
            )
            if has_building and number.building is None and number.kind == "house":
                raise problem("house.building_missing", "缺少楼号。")
        except Problem as why:
            rows.reject(place, "building" if why.code == "house.building_missing" else "room", why)
        found.append(number)
    return found


def take(rows: Rows, register: Register) -> None:
    """Take the rows of a house sheet."""
    kinds = _kinds(rows)
    numbers = house_numbers(rows, kinds)
    persons = Persons(rows)
    links = fee_links.links(rows, register.listed_fees)
    compared = [rows.column(key) for key, _ in COMPARED]
    owner_number, remark = rows.column("owner_number"), rows.column("remark")
    space, plate = rows.column("space"), rows.column("plate")
    for place, number in enumerate(numbers):
        if number is None or place in rows.bad:
            continue
        if register.unknown_building(number):
            why = problem("house.unknown_building", "楼栋表里没有 {b} 号楼。", b=number.building)
            rows.reject(place, "building" if rows.has("building") else "room", why)
            continue
        people = persons.of(place, number.key, owner_number[place])
        values: list[Any] = [column[place] for column in compared]
        note = _with_plate(remark[place], plate[place] if not space[place] else None)
        refused = register.house(rows, place, number, values, owner_number[place], note, people)
        if refused:
            rows.reject(place, "room", refused)
            continue
        for code, start in links[place]:
            register.house_fee(rows, place, number.key, code, start)
        if space[place]:
            _space(rows, place, register, number, people, space[place], plate[place])


def _kinds(rows: Rows) -> list[str]:
    """Each row's kind: by its type, else by the sheet's name."""
    of_sheet = meaning(HOUSE_KINDS, rows.sheet) or "house"
    return [meaning(HOUSE_KINDS, word) or of_sheet if word else of_sheet for word in rows.column("house_type")]


def _with_plate(remark: str | None, plate: str | None) -> str | None:
    """A house row has no place for a car without a space: its plate is kept in the remark."""
    if not plate:
        return remark
    return f"{remark}；车牌 {plate}" if remark else f"车牌 {plate}"


def _space(
    rows: Rows,
    place: int,
    register: Register,
    house: Number,
    people: list[tuple[Any, ...]],
    label: str,
    plate: str | None,
) -> None:
    number = parking(None, label)
    owners = [(*person[:2], number.key, *person[3:]) for person in people if person[4] in ("owner", "co_owner")]
    refused = register.space(
        rows, place, number, None, [None] * 6, rows.column("owner_number")[place], house.key, owners
    )
    if refused:
        rows.doubt(place, "space", refused)
    elif plate:
        register.car(rows, place, number.key, plate, None, None, None, None, None)
