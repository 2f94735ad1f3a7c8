"""An item's rules from a day on: what was billed keeps those it was billed by."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import arrears, billing, entrance, explain, fee_file, fee_list, fee_rules, prepay, verification
from app.services.fee_rules import RulesAnswer
from app.services.list_face import Query
from app.services.refused import Refused
from app.services.two_persons import Waiting
from tests.builders import PASSWORD, Office


@pytest.fixture
def billed(office: Office) -> Office:
    office.with_houses(("3-1-0101",)).with_item().with_staff("赵财务")
    office.bill("2026-06", "2026-06-01")
    return office


def test_a_due_day_may_come_months_later(billed: Office) -> None:
    status, said = billed.command(
        "fee", "change", "WY", "--from", "2026-07-01", "--due-day", "15", "--due-offset", "1", "--reason", "新合同",
    )  # fmt: skip
    assert (status, said["state"]) == (0, "waiting")
    second = entrance.approver(billed.manager, "赵财务", PASSWORD)
    done = fee_rules.change(
        billed.manager, "WY", date(2026, 7, 1), {"due_day": 15, "due_offset": 1}, "新合同", second=second
    )
    assert done == RulesAnswer("WY", date(2026, 7, 1), ("到期日", "到期月"))
    assert dict(fee_file.show(billed.manager, "WY").facts)["到期日"] == "15 日，顺延 1 个月"
    # 15 August 2026 is a Saturday: the next working day.
    assert {line.due for line in billing.plan(billed.manager, "2026-07").lines} == {date(2026, 8, 17)}
    billed.bill("2026-07")
    (charge,) = explain.explain(billed.manager, "3-1-101", "2026-07").charges
    assert "再顺延 1 个月的 15 日" in next(line.text for line in charge.sentences if line.label == "应交日")
    (before,) = explain.explain(billed.manager, "3-1-101", "2026-06").charges
    assert "再顺延" not in next(line.text for line in before.sentences if line.label == "应交日")


def test_a_late_fee_agreed_later_burdens_only_what_falls_due_then(billed: Office) -> None:
    billed.clock.to("2026-07-20")
    billed.bill("2026-07")
    with pytest.raises(Refused) as why:
        fee_rules.change(billed.manager, "WY", date(2026, 6, 1), {"late_rate": 50_000}, "新合同")
    assert (why.value.problem.code, why.value.field) == ("rules_used", "from")
    assert "请从 2026-07-02 或以后起改" in (why.value.problem.hint or "")
    second = entrance.approver(billed.manager, "赵财务", PASSWORD)
    fee_rules.change(billed.manager, "WY", date(2026, 7, 21), {"late_rate": 50_000}, "新合同", second=second)
    billed.clock.to("2026-09-01")
    found = arrears.arrears(billed.manager)
    july = round(20962 * 0.0005 * (date(2026, 9, 1) - date(2026, 7, 31)).days)
    assert found.late_fee_fen == july
    assert verification.verify(billed.manager).ok


def test_what_was_prepaid_holds_up_only_what_its_amounts_rest_on(billed: Office) -> None:
    prepay.take(billed.manager, "3-1-101", "WY", 6)
    second = entrance.approver(billed.manager, "赵财务", PASSWORD)
    fee_rules.change(billed.manager, "WY", date(2026, 8, 1), {"due_offset": 1}, "新合同", second=second)
    with pytest.raises(Refused) as why:
        fee_rules.change(billed.manager, "WY", date(2026, 9, 1), {"vat_rate": 6_000_000}, "税法", second=second)
    assert "请从 2026-12-02 或以后起改" in (why.value.problem.hint or "")


def test_before_anything_is_billed_nobody_else_is_asked(office: Office) -> None:
    office.with_item()
    done = fee_rules.change(office.manager, "WY", date(2026, 1, 1), {"vat_rate": 6_000_000, "late_rate": 60_000})
    assert isinstance(done, RulesAnswer)
    assert done.warnings[0].startswith("违约金日利率高于万分之五")
    assert dict(fee_file.show(office.manager, "WY").facts)["增值税"] == "价内含 6%"
    with pytest.raises(Refused) as refused:
        fee_rules.change(office.manager, "WY", date(2026, 1, 1), {"vat_rate": 6_000_000})
    assert refused.value.problem.code == "nothing_changes"
    for changes, code in (
        ({"due_day": 32}, "fee.due_day"), ({"due_offset": 13}, "fee.due_offset"), ({"grace": 400}, "fee.grace"),
        ({"vat_rate": 10**9}, "fee.vat_rate"), ({"late_cap": 0}, "fee.late_cap"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            fee_rules.change(office.manager, "WY", date(2026, 1, 1), changes)
        assert refused.value.problem.code == code
    status, said = office.command("fee", "change", "WY", "--from", "2026-01-01", "--late-rate", "none")
    assert (status, said["changed"]) == (0, ["违约金"])
    assert dict(fee_file.show(office.manager, "WY").facts)["违约金"] == "合同没有约定"
    assert isinstance(fee_rules.change(office.manager, "WY", date(2026, 2, 1), {"grace": 5}), RulesAnswer | Waiting)


def test_a_rule_that_must_be_there_is_not_cleared(office: Office) -> None:
    office.with_item()
    for flag, title in (("--unit", "取整单位"), ("--rule", "取整"), ("--grace", "宽限"), ("--part-month", "不足一月")):
        status, said = office.command("fee", "change", "WY", "--from", "2026-09-01", flag, "none")
        assert (status, said["error"]["code"], said["error"]["message"]) == (3, "rule_needed", f"{title}不能去掉。")


def test_what_is_charged_once_names_no_months(office: Office) -> None:
    office.with_houses().with_item().with_item("YJ", "deposit", None, name="装修押金", houses="listed")
    rows = fee_list.rows(office.manager, fee_list.keys(office.manager, Query())).values()
    assert {row.code: (row.cycle, row.when) for row in rows} == {"WY": ("每月", "预收"), "YJ": ("按次", "")}
    facts = dict(fee_file.show(office.manager, "YJ").facts)
    assert (facts["周期"], "起算月" in facts) == ("按次", False)
