"""标准: the tree of items and scopes; of one scope what it reaches, its price as a form, its versions; 试算 beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.period import Period
from app.domain.tariff import Scope
from app.services import price_file, shared_costs, tariffs
from app.services.price_file import PriceBranch, PriceFile, PriceItem, PriceVersion
from app.services.price_words import price_unit
from app.services.shared_costs import CostRow
from app.services.tariff_list import SCOPES
from app.services.tariffs import TariffAnswer
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, check
from ui.forms.form import Form
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, text
from ui.pages.cost_notice_dialog import PublishCost
from ui.pages.dialog import Dialog, approver_of
from ui.pages.fee_tree import FeeTree
from ui.pages.list_panel import buttons, heading
from ui.pages.page import Page
from ui.pages.panel_table import PanelTable
from ui.pages.parted_page import Part
from ui.pages.plain_table import PlainTable
from ui.pages.price_fields import fields_of, params_of, typed_of
from ui.pages.pricing_cards import (
    COSTS,
    HEADS,
    clear,
    facts_grid,
    fields_grid,
    inner_of,
    reach_words,
    scrolled,
    version_cells,
)
from ui.pages.rule_dialog import ChangeRules
from ui.pages.tariff_copying import CopyPrices
from ui.pages.tariff_dialogs import AddCost, AddItem
from ui.pages.tariff_trial import TrialPanel, Tried
from ui.theme import look
from ui.workers.topic import Topic

D = TypeVar("D", bound=Dialog)
_SIDE, _BESIDE = 300, 1010
"""Width of what stands at the right, and of the part below which it stands under the cards."""
_MOST_VERSIONS = 8
_FIRST = ("计费方式", "周期", "取整", "违约金")
_OF_PLACE = ("scope", "where", "from", "reason")
_OF_CONSENT = ("second", "password")


class PricingPart(Part):
    """Ctrl+Enter submits the price that stands in the form, Ctrl+N adds an item."""

    reads = frozenset({"tariff", "ledger", "house_item", "request"})

    def __init__(self, page: Page) -> None:
        super().__init__(page, "标准")
        may = self.seat.may
        self.tree = FeeTree()
        self.items: tuple[PriceItem, ...] = ()
        self.file: PriceFile | None = None
        self.costs: tuple[CostRow, ...] = ()
        self.form: Form | None = None
        self._branch: PriceBranch | None = None
        self._tree_topic, self._topic, self._save_topic = Topic(), Topic(), Topic()
        self._key = ""
        self.trial = TrialPanel(page, self._price)
        self.adding = self.act("新增项目", "Ctrl+N", self.add_item)
        self.copying = self.act("整体调整…", "Ctrl+Shift+E", self.copy_prices)
        self.submitting = self.act("启用", "Ctrl+Return", self.submit)
        self.ruling = self.act("改规则…", "Ctrl+Shift+U", self.change_rules)
        self.costing = self.act("录入费用", "Ctrl+Shift+N", self.add_cost)
        self.publishing = self.act("公示…", "Ctrl+Shift+P", self.publish_cost)
        for one in (self.submitting, self.ruling, self.costing, self.publishing):
            one.setEnabled(False)
        for one in (self.adding, self.copying):
            one.setEnabled(may("set_tariff"))
        if may("set_tariff"):
            self.tool(HintButton("", self.copying), HintButton("", self.submitting, Weight.PRIMARY))
        self._lay_out()
        self.tree.chosen.connect(lambda node: self._choose(node.branch))

    def _lay_out(self) -> None:
        self._cards = QVBoxLayout()
        self._cards.setContentsMargins(16, 12, 16, 16)
        self._cards.setSpacing(look().size("gap"))
        self._middle, self._under = QVBoxLayout(), QVBoxLayout()
        self._middle.setSpacing(look().size("gap"))
        self._cards.addLayout(self._middle)
        self._cards.addLayout(self._under)
        self._cards.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._cards)
        area = scrolled(inside, "收费标准")
        self.side, self._consent = QWidget(), QVBoxLayout()
        column_of_side = QVBoxLayout(self.side)
        column_of_side.setContentsMargins(0, 0, 0, 0)
        column_of_side.setSpacing(14)
        column_of_side.addWidget(self.trial)
        column_of_side.addLayout(self._consent)
        column_of_side.addStretch(1)
        beside = QWidget()
        self._beside_column = QVBoxLayout(beside)
        self._beside_column.setContentsMargins(16, 12, 16, 12)
        self._beside_column.addWidget(self.side)
        self._beside = scrolled(beside, "试算和审批")
        self._beside.setProperty("role", "beside")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._left())
        row.addWidget(area, 1)
        row.addWidget(self._beside)
        self.body.addLayout(row, 1)
        self._empty = text("", "third", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._middle.addWidget(self._empty)
        self.side.hide()

    def _left(self) -> QVBoxLayout:
        head = QWidget()
        head.setProperty("role", "treehead")
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 8, 8, 4)
        row.addWidget(text("收费项目", "small"))
        row.addStretch(1)
        if self.seat.may("set_tariff"):
            row.addWidget(HintButton("新增", self.adding, Weight.LINK, icon="plus", small=True))
        column_of_tree = QVBoxLayout()
        column_of_tree.setSpacing(0)
        column_of_tree.addWidget(head)
        column_of_tree.addWidget(self.tree, 1)
        return column_of_tree

    @property
    def _wide(self) -> bool:
        return self.width() >= look().px(_BESIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the cards, what is tried stands under them."""
        super().resizeEvent(event)
        self._beside.setFixedWidth(look().px(_SIDE))
        (self._beside_column if self._wide else self._under).addWidget(self.side)
        self._beside.setVisible(self._wide and self.seat.may("set_tariff"))
        if self.form is not None:
            self._place(self.form)

    @property
    def dirty(self) -> bool:
        """Whether a price was typed and not submitted."""
        return self.form is not None and self.form.dirty

    # reading

    def refresh(self) -> None:
        """The tree, then the branch that was in front."""
        self.page.run(lambda _: price_file.tree(self.seat), topic=self._tree_topic, done=self._put_tree)

    def _put_tree(self, items: Sequence[PriceItem]) -> None:
        self.items = tuple(items)
        self.tree.put(items)
        priced = sum(branch.state == "now" for item in items for branch in item.branches)
        self.say(f"{len(items)} 个项目，{priced} 个标准在用")
        at = self._branch
        branch = (
            self.tree.first() if at is None else self.tree.branch_of(at.code, at.scope, at.target) or self.tree.first()
        )
        if branch is None:
            self._empty.setText("还没有收费项目。先新增一个，如物业费，再给它设价格。")
        elif not self.dirty:
            self.open(branch)

    def go_to(self, code: str, scope: str | None = None, target: str = "") -> None:
        """Bring an item's scope in front; what was typed is asked about first."""
        branch = self.tree.branch_of(code, scope, target)
        if branch is not None:
            self._choose(branch)

    def _choose(self, branch: PriceBranch) -> None:
        if self.form is None:
            self.open(branch)
            return
        self.form.leave(self.page.area, lambda: self.open(branch))
        if self._branch is not None:
            self.tree.show_branch(self._branch)

    def open(self, branch: PriceBranch) -> None:
        """Read a branch and show it."""
        self._branch = branch
        self.tree.show_branch(branch)
        seat, code = self.seat, branch.code

        def read(_: object) -> tuple[PriceFile, tuple[CostRow, ...]]:
            costs = tuple(shared_costs.listing(seat, code)) if seat.may("see_money") else ()
            return price_file.show(seat, code, branch.scope, branch.target), costs

        self.page.run(read, topic=self._topic, done=lambda found: self._show(*found))

    # showing

    def _show(self, file: PriceFile, costs: tuple[CostRow, ...]) -> None:
        self.file, self.costs, self._key = file, costs, str(uuid4())
        item, may = file.item, self.seat.may("set_tariff")
        shared = item.kind == "shared"
        self.costing.setEnabled(shared and self.seat.may("run_bills"))
        self.publishing.setEnabled(shared and bool(costs))
        self.submitting.setText("提交审批" if item.charged else "启用")
        self.submitting.setEnabled(may)
        self.ruling.setEnabled(may)
        for layout in (self._middle, self._consent):
            clear(layout)
        self.form = self._make_form(file) if may else None
        cards = [self._place_card(file), self._price_card(file), self._versions_card(file)]
        if shared:
            cards.append(self._costs_card())
        if self.form is None:
            for card in cards:
                self._middle.addWidget(card)
        else:
            of_form = self.form.layout()
            assert of_form is not None
            for card in cards:
                of_form.addWidget(card)
            of_form.addWidget(self.form.bottom)
            self._middle.addWidget(self.form)
            self._tell_consent(file, self.form)
        self.side.setVisible(may)
        self.trial.setVisible(item.kind not in ("shared", "percent"))
        self.trial.metered(item.kind == "meter")
        if may and not self.trial.isHidden():
            self.trial.look()

    def _make_form(self, file: PriceFile) -> Form:
        item = file.item
        reason = Field("reason", "依据", optional=not item.charged, hint="文件、表决，记入审计")
        fields = [
            Field("scope", "范围（越具体越优先）", choices=tuple(SCOPES.items())),
            Field("where", "哪一栋、哪一类、哪一户", optional=True),
            Field("from", "生效日期", self.page.read_day, kind=Kind.DAY),
            reason,
            *fields_of(item.kind),
        ]
        if item.charged:
            fields += [
                Field("second", "批准人", optional=True, hint="不填就提交申请"),
                Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
            ]
        form = Form(fields, lambda: self.page.today, verb="", apart=True)
        form.save.connect(self._submit)
        form.fill(self._typed(file, next(iter(file.versions), None)))
        for key, box in form.boxes.items():
            if key not in _OF_CONSENT:
                box.typed.connect(self.trial.again)
        return form

    def _typed(self, file: PriceFile, version: PriceVersion | None) -> dict[str, str]:
        """A new price begins as the version looked at, on the first day that was not billed."""
        branch = file.branch
        begins = self.page.today.replace(day=1) if file.billed_to is None else Period.of(file.billed_to).plus(1).first
        place = {"scope": branch.scope, "where": branch.target, "from": begins.isoformat()}
        return {**typed_of({} if version is None else version.params), **place}

    def _place_card(self, file: PriceFile) -> Card:
        billed = f"最近出账到 {file.billed_to}" if file.billed_to else "还没有出过账"
        card = Card("适用范围与生效", text(billed, "small"))
        inner = inner_of(card)
        if (form := self.form) is not None:
            self._places = QGridLayout()
            self._places.setHorizontalSpacing(look().size("gap"))
            self._places.setVerticalSpacing(look().size("field_gap"))
            inner.addLayout(self._places)
            self._place(form)
            form.boxes["scope"].typed.connect(lambda: self._ask_where(form))
            self._ask_where(form)
        inner.addWidget(text(reach_words(file), "second", wrap=True))
        return card

    def _place(self, form: Form) -> None:
        """Scope, day and reason stand in one line where there is room."""
        boxes, places = form.boxes, self._places
        spots = {"scope": (0, 0, 1), "from": (0, 1, 1), "reason": (0, 2, 1), "where": (1, 0, 1)}
        if not self._wide:
            spots = {"scope": (0, 0, 3), "from": (1, 0, 1), "reason": (1, 1, 2), "where": (2, 0, 3)}
        for key, (row, at, span) in spots.items():
            places.addWidget(boxes[key], row, at, 1, span, Qt.AlignmentFlag.AlignTop)
        for at, stretch in enumerate((5, 3, 4) if self._wide else (1, 1, 1)):
            places.setColumnStretch(at, stretch)

    @staticmethod
    def _ask_where(form: Form) -> None:
        """Where a price holds is asked unless it holds everywhere."""
        narrow = form.boxes["scope"].text() not in ("", "estate")
        form.boxes["where"].setVisible(narrow)
        if not narrow:
            form.boxes["where"].put("")

    def _price_card(self, file: PriceFile) -> Card:
        unit = text(f"单位 {price_unit(file.item.kind)}", "small")
        rules = HintButton("", self.ruling, small=True) if self.form is not None else None
        card = Card("计价方式", rules, beside=unit)
        inner = inner_of(card)
        facts = dict(file.item.facts)
        inner.addLayout(facts_grid([(title, facts.pop(title)) for title in _FIRST]))
        inner.addWidget(text("　".join(f"{title}：{said}" for title, said in facts.items()), "third", wrap=True))
        if self.form is not None:
            keys = [key for key in self.form.boxes if key not in (*_OF_PLACE, *_OF_CONSENT)]
            inner.addLayout(fields_grid(self.form, keys, 2 if "by" in keys else min(4, len(keys))))
        return card

    def _versions_card(self, file: PriceFile) -> Card:
        card = Card("版本", text("已用于出账的版本不能改，只能从某一天起设新的", "small"))
        self.versions = PlainTable("版本", HEADS, "还没有价格。没有价格的房屋出账时不收，会列出来。")
        rows = [version_cells(version) for version in file.versions]
        self.versions.put(rows)
        if len(rows) <= _MOST_VERSIONS:
            self.versions.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines = min(max(len(rows), 1), _MOST_VERSIONS)
        self.versions.setFixedHeight(look().size("table_head") + lines * look().size("row") + 4)
        self.versions.setFrameShape(QFrame.Shape.NoFrame)
        self.versions.stood.connect(self._copy_version)
        card.body.addWidget(self.versions)
        return card

    def _copy_version(self, at: int) -> None:
        """The version that was chosen is what the new price begins as."""
        file, form = self.file, self.form
        if file is None or form is None or not 0 <= at < len(file.versions):
            return
        version = file.versions[at]

        def copy() -> None:
            form.fill({**form.typed, **self._typed(file, version), "from": form.typed["from"]})
            self.trial.again()

        form.leave(self.page.area, copy)

    def _costs_card(self) -> Card:
        card = Card(f"要公摊的费用（{len(self.costs)}）")
        inner = inner_of(card)
        offered = [HintButton("", self.costing, icon="plus", small=True)] if self.costing.isEnabled() else []
        if self.costs:
            newest = sorted(self.costs, key=lambda cost: cost.first, reverse=True)
            inner.addWidget(PanelTable("要公摊的费用", COSTS, newest, ("invoice",)))
            offered.append(HintButton("", self.publishing, icon="notice", small=True))
        else:
            inner.addWidget(text("还没有录入。没有费用的账期不收公摊。", "third", wrap=True))
        inner.addWidget(buttons(*offered))
        return card

    def _tell_consent(self, file: PriceFile, form: Form) -> None:
        self._consent.addWidget(heading("审批"))
        if not file.item.charged:
            said = "这个项目还没有出过账：第一个标准直接启用，不用批准。"
            self._consent.addWidget(text(said, "second", wrap=True))
            return
        waiting = [version for version in file.versions if version.state == "asked"]
        for version in waiting:
            said = f"申请 {version.label} 等批准：{version.maker}，{version.valid_from} 起 {version.price}"
            self._consent.addWidget(text(said, "warned", wrap=True))
        said = "已经出过账，新标准要另一位财务或经理批准；到生效日自动用于出账，用过的标准不会改动。"
        self._consent.addWidget(text(said, "second", wrap=True))
        for key in _OF_CONSENT:
            self._consent.addWidget(form.boxes[key])

    # doing

    def _price(self) -> Tried | None:
        """The price as it stands in the form, once it is whole."""
        if self.form is None or self.file is None:
            return None
        priced = [field for field in self.form.fields if field.key not in (*_OF_CONSENT, "reason")]
        values, problems = check(priced, self.form.typed)
        params = self._params(values)
        if problems or not params:
            return None
        return Tried(self.file.item.code, values["from"], params, Scope(values["scope"]), values["where"] or "")

    def _params(self, values: Mapping[str, Any]) -> dict[str, object]:
        """The parameters typed; the month a tier year begins with has no field and stays as it was."""
        params = params_of(values)
        was = self.file.versions[0].params if self.file is not None and self.file.versions else {}
        if "tiers" in params and "anchor_month" in was:
            params["anchor_month"] = was["anchor_month"]
        return params

    def submit(self) -> None:
        """Judge what stands in the form, and put it or ask for it."""
        if self.form is not None:
            self.form.submit()

    def _submit(self, values: Mapping[str, Any]) -> None:
        file, form, seat, key = self.file, self.form, self.seat, self._key
        assert file is not None
        assert form is not None
        params = self._params(values)

        def put(_: object) -> TariffAnswer | Waiting:
            second = approver_of(seat, values)
            with seat.once(key):
                return tariffs.add(
                    seat, file.item.code, values["from"], params, Scope(values["scope"]), values["where"] or "",
                    values["reason"], second=second,
                )  # fmt: skip

        self.page.run(
            put, topic=self._save_topic, done=self._done, failed=form.refused, writes=True, what=self.submitting.text()
        )

    def _done(self, done: TariffAnswer | Waiting) -> None:
        assert self.form is not None
        assert self.file is not None
        item, scope = self.file.item, self.form.typed["scope"]
        self.form.saved()
        if isinstance(done, Waiting):
            self.page.landed(f"价格申请 {done.request} 已提交，等批准。")
            return
        self._branch = PriceBranch(item.code, scope, done.target, "", "now")
        stay = f"已经出账的 {done.posted:,} 笔不变，差额请另办补收或减免。" if done.posted else ""
        self.page.landed(f"{item.name} 从 {done.valid_from.isoformat()} 起按新价格计费。{stay}")

    def add_item(self) -> AddItem:
        """The dialog for a new item, which is in front then."""
        dialog = AddItem(self.page)
        dialog.landed.connect(lambda said: self._added(dialog.code, said))
        return dialog

    def _added(self, code: str, said: str) -> None:
        if not self.dirty:
            self._branch = PriceBranch(code, "estate", "", "", "none")
        self.page.landed(said)

    def copy_prices(self) -> CopyPrices:
        """The dialog for all prices at once."""
        return self._follow(CopyPrices(self.page, self.items))

    def change_rules(self) -> ChangeRules | None:
        """The dialog for the item's due day, late fee, VAT and rounding."""
        return None if self.file is None else self._follow(ChangeRules(self.page, self.file.item))

    def add_cost(self) -> AddCost | None:
        """The dialog for a cost of the item shown."""
        if self.file is None or not self.costing.isEnabled():
            return None
        return self._follow(AddCost(self.page, self.file.item))

    def publish_cost(self) -> PublishCost | None:
        """The dialog for the notice of a cost that is divided."""
        if self.file is None or not self.costs:
            return None
        return self._follow(PublishCost(self.page, self.file.item.code, self.file.item.name, self.costs))

    def _follow(self, dialog: D) -> D:
        dialog.landed.connect(self.page.landed)
        return dialog
