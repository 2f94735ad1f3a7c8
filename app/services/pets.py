"""宠物 of a house: kind, name, licence, until when it is vaccinated (动物防疫法 art. 30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.security.permissions import Permission
from app.services import look_up
from app.services.household import PetRow, pets_of
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import House, Pet
from db.work import Work

TOUCHES = frozenset({"resident"})
LONGEST = 40


@dataclass(frozen=True, slots=True)
class PetForm:
    """A pet as typed; `keeper` is somebody of the house by name, empty: nobody in particular."""

    kind: str
    name: str = ""
    licence: str = ""
    vaccinated_to: date | None = None
    keeper: str = ""
    remark: str = ""


@use_case(Permission.IMPORT_REGISTER, audit="pet.added", touches=TOUCHES)
def add(work: Work, number: str, form: PetForm) -> PetRow:
    """Write a pet down. Raises Refused `unknown_house`, `no_kind`, `too_long`, `unknown_person`, `licence_taken`."""
    house = look_up.house(work, number)
    values = _checked(work, house, form, None)
    (key,) = work.insert(Pet, ("house_id", *values, "seq"), [(house.id, *map(_stored, values.values()), work.seq)])
    work.audit("pet.added", "pet", key, detail={"house": house.number, "kind": values["kind"]})
    return next(pet for pet in pets_of(work, house.id) if pet.key == key)


@use_case(Permission.IMPORT_REGISTER, audit="pet.changed", touches=TOUCHES)
def change(work: Work, key: int, form: PetForm) -> PetRow:
    """Change what is known of a pet. Raises Refused `unknown_pet`; as `add`."""
    row, house = _find(work, key)
    values = _checked(work, house, form, key)
    changed = sorted(name for name, value in values.items() if value != getattr(row, name))
    work.execute(update(Pet).where(Pet.id == key).values(**values, version=row.version + 1))
    work.audit("pet.changed", "pet", key, detail={"house": house.number, "fields": changed})
    return next(pet for pet in pets_of(work, house.id) if pet.key == key)


@use_case(Permission.IMPORT_REGISTER, audit="pet.dropped", touches=TOUCHES)
def drop(work: Work, key: int) -> str:
    """A pet is no longer there; gives its house. Raises Refused `unknown_pet`."""
    row, house = _find(work, key)
    work.delete_many("pet", "id", [key])
    work.audit("pet.dropped", "pet", key, detail={"house": house.number, "kind": row.kind})
    return str(house.number)


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _find(work: Work, key: int) -> tuple[Row[Any], Row[Any]]:
    row = work.execute(select(Pet).where(Pet.id == key)).first()
    if row is None:
        raise refuse("unknown_pet", "没有这只宠物。", "请刷新后再看。")
    return row, work.execute(select(House).where(House.id == row.house_id)).one()


def _checked(work: Work, house: Row[Any], form: PetForm, key: int | None) -> dict[str, Any]:
    texts = {name: getattr(form, name).strip() or None for name in ("kind", "name", "licence", "remark")}
    if texts["kind"] is None:
        raise refuse("no_kind", "还没有写是什么宠物。", "如 狗（中华田园犬）。", field="kind")
    for field, text in texts.items():
        if text is not None and len(text) > LONGEST:
            raise refuse("too_long", "最多 {n} 个字。", "请改短。", n=LONGEST, field=field)
    if texts["licence"] is not None:
        other = work.execute(
            select(House.number).join(Pet, Pet.house_id == House.id).where(
                Pet.licence == texts["licence"], Pet.id != (key or 0)
            )
        ).scalar()  # fmt: skip
        if other is not None:
            raise refuse("licence_taken", "犬证 {licence} 已登记在 {house}。", "请核对证号。", licence=texts["licence"],
                         house=other, field="licence")  # fmt: skip
    return {**texts, "vaccinated_to": form.vaccinated_to, "person_id": _keeper(work, house, form.keeper)}


def _keeper(work: Work, house: Row[Any], name: str) -> int | None:
    wanted = name.strip()
    if not wanted:
        return None
    found = look_up.living(work, house.id, wanted)
    if found is None:
        raise refuse("unknown_person", "{house} 没有叫 {name} 的人。", "请核对姓名，或不写。", house=house.number,
                     name=wanted, field="keeper")  # fmt: skip
    return int(found.id)
