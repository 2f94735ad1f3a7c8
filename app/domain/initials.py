"""拼音首字母: the initials of a Chinese name, in any reading of its characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import islice, product

from pypinyin.constants import PINYIN_DICT

LONGEST, MOST_SPELLINGS = 6, 16


@lru_cache(maxsize=8192)
def _initials(char: str) -> frozenset[str]:
    """The first letters of a character's readings; a Latin letter or digit stands for itself."""
    if char.isascii():
        return frozenset(char.lower())
    readings = PINYIN_DICT.get(ord(char), "")
    plain = (unicodedata.normalize("NFD", reading.strip())[:1] for reading in readings.split(","))
    return frozenset(letter for letter in plain if letter)


def spellings(name: str) -> tuple[str, ...]:
    """The first six initials of a name in every reading of its characters, at most MOST_SPELLINGS, in order of the
    alphabet: `wyl` of 王样例, `zgl` and `cgl` of 曾国立. A character without a reading ends them.
    """
    read: list[list[str]] = []
    for char in (char for char in name if not char.isspace()):
        letters = _initials(char)
        if not letters or len(read) == LONGEST:
            break
        read.append(sorted(letters))
    return tuple("".join(each) for each in islice(product(*read), MOST_SPELLINGS)) if read else ()
