"""Print preview: the very PDF, page below page, and the same pages to the printer."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QScrollArea, QVBoxLayout, QWidget

from app.services.progress import Progress
from app.services.seat import Seat
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action
from ui.pages.list_states import StatePane
from ui.pages.page import Page
from ui.pages.printing import drawn, page_count, page_size, send_pages
from ui.printers import OTHER, PrintJob
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

SCREEN_DPI = 144
MOST_SHOWN = 60
"""Pages that are drawn at once; the printer and the file get all of them."""
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class Paper(QWidget):
    """One page on the desk: white, with a border."""

    def __init__(self, image: QImage, number: int, of: int) -> None:
        super().__init__()
        self._image, self._scaled = image, QImage()
        self.setAccessibleName(f"第 {number} 页，共 {of} 页")

    def fit(self, width: int) -> None:
        """As wide as that."""
        self.setFixedSize(QSize(width, width * self._image.height() // max(1, self._image.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture. A painter leaves out lines where it makes a picture much smaller, so it is made smaller here."""
        sharp = self.size() * self.devicePixelRatioF()
        if sharp.width() < self._image.width() and self._scaled.size() != sharp:
            self._scaled = self._image.scaled(
                sharp, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._scaled if self._scaled.size() == sharp else self._image)
        painter.setPen(look().colour("border"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class PrintPreviewPage(Page):
    """Shows the file that a page made; prints it, saves a copy."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "打印预览")
        self.path: Path | None = None
        self._kind = OTHER
        self.papers: list[Paper] = []
        self._topic, self._zoom = Topic(), 1.0
        self._desk, self._pane, self._area = QWidget(), StatePane(), QScrollArea()
        self._stack = QVBoxLayout(self._desk)
        self._stack.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._stack.setSpacing(look().px(12))
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._desk)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._pane, 1)
        self._pane.say("print", "没有要打印的文件", "各页面点“打印”做好的文件会显示在这里。")
        self._area.hide()
        self.printing = action(self, "打印", "Ctrl+P", self.print_out)
        self.saving = action(self, "另存为", "Ctrl+S", self.save_as)
        self.closer = action(self, "放大", "Ctrl++", lambda: self.zoom(1))
        self.farther = action(self, "缩小", "Ctrl+-", lambda: self.zoom(-1))
        self.back = action(self, "返回", "Esc", lambda: self.wanted.emit("back", None))
        self.opening = action(self, "用别的程序打开", "", self._open_outside)
        for act in (self.back, self.farther, self.closer, self.opening, self.saving):
            self.head.add(HintButton("", act))
        self.head.add(HintButton("", self.printing, Weight.PRIMARY, icon="print"))
        self._allow(shown=False)

    def _allow(self, *, shown: bool) -> None:
        """What a document is needed for."""
        for act in (self.printing, self.saving, self.closer, self.farther, self.opening):
            act.setEnabled(shown)

    def open_with(self, what: object) -> None:
        """Show a document."""
        if isinstance(what, PrintJob):
            self.path, self._kind = what.file, what.kind
            self.run(lambda progress: self._read(what.file, progress), topic=self._topic, done=self._show)

    @staticmethod
    def _read(path: Path, progress: Progress) -> tuple[int, list[QImage]]:
        n = page_count(path)
        images = []
        for number in range(min(n, MOST_SHOWN)):
            progress.step(number, n)
            images.append(drawn(path, number, SCREEN_DPI))
        return n, images

    def _show(self, answer: tuple[int, list[QImage]]) -> None:
        n, images = answer
        for old in self.papers:
            old.hide()
            old.deleteLater()
        self.papers = [Paper(image, place, n) for place, image in enumerate(images, 1)]
        for paper in self.papers:
            self._stack.addWidget(paper, 0, Qt.AlignmentFlag.AlignHCenter)
        shown = f"，显示前 {len(images)} 页" if len(images) < n else ""
        self.head.say(f"{self.path.name if self.path else ''} · {n} 页{shown}")
        self._pane.hide()
        self._area.show()
        self._allow(shown=True)
        self._fit()

    def zoom(self, by: int) -> None:
        """Nearer or farther."""
        at = ZOOMS.index(self._zoom) + by
        if 0 <= at < len(ZOOMS):
            self._zoom = ZOOMS[at]
            self._fit()

    def _fit(self) -> None:
        width = min(look().px(760), max(200, self._area.viewport().width() - look().px(32)))
        for paper in self.papers:
            paper.fit(int(width * self._zoom))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages take the width."""
        super().resizeEvent(event)
        self._fit()

    def print_out(self) -> None:
        """Ask for the printer, then send every page."""
        if self.path is None:
            return
        printer = self.printers.ask(self, self._kind, page_size(self.path), self.path.name)
        if printer is not None:
            self.send(printer)

    def send(self, printer: QPrinter) -> None:
        """Every page to a printer, off this thread."""
        path = self.path
        if path is None:
            return
        self.run(
            lambda progress: send_pages(path, printer, progress),
            topic=Topic(),
            done=lambda n: self.message.say("ok", f"已送去打印 {n} 页。"),
            writes=True,
            what="打印",
        )

    def save_as(self) -> None:
        """A copy somewhere else."""
        if self.path is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(self, "另存为", self.path.name, "PDF (*.pdf)")
        if chosen:
            source = self.path
            self.run(
                lambda _: Path(shutil.copyfile(source, chosen)),
                topic=Topic(),
                done=lambda saved: self.message.say("ok", f"已另存为 {saved.name}。"),
                writes=True,
            )

    def _open_outside(self) -> None:
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path)))
