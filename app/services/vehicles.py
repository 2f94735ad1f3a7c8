"""车辆: which car stands where, found by its plate (HANDBOOK §6.2). One of no known form is asked about, then kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from app.domain import plate as plates
from app.domain.masking import mask
from app.domain.plate import PlateKind
from app.security.permissions import Permission
from app.services import list_search, look_up
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import House, Vehicle
from db.models.people import Person, Resident
from db.work import Work

TOUCHES = frozenset({"house", "resident"})
PLATE_KINDS = {
    PlateKind.ORDINARY: "普通", PlateKind.NEW_ENERGY_SMALL: "小型新能源", PlateKind.NEW_ENERGY_LARGE: "大型新能源",
    PlateKind.SPECIAL: "特种", PlateKind.UNKNOWN: "不认识",
}  # fmt: skip
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Car:
    """What is known of a car besides its plate."""

    brand: str | None = None
    kind: str | None = None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class VehicleKept:
    """A car of a house or space; `sort` is what its plate is. `warnings` are sentences."""

    house: str
    plate: str
    sort: str
    first: date | None
    last: date | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VehicleRow:
    """A car with where it belongs and the house's first owner; the phone masked."""

    house: str
    plate: str
    brand: str | None
    kind: str | None
    colour: str | None
    owner: str | None
    phone: str | None
    first: date | None
    last: date | None


def _plate(typed: str, *, unknown: bool) -> plates.Plate:
    found = plates.parse(typed)
    if not found.normalized:
        raise refuse("no_plate", "车牌还没有填。", "请填车牌，如 京A12345。", field="plate")
    if found.kind is PlateKind.UNKNOWN and not unknown:
        raise refuse(
            "plate_unknown", "“{plate}”不像普通或新能源车牌。", "请核对；没有写错就确认照样保留。",
            plate=found.normalized, field="plate",
        )  # fmt: skip
    return found


def _running(work: Work, house_id: int, plate: str) -> Row[Any] | None:
    """The car of that plate at a house, today or later."""
    row: Row[Any] | None = work.execute(
        select(Vehicle)
        .where(
            Vehicle.house_id == house_id,
            Vehicle.plate == plate,
            or_(Vehicle.valid_to.is_(None), Vehicle.valid_to >= work.today),
        )
        .order_by(Vehicle.id.desc())
        .limit(1)
    ).first()
    return row


def _the_car(work: Work, house: Row[Any], plate: str) -> Row[Any]:
    found = _running(work, house.id, plates.parse(plate).normalized)
    if found is None:
        raise refuse("no_vehicle", "{house} 没有登记这辆车：{plate}。", "请核对车牌。", house=house.number, plate=plate,
                     field="plate")  # fmt: skip
    return found


def _elsewhere(work: Work, house_id: int, plate: str) -> tuple[str, ...]:
    """That the plate also stands at another house, as a sentence."""
    others = work.execute(
        select(House.number)
        .join(Vehicle, Vehicle.house_id == House.id)
        .where(
            Vehicle.plate == plate,
            Vehicle.house_id != house_id,
            or_(Vehicle.valid_to.is_(None), Vehicle.valid_to >= work.today),
        )
        .order_by(House.sort_key)
    ).scalars()
    named = "、".join(dict.fromkeys(others))
    return (f"这个车牌也登记在 {named}。",) if named else ()


def _detail(house: str, plate: str, **more: object) -> dict[str, object]:
    """What the trail keeps: no whole plate, so that a person can be forgotten."""
    return {"house": house, "plate": mask("plate", plate), **more}


@use_case(Permission.IMPORT_REGISTER, audit="vehicle.added", touches=TOUCHES)
def add(
    work: Work, number: str, plate: str, car: Car | None = None, first: date | None = None, last: date | None = None,
    unknown: bool = False,
) -> VehicleKept:  # fmt: skip
    """Write down a car of a house or space. A plate of no known form is refused unless `unknown` says to keep it.

    Raises Refused `no_plate`, `plate_unknown`, `vehicle_there`, `bad_span`.
    """
    house, found, known = look_up.house(work, number), _plate(plate, unknown=unknown), car or Car()
    if first and last and last < first:
        raise refuse("bad_span", "止日早于起日。", "请改正日期。", field="to")
    if _running(work, house.id, found.normalized) is not None:
        raise refuse("vehicle_there", "{house} 已经登记了 {plate}。", "不用再登记；要改请改原来的。",
                     house=house.number, plate=found.normalized, field="plate")  # fmt: skip
    columns = ("house_id", "plate", "brand", "kind", "colour", "valid_from", "valid_to")
    row = (
        house.id, found.normalized, known.brand, known.kind, known.colour, first.isoformat() if first else None,
        last.isoformat() if last else None,
    )  # fmt: skip
    (car_id,) = work.insert(Vehicle, columns, [row])
    work.audit("vehicle.added", "vehicle", car_id, detail=_detail(house.number, found.normalized, kind=found.kind))
    return VehicleKept(
        house.number, found.normalized, found.kind, first, last, _elsewhere(work, house.id, found.normalized)
    )


