"""Pages of a PDF as pictures, for the screen and for the printer; a PDF is a file or lies in memory only."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from app.services.progress import Progress
from ui.printers import gone

PRINT_DPI = 300
INCH = 25.4
POINTS = 72 / INCH
"""Points in a millimetre."""
Pdf = Path | bytes


def drawn(pdf: Pdf, number: int, dpi: int) -> QImage:
    """A page of a PDF as a picture of its own."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[number].render(scale=dpi / 72, prefer_bgrx=True)
        image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32)
        return image.copy()
    finally:
        document.close()


def page_count(pdf: Pdf) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def page_size(pdf: Pdf) -> tuple[float, float]:
    """Width and height of the first page in mm."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        wide, high = document.get_page_size(0)
        return wide / POINTS, high / POINTS
    finally:
        document.close()


def send_pages(pdf: Pdf, printer: QPrinter, progress: Progress) -> int:
    """Paint every page of a PDF onto a printer in its true size; gives their number.

    Raises: Refused `printer.gone` where the printer takes nothing; Cancelled after `progress` was cancelled.
    """
    n = page_count(pdf)
    wide, high = page_size(pdf)
    painter = QPainter(printer)
    if not painter.isActive():
        raise gone(printer.printerName())
    try:
        dots = printer.resolution() / INCH
        room = QRectF(0, 0, wide * dots, high * dots)
        for number in range(n):
            progress.step(number, n)
            if number and not printer.newPage():
                raise gone(printer.printerName())
            painter.drawImage(room, drawn(pdf, number, PRINT_DPI))
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()
    if printer.printerState() == QPrinter.PrinterState.Error:
        raise gone(printer.printerName())
    return n
