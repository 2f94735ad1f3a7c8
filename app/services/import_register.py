"""Houses, spaces and their people from a workbook: what is new, what changes, what is kept (DATA §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, delete, or_, select

from app.services import house_rows, house_states
from app.services.fees import FROM_THE_BEGINNING
from app.services.house_states import Moved
from app.services.import_changes import Changes, Placed, differing
from app.services.import_differences import Difference, of_house
from app.services.import_people import People, residents
from app.services.person_form import RELATIONS
from db.models.estate import FormerNumber, House, HousePeople, Vehicle
from db.models.ledger import Charge, Payment
from db.models.people import HousePayer, Party, Person, Resident
from db.work import Work
from reports.excel.records import Book, Car, Space
from reports.excel.records import House as HouseRecord
from reports.excel.records import Person as PersonRecord

PLAIN = ("number", "floor", "room", "floors", "lift", "house_type", "layout", "orientation", "gross_area", "net_area",
         "rent", "state", "delivered_on", "remark", "entrance", "building")  # fmt: skip
PLACED = frozenset({"number", "building", "entrance", "floor", "room"})
UNSOLD = ("unsold", "undelivered")


@dataclass(slots=True)
class Known:
    """The office's register as it stands."""

    estate_id: int
    houses: dict[str, dict[str, Any]]
    residents: dict[int, dict[tuple[int, str], int]]
    payer: dict[int, tuple[int, int, int, bool]]
    posted: set[int]
    people_count: dict[int, int]
    cars: set[tuple[int, str]]
    owners: set[tuple[int, int]]


@dataclass(slots=True)
class Row:
    """A house or space to write; negative ids stand for rows that are new."""

    id: int
    values: dict[str, Any]
    building: str | None
    bill_with_key: str | None = None
    people: list[tuple[int, str]] = field(default_factory=list)


def known(work: Work) -> Known:
    """Read the register in bulk."""
    estate_id = house_rows.the_estate(work)
    columns = (
        House.id,
        House.number_key,
        *(getattr(House, name) for name in (*PLAIN, "kind", "bill_with", "ended_on")),
    )
    houses = {row.number_key: dict(row._mapping) for row in work.execute(select(*columns))}
    by_id = {values["id"]: values for values in houses.values()}
    former = select(FormerNumber.number_key, FormerNumber.house_id).order_by(FormerNumber.until.desc())
    for number_key, house_id in work.execute(former):
        if house_id in by_id:
            houses.setdefault(number_key, by_id[house_id])
    payer = {
        house: (payer_row, party, person, bool(registered))
        for payer_row, house, party, person, registered in work.execute(
            select(HousePayer.id, HousePayer.house_id, Party.id, Person.id, Person.registered)
            .join(Party, Party.id == HousePayer.party_id)
            .join(Person, Person.id == Party.person_id)
            .where(or_(HousePayer.valid_to.is_(None)))
        )
    }
    posted = set(work.execute(select(Charge.house_id).distinct()).scalars())
    posted |= set(work.execute(select(Payment.house_id).distinct()).scalars())
    counted = select(HousePeople.house_id, HousePeople.people).order_by(HousePeople.valid_from)
    people_count = dict(work.execute(counted).all())
    return Known(
        estate_id,
        houses,
        residents(work),
        payer,
        posted,
        people_count,
        {(house, plate) for house, plate in work.execute(select(Vehicle.house_id, Vehicle.plate))},
        {(house, person) for house, person in work.execute(_owning(work))},
    )


def _owning(work: Work) -> Select[int, int]:
    """House and person of who owns it today."""
    return select(Resident.house_id, Resident.person_id).where(
        Resident.relation == "owner", or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today)
    )


