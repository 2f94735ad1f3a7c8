"""用户: who may come into the office, in which roles; admitted, changed and sent away by the administrator."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from app.services import user_list, users
from app.services.user_list import StaffRow
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card
from ui.moments import moment_text
from ui.pages.dialog import Dialog
from ui.pages.list_panel import buttons
from ui.pages.page import Page
from ui.pages.parted_page import Part
from ui.pages.plain_table import Cell, Head, PlainTable, Status
from ui.pages.user_dialogs import AddUser, ChangeRoles, OwnPassword, ResetPassword
from ui.workers.topic import Topic

D = TypeVar("D", bound=Dialog)
HEADS = (Head("用户", 200, strong=True), Head("角色"), Head("最近操作", 160), Head("状态", 112))


class StaffPart(Part):
    """Ctrl+N admits somebody; Enter changes the roles of the one in the row."""

    reads = frozenset({"user"})

    def __init__(self, page: Page) -> None:
        super().__init__(page, "用户")
        self._topic, self._act_topic = Topic(), Topic()
        self.rows: tuple[StaffRow, ...] = ()
        self.table = PlainTable("用户", HEADS)
        self.adding = self.act("新建用户", "Ctrl+N", self.add)
        self.roles = self.act("改角色…", "", self.change_roles)
        self.password = self.act("重设密码…", "", self.reset)
        self.ending = self.act("停用…", "", self.disable)
        self.adding.setEnabled(self.seat.may("manage_users"))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.table.activated.connect(lambda _: self.change_roles())
        beside: list[HintButton] = []
        if self.seat.may("manage_users"):
            self.tool(HintButton("", self.adding, Weight.PRIMARY, icon="plus"))
            beside = [HintButton("", each, small=True) for each in (self.roles, self.password, self.ending)]
        card = Card("用户", buttons(*beside))
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)
        self._words = {button.action: button for button in beside}
        self._follow()

    def refresh(self) -> None:
        """Read who there is."""
        self.page.run(lambda _: user_list.staff(self.seat), topic=self._topic, done=self._show)

    def _show(self, rows: tuple[StaffRow, ...]) -> None:
        before = self.row
        self.rows = rows
        self.table.put([_cells(row, self.page.today) for row in rows])
        if before is not None and before.login in (logins := [row.login for row in rows]):
            self.table.selectRow(logins.index(before.login))
        inside = sum(row.enabled for row in rows)
        self.say(f"{len(rows)} 位用户" + (f"，{len(rows) - inside} 位已停用" if inside < len(rows) else ""))
        self._follow()

    @property
    def row(self) -> StaffRow | None:
        """The user in the selected row."""
        return self.table.chosen(self.rows)

    def _follow(self) -> None:
        """What is offered for the row: nobody changes his own roles or ends himself."""
        row, may = self.row, self.seat.may("manage_users")
        own = row is not None and row.login == self.seat.login
        self.roles.setEnabled(may and row is not None and not own)
        self.password.setEnabled(may and row is not None)
        self.ending.setEnabled(may and row is not None and not own and row.enabled)
        word = "改自己的密码…" if own else "启用…" if row is not None and not row.enabled else "重设密码…"
        self.password.setText(word)
        if (button := self._words.get(self.password)) is not None:
            button.setText(word)

    def add(self) -> AddUser:
        """The dialog for a new user."""
        return self._follow_up(AddUser(self.page))

    def change_roles(self) -> ChangeRoles | None:
        """The dialog for the roles of the user in the row."""
        row = self.row
        return self._follow_up(ChangeRoles(self.page, row)) if row is not None and self.roles.isEnabled() else None

    def reset(self) -> ResetPassword | OwnPassword | None:
        """The dialog for a new password of the user in the row."""
        row = self.row
        if row is None or not self.password.isEnabled():
            return None
        if row.login == self.seat.login:
            return self._follow_up(OwnPassword(self.page))
        return self._follow_up(ResetPassword(self.page, row))

    def disable(self) -> Confirm | None:
        """Ask, then end his way in."""
        row = self.row
        if row is None or not self.ending.isEnabled():
            return None
        body = "他不能再登录，名字留在记录里。以后要他回来，点“启用…”给他新密码。旧备份仍能用他旧的密码打开。"
        asked = Confirm(self.page.area, f"停用 {row.login}？", body, f"停用 {row.login}", "不停用")
        asked.answered.connect(lambda yes: self._disable(row.login) if yes else None)
        return asked

    def _disable(self, login: str) -> None:
        self.page.run(
            lambda _: users.disable(self.seat, login),
            topic=self._act_topic,
            done=lambda row: self.page.landed(f"{row.user} 已停用。"),
            writes=True,
            what="停用用户",
        )

    def _follow_up(self, dialog: D) -> D:
        dialog.landed.connect(self.page.landed)
        return dialog


def _cells(row: StaffRow, today: date) -> tuple[Cell, ...]:
    last = "—" if row.last_act is None else moment_text(row.last_act, today)
    state = Status("ok", "在用") if row.enabled else Status("neutral", "已停用")
    return (row.login, "、".join(row.titles), last, state)
