"""住户: a person once, however many houses; relations with their days; who looks at a full number says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, or_, select, update

from app.domain.masking import mask
from app.domain.problem import problem
from app.security.permissions import Permission
from app.services import look_up, person_initials
from app.services.person_form import PersonForm, age_on, check_relation, checked, tags_in
from app.services.refused import NotAllowed, Refused, refuse
from app.services.two_persons import need_purpose
from app.services.use_case import use_case
from db.models.estate import House, Vehicle
from db.models.people import HousePayer, Party, Person, PersonTag, Resident
from db.work import Work

SECRETS = {"phone": "手机", "phone2": "第二电话", "id_number": "证件号"}
TOUCHES = frozenset({"resident"})


@dataclass(frozen=True, slots=True)
class HouseOf:
    """A house of a person: its number, relation and days. `key` names the row for moving out."""

    key: int
    house: str
    relation: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person; numbers masked. `version` is what a change must have seen, `form` what may be seen in the clear."""

    key: int
    version: int
    form: PersonForm
    phone: str
    phone2: str
    id_number: str
    age: int | None
    consent_on: date | None
    houses: tuple[HouseOf, ...]
    vehicles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody who may be the same: name, the masked number they share, houses."""

    key: int
    name: str
    shared: str
    houses: tuple[str, ...]


class PerhapsSame(Refused):
    """`likes` are those who may be the same person: the caller says which, or that it is another."""

    def __init__(self, likes: tuple[Likeness, ...]) -> None:
        said = "；".join(f"{one.name}（{'、'.join(one.houses) or '没有房屋'}，{one.shared}）" for one in likes)
        super().__init__(
            problem("perhaps_same", "可能是同一人：{who}。", "是同一人就选他，不是就选“另一个人”。", who=said), "name"
        )
        self.likes = likes


def _likes(work: Work, values: Mapping[str, Any], *, but: int | None = None) -> tuple[Likeness, ...]:
    """Others with the same phone or document, or the same name without either."""
    rules = []
    if values["phone"]:
        rules.append(or_(Person.phone == values["phone"], Person.phone2 == values["phone"]))
    if values["id_number"]:
        rules.append(Person.id_number == values["id_number"])
    if not rules:
        return ()
    rows = work.execute(
        select(Person).where(or_(*rules), Person.registered, Person.id != (but or 0)).order_by(Person.id).limit(5)
    ).all()
    found = []
    for row in rows:
        same = values["id_number"] and row.id_number == values["id_number"]
        shared = f"证件号 {mask('id_number', row.id_number)}" if same else f"电话 {mask('phone', values['phone'])}"
        found.append(Likeness(row.id, row.name, shared, tuple(each.house for each in houses_of(work, row.id))))
    return tuple(found)


def houses_of(work: Work, person_id: int) -> tuple[HouseOf, ...]:
    """All houses of a person, today's first. For bodies of use cases."""
    rows = work.execute(
        select(Resident.id, House.number, Resident.relation, Resident.valid_from, Resident.valid_to)
        .join(House, House.id == Resident.house_id)
        .where(Resident.person_id == person_id)
        .order_by(Resident.valid_to.is_not(None), House.sort_key, Resident.id)
    )
    return tuple(HouseOf(*row) for row in rows)


def tags_of(work: Work, person_id: int) -> tuple[str, ...]:
    """The tags of a person. For bodies of use cases."""
    query = select(PersonTag.tag).where(PersonTag.person_id == person_id).order_by(PersonTag.tag)
    return tuple(work.execute(query).scalars())


def put_tags(work: Work, person_id: int, tags: Sequence[str]) -> None:
    """These are a person's tags from now on. For bodies of use cases."""
    wanted = {tag.strip() for tag in tags if tag.strip()}
    known = set(tags_of(work, person_id))
    work.execute(delete(PersonTag).where(PersonTag.person_id == person_id, PersonTag.tag.in_(known - wanted)))
    rows = [(person_id, tag) for tag in sorted(wanted - known)]
    work.many("person_tag", ("person_id", "tag"), rows)


