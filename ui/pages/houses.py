"""房屋: every house, shop and parking space; where it stands, who owns it, what it owes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.money import yuan
from app.services import estates, fees, handovers, house_file, house_history, house_list
from app.services.billing_discounts import FOR_ONE
from app.services.discounts import DiscountRow
from app.services.estates import EstateRow
from app.services.handovers import Start
from app.services.house_file import HouseCharge, HouseFile, HousePerson
from app.services.house_history import HouseHistory
from app.services.house_list import HOUSES, Branch, HouseRow
from app.services.list_face import Counts, Kind
from app.services.seat import Seat
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.models.cell_text import state_of
from ui.models.plain_model import column
from ui.pages.dialog import Dialog
from ui.pages.discount_dialogs import DISCOUNT_STATES, EVERY_FEE, EndDiscount, GiveDiscount
from ui.pages.dispute_dialog import Contest, contestable, marked
from ui.pages.emergency_dialog import PrintEmergency
from ui.pages.estate_dialog import Estates
from ui.pages.explaining import Explain
from ui.pages.house_dialogs import GiveItem, HandStatement, IssueProof
from ui.pages.house_files import HouseFiles
from ui.pages.house_forms import ChangeHouse, ChangeState, EditHouses, MakeHouses, NewHouse
from ui.pages.house_lived import LivedThere
from ui.pages.house_moves import Renumber, ReplaceHouses
from ui.pages.house_past import fill_past
from ui.pages.house_tree import HouseTree
from ui.pages.importing import import_button
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, figures, heading, pairs
from ui.pages.page import Page
from ui.pages.panel_table import PanelTable
from ui.pages.paper_dialogs import PrintLabels, PrintSlips
from ui.pages.permit_dialogs import PERMITS, ClosePermit, ExtendPermit, GivePermit
from ui.pages.register_dialogs import WriteTemplate
from ui.pages.settle_dialog import SettleHouse
from ui.workers.runner import Runner
from ui.workers.topic import Topic

CHARGES = (
    column("item", "费用"),
    column("period", "账期", Kind.PERIOD, 8),
    column("due", "到期", Kind.DATE, 10),
    column("amount", "应收", Kind.MONEY, 9),
    column("open", "未收", Kind.MONEY, 9),
)
PAYMENTS = (
    column("on", "日期", Kind.DATE, 10),
    column("receipt", "票号", Kind.NUMBER, 16),
    column("method", "方式"),
    column("amount", "金额", Kind.MONEY, 9),
)
PEOPLE = (
    column("name", "姓名"),
    column("relation", "身份"),
    column("phone", "手机", Kind.MASKED, 12),
    column("since", "入住", Kind.DATE, 10),
)
FEES = (column("item", "收费项目"), column("price", "现行价格"), column("since", "起", Kind.DATE, 10))
DISCOUNTS = (
    column("item_name", "折扣"),
    column("factor", "收几成", Kind.NUMBER, 7),
    column("first", "起", Kind.DATE, 10),
    column("last", "止", Kind.DATE, 10),
    column("state", "状态", Kind.STATE, 8, DISCOUNT_STATES),
)
BASIC, RESIDENTS, ACCOUNT = range(3)
PAST = "历史"


class HousesPage(ListPage):
    """The list with its tree, and the panel of a house."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        self.tree = HouseTree()
        body: ListBody[HouseRow] = ListBody(
            HOUSES.face, house_list, seat, runner, hint="房号、业主、户型", side=self.tree
        )
        offers = (
            (
                ("从 Excel 导入", lambda: self.wanted.emit("import", "houses")),
                ("按楼层批量生成", lambda: self.make()),
                ("下载空白模板", lambda: self.open_dialog(WriteTemplate(self))),
            )
            if seat.may("import_register")
            else ()
        )
        body.empty = ("house", "还没有房屋", "先把楼栋和房号建起来，之后才能收费、登记住户。", offers)
        titles = ["基本", "住户", "账务"][: 3 if seat.may("see_money") else 2 if seat.may("see_residents") else 1]
        self._past_at = len(titles)
        self.panel = DetailPanel([*titles, PAST])
        super().__init__(seat, runner, "房屋", (View("列表", body, self.panel),))
        self._tree_topic, self._panel_topic, self._items_topic = Topic(), Topic(), Topic()
        self._past_topic, self._estates_topic = Topic(), Topic()
        self.adding = action(self, "新建房屋", "Ctrl+N", self.add)
        self.editing = action(self, "成批修改…", "Ctrl+Shift+E", self.edit_chosen)
        self.making = action(self, "按楼层批量生成…", "Ctrl+Shift+N", self.make)
        for each in (self.adding, self.editing, self.making):
            each.setEnabled(seat.may("import_register"))
        self.estates = action(self, "小区设置…", "", self.show_estates)
        self.estates.setEnabled(seat.may("change_settings"))
        self.paying = action(self, "去收款", "Ctrl+Return", self._pay)
        self.paying.setEnabled(False)
        if (bringing := import_button(self, "houses")) is not None:
            self.head.add(bringing)
        self.head.add(self.export_button(), self._papers())
        if seat.may("import_register"):
            self.head.add(self._more())
            self.head.add(HintButton("", self.adding, Weight.PRIMARY, icon="plus"))
        self.tree.chosen.connect(self._go)
        body.counted.connect(lambda _: self.tree.show_query(body.query))
        if "账务" in titles:
            self.panel.tabs.go(ACCOUNT)

    def refresh(self) -> None:
        """The list, and the tree with its counts."""
        super().refresh()
        self.run(lambda _: house_list.tree(self.seat), topic=self._tree_topic, done=self._grown)

    def _grown(self, root: Branch) -> None:
        self.tree.put(root)
        self.tree.show_query(self.view.body.query)

    def _go(self, branch: Branch) -> None:
        query = self.view.body.query
        for key in ("building", "entrance", "kind"):
            query = query.only(key, ())
        if branch.filter is not None:
            query = query.only(branch.filter[0], (branch.filter[1],))
        self.view.body.filters.put(query)

    def scope(self, view: View, counts: Counts) -> str:
        """The branch and how many houses it holds."""
        named = self.tree.title_of(view.body.query)
        return f"{named} · {counts.found:,} 户" if named else f"{counts.all:,} 户"

    def areas(self) -> list[QWidget]:
        """The tree stands first."""
        return [self.tree, *super().areas()]

    def main_actions(self) -> tuple[QAction, ...]:
        """Pay and export."""
        own = (self.paying,) if self.seat.may("take_payment") else ()
        made = (self.adding,) if self.seat.may("import_register") else ()
        return (*own, *made, self.exporting)

    def open_row(self) -> None:
        """Enter: to the counter with this house; where the seat takes no money, into the panel."""
        if self.seat.may("take_payment"):
            self._pay()
        else:
            super().open_row()

    def _pay(self) -> None:
        if isinstance(self.row, HouseRow):
            self.wanted.emit("counter", self.row.number)

    def current_changed(self) -> None:
        """A house can be paid for."""
        self.paying.setEnabled(self.row is not None)

    def show_row(self, view: View, row: HouseRow) -> None:
        """The head at once, the rest when it is read."""
        state = state_of(HOUSES.face.column("state"), row.state)
        badge = (state.tone, state.word, state.icon) if state else None
        self.panel.show_head(row.number, " · ".join(part for part in (row.owner, row.phone) if part), badge)
        self.run(
            lambda _: house_file.show(self.seat, row.number),
            topic=self._panel_topic,
            done=self._show,
            failed=self.panel.message.tell,
        )
        self.run(lambda _: house_history.show(self.seat, row.number), topic=self._past_topic, done=self._show_past,
                 failed=lambda _: None)  # fmt: skip

    def _show_past(self, past: HouseHistory) -> None:
        fill_past(self.panel.tab(self._past_at), past)

    def _show(self, found: HouseFile) -> None:
        self.panel.message.clear()
        state = self.row.state if isinstance(self.row, HouseRow) else ""
        known = state_of(HOUSES.face.column("state"), state)
        owner = self.row.owner if isinstance(self.row, HouseRow) else None
        self.panel.show_head(
            found.number,
            " · ".join(part for part in (found.where, owner) if part),
            (known.tone, known.word, known.icon) if known else None,
        )
        self._basic(found)
        if found.people is not None:
            self._people(found, found.people)
        if found.account is not None:
            self._account(found)

    def _basic(self, found: HouseFile) -> None:
        body = self.panel.tab(BASIC)
        if self.seat.may("import_register") or self.seat.may("see_residents"):
            body.addWidget(self._changing(found))
        body.addWidget(pairs(found.facts))
        if found.fees:
            body.addWidget(heading("收费项目"))
            body.addWidget(PanelTable("收费项目", FEES, found.fees, ("since",)))
        if found.discounts:
            body.addWidget(heading("折扣"))
            body.addWidget(PanelTable("折扣", DISCOUNTS, [_named(row) for row in found.discounts], ("first",)))
        made: list[QWidget] = []
        if self.seat.may("set_tariff"):
            button = HintButton("加收费项目…", small=True)
            button.clicked.connect(partial(self.give_item, found.number))
            made.append(button)
        if self.seat.may("request_waiver"):
            button = HintButton("打折…", small=True)
            button.clicked.connect(partial(self.give_discount, found.number))
            made.append(button)
            running = [row for row in found.discounts if row.state != "over"]
            if running:
                made.append(self._dialog_button("结束折扣…", lambda: EndDiscount(self, found.number, running)))
        if made:
            body.addWidget(buttons(*made))
        self._permits(found)
        body.addStretch(1)

    def _permits(self, found: HouseFile) -> None:
        """装修许可: those of the house, and what may be done with the one that is not closed."""
        body, may = self.panel.body(BASIC), self.seat.may("import_register") and found.ended_on is None
        if not may and not found.permits:
            return
        body.addWidget(heading("装修许可"))
        if found.permits:
            body.addWidget(PanelTable("装修许可", PERMITS, found.permits, ("company",)))
        standing = next((row for row in found.permits if row.state != "closed"), None)
        if may and standing is not None:
            body.addWidget(
                buttons(
                    self._dialog_button("办结…", lambda: ClosePermit(self, standing)),
                    self._dialog_button("延期…", lambda: ExtendPermit(self, standing)),
                )
            )
        elif may:
            body.addWidget(buttons(self._dialog_button("登记装修许可…", lambda: GivePermit(self, found.number))))

    def _changing(self, found: HouseFile) -> QWidget:
        """The buttons that change the house itself, and its files."""
        state = self.row.state if isinstance(self.row, HouseRow) else ""
        stands = dict(found.facts)
        made: list[QWidget] = []
        if self.seat.may("import_register"):
            made.append(self._dialog_button("修改…", lambda: ChangeHouse(self, found)))
        if self.seat.may("see_residents"):
            files = HintButton("照片和文件…", small=True)
            files.clicked.connect(lambda: HouseFiles(self, found.number))
            made.append(files)
        if self.seat.may("import_register") and found.ended_on is None:
            made[1:1] = [
                self._dialog_button("改状态…", lambda: ChangeState(self, found.number, state)),
                self._dialog_button("改房号…", lambda: Renumber(self, found.number, stands["楼栋"], stands["单元"])),
                self._dialog_button("拆分、合并…", lambda: ReplaceHouses(self, found.number)),
            ]
        return buttons(*made)

    def add(self) -> None:
        """Ask for a new house."""
        self.open_dialog(NewHouse(self))

    def show_estates(self) -> None:
        """The estates are read first."""
        self.run(lambda _: estates.listing(self.seat), topic=self._estates_topic, done=self._ask_estates)

    def _ask_estates(self, rows: tuple[EstateRow, ...]) -> None:
        Estates(self, rows).landed.connect(self.landed)

    def _more(self) -> HintButton:
        """成批: what is done to many houses at once."""
        button = HintButton("成批", icon="more")
        menu = QMenu(button)
        menu.addActions([self.making, self.editing, *([self.estates] if self.estates.isEnabled() else [])])
        button.setMenu(menu)
        return button

    def _papers(self) -> HintButton:
        """打印: papers for a whole building, the one that the tree stands on."""
        papers: tuple[tuple[str, str, type[PrintEmergency] | type[PrintLabels] | type[PrintSlips]], ...] = (
            ("应急名单…", "see_residents", PrintEmergency),
            ("地址标签…", "see_residents", PrintLabels),
            ("门条…", "see_houses", PrintSlips),
        )
        button = HintButton("打印", icon="print")
        menu = QMenu(button)
        for title, permission, dialog in papers:
            if self.seat.may(permission):
                menu.addAction(action(self, title, "", partial(self._print, dialog)))
        button.setMenu(menu)
        return button

    def _print(self, dialog: Callable[[Page, Sequence[tuple[str, str]], str], Dialog]) -> None:
        buildings, here = self.tree.buildings(), self.tree.building_of(self.view.body.query)
        if buildings:
            self.open_dialog(dialog(self, buildings, here or buildings[0][0]))
        else:
            self.message.say("info", "还没有楼栋。", "先建房屋，或从 Excel 导入。")

    def make(self) -> None:
        """Ask for many houses by the floor."""
        self.open_dialog(MakeHouses(self))

    def edit_chosen(self) -> None:
        """Ask which field of the selected houses becomes what."""
        keys = sorted(self.view.body.model.selected)
        if keys:
            self.open_dialog(EditHouses(self, keys))
        else:
            self.message.say("info", "还没有选房屋。", "先按空格或点方框选几户，再成批修改。")

    def _people(self, found: HouseFile, people: Sequence[HousePerson]) -> None:
        body = self.panel.tab(RESIDENTS)
        if people:
            body.addWidget(PanelTable("住户", PEOPLE, people, ("since",)))
        else:
            body.addWidget(text("还没有登记住户。", "third"))
        body.addWidget(buttons(self._dialog_button("某天谁住在这里…", lambda: LivedThere(self, found.number))))
        n = len(people)
        titles = ["基本", f"住户 {n}" if n else "住户", "账务"]
        self.panel.name_tabs([*(titles if found.account is not None else titles[:2]), PAST])
        body.addStretch(1)

    def _account(self, found: HouseFile) -> None:
        account = found.account
        assert account is not None
        body = self.panel.tab(ACCOUNT)
        body.addWidget(
            figures(
                (
                    ("欠费合计", yuan(account.owed), "danger" if account.owed else ""),
                    ("违约金（试算）", yuan(account.late_fee), ""),
                    ("预存余额", yuan(account.prepaid), ""),
                )
            )
        )
        if account.spaces:
            body.addWidget(text(f"含合并交费的 {'、'.join(account.spaces)}", "third", wrap=True))
        body.addWidget(self._buttons(found.number, account.charges))
        body.addWidget(heading(f"未清费用（{len(account.charges)}）"))
        if account.charges:
            body.addWidget(PanelTable("未清费用", marked(CHARGES, account.charges), account.charges, ("due", "amount")))
        else:
            body.addWidget(text("都交清了。", "third"))
        body.addWidget(heading("最近收款"))
        if account.payments:
            body.addWidget(PanelTable("最近收款", PAYMENTS, account.payments, ("method",)))
        else:
            body.addWidget(text("还没有收过款。", "third"))
        body.addStretch(1)

    def _buttons(self, number: str, charges: Sequence[HouseCharge]) -> QWidget:
        made: list[QWidget] = []
        if self.seat.may("take_payment"):
            made.append(HintButton("去收款", self.paying, Weight.PRIMARY, icon="counter", small=True))
        for words, page in (("账单", "bills"),):
            button = HintButton(words, icon="receipt", small=True)
            button.clicked.connect(partial(self.wanted.emit, page, number))
            made.append(button)
        made.append(self._dialog_button("对账单…", lambda: HandStatement(self, number)))
        made.append(self._dialog_button("费用说明…", lambda: Explain(self, number)))
        if self.seat.may("take_payment"):
            made.append(self._dialog_button("缴费证明…", lambda: IssueProof(self, number)))
        if self.seat.may("log_contact") and contestable(charges):
            made.append(self._dialog_button("争议…", lambda: Contest(self, number, charges)))
        if self.seat.may("run_bills") or self.seat.may("import_register"):
            words = "过户 / 退租结算…" if self.seat.may("run_bills") else "准备过户 / 退租…"
            settling = HintButton(words, small=True)
            settling.clicked.connect(partial(self.settle, number))
            made.append(settling)
        return buttons(*made)

    def _dialog_button(self, words: str, opened: Callable[[], Dialog]) -> HintButton:
        button = HintButton(words, small=True)
        button.clicked.connect(lambda: self.open_dialog(opened()))
        return button

    def open_dialog(self, dialog: Dialog) -> Dialog:
        """A dialog whose sentence stands in the page when it is done."""
        dialog.landed.connect(self.landed)
        return dialog

    def settle(self, number: str) -> None:
        """Settle a house to the day, or prepare it: what it starts from is read first."""

        def ask(start: Start) -> None:
            self.open_dialog(SettleHouse(self, start))

        self.run(lambda _: handovers.start(self.seat, number), topic=self._items_topic, done=ask)

    def give_discount(self, number: str) -> None:
        """Ask for which item a house pays less: the items are read first."""

        def ask(rows: tuple[fees.ItemRow, ...]) -> None:
            items = tuple((row.item, row.name) for row in rows if row.kind in FOR_ONE)
            self.open_dialog(GiveDiscount(self, number, items))

        self.run(lambda _: fees.listing(self.seat), topic=self._items_topic, done=ask)

    def give_item(self, number: str) -> None:
        """Ask which item a house is given."""

        def ask(rows: tuple[fees.ItemRow, ...]) -> None:
            self.open_dialog(GiveItem(self, number, tuple((row.item, row.name) for row in rows)))

        self.run(lambda _: fees.listing(self.seat), topic=self._items_topic, done=ask)


def _named(row: DiscountRow) -> DiscountRow:
    return row if row.item_name else replace(row, item_name=EVERY_FEE)
