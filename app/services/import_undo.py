"""The last import of houses or residents is taken back, until something builds on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select

from app.security.permissions import Permission
from app.services import shifts
from app.services.refused import Refused, refuse
from app.services.use_case import use_case
from db.journal import Journal, Kept, Moved, houses_of, read_back, require_as_left, take_back, used_by_others
from db.models.ledger import Charge, Payment
from db.models.office import ImportJournal
from db.models.security import User
from db.queries.owed import CHUNK
from db.work import Work

KINDS: Mapping[str, str] = {"houses": "房屋和住户", "residents": "住户"}
_TABLES: Mapping[str, str] = {
    "house": "房屋", "person": "住户", "resident": "住户关系", "vehicle": "车辆", "fee_item": "收费项目",
    "tariff": "收费标准", "house_item": "房屋的收费项目",
}  # fmt: skip
TOUCHES = frozenset({"house", "resident", "tariff", "house_item"})


@dataclass(frozen=True, slots=True)
class LastImport:
    """The last import that can be taken back: kind and file, when and by whom; what came and what was changed, in words
    with how many. `refusal` is empty, or why it cannot be taken back any more.
    """

    kind: str
    title: str
    file: str
    at: str
    user: str
    came: Mapping[str, int]
    changed: Mapping[str, int]
    refusal: str


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """What was taken back."""

    kind: str
    file: str
    came: Mapping[str, int]
    changed: Mapping[str, int]


def keep(work: Work, kind: str, file: str, journal: Journal) -> None:
    """Keep what an import did in place of what an earlier one did. For bodies of use cases."""
    work.execute(delete(ImportJournal))
    columns = ("kind", "file", "at", "user_id", "seq", "body")
    row = (kind, file, work.now, work.user_id, work.seq, journal.closed(work.connection))
    work.insert(ImportJournal, columns, [row])


def forget(work: Work) -> None:
    """What the last import did is not kept any longer: it holds what persons were called before. For bodies."""
    work.execute(delete(ImportJournal))


def _last(work: Work) -> Row[Any] | None:
    row: Row[Any] | None = work.execute(
        select(ImportJournal, User.name).join(User, User.id == ImportJournal.user_id)
    ).first()
    return row


def _refuse_built_on(work: Work, row: Row[Any], kept: tuple[Kept, ...]) -> None:
    houses = sorted(houses_of(work.connection, kept))
    for model in (Charge, Payment):
        for start in range(0, len(houses), CHUNK):
            some = houses[start : start + CHUNK]
            query = select(model.id).where(model.house_id.in_(some), model.seq > row.seq).limit(1)
            if work.execute(query).first():
                raise refuse(
                    "import_built_on", "“{file}”导入以后，这些房屋已经有新的账。", "不能整体撤销，请逐户更正。",
                    file=row.file,
                )  # fmt: skip


def _check(work: Work, row: Row[Any], kept: tuple[Kept, ...]) -> None:
    _refuse_built_on(work, row, kept)
    try:
        require_as_left(work.connection, kept)
    except Moved as moved:
        what = _TABLES.get(moved.table, "资料")
        raise refuse(
            "import_moved", "“{file}”导入以后，{what}又改过。", "不能整体撤销，请逐条更正。", file=row.file, what=what
        ) from None
    if used_by_others(work.connection, kept):
        raise refuse(
            "import_built_on", "“{file}”导入以后，又有别的资料用到了它。", "不能整体撤销，请逐条更正。", file=row.file
        )


def _counted(kept: tuple[Kept, ...]) -> tuple[dict[str, int], dict[str, int]]:
    """Rows that came and that were changed, of the tables that people know by a word."""
    known = [each for each in kept if each.table in _TABLES]
    came = {_TABLES[each.table]: len(each.came) for each in known if each.came}
    return came, {_TABLES[each.table]: len(each.before) for each in known if each.before}


@use_case(Permission.IMPORT_REGISTER)
def last(work: Work) -> LastImport | None:
    """The last import of houses or residents, and whether it can still be taken back. Writes nothing."""
    row = _last(work)
    if row is None:
        return None
    kept, refusal = read_back(row.body), ""
    try:
        _check(work, row, kept)
    except Refused as why:
        refusal = why.problem.text
    came, changed = _counted(kept)
    at = shifts.local_minute(work, row.at)
    return LastImport(row.kind, KINDS[row.kind], row.file, at, row.name, came, changed, refusal)


@use_case(Permission.IMPORT_REGISTER, audit="import.undone", touches=TOUCHES)
def undo(work: Work) -> ImportUndone:
    """Take the last import of houses or residents back: what came goes, what was changed is as it was.

    Raises Refused `no_import`, `import_built_on` (charges, payments or other rows use it), `import_moved` (rows of it
    were changed since).
    """
    row = _last(work)
    if row is None:
        raise refuse("no_import", "没有可以撤销的导入。", "只有最近一次房屋或住户的导入可以撤销。")
    kept = read_back(row.body)
    _check(work, row, kept)
    take_back(work.connection, kept)
    forget(work)
    came, changed = _counted(kept)
    detail = {"kind": row.kind, "import": row.seq, "came": came, "changed": changed}
    work.audit("import.undone", "import", None, detail=detail)
    return ImportUndone(row.kind, row.file, came, changed)
