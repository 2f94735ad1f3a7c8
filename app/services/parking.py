"""车位: who holds a parking space, from when to when, and what he is charged for it (HANDBOOK §2; DESIGN §1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from app.domain.proration import StartRule
from app.domain.quantity import FACTOR_SCALE
from app.domain.space_lease import Holding, LeaseKind, clash
from app.security.permissions import Permission
from app.services import look_up, space_payer
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import House, Lease
from db.models.people import Person, Resident
from db.models.tariff import FeeItem, HouseItem
from db.work import Work

KINDS = {"owned": "自有", "leased": "出租", "public": "公共"}
TOUCHES = frozenset({"house", "resident", "house_item"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leased:
    """A space that is held by a person from a first day on. `pays`: he is billed for it; `warnings` are sentences."""

    space: str
    person: str
    kind: str
    first: date
    last: date | None
    item: str | None
    pays: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaseEnded:
    """A lease whose last day is now earlier; `last` before `first`: it never holds."""

    space: str
    person: str
    kind: str
    first: date
    last: date
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A lease: space, who, how, from–to, fee item. State coming, now or over."""

    space: str
    person: str
    kind: str
    first: date
    last: date | None
    item: str | None
    item_name: str | None
    remark: str | None
    state: str


def a_space(work: Work, number: str) -> Row[Any]:
    """The parking space of a number. Raises Refused `unknown_house`, `not_parking`."""
    space = look_up.house(work, number)
    if space.kind != "parking":
        raise refuse("not_parking", "{number} 不是车位。", "请填车位号，如 B1-15。", number=space.number, field="space")
    return space


def person_of(work: Work, number: str, name: str | None) -> Row[Any]:
    """Somebody who belongs to a house today, by name; without one its first owner.

    Raises Refused `unknown_house`, `unknown_person`, `ambiguous_person`.
    """
    house = look_up.house(work, number)
    query = (
        select(Person.id, Person.name, House.number.label("house"))
        .select_from(Resident)
        .join(Person, Person.id == Resident.person_id)
        .join(House, House.id == Resident.house_id)
        .where(Resident.house_id == house.id, or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today))
        .order_by(Resident.position, Resident.id)
    )
    wanted = (name or "").strip()
    query = query.where(Person.name == wanted) if wanted else query.where(Resident.relation == "owner").limit(1)
    found: list[Row[Any]] = list(work.execute(query).all())
    people = {row.id: row for row in found}
    if not people:
        raise refuse(
            "unknown_person", "{house} 没有登记{who}。", "请先在住户里登记，或核对姓名。", house=house.number,
            who=f"“{wanted}”" if wanted else "业主", field="name",
        )  # fmt: skip
    if len(people) > 1:
        raise refuse(
            "ambiguous_person", "{house} 有 {n} 位“{name}”。", "请先在住户里合并，或把姓名写得不同。",
            house=house.number, n=len(people), name=wanted, field="name",
        )  # fmt: skip
    return next(iter(people.values()))


def _holdings(work: Work, space_id: int) -> list[Holding]:
    rows = work.execute(
        select(Lease.kind, Lease.valid_from, Lease.valid_to)
        .where(Lease.space_id == space_id)
        .order_by(Lease.valid_from, Lease.id)
    )
    return [Holding(LeaseKind(kind), first, last) for kind, first, last in rows]


def _check(work: Work, space: Row[Any], kind: str, first: date, last: date | None) -> None:
    if kind not in KINDS:
        raise refuse("unknown_lease", "没有这种车位：{kind}。", "可用：" + "、".join(KINDS), kind=kind, field="kind")
    if last is not None and last < first:
        raise refuse("bad_span", "止日早于起日。", "请改正日期。", field="to")
    taken = clash(Holding(LeaseKind(kind), first, last), _holdings(work, space.id))
    if taken is not None:
        raise refuse(
            "space_taken", "{space} 在 {first} 至 {last} 已经{how}。", "请先结束原来的，或改日期。", space=space.number,
            first=taken.first, last=taken.last or "长期", how=KINDS[taken.kind], field="from",
        )  # fmt: skip


