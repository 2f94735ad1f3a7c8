"""The bill run in the window: what is missing and what changed is seen before anything is posted."""

from __future__ import annotations

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from app.services import billing_review
from tests.builders import Office
from tests.ui.hands import show
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton
from ui.pages.bill_range import ChooseRange
from ui.pages.billing import BillingPage
from ui.workers.runner import Runner


@pytest.fixture
def page(office: Office, runner: Runner, qtbot: QtBot) -> BillingPage:
    office.with_houses(("3-1-0101", "3-1-0102")).with_item(name="物业费").with_item("SF", "meter", "3.5", name="水费")
    office.with_item("LJ", "flat", None, name="垃圾费")
    office.bill("2026-06", "2026-06-01")
    office.with_tariff("WY", "2.80", "2026-07-01")
    made = BillingPage(office.manager, runner)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    show(qtbot, made)
    qtbot.waitUntil(lambda: bool(made.items.texts), timeout=5000)
    return made


def test_the_review_names_items_changes_and_what_is_missing(page: BillingPage, office: Office) -> None:
    assert page.month.text() == "2026 年 7 月"
    assert list(page.items.texts[0]) == [
        "物业费", "2", "499.52", "419.24", "+80.28　▲ 19.1%"]  # fmt: skip
    review = billing_review.review(office.manager, "2026-07")
    assert {row.title: row.count for row in review.kept_back} == {"没有收费标准": 2, "没有可以出账的读数": 2}
    assert page.post.text() == "过账 2 户…"
    assert office.sql("SELECT count(*) FROM bill_run") == [(1,)]


@pytest.mark.parametrize(("login", "offered"), [("赵财务", ["补录读数", "设标准"]), ("郑审计", [])])
def test_mending_is_offered_to_who_may(
    page: BillingPage, office: Office, runner: Runner, qtbot: QtBot, login: str, offered: list[str]
) -> None:
    office.with_staff()
    theirs = BillingPage(office.seat(login), runner)
    qtbot.addWidget(theirs)
    show(qtbot, theirs)
    qtbot.waitUntil(lambda: bool(theirs.items.texts), timeout=5000)
    words = {button.text() for button in theirs.findChildren(HintButton)}
    assert sorted(words & {"补录读数", "设标准", "补面积"}) == offered


def test_posting_asks_once_and_says_what_it_did(page: BillingPage, office: Office, qtbot: QtBot) -> None:
    page.go.trigger()
    asked = page.findChild(Confirm)
    assert asked is not None
    asked.keep.click()
    assert office.sql("SELECT count(*) FROM bill_run") == [(1,)]
    page.go.trigger()
    asked = page.findChildren(Confirm)[-1]
    with qtbot.waitSignal(page.said, timeout=5000) as said:
        asked.act.click()
    assert said.args[0] == "2026-07 已过账：2 张账单，2 笔，499.52 元。"
    qtbot.waitUntil(lambda: page.state.word == "已出账 1 次", timeout=5000)
    assert not page.go.isEnabled()
    with qtbot.waitSignal(page.wanted, timeout=10_000) as wanted:
        page.to_paper.trigger()
    assert wanted.args[0] == "print"


def test_the_months_report_comes_in_front(page: BillingPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.wanted, timeout=10_000) as wanted:
        page.reporting.trigger()
    key, job = wanted.args
    assert (key, job.file.name) == ("print", "report-2026-07.pdf")
    assert job.file.is_file()


def test_houses_of_an_item_and_another_month(page: BillingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(page.houses.table.texts) == 2, timeout=5000)
    assert page.houses.table.texts[0][0] == "3-1-0101"
    page.later.trigger()
    assert page.month.text() == "2026 年 8 月"
    qtbot.waitUntil(lambda: page.state.word == "未出账", timeout=5000)


def test_a_house_says_how_its_line_arises_and_why_it_differs(page: BillingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(page.houses.table.texts) == 2, timeout=5000)
    page.houses.table.selectRow(1)
    assert page.houses.how.text() == "3-1-0102　物业费　89.2 m² × 2.80"
    assert page.houses.why.text() == "变化原因：标准 2.35 → 2.80。"
    assert page.change_sum.text() == "+80.28　▲ 19.1%"


