"""The runner: no job ends it, what failed is recorded and told once, and it stops when it is told to."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schedule

from app.domain.backup_keeping import moment_of
from app.jobs.acts import ACTS, Act, Desk, Outcome
from app.jobs.plan import DAY, PLAN, Job
from app.jobs.runner import Ran, Runner
from app.services import alerts, backups, clocks, equipment, job_runs, settings
from app.services.equipment_details import Details
from app.services.refused import refuse
from app.services.seat import Seat
from tests.builders import Office

JOB = Job("maintenance", DAY)


class Acting:
    """A job whose runs end as the test says: a message, or an error."""

    def __init__(self, *ends: Exception | str) -> None:
        self.ends = list(ends)
        self.runs = 0

    def __call__(self, desk: Desk, due: object, now: object) -> Outcome:
        self.runs += 1
        end = self.ends.pop(0) if self.ends else "好"
        if isinstance(end, Exception):
            raise end
        return Outcome(end)


def _runner(office: Office, act: Act, **more: Any) -> Runner:
    return Runner(office.manager.store, plan=(JOB,), acts={JOB.name: act}, **more)


def _failed(office: Office) -> list[tuple[str, str]]:
    return [(row.title, row.todo) for row in alerts.listing(office.manager) if row.kind == "job_failed"]


def _last(office: Office, name: str = JOB.name) -> job_runs.LastRun:
    return job_runs.last_runs(Seat.system(office.manager.store))[name]


def test_everything_that_is_due_runs_once(office: Office) -> None:
    runner = Runner(office.manager.store)
    assert [ran.job for ran in runner.run()] == [job.name for job in PLAN]
    assert all(ran.ok for ran in runner.run(light=True))
    assert runner.run() == ()
    office.clock.move(hours=1)
    assert "backup" not in {ran.job for ran in runner.run()}
    office.clock.move(days=3)
    (backup,) = [ran for ran in runner.run() if ran.job == "backup"]
    assert backup.message.endswith("（错过了 2 次，只补这一次）")
    assert len(list((office.folder / "backups").glob("auto-*.anju"))) == 2
    assert office.command("verify")[1]["ok"] is True


def test_a_job_that_fails_is_one_alert_until_it_is_done(office: Office) -> None:
    act = Acting(
        refuse("disk_full", "磁盘已满。", "请清理磁盘。"), refuse("disk_full", "磁盘已满。", "请清理磁盘。"), "好"
    )
    heard: list[int] = []
    runner = _runner(office, act, heard=lambda: heard.append(act.runs))
    assert runner.run() == (Ran(JOB.name, False, "磁盘已满。请清理磁盘。"),)
    ((title, todo),) = _failed(office)
    assert "维保提醒" in title
    assert todo.startswith("磁盘已满。请清理磁盘。")
    assert (_last(office).failures, _last(office).last_good, _last(office).message) == (
        1,
        None,
        "磁盘已满。请清理磁盘。",
    )
    assert runner.run() == ()
    records = office.sql("SELECT count(*) FROM audit")
    office.clock.move(minutes=31)
    assert not runner.run()[0].ok
    assert (_last(office).failures, len(_failed(office))) == (2, 1)
    assert office.sql("SELECT count(*) FROM audit") == records
    office.clock.move(minutes=31)
    assert runner.run()[0].ok
    assert (_last(office).failures, _last(office).message, _failed(office)) == (0, None, [])
    assert heard == [1]


def test_a_second_streak_is_an_alert_of_its_own(office: Office) -> None:
    runner = _runner(office, Acting(refuse("x", "不行。"), "好", refuse("x", "又不行。")))
    for _ in range(3):
        runner.run()
        office.clock.move(days=1)
    rows = [row for row in alerts.listing(office.manager, True) if row.kind == "job_failed"]
    assert sorted(row.closed_at is None for row in rows) == [False, True]


def test_an_unexpected_error_ends_nothing_and_is_logged_without_values(office: Office) -> None:
    other = Job("certificates", DAY)
    acts = {JOB.name: Acting(ValueError("13900000001")), other.name: Acting()}
    runner = Runner(office.manager.store, plan=(JOB, other), acts=acts)
    assert [(ran.job, ran.ok) for ran in runner.run()] == [(JOB.name, False), (other.name, True)]
    assert "anju.log" in _failed(office)[0][1]
    log = (office.folder / "anju.log").read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "13900000001" not in log


class _Turns:
    """A wait that moves the clock and says stop after so many turns."""

    def __init__(self, office: Office, turns: int, **by: float) -> None:
        self.office, self.left, self.by = office, turns, by

    def __call__(self, seconds: float) -> bool:
        self.left -= 1
        self.office.clock.move(**self.by)
        return self.left < 0


@pytest.fixture
def each_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn of the loop looks, whatever the PC's clock says."""
    monkeypatch.setattr(schedule.Job, "should_run", property(lambda _: True))


