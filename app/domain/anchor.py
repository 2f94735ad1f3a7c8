"""The head of the audit chain as it stands on paper, and as somebody types it in (RELIABILITY §4).

Sixteen characters of the digest and a check character, `3F2A-91C0-77DE-0B12-K`; on receipts the first eight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.decimal_text import compact
from app.domain.problem import problem

_CHECKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SHORT, SHORTEST = 16, 8


def _check(head: str) -> str:
    """The check character of hexadecimal digits: it depends on each one's place."""
    return _CHECKS[sum((place + 1) * int(digit, 16) for place, digit in enumerate(head)) % len(_CHECKS)]


def short(digest: str) -> str:
    """A digest in short form, `3F2A-91C0-77DE-0B12-K`; empty for an empty one."""
    head = digest[:SHORT].upper()
    return "-".join([*(head[at : at + 4] for at in range(0, SHORT, 4)), _check(head)]) if head else ""


def shortest(digest: str) -> str:
    """The eight characters that a receipt bears."""
    return digest[:SHORTEST].upper()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point of the chain that somebody kept: the record's number and how its digest begins."""

    seq: int
    begins: str

    def holds(self, digest: str | None) -> bool:
        """Whether the stored record's digest (None: there is none) is this one."""
        return digest is not None and digest.startswith(self.begins)


def parse(text: str) -> Anchor:
    """Read `SEQ:HEAD`: the whole digest, its short form with or without the check character, or a receipt's eight.

    Raises: `anchor.format`, `anchor.check`.
    """
    match = re.fullmatch(r"([0-9]{1,15}):([0-9A-Z]+)", compact(text).replace("-", "").upper())
    if match is None:
        raise problem(
            "anchor.format", "锚点应写成 序号:链头，如 812:3F2A-91C0-77DE-0B12-K。", "请照日结单或备份上的抄写。"
        )
    seq, head = int(match[1]), match[2]
    if len(head) == SHORT + 1 and re.fullmatch(r"[0-9A-F]{16}", head[:SHORT]):
        if _check(head[:SHORT]) != head[SHORT]:
            raise problem("anchor.check", "链头的校验字符不对，可能抄错了一个字符。", "请再核对一遍。")
        head = head[:SHORT]
    if not seq or len(head) not in (SHORTEST, SHORT, 64) or not re.fullmatch(r"[0-9A-F]+", head):
        raise problem(
            "anchor.format", "锚点应写成 序号:链头，如 812:3F2A-91C0-77DE-0B12-K。", "请照日结单或备份上的抄写。"
        )
    return Anchor(seq, head.lower())
