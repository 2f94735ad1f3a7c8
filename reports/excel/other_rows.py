"""Rows of buildings, of owners with numbers, and of parking spaces."""

from __future__ import annotations

from typing import Any

from app.domain.problem import Problem, problem
from reports.excel import fee_links
from reports.excel.collected import Rows
from reports.excel.house_numbers import compose, parking, split_block
from reports.excel.person_rows import Persons
from reports.excel.register import Register


def take_buildings(rows: Rows, register: Register) -> None:
    """Take the list of buildings, one row a building or entrance."""
    labels, blocks, entrances = rows.column("building"), rows.column("block"), rows.column("entrance")
    floors, lift = rows.column("floors"), rows.column("lift")
    for place in range(len(rows)):
        label, entrance = labels[place], entrances[place]
        if blocks[place] and not label:
            label, entrance_of_block = split_block(blocks[place])
            entrance = entrance or entrance_of_block
        if label is None:
            rows.reject(place, "building", problem("house.building_missing", "缺少楼号。"))
            continue
        number = compose(label, entrance, "101")
        if number.building:
            register.buildings.add(number.building)
        if place not in rows.bad:
            values = (number.building or label, label, number.entrance, floors[place], lift[place])
            register.collected.add("buildings", rows.sheet, rows.number(place), *values)


def take_owners(rows: Rows, register: Register) -> None:
    """Take a sheet of owners: each has a number, his family and tenants have his."""
    persons = Persons(rows)
    numbers = rows.column("owner_number")
    owners: dict[str, str] = {}
    seen: dict[tuple[Any, ...], int] = {}
    for place, number in enumerate(numbers):
        if place in rows.bad:
            continue
        if number is None:
            rows.reject(place, "owner_number", problem("person.number_missing", "缺少业主编号。"))
            continue
        people = persons.of(place, None, number)
        if not people:
            rows.reject(place, "owner.name", problem("person.name_missing", "缺少姓名。"))
            continue
        first = people[0]
        name, relation = first[6], first[4]
        if relation == "owner" and owners.setdefault(number, name) != name:
            why = problem("person.number_twice", "业主编号 {n} 已是 {name} 的。", n=number, name=owners[number])
            rows.reject(place, "owner_number", why)
            continue
        key = (number, relation, name, first[8], first[11])
        if key in seen:
            rows.reject(
                place, "owner.name", problem("person.twice", "{name} 在第 {row} 行已有。", name=name, row=seen[key])
            )
            continue
        seen[key] = rows.number(place)
        register.collected.records["people"].extend((*person[:3], number, *person[4:]) for person in people)


def take_spaces(rows: Rows, register: Register) -> None:
    """Take a sheet of parking spaces, with owner, car, house and fees."""
    persons = Persons(rows)
    links = fee_links.links(rows, register.listed_fees)
    column = {
        key: rows.column(key) for key in ("lot", "space", "place", "area", "tenure", "from", "to", "rent", "plate")
    }
    owner_number = rows.column("owner_number")
    for place, label in enumerate(column["space"]):
        if label is None:
            rows.reject(place, "space", problem("space.number_missing", "缺少车位号。"))
        if place in rows.bad:
            continue
        first, last = column["from"][place], column["to"][place]
        if first and last and last < first:
            rows.reject(place, "to", problem("space.to_before_from", "结束时间早于开始时间。"))
            continue
        lot = column["lot"][place]
        number = parking(lot, label)
        try:
            house = _house_of(rows, place)
        except Problem as why:
            rows.reject(place, "room", why)
            continue
        people = persons.of(place, number.key, owner_number[place])
        values = [column[key][place] for key in ("place", "area", "tenure", "from", "to", "rent")]
        refused = register.space(rows, place, number, lot, values, owner_number[place], house, people)
        if refused:
            rows.reject(place, "space", refused)
            continue
        for code, start in links[place]:
            register.house_fee(rows, place, number.key, code, start)
        if plate := column["plate"][place]:
            car = (rows.column(key)[place] for key in ("brand", "car_kind", "colour"))
            register.car(rows, place, number.key, plate, *car, first, last)


def _house_of(rows: Rows, place: int) -> str | None:
    """The key of the house a space goes with, where the sheet names one."""
    room = rows.column("room")[place]
    if room is None:
        return None
    building, entrance = rows.column("building")[place], rows.column("entrance")[place]
    if rows.column("block")[place]:
        building, entrance = split_block(rows.column("block")[place])
    return compose(building, entrance, room).key
