"""收费标准: items and prices, judged while they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from app.domain.problem import Problem
from app.services import approvals, fee_file, fees, price_file, shared_costs, tariffs
from app.services.fees import NewItem
from app.services.price_words import price_words, read_tiers
from app.services.seat import Seat
from tests.builders import PASSWORD, Office
from tests.ui.hands import type_in
from ui.forms.form import Form
from ui.forms.tier_grid import TierGrid
from ui.pages.pricing_part import PricingPart
from ui.pages.tariffs import ITEMS, PRICES, TariffsPage
from ui.workers.runner import Runner


@pytest.fixture
def priced(office: Office) -> Office:
    office.with_houses().with_item().with_item("SF", "meter", None, houses="listed")
    office.bill("2026-06", "2026-06-01")
    return office.with_staff("赵财务", "郑审计")


def _open(qtbot: QtBot, runner: Runner, seat: Seat) -> TariffsPage:
    page = TariffsPage(seat, runner)
    qtbot.addWidget(page)
    page.resize(1190, 720)
    with qtbot.waitExposed(page):
        page.show()
    _shown(qtbot, page.pricing)
    return page


def _shown(qtbot: QtBot, part: PricingPart, code: str | None = None) -> None:
    """Wait until a branch of an item is in front."""
    qtbot.waitUntil(lambda: part.file is not None and code in (None, part.file.item.code) and not part.page.runner.busy)


def _price(qtbot: QtBot, page: TariffsPage, code: str) -> Form:
    """The form of an item's price."""
    page.pricing.go_to(code)
    _shown(qtbot, page.pricing, code)
    assert page.pricing.form is not None
    return page.pricing.form


def _submitted(qtbot: QtBot, page: TariffsPage) -> str:
    page.pricing.submitting.trigger()
    qtbot.waitUntil(lambda: page.message.isVisible() and not page.runner.busy)
    return page.message.said.text()


def test_a_new_item_is_judged_as_it_is_typed_and_listed(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.seat("赵财务"))
    dialog = page.pricing.add_item()
    dialog.form.boxes["preset"].put("车位管理费")
    dialog.form.boxes["preset"].typed.emit()
    assert {key: dialog.form.typed[key] for key in ("code", "kind", "houses", "anchor")} == {
        "code": "CW", "kind": "flat", "houses": "parking", "anchor": "1"}  # fmt: skip
    for key in ("code", "name"):
        dialog.form.boxes[key].put("")
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
    _shown(qtbot, page.pricing, "LJ")
    assert page.pricing.scope == "3 个项目，1 个标准在用"
    page.go(ITEMS)
    body = page.items.list
    qtbot.waitUntil(lambda: body.model.rowCount() == 3)
    assert body.filters.search.mapTo(page, QPoint(0, 0)).x() == body.table.mapTo(page, QPoint(0, 0)).x()
    facts = dict(fee_file.show(priced.manager, "LJ").facts)
    assert (facts["到期日"], facts["违约金"]) == ("20 日", "日万分之6，不超过本金的 100%")


def test_a_first_price_holds_at_once_with_tiers(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.manager)
    form = _price(qtbot, page, "SF")
    assert page.pricing.submitting.text() == "启用"
    assert "second" not in form.boxes
    tiers = form.boxes["tiers"]
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
    form.boxes["base_people"].put("4")
    form.boxes["allowance"].put("30")
    assert _submitted(qtbot, page) == "费SF 从 2026-07-01 起按新价格计费。"
    (row,) = [row for row in tariffs.listing(priced.manager) if row.item == "SF"]
    assert price_words("meter", row.params) == "180 以内 3.5；以上 8 元/单位"
    assert price_words("flat", {"price": "12000.5"}) == "12,000.5 元/月"
    assert (row.params["base_people"], row.params["allowance"], row.params["resets"]) == (4, "30", "year")


def test_a_later_price_needs_a_second_person(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.manager)
    form = _price(qtbot, page, "WY")
    assert page.pricing.submitting.text() == "提交审批"
    assert form.typed["price"] == "2.35"
    assert not form.dirty
    for key, words in {"from": "2026-08-01", "price": "2.8", "second": "赵财务", "password": PASSWORD}.items():
        form.boxes[key].put(words)
    page.pricing.submitting.trigger()
    assert form.boxes["reason"].problem is not None
    form.boxes["reason"].put("业主大会表决")
    assert _submitted(qtbot, page) == "费WY 从 2026-08-01 起按新价格计费。"
    assert date(2026, 8, 1) in {row.valid_from for row in tariffs.listing(priced.manager)}
    qtbot.waitUntil(lambda: len(page.pricing.versions.texts) == 2)
    assert [row[:2] for row in page.pricing.versions.texts] == [("v2", "2026-08-01"), ("v1", "2026-01-01")]
    assert [row[3:5] for row in page.pricing.versions.texts] == [
        ("2.8 元/m²·月", "未生效"), ("2.35 元/m²·月（已出账）", "在用")]  # fmt: skip
    page.go(PRICES)
    qtbot.waitUntil(lambda: page.prices.list.model.rowCount() == 2)


