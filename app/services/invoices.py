"""开票申请: who paid asks for an invoice (发票管理办法 art. 18, 19): what is taxed, and the number of the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, update

from app.domain import credit_code, vat
from app.domain.kinds import LIABLE
from app.domain.money import Fen
from app.security.permissions import Permission
from app.services import receipts
from app.services.numbers import draw
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.ledger import Allocation, Charge, Payment, Receipt
from db.models.run import InvoiceRequest
from db.models.tariff import FeeItem, FeeRule
from db.work import Work

MOST = 80
"""At most so many characters of a title or of an invoice's number."""


@dataclass(frozen=True, slots=True)
class InvoiceAsked:
    """A request: its number, the receipt, the title as given, net and tax in fen; the invoice once it is issued."""

    number: str
    receipt: str
    title: str
    tax_number: str
    net_fen: int
    tax_fen: int
    on: date
    state: str
    invoice: str | None
    issued_on: date | None

    @property
    def gross_fen(self) -> int:
        """What the invoice comes to."""
        return self.net_fen + self.tax_fen


def _taxed(work: Work, payments: Sequence[int]) -> list[tuple[int, int]]:
    """What these payments settle today: fen by VAT rate (1e-8); deposits are no income and are left out."""
    newest = (
        select(FeeRule.vat_rate)
        .where(FeeRule.item_id == Charge.item_id, FeeRule.valid_from <= Charge.period_from)
        .order_by(FeeRule.valid_from.desc())
        .limit(1)
        .correlate(Charge)
        .scalar_subquery()
    )
    rate = func.coalesce(newest, 0)
    rows = work.execute(
        select(rate, func.sum(Allocation.amount))
        .select_from(Allocation)
        .join(Charge, Charge.id == Allocation.charge_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(Allocation.payment_id.in_(payments), FeeItem.kind.not_in(LIABLE))
        .group_by(rate)
    ).all()
    return [(int(found), int(fen)) for found, fen in rows if fen]


def _check(title: str, tax_number: str) -> tuple[str, str]:
    name, code = title.strip(), tax_number.strip().upper()
    if not 0 < len(name) <= MOST:
        raise refuse("invoice_title", "发票抬头应为 1 到 {n} 个字。", "请填写抬头。", n=MOST, field="title")
    if code and not credit_code.check(code).valid and not _personal(code):
        raise refuse(
            "invoice_tax_number",
            "税号 {code} 不对：应为 18 位统一社会信用代码。",
            "请核对；个人不用填。",
            code=code,
            field="tax_number",
        )
    return name, code


def _personal(code: str) -> bool:
    """Old registration numbers of 15 digits still stand on some papers."""
    return len(code) in (15, 20) and code.isalnum()


@use_case(Permission.TAKE_PAYMENT, audit="invoice.asked", touches=frozenset({"ledger"}))
def ask(work: Work, receipt: str, title: str, tax_number: str = "") -> InvoiceAsked:
    """Ask for an invoice over what a receipt settles, deposits left out; prepaid balance is invoiced when it is used.

    Net and tax are split by the rate that the item had on the first day of each period (HANDBOOK §2.10).
    Raises Refused `invoice_title`, `invoice_tax_number`, `invoice_undone`, `invoice_twice`, `invoice_nothing`.
    """
    name, code = _check(title, tax_number)
    row = receipts.find(work, receipt)
    if row.reverses is not None or receipts.opposite_of(work, row.id) is not None:
        raise refuse("invoice_undone", "收据 {number} 已作废或红冲，不能开票。", "请核对收据号。", number=row.number)
    standing = select(InvoiceRequest.number).where(
        InvoiceRequest.payment_id == row.id, InvoiceRequest.state != "dropped"
    )
    twice = work.execute(standing).scalar()
    if twice:
        raise refuse("invoice_twice", "收据 {number} 已有开票申请 {twice}。", "要改抬头请先撤回。", number=row.number,
                     twice=twice, field="receipt")  # fmt: skip
    taxed = _taxed(work, [part.id for part in receipts.together(work, row.id)])
    split = [vat.split(Fen(fen), rate) for rate, fen in taxed]
    net, tax = sum(part[0] for part in split), sum(part[1] for part in split)
    if net + tax <= 0:
        raise refuse(
            "invoice_nothing", "收据 {number} 没有可以开票的费用。", "押金不开票；预存用到时再开。", number=row.number
        )
    number = f"K{work.today.year}-{draw(work, f'invoice:{work.today.year}'):06}"
    (request,) = work.insert(
        InvoiceRequest,
        ("number", "payment_id", "title", "tax_number", "net", "tax", "on", "state", "user_id", "seq"),
        [(number, row.id, name, code, net, tax, work.today.isoformat(), "asked", work.user_id, work.seq)],
    )
    detail = {"number": number, "receipt": row.number, "net_fen": net, "tax_fen": tax}
    work.audit("invoice.asked", "invoice_request", request, detail=detail)
    return _shown(work, number)


def _find(work: Work, number: str) -> Row[Any]:
    row: Row[Any] | None = work.execute(
        select(InvoiceRequest).where(InvoiceRequest.number == number.strip().upper())
    ).first()
    if row is None:
        raise refuse("unknown_invoice", "没有这个开票申请：{number}。", "请核对申请号。", number=number, field="number")
    return row


def _shown(work: Work, number: str) -> InvoiceAsked:
    row: Row[Any] = work.execute(
        select(InvoiceRequest, Receipt.number.label("receipt"))
        .join(Payment, Payment.id == InvoiceRequest.payment_id)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .where(InvoiceRequest.number == number)
    ).one()
    return InvoiceAsked(
        row.number, row.receipt, row.title, row.tax_number, row.net, row.tax, row.on, row.state, row.invoice,
        row.issued_on,
    )  # fmt: skip


@use_case(Permission.RUN_BILLS, audit="invoice.issued", touches=frozenset({"ledger"}))
def issued(work: Work, number: str, invoice: str, on: date | None = None) -> InvoiceAsked:
    """Note the number of the invoice that was issued, and its day.

    Raises Refused `unknown_invoice`, `invoice_state`, `invoice_number`, `invoice_used`, `future_day`.
    """
    row, day, code = _find(work, number), on or work.today, invoice.strip()
    if row.state != "asked":
        raise refuse("invoice_state", "开票申请 {number} 已开票或已撤回。", "请刷新后再看。", number=row.number)
    if not 0 < len(code) <= MOST:
        raise refuse("invoice_number", "请填写发票号码。", "抄发票上的号码。", field="invoice")
    if day > work.today:
        raise refuse("future_day", "开票日期 {day} 在将来。", "请选今天或以前的一天。", day=day, field="date")
    used = work.execute(select(InvoiceRequest.number).where(InvoiceRequest.invoice == code)).scalar()
    if used:
        raise refuse("invoice_used", "发票 {invoice} 已经记在 {used}。", "请核对发票号码。", invoice=code, used=used,
                     field="invoice")  # fmt: skip
    work.execute(
        update(InvoiceRequest)
        .where(InvoiceRequest.id == row.id)
        .values(state="issued", invoice=code, issued_on=day, version=InvoiceRequest.version + 1)
    )
    detail = {"number": row.number, "invoice": code, "on": day.isoformat()}
    work.audit("invoice.issued", "invoice_request", row.id, detail=detail)
    return _shown(work, row.number)


@use_case(Permission.TAKE_PAYMENT, audit="invoice.dropped", touches=frozenset({"ledger"}))
def drop(work: Work, number: str, reason: str | None) -> InvoiceAsked:
    """Take a request back, also one whose invoice was issued and is red-lettered (红冲发票). Raises Refused
    `unknown_invoice`, `invoice_state`, `reason_needed`.
    """
    why, row = need_reason(reason), _find(work, number)
    if row.state == "dropped":
        raise refuse("invoice_state", "开票申请 {number} 已撤回。", "请刷新后再看。", number=row.number)
    work.execute(
        update(InvoiceRequest)
        .where(InvoiceRequest.id == row.id)
        .values(state="dropped", version=InvoiceRequest.version + 1)
    )
    work.audit("invoice.dropped", "invoice_request", row.id, detail={"number": row.number, "reason": why})
    return _shown(work, row.number)
