"""Which booked payment a line of a bank statement is, and which house it may be for, where none is found.

Sure is only what is unmistakable: the same reference and amount; else the only payment of that amount within three
days, and only where no other line could be it too. [R: practice differs; the office confirms everything else]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

DAYS = 3
"""A bank books a payment so many days before or after the counter does, at most."""

_NUMBER = re.compile(
    r"[0-9A-Z]{1,4}(?:号楼|栋|幢|座|#|-)\s*(?:[0-9]{1,3}(?:单元|-)\s*)?[0-9]{3,5}[A-Z]?(?![0-9])", re.IGNORECASE
)
"""What may be a house's number in running text: 3-2-1102, 3栋2单元1102, 3-1102."""


@dataclass(frozen=True, slots=True)
class Line:
    """Money that the bank says came in; amount in fen."""

    id: int
    day: date
    fen: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """A payment that stands and that no line was found for; amount in fen."""

    id: int
    day: date
    fen: int
    reference: str = ""


def candidates(line: Line, booked: Iterable[Booked]) -> list[Booked]:
    """The payments that a line may be, the likeliest first: by reference and amount alone where one has it."""
    same = [one for one in booked if one.fen == line.fen]
    named = [one for one in same if line.reference and one.reference == line.reference]
    if named:
        return named
    # A payment with another reference of its own is another payment.
    near = [one for one in same if abs((one.day - line.day).days) <= DAYS and not (line.reference and one.reference)]
    return sorted(near, key=lambda one: (abs((one.day - line.day).days), one.id))


def match(lines: Sequence[Line], booked: Sequence[Booked]) -> dict[int, int]:
    """The payment of each line for which there is no doubt, by the line's id; each payment is used once."""
    by_fen: dict[int, list[Booked]] = {}
    for one in booked:
        by_fen.setdefault(one.fen, []).append(one)
    found: dict[int, int] = {}
    used: set[int] = set()
    for line in lines:
        for one in by_fen.get(line.fen, ()):
            if line.reference and one.reference == line.reference and one.id not in used:
                found[line.id] = one.id
                used.add(one.id)
                break
    left = [line for line in lines if line.id not in found]
    free = {fen: [one for one in some if one.id not in used] for fen, some in by_fen.items()}
    wanted: dict[int, list[int]] = {}
    for line in left:
        for one in candidates(line, free.get(line.fen, ())):
            wanted.setdefault(one.id, []).append(line.id)
    for line in left:
        near = candidates(line, free.get(line.fen, ()))
        if len(near) == 1 and len(wanted[near[0].id]) == 1:
            found[line.id] = near[0].id
    return found


def numbers_in(text: str) -> list[str]:
    """What may be house numbers in a remark, as written, longest first."""
    return sorted({found.group().strip() for found in _NUMBER.finditer(text)}, key=len, reverse=True)


def named_in(text: str, names: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """The houses of the people whose whole name stands in a text; the longest name decides."""
    best: tuple[int, frozenset[int]] = (0, frozenset())
    for name, houses in names.items():
        if len(name) >= 2 and name in text and len(name) > best[0]:
            best = (len(name), houses)
    return best[1]
