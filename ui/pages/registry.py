"""The pages of the window: where they stand in the sidebar, and who finds them there (UI §2).

A page that is built adds its factory to `FACTORIES`; one without a factory is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.services.seat import Seat
from ui.pages.alerts import AlertsPage
from ui.pages.billing import BillingPage
from ui.pages.bills import BillsPage
from ui.pages.counter import CounterPage
from ui.pages.dunning import DunningPage
from ui.pages.equipment import EquipmentPage
from ui.pages.houses import HousesPage
from ui.pages.importing import ImportPage
from ui.pages.office import OfficePage
from ui.pages.page import Page
from ui.pages.parking import ParkingPage
from ui.pages.print_preview import PrintPreviewPage
from ui.pages.readings import ReadingsPage
from ui.pages.residents import ResidentsPage
from ui.pages.setup import SetupPage
from ui.pages.tariffs import TariffsPage
from ui.pages.trail import TrailPage
from ui.pages.workbench import WorkbenchPage
from ui.workers.runner import Runner

READS_ALL = ("see_audit", "see_money")
"""What only manager and auditor have together: they find every page whose doors let them read."""

GROUPS = ("", "收费", "资料", "服务", "管理")


@dataclass(frozen=True, slots=True)
class Place:
    """A page's place. `needs` are alternatives: a seat finds it that may do everything one of them names.

    `listed` places stand in the sidebar; the others are opened from a page.
    """

    key: str
    title: str
    group: str
    icon: str
    letter: str = ""
    needs: tuple[tuple[str, ...], ...] = ((),)
    listed: bool = True

    def open_to(self, seat: Seat) -> bool:
        """Whether this seat finds the page."""
        return any(all(seat.may(right) for right in rights) for rights in self.needs)


PLACES: tuple[Place, ...] = (
    Place("workbench", "工作台", "", "home"),
    Place("alerts", "提醒", "", "bell", needs=(("see_alerts",),), listed=False),
    Place("print", "打印预览", "", "print", listed=False),
    Place(
        "import",
        "导入",
        "",
        "folder",
        needs=(("import_register",), ("import_money",), ("enter_readings",), ("maintain",)),
        listed=False,
    ),
    Place("setup", "开始使用", "", "home", needs=(("import_register", "set_tariff", "run_bills"),), listed=False),
    Place("counter", "收费台", "收费", "counter", "S", (("take_payment",), READS_ALL)),
    Place("bills", "账单与收款", "收费", "receipt", "Z", (("see_money",),)),
    Place("billing", "出账", "收费", "bill_run", "C", (("run_bills",), READS_ALL)),
    Place("readings", "抄表", "收费", "meter", "B", (("enter_readings",), READS_ALL)),
    Place("dunning", "欠费催缴", "收费", "triangle", "Q", (("dun",), ("log_contact",), READS_ALL)),
    Place("tariffs", "收费标准", "收费", "tag", "T", (("set_tariff",), READS_ALL)),
    Place("houses", "房屋", "资料", "house", "F", (("see_houses",),)),
    Place("residents", "住户", "资料", "people", "H", (("see_residents",),)),
    Place("parking", "车位", "资料", "car", "", (("see_residents",),)),
    Place("orders", "工单", "服务", "order", "G", (("see_equipment",), ("run_bills",))),
    Place("equipment", "设备维保", "服务", "gear", "W", (("see_equipment",),)),
    Place("notices", "通知公告", "服务", "notice"),
    Place("analysis", "经营分析", "管理", "chart", "J", (("run_bills",), ("import_register",), READS_ALL)),
    Place("trail", "用户与审计", "管理", "shield", "", (("see_audit",),)),
    Place("office", "备份与设置", "管理", "disk", "", (("see_audit",),)),
)

Factory = Callable[[Seat, Runner], Page]

FACTORIES: dict[str, Factory] = {
    "workbench": WorkbenchPage,
    "alerts": AlertsPage,
    "counter": CounterPage,
    "bills": BillsPage,
    "billing": BillingPage,
    "dunning": DunningPage,
    "equipment": EquipmentPage,
    "houses": HousesPage,
    "import": ImportPage,
    "parking": ParkingPage,
    "tariffs": TariffsPage,
    "print": PrintPreviewPage,
    "readings": ReadingsPage,
    "residents": ResidentsPage,
    "setup": SetupPage,
    "trail": TrailPage,
    "office": OfficePage,
}


def places(seat: Seat, factories: Mapping[str, Factory] = FACTORIES) -> tuple[Place, ...]:
    """The pages that are built and that this seat finds, in the sidebar's order."""
    return tuple(place for place in PLACES if place.key in factories and place.open_to(seat))
