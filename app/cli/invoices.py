"""Commands of invoice requests: invoice ask, invoice issued, invoice drop, invoice list."""

from __future__ import annotations

from typing import Any

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import invoice_list, invoices
from app.services.invoices import InvoiceAsked
from app.services.list_face import Query

STATES = {state.code: state.word for state in invoice_list.STATES}


def _said(done: InvoiceAsked) -> dict[str, Any]:
    return {
        "request": done.number, "receipt": done.receipt, "title": done.title, "tax_number": done.tax_number or None,
        "net_fen": done.net_fen, "tax_fen": done.tax_fen, "amount_fen": done.gross_fen, "on": done.on.isoformat(),
        "state": done.state, "invoice": done.invoice,
        "issued_on": done.issued_on.isoformat() if done.issued_on else None,
    }  # fmt: skip


def _answer(context: Context, done: InvoiceAsked) -> Answer:
    words = (
        f"{done.number}（收据 {done.receipt}）{STATES[done.state]}：{done.title}，不含税 {yuan(done.net_fen)} 元，"
        f"税额 {yuan(done.tax_fen)} 元"
    )
    return Answer({**_said(done), "key": context.key}, [words])


def _ask(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = invoices.ask(seat, args.receipt, args.title, args.tax_number)
    return _answer(context, done)


def _issued(context: Context) -> Answer:
    on = day(context.args.date)
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = invoices.issued(seat, args.number, args.invoice, on)
    return _answer(context, done)


def _drop(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = invoices.drop(seat, args.number, args.reason)
    return _answer(context, done)


def _list(context: Context) -> Answer:
    seat = context.log_in()
    query = Query(filters=(("asked", "1"),)) if context.args.open else Query()
    rows = invoice_list.rows(seat, invoice_list.keys(seat, query)).values()
    said = [
        {
            "request": row.number, "on": row.on.isoformat(), "receipt": row.receipt, "house": row.house,
            "title": row.title, "tax_number": row.tax_number or None, "net_fen": row.net, "tax_fen": row.tax,
            "state": row.state, "invoice": row.invoice, "issued_on": row.issued.isoformat() if row.issued else None,
        }
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.number}\t{row.on}\t{row.house}\t{row.receipt}\t{row.title}\t{yuan(row.net + row.tax)}"
        f"\t{STATES[row.state]}"
        for row in rows
    ]
    return Answer({"requests": said}, lines or ["没有开票申请。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "invoice ask",
        _ask,
        "按收据申请开票",
        "anju invoice ask S2026-00000087 --title 样例公司 --tax-number 91…",
    )
    one.add_argument("receipt", metavar="RECEIPT")
    one.add_argument("--title", required=True, metavar="TEXT", help="发票抬头")
    one.add_argument("--tax-number", default="", metavar="CODE", help="统一社会信用代码；个人不填")
    writing(one)
    one = commands.add("invoice issued", _issued, "记下开出的发票", "anju invoice issued K2026-000001 --invoice 2512…")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--invoice", required=True, metavar="TEXT", help="发票号码")
    one.add_argument("--date", metavar="D", help="开票日期，默认今天")
    writing(one)
    one = commands.add("invoice drop", _drop, "撤回开票申请", "anju invoice drop K2026-000001 --reason 抬头写错")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    one = commands.add("invoice list", _list, "开票申请", "anju invoice list --open")
    one.add_argument("--open", action="store_true", help="只列待开票的")
