"""Unified social credit codes of companies (GB 32100-2015, HANDBOOK §6.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.decimal_text import compact

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPE = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


@dataclass(frozen=True, slots=True)
class CreditCodeCheck:
    """The outcome; `reason` is `format`, `checksum` or None. Some early real codes break the check: staff may
    override it with a reason.
    """

    valid: bool
    reason: str | None = None
    normalized: str | None = None


def check(value: str) -> CreditCodeCheck:
    """Check a code: 18 characters without I O S V Z, six digits of region, check character modulo 31."""
    code = compact(value).upper()
    if not _SHAPE.fullmatch(code):
        return CreditCodeCheck(False, "format")
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(code, _WEIGHTS, strict=False))
    if _ALPHABET[-total % 31] != code[17]:
        return CreditCodeCheck(False, "checksum")
    return CreditCodeCheck(True, None, code)
