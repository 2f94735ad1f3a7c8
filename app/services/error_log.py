"""anju.log in the data folder: where in the program something unexpected happened, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

LOG = "anju.log"


def write(folder: Path, error: BaseException) -> str:
    """Where it happened, without any value: no personal datum and no key reaches a log.

    Gives the number under which it stands there; a log that cannot be written is no further error.
    """
    import secrets
    import traceback

    number = secrets.token_hex(3).upper()
    try:
        frames = traceback.extract_tb(error.__traceback__)
        text = [f"{number} {type(error).__module__}.{type(error).__name__}\n"]
        text += [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}\n" for frame in frames]
        if not folder.is_dir():
            return number
        handle = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as log:
            log.writelines(text)
    except OSError:
        pass
    return number


def report(folder: Path, number: str) -> str:
    """What somebody who helps needs to know about an error: the program's surroundings and where it happened.

    No value and no name of a person stands in it, as none stands in the log.
    """
    import platform

    try:
        lines = (folder / LOG).read_text("utf-8").splitlines()
    except OSError:
        lines = []
    begin = next((place for place, line in enumerate(lines) if line.startswith(number)), len(lines))
    end = next((place for place in range(begin + 1, len(lines)) if not lines[place].startswith(" ")), len(lines))
    head = (
        "安居物业 问题报告",
        f"编号 {number}",
        f"{platform.system()} {platform.release()}，Python {platform.python_version()}",
    )
    return "\n".join([*head, "", *lines[begin:end], ""])
