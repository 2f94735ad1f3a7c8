"""Number plates (GA 36, HANDBOOK §6.2; partly general knowledge). An unknown plate is asked about, then kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.decimal_text import compact


class PlateKind(StrEnum):
    """Kinds of plates."""

    ORDINARY = "ordinary"
    NEW_ENERGY_SMALL = "new_energy_small"
    NEW_ENERGY_LARGE = "new_energy_large"
    SPECIAL = "special"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate in normal form: no separators, upper case."""

    kind: PlateKind
    normalized: str


_SEPARATORS = re.compile(r"[\s·•・‧∙.\-‐-―−_]+")
_HEAD = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z]"
# The letters I and O are not used: they look like 1 and 0.
_SIGN = "[0-9A-HJ-NP-Z]"
_SHAPES = (
    (PlateKind.ORDINARY, re.compile(rf"{_HEAD}{_SIGN}{{5}}")),
    (PlateKind.NEW_ENERGY_SMALL, re.compile(rf"{_HEAD}[A-HJK]{_SIGN}[0-9]{{4}}")),
    (PlateKind.NEW_ENERGY_LARGE, re.compile(rf"{_HEAD}[0-9]{{5}}[A-HJK]")),
    (PlateKind.SPECIAL, re.compile(rf"{_HEAD}{_SIGN}{{4}}[学警港澳挂领]")),
)


def parse(value: str) -> Plate:
    """A plate's kind and normal form; never refused."""
    plain = _SEPARATORS.sub("", compact(value).upper())
    kind = next((kind for kind, shape in _SHAPES if shape.fullmatch(plain)), PlateKind.UNKNOWN)
    return Plate(kind, plain)
