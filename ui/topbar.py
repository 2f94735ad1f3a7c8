"""The top bar: mark, estate, search, business date, bell, who sits here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from app.services.frame import Frame
from ui.forms.hint_button import paint_keys
from ui.forms.mark import Mark
from ui.forms.parts import Elided, Icon, IconButton, text
from ui.icons import paint
from ui.moments import day_text
from ui.theme import SCALES, Mode, look

MODES = ((Mode.LIGHT, "浅色"), (Mode.DARK, "深色"), (Mode.SYSTEM, "跟随系统"))


class BellButton(IconButton):
    """The bell with the number of alerts that were not looked at."""

    def __init__(self) -> None:
        super().__init__("bell", "提醒")
        self.unseen = 0

    def count(self, unseen: int) -> None:
        """Show how many."""
        self.unseen = unseen
        self.setAccessibleDescription(f"{unseen} 条未看")
        self.setToolTip(f"提醒：{unseen} 条未看" if unseen else "提醒")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the number."""
        return QSize(look().px(36), look().px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bell, and the number on it."""
        super().paintEvent(event)
        if not self.unseen:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = str(self.unseen) if self.unseen < 100 else "99+"
        font = look().font("micro", bold=True)
        font.setPixelSize(look().px(10))
        painter.setFont(font)
        height = look().px(14)
        width = max(height, painter.fontMetrics().horizontalAdvance(words) + look().px(7))
        left = min(self.width() / 2 + look().px(1), self.width() - width - 1)
        box = QRectF(left, look().px(1), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("danger"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(look().colour("surface"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()


class SearchButton(QPushButton):
    """Looks like a search field and opens the search."""

    def __init__(self, words: str, keys: str) -> None:
        super().__init__()
        self._words, self._keys = words, keys
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(look().px(180))
        self.setMaximumWidth(look().px(420))

    def sizeHint(self) -> QSize:
        """As a field."""
        return QSize(look().px(420), look().size("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A field with its icon, its words and its keys."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look().colour("accent" if self.hasFocus() else "border"))
        painter.setBrush(look().colour("window"))
        radius = look().size("radius_control")
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        edge = look().px(16)
        paint(painter, QRectF(look().px(10), (self.height() - edge) / 2, edge, edge), "search", "second")
        keys = look().px(44)
        words = self.rect().adjusted(look().px(34), 0, -keys - look().px(16), 0)
        painter.setFont(self.font())
        painter.setPen(look().colour("third"))
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        room = QRectF(self.width() - keys - look().px(9), 0, keys, self.height())
        paint_keys(painter, room, self._keys)
        painter.end()


class Avatar(QWidget):
    """The first sign of a name in a circle."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._sign = name[:1]
        self._size()
        look().changed.connect(self._size)

    def _size(self) -> None:
        self.setFixedSize(look().px(26), look().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tinted circle with the sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("accent_tint"))
        painter.drawEllipse(self.rect())
        painter.setFont(look().font("small", bold=True))
        painter.setPen(look().colour("accent"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._sign)
        painter.end()


class UserButton(QPushButton):
    """Who sits here; opens the menu."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setFlat(True)
        self.setProperty("role", "user")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        role = "、".join(frame.roles)
        self.setAccessibleName(f"{frame.name}（{role}）")
        self.setToolTip(f"{frame.name}（{role}）")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(8)
        for widget in (Avatar(frame.name), text(frame.name), text(_short(frame.roles), "small"), Icon("down", size=12)):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(widget)

    def sizeHint(self) -> QSize:
        """As wide as what it shows."""
        inner = self.layout()
        return QSize(inner.sizeHint().width() if inner else 0, look().px(34))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()


def _short(roles: tuple[str, ...]) -> str:
    return roles[0] + (f" 等 {len(roles)} 个角色" if len(roles) > 2 else f"、{roles[1]}" if len(roles) == 2 else "")


_SEARCHED = (
    ("see_houses", ("房号",)),
    ("see_residents", ("姓名", "电话", "车牌")),
    ("see_money", ("票号",)),
    ("see_equipment", ("设备",)),
)


def searched(may: Callable[[str], bool]) -> tuple[str, ...]:
    """What the search finds for somebody; pages and actions for everybody."""
    return tuple(word for needs, words in _SEARCHED if may(needs) for word in words) or ("页面", "操作")


class TopBar(QFrame):
    """48 px at the head of the window. Its signals say what was asked for."""

    search = Signal()
    bell_pressed = Signal()
    look_chosen = Signal(object, int)
    estate_chosen = Signal(str)

    def __init__(self, frame: Frame, ends: tuple[QAction, ...], may: Callable[[str], bool]) -> None:
        super().__init__()
        self.setProperty("role", "topbar")
        self.bell, self._date = BellButton(), text()
        self.bell.clicked.connect(self.bell_pressed)
        field = self.field = SearchButton(f"搜索{'、'.join(searched(may))}", "Ctrl+K")
        field.clicked.connect(self.search)
        self._user = UserButton(frame)
        self._user.clicked.connect(self._open_menu)
        self._ends = ends
        self._brand = text("安居物业", "strong")
        self._estate = Elided()
        self._estate.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._turn = IconButton("down", "换小区：新建和导入放在哪里")
        self._turn.clicked.connect(self._choose_estate)
        self.show_estate(frame)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(Mark(20))
        row.addWidget(self._brand)
        row.addSpacing(look().px(48))
        row.addWidget(Icon("pin"))
        row.addWidget(self._estate)
        row.addWidget(self._turn)
        row.addSpacing(20)
        row.addWidget(field, 6)
        row.addStretch(1)
        row.addWidget(Icon("calendar"))
        row.addWidget(self._date)
        row.addSpacing(8)
        row.addWidget(self.bell)
        row.addSpacing(4)
        row.addWidget(self._user)
        self._size()
        look().changed.connect(self._size)

    def show_estate(self, frame: Frame) -> None:
        """Where new houses go; with several estates another can be chosen."""
        self._estates = frame.estates
        self._estate.say(frame.estate)
        self._estate.setFixedWidth(min(self._estate.sizeHint().width(), look().px(160)))
        self._turn.setVisible(len(frame.estates) > 1)

    def _choose_estate(self) -> None:
        menu = QMenu(self)
        for name in self._estates:
            made = menu.addAction(name)
            made.setCheckable(True)
            made.setChecked(name == self._estate.words)
            made.triggered.connect(partial(self.estate_chosen.emit, name))
        menu.popup(self._turn.mapToGlobal(QPoint(0, self._turn.height())))

    def show_day(self, day: date) -> None:
        """The business date."""
        self._date.setText(day_text(day))

    def menu(self) -> QMenu:
        """The menu of the user: lock, own password; theme and font scale; change, leave."""
        menu = QMenu(self)
        menu.addActions(list(self._ends[:2]))
        menu.addSeparator()
        themes = menu.addMenu("主题")
        self._choices(themes, [(name, mode is look().mode, (mode, look().scale)) for mode, name in MODES])
        scales = menu.addMenu("字号")
        self._choices(scales, [(f"{scale}%", scale == look().scale, (look().mode, scale)) for scale in SCALES])
        menu.addSeparator()
        menu.addActions(list(self._ends[2:]))
        return menu

    def _choices(self, menu: QMenu, choices: list[tuple[str, bool, tuple[Mode, int]]]) -> None:
        group = QActionGroup(menu)
        for words, on, (mode, scale) in choices:
            choice = QAction(words, menu)
            choice.setCheckable(True)
            choice.setChecked(on)
            choice.triggered.connect(lambda *_, mode=mode, scale=scale: self.look_chosen.emit(mode, scale))
            group.addAction(choice)
            menu.addAction(choice)

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self._user.mapToGlobal(QPoint(self._user.width(), self._user.height() + 4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _size(self) -> None:
        self.setFixedHeight(look().size("top_bar"))
