"""开班: a cashier begins at the counter with change in the drawer; what was closed, listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from app.security.permissions import Permission
from app.services import settings
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.closing import DailyClose, Shift
from db.models.security import User
from db.work import Work

MOST_FLOAT = 10**8


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    """A shift that began; the change in the drawer in fen."""

    user: str
    on: date
    since: str
    float_fen: int


@dataclass(frozen=True, slots=True)
class CloseRow:
    """A close in the list; amounts in fen, `counted_fen` None where the cash was not counted."""

    number: str
    on: date
    user: str
    booked_cash_fen: int
    counted_fen: int | None


@dataclass(frozen=True, slots=True)
class Shifts:
    """Who is at the counter, and the closes, newest first."""

    opened: tuple[ShiftOpened, ...]
    closes: tuple[CloseRow, ...]


def local_minute(work: Work, instant: str) -> str:
    """The office's wall clock at an instant, `2026-07-06 17:40`."""
    offset = int(settings.value(work, "utc_offset"))
    return (datetime.fromisoformat(instant) + timedelta(minutes=offset)).strftime("%Y-%m-%d %H:%M")


def open_shift(work: Work, user_id: int) -> Row[Any] | None:
    """The shift that a cashier has not closed; for bodies of use cases."""
    row: Row[Any] | None = work.execute(
        select(Shift).where(Shift.user_id == user_id, Shift.closed_by.is_(None))
    ).first()
    return row


@use_case(Permission.TAKE_PAYMENT, audit="shift.opened", touches=frozenset({"shift"}))
def begin(work: Work, float_fen: int = 0) -> ShiftOpened:
    """Begin a shift today. Raises Refused `bad_float`, `shift_open`, `day_closed`."""
    if not 0 <= float_fen <= MOST_FLOAT:
        raise refuse("bad_float", "备用金应为 0 到 1,000,000 元。", "请改正备用金。", field="float")
    standing = open_shift(work, work.user_id)
    if standing is not None:
        raise refuse(
            "shift_open", "您已在 {since} 开班，还没有日结。", "请先日结（close）。",
            since=local_minute(work, standing.opened_at),
        )  # fmt: skip
    work.require_open(work.today)
    columns = ("user_id", "on", "opened_at", "float_fen", "seq")
    row = (work.user_id, work.today.isoformat(), work.now, float_fen, work.seq)
    (shift_id,) = work.insert(Shift, columns, [row])
    work.audit("shift.opened", "shift", shift_id, detail={"float": float_fen})
    name = work.execute(select(User.login).where(User.id == work.user_id)).scalar_one()
    return ShiftOpened(name, work.today, local_minute(work, work.now), float_fen)


@use_case(Permission.SEE_MONEY)
def listing(work: Work, most: int = 100) -> Shifts:
    """Open shifts and the newest closes."""
    shifts = work.execute(
        select(Shift, User.login)
        .join(User, User.id == Shift.user_id)
        .where(Shift.closed_by.is_(None))
        .order_by(Shift.id)
    ).all()
    closes = work.execute(
        select(DailyClose, User.login)
        .join(User, User.id == DailyClose.user_id)
        .order_by(DailyClose.id.desc())
        .limit(most)
    ).all()
    return Shifts(
        tuple(ShiftOpened(s.login, s.on, local_minute(work, s.opened_at), s.float_fen) for s in shifts),
        tuple(CloseRow(c.number, c.on, c.login, c.booked, c.counted) for c in closes),
    )
