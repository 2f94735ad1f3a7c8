"""照片和文件 of a house: what there is, pictures, PDFs and texts shown from memory, added, taken out, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from pypdfium2 import PdfiumError
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QWidget,
)

from app.services import attachments
from app.services.attachments import FileAnswer, FileContent, FileRow
from ui.forms.confirm import Confirm, Overlay
from ui.forms.hint_button import HintButton, Weight
from ui.forms.message_bar import MessageBar
from ui.forms.parts import action, text
from ui.pages.page import Page
from ui.pages.printing import drawn, page_count, page_size
from ui.theme import look
from ui.workers.topic import Topic

WIDTH, LIST_WIDTH, HEIGHT = 820, 300, 380
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
PAPERS, TEXTS = (".pdf",), (".txt", ".csv", ".md", ".log")
MOST_PAGES, MOST_LETTERS = 20, 20_000
"""So much of a PDF or a text is shown; the rest is seen after 另存为."""
T = TypeVar("T")


def size_words(size: int) -> str:
    """Bytes as people say them."""
    if size < 1024:
        return f"{size} 字节"
    if size < 1024 * 1024:
        return f"{size // 1024} KB"
    return f"{size * 10 // (1024 * 1024) / 10} MB"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it is shown: a text, a picture (None: it cannot be read), or the pages of a PDF one below the other."""

    text: str = ""
    picture: QImage | None = None
    pages: int = 0


def _opened(found: FileContent, wide: int) -> Seen:
    """Read a file for the eyes, `wide` pixels; whatever it is called, it may be anything."""
    name = found.name.lower()
    if name.endswith(TEXTS):
        return Seen(_text(found.data))
    if name.endswith(PAPERS):
        return _pages(found.data, wide)
    picture = QImage.fromData(found.data)
    return Seen(picture=None if picture.isNull() else picture)


def _text(data: bytes) -> str:
    for coding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(coding)[:MOST_LETTERS] or "（空文件）"
        except UnicodeDecodeError:
            continue
    return "这个文件不是文字，请另存为以后打开。"


def _pages(data: bytes, wide: int) -> Seen:
    try:
        count = min(page_count(data), MOST_PAGES)
        across = page_size(data)[0]
        # A page that says it is metres wide is drawn no larger than one that is not.
        dpi = max(20, min(160, int(wide / max(across / 25.4, 1))))
        pages = [drawn(data, number, dpi) for number in range(count)]
    except PdfiumError:
        return Seen()
    high = sum(page.height() + 8 for page in pages)
    sheet = QImage(max(page.width() for page in pages), high, QImage.Format.Format_ARGB32)
    sheet.fill(Qt.GlobalColor.transparent)
    painter, top = QPainter(sheet), 0
    for page in pages:
        painter.drawImage(0, top, page)
        top += page.height() + 8
    painter.end()
    return Seen(picture=sheet, pages=count)


