"""Telephone numbers (HANDBOOK §6.2; the number plan is general knowledge, unverified)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.decimal_text import compact
from app.domain.problem import problem


class PhoneKind(StrEnum):
    """What sort of line a number belongs to."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"
    HK = "hk"
    MACAO = "macao"
    TAIWAN = "taiwan"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in normal form: digits only; country code only where it is not +86."""

    kind: PhoneKind
    normalized: str


_SEPARATORS = re.compile(r"[\s\-‐-―−.()·/]+")
_MAINLAND = (
    (PhoneKind.MOBILE, re.compile(r"1[3-9][0-9]{9}")),
    (PhoneKind.LANDLINE, re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}")),
    (PhoneKind.SERVICE, re.compile(r"[48]00[0-9]{7}")),
)
_ABROAD = (
    (PhoneKind.HK, re.compile(r"\+852[0-9]{8}")),
    (PhoneKind.MACAO, re.compile(r"\+853[0-9]{8}")),
    (PhoneKind.TAIWAN, re.compile(r"\+886[0-9]{8,9}")),
)


def read(value: str) -> Phone | None:
    """The number in normal form, or None if it is none."""
    digits = _SEPARATORS.sub("", compact(value))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if (digits.startswith("+") and not digits.startswith("+86")) or digits.startswith("+886"):
        return next((Phone(kind, digits) for kind, shape in _ABROAD if shape.fullmatch(digits)), None)
    if digits.startswith("+86"):
        return _mainland(digits[3:]) or _mainland("0" + digits[3:])
    found = _mainland(digits)
    if found is None and digits.startswith("86"):
        found = _mainland(digits[2:]) or _mainland("0" + digits[2:])
    return found


def parse(value: str) -> Phone:
    """The number in normal form.

    Raises: `phone.format`.
    """
    found = read(value)
    if found is None:
        raise problem("phone.format", "电话号码“{value}”的格式不对。", value=value[:30])
    return found


def _mainland(digits: str) -> Phone | None:
    return next((Phone(kind, digits) for kind, shape in _MAINLAND if shape.fullmatch(digits)), None)
