"""An opened office: its folder, key, connections, key file and witness. One store a process; seats sit on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from app.security import audit as chain
from app.security import witness
from app.security.keyslots import Cost, KeyFile
from app.security.lock import OfficeLock
from app.services.pc_clock import Clock
from app.services.refused import CannotOpen, Refused, from_database, from_system, refuse
from db.engine import Engines
from db.models.audit import Audit
from db.models.office import Setting
from db.work import Place, Record, Work

CLOCK_TOLERANCE = timedelta(minutes=10)
DEFAULT_OFFSET = 480


def instant_text(moment: datetime) -> str:
    """UTC text with milliseconds, `2026-07-06T09:40:00.000`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


_LAST = select(Audit.id, Audit.digest, Audit.at).order_by(Audit.id.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of an office."""

    folder: Path

    @property
    def database(self) -> Path:
        """`office.db`."""
        return self.folder / "office.db"

    @property
    def keys(self) -> Path:
        """`office.keys`."""
        return self.folder / "office.keys"

    @property
    def next_keys(self) -> Path:
        """The key file of a change that is being committed."""
        return self.folder / "office.keys.next"

    @property
    def head(self) -> Path:
        """`office.head`, the witness."""
        return self.folder / "office.head"

    @property
    def lock(self) -> Path:
        """`office.lock`."""
        return self.folder / "office.lock"

    @property
    def attempts(self) -> Path:
        """`office.attempts`."""
        return self.folder / "office.attempts"

    @property
    def files(self) -> Path:
        """Attachments."""
        return self.folder / "files"

    @property
    def backups(self) -> Path:
        """Automatic backups."""
        return self.folder / "backups"

    @property
    def out(self) -> Path:
        """What is printed and exported, plain."""
        return self.folder / "out"


@dataclass(slots=True)
class Store:
    """An opened office. `missing` counts the records that the database lacks against its witness."""

    paths: Paths
    engines: Engines
    place: Place
    keys: KeyFile
    lock: OfficeLock
    clock: Clock
    cost: Cost | None
    offset: int = DEFAULT_OFFSET
    missing: int = 0
    listeners: list[Callable[[frozenset[str]], None]] = field(default_factory=list)

    def wall_clock(self) -> datetime:
        """What the office's clock shows now, in its fixed time zone."""
        return self.clock().astimezone(timezone(timedelta(minutes=self.offset)))

    def close(self) -> None:
        """Close all connections and let go of the lock."""
        self.engines.close()
        self.lock.close()

    def read_offset(self, connection: Connection) -> None:
        """Take the office's fixed offset from its settings."""
        stored = connection.execute(select(Setting.value).where(Setting.name == "utc_offset")).scalar()
        self.offset = DEFAULT_OFFSET if stored is None else int(stored)

    def _instant(self, last: str | None, *, write: bool, accept_clock: bool) -> str:
        now = self.clock()
        text = instant_text(now)
        if last is None or text >= last or accept_clock:
            return text
        behind = datetime.fromisoformat(last).replace(tzinfo=UTC) - now
        if write and behind > CLOCK_TOLERANCE:
            raise refuse(
                "clock_back",
                "电脑时间（{pc}）早于最后一笔记录（{last}）。",
                "请校正电脑时间；或由经理写明原因后按电脑时间继续。",
                pc=chain.local_text(text, self.offset)[:16].replace("T", " "),
                last=chain.local_text(last, self.offset)[:16].replace("T", " "),
            )
        return last

    @contextmanager
    def _connection(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            known = from_system(error) if isinstance(error, OSError) else from_database(error, self.paths.folder)
            if known is None:
                raise
            raise known from None
        except Exception as error:
            if type(error).__module__.startswith("sqlcipher3") and (known := from_database(error, self.paths.folder)):
                raise known from None
            raise

    def work(
        self,
        connection: Connection,
        user_id: int,
        roles: frozenset[str],
        permissions: frozenset[str],
        *,
        write: bool,
        accept_clock: bool = False,
    ) -> Work:
        """The unit of work on this connection; refuses writes while the clock is behind or records are missing."""
        if write and self.missing:
            raise behind_witness(self.missing)
        last = connection.execute(_LAST).first()
        now = self._instant(last.at if last else None, write=write, accept_clock=accept_clock)
        local = datetime.fromisoformat(now) + timedelta(minutes=self.offset)
        return Work(
            connection=connection,
            user_id=user_id,
            roles=roles,
            permissions=permissions,
            place=self.place,
            now=now,
            today=local.date(),
            seq=last.id + 1 if last else 1,
            previous=last.digest if last else "",
        )

    @contextmanager
    def reading(self, user_id: int, roles: frozenset[str], permissions: frozenset[str]) -> Iterator[Work]:
        """A transaction that sees one state and writes nothing."""
        with self._connection(self.engines.reader) as connection:
            yield self.work(connection, user_id, roles, permissions, write=False)

    @contextmanager
    def writing(
        self,
        user_id: int,
        roles: frozenset[str],
        permissions: frozenset[str],
        *,
        accept_clock: bool = False,
        desk: bool = False,
    ) -> Iterator[Work]:
        """A transaction that commits with its audit record, the witness after it; or leaves nothing.

        `accept_clock` takes the PC's time although it stands before the last record. A `desk` write has no record.
        """
        work: Work | None = None
        head: chain.Head | None = None
        try:
            with self._connection(self.engines.writer) as connection:
                work = self.work(connection, user_id, roles, permissions, write=True, accept_clock=accept_clock)
                work.desk = desk
                yield work
                if work.record is not None:
                    head = chain.seal(work, self.offset)
        except BaseException:
            for undo in work.on_rollback if work else ():
                undo()
            raise
        for follow in work.after_commit:
            follow()
        if head is not None:
            self.witness(head, work.now)

    def witness(self, head: chain.Head, now: str) -> None:
        """Let the witness see this record. A witness that cannot be written now is renewed at the next opening."""
        moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
        try:
            witness.advance(
                self.paths.head,
                self.lock,
                self.place.office,
                self.place.key,
                head.seq,
                head.digest,
                int(moment.timestamp() * 1000),
            )
        except OSError:
            return

    def record(self, user_id: int, record: Record) -> None:
        """Write a transaction that only records something: a refusal, failed log-ins."""
        if self.missing:
            return
        with self.writing(user_id, frozenset(), frozenset()) as work:
            work.record = record


def behind_witness(missing: int) -> CannotOpen:
    """The database lacks records that the witness saw."""
    return CannotOpen(
        refuse(
            "behind_witness",
            "数据文件比见证文件少 {n} 条记录，可能被换成了旧文件。",
            "请找回原来的 office.db，或用最近一次备份恢复；核对（verify）会给出报告。",
            n=missing,
        ).problem
    )


__all__ = ["CannotOpen", "Clock", "Cost", "Paths", "Refused", "Store", "behind_witness", "instant_text"]