@dataclass(frozen=True, slots=True)
class Registered:
    """Who was registered for which house; `key` names the person."""

    key: int
    name: str
    house: str
    relation: str


@use_case(Permission.IMPORT_REGISTER, audit="resident.registered", touches=TOUCHES)
def register(
    work: Work,
    number: str,
    relation: str,
    form: PersonForm,
    since: date | None = None,
    same_as: int | None = None,
    another: bool = False,
) -> Registered:
    """Move somebody in: a new person, or one who is known (`same_as`); `another` says that a likeness is none.

    The first owner of a house whose payer is not registered becomes its payer: the party is named, the ledger stays.
    Raises PerhapsSame, Refused by field, `lives_here`, `owner_there`.
    """
    house, kind, day = look_up.house(work, number), check_relation(relation), since or work.today
    if same_as is None:
        values = checked(work, form)
        likes = () if another else _likes(work, values)
        if likes:
            raise PerhapsSame(likes)
        person_id = _insert(work, values, form)
    else:
        person_id = person(work, same_as).id
    name = str(work.execute(select(Person.name).where(Person.id == person_id)).scalar_one())
    _move_in(work, house, person_id, kind, day)
    detail = {"house": house.number, "relation": kind, "since": day.isoformat(), "known": same_as is not None}
    work.audit("resident.registered", "person", person_id, detail=detail)
    return Registered(person_id, name, house.number, kind)


def _insert(work: Work, values: Mapping[str, Any], form: PersonForm) -> int:
    consent = work.today if form.consent else None
    row = {**values, "kind": "person", "registered": True, "consent_on": consent}
    stored = tuple(each.isoformat() if isinstance(each, date) else each for each in row.values())
    (person_id,) = work.insert(Person, tuple(row), [stored])
    person_initials.add(work, [(person_id, row["name"])])
    put_tags(work, person_id, tags_in(form))
    return int(person_id)


def _move_in(work: Work, house: Row[Any], person_id: int, relation: str, day: date) -> None:
    here = work.execute(select(Resident).where(Resident.house_id == house.id).order_by(Resident.position)).all()
    living = [row for row in here if row.valid_to is None or row.valid_to >= day]
    if any(row.person_id == person_id and row.relation == relation for row in living):
        raise refuse("lives_here", "{house} 已登记这个人。", "请在他的记录里修改。", house=house.number, field="name")
    if relation == "owner" and any(row.relation == "owner" and _known(work, row.person_id) for row in living):
        raise refuse(
            "owner_there", "{house} 已有业主。", "过户请用“过户 / 退租结算”；共有的登记为共有人。", house=house.number,
            field="relation",
        )  # fmt: skip
    before = next((row for row in here if (row.person_id, row.relation) == (person_id, relation)), None)
    if before is not None:
        work.execute(update(Resident).where(Resident.id == before.id).values(valid_from=day, valid_to=None))
    else:
        columns = ("house_id", "person_id", "relation", "position", "valid_from")
        place = max((row.position for row in here), default=-1) + 1
        work.insert(Resident, columns, [(house.id, person_id, relation, place, day.isoformat())])
    if relation == "owner":
        _name_party(work, house.id, person_id)


def _known(work: Work, person_id: int) -> bool:
    return bool(work.execute(select(Person.registered).where(Person.id == person_id)).scalar())


def _name_party(work: Work, house_id: int, person_id: int) -> None:
    """The stand-in that the house was billed to is this person from now on; its resident row goes with it."""
    rows = work.execute(
        select(HousePayer.party_id, Person.id.label("person"))
        .join(Party, Party.id == HousePayer.party_id)
        .join(Person, Person.id == Party.person_id)
        .where(HousePayer.house_id == house_id, HousePayer.valid_to.is_(None), ~Person.registered)
    ).all()
    for row in rows:
        work.execute(update(Party).where(Party.id == row.party_id).values(person_id=person_id))
        work.execute(delete(Resident).where(Resident.house_id == house_id, Resident.person_id == row.person))


