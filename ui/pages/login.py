"""Log-in: which office, who, the password. A wrong one costs a wait that grows to 30 s and never locks anybody out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.sample.staff import ESTATE, PASSWORD, STAFF
from app.services.progress import Progress
from app.services.refused import CannotOpen
from ui.forms.hint_button import HintButton, Weight
from ui.forms.mark import Mark
from ui.forms.message_bar import MessageBar
from ui.forms.parts import Elided, Icon, Wide, action, centred, restyle, rule, text
from ui.forms.password_edit import PasswordEdit
from ui.opening import Opening
from ui.recent import Recent, RecentOffices, is_office
from ui.theme import look
from ui.workers.runner import Runner, sentence
from ui.workers.topic import Topic

if TYPE_CHECKING:
    from app.services.seat import Seat

_WIDTH = 384
_WAITS = ("wrong_password", "too_early")
_LOST = ("database_damaged", "database_missing", "keys_damaged", "keys_missing", "keys_other_state", "other_office")
"""Why an office cannot be opened that a backup makes good."""


class LoginPage(QWidget):
    """Left the form, right what is worth knowing. `seated` carries the seat once the office is open.

    `before_opening` is asked with the folder before anything is opened; False: another window has this office.
    """

    seated = Signal(object)
    new_office = Signal()
    sample_office = Signal()
    forgotten = Signal(object)
    """The password of an office's user is forgotten: the office's folder."""
    restoring = Signal(object, object)
    """An office that cannot be opened, and the backup that shall take its place."""

    def __init__(self, runner: Runner, recent: RecentOffices, opening: Opening) -> None:
        super().__init__()
        self._runner, self._recent, self.opening = runner, recent, opening
        self._topic = Topic()
        self._office: Recent | None = None
        self.before_opening: Callable[[Path], bool] = lambda _: True
        self._busy = False
        self._left = 0
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self.user, self.password = QLineEdit(), PasswordEdit()
        self.user.setAccessibleName("用户名")
        self.password.setAccessibleName("密码")
        self.message, self.wrong, self.caps = MessageBar(), text("", "error", wrap=True), text("", "warned")
        self._wrong_icon, self._caps_icon = Icon("triangle", "danger", 14), Icon("info", "warn", 14)
        self.other = action(self, "换一个…", "Alt+O", self.choose)
        self.enter = action(self, "登录", "Return", self.submit)
        self.making = action(self, "新建办公室…", "Alt+N", self.new_office.emit)
        self.sampling = action(self, "演示小区", "Alt+Y", self.sample_office.emit)
        self._build()
        self.password.caps.connect(self._show_caps)
        self.password.textEdited.connect(lambda _: self._quiet() if not self._left else None)
        known = recent.all()
        self.show_office(known[0] if known else None)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left = QWidget()
        left.setProperty("role", "surface")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(left)
        column.addStretch(2)
        column.addLayout(centred(self._form()))
        column.addStretch(3)
        right = QWidget()
        right.setProperty("role", "beside")
        right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        beside = QVBoxLayout(right)
        beside.addStretch(2)
        beside.addLayout(centred(_Worth()))
        beside.addStretch(3)
        row.addWidget(left, 4)
        row.addWidget(right, 5)

    def _form(self) -> QWidget:
        form = Wide(_WIDTH)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(_brand())
        column.addSpacing(20)
        column.addWidget(self.message)
        column.addWidget(self._first())
        column.addWidget(self._entry())
        column.addWidget(self._recently())
        return form

    def _first(self) -> QWidget:
        """What stands there while no office is known."""
        self.first = QFrame()
        self.first.setProperty("role", "well")
        column = QVBoxLayout(self.first)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(6)
        column.addWidget(text("还没有打开过办公室", "strong"))
        column.addWidget(text("一个办公室是一个文件夹，里面有 office.keys 和 office.db。", "second", wrap=True))
        column.addSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(HintButton("", self.making, Weight.PRIMARY))
        row.addWidget(HintButton("打开已有的…", self.other, icon="folder"))
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(6)
        tried = QHBoxLayout()
        tried.addWidget(text("想先看看：", "third"))
        tried.addWidget(HintButton("", self.sampling, Weight.LINK, small=True))
        tried.addStretch(1)
        column.addLayout(tried)
        return self.first

    def _entry(self) -> QWidget:
        self.entry = QWidget()
        column = QVBoxLayout(self.entry)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(text("办公室", "small"))
        column.addWidget(self._office_card())
        column.addSpacing(12)
        for label, edit in (("用户名", self.user), ("密码", self.password)):
            said = text(label, "small")
            said.setBuddy(edit)
            column.addWidget(said)
            column.addWidget(edit)
            column.addSpacing(12 if edit is self.user else 0)
        for icon, words in ((self._wrong_icon, self.wrong), (self._caps_icon, self.caps)):
            line = QHBoxLayout()
            line.setSpacing(4)
            line.addWidget(icon)
            line.addWidget(words, 1)
            column.addLayout(line)
            icon.hide()
            words.hide()
        column.addSpacing(10)
        self.button = HintButton("登录", self.enter, Weight.PRIMARY)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.setMinimumHeight(look().px(38))
        column.addWidget(self.button)
        column.addLayout(self._otherwise())
        QWidget.setTabOrder(self.user, self.password)
        QWidget.setTabOrder(self.password, self.button)
        return self.entry

    def _otherwise(self) -> QHBoxLayout:
        """What else one may have come for."""
        row = QHBoxLayout()
        row.setSpacing(4)
        forgotten = HintButton("忘记密码…", weight=Weight.LINK, small=True)
        forgotten.clicked.connect(lambda: self.forgotten.emit(self._office.folder if self._office else None))
        row.addWidget(forgotten)
        row.addStretch(1)
        row.addWidget(HintButton("", self.making, Weight.LINK, small=True))
        row.addWidget(HintButton("", self.sampling, Weight.LINK, small=True))
        return row

    def _office_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "well")
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(Icon("folder"))
        words = QVBoxLayout()
        words.setSpacing(0)
        self.office_name, self.office_place = Elided("", "strong"), Elided("", "small")
        words.addWidget(self.office_name)
        words.addWidget(self.office_place)
        row.addLayout(words, 1)
        row.addWidget(HintButton("", self.other, Weight.LINK, small=True))
        return card

    def _recently(self) -> QWidget:
        self.recently = QWidget()
        column = QVBoxLayout(self.recently)
        column.setContentsMargins(0, 24, 0, 0)
        column.setSpacing(8)
        column.addWidget(rule())
        column.addSpacing(8)
        column.addWidget(text("最近使用", "small"))
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        self._chips.addStretch(1)
        column.addLayout(self._chips)
        return self.recently

    @property
    def office(self) -> Recent | None:
        """The office that stands in the card."""
        return self._office

    def show_office(self, office: Recent | None) -> None:
        """Take this office; None while none is known."""
        self._office = office
        self.first.setVisible(office is None)
        self.entry.setVisible(office is not None)
        if office is not None:
            self.office_name.say(office.name)
            self.office_place.say(place_text(office.folder))
        self._quiet()
        self._offer(tuple(one for one in self._recent.all() if office is None or one.folder != office.folder))
        self._begin()

    def _begin(self) -> None:
        """Where typing begins."""
        (self.password if self.user.text() else self.user).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """The hands find the first field, also where nobody gave the window the keys yet."""
        super().showEvent(event)
        if self._office is not None:
            self._begin()

    def _offer(self, others: tuple[Recent, ...]) -> None:
        while self._chips.count() > 1:
            item = self._chips.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.recently.setVisible(bool(others))
        for at, one in enumerate(others[:3]):
            name = QFontMetrics(self.font()).elidedText(one.name, Qt.TextElideMode.ElideRight, look().px(120))
            chip = HintButton(name, small=True)
            chip.setToolTip(str(one.folder))
            chip.clicked.connect(lambda *_, one=one: self.show_office(one))
            self._chips.insertWidget(at, chip)

    def choose(self) -> None:
        """Choose another folder."""
        start = str(self._office.folder.parent) if self._office else str(Path.home())
        picked = QFileDialog.getExistingDirectory(self, "选择办公室文件夹", start)
        if picked:
            self.take_folder(Path(picked))

    def take_folder(self, folder: Path) -> None:
        """Take a folder that was chosen; one without an office is explained and not taken."""
        if not is_office(folder):
            self.message.say("warn", "这个文件夹里没有办公室。", "请选有 office.keys 和 office.db 的那个文件夹。")
            return
        known = {one.folder: one for one in self._recent.all()}
        self.message.clear()
        self.show_office(known.get(folder, Recent(folder, folder.name)))

    def choose_backup(self) -> None:
        """Choose the backup that shall take the place of an office that cannot be opened."""
        office = self._office
        if office is None:
            return
        from app.services.store import Paths

        start = Paths(office.folder).backups
        place = start if start.is_dir() else Path.home()
        picked, _ = QFileDialog.getOpenFileName(self, "选择备份文件", str(place), "安居备份 (*.anju)")
        if picked:
            self.restoring.emit(office.folder, Path(picked))

    def submit(self) -> None:
        """Try to log in; too early or without a password it explains."""
        if self._busy or self._left or self._office is None:
            return
        login, password = self.user.text().strip(), self.password.text()
        if not login or not password:
            self._say("请输入用户名和密码。")
            (self.user if not login else self.password).setFocus()
            return
        self._quiet()
        folder = self._office.folder
        if not self.before_opening(folder):
            return
        self.wait(True)
        self._runner.folder = folder

        def work(_: Progress) -> Seat:
            return self.opening.seat(folder, login, password)

        self._runner.run(self, self._topic, work, done=self._opened, failed=self._refused, writes=True)

    def _opened(self, seat: Seat) -> None:
        self.wait(False)
        self.password.clear_secret()
        self._quiet()
        self.seated.emit(seat)

    def _refused(self, error: Exception) -> None:
        self.wait(False)
        wait = wait_of(error)
        if wait is not None:
            self._left = wait
            self._say_wrong()
            if self._left:
                self._clock.start()
            restyle(self.password, "wrong", True)
            self.password.setFocus()
            self.password.selectAll()
        elif isinstance(error, CannotOpen):
            choices = [("从备份恢复…", self.choose_backup)] if error.problem.code in _LOST else []
            self.message.say("danger", error.problem.text, error.problem.hint or "", choices)
        else:
            self.message.say("danger", sentence(error))

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._say_wrong()
        if not self._left:
            self._clock.stop()

    def _say_wrong(self) -> None:
        self._say(wrong_text(self._left))

    def _say(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.show()
        self._wrong_icon.show()
        self.password.setAccessibleDescription(words)

    def _quiet(self) -> None:
        self._left = 0
        self._clock.stop()
        restyle(self.password, "wrong", False)
        self.password.setAccessibleDescription("")
        self.wrong.hide()
        self._wrong_icon.hide()

    def _show_caps(self, on: bool) -> None:
        self.caps.setText("大写锁定已打开" if on else "")
        self.caps.setVisible(on)
        self._caps_icon.setVisible(on)

    def wait(self, busy: bool) -> None:
        """An office is being opened or closed: the button says so and does nothing."""
        self._busy = busy
        self.button.setText("请稍候" if busy else "登录")
        self.setCursor(Qt.CursorShape.BusyCursor if busy else Qt.CursorShape.ArrowCursor)

    def begin_sample(self, progress: Progress) -> None:
        """The sample office is being made: say so, offer to stop."""
        said = "正在建演示小区：三个月的账单、收款和催缴，大约一分钟。"
        self.message.say("info", said, "", (("取消", progress.cancel),), closable=False)
        self.sampling.setEnabled(False)

    def end_sample(self, folder: Path) -> None:
        """It stands: show it, and say who may log in."""
        self.sampling.setEnabled(True)
        self._recent.opened(folder, ESTATE)
        self.show_office(Recent(folder, ESTATE))
        self.user.setText(STAFF[0][0])
        names = "、".join(login for login, _ in STAFF)
        self.message.say(
            "ok", f"演示小区已建好。用户 {names}，密码都是 {PASSWORD}。", f"在 {place_text(folder)}，随时可以删掉。"
        )
        self.password.setFocus()

    def sample_failed(self, error: Exception) -> None:
        """It was cancelled or refused."""
        self.sampling.setEnabled(True)
        self.message.tell(error)

    def was_reset(self, login: str) -> None:
        """A user has a new password."""
        self.user.setText(login)
        self.message.say("ok", "密码已重设，请用新密码登录。")
        self.password.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """No password waits behind another page."""
        super().hideEvent(event)
        self.password.clear_secret()
        self._show_caps(False)


def wait_of(error: Exception) -> int | None:
    """The seconds until the next try, for a wrong password; None for any other error."""
    if not isinstance(error, CannotOpen) or error.problem.code not in _WAITS:
        return None
    return int(str(error.problem.what.values.get("wait", 0)))


def wrong_text(seconds: int) -> str:
    """The one sentence for a wrong name or password."""
    return f"用户名或密码不对。请 {seconds} 秒后再试。" if seconds else "用户名或密码不对。请重新输入。"


def place_text(folder: Path) -> str:
    """A folder as a path of names, below the user's home where it lies there."""
    home = Path.home()
    parts = folder.relative_to(home).parts if folder.is_relative_to(home) else folder.parts[1:]
    return " › ".join(parts[-4:])


def _brand() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(text("安居物业", "brand"))
    words.addWidget(text("不联网也能用的小区物业办公软件", "small"))
    row.addWidget(Mark(40))
    row.addLayout(words)
    row.addStretch(1)
    return row


class _Worth(Wide):
    """Three things worth knowing before one logs in."""

    SAID = (
        ("shield", "数据只在这台电脑上", "全部加密保存，不联网也能用。没有密码，谁也打不开。"),
        ("lock", "离开时锁屏", "按 Ctrl+L，或放着不动几分钟，窗口会自己锁上；没存的内容都在。"),
        ("disk", "每天自动备份", "备份存到几个位置，打开核对过才算数。备份位置不在时会提醒。"),
    )

    def __init__(self) -> None:
        super().__init__(440, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 22)
        column.setSpacing(18)
        for icon, title, words in self.SAID:
            row = QHBoxLayout()
            row.setSpacing(14)
            beside = QVBoxLayout()
            beside.setSpacing(2)
            beside.addWidget(text(title, "strong"))
            beside.addWidget(text(words, "second", wrap=True))
            row.addWidget(Icon(icon, "accent", 20), 0, Qt.AlignmentFlag.AlignTop)
            row.addLayout(beside, 1)
            column.addLayout(row)
