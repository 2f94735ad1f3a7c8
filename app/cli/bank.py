"""Commands of the bank statement: import, list, match, book, ignore, release."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.cli import importing
from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import bank, import_mappings, imports
from app.services.bank import BankRow, LineAnswer
from app.services.imports import SheetGuess, SheetMapping
from app.services.refused import refuse
from app.services.seat import Seat


def _mapped(seat: Seat, guesses: tuple[SheetGuess, ...], said: list[str]) -> tuple[dict[str, SheetMapping], bool]:
    """How each sheet is read: as it was put right before, and as `said` (FIELD=TITLE) puts it right now."""
    known = import_mappings.known(seat, "bank", guesses)
    found: dict[str, SheetMapping] = {}
    for guess in guesses:
        kept = known[guess.sheet].mapping if guess.sheet in known else None
        for one in said:
            field, _, title = one.partition("=")
            fields = {key for table in guess.tables for key, _word in table[2]}
            if field not in fields or title not in guess.titles:
                raise refuse(
                    "bad_column", "列对应不合：{one}。", "请写成 字段=表头，字段可以是：{fields}。", one=one,
                    fields="、".join(sorted(fields)), field="column",
                )  # fmt: skip
            at = guess.titles.index(title)
            columns = {n: key for n, key in (kept or guess.mapping).columns.items() if key != field and n != at}
            kept = replace(kept or guess.mapping, columns={**columns, at: field})
        if kept is not None:
            found[guess.sheet] = kept
    return found, bool(said)


def _import(context: Context) -> Answer:
    args = context.args
    path = Path(args.file).expanduser().absolute()
    seat = context.log_in()
    guesses = imports.columns(path, "bank")
    mappings, put_right = _mapped(seat, guesses, args.column or [])
    opened = imports.read(path, "bank", context.today(seat), mappings)
    answer = imports.rehearse_bank(seat, opened.source, opened.book)
    if (answer.rejected and not args.skip_bad) or args.dry_run:
        return importing.told(answer, dry_run=args.dry_run, skip_bad=args.skip_bad)
    if put_right:
        for guess in guesses:
            import_mappings.remember(seat, "bank", guess.titles, mappings[guess.sheet], "银行流水")
    with seat.once(context.key):
        answer = imports.bank(seat, opened.source, args.skip_bad, book=opened.book)
    return importing.done(answer, context.key)


def _row(row: BankRow) -> dict[str, Any]:
    return {
        "line": row.line, "day": row.day.isoformat(), "amount_fen": row.amount_fen, "counterparty": row.counterparty,
        "reference": row.reference, "remark": row.remark, "state": row.state, "receipt": row.receipt or None,
        "reason": row.reason or None,
        "candidates": [{"receipt": c.receipt, "house": c.house, "on": c.on.isoformat()} for c in row.candidates],
        "house": row.house or None, "why": row.why or None,
    }  # fmt: skip


def _hint(row: BankRow) -> str:
    if row.receipt:
        return f"收据 {row.receipt}"
    if row.candidates:
        return "可能是 " + "、".join(f"{one.receipt}（{one.house}）" for one in row.candidates)
    return f"可能是 {row.house}（{row.why}）" if row.house else row.reason


def _list(context: Context) -> Answer:
    seat = context.log_in()
    rows = bank.listing(seat, context.args.state)
    lines = [
        f"{row.line}\t{row.day}\t{yuan(row.amount_fen)}\t{row.counterparty}\t{row.remark}\t"
        f"{bank.STATES[row.state]}\t{_hint(row)}"
        for row in rows
    ]
    return Answer({"lines": [_row(row) for row in rows]}, lines or ["没有流水。"])


def _answered(done: LineAnswer, key: str) -> Answer:
    said = {"line": done.line, "state": done.state, "receipt": done.receipt or None, "amount_fen": done.amount_fen}
    receipt = f"，收据 {done.receipt}" if done.receipt else ""
    return Answer({**said, "key": key}, [f"{done.line} {bank.STATES[done.state]}{receipt}"])


def _match(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        return _answered(bank.match(seat, context.args.line, context.args.receipt), context.key)


def _book(context: Context) -> Answer:
    on = day(context.args.date)
    seat = context.log_in()
    with seat.once(context.key):
        done = bank.book_line(seat, context.args.line, context.args.house, on)
    paid = done.payment
    said = {
        "line": done.line, "state": "booked", "receipt": paid.receipt, "house": paid.house,
        "amount_fen": paid.amount_fen, "prepaid_fen": paid.prepaid_fen, "key": context.key,
    }  # fmt: skip
    return Answer(said, [f"{done.line} 已登记为 {paid.house} 的收款 {yuan(paid.amount_fen)} 元，收据 {paid.receipt}"])


def _ignore(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        return _answered(bank.ignore(seat, context.args.line, context.args.reason), context.key)


def _release(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        return _answered(bank.release(seat, context.args.line, context.args.reason), context.key)


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "bank import", _import, "导入银行流水（Excel 或 CSV），能对上的当场核对", "anju bank import 流水.csv"
    )
    one.add_argument("file", metavar="FILE")
    one.add_argument(
        "--column", action="append", metavar="FIELD=TITLE", help="认错的列，如 fen=贷方；下次同样的表头照此读"
    )
    one.add_argument("--dry-run", action="store_true", help="只说会做什么，不写入")
    one.add_argument("--skip-bad", action="store_true", help="跳过有问题的行，其余照导")
    writing(one)
    one = commands.add("bank list", _list, "列出流水和可能对应的收据、房号", "anju bank list --state open")
    one.add_argument("--state", metavar="S", help="、".join(f"{code}（{word}）" for code, word in bank.STATES.items()))
    one = commands.add("bank match", _match, "确认一笔流水就是某张收据", "anju bank match Y2026-000012 S2026-00000087")
    one.add_argument("line", metavar="LINE")
    one.add_argument("receipt", metavar="RECEIPT")
    writing(one)
    one = commands.add("bank book", _book, "把没有对上的流水登记为收款", "anju bank book Y2026-000012 3-1-402")
    one.add_argument("line", metavar="LINE")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--date", metavar="D", help="记在哪天，默认流水的日期")
    writing(one)
    for word, handler, what in (
        ("ignore", _ignore, "一笔流水不是物业费，不再提示"),
        ("release", _release, "取消核对或忽略"),
    ):
        one = commands.add(f"bank {word}", handler, what, f"anju bank {word} Y2026-000012 --reason 利息")
        one.add_argument("line", metavar="LINE")
        one.add_argument("--reason", metavar="TEXT", default="", help="原因")
        writing(one)
