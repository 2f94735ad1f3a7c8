"""拼音首字母: whether letters are the initials of a Chinese name, in any reading of its characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT


@lru_cache(maxsize=8192)
def _initials(char: str) -> frozenset[str]:
    """The first letters of a character's readings; a Latin letter or digit stands for itself."""
    if char.isascii():
        return frozenset(char.lower())
    readings = PINYIN_DICT.get(ord(char), "")
    plain = (unicodedata.normalize("NFD", reading.strip())[:1] for reading in readings.split(","))
    return frozenset(letter for letter in plain if letter)


def begins(name: str, letters: str) -> bool:
    """Whether the name begins with these initials: `wyl` 王样例, `zgl` 曾国立 and 增国立 alike.

    `letters` in lower case.
    """
    bare = [char for char in name if not char.isspace()]
    return len(letters) <= len(bare) and all(
        letter in _initials(char) for letter, char in zip(letters, bare, strict=False)
    )