def person(work: Work, key: int) -> Row[Any]:
    """A person who is known. Raises Refused `unknown_person`. For bodies of use cases."""
    row: Row[Any] | None = work.execute(select(Person).where(Person.id == key)).first()
    if row is None or row.anonymised_on is not None:
        raise refuse("unknown_person", "没有这个人，或已注销。", "请刷新后再看。")
    return row


@use_case(Permission.SEE_RESIDENTS)
def show(work: Work, key: int) -> PersonFile:
    """A person with numbers masked. Raises Refused `unknown_person`."""
    return _file(work, key)


@use_case(Permission.SEE_RESIDENTS)
def show_resident(work: Work, resident: int) -> PersonFile:
    """The person behind a row of the list. Raises Refused `unknown_person`."""
    key = work.execute(select(Resident.person_id).where(Resident.id == resident)).scalar()
    return _file(work, int(key or 0))


def _file(work: Work, key: int) -> PersonFile:
    row = person(work, key)
    cars = work.execute(
        select(Vehicle.plate)
        .join(Resident, Resident.house_id == Vehicle.house_id)
        .where(Resident.person_id == key, or_(Vehicle.valid_to.is_(None), Vehicle.valid_to >= work.today))
        .distinct()
    ).scalars()
    form = PersonForm(
        row.name, email=row.email or "", sex=row.sex or "", id_kind=row.id_kind or "", birth_on=row.birth_on,
        contact_by=row.contact_by or "", tags=tags_of(work, key), consent=row.consent_on is not None,
        remark=row.remark or "",
    )  # fmt: skip
    return PersonFile(
        key,
        row.version,
        form,
        mask("phone", row.phone) if row.phone else "",
        mask("phone", row.phone2) if row.phone2 else "",
        mask("id_number", row.id_number) if row.id_number else "",
        age_on(row.birth_on, work.today),
        row.consent_on,
        houses_of(work, key),
        tuple(mask("plate", plate) for plate in cars),
    )


@use_case(Permission.IMPORT_REGISTER, audit="resident.changed", touches=TOUCHES)
def change(work: Work, key: int, version: int, form: PersonForm, keep: Sequence[str] = ()) -> PersonFile:
    """Change what is known of a person; `keep` are fields that were masked and not typed anew.

    Raises Refused `changed_meanwhile` where another change came first, PerhapsSame never: who is known stays himself.
    """
    row = person(work, key)
    if row.version != version:
        raise refuse("changed_meanwhile", "{name} 的资料刚被别人改过。", "请看清新的资料后再改。", name=row.name)
    values = checked(work, form)
    for field in keep:
        if field in SECRETS:
            values[field] = getattr(row, field)
            if field == "id_number":
                values |= {"id_verified": row.id_verified, "id_kind": row.id_kind}
                values["birth_on"] = values["birth_on"] or row.birth_on
    values["consent_on"] = (row.consent_on or work.today) if form.consent else None
    changed = sorted(name for name, value in values.items() if value != getattr(row, name))
    work.execute(update(Person).where(Person.id == key).values(**values, version=Person.version + 1))
    if "name" in changed:
        person_initials.renew(work, key, values["name"])
    put_tags(work, key, tags_in(form))
    work.audit("resident.changed", "person", key, detail={"fields": changed})
    return _file(work, key)


