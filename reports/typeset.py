"""Text into lines of type: fonts by character, sizes that fit, breaks where Chinese text may break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from reportlab.lib.rl_accel import escapePDF

from app.domain.problem import problem
from reports.fonts import GETA, SERIF_STRONG, face_of, font, has_picture, readable, usual, widths
from reports.sheet import MM, Flow, Strong, Style, Text

LEADING = 1.2
"""From one baseline to the next, in sizes."""
MIDDLE = 0.37
"""From the baseline up to the middle of figures and Chinese characters, in sizes."""

_STROKE = 0.032  # the weight of the outline that makes the serif face strong, in sizes
_LOOSEST = 0.25  # a line that would need more than this after each character, in sizes, stays ragged
_AIR = 1.2  # mm above and below a text of several lines, together
_STEP = 0.1  # points; sizes are rounded down to it, so that few sizes occur
_OPENING = frozenset("（(「『《〈【〔［“‘¥￥№+-−")
_CLOSING = frozenset("，。、；：！？）)」』】》〉〕］”’,.;:!?%％…—·")


class Letter(NamedTuple):
    """A character with the font that prints it and its width in thousandths of the size."""

    char: str
    face: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type: its runs (font and text), the PDF operators that show them, its width and indent in points."""

    runs: tuple[tuple[str, str], ...]
    operators: str
    width: float
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits its box: the size it came to and from baseline to baseline, in points; air around it in mm."""

    size: float
    lines: tuple[Line, ...]
    leading: float
    air: float = 0.0

    @property
    def height(self) -> float:
        """What it needs from top to bottom, in mm."""
        return len(self.lines) * self.leading / MM + self.air


class Typesetter:
    """Sets the texts of one PDF; `missing` collects, in order, what no font has."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._escaped: dict[tuple[str, str], str] = {}
        self.missing: dict[str, None] = {}

    def fit(self, text: Text, style: Style, width: float) -> Fitted:
        """Set a text into `width` mm: one line, shrunk at most to the floor, else as many lines as the style allows.

        Raises: `paper.too_long`; nothing is ever cut off.
        """
        letters = self._letters(text, style)
        room = width * MM
        if style.flow is not None:
            return self._flowing(letters, style, style.flow, room)
        natural = _natural(letters, style, style.size)
        if natural <= room:
            return self._single(letters, style, style.size)
        size = _shrunk(letters, style, room)
        if size >= style.floor:
            return self._single(letters, style, size)
        rows = list(_wrap(letters, style, style.floor, room))
        if len(rows) > style.lines:
            raise problem(
                "paper.too_long",
                "“{text}”太长，纸上印不下。",
                "请把它改短。",
                text="".join(letter.char for letter in letters)[:60],
            )
        lines = tuple(self._line(row, style, style.floor, _natural(row, style, style.floor)) for row in rows)
        return Fitted(style.floor, lines, style.floor * LEADING, _AIR if len(lines) > 1 else 0.0)

    def _single(self, letters: Sequence[Letter], style: Style, size: float) -> Fitted:
        return Fitted(size, (self._line(letters, style, size, _natural(letters, style, size)),), size * LEADING)

    def _flowing(self, letters: Sequence[Letter], style: Style, flow: Flow, room: float) -> Fitted:
        """A paragraph: every line but the last reaches both edges."""
        size, indent = style.size, flow.indent * style.size
        rows = list(_wrap(letters, style, size, room, indent))
        lines = []
        for place, row in enumerate(rows):
            before = indent if place == 0 else 0.0
            natural = _natural(row, style, size)
            spread = (room - before - natural) / max(1, len(row) - 1) if place < len(rows) - 1 else 0.0
            if spread > _LOOSEST * size:
                spread = 0.0
            line = self._line(row, style, size, natural, spread)
            lines.append(Line(line.runs, line.operators, natural, before))
        return Fitted(size, tuple(lines), size * flow.leading)

    def _letters(self, text: Text, style: Style) -> list[Letter]:
        if isinstance(text, str):
            return self._faced(text, style.bold, style.serif)
        return [
            letter
            for part in text
            for letter in (
                self._faced(part.text, True, style.serif)
                if isinstance(part, Strong)
                else self._faced(part, style.bold, style.serif)
            )
        ]

    def _faced(self, text: str, bold: bool, serif: bool) -> list[Letter]:
        face = usual(bold, serif)
        known = widths(face)
        try:
            if not (text.isascii() and text.isprintable()):
                raise KeyError
            return [Letter(char, face, known[ord(char)]) for char in text]
        except KeyError:
            return [self._letter(char, bold, serif) for char in text if has_picture(char)]

    def _letter(self, char: str, bold: bool, serif: bool) -> Letter:
        if char.isspace() and char != "　":
            char = " "
        face = face_of(char, bold, serif)
        if face is None:
            self.missing[readable(char)] = None
            char, face = GETA, usual(bold, serif)
        return Letter(char, face, widths(face)[ord(char)])

    def _line(self, letters: Sequence[Letter], style: Style, size: float, width: float, spread: float = 0.0) -> Line:
        by_face = groupby(letters, key=lambda letter: letter.face)
        runs = tuple((face, "".join(letter.char for letter in some)) for face, some in by_face)
        shown = " ".join(self._run(face, text, size) for face, text in runs)
        if style.spacing or spread:
            shown = f"{style.spacing + spread:.4g} Tc {shown} 0 Tc"
        return Line(runs, shown, width)

    def _run(self, face: str, text: str, size: float) -> str:
        shown = []
        for subset, codes in font(face).splitString(text, self._document):
            name = font(face).getSubsetInternalName(subset, self._document)
            shown.append(f"{name} {size:g} Tf ({escapePDF(codes)}) Tj")
        if face == SERIF_STRONG:
            return f"0 G {size * _STROKE:.3f} w 2 Tr {' '.join(shown)} 0 Tr"
        return " ".join(shown)