@pytest.mark.usefixtures("each_turn")
def test_the_loop_goes_on_through_failures(office: Office) -> None:
    act = Acting(RuntimeError("一"), RuntimeError("二"))
    runner = _runner(office, act, wait=_Turns(office, 5, days=1))
    runner.loop()
    assert act.runs == 6
    assert (_last(office).failures, _failed(office)) == (0, [])


@pytest.mark.usefixtures("each_turn")
def test_a_locked_database_is_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither reading nor recording works for two looks: nothing is lost, nothing is run twice, nothing ends."""
    act, locked = Acting(), [True]
    runner = _runner(office, act, wait=_Turns(office, 3, minutes=1))
    record, read = job_runs.record, job_runs.last_runs
    calls = {"read": 0}

    def last_runs(seat: Seat) -> Any:
        calls["read"] += 1
        if calls["read"] == 1:
            raise refuse("locked", "另一个程序正在写数据。", "请稍后再试。")
        return read(seat)

    def recording(seat: Seat, *rest: Any) -> None:
        if calls["read"] < 4:
            raise refuse("locked", "另一个程序正在写数据。", "请稍后再试。")
        record(seat, *rest)
        locked.clear()

    monkeypatch.setattr(job_runs, "last_runs", last_runs)
    monkeypatch.setattr(job_runs, "record", recording)
    runner.loop()
    assert (act.runs, locked) == (1, [])
    assert read(Seat.system(office.manager.store))[JOB.name].failures == 0


def test_a_backup_while_another_program_writes_is_tried_again(office: Office) -> None:
    """The real lock: another connection holds it longer than the busy time, which is set to nothing here."""
    backup = next(job for job in PLAN if job.name == "backup")
    runner = Runner(office.manager.store, plan=(backup,))
    writer = office.manager.store.engines.writer
    with writer.begin() as mine:
        mine.exec_driver_sql("PRAGMA busy_timeout = 0")
    from db.engine import connect

    other = connect(office.folder / "office.db", office.manager.store.place.key, writer=True)
    other.execute("BEGIN IMMEDIATE")
    (ran,) = runner.run()
    assert (ran.job, ran.ok) == ("backup", False)
    assert "另一个程序正在写数据" in ran.message
    other.execute("ROLLBACK")
    other.close()
    office.clock.move(minutes=31)
    (ran,) = runner.run()
    assert ran.ok
    assert (_last(office, "backup").failures, _failed(office)) == (0, [])


def test_a_clock_put_back_is_waited_for_and_then_goes_on(office: Office) -> None:
    act = Acting()
    runner = _runner(office, act)
    office.clock.move(days=400)
    assert runner.run()[0].ok
    equipment.add(office.manager, Details("DT-01", "客梯"), False)
    office.clock.move(days=-400)
    # Writing is refused until a manager accepts the clock: the job runs once, its run is kept in memory.
    assert runner.run()[0].ok
    assert runner.run() == ()
    clocks.accept(office.manager, "电脑时间错了")
    office.clock.move(days=1)
    assert runner.run()[0].ok
    assert act.runs == 3
    assert _last(office).last_good == office.clock.now


def test_a_thread_of_its_own_that_stops(office: Office) -> None:
    ran, runs = threading.Event(), []

    def act(desk: Desk, due: object, now: object) -> Outcome:
        runs.append(threading.current_thread())
        ran.set()
        return Outcome("好")

    runner = _runner(office, act)
    runner.start()
    assert ran.wait(60)
    runner.stop()
    (thread,) = runs
    assert thread is not threading.current_thread()
    assert thread.daemon
    assert not thread.is_alive()
    office.clock.move(days=1)
    assert runner.run() == ()


def test_a_listener_that_fails_ends_nothing(office: Office) -> None:
    def bad() -> None:
        raise RuntimeError("window gone")

    runner = _runner(office, Acting(refuse("x", "不行。")), heard=bad)
    assert not runner.run()[0].ok
    assert len(_failed(office)) == 1


# ---- backups -----------------------------------------------------------------------------------------------------


def _backups(office: Office, places: str = "") -> Runner:
    if places:
        settings.change(office.manager, "backup_places", places)
    plan = tuple(job for job in PLAN if job.name.startswith("backup"))
    return Runner(office.manager.store, plan=plan)


def _kinds(office: Office) -> set[str]:
    return {row.kind for row in alerts.listing(office.manager)}


def test_a_stick_that_is_pulled_is_an_alert_and_the_others_get_theirs(office: Office, tmp_path: Path) -> None:
    stick, disk = tmp_path / "stick", tmp_path / "disk"
    disk.mkdir()
    runner = _backups(office, f"{stick}|{disk}")
    backup, watched = runner.run()
    assert (backup.ok, watched.ok) == (False, True)
    assert str(stick) in backup.message
    assert (len(list(disk.iterdir())), stick.exists()) == (1, False)
    assert _kinds(office) == {"backup_place"}
    stick.mkdir()
    office.clock.move(minutes=31)
    again, *_ = runner.run()
    assert again.ok
    assert (len(list(disk.iterdir())), len(list(stick.iterdir()))) == (1, 1)
    assert backups.verify(office.manager, next(stick.iterdir())).bytes > 0
    office.clock.move(minutes=60)
    runner.run()
    assert _kinds(office) == set()


def test_one_bad_place_does_not_keep_the_others_from_theirs(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    bad.mkdir()
    good.mkdir()
    create = backups.create

    def full(seat: Seat, path: Path) -> backups.BackupAnswer:
        if path.parent == bad:
            raise refuse("disk_full", "磁盘已满。", "请清理磁盘。")
        return create(seat, path)

    monkeypatch.setattr(backups, "create", full)
    runner = _backups(office, f"{bad}|{good}")
    assert not runner.run()[0].ok
    ((_, todo),) = _failed(office)
    assert f"{bad}：磁盘已满。" in todo
    assert len(list(good.iterdir())) == 1


def test_old_backups_go_and_nothing_else(office: Office, tmp_path: Path) -> None:
    runner = _backups(office, str(tmp_path))
    others = ["auto-2025.anju", "anju-20250101-120000.anju", "备注.txt", "auto-20991231-120000.anju"]
    for name in [*others, *(f"auto-202501{day:02}-120000.anju" for day in range(1, 32))]:
        (tmp_path / name).touch()
    runner.run()
    names = {file.name for file in tmp_path.iterdir() if file.is_file()}
    kept = sorted(name for name in names - set(others) if moment_of(name))
    assert names >= set(others)
    # Beside the new one six more days (the last is that of its month and its week too) and two more weeks' last.
    days = ["19", "26", "27", "28", "29", "30", "31"]
    assert kept[:-1] == [f"auto-202501{day}-120000.anju" for day in days]
    assert office.sql("SELECT count(*) FROM audit WHERE action = 'backup.pruned'") == [(1,)]


def test_a_backup_that_was_not_proven_deletes_nothing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 29):
        (tmp_path / f"auto-202501{day:02}-120000.anju").touch()

    def broken(seat: Seat, path: Path) -> backups.BackupAnswer:
        raise refuse("disk_full", "磁盘已满。")

    monkeypatch.setattr(backups, "create", broken)
    assert not _backups(office, str(tmp_path)).run()[0].ok
    assert len(list(tmp_path.glob("auto-*.anju"))) == 28


def test_no_good_backup_for_two_days_is_one_alert(office: Office, tmp_path: Path) -> None:
    runner = _backups(office, str(tmp_path / "away"))
    runner.run()
    office.clock.move(days=2, minutes=1)
    runner.run()
    assert _kinds(office) == {"backup_place", "backup_old"}
    office.clock.move(days=1)
    runner.run()
    assert len([row for row in alerts.listing(office.manager) if row.kind == "backup_old"]) == 1
    backups.create(office.manager, tmp_path / "by hand.anju")
    office.clock.move(hours=1)
    runner.run()
    assert _kinds(office) == {"backup_place"}


@pytest.mark.parametrize("value", ["relative", "a|/b", "/a|" * 6 + "/b", "/a\n/b"])
def test_places_are_whole_paths(office: Office, value: str) -> None:
    if value.startswith("/a|"):
        value = "|".join(f"/{n}" for n in range(6))
    assert office.command("settings", "set", "backup_places", value)[0] == 3


def test_the_days_between_two_jobs_of_the_plan_are_those_promised() -> None:
    (backup,) = [job for job in PLAN if job.name == "backup"]
    assert backup.every == timedelta(days=1)
    assert not backup.light
    assert callable(ACTS["backup"])
