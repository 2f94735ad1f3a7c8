"""What a house is handed or given at the desk: a statement, a proof of payment, a fee item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.money import yuan
from app.services import fees, printing, proofs
from app.services.proofs import Proof
from ui.forms.field import Field, Kind, whole
from ui.pages.dialog import Dialog
from ui.pages.page import Page
from ui.printers import OTHER


def _span(page: Page) -> tuple[Field, Field]:
    return (
        Field("first", "从哪天", page.read_day, optional=True, kind=Kind.DAY, hint="不填从头开始"),
        Field("last", "到哪天", page.read_day, optional=True, kind=Kind.DAY, hint="不填到今天"),
    )


class HandStatement(Dialog):
    """对账单 of a house between two days."""

    def __init__(self, page: Page, house: str) -> None:
        made = Field("made", "做成", choices=(("pdf", "打印预览"), ("xlsx", "Excel 文件")))
        super().__init__(page, f"{house} 的对账单", "", (*_span(page), made), "生成")
        self.form.fill({"made": "pdf"})
        self._house = house

    def act(self, values: Mapping[str, Any]) -> None:
        """Print it, or write it as a workbook."""
        seat, house, page = self.page.seat, self._house, self.page
        target = seat.store.paths.out / f"对账单-{house}.{values['made']}"

        def said(done: printing.StatementPrinted) -> str:
            if done.file.suffix == ".xlsx":
                return f"{house} 的对账单已做好：{done.file}"
            page.show_paper(done.file, OTHER)
            return f"{house} 的对账单已做好。"

        self.do(lambda: printing.print_statement(seat, house, target, values["first"], values["last"]), said)


class IssueProof(Dialog):
    """缴费证明 of what a house's payer paid between two days; each has a number of its own."""

    def __init__(self, page: Page, house: str) -> None:
        about = "列出这一户和合并交费的车位的收款；已作废、已红冲的不算。每开一份有一个新的编号。"
        super().__init__(page, f"{house} 的缴费证明", about, _span(page), "开具")
        self._house = house

    def act(self, values: Mapping[str, Any]) -> None:
        """Issue it."""
        seat, house, page = self.page.seat, self._house, self.page

        def said(done: Proof) -> str:
            page.show_paper(done.file, OTHER)
            return f"{house} 的缴费证明 {done.number}，共 {yuan(done.total_fen)} 元，第 {done.count} 份。"

        self.do(lambda: proofs.issue(seat, (house,), values["first"], values["last"]), said)


class GiveItem(Dialog):
    """A house is charged a fee item from a day on."""

    def __init__(self, page: Page, house: str, items: tuple[tuple[str, str], ...]) -> None:
        fields = (
            Field("item", "收费项目", choices=items),
            Field("from", "从哪天起", page.read_day, optional=True, kind=Kind.DAY, hint="不填表示一直都收"),
            Field("to", "到哪天", page.read_day, optional=True, kind=Kind.DAY, hint="不填表示没有止日"),
            Field("count", "份数", whole(1, 9999), kind=Kind.NUMBER, unit="份"),
        )
        super().__init__(page, f"给 {house} 加收费项目", "", fields, "加上")
        self._house = house
        self.form.fill({"count": "1"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat, house = self.page.seat, self._house
        self.do(
            lambda: fees.assign(seat, values["item"], house, values["from"], values["to"], values["count"]),
            lambda done: f"{done.house} 已加上收费项目 {done.item}。",
        )