def test_what_deserves_a_look_opens_its_houses(page: BillingPage, qtbot: QtBot) -> None:
    def buttons(word: str) -> list[HintButton]:
        found = [one for one in page.looks.findChildren(HintButton) if one.text() == word]
        return [one for one in found if not one.isHidden()]

    qtbot.waitUntil(lambda: len(buttons("查看")) == 1, timeout=5000)
    page.houses.put("", ())
    buttons("查看")[0].click()
    qtbot.waitUntil(lambda: len(page.houses.table.texts) == 2, timeout=5000)
    assert page.houses.which.text() == "标准有变　2 笔"
    page.items.clearSelection()
    buttons("看明细")[0].click()
    assert page.items.selected() == (0,)


def test_the_rehearsal_is_taken_away_as_a_workbook(page: BillingPage, office: Office, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.comparing.isEnabled(), timeout=5000)
    page.comparing.trigger()
    target = office.folder / "out" / "出账预览-2026-07.xlsx"
    qtbot.waitUntil(lambda: page.message.said.text().startswith("出账预览已导出：2 行"), timeout=5000)
    assert openpyxl.load_workbook(target).sheetnames == ["逐户", "按项目", "不能出"]
    assert office.sql("SELECT count(*) FROM bill_run") == [(1,)]


def test_a_month_is_taken_back_with_its_number_of_bills(page: BillingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.go.isEnabled(), timeout=5000)
    assert page.void_button.isHidden()
    page.posting._post(page._review)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: page.voiding.isEnabled(), timeout=5000)
    asked = page.void_month()
    assert asked is not None
    asked.form.boxes["reason"].put("单价设错")
    asked.form.boxes["count"].put("3")
    asked.form.submit()
    assert asked.form.boxes["count"].problem is not None
    asked.form.boxes["count"].put("2")
    with qtbot.waitSignal(asked.landed, timeout=5000) as said:
        asked.form.submit()
    assert said.args[0].startswith("2026-07 已作废：2 张账单")
    qtbot.waitUntil(lambda: page.go.isEnabled(), timeout=5000)
    assert page.void_button.isHidden()


def test_one_run_of_a_month_is_taken_back(page: BillingPage, office: Office, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.go.isEnabled(), timeout=5000)
    page.posting._post(page._review)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: page.voiding.isEnabled(), timeout=5000)
    office.with_houses(("4-1-0103",)).bill("2026-07")
    page.reload()
    qtbot.waitUntil(lambda: page.state.word == "已出账 2 次", timeout=5000)
    asked = page.void_month()
    assert asked is not None
    asked.form.fill({"run": "2", "reason": "多出了一户", "count": "2"})
    asked.form.submit()
    assert asked.form.boxes["count"].problem is not None
    asked.form.boxes["count"].put("1")
    with qtbot.waitSignal(asked.landed, timeout=5000) as said:
        asked.form.submit()
    assert said.args[0].startswith("2026-07 已作废：1 张账单")
    qtbot.waitUntil(lambda: page.state.word == "已出账 1 次", timeout=5000)


def test_only_one_item_of_one_house(page: BillingPage, office: Office, qtbot: QtBot) -> None:
    page.choose()
    qtbot.waitUntil(lambda: page.findChild(ChooseRange) is not None, timeout=5000)
    asked = page.findChild(ChooseRange)
    assert asked is not None
    asked.form.fill({"items": "WY", "houses": "9-9-901"})
    asked.form.submit()
    qtbot.waitUntil(lambda: "没有这个房号" in page.message.said.text(), timeout=5000)
    page.choose()
    qtbot.waitUntil(lambda: len(page.findChildren(ChooseRange)) == 1, timeout=5000)
    asked = page.findChild(ChooseRange)
    assert asked is not None
    assert asked.form.typed["houses"] == "9-9-901"
    asked.form.fill({"items": "WY", "houses": "3-1-102"})
    asked.form.submit()
    qtbot.waitUntil(lambda: page.post.text() == "过账 1 户…", timeout=5000)
    assert page.narrow.text() == "只出 WY；3-1-102"
    with qtbot.waitSignal(page.said, timeout=5000):
        page.posting._post(page._review)  # type: ignore[arg-type]
    assert office.sql("SELECT count(*) FROM charge WHERE billing_month = '2026-07'") == [(1,)]
    page.whole.click()
    qtbot.waitUntil(lambda: "可以补出 1 户" in page.head.scope.text(), timeout=5000)
    assert page.whole.isHidden()
