"""流水 under 账单与收款: a line is looked at, confirmed, booked, left aside; a bank's columns are put right once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt

from app.services import bank, imports
from app.services.list_face import Query
from tests.builders import Office
from tests.ui.hands import press, type_in
from tests.ui.windows import Desk
from ui.forms.hint_button import HintButton
from ui.pages.bank_panel import BookLine, ConfirmLine, IgnoreLine, TakeBackLine
from ui.pages.bills import BANK_VIEW, BillsPage
from ui.pages.dialog import Dialog
from ui.pages.importing import ImportPage

LINES = """交易日期,收入金额,对方户名,交易流水号,附言
2026-07-04,50.00,张某,B1,物业费
2026-07-05,88.00,李某,B2,3-1-0102 物业费
2026-07-05,0.31,,B3,利息
"""


def _page(desk: Desk, office: Office) -> BillsPage:
    shell = desk.log_in_billed(office, "王经理")
    office.pay("3-1-0101", 5_000, method="wechat", on=date(2026, 7, 3))
    office.pay("3-1-0102", 5_000, method="wechat", on=date(2026, 7, 4))
    path = office.folder.parent / "流水.csv"
    path.write_text(LINES, encoding="utf-8")
    opened = imports.read(path, "bank", date(2026, 7, 6))
    imports.bank(office.manager, opened.source, book=opened.book)
    shell.go("bills")
    desk.quiet()
    page = shell.page
    assert isinstance(page, BillsPage)
    page.go_view(BANK_VIEW)
    desk.quiet()
    return page


def test_lines_are_confirmed_booked_and_left_aside(desk: Desk, office: Office) -> None:
    page = _page(desk, office)
    shown = {row.line: row for row in bank.listing(office.manager)}
    assert [len(shown[f"Y2026-00000{n}"].candidates) for n in (1, 2, 3)] == [2, 0, 0]
    seen: list[str] = []
    for word, kind, typed in (
        ("忽略…", IgnoreLine, {"reason": "利息"}),
        ("登记为收款…", BookLine, {}),
        ("确认是这笔", ConfirmLine, {}),
    ):
        wanted = {"忽略…": "Y2026-000003", "登记为收款…": "Y2026-000002", "确认是这笔": "Y2026-000001"}[word]
        _to(desk, page, wanted)
        dialog = _ask(desk, page, word, kind)
        for key, text in typed.items():
            dialog.form.boxes[key].put(text)
        with desk.qtbot.waitSignal(dialog.landed) as said:
            dialog.form.submit()
        seen.append(said.args[0])
        desk.quiet()
    assert seen == [
        "流水 Y2026-000003 已忽略。",
        "3-1-0102 收款 88.00 元已登记，收据 S2026-00000003。",
        "流水 Y2026-000001 已核对：收据 S2026-00000002。",
    ]
    assert [row.state for row in bank.listing(office.manager)] == ["ignored", "booked", "matched"]
    _to(desk, page, "Y2026-000001")
    dialog = _ask(desk, page, "取消核对…", TakeBackLine)
    dialog.form.submit()
    assert dialog.form.boxes["reason"].problem is not None
    dialog.form.boxes["reason"].put("对错了")
    with desk.qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    assert bank.line(office.manager, "Y2026-000001").state == "open"


def _to(desk: Desk, page: BillsPage, number: str) -> None:
    """The list shows this line alone, so that it is the current one."""
    page.view.body.ask(Query(number))
    desk.quiet()
    page.step(1)
    desk.qtbot.waitUntil(lambda: page.view.panel.title.text() == number)
    desk.quiet()


def _ask(desk: Desk, page: BillsPage, word: str, kind: type[Dialog]) -> Dialog:
    def there() -> list[HintButton]:
        shown = page.view.panel.findChildren(HintButton)
        return [one for one in shown if one.text() == word and one.isVisible()]

    desk.qtbot.waitUntil(lambda: bool(there()))
    button = there()[0]
    button.click()
    return next(one for one in page.area.findChildren(kind) if one.isVisible())


def test_columns_put_right_are_remembered(desk: Desk, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "流水.csv"
    path.write_text("日子,进项,谁\n2026-07-01,10.00,王某\n2026-07-02,20.00,李某\n", encoding="gb18030")
    shell = desk.log_in("王经理")
    shell.go("import", "bank")
    desk.quiet()
    page = shell.page
    assert isinstance(page, ImportPage)
    type_in(page.panel.file, str(path))
    press(page.panel.file, Qt.Key.Key_Return)
    desk.quiet()
    columns = page.panel.columns
    columns.table.setCurrentIndex(columns.table.findData("bank"))
    columns.table.activated.emit(columns.table.currentIndex())
    desk.quiet()
    for at, key in ((0, "day"), (1, "fen"), (2, "counterparty")):
        combo = columns.columns[at]
        combo.setCurrentIndex(combo.findData(key))
        combo.activated.emit(combo.currentIndex())
        desk.quiet()
    page.panel.write()
    desk.quiet()
    path.write_text("日子,进项,谁\n2026-07-03,30.00,王某\n2026-07-04,40.00,李某\n", encoding="gb18030")
    type_in(page.panel.file, str(path))
    press(page.panel.file, Qt.Key.Key_Return)
    desk.quiet()
    assert ("流水，待核对", "2", "0", "0") in page.panel.counts.texts
    page.panel.write()
    desk.quiet()
    assert [row.amount_fen for row in bank.listing(office.manager)] == [4000, 3000, 2000, 1000]
