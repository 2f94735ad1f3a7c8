"""过户 / 退租结算 in two steps: what is settled with its figures while hands type, then what happens to the money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from app.domain.money import yuan
from app.domain.phone import parse as parse_phone
from app.services import settlement
from app.services.list_face import Kind as ListKind
from app.services.purse import METHODS
from app.services.settlement import ARREARS, KINDS, Settlement, Wanted
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, check
from ui.forms.parts import text
from ui.models.plain_model import column
from ui.pages.dialog import WIDE, Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page
from ui.pages.panel_table import PanelTable
from ui.printers import OTHER
from ui.theme import look

COLUMNS = (
    column("part", "", width=10),
    column("item", "费用"),
    column("period", "账期"),
    column("amount", "金额", ListKind.MONEY, 10),
)

MOST_HIGH = 226
"""Height of the table of figures from which it scrolls: seven rows and the head."""


def span(first: date, last: date) -> str:
    """Two days, as people write a period."""
    return f"{first.isoformat()} 至 {last.isoformat()}"


def _phone(typed: str) -> str:
    return parse_phone(typed).normalized


class SettleHouse(Dialog):
    """Step 1: which kind, to which day, who follows, the closing readings. The second step opens from it."""

    def __init__(self, page: Page, house: str, meters: Sequence[str]) -> None:
        self._house, self._meters = house, list(meters)
        fields = (
            Field("kind", "办什么", choices=tuple(KINDS.items())),
            Field("on", "哪天", page.read_day, kind=Kind.DAY, hint="过户：接手人从这天起付；退租：原付款人的最后一天"),
            Field("follower", "接手人", optional=True, hint="退租不填就是业主"),
            Field("phone", "接手人电话", _phone, optional=True),
            Field("arrears", "旧欠归谁", choices=tuple(ARREARS.items()), hint="接手人承担要有他签字的承诺"),
            *(Field(f"meter{at}", f"{number} 交接读数", optional=True, kind=Kind.NUMBER)
              for at, number in enumerate(self._meters)),
        )  # fmt: skip
        about = "第 1 步，共 2 步：算到哪天、谁接手。下面的数字边填边算，还没有写入。"
        super().__init__(page, f"{house} 过户 / 退租结算", about, fields, "下一步", WIDE, columns=2)
        self.form.fill({"kind": "transfer", "on": page.today.isoformat(), "arrears": "seller"})
        self.live: LiveCard[Settlement] = LiveCard(self, self._ask, said, "填好日期和接手人后，这里显示结算的数字。")

    def _wanted(self, values: Mapping[str, Any]) -> Wanted:
        readings = tuple(
            (number, str(values[f"meter{at}"])) for at, number in enumerate(self._meters) if values[f"meter{at}"]
        )
        return Wanted(
            self._house, values["on"], values["kind"], values["follower"] or "", values["phone"] or "",
            values["arrears"], readings,
        )  # fmt: skip

    def _ask(self) -> Callable[[], Settlement] | None:
        values, problems = check(self.form.fields, self.form.typed)
        if problems or (values["kind"] == "transfer" and not values["follower"]):
            return None
        seat, wanted = self.page.seat, self._wanted(values)
        return lambda: settlement.rehearse(seat, wanted)

    def act(self, values: Mapping[str, Any]) -> None:
        """On to the money, with the figures as the service has them now."""
        wanted, seat, page = self._wanted(values), self.page.seat, self.page
        page.run(
            lambda _: settlement.rehearse(seat, wanted), topic=self._topic,
            done=lambda looked: self._go_on(wanted, looked), failed=self.form.refused,
        )  # fmt: skip

    def _go_on(self, wanted: Wanted, looked: Settlement) -> None:
        self.finish()
        following = SettleMoney(self.page, wanted, looked)
        following.landed.connect(self.landed)


class SettleMoney(Dialog):
    """Step 2: whether the leaver pays now, whether prepaid money and deposits go back; then it is done and printed."""

    def __init__(self, page: Page, wanted: Wanted, looked: Settlement) -> None:
        self._seen, self._key = wanted, str(uuid4())
        ways, later = tuple(METHODS.items()), "不选就这次不办"
        fields: list[Field] = []
        if looked.due_fen and wanted.arrears != "carried":
            fields.append(
                Field("pay", f"原付款人交 {yuan(looked.due_fen)} 元", optional=True, choices=ways, hint=later)
            )
        if looked.refundable_fen:
            fields.append(
                Field("refund", f"退预存 {yuan(looked.refundable_fen)} 元", optional=True, choices=ways, hint=later)
            )
        held = sum(each.amount_fen for each in looked.deposits)
        if held:
            fields.append(Field("deposits", f"退押金 {yuan(held)} 元", optional=True, choices=ways, hint=later))
        going_out = bool(looked.refundable_fen or held)
        fields.append(Field("reason", "说明", optional=True, hint="退款、退押金必须写" if going_out else ""))
        if going_out:
            fields += [
                Field("second", "批准人", optional=True, hint="退款要财务或经理批准；不在场可留空，提交申请"),
                Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
            ]
        about = "第 2 步，共 2 步：钱怎么办。办理后一次写入，打印结算单，付款人从次日起换成接手人。"
        super().__init__(page, f"{looked.house} {KINDS[wanted.kind]}结算", about, fields, "办理并打印", WIDE, columns=2)
        self.form.fill(dict.fromkeys(self.form.boxes, ""))
        place = self.body.indexOf(self.form)
        one, more = said(looked)
        readings = [f"表 {row.meter}：{row.before} → {row.value}，用量 {row.usage}。" for row in looked.readings]
        words = (text(one, "strong", wrap=True), text(more + "".join(readings), "second", wrap=True))
        for at, widget in enumerate((*words, _scrolled(PanelTable("结算", COLUMNS, figures_of(looked), ("period",))))):
            self.body.insertWidget(place + at, widget)

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        wanted = replace(
            self._seen, pay=values.get("pay") or "", refund=values.get("refund") or "",
            deposits=values.get("deposits") or "",
        )  # fmt: skip
        self.do(lambda: self._settle(values, wanted), self._said)

    def _settle(self, values: Mapping[str, Any], wanted: Wanted) -> Settlement | Waiting:
        seat, second = self.page.seat, self.second(values) if "second" in values else None
        with seat.once(self._key):
            return settlement.settle(seat, wanted, values["reason"], second=second)

    def _said(self, done: Settlement | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"申请 {done.request} 已提交，等批准后结算。"
        if done.file is not None:
            self.page.show_paper(done.file, OTHER)
        receipt = f"，收据 {done.receipt}" if done.receipt else ""
        return f"{done.house} 已结算到 {done.last_day}，以后由 {done.follower} 付款；结算单 {done.number}{receipt}。"


def _scrolled(table: PanelTable) -> QScrollArea:
    """A table that scrolls from some height on: the answers below it stay in sight."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(table)
    area.setFixedHeight(min(table.height(), look().px(MOST_HIGH)))
    return area