@use_case(Permission.IMPORT_REGISTER, audit="resident.left", touches=TOUCHES)
def move_out(work: Work, resident: int, on: date | None = None, reason: str = "") -> HouseOf:
    """Somebody left a house: `on` is his last day there. What he was stays, with its days.

    The owner who is billed is changed by 过户 only. Raises Refused `unknown_resident`, `owner_billed`, `bad_span`.
    """
    row: Row[Any] | None = work.execute(
        select(Resident, House.number).join(House, House.id == Resident.house_id).where(Resident.id == resident)
    ).first()
    if row is None or row.valid_to is not None:
        raise refuse("unknown_resident", "没有这条入住记录，或已迁出。", "请刷新后再看。")
    day = on or work.today
    if day > work.today or (row.valid_from is not None and day < row.valid_from):
        raise refuse("bad_span", "迁出日期应在入住以后、今天以前。", "请改正日期。", field="on")
    payer = look_up.registered_payer(work, row.house_id, work.today)
    billed = select(Party.person_id).where(Party.id == payer).scalar_subquery()
    if row.relation == "owner" and work.execute(select(Person.id).where(Person.id == row.person_id,
                                                                        Person.id == billed)).first():  # fmt: skip
        raise refuse(
            "owner_billed",
            "{house} 的账单寄给这位业主，不能直接迁出。",
            "请用“过户 / 退租结算”办理。",
            house=row.number,
        )
    work.execute(update(Resident).where(Resident.id == resident).values(valid_to=day))
    detail = {"house": row.number, "on": day.isoformat(), "reason": reason.strip()[:200]}
    work.audit("resident.left", "person", row.person_id, detail=detail)
    return HouseOf(resident, row.number, row.relation, row.valid_from, day)


@use_case(Permission.SEE_RESIDENTS, audit="resident.revealed")
def reveal(work: Work, key: int, field: str, purpose: str | None) -> str:
    """The full number, with a purpose that is recorded. A document number is for who may see them (经理).

    Raises Refused `reason_needed`, `unknown_person`, `nothing_there`; NotAllowed.
    """
    why, row = need_purpose(purpose), person(work, key)
    if field not in SECRETS:
        raise refuse("bad_choice", "不能显示 {field}。", "只能是：" + "、".join(SECRETS), field=field)
    if field == "id_number" and Permission.SEE_ID_NUMBERS not in work.permissions:
        raise NotAllowed(problem("no_permission", "您的角色不能看完整证件号。", "请经理查看。"))
    value = getattr(row, field)
    if not value:
        raise refuse("nothing_there", "没有登记{what}。", what=SECRETS[field])
    work.audit("resident.revealed", "person", key, detail={"field": field, "purpose": why})
    return str(value)


@dataclass(frozen=True, slots=True)
class Lived:
    """Who belonged to a house on a day."""

    name: str
    relation: str
    since: date | None
    until: date | None


@use_case(Permission.SEE_RESIDENTS)
def lived(work: Work, number: str, on: date | None = None) -> tuple[Lived, ...]:
    """Who lived here on a day, as far as the days are known."""
    house, day = look_up.house(work, number), on or work.today
    rows = work.execute(
        select(Person.name, Resident.relation, Resident.valid_from, Resident.valid_to)
        .join(Person, Person.id == Resident.person_id)
        .where(
            Resident.house_id == house.id,
            or_(Resident.valid_from.is_(None), Resident.valid_from <= day),
            or_(Resident.valid_to.is_(None), Resident.valid_to >= day),
        )
        .order_by(Resident.position, Resident.id)
    )
    return tuple(Lived(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Named:
    """A person of a house by name; `resident` is the row for moving out."""

    person: int
    resident: int


@use_case(Permission.SEE_RESIDENTS)
def named(work: Work, number: str, name: str) -> Named:
    """Who is meant by a name at a house, today's people before former ones. Raises Refused `unknown_person`,
    `ambiguous_person`.
    """
    house = look_up.house(work, number)
    rows = work.execute(
        select(Resident.person_id, Resident.id, Resident.valid_to)
        .join(Person, Person.id == Resident.person_id)
        .where(Resident.house_id == house.id, Person.name == name.strip())
        .order_by(Resident.valid_to.is_not(None), Resident.id)
    ).all()
    today = [row for row in rows if row.valid_to is None or row.valid_to >= work.today] or rows
    if not today:
        raise refuse("unknown_person", "{house} 没有叫 {name} 的人。", "请核对姓名。", house=house.number, name=name,
                     field="name")  # fmt: skip
    if len({row.person_id for row in today}) > 1:
        raise refuse("ambiguous_person", "{house} 有几个叫 {name} 的人。", "请在窗口里办理。", house=house.number,
                     name=name, field="name")  # fmt: skip
    return Named(today[0].person_id, today[0].id)