class HouseFiles(Overlay):
    """The files of a house; `landed` says what was done. Esc closes it."""

    landed = Signal(str)

    def __init__(self, page: Page, house: str) -> None:
        super().__init__(page.area, WIDTH)
        self.page, self._house = page, house
        self._list_topic, self._show_topic, self._act_topic = Topic(), Topic(), Topic()
        self.rows: tuple[FileRow, ...] = ()
        self.message, self.names, self.shown = MessageBar(), QListWidget(), QLabel()
        self.names.setAccessibleName("照片和文件")
        self.names.setProperty("role", "rows")
        self.names.setFixedWidth(look().px(LIST_WIDTH))
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.shown.setWordWrap(True)
        self.shown.setTextFormat(Qt.TextFormat.PlainText)
        self.shown.setProperty("role", "third")
        self.room = QScrollArea()
        self.room.setFrameShape(QFrame.Shape.NoFrame)
        self.room.setWidgetResizable(True)
        self.room.setAccessibleName("文件的内容")
        self.room.setWidget(self.shown)
        self.names.currentRowChanged.connect(lambda _: self._turn())
        self.body.addWidget(text(f"{house} 的照片和文件", "title"))
        about = "加密保存，每个不超过 20 MB；原来的文件不动。图片、PDF、文字在这里看，不写到磁盘上。"
        self.body.addWidget(text(about, "second", wrap=True))
        self.body.addWidget(self.message)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.names)
        middle.addWidget(self.room, 1)
        holder = QWidget()
        holder.setFixedHeight(min(look().px(HEIGHT), max(look().px(160), page.area.height() - look().px(260))))
        holder.setLayout(middle)
        middle.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(holder)
        self.foot.addLayout(self._row())
        self.setAccessibleName(f"{house} 的照片和文件")
        self.show()
        self.raise_()
        self.names.setFocus()
        self.refresh()

    def _row(self) -> QHBoxLayout:
        self.adding = HintButton("", action(self, "添加…", "Ctrl+N", self.choose), Weight.PRIMARY, parent=self.card)
        self.saving, self.dropping = HintButton("另存为…"), HintButton("删除", weight=Weight.DANGER)
        self.saving.clicked.connect(self.choose_target)
        self.dropping.clicked.connect(self.ask_drop)
        row = QHBoxLayout()
        row.setSpacing(8)
        if self.page.seat.may("import_register"):
            row.addWidget(self.dropping)
            row.addWidget(self.saving)
        row.addStretch(1)
        row.addWidget(HintButton("", action(self, "关闭", "Esc", self.finish), parent=self.card))
        if self.page.seat.may("import_register"):
            row.addWidget(self.adding)
        return row

    @property
    def row(self) -> FileRow | None:
        """The file in front."""
        at = self.names.currentRow()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def refresh(self) -> None:
        """Read what there is."""
        seat, house = self.page.seat, self._house
        self._run(lambda: attachments.listing(seat, house), self._list_topic, self._listed)

    def _listed(self, rows: tuple[FileRow, ...]) -> None:
        self.rows = rows
        self.names.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.name}\n{size_words(row.size)} · {row.added}")
            item.setToolTip(row.name)
            item.setSizeHint(QSize(0, look().px(52)))
            self.names.addItem(item)
        if rows:
            self.names.setCurrentRow(0)
        self._turn()

    def _turn(self) -> None:
        row = self.row
        self.saving.setEnabled(row is not None)
        self.dropping.setEnabled(row is not None)
        self.shown.setPixmap(QPixmap())
        if row is None:
            self.shown.setText("还没有照片和文件。")
        elif not row.name.lower().endswith((*PICTURES, *PAPERS, *TEXTS)):
            self.shown.setText("这种文件不能在这里看，请另存为以后打开。")
        else:
            self.shown.setText("正在打开…")
            seat, house = self.page.seat, self._house
            wide = self.room.viewport().width()
            self._run(lambda: _opened(attachments.show(seat, house, row.name), wide), self._show_topic, self._show)

    def _show(self, found: Seen) -> None:
        self.shown.setAlignment(Qt.AlignmentFlag.AlignTop if found.text else Qt.AlignmentFlag.AlignCenter)
        if found.text:
            self.shown.setText(found.text)
            return
        if found.picture is None:
            self.shown.setText("这个文件打不开，可能是坏的，或不是它说的那种文件。")
            return
        picture = QPixmap.fromImage(found.picture)
        if found.pages:
            self.shown.setPixmap(picture)
            return
        fit, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        room = self.room.viewport().size()
        larger = picture.width() > room.width() or picture.height() > room.height()
        self.shown.setPixmap(picture.scaled(room, fit, smooth) if larger else picture)

    def _run(self, call: Callable[[], T], topic: Topic, done: Callable[[T], None], what: str = "") -> None:
        self.page.run(
            lambda _: call(), topic=topic, done=done, failed=self.message.tell, writes=bool(what), what=what
        )  # fmt: skip

    # what is done

    def choose(self) -> None:
        """Ask which file to keep."""
        chosen, _ = QFileDialog.getOpenFileName(self, "添加照片或文件")
        if chosen:
            self.add(Path(chosen))

    def add(self, source: Path) -> None:
        """Keep a copy of a file."""
        seat, house, key = self.page.seat, self._house, str(uuid4())

        def write() -> FileAnswer:
            with seat.once(key):
                return attachments.add(seat, house, source)

        self._run(write, self._act_topic, partial(self._done, "已添加 {name}，加密保存。"), "添加文件")

    def choose_target(self) -> None:
        """Ask where to write the file in front."""
        if self.row is None:
            return
        folder = self.page.seat.store.paths.out
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        chosen, _ = QFileDialog.getSaveFileName(self, "另存为", str(folder / self.row.name))
        if chosen:
            self.save(Path(chosen))

    def save(self, target: Path) -> None:
        """Write the file in front to a place, in the clear."""
        row, seat, house = self.row, self.page.seat, self._house
        if row is not None:
            said = partial(self._done, "已另存 {name}，另存的没有加密。")
            self._run(lambda: attachments.take_out(seat, house, row.name, target), self._act_topic, said, "另存文件")

    def ask_drop(self) -> None:
        """Ask whether to remove the file in front."""
        row = self.row
        if row is None:
            return
        about = "删除以后看不到，也不能撤回；以前的备份里还有。"
        asked = Confirm(self.page.area, f"删除 {row.name} 吗？", about, "删除", "不删除", danger=True)
        asked.answered.connect(lambda yes: self.drop(row.name) if yes else None)

    def drop(self, name: str) -> None:
        """Remove a file."""
        seat, house, key = self.page.seat, self._house, str(uuid4())

        def write() -> FileAnswer:
            with seat.once(key):
                return attachments.drop(seat, house, name)

        self._run(write, self._act_topic, partial(self._done, "已删除 {name}。"), "删除文件")

    def _done(self, template: str, done: FileAnswer) -> None:
        said = template.format(name=done.name)
        self.message.say("ok", said)
        self.landed.emit(said)
        self.refresh()
