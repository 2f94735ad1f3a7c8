"""First day, last day and part months (HANDBOOK §2.6; until handover the developer pays: 物业管理条例 art. 41)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import gcd

from app.domain.money import ZERO, Fen
from app.domain.period import add_months, days_in_month


class StartRule(StrEnum):
    """From which day the owner is charged after handover."""

    NEXT_MONTH = "next_month"
    DELIVERY_DAY = "delivery_day"
    NEXT_DAY = "next_day"


class Method(StrEnum):
    """What a part month counts."""

    ACTUAL_DAYS = "actual_days"
    THIRTY_DAYS = "thirty_days"
    WHOLE_MONTH = "whole_month"


@dataclass(frozen=True, slots=True)
class MonthPart:
    """The days of one month that are charged, and what share of the month they count: num/den, in lowest terms."""

    from_: date
    to: date
    days: int
    days_in_month: int
    num: int
    den: int


def charge_from(delivery: date, start_rule: StartRule = StartRule.NEXT_MONTH) -> date:
    """The first chargeable day after handover.

    `next_month` is the default: the handover month is the developer's by 北京市物业管理条例 art. 22 and others.
    """
    if start_rule == StartRule.DELIVERY_DAY:
        return delivery
    if start_rule == StartRule.NEXT_DAY:
        return delivery + timedelta(days=1)
    return add_months(delivery.replace(day=1), 1)


def liable_span(
    period_from: date, period_to: date, liable_from: date | None, liable_to: date | None
) -> tuple[date, date] | None:
    """The days of a period somebody is liable for; None where there are none. None as an end means open."""
    first = period_from if liable_from is None else max(period_from, liable_from)
    last = period_to if liable_to is None else min(period_to, liable_to)
    return (first, last) if first <= last else None


@lru_cache(maxsize=4096)
def month_parts(first: date, last: date, method: Method = Method.ACTUAL_DAYS) -> tuple[MonthPart, ...]:
    """A span month by month. A whole month is exactly 1 in every method, February too."""
    parts: list[MonthPart] = []
    day = first
    while day <= last:
        length = days_in_month(day.year, day.month)
        end = min(last, day.replace(day=length))
        days = (end - day).days + 1
        if days == length or method == Method.WHOLE_MONTH:
            num, den = 1, 1
        elif method == Method.THIRTY_DAYS:
            num, den = min(days, 30), 30
        else:
            num, den = days, length
        common = gcd(num, den)
        parts.append(MonthPart(day, end, days, length, num // common, den // common))
        if end == last:
            break
        day = end + timedelta(days=1)
    return tuple(parts)


def months(first: date, last: date, method: Method = Method.ACTUAL_DAYS) -> tuple[int, int]:
    """The months of a span as an exact fraction (numerator, denominator) in lowest terms."""
    num, den = 0, 1
    for part in month_parts(first, last, method):
        num, den = num * part.den + part.num * den, den * part.den
        common = gcd(num, den)
        num, den = num // common, den // common
    return num, den


@dataclass(frozen=True, slots=True)
class TransferSplit:
    """A period's charge divided at an ownership transfer; seller and buyer add up to the whole."""

    whole: Fen
    seller: Fen
    buyer: Fen


def transfer_split(
    amount: Callable[[date, date], Fen], period_from: date, period_to: date, transfer: date
) -> TransferSplit:
    """Divide a period's charge: the seller to the day before the transfer, the buyer from that day.

    `amount` computes the charge of a span. The seller's part is rounded, the buyer gets the rest.
    """
    whole = amount(period_from, period_to)
    day_before = min(transfer - timedelta(days=1), period_to)
    if day_before < period_from:
        seller = ZERO
    else:
        seller = whole if day_before == period_to else amount(period_from, day_before)
    return TransferSplit(whole, seller, Fen(whole - seller))
