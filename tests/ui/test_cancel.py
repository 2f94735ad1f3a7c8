"""Each long job of the window is cancelled in its middle: it says so, and nothing of it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.services.progress import Progress
from tests.builders import Office
from tests.ui.windows import Desk
from ui.pages.billing import BillingPage
from ui.pages.bills import BillsPage
from ui.pages.dunning import DunningPage
from ui.pages.houses import HousesPage
from ui.pages.page import Page

TABLES = ("charge", "bill", "bill_run", "document", "print_log", "dun_step", "audit")


def counts(office: Office) -> list[object]:
    return [office.sql(f"SELECT COUNT(*) FROM {table}")[0][0] for table in TABLES]


def begin(page: Page) -> None:
    """The page's long job, past its question."""
    if isinstance(page, BillingPage):
        assert page.posting.review is not None
        page.posting._post(page.posting.review)
    elif isinstance(page, BillsPage):
        page.view.body.table.selectAll()
        page.printing.trigger()
    elif isinstance(page, DunningPage):
        asked = page.ask_run()
        assert asked is not None
        asked.answered.emit(True)
    elif isinstance(page, HousesPage):
        page.exporting.trigger()


@pytest.mark.parametrize("key", ["billing", "bills", "dunning", "houses"])
def test_a_long_job_is_cancelled_in_its_middle(
    desk: Desk,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    key: str,
) -> None:
    office.with_houses(("3-1-0101", "3-1-0102", "3-1-0201")).with_item(name="物业费")
    for month in ("2026-05", "2026-06"):
        office.bill(month, f"{month}-01")
    shell = desk.log_in()
    shell.go(key)
    desk.quiet()
    page = shell.page
    assert page is not None
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(tmp_path / "out" / "房屋.xlsx"), ""))
    )
    (tmp_path / "out").mkdir()
    before = counts(office)
    step = Progress.step
    stopped: list[str] = []

    def cancelled(self: Progress, n: int, of: int, what: str | None = None) -> None:
        if n == 1 and self.what:
            stopped.append(self.what)
            self.cancel()
        step(self, n, of, what)

    monkeypatch.setattr(Progress, "step", cancelled)
    begin(page)
    desk.quiet()
    assert len(stopped) == 1
    assert page.message.said.text() == "已取消，未作任何更改。"
    assert counts(office) == before
    assert list((tmp_path / "out").iterdir()) == []
    assert [path.suffix for path in (office.folder / "out").glob("*")] == []
