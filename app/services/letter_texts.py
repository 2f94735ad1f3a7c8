"""催缴文书的文字: the words of each stage's paper, the packaged ones or the office's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from app.domain import letter_text
from app.domain.dunning import STAGE_TITLES, Stage
from app.domain.problem import problem
from app.security.permissions import Permission, Role
from app.services.refused import NotAllowed, refuse
from app.services.use_case import use_case
from db.models.dunning import LetterText
from db.work import Work

FOLDER = Path(__file__).parents[2] / "resources" / "letters"


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The words of a stage's paper; `own` where the office changed them, `version` counts its changes."""

    kind: str
    title: str
    text: str
    own: bool
    version: int


def _packaged(kind: Stage) -> str:
    """The words that come with the program."""
    return (FOLDER / f"{kind}.txt").read_text(encoding="utf-8").strip()


def words(work: Work, kind: Stage) -> LetterWords:
    """The words of a stage today; for bodies of use cases."""
    stored = work.execute(select(LetterText.text, LetterText.version).where(LetterText.kind == str(kind))).first()
    if stored is None:
        return LetterWords(str(kind), STAGE_TITLES[kind], _packaged(kind), False, 0)
    return LetterWords(str(kind), STAGE_TITLES[kind], stored.text, True, stored.version)


def _stage(kind: str) -> Stage:
    if kind not in tuple(Stage):
        raise refuse("unknown_letter", "没有这种文书：{kind}。", "可用：" + "、".join(Stage), kind=kind, field="kind")
    return Stage(kind)


def _require_manager(work: Work) -> None:
    if Role.MANAGER not in work.roles:
        raise NotAllowed(problem("no_permission", "您的角色不能改催缴文书。", "请由经理办理。"))


@use_case(Permission.SEE_SETTINGS)
def get(work: Work, kind: str) -> LetterWords:
    """The words of a stage's paper."""
    return words(work, _stage(kind))


@use_case(Permission.CHANGE_SETTINGS, audit="letter.changed", touches=frozenset({"letter"}))
def change(work: Work, kind: str, text: str, version: int | None = None) -> LetterWords:
    """Change the words of a stage's paper. `version` is the one the writer saw.

    Raises Refused `letter.…` for a text that leaves out what must stand in it or says what must not, `changed_since`.
    """
    _require_manager(work)
    stage = _stage(kind)
    before, kept = words(work, stage), letter_text.check(stage, text)
    if version is not None and version != before.version:
        raise refuse("changed_since", "别人刚改过这份文书。", "请看过新的文字再改。", field="version")
    if before.own:
        work.execute(
            update(LetterText).where(LetterText.kind == str(stage)).values(text=kept, version=before.version + 1)
        )
    else:
        work.execute(insert(LetterText).values(kind=str(stage), text=kept, version=1))
    work.audit("letter.changed", "letter", None, detail={"kind": str(stage), "before": before.text, "after": kept})
    return LetterWords(str(stage), STAGE_TITLES[stage], kept, True, before.version + 1)


@use_case(Permission.CHANGE_SETTINGS, audit="letter.reset", touches=frozenset({"letter"}))
def reset(work: Work, kind: str) -> LetterWords:
    """Go back to the words that come with the program."""
    _require_manager(work)
    stage = _stage(kind)
    before = words(work, stage)
    work.execute(delete(LetterText).where(LetterText.kind == str(stage)))
    work.audit("letter.reset", "letter", None, detail={"kind": str(stage), "before": before.text})
    return words(work, stage)
