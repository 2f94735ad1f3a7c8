"""Personal data with its middle hidden (个人信息保护法 art. 51 asks for it, the patterns are ours: HANDBOOK §6.3)."""

from __future__ import annotations

from collections.abc import Callable

from app.domain import phone
from app.domain.problem import problem

_KEEP = {
    "id_number": (3, 4),
    "mobile": (3, 4),
    "landline": (4, 2),
    "plate": (2, 2),
    "bank_card": (0, 4),
    "passport": (2, 2),
}
KINDS = frozenset({*_KEEP, "name", "email", "phone"})
"""Kinds of personal data with a pattern; `phone` is for a column that holds either sort of number."""


def mask(kind: str, value: str) -> str:
    """Hide the middle of a normalised value. The length stays, except for an email; a value too short to keep both
    its ends is starred whole, a name of one character stays.

    Raises: `masking.kind` for an unknown kind (never the open value).
    """
    if kind == "name":
        return value[:1] + "*" * (len(value) - 1)
    if kind == "email":
        local, at, domain = value.rpartition("@")
        return f"{local[:1]}***@{domain}" if at else "*" * len(value)
    if kind == "phone":
        found = phone.read(value)
        kind = "mobile" if found and found.kind == phone.PhoneKind.MOBILE else "landline"
    if kind not in _KEEP:
        raise problem("masking.kind", "没有“{kind}”这种脱敏方式。", kind=kind)
    head, tail = _KEEP[kind]
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]


def masking(kind: str) -> Callable[[str | None], str | None]:
    """How a list shows values of a kind: masked, nothing where there is none."""
    return lambda value: mask(kind, value) if value else None
