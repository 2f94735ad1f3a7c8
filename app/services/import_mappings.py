"""How the columns of other programs' workbooks are read: put right once by a person, known again by their titles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select, update

from app.domain.problem import problem
from app.security.permissions import Permission
from app.services.imports import KINDS
from app.services.refused import NotAllowed, refuse
from app.services.use_case import use_case
from db.models.bank import ImportMapping
from db.types import canonical_json
from db.work import Work
from reports.excel.mapping import SheetGuess, SheetMapping, plain, unplain

MOST_NAME = 40


@dataclass(frozen=True, slots=True)
class Learned:
    """A mapping with the name that a person gave it."""

    name: str
    mapping: SheetMapping


def _titles_key(titles: Sequence[str]) -> str:
    """By what a sheet is known again: the titles of its columns."""
    return "\t".join(title.strip() for title in titles)


def _require(work: Work, kind: str) -> None:
    if kind not in KINDS:
        raise refuse("unknown_kind", "没有这种导入：{kind}。", "请核对种类。", kind=kind, field="kind")
    if KINDS[kind].permission not in work.permissions:
        said = problem("no_permission", "您的角色不能导入{kind}。", "请由有权限的同事办理。", kind=KINDS[kind].title)
        raise NotAllowed(said)


@use_case(Permission.LOG_IN)
def has(work: Work, kind: str) -> bool:
    """Whether sheets of a kind were put right before. Raises Refused `unknown_kind`, `no_permission`."""
    _require(work, kind)
    return work.execute(select(ImportMapping.id).where(ImportMapping.kind == kind).limit(1)).first() is not None


@use_case(Permission.LOG_IN)
def known(work: Work, kind: str, guesses: tuple[SheetGuess, ...]) -> Mapping[str, Learned]:
    """Of the sheets of a workbook those that were put right before, by sheet; the header may stand elsewhere now.

    Raises Refused `unknown_kind`, `no_permission`.
    """
    _require(work, kind)
    rows = work.execute(
        select(ImportMapping.titles, ImportMapping.name, ImportMapping.mapping).where(ImportMapping.kind == kind)
    )
    kept = {titles: (name, mapping) for titles, name, mapping in rows}
    found = {}
    for guess in guesses:
        name, said = kept.get(_titles_key(guess.titles), ("", ""))
        one = unplain({"": json.loads(said)})[""] if said else None
        if one is not None:
            found[guess.sheet] = Learned(name, replace(one, first=guess.mapping.first, last=guess.mapping.last))
    return found


@use_case(Permission.LOG_IN, audit="import.mapping", touches=frozenset({"import_mapping"}))
def remember(work: Work, kind: str, titles: tuple[str, ...], mapping: SheetMapping, name: str) -> None:
    """Keep under a name how a sheet with these titles is read.

    Raises Refused `unknown_kind`, `no_permission`, `mapping_name`.
    """
    _require(work, kind)
    called = name.strip()
    if not 0 < len(called) <= MOST_NAME:
        raise refuse("mapping_name", "名称应为 1 到 {n} 个字。", "请改短，或写一个。", n=MOST_NAME, field="name")
    said, key = canonical_json(plain({"": mapping})[""]), _titles_key(titles)
    of_sheet = (ImportMapping.kind == kind, ImportMapping.titles == key)
    stands = work.execute(select(ImportMapping.id).where(*of_sheet)).scalar()
    if stands is None:
        (stands,) = work.insert(ImportMapping, ("kind", "titles", "name", "mapping"), [(kind, key, called, said)])
    else:
        work.execute(update(ImportMapping).where(*of_sheet).values(name=called, mapping=said))
    work.audit("import.mapping", "import_mapping", stands, detail={"kind": kind, "name": called})
