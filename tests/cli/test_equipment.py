"""Equipment, maintenance and background jobs from the terminal, as CLI.md says."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from app.jobs import runner
from app.jobs.acts import Desk, Outcome
from tests.builders import Office


def _lift(office: Office) -> None:
    argv = ("equipment", "add", "DT-01", "1号楼客梯", "--type", "客梯", "--place", "1号楼")
    status, said = office.command(*argv, "--in-service", "2020-06-01", "--key", "k1")
    assert (status, said["equipment"], said["state"], len(said["plans"])) == (0, "DT-01", "in_use", 7)
    assert office.command(*argv, "--in-service", "2020-06-01", "--key", "k1")[1] == said


def test_what_is_due_and_done(office: Office) -> None:
    _lift(office)
    status, said = office.command("maintenance", "due", "--as-of", "2026-07-20")
    assert (status, said["as_of"]) == (0, "2026-07-20")
    row = next(row for row in said["due"] if row["task"] == "半月维保")
    assert {name: row[name] for name in ("equipment", "due", "state", "place", "days_overdue", "escalate_to")} == {
        "equipment": "DT-01", "due": "2026-07-06", "state": "overdue", "place": "1号楼", "days_overdue": 14,
        "escalate_to": "manager",
    }  # fmt: skip
    done = ("maintenance", "done", "DT-01", "半月维保", "--date", "2026-07-06", "--by", "张师傅", "--result")
    status, said = office.command(*done, "fail", "--findings", "门机异响", "--cost", "120.50", "--key", "d1")
    assert (status, said["failed"], said["next_due"], said["key"]) == (0, True, "2026-07-21", "d1")
    assert office.command(*done, "fail", "--findings", "门机异响", "--cost", "120.50", "--key", "d1")[1] == said
    assert office.sql("SELECT cost FROM completion") == [(12_050,)]
    assert [row["kind"] for row in office.command("alert", "list")[1]["alerts"]] == ["maintenance_failed"]
    office.command(*done, "pass")
    assert office.command("alert", "list")[1]["alerts"] == []
    assert len(office.command("alert", "list", "--all")[1]["alerts"]) == 1


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("plan", "add", "DT-01", "检查"), "plan.interval", "周期"),
        (("plan", "add", "DT-01", "检查", "--every", "0"), "plan.interval", "周期"),
        (("plan", "add", "DT-01"), "task_or_presets", "只写一种"),
        (("plan", "add", "DT-01", "--presets", "--type", "压缩机"), "unknown_type", "压缩机"),
        (("plan", "add", "X", "检查", "--every", "1"), "unknown_equipment", "X"),
        (("plan", "end", "DT-01", "没有"), "unknown_task", "没有"),
        (("equipment", "add", "DT-01", "又一台"), "equipment_exists", "DT-01"),
        (("equipment", "add", "A", "梯", "--in-service", "2020-01-01", "--warranty-end", "2019-01-01"),
         "equipment.warranty_end", "保修到期"),
        (("equipment", "add", "A", "梯", "--in-service", "昨天"), "bad_date", "昨天"),
        (("equipment", "state", "DT-01", "broken"), "bad_state", "broken"),
        (("equipment", "state", "DT-01", "in_use"), "same_state", "在用"),
        (("maintenance", "done", "DT-01", "半月维保", "--by", "张", "--result", "pass", "--date", "2026-07-07"),
         "future_day", "将来"),
        (("maintenance", "done", "DT-01", "半月维保", "--by", "张", "--result", "ok"), "bad_choice", "pass"),
    ],
)  # fmt: skip
def test_bad_input_is_exit_3_with_a_sentence(office: Office, argv: tuple[str, ...], code: str, words: str) -> None:
    _lift(office)
    status, said = office.command(*argv)
    assert (status, said["error"]["code"]) == (3, code)
    assert words in said["error"]["message"] + said["error"]["hint"]


def test_the_ledger_and_its_plans(office: Office) -> None:
    _lift(office)
    assert office.command("equipment", "change", "DT-01", "--certificate-end", "2027-03-31")[1]["version"] == 2
    status, said = office.command("equipment", "show", "DT-01")
    assert (status, said["certificate_end"], said["place"], len(said["plans"])) == (0, "2027-03-31", "1号楼", 7)
    argv = ("plan", "add", "DT-01", "钢丝绳检查", "--every", "3", "--first-due", "2026-09-01", "--lead-days", "5")
    assert office.command(*argv)[1]["tasks"] == ["钢丝绳检查"]
    rows = office.command("plan", "list", "DT-01")[1]["plans"]
    assert {row["task"]: row["next_due"] for row in rows}["钢丝绳检查"] == "2026-09-01"
    assert office.command("plan", "end", "DT-01", "钢丝绳检查")[0] == 0
    assert office.command("plan", "add", "DT-01", "--presets")[1]["tasks"] == []
    assert office.command("plan", "presets", "--type", "扶梯")[1]["presets"][0]["task"] == "半月维保"
    assert office.command("equipment", "state", "DT-01", "stopped")[1]["state"] == "stopped"
    assert [row["number"] for row in office.command("equipment", "list", "--state", "stopped")[1]["equipment"]] == [
        "DT-01"
    ]
    assert office.command("maintenance", "due")[1]["due"] == []
    assert [row["next_due"] for row in office.command("plan", "list")[1]["plans"]] == [None] * 7


def test_jobs_once_says_what_each_did(office: Office) -> None:
    _lift(office.with_staff("李收费"))
    status, said = office.command("jobs", "--once", user="李收费")
    assert status == 0
    assert [(row["job"], row["ok"]) for row in said["ran"]] == [
        ("maintenance", True), ("certificates", True), ("permits", True), ("handovers", True), ("bills", True),
        ("dunning", True), ("backup", True), ("backup_watch", True),
    ]  # fmt: skip
    assert said["alerts"] == []
    assert {row["kind"] for row in office.command("alert", "list")[1]["alerts"]} == {"maintenance"}
    again = office.command("jobs", "--once")[1]
    assert {row["job"] for row in again["ran"]} == {
        "maintenance",
        "certificates",
        "permits",
        "handovers",
        "backup_watch",
    }
    assert {row["message"] for row in again["ran"]} == {"没有变化"}
    assert len(list((office.folder / "backups").iterdir())) == 1
    by = {
        user for (user,) in office.sql("SELECT user_id FROM audit WHERE action IN ('alerts.settled', 'backup.created')")
    }
    assert by == {1}


def test_jobs_forever_ends_when_it_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def act(desk: Desk, due: object, now: object) -> Outcome:
        os.kill(os.getpid(), signal.SIGTERM)
        return Outcome("好")

    monkeypatch.setattr(runner, "ACTS", dict.fromkeys(runner.ACTS, act))
    before = signal.getsignal(signal.SIGTERM)
    status, said = office.command("jobs", "--forever")
    assert status == 0
    assert {(row["job"], row["ok"], row["message"]) for row in said["ran"]} >= {("maintenance", True, "好")}
    assert signal.getsignal(signal.SIGTERM) is before


def test_jobs_needs_to_know_how(office: Office) -> None:
    assert office.command("jobs")[0] == 2
    assert office.command("jobs", "--once", "--forever")[0] == 2


def test_an_imported_ledger_is_a_calendar(office: Office, tmp_path: Path) -> None:
    from tests.reports.excel.making import a_workbook

    rows = [["设备编号", "设备名称", "设备类别", "上次维保日期"], ["EQ0001", "1号楼电梯", "电梯", "2026-06-20"]]
    path = a_workbook(tmp_path, {"设备台账": rows})
    assert office.command("import", "equipment", str(path))[1]["by_kind"]["equipment"]["added"] == 1
    due = office.command("maintenance", "due")[1]["due"]
    assert {(row["equipment"], row["task"], row["due"], row["state"]) for row in due} >= {
        ("EQ0001", "半月维保", "2026-07-03", "overdue")
    }
