"""Which days are closed: for a cashier all up to his last close; for the office what every cashier has closed, and
every month that is shut (月结).

A past day is shut for everybody once all who have entries on it have closed theirs: what was printed stays true. On
the running day only those who closed it are shut, so that a second shift can go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from app.domain.period import Period
from app.domain.problem import problem
from db.models.closing import DailyClose, Shift
from db.models.ledger import Payment
from db.models.month import MonthClose
from db.models.security import User


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The last closed day for this cashier, for the whole office, and of the last closed month; None where none is."""

    own: date | None
    office: date | None
    month: date | None = None

    def require_open(self, on: date) -> None:
        """Raise Problem `month_closed` or `day_closed` for a closed day."""
        if self.month is not None and on <= self.month:
            raise problem(
                "month_closed",
                "{month} 已经月结（结到 {last}），不能再记 {day} 的账。",
                "请记到 {next} 或以后；要更正已月结的账，请用红冲、减免或补收。",
                month=Period.of(on),
                last=self.month,
                day=on,
                next=self.month + timedelta(days=1),
            )
        if self.own is not None and on <= self.own:
            raise problem(
                "day_closed",
                "{day} 已经日结（到 {last}），不能再记这一天的账。",
                "请记到下一天；要更正已结的收据，请用红冲。",
                day=on,
                last=self.own,
            )
        if self.office is not None and on <= self.office:
            raise problem(
                "day_closed",
                "{day} 全办公室都已日结（到 {last}），不能再记这一天的账。",
                "请记到 {next} 或以后；要更正已结的收据，请用红冲。",
                day=on,
                last=self.office,
                next=self.office + timedelta(days=1),
            )


def last_close(connection: Connection, user_id: int) -> date | None:
    """The last day that this cashier closed."""
    found: date | None = connection.execute(
        select(DailyClose.on).where(DailyClose.user_id == user_id).order_by(DailyClose.on.desc()).limit(1)
    ).scalar()
    return found


_LAST = select(DailyClose.user_id, func.max(DailyClose.on)).group_by(DailyClose.user_id)
_MONTH = select(func.max(MonthClose.last)).where(MonthClose.state == "closed")


def closed_days(connection: Connection, user_id: int, today: date) -> ClosedDays:
    """What is closed for a cashier, and for the office, as of this transaction."""
    month = connection.execute(_MONTH).scalar()
    last: dict[int, date] = dict(connection.execute(_LAST).all())
    if not last:
        return ClosedDays(None, None, month)
    office = min(max(last.values()), today - timedelta(days=1))
    for user in connection.execute(select(User.id)).scalars():
        # A void stands on the day of the receipt that it takes back, whose cashier closes it.
        query = select(func.min(Payment.on)).where(
            Payment.user_id == user, Payment.method != "opening", Payment.kind != "void"
        )
        if user in last:
            query = query.where(Payment.on > last[user])
        first = connection.execute(query).scalar()
        if first is not None:
            office = min(office, first - timedelta(days=1))
    open_shift = connection.execute(select(func.min(Shift.on)).where(Shift.closed_by.is_(None))).scalar()
    if open_shift is not None:
        office = min(office, open_shift - timedelta(days=1))
    return ClosedDays(last.get(user_id), office, month)
