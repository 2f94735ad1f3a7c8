"""What the cards of a price are made of: cells of its versions, whom it reaches in words, fields and facts in grids."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.list_face import Kind as Cells
from app.services.price_file import PriceFile, PriceVersion
from ui.forms.field import FieldBox, Kind
from ui.forms.form import Form
from ui.forms.parts import Card, text
from ui.models.plain_model import column
from ui.pages.fee_tree import STATES
from ui.pages.plain_table import Cell, Head, Status
from ui.theme import look

_LEVELS = {"now": "ok", "later": "info", "past": "neutral", "asked": "warn", "none": "neutral"}
MOST_BESIDE = 3
"""Choices from which a row of chips stands alone."""
HEADS = (
    Head("版本", 52),
    Head("生效", 92),
    Head("停用", 92, gives_way=True),
    Head("价格"),
    Head("状态", 84),
    Head("制定人", 72, gives_way=True),
)
COSTS = (
    column("first", "账期起", Cells.DATE, 10),
    column("amount_fen", "金额（元）", Cells.MONEY, 10),
    column("invoice", "发票"),
    column("billed", "已出账", Cells.CHECK, 7),
)


def version_cells(version: PriceVersion) -> tuple[Cell, ...]:
    """A version in the table of versions, under HEADS."""
    used = "（已出账）" if version.used else ""
    return (
        version.label,
        version.valid_from.isoformat(),
        "—" if version.valid_to is None else version.valid_to.isoformat(),
        version.price + used,
        Status(_LEVELS[version.state], STATES[version.state]),
        version.maker or "—",
    )


def reach_words(file: PriceFile) -> str:
    """How many houses the price reaches today, which narrower prices take some away, and what it rests on."""
    if file.branch.state in ("none", "asked", "later"):
        return "现在没有一户用这个标准；没有标准的房屋出账时不收，会列出来。"
    others = "；".join(f"{title} {count:,} 户另有标准" for title, count in file.elsewhere)
    basis = next((version.basis for version in file.versions if version.state == "now"), "")
    return "；".join(
        part for part in (f"现在适用 {file.houses:,} 户", others, f"依据：{basis}" if basis else "") if part
    )


def inner_of(card: Card) -> QVBoxLayout:
    """The layout inside a card, with its margins."""
    inner = QVBoxLayout()
    inner.setContentsMargins(14, 12, 14, 14)
    inner.setSpacing(look().size("gap"))
    card.body.addLayout(inner)
    return inner


def fields_grid(form: Form, keys: Sequence[str], columns: int) -> QGridLayout:
    """Fields side by side; a grid of tiers or a long row of choices takes the whole width."""
    grid, at = QGridLayout(), 0
    grid.setHorizontalSpacing(look().size("gap"))
    grid.setVerticalSpacing(look().size("field_gap"))
    for key in keys:
        box: FieldBox = form.boxes[key]
        wide = box.field.kind is Kind.TIERS or len(box.field.choices) > MOST_BESIDE
        span = columns if wide else 1
        at += -at % columns if span > 1 else 0
        grid.addWidget(box, at // columns, at % columns, 1, span, Qt.AlignmentFlag.AlignTop)
        at += span
    for place in range(columns):
        grid.setColumnStretch(place, 1)
    return grid


def facts_grid(facts: Sequence[tuple[str, str]]) -> QGridLayout:
    """What the item's rules say, label above value, side by side."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(look().size("gap"))
    grid.setVerticalSpacing(3)
    for at, (label, value) in enumerate(facts):
        grid.addWidget(text(label, "small"), 0, at)
        grid.addWidget(text(value, wrap=True), 1, at, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(at, 1)
    return grid


def scrolled(inside: QWidget, name: str) -> QScrollArea:
    """Something that may be higher than the page."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.setWidget(inside)
    return area


def clear(layout: QVBoxLayout) -> None:
    """Take everything off a layout."""
    while (taken := layout.takeAt(0)) is not None:
        widget = taken.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
