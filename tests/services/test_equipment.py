"""The equipment ledger and its maintenance, through the doors and the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.services import alerts, equipment, maintenance
from app.services.equipment_details import Details
from app.services.maintenance import Done
from app.services.maintenance_plans import NewPlan
from app.services.refused import NotAllowed, Refused
from tests.builders import Office
from tests.reports.excel.making import a_workbook

TODAY = date(2026, 7, 6)
HEAD = ["设备编号", "设备名称", "设备类型", "投用日期", "上次维保日期", "检验有效期", "状态"]


def _lift(office: Office, number: str = "DT-01", **more: Any) -> None:
    equipment.add(office.manager, Details(number, f"{number}客梯", type="客梯", **more))


def _plan(office: Office, task: str = "钢丝绳检查", **more: Any) -> None:
    more.setdefault("every", 1)
    maintenance.add_plan(office.manager, "DT-01", NewPlan(task, **more))


def _due(office: Office, day: str) -> list[tuple[str, str, str, int]]:
    return [
        (row.task, row.due.isoformat(), row.state, row.days_overdue)
        for row in maintenance.due(office.manager, date.fromisoformat(day)).due
    ]


def _code(call: Any) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem.code


def test_a_known_type_brings_its_presets_under_the_usual_name(office: Office) -> None:
    done = equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="乘客电梯"))
    assert done.plans[:2] == ("半月维保", "季度维保")
    row = equipment.show(office.manager, "DT-01")
    assert (row.row.details.type, row.row.details.category) == ("曳引电梯", "电梯")
    assert len(row.plans) == 7


def test_all_presets_are_offered_and_unknown_types_refused(office: Office) -> None:
    assert len(maintenance.presets(office.manager)) >= 46
    assert len(maintenance.presets(office.manager, "扶梯")) == 1
    assert _code(lambda: maintenance.presets(office.manager, "压缩机")) == "unknown_type"
    equipment.add(office.manager, Details("Y-1", "压缩机", type="压缩机"))
    assert _code(lambda: maintenance.add_presets(office.manager, "Y-1")) == "unknown_type"
    assert maintenance.add_presets(office.manager, "Y-1", "压力容器").tasks == ("年度检查",)
    assert maintenance.add_presets(office.manager, "Y-1", "压力容器").tasks == ()


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (Details(" ", "客梯"), "equipment.number"),
        (Details("A:1", "客梯"), "equipment.number"),
        (Details("A1", " "), "equipment.name"),
        (Details("A1", "梯" * 61), "equipment.name"),
        (Details("A1", "客梯", in_service=date(2020, 1, 1), warranty_end=date(2019, 1, 1)), "equipment.warranty_end"),
        (Details("A1", "客梯", in_service=date(2020, 1, 1), contract_end=date(2019, 1, 1)), "equipment.contract_end"),
        (Details("A1", "梯", manufactured=date(2020, 1, 1), certificate_end=date(2019, 1, 1)),
         "equipment.certificate_end"),
        (Details("A1", "客梯", in_service=date(2020, 1, 1), manufactured=date(2021, 1, 1)), "equipment.in_service"),
        (Details("DT-01", "又一台"), "equipment_exists"),
    ],
)  # fmt: skip
def test_bad_equipment_is_refused(office: Office, details: Details, code: str) -> None:
    _lift(office)
    assert _code(lambda: equipment.add(office.manager, details)) == code


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (NewPlan("检查", None), "plan.interval"),
        (NewPlan("检查", 0), "plan.interval"),
        (NewPlan("检查", -3), "plan.interval"),
        (NewPlan("检查", 99999), "plan.interval"),
        (NewPlan(" ", 1), "plan.task"),
        (NewPlan("检查", 1, unit="week"), "bad_choice"),
        (NewPlan("检查", 1, basis="x"), "bad_choice"),
        (NewPlan("检查", 1, shift="x"), "bad_choice"),
        (NewPlan("检查", 1, lead_days=-1), "plan.days"),
        (NewPlan("检查", 1, statutory=True, grace_days=2), "plan.grace"),
        (NewPlan("检查", 1, first_due=date(2999, 1, 1)), "plan.first_due"),
        (NewPlan("半月维保", 1), "plan_exists"),
    ],
)
def test_bad_plans_are_refused(office: Office, plan: NewPlan, code: str) -> None:
    _lift(office)
    assert _code(lambda: maintenance.add_plan(office.manager, "DT-01", plan)) == code
    assert _code(lambda: maintenance.add_plan(office.manager, "没有", NewPlan("检查", 1))) == "unknown_equipment"


def test_a_task_from_soon_to_the_manager(office: Office) -> None:
    equipment.add(office.manager, Details("DT-01", "客梯"), False)
    _plan(office, first_due=date(2026, 7, 20), lead_days=3, grace_days=1, shift="none")
    assert _due(office, "2026-07-16") == []
    assert _due(office, "2026-07-17") == [("钢丝绳检查", "2026-07-20", "soon", 0)]
    assert _due(office, "2026-07-20") == [("钢丝绳检查", "2026-07-20", "due", 0)]
    assert _due(office, "2026-07-21") == [("钢丝绳检查", "2026-07-20", "due", 1)]
    assert _due(office, "2026-07-22") == [("钢丝绳检查", "2026-07-20", "overdue", 2)]
    found = {
        day: maintenance.due(office.manager, date(2026, 7, day)).due[0].escalate_to for day in (22, 23, 24, 27, 28)
    }
    assert found == {22: "engineer", 23: "engineer", 24: "supervisor", 27: "supervisor", 28: "manager"}


def test_rest_days_are_those_of_the_office(office: Office) -> None:
    equipment.add(office.manager, Details("DT-01", "客梯"), False)
    # 1 to 7 October 2026 are off; the statutory task comes before them.
    _plan(office, first_due=date(2026, 10, 5), statutory=True)
    assert _due(office, "2026-10-08")[0][1] == "2026-09-30"


def test_done_moves_on_and_says_what_it_skipped(office: Office) -> None:
    equipment.add(office.manager, Details("DT-01", "客梯"), False)
    _plan(office, first_due=date(2026, 3, 6), unit="month", shift="none")
    answer = maintenance.complete(office.manager, "DT-01", "钢丝绳检查", Done("张师傅", cost=12_050))
    assert (answer.on, answer.failed, answer.next_due, answer.skipped) == (TODAY, False, date(2026, 8, 6), 4)
    assert office.sql("SELECT done_by, cost, result FROM completion") == [("张师傅", 12_050, "pass")]
    assert _code(
        lambda: maintenance.complete(office.manager, "DT-01", "钢丝绳检查", Done("李师傅"))
    ) == "already_done"  # fmt: skip


@pytest.mark.parametrize(
    ("task", "done", "code"),
    [
        ("半月维保", Done("张师傅", date(2026, 7, 7)), "future_day"),
        ("没有的", Done("张师傅"), "unknown_task"),
        ("半月维保", Done(" "), "done.by"),
        ("半月维保", Done("张师傅", result="ok"), "bad_choice"),
        ("半月维保", Done("张师傅", cost=-1), "done.cost"),
        ("半月维保", Done("张师傅", findings="x" * 501), "done.text"),
    ],
)
def test_bad_completions_are_refused(office: Office, task: str, done: Done, code: str) -> None:
    _lift(office)
    assert _code(lambda: maintenance.complete(office.manager, "DT-01", task, done)) == code
    assert office.sql("SELECT count(*) FROM completion") == [(0,)]


def test_stopped_equipment_has_no_tasks_and_begins_anew_on_the_restart(office: Office) -> None:
    equipment.add(office.manager, Details("DT-01", "客梯"), False)
    _plan(office, first_due=date(2026, 5, 4), every=15, unit="day", basis="last_completion", shift="none")
    maintenance.complete(office.manager, "DT-01", "钢丝绳检查", Done("张师傅", date(2026, 6, 1)))
    assert _due(office, "2026-07-06") == [("钢丝绳检查", "2026-06-16", "overdue", 20)]
    equipment.set_state(office.manager, "DT-01", "stopped")
    assert _due(office, "2026-07-06") == []
    assert _code(
        lambda: maintenance.complete(office.manager, "DT-01", "钢丝绳检查", Done("张师傅"))
    ) == "not_in_use"  # fmt: skip
    office.clock.to("2026-08-03")
    equipment.set_state(office.manager, "DT-01", "in_use")
    assert _due(office, "2026-08-03") == [("钢丝绳检查", "2026-08-03", "due", 0)]
    maintenance.complete(office.manager, "DT-01", "钢丝绳检查", Done("张师傅"))
    assert equipment.show(office.manager, "DT-01").plans[0].next_due == date(2026, 8, 18)
    equipment.set_state(office.manager, "DT-01", "scrapped")
    assert _due(office, "2027-08-03") == []
    assert _code(lambda: equipment.set_state(office.manager, "DT-01", "scrapped")) == "same_state"
    assert _code(lambda: equipment.set_state(office.manager, "DT-01", "broken")) == "bad_state"


def test_a_failed_check_is_an_alert_until_it_is_passed(office: Office) -> None:
    _lift(office)
    done = maintenance.complete(office.manager, "DT-01", "半月维保", Done("张师傅", result="fail", findings="门机异响"))
    assert done.failed
    (alert,) = alerts.listing(office.manager)
    assert (alert.kind, alert.level, alert.object, alert.due) == ("maintenance_failed", "danger", "DT-01", TODAY)
    assert "门机异响" in alert.todo
    maintenance.complete(office.manager, "DT-01", "季度维保", Done("张师傅"))
    assert len(alerts.listing(office.manager)) == 1
    maintenance.complete(office.manager, "DT-01", "半月维保", Done("张师傅"))
    assert alerts.listing(office.manager) == ()


def test_a_plan_changed_and_ended_and_added_again(office: Office) -> None:
    equipment.add(office.manager, Details("DT-01", "客梯"), False)
    _plan(office, first_due=date(2026, 7, 6))
    changed = maintenance.change_plan(office.manager, "DT-01", "钢丝绳检查", 1, NewPlan("钢丝绳", 2))
    assert (changed.task, changed.version) == ("钢丝绳", 2)
    assert _code(
        lambda: maintenance.change_plan(office.manager, "DT-01", "钢丝绳", 1, NewPlan("钢丝绳", 3))
    ) == "changed_meanwhile"  # fmt: skip
    assert maintenance.plans(office.manager, "DT-01")[0].first_due == date(2026, 7, 6)
    maintenance.end_plan(office.manager, "DT-01", "钢丝绳")
    assert maintenance.plans(office.manager) == ()
    assert _code(lambda: maintenance.end_plan(office.manager, "DT-01", "钢丝绳")) == "unknown_task"
    _plan(office, "钢丝绳", every=6)
    assert [(p.task, p.every) for p in maintenance.plans(office.manager)] == [("钢丝绳", 6)]


def test_a_change_names_the_version_it_saw(office: Office) -> None:
    _lift(office)
    seen = equipment.show(office.manager, "DT-01").row
    done = equipment.change(office.manager, "DT-01", seen.version, Details("DT-01", "新名", place="1号楼"))
    assert done.version == 2
    assert _code(
        lambda: equipment.change(office.manager, "DT-01", 1, Details("DT-01", "别的名"))
    ) == "changed_meanwhile"  # fmt: skip
    assert _code(lambda: equipment.change(office.manager, "DT-01", 2, Details("DT-02", "名"))) == "number_fixed"
    assert equipment.listing(office.manager)[0].details.name == "新名"


def test_reading_asks_the_database_the_same_for_many(office: Office) -> None:
    def count() -> int:
        statements = 0

        def one(*_: Any) -> None:
            nonlocal statements
            statements += 1

        reader = office.manager.store.engines.reader
        event.listen(reader, "before_cursor_execute", one)
        maintenance.due(office.manager)
        maintenance.plans(office.manager)
        equipment.listing(office.manager)
        event.remove(reader, "before_cursor_execute", one)
        return statements

    _lift(office)
    few = count()
    for n in range(2, 12):
        _lift(office, f"DT-{n:02}")
    assert count() == few


def test_who_may_maintain(office: Office) -> None:
    _lift(office.with_staff("孙工程", "钱客服", "李收费", "周经理"))
    engineer, desk, cashier = (office.seat(name) for name in ("孙工程", "钱客服", "李收费"))
    assert maintenance.complete(engineer, "DT-01", "半月维保", Done("张师傅")).equipment == "DT-01"
    assert len(equipment.listing(desk)) == 1
    with pytest.raises(NotAllowed):
        maintenance.complete(desk, "DT-01", "季度维保", Done("张师傅"))
    with pytest.raises(NotAllowed):
        equipment.listing(cashier)


# ---- import ------------------------------------------------------------------------------------------------------


def _come(office: Office, folder: Path, rows: list[list[Any]], *options: str) -> tuple[int, dict[str, Any]]:
    path = a_workbook(folder, {"设备": [HEAD, *rows]}, name=f"{len(list(folder.iterdir()))}.xlsx")
    return office.command("import", "equipment", str(path), *options)


def test_import_brings_plans_counted_from_the_last_maintenance(office: Office, tmp_path: Path) -> None:
    rows = [
        ["DT-01", "1号楼客梯", "客梯", "2019-08-01", "2026-07-01", "2026-09-01", "在用"],
        ["DT-02", "2号楼客梯", "客梯", "2019-08-01", "", "", ""],
        ["DT-03", "3号楼客梯", "客梯", "2026-07-01", "", "", ""],
        ["SB-01", "水泵", "水泵", "", "2026-06-10", "", "停用"],
        ["YS-01", "压缩机", "压缩机", "", "", "", ""],
    ]
    status, said = _come(office, tmp_path, rows)
    assert (status, said["kind"], said["rows"]) == (0, "equipment", 5)
    assert said["by_kind"]["equipment"] == {"added": 5, "updated": 0, "unchanged": 0}
    assert said["by_kind"]["plan"]["added"] == 22
    assert [(w["row"], w["code"]) for w in said["warnings"]] == [(6, "unknown_type")]
    first = {(p.equipment, p.task): p.first_due.isoformat() for p in maintenance.plans(office.manager)}
    assert first["DT-01", "半月维保"] == "2026-07-16"
    assert first["DT-01", "年度维保"] == "2027-07-01"
    assert first["DT-01", "定期检验或自行检测"] == "2026-09-01"
    assert first["DT-02", "年度维保"] == "2026-07-06"
    assert first["DT-03", "半月维保"] == "2026-07-16"
    assert first["SB-01", "月度保养"] == "2026-07-10"
    assert {row.equipment for row in maintenance.due(office.manager).due} == {"DT-02"}


def test_import_again_is_unchanged_and_updates_plain_fields(office: Office, tmp_path: Path) -> None:
    row = ["DT-01", "1号楼客梯", "客梯", "2019-08-01", "2026-07-01", "2026-09-01", "在用"]
    first = _come(office, tmp_path, [row])[1]
    again = _come(office, tmp_path, [row])[1]
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, first["added"])
    assert again["warnings"] == []
    other = ["DT-01", "一号楼客梯", "", "", "2026-07-03", "2027-09-01", "停用"]
    changed = _come(office, tmp_path, [other])[1]
    assert changed["by_kind"] == {
        "equipment": {"added": 0, "updated": 1, "unchanged": 0}, "plan": {"added": 0, "updated": 0, "unchanged": 7}
    }  # fmt: skip
    assert [w["code"] for w in changed["warnings"]] == ["last_done_not_taken"]
    (row_,) = equipment.listing(office.manager)
    assert (row_.details.name, row_.details.type, row_.state, row_.version) == ("一号楼客梯", "曳引电梯", "stopped", 2)
    office.clock.to("2026-08-03")
    _come(office, tmp_path, [["DT-01", "一号楼客梯", "", "", "", "", "在用"]])
    assert equipment.listing(office.manager)[0].restarted_on == date(2026, 8, 3)


def test_import_is_all_or_nothing(office: Office, tmp_path: Path) -> None:
    good = ["DT-01", "1号楼客梯", "客梯", "2019-08-01", "", "", ""]
    bad = ["DT-02", "2号楼客梯", "客梯", "2019-08-01", "2027-01-01", "2018-01-01", ""]
    future = ["DT-03", "3号楼客梯", "客梯", "", "2027-01-01", "", ""]
    status, said = _come(office, tmp_path, [good, bad, future])
    assert (status, said["error"]["code"], said["rejected_count"]) == (3, "import.rejected", 2)
    places = [(r["row"], r["column"], r["code"]) for r in said["rejected"]]
    assert places == [(3, "检验有效期", "equipment.certificate_end"), (4, "上次维保日期", "future_day")]
    assert equipment.listing(office.manager) == ()
    assert _come(office, tmp_path, [good], "--dry-run")[1]["added"] == 8
    assert equipment.listing(office.manager) == ()
    status, said = _come(office, tmp_path, [good, bad, future], "--skip-bad", "--rejects", str(tmp_path / "r.xlsx"))
    assert (status, said["rejected_count"]) == (0, 2)
    assert (tmp_path / "r.xlsx").exists()
    assert [row.details.number for row in equipment.listing(office.manager)] == ["DT-01"]
    assert office.command("verify")[1]["ok"] is True
