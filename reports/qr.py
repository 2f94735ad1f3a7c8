"""QR codes that carry a reference, never a name: modules as a bitmap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from zxingcpp import BarcodeFormat, create_barcode

QUIET = 4
"""Modules that stay blank on each side of a code."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code without its quiet zone: `side` modules, its rows packed into bytes, a set bit is dark."""

    side: int
    rows: bytes

    def quiet(self, size: float) -> float:
        """How much must stay blank around the code printed `size` mm wide, in mm."""
        return QUIET * size / self.side


def code(reference: str) -> Code:
    """The QR code of a reference, error correction M."""
    # Nothing of zxing-cpp may outlive this call: what a module still holds at exit is reported on stderr as leaked.
    barcode: Any = create_barcode(reference, BarcodeFormat.QRCode, ec_level="M")
    image = memoryview(barcode.to_image(add_quiet_zones=False))
    side = math.isqrt(image.nbytes)
    dark = image.tobytes().translate(_DARK)
    width = (side + 7) // 8
    rows = (int(dark[at : at + side].ljust(8 * width, b"0"), 2) for at in range(0, side * side, side))
    return Code(side, b"".join(row.to_bytes(width, "big") for row in rows))


_DARK = b"1" * 128 + b"0" * 128
