"""减免与调整: less or more on a charge, by two persons where the table says so; the charge stays (HANDBOOK §2.9).

What is written off (核销坏账) is no longer asked for; who pays after all has it put back first (收回).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.domain.money import yuan
from app.domain.period import Period
from app.security.permissions import ACTS, Permission, Role
from app.services import late_fees, look_up, settings
from app.services.entrance import Approver
from app.services.projections import lower_open
from app.services.refused import refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Charge
from db.models.tariff import FeeItem
from db.queries import owed
from db.work import Work

KINDS: Mapping[str, str] = {
    "waiver": "减免", "correction": "补收", "write_off": "核销坏账", "recovery": "坏账收回",
}  # fmt: skip
LOWERING = ("waiver", "write_off")
PARTS: Mapping[str, str] = {"principal": "本金", "late_fee": "违约金", "cost": "费用"}
MOST_FEN = 10**10


@dataclass(frozen=True, slots=True)
class Change:
    """Less or more on what a house owes for an item: the first month served, the part, how much (fen, above 0)."""

    item: str
    period: str
    amount: int
    part: str = "principal"


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """What was changed, in fen with its sign."""

    item: str
    item_name: str
    period: str
    part: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjustment that is posted; `owed_fen` is what the house owes now."""

    house: str
    kind: str
    lines: tuple[ChangedRow, ...]
    amount_fen: int
    owed_fen: int


def _check(kind: str, changes: Sequence[Change]) -> None:
    if kind not in KINDS:
        raise refuse(
            "unknown_adjustment", "没有这种调整：{kind}。", "可用：" + "、".join(KINDS), kind=kind, field="kind"
        )
    if not changes:
        raise refuse("nothing_to_adjust", "没有选要调整的费用。", "请至少选一笔。", field="for")
    for change in changes:
        if change.part not in PARTS:
            raise refuse(
                "unknown_part", "没有这一部分：{part}。", "可用：本金、违约金、费用。", part=change.part, field="part"
            )
        if not 0 < change.amount <= MOST_FEN:
            raise refuse("bad_adjustment", "调整的金额应大于 0。", "请改正金额。", field="amount")


def _limit(work: Work, kind: str, total: int) -> bool:
    """Whether a waiver is small enough to need nobody else."""
    return kind == "waiver" and total <= int(settings.value(work, "waiver_limit_fen"))


def approvers(work: Work) -> frozenset[str]:
    """Who agrees to a waiver: the manager; to the manager's own the accountant too (DESIGN §1). For bodies."""
    own = Role.MANAGER in work.roles
    return frozenset({Role.MANAGER, Role.ACCOUNTANT}) if own else ACTS["charge.adjust"].approvers


