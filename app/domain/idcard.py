"""Identity documents (GB 11643-1999 for resident ID numbers, HANDBOOK §6.1).

A number is checked, not proven: staff may override the outcome with a reason, so a wrong number raises nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.decimal_text import compact
from app.domain.problem import problem


class IdKind(StrEnum):
    """Kinds of documents."""

    RESIDENT_ID = "resident_id"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"


@dataclass(frozen=True, slots=True)
class IdCheck:
    """The outcome. `reason` is one of `obsolete_15_digits`, `format`, `region`, `birth_date`, `checksum`, or None.
    Birth date, sex and age (full years) are known for resident ID numbers only.
    """

    valid: bool
    reason: str | None = None
    normalized: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    age: int | None = None
    under_14: bool | None = None


REASONS = {
    "obsolete_15_digits": "这是 15 位旧号码，请改用 18 位身份证号码。",
    "format": "证件号码的格式不对。",
    "region": "身份证号码开头的地区不存在。",
    "birth_date": "身份证号码里的出生日期不对。",
    "checksum": "身份证号码的校验码不对，请核对是否抄错。",
}
"""What to tell the person who typed it."""

_PROVINCES = frozenset(
    f"{code}"
    for span in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(span[0], span[1] + 1)
)
_SHAPES = {
    IdKind.HK_MACAO_PERMIT: re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})"),
    IdKind.TAIWAN_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}"),
    IdKind.PASSPORT: re.compile(r"[A-Z0-9]{5,15}"),
}
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_OBSOLETE = re.compile(r"[0-9]{15}")
_WEIGHTS = tuple(2 ** (18 - place) % 11 for place in range(1, 18))
_CHECKS = "10X98765432"


def require(kind: IdKind | str, value: str, as_of: date) -> IdCheck:
    """The check of a number that must be right, as the desk types it. Raises: `id.kind`; `bad_id`, which says why."""
    found = check(kind, value, as_of)
    if not found.valid:
        why = REASONS.get(found.reason or "", found.reason or "")
        raise problem("bad_id", "证件号不对：{why}", "请核对后重输。", why=why)
    return found


def check(kind: IdKind | str, value: str, as_of: date) -> IdCheck:
    """Check a document number as of a day (a birth date in the future is wrong, an age depends on it).

    Raises: `id.kind` for an unknown kind of document, nothing about the number itself.
    """
    number = compact(value).upper()
    if kind not in set(IdKind):
        raise problem("id.kind", "没有“{kind}”这种证件。", kind=kind)
    kind = IdKind(kind)
    if kind == IdKind.RESIDENT_ID:
        return _resident(number, as_of)
    if _SHAPES[kind].fullmatch(number):
        return IdCheck(True, normalized=number)
    return IdCheck(False, "format")


def _resident(number: str, as_of: date) -> IdCheck:
    if _OBSOLETE.fullmatch(number):
        return IdCheck(False, "obsolete_15_digits")
    if not _RESIDENT.fullmatch(number):
        return IdCheck(False, "format")
    if number[:2] not in _PROVINCES:
        return IdCheck(False, "region")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return IdCheck(False, "birth_date")
    if born.year < 1900 or born > as_of:
        return IdCheck(False, "birth_date")
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if _CHECKS[total % 11] != number[17]:
        return IdCheck(False, "checksum")
    age = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    return IdCheck(True, None, number, born, "male" if int(number[16]) % 2 else "female", age, age < 14)
