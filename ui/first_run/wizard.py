"""新建办公室: the steps before there is a seat. Left and come back to, until the recovery key is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.problem import Problem
from app.services import entrance, recovery_sheet, schema
from app.services.entrance import Created
from app.services.progress import Progress
from app.services.refused import CannotOpen, Refused
from app.services.seat import Seat
from ui.first_run.folders import doubt, folder_of
from ui.first_run.recovery_step import RecoveryStep
from ui.first_run.step_form import StepForm
from ui.forms.field import Field, Kind
from ui.forms.hint_button import HintButton
from ui.forms.mark import Mark
from ui.forms.message_bar import MessageBar
from ui.forms.parts import Wide, action, centred, text
from ui.forms.steps import Steps
from ui.forms.typed_twice import differ
from ui.opening import Opening
from ui.pages.printing import send_pages
from ui.remembered import Remembered
from ui.theme import look
from ui.workers.runner import Runner, sentence
from ui.workers.topic import Topic

STEPS = ("文件夹", "小区", "管理员", "恢复密钥", "资料", "收费标准", "第一次出账")
FOLDER, ESTATE, ADMIN, KEY = range(4)
_WIDTH = 620


@dataclass(frozen=True, slots=True)
class _Made:
    created: Created
    seat: Seat


class FirstRun(QWidget):
    """`seated` carries the seat of the new office's first user; `left` when the person went back."""

    seated = Signal(object)
    left = Signal()

    def __init__(self, runner: Runner, remembered: Remembered, opening: Opening) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._runner, self._remembered, self._opening = runner, remembered, opening
        self._making, self._checking, self._printing = Topic(), Topic(), Topic()
        self._made: _Made | None = None
        self.steps, self.stack, self.message = Steps(STEPS), QStackedWidget(), MessageBar()
        self.doubt = text("", "warned", wrap=True)
        self.folder = StepForm(
            (Field("folder", "办公室文件夹", folder_of, hint="全部资料都在这一个文件夹里，只在这台电脑上，加密。"),),
            date.today, verb="下一步", keys="Return",
        )  # fmt: skip
        self.estate = StepForm(
            (Field("estate", "小区名称", _estate, hint="印在账单和收据上，以后可以改。"),),
            date.today, verb="下一步", keys="Return",
        )  # fmt: skip
        self.admin = StepForm(
            (
                Field(
                    "login", "用户名", schema.login_of, hint="第一位用户同时是系统管理员和项目经理，之后再添加别人。"
                ),
                Field("password", "密码", str, kind=Kind.PASSWORD, hint="8 到 128 个字符，不要用小区名和常见密码。"),
                Field("again", "再输一遍", str, kind=Kind.PASSWORD),
            ),
            date.today, verb="建立办公室", keys="Return",
        )  # fmt: skip
        self.key = RecoveryStep()
        self.back = action(self, "上一步", "Alt+Left", self.go_back)
        self.leaving = action(self, "以后再建", "Esc", self.leave)
        self._build()
        self._listen()
        self._fill()
        self.go(FOLDER)

    def _build(self) -> None:
        card = Wide(_WIDTH, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 22)
        column.setSpacing(10)
        self.title = text("", "title")
        column.addWidget(self.title)
        column.addWidget(self.message)
        self._panes = tuple(_top(pane) for pane in (self._folder_pane(), self.estate, self.admin, self.key))
        for pane in self._panes:
            self.stack.addWidget(pane)
        column.addWidget(self.stack)
        foot = QHBoxLayout()
        self._back_button, self._leave_button = HintButton("", self.back), HintButton("", self.leaving)
        foot.addWidget(self._back_button)
        foot.addWidget(self._leave_button)
        foot.addStretch(1)
        column.addLayout(foot)
        desk = QWidget()
        outer = QVBoxLayout(desk)
        outer.setContentsMargins(24, 28, 24, 28)
        outer.setSpacing(22)
        outer.addStretch(1)
        outer.addLayout(centred(_Brand()))
        outer.addLayout(centred(self.steps))
        outer.addLayout(centred(card))
        outer.addStretch(2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(desk)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)

    def _folder_pane(self) -> QWidget:
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        choosing = HintButton("", action(self.folder, "选择…", "Alt+O", self.choose), icon="folder")
        self.folder.beside(choosing)
        column.addWidget(self.folder)
        column.addWidget(self.doubt)
        return pane

    def _listen(self) -> None:
        self.folder.save.connect(lambda _: self.go(ESTATE))
        self.folder.boxes["folder"].typed.connect(self._doubt)
        self.estate.save.connect(lambda _: self.go(ADMIN))
        self.admin.save.connect(self._make)
        self.key.typed.connect(self._check_key)
        self.key.printing.connect(self._print_key)

    # ---- where one stands ----------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The step in front."""
        return self.stack.currentIndex()

    @property
    def key_shown(self) -> bool:
        """Whether the key is on the screen and was not yet typed back: leaving now loses it."""
        return self._made is not None

    def go(self, step: int) -> None:
        """To a step."""
        self._keep()
        self.message.clear()
        for place, pane in enumerate(self._panes):
            policy = QSizePolicy.Policy.Preferred if place == step else QSizePolicy.Policy.Ignored
            pane.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.stack.setCurrentIndex(step)
        self.steps.go(step)
        self.title.setText(("办公室放在哪里", "哪个小区", "第一位管理员", "恢复密钥")[step])
        self.back.setEnabled(FOLDER < step < KEY)
        self._back_button.setVisible(FOLDER < step < KEY)
        self.leaving.setEnabled(step < KEY)
        self._leave_button.setVisible(step < KEY)
        if step < KEY:
            first = next(iter((self.folder, self.estate, self.admin)[step].boxes.values()))
            first.setFocus()
            if isinstance(first.edit, QLineEdit):
                first.edit.selectAll()

    def go_back(self) -> None:
        """The step before."""
        if FOLDER < self.now < KEY:
            self.go(self.now - 1)

    def leave(self) -> None:
        """Back to the log-in; what was typed stays, but for passwords."""
        self._keep()
        self._drop_secrets()
        self.left.emit()

    def _keep(self) -> None:
        self._remembered.keep_first_run({**self.folder.typed, **self.estate.typed, "login": self.admin.typed["login"]})

    def _fill(self) -> None:
        kept = self._remembered.first_run()
        self.folder.fill({"folder": kept.get("folder") or str(Path.home() / "安居办公室")})
        self.estate.fill({"estate": kept.get("estate", "")})
        self.admin.fill({"login": kept.get("login", "")})
        self._doubt()

    def _drop_secrets(self) -> None:
        for name in ("password", "again"):
            self.admin.boxes[name].put("")

    # ---- the folder ----------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Choose a folder."""
        picked = QFileDialog.getExistingDirectory(self, "选择放办公室的文件夹", str(Path.home()))
        if picked:
            self.folder.boxes["folder"].put(picked)
            self._doubt()

    def _doubt(self) -> None:
        try:
            said = doubt(folder_of(self.folder.typed["folder"]))
        except (Problem, OSError):
            said = ""
        self.doubt.setText(said)
        self.doubt.setVisible(bool(said))

    # ---- the office ----------------------------------------------------------------------------------------------

    def _make(self, values: Mapping[str, Any]) -> None:
        if (why := differ(values)) is not None:
            self.admin.refused(why)
            return
        folder, estate = folder_of(self.folder.typed["folder"]), self.estate.typed["estate"]
        login, password, opening = values["login"], values["password"], self._opening
        self._wait(True)

        def work(_: Progress) -> _Made:
            created = entrance.create_office(folder, estate, login, password, clock=opening.clock, cost=opening.cost)
            return _Made(created, opening.seat(folder, login, password))

        self._runner.run(
            self, self._making, work, done=self._show_key, failed=self._not_made, writes=True, what="建立办公室"
        )

    def _wait(self, busy: bool) -> None:
        self.admin.saving.setText("正在建立…" if busy else "建立办公室")
        self.admin.saving.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.setCursor(Qt.CursorShape.BusyCursor if busy else Qt.CursorShape.ArrowCursor)

    def _not_made(self, error: Exception) -> None:
        self._wait(False)
        why = error.problem if isinstance(error, Refused | CannotOpen) else None
        step, field = _at_fault(why)
        self.go(step)
        form = (self.folder, self.estate, self.admin)[step]
        form.refused(Refused(why, field) if why is not None and field else error)

    def _show_key(self, made: _Made) -> None:
        self._wait(False)
        self._made = made
        self._drop_secrets()
        self._remembered.keep_first_run({})
        self.go(KEY)
        self.key.show_key(made.created.recovery_key)

    def _check_key(self, typed: str) -> None:
        made = self._made
        if made is None:
            return
        self._runner.run(
            self,
            self._checking,
            lambda _: entrance.check_recovery(made.created.folder, typed),
            done=lambda _: self._finish(made.seat),
            failed=lambda error: self.key.say_wrong(sentence(error)),
        )

    def _finish(self, seat: Seat) -> None:
        self._made = None
        self.seated.emit(seat)

    def close_seat(self) -> None:
        """The window goes while the key is shown: the office stays, its seat is closed."""
        made, self._made = self._made, None
        if made is not None:
            made.seat.close()

    def _print_key(self, printer: QPrinter) -> None:
        made = self._made
        if made is None:
            return
        estate, day = self.estate.typed["estate"], made.seat.store.wall_clock().date()

        def work(progress: Progress) -> int:
            return send_pages(recovery_sheet.pages(estate, made.created.recovery_key, day), printer, progress)

        self._runner.run(
            self,
            self._printing,
            work,
            done=lambda n: self.key.say_printed(f"已送去打印 {n} 份。"),
            failed=lambda error: self.key.say_printed(f"没有打印：{sentence(error)}"),
        )


def _estate(typed: str) -> str:
    return schema.name_of(typed, "estate")


def _at_fault(why: Problem | None) -> tuple[int, str]:
    """Which step and field a refusal speaks of; no field where it speaks of the whole."""
    code = "" if why is None else why.code
    if code.startswith("password."):
        return ADMIN, "password"
    if code == "user.login":
        return ADMIN, "login"
    if code == "name":
        return ESTATE, "estate"
    return (FOLDER, "folder") if code == "office_exists" else (ADMIN, "")


def _top(pane: QWidget) -> QWidget:
    """A pane at the top of the room it is given."""
    around = QWidget()
    column = QVBoxLayout(around)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(pane)
    column.addStretch(1)
    return around


class _Brand(QWidget):
    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Mark(36))
        row.addWidget(text("新建办公室", "brand"))
        row.setSpacing(look().px(12))
