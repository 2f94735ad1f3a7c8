"""Which printer and paper each kind of document goes to, as it was chosen in the system's dialog the last time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from app.services.refused import Refused, refuse
from ui.remembered import Remembered

RECEIPT, BILL, LETTER, OTHER = "receipt", "bill", "letter", "other"
"""Kinds of document; each may have a printer of its own."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A PDF to be shown and printed, and which kind of document it is."""

    file: Path
    kind: str = OTHER


def paper(printer: QPrinter) -> tuple[float, float]:
    """Width and height of a printer's paper in mm."""
    size = printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter)
    return size.width(), size.height()


def put_paper(printer: QPrinter, wide: float, high: float) -> None:
    """Set a printer to a paper of so many mm, no margins: the page brings its own."""
    size = QPageSize(QSizeF(wide, high), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    printer.setFullPage(True)


def gone(name: str) -> Refused:
    """The printer that was chosen cannot be reached."""
    return refuse("printer.gone", "打印机“{name}”没有响应。", "检查电源和纸后再打，或换一台打印机。", name=name)


class Printers:
    """Kept on this PC for all users: where a receipt comes out is a matter of the desk."""

    def __init__(self, remembered: Remembered | None = None) -> None:
        self._remembered = remembered

    def known(self, kind: str) -> str:
        """The name of the printer of a kind of document; empty where none was chosen yet."""
        return self._remembered.printer(kind)[0] if self._remembered is not None else ""

    def ready(self, kind: str) -> QPrinter:
        """The printer of a kind, set to its paper. Raises Refused `printer.gone`."""
        name, wide, high = self._remembered.printer(kind) if self._remembered is not None else ("", 0.0, 0.0)
        printer = self.open(name)
        if wide and high:
            put_paper(printer, wide, high)
        return printer

    def open(self, name: str) -> QPrinter:
        """A printer by its name. Raises Refused `printer.gone` where it is not there or reports an error."""
        info = QPrinterInfo.printerInfo(name)
        if not name or info.isNull() or info.state() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
            raise gone(name)
        return QPrinter(info, QPrinter.PrinterMode.HighResolution)

    def ask(self, parent: QWidget, kind: str, size: tuple[float, float], title: str) -> QPrinter | None:
        """Let the person choose in the system's dialog, beginning with the last choice; remember what was chosen.

        `size` is the document's own in mm. None where nothing was chosen.
        """
        try:
            printer = self.ready(kind)
        except Refused:
            printer = QPrinter(QPrinter.PrinterMode.HighResolution)
            put_paper(printer, *size)
        printer.setDocName(title)
        if QPrintDialog(printer, parent).exec() != QPrintDialog.DialogCode.Accepted:
            return None
        self.keep(kind, printer)
        printer.setFullPage(True)
        return printer

    def keep(self, kind: str, printer: QPrinter) -> None:
        """Remember a printer and its paper for a kind; printing into a file is no printer."""
        if self._remembered is not None and printer.outputFormat() == QPrinter.OutputFormat.NativeFormat:
            self._remembered.keep_printer(kind, printer.printerName(), *paper(printer))
