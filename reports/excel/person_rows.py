"""The people of a row: owner, co-owners, tenant, family, each from his columns; several in a cell come apart."""

from __future__ import annotations

from typing import Any

from reports.excel.collected import Rows
from reports.excel.people import is_firm

SLOTS = ("owner", "co_owner", "tenant", "family")

PersonRow = tuple[Any, ...]
"""The fields of `records.Person` in their order."""


class Persons:
    """Reads the people of each row of one sheet."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._slots = [slot for slot in SLOTS if rows.has(f"{slot}.name")]
        self._columns = {
            slot: tuple(
                rows.column(f"{slot}.{key}")
                for key in ("name", "sex", "phone", "phone2", "id_number", "relation", "contact_by")
            )
            for slot in self._slots
        }
        tenants = any(word in rows.sheet for word in ("租户", "租客", "承租")) and "业主" not in rows.sheet
        self._default = "tenant" if tenants else "owner"

    def of(self, place: int, house_key: str | None, owner_number: str | None) -> list[PersonRow]:
        """The people a row names. A number of the owner goes to the owner and, on sheets of owners, to his family."""
        found: list[PersonRow] = []
        for slot in self._slots:
            columns = (column[place] for column in self._columns[slot])
            names, sex, phones, phones2, documents, relations, contact = columns
            if not names:
                continue
            relation = relations or (self._default if slot == "owner" else slot)
            for at, name in enumerate(names):
                phone, phone2 = _phones(at, len(names), phones or (), phones2 or ())
                document = documents[at] if documents and at < len(documents) else (None, None, None)
                role = "co_owner" if at and relation == "owner" else relation
                number = owner_number if role in ("owner", "family", "tenant", "temporary") else None
                found.append(
                    (
                        self._rows.sheet,
                        self._rows.number(place),
                        house_key,
                        number if slot == "owner" else None,
                        role,
                        "firm" if is_firm(name) else "person",
                        name,
                        sex,
                        phone,
                        phone2,
                        document[1],
                        document[0],
                        document[2],
                        None,
                        contact if at == 0 else None,
                    )
                )
        return found


def _phones(at: int, people: int, phones: tuple[str, ...], more: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Phone and second phone of one of the people in a cell: in order where each has one, else all are the first's."""
    if people == 1:
        if not more and len(phones) < 2:
            return (phones[0] if phones else None), None
        every = tuple(dict.fromkeys((*phones, *more)))
        return (every[0] if every else None), ("、".join(every[1:]) or None)
    mine = phones[at] if at < len(phones) else None
    rest = (*phones[people:], *more) if at == 0 else ()
    return mine, ("、".join(rest) or None)
