"""The window: log-in, the shell of who logged in, the lock cover before it; one of them is seen.

The log-in stands first: what lies behind it (the doors, the pages) is imported while the password is typed.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QStackedWidget

from app.services.progress import Progress
from ui.opening import Opening
from ui.pages.login import LoginPage
from ui.recent import RecentOffices
from ui.remembered import Remembered
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

if TYPE_CHECKING:
    from app.services.backups import BackupAnswer
    from app.services.frame import Frame
    from app.services.seat import Seat
    from ui.first_run.forgotten import Forgotten
    from ui.first_run.wizard import FirstRun
    from ui.instance import Instance
    from ui.lock import LockCover
    from ui.pages.registry import Factory
    from ui.session import Background, Session
    from ui.shell import Shell

TITLE = "安居物业"
FIRST_SIZE, LEAST_SIZE = QSize(1366, 768), QSize(1024, 600)
SAMPLE_HOUSES, SAMPLE_MONTHS = 120, 3
READY_AFTER_MS = 200
_INSIDE = ("ui.shell", "ui.session", "ui.first_run.wizard", "ui.lock")
LONGEST_LOG_IN_MS = 12 * 3600 * 1000
_INPUT = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
)


class Window(QMainWindow):
    """`config` is the user's configuration folder; opening, background jobs and pages are given by tests."""

    def __init__(
        self,
        config: Path,
        opening: Opening | None = None,
        make_background: Background | None = None,
        factories: Mapping[str, Factory] | None = None,
    ) -> None:
        super().__init__()
        self._background, self._factories = make_background, factories
        self.recent, self.remembered = RecentOffices(config), Remembered(config)
        look().set(*self.remembered.look())
        self.runner = Runner(self)
        self._topic, self._frame_topic, self._sample_topic, self._ready_topic = Topic(), Topic(), Topic(), Topic()
        self._first_page = ""
        self.session: Session | None = None
        self.shell: Shell | None = None
        self.stack = QStackedWidget()
        self.login = LoginPage(self.runner, self.recent, opening or Opening())
        self.first_run: FirstRun | None = None
        self.stack.addWidget(self.login)
        self.setCentralWidget(self.stack)
        self.setMinimumSize(LEAST_SIZE)
        self.resize(FIRST_SIZE)
        self.setWindowTitle(TITLE)
        self._idle, self._longest = QTimer(self), QTimer(self)
        for timer in (self._idle, self._longest):
            timer.setSingleShot(True)
        self._longest.setInterval(LONGEST_LOG_IN_MS)
        self._after_writes: Callable[[], None] | None = None
        self._closing = False
        self._listen()

    def _listen(self) -> None:
        self.login.seated.connect(self.sit_down)
        self.login.before_opening = self.claim
        self.login.new_office.connect(self.make_office)
        self.login.sample_office.connect(self.choose_sample)
        self.login.forgotten.connect(self.forgot)
        self.login.restoring.connect(lambda folder, archive: self._ask_restore(folder, archive, ""))
        self.runner.idle.connect(self._writes_ended)
        self._idle.timeout.connect(self.lock)
        self._longest.timeout.connect(self._twelve_hours)

    @property
    def gone(self) -> bool:
        """Whether it was closed and everything behind it ended."""
        return self._closing and self.session is None

    @cached_property
    def instance(self) -> Instance:
        """This window's claim to its office, made when one is claimed."""
        from ui.instance import Instance

        made = Instance(self)
        made.raised.connect(self.come_to_front)
        return made

    @cached_property
    def lock_cover(self) -> LockCover:
        """The cover, made when it is first needed."""
        from ui.lock import LockCover

        made = LockCover(self.runner)
        made.opened.connect(self._unlocked)
        made.leave.connect(self.change_user)
        self.stack.addWidget(made)
        return made

    @property
    def locked(self) -> bool:
        """Whether the lock cover stands in front."""
        return "lock_cover" in self.__dict__ and self.stack.currentWidget() is self.lock_cover

    def claim(self, folder: Path) -> bool:
        """Be this office's window; False where another is: it was raised, and this one goes."""
        if self.instance.claim(folder):
            return True
        self._closing = True
        self.close()
        return False

    def make_office(self) -> FirstRun:
        """The steps to a new office, where they were left."""
        from ui.first_run.wizard import FirstRun

        if self.first_run is None:
            self.first_run = FirstRun(self.runner, self.remembered, self.login.opening)
            self.first_run.left.connect(lambda: self.stack.setCurrentWidget(self.login))
            self.first_run.seated.connect(self._made)
            self.stack.addWidget(self.first_run)
        self.stack.setCurrentWidget(self.first_run)
        self.first_run.go(self.first_run.now)
        return self.first_run

    def _made(self, seat: Seat) -> None:
        """The new office stands: go on in it with its register and its first bill."""
        made, self.first_run = self.first_run, None
        if not self.instance.claim(seat.store.paths.folder):
            seat.close()
            return
        self._first_page = "setup"
        self.sit_down(seat)
        if made is not None:
            self.stack.removeWidget(made)
            made.deleteLater()

    def choose_sample(self) -> None:
        """Choose where the sample office goes."""
        picked = QFileDialog.getExistingDirectory(self, "演示小区放在哪个文件夹里", str(Path.home()))
        if picked:
            self.make_sample(Path(picked) / "演示小区")

    def make_sample(self, folder: Path) -> None:
        """Make an invented office with some months of life, to be tried without risk."""
        opening = self.login.opening

        def work(progress: Progress) -> Path:
            from app.sample.demo import live

            live(
                folder, SAMPLE_HOUSES, SAMPLE_MONTHS, 1, clock=opening.clock, cost=opening.cost, progress=progress
            ).seat.close()
            return folder

        self.login.begin_sample(
            self.runner.run(
                self,
                self._sample_topic,
                work,
                done=self.login.end_sample,
                failed=self.login.sample_failed,
                writes=True,
                what="建演示小区",
            )
        )

    def forgot(self, folder: Path | None) -> Forgotten | None:
        """A new password by the recovery key."""
        from ui.first_run.forgotten import Forgotten

        if folder is None:
            return None
        asked = Forgotten(self.stack, self.runner, self.login.opening, folder, self.login.user.text().strip())
        asked.reset.connect(self.login.was_reset)
        return asked

    def sit_down(self, seat: Seat) -> None:
        """Somebody logged in: read what stands around the pages, then show them."""
        from app.services.frame import frame

        self.runner.folder = seat.store.paths.folder
        self.runner.run(
            self,
            self._frame_topic,
            lambda _: frame(seat),
            done=lambda said: self._show(seat, said),
            failed=lambda error: self._not_seated(seat, error),
        )

    def _not_seated(self, seat: Seat, error: Exception) -> None:
        seat.close()
        self.login.message.tell(error)

    def _show(self, seat: Seat, said: Frame) -> None:
        from ui.pages.registry import FACTORIES
        from ui.session import Session, background
        from ui.shell import Shell

        self.recent.opened(seat.store.paths.folder, said.estate)
        self.login.message.clear()
        self.session = Session(seat, self._background or background)
        shell = Shell(seat, self.runner, said, self.remembered, self._factories or FACTORIES)
        self.session.heard.connect(shell.heard)
        self.session.changed.connect(shell.changed)
        shell.lock.connect(self.lock)
        shell.change_user.connect(self.change_user)
        shell.quit.connect(self.close)
        shell.restore.connect(self.restore)
        # The frame and the first page are made one after the other, so that the window stays quick in between.
        QTimer.singleShot(0, self, lambda: self._enter(shell))

    def _enter(self, shell: Shell) -> None:
        session = self.session
        if session is None or session.seat is not shell.seat:
            shell.deleteLater()
            return
        self.shell = shell
        self.stack.addWidget(shell)
        self.stack.setCurrentWidget(shell)
        self.setWindowTitle(f"{TITLE}  {shell.frame.estate}")
        geometry = self.remembered.geometry(shell.seat)
        if geometry is not None:
            self.restoreGeometry(geometry)
        page, self._first_page = self._first_page, ""
        shell.go(page or shell.home)
        session.start()
        self._longest.start()
        self._stay_awake()

    def lock(self) -> None:
        """Cover the pages; the background goes on."""
        if self.shell is None or self.locked:
            return
        popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
        self._idle.stop()
        self.shell.show_letters(False)
        self.lock_cover.cover(self.shell.seat, self.shell.frame.name, self.shell.frame.estate)
        self.stack.setCurrentWidget(self.lock_cover)
        self.lock_cover.password.setFocus()

    def _unlocked(self) -> None:
        from ui.forms.confirm import in_front

        if self.shell is None:
            return
        self.shell.rights_changed()
        self.stack.setCurrentWidget(self.shell)
        # What lay over the page lies there still, and the keys are its own.
        front = in_front(self.shell) or self.shell.page
        if front is not None:
            (front.focusWidget() or front).setFocus()
        self._stay_awake()

    def change_user(self) -> None:
        """Log out and ask who comes."""
        self._leave(self._end_session)

    def restore(self, archive: Path) -> None:
        """Log out, then ask over the log-in who puts this backup in the office's place."""
        if self.session is not None:
            folder, login = self.session.seat.store.paths.folder, self.session.seat.login
            self._leave(lambda: self._end(lambda: self._restore_closed(folder, archive, login)))

    def _restore_closed(self, folder: Path, archive: Path, login: str) -> None:
        self._show_login()
        self._ask_restore(folder, archive, login)

    def _ask_restore(self, folder: Path, archive: Path, login: str) -> None:
        from ui.restore import RestoreForm

        # Not over the log-in page itself: its Enter would log in from within the form.
        asked = RestoreForm(self.stack, self.runner, self.login.opening, folder, archive, login)
        asked.restored.connect(lambda done: self._restored(done, archive))

    def _restored(self, done: BackupAnswer, archive: Path) -> None:
        said = f"已恢复到备份 {archive.name}。"
        self.login.message.say("ok", said, "请用那一天的密码登录。原来的文件改名留在办公室文件夹里，也备份过。")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what is not saved, wait for what is being written, end the jobs, then go."""
        if self.first_run is not None and self.first_run.key_shown and not self._closing:
            event.ignore()
            self._ask_about_key(self.first_run)
            return
        if self._closing or self.shell is None:
            self.finish()
            event.accept()
            return
        event.ignore()
        self._leave(self._end_and_close)

    def _ask_about_key(self, shown: FirstRun) -> None:
        from ui.forms.confirm import Confirm, Overlay

        if any(one.isVisible() for one in shown.findChildren(Overlay)):
            return
        asked = Confirm(
            shown,
            "不核对恢复密钥就关闭吗？",
            "恢复密钥关闭后不再显示。办公室已经建好，可以用刚才的用户名和密码登录；但密码忘了就打不开了。",
            "关闭",
            "留在这里",
        )
        asked.answered.connect(lambda yes: self._close_now() if yes else None)

    def _leave(self, then: Callable[[], None]) -> None:
        """Go on with `then` once nothing is written and the person at the desk agrees."""
        if self.shell is None:
            return
        if self.shell.dirty:
            if self.locked:
                self.lock_cover.say("还有未保存的内容，请先解锁。")
                return
            names = "、".join(self.shell.dirty)
            self._ask("不保存就离开吗？", f"{names} 里有未保存的内容。", "不保存", "继续编辑", lambda: self._wait(then))
            return
        self._wait(then)

    def _wait(self, then: Callable[[], None]) -> None:
        writing = [progress.what or "写入" for progress in self.runner.writing]
        if not writing:
            then()
            return
        names = "、".join(dict.fromkeys(writing))
        if self.locked:
            self._after_writes = then
            self.lock_cover.say(f"{names} 还没有完成，完成后离开。")
            return
        self._ask(
            "等它完成再离开吗？",
            f"{names} 还没有完成。",
            "等它完成",
            "留在这里",
            lambda: self._wait_for(then),
            danger=False,
        )

    def _ask(self, title: str, body: str, verb: str, keep: str, do: Callable[[], None], *, danger: bool = True) -> None:
        from ui.forms.confirm import Confirm, Overlay

        if self.shell is None or any(one.isVisible() for one in self.shell.findChildren(Overlay)):
            return
        asked = Confirm(self.shell, title, body, verb, keep, danger=danger)
        asked.answered.connect(lambda yes: do() if yes else None)

    def _wait_for(self, then: Callable[[], None]) -> None:
        self._after_writes = then
        if not self.runner.writing:
            self._writes_ended()
        elif self.shell is not None:
            self.shell.statusbar.say("完成后离开")

    def _writes_ended(self) -> None:
        then, self._after_writes = self._after_writes, None
        if then is not None:
            then()

    def _end_session(self) -> None:
        self._end(self._show_login)

    def _end_and_close(self) -> None:
        self._end(self._close_now)

    def _end(self, then: Callable[[], None]) -> None:
        """End jobs and store off this thread: a running job is waited for."""
        session, shell = self.session, self.shell
        if session is None or shell is None:
            return
        self.remembered.keep_geometry(session.seat, self.saveGeometry())
        self.session = self.shell = None
        self._idle.stop()
        self._longest.stop()
        self.stack.setCurrentWidget(self.login)
        self.login.wait(True)
        self.stack.removeWidget(shell)
        shell.deleteLater()
        self.runner.run(
            self, self._topic, lambda _: session.end(), done=lambda _: then(), failed=lambda _: then(), writes=True
        )

    def _show_login(self) -> None:
        self.setWindowTitle(TITLE)
        self.login.wait(False)
        known = self.recent.all()
        self.login.user.clear()
        self.login.show_office(known[0] if known else None)

    def _close_now(self) -> None:
        self._closing = True
        self.close()

    def finish(self) -> None:
        """End what is behind the window; waits for the running job and the writer."""
        self._closing = True
        self.instance.release()
        if self.session is not None:
            self.session.end()
            self.session = None
        self.runner.close()
        if self.first_run is not None:
            self.first_run.close_seat()

    def _twelve_hours(self) -> None:
        if self.runner.writing:
            self._after_writes = self._end_session
        else:
            self._end_session()

    def mistake(self, error: BaseException) -> None:
        """A mistake of ours on this thread: it is logged and told, and the window lives on."""
        told = self.runner.mistake(error)
        page = self.shell.page if self.shell is not None else None
        (self.login.message if page is None else page.message).tell(told)

    def come_to_front(self) -> None:
        """Another start asked for this window."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _stay_awake(self) -> None:
        if self.shell is not None and not self.locked:
            self._idle.start(self.shell.frame.idle_lock_min * 60_000)

    def _get_ready(self) -> None:
        """Claim the office that is shown, and import what the first log-in needs, while somebody types.

        The log-in itself waits for what is missing.
        """
        if self._closing:
            return
        if self.shell is None and self.login.office is not None and not self.claim(self.login.office.folder):
            return
        if self.shell is None:
            self.runner.run(self, self._ready_topic, _import_inside, done=_nothing, failed=_nothing)

    def showEvent(self, event: QShowEvent) -> None:
        """From now on hands on keyboard and mouse are noticed; the place must be on a screen."""
        super().showEvent(event)
        QTimer.singleShot(READY_AFTER_MS, self, self._get_ready)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        screen = QGuiApplication.screenAt(self.frameGeometry().center())
        if screen is None and QGuiApplication.primaryScreen() is not None:
            self.move(QGuiApplication.primaryScreen().availableGeometry().topLeft())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever moves is awake; Alt shows the letters of the sidebar."""
        kind = event.type()
        if kind in _INPUT:
            self._stay_awake()
        if self.shell is not None and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt:
            self.shell.show_letters(kind == QEvent.Type.KeyPress)
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Alt is not held in a window that lost the front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.shell is not None and not self.isActiveWindow():
            self.shell.show_letters(False)


def _import_inside(_: Progress) -> None:
    fresh = [name for name in _INSIDE if name not in sys.modules]
    for name in fresh:
        import_module(name)
    if fresh:
        # What is imported stays: looking through it again held the window up for tens of milliseconds at a time.
        gc.freeze()


def _nothing(_: object) -> None:
    """What was imported early, or not, is imported again by who needs it."""
