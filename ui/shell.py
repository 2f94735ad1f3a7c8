"""The frame around the pages of a logged-in user: top bar, sidebar, pages in front of one another, status bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services import alerts, search
from app.services.alerts import AlertRow
from app.services.frame import Frame, frame
from app.services.progress import Progress
from app.services.search import Found
from app.services.seat import Seat
from ui.bell import BellPanel
from ui.forms.confirm import Overlay
from ui.forms.message_bar import MessageBar
from ui.forms.parts import action, keys_text
from ui.forms.toast import Toast, Toasts
from ui.key_list import KeyList
from ui.pages.page import RESTORE, Page
from ui.pages.registry import FACTORIES, Factory, Place, places
from ui.pages.user_dialogs import OwnPassword
from ui.pages.workbench import OPENS
from ui.palette import Hit, Palette
from ui.printers import Printers
from ui.remembered import Remembered
from ui.sidebar import Sidebar
from ui.statusbar import StatusBar
from ui.theme import Mode, look
from ui.topbar import TopBar
from ui.workers.runner import Runner
from ui.workers.topic import Topic

HOME = "workbench"
BACK = "back"
"""What a page asks for that is done: the page before it."""
FOUND = {
    "house": ("house", "房屋", ("counter", "houses")),
    "resident": ("people", "住户", ("counter", "houses")),
    "bill": ("receipt", "账单", ("bills",)),
    "receipt": ("receipt", "收据", ("bills",)),
    "equipment": ("gear", "设备", ("equipment",)),
}
"""What the search finds: icon, word, and the pages that open it, the nearest first."""
NARROW, LEAST_AT_SCALE = 1366, 1100
_TOAST_MS = 1000
_MINUTE_MS = 60_000


class Shell(QWidget):
    """`lock`, `change_user`, `quit` and `restore` ask the window for what only it can do."""

    lock = Signal()
    change_user = Signal()
    quit = Signal()
    restore = Signal(object)
    """A backup that shall take the office's place."""

    def __init__(
        self,
        seat: Seat,
        runner: Runner,
        said: Frame,
        remembered: Remembered,
        factories: Mapping[str, Factory] = FACTORIES,
    ) -> None:
        super().__init__()
        self.seat, self.frame, self._runner, self._remembered = seat, said, runner, remembered
        self._factories, self._pages = factories, dict[str, Page]()
        self._places: tuple[Place, ...] = places(seat, factories)
        self._now, self._last = "", ""
        self._printers = Printers(remembered)
        self._frame_topic, self._alert_topic, self._seen_topic = Topic(), Topic(), Topic()
        self._toasting: dict[Progress, Toast] = {}
        self._collapsed = remembered.collapsed(seat)
        self.actions_of_window = self._make_actions()
        self.topbar = TopBar(said, self.actions_of_window[:4], seat.may)
        self.sidebar, self.statusbar = Sidebar(self._places), StatusBar()
        self.stack, self.banner = QStackedWidget(), MessageBar()
        self._build()
        self.toasts = Toasts(self)
        self.bell = BellPanel(self, self.topbar.bell)
        self.palette_box = Palette(self, runner, self._find_own, (self._find,))
        self.palette_box.under = self.topbar.field
        self._listen()
        self._show_frame(said)
        self._load_alerts()

    def _make_actions(self) -> tuple[QAction, ...]:
        said: list[tuple[str, str, Callable[[], object]]] = [
            ("锁定", "Ctrl+L", self.lock.emit),
            ("改密码", "", self._own_password),
            ("换用户", "", self.change_user.emit),
            ("退出", "Ctrl+Q", self.quit.emit),
            ("搜索", "Ctrl+K", self._search),
            ("工作台", "Alt+Home", partial(self.go, HOME)),
            ("上一个页面", "Ctrl+Tab", self.go_back),
            ("收起或展开侧栏", "Ctrl+\\", self._toggle_sidebar),
            ("全屏", "F11", self._full_screen),
            ("按键", "F1", self.show_keys),
        ]
        lettered = [place for place in self._places if place.letter]
        pages: list[tuple[str, str, Callable[[], object]]] = [
            (f"去{place.title}", f"Alt+{place.letter}", partial(self.go, place.key)) for place in lettered
        ]
        made = tuple(action(self, words, keys, do) for words, keys, do in (*said, *pages))
        self._commands = [one for one in made[: len(said)] if one.text() not in ("搜索", "工作台")]
        for one in made:
            one.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        return made

    def _build(self) -> None:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.banner)
        middle.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(middle, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.topbar)
        column.addLayout(row, 1)
        column.addWidget(self.statusbar)
        missing = self.seat.store.missing
        if missing:
            self.banner.say(
                "danger",
                f"数据文件比见证文件少 {missing} 条记录，可能被换成了旧文件。现在只能查看，不能写入。",
                "请找回原来的 office.db，或用最近一次备份恢复。",
                closable=False,
            )

    def _listen(self) -> None:
        self.sidebar.chosen.connect(self.go)
        self.topbar.bell_pressed.connect(self.bell.toggle)
        self.topbar.search.connect(self._search)
        self.topbar.look_chosen.connect(self._set_look)
        self.topbar.estate_chosen.connect(self._set_estate)
        self.bell.seen.connect(self._see)
        self.bell.all_wanted.connect(self._all_alerts)
        self._runner.began.connect(self._began)
        self._runner.ended.connect(self._ended)
        self._runner.landed.connect(self.statusbar.say)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self.renew)
        self._minute.start()

    home = HOME

    @property
    def keys(self) -> tuple[str, ...]:
        """The pages this seat finds, by key."""
        return tuple(place.key for place in self._places)

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self._now)

    @property
    def dirty(self) -> tuple[str, ...]:
        """The titles of pages with something typed that is not saved."""
        return tuple(place.title for place in self._places if (p := self._pages.get(place.key)) and p.dirty)

    def go(self, key: str, what: object = None) -> None:
        """Bring a page to the front, made at its first use. A page this seat does not find changes nothing."""
        if key == BACK:
            self.go_back()
            return
        if key == RESTORE:
            self.restore.emit(what)
            return
        if not self.finds(key) or self._asked():
            return
        if key not in self._pages:
            self._pages[key] = self._make(key)
        if key != self._now:
            self._last, self._now = self._now, key
        page = self._pages[key]
        stood = page.focusWidget() or page.front
        self.stack.setCurrentWidget(page)
        if stood is not None and stood.isVisibleTo(page):
            stood.setFocus()
        self.sidebar.show_page(key)
        self.statusbar.show_keys(page.keys())
        if what is not None:
            page.open_with(what)
        focused = self.window().focusWidget()
        if focused is None or not page.isAncestorOf(focused):
            (page.focusWidget() or page).setFocus()

    def finds(self, key: str) -> bool:
        """Whether this seat finds a page."""
        return key in {place.key for place in self._places}

    def go_back(self) -> None:
        """The page before this one."""
        if self._last:
            self.go(self._last)

    def _asked(self) -> bool:
        """Whether a question stands in front: it is answered first."""
        return any(one.isVisible() for one in self.findChildren(Overlay))

    def _make(self, key: str) -> Page:
        page = self._factories[key](self.seat, self._runner)
        page.area, page.finds, page.printers = self, self.finds, self._printers
        page.said.connect(self.statusbar.say)
        page.wanted.connect(self.go)
        page.undoable.connect(self.toasts.undo)
        page.keys_changed.connect(lambda: self.statusbar.show_keys(page.keys()) if page is self.page else None)
        self.stack.addWidget(page)
        return page

    def _set_estate(self, name: str) -> None:
        self.seat.estate = name
        self.statusbar.say(f"新建的房屋和导入放在 {name}。")
        self.renew()

    def renew(self) -> None:
        """Look again at what stands around the page."""
        self.topbar.show_day(self.seat.store.wall_clock().date())
        self._runner.run(
            self, self._frame_topic, lambda _: frame(self.seat), done=self._show_frame, failed=self._quietly
        )

    def _show_frame(self, said: Frame) -> None:
        self.frame = said
        today = self.seat.store.wall_clock().date()
        self.topbar.show_day(today)
        self.topbar.show_estate(said)
        self.statusbar.show_backup(said.last_backup, today)

    def heard(self) -> None:
        """The background raised alerts."""
        self._load_alerts()

    def changed(self, topics: frozenset[str]) -> None:
        """Something was written: the pages that read it are old now."""
        if "alert" in topics:
            self._load_alerts()
        if topics & {"backup", "setting"}:
            self.renew()
        for page in self._pages.values():
            page.changed(topics)

    def rights_changed(self) -> None:
        """The user's roles may be others than before: pages come and go."""
        self._places = places(self.seat, self._factories)
        self.sidebar.put(self._places)
        if not self.finds(self._now):
            self.go(HOME)
        self.sidebar.show_page(self._now)

    def show_letters(self, shown: bool) -> None:
        """Alt is held."""
        self.sidebar.show_letters(shown)

    def _load_alerts(self) -> None:
        if self.seat.may("see_alerts"):
            self._runner.run(
                self,
                self._alert_topic,
                lambda _: alerts.listing(self.seat),
                done=self._put_alerts,
                failed=self._quietly,
            )

    def _put_alerts(self, found: tuple[AlertRow, ...]) -> None:
        self.topbar.bell.count(sum(not alert.seen for alert in found))
        self.bell.put(found, self.seat.store.wall_clock())
        waits: dict[str, tuple[int, bool]] = {}
        for alert in found:
            page = OPENS.get(alert.kind, "")
            if page:
                n, late = waits.get(page, (0, False))
                waits[page] = (n + 1, late or alert.level == "danger")
        self.sidebar.count(waits)

    def _see(self, keys: tuple[str, ...]) -> None:
        self._runner.run(
            self,
            self._seen_topic,
            lambda _: alerts.mark_seen(self.seat, keys),
            done=lambda _: self.changed(frozenset({"alert"})),
            failed=self._quietly,
            writes=True,
        )

    def _all_alerts(self) -> None:
        self.bell.hide()
        self.go("alerts")

    def _quietly(self, error: Exception) -> None:
        """What stands around the page could not be read now; the next look tries again."""

    def _own_password(self) -> None:
        if self.page is not None and not self._asked():
            OwnPassword(self.page).landed.connect(self.statusbar.say)

    def _search(self) -> None:
        if not self._asked():
            self.palette_box.open_palette()

    def show_keys(self) -> KeyList | None:
        """Every key that holds here."""
        if self._asked():
            return None
        page, pages = self.page, [("到处", self.actions_of_window)]
        if page is not None:
            pages.insert(0, (page.head.title.text() or "这一页", tuple(page.findChildren(QAction))))
        return KeyList(self, pages)

    def _find_own(self, wanted: str) -> Sequence[Hit]:
        plain = wanted.removeprefix(">").strip().lower()
        pages = [Hit(one.icon, one.title, one.group, "页面", partial(self.go, one.key)) for one in self._places]
        acts = [
            Hit("right", one.text(), keys_text(one.shortcut()), "命令", one.trigger)
            for one in (*self._acts_of_page(), *self._commands)
        ]
        found = acts if wanted.startswith(">") else [*pages, *acts] if plain else pages
        return [hit for hit in found if plain in hit.title.lower()]

    def _acts_of_page(self) -> list[QAction]:
        """What the page in front can do now, menus included: by the search it is done without the mouse."""
        page = self.page
        acts = page.findChildren(QAction) if page is not None else []
        return [one for one in acts if one.isEnabled() and one.isVisible() and one.text() and one.menu() is None]

    def _find(self, wanted: str) -> Sequence[Hit]:
        return [hit for found in search.find(self.seat, wanted) if (hit := self._hit(found)) is not None]

    def _hit(self, found: Found) -> Hit | None:
        """What opens it: the first page for its kind that this seat finds."""
        icon, kind, pages = FOUND[found.kind]
        page = next((page for page in pages if self.finds(page)), None)
        if page is None:
            return None
        return Hit(icon, found.title, found.about, kind, partial(self.go, page, found.number))

    def _began(self, progress: Progress) -> None:
        self.statusbar.begin(progress)
        QTimer.singleShot(_TOAST_MS, self, lambda: self._toast(progress))

    def _toast(self, progress: Progress) -> None:
        if progress in self.statusbar.running:
            self._toasting[progress] = self.toasts.progress(progress)

    def _ended(self, progress: Progress) -> None:
        self.statusbar.end(progress)
        toast = self._toasting.pop(progress, None)
        if toast is not None:
            toast.end()

    def _set_look(self, mode: Mode, scale: int) -> None:
        look().set(mode, scale)
        self._fit_sidebar()
        self._remembered.keep_look(mode, scale)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 loads the page anew; a page with an act of its own on F5 has taken it before."""
        if event.key() == Qt.Key.Key_F5 and self.page is not None:
            self.page.reload()
            return
        super().keyPressEvent(event)

    def _full_screen(self) -> None:
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _toggle_sidebar(self) -> None:
        self._collapsed = not self.sidebar.collapsed
        self._remembered.keep_collapsed(self.seat, self._collapsed)
        self.sidebar.collapse(self._collapsed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Icons alone where there is little room."""
        super().resizeEvent(event)
        if event.oldSize().width() < 0 or _narrow(event.oldSize().width()) != _narrow(self.width()):
            self._fit_sidebar()

    def _fit_sidebar(self) -> None:
        self.sidebar.collapse(self._collapsed or _narrow(self.width()))


def _narrow(width: int) -> bool:
    """Whether a window of this width has no room for the sidebar's words; large type needs more of it."""
    return width < NARROW or width * 100 < LEAST_AT_SCALE * look().scale
