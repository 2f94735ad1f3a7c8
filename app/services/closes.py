"""日结: a cashier's entries are counted, printed and shut (HANDBOOK §9.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select, update

from app.domain import anchor, cash
from app.domain.kinds import LIABLE
from app.domain.money import LARGEST, yuan
from app.security.permissions import Permission
from app.services import settings, shifts
from app.services.documents import keep, kept, log_prints
from app.services.numbers import draw
from app.services.paper_file import put_file
from app.services.payments import next_number
from app.services.purse import METHODS, WAYS
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.closing import DailyClose, Shift
from db.models.document import Document
from db.models.security import User
from db.queries import closed
from db.queries import closing as read
from db.work import Work
from reports.papers import CloseCashier, CloseMethod, ClosePaper

SOLE_ACTS = {
    "receipt.voided": "作废收据",
    "receipt.reversed": "红冲收据",
    "receipt.rebooked": "错收改记",
    "tariff.copied": "整体调整收费标准",
    "charge.adjusted": "减免、补收",
    "discount.added": "折扣",
    "payment.prepaid": "预交赠送",
    "house.settled": "过户、退租结算",
    "payment.refunded": "退款",
    "deposit.returned": "退押金",
    "tariff.added": "调整收费标准",
    "fee.changed": "修改收费项目",
    "month.reopened": "重开月份",
    "person.anonymised": "匿名搬走的人",
    "user.password": "重设密码",
    "backup.restored": "恢复备份",
}


@dataclass(frozen=True, slots=True)
class Head:
    """Where the audit chain stood before the close's own record."""

    seq: int
    digest: str
    short: str


@dataclass(frozen=True, slots=True)
class CloseAnswer:
    """A day that was closed: what its paper says, and where it lies. `difference_fen` is None where nobody counted."""

    number: str
    on: date
    user: str
    paper: ClosePaper
    head: Head
    file: Path

    @property
    def difference_fen(self) -> int | None:
        """Counted less booked cash, in fen."""
        return None if self.paper.counted is None else self.paper.counted - self.paper.booked


@dataclass(frozen=True, slots=True)
class ClosePrinted:
    """A close on paper again; copy 1 is the original."""

    number: str
    copy: int
    file: Path


def _check_day(work: Work, day: date, last: date | None) -> None:
    if day > work.today:
        raise refuse("future_day", "日结日期 {day} 在将来。", "请选今天或以前的一天。", day=day, field="date")
    if last is not None and day <= last:
        raise refuse(
            "already_closed", "{day} 您已经日结过了（结到 {last}）。", "补打请用 shift sheet；更正请用红冲。",
            day=day, last=last, field="date",
        )  # fmt: skip


def _methods(entries: Sequence[read.Entry], refunds: Sequence[tuple[str, int]]) -> tuple[CloseMethod, ...]:
    used = {entry.method for entry in entries} | {method for method, _ in refunds}
    found = []
    for method in [*(m for m in METHODS if m in used), *sorted(used - set(METHODS))]:
        of = [entry for entry in entries if entry.method == method]
        taken = [entry.amount for entry in of if entry.kind not in ("void", "reversal")]
        voids = [entry.amount for entry in of if entry.kind == "void"]
        back = [entry.amount for entry in of if entry.kind == "reversal"]
        given = [amount for way, amount in refunds if way == method]
        found.append(
            CloseMethod(
                method,
                WAYS.get(method, method),
                len(taken),
                sum(taken),
                len(voids),
                sum(voids),
                len(back),
                sum(back),
                len(given),
                -sum(given),
            )
        )
    return tuple(found)


def _sole(work: Work) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for action in read.sole_acts(work.connection, work.user_id):
        title = SOLE_ACTS.get(action, action)
        counts[title] = counts.get(title, 0) + 1
    return tuple(f"{title} {count} 次" for title, count in counts.items())


