"""What the sheets of one workbook say together: a house in several rows, buildings listed or not, spaces, owners."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from app.domain.problem import Problem, problem
from reports.excel.collected import Collected, Rows
from reports.excel.house_numbers import Number
from reports.excel.person_rows import PersonRow

_NAME, _OWNER_NUMBER, _RELATION, _PHONE, _ID = 6, 3, 4, 8, 11
_HOUSE_KEY = 2
FIRST_VALUE = 10
"""Where the compared values begin in a row of `records.House`."""


class Register:
    """Houses and spaces of a workbook by key, with the people of each. Rows are kept in the order they came."""

    def __init__(self, collected: Collected) -> None:
        self.collected = collected
        self.buildings: set[str] = set()
        self.listed_fees: set[str] | None = None
        self._houses: dict[str, list[Any]] = {}
        self._spaces: dict[str, list[Any]] = {}
        self._people: dict[str, list[PersonRow]] = {}
        self._texts: dict[str, str] = {}
        self._links: dict[tuple[str, str], date | None] = {}

    def unknown_building(self, number: Number) -> bool:
        """Whether the workbook lists buildings, but not this one."""
        return bool(self.buildings) and number.building is not None and number.building not in self.buildings

    def house(
        self,
        rows: Rows,
        place: int,
        number: Number,
        values: list[Any],
        owner_number: str | None,
        remark: str | None,
        people: list[PersonRow],
    ) -> Problem | None:
        """Take a house's row; gives why it is refused. Rows of one house agree and name further people."""
        known = self._houses.get(number.key)
        if known is None:
            self._houses[number.key] = [rows.sheet, rows.number(place), *number, *values, owner_number, remark]
            self._people[number.key] = []
            return self._further(number.key, people)
        at = known[1] if known[0] == rows.sheet else f"{known[0]} {known[1]}"
        for index, value in enumerate(values, FIRST_VALUE):
            if value is not None and known[index] is not None and known[index] != value:
                return problem("house.differs", "房号 {n} 在第 {row} 行已有，内容不同。", n=number.number, row=at)
        same_number = owner_number in (None, known[-2])
        if not people and same_number:
            return problem("house.twice", "房号 {n} 重复，在第 {row} 行已有。", n=number.number, row=at)
        refused = self._further(number.key, people)
        if refused is None:
            for index, value in enumerate(values, FIRST_VALUE):
                known[index] = value if known[index] is None else known[index]
            known[-2], known[-1] = known[-2] or owner_number, known[-1] or remark
            if owner_number and not same_number and not people:
                self._by_number(rows, place, number.key, owner_number)
        return refused

    def _by_number(self, rows: Rows, place: int, key: str, owner_number: str) -> None:
        """A further owner who is only named by his number."""
        person = (rows.sheet, rows.number(place), key, owner_number, "co_owner", "person", "", *[None] * 7)
        self._people[key].append(person)

    def _further(self, key: str, people: list[PersonRow]) -> Problem | None:
        """Add people to a house; a second owner is a co-owner. Refuses who is there already."""
        here = self._people[key]
        if not here and len(people) < 2:
            here.extend(people)
            return None
        for person in people:
            known = next((other for other in here if same_person(other, person)), None)
            if known is not None:
                return problem("person.twice", "这户的 {name} 在第 {row} 行已有。", name=person[_NAME], row=known[1])
        owned = any(person[_RELATION] == "owner" for person in here)
        for person in people:
            if person[_RELATION] == "owner":
                person = (*person[:_RELATION], "co_owner" if owned else "owner", *person[_RELATION + 1 :])
                owned = True
            here.append(person)
        return None

    def space(
        self,
        rows: Rows,
        place: int,
        number: Number,
        lot: str | None,
        values: list[Any],
        owner_number: str | None,
        bill_with: str | None,
        people: list[PersonRow],
    ) -> Problem | None:
        """Take a parking space's row; `values` are place, area, tenure, from, to, rent. Gives why it is refused."""
        known = self._spaces.get(number.key)
        if known is not None:
            at = known[1]
            if not people:
                return problem("space.twice", "车位 {n} 重复，在第 {row} 行已有。", n=number.number, row=at)
            return self._further(number.key, people)
        shown = number.number
        other = self._texts.setdefault(shown, number.key)
        if other != number.key:
            shown = f"{lot}-{shown}" if lot else shown
        level, area, tenure, first, last, rent = values
        self._spaces[number.key] = [
            *(rows.sheet, rows.number(place), shown, number.key, number.sort, lot, number.floor),
            *(level, area, tenure, first, last, rent, owner_number, bill_with, None),
        ]
        self._people[number.key] = []
        return self._further(number.key, people)

    def car(self, rows: Rows, place: int, key: str, plate: str, *values: Any) -> None:
        """The cars on a space; several plates stand in one cell."""
        for one in dict.fromkeys(re.split(r"[、,，;；/\s]+", plate)):
            if one:
                self.collected.add("cars", rows.sheet, rows.number(place), key, one, *values)

    def house_fee(self, rows: Rows, place: int, key: str, code: str, start: date | None) -> None:
        """A house pays an item; said twice alike it counts once."""
        if (key, code) not in self._links:
            self._links[key, code] = start
            self.collected.add("house_fees", rows.sheet, rows.number(place), key, code, start)

    def finish(self) -> None:
        """Hand all houses, spaces and their people over."""
        records = self.collected.records
        for sheet, row, kind, number, key, sort, *rest in self._houses.values():
            records["houses"].append((sheet, row, kind, number, key, sort, *rest))
        records["spaces"].extend(map(tuple, self._spaces.values()))
        for people in self._people.values():
            records["people"].extend(people)


def same_person(one: PersonRow, other: PersonRow) -> bool:
    """The same owner number, or the same name and (document or phone), or the same name where neither has one."""
    if one[_NAME] != other[_NAME]:
        return False
    if one[_OWNER_NUMBER] and one[_OWNER_NUMBER] == other[_OWNER_NUMBER]:
        return True
    ids = (one[_ID], other[_ID])
    phones = (one[_PHONE], other[_PHONE])
    if (ids[0] and ids[0] == ids[1]) or (phones[0] and phones[0] == phones[1]):
        return True
    return not (ids[0] and ids[1]) and not (phones[0] and phones[1])
