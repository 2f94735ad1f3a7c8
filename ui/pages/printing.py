"""Pages of a PDF as pictures, for the screen and for the printer; a PDF is a file or lies in memory only."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from app.services.progress import Progress

PRINT_DPI = 300
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


def send_pages(pdf: Pdf, printer: QPrinter, progress: Progress) -> int:
    """Paint every page of a PDF onto a printer; gives their number."""
    n = page_count(pdf)
    painter = QPainter(printer)
    for number in range(n):
        progress.step(number, n)
        if number:
            printer.newPage()
        painter.drawImage(QRectF(0, 0, printer.width(), printer.height()), drawn(pdf, number, PRINT_DPI))
    painter.end()
    return n
