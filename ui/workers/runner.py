"""Work off the window's thread: one writer, four readers; answers come home on the window's thread.

A read's answer is dropped when its owner is gone or its topic was asked again. A write always ends: where its owner is
gone, `landed` says how. `Refused`, `CannotOpen` and `Cancelled` reach `failed` as they are, anything else as
`Unexpected` with the number under which the log has it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from app.domain.problem import Problem
from app.services import error_log
from app.services.progress import Cancelled, Progress, watching
from app.services.refused import CannotOpen, Refused, from_database, from_system
from ui.workers.topic import Topic

T = TypeVar("T")
READERS = 4


class Unexpected(Exception):
    """A mistake of ours; `number` is where the log of the office in `folder` has it."""

    def __init__(self, number: str, folder: Path | None = None) -> None:
        super().__init__(number)
        self.number, self.folder = number, folder


@dataclass(slots=True, eq=False)
class _Job:
    owner: QObject
    topic: Topic
    token: int
    writes: bool
    progress: Progress
    work: Callable[[Progress], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    answer: Any = None
    error: Exception | None = None
    future: Future[None] | None = field(default=None, repr=False)


class Runner(QObject):
    """One for the window. `folder` is where the log goes once an office is open."""

    began = Signal(object)
    """A named piece of work began: its Progress."""
    ended = Signal(object)
    """It ended, however."""
    landed = Signal(str)
    """A write ended whose owner is gone: a sentence."""
    idle = Signal()
    """Nothing is being written any more."""
    _home = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        self._jobs: list[_Job] = []
        self._closed = False
        self._writer = ThreadPoolExecutor(1, "anju-write")
        self._readers = ThreadPoolExecutor(READERS, "anju-read")
        self._home.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether anything runs, waits, or has an answer on its way."""
        return bool(self._jobs)

    @property
    def writing(self) -> tuple[Progress, ...]:
        """The writes that are running or waiting for their turn."""
        return tuple(job.progress for job in self._jobs if job.writes)

    def run(
        self,
        owner: QObject,
        topic: Topic,
        work: Callable[[Progress], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        writes: bool = False,
        what: str = "",
    ) -> Progress:
        """Do `work` on a thread of its pool, then `done` or `failed` on this one.

        `what` names it for the status bar. A write of a topic that is already running is not begun again: its Progress
        is given back.
        """
        standing = [job for job in self._jobs if job.topic is topic]
        if writes:
            for job in standing:
                if job.writes:
                    return job.progress
        else:
            for job in standing:
                if not job.writes:
                    self._interrupt(job)
        topic.newest += 1
        job = _Job(owner, topic, topic.newest, writes, Progress(what), work, done, failed)
        if self._closed:
            return job.progress
        self._jobs.append(job)
        pool = self._writer if writes else self._readers
        job.future = pool.submit(self._do, job)
        if what:
            self.began.emit(job.progress)
        return job.progress

    def close(self) -> None:
        """Cancel the reads, wait for the writer; nothing is begun or answered afterwards."""
        self._closed = True
        for job in self._jobs:
            if not job.writes:
                self._interrupt(job)
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._jobs.clear()

    def _interrupt(self, job: _Job) -> None:
        job.progress.cancel()
        if job.future is not None and job.future.cancel():
            self._jobs.remove(job)
            self._over(job)

    def _do(self, job: _Job) -> None:
        try:
            with watching(job.progress):
                job.answer = job.work(job.progress)
        except (Refused, CannotOpen, Cancelled) as error:
            job.error = error
        except Problem as why:
            job.error = Refused(why)
        except Exception as error:
            job.error = self._known(error)
        if shiboken6.isValid(self):
            self._home.emit(job)

    def _known(self, error: Exception) -> Exception:
        known = from_system(error) if isinstance(error, OSError) else from_database(error, self.folder)
        if known is not None:
            return known
        return self.mistake(error)

    def mistake(self, error: BaseException) -> Unexpected:
        """Log a mistake of ours; what the window tells of it."""
        return Unexpected("" if self.folder is None else error_log.write(self.folder, error), self.folder)

    def _arrive(self, job: _Job) -> None:
        if self._closed or job not in self._jobs:
            return
        self._jobs.remove(job)
        self._over(job)
        wanted = shiboken6.isValid(job.owner) and (job.writes or job.token == job.topic.newest)
        if wanted:
            if job.error is None:
                job.done(job.answer)
            else:
                job.failed(job.error)
        elif job.writes:
            self.landed.emit(_ending(job))
        if job.writes and not self.writing:
            self.idle.emit()

    def _over(self, job: _Job) -> None:
        job.progress.failed = job.error is not None
        if job.progress.what:
            self.ended.emit(job.progress)


def _ending(job: _Job) -> str:
    what = job.progress.what or "写入"
    return f"{what}：已完成" if job.error is None else f"{what}：{sentence(job.error)}"


def sentence(error: Exception) -> str:
    """What an error from the runner says to the person at the desk, hint included."""
    if isinstance(error, Refused | CannotOpen):
        return error.problem.text + (error.problem.hint or "")
    if isinstance(error, Cancelled):
        return "已取消，未作任何更改。"
    number = f"编号 {error.number}，" if isinstance(error, Unexpected) and error.number else ""
    return f"程序出错了。{number}详情记在数据文件夹的 anju.log；请联系支持。"