def said(looked: Settlement) -> tuple[str, str]:
    """The figures in two lines."""
    fresh, open_fen = sum(line.amount_fen for line in looked.fresh), sum(line.amount_fen for line in looked.open)
    one = f"{looked.leaver} 应交 {yuan(looked.due_fen)} 元（到 {looked.last_day}），之后由 {looked.follower} 付"
    parts = [f"到日费用 {yuan(fresh)}", f"此前未交 {yuan(open_fen)}", f"违约金 {yuan(looked.late_fee_fen)}"]
    if looked.prepaid_fen:
        parts.append(f"预存 {yuan(looked.prepaid_fen)}")
    if looked.deposits:
        parts.append(f"押金 {yuan(sum(each.amount_fen for each in looked.deposits))}")
    return one, "，".join(parts) + "。" + "".join(looked.notes)


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the second step: what it is, of which days, fen."""

    part: str
    item: str
    period: str
    amount: int


def figures_of(looked: Settlement) -> list[Figure]:
    """Every figure of a settlement."""
    parts = (("到日", looked.fresh), ("此前未交", looked.open), ("超出，不动", looked.ahead))
    rows = [
        Figure(title, line.item_name, span(line.first, line.last), line.amount_fen)
        for title, some in parts
        for line in some
    ]
    return rows + [Figure("在押", each.item_name, each.receipt or "期初", each.amount_fen) for each in looked.deposits]
