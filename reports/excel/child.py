"""Spreadsheets from outside are opened only here: in a process of its own, with little memory, time and environment.

A hostile workbook can end a process below Python (the reader aborts where memory is refused); then that process dies,
not the office's program. Question and answer are JSON. The parent calls `ask`; the child runs `main`.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.problem import Problem, problem

CHECK_SECONDS = 8
"""Longest time for the checks before anything is read."""
TOTAL_SECONDS = 40
"""Longest time for checking, reading and recognising."""
CHECK_MEMORY = 460 * 1024 * 1024
"""Most address space while checking, bytes."""
READ_MEMORY = 1400 * 1024 * 1024
"""Most address space while reading, bytes."""

ASKED_EVERY_SECONDS = 0.2

Wanted = Callable[[], object]
"""Raises where an answer is not wanted any more."""

FROZEN_WORD = "--read-workbook"
"""First argument by which a frozen program knows that it is to be the reading process."""

# Windows needs SYSTEMROOT to start at all; nothing else of the parent's environment, above all no password.
_KEPT_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "LANG")


def command() -> list[str]:
    """How to start the reading process.

    A frozen program (PyInstaller) has no interpreter to give a module to: it starts itself with `FROZEN_WORD`, and its
    first lines hand over to `main` before anything else is imported or opened.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_WORD]
    return [sys.executable, "-E", "-s", "-X", "utf8", "-m", "reports.excel.child"]


def ask(act: str, path: Path, wanted: Wanted = lambda: None, **arguments: object) -> Any:
    """Have one act (`acts.ACTS`) done on a workbook in the child; gives its answer.

    `wanted` is asked while one waits and raises where the answer is not wanted any more: the child is ended then.
    Raises: Problem: what the child found wrong, or `file.too_slow`, `file.too_complex` where it did not live to answer.
    """
    question = json.dumps({"act": act, "path": str(path.absolute()), **arguments}).encode()
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    child = subprocess.Popen(
        command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
    )
    with child:
        try:
            output = _output(child, question, wanted)
        except BaseException:
            child.kill()
            raise
    return _answer(child.returncode, output)


def _output(child: subprocess.Popen[bytes], question: bytes, wanted: Wanted) -> bytes:
    ends, said = time.monotonic() + TOTAL_SECONDS, [question]
    while time.monotonic() < ends:
        wanted()
        try:
            return child.communicate(said.pop() if said else None, timeout=ASKED_EVERY_SECONDS)[0]
        except subprocess.TimeoutExpired:
            continue
    raise _too_slow()


def _answer(status: int, output: bytes) -> Any:
    if status == -getattr(signal, "SIGALRM", 14):
        raise _too_slow()
    if status == 0:
        # A child that was cut off while it wrote leaves half an answer.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            answer = json.loads(output)
            if "problem" not in answer:
                return answer["answer"]
            code, text, todo = answer["problem"]
            raise problem(code, "{text}", "{todo}" if todo else None, text=text, todo=todo)
    raise _too_complex()


def _too_slow() -> Problem:
    return problem("file.too_slow", "读取工作簿用时太长，已停止。", "请删除多余的工作表、行和格式后另存，再导入。")


def _too_complex() -> Problem:
    return problem(
        "file.too_complex",
        "读取工作簿时内存不够或内容异常，已停止。",
        "请新建一个工作簿，只粘贴数据的值，保存后再导入。",
    )


def main() -> int:
    """The child: read one question from standard input, write one answer to standard output."""
    # The process is short and ends all at once: looking for cycles would only cost time.
    gc.disable()
    _limit(CHECK_MEMORY, CHECK_SECONDS)
    question = json.loads(sys.stdin.buffer.read())
    try:
        from reports.excel.acts import ACTS

        answer = {"answer": ACTS[question.pop("act")](question, _checked)}
    except Problem as why:
        answer = {"problem": [why.code, why.text, why.hint]}
    except MemoryError:
        complex_ = _too_complex()
        answer = {"problem": [complex_.code, complex_.text, complex_.hint]}
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
    return 0


def _checked() -> None:
    """The checks are passed: what follows may use more."""
    _limit(READ_MEMORY, 0)


def _limit(memory: int, seconds: int) -> None:
    """Bound this process; Windows has neither call, there only the parent's time limit holds."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    # The default action ends the process, also inside compiled code that never comes back to Python.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    raise SystemExit(main())
