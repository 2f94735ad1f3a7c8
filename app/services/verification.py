"""核对: whether the whole office is sound, from the cipher's pages to the sums of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.anchor import Anchor, parse
from app.security import audit as chain
from app.security.permissions import Permission
from app.services import attachments
from app.services import projection_check as projection
from app.services.progress import Progress
from app.services.statements import Totals, totals
from app.services.use_case import use_case
from db.canonical import text_digest
from db.models.audit import Audit
from db.models.document import Document
from db.models.ledger import Adjustment, Allocation, Charge, ChargePart, Payment, Refund
from db.queries import owed
from db.work import Work


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was looked at; totals only for who may see money."""

    ok: bool
    checks: tuple[Check, ...]
    totals: Totals | None
    audit_head: str


def _pages(work: Work) -> Sequence[str]:
    if work.connection.dialect.name != "sqlite":
        return ()
    return [str(row[0]) for row in work.connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchmany(5)]


def _structure(work: Work) -> Sequence[str]:
    if work.connection.dialect.name != "sqlite":
        return ()
    rows = work.connection.exec_driver_sql("PRAGMA integrity_check(5)").all()
    return [str(row[0]) for row in rows if row[0] != "ok"]


def _foreign_keys(work: Work) -> Sequence[str]:
    if work.connection.dialect.name != "sqlite":
        return ()
    rows = work.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    return [f"{row[0]} 有一行指向不存在的 {row[2]}" for row in rows]


def _chain(work: Work) -> Sequence[str]:
    return chain.damage(work.connection)


def _chain_told(work: Work, progress: Progress) -> Sequence[str]:
    """The chain, saying which record it has come to."""
    last = chain.head(work.connection).seq
    return chain.damage(work.connection, tell=lambda seq: progress.step(seq, last, f"核对{TITLES['audit_chain']}"))


def _charge_parts(work: Work) -> Sequence[str]:
    shown = select(ChargePart.charge_id, func.sum(ChargePart.shown).label("shown")).group_by(ChargePart.charge_id)
    parts = shown.subquery()
    rows = work.execute(
        select(Charge.id).join(parts, parts.c.charge_id == Charge.id).where(parts.c.shown != Charge.amount).limit(5)
    ).all()
    return [f"{len(rows)} 笔应收与它的计算过程不符"] if rows else ()


def _allocated(work: Work) -> Sequence[str]:
    adjusted = select(Adjustment.charge_id, func.sum(Adjustment.amount).label("a")).group_by(Adjustment.charge_id)
    allocated = select(Allocation.charge_id, func.sum(Allocation.amount).label("b")).group_by(Allocation.charge_id)
    more, paid = adjusted.subquery(), allocated.subquery()
    net = Charge.amount + func.coalesce(more.c.a, 0)
    got = func.coalesce(paid.c.b, 0)
    rows = work.execute(
        select(Charge.id)
        .outerjoin(more, more.c.charge_id == Charge.id)
        .outerjoin(paid, paid.c.charge_id == Charge.id)
        .where(((net >= 0) & ((got < 0) | (got > net))) | ((net < 0) & (got != 0)))
        .limit(5)
    ).all()
    return [f"{len(rows)} 笔应收的核销超出了它的净额"] if rows else ()


def _payments(work: Work) -> Sequence[str]:
    allocated = select(Allocation.payment_id, func.sum(Allocation.amount).label("a")).group_by(Allocation.payment_id)
    refunded = select(Refund.payment_id, func.sum(Refund.amount).label("b")).group_by(Refund.payment_id)
    used, back = allocated.subquery(), refunded.subquery()
    rest = Payment.amount - func.coalesce(used.c.a, 0) - func.coalesce(back.c.b, 0)
    rows = work.execute(
        select(Payment.id)
        .outerjoin(used, used.c.payment_id == Payment.id)
        .outerjoin(back, back.c.payment_id == Payment.id)
        .where(Payment.reverses.is_(None), rest < 0)
        .limit(5)
    ).all()
    found = [f"{len(rows)} 笔收款的核销与退款超过了收到的钱"] if rows else []
    spent = [source for source in owed.credits(work.connection) if source.left < 0]
    return [*found, f"{len(spent)} 笔退给住户的费用抵扣与退款超过了它的金额"] if spent else found