def test_a_price_of_one_building_waits_for_another_and_stands_in_the_tree(
    priced: Office, qtbot: QtBot, runner: Runner
) -> None:
    page = _open(qtbot, runner, priced.seat("赵财务"))
    form = _price(qtbot, page, "WY")
    assert form.boxes["where"].isHidden()
    form.boxes["scope"].put("building")
    form.boxes["scope"].typed.emit()
    assert not form.boxes["where"].isHidden()
    for key, words in {"where": "3号楼", "from": "2026-07-01", "price": "2.5", "reason": "合同"}.items():
        form.boxes[key].put(words)
    said = _submitted(qtbot, page)
    assert said == "价格申请 A2026-000001 已提交，等批准。"
    building = page.pricing.tree.branch_of("WY", "building", "3")
    assert building is not None
    assert (building.title, building.state) == ("3 栋", "asked")
    asked = price_file.show(priced.manager, "WY", "building", "3").versions
    assert [(row.label, row.state, row.maker) for row in asked] == [("A2026-000001", "asked", "赵财务")]
    approvals.yes(priced.manager, "A2026-000001")
    found = price_file.show(priced.manager, "WY", "building", "3")
    assert [(row.label, row.state, row.maker, row.basis) for row in found.versions] == [("v1", "now", "赵财务", "合同")]
    assert (found.houses, price_file.show(priced.manager, "WY").elsewhere) == (2, (("3 栋", 2),))


def test_what_was_typed_is_asked_about_before_another_price(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.manager)
    form = _price(qtbot, page, "WY")
    type_in(form.boxes["price"].edit, "9")
    assert page.dirty
    page.pricing.go_to("SF")
    asked = page.findChild(type(form), "leaving")
    assert asked is None
    leaving = next(child for child in page.children() if child.objectName() == "leaving")
    leaving.chosen.emit("drop")  # type: ignore[attr-defined]
    _shown(qtbot, page.pricing, "SF")
    assert not page.dirty


def test_the_auditor_reads_only(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.seat("郑审计"))
    assert page.pricing.form is None
    assert [row[3] for row in page.pricing.versions.texts] == []
    page.pricing.go_to("WY")
    _shown(qtbot, page.pricing, "WY")
    assert [row[3] for row in page.pricing.versions.texts] == ["2.35 元/m²·月（已出账）"]
    assert not page.pricing.adding.isEnabled()


@pytest.mark.parametrize("typed", ["", "180", "180=", "=", "a b"])
def test_what_is_no_tier_is_refused(typed: str) -> None:
    with pytest.raises(Problem):
        read_tiers(typed)


def test_a_price_is_tried_while_it_is_typed(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.manager)
    form = _price(qtbot, page, "WY")
    trial = page.pricing.trial
    qtbot.waitUntil(lambda: trial.trial is not None)
    assert "3-1-0101（89.20 m²）2026-07-01 至 2026-07-31" in trial.one.text()
    assert [figure.text() for _, figure in trial._figures] == ["209.62", "209.62", "不变"]
    form.boxes["price"].edit.clear()  # type: ignore[attr-defined]
    trial.look()
    assert "填好单价" in trial.one.text()
    type_in(form.boxes["price"].edit, "2.50")
    qtbot.waitUntil(lambda: trial.trial is not None)
    assert [figure.text() for _, figure in trial._figures] == ["209.62", "223.00", "+13.38　▲ 6.4%"]
    assert "管到 2 户，合计 419.24 → 446.00 元，每期多收 26.76 元" in trial.every.text()
    type_in(trial.house, "3-1-0102")
    qtbot.waitUntil(lambda: "3-1-0102（" in trial.one.text())
    trial.house.clear()
    type_in(trial.house, "9-9-999")
    qtbot.waitUntil(lambda: "没有" in trial.one.text())


def _new_item(priced: Office, qtbot: QtBot, runner: Runner, kind: str) -> tuple[TariffsPage, Form]:
    fees.add(priced.manager, NewItem("XM", "新项目", kind))
    page = _open(qtbot, runner, priced.manager)
    return page, _price(qtbot, page, "XM")


def _saved(priced: Office) -> dict[str, object]:
    return next(dict(row.params) for row in tariffs.listing(priced.manager) if row.item == "XM")


