"""文书: the pages of a house's paper inside the panel, as wide as the panel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from app.domain.money import yuan
from app.services import dun_letter
from app.services.dun_letter import Shown
from app.services.seat import Seat
from ui.pages.print_preview import SCREEN_DPI, Paper
from ui.pages.printing import drawn, page_count
from ui.theme import look

Pages = tuple[Shown, list[QImage]]


def read(seat: Seat, house: str) -> Pages:
    """A house's paper and its pages as pictures; for a worker."""
    shown = dun_letter.show(seat, house)
    count = page_count(shown.pdf) if shown.pdf else 0
    return shown, [drawn(shown.pdf, number, SCREEN_DPI) for number in range(count)]


def said(shown: Shown) -> str:
    """What paper it is, and when it goes out or went."""
    if not shown.title:
        return f"没有文书：{shown.why}。" if shown.why else "没有文书。"
    if shown.number is not None:
        on = f"，{shown.on.isoformat()} 发出" if shown.on is not None else ""
        return f"{shown.title} {shown.number}{on}。"
    if shown.due:
        return f"{shown.title}，今天应发，还没有编号。"
    coming = f"，{shown.from_day.isoformat()} 起可发" if shown.from_day is not None else ""
    return f"{shown.title}{coming}；按今天的欠费排出，还没有编号。"


def listed(shown: Shown) -> str:
    """What stands on the paper, and what does not."""
    words = f"文书只列已逾期的费用 {yuan(shown.listed_fen)} 元"
    return words + (f"；未到期的 {yuan(shown.rest_fen)} 元不写入。" if shown.rest_fen else "。")


class Papers(QWidget):
    """Pages one below the other, each as wide as there is room."""

    def __init__(self, images: Sequence[QImage]) -> None:
        super().__init__()
        self.papers = [Paper(image, place, len(images)) for place, image in enumerate(images, 1)]
        for paper in self.papers:
            paper.setParent(self)

    def _room(self) -> int:
        """The width that is left beside a scroll bar, whether it is there or not.

        A narrower page is a lower one: with the whole width the bar would come, then not be needed, without end.
        """
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        inside = above.widget() if above is not None else None
        if above is None or inside is None:
            return self.width()
        edges = inside.width() - self.width()
        return above.maximumViewportSize().width() - above.verticalScrollBar().sizeHint().width() - edges

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages take the width; no layout, since a page's fixed width would keep the panel from getting narrower."""
        super().resizeEvent(event)
        top, room = 0, self._room()
        for paper in self.papers:
            paper.fit(room)
            paper.move(0, top)
            top += paper.height() + look().size("gap")
        self.setFixedHeight(max(1, top))
