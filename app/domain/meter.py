"""Meter readings 抄表 (HANDBOOK §2.3). Readings, usages and multipliers are in 1e-4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.problem import problem
from app.domain.quantity import MULTIPLIER_SCALE, QUANTITY_SCALE, Quantity

UNUSUAL_TIMES = 3
"""A usage over so many times the average of the last readings is warned about, not refused."""
READINGS_COMPARED = 6
UNCOUNTED = frozenset({"start", "change"})
"""Kinds of readings at which a register begins (the first one, or a new meter's): they count no usage."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A change of meter 换表 between two readings: where the old one ended, where the new one began, and what the new
    one multiplies by. `new_digits` None: a register of as many digits.
    """

    old_final: int
    new_start: int
    new_multiplier: int
    new_digits: int | None = None


def usage(
    previous: int,
    current: int,
    multiplier: int = MULTIPLIER_SCALE,
    digits: int | None = None,
    rollover: bool = False,
    replacement: Replacement | None = None,
    already_billed: int = 0,
) -> int:
    """The usage between two true readings, in 1e-4.

    `digits`: whole digits of the register (None: unknown, nothing is checked). `rollover`: the reader says that the
    register wrapped. `already_billed`: what was billed on estimates since `previous`; the result may be negative and
    is then a credit.

    Raises: `reading_decreased`, `reading_out_of_register`, `usage_too_fine`.
    """
    if replacement is None:
        exact = _difference(previous, current, digits, rollover) * multiplier
    else:
        new_digits = digits if replacement.new_digits is None else replacement.new_digits
        exact = _difference(previous, replacement.old_final, digits, rollover) * multiplier
        exact += _difference(replacement.new_start, current, new_digits, rollover) * replacement.new_multiplier
    used, lost = divmod(exact, MULTIPLIER_SCALE)
    if lost:
        raise problem("usage_too_fine", "读数乘以倍率后的小数超过 4 位。", "请减少读数的小数位。")
    return used - already_billed


@dataclass(frozen=True, slots=True)
class Earlier:
    """A reading that stands: whether it is an estimate, its value, the usage it counted."""

    estimate: bool
    value: int
    usage: int


def usage_since(
    before: Sequence[Earlier], current: int, multiplier: int, digits: int | None, *, rollover: bool = False
) -> int:
    """The usage since the last true reading, less what estimates since then have counted; 0 for a first reading.

    `before`: the meter's readings so far, oldest first. Raises as `usage`.
    """
    estimated = 0
    for row in reversed(before):
        if not row.estimate:
            return usage(row.value, current, multiplier, digits, rollover, already_billed=estimated)
        estimated += row.usage
    return 0


def unusual(used: int, recent: Sequence[int]) -> bool:
    """Whether a usage is over 3 × the average of the last six (oldest first); never without any before it."""
    last = recent[-READINGS_COMPARED:]
    return bool(last) and used * len(last) > UNUSUAL_TIMES * sum(last)


def check_between(value: int, before: int | None, after: int | None) -> None:
    """Refuse a back-dated reading that does not lie between its neighbours.

    Raises: `reading_out_of_order`.
    """
    if (before is not None and value < before) or (after is not None and value > after):
        raise problem("reading_out_of_order", "补录的读数应在前后两次读数之间。")


def _difference(start: int, end: int, digits: int | None, rollover: bool) -> int:
    for reading in (start, end):
        if reading < 0 or (digits is not None and reading >= 10**digits * QUANTITY_SCALE):
            raise problem(
                "reading_out_of_register",
                "读数 {reading} 超出了 {digits} 位表的量程。",
                reading=Quantity(reading).show(),
                digits="" if digits is None else digits,
            )
    if end >= start:
        return end - start
    # A tick without a smaller reading adds nothing: it would bill a whole turn of the register.
    if not rollover or digits is None:
        raise problem(
            "reading_decreased",
            "本次读数 {current} 小于上次读数 {previous}。",
            "如果表走满归零或换过表，请注明。",
            current=Quantity(end).show(),
            previous=Quantity(start).show(),
        )
    turn: int = 10**digits * QUANTITY_SCALE
    return end + turn - start


@dataclass(frozen=True, slots=True)
class Loss:
    """What a master meter counted beyond its subs (1e-4), and that in hundredths of a percent of the master's usage;
    None where the master counted nothing.
    """

    lost: int
    share: int | None

    @property
    def shown(self) -> str:
        """The share with two decimals, `3.20%`; empty where there is none."""
        if self.share is None:
            return ""
        sign, size = "−" if self.share < 0 else "", abs(self.share)
        return f"{sign}{size // 100}.{size % 100:02}%"


def loss(master: int, subs: Sequence[int]) -> Loss:
    """The loss 损耗 of a master meter against its subs; negative where these counted more.

    The share is rounded half up, symmetric about zero.
    """
    lost = master - sum(subs)
    if master <= 0:
        return Loss(lost, None)
    share = (abs(lost) * 20_000 + master) // (2 * master)
    return Loss(lost, share if lost >= 0 else -share)
