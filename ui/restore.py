"""恢复: asked over the log-in, while the office is closed: who does it, who does it with him, or why alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.problem import problem
from app.services.backups import BackupAnswer
from app.services.refused import Refused
from app.services.restore import Person
from ui.forms.confirm import Overlay
from ui.forms.field import Field, Kind
from ui.forms.form import Form
from ui.forms.hint_button import HintButton
from ui.forms.parts import action, text
from ui.opening import Opening
from ui.pages.dialog import WIDE
from ui.workers.runner import Runner
from ui.workers.topic import Topic

WHAT_TO_DO = {
    "second_needed": "请填上另一位的用户名和密码。",
    "reason_needed": "请填上原因。",
}
"""What is to be done about a refusal, in the words of this form."""


class RestoreForm(Overlay):
    """`restored` carries the answer; Esc leaves everything as it is."""

    restored = Signal(object)

    def __init__(
        self, area: QWidget, runner: Runner, opening: Opening, folder: Path, archive: Path, login: str
    ) -> None:
        super().__init__(area, WIDE)
        self._runner, self._opening, self._topic = runner, opening, Topic()
        self._folder, self._archive, self._key = folder, archive, str(uuid4())
        self.body.addWidget(text(f"恢复 {archive.name}", "title"))
        said = (
            "办公室已经关闭，还没有改动任何东西。请系统管理员和项目经理各输入自己的密码（备份那一天的密码）；"
            "一个人兼两个角色、又没有别的管理员和经理时，可以单人办理，写明原因。"
        )
        self.body.addWidget(text(said, "second", wrap=True))
        fields = (
            Field("login", "用户名"),
            Field("password", "密码", str, kind=Kind.PASSWORD),
            Field("second", "另一位的用户名", optional=True, hint="系统管理员或项目经理"),
            Field("second_password", "另一位的密码", str, optional=True, kind=Kind.PASSWORD),
            Field("reason", "原因", optional=True, hint="单人办理时必填，会记入审计"),
        )
        self.form = Form(fields, date.today, columns=2, verb="恢复", apart=True)
        self.form.fill({"login": login})
        self.form.save.connect(self._restore)
        self.leaving = action(self, "不恢复", "Esc", self.finish)
        self.form.beside(HintButton("", self.leaving, parent=self.card))
        self.body.addWidget(self.form)
        self.foot.addWidget(self.form.bottom)
        self.setAccessibleName(f"恢复 {archive.name}")
        self.show()
        self.raise_()
        self.form.boxes["password" if login else "login"].setFocus()

    def _restore(self, values: Mapping[str, Any]) -> None:
        who: Person = (values["login"], values["password"])
        second = (values["second"], values["second_password"] or "") if values["second"] else None
        work = self._work(who, second, values["reason"])
        self._wait(True)
        self._runner.run(
            self, self._topic, lambda _: work(), done=self._done, failed=self._refused, writes=True, what="恢复备份"
        )

    def _wait(self, busy: bool) -> None:
        """While files change places nothing else is begun and nobody leaves."""
        if busy:
            self.form.message.say("info", "正在恢复，先备份现在的数据。", "请不要关机。", closable=False)
        for each in (self.form.saving, self.leaving):
            each.setEnabled(not busy)
        self.form.setEnabled(not busy)

    def _refused(self, error: Exception) -> None:
        self._wait(False)
        self.form.message.clear()
        self.form.boxes["password"].setFocus()
        hint = WHAT_TO_DO.get(error.problem.code) if isinstance(error, Refused) else None
        if hint is not None and isinstance(error, Refused):
            error = Refused(problem(error.problem.code, error.problem.text, hint), error.field)
        self.form.refused(error)

    def _work(self, who: Person, second: Person | None, reason: str | None) -> Callable[[], BackupAnswer]:
        return lambda: self._opening.restore(self._folder, self._archive, who, reason, second, self._key)

    def _done(self, answer: BackupAnswer) -> None:
        self.finish()
        self.restored.emit(answer)
