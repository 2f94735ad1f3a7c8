"""住户: everybody who belongs to a house; registered, changed, moved out, made one; numbers masked until asked for.
活动 is its second view.
"""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.services import household, person_merge, resident_list, residents, retention
from app.services.event_list import EventRow
from app.services.household import Household
from app.services.list_face import Kind
from app.services.person_form import CONTACTS, NEEDS, RELATIONS, SEXES
from app.services.resident_list import RESIDENTS, ResidentRow
from app.services.residents import HouseOf, Likeness, PersonFile
from app.services.retention import Proposal
from app.services.seat import Seat
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.models.plain_model import column
from ui.pages.dialog import Dialog
from ui.pages.events_part import EventsPart, events_body
from ui.pages.household_dialogs import HouseholdTab
from ui.pages.importing import import_button
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, heading, pairs
from ui.pages.panel_table import PanelTable
from ui.pages.register_dialogs import CopyPerson, ExportRegister, Forget, WriteTemplate
from ui.pages.resident_dialogs import ChangePerson, MergePeople, MoveOut, RegisterPerson, RevealNumber
from ui.workers.runner import Runner
from ui.workers.topic import Topic

HOUSES = (
    column("house", "房号", Kind.NUMBER, 11),
    column("word", "身份"),
    column("since", "入住", Kind.DATE, 10),
    column("until", "迁出", Kind.DATE, 10),
)
D = TypeVar("D", bound=Dialog)
HOUSEHOLD = 2
"""The place of the household's tab."""
SHOWN_MS = 30_000
"""How long a full number stands on the screen."""


class _HouseLine:
    """A house of a person with its relation in words."""

    def __init__(self, row: HouseOf) -> None:
        self.house, self.word, self.since, self.until = row.house, RELATIONS[row.relation], row.since, row.until


