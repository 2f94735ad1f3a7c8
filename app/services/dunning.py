"""催缴: rehearse a day's papers, send them, and keep what was sent (HANDBOOK §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.domain.dunning import STAGE_TITLES, STAGES, Stage
from app.security.permissions import Permission
from app.services import dun_papers, late_fees, look_up
from app.services.arrears import day_of
from app.services.documents import keep, kept, log_prints, unprintable
from app.services.dun_papers import Made
from app.services.dun_plan import DunPlan, Letter, Skipped, make_plan
from app.services.numbers import draw_many
from app.services.paper_file import put_file
from app.services.progress import watched
from app.services.refused import refuse
from app.services.use_case import use_case
from db.canonical import text_digest
from db.models.dunning import DunStep
from db.queries import owed
from db.work import Work
from reports.papers import DunPaper

LATE_FEE_STAGES = (Stage.LETTER, Stage.LEGAL)
"""Stages that post the late fee which they print (DESIGN §4)."""

TOUCHES = frozenset({"ledger", "dunning"})


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A paper: house, stage, past-due principal in fen, its number once it is sent."""

    house: str
    stage: str
    owed_fen: int
    late_fee_fen: int
    number: str | None


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """Who gets no paper, and why; `stage` would be next, from `from_day` on."""

    house: str
    reason: str
    stage: str | None
    from_day: date | None


@dataclass(frozen=True, slots=True)
class DunAnswer:
    """A day's dunning: papers in the order of the round, who gets none, and the file they were printed to."""

    as_of: date
    letters: tuple[LetterRow, ...]
    skipped: tuple[SkippedRow, ...]
    file: Path | None
    pages: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DunPrinted:
    """A paper printed once more."""

    number: str
    file: Path
    copy: int


def _chosen(work: Work, plan: DunPlan, house: str | None, stage: str | None) -> DunPlan:
    """The part of a plan that is about one house, or of one stage. Raises Refused where that cannot be."""
    letters, skipped = plan.letters, plan.skipped
    if house is not None:
        row = look_up.house(work, house)
        home = row.bill_with or row.id
        letters = tuple(letter for letter in letters if letter.house_id == home)
        skipped = tuple(each for each in skipped if each.house_id == home)
        if not letters and not skipped:
            raise refuse(
                "nothing_past_due",
                "{house} 到 {day} 没有逾期未交的费用，不用催缴。",
                "请用 arrears 或 statement 核对。",
                house=row.number,
                day=plan.as_of,
                field="house",
            )
    if stage is not None:
        _known(stage)
        if house is not None:
            _refuse_skipping(letters, skipped, stage)
        letters = tuple(letter for letter in letters if letter.stage == stage)
    return DunPlan(plan.as_of, letters, skipped)


def _known(stage: str) -> None:
    if stage not in STAGES:
        raise refuse("unknown_stage", "没有这一步：{stage}。", "可用：" + "、".join(STAGES), stage=stage, field="stage")


def _refuse_skipping(letters: Sequence[Letter], skipped: Sequence[Skipped], stage: str) -> None:
    """An order for a stage that is not the next one: no stage is jumped, none comes before its day."""
    following = [(letter.house, letter.stage, "not_yet") for letter in letters]
    if any(letter.stage == stage for letter in letters):
        return
    for house, coming, why in [*following, *((row.house, row.stage, row.reason) for row in skipped)]:
        if coming is None or coming == stage:
            raise refuse(
                "not_due",
                "{house} 现在不能发{stage}：{why}。",
                "请在催缴的预览里看每一户的情况。",
                house=house,
                stage=STAGE_TITLES[Stage(stage)],
                why=WHY.get(why, why),
                field="stage",
            )
        raise refuse(
            "stage_skipped",
            "{house} 下一步是{next}，不能直接发{stage}。",
            "催缴要一步一步来：温馨提示、催缴通知单、催缴函、律师函。",
            house=house,
            next=STAGE_TITLES[Stage(coming)],
            stage=STAGE_TITLES[Stage(stage)],
            field="stage",
        )


WHY: Mapping[str, str] = {
    "paid": "没有逾期的本金",
    "below_minimum": "欠费不到起催金额",
    "not_yet": "还没到日子",
    "ladder_finished": "四步都已走完",
    "no_proof_of_service": "通知单或催缴函还没有送达凭证",
    "disputed": "有争议，暂缓",
    "plan_active": "分期协议履行中，暂缓",
    "heirs_unknown": "继承人未明，暂缓",
    "insolvency": "破产程序中，暂缓",
}
"""Why somebody gets no paper, in the words of the office."""