def _give_item(work: Work, space_id: int, item: Row[Any], first: date, last: date | None) -> str:
    """Give the space the item for these days; gives a sentence where it is not given."""
    if "parking" in item.houses.split(","):
        return f"所有车位都收{item.name}，不用再加。"
    if Permission.SET_TARIFF not in work.permissions:
        return "收费项目只记在租约上，没有加到车位：请财务或经理加。"
    held = work.execute(
        select(HouseItem.id).where(
            HouseItem.house_id == space_id,
            HouseItem.item_id == item.id,
            or_(HouseItem.valid_to.is_(None), HouseItem.valid_to >= first),
            or_(HouseItem.valid_from.is_(None), HouseItem.valid_from <= (last or date.max)),
        )
    ).first()
    if held is not None:
        return "这个车位在这段时间已经有这个收费项目，没有再加。"
    columns = ("house_id", "item_id", "valid_from", "valid_to", "count", "factor", "start_rule")
    # The first day of a lease is charged, whatever the item says of a house's first day.
    rule = str(StartRule.DELIVERY_DAY)
    row = (space_id, item.id, first.isoformat(), last.isoformat() if last else None, 1, FACTOR_SCALE, rule)
    work.insert(HouseItem, columns, [row])
    return ""


@use_case(Permission.IMPORT_REGISTER, audit="space.leased", touches=TOUCHES)
def lease(
    work: Work,
    space: str,
    kind: str,
    house: str,
    first: date,
    last: date | None = None,
    name: str | None = None,
    item: str | None = None,
    remark: str | None = None,
) -> Leased:
    """Write down that somebody of a house (by default its first owner) has a space from a first day on: `owned`,
    `leased` (he is billed for it) or `public` (several may share it). With an item the space gets it for these days,
    where the seat may also set tariffs.

    Raises Refused `not_parking`, `unknown_lease`, `bad_span`, `space_taken`, `unknown_person`, `unknown_item`,
    `space_billed`, `payer_changes`.
    """
    place, person = a_space(work, space), person_of(work, house, name)
    _check(work, place, kind, first, last)
    fee = look_up.item(work, item) if item else None
    warnings, pays = [], False
    if kind == "leased":
        space_payer.let(work, place.id, person.id, first, last)
        pays = True
    elif kind == "owned":
        pays = _owner(work, place.id, person.id, first)
        if not pays:
            warnings.append("付款人没有改：换业主请办过户。")
    if fee is not None and (said := _give_item(work, place.id, fee, first, last)):
        warnings.append(said)
    columns = ("space_id", "person_id", "kind", "valid_from", "valid_to", "item_id", "remark", "seq")
    row = (
        place.id, person.id, kind, first.isoformat(), last.isoformat() if last else None, fee.id if fee else None,
        (remark or "").strip() or None, work.seq,
    )  # fmt: skip
    (lease_id,) = work.insert(Lease, columns, [row])
    detail = {
        "space": place.number, "house": person.house, "kind": kind, "from": first.isoformat(),
        "to": last.isoformat() if last else None, "item": fee.code if fee else None,
    }  # fmt: skip
    work.audit("space.leased", "lease", lease_id, detail=detail)
    return Leased(place.number, person.name, kind, first, last, fee.code if fee else None, pays, tuple(warnings))


def _owner(work: Work, space_id: int, person_id: int, first: date) -> bool:
    """The space's owner in the register, where it has none; gives whether he is its payer."""
    owners = select(Resident.person_id).where(
        Resident.house_id == space_id,
        Resident.relation == "owner",
        or_(Resident.valid_to.is_(None), Resident.valid_to >= first),
    )
    if not work.execute(owners).first():
        columns = ("house_id", "person_id", "relation", "position", "valid_from")
        work.insert(Resident, columns, [(space_id, person_id, "owner", 0, first.isoformat())])
    return space_payer.name_owner(work, space_id, person_id, first)


