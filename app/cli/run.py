"""One call of the program: parse, do, say, exit status (0 done, 2 usage, 3 refused, 4 cannot open, 5 unexpected)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from app.cli.context import Answer, Context
from app.cli.parser import Usage, parse
from app.domain.problem import Problem
from app.services import error_log
from app.services.pc_clock import Clock, pc_clock
from app.services.refused import CannotOpen, Refused
from app.services.store import Cost

USAGE, REFUSED, CANNOT_OPEN, UNEXPECTED = 2, 3, 4, 5


def _error(why: Problem, field: str | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {"code": why.code, "message": why.text, "hint": why.hint}
    if field:
        said["field"] = field
    return {"error": said}


def _failed(why: Problem, status: int, field: str | None = None) -> Answer:
    at = f"（参数 {field}）" if field else ""
    return Answer(_error(why, field), [why.text + (why.hint or "") + at], status)


def _unexpected(folder: Path, error: BaseException) -> Answer:
    error_log.write(folder, error)
    said = {
        "error": {
            "code": "unexpected",
            "message": "程序出错了，什么都没有写入。",
            "hint": "详情记在数据文件夹的 anju.log；请联系支持。",
        }
    }
    return Answer(said, ["程序出错了，什么都没有写入。详情记在数据文件夹的 anju.log；请联系支持。"], UNEXPECTED)


def _do(context: Context) -> Answer:
    try:
        answer: Answer = context.args.handler(context)
    except Refused as refused:
        return _failed(refused.problem, REFUSED, refused.field)
    except CannotOpen as closed:
        return _failed(closed.problem, CANNOT_OPEN)
    except Problem as why:
        return _failed(why, REFUSED)
    except KeyboardInterrupt:
        return Answer({"error": {"code": "cancelled", "message": "已取消。", "hint": None}}, ["已取消。"], REFUSED)
    except Exception as error:
        from app.services.refused import from_database, from_system

        known = from_system(error) if isinstance(error, OSError) else from_database(error, context.folder)
        if isinstance(known, Refused):
            return _failed(known.problem, REFUSED, known.field)
        if isinstance(known, CannotOpen):
            return _failed(known.problem, CANNOT_OPEN)
        return _unexpected(context.folder, error)
    finally:
        if context.seat is not None:
            context.seat.close()
    return answer


def run(
    argv: Sequence[str],
    *,
    environ: Mapping[str, str] | None = None,
    clock: Clock = pc_clock,
    cost: Cost | None = None,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
) -> int:
    """Do one command; gives the exit status. The clock and the cost of passwords are arguments for tests."""
    out, err = stdout or sys.stdout, stderr or sys.stderr
    as_json = "--json" in argv
    try:
        args = parse(argv)
    except Usage as usage:
        if usage.status == 0:
            out.write(usage.text)
            return 0
        if as_json:
            said = {"error": {"code": "usage", "message": "命令写得不对。", "hint": usage.text.strip()}}
            out.write(json.dumps(said, ensure_ascii=False) + "\n")
        else:
            err.write(usage.text)
        return USAGE
    answer = _do(Context(args, os.environ if environ is None else environ, clock, cost))
    if as_json:
        out.write(json.dumps(answer.said, ensure_ascii=False) + "\n")
    else:
        (out if answer.status == 0 else err).write("".join(line + "\n" for line in answer.lines))
    return answer.status
