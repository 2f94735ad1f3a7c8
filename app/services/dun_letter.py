"""催缴文书预览: the very pages of the paper that would go out to a house next, or of the newest that did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

from sqlalchemy import select

from app.domain.dunning import STAGE_TITLES, Action, Stage
from app.security.permissions import Permission
from app.services import dun_papers, look_up
from app.services.documents import kept
from app.services.dun_plan import Letter, Standing, standings
from app.services.dunning import WHY
from app.services.use_case import use_case
from db.models.dunning import DunStep
from db.models.estate import House
from db.queries import dunning as read
from db.queries import owed
from db.work import Work
from reports.papers import DunPaper

DRAFT = "发出时编号"
"""What stands in the place of the number of a paper that is not sent yet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A house's paper. `number` is None for one that is not sent yet, `due` says that it goes out today, `from_day` is
    the day on which the next one may. `listed_fen` is the principal on it, `rest_fen` what is open but not past due and
    so stands on none. Without a paper `pdf` is empty and `why` says why.
    """

    house: str
    title: str
    number: str | None
    on: date | None
    due: bool
    from_day: date | None
    listed_fen: int
    rest_fen: int
    pdf: bytes
    why: str


@use_case(Permission.SEE_MONEY)
def show(work: Work, house: str) -> Shown:
    """The paper of a house today: the one that is due, else the newest sent, else the first as it would be today.

    Numbers nothing and writes nothing. Raises Refused `unknown_house`.
    """
    row = look_up.house(work, house)
    home = int(row.bill_with or row.id)
    number = row.number if row.bill_with is None else _number(work, home)
    mine = [each for each in standings(work, work.today) if each.late.house_id == home]
    standing = next((each for each in mine if each.step.action is Action.SEND), mine[0] if mine else None)
    rest = _not_due(work, home)
    if standing is not None and (letter := _to_send(standing)) is not None:
        return _draft(work, number, standing, letter, rest)
    step = standing.step if standing is not None else None
    sent = _newest(work, home)
    if sent is None:
        why = WHY.get(step.reason or "", "") if step is not None else WHY["paid"]
        return Shown(number, "", None, None, False, None, 0, rest, b"", why)
    paper = kept(work, [sent.document_id], DunPaper)[sent.document_id]
    title, coming = STAGE_TITLES[Stage(sent.stage)], step.due_on if step is not None else None
    return Shown(number, title, sent.number, sent.on, False, coming, paper.principal, rest, _pdf([paper]), "")


def _to_send(standing: Standing) -> Letter | None:
    """The paper that is due, or the first one while it waits."""
    step, late = standing.step, standing.late
    if step.stage is None or (step.action is not Action.SEND and standing.done):
        return None
    return Letter(late.house, str(step.stage), late.open, late.house_id, late.payer_id, standing.ladder)


def _draft(work: Work, number: str, standing: Standing, letter: Letter, rest: int) -> Shown:
    (made,) = dun_papers.papers(work, [letter], [DRAFT], work.today)
    paper = replace(made.paper, reference="")
    due, title = standing.step.action is Action.SEND, STAGE_TITLES[Stage(letter.stage)]
    return Shown(number, title, None, work.today, due, standing.step.due_on, paper.principal, rest, _pdf([paper]), "")


def _pdf(papers: Sequence[DunPaper]) -> bytes:
    from reports import dunning

    written = BytesIO()
    dunning.write(written, papers)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Sent:
    number: str
    stage: str
    on: date
    document_id: int


def _newest(work: Work, home: int) -> _Sent | None:
    query = select(DunStep.number, DunStep.stage, DunStep.on, DunStep.document_id).where(DunStep.house_id == home)
    row = work.execute(query.order_by(DunStep.id.desc()).limit(1)).first()
    return None if row is None else _Sent(row.number, row.stage, row.on, row.document_id)


def _number(work: Work, home: int) -> str:
    return str(work.execute(select(House.number).where(House.id == home)).scalar_one())


def _not_due(work: Work, home: int) -> int:
    """What is open at a house and its spaces but not past due, in fen."""
    charges = owed.open_charges(work.connection, read.members(work.connection, [home]))
    return sum(charge.open for charge in charges if charge.due_date >= work.today)
