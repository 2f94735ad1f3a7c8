"""收费标准: the fee items with their rules, and every version of every price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QAction

from app.services import fee_file, fee_list, shared_costs, tariff_list
from app.services.fee_file import FeeFile
from app.services.fee_list import FEES, FeeLine
from app.services.list_face import Kind
from app.services.seat import Seat
from app.services.shared_costs import CostRow
from app.services.tariff_list import STATES, TARIFFS, TariffLine
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.models.cell_text import state_of
from ui.models.plain_model import column
from ui.pages.cost_notice_dialog import PublishCost
from ui.pages.dialog import Dialog
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, heading, pairs
from ui.pages.panel_table import PanelTable
from ui.pages.tariff_copying import CopyPrices
from ui.pages.tariff_dialogs import AddCost, AddItem, AddPrice
from ui.workers.runner import Runner
from ui.workers.topic import Topic

VERSIONS = (
    column("valid_from", "起", Kind.DATE, 10),
    column("price", "价格"),
    column("scope", "范围"),
    column("state", "状态", Kind.STATE, 8, STATES),
)


COSTS = (
    column("first", "账期起", Kind.DATE, 10),
    column("amount_fen", "金额（元）", Kind.MONEY, 10),
    column("invoice", "发票"),
    column("billed", "已出账", Kind.CHECK, 7),
)


class TariffsPage(ListPage):
    """Two views; Ctrl+N adds an item, Ctrl+Enter a price of the item shown."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        items: ListBody[FeeLine] = ListBody(FEES.face, fee_list, seat, runner, hint="代码、名称")
        items.empty = ("tag", "还没有收费项目", "先新增一个项目，如物业费，再给它设价格。", ())
        prices: ListBody[TariffLine] = ListBody(TARIFFS.face, tariff_list, seat, runner, hint="项目、范围、价格")
        prices.empty = ("tag", "还没有价格", "在“项目”里选一项，给它设价格。", ())
        views = (View("项目", items, DetailPanel(["项目"])), View("价格", prices, DetailPanel(["项目"])))
        super().__init__(seat, runner, "收费标准", views)
        self.found: FeeFile | None = None
        self.costs: tuple[CostRow, ...] = ()
        self._panel_topic = Topic()
        self.adding = action(self, "新增项目", "Ctrl+N", self.add_item)
        self.pricing = action(self, "设新价格", "Ctrl+Return", self.add_price)
        self.adding.setEnabled(seat.may("set_tariff"))
        self.pricing.setEnabled(False)
        self.copying = action(self, "整体调整…", "Ctrl+Shift+E", self.copy_prices)
        self.copying.setEnabled(seat.may("set_tariff"))
        self.costing = action(self, "录入费用", "Ctrl+Shift+N", self.add_cost)
        self.costing.setEnabled(False)
        self.publishing = action(self, "公示…", "Ctrl+Shift+P", self.publish_cost)
        self.publishing.setEnabled(False)
        self.head.add(self.export_button())
        if seat.may("set_tariff"):
            self.head.add(HintButton("", self.copying))
            self.head.add(HintButton("", self.adding, Weight.PRIMARY, icon="plus"))

    def main_actions(self) -> tuple[QAction, ...]:
        """Price, item, export."""
        return (self.pricing, self.adding, self.exporting) if self.seat.may("set_tariff") else (self.exporting,)

    def open_row(self) -> None:
        """Enter: a new price of the item."""
        if self.pricing.isEnabled():
            self.add_price()
        else:
            super().open_row()

    def show_row(self, view: View, row: Any) -> None:
        """The head at once, rules and versions when they are read."""
        item = row.name if isinstance(row, FeeLine) else row.item
        badge = None
        if isinstance(row, TariffLine) and (state := state_of(TARIFFS.face.column("state"), row.state)):
            badge = (state.tone, state.word, state.icon)
        elif isinstance(row, FeeLine) and row.price == "未设":
            badge = ("warn", "未设价格", "triangle")
        view.panel.show_head(f"{row.code} {item}", row.price, badge)
        seat, code = self.seat, row.code
        self.found = None
        self.run(
            lambda _: (fee_file.show(seat, code), shared_costs.listing(seat, code) if seat.may("see_money") else ()),
            topic=self._panel_topic,
            done=lambda found: self._show(view.panel, *found),
            failed=view.panel.message.tell,
        )

    def row_gone(self) -> None:
        """No item is in front to be priced."""
        self._panel_topic.forget()
        self.found, self.costs = None, ()
        for act in (self.pricing, self.costing, self.publishing):
            act.setEnabled(False)

    def _show(self, panel: DetailPanel, found: FeeFile, costs: Sequence[CostRow]) -> None:
        self.found = found
        self.costs = tuple(costs)
        shared = found.kind == "shared"
        self.publishing.setEnabled(shared and bool(costs))
        self.costing.setEnabled(shared and self.seat.may("run_bills"))
        self.pricing.setEnabled(self.seat.may("set_tariff"))
        panel.message.clear()
        body = panel.tab(0)
        if self.seat.may("set_tariff"):
            offered = [HintButton("", self.pricing, icon="plus", small=True)]
            if self.costing.isEnabled():
                offered.append(HintButton("", self.costing, icon="plus", small=True))
            body.addWidget(buttons(*offered))
        body.addWidget(pairs(found.facts))
        body.addWidget(heading(f"价格（{len(found.versions)}）"))
        if found.versions:
            body.addWidget(PanelTable("价格", VERSIONS, found.versions, ("state",)))
            if any(version.used for version in found.versions):
                said = "用于出过账的价格不能改，只能从某一天起设新的。"
                body.addWidget(text(said, "third", wrap=True))
        else:
            body.addWidget(text("还没有价格。没有价格的房屋出账时不收，会列出来。", "third", wrap=True))
        if shared:
            body.addWidget(heading(f"要公摊的费用（{len(costs)}）"))
            if costs:
                newest = sorted(costs, key=lambda cost: cost.first, reverse=True)
                body.addWidget(PanelTable("要公摊的费用", COSTS, newest, ("invoice",)))
                body.addWidget(buttons(HintButton("", self.publishing, icon="notice", small=True)))
            else:
                body.addWidget(text("还没有录入。没有费用的账期不收公摊。", "third", wrap=True))
        body.addStretch(1)

    def copy_prices(self) -> CopyPrices:
        """The dialog for all prices at once."""
        dialog = CopyPrices(self)
        self._follow(dialog)
        return dialog

    def add_cost(self) -> AddCost | None:
        """The dialog for a cost of the item shown."""
        if self.found is None or not self.costing.isEnabled():
            return None
        dialog = AddCost(self, self.found)
        self._follow(dialog)
        return dialog

    def publish_cost(self) -> PublishCost | None:
        """The dialog for the notice of a cost that is divided."""
        if self.found is None or not self.costs:
            return None
        dialog = PublishCost(self, self.found.code, self.found.name, self.costs)
        self._follow(dialog)
        return dialog

    def add_item(self) -> AddItem:
        """The dialog for a new item."""
        dialog = AddItem(self)
        self._follow(dialog)
        return dialog

    def add_price(self) -> AddPrice | None:
        """The dialog for a new price of the item shown."""
        if self.found is None or not self.pricing.isEnabled():
            return None
        dialog = AddPrice(self, self.found)
        self._follow(dialog)
        return dialog

    def _follow(self, dialog: Dialog) -> None:
        dialog.landed.connect(self.landed)
