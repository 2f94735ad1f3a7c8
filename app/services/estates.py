"""小区: the estates of an office. House numbers and buildings are told apart across all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update

from app.security.permissions import Permission
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import Estate, House
from db.work import Work

MOST_NAME = 40


@dataclass(frozen=True, slots=True)
class EstateRow:
    """An estate and how many houses (spaces and shops too) stand in it."""

    name: str
    houses: int


def names(work: Work) -> Mapping[int, str]:
    """The names by id, the first estate first. For bodies of use cases."""
    rows = work.execute(select(Estate.id, Estate.name).order_by(Estate.id))
    return dict(rows.all())


def first_name(work: Work) -> str:
    """The first estate, by which an office goes that names no other. For bodies of use cases."""
    return next(iter(names(work).values()))


def name_of_building(work: Work, code: str) -> str:
    """The estate in which a building's houses stand; the first one for a building that nobody knows. For bodies."""
    found = work.execute(
        select(Estate.name).join(House, House.estate_id == Estate.id).where(House.building == code).limit(1)
    ).scalar()
    return found or first_name(work)


@use_case(Permission.LOG_IN)
def listing(work: Work) -> tuple[EstateRow, ...]:
    """All estates, the first one first."""
    counted = select(House.estate_id, func.count().label("n")).group_by(House.estate_id).subquery()
    rows = work.execute(
        select(Estate.name, func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.estate_id == Estate.id)
        .order_by(Estate.id)
    )
    return tuple(EstateRow(name, int(count)) for name, count in rows)


def _checked(work: Work, name: str) -> str:
    said = name.strip()
    if not 0 < len(said) <= MOST_NAME:
        raise refuse("estate_name", "小区名应为 1 到 {n} 个字。", "请改正。", n=MOST_NAME, field="name")
    if work.execute(select(Estate.id).where(Estate.name == said)).first():
        raise refuse("estate_exists", "已经有小区 {name}。", "请换一个名称。", name=said, field="name")
    return said


@use_case(Permission.CHANGE_SETTINGS, audit="estate.added", touches=frozenset({"house", "setting"}))
def add(work: Work, name: str) -> EstateRow:
    """A further estate of the running office. Raises Refused `estate_name`, `estate_exists`."""
    said = _checked(work, name)
    (estate,) = work.insert(Estate, ("name",), [(said,)])
    work.audit("estate.added", "estate", estate, detail={"name": said})
    return EstateRow(said, 0)


@use_case(Permission.CHANGE_SETTINGS, audit="estate.renamed", touches=frozenset({"house", "setting"}))
def rename(work: Work, name: str, new: str) -> EstateRow:
    """Another name for an estate, on papers made from now on. Raises Refused `unknown_estate`, and as `add` does."""
    row = work.execute(select(Estate.id).where(Estate.name == name.strip())).first()
    if row is None:
        raise refuse("unknown_estate", "没有这个小区：{name}。", "请核对小区名。", name=name, field="estate")
    said = _checked(work, new)
    work.execute(update(Estate).where(Estate.id == row.id).values(name=said, version=Estate.version + 1))
    work.audit("estate.renamed", "estate", row.id, detail={"name": name.strip(), "new": said})
    houses = work.execute(select(func.count()).select_from(House).where(House.estate_id == row.id)).scalar_one()
    return EstateRow(said, int(houses))
