"""The office itself: identity, counters, change counters, settings, rest days, keys seen."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row
from db.types import Day, Id, Json


class Office(Base):
    """One row: which office this is and which key file it expects.

    `keys_generation`/`keys_digest` name the key file that belongs to this state (RELIABILITY §5).
    """

    __tablename__ = "office"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    uuid: Mapped[str]
    created_at: Mapped[str]
    keys_generation: Mapped[int] = mapped_column(Id)
    keys_digest: Mapped[str]


class Counter(Base):
    """The next free id of a table."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(primary_key=True)
    next: Mapped[int] = mapped_column(Id)


class Revision(Base):
    """How often a topic was changed; plans name the value they saw."""

    __tablename__ = "revision"
    topic: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(Id)


class Setting(Base):
    """A setting's value from a day on, as text; the declarations stand in app/services/settings.py."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    value: Mapped[str]


class RestDay(Base):
    """A day that is a rest day (or a moved working day) against the usual Saturday and Sunday."""

    __tablename__ = "rest_day"
    day: Mapped[date] = mapped_column(Day, primary_key=True)
    rest: Mapped[bool]
    name: Mapped[str | None]


class OnceKey(Base):
    """The first answer to a writing command that carried `--key`."""

    __tablename__ = "once_key"
    key: Mapped[str] = mapped_column(primary_key=True)
    use_case: Mapped[str]
    arguments: Mapped[str]
    answer: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)


class ImportJournal(Row, Base):
    """What the last import of the register did (db/journal.py), so that it can be taken back; one row at most."""

    __tablename__ = "import_journal"
    kind: Mapped[str]
    file: Mapped[str]
    at: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)
    body: Mapped[str]


class Request(Master, Base):
    """An act that waits for a second person: who asks, what exactly would be done, how it was decided."""

    __tablename__ = "request"
    number: Mapped[str] = mapped_column(unique=True)
    act: Mapped[str]
    by_user: Mapped[int] = mapped_column(Id)
    at: Mapped[str]
    reason: Mapped[str]
    summary: Mapped[str]
    arguments: Mapped[dict[str, object]] = mapped_column(Json)
    state: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(Id)
    decided_at: Mapped[str | None]
    decision_reason: Mapped[str | None]
    result: Mapped[dict[str, object] | None] = mapped_column(Json)
