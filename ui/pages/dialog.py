"""A form over the page: a question with fields, one verb and 取消; what the service refuses stays in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Signal

from app.services import approvals, entrance
from app.services.entrance import Approver
from app.services.progress import Progress
from app.services.refused import Refused
from app.services.seat import Seat
from ui.forms.confirm import Overlay
from ui.forms.field import Field
from ui.forms.form import Form
from ui.forms.hint_button import HintButton
from ui.forms.parts import action, text
from ui.pages.page import Page
from ui.workers.topic import Topic

T = TypeVar("T")
MANY = 8
"""A form of so many fields is not thrown away by one Esc once hands typed into it."""
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
    acts: Sequence[str] = ()
    """The acts of this form that need a second person."""

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
        self.form.beside(HintButton("", action(self, keep, "Esc", self._put_off), parent=self.card))
        self._by_hand, self._warned = False, False
        for box in self.form.boxes.values():
            box.typed.connect(self._hand)
        self.setAccessibleName(title)
        if self.acts:
            page.run(lambda _: approvals.single_handed(page.seat, self.acts), topic=Topic(), done=self._say_alone)
        self.show()
        self.raise_()
        next(iter(self.form.boxes.values())).setFocus()

    def _say_alone(self, titles: Sequence[str]) -> None:
        if titles:
            said = f"没有别的人能批准{'、'.join(titles)}：可以单人办理，写明原因；日结单和审计会列出。"
            self.body.insertWidget(self.body.indexOf(self.form), text(said, "warned", wrap=True))

    def _hand(self) -> None:
        self._by_hand, self._warned = True, False

    def _put_off(self) -> None:
        if len(self.form.boxes) >= MANY and self._by_hand and not self._warned:
            self._warned = True
            self.form.message.say("warn", "填的还没有保存。", "再按一次 Esc 就放弃。")
        else:
            self.finish()

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it with the values that were typed."""
        raise NotImplementedError

    def second(self, values: Mapping[str, Any]) -> Approver | None:
        """The second person of this form, as `approver_of` says."""
        return approver_of(self.page.seat, values)

    def do(
        self, work: Callable[[], T], said: Callable[[T], str], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run a service call; close with its sentence, or show in the form why it was refused (or do what `failed`
        does then).
        """

        def done(answer: T) -> None:
            # First out of the way: a paper that `said` shows is on another page, and no page changes under a question.
            self.finish()
            self.landed.emit(said(answer))

        def call(_: Progress) -> T:
            return work()

        self.page.run(
            call, topic=self._topic, done=done, failed=failed or self.form.refused, writes=True,
            what=self.form.saving.text(),
        )  # fmt: skip

    def meeting(
        self,
        read: Callable[[], T],
        typed: Callable[[T], Mapping[str, str]],
        take: Callable[[T], Sequence[tuple[str, str, str]]],
    ) -> Callable[[Exception], None]:
        """What to do with a saving that failed: where somebody else changed the row meanwhile it is read again and both
        versions are shown. `typed` says how the form would show it; `take` keeps it for the next saving, and says what
        changed of what the form does not show.
        """

        def show(now: T) -> None:
            changed = [*self.form.meet(typed(now)), *take(now)]
            said = "、".join(f"{label}“{before}”→“{after}”" for label, before, after in changed)
            hint = "刚填的都还在，没有动；看过后再保存一次，就用刚填的。"
            self.form.message.say("warn", f"刚才有人改过：{said}。" if said else "刚才有人改过。", hint)

        def failed(error: Exception) -> None:
            if not isinstance(error, Refused) or error.problem.code != "changed_meanwhile":
                self.form.refused(error)
                return
            self.page.run(lambda _: read(), topic=self._topic, done=show, failed=self.form.refused)

        return failed