class RegisterPlan:
    """Gathers what the workbook's register changes."""

    def __init__(self, work: Work, book: Book, changes: Changes) -> None:
        self.work, self.book, self.changes = work, book, changes
        self.known = known(work)
        self.people = People(work, changes)
        self.rows: dict[str, Row] = {}
        self.ids: dict[str, int] = {key: values["id"] for key, values in self.known.houses.items()}
        self._numbers = {values["id"]: str(values["number"] or key) for key, values in self.known.houses.items()}
        self._next = -1
        self._updates: list[tuple[int, dict[str, Any]]] = []
        self._moved: list[Moved] = []
        self._payers: list[tuple[int, int | None, str]] = []
        self._renamed: list[tuple[int, int]] = []
        self._replaced: list[tuple[int, int]] = []
        self._residents: list[tuple[int, int, str, int]] = []
        self._left: list[int] = []
        self._people_rows: list[tuple[int, str, int]] = []
        self._cars: list[tuple[int, Car]] = []
        self._bill_with: list[tuple[int, str]] = []
        self._used: list[int] = []
        self._refused: set[int] = set()

    def plan(self) -> None:
        """Look at every record; put the writes in their order."""
        of_house: dict[str, list[PersonRecord]] = {}
        listed: set[int | None] = set()
        for record in self.book.people:
            if record.house_key is None:
                listed.add(self._use(self.people.resolve(record)))
            else:
                of_house.setdefault(record.house_key, []).append(record)
        for house in self.book.houses:
            self._house(house, of_house.get(house.number_key, []))
        for space in self.book.spaces:
            self._space(space, of_house.get(space.number_key, []))
        for car in self.book.cars:
            self._car(car)
        self.people.leave_out(self._refused - listed - self._belonging())
        self.people.seen(self._used)
        self.changes.writes.append(self._write)

    def _belonging(self) -> set[int | None]:
        """People that something is written of."""
        owners = {owner for _, owner in (*self._renamed, *self._replaced)} | {owner for _, owner, _ in self._payers}
        return owners | {person for _, person, _, _ in self._residents}

    def _use(self, person_id: int | None) -> int | None:
        if person_id is not None:
            self._used.append(person_id)
        return person_id

    def _own_people(
        self, key: str, place: Placed, owner_number: str | None, records: Sequence[PersonRecord]
    ) -> list[tuple[int, str]]:
        """People of a house with their relations, the owner by number first."""
        house_id = self.ids.get(key)
        here = {person for person, _ in self.known.residents.get(house_id or 0, {})}
        found: list[tuple[int, str]] = []
        by_number = self._use(self.people.of_number(owner_number))
        if by_number is not None:
            found.append((by_number, "owner"))
        elif owner_number and not any(record.relation == "owner" for record in records):
            self.changes.warn(
                place, "业主编号", owner_number, "没有哪张表说明这个业主编号，先记在未登记的业主名下。", "owner.unknown"
            )
        for record in records:
            person_id = self._use(self.people.resolve(record, here, records))
            if person_id is None:
                self.changes.warn(
                    record, "业主编号", record.owner_number, "没有哪张表说明这个业主编号。", "owner.unknown"
                )
                continue
            relation = record.relation
            if relation == "owner" and any(r == "owner" and p != person_id for p, r in found):
                relation = "co_owner"
            stands = [r for p, r in self.known.residents.get(house_id or 0, {}) if p == person_id]
            if stands and relation not in (*stands, "owner", "co_owner"):
                self.changes.warn(
                    record, "与业主关系", RELATIONS[relation],
                    f"这户已登记为{RELATIONS[stands[0]]}；身份没有改，请在住户页办理。", "relation.other",
                )  # fmt: skip
            if (person_id, relation) not in found and not any(p == person_id for p, _ in found):
                found.append((person_id, relation))
        return found

    def _house(self, record: HouseRecord, people: Sequence[PersonRecord]) -> None:
        given = {name: getattr(record, name) for name in PLAIN}
        own = self._own_people(record.number_key, record, record.owner_number, people)
        owned = any(relation == "owner" for _, relation in own)
        stored = self.known.houses.get(record.number_key)
        if stored is None and given["state"] is None:
            given["state"] = "owner" if owned else "vacant"
        if not owned and given["state"] not in (None, *UNSOLD, "vacant") and stored is None and not record.owner_number:
            self.changes.warn(record, "业主", "", "已售房屋没有业主，先记在未登记的业主名下。", "owner.missing")
        heads = self.known.people_count.get(stored["id"]) if stored else None
        more = record.people is not None and record.people != heads
        beside = ("居住人数", str(heads or ""), str(record.people)) if more else None
        house_id = self._put(
            record, record.number_key, record.kind, record.sort_key, given, record.building, own, beside
        )
        if record.people is not None and more:
            since = self.work.today if house_id > 0 and house_id in self.known.people_count else FROM_THE_BEGINNING
            self._people_rows.append((house_id, since.isoformat(), record.people))

    def _space(self, record: Space, people: Sequence[PersonRecord]) -> None:
        own = self._own_people(record.number_key, record, record.owner_number, people)
        owned = any(relation == "owner" for _, relation in own)
        given: dict[str, Any] = dict.fromkeys(PLAIN)
        given |= {"number": record.number, "floor": record.floor, "layout": record.place, "gross_area": record.area}
        given |= {"rent": record.rent, "remark": record.remark}
        stored, house = self.known.houses.get(record.number_key), self.ids.get(record.bill_with_key or "")
        held = "let" if record.tenure == "let" else "owner"
        if stored is None:
            given["state"] = held if owned else "unsold"
        elif owned and (record.tenure or stored["state"] in UNSOLD):
            given["state"] = held
        beside = None
        if stored is not None and house is not None and stored["bill_with"] != house:
            was, becomes = self._numbers.get(stored["bill_with"], ""), self._numbers.get(house, record.bill_with_key)
            beside = ("合并交费", was, str(becomes))
        house_id = self._put(record, record.number_key, "parking", record.sort_key, given, None, own, beside)
        if record.bill_with_key:
            self._bill_with.append((house_id, record.bill_with_key))

    def _put(
        self,
        place: HouseRecord | Space,
        key: str,
        kind: str,
        sort_key: str,
        given: dict[str, Any],
        building: str | None,
        people: list[tuple[int, str]],
        beside: tuple[str, str, str] | None,
    ) -> int:
        """Gather a house or space, its people and owner. `beside` is what else changes of one that is known: title,
        before, after.
        """
        stored = self.known.houses.get(key)
        owner = next((person for person, relation in people if relation == "owner"), None)
        if stored is None:
            house_id, self._next = self._next, self._next - 1
            self.ids[key] = house_id
            values = {**given, "kind": kind, "number_key": key, "sort_key": sort_key}
            self.rows[key] = Row(house_id, values, building)
            self._payers.append((house_id, owner, str(given["number"])))
            self.changes.count(kind).added += 1
            self._belong(house_id, people)
            return house_id
        house_id = int(stored["id"])
        if stored["ended_on"] is not None:
            self.changes.warn(place, "房号", stored["number"], "这户已拆分或合并；没有改。", "house.ended")
            self.changes.count(kind).unchanged += 1
            return house_id
        if stored["number_key"] != key:
            # A number that the house had before: where it stands, the register knows better.
            given = {name: None if name in PLACED else value for name, value in given.items()}
        if stored["number"] and given["number"]:
            given = {**given, "number": None}
        changed = differing(given, stored)
        if "gross_area" in changed and house_id in self.known.posted and stored["gross_area"] is not None:
            self.changes.warn(
                place, "建筑面积", house_rows.said("gross_area", changed["gross_area"]),
                "已经出过账，新面积从下一次出账起用。", "area.changed",
            )  # fmt: skip
        number, differences = self._numbers[house_id], self.changes.differences
        differences += of_house(number, changed, stored)
        if beside:
            differences.append(Difference(number, *beside))
        moved = self._owner_changes(place, number, house_id, owner)
        if moved is None:
            people = [(person, relation) for person, relation in people if relation != "owner"]
        fresh = self._belong(house_id, people)
        # Who becomes the owner was told with the owner.
        differences += [self._came(number, *one) for one in fresh if not (moved and one[1] == "owner")]
        if changed:
            self._updates.append((house_id, changed))
        if "state" in changed:
            self._moved.append(Moved(house_id, str(stored["state"]), str(changed["state"])))
        count = self.changes.count(kind)
        if changed or moved or fresh or beside:
            count.updated += 1
        else:
            count.unchanged += 1
        return house_id

    def _owner_changes(self, place: Placed, number: str, house_id: int, owner: int | None) -> bool | None:
        """Another owner: names the unregistered party, replaces before anything is posted, else is a warning.

        Gives whether the owner changed; None where that was refused.
        """
        row = self.known.payer.get(house_id)
        if owner is None or row is None:
            return False
        payer_row, party, person, registered = row
        if person == owner:
            return False
        name = self.people.stored[owner]["name"]
        if not registered:
            self._renamed.append((party, owner))
            self.changes.differences.append(Difference(number, "业主", "未登记", name))
            return True
        # Somebody else is billed for what he owns (a tenant, who has a space on lease): that is no other owner.
        if (house_id, owner) in self.known.owners:
            return False
        if house_id in self.known.posted:
            self.changes.warn(place, "业主", name, "已经出过账，换业主请用过户；没有改。", "owner.other")
            self._refused.add(owner)
            return None
        self._replaced.append((payer_row, owner))
        was = self.people.stored[person]["name"]
        self.changes.differences.append(Difference(number, "业主", was, name))
        here = self.known.residents.get(house_id, {})
        left = [key for key in here if key[0] == owner or key == (person, "owner")]
        self._left += [here.pop(key) for key in left]
        return True

    def _came(self, number: str, person: int, relation: str) -> Difference:
        return Difference(number, "住户", "", f"{self.people.stored[person]['name']}（{RELATIONS[relation]}）")

    def _belong(self, house_id: int, people: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
        """Who of them is new at the house, to be written."""
        here = self.known.residents.get(house_id, {})
        known_people = {person for person, _ in here}
        fresh = [(person, relation) for person, relation in people if person not in known_people]
        for place, (person, relation) in enumerate(fresh, len(here)):
            self._residents.append((house_id, person, relation, place))
        return fresh

    def _car(self, car: Car) -> None:
        house_id = self.ids.get(car.space_key)
        if house_id is None:
            return
        if (house_id, car.plate) in self.known.cars:
            self.changes.count("vehicle").unchanged += 1
        else:
            self._cars.append((house_id, car))
            self.changes.count("vehicle").added += 1

    # ---- writing -------------------------------------------------------------------------------------------------

    def _write(self, work: Work) -> None:
        people = self.people.write(work)
        buildings = self._write_buildings(work)
        columns = ("estate_id", "building_id", "kind", "number_key", "sort_key", *PLAIN)
        rows = [
            (self.known.estate_id, buildings.get(row.building or ""), row.values["kind"], row.values["number_key"],
             row.values["sort_key"], *(_stored(row.values[name]) for name in PLAIN))
            for row in self.rows.values()
        ]  # fmt: skip
        new = dict(zip((row.id for row in self.rows.values()), work.insert(House, columns, rows), strict=True))

        def house(house_id: int) -> int:
            return new.get(house_id, house_id)

        def person(person_id: int) -> int:
            return people.get(person_id, person_id)

        for house_id, changed in self._updates:
            row = (*(_stored(value) for value in changed.values()), house_id)
            work.change_many("house", ("id",), tuple(changed), [row])
        house_states.raise_versions(work, [house_id for house_id, _ in self._updates])
        house_states.remember(work, self._moved, work.today, "导入")
        self._write_payers(work, house, person)
        for row_id in self._left:
            work.execute(delete(Resident).where(Resident.id == row_id))
        work.insert(
            Resident,
            ("house_id", "person_id", "relation", "position"),
            [(house(h), person(p), relation, place) for h, p, relation, place in self._residents],
        )
        work.many("house_people", ("house_id", "valid_from", "people"), [
            (house(h), since, count) for h, since, count in self._people_rows])  # fmt: skip
        work.insert(
            Vehicle,
            ("house_id", "plate", "brand", "kind", "colour", "valid_from", "valid_to"),
            [
                (house(h), car.plate, car.brand, car.kind, car.colour, _stored(car.valid_from), _stored(car.valid_to))
                for h, car in self._cars
            ],
        )
        self.ids = {key: house(house_id) for key, house_id in self.ids.items()}
        pairs = [(self.ids[key], house(h)) for h, key in self._bill_with if key in self.ids]
        work.change_many("house", ("id",), ("bill_with",), pairs)

    def _write_buildings(self, work: Work) -> dict[str, int]:
        labels = {building.code: building.label for building in self.book.buildings}
        wanted = [*labels, *(row.building for row in self.rows.values() if row.building)]
        return house_rows.buildings(work, self.known.estate_id, wanted, labels)

    def _write_payers(self, work: Work, house: Any, person: Any) -> None:
        nameless = [(house_id, number) for house_id, owner, number in self._payers if owner is None]
        stand_ins = house_rows.stand_ins(work, [number for _, number in nameless])
        payer_of = {house_id: stand_in for (house_id, _), stand_in in zip(nameless, stand_ins, strict=True)}
        payer_of |= {house_id: person(owner) for house_id, owner, _ in self._payers if owner is not None}
        wanted = [*payer_of.values(), *(person(owner) for _, owner in self._replaced)]
        party = {person(person_id): party_id for person_id, party_id in self.people.party.items()}
        fresh = [person_id for person_id in dict.fromkeys(wanted) if person_id not in party]
        party |= dict(zip(fresh, work.insert(Party, ("person_id",), [(p,) for p in fresh]), strict=True))
        work.insert(
            HousePayer,
            ("house_id", "party_id"),
            [(house(house_id), party[payer]) for house_id, payer in payer_of.items()],
        )
        work.change_many(
            "party", ("id",), ("person_id",), [(person(owner), party_id) for party_id, owner in self._renamed]
        )
        work.change_many(
            "house_payer", ("id",), ("party_id",), [(party[person(owner)], row_id) for row_id, owner in self._replaced]
        )


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