def _paper(
    work: Work, number: str, day: date, last: date | None, shift: shifts.ShiftOpened | None, counted: int | None
) -> ClosePaper:
    entries = read.entries(work.connection, work.user_id, last, day)
    methods = _methods(entries, read.refunds(work.connection, work.user_id, last, day))
    numbers = [entry.number for entry in entries if entry.number]
    taken, returned = read.deposits(work.connection, LIABLE, work.user_id, last, day)
    said = settings.values(work)
    float_fen = shift.float_fen if shift else 0
    cashiers = tuple(
        CloseCashier(
            who.name,
            who.receipts,
            who.net,
            who.user_id == work.user_id or (closed.last_close(work.connection, who.user_id) or date.min) >= day,
        )
        for who in read.cashiers(work.connection, day)
    )
    return ClosePaper(
        number,
        day.isoformat(),
        min((entry.on for entry in entries), default=day).isoformat(),
        shifts.local_minute(work, work.now),
        said["letterhead"],
        said["office_name"],
        work.execute(select(User.name).where(User.id == work.user_id)).scalar_one(),
        shift.since if shift else "",
        methods,
        float_fen,
        float_fen + sum(method.net for method in methods if method.method == "cash"),
        counted,
        "",
        len(numbers),
        numbers[0] if numbers else "",
        numbers[-1] if numbers else "",
        tuple(entry.of for entry in entries if entry.kind == "void" and entry.of),
        tuple(f"{entry.number}（红冲 {entry.of}）" for entry in entries if entry.kind == "reversal" and entry.number),
        read.small_change(work.connection, work.user_id, last, day),
        _sole(work),
        next_number(work),
        cashiers,
        f"{work.seq - 1}:{anchor.short(work.previous)}",
        deposits_taken=taken,
        deposits_returned=returned,
        gifts=read.prepay_gifts(work.connection, work.user_id, last, day),
    )


def _reason(paper: ClosePaper, reason: str | None) -> str:
    """Why the drawer does not hold what the entries say. Raises Refused `reason_needed`."""
    if paper.counted is None or paper.counted == paper.booked:
        return need_reason(reason) if (reason or "").strip() else ""
    if not (reason or "").strip():
        raise refuse(
            "reason_needed",
            "应有现金 {booked} 元，实点 {counted} 元，相差 {difference} 元。",
            "请再点一遍；确有长短款的，写明原因。",
            booked=yuan(paper.booked),
            counted=yuan(paper.counted),
            difference=yuan(paper.counted - paper.booked),
            field="reason",
        )
    return need_reason(reason)


@use_case(Permission.TAKE_PAYMENT)
def outlook(work: Work, day: date | None = None) -> ClosePaper:
    """What the caller's close of a day (default today) would show now.

    Raises Refused `future_day`, `already_closed`.
    """
    until, last = day or work.today, closed.last_close(work.connection, work.user_id)
    _check_day(work, until, last)
    return _paper(work, "", until, last, _shift(work, until), None)


def _shift(work: Work, until: date) -> shifts.ShiftOpened | None:
    row = shifts.open_shift(work, work.user_id)
    if row is None or row.on > until:
        return None
    return shifts.ShiftOpened("", row.on, shifts.local_minute(work, row.opened_at), row.float_fen)


