"""The printed recovery key: 160 random bits as 8 groups of 5 characters, the fifth a check of its group and place."""

from __future__ import annotations

import os
from hashlib import sha256

from app.domain.problem import Problem, problem

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, SECRET_BYTES = 8, 20
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_secret() -> bytes:
    """160 random bits."""
    return os.urandom(SECRET_BYTES)


def _check(group: str, place: int) -> str:
    return ALPHABET[sha256(f"{place}:{group}".encode()).digest()[0] % 32]


def show(secret: bytes) -> str:
    """The groups, joined by hyphens."""
    number = int.from_bytes(secret, "big")
    symbols = "".join(ALPHABET[(number >> (5 * i)) & 31] for i in reversed(range(32)))
    groups = [symbols[4 * i : 4 * i + 4] for i in range(GROUPS)]
    return "-".join(group + _check(group, place) for place, group in enumerate(groups, 1))


def read(text: str) -> bytes:
    """The bits behind a typed key; lower case and I, L, O are accepted.

    Raises Problem `recovery.groups` or `recovery.group` which names the wrong group.
    """
    symbols = "".join(text.upper().split()).replace("-", "").translate(_ALIKE)
    if len(symbols) != GROUPS * 5:
        raise problem("recovery.groups", "恢复密钥应为 8 组，每组 5 个字符。", "请对照打印的恢复密钥单重新输入。")
    number = 0
    for place in range(1, GROUPS + 1):
        group = symbols[5 * place - 5 : 5 * place]
        if any(symbol not in ALPHABET for symbol in group) or _check(group[:4], place) != group[4]:
            raise _wrong(place)
        for symbol in group[:4]:
            number = number * 32 + ALPHABET.index(symbol)
    return number.to_bytes(SECRET_BYTES, "big")


def _wrong(place: int) -> Problem:
    return problem("recovery.group", "恢复密钥第 {place} 组不对。", "请对照打印的恢复密钥单改这一组。", place=place)