def _documents(work: Work) -> Sequence[str]:
    rows = work.execute(select(Document.number, Document.body, Document.digest))
    return [f"存档 {row.number} 与它的指纹不符" for row in rows if text_digest(row.body) != row.digest][:5]


_CHECKS: Sequence[tuple[str, Callable[[Work], Sequence[str]]]] = (
    ("cipher_integrity", _pages),
    ("structure", _structure),
    ("foreign_keys", _foreign_keys),
    ("audit_chain", _chain),
    ("charge_parts", _charge_parts),
    ("allocations", _allocated),
    ("payments", _payments),
    ("open_charges", projection.open_charges),
    ("prepaid", projection.prepaid),
    ("sums", projection.sums),
    ("receipt_numbers", projection.receipt_numbers),
    ("documents", _documents),
    ("files", attachments.damage),
)


TITLES: Mapping[str, str] = {
    "anchor": "纸上的链头",
    "witness": "见证文件",
    "cipher_integrity": "加密页",
    "structure": "数据文件结构",
    "foreign_keys": "行与行的关联",
    "audit_chain": "审计链",
    "charge_parts": "应收的计算过程",
    "allocations": "核销不超过应收",
    "payments": "核销不超过收款",
    "open_charges": "未收余额",
    "prepaid": "预存余额",
    "sums": "合计数",
    "receipt_numbers": "收据号连续",
    "documents": "存档文书",
    "files": "照片和文件",
}
"""What each check is called."""


def check_all(work: Work, progress: Progress | None = None) -> tuple[Check, ...]:
    """Every check; for bodies of use cases. Raises Cancelled between two checks, and within the long one."""
    found, seen = [], progress or Progress()
    whole = seen.what
    for at, (name, look) in enumerate(_CHECKS):
        seen.step(at, len(_CHECKS), f"核对{TITLES[name]}")
        faults = _chain_told(work, seen) if look is _chain else look(work)
        found.append(Check(name, not faults, "；".join(faults) or "正常"))
    seen.step(len(_CHECKS), len(_CHECKS), whole)
    return tuple(found)


def _anchored(work: Work, kept: Anchor) -> Check:
    """Whether the chain still passes through a point that somebody kept on paper."""
    stored = work.execute(select(Audit.digest).where(Audit.id == kept.seq)).scalar()
    if kept.holds(stored):
        return Check("anchor", True, f"第 {kept.seq} 条记录与纸上的链头相符")
    if stored is None:
        return Check("anchor", False, f"没有第 {kept.seq} 条记录：数据被截短，或换成了旧文件")
    return Check("anchor", False, f"第 {kept.seq} 条记录与纸上的链头不符：以前的记录被改动，或换成了别的文件")


def report(work: Work, missing: int = 0, anchors: Sequence[str] = (), progress: Progress | None = None) -> Report:
    """The whole report; for bodies of use cases. `missing` records are what the witness saw more; `anchors` are heads
    kept on paper, `SEQ:HEAD`.
    """
    kept = [parse(text) for text in anchors]
    checks = (
        *(_anchored(work, each) for each in kept),
        Check("witness", not missing, f"比见证文件少 {missing} 条记录" if missing else "正常"),
        *check_all(work, progress),
    )
    seen = totals(work) if Permission.SEE_MONEY in work.permissions else None
    return Report(all(check.ok for check in checks), checks, seen, chain.head(work.connection).digest)


@use_case(Permission.VERIFY)
def verify(work: Work, missing: int = 0, anchors: Sequence[str] = (), *, progress: Progress | None = None) -> Report:
    """Check the whole office, and that the chain passes through heads kept on paper; writes nothing."""
    return report(work, missing, anchors, progress)


@use_case(Permission.REBUILD, audit="projections.rebuilt", touches=frozenset({"ledger"}))
def rebuild(work: Work) -> Report:
    """Write the projections anew from the entries, and check the whole office."""
    changed = projection.rebuild(work)
    work.audit("projections.rebuilt", "office", 1, detail=changed)
    return report(work)
