"""What a house is handed at the desk, and an item it is given."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.builders import Office
from tests.ui.list_pages import go_to, open_page, settled
from ui.forms.hint_button import HintButton
from ui.pages.discount_dialogs import EndDiscount, GiveDiscount
from ui.pages.dispute_dialog import Contest
from ui.pages.explaining import Explain
from ui.pages.house_dialogs import GiveItem, HandStatement, IssueProof
from ui.pages.houses import HousesPage
from ui.pages.panel_table import PanelTable
from ui.pages.printing import page_count
from ui.pages.settle_dialog import HandOver, SettleHouse, SettleMoney
from ui.workers.runner import Runner


@pytest.fixture
def paid(office: Office) -> Office:
    office.with_houses().with_item(name="物业费").with_item("CW", "flat", "80", name="车位费", houses="listed")
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-0101", 20962)
    return office.with_staff("郑审计")


def test_a_statement_and_a_proof_are_printed_from_the_panel(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, paid.manager)
    statement = page.open_dialog(HandStatement(page, "3-1-0101"))
    statement.form.boxes["first"].put("2026-06-01")
    with qtbot.waitSignal(page.wanted) as sent:
        statement.form.submit()
    assert page_count(sent.args[1].file) == 1
    proof = page.open_dialog(IssueProof(page, "3-1-0101"))
    with qtbot.waitSignals([page.wanted, proof.landed]):
        proof.form.submit()
    assert "共 209.62 元，第 1 份" in page.message.said.text()
    other = page.open_dialog(IssueProof(page, "3-1-0102"))
    other.form.submit()
    qtbot.waitUntil(lambda: other.form.message.isVisible())
    assert "没有" in other.form.message.said.text()


def test_a_house_is_given_an_item(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, paid.manager)
    page.give_item("3-1-0101")
    qtbot.waitUntil(lambda: bool(page.findChildren(GiveItem)))
    dialog = page.findChildren(GiveItem)[0]
    dialog.form.boxes["item"].put("CW")
    dialog.form.boxes["from"].put("2026-07-01")
    dialog.form.boxes["count"].put("x")
    dialog.form.submit()
    assert dialog.form.boxes["count"].problem is not None
    dialog.form.boxes["count"].put("2")
    with qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    assert paid.sql("SELECT count, valid_from FROM house_item") == [(2, "2026-07-01")]


def test_the_auditor_gets_a_statement_and_nothing_that_writes(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, paid.seat("郑审计"))
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    words = {button.text() for button in page.panel.findChildren(HintButton)}
    assert "对账单…" in words
    assert not {"缴费证明…", "加收费项目…", "去收款"} & words


def test_a_charge_is_explained_on_screen_and_on_paper(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, paid.seat("郑审计"))
    dialog = page.open_dialog(Explain(page, "3-1-0101"))
    assert isinstance(dialog, Explain)

    def said() -> str:
        return "\n".join(label.text() for label in dialog.findChildren(QLabel))

    qtbot.waitUntil(lambda: "没有" in said())
    dialog.form.boxes["period"].put("2026-06")
    dialog.read()
    qtbot.waitUntil(lambda: "209.62 元" in said())
    assert "物业费" in said()
    assert "× 2.35" in said()
    assert "收款" in said()
    with qtbot.waitSignal(page.wanted) as sent:
        dialog.form.submit()
    assert page_count(sent.args[1].file) == 1


def test_a_house_gets_a_discount_and_loses_it(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, paid.manager)
    page.give_discount("3-1-0101")
    qtbot.waitUntil(lambda: bool(page.findChildren(GiveDiscount)))
    dialog = page.findChildren(GiveDiscount)[0]
    for key, typed in (("factor", "0.7"), ("reason", "空置申请"), ("from", "2026-07-01"), ("to", "2026-12-31")):
        dialog.form.boxes[key].put(typed)
    with qtbot.waitSignal(dialog.landed) as sent:
        dialog.form.submit()
    assert sent.args == ["3-1-0101 空置折扣 0.7，2026-07-01 至 2026-12-31。"]
    go_to(qtbot, page, 1)
    settled(qtbot, page)
    button = next(each for each in page.panel.findChildren(HintButton) if each.text() == "结束折扣…")
    button.click()
    ending = page.findChildren(EndDiscount)[0]
    ending.form.boxes["on"].put("2026-09-30")
    ending.form.boxes["reason"].put("已入住")
    with qtbot.waitSignal(ending.landed) as sent:
        ending.form.submit()
    assert sent.args == ["3-1-0101 的空置折扣到 2026-09-30 为止。"]


def _flagged(page: HousesPage) -> bool:
    tables = [each for each in page.panel.findChildren(PanelTable) if each.accessibleName() == "未清费用"]
    return bool(tables) and tables[-1].rows.columns[-1].key == "state"


def test_a_charge_is_contested_from_the_account(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, paid.manager)
    go_to(qtbot, page, 2)
    settled(qtbot, page)
    for act, said in (("add", "已登记争议，暂不催缴。"), ("end", "的争议已了结，从明天起照常催缴。")):
        [each for each in page.panel.findChildren(HintButton) if each.text() == "争议…"][-1].click()
        dialog = next(each for each in page.findChildren(Contest) if each.isVisible())
        assert dialog.form.typed["act"] == act
        dialog.form.boxes["reason"].put("电梯停运")
        with qtbot.waitSignal(dialog.landed) as sent:
            dialog.form.submit()
        assert sent.args[0].endswith(said)
        qtbot.waitUntil(lambda act=act: _flagged(page) == (act == "add"))


def test_a_house_is_settled_in_three_steps(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, HousesPage, paid.manager)
    page.settle("3-1-0102")
    qtbot.waitUntil(lambda: bool(page.findChildren(SettleHouse)))
    first = page.findChildren(SettleHouse)[0]
    first.form.boxes["on"].put("2026-06-15")
    first.form.boxes["follower"].put("李接手")
    first.form.boxes["follower"].typed.emit()
    qtbot.waitUntil(lambda: first.live.answer is not None)
    assert first.live.one.text() == "业主3-1-0102 应交 97.82 元（到 2026-06-14），之后由 李接手 付"
    first.form.submit()
    qtbot.waitUntil(lambda: bool(page.findChildren(HandOver)))
    second = page.findChildren(HandOver)[0]
    second.form.fill({"keys": "3", "cards": "0", "papers": "id,deed", "deposit": "none", "note": "水卡 1 张"})
    second.form.submit()
    qtbot.waitUntil(lambda: bool(page.findChildren(SettleMoney)))
    third = page.findChildren(SettleMoney)[0]
    third.form.boxes["pay"].put("cash")
    with qtbot.waitSignal(third.landed) as sent:
        third.form.submit()
    assert sent.args[0].startswith("3-1-0102 已结算到 2026-06-14，以后由 李接手 付款；结算单 G2026-000001，收据 S2026-")


def test_the_front_desk_prepares_what_an_accountant_settles(paid: Office, qtbot: QtBot, runner: Runner) -> None:
    paid.with_staff("钱客服", "赵财务")
    page = open_page(qtbot, runner, HousesPage, paid.seat("钱客服"))
    page.settle("3-1-0102")
    qtbot.waitUntil(lambda: bool(page.findChildren(SettleHouse)))
    first = page.findChildren(SettleHouse)[0]
    assert not hasattr(first, "live")
    first.form.fill({**first.form.typed, "on": "2026-06-15", "follower": "李接手"})
    first.form.submit()
    qtbot.waitUntil(lambda: bool(page.findChildren(HandOver)))
    second = page.findChildren(HandOver)[0]
    second.form.fill({**second.form.typed, "keys": "2", "papers": "id"})
    with qtbot.waitSignal(second.landed) as sent:
        second.form.submit()
    assert sent.args == ["3-1-0102 的过户已准备好，等财务结算。"]
    other = open_page(qtbot, runner, HousesPage, paid.seat("赵财务"))
    other.settle("3-1-0102")
    qtbot.waitUntil(lambda: bool(other.findChildren(SettleHouse)))
    again = other.findChildren(SettleHouse)[0]
    assert (again.form.typed["follower"], again.form.typed["on"]) == ("李接手", "2026-06-15")
    qtbot.waitUntil(lambda: again.live.answer is not None)
    again.form.submit()
    qtbot.waitUntil(lambda: bool(other.findChildren(HandOver)))
    typed = other.findChildren(HandOver)[0].form.typed
    assert (typed["keys"], typed["papers"], typed["cards"]) == ("2", "id", "")
