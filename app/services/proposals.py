"""What the background proposes to people who decide: a bill run that is not posted, letters that are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.money import yuan
from app.domain.period import Period
from app.security.permissions import Permission, Role
from app.services import alerts, billing_plan, dun_plan
from app.services.alerts import INFO, Settlement, Wanted
from app.services.use_case import use_case
from db.work import Work

BILLS, DUNNING = "bill_run", "dunning"
_DECIDE = (Role.ACCOUNTANT.value, Role.MANAGER.value)
_BILLS_READ = frozenset(billing_plan.READS)
_LETTERS_READ = frozenset({"house", "resident", "ledger", "setting", "dunning"})
_STAGES = {"reminder": "温馨提示", "notice": "催缴通知单", "letter": "催缴函", "legal": "律师函"}
_TOUCHES = frozenset({"alert"})


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of the office that was looked at before: nothing is planned again while it stands."""

    day: date
    revisions: Mapping[str, int]


def _unchanged(work: Work, seen: Seen | None, reads: frozenset[str]) -> bool:
    return seen is not None and seen.day == work.today and seen.revisions == work.revisions((*reads, "alert"))


def _same(seen: Seen | None) -> Settlement:
    return Settlement(day=seen.day, revisions=seen.revisions) if seen is not None else Settlement()


def bills_wanted(work: Work) -> list[Wanted]:
    """The lines of this billing month that a run would post today."""
    month = Period.of(work.today)
    lines = billing_plan.make_plan(work, month, work.today).lines
    if not lines:
        return []
    amount, houses = sum(line.amount for line in lines), len({line.house_id for line in lines})
    title = f"{month} 还有 {houses} 户、{len(lines)} 行没有出账，共 {yuan(amount)} 元"
    todo = "请在“出账”里先试算，核对后出账。"
    return [Wanted(f"{BILLS}:{month}", BILLS, INFO, title, todo, _DECIDE, str(month))]


def letters_wanted(work: Work) -> list[Wanted]:
    """The households whose next step of the dunning ladder is due today."""
    letters = dun_plan.make_plan(work, work.today).letters
    if not letters:
        return []
    stages = Counter(str(letter.stage) for letter in letters)
    said = "、".join(f"{title} {stages[stage]}" for stage, title in _STAGES.items() if stages[stage])
    todo = "请先看“欠费催缴”的名单，核对后再发。"
    title = f"有 {len(letters)} 户该催缴：{said}"
    return [Wanted(f"{DUNNING}:{Period.of(work.today)}", DUNNING, INFO, title, todo, _DECIDE)]


def _bills(work: Work) -> Settlement:
    return alerts.settlement(work, {BILLS}, bills_wanted(work), reads=_BILLS_READ)


def _letters(work: Work) -> Settlement:
    return alerts.settlement(work, {DUNNING}, letters_wanted(work), reads=_LETTERS_READ)


def _write(work: Work, found: Settlement, kind: str) -> Settlement:
    alerts.settle(work, found)
    detail = {"source": kind, "raised": len(found.raised), "changed": len(found.changed), "closed": len(found.closed)}
    work.audit("alerts.proposed", "alert", None, detail=detail)
    return found


@use_case(Permission.PROPOSE)
def look_bills(work: Work, seen: Seen | None = None) -> Settlement:
    """Whether the proposal of a bill run differs from what is open; plans nothing where the office stands as `seen`."""
    return _same(seen) if _unchanged(work, seen, _BILLS_READ) else _bills(work)


@use_case(Permission.PROPOSE, audit="alerts.proposed", touches=_TOUCHES)
def propose_bills(work: Work, *, plan: Settlement | None = None) -> Settlement:
    """Raise, update or close the proposal of a bill run; what moved on since `plan` is looked at again here."""
    fresh = plan if plan is not None and alerts.fresh(work, plan, _BILLS_READ) else _bills(work)
    return _write(work, fresh, BILLS)


@use_case(Permission.PROPOSE)
def look_letters(work: Work, seen: Seen | None = None) -> Settlement:
    """Whether the proposal of letters differs from what is open; plans nothing where the office stands as `seen`."""
    return _same(seen) if _unchanged(work, seen, _LETTERS_READ) else _letters(work)


@use_case(Permission.PROPOSE, audit="alerts.proposed", touches=_TOUCHES)
def propose_letters(work: Work, *, plan: Settlement | None = None) -> Settlement:
    """Raise, update or close the proposal of letters; what moved on since `plan` is looked at again here."""
    fresh = plan if plan is not None and alerts.fresh(work, plan, _LETTERS_READ) else _letters(work)
    return _write(work, fresh, DUNNING)
