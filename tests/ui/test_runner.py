"""The runner: answers come home, stale ones are dropped, writes are never doubled or lost, errors say what they are."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from app.services.progress import Cancelled, Progress
from app.services.refused import Refused, refuse
from ui.workers.runner import Runner, Unexpected, sentence
from ui.workers.topic import Topic


class Asker(QObject):
    """Keeps what it is told, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[object] = []
        self.errors: list[Exception] = []
        self.threads: list[QThread] = []

    def done(self, answer: object) -> None:
        self.answers.append(answer)
        self.threads.append(QThread.currentThread())

    def failed(self, error: Exception) -> None:
        self.errors.append(error)


def test_the_answer_comes_home_on_the_windows_thread(qtbot: QtBot, runner: Runner) -> None:
    asker = Asker()
    runner.run(asker, Topic(), lambda _: threading.current_thread().name, done=asker.done, failed=asker.failed)
    qtbot.waitUntil(lambda: bool(asker.answers))
    assert str(asker.answers[0]).startswith("anju-read")
    assert asker.threads == [asker.thread()]


def test_an_answer_that_was_asked_again_is_dropped(qtbot: QtBot, runner: Runner) -> None:
    asker, topic, go = Asker(), Topic(), threading.Event()
    runner.run(asker, topic, lambda _: (go.wait(), "alt")[1], done=asker.done, failed=asker.failed)
    runner.run(asker, topic, lambda _: "neu", done=asker.done, failed=asker.failed)
    qtbot.waitUntil(lambda: asker.answers == ["neu"])
    go.set()
    runner.run(asker, Topic(), lambda _: "danach", done=asker.done, failed=asker.failed)
    qtbot.waitUntil(lambda: asker.answers[-1] == "danach")
    assert asker.answers == ["neu", "danach"]


def test_a_read_that_was_asked_again_is_interrupted(qtbot: QtBot, runner: Runner) -> None:
    asker, topic, go = Asker(), Topic(), threading.Event()
    first = runner.run(asker, topic, lambda _: go.wait(), done=asker.done, failed=asker.failed)
    runner.run(asker, topic, lambda _: 2, done=asker.done, failed=asker.failed)
    assert first.cancelled
    go.set()
    qtbot.waitUntil(lambda: asker.answers == [2])


def test_nobody_is_told_when_the_owner_is_gone(qtbot: QtBot, runner: Runner) -> None:
    asker, go = Asker(), threading.Event()
    heard: list[object] = []
    runner.run(asker, Topic(), lambda _: go.wait(), done=heard.append, failed=heard.append)
    asker.deleteLater()
    qtbot.waitSignal(asker.destroyed).wait()
    go.set()
    other = Asker()
    runner.run(other, Topic(), lambda _: 1, done=other.done, failed=other.failed)
    qtbot.waitUntil(lambda: other.answers == [1])
    assert heard == []


def test_a_write_whose_owner_is_gone_says_how_it_ended(qtbot: QtBot, runner: Runner) -> None:
    asker, go = Asker(), threading.Event()
    runner.run(asker, Topic(), lambda _: go.wait(), done=asker.done, failed=asker.failed, writes=True, what="出账")
    asker.deleteLater()
    qtbot.waitSignal(asker.destroyed).wait()
    with qtbot.waitSignal(runner.landed) as landed:
        go.set()
    assert landed.args == ["出账：已完成"]


def test_a_second_click_on_a_running_write_does_nothing(qtbot: QtBot, runner: Runner) -> None:
    asker, topic, go = Asker(), Topic(), threading.Event()
    runs: list[int] = []

    def write(_: Progress) -> int:
        go.wait()
        runs.append(1)
        return len(runs)

    first = runner.run(asker, topic, write, done=asker.done, failed=asker.failed, writes=True)
    again = runner.run(asker, topic, write, done=asker.done, failed=asker.failed, writes=True)
    assert again is first
    assert runner.writing == (first,)
    with qtbot.waitSignal(runner.idle):
        go.set()
    assert (asker.answers, runs, runner.writing) == ([1], [1], ())


def test_cancelled_work_ends_at_its_next_step(qtbot: QtBot, runner: Runner) -> None:
    asker, begun, go = Asker(), threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        progress.step(1, 2, "第一半")
        begun.set()
        go.wait()
        progress.step(2, 2)

    progress = runner.run(asker, Topic(), work, done=asker.done, failed=asker.failed, writes=True)
    qtbot.waitUntil(begun.is_set)
    assert (progress.n, progress.of, progress.what) == (1, 2, "第一半")
    progress.cancel()
    go.set()
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert isinstance(asker.errors[0], Cancelled)
    assert sentence(asker.errors[0]) == "已取消，未作任何更改。"


def test_a_refusal_arrives_as_it_is(qtbot: QtBot, runner: Runner) -> None:
    asker = Asker()

    def work(_: Progress) -> None:
        raise refuse("no_house", "没有这一户。", "请核对房号。", field="house")

    runner.run(asker, Topic(), work, done=asker.done, failed=asker.failed)
    qtbot.waitUntil(lambda: bool(asker.errors))
    error = asker.errors[0]
    assert isinstance(error, Refused)
    assert (error.field, sentence(error)) == ("house", "没有这一户。请核对房号。")


def test_a_mistake_of_ours_is_logged_without_what_it_said(qtbot: QtBot, runner: Runner, tmp_path: Path) -> None:
    asker = Asker()
    runner.folder = tmp_path

    def work(_: Progress) -> None:
        raise KeyError("王样例 13800000102")

    runner.run(asker, Topic(), work, done=asker.done, failed=asker.failed)
    qtbot.waitUntil(lambda: bool(asker.errors))
    error = asker.errors[0]
    assert isinstance(error, Unexpected)
    log = (tmp_path / "anju.log").read_text("utf-8")
    assert log.startswith(f"{error.number} builtins.KeyError")
    assert "王样例" not in log
    assert error.number in sentence(error)


def test_closing_waits_for_the_writer_and_cancels_reads(qtbot: QtBot) -> None:
    runner, asker = Runner(), Asker()
    written: list[int] = []
    reading = threading.Event()

    def read(progress: Progress) -> None:
        reading.set()
        while True:
            progress.step(0, 0)

    runner.run(asker, Topic(), read, done=asker.done, failed=asker.failed)
    runner.run(asker, Topic(), lambda _: written.append(1), done=asker.done, failed=asker.failed, writes=True)
    qtbot.waitUntil(reading.is_set)
    runner.close()
    assert written == [1]
    runner.run(asker, Topic(), lambda _: written.append(2), done=asker.done, failed=asker.failed, writes=True)
    assert written == [1]


@pytest.mark.parametrize("error", [Cancelled(), Unexpected("1A2B3C")])
def test_every_error_has_a_sentence(error: Exception) -> None:
    assert sentence(error).endswith("。")