@use_case(Permission.TAKE_PAYMENT, audit="day.closed", touches=frozenset({"close", "shift"}))
def close(
    work: Work,
    day: date | None = None,
    counted: int | None = None,
    reason: str | None = None,
    target: Path | None = None,
    pieces: Sequence[cash.Pieces] = (),
) -> CloseAnswer:
    """Close the caller's day: all his entries after his last close up to and with `day` (default today).

    `counted` is the cash in the drawer with the change, in fen; None: not counted. `pieces` are the same by
    denomination (fen and how many) and are added up where `counted` is None. Afterwards nothing of his can be `on`
    these days. Raises Refused `future_day`, `already_closed`, `nothing_to_close`, `reason_needed`, `bad_cash`,
    `pieces_differ`; Problem `cash.denomination`, `cash.count`.
    """
    kept_pieces, sum_of_pieces = cash.counted(pieces)
    if kept_pieces and counted not in (None, sum_of_pieces):
        raise refuse(
            "pieces_differ",
            "各券别合计 {sum} 元，和实点现金 {counted} 元不同。",
            "请核对张数，或不填实点现金。",
            sum=yuan(sum_of_pieces),
            counted=yuan(counted or 0),
            field="cash",
        )
    if kept_pieces:
        counted = sum_of_pieces
    until, last = day or work.today, closed.last_close(work.connection, work.user_id)
    _check_day(work, until, last)
    if counted is not None and not 0 <= counted <= LARGEST:
        raise refuse("bad_cash", "实点现金不能是负数，也不能这样大。", "请改正实点现金。", field="cash")
    row, shift = shifts.open_shift(work, work.user_id), _shift(work, until)
    if shift is None and not _anything(work, last, until):
        raise refuse(
            "nothing_to_close", "{day} 没有开班，也没有您经手的收款，无须日结。", "请核对用户和日期。", day=until
        )
    number = f"J{work.today.year}-{draw(work, f'close:{work.today.year}'):06}"
    paper = _paper(work, number, until, last, shift, counted)
    why = _reason(paper, reason)
    by_piece = tuple((cash.title(fen), count, fen * count) for fen, count in kept_pieces)
    return _shut(work, replace(paper, reason=why, pieces=by_piece), until, row.id if shift and row else None, target)


def _anything(work: Work, after: date | None, until: date) -> bool:
    mine = (work.connection, work.user_id, after, until)
    return bool(read.entries(*mine) or read.refunds(*mine))


def _shut(work: Work, paper: ClosePaper, day: date, shift_id: int | None, target: Path | None) -> CloseAnswer:
    (document,) = keep(work, "daily_close", [(paper.number, paper)])
    log_prints(work, [document])
    columns = ("number", "user_id", "on", "float_fen", "booked", "counted", "reason", "head_seq", "head_digest",
               "document_id", "seq")  # fmt: skip
    row = (paper.number, work.user_id, day.isoformat(), paper.float_fen, paper.booked, paper.counted,
           paper.reason or None, work.seq - 1, work.previous, document, work.seq)  # fmt: skip
    (close_id,) = work.insert(DailyClose, columns, [row])
    if shift_id is not None:
        work.execute(update(Shift).where(Shift.id == shift_id).values(closed_by=close_id, version=Shift.version + 1))
    file = target or work.place.folder / "out" / f"{paper.number}.pdf"
    from reports import daily_close

    put_file(work, file, lambda path: daily_close.write(path, paper))
    digest = work.execute(select(Document.digest).where(Document.id == document)).scalar_one()
    detail = {"number": paper.number, "on": paper.on, "booked": paper.booked, "counted": paper.counted,
              "reason": paper.reason, "document": digest}  # fmt: skip
    work.audit("day.closed", "daily_close", close_id, detail=detail)
    login = work.execute(select(User.login).where(User.id == work.user_id)).scalar_one()
    head = Head(work.seq - 1, work.previous, anchor.short(work.previous))
    return CloseAnswer(paper.number, day, login, paper, head, file)


@use_case(Permission.TAKE_PAYMENT, audit="close.printed")
def print_again(work: Work, number: str, target: Path | None = None) -> ClosePrinted:
    """Print a close's kept paper again, marked 补打. Raises Refused `unknown_close`."""
    row = work.execute(
        select(DailyClose.id, DailyClose.number, DailyClose.document_id).where(
            DailyClose.number == number.strip().upper()
        )
    ).first()
    if row is None or row.document_id is None:
        raise refuse("unknown_close", "没有这张日结单：{number}。", "请用 shift list 查看。", number=number)
    paper = kept(work, [row.document_id], ClosePaper)[row.document_id]
    copy = log_prints(work, [row.document_id])[row.document_id]
    file = target or work.place.folder / "out" / f"{row.number}.pdf"
    from reports import daily_close

    put_file(work, file, lambda path: daily_close.write(path, paper, copy=copy))
    work.audit("close.printed", "daily_close", row.id, detail={"number": row.number, "copy": copy})
    return ClosePrinted(row.number, copy, file)
