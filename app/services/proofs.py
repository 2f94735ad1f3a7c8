"""缴费证明: what a payer paid, for whoever asks him to show it; neither receipt nor invoice (HANDBOOK §9.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from app.security.permissions import Permission
from app.services import look_up, receipt_papers, settings, statements
from app.services.documents import keep, log_prints
from app.services.numbers import draw
from app.services.paper_file import put_file
from app.services.purse import WAYS
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.audit import Audit
from db.models.ledger import Payment, Receipt
from db.queries import owed
from db.work import Work
from reports.papers import ProofPaper, ProofRow

PREPAID = "预存"
ISSUED = "proof.issued"


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One item of a receipt, in fen."""

    on: date
    receipt: str
    method: str
    item: str
    period: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was issued; `count` says how many there are by now for the first of its houses."""

    number: str
    houses: tuple[str, ...]
    payer: str
    first: date
    last: date
    rows: tuple[ProofLine, ...]
    total_fen: int
    count: int
    file: Path


def _payer(work: Work, house: Row[Any]) -> int:
    payer = look_up.payer_on(work, house.id, work.today)
    if payer is None:
        raise refuse("no_payer", "{house} 还没有付款人。", "请先登记业主。", house=house.number, field="house")
    return payer


def _payments(work: Work, houses: Sequence[int], payers: Sequence[int], span: tuple[date | None, date]) -> list[Any]:
    """Payments that stand, with their receipts: what was voided or reversed, and its opposite, is left out."""
    back, (first, last) = aliased(Payment), span
    query = (
        select(Payment.id, Payment.house_id, Payment.on, Payment.amount, Payment.method, Receipt.number)
        .join(Receipt, Receipt.payment_id == func.coalesce(Payment.with_payment, Payment.id))
        .outerjoin(back, back.reverses == Payment.id)
        .where(
            Payment.house_id.in_(houses),
            Payment.payer_id.in_(payers),
            Payment.on <= last,
            Payment.reverses.is_(None),
            back.id.is_(None),
        )
        .order_by(Payment.on, Payment.id)
    )
    return list(work.execute(query if first is None else query.where(Payment.on >= first)).all())


def _lines(work: Work, payment: Row[Any]) -> Iterator[ProofLine]:
    lines = receipt_papers.lines(receipt_papers.allocations(work, [payment.id]), payment.house_id, 1)
    prepaid = payment.amount - sum(line.amount for line in lines)
    for line in lines:
        yield ProofLine(payment.on, payment.number, payment.method, line.item, line.period, line.amount)
    if prepaid:
        yield ProofLine(payment.on, payment.number, payment.method, PREPAID, "", prepaid)


@use_case(Permission.TAKE_PAYMENT, audit=ISSUED)
def issue(
    work: Work,
    numbers: tuple[str, ...],
    first: date | None = None,
    last: date | None = None,
    target: Path | None = None,
) -> Proof:
    """Issue a proof of what the payer of these houses paid between two days (default: all until today).

    The spaces paid with a house are included. Raises Refused `no_payments`, `no_payer`, `other_payer`, `bad_span`,
    `future_day`.
    """
    until = statements.check_span(work, first, last)
    asked = [look_up.house(work, number) for number in dict.fromkeys(numbers)]
    payers = [_payer(work, house) for house in asked]
    if not look_up.one_person(work, payers):
        raise refuse("other_payer", "这几户的付款人不是同一个人。", "请分别开具缴费证明。", field="house")
    houses = [member for house in asked for member in owed.group(work.connection, house.id)]
    payments = _payments(work, houses, payers, (first, until))
    if not payments:
        raise refuse(
            "no_payments",
            "{house} 在这段时间没有有效的收款。",
            "请核对房号和日期。",
            house=asked[0].number,
            field="house",
        )
    rows = tuple(line for payment in payments for line in _lines(work, payment))
    before = work.execute(
        select(func.count(Audit.id)).where(Audit.action == ISSUED, Audit.object_id == asked[0].id)
    ).scalar_one()
    number = f"Z{work.today.year}-{draw(work, f'proof:{work.today.year}'):06}"
    made = Proof(
        number,
        tuple(house.number for house in asked),
        look_up.party_name(work, payers[0]),
        first or payments[0].on,
        until,
        rows,
        sum(payment.amount for payment in payments),
        before + 1,
        target or work.place.folder / "out" / f"{number}.pdf",
    )
    _print(work, made, asked[0].id)
    return made


def _print(work: Work, made: Proof, house_id: int) -> None:
    paper = _paper(work, made)
    (document,) = keep(work, "proof", [(made.number, paper)])
    log_prints(work, [document])
    from reports import proof

    put_file(work, made.file, lambda path: proof.write(path, paper))
    detail = {"number": made.number, "from": paper.first, "to": paper.last, "document": document}
    work.audit(ISSUED, "house", house_id, detail=detail)


def _paper(work: Work, made: Proof) -> ProofPaper:
    said = settings.values(work)
    return ProofPaper(
        made.number,
        work.today.isoformat(),
        said["letterhead"],
        said["office_name"],
        said["telephone"],
        made.payer,
        "、".join(made.houses),
        made.first.isoformat(),
        made.last.isoformat(),
        tuple(
            ProofRow(
                row.on.isoformat(), row.receipt, WAYS[row.method], row.item, row.period,
                row.amount_fen,
            )
            for row in made.rows
        ),
        made.total_fen,
        made.count,
    )  # fmt: skip
