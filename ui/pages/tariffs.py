"""收费标准: items and their prices by scope, as a tree with the price in front; all items and all prices as lists."""

from __future__ import annotations

from app.services import fee_list, tariff_list
from app.services.fee_list import FEES, FeeLine
from app.services.list_face import Query
from app.services.seat import Seat
from app.services.tariff_list import TARIFFS, TariffLine
from ui.pages.list_body import ListBody
from ui.pages.list_part import ListPart
from ui.pages.parted_page import PartedPage
from ui.pages.pricing_part import PricingPart
from ui.workers.runner import Runner

PRICING, ITEMS, PRICES = range(3)


class TariffsPage(PartedPage):
    """Its parts: 标准, 项目, 价格. A row of a list that is opened comes in front as a price."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "收费标准")
        items: ListBody[FeeLine] = ListBody(FEES.face, fee_list, seat, runner, hint="代码、名称")
        items.empty = ("tag", "还没有收费项目", "先新增一个项目，如物业费，再给它设价格。", ())
        prices: ListBody[TariffLine] = ListBody(TARIFFS.face, tariff_list, seat, runner, hint="项目、范围、价格")
        prices.empty = ("tag", "还没有价格", "在“标准”里选一项，给它设价格。", ())
        self.pricing = PricingPart(self)
        self.items, self.prices = ListPart(self, "项目", items), ListPart(self, "价格", prices)
        self.put((self.pricing, self.items, self.prices))
        items.opened.connect(lambda key: self._open(items.model.row_of(key)))
        prices.opened.connect(lambda key: self._open(prices.model.row_of(key)))

    def _open(self, row: FeeLine | TariffLine | None) -> None:
        if row is None:
            return
        self.go(PRICING)
        if isinstance(row, TariffLine):
            self.pricing.go_to(row.code, row.scope_code, row.target)
        else:
            self.pricing.go_to(row.code)

    def open_with(self, what: object) -> None:
        """An item's code, or a question about the items."""
        if isinstance(what, Query):
            self.go(ITEMS)
            self.items.list.ask(what)
        elif what:
            self.go(PRICING)
            self.pricing.go_to(str(what))
