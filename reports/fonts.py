"""The committed fonts: which one prints a character, and what stands for a character that none of them has."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from unicodedata import category

from reportlab.pdfbase import pdfmetrics, ttfonts

SANS: Final = "NotoSansSC"
BOLD: Final = "NotoSansSC-Bold"
SERIF: Final = "NotoSerifSC"
SERIF_STRONG: Final = "NotoSerifSC-Strong"
"""The serif face with its outline drawn too: it has no bold cut of its own."""
GETA: Final = "〓"
"""Printed in place of a character that no font has."""

_FILES = {
    SANS: "NotoSansSC_400Regular.ttf",
    BOLD: "NotoSansSC_700Bold.ttf",
    SERIF: "NotoSerifSC_400Regular.ttf",
}
_CHAINS = {
    (False, False): (SANS, SERIF),
    (True, False): (BOLD, SERIF),
    (False, True): (SERIF, SANS),
    (True, True): (SERIF_STRONG, BOLD),
}
_MOST_MAPPINGS = 100  # of one bfchar block, by the PDF specification


def folder() -> Path:
    """Where the fonts lie: beside the package, or in the bundle of the installed program."""
    bundle = getattr(sys, "_MEIPASS", None)
    base = Path(bundle) if bundle else Path(__file__).resolve().parent.parent
    return base / "resources" / "fonts"


@cache
def font(name: str) -> Any:
    """A font by its name, read from its file at first use and kept.

    Raises: OSError or reportlab's TTFError where the file is missing or damaged.
    """
    if name == SERIF_STRONG:
        return font(SERIF)
    loaded = ttfonts.TTFont(name, str(folder() / _FILES[name]))
    pdfmetrics.registerFont(loaded)
    return loaded


@cache
def widths(name: str) -> dict[int, float]:
    """The width of each character that a font has, in thousandths of its size."""
    known: dict[int, float] = font(name).face.charWidths
    return known


def has_picture(char: str) -> bool:
    """Whether anything of this character is meant to be seen: joiners, direction marks and selectors have none."""
    code = ord(char)
    return not (category(char) == "Cf" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF)


@cache
def face_of(char: str, bold: bool, serif: bool = False) -> str | None:
    """The first font that has a character, in the order sans, serif or the other way round; None where none has it."""
    for name in _CHAINS[bold, serif]:
        if ord(char) in widths(name):
            return name
    return None


def usual(bold: bool, serif: bool = False) -> str:
    """The font that prints what is not rare."""
    return _CHAINS[bold, serif][0]


def readable(char: str) -> str:
    """A character as it can be shown in a message to the clerk."""
    return char if char.isprintable() else f"U+{ord(char):04X}"


def to_unicode(name: str, subset: Sequence[int]) -> str:
    """The map from a subset's codes to text, so that what is copied out of the PDF is what was written.

    In place of reportlab's, which writes five hexadecimal digits for a character above U+FFFF: that prints well but
    copies as another character.
    """
    pairs = [f"<{at:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for at, code in enumerate(subset) if code]
    blocks = []
    for start in range(0, len(pairs), _MOST_MAPPINGS):
        block = pairs[start : start + _MOST_MAPPINGS]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


ttfonts.makeToUnicodeCMap = to_unicode
