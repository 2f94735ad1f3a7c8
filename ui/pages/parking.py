"""车位: who has each space, until when, whose cars stand there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.services import fees, parking, space_list, vehicles
from app.services.list_face import Counts, Kind, State
from app.services.parking import KINDS, LeaseRow
from app.services.seat import Seat
from app.services.space_list import SPACES, SpaceRow
from app.services.vehicles import VehicleRow
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.models.cell_text import state_of
from ui.models.plain_model import column
from ui.pages.dialog import Dialog
from ui.pages.importing import import_button
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, heading, pairs
from ui.pages.panel_table import PanelTable
from ui.pages.parking_dialogs import AddVehicle, ChangeVehicle, EndLease, EndVehicle, LeaseSpace
from ui.workers.runner import Runner
from ui.workers.topic import Topic

LEASE_STATES = (
    State("now", "使用中", "ok", "check"),
    State("coming", "未开始", "info", "clock"),
    State("over", "已结束"),
)
LEASES = (
    column("person", "使用人"),
    column("first", "起", Kind.DATE, 10),
    column("last", "止", Kind.DATE, 10),
    column("state", "状态", Kind.STATE, 8, LEASE_STATES),
)
CARS = (
    column("plate", "车牌", Kind.NUMBER, 10),
    column("brand", "品牌"),
    column("colour", "颜色"),
    column("last", "止", Kind.DATE, 10),
)
Found = tuple[tuple[LeaseRow, ...], tuple[VehicleRow, ...]]


class ParkingPage(ListPage):
    """The list of spaces, and the panel of one: its holders and its cars."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        body: ListBody[SpaceRow] = ListBody(SPACES.face, space_list, seat, runner, hint="车位、使用人、车牌")
        offers = (
            (("从 Excel 导入", lambda: self.wanted.emit("import", "houses")),) if seat.may("import_register") else ()
        )
        body.empty = ("car", "还没有车位", "车位和房屋在同一张 Excel 里导入。", offers)
        self.panel = DetailPanel(["车位"])
        super().__init__(seat, runner, "车位", (View("列表", body, self.panel),))
        self._panel_topic, self._items_topic = Topic(), Topic()
        self.leasing = action(self, "登记使用", "Ctrl+N", self.lease)
        self.leasing.setEnabled(False)
        if (bringing := import_button(self, "houses")) is not None:
            self.head.add(bringing)
        self.head.add(self.export_button())
        if seat.may("import_register"):
            self.head.add(HintButton("", self.leasing, Weight.PRIMARY, icon="plus"))

    def scope(self, view: View, counts: Counts) -> str:
        """How many there are, and how many of them are free."""
        said = [super().scope(view, counts)]
        for code, word in (("free", "空闲"), ("leased", "出租")):
            if n := counts.of.get("state", {}).get(code):
                said.append(f"{word} {n:,}")
        return " · ".join(said)

    def current_changed(self) -> None:
        """A space can be let."""
        self.leasing.setEnabled(self.row is not None and self.seat.may("import_register"))

    def show_row(self, view: View, row: SpaceRow) -> None:
        """The head at once, leases and cars when they are read."""
        state = state_of(SPACES.face.column("state"), row.state)
        badge = (state.tone, state.word, state.icon) if state else None
        self.panel.show_head(row.number, " · ".join(part for part in (row.holder, row.phone) if part), badge)
        seat, number = self.seat, row.number

        def read(_: object) -> Found:
            return parking.listing(seat, number), vehicles.of_house(seat, number)

        self.run(
            read,
            topic=self._panel_topic,
            done=lambda found: self._show(row, *found),
            failed=self.panel.message.tell,
        )

    def _show(self, row: SpaceRow, leases: tuple[LeaseRow, ...], cars: tuple[VehicleRow, ...]) -> None:
        self.panel.message.clear()
        body, may = self.panel.tab(0), self.seat.may("import_register")
        facts = (
            ("位置", row.place or ""),
            ("收费项目", row.fee or ""),
            ("合并交费", row.billed_with or ""),
            ("备注", row.remark or ""),
        )
        body.addWidget(pairs(facts))
        body.addWidget(heading("使用"))
        running = [lease for lease in leases if lease.state != "over"]
        if leases:
            body.addWidget(PanelTable("使用", LEASES, leases, ("first",)))
            for lease in running:
                said = f"{lease.person}：{KINDS[lease.kind]}"
                said += f"，{lease.item_name}" if lease.item_name else ""
                body.addWidget(text(said + (f"，{lease.remark}" if lease.remark else ""), "third", wrap=True))
        else:
            body.addWidget(text("还没有登记过使用。", "third"))
        if may:
            made = [HintButton("", self.leasing, icon="plus", small=True)]
            if running:
                made.append(self._button("结束使用…", lambda: EndLease(self, row.number, running)))
            body.addWidget(buttons(*made))
        self._cars(body, row.number, cars, may=may)
        body.addStretch(1)

    def _cars(self, body: QVBoxLayout, number: str, cars: tuple[VehicleRow, ...], *, may: bool) -> None:
        body.addWidget(heading("车辆"))
        if cars:
            body.addWidget(PanelTable("车辆", CARS, cars, ("colour", "brand")))
        else:
            body.addWidget(text("还没有登记车辆。", "third"))
        if not may:
            return
        made: list[QWidget] = [self._button("登记车辆…", lambda: AddVehicle(self, number))]
        today = self.today
        there = [car for car in cars if car.last is None or car.last >= today]
        if there:
            made.append(self._menu("改车辆…", there, lambda car: ChangeVehicle(self, car)))
            made.append(self._menu("不再停放…", there, lambda car: EndVehicle(self, car)))
        body.addWidget(buttons(*made))

    def _button(self, words: str, opened: Callable[[], Dialog]) -> HintButton:
        button = HintButton(words, small=True)
        button.clicked.connect(lambda: self.open_dialog(opened()))
        return button

    def _menu(self, words: str, cars: list[VehicleRow], opened: Callable[[VehicleRow], Dialog]) -> HintButton:
        button = HintButton(words, small=True)
        menu = QMenu(button)
        for car in cars:
            menu.addAction(car.plate, partial(self._open, opened, car))
        button.setMenu(menu)
        return button

    def _open(self, opened: Callable[[VehicleRow], Dialog], car: VehicleRow) -> None:
        self.open_dialog(opened(car))

    def open_dialog(self, dialog: Dialog) -> Dialog:
        """A dialog whose sentence stands in the page when it is done."""
        dialog.landed.connect(self.landed)
        return dialog

    def lease(self) -> None:
        """Ask who has the current space: the items are read first."""
        row = self.row
        if not isinstance(row, SpaceRow):
            return

        def ask(rows: tuple[fees.ItemRow, ...]) -> None:
            items = [(item.item, item.name) for item in rows if item.houses == "listed"]
            self.open_dialog(LeaseSpace(self, row.number, items))

        self.run(lambda _: fees.listing(self.seat), topic=self._items_topic, done=ask)