@use_case(Permission.IMPORT_REGISTER, audit="space.released", touches=TOUCHES)
def end(work: Work, space: str, on: date | None = None, name: str | None = None) -> LeaseEnded:
    """End what holds a space on its last day `on` (today); `name` says whose, where several share it. His fee ends with
    it, and who paid before him pays again.

    Raises Refused `not_parking`, `no_lease`, `ambiguous_person`.
    """
    place, last = a_space(work, space), on or work.today
    query = (
        select(Lease, Person.name)
        .join(Person, Person.id == Lease.person_id)
        .where(
            Lease.space_id == place.id,
            or_(Lease.valid_to.is_(None), Lease.valid_to > last),
            or_(Lease.valid_to.is_(None), Lease.valid_to >= Lease.valid_from),
        )
        .order_by(Lease.valid_from)
    )
    wanted = (name or "").strip()
    rows = work.execute(query.where(Person.name == wanted) if wanted else query).all()
    running = [row for row in rows if row.valid_from <= last] or rows
    if not running:
        raise refuse(
            "no_lease", "{space} 没有在 {day} 以后还有效的租约。", "请核对车位和日期。", space=place.number, day=last,
            field="space",
        )  # fmt: skip
    if len(running) > 1 and len({row.person_id for row in running}) > 1:
        raise refuse(
            "ambiguous_person", "{space} 有 {n} 人同用。", "请说明结束谁的。", space=place.number, n=len(running),
            field="name",
        )  # fmt: skip
    row = running[0]
    last = release(work, row, last)
    billed = space_payer.billed_until(work, place.id)
    warnings: tuple[str, ...] = ()
    if row.item_id is not None and billed is not None and billed > last:
        warnings = (f"已经出账到 {billed}，已出的账不变；要退请办减免或结算。",)
    detail = {
        "space": place.number, "kind": row.kind, "from": row.valid_from.isoformat(), "last": last.isoformat(),
    }  # fmt: skip
    work.audit("space.released", "lease", row.id, detail=detail)
    return LeaseEnded(place.number, row.name, row.kind, row.valid_from, last, warnings)


def release(work: Work, row: Row[Any], last: date) -> date:
    """A lease ends on its last day, with its fee and its payer; gives that day. For bodies of use cases."""
    last = max(last, row.valid_from - _DAY)
    work.change_many("lease", ("id",), ("valid_to", "version"), [(last.isoformat(), row.version + 1, row.id)])
    if row.kind == "leased":
        space_payer.end(work, row.space_id, row.person_id, row.valid_from, row.valid_to, last)
    _end_item(work, row, last)
    return last


def _end_item(work: Work, row: Row[Any], last: date) -> None:
    """The fee that came with a lease ends with it."""
    if row.item_id is None:
        return
    ending = work.execute(
        select(HouseItem.id).where(
            HouseItem.house_id == row.space_id,
            HouseItem.item_id == row.item_id,
            HouseItem.valid_from == row.valid_from,
            HouseItem.valid_to == row.valid_to if row.valid_to else HouseItem.valid_to.is_(None),
        )
    ).scalar()
    if ending is None:
        return
    if last < row.valid_from:
        work.delete_many("house_item", "id", [ending])
    else:
        work.change_many("house_item", ("id",), ("valid_to",), [(last.isoformat(), ending)])


@use_case(Permission.SEE_RESIDENTS)
def listing(work: Work, space: str | None = None) -> tuple[LeaseRow, ...]:
    """The leases of a space or of all, in the order of the spaces, newest first; those that never held left out."""
    query = (
        select(House.number, Person.name, Lease, FeeItem.code, FeeItem.name.label("item_name"))
        .select_from(Lease)
        .join(House, House.id == Lease.space_id)
        .join(Person, Person.id == Lease.person_id)
        .outerjoin(FeeItem, FeeItem.id == Lease.item_id)
        .where(or_(Lease.valid_to.is_(None), Lease.valid_to >= Lease.valid_from))
        .order_by(House.sort_key, Lease.valid_from.desc(), Lease.id)
    )
    if space is not None:
        query = query.where(Lease.space_id == a_space(work, space).id)
    return tuple(
        LeaseRow(
            row.number, row.name, row.kind, row.valid_from, row.valid_to, row.code, row.item_name, row.remark,
            "over" if row.valid_to is not None and row.valid_to < work.today
            else "coming" if row.valid_from > work.today else "now",
        )
        for row in work.execute(query)
    )  # fmt: skip
