"""A form over the page: a question with fields, one verb and 取消; what the service refuses stays in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Signal

from app.services import entrance
from app.services.entrance import Approver
from app.services.progress import Progress
from app.services.seat import Seat
from ui.forms.confirm import Overlay
from ui.forms.field import Field
from ui.forms.form import Form
from ui.forms.hint_button import HintButton
from ui.forms.parts import action, text
from ui.pages.page import Page
from ui.workers.topic import Topic

T = TypeVar("T")
WIDE, WIDEST = 680, 920
"""Width of a dialog with two columns."""


def approver_of(seat: Seat, values: Mapping[str, Any]) -> Approver | None:
    """The second person, where one typed login and password (fields `second`, `password`). Raises CannotOpen, Refused
    as the door does.
    """
    login = (values.get("second") or "").strip()
    return entrance.approver(seat, login, values["password"] or "") if login else None


class Dialog(Overlay):
    """`landed` carries the sentence about what was done; the dialog is gone then. Esc closes it, changing nothing."""

    landed = Signal(str)

    def __init__(
        self,
        page: Page,
        title: str,
        about: str,
        fields: Sequence[Field],
        verb: str,
        width: int = 460,
        *,
        columns: int = 1,
        danger: bool = False,
        keep: str = "取消",
    ) -> None:
        super().__init__(page.area, width)
        self.page, self._topic = page, Topic()
        self.body.addWidget(text(title, "title", wrap=True))
        if about:
            self.body.addWidget(text(about, "second", wrap=True))
        self.form = Form(fields, lambda: page.today, columns=columns, verb=verb, danger=danger, apart=True)
        self.form.save.connect(self.act)
        self.body.addWidget(self.form)
        self.foot.addWidget(self.form.bottom)
        self.form.beside(HintButton("", action(self, keep, "Esc", self.finish), parent=self.card))
        self.setAccessibleName(title)
        self.show()
        self.raise_()
        next(iter(self.form.boxes.values())).setFocus()

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it with the values that were typed."""
        raise NotImplementedError

    def second(self, values: Mapping[str, Any]) -> Approver | None:
        """The second person of this form, as `approver_of` says."""
        return approver_of(self.page.seat, values)

    def do(self, work: Callable[[], T], said: Callable[[T], str]) -> None:
        """Run a service call; close with its sentence, or show in the form why it was refused."""

        def done(answer: T) -> None:
            # First out of the way: a paper that `said` shows is on another page, and no page changes under a question.
            self.finish()
            self.landed.emit(said(answer))

        def call(_: Progress) -> T:
            return work()

        self.page.run(
            call, topic=self._topic, done=done, failed=self.form.refused, writes=True, what=self.form.saving.text()
        )