@use_case(Permission.IMPORT_REGISTER, audit="vehicle.changed", touches=TOUCHES)
def change(
    work: Work, number: str, plate: str, new_plate: str | None = None, car: Car | None = None, unknown: bool = False
) -> VehicleKept:
    """Correct a car: its plate (a new one after a change of plates), brand, kind, colour; None leaves a value.

    Raises Refused `no_vehicle`, `no_plate`, `plate_unknown`, `vehicle_there`.
    """
    house = look_up.house(work, number)
    row, given = _the_car(work, house, plate), car or Car()
    found = _plate(new_plate, unknown=unknown) if new_plate else plates.parse(row.plate)
    if found.normalized != row.plate and _running(work, house.id, found.normalized) is not None:
        raise refuse("vehicle_there", "{house} 已经登记了 {plate}。", "不用再登记；要改请改原来的。",
                     house=house.number, plate=found.normalized, field="plate")  # fmt: skip
    values = {
        "plate": found.normalized,
        "brand": given.brand if given.brand is not None else row.brand,
        "kind": given.kind if given.kind is not None else row.kind,
        "colour": given.colour if given.colour is not None else row.colour,
    }
    changed = [name for name, value in values.items() if value != getattr(row, name)]
    work.change_many("vehicle", ("id",), tuple(values), [(*values.values(), row.id)])
    work.audit("vehicle.changed", "vehicle", row.id, detail=_detail(house.number, found.normalized, changed=changed))
    return VehicleKept(
        house.number, found.normalized, found.kind, row.valid_from, row.valid_to,
        _elsewhere(work, house.id, found.normalized),
    )  # fmt: skip


@use_case(Permission.IMPORT_REGISTER, audit="vehicle.ended", touches=TOUCHES)
def end(work: Work, number: str, plate: str, on: date | None = None) -> VehicleKept:
    """A car is no longer there after its last day `on` (today).

    Raises Refused `no_vehicle`, `bad_span`.
    """
    house, last = look_up.house(work, number), on or work.today
    row = _the_car(work, house, plate)
    if row.valid_from is not None and last < row.valid_from:
        raise refuse("bad_span", "止日早于起日。", "请改正日期。", field="on")
    work.change_many("vehicle", ("id",), ("valid_to",), [(last.isoformat(), row.id)])
    work.audit("vehicle.ended", "vehicle", row.id, detail=_detail(house.number, row.plate, last=last.isoformat()))
    return VehicleKept(house.number, row.plate, plates.parse(row.plate).kind, row.valid_from, last)


@use_case(Permission.SEE_RESIDENTS)
def find(work: Work, typed: str) -> tuple[VehicleRow, ...]:
    """The cars whose plate holds what was typed, those that are there today first; at most 50."""
    word = plates.parse(typed).normalized
    if not word:
        return ()
    return _rows(work, list_search.contains(Vehicle.plate, word))


@use_case(Permission.SEE_RESIDENTS)
def of_house(work: Work, number: str) -> tuple[VehicleRow, ...]:
    """The cars of a house or space, those that are there today first. Raises Refused `unknown_house`."""
    return _rows(work, Vehicle.house_id == look_up.house(work, number).id)


def _rows(work: Work, condition: Any) -> tuple[VehicleRow, ...]:
    rows = work.execute(
        select(House.number, Vehicle)
        .join(House, House.id == Vehicle.house_id)
        .where(condition)
        .order_by(Vehicle.valid_to.is_not(None), House.sort_key, Vehicle.id)
        .limit(MOST_FOUND)
    ).all()
    owners: dict[int, Row[Any]] = {}
    for owner in work.execute(
        select(Resident.house_id, Person.name, Person.phone)
        .join(Person, Person.id == Resident.person_id)
        .where(
            Resident.house_id.in_({row.house_id for row in rows}),
            Resident.relation == "owner",
            or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today),
        )
        .order_by(Resident.position, Resident.id)
    ):
        owners.setdefault(owner.house_id, owner)
    found = []
    for row in rows:
        who = owners.get(row.house_id)
        phone = mask("phone", who.phone) if who is not None and who.phone else None
        found.append(
            VehicleRow(
                row.number, row.plate, row.brand, row.kind, row.colour, who.name if who is not None else None, phone,
                row.valid_from, row.valid_to,
            )
        )  # fmt: skip
    return tuple(found)
