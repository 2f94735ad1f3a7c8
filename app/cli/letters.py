"""Commands about the words of dunning papers: letter show, set, reset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from app.cli.context import Answer, Context
from app.cli.parser import Commands, writing
from app.domain.letter_text import FIELDS
from app.services import letter_texts
from app.services.letter_texts import LetterWords
from app.services.refused import refuse


def _said(words: LetterWords) -> dict[str, Any]:
    return {"kind": words.kind, "title": words.title, "text": words.text, "own": words.own, "version": words.version}


def _show(context: Context) -> Answer:
    words = letter_texts.get(context.log_in(), context.args.kind)
    fields = [{"field": name, "title": field.title, "sample": field.sample} for name, field in FIELDS.items()]
    head = f"{words.title}（{'本办公室改过' if words.own else '原文'}）"
    lines = [
        head,
        "",
        words.text,
        "",
        "字段：" + "、".join(f"{field.shown}（{{{name}}}）" for name, field in FIELDS.items()),
    ]
    return Answer({**_said(words), "fields": fields}, lines)


def _read(path: str) -> str:
    try:
        return sys.stdin.read() if path == "-" else Path(path).expanduser().read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("bad_encoding", "文件不是 UTF-8 的文本：{file}。", "请另存为 UTF-8。", file=path) from None


def _set(context: Context) -> Answer:
    seat, text = context.log_in(), _read(context.args.file)
    with seat.once(context.key):
        words = letter_texts.change(seat, context.args.kind, text)
    return Answer({**_said(words), "key": context.key}, [f"{words.title} 的文字已改。"])


def _reset(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        words = letter_texts.reset(seat, context.args.kind)
    return Answer({**_said(words), "key": context.key}, [f"{words.title} 已恢复原文。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    for word, handler, what in (
        ("letter show", _show, "催缴文书的文字和可用的字段"),
        ("letter set", _set, "改催缴文书的文字；法律要求的内容不能删"),
        ("letter reset", _reset, "恢复程序自带的文字"),
    ):
        file = word == "letter set"
        one = commands.add(word, handler, what, f"anju {word} letter{' 催缴函.txt' if file else ''}")
        one.add_argument("kind", metavar="KIND", help="reminder、notice、letter、legal")
        if file:
            one.add_argument("file", metavar="FILE", help="UTF-8 文本；- 为标准输入")
        if word != "letter show":
            writing(one)
