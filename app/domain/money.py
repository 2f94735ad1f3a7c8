"""Money: integer fen, read and written as yuan (HANDBOOK §1.1)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NewType

from app.domain.decimal_text import as_text, read_scaled, too_large

Fen = NewType("Fen", int)
"""An amount in fen, 1/100 yuan. It is an int: it adds, sorts and goes into SQL as it is."""

ZERO = Fen(0)
LARGEST = 10**13
"""The largest amount taken from outside, in fen (a hundred billion yuan): far beyond any estate, far below int64."""

_MARKS = re.compile(r"^([+\-−]?)(?:人民币|RMB|CNY)?[¥￥]?([+\-−]?)(.*?)元?$", re.IGNORECASE)


def parse_yuan(text: str | int | Decimal) -> Fen:
    """Read an amount in yuan into fen.

    Takes full-width digits, thousands, `¥`, 元, `。` for the decimal point and blanks. A minus gives a negative
    amount; whether one is allowed is the caller's question.

    Raises: `money.format`, `money.decimals` (more than two), `money.too_large`.
    """
    number = as_text(text, "money", "金额")
    if isinstance(text, str):
        match = _MARKS.fullmatch(number)
        if match is not None and not (match.group(1) and match.group(2)):
            number = match.group(1) + match.group(2) + match.group(3)
    fen = read_scaled(number, 2, "money", "金额", keep_zeros=isinstance(text, str))
    if abs(fen) > LARGEST:
        raise too_large("money", "金额")
    return Fen(fen)


def yuan(fen: int) -> str:
    """An amount for people: `1,234.56`, negative with a true minus."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{whole:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """An amount for machines and sheets: `1234.56`, `-12.00`."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"
