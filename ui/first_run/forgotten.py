"""忘记密码: a new password for a user, with the printed recovery key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.services import entrance, schema
from app.services.refused import CannotOpen, Refused
from ui.forms.confirm import Overlay
from ui.forms.field import Field, Kind
from ui.forms.form import Form
from ui.forms.hint_button import HintButton
from ui.forms.parts import action, text
from ui.forms.typed_twice import differ
from ui.opening import Opening
from ui.workers.runner import Runner
from ui.workers.topic import Topic


class Forgotten(Overlay):
    """`reset` carries the login whose password is new. The key opens the office; the reset stands in the audit."""

    reset = Signal(str)

    def __init__(self, area: QWidget, runner: Runner, opening: Opening, folder: Path, login: str) -> None:
        super().__init__(area, 520)
        self._runner, self._opening, self._folder, self._topic = runner, opening, folder, Topic()
        self.body.addWidget(text("用恢复密钥重设密码", "title"))
        said = "管理员可以在“用户与审计”里为别人重设密码。管理员自己的密码忘了，才用恢复密钥单。重设会记入审计。"
        self.body.addWidget(text(said, "second", wrap=True))
        self.form = Form(
            (
                Field("key", "恢复密钥", hint="恢复密钥单上的八组，按顺序；空格和连字符可有可无。"),
                Field("login", "用户名", schema.login_of),
                Field("password", "新密码", str, kind=Kind.PASSWORD, hint="8 到 128 个字符。"),
                Field("again", "再输一遍", str, kind=Kind.PASSWORD),
            ),
            date.today,
            verb="重设",
            apart=True,
        )
        self.form.fill({"login": login})
        self.form.save.connect(self._reset)
        self.form.beside(HintButton("", action(self, "取消", "Esc", self.finish), parent=self.card))
        self.body.addWidget(self.form)
        self.foot.addWidget(self.form.bottom)
        self.setAccessibleName("用恢复密钥重设密码")
        self.show()
        self.raise_()
        self.form.boxes["key"].setFocus()

    def _reset(self, values: Mapping[str, Any]) -> None:
        if (why := differ(values)) is not None:
            self.form.refused(why)
            return
        opening = self._opening
        self._runner.run(
            self,
            self._topic,
            lambda _: entrance.reset_by_recovery(
                self._folder,
                values["key"],
                values["login"],
                values["password"],
                clock=opening.clock,
                cost=opening.cost,
            ),
            done=lambda _: self._done(values["login"]),
            failed=self._failed,
            writes=True,
            what="重设密码",
        )

    def _failed(self, error: Exception) -> None:
        why = error.problem if isinstance(error, Refused | CannotOpen) else None
        code = "" if why is None else why.code
        field = (
            "key"
            if code.startswith("recovery.") or code == "wrong_recovery_key"
            else "password"
            if code.startswith("password.")
            else "login"
            if code == "unknown_user"
            else ""
        )
        self.form.refused(Refused(why, field) if why is not None and field else error)

    def _done(self, login: str) -> None:
        self.finish()
        self.reset.emit(login)