class ResidentsPage(ListPage):
    """One row a person and house."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        body: ListBody[ResidentRow] = ListBody(RESIDENTS.face, resident_list, seat, runner, hint="姓名、房号、电话")
        offers = (
            (("从 Excel 导入", lambda: self.wanted.emit("import", "residents")),) if seat.may("import_register") else ()
        )
        body.empty = ("people", "还没有住户", "从 Excel 导入，或先从一户登记起。", offers)
        self.panel = DetailPanel(["资料", "房屋", "户内"])
        happenings, panel = events_body(seat, runner), DetailPanel(["活动"])
        super().__init__(seat, runner, "住户", (View("住户", body, self.panel), View("活动", happenings, panel)))
        self.events = EventsPart(self, panel)
        self.found: PersonFile | None = None
        self._panel_topic, self._pairs_topic, self._house_topic = Topic(), Topic(), Topic()
        self._changes = seat.may("import_register")
        self.adding = action(self, "登记住户", "Ctrl+N", self.add)
        self.merging = action(self, "可能同一人…", "", self.show_pairs)
        self.moving_out = action(self, "资料导出到 Excel…", "", lambda: self._follow(ExportRegister(self)))
        self.starting = action(self, "空白模板…", "", lambda: self._follow(WriteTemplate(self)))
        self.copying = action(self, "个人信息副本…", "", self.copy)
        self.forgetting = action(self, "留存期满…", "", self.forget)
        self.inviting = action(self, "邀请到活动…", "", self.invite)
        self.changing = action(self, "修改…", "Ctrl+Return", self.change)
        self.revealing = action(self, "显示号码…", "Ctrl+Shift+D", self.reveal)
        register = (self.inviting, self.merging, self.moving_out, self.starting, self.forgetting)
        for act in (self.adding, *register):
            act.setEnabled(self._changes)
        for act in (self.changing, self.revealing, self.copying):
            act.setEnabled(False)
        if (bringing := import_button(self, "residents")) is not None:
            self.head.add(bringing)
        self.head.add(self.export_button())
        if self._changes:
            more, menu = HintButton("更多", icon="more"), QMenu(self)
            menu.addActions([*register, *([self.copying] if seat.may("see_id_numbers") else [])])
            more.setMenu(menu)
            self._add_button = HintButton("", self.adding, Weight.PRIMARY, icon="plus")
            self.head.add(more, self._add_button)
        self._hide = QTimer(self)
        self._hide.setSingleShot(True)
        self._hide.timeout.connect(self.message.clear)

    @property
    def _of_people(self) -> bool:
        return self.view is self.views[0]

    def view_changed(self) -> None:
        """People or events: what is added, and what there is to do besides."""
        self.adding.setText("登记住户" if self._of_people else "新活动")
        if self._changes:
            self._add_button.setText(self.adding.text())
        self._may_change()
        self.keys_changed.emit()

    def _may_change(self) -> None:
        """What is done about a person needs one in front."""
        found = self.found if self._of_people else None
        self.changing.setEnabled(found is not None and self._changes)
        self.revealing.setEnabled(bool(found and (found.phone or found.phone2 or found.id_number)))
        self.copying.setEnabled(found is not None and self.seat.may("see_id_numbers"))

    def main_actions(self) -> tuple[QAction, ...]:
        """Add, change, export."""
        if not self._changes:
            return (self.exporting,)
        return (self.adding, *((self.changing,) if self._of_people else ()), self.exporting)

    def open_row(self) -> None:
        """Enter: change the person, see an event's guests, or into the panel."""
        if not self._of_people:
            self.events.desk()
        elif self.changing.isEnabled():
            self.change()
        else:
            super().open_row()

    def show_row(self, view: View, row: Any) -> None:
        """The head at once, the rest when it is read."""
        if isinstance(row, EventRow):
            self.events.show(row)
            return
        self.found = None
        self.panel.show_head(row.name, f"{row.house} · {row.relation}", None)
        key = view.body.table.key or 0
        self.run(
            lambda _: residents.show_resident(self.seat, key),
            topic=self._panel_topic,
            done=self._show,
            failed=self.panel.message.tell,
        )

    def row_gone(self) -> None:
        """Nobody is in front to be changed or shown."""
        self._panel_topic.forget()
        self.found = None
        self._may_change()

    def _show(self, found: PersonFile) -> None:
        self.found = found
        self.panel.message.clear()
        self._may_change()
        form, body = found.form, self.panel.tab(0)
        body.addWidget(
            pairs(
                (
                    ("手机", found.phone or "没有登记"),
                    ("第二电话", found.phone2),
                    ("邮箱", form.email),
                    ("希望怎样联系", CONTACTS.get(form.contact_by, "")),
                    ("证件号", found.id_number),
                    ("性别", SEXES.get(form.sex, "")),
                    ("出生", self._born(found)),
                    ("标签", "、".join(NEEDS.get(tag, tag) for tag in form.tags)),
                    ("同意", f"{found.consent_on} 同意登记敏感信息" if found.consent_on else ""),
                    ("车辆", "、".join(found.vehicles)),
                    ("备注", form.remark),
                )
            )
        )
        made = [HintButton("", self.revealing, small=True)] if self.revealing.isEnabled() else []
        if self._changes:
            made.insert(0, HintButton("", self.changing, small=True))
        if made:
            body.addWidget(buttons(*made))
        body.addStretch(1)
        self._houses(found)
        self._household()

    def _household(self) -> None:
        """What is known of the house of the current row besides its people."""
        row, seat = self.row, self.seat
        if not isinstance(row, ResidentRow):
            return
        tenant = row.name if row.relation == RELATIONS["tenant"] else ""

        def show(found: Household) -> None:
            HouseholdTab(self, self.panel.tab(HOUSEHOLD), self._follow).show(found, tenant)

        self.run(
            lambda _: household.show(seat, row.house), topic=self._house_topic, done=show,
            failed=self.panel.message.tell,
        )  # fmt: skip

    @staticmethod
    def _born(found: PersonFile) -> str:
        born = found.form.birth_on
        return "" if born is None else f"{born.isoformat()}（{found.age} 岁）"

    def _houses(self, found: PersonFile) -> None:
        body = self.panel.tab(1)
        body.addWidget(heading(f"房屋（{len(found.houses)}）"))
        if found.houses:
            body.addWidget(PanelTable("房屋", HOUSES, [_HouseLine(row) for row in found.houses], ("until",)))
        else:
            body.addWidget(text("没有房屋。", "third"))
        if self._changes and any(row.until is None for row in found.houses):
            leaving = HintButton("迁出…", small=True)
            leaving.clicked.connect(self.move_out)
            again = HintButton("再登记一户…", small=True)
            again.clicked.connect(self.register)
            body.addWidget(buttons(leaving, again))
        body.addStretch(1)

    # acts

    def add(self) -> Dialog:
        """Somebody who moves in, or an event."""
        return self.register() if self._of_people else self.events.new()

    def invite(self) -> None:
        """Invite those whom the list shows, or its chosen rows, to an event."""
        body = self.views[0].body
        self.events.invite_listed(body.query, len(body.model.keys), tuple(sorted(body.model.selected)))

    def register(self) -> RegisterPerson:
        """The form for somebody who moves in."""
        house = self.row.house if isinstance(self.row, ResidentRow) else ""
        return self._follow(RegisterPerson(self, house))

    def change(self) -> ChangePerson | None:
        """The form of the person in the panel."""
        return None if self.found is None or not self._changes else self._follow(ChangePerson(self, self.found))

    def move_out(self) -> MoveOut | None:
        """Ask from which house the person in the panel leaves."""
        if self.found is None:
            return None
        return self._follow(MoveOut(self, self.found.form.name, self.found.houses))

    def reveal(self) -> RevealNumber | None:
        """Ask what a full number is for; it stands half a minute."""
        if self.found is None:
            return None
        dialog = RevealNumber(self, self.found)
        dialog.landed.connect(self._tell)
        return dialog

    def _tell(self, said: str) -> None:
        self.message.say("info", said, "30 秒后隐藏。")
        self._hide.start(SHOWN_MS)

    def show_pairs(self) -> None:
        """Records that may be one person."""

        def offer(pairs: tuple[tuple[Likeness, Likeness], ...]) -> None:
            if pairs:
                self._follow(MergePeople(self, pairs))
            else:
                self.message.say("info", "没有像同一人的记录。")

        self.run(lambda _: person_merge.duplicates(self.seat), topic=self._pairs_topic, done=offer)

    def copy(self) -> CopyPerson | None:
        """All that is held about the person in the panel, for him."""
        if self.found is None or not isinstance(self.row, ResidentRow):
            return None
        return self._follow(CopyPerson(self, self.found.form.name, self.row.house))

    def forget(self) -> None:
        """Who left so long ago that he is to be forgotten."""

        def offer(due: tuple[Proposal, ...]) -> None:
            if due:
                self._follow(Forget(self, due))
            else:
                self.message.say("info", "没有留存期满的住户。", "年数在设置里定。")

        self.run(lambda _: retention.proposals(self.seat), topic=self._pairs_topic, done=offer)

    def _follow(self, dialog: D) -> D:
        dialog.landed.connect(self.landed)
        return dialog
