"""The command line as a contract: exit codes, one JSON object, a sentence with what to do."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import run
from app.cli.parser import Usage, build, parse
from app.security.keyslots import FLOOR
from tests.builders import PASSWORD, Office, StandingClock, command

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", build()[1])
def test_each_command_explains_itself_with_an_example(name: str) -> None:
    with pytest.raises(Usage) as usage:
        parse([*name.split(), "--help"])
    assert usage.value.status == 0
    assert "例：anju " in usage.value.text


def test_wrong_usage_is_exit_2_and_one_json_object(tmp_path: Path) -> None:
    for argv in (["pay"], ["nonsense"], ["pay", "1", "2", "--nonsense"], []):
        status, said = command(tmp_path, *argv, user=None)
        assert (status, said["error"]["code"]) == (2, "usage")


def test_an_office_is_made_once(tmp_path: Path) -> None:
    argv = ("init", "--estate", "样例花园", "--admin", "王经理")
    status, said = command(tmp_path / "o", *argv, user=None)
    assert status == 0
    assert len(said["recovery_key"].split("-")) == 8
    status, again = command(tmp_path / "o", *argv, user=None)
    assert (status, again["error"]["code"]) == (3, "office_exists")
    assert command(tmp_path / "o", "recovery", "test", user=None, ANJU_RECOVERY_KEY=said["recovery_key"])[0] == 0
    wrong = said["recovery_key"][:-1] + ("0" if said["recovery_key"][-1] != "0" else "1")
    status, said = command(tmp_path / "o", "recovery", "test", user=None, ANJU_RECOVERY_KEY=wrong)
    assert (status, said["error"]["message"]) == (3, "恢复密钥第 8 组不对。")


def test_an_unfinished_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "office.db").write_bytes(b"half")
    assert command(tmp_path / "o", "init", "--estate", "样例花园", "--admin", "王经理", user=None)[0] == 0
    assert command(tmp_path / "o", "verify")[1]["ok"] is True


@pytest.mark.parametrize(
    ("estate", "admin", "password", "code"),
    [
        ("", "王经理", PASSWORD, "name"),
        ("样例花园", "system", PASSWORD, "user.login"),
        ("样例花园", "王经理", "12345678", "password.common"),
        ("样例花园", "王经理", "short", "password.length"),
        ("样例花园花园花园", "王经理", "样例花园花园花园", "password.name"),
    ],
)
def test_a_bad_start_leaves_nothing(tmp_path: Path, estate: str, admin: str, password: str, code: str) -> None:
    argv = ("init", "--estate", estate, "--admin", admin)
    status, said = command(tmp_path / "o", *argv, user=None, ANJU_PASSWORD=password)
    assert (status, said["error"]["code"]) == (3, code if estate else "no_estate")
    assert not (tmp_path / "o" / "office.keys").exists()


def test_a_wrong_password_says_so_in_one_sentence(folder: Path) -> None:
    status, said = command(folder, "settings", "list", ANJU_PASSWORD="wrong password")
    assert (status, said["error"]["code"], said["error"]["message"]) == (4, "wrong_password", "用户名或密码不对。")
    status, said = command(folder, "settings", "list", user="没有这人")
    assert (status, said["error"]["message"]) == (4, "用户名或密码不对。")


def test_no_office_no_user(tmp_path: Path, folder: Path) -> None:
    status, said = command(tmp_path / "nothing", "verify")
    assert (status, said["error"]["code"]) == (4, "no_office")
    assert not (tmp_path / "nothing").exists()
    status, said = command(folder, "verify", user=None)
    assert (status, said["error"]["code"]) == (3, "no_user")


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("pay", "3-1-101", "0"), "amount_not_positive"),
        (("pay", "3-1-101", "-5"), "amount_not_positive"),
        (("pay", "3-1-101", "1.234"), "money.decimals"),
        (("pay", "3-1-101", "abc"), "money.format"),
        (("pay", "9-9-999", "5"), "unknown_house"),
        (("pay", "3-1-101", "5", "--date", "2026-07-07"), "future_day"),
        (("pay", "3-1-101", "5", "--date", "2026-02-30"), "bad_date"),
        (("pay", "3-1-101", "5", "--for", "WY"), "bad_designation"),
        (("bill", "run", "--period", "2026-13"), "period.format"),
        (("bill", "run", "--period", "0226-07"), "period_too_early"),
        (("fee", "change", "WY", "--from", "0226-07-01", "--grace", "5"), "day_too_early"),
        (
            ("settle", "3-1-101", "--on", "0226-07-01", "--kind", "transfer", "--to", "李样例", "--dry-run"),
            "day_too_early",
        ),
        (("tariff", "add", "WY", "--from", "2026-01-01"), "no_price"),
        (("tariff", "add", "XX", "--from", "2026-01-01", "--price", "1"), "unknown_item"),
        (("tariff", "add", "WY", "--from", "2026-02-01", "--price", "-1"), "tariff.negative"),
        (("fee", "add", "W2", "物业", "--kind", "magic"), "bad_choice"),
        (("fee", "add", "WY", "物业", "--kind", "area"), "item_exists"),
        (("fee", "add", "W2", "物业", "--kind", "area", "--late-rate", "0.0005", "--late-cap", "-1"), "fee.late_cap"),
        (("fee", "add", "W2", "物业", "--kind", "area", "--late-rate", "0.0005", "--late-cap", "0"), "fee.late_cap"),
        (("settings", "set", "due_day", "32"), "setting.integer"),
        (("settings", "set", "colour", "red"), "unknown_setting"),
        (("receipt", "print", "S2026-00000009"), "unknown_receipt"),
        (("user", "disable", "没有这人"), "unknown_user"),
        (("user", "disable", "王经理"), "own_account"),
    ],
)
def test_bad_input_is_exit_3_with_what_to_do(office: Office, argv: tuple[str, ...], code: str) -> None:
    office.with_houses().with_item()
    before = office.sql("SELECT count(*) FROM audit")
    status, said = office.command(*argv)
    assert (status, said["error"]["code"]) == (3, code)
    assert "Traceback" not in json.dumps(said)
    assert office.sql("SELECT count(*) FROM audit") == before


def test_a_month_from_the_terminal(office: Office) -> None:
    """fee, tariff, run, print, pay, receipt, statement, verify: fields as the contract names them."""
    office.with_houses()
    assert office.command("fee", "add", "WY", "物业费", "--kind", "area")[1]["item"] == "WY"
    status, said = office.command("tariff", "add", "WY", "--from", "2026-01-01", "--price", "2.35")
    assert {k: said[k] for k in ("item", "from", "state")} == {"item": "WY", "from": "2026-01-01", "state": "active"}
    status, said = office.command("bill", "preview", "--period", "2026-07")
    assert (said["bills"], said["lines"], said["amount_fen"], said["already_posted"], said["exceptions"]) == (
        2, 2, 41924, 0, [])  # fmt: skip
    assert "key" not in said
    status, said = office.command("bill", "run", "--period", "2026-07", "--key", "july")
    assert (status, said["key"], said["amount_fen"]) == (0, "july", 41924)
    status, said = office.command("bill", "print", "--period", "2026-07")
    assert (said["bills"], said["pages"]) == (2, 1)
    assert Path(said["file"]).read_bytes().startswith(b"%PDF")
    status, said = office.command("pay", "3-1-0101", "300")
    assert (said["receipt"], said["house"], said["amount_fen"], said["prepaid_fen"]) == (
        "S2026-00000001", "3-1-0101", 30000, 30000 - 20962)  # fmt: skip
    assert said["allocated"][0] | {"from": 0, "to": 0} == {
        "item": "WY", "item_name": "物业费", "period": "2026-07", "part": "principal", "amount_fen": 20962,
        "from": 0, "to": 0}  # fmt: skip
    status, said = office.command("receipt", "print", "S2026-00000001")
    assert (said["receipt"], said["copy"]) == ("S2026-00000001", 1)
    assert office.command("receipt", "print", "S2026-00000001")[1]["copy"] == 2
    status, said = office.command("statement", "3-1-101")
    assert [entry["balance_fen"] for entry in said["entries"]] == [20962, 20962 - 30000]
    assert (said["owed_fen"], said["prepaid_fen"]) == (0, 30000 - 20962)
    status, said = office.command("receipt", "void", "S2026-00000001", "--reason", "录错")
    assert (said["receipt"], said["reversal"], said["amount_fen"]) == ("S2026-00000001", "S2026-00000001", -30000)
    status, said = office.command("verify")
    assert (status, said["ok"]) == (0, True)
    assert said["totals"] == {
        "houses": 2, "charged_fen": 41924, "adjusted_fen": 0, "paid_fen": 0, "prepaid_fen": 0, "owed_fen": 41924,
        "receipts": 1}  # fmt: skip


def test_the_administrator_sees_no_totals(office: Office) -> None:
    office.with_staff("吴管理", "郑审计")
    assert office.command("verify", user="吴管理")[1]["totals"] is None
    assert office.command("verify", user="郑审计")[1]["totals"] is not None
    status, said = office.command("verify", "--rebuild", user="郑审计")
    assert (status, said["error"]["code"]) == (3, "no_permission")


def test_a_second_person_beside_the_requester(office: Office) -> None:
    office.with_staff("李收费", "赵财务").with_houses()
    office.pay("3-1-101", 500)
    argv = ("receipt", "void", "S2026-00000001", "--reason", "录错")
    status, said = office.command(*argv, user="李收费")
    assert (status, said["state"]) == (0, "waiting")
    status, listed = office.command("approve", "list", user="赵财务")
    assert [row["request"] for row in listed["requests"]] == [said["request"]]
    status, said = office.command(*argv, "--second", "赵财务", user="李收费", ANJU_SECOND_PASSWORD="wrong one here")
    assert (status, said["error"]["code"]) == (4, "wrong_password")
    status, said = office.command(*argv, "--second", "赵财务", user="李收费", ANJU_SECOND_PASSWORD=PASSWORD)
    assert (status, said["reversal"]) == (0, "S2026-00000001")


def test_the_clock_set_back_stops_writing_until_a_manager_accepts(office: Office) -> None:
    office.with_houses()
    office.clock.move(minutes=-5)
    assert office.command("pay", "3-1-101", "5")[0] == 0
    office.clock.move(hours=-5)
    status, said = office.command("pay", "3-1-101", "5")
    assert (status, said["error"]["code"]) == (3, "clock_back")
    assert "04:00" in said["error"]["message"].replace("03:55", "04:00")
    assert office.command("statement", "3-1-101", "--out", str(office.folder / "s.pdf"))[0] == 3
    assert office.command("clock", "accept", "--reason", "换了电池")[0] == 0
    assert office.command("pay", "3-1-101", "5")[0] == 0
    assert office.command("verify")[1]["ok"] is True


def test_the_program_itself(folder: Path) -> None:
    """One call from outside: nothing but the object on standard output."""
    environ = {"ANJU_PASSWORD": PASSWORD, "PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "user", "list", "--user", "王经理", "--data", str(folder), "--json"],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["users"][0]["user"] == "王经理"


def test_an_unexpected_error_is_exit_5_without_a_trace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("张三 13800138000")

    monkeypatch.setattr("app.services.settings.values", broken)
    out, err = io.StringIO(), io.StringIO()
    argv = ["settings", "list", "--user", "王经理", "--data", str(folder), "--json"]
    status = run(argv, environ={"ANJU_PASSWORD": PASSWORD}, clock=StandingClock(), stdout=out, stderr=err)
    assert status == 5
    assert json.loads(out.getvalue())["error"]["code"] == "unexpected"
    log = (folder / "anju.log").read_text()
    assert "ZeroDivisionError" in log
    assert "13800138000" not in log
    assert (folder / "anju.log").stat().st_mode & 0o077 == 0


def test_what_an_import_says_of_a_cell_is_one_sentence(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("房号,建筑面积,业主姓名,手机号\n3-1-0402,89.5,张三,138\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    run(
        ["import", "houses", str(file), "--dry-run", "--data", str(office.folder), "--user", "王经理"],
        environ={"ANJU_PASSWORD": PASSWORD}, clock=StandingClock(), cost=FLOOR, stdout=out, stderr=err,
    )  # fmt: skip
    assert "电话“138”的格式不对，已照原样保存，现在是“138”。" in out.getvalue()


def test_a_year_that_cannot_be_is_told_by_its_bounds(office: Office) -> None:
    for year in ("3026", "二〇二六", "-5"):
        status, said = office.command("house", "add", "0405", "--building", "3", "--year-built", year)
        assert (status, said["error"]["field"]) == (3, "year_built")
        assert "、1901、" not in said["error"]["hint"]
    assert office.command("house", "add", "0405", "--building", "3", "--year-built", "２０１９")[0] == 0


@pytest.mark.parametrize("asked", ["late=很久", "age=-1", "need=nobody", "old=2"])
def test_a_condition_that_nothing_meets_is_not_saved(office: Office, asked: str) -> None:
    status, said = office.command("segment", "save", "老人", "--filter", asked)
    assert (status, said["error"]["code"], said["error"]["field"]) == (3, "bad_value", "filter")
    assert office.command("segment", "list")[1]["segments"] == []
    assert office.command("segment", "save", "老人", "--filter", "late=90", "--filter", "need=ill")[0] == 0


def test_what_personal_data_are_for_is_asked_by_its_name(office: Office) -> None:
    office.with_houses()
    for argv in (["emergency", "3"], ["export", "register", "r.xlsx"], ["person", "data", "业主3-1-0101", "3-1-101"]):
        error = office.command(*argv)[1]["error"]
        assert (error["code"], error["field"], error["message"]) == (
            "reason_needed", "purpose", "这项操作要写明用途。"
        )  # fmt: skip
