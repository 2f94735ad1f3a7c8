"""A new user, other roles, a new password for somebody or for oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.services import entrance, users
from app.services.refused import CannotOpen, Refused
from app.services.rights import ROLES
from app.services.seat import Seat
from app.services.two_persons import Waiting
from app.services.user_list import StaffRow
from app.services.users import UserRow
from ui.forms.field import Field, Kind
from ui.forms.typed_twice import differ
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page

PASSWORD_HINT = "8 到 128 个字符，不能太常见，也不能是用户名或小区名"


def _roles() -> Field:
    return Field("role", "角色", lambda typed: tuple(typed.split(",")), kind=Kind.SEVERAL, choices=ROLES,
                 hint="可以选几个；能做什么见“权限”")  # fmt: skip


def _passwords() -> tuple[Field, Field]:
    return (
        Field("password", "新密码", str, kind=Kind.PASSWORD, hint=PASSWORD_HINT),
        Field("again", "再输一遍", str, kind=Kind.PASSWORD),
    )


class _NewPassword(Dialog):
    """A dialog with a new password that is typed twice."""

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, once both are the same."""
        if (why := differ(values)) is not None:
            self.form.refused(why)
        else:
            self.give(values)

    def give(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        raise NotImplementedError


class AddUser(_NewPassword):
    """A member of staff with roles and a first password."""

    def __init__(self, page: Page) -> None:
        about = "第一个密码当面告诉本人；他登录后在右上角的菜单里改成自己的。"
        fields = (Field("login", "用户名", hint="用真名，审计记录里就显示它"), _roles(), *_passwords())
        super().__init__(page, "新建用户", about, fields, "新建", WIDE)

    def give(self, values: Mapping[str, Any]) -> None:
        """Write him down."""
        seat = self.page.seat
        self.do(
            lambda: users.add(seat, values["login"], values["role"], values["password"], cost=seat.store.cost),
            lambda row: f"用户 {row.user} 已新建。",
        )


class ChangeRoles(Dialog):
    """Other roles in place of those he has."""

    def __init__(self, page: Page, row: StaffRow) -> None:
        super().__init__(page, f"{row.login} 的角色", "他下次登录起按新的角色办事。", (_roles(),), "保存", WIDE)
        self._login, self._seen = row.login, row.roles
        self.form.fill({"role": ",".join(row.roles)})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write them; where somebody else changed them meanwhile, a second saving knows of his."""
        seat, login, seen = self.page.seat, self._login, self._seen
        self.do(lambda: self._write(seat, login, values["role"], seen), lambda row: f"{row.user} 的角色已改。")

    def _write(self, seat: Seat, login: str, roles: Sequence[str], seen: Sequence[str]) -> UserRow:
        try:
            return users.set_roles(seat, login, roles, seen)
        except Refused as why:
            if why.problem.code == "changed_meanwhile":
                self._seen = next(row.roles for row in users.listing(seat) if row.user == login)
            raise


class ResetPassword(_NewPassword):
    """A new password for somebody, which lets a disabled one in again. Some roles take a second person."""

    def __init__(self, page: Page, row: StaffRow) -> None:
        self._word = "重设密码" if row.enabled else "启用"
        guarded = bool(users.GUARDED & set(row.roles))
        fields = [*_passwords(), Field("reason", "原因", hint="如 忘记密码")]
        if guarded:
            fields += [
                Field("second", "批准人", optional=True, hint="项目经理；留空则提交申请，等他批准"),
                Field("second_password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
            ]
        about = "财务、经理和审计的密码要另一个人批准才能重设；没有别的人能批准时，可以单人办理。" if guarded else ""
        super().__init__(page, f"{self._word} {row.login}", about, fields, self._word, WIDE, columns=2)
        self._login, self._key = row.login, str(uuid4())

    def give(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        self.do(lambda: self._reset(values), self._said)

    def _reset(self, values: Mapping[str, Any]) -> UserRow | Waiting:
        seat, second = self.page.seat, None
        if values.get("second"):
            second = entrance.approver(seat, values["second"].strip(), values["second_password"] or "")
        with seat.once(self._key):
            return users.reset_password(
                seat, self._login, values["password"], values["reason"], second=second, cost=seat.store.cost
            )

    def _said(self, done: UserRow | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"{self._word}申请 {done.request} 已提交，等批准。"
        return f"{done.user} 可以用新密码登录了。"


class OwnPassword(_NewPassword):
    """改密码: everybody his own; the old one is asked, for the seat may have been left open."""

    def __init__(self, page: Page) -> None:
        fields = (Field("old", "现在的密码", str, kind=Kind.PASSWORD), *_passwords())
        super().__init__(page, "改自己的密码", "", fields, "改密码")

    def give(self, values: Mapping[str, Any]) -> None:
        """Change it."""
        self.do(lambda: self._change(values["old"], values["password"]), lambda _: "密码已改，下次登录用新的。")

    def _change(self, old: str, new: str) -> UserRow:
        seat = self.page.seat
        try:
            entrance.unlock_seat(seat, old)
        except CannotOpen as why:
            raise Refused(why.problem, field="old") from None
        return users.change_own_password(seat, new, cost=seat.store.cost)
