"""The words of the command line; each command's help ends with an example."""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NoReturn

from app.cli.context import Handler


class Usage(Exception):
    """Wrong usage (status 2), or help that was asked for (status 0)."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(f"{self.format_usage()}{self.prog}: {message}\n", 2)


def _common() -> argparse.ArgumentParser:
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data", metavar="DIR", help="数据文件夹（默认在系统的用户数据位置）")
    common.add_argument("--user", metavar="NAME", help="用户名；密码取自环境变量 ANJU_PASSWORD，否则当场输入")
    common.add_argument("--estate", metavar="NAME", help="小区名，只在房号有歧义时需要")
    common.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")
    return common


def writing(parser: argparse.ArgumentParser) -> None:
    """The options of every command that writes."""
    parser.add_argument("--key", metavar="TEXT", help="重试用的钥匙：同一个 key 只做一次，再来给出第一次的回答")


def two_persons(parser: argparse.ArgumentParser) -> None:
    """The options of an act that needs a second person."""
    parser.add_argument("--reason", metavar="TEXT", help="原因")
    parser.add_argument("--second", metavar="NAME", help="当场批准的第二人；密码取自 ANJU_SECOND_PASSWORD")


Add = Callable[..., argparse.ArgumentParser]


class Commands:
    """Where the groups of commands add theirs: `add("fee add", handler, help, example)`."""

    def __init__(self, root: argparse._SubParsersAction[_Parser]) -> None:
        self._root = root
        self._groups: dict[str, argparse._SubParsersAction[_Parser]] = {}
        self.names: list[str] = []

    def add(self, name: str, handler: Handler, what: str, example: str) -> argparse.ArgumentParser:
        """A command of one word, or a group and a word."""
        group, _, word = name.partition(" ")
        words: dict[str, Any] = {
            "help": what,
            "description": what,
            "epilog": f"例：{example}",
            "parents": [_common()],
            "formatter_class": argparse.RawDescriptionHelpFormatter,
            "allow_abbrev": False,
        }
        self.names.append(name)
        if not word:
            parser = self._root.add_parser(group, **words)
        else:
            if group not in self._groups:
                holder = self._root.add_parser(group, help=f"{group} …", allow_abbrev=False)
                self._groups[group] = holder.add_subparsers(dest=f"{group}_word", required=True, metavar="命令")
            parser = self._groups[group].add_parser(word, **words)
        parser.set_defaults(handler=handler, command=name)
        return parser


def build() -> tuple[argparse.ArgumentParser, list[str]]:
    """The whole parser and the names of all commands."""
    from app.cli import (
        arrears,
        bank,
        bills,
        closing,
        cost_notice,
        costs,
        counter,
        discounts,
        disputes,
        door_papers,
        dunning,
        equipment,
        estates,
        events,
        explain,
        export,
        fees,
        files,
        house_moves,
        household,
        houses,
        importing,
        invoices,
        jobs,
        ledger,
        ledger_acts,
        letters,
        main_meters,
        month,
        office,
        parking,
        permits,
        plans,
        prepay,
        privacy,
        readings,
        residents,
        sample,
        segments,
        settlement,
        staff,
        tariffs,
        trail,
        vouchers,
    )

    parser = _Parser(
        prog="anju", description="安居物业：小区服务中心的收费与管理", parents=[_common()], allow_abbrev=False
    )
    commands = Commands(parser.add_subparsers(dest="word", required=True, metavar="命令", parser_class=_Parser))
    groups = (
        office,
        trail,
        staff,
        fees,
        tariffs,
        costs,
        readings,
        bills,
        main_meters,
        cost_notice,
        residents,
        estates,
        household,
        counter,
        closing,
        invoices,
        month,
        vouchers,
        arrears,
        export,
        explain,
        ledger,
        ledger_acts,
        discounts,
        disputes,
        prepay,
        plans,
        settlement,
        dunning,
        letters,
        files,
        house_moves,
        houses,
        permits,
        importing,
        parking,
        door_papers,
        events,
        segments,
        privacy,
        bank,
        equipment,
        jobs,
        sample,
    )
    for group in groups:
        group.add(commands)
    return parser, commands.names


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments. Raises Usage."""
    parser, _ = build()
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            return parser.parse_args(list(argv))
    except SystemExit as stop:
        raise Usage(said.getvalue(), 0 if not stop.code else 2) from None
