"""Every figure explained: each step of a charge's derivation is there, and says what the ledger says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.money import Fen
from app.domain.period import Cycle, When
from app.services import adjustments, arrears, billing, explain, one_off, readings, receipts, shared_costs, tariffs
from app.services.adjustments import Change
from app.services.explain_charge import ExplainedCharge
from app.services.purse import Wish
from app.services.refused import Refused
from app.services.shared_costs import NewCost
from db.models.ledger import Adjustment
from tests.builders import Office
from tests.reports.excel.making import a_workbook
from tests.reports.making import pages

TIERS = {"tiers": [{"up_to": "30", "price": "3.45"}, {"up_to": "60", "price": "4.83"}, {"up_to": None, "price": "6"}],
         "base_people": 4, "allowance": "0", "resets": "year"}  # fmt: skip


def _of(office: Office, period: str, item: str = "WY", as_of: str | None = None) -> list[ExplainedCharge]:
    day = date.fromisoformat(as_of) if as_of else None
    found = explain.explain(office.manager, "3-1-101", period, day)
    return [charge for charge in found.charges if charge.item == item]


def _said(charge: ExplainedCharge, label: str) -> list[str]:
    return [sentence.text for sentence in charge.sentences if sentence.label == label]


@pytest.fixture
def priced(office: Office) -> Office:
    """Two houses, a fee with a late fee, a quarterly fee and water in tiers; the clock stands at 6 July."""
    office.with_houses().with_item(name="物业费", late_rate=50_000)
    return office.with_item("LJ", "flat", "8", cycle=Cycle.QUARTER).with_item("SF", "meter", TIERS, name="水费")


def test_one_line_with_its_tariff_rounding_and_due_date(priced: Office) -> None:
    priced.bill("2026-05", "2026-05-01")
    (charge,) = _of(priced, "2026-05")
    assert (charge.fen, charge.open, charge.bill, charge.period) == (20_962, 20_962, "B2026-05-000001", "2026-05")
    (part,) = charge.parts
    assert (part.quantity, part.unit, part.price, part.how) == ("89.2", "m²", "2.35", "89.2 m² × 2.35 元")
    assert (part.tariff and part.tariff.scope, part.tariff and part.tariff.first) == ("全小区", date(2026, 1, 1))
    assert _said(charge, "取整") == ["正好 209.62 元，没有尾数"]
    (due,) = _said(charge, "应交日")
    assert due.startswith("2026-06-01：")
    assert "2026-05-31 是休息日，顺延" in due
    # 31 May is a Sunday: 35 days at 0.0005.
    assert charge.late_fee == 367
    assert "逾期 35 天，209.62 × 35 天 × 日万分之5 = 3.67 元" in _said(charge, "违约金")[0]
    assert _said(charge, "结余") == ["截至 2026-07-06：209.62 元全部未交"]


def test_a_price_that_changes_inside_the_period(priced: Office) -> None:
    tariffs.add(priced.manager, "WY", date(2026, 7, 11), {"price": "2.60"}, reason="业主大会 2026 年第 3 号决议")
    priced.bill("2026-07", "2026-07-01")
    (charge,) = _of(priced, "2026-07")
    assert [part.months for part in charge.parts] == ["10/31", "21/31"]
    assert sum(part.fen for part in charge.parts) == charge.fen
    assert len(_said(charge, "收费标准")) == len(_said(charge, "计算")) == 2
    (rounded,) = _said(charge, "取整")
    assert rounded.startswith("67.61935483… + 157.10709677… = 224.72645161… 元，四舍五入到分，得 224.73 元")


def test_a_quarter_is_found_by_each_of_its_months(priced: Office) -> None:
    priced.bill("2026-07", "2026-07-01")
    for month in ("2026-07", "2026-08", "2026-09"):
        (charge,) = _of(priced, month, "LJ")
        assert (charge.period, charge.fen, _said(charge, "违约金")) == ("2026-07", 2_400, ["合同没有约定，不收"])


def test_tiers_with_the_readings_and_what_was_used_before(priced: Office) -> None:
    priced.with_meter("3-1-101", on="2026-04-30")
    readings.add(priced.manager, "3-1-101", "水", "25", date(2026, 5, 31))
    priced.bill("2026-06", "2026-06-01")
    readings.add(priced.manager, "3-1-101", "水", "72.5", date(2026, 6, 30), estimate=True)
    priced.bill("2026-07", "2026-07-01")
    (charge,) = _of(priced, "2026-06", "SF")
    assert [(part.tier, part.quantity) for part in charge.parts] == [(1, "5"), (2, "30"), (3, "12.5")]
    assert charge.parts[0].estimate
    assert _said(charge, "抄表") == ["水 表 25 → 72.5，2026-06-30 估抄，2026-01-01 起到这次以前已计 25，阶梯接着算"]
    assert _said(charge, "计算")[2] == "3 档：12.5 × 6.00 元，计 75.00 元"


def test_costs_divided_percentages_and_formulas(office: Office) -> None:
    office.with_houses().with_item("GT", "shared", {"by": "area"}, name="电梯电费")
    office.with_item("WY", "area", "2.35", name="物业费", when=When.ARREAR)
    office.with_item("JC", "percent", {"percent": "10", "of": ["WY"]}, name="附加")
    office.with_item("GS", "formula", {"formula": "面积 * 0.5 + 3"}, name="公式费")
    shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(1_001)))
    assert office.bill("2026-07").exceptions == ()
    said = {code: _said(_of(office, month, code)[0], "计算")[0]
            for code, month in (("GT", "2026-06"), ("JC", "2026-06"), ("GS", "2026-07"))}  # fmt: skip
    assert said["GT"] == "总额 10.01 元按建筑面积分摊，本户 89.2，全部 178.4，按比例分到分、合计不差，计 5.01 元"
    assert said["JC"] == "WY 共 209.62 元 × 10%，计 20.96 元"
    assert "面积 89.2" in said["GS"]
    assert _said(_of(office, "2026-06", "JC")[0], "取整") == ["20.962 元，四舍五入到分，得 20.96 元"]


def test_a_credit_is_said_to_be_prepaid(office: Office) -> None:
    office.clock.to("2026-08-02")
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "2").with_meter("3-1-101", on="2026-05-31")
    readings.add(office.manager, "3-1-101", "水", "20", date(2026, 6, 30), estimate=True)
    office.bill("2026-07")
    readings.add(office.manager, "3-1-101", "水", "12", date(2026, 7, 31))
    office.bill("2026-08")
    (charge,) = _of(office, "2026-07", "SF")
    assert (charge.fen, charge.open) == (-1_600, 0)
    assert _said(charge, "结余") == ["截至 2026-08-02：退还的 16.00 元已转入预存"]


def test_late_fee_after_a_part_was_paid_and_the_posted_one(priced: Office) -> None:
    priced.bill("2026-05", "2026-05-01")
    priced.pay("3-1-101", 10_000, on=date(2026, 6, 20), wishes=[Wish("WY", "2026-05")])
    principal, fee = _of(priced, "2026-05")
    assert (principal.paid, principal.open, fee.part, fee.fen, fee.open) == (9_801, 11_161, "late_fee", 199, 0)
    assert (
        "（209.62 × 19 天 + 111.61 × 16 天）× 日万分之5 = 2.88 元，其中已入账 1.99 元，尚未入账 0.89 元"
        in _said(principal, "违约金")[0]
    )
    assert principal.late_fee == 89
    assert _said(principal, "交费") == ["2026-06-20 收款 98.01 元，收据 S2026-00000001"]
    assert _said(fee, "计算")[0].endswith("本笔 1.99 元")
    # As of a day before the money came nothing was paid.
    (before,) = _of(priced, "2026-05", as_of="2026-06-10")
    assert (before.paid, before.open, before.late_fee) == (0, 20_962, 94)


def test_what_was_taken_back_and_adjusted(priced: Office) -> None:
    priced.bill("2026-06", "2026-06-01")
    paid = priced.pay("3-1-101", 20_962, method="wechat", wishes=[Wish("WY", "2026-06")])
    receipts.void(priced.manager, paid.receipt, "录错户")
    billing.void(priced.manager, "2026-06", "重出")
    priced.bill("2026-06", "2026-06-01")
    with priced.manager.transaction(write=True) as work:
        charge = work.driver("SELECT id, house_id FROM charge WHERE issue = 2 AND part = 'principal'").first()
        work.append(Adjustment, work.today, [(charge[0], -962, "waiver", 1)])
        work.driver("UPDATE open_charge SET open = open - 962 WHERE charge_id = ?", (charge[0],))
        work.audit("test.waived", "charge")
    found = [each for each in _of(priced, "2026-06") if each.part == "principal"]
    assert [(each.issue, each.fen, each.adjusted, each.open) for each in found] == [
        (1, 20_962, -20_962, 0), (2, 20_962, -962, 20_000)]  # fmt: skip
    titles = [entry.title for entry in found[0].payments]
    assert titles == ["收款", "撤销收款"]
    assert _said(found[1], "调整") == ["2026-07-06 减免 −9.62 元"]
    assert "第 2 次出账" in _said(found[1], "入账")[0]
    assert _said(found[1], "结余") == ["截至 2026-07-06：209.62 − 9.62（调整） = 200.00 元未交"]


def test_office_rules_that_changed_since_are_not_made_up(priced: Office) -> None:
    priced.bill("2026-07", "2026-07-01")
    with priced.manager.transaction(write=True) as work:
        work.driver("INSERT INTO rest_day (day, rest) VALUES ('2026-07-31', true)")
        work.audit("test.rest", "rest_day")
    assert "后来改过" in _said(_of(priced, "2026-07")[0], "应交日")[0]


def test_a_single_charge_is_due_on_its_day(priced: Office) -> None:
    priced.with_item("KA", "once", "20", houses="listed", name="门禁卡")
    one_off.post(priced.manager, "3-1-101", "KA")
    (charge,) = _of(priced, "2026-07", "KA")
    assert _said(charge, "应交日") == ["2026-07-06：入账当天到期"]


def test_an_opening_arrear_says_where_it_comes_from(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_item(name="物业费", late_rate=50_000).set(go_live="2026-07-01")
    rows: list[list[Any]] = [["房号", "收费项目", "账期起", "账期止", "欠费金额", "违约金"],
                             ["3-1-101", "物业费", "2025-01-01", "2025-01-31", "123.40", "1.20"]]  # fmt: skip
    office.command("import", "opening", str(a_workbook(tmp_path, {"欠费": rows}, name="期初.xlsx")))
    principal, fee = _of(office, "2025-01")
    assert _said(principal, "入账") == ["2026-06-30 期初带入 物业费（2025-01）123.40 元"]
    assert "期初导入时给出" in _said(principal, "应交日")[0]
    assert "自 2026-06-30 的次日起逾期 6 天" in _said(principal, "违约金")[0]
    assert (fee.part, fee.fen, _said(fee, "计算")) == ("late_fee", 120, [])


def test_refusals(priced: Office) -> None:
    priced.bill("2026-07", "2026-07-01")
    for house, period, day, code in (
        ("9-9-909", "2026-07", None, "unknown_house"),
        ("3-1-101", "2026-12", None, "nothing_charged"),
        ("3-1-101", "2026-07", date(2026, 7, 7), "future_day"),
        ("3-1-101", "2026-07", date(2026, 6, 30), "nothing_charged"),
    ):
        with pytest.raises(Refused) as refused:
            explain.explain(priced.manager, house, period, day)
        assert refused.value.problem.code == code


def test_the_command_and_its_sheet(priced: Office, tmp_path: Path) -> None:
    priced.with_staff("钱客服").with_meter("3-1-101")
    readings.add(priced.manager, "3-1-101", "水", "72.5", date(2026, 6, 30))
    priced.bill("2026-06", "2026-06-01")
    priced.bill("2026-07", "2026-07-01")
    status, said = priced.command("explain", "3-1-101", "--period", "2026-06", user="钱客服")
    assert (status, said["house"], said["period"], said["file"]) == (0, "3-1-0101", "2026-06", None)
    assert "key" not in said
    water, estate = said["charges"]
    assert (water["item"], water["item_name"], water["from"], water["to"], water["amount_fen"]) == (
        "SF", "水费", "2026-06-01", "2026-06-30", 32_340)  # fmt: skip
    assert [part["amount_fen"] for part in water["parts"]] == [10_350, 14_490, 7_500]
    assert estate["sentences"][0] == "入账：2026-06-01 应收 物业费（2026-06）209.62 元，账单 B2026-06-000001"
    file = tmp_path / "说明.pdf"
    status, printed = priced.command("explain", "3-1-101", "--period", "2026-06", "--out", str(file), "--key", "one")
    assert (status, printed["file"], printed["key"]) == (0, str(file), "one")
    text = "".join(page.text for page in pages(file))
    assert "费用说明" in text
    for sentence in water["sentences"]:
        assert sentence.partition("：")[2].replace(" ", "")[:12] in text
    assert priced.sql("SELECT count(*) FROM audit WHERE action = 'explanation.printed'") == [(1,)]
    assert priced.command("audit", "list", "--action", "explanation")[1]["records"][0]["title"] == "打印费用说明"


def test_a_principal_that_is_let_off_whole_bears_no_late_fee_any_more(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item(late_rate=50_000).bill("2026-05", "2026-05-01")
    (charge,) = explain.explain(office.manager, "3-1-0101", "2026-05").charges
    assert charge.late_fee > 0
    adjustments.adjust(office.manager, "3-1-0101", "write_off", [Change("WY", "2026-05", charge.open)], "判决免除")
    (charge,) = explain.explain(office.manager, "3-1-0101", "2026-05").charges
    assert (charge.open, charge.late_fee) == (0, 0)
    assert arrears.arrears(office.manager).late_fee_fen == 0
    assert not any("尚未入账" in sentence.text for sentence in charge.sentences)
