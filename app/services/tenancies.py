"""租约 of a tenant: number, days, rent where it is told, the signed paper among the house's files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, or_, select, update

from app.security.permissions import Permission
from app.services import attachments, look_up
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import House, Tenancy
from db.models.people import Person
from db.work import Work

TOUCHES = frozenset({"resident", "file"})
LONGEST = 40
MOST_RENT = 100_000_000


@dataclass(frozen=True, slots=True)
class NewTenancy:
    """A contract as typed: who rents, its number, first and last day (None: open), fen a month, the paper."""

    tenant: str
    first: date
    last: date | None = None
    number: str = ""
    rent_fen: int | None = None
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class TenancyAnswer:
    """A contract that was written down or ended; `warnings` are sentences."""

    house: str
    tenant: str
    first: date
    last: date | None
    file: str = ""
    warnings: tuple[str, ...] = ()


@use_case(Permission.IMPORT_REGISTER, audit="tenancy.added", touches=TOUCHES)
def add(work: Work, number: str, new: NewTenancy) -> TenancyAnswer:
    """Write down a tenant's contract; a file given with it is kept with the house's files.

    Raises Refused `unknown_house`, `not_tenant`, `bad_span`, `too_long`, `bad_amount`, `overlaps`; as a file does.
    """
    house = look_up.house(work, number)
    person = _tenant(work, house, new.tenant)
    said = new.number.strip()
    if new.last is not None and new.last < new.first:
        raise refuse("bad_span", "止日早于起日。", "请改正日期。", field="to")
    if len(said) > LONGEST:
        raise refuse("too_long", "最多 {n} 个字。", "请改短。", n=LONGEST, field="number")
    if new.rent_fen is not None and not 0 <= new.rent_fen <= MOST_RENT:
        raise refuse("bad_amount", "月租金不对。", "请核对金额。", field="rent")
    running = work.execute(
        select(Tenancy.id).where(
            Tenancy.house_id == house.id, Tenancy.person_id == person.id,
            or_(Tenancy.valid_to.is_(None), Tenancy.valid_to >= new.first),
            Tenancy.valid_from <= (new.last or date.max),
        )
    ).first()  # fmt: skip
    if running is not None:
        raise refuse("overlaps", "{name} 在这段时间已经有租约。", "请先把原来的租约终止，或改日期。", name=person.name,
                     field="from")  # fmt: skip
    file = attachments.keep_copy(work, house.id, new.file, None).name if new.file is not None else ""
    columns = ("house_id", "person_id", "number", "valid_from", "valid_to", "rent", "file", "seq")
    row = (
        house.id, person.id, said or None, new.first.isoformat(), new.last.isoformat() if new.last else None,
        new.rent_fen, file or None, work.seq,
    )  # fmt: skip
    (key,) = work.insert(Tenancy, columns, [row])
    detail = {"house": house.number, "from": row[3], "to": row[4], "file": bool(file)}
    work.audit("tenancy.added", "tenancy", key, detail=detail)
    warnings = () if house.state == "let" else ("这户的入住状态不是出租，请到房屋页核对。",)
    return TenancyAnswer(house.number, person.name, new.first, new.last, file, warnings)


def _tenant(work: Work, house: Row[Any], name: str) -> Row[Any]:
    wanted = name.strip()
    row = look_up.living(work, house.id, wanted, "tenant")
    if row is None:
        said = "{house} 没有叫 {name} 的租户。"
        raise refuse("not_tenant", said, "请先登记为租户。", house=house.number, name=wanted, field="tenant")
    return row


@use_case(Permission.IMPORT_REGISTER, audit="tenancy.ended", touches=TOUCHES)
def end(work: Work, key: int, on: date) -> TenancyAnswer:
    """A contract's last day is another one: earlier, or later where it is renewed.

    Raises Refused `unknown_tenancy`, `bad_span`.
    """
    row = work.execute(
        select(Tenancy, House.number.label("house"), Person.name)
        .join(House, House.id == Tenancy.house_id)
        .join(Person, Person.id == Tenancy.person_id)
        .where(Tenancy.id == key)
    ).first()
    if row is None:
        raise refuse("unknown_tenancy", "没有这份租约。", "请刷新后再看。")
    if on < row.valid_from:
        raise refuse("bad_span", "最后一天早于 {day}。", "请改正日期。", day=row.valid_from, field="on")
    work.execute(update(Tenancy).where(Tenancy.id == key).values(valid_to=on, version=row.version + 1))
    before = row.valid_to.isoformat() if row.valid_to else None
    detail = {"house": row.house, "before": before, "to": on.isoformat()}
    work.audit("tenancy.ended", "tenancy", key, detail=detail)
    return TenancyAnswer(row.house, row.name, row.valid_from, on, row.file or "")
