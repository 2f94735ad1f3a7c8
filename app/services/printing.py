"""打印: bills, receipts and statements as documents whose values are kept, with their copies counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from app.domain.period import Period
from app.security.permissions import Permission
from app.services import bill_papers, look_up, receipt_papers, settings, statements
from app.services.documents import keep, kept, log_prints, unprintable
from app.services.paper_file import put_file
from app.services.progress import watched
from app.services.refused import refuse
from app.services.statements import Statement
from app.services.use_case import use_case
from db.canonical import text_digest
from db.models.document import Document
from db.models.estate import House
from db.models.ledger import Receipt
from db.models.run import Bill, BillRun
from db.queries.owed import CHUNK
from db.work import Work
from reports.papers import BillPaper, ReceiptPaper, StatementPaper, StatementRow


@dataclass(frozen=True, slots=True)
class BillsPrinted:
    """A month's bills on paper."""

    period: str
    bills: int
    pages: int
    file: Path
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceiptPrinted:
    """A receipt on paper; copy 1 is the original, every further one a 补打."""

    receipt: str
    file: Path
    copy: int


@dataclass(frozen=True, slots=True)
class StatementPrinted:
    """A statement on paper, with what it says."""

    statement: Statement
    file: Path


@use_case(Permission.RUN_BILLS, audit="bills.printed")
def print_bills(
    work: Work, month: str, target: Path, quote_day: date | None = None, *, refresh: bool = False
) -> BillsPrinted:
    """Print all bills of a month, merged in the order of the round.

    A bill's values are fixed at its first print (late fee quoted to that day); later prints repeat them, `refresh`
    makes new documents. Raises Refused `nothing_posted`.
    """
    period, day = str(Period.parse(month)), quote_day or work.today
    bills = work.execute(
        select(Bill)
        .join(BillRun, BillRun.id == Bill.run_id)
        .where(BillRun.month == period, BillRun.state == "posted")
        .order_by(Bill.number)
    ).all()
    if not bills:
        raise refuse("nothing_posted", "{month} 没有已过账的账单。", "请先出账。", month=period, field="period")
    papers = _bill_documents(work, period, bills, day, refresh=refresh)
    from reports import bill

    made = put_file(work, target, lambda path: bill.write(path, watched(papers)))
    digests = text_digest("".join(paper.number for paper in papers))
    work.audit("bills.printed", "document", None, detail={"period": period, "bills": len(papers), "digest": digests})
    return BillsPrinted(period, len(papers), made.pages, target, unprintable(made.missing))


@use_case(Permission.RUN_BILLS, audit="bills.printed")
def print_chosen(work: Work, numbers: Sequence[str], target: Path) -> BillsPrinted:
    """Print these bills, merged in the order of the round; values are kept as in `print_bills`.

    Raises Refused `nothing_chosen` where none of them is a posted bill.
    """
    found: list[Row[Any]] = []
    for start in range(0, len(numbers), CHUNK):
        found += work.execute(
            select(Bill, BillRun.month, House.sort_key)
            .join(BillRun, BillRun.id == Bill.run_id)
            .join(House, House.id == Bill.house_id)
            .where(Bill.number.in_(list(numbers[start : start + CHUNK])), BillRun.state == "posted")
        ).all()
    if not found:
        raise refuse("nothing_chosen", "没有选中可以打印的账单。", "已作废的账单不再打印。", field="numbers")
    found.sort(key=lambda bill: (bill.sort_key, bill.number))
    papers = {}
    for month in sorted({bill.month for bill in found}):
        bills = [bill for bill in found if bill.month == month]
        papers.update({p.number: p for p in _bill_documents(work, month, bills, work.today, refresh=False)})
    from reports import bill as sheet

    ordered = [papers[bill.number] for bill in found]
    made = put_file(work, target, lambda path: sheet.write(path, watched(ordered)))
    digests = text_digest("".join(paper.number for paper in ordered))
    work.audit("bills.printed", "document", None, detail={"bills": len(ordered), "digest": digests})
    months = "、".join(sorted({bill.month for bill in found}))
    return BillsPrinted(months, len(ordered), made.pages, target, unprintable(made.missing))