def test_a_shared_item_is_priced_by_its_basis_and_takes_its_costs(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page, form = _new_item(priced, qtbot, runner, "shared")
    form.boxes["by"].put("floor")
    floors = form.boxes["floors"]
    floors.put("2=0.5，1=0，以上=1")
    assert not floors.judge()
    floors.put("1=0，以上=1")
    _submitted(qtbot, page)
    assert _saved(priced) == {"by": "floor", "floors": [{"to": 1, "factor": "0"}, {"to": None, "factor": "1"}]}
    part = page.pricing
    qtbot.waitUntil(lambda: part.form is not None and part.form.typed["floors"] == "1=0，以上=1")
    cost = part.add_cost()
    assert cost is not None
    cost.form.boxes["amount"].put("1,234.56")
    cost.form.boxes["invoice"].put("F1")
    with qtbot.waitSignal(cost.landed) as said:
        cost.form.submit()
    assert "1,234.56 元已录入" in said.args[0]
    assert [row.amount_fen for row in shared_costs.listing(priced.manager)] == [123_456]
    qtbot.waitUntil(lambda: part.publishing.isEnabled())
    notice = part.publish_cost()
    assert notice is not None
    notice.form.submit()
    # The price begins after the period of the cost.
    qtbot.waitUntil(lambda: "没有有效的收费标准" in notice.form.message.said.text())
    notice.finish()
    tariffs.add(priced.manager, part.costs[0].item, date(2026, 1, 1), {"by": "area"})
    again = part.publish_cost()
    assert again is not None
    with qtbot.waitSignal(again.landed) as said, qtbot.waitSignal(page.wanted):
        again.form.submit()
    assert said.args[0].endswith("的公示已做好：1,234.56 元，2 户。")


def test_a_formula_is_judged_as_it_is_left(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page, form = _new_item(priced, qtbot, runner, "formula")
    box = form.boxes["formula"]
    for typed, why in (("面积", "不是金额"), ("体积 * 2", "不认识"), ("面积 * 2 +", "没有写完"), ("5 / 0", "除以了 0")):
        box.put(typed)
        assert not box.judge()
        assert box.problem is not None
        assert why in box.problem.text
    box.put("面积 * 2.35 * 月数")
    box.typed.emit()
    trial = page.pricing.trial
    qtbot.waitUntil(lambda: trial._figures[1][1].text() == "209.62")
    _submitted(qtbot, page)
    assert _saved(priced) == {"formula": "面积 * 2.35 * 月数"}


def test_percentages_in_a_circle_stand_at_their_field(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page, form = _new_item(priced, qtbot, runner, "percent")
    assert page.pricing.trial.isHidden()
    form.boxes["percent"].put("10")
    form.boxes["of"].put("XM")
    form.submit()
    qtbot.waitUntil(lambda: form.boxes["of"].problem is not None)
    why = form.boxes["of"].problem
    assert why is not None
    assert "绕成了圈" in why.text
    form.boxes["of"].put("WY")
    _submitted(qtbot, page)
    assert _saved(priced) == {"percent": "10", "of": ["WY"]}


def test_rules_change_from_a_day_on(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.manager)
    _price(qtbot, page, "WY")
    dialog = page.pricing.change_rules()
    assert dialog is not None
    assert dialog.form.typed["grace"] == "0"
    for key, words in {"from": "2026-08-01", "due_offset": "1", "late_rate": "5", "part_month": "thirty_days",
                       "reason": "新合同"}.items():  # fmt: skip
        dialog.form.boxes[key].put(words)
    dialog.form.boxes["second"].put("赵财务")
    dialog.form.boxes["password"].put(PASSWORD)
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["费WY 从 2026-08-01 起改了到期月、违约金、不足一月。"]


def test_a_row_of_the_lists_comes_in_front_as_a_price(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.manager)
    page.go(PRICES)
    body = page.prices.list
    qtbot.waitUntil(lambda: body.model.rowCount() == 1 and body.model.row_at(0) is not None)
    body.opened.emit(body.model.key_at(0))
    _shown(qtbot, page.pricing, "WY")
    assert page.part is page.pricing
    page.open_with("SF")
    _shown(qtbot, page.pricing, "SF")


def test_all_prices_are_raised_together_and_shown_first(priced: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _open(qtbot, runner, priced.manager)
    dialog = page.pricing.copy_prices()
    choices = dict(dialog.form.boxes["items"].field.choices)
    assert choices["WY"] == "费WY"
    dialog.form.boxes["items"].put("WY")
    dialog.form.boxes["percent"].put("3")
    dialog.rehearse()
    qtbot.waitUntil(lambda: "费WY（全小区）：2.35 元 → 2.42 元" in dialog.shown.text())
    dialog.form.boxes["reason"].put("业主大会表决")
    dialog.form.boxes["second"].put("赵财务")
    dialog.form.boxes["password"].put(PASSWORD)
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["1 个标准从 2027-01-01 起调 3%。"]
