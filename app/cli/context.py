"""What a command is given: its arguments, the environment, a way to log in, and how it answers."""

from __future__ import annotations

import getpass
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.domain.problem import Problem, problem
from app.services import entrance
from app.services.entrance import Approver, Purpose
from app.services.pc_clock import Clock
from app.services.refused import Refused, refuse
from app.services.seat import Seat
from app.services.store import Cost
from app.services.two_persons import Waiting


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: its JSON object, lines for people, and its exit status."""

    said: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    status: int = 0


@dataclass(slots=True)
class Context:
    """One call of the program."""

    args: Namespace
    environ: Mapping[str, str]
    clock: Clock
    cost: Cost | None
    seat: Seat | None = None

    @property
    def folder(self) -> Path:
        """The data folder."""
        given = getattr(self.args, "data", None)
        if given:
            return Path(given).expanduser().absolute()
        import platformdirs

        return Path(platformdirs.user_data_dir("anju", appauthor=False))

    def secret(self, name: str, prompt: str) -> str:
        """A secret from an environment variable, else a prompt; never from the command line."""
        if name in self.environ:
            return self.environ[name]
        try:
            return getpass.getpass(prompt)
        except (EOFError, OSError):
            raise refuse(
                "no_password", "没有给出密码。", "请设置环境变量 {name}，或在终端里输入。", name=name
            ) from None

    def log_in(self, purpose: Purpose = Purpose.WORK) -> Seat:
        """Open the office as --user."""
        user = getattr(self.args, "user", None)
        if not user:
            raise refuse("no_user", "没有说明用户。", "请加上 --user。", field="user")
        password = self.secret("ANJU_PASSWORD", f"{user} 的密码：")
        self.seat = entrance.open_office(self.folder, user, password, purpose=purpose, clock=self.clock, cost=self.cost)
        self.seat.estate = getattr(self.args, "estate", None) or "" if self.args.command != "init" else ""
        return self.seat

    def second(self, seat: Seat) -> Approver | None:
        """The second person, if --second names one."""
        login = getattr(self.args, "second", None)
        if not login:
            return None
        return entrance.approver(seat, login, self.secret("ANJU_SECOND_PASSWORD", f"{login} 的密码："))

    def today(self, seat: Seat) -> date:
        """The office's business date."""
        return (self.clock() + timedelta(minutes=seat.store.offset)).date()

    @property
    def key(self) -> str:
        """The key of a writing command: --key, or a new one for each call."""
        given: str | None = getattr(self.args, "key", None)
        if not given:
            self.args.key = given = str(uuid4())
        if not 0 < len(given) <= 200:
            raise refuse("bad_key", "--key 应为 1 到 200 个字符。", "请改短。", field="key")
        return given

    def out(self, name: str) -> Path:
        """Where something is printed to: --out, else DIR/out/NAME."""
        given = getattr(self.args, "out", None)
        return Path(given).expanduser().absolute() if given else self.folder / "out" / name


Handler = Callable[[Context], Answer]


def day(text: str | None, field_name: str = "date") -> date | None:
    """A typed date. Raises Refused `bad_date`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse(
            "bad_date", "不是日期：{text}。", "请写成 2026-07-01 的样子。", text=text, field=field_name
        ) from None


def typed(parse: Callable[[str], Any], text: str | None, field_name: str) -> Any:
    """A typed value by its parser; a Problem names the field."""
    if text is None:
        return None
    try:
        return parse(text)
    except Problem as why:
        raise Refused(why, field_name) from None


def whole(hint: str) -> Callable[[str], int]:
    """The parser of a whole number; what else was typed is refused with this hint. Raises Problem `bad_number`."""

    def parse(text: str) -> int:
        if not text.strip().isdecimal():
            raise problem("bad_number", "不是整数：{text}。", hint, text=text[:20])
        return int(text)

    return parse


def waiting(answer: Waiting, key: str) -> Answer:
    """An act that waits for a second person."""
    return Answer(
        {"request": answer.request, "state": answer.state, "key": key},
        [f"已提交申请 {answer.request}，等待另一位有权限的同事批准（approve yes {answer.request}）。"],
    )


def choice(options: Iterable[Any], text: str, field_name: str) -> str:
    """One of several words. Raises Refused `bad_choice`."""
    words = [str(option) for option in options]
    if text not in words:
        raise Refused(
            problem("bad_choice", "不能是 {text}。", "只能是：" + "、".join(words) + "。", text=text), field_name
        )
    return text
