"""The background thread: runs what is due on the seat of the built-in user, and never ends because of a job."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import schedule

from app.jobs.acts import ACTS, Act, Desk, Outcome, watch
from app.jobs.plan import PLAN, Due, Job, due, occurrence
from app.services import error_log, job_runs
from app.services.job_runs import LastRun
from app.services.refused import CannotOpen, Refused
from app.services.seat import Seat
from app.services.store import Store

LOOK_EVERY = 20
"""Seconds between two looks at what is due."""

Wait = Callable[[float], bool]
"""Waits so many seconds; true when it is time to stop."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of a job: whether it was done, what it said, how many alerts it raised."""

    job: str
    ok: bool
    message: str
    raised: int = 0


@dataclass(slots=True)
class Runner:
    """Runs the jobs of an opened office. `heard` is called, on the jobs' thread, after new alerts were raised; `ran`
    with what was run. Plan, acts and waiting are given by tests.
    """

    store: Store
    heard: Callable[[], None] | None = None
    ran: Callable[[Sequence[Ran]], None] | None = None
    plan: Sequence[Job] = PLAN
    acts: Mapping[str, Act] = field(default_factory=lambda: ACTS)
    wait: Wait | None = None
    _desk: Desk = field(init=False)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _unrecorded: dict[str, tuple[LastRun, bool, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._desk = Desk(Seat.system(self.store))

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread = threading.Thread(target=self.loop, name="anju-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the job that is running now; nothing runs afterwards."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def loop(self) -> None:
        """Look at once and then again and again, until it is time to stop."""
        wait = self.wait or self._stop.wait
        scheduler = self._scheduler()
        self._look()
        while not wait(1):
            idle = scheduler.idle_seconds
            if idle is not None and idle > LOOK_EVERY:
                # The PC's clock was put back: the next look would wait until it has caught up.
                scheduler = self._scheduler()
            scheduler.run_pending()

    def _scheduler(self) -> schedule.Scheduler:
        scheduler = schedule.Scheduler()
        scheduler.every(LOOK_EVERY).seconds.do(self._look)
        return scheduler

    def _look(self) -> None:
        try:
            self.run()
        except Exception as error:
            # What is due could not even be read: locked, or gone for a moment. The next look tries again.
            self._reason(error)

    def now(self) -> datetime:
        """The office's wall clock, in its fixed time zone."""
        return self.store.clock().astimezone(timezone(timedelta(minutes=self.store.offset)))

    def run(self, *, light: bool = False) -> tuple[Ran, ...]:
        """Run what is due now, with `light` the light jobs besides. Raises what reading the last runs raises."""
        known = {**job_runs.last_runs(self._desk.seat), **{name: kept[0] for name, kept in self._unrecorded.items()}}
        now = self.now()
        todo = {one.job.name: one for one in due(now, self.plan, known)}
        if light:
            for job in self.plan:
                if job.light:
                    todo.setdefault(job.name, Due(job, occurrence(job, now), 0))
        found = []
        for one in todo.values():
            if self._stop.is_set():
                break
            found.append(self._run(one))
        if found or self._unrecorded:
            self._tell(found)
        return tuple(found)

    def _run(self, one: Due) -> Ran:
        name, failure = one.job.name, None
        try:
            outcome = self.acts[name](self._desk, one, self.now())
        except Exception as error:
            failure = self._reason(error)
            outcome = Outcome(failure, done=False)
        self._record(name, outcome.done, failure)
        message = outcome.message
        if one.missed and one.job.every >= timedelta(days=1):
            message += f"（错过了 {one.missed} 次，只补这一次）"
        return Ran(name, outcome.done, message, outcome.raised)

    def _reason(self, error: Exception) -> str:
        """A sentence for a person, with what to do."""
        if isinstance(error, Refused | CannotOpen):
            return error.problem.text + (error.problem.hint or "")
        error_log.write(self.store.paths.folder, error)
        return "程序出错了，详情记在数据文件夹的 anju.log；请联系支持。"

    def _record(self, name: str, done: bool, failure: str | None) -> None:
        now = self.store.clock()
        self._unrecorded[name] = (LastRun(now, now if done else None), done, failure)
        self._record_all()

    def _record_all(self) -> None:
        """Write down how runs ended. Where that cannot be written now it is kept, and tried with the next look."""
        for name, (_, done, failure) in list(self._unrecorded.items()):
            try:
                job_runs.record(self._desk.seat, name, done, failure)
            except Exception as error:
                self._reason(error)
                return
            del self._unrecorded[name]

    def _tell(self, found: Sequence[Ran]) -> None:
        """The alert about jobs that failed, and word to who listens."""
        self._record_all()
        raised = sum(ran.raised for ran in found)
        try:
            moment = self.now()
            raised += watch("jobs", self._desk, Due(Job("jobs", timedelta(days=1)), moment, 0), moment).raised
            if found and self.ran is not None:
                self.ran(found)
            if raised and self.heard is not None:
                self.heard()
        except Exception as error:
            self._reason(error)
