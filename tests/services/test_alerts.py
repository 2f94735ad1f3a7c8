"""Alerts: one an occurrence, updated while it lasts, closed when its cause is gone, for those whose it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from app.services import alerts, equipment, maintenance, proposals, users, watching
from app.services import settings as office_settings
from app.services.alerts import AlertRow, Wanted
from app.services.equipment_details import Details
from app.services.maintenance import Done
from app.services.maintenance_plans import NewPlan
from app.services.refused import Refused
from app.services.seat import Seat
from tests.builders import Office


def _lift(office: Office, **more: date) -> None:
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯", **more), False)


def _task(office: Office, task: str = "半月维保", first: str = "2026-07-08", **more: object) -> None:
    said: dict[str, object] = {"every": 15, "unit": "day", "basis": "last_completion", "lead_days": 3, "shift": "none"}
    plan = NewPlan(task, first_due=date.fromisoformat(first), **{**said, **more})  # type: ignore[arg-type]
    maintenance.add_plan(office.manager, "DT-01", plan)


def _keep(office: Office, source: str = "maintenance") -> alerts.Settlement:
    return watching.keep(Seat.system(office.manager.store), source)


def _look(office: Office, source: str = "maintenance") -> alerts.Settlement:
    return watching.look(Seat.system(office.manager.store), source)


def _open(office: Office, login: str = "王经理") -> list[AlertRow]:
    return list(alerts.listing(office.seat(login)))


def test_one_alert_from_soon_to_late_and_closed_by_the_work(office: Office) -> None:
    _lift(office)
    _task(office)
    said = []
    for day in range(6, 19):
        office.clock.to(f"2026-07-{day:02}")
        if not _look(office).nothing:
            _keep(office)
        assert _look(office).nothing
        (row,) = _open(office)
        said.append((row.level, row.title.partition("半月维保")[2], row.roles))
    assert office.sql("SELECT count(*) FROM alert") == [(1,)]
    assert said[0] == ("info", "2026-07-08 到期", ("engineering", "manager"))
    assert said[2] == ("warn", "今天到期", ("engineering", "manager"))
    assert said[3] == ("danger", "已逾期 1 天（2026-07-08 到期）", ("engineering", "manager"))
    assert said[-1][1] == "已逾期 10 天（2026-07-08 到期）"
    maintenance.complete(office.manager, "DT-01", "半月维保", Done("张师傅"))
    assert _open(office) == []
    (closed,) = alerts.listing(office.manager, True)
    assert (closed.due, closed.closed_at is not None) == (date(2026, 7, 8), True)


def test_who_hears_of_what(office: Office) -> None:
    """The engineer first, from the fourth day the manager too; where there is no engineer, the manager at once."""
    _lift(office)
    _task(office, first="2026-07-06")
    _keep(office)
    assert [row.roles for row in _open(office)] == [("engineering", "manager")]
    office.with_staff("孙工程", "周经理", "李收费", "郑审计")
    assert [row.roles for row in _keep(office).changed] == [("engineering",)]
    assert (len(_open(office, "孙工程")), len(_open(office, "周经理"))) == (1, 0)
    assert (len(_open(office, "李收费")), len(_open(office, "郑审计"))) == (0, 1)
    office.clock.to("2026-07-10")
    _keep(office)
    assert (len(_open(office, "孙工程")), len(_open(office, "周经理"))) == (1, 1)
    users.disable(office.manager, "孙工程")
    assert not _open(office, "李收费")


def test_what_a_user_saw_is_new_again_when_it_changed(office: Office) -> None:
    office.with_staff("孙工程")
    engineer = office.seat("孙工程")
    _lift(office)
    _task(office, first="2026-07-06")
    _keep(office)
    (row,) = alerts.listing(engineer)
    assert not row.seen
    before = office.sql("SELECT count(*) FROM audit")
    assert alerts.mark_seen(engineer, (row.key,)) == 1
    assert alerts.mark_seen(engineer, (row.key,)) == 0
    assert office.sql("SELECT count(*) FROM audit") == before
    assert alerts.listing(engineer)[0].seen
    office.clock.to("2026-07-07")
    _keep(office)
    assert not alerts.listing(engineer)[0].seen
    for key in ("没有", f"{row.key}x"):
        with pytest.raises(Refused) as refused:
            alerts.mark_seen(engineer, (key,))
        assert refused.value.problem.code == "unknown_alert"


def test_stopping_or_ending_closes_and_a_restart_raises_anew(office: Office) -> None:
    _lift(office, certificate_end=date(2026, 7, 20))
    _task(office)
    _keep(office)
    _keep(office, "certificates")
    assert len(_open(office)) == 2
    equipment.set_state(office.manager, "DT-01", "stopped")
    assert _open(office) == []
    assert _look(office).nothing
    assert _look(office, "certificates").nothing
    office.clock.to("2026-07-08")
    equipment.set_state(office.manager, "DT-01", "in_use")
    _keep(office)
    (row,) = _open(office)
    assert (row.due, office.sql("SELECT count(*) FROM alert WHERE kind = 'maintenance'")) == (date(2026, 7, 8), [(1,)])
    maintenance.end_plan(office.manager, "DT-01", "半月维保")
    assert _open(office) == []


def test_a_plan_made_before_somebody_else_acted_is_made_again(office: Office) -> None:
    _lift(office)
    _task(office)
    system = Seat.system(office.manager.store)
    plan = watching.look(system, "maintenance")
    maintenance.complete(office.manager, "DT-01", "半月维保", Done("张师傅"))
    assert watching.keep(system, "maintenance", plan=plan).nothing
    assert _open(office) == []


def test_an_overdue_inspection_says_that_the_lift_may_not_run(office: Office) -> None:
    _lift(office, certificate_end=date(2026, 7, 1))
    _task(office, "定期检验", "2026-07-01", statutory=True)
    _task(office, "半月维保", "2026-07-01", statutory=True)
    _keep(office)
    _keep(office, "certificates")
    said = {(row.kind, row.title.partition("：")[2][:4]): "未经检验不得使用" in row.todo for row in _open(office)}
    assert said == {
        ("maintenance", "定期检验"): True, ("maintenance", "半月维保"): False, ("certificate", "检验有效"): True
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "level", "words"),
    [
        ("2026-08-01", None, ""),
        ("2026-08-02", "info", "2026-09-01 前（届满一个月前）"),
        ("2026-09-01", "warn", "2026-09-01 前（届满一个月前）"),
        ("2026-09-02", "warn", "应在届满一个月前提出"),
        ("2026-10-01", "danger", "应在届满一个月前提出"),
        ("2026-10-02", "danger", "未经检验不得使用"),
    ],
)
def test_certificates_at_60_30_and_0_days(office: Office, day: str, level: str | None, words: str) -> None:
    _lift(office, certificate_end=date(2026, 10, 1))
    office.clock.to(day)
    _keep(office, "certificates")
    rows = _open(office)
    assert [row.level for row in rows] == ([level] if level else [])
    assert all(words in row.todo for row in rows)
    row = equipment.show(office.manager, "DT-01").row
    later = Details("DT-01", "1号楼客梯", type="客梯", certificate_end=date(2027, 10, 1))
    equipment.change(office.manager, "DT-01", row.version, later)
    assert _open(office) == []


def test_a_contract_that_ends(office: Office) -> None:
    _lift(office, contract_end=date(2026, 7, 31))
    _keep(office, "certificates")
    assert [(row.kind, row.level, "续签" in row.todo) for row in _open(office)] == [("contract", "warn", True)]


def test_many_alerts_are_written_in_bulk(office: Office) -> None:
    def statements(devices: int) -> int:
        for number in range(devices):
            name = f"DT-{devices}-{number}"
            equipment.add(office.manager, Details(name, "客梯", type="扶梯"))
        found = 0

        def one(*_: object) -> None:
            nonlocal found
            found += 1

        writer = office.manager.store.engines.writer
        event.listen(writer, "before_cursor_execute", one)
        assert len(_keep(office).raised) == devices
        event.remove(writer, "before_cursor_execute", one)
        return found

    assert statements(2) == statements(20)


# ---- proposals ---------------------------------------------------------------------------------------------------


def test_a_bill_run_is_proposed_until_it_is_posted(office: Office) -> None:
    office.with_staff("赵财务", "孙工程").with_houses().with_item()
    system = Seat.system(office.manager.store)
    assert len(proposals.propose_bills(system).raised) == 1
    (row,) = alerts.listing(office.seat("赵财务"))
    assert (row.kind, row.object, row.roles) == ("bill_run", "2026-07", ("accountant", "manager"))
    assert "2 户、2 行" in row.title
    assert "419.24 元" in row.title
    assert alerts.listing(office.seat("孙工程")) == ()
    assert proposals.look_bills(system).nothing
    office.bill("2026-07")
    plan = proposals.look_bills(system)
    assert proposals.propose_bills(system, plan=plan).closed == ("bill_run:2026-07",)
    assert alerts.listing(office.manager) == ()


def test_nothing_is_planned_again_while_the_office_stands(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.with_houses().with_item()
    system = Seat.system(office.manager.store)
    proposals.propose_bills(system)
    first = proposals.look_bills(system)
    assert first.day is not None
    seen = proposals.Seen(first.day, first.revisions)
    planned: list[int] = []
    plan = proposals.bills_wanted
    monkeypatch.setattr(proposals, "bills_wanted", lambda work: planned.append(1) or plan(work))
    assert proposals.look_bills(system, seen).nothing
    assert planned == []
    office_settings.change(office.manager, "due_day", "15")
    proposals.look_bills(system, seen)
    assert planned == [1]


def test_letters_are_proposed_to_those_who_send_them(office: Office) -> None:
    office.with_houses().with_item()
    office.bill("2026-07")
    system = Seat.system(office.manager.store)
    assert proposals.look_letters(system).nothing
    office.clock.to("2026-08-20")
    found = proposals.propose_letters(system)
    assert [(row.kind, row.roles) for row in found.raised] == [("dunning", ("accountant", "manager"))]
    assert "有 2 户该催缴：温馨提示 2" in found.raised[0].title
    office.pay("3-1-101", 20_962)
    office.pay("3-1-102", 20_962)
    assert len(proposals.propose_letters(system).closed) == 1


# ---- any order of raising and closing ----------------------------------------------------------------------------

_KEYS = st.sets(st.sampled_from("abcdef"))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_KEYS, st.sampled_from(["一", "二"])), min_size=1, max_size=6))
def test_what_is_open_is_what_should_be(steps: list[tuple[set[str], str]]) -> None:
    """Whatever came before: after settling, open are exactly the wanted ones as they are wanted, each key once."""
    office = _SHARED[0]
    for keys, title in steps:
        with office.manager.transaction(write=True) as work:
            wanted = [Wanted(key, "try", "info", title, "做", ("manager",)) for key in sorted(keys)]
            found = alerts.settlement(work, {"try"}, wanted)
            alerts.settle(work, found)
            assert alerts.settlement(work, {"try"}, wanted).nothing
            work.audit("alerts.tried", "alert")
        rows = [row for row in alerts.listing(office.manager) if row.kind == "try"]
        assert sorted(row.key for row in rows) == sorted(keys)
        assert {row.title for row in rows} <= {title}


_SHARED: list[Office] = []


@pytest.fixture(autouse=True)
def _share(request: pytest.FixtureRequest) -> None:
    if request.node.originalname == "test_what_is_open_is_what_should_be":
        _SHARED[:] = [request.getfixturevalue("office")]
