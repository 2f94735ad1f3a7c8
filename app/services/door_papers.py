"""Papers that reach every door of a building: address labels for letters, slips with a text (UI §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_, select

from app.domain.occupancy import CONTACT
from app.security.permissions import Permission
from app.services import buildings, estates, settings
from app.services.buildings import Named
from app.services.documents import unprintable
from app.services.paper_file import put_file
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import House
from db.models.people import Person, Resident
from db.work import Work
from reports.labels import PER_SHEET as PER_SHEET
from reports.labels import AddressLabel, DoorSlips, LabelSheet

RELATIONS: Mapping[str, str] = {"owner": "业主", "tenant": "租户", "all": "所有住户"}
"""Whom labels are for; co-owners stand with the owner."""
LONGEST_TITLE, LONGEST_TEXT = 20, 400


@dataclass(frozen=True, slots=True)
class DoorPapers:
    """Labels or slips of a building: how many, for how many houses."""

    building: str
    papers: int
    houses: int
    pages: int
    file: Path
    warnings: tuple[str, ...] = ()


def _of(place: Named) -> ColumnElement[bool]:
    return and_(House.building == place.code, House.kind.in_(("house", "shop")), House.ended_on.is_(None))


def _labels(work: Work, place: Named, relation: str, estate: str) -> list[AddressLabel]:
    wanted = {"owner": ("owner", "co_owner"), "tenant": ("tenant",)}.get(relation)
    query = (
        select(House.number, Person.name)
        .select_from(Resident)
        .join(House, House.id == Resident.house_id)
        .join(Person, Person.id == Resident.person_id)
        .where(
            _of(place),
            Person.registered,
            or_(Resident.valid_from.is_(None), Resident.valid_from <= work.today),
            or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today),
            Resident.relation.in_(wanted) if wanted else Resident.relation != CONTACT,
        )
        .order_by(House.sort_key, Resident.position, Resident.id)
    )
    names: dict[str, list[str]] = {}
    for number, name in work.execute(query):
        if name not in names.setdefault(number, []):
            names[number].append(name)
    return [AddressLabel(estate, place.label, number, "、".join(people)) for number, people in names.items()]


@use_case(Permission.SEE_RESIDENTS, audit="labels.printed")
def labels(
    work: Work, building: str, relation: str = "owner", start: int = 1, target: Path | None = None
) -> DoorPapers:
    """Print an address label a house of a building: the owner with co-owners, the tenant, or all who live there, the
    first on label `start` of a sheet that is partly used.

    Raises Refused `unknown_building`, `bad_choice`, `nobody`; Problem `labels.start`, `paper.too_long`.
    """
    if relation not in RELATIONS:
        raise refuse(
            "bad_choice", "不能是 {text}。", "只能是：" + "、".join(RELATIONS), text=relation, field="relation"
        )
    if not 1 <= start <= PER_SHEET:
        raise refuse("bad_start", "第几个标签应为 1 到 {n}。", "请改正。", n=PER_SHEET, field="start")
    place, said = buildings.find(work, building), settings.values(work)
    estate = estates.name_of_building(work, place.code)
    made = _labels(work, place, relation, estate)
    if not made:
        raise refuse("nobody", "{building} 没有登记{who}。", "请先登记，或换一类。", building=place.label,
                     who=RELATIONS[relation], field="building")  # fmt: skip
    sender = " ".join(part for part in (said["letterhead"] or estate, said["office_name"], said["telephone"]) if part)
    sheet = LabelSheet(tuple(made), start, sender)
    from reports import labels as paper

    file = target or work.place.folder / "out" / f"标签-{place.code}-{work.today}.pdf"
    written = put_file(work, file, lambda path: paper.write(path, sheet))
    detail = {"building": place.code, "relation": relation, "papers": len(made)}
    work.audit("labels.printed", "building", None, detail=detail)
    return DoorPapers(place.code, len(made), len(made), written.pages, file, unprintable(written.missing))


@use_case(Permission.SEE_HOUSES, audit="slips.printed")
def slips(work: Work, building: str, text: str, title: str = "温馨提示", target: Path | None = None) -> DoorPapers:
    """Print a slip of a quarter of A4 for the door of each house of a building, with its number and the same text.

    Raises Refused `unknown_building`, `no_text`, `text_long`, `no_houses`; Problem `paper.too_long`.
    """
    words, head = text.strip(), title.strip()
    if not words or not head:
        raise refuse("no_text", "标题或文字还没有填。", "请写好要贴的话。", field="text" if head else "title")
    if len(words) > LONGEST_TEXT or len(head) > LONGEST_TITLE:
        raise refuse(
            "text_long", "标题最多 {head} 字，文字最多 {n} 字。", "请改短。", head=LONGEST_TITLE, n=LONGEST_TEXT,
            field="text" if len(words) > LONGEST_TEXT else "title",
        )  # fmt: skip
    place, said = buildings.find(work, building), settings.values(work)
    numbers = tuple(work.execute(select(House.number).where(_of(place)).order_by(House.sort_key)).scalars())
    if not numbers:
        raise refuse("no_houses", "{building} 没有房屋。", "请核对楼号。", building=place.label, field="building")
    estate = estates.name_of_building(work, place.code)
    office = " · ".join(part for part in (said["letterhead"] or estate, said["office_name"]) if part)
    paper = DoorSlips(office, said["telephone"], work.today.isoformat(), head, words, numbers)
    from reports import labels as papers

    file = target or work.place.folder / "out" / f"门条-{place.code}-{work.today}.pdf"
    written = put_file(work, file, lambda path: papers.write_slips(path, paper))
    work.audit("slips.printed", "building", None, detail={"building": place.code, "papers": len(numbers)})
    return DoorPapers(place.code, len(numbers), len(numbers), written.pages, file, unprintable(written.missing))
