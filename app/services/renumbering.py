"""改房号: a house gets another number from a day; the old one stays findable, ledger and papers stay as they are
(HANDBOOK §9.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, update

from app.domain.tariff import Scope
from app.security.permissions import Permission
from app.services import house_rows, look_up
from app.services.house_rows import HousePlace
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.estate import FormerNumber, House
from db.models.people import HousePayer, Party, Person
from db.models.tariff import Tariff
from db.work import Work


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A house that has another number: the former one, until which day it was used."""

    house: str
    former: str
    until: date


@use_case(Permission.IMPORT_REGISTER, audit="house.renumbered", touches=frozenset({"house", "resident", "tariff"}))
def renumber(work: Work, number: str, place: HousePlace, on: date | None, reason: str | None) -> Renumbered:
    """Give a house the number of another place from a day (default today); its kind stays.

    Raises Refused `number_taken`, `nothing_changed`, `future_day`, `before_newest`, `house_ended`, `reason_needed`,
    and as `house_rows.number_of` does.
    """
    why, day = need_reason(reason), on or work.today
    house = look_up.house(work, number)
    house_rows.require_live(house)
    new = house_rows.number_of(HousePlace(place.building, place.entrance, place.room, place.floor, house.kind))
    if new.number == house.number:
        raise refuse("nothing_changed", "房号没有变。", "改了再保存。", field="room")
    found = house_rows.numbers_of(work, [new.key]) if new.key != house.number_key else {}
    if found:
        raise refuse(
            "number_taken", "已经有房屋 {number}。", "请核对楼栋、单元和房号。", number=found[new.key], field="room"
        )
    if day > work.today:
        raise refuse("future_day", "日期 {day} 在将来。", "请选今天或以前的一天。", day=day, field="on")
    last = day - timedelta(days=1)
    known = work.execute(select(func.max(FormerNumber.until)).where(FormerNumber.house_id == house.id)).scalar()
    known = date.fromisoformat(known) if isinstance(known, str) else known
    if known is not None and last < known:
        raise refuse("before_newest", "上一个房号用到 {day}，不能更早再改。", "请改日期。", day=known, field="on")
    columns = ("house_id", "number", "number_key", "until", "seq")
    work.insert(FormerNumber, columns, [(house.id, house.number, house.number_key, last.isoformat(), work.seq)])
    buildings = house_rows.buildings(work, house.estate_id, [new.building] if new.building else [])
    work.execute(
        update(House)
        .where(House.id == house.id)
        .values(
            number=new.number, number_key=new.key, sort_key=new.sort, building=new.building, entrance=new.entrance,
            floor=new.floor, room=new.room, building_id=buildings.get(new.building or ""), version=house.version + 1,
        )
    )  # fmt: skip
    # A price of this house alone names it by its number.
    work.execute(
        update(Tariff)
        .where(Tariff.scope == str(Scope.HOUSE), Tariff.scope_ref == house.number_key)
        .values(scope_ref=new.key)
    )
    _rename_stand_in(work, house.id, new.number)
    changed = {"number": [house.number, new.number]}
    detail = {"number": new.number, "changed": changed, "on": day.isoformat(), "reason": why}
    work.audit("house.renumbered", "house", house.id, detail=detail)
    return Renumbered(new.number, house.number, last)


def _rename_stand_in(work: Work, house_id: int, number: str) -> None:
    """Who stands for an owner that nobody knows is called by the house's number."""
    people = (
        select(Party.person_id).join(HousePayer, HousePayer.party_id == Party.id).where(HousePayer.house_id == house_id)
    )
    work.execute(
        update(Person)
        .where(Person.id.in_(people), Person.registered.is_(False))
        .values(name=house_rows.stand_in(number))
    )