@use_case(Permission.REQUEST_WAIVER, audit="charge.adjusted", touches=frozenset({"ledger"}))
def adjust(
    work: Work,
    number: str,
    kind: str,
    changes: Sequence[Change],
    reason: str | None,
    *,
    second: Approver | None = None,
) -> Adjusted | Waiting:
    """Change what a house owes: less (`waiver`, `write_off`) or more (`correction`, `recovery`).

    Up to the office's limit a waiver needs nobody else; all other needs a second person. Nothing goes below what is
    paid already. A late fee that is only quoted is posted and taken off in one act, so it is not quoted again.

    Raises Refused `unknown_debt`, `below_paid`, `correction_of_credit`, `not_written_off`, `reason_needed`,
    `not_approver`.
    """
    _check(kind, changes)
    why, house = need_reason(reason), look_up.house(work, number)
    arguments = {
        "house": house.number,
        "kind": kind,
        "changes": [[change.item, change.period, change.amount, change.part] for change in changes],
    }
    total = sum(change.amount for change in changes)
    targets = _targets(work, house.id, kind, changes)
    if _limit(work, kind, total):
        return _perform(work, arguments, why, Consent(False, None))
    agreeing = approvers(work)
    said = "、".join(f"{target.row.item_name} {target.row.period}" for target in targets)
    summary = f"{house.number} {KINDS[kind]} {yuan(total)} 元：{said}"
    return perform_or_ask(
        work, "charge.adjust", _perform, arguments, why, summary, second, audit="charge.adjusted",
        about=("house", house.id), approvers=agreeing,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Target:
    """A charge to change, or a principal whose late fee is only quoted (`fee` fen of it are to be posted first)."""

    charge_id: int
    base: owed.Open | None
    fee: int
    row: ChangedRow


def _targets(work: Work, house_id: int, kind: str, changes: Sequence[Change]) -> list[_Target]:
    if kind == "recovery":
        back: dict[int, int] = {}
        return [_written_off(work, house_id, change, back) for change in changes]
    if kind == "correction":
        return [_newest(work, house_id, change) for change in changes]
    charges = owed.open_charges(work.connection, [house_id])
    quotes = late_fees.quote(work, charges, work.today)
    left = {charge.charge_id: charge.open for charge in charges}
    found: list[_Target] = []
    for change in changes:
        found += _lowered(charges, left, quotes, change)
    return found


def _named(charge: owed.Open, change: Change) -> bool:
    return charge.item == change.item and str(Period.of(charge.period_from)) == change.period


def _unknown(change: Change) -> Exception:
    return refuse(
        "unknown_debt", "没有这笔未交的费用：{item} {period}（{part}）。", "请核对项目代码和账期。", item=change.item,
        period=change.period, part=PARTS[change.part], field="for",
    )  # fmt: skip


def _lowered(
    charges: Sequence[owed.Open], opened: dict[int, int], quotes: dict[int, int], change: Change
) -> list[_Target]:
    """What a change takes off: posted charges of the part first, then the quoted late fee. What it takes is taken off
    `opened` and `quotes`, so that another change of the same act finds only the rest.
    """
    left, found = change.amount, list[_Target]()
    hits = [charge for charge in charges if _named(charge, change)]
    for charge in hits:
        if charge.part == change.part and (now := min(left, opened[charge.charge_id])):
            found.append(_Target(charge.charge_id, None, 0, _row(charge, change, -now)))
            opened[charge.charge_id] -= now
            left -= now
    for charge in hits:
        quoted = quotes.get(charge.charge_id, 0) if change.part == "late_fee" and charge.part == "principal" else 0
        if now := min(left, quoted):
            found.append(_Target(0, charge, now, _row(charge, change, -now)))
            quotes[charge.charge_id] -= now
            left -= now
    fee = change.part == "late_fee"
    if not any(charge.part == change.part or (fee and charge.charge_id in quotes) for charge in hits):
        raise _unknown(change)
    if left:
        open_now = change.amount - left
        raise refuse(
            "below_paid", "{item} {period} 现在只有 {open} 元未交，不能减 {amount} 元。", "已交的部分请先退款或红冲。",
            item=change.item, period=change.period, open=yuan(open_now), amount=yuan(change.amount), field="amount",
        )  # fmt: skip
    return found


def _row(charge: owed.Open, change: Change, fen: int) -> ChangedRow:
    return ChangedRow(charge.item, charge.item_name, change.period, change.part, fen)


def _charges(work: Work, house_id: int, change: Change) -> list[Any]:
    month = Period.parse(change.period)
    return list(
        work.execute(
            select(Charge.id, Charge.amount, FeeItem.code, FeeItem.name)
            .join(FeeItem, FeeItem.id == Charge.item_id)
            .where(
                Charge.house_id == house_id, FeeItem.code == change.item, Charge.part == change.part,
                Charge.period_from >= month.first, Charge.period_from <= month.last,
            )
            .order_by(Charge.id.desc())
        )
    )  # fmt: skip


def _newest(work: Work, house_id: int, change: Change) -> _Target:
    """The newest charge that is not wholly reversed: what is collected besides goes onto it, never onto a credit, whose
    money may have settled something already.
    """
    undone = set(
        work.execute(
            select(Adjustment.charge_id)
            .join(Charge, Charge.id == Adjustment.charge_id)
            .where(Charge.house_id == house_id, Adjustment.kind == "reversal")
        ).scalars()
    )
    rows = [row for row in _charges(work, house_id, change) if row.id not in undone]
    if not rows:
        raise refuse(
            "unknown_charge", "{item} {period} 没有出过账，不能补收。", "没有出过的请在出账页补出。", item=change.item,
            period=change.period, field="for",
        )  # fmt: skip
    row = next((row for row in rows if row.amount >= 0), None)
    if row is None:
        raise refuse(
            "correction_of_credit", "{item} {period} 是退给住户的，不能在上面补收。", "请补收在这个项目别的账期上。",
            item=change.item, period=change.period, field="for",
        )  # fmt: skip
    return _Target(row.id, None, 0, ChangedRow(row.code, row.name, change.period, change.part, change.amount))


def _written_off(work: Work, house_id: int, change: Change, back: dict[int, int]) -> _Target:
    """The charge that was written off, and no more than that; `back` is what this act took back so far, by charge."""
    for row in _charges(work, house_id, change):
        gone = -int(
            work.execute(
                select(func.coalesce(func.sum(Adjustment.amount), 0)).where(
                    Adjustment.charge_id == row.id, Adjustment.kind.in_(("write_off", "recovery"))
                )
            ).scalar_one()
        )
        if gone - back.get(row.id, 0) >= change.amount:
            back[row.id] = back.get(row.id, 0) + change.amount
            return _Target(row.id, None, 0, ChangedRow(row.code, row.name, change.period, change.part, change.amount))
    raise refuse(
        "not_written_off", "{item} {period} 没有核销过这么多。", "请核对核销的金额。", item=change.item,
        period=change.period, field="amount",
    )  # fmt: skip


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> Adjusted:
    house, kind = look_up.house(work, str(arguments["house"])), str(arguments["kind"])
    changes = [Change(item, period, int(fen), part) for item, period, fen, part in arguments["changes"]]
    targets = _targets(work, house.id, kind, changes)
    quoted = [(target.base, target.fee) for target in targets if target.base is not None]
    posted = iter(late_fees.post(work, quoted, work.today) if quoted else ())
    entries = [(next(posted) if target.base is not None else target.charge_id, target.row) for target in targets]
    work.append(Adjustment, work.today, [(charge_id, row.amount_fen, kind, work.user_id) for charge_id, row in entries])
    moved: dict[int, int] = {}
    for charge_id, row in entries:
        moved[charge_id] = moved.get(charge_id, 0) - row.amount_fen
    lower_open(work, moved)
    rows = tuple(row for _, row in entries)
    amount = sum(row.amount_fen for row in rows)
    detail = {
        "house": house.number, "kind": kind, "amount_fen": amount, "reason": reason, "lines_fen": arguments["changes"],
    }  # fmt: skip
    work.audit("charge.adjusted", "house", house.id, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched.add("ledger")
    left = sum(charge.open for charge in owed.open_charges(work.connection, [house.id]))
    return Adjusted(house.number, kind, rows, amount, left)


PERFORM["charge.adjust"] = _perform
