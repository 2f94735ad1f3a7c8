"""收费标准: items and prices, judged while they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from app.domain.problem import Problem
from app.services import fee_file, fees, shared_costs, tariffs
from app.services.fees import NewItem
from app.services.list_face import Query
from app.services.price_words import price_words, read_tiers
from tests.builders import PASSWORD, Office
from tests.ui.hands import type_in
from tests.ui.list_pages import go_to, open_page, settled
from ui.forms.tier_grid import TierGrid
from ui.pages.tariff_dialogs import AddPrice
from ui.pages.tariffs import TariffsPage
from ui.workers.runner import Runner


@pytest.fixture
def priced(office: Office) -> Office:
    office.with_houses().with_item().with_item("SF", "meter", None, houses="listed")
    office.bill("2026-06", "2026-06-01")
    return office.with_staff("赵财务", "郑审计")


def test_a_new_item_is_judged_as_it_is_typed_and_listed(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, TariffsPage, priced.seat("赵财务"))
    dialog = page.add_item()
    due = dialog.form.boxes["due_day"]
    type_in(due.edit, "45")
    assert not due.judge()
    due.put("20")
    type_in(dialog.form.boxes["code"].edit, "LJ")
    type_in(dialog.form.boxes["name"].edit, "垃圾费")
    dialog.form.boxes["kind"].put("flat")
    dialog.form.boxes["late_rate"].put("6")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert "已新增" in said.args[0]
    assert "万分之五" in said.args[0]
    settled(qtbot, page)
    assert page.view.body.model.rowCount() == 3
    facts = dict(fee_file.show(priced.manager, "LJ").facts)
    assert (facts["到期日"], facts["违约金"]) == ("每月 20 日", "日万分之6，不超过本金的 100%")


def test_a_first_price_holds_at_once_with_tiers(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, TariffsPage, priced.manager)
    go_to(qtbot, page, 2)
    dialog = page.add_price()
    assert dialog is not None
    assert "reason" not in dialog.form.boxes
    tiers = dialog.form.boxes["tiers"]
    grid = tiers.edit
    assert isinstance(grid, TierGrid)
    grid.adding.click()
    for edit, words in zip(
        [edit for pair in grid.rows for edit in pair], ("180", "3.5", "100", "4", "", "8"), strict=True
    ):
        type_in(edit, words)
    assert tiers.text() == "180=3.5，100=4，以上=8"
    assert not tiers.judge()
    grid.rows[1][1].clear()
    grid.hands()
    assert "第 2 级还没有填完" in tiers.problem.text if tiers.problem else False
    grid._tiers[1].drop.click()
    assert tiers.problem is None
    dialog.form.boxes["base_people"].put("4")
    dialog.form.boxes["allowance"].put("30")
    with qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    (row,) = [row for row in tariffs.listing(priced.manager) if row.item == "SF"]
    assert price_words("meter", row.params) == "180 以内 3.5；以上 8 元/单位"
    assert (row.params["base_people"], row.params["allowance"], row.params["resets"]) == (4, "30", "year")


def test_an_item_that_is_not_in_front_gets_no_price(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, TariffsPage, priced.manager)
    go_to(qtbot, page, page.view.body.model.keys[0])
    qtbot.waitUntil(page.pricing.isEnabled)
    page.view.body.ask(Query("没有这样的项目"))
    settled(qtbot, page)
    assert not page.pricing.isEnabled()
    assert page.add_price() is None


def test_a_later_price_needs_a_second_person(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, TariffsPage, priced.manager)
    go_to(qtbot, page, 1)
    dialog = page.add_price()
    assert dialog is not None
    dialog.form.fill({"from": "2026-08-01", "price": "2.8", "scope": "estate", "reason": "业主大会表决"})
    dialog.form.boxes["second"].put("赵财务")
    dialog.form.boxes["password"].put(PASSWORD)
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["费WY 从 2026-08-01 起按新价格计费。"]
    assert date(2026, 8, 1) in {row.valid_from for row in tariffs.listing(priced.manager)}
    settled(qtbot, page)
    page.go_view(1)
    qtbot.waitUntil(lambda: page.view.body.model.rowCount() == 2)


def test_the_auditor_reads_only(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, TariffsPage, priced.seat("郑审计"))
    go_to(qtbot, page, 1)
    assert page.add_price() is None
    assert not page.adding.isEnabled()


@pytest.mark.parametrize("typed", ["", "180", "180=", "=", "a b"])
def test_what_is_no_tier_is_refused(typed: str) -> None:
    with pytest.raises(Problem):
        read_tiers(typed)


def test_a_price_is_tried_while_it_is_typed(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, TariffsPage, priced.manager)
    go_to(qtbot, page, 1)
    dialog = page.add_price()
    assert dialog is not None
    assert "填好单价" in dialog.trial.one.text()
    type_in(dialog.form.boxes["price"].edit, "2.50")
    qtbot.waitUntil(lambda: "3-1-0101" in dialog.trial.one.text())
    assert "（89.20 m²）2026-07-01 至 2026-07-31：209.62 → 223.00 元" in dialog.trial.one.text()
    assert "管到 2 户，合计 419.24 → 446.00 元" in dialog.trial.every.text()
    type_in(dialog.trial.house, "3-1-0102")
    qtbot.waitUntil(lambda: "3-1-0102（" in dialog.trial.one.text())
    dialog.trial.house.clear()
    type_in(dialog.trial.house, "9-9-999")
    qtbot.waitUntil(lambda: "没有" in dialog.trial.one.text())


def _new_item(priced: Office, qtbot: QtBot, runner: Runner, kind: str) -> tuple[TariffsPage, AddPrice]:
    fees.add(priced.manager, NewItem("XM", "新项目", kind))
    page = open_page(qtbot, runner, TariffsPage, priced.manager)
    codes = [row.code for place in range(3) if (row := page.view.body.model.row_at(place)) is not None]
    go_to(qtbot, page, codes.index("XM") + 1)
    dialog = page.add_price()
    assert dialog is not None
    return page, dialog


def _saved(priced: Office) -> dict[str, object]:
    return next(dict(row.params) for row in tariffs.listing(priced.manager) if row.item == "XM")


def test_a_shared_item_is_priced_by_its_basis_and_takes_its_costs(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page, dialog = _new_item(priced, qtbot, runner, "shared")
    dialog.form.boxes["by"].put("floor")
    floors = dialog.form.boxes["floors"]
    floors.put("2=0.5，1=0，以上=1")
    assert not floors.judge()
    floors.put("1=0，以上=1")
    with qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    assert _saved(priced) == {"by": "floor", "floors": [{"to": 1, "factor": "0"}, {"to": None, "factor": "1"}]}
    settled(qtbot, page)
    cost = page.add_cost()
    assert cost is not None
    cost.form.boxes["amount"].put("1,234.56")
    cost.form.boxes["invoice"].put("F1")
    with qtbot.waitSignal(cost.landed) as said:
        cost.form.submit()
    assert "1,234.56 元已录入" in said.args[0]
    assert [row.amount_fen for row in shared_costs.listing(priced.manager)] == [123_456]
    qtbot.waitUntil(lambda: page.publishing.isEnabled())
    notice = page.publish_cost()
    assert notice is not None
    notice.form.submit()
    # The price begins after the period of the cost.
    qtbot.waitUntil(lambda: "没有有效的收费标准" in notice.form.message.said.text())
    notice.finish()
    tariffs.add(priced.manager, page.costs[0].item, date(2026, 1, 1), {"by": "area"})
    again = page.publish_cost()
    assert again is not None
    with qtbot.waitSignal(again.landed) as said, qtbot.waitSignal(page.wanted):
        again.form.submit()
    assert said.args[0].endswith("的公示已做好：1,234.56 元，2 户。")


def test_a_formula_is_judged_as_it_is_left(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    _, dialog = _new_item(priced, qtbot, runner, "formula")
    box = dialog.form.boxes["formula"]
    for typed, why in (("面积", "不是金额"), ("体积 * 2", "不认识"), ("面积 * 2 +", "没有写完"), ("5 / 0", "除以了 0")):
        box.put(typed)
        assert not box.judge()
        assert box.problem is not None
        assert why in box.problem.text
    box.put("面积 * 2.35 * 月数")
    qtbot.waitUntil(lambda: not dialog.page.runner.busy)
    dialog.trial.again()
    qtbot.waitUntil(lambda: "209.62" in dialog.trial.one.text())
    with qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    assert _saved(priced) == {"formula": "面积 * 2.35 * 月数"}


def test_percentages_in_a_circle_stand_at_their_field(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    _, dialog = _new_item(priced, qtbot, runner, "percent")
    dialog.form.boxes["percent"].put("10")
    dialog.form.boxes["of"].put("XM")
    dialog.form.submit()
    qtbot.waitUntil(lambda: dialog.form.boxes["of"].problem is not None)
    why = dialog.form.boxes["of"].problem
    assert why is not None
    assert "绕成了圈" in why.text
    dialog.form.boxes["of"].put("WY")
    with qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    assert _saved(priced) == {"percent": "10", "of": ["WY"]}


def test_all_prices_are_raised_together_and_shown_first(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, TariffsPage, priced.manager)
    dialog = page.copy_prices()
    dialog.form.boxes["percent"].put("3")
    dialog.rehearse()
    qtbot.waitUntil(lambda: "2.35 元 → 2.42 元" in dialog.shown.text())
    dialog.form.boxes["reason"].put("业主大会表决")
    dialog.form.boxes["second"].put("赵财务")
    dialog.form.boxes["password"].put(PASSWORD)
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["1 个标准从 2027-01-01 起调 3%。"]
