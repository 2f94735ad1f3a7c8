"""How the window looks: tokens (resources/styles), the shipped fonts, light and dark, the font scale.

One `Look` belongs to the application, as its font and palette do; `look()` gives it. Widgets that paint themselves or
fix a height listen to `changed`.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTemporaryDir, QTranslator, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
FAMILY, SERIF = "Noto Sans SC", "Noto Serif SC"
FONTS = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf", "NotoSerifSC_400Regular.ttf")
SCALES = (100, 110, 125, 150)
LIGHT, DARK = "light", "dark"
_IMAGES = {"down": "second", "check": "accent", "tick": "on_accent"}
"""Icons that the style sheet names, with their colour."""


class Mode(StrEnum):
    """Which of the two themes; `SYSTEM` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@cache
def tokens() -> dict[str, Any]:
    """All tokens as they stand in the file."""
    loaded: dict[str, Any] = json.loads((RESOURCES / "styles" / "tokens.json").read_text("utf-8"))
    return loaded


@cache
def _style_sheet() -> str:
    return (RESOURCES / "styles" / "anju.qss").read_text("utf-8")


@cache
def drawing(name: str) -> str:
    """The SVG text of an icon; its stroke is `currentColor`."""
    return (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8")


def _load_fonts() -> None:
    for name in FONTS:
        if QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / name)) < 0:
            raise FileNotFoundError(name)


class Look(QObject):
    """The look of an application; made by `look()`."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.mode, self.scale = Mode.LIGHT, 100
        self._images = QTemporaryDir()
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool], QFont] = {}
        _load_fonts()
        self._chinese = QTranslator(self)
        if self._chinese.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(self._chinese)
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def theme(self) -> str:
        """`light` or `dark`."""
        if self.mode is Mode.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return str(self.mode)

    def set(self, mode: Mode | None = None, scale: int | None = None) -> None:
        """Change theme or font scale (100, 110, 125, 150) at once."""
        wanted = (mode or self.mode, scale or self.scale)
        if wanted[1] not in SCALES:
            raise ValueError(scale)
        if wanted != (self.mode, self.scale):
            self.mode, self.scale = wanted
            self._apply()

    def hex(self, token: str) -> str:
        """A colour token of the theme in force."""
        return str(tokens()[self.theme][token])

    def colour(self, token: str) -> QColor:
        """The same for a painter; it is shared, so change a copy."""
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(self.hex(token))
        return found

    def px(self, length: float) -> int:
        """A length that follows the font scale."""
        return round(length * self.scale / 100)

    def size(self, token: str) -> int:
        """A size token, following the font scale."""
        return self.px(tokens()["size"][token])

    def font(self, style: str = "body", *, bold: bool = False) -> QFont:
        """A font of the type scale (body, small, micro, title, stat, total)."""
        found = self._fonts.get((style, bold))
        if found is None:
            found = self._fonts[style, bold] = QFont(FAMILY)
            found.setPixelSize(self.px(tokens()["type"][style][0]))
            found.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        return QFont(found)

    def _system_changed(self) -> None:
        if self.mode is Mode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        self._colours.clear()
        self._fonts.clear()
        self._app.setFont(self.font())
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(self.style_sheet())
        self.changed.emit()

    def _palette(self) -> QPalette:
        roles = QPalette.ColorRole
        palette = QPalette()
        for role, token in (
            (roles.Window, "window"),
            (roles.Base, "surface"),
            (roles.AlternateBase, "header"),
            (roles.Button, "surface"),
            (roles.WindowText, "text"),
            (roles.Text, "text"),
            (roles.ButtonText, "text"),
            (roles.PlaceholderText, "third"),
            (roles.Highlight, "accent"),
            (roles.HighlightedText, "on_accent"),
            (roles.Link, "accent"),
            (roles.ToolTipBase, "text"),
            (roles.ToolTipText, "surface"),
        ):
            palette.setColor(role, self.colour(token))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("third"))
        return palette

    def style_sheet(self) -> str:
        """The style sheet of the theme in force: colours, type sizes and lengths filled in."""
        lengths = re.sub(r"\$(\d+)px", lambda found: f"{self.px(int(found[1]))}px", _style_sheet())
        values = {name: self.hex(name) for name in tokens()[self.theme]}
        values |= {style: f"{self.px(said[0])}px" for style, said in tokens()["type"].items()}
        values |= {f"icon_{name}": self._image(name, token) for name, token in _IMAGES.items()}
        return Template(lengths).substitute(values)

    def _image(self, name: str, token: str) -> str:
        """A recoloured icon as a file: a style sheet takes pictures from files only."""
        source = drawing("check" if name == "tick" else name)
        path = Path(self._images.path()) / f"{name}_{self.theme}.svg"
        path.write_text(source.replace("currentColor", self.hex(token)), "utf-8")
        return path.as_posix()


_look: Look | None = None


def look() -> Look:
    """The look of the running application; dressed at the first call."""
    global _look
    # Asked for every cell that is painted; it is gone with its application.
    if _look is None or not isValid(_look):
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("there is no application yet")
        _look = Look(app)
    return _look


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2, 1 to 21."""

    def luminance(text: str) -> float:
        colour = QColor(text)
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