def _answer(
    plan: DunPlan, made: Sequence[Made], file: Path | None, pages: int = 0, missing: Sequence[str] = ()
) -> DunAnswer:
    done = {(m.letter.house_id, m.letter.payer_id): m for m in made}
    letters = []
    for letter in plan.letters:
        paper = done.get((letter.house_id, letter.payer_id))
        number = paper.paper.number if paper else None
        late = paper.paper.late_fee if paper else 0
        letters.append(LetterRow(letter.house, letter.stage, letter.owed_fen, late, number))
    skipped = tuple(SkippedRow(row.house, row.reason, row.stage, row.from_day) for row in plan.skipped)
    return DunAnswer(plan.as_of, tuple(letters), skipped, file, pages, unprintable(missing))


@use_case(Permission.SEE_MONEY)
def preview(work: Work, as_of: date | None = None, house: str | None = None, stage: str | None = None) -> DunAnswer:
    """Who would get which paper on a day, and who none and why. Writes nothing, numbers nothing."""
    return _answer(_chosen(work, make_plan(work, day_of(work, as_of)), house, stage), (), None)


@use_case(Permission.DUN, audit="dunning.sent", touches=TOUCHES)
def run(
    work: Work, target: Path, as_of: date | None = None, house: str | None = None, stage: str | None = None
) -> DunAnswer:
    """Send the papers that are due: number, keep and print them, merged in the order of the round.

    The stages letter and legal post the late fee that they print. Run twice on a day it sends nothing more.
    Raises Refused for a day in the future, a house that owes nothing past due, a stage that is not the next.
    """
    day = day_of(work, as_of)
    plan = _chosen(work, make_plan(work, day), house, stage)
    series = f"dun:{work.today.year}"
    numbers = [f"D{work.today.year}-{n:06}" for n in draw_many(work, series, len(plan.letters))] if plan.letters else []
    made = dun_papers.papers(work, plan.letters, numbers, day)
    _post_late_fees(work, made, day)
    ids = keep(work, "dunning", [(m.paper.number, m.paper) for m in made])
    work.insert(
        DunStep,
        ("number", "stage", "ladder", "house_id", "payer_id", "on", "principal", "late_fee", "deadline", "document_id",
         "seq"),
        [
            (m.paper.number, m.letter.stage, m.letter.ladder, m.letter.house_id, m.letter.payer_id, day.isoformat(),
             m.paper.principal, m.paper.late_fee, m.paper.deadline or None, document, work.seq)
            for m, document in zip(made, ids, strict=True)
        ],
    )  # fmt: skip
    log_prints(work, ids)
    file, pages, missing = _print(work, [m.paper for m in made], target)
    digest = text_digest("".join(m.paper.number for m in made))
    work.audit(
        "dunning.sent", "document", None, detail={"as_of": day.isoformat(), "papers": len(made), "digest": digest}
    )
    return _answer(plan, made, file, pages, missing)


def _print(work: Work, papers: Sequence[DunPaper], target: Path) -> tuple[Path | None, int, Sequence[str]]:
    if not papers:
        return None, 0, ()
    from reports import dunning

    made = put_file(work, target, lambda path: dunning.write(path, watched(papers)))
    return target, made.pages, made.missing


def _post_late_fees(work: Work, made: Sequence[Made], on: date) -> None:
    """Post what letters of the last two stages print, and set nothing off against it."""
    bases: list[tuple[owed.Open, int]] = [
        (m.charges[charge_id], fee)
        for m in made
        if m.letter.stage in LATE_FEE_STAGES
        for charge_id, fee in m.quotes.items()
    ]
    late_fees.post(work, bases, on)


@use_case(Permission.DUN, audit="dunning.printed")
def reprint(work: Work, number: str, target: Path) -> DunPrinted:
    """Print a paper that was sent once more, as it was; counted and audited."""
    step = find_step(work, number)
    paper = kept(work, [step.document_id], DunPaper)[step.document_id]
    copy = log_prints(work, [step.document_id])[step.document_id]
    _print(work, [paper], target)
    work.audit("dunning.printed", "dun_step", step.id, detail={"number": step.number, "copy": copy})
    return DunPrinted(step.number, target, copy)


@dataclass(frozen=True, slots=True)
class Step:
    """A paper that was sent."""

    id: int
    number: str
    stage: str
    house_id: int
    payer_id: int
    on: date
    document_id: int


def find_step(work: Work, number: str) -> Step:
    """The paper of a number. Raises Refused `unknown_paper`. For bodies of use cases."""
    row = work.execute(select(DunStep).where(DunStep.number == number.strip().upper())).first()
    if row is None:
        raise refuse(
            "unknown_paper",
            "没有这份催缴文书：{number}。",
            "请核对编号，如 D2026-000031。",
            number=number,
            field="number",
        )
    return Step(row.id, row.number, row.stage, row.house_id, row.payer_id, row.on, row.document_id)
