"""The painter: puts bands onto pages. What a layout repeats becomes one form that every page reuses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from reports.fonts import SANS, font
from reports.made import Made
from reports.qr import Code
from reports.sheet import MM, Band, Box, Style, Text
from reports.typeset import MIDDLE, Fitted, Typesetter

T = TypeVar("T")

A4 = (210.0, 297.0)
DASH = 0.2
"""The weight of a cut line, in mm."""

_subsetting = Lock()  # reportlab reads a font through one position in its file

# Binary streams: a quarter smaller than as text, and every reader takes them.
rl_config.useA85 = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A band with those of its texts set that come from a document's values, and the height it grew to, in mm."""

    band: Band[Any]
    height: float
    texts: tuple[tuple[Box[Any], Fitted], ...]


def height_of(*blocks: Sequence[Placed]) -> float:
    """The height of bands stacked, in mm."""
    return sum(one.height for block in blocks for one in block)


class Painter:
    """Paints one PDF, page by page, in mm from the top left. The same values give the same bytes.

    `close` writes the file; until then nothing stands on the disk. In the place of a path it writes into memory.
    """

    def __init__(self, path: Path | BytesIO, title: str, size: tuple[float, float]) -> None:
        font(SANS)
        where, sheet = str(path) if isinstance(path, Path) else path, (size[0] * MM, size[1] * MM)
        self._canvas = Canvas(where, sheet, pageCompression=1, invariant=1, initialFontName=SANS)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._canvas.setCreator("Anju 安居物业")
        self._canvas.setProducer("Anju 安居物业")
        self._setter = Typesetter(self._canvas._doc)
        self._width, self._height = size
        self._forms: dict[Hashable, str] = {}
        self._fitted: dict[tuple[Box[Any], Text], Fitted] = {}
        self._fixed: dict[Band[Any], tuple[tuple[Box[Any], Fitted], ...]] = {}
        self._pages = 0
        self._fresh = True

    def place(self, band: Band[T], value: T) -> Placed:
        """Set a band's texts for a document's values. Raises: `paper.too_long`."""
        height, texts, fitted = band.height, [], self._fitted
        for box in band.boxes:
            if not callable(box.text):
                continue
            text = box.text(value)
            if not text:
                continue
            fit = fitted.get((box, text))
            if fit is None:
                fit = fitted[box, text] = self._setter.fit(text, box.style, box.w)
            if fit.height > height:
                height = fit.height
            texts.append((box, fit))
        return Placed(band, height, tuple(texts))

    def place_all(self, bands: Iterable[Band[T]], value: T) -> list[Placed]:
        """Set several bands for the same values."""
        return [self.place(band, value) for band in bands]

    def paint(self, placed: Sequence[Placed], top: float, origin: float = 0.0) -> float:
        """Paint bands one below the other from `top` on, all moved down by `origin`; gives where they end.

        `origin` lets the two halves of a page share one form.
        """
        self.stamp(("bands", top, *((one.band, one.height) for one in placed)), lambda: self._draw(placed, top), origin)
        at, shown = top + origin, ["BT"]
        for one in placed:
            middle = at + one.height / 2
            for box, fit in one.texts:
                self._text(shown, box, fit, middle)
            at += one.height
        if len(shown) > 1:
            self._write(" ".join([*shown, "ET"]))
        return at - origin

    def stamp(self, key: Hashable, draw: Callable[[], None], origin: float = 0.0) -> None:
        """Paint what `draw` paints, `origin` mm further down; under a key painted before, the form is reused."""
        name = self._forms.get(key)
        if name is None:
            name = self._forms[key] = f"form{len(self._forms)}"
            self._define(name, draw)
        self._write(f"q 1 0 0 1 0 {-origin * MM:.3f} cm")
        self._use(name)
        self._write("Q")

    def cut(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A dashed line to cut or tear along."""
        self._write(f"q {DASH * MM:.3f} w [4 3] 0 d {self._path(x1, y1, x2, y2)} S Q")

    def code(self, code: Code, x: float, y: float, size: float) -> None:
        """A QR code `size` mm wide; its quiet zone around it is the caller's to keep."""
        side = size * MM
        place = f"{side:.3f} 0 0 {side:.3f} {x * MM:.3f} {(self._height - y) * MM - side:.3f} cm"
        picture = f"BI /W {code.side} /H {code.side} /IM true /BPC 1 /D [1 0] /F /AHx ID {code.rows.hex()}> EI"
        self._write(f"q {place} {picture} Q")

    def across(self, text: str, style: Style, x: float, y: float) -> None:
        """A text in outline, so that what is under it stays readable, rising through its middle at (x, y)."""
        line = self._setter.fit(text, style, self._width).lines[0]
        cos, sin = 0.9744, 0.2250  # 13 degrees
        back, down = line.width / 2, MIDDLE * style.size
        left = x * MM - back * cos + down * sin
        base = (self._height - y) * MM - back * sin - down * cos
        matrix = f"{cos} {sin} {-sin} {cos} {left:.2f} {base:.2f} Tm"
        self._write(f"q {0.3 * MM:.3f} w BT 1 Tr {matrix} {line.operators} ET Q")

    def turn(self) -> None:
        """End this page."""
        self._canvas.showPage()
        self._pages += 1
        self._fresh = True

    def close(self) -> Made:
        """Write the file.

        Raises: OSError; ValueError for a document without a page.
        """
        if not self._fresh:
            self.turn()
        if not self._pages:
            raise ValueError("a document needs a page")
        with _subsetting:
            self._canvas.save()
        return Made(self._pages, tuple(self._setter.missing))

    def _define(self, name: str, draw: Callable[[], None]) -> None:
        self._canvas.beginForm(name)
        draw()
        self._canvas.endForm()

    def _use(self, name: str) -> None:
        self._canvas.doForm(name)

    def _draw(self, placed: Sequence[Placed], top: float) -> None:
        """The strokes and constant texts of bands, in the page's own coordinates."""
        shown, at = ["BT"], top
        self._write("2 J")
        for one in placed:
            for line in one.band.strokes:
                path = self._path(line.x1, at + line.y1 * one.height, line.x2, at + line.y2 * one.height)
                self._write(f"{line.grey:g} G {line.weight * MM:.3f} w {path} S")
            for box, fit in self._constant(one.band):
                self._text(shown, box, fit, at + one.height / 2)
            at += one.height
        if len(shown) > 1:
            self._write(" ".join([*shown, "ET"]))

    def _constant(self, band: Band[Any]) -> tuple[tuple[Box[Any], Fitted], ...]:
        known = self._fixed.get(band)
        if known is None:
            known = self._fixed[band] = tuple(
                (box, self._setter.fit(box.text, box.style, box.w)) for box in band.boxes if not callable(box.text)
            )
        return known

    def _text(self, shown: list[str], box: Box[Any], fit: Fitted, middle: float) -> None:
        """Add a text's lines, their block in the middle of the band."""
        leading = fit.leading
        top = (self._height - middle - box.dy) * MM + leading * (len(fit.lines) - 1) / 2 - fit.size * MIDDLE
        for line in fit.lines:
            x = box.x * MM + line.indent + box.align.value * (box.w * MM - line.width)
            shown.append(f"1 0 0 1 {x:.2f} {top:.2f} Tm {line.operators}")
            top -= leading

    def _path(self, x1: float, y1: float, x2: float, y2: float) -> str:
        height = self._height
        return f"{x1 * MM:.2f} {(height - y1) * MM:.2f} m {x2 * MM:.2f} {(height - y2) * MM:.2f} l"

    def _write(self, operators: str) -> None:
        self._canvas.addLiteral(operators)
        self._fresh = False
