"""Matching the people of a workbook with those the office knows (DATA §4), and naming unregistered parties.

Same person: the same owner number in the file, else the same name and (ID or phone); never ID or phone alone. Else the
same name in the same house: who has no number there, or whose telephone the file says otherwise than the office, as
long as nobody else of that name is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.domain.idcard import IdKind, check
from app.domain.problem import Problem
from app.services import person_initials
from app.services.import_changes import Changes, differing
from app.services.import_differences import of_person
from db.models.people import Party, Person, Resident
from db.work import Work
from reports.excel.people import names
from reports.excel.records import Person as PersonRecord

FIELDS = ("name", "sex", "phone", "phone2", "id_kind", "id_number", "id_verified", "remark", "contact_by")


class People:
    """Known and new people; a new one has an id from the counter at once, and is written with the rest."""

    def __init__(self, work: Work, changes: Changes) -> None:
        self._changes = changes
        self._work = work
        self.stored: dict[int, dict[str, Any]] = {}
        self._before: dict[int, dict[str, Any]] = {}
        self._read: dict[int, str] = {}
        self._by_name: dict[str, list[int]] = {}
        self._named: dict[str, set[str]] = {}
        self._of_number: dict[str, int] = {}
        self._new: list[tuple[int, dict[str, Any]]] = []
        self._changed: dict[int, dict[str, Any]] = {}
        self._next = -1
        for row in work.execute(select(Person).where(Person.registered)):
            self._remember(row.id, {name: getattr(row, name) for name in (*FIELDS, "kind", "owner_number")})
        self.party: dict[int, int] = {}
        for party_id, person_id in work.execute(select(Party.id, Party.person_id).order_by(Party.id)):
            self.party.setdefault(person_id, party_id)

    def _remember(self, person_id: int, values: dict[str, Any]) -> None:
        self.stored[person_id] = values
        name = self._read[person_id] = _as_read(values["name"])
        self._by_name.setdefault(name, []).append(person_id)
        for value in (values["phone"], values["id_number"]):
            if value:
                self._named.setdefault(value, set()).add(name)

    def resolve(
        self, record: PersonRecord, here: Iterable[int] = (), others: Sequence[PersonRecord] = ()
    ) -> int | None:
        """The id of the person a record names; `here` are the people of the house already, `others` all that the file
        says of its people. None: nobody is named.

        New people have negative ids until the writes run.
        """
        if record.owner_number and record.owner_number in self._of_number:
            person_id = self._of_number[record.owner_number]
            if not record.name or self._read[person_id] == record.name:
                return self._merge(person_id, record)
        if not record.name:
            return None
        found = self._match(record, set(here), others)
        if found is None:
            found = self._add(record)
        else:
            self._merge(found, record)
        if record.owner_number:
            self._of_number.setdefault(record.owner_number, found)
        return found

    def of_number(self, owner_number: str | None) -> int | None:
        """The person of an owner number in this file."""
        return self._of_number.get(owner_number) if owner_number else None

    def _match(self, record: PersonRecord, here: set[int], others: Sequence[PersonRecord]) -> int | None:
        nameless: int | None = None
        renumbered: list[int] = []
        for person_id in self._by_name.get(record.name, ()):
            known = self.stored[person_id]
            if self._certain(record, person_id):
                return person_id
            if record.id_number and known["id_number"]:
                continue
            alone = not (record.phone or record.id_number or known["phone"] or known["id_number"])
            if record.phone and known["phone"]:
                if person_id in here and person_id > 0 and not any(self._certain(one, person_id) for one in others):
                    renumbered.append(person_id)
            elif person_id in here or (alone and self._same_number(record, known)):
                nameless = person_id
        return renumbered[0] if nameless is None and len(renumbered) == 1 else nameless

    def _certain(self, record: PersonRecord, person_id: int) -> bool:
        """Whether name and a number say so: the person's as they are, or as they were before this file."""
        stored = self.stored[person_id]
        return record.name == self._read[person_id] and any(
            (record.id_number and record.id_number == known["id_number"])
            or (record.phone and record.phone in (known["phone"], known["phone2"]))
            for known in (stored, self._before.get(person_id, stored))
        )

    @staticmethod
    def _same_number(record: PersonRecord, known: dict[str, Any]) -> bool:
        return bool(record.owner_number) and known["owner_number"] == record.owner_number

    def _add(self, record: PersonRecord) -> int:
        for column, value in (("手机号", record.phone), ("证件号", record.id_number)):
            others = self._named.get(value or "", set()) - {record.name}
            if value and others:
                self._changes.warn(record, column, value, "与另一个姓名的人相同，已当作两个人。", "person.shared")
        person_id, self._next = self._next, self._next - 1
        values = {name: getattr(record, name) for name in FIELDS}
        values |= {"kind": record.kind, "owner_number": record.owner_number}
        self._remember(person_id, values)
        self._new.append((person_id, values))
        self._changes.count("person").added += 1
        return person_id

    def _merge(self, person_id: int, record: PersonRecord) -> int:
        given = {name: getattr(record, name) for name in FIELDS if name != "name"}
        # What the file repeats of the office is no change: another row of the same person may say it otherwise.
        changed = differing(given, self._before.get(person_id, self.stored[person_id]))
        if "id_number" not in changed:
            changed.pop("id_verified", None) if self.stored[person_id]["id_number"] == record.id_number else None
        if not changed:
            return person_id
        if person_id > 0:
            before = self._before.setdefault(person_id, dict(self.stored[person_id]))
            self._changes.differences += of_person(record, changed, before)
        self.stored[person_id].update(changed)
        if person_id > 0:
            self._changed.setdefault(person_id, {}).update(changed)
        return person_id

    def leave_out(self, unwanted: Iterable[int]) -> None:
        """New people of the file that nothing will be written of."""
        gone = {person_id for person_id in unwanted if person_id < 0}
        self._changes.count("person").added -= len(gone)
        self._new = [(person_id, values) for person_id, values in self._new if person_id not in gone]

    def seen(self, used: Sequence[int]) -> None:
        """Count known people of the file as updated or unchanged."""
        known = {person_id for person_id in used if person_id > 0}
        updated = known & set(self._changed)
        self._changes.count("person").updated += len(updated)
        self._changes.count("person").unchanged += len(known) - len(updated)

    def write(self, work: Work) -> dict[int, int]:
        """Write new and changed people; gives the real id behind each negative one."""
        columns = (*FIELDS, "kind", "owner_number", "registered", "birth_on")
        rows = [(*(values[name] for name in columns[:-2]), True, _born(work, values)) for _, values in self._new]
        ids = dict(zip((person_id for person_id, _ in self._new), work.insert(Person, columns, rows), strict=True))
        person_initials.add(work, ((ids[key], values["name"]) for key, values in self._new))
        for person_id, changed in self._changed.items():
            values = dict(changed)
            if "id_number" in changed and (born := _born(work, self.stored[person_id])) is not None:
                values["birth_on"] = born
            work.change_many("person", ("id",), tuple(values), [(*values.values(), person_id)])
        return ids


def _as_read(name: str) -> str:
    """A name as a cell would give it back: brackets and letters of one width."""
    try:
        found = names(name)
    except Problem:
        return name
    return found[0] if found is not None and len(found) == 1 else name


def _born(work: Work, values: dict[str, Any]) -> str | None:
    """The birth date that a resident ID number says, in stored form."""
    if values["id_kind"] != IdKind.RESIDENT_ID or not values["id_number"]:
        return None
    found = check(IdKind.RESIDENT_ID, values["id_number"], work.today).birth_date
    return found.isoformat() if found is not None else None


def residents(work: Work) -> dict[int, dict[tuple[int, str], int]]:
    """Who belongs to which house: person and relation, by house."""
    found: dict[int, dict[tuple[int, str], int]] = {}
    rows = work.execute(select(Resident.house_id, Resident.person_id, Resident.relation, Resident.id))
    for house_id, person_id, relation, row_id in rows:
        found.setdefault(house_id, {})[person_id, relation] = row_id
    return found
