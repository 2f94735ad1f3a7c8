"""Decimal numbers read from what people type, exactly, into scaled integers; and written back.

Storage forms: HANDBOOK §1.1, DESIGN §4. Nothing is rounded here: what would be lost, or does not fit 64 bits, is
refused. No float comes in: 0.1 as a float is already another number.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from app.domain.problem import Problem, problem

INT64_MAX = 2**63 - 1

# Thousands only where they stand rightly: 1,23 may be a slip for 1.23 and must not become 123.
_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.([0-9]*))?")
_MINUS = str.maketrans({"−": "-", "–": "-", "。": "."})
_THOUSANDS_BLANK = re.compile(r"(?<=[0-9])\s+(?=[0-9])")
_BLANKS = re.compile(r"\s+")
# No figure of this trade is longer; the limit also keeps absurd input away from int().
_LONGEST = 60


def compact(text: str) -> str:
    """Bring text to one width and drop blanks: full-width forms, no-break spaces, units written as one sign."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def read_scaled(number: str, places: int, code: str, what: str, *, keep_zeros: bool = False) -> int:
    """Read a plain decimal number into units of 10^-places.

    `code` and `what` name the figure in refusals (`money`, 金额). With `keep_zeros` even zeros beyond the last place
    count as too many decimals: 1.230 yuan is more likely a slip for 1,230.

    Raises: `CODE.format`, `CODE.decimals`, `CODE.too_large`.
    """
    plain = number.translate(_MINUS)
    match = _NUMBER.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None:
        raise bad_format(code, what, number)
    sign, whole, rest = match.group(1), match.group(2), match.group(3) or ""
    if not whole and not rest:
        raise bad_format(code, what, number)
    kept = rest if keep_zeros else rest.rstrip("0")
    if len(kept) > places:
        raise problem(
            f"{code}.decimals", "{what}“{value}”的小数超过 {places} 位。", what=what, value=number, places=places
        )
    units = int((whole.replace(",", "") or "0") + kept.ljust(places, "0"))
    if sign == "-":
        units = -units
    if not -INT64_MAX - 1 <= units <= INT64_MAX:
        raise too_large(code, what)
    return units


def as_text(value: str | int | Decimal, code: str, what: str) -> str:
    """Bring a value from a form, a sheet or JSON to text without losing a digit; refuse what is no number."""
    if isinstance(value, str):
        refuse_odd_digits(value, code, what)
        # Between digits a blank can only mean thousands: 5 5 must not become 55.
        return compact(_THOUSANDS_BLANK.sub(",", unicodedata.normalize("NFKC", value)))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise bad_format(code, what, str(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise bad_format(code, what, str(value))
        if value and value.adjusted() > _LONGEST // 2:
            raise too_large(code, what)
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_LONGEST // 2:
            value = value.normalize()
            if value.adjusted() < -_LONGEST // 2:
                raise problem(f"{code}.decimals", "{what}的小数位数太多。", what=what)
        return format(value, "f")
    if abs(value) > INT64_MAX:
        raise too_large(code, what)
    return str(value)


def show_scaled(units: int, places: int, min_places: int = 0) -> str:
    """Write units of 10^-places as a plain decimal: no thousands, no useless zeros beyond `min_places`."""
    whole, rest = divmod(abs(units), 10**places)
    digits = str(rest).rjust(places, "0").rstrip("0").ljust(min_places, "0") if places else ""
    return ("-" if units < 0 else "") + str(whole) + ("." + digits if digits else "")


def refuse_odd_digits(text: str, code: str, what: str) -> None:
    """Refuse digits that only look like digits after normalisation: 5² would become 52, ① would become 1."""
    for char in text:
        if not char.isascii() and not unicodedata.decomposition(char).startswith("<wide>"):
            plain = unicodedata.normalize("NFKC", char)
            if plain[:1].isdigit():
                raise bad_format(code, what, text)


def bad_format(code: str, what: str, value: str) -> Problem:
    """The refusal of something that is no number."""
    return problem(f"{code}.format", "{what}“{value}”不是有效的数字。", what=what, value=value[:40])


def too_large(code: str, what: str) -> Problem:
    """The refusal of a number beyond what the ledger holds."""
    return problem(f"{code}.too_large", "{what}太大。", what=what)
