"""What an import changes of what is there, cell by cell, as people read it: the old value and the new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.masking import mask
from app.domain.money import yuan
from app.services import house_rows
from app.services.house_list import STATES
from app.services.person_form import CONTACTS, ID_KINDS, SEXES
from reports.excel.records import Person

_HOUSE: Mapping[str, str] = {
    **house_rows.TITLES, "building": "楼栋", "entrance": "单元", "room": "房号", "floor": "楼层", "floors": "总层数",
    "lift": "是否有电梯", "rent": "租金",
}  # fmt: skip
_PERSON: Mapping[str, str] = {
    "sex": "性别", "phone": "手机号", "phone2": "备用电话", "id_kind": "证件种类", "id_number": "证件号码",
    "remark": "备注", "contact_by": "希望怎样联系",
}  # fmt: skip
_WORDS: Mapping[str, Mapping[str, str]] = {
    "state": {state.code: state.word for state in STATES}, "sex": SEXES, "id_kind": ID_KINDS, "contact_by": CONTACTS,
}  # fmt: skip
_MASKED: Mapping[str, str] = {"phone": "phone", "phone2": "phone", "id_number": "id_number"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell: whose it is (a house, or a person at one), which, and what it was and becomes; empty for nothing.
    Telephone and document numbers are masked.
    """

    of: str
    field: str
    before: str
    after: str


def of_house(number: str, changed: Mapping[str, Any], stored: Mapping[str, Any]) -> Iterator[Difference]:
    """What changes of a house or space."""
    for name, value in changed.items():
        yield Difference(number, _HOUSE[name], _said(name, stored[name]), _said(name, value))


def of_person(record: Person, changed: Mapping[str, Any], stored: Mapping[str, Any]) -> Iterator[Difference]:
    """What changes of a person, named with the house of the row."""
    of = f"{stored['name']}（{record.house_key}）" if record.house_key else stored["name"]
    for name, value in changed.items():
        if name in _PERSON:
            yield Difference(of, _PERSON[name], _said(name, stored[name]), _said(name, value))


def _said(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _WORDS:
        return _WORDS[name].get(str(value), str(value))
    if name in _MASKED:
        return mask(_MASKED[name], str(value))
    if name == "lift":
        return "是" if value else "否"
    if name == "rent":
        return yuan(int(value))
    return house_rows.said(name, value) or ""