def _natural(letters: Sequence[Letter], style: Style, size: float) -> float:
    gaps = max(0, len(letters) - 1)
    return sum(letter.width for letter in letters) * size / 1000 + style.spacing * gaps


def _shrunk(letters: Sequence[Letter], style: Style, room: float) -> float:
    """The largest size, in steps, at which the letters stand in one line."""
    per_point = sum(letter.width for letter in letters) / 1000
    size = (room - style.spacing * max(0, len(letters) - 1)) / per_point
    return int(size / _STEP + 1e-6) * _STEP


def _wrap(
    letters: Sequence[Letter], style: Style, size: float, room: float, indent: float = 0.0
) -> Iterator[Sequence[Letter]]:
    """Lines at a size, broken between words or, where one is wider than a line, inside it."""
    row: list[Letter] = []
    left, used = room - indent, 0.0
    for word in _words(letters):
        for part in _pieces(word, style, size, room - indent):
            if row and used + _natural(_stripped(part), style, size) > left:
                yield _stripped(row)
                row, left, used = [], room, 0.0
            row += part
            used += _natural(part, style, size) + style.spacing
    yield _stripped(row)


def _pieces(word: list[Letter], style: Style, size: float, room: float) -> Iterator[list[Letter]]:
    piece: list[Letter] = []
    if _natural(_stripped(word), style, size) <= room:
        yield word
        return
    for letter in word:
        if piece and _natural(_stripped([*piece, letter]), style, size) > room:
            yield piece
            piece = []
        piece.append(letter)
    yield piece


def _stripped(row: list[Letter]) -> list[Letter]:
    """A row without the blanks at its end, which take no room there."""
    end = len(row)
    while end > 1 and row[end - 1].char in " 　":
        end -= 1
    return row[:end]


def _words(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """What must stay together: Latin words and figures, and punctuation with what it belongs to."""
    word: list[Letter] = []
    for letter in letters:
        if word and _may_break(word[-1].char, letter.char):
            yield word
            word = []
        word.append(letter)
    if word:
        yield word


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or after in " 　" or before in _OPENING:
        return False
    if before in " 　":
        return True
    return not (before.isascii() and after.isascii())
