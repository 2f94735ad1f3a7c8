"""The register out to a workbook with the import's own columns, to be corrected and brought back; and the empty one.

Rows are known again by house number and person, never by their place. What the import could not know again (a name that
reads as two, a number of no known form) is left out and counted, so that bringing the file back changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased

from app.domain.occupancy import CONTACT
from app.domain.problem import Problem
from app.security.permissions import Permission
from app.services.entrance import entrance
from app.services.house_list import STATES
from app.services.paper_file import put_file
from app.services.person_form import CONTACTS, RELATIONS, SEXES
from app.services.refused import refuse
from app.services.two_persons import need_purpose
from app.services.use_case import use_case
from db.models.estate import House, HousePeople, Vehicle
from db.models.people import Person, Resident
from db.work import Work
from reports.excel import house_numbers, register_book
from reports.excel.people import names
from reports.excel.register_book import SHEETS, TEMPLATES, BookColumn, BookSheet, Value

_SHEET_OF: Mapping[str, str] = {"house": "房屋", "shop": "商铺", "storage": "储藏室", "parking": "车位"}
_WORDS = {state.code: state.word for state in STATES}
TEMPLATE_KINDS: Mapping[str, str] = {"houses": "房屋和住户", "residents": "住户", "parking": "车位"}

Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class RegisterExported:
    """The register as a workbook: how many houses, spaces and people stand in it, what was left out (sentences)."""

    houses: int
    spaces: int
    people: int
    id_numbers: bool
    file: Path
    warnings: tuple[str, ...]


@entrance
def write_template(kind: str, target: Path) -> Path:
    """Write the empty workbook of a kind; no office is needed for that. Raises Refused `bad_choice`, `no_file`."""
    if kind not in TEMPLATES:
        raise refuse("bad_choice", "没有这种模板：{kind}。", "可用：" + "、".join(TEMPLATES), kind=kind, field="kind")
    if target.is_dir():
        raise refuse("no_file", "{file} 是文件夹，不是文件。", "请换一个文件名。", file=target, field="file")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    register_book.template(target, kind)
    return target


def _scaled(units: int | None, places: int) -> Decimal | None:
    return None if units is None else Decimal(units).scaleb(-places).normalize()


def _lift(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


def _of_house(house: Row[Any], counted: int | None) -> Values:
    return {
        "number": house.number, "floor": house.floor, "floors": house.floors, "lift": _lift(house.lift),
        "house_type": house.house_type, "layout": house.layout, "orientation": house.orientation,
        "gross_area": _scaled(house.gross_area, 4), "net_area": _scaled(house.net_area, 4),
        "state": _WORDS.get(house.state), "delivered_on": house.delivered_on, "people": counted,
        "rent": _scaled(house.rent, 2), "remark": house.remark,
    }  # fmt: skip


def _of_space(space: Row[Any], plates: str | None) -> Values:
    lot, label = None, space.number
    if space.number_key.startswith("P:"):
        _, lot, label = space.number_key.split(":", 2)
    return {
        "lot": lot or None, "space": label, "place": space.layout, "area": _scaled(space.gross_area, 4),
        "tenure": {"let": "出租", "owner": "出售"}.get(space.state), "room": space.with_number, "plate": plates,
        "rent": _scaled(space.rent, 2), "remark": space.remark,
    }  # fmt: skip


def _known_again(house: Row[Any], values: Values) -> bool:
    """Whether the import would find this house under what is written."""
    try:
        if house.kind == "parking":
            lot = values["lot"]
            found = house_numbers.parking(str(lot) if lot else None, str(values["space"]))
        else:
            found = house_numbers.compose(None, None, house.number, house.floor, house.kind)
    except Problem:
        return False
    return found.key == str(house.number_key)


def _reads_alike(name: str) -> bool:
    """Whether the import would take the name for that of one person."""
    try:
        return len(names(name) or ()) == 1
    except Problem:
        return False


def _of_person(row: Row[Any], *, id_numbers: bool) -> Values:
    return {
        "name": row.name, "relation": RELATIONS[row.relation], "phone": row.phone,
        # A second phone alone would come back as the first.
        "phone2": row.phone2 if row.phone else None, "id_number": row.id_number if id_numbers else None,
        "sex": SEXES.get(row.sex or ""), "contact_by": CONTACTS.get(row.contact_by or ""),
    }  # fmt: skip


def _same(one: Values, other: Values) -> bool:
    """Whether the import would take two people of a house for one."""
    apart = any(one[key] and other[key] and one[key] != other[key] for key in ("phone", "id_number"))
    return names(str(one["name"])) == names(str(other["name"])) and not apart


def _people(work: Work, *, id_numbers: bool) -> tuple[dict[int, list[Values]], int]:
    """Who belongs to each house today as rows, the owner first; and how many had to be left out."""
    rows = work.execute(
        select(
            Resident.house_id, Resident.person_id, Resident.relation, Person.name, Person.phone, Person.phone2,
            Person.id_number, Person.sex, Person.contact_by,
        )
        .join(Person, Person.id == Resident.person_id)
        .where(
            Person.registered, Resident.relation != CONTACT,
            or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today),
        )
        .order_by(Resident.house_id, Resident.position, Resident.id)
    )  # fmt: skip
    found: dict[int, list[Values]] = {}
    seen: set[tuple[int, int]] = set()
    left_out = 0
    for row in rows:
        if (row.house_id, row.person_id) in seen:
            continue
        seen.add((row.house_id, row.person_id))
        values, here = _of_person(row, id_numbers=id_numbers), found.setdefault(row.house_id, [])
        if not _reads_alike(row.name) or any(_same(values, other) for other in here):
            left_out += 1
        else:
            here.append(values)
    for here in found.values():
        here.sort(key=lambda values: values["relation"] != RELATIONS["owner"])
    return found, left_out


def _plates(work: Work) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = work.execute(
        select(Vehicle.house_id, Vehicle.plate)
        .where(or_(Vehicle.valid_to.is_(None), Vehicle.valid_to >= work.today))
        .order_by(Vehicle.house_id, Vehicle.id)
    )
    for house, plate in rows:
        found.setdefault(house, []).append(plate)
    return {house: "、".join(dict.fromkeys(plates)) for house, plates in found.items()}


@use_case(Permission.IMPORT_REGISTER, audit="register.exported")
def export(work: Work, purpose: str | None, target: Path | None = None) -> RegisterExported:
    """Write houses, shops, storage, parking and who belongs to them to a workbook that `houses` of the import takes.
    Phones stand in full, document numbers for who may see them; so it says what for.

    Raises Refused `reason_needed`.
    """
    why, id_numbers = need_purpose(purpose), Permission.SEE_ID_NUMBERS in work.permissions
    people, left_out = _people(work, id_numbers=id_numbers)
    counted = dict(
        work.execute(select(HousePeople.house_id, HousePeople.people).order_by(HousePeople.valid_from)).all()
    )
    plates, unknown, held = _plates(work), 0, 0
    rows: dict[str, list[Values]] = {name: [] for name in SHEETS}
    kinds = {"house": 0, "shop": 0, "storage": 0, "parking": 0}
    billed = aliased(House, name="billed_with")
    query = select(House, billed.number.label("with_number")).outerjoin(billed, billed.id == House.bill_with)
    for house in work.execute(query.where(House.ended_on.is_(None)).order_by(House.sort_key)):
        space = house.kind == "parking"
        values = _of_space(house, plates.get(house.id)) if space else _of_house(house, counted.get(house.id))
        if not _known_again(house, values):
            unknown += 1
            continue
        kinds[house.kind] += 1
        here = people.get(house.id, [])
        held += len(here)
        sheet = rows[_SHEET_OF[house.kind]]
        sheet.append({**values, **(here[0] if here else {})})
        named: Values = {key: values[key] for key in (("lot", "space") if space else ("number",))}
        sheet.extend({**named, **person} for person in here[1:])
    file = target or work.place.folder / "out" / f"资料-{work.today}.xlsx"
    sheets = [
        BookSheet(name, _without_ids(columns, id_numbers=id_numbers), rows[name])
        for name, columns in SHEETS.items()
        if rows[name] or name == "房屋"
    ]
    put_file(work, file, lambda path: register_book.write(path, sheets))
    warnings = []
    if left_out:
        warnings.append(f"有 {left_out} 人的姓名导入时认不准（同户同名，或像是两个人），没有导出；资料不受影响。")
    if unknown:
        warnings.append(f"有 {unknown} 个房号导入时认不出来，没有导出；资料不受影响。")
    detail = {"purpose": why, "houses": sum(kinds.values()), "people": held, "id_numbers": id_numbers}
    work.audit("register.exported", "office", 1, detail=detail)
    spaces = kinds.pop("parking")
    return RegisterExported(sum(kinds.values()), spaces, held, id_numbers, file, tuple(warnings))


def _without_ids(columns: tuple[BookColumn, ...], *, id_numbers: bool) -> tuple[BookColumn, ...]:
    return tuple(column for column in columns if id_numbers or column.key != "id_number")
