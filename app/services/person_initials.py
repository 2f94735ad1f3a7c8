"""The initials that the search looks people up by, kept beside their names."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.initials import spellings
from db.models.people import PersonInitials
from db.work import Work


def add(work: Work, people: Iterable[tuple[int, str]]) -> None:
    """Note new people by id and name. For bodies of use cases."""
    rows = [(letters, person) for person, name in people for letters in spellings(name)]
    work.many(PersonInitials.__tablename__, ("letters", "person_id"), rows)


def renew(work: Work, person: int, name: str) -> None:
    """A person is called otherwise. For bodies of use cases."""
    drop(work, person)
    add(work, [(person, name)])


def drop(work: Work, person: int) -> None:
    """A person is no longer found. For bodies of use cases."""
    work.delete_many(PersonInitials.__tablename__, "person_id", [person])
