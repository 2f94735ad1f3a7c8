"""The look: contrast of texts, fonts, font scale, standard buttons in Chinese, and no colour in the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ui import icons
from ui.forms.hint_button import HintButton
from ui.theme import RESOURCES, SCALES, Look, Mode, contrast, tokens

TEXTS = [
    *[(text, ground) for text in ("text", "second", "third") for ground in ("window", "surface", "header", "sidebar")],
    *[(text, ground) for text in ("text", "second") for ground in ("row_selected", "row_hover")],
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    *[("accent", ground) for ground in ("surface", "window", "accent_tint")],
    *[(level, ground) for level in ("ok", "warn", "danger", "neutral") for ground in ("surface", f"{level}_tint")],
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_texts_can_be_read(theme: str, text: str, ground: str) -> None:
    said = tokens()[theme]
    assert contrast(said[text], said[ground]) >= 4.5


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_both_themes_have_the_same_tokens() -> None:
    assert tokens()["light"].keys() == tokens()["dark"].keys()


def test_the_shipped_font_is_the_applications(dressed: Look) -> None:
    font = dressed.font()
    assert QFontInfo(font).family() == "Noto Sans SC"
    assert font.pixelSize() == 13
    assert QFontInfo(dressed.font("title", bold=True)).bold()


def test_heights_follow_the_font(qtbot: QtBot, dressed: Look) -> None:
    button = HintButton("保存")
    qtbot.addWidget(button)
    heights = []
    for scale in SCALES:
        dressed.set(scale=scale)
        heights.append(button.sizeHint().height())
    assert heights == [32, 35, 40, 48]
    with pytest.raises(ValueError, match="90"):
        dressed.set(scale=90)


def test_the_theme_changes_at_once(qtbot: QtBot, dressed: Look) -> None:
    label = QLabel("欠费")
    qtbot.addWidget(label)
    with qtbot.waitSignal(dressed.changed):
        dressed.set(Mode.DARK)
    label.ensurePolished()
    assert label.palette().windowText().color().name().upper() == tokens()["dark"]["text"]
    assert dressed.theme == "dark"


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_placeholders_are_third_not_half_of_the_text(qtbot: QtBot, dressed: Look, mode: Mode) -> None:
    dressed.set(mode)
    for edit in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(edit)
        edit.ensurePolished()
        assert edit.palette().placeholderText().color() == dressed.colour("third")


def test_standard_buttons_speak_chinese(qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert {button.text().split("(")[0].rstrip("&S ") for button in box.buttons()} >= {"取消"}


def test_every_icon_draws_something(dressed: Look) -> None:
    for file in sorted((RESOURCES / "icons").glob("*.svg")):
        image = icons.pixmap(file.stem, "text").toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())), file


def test_the_code_names_no_colour() -> None:
    sources = [*Path(icons.__file__).parent.rglob("*.py"), RESOURCES / "styles" / "anju.qss"]
    found = [(file.name, hit) for file in sources for hit in re.findall(r"#[0-9A-Fa-f]{6}\b", file.read_text("utf-8"))]
    assert found == []