def _bill_documents(work: Work, month: str, bills: Sequence[Row[Any]], day: date, *, refresh: bool) -> list[BillPaper]:
    fresh = [bill for bill in bills if refresh or bill.document_id is None]
    made = bill_papers.papers(work, month, fresh, day)
    ids = keep(work, "bill", [(paper.number, paper) for paper in made])
    work.change_many("bill", ("id",), ("document_id",), [(i, b.id) for i, b in zip(ids, fresh, strict=True)])
    documents = {bill.id: bill.document_id for bill in bills}
    documents.update({bill.id: document for bill, document in zip(fresh, ids, strict=True)})
    log_prints(work, list(documents.values()))
    of_document = dict(zip(ids, made, strict=True))
    of_document.update(kept(work, [d for d in documents.values() if d not in of_document], BillPaper))
    return [of_document[documents[bill.id]] for bill in bills]


@use_case(Permission.TAKE_PAYMENT, audit="receipt.printed")
def print_receipt(work: Work, number: str, target: Path, paper: str | None = None, received: int = 0) -> ReceiptPrinted:
    """Print a receipt; every print after the first is a 补打, counted and audited. `received` is what the payer gave,
    in fen, where part of it went back as change or might have: it is kept with the first print.
    """
    form = paper or settings.value(work, "receipt_paper")
    values, state = receipt_papers.paper(work, number)
    taken_back, reason = values.taken_back, values.reason
    document = work.execute(
        select(Document.id).where(Document.kind == "receipt", Document.number == values.number)
    ).scalar()
    if document is None:
        if received >= values.total > 0:
            values = replace(values, received=received, change=received - values.total)
        (document,) = keep(work, "receipt", [(values.number, values)])
    # What was printed first stays as it was; whether it has been taken back since is said as it stands.
    values = replace(kept(work, [document], ReceiptPaper)[document], taken_back=taken_back, reason=reason)
    copy = log_prints(work, [document])[document]
    from reports import receipt

    put_file(work, target, lambda path: receipt.write(path, values, form=form, copy=copy, state=state))
    receipt_id = work.execute(select(Receipt.id).where(Receipt.number == values.number)).scalar()
    work.audit("receipt.printed", "receipt", receipt_id, detail={"receipt": values.number, "copy": copy})
    return ReceiptPrinted(values.number, target, copy)


@use_case(Permission.SEE_MONEY, audit="statement.printed")
def print_statement(
    work: Work, number: str, target: Path, first: date | None = None, last: date | None = None
) -> StatementPrinted:
    """Print a house's statement between two days, or write it as a workbook where `target` is one (.xlsx); what was
    handed out is kept and audited.
    """
    answer = statements.account(work, number, first, last)
    values = _statement_paper(work, answer)
    (document,) = keep(work, "statement", [(answer.house, values)])
    log_prints(work, [document])
    if target.suffix.lower() == ".xlsx":
        from reports.excel import statement as workbook

        put_file(work, target, lambda path: workbook.write(path, values))
    else:
        from reports import statement

        put_file(work, target, lambda path: statement.write(path, values))
    work.audit("statement.printed", "document", document, detail={"house": answer.house})
    return StatementPrinted(answer, target)


def _statement_paper(work: Work, answer: Statement) -> StatementPaper:
    said = settings.values(work)
    house = look_up.house(work, answer.house)
    payer = look_up.payer_on(work, house.id, work.today)
    owner = bill_papers.owners(work, [(house.id, payer)])[house.id, payer] if payer is not None else ""
    rows = tuple(
        StatementRow(
            entry.on.isoformat(),
            KINDS.get(entry.kind, entry.kind) + (f" {entry.item_name}" if entry.item_name else ""),
            entry.number or "",
            bill_papers.span(entry.first, entry.last) if entry.first and entry.last else "",
            entry.amount_fen,
            entry.balance_fen,
            entry.kind == "carried",
        )
        for entry in answer.entries
    )
    return StatementPaper(
        answer.house,
        owner,
        work.today.isoformat(),
        said["letterhead"],
        said["office_name"],
        rows,
        answer.owed_fen,
        answer.prepaid_fen,
        answer.late_fee_fen,
        answer.first.isoformat() if answer.first else "",
        answer.last.isoformat(),
    )


KINDS: Mapping[str, str] = {
    "carried": "上期余额",
    "charge": "应收",
    "opening": "期初欠费",
    "opening_prepaid": "期初预存",
    "opening_deposit": "期初押金",
    "opening_history": "启用前已收",
    "history": "往期应收",
    "late_fee": "违约金",
    "cost": "费用",
    "payment": "收款",
    "void": "作废",
    "reversal": "红冲",
    "waiver": "减免",
    "small_change": "抹零",
    "correction": "调整",
    "write_off": "核销坏账",
    "recovery": "坏账收回",
    "deposit_return": "退押金",
    "prepay_gift": "预交赠送",
    "assumed": "转由接手人承担",
    "refund": "退款",
}
