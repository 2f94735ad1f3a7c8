"""The reading process: little memory, little time, no environment; how it ends is told in a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from app.domain.problem import Problem
from reports.excel import child
from reports.excel.workbook import read_workbook
from tests.reports.excel.making import REAL, TODAY, read_here


def _instead(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let another program answer in the child's place."""
    monkeypatch.setattr(child, "command", lambda: [sys.executable, "-c", textwrap.dedent(program)])


def _code(path: Path = REAL / "hc.xlsx") -> str:
    with pytest.raises(Problem) as caught:
        read_workbook(path, "houses", TODAY)
    return caught.value.code


@pytest.mark.parametrize("name", ["hc.xlsx", "importRoom.xlsx"])
def test_the_child_says_what_reading_here_says(name: str) -> None:
    assert read_workbook(REAL / name, "houses", TODAY) == read_here(REAL / name)


def test_death_below_python_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(monkeypatch, "import os; os.abort()")
    assert _code() == "file.too_complex"


def test_half_an_answer_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(monkeypatch, 'print(\'{"answer": {"rows"\')')
    assert _code() == "file.too_complex"
    _instead(monkeypatch, "print('[]')")
    assert _code() == "file.too_complex"


def test_an_error_in_the_child_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(monkeypatch, "raise SystemExit(1)")
    assert _code() == "file.too_complex"


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "TOTAL_SECONDS", 0.3)
    _instead(monkeypatch, "import threading; threading.Event().wait(60)")
    assert _code() == "file.too_slow"


def test_the_childs_own_alarm_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(monkeypatch, "import signal; signal.raise_signal(signal.SIGALRM)")
    assert _code() == "file.too_slow"


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(
        monkeypatch,
        """
        import sys; sys.path.insert(0, ".")
        from reports.excel import acts, child
        acts.ACTS["read"] = lambda question, passed: bytearray(child.CHECK_MEMORY)
        child.main()
        """,
    )
    assert _code() == "file.too_complex"


def test_only_named_variables_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJU_PASSWORD", "geheim-geheim")
    _instead(monkeypatch, "import json, os; print(json.dumps({'answer': sorted(os.environ)}))")
    names = child.ask("read", REAL / "hc.xlsx")
    assert set(names) <= {"SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_CTYPE"}


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child.command() == [sys.executable, child.FROZEN_WORD]


def test_problems_come_back_with_their_hint(tmp_path: Path) -> None:
    path = tmp_path / "{brace}.xlsx"
    path.write_text(json.dumps({"a": 1}))
    with pytest.raises(Problem) as caught:
        read_workbook(path, "houses", TODAY)
    assert caught.value.code == "file.csv"
    assert "另存为 .xlsx" in (caught.value.hint or "")


def test_a_child_whose_answer_is_not_wanted_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(Exception):
        pass

    asked = []

    def wanted() -> None:
        asked.append(True)
        if len(asked) == 2:
            raise Enough

    started: list[subprocess.Popen[bytes]] = []
    make = subprocess.Popen

    def noted(*args: Any, **more: Any) -> subprocess.Popen[bytes]:
        started.append(make(*args, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    _instead(monkeypatch, "import threading; threading.Event().wait(60)")
    with pytest.raises(Enough):
        child.ask("read", REAL / "hc.xlsx", wanted)
    assert started[0].returncode != 0
