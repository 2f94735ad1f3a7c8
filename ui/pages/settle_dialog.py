"""过户 / 退租结算 in three steps: what is settled with its figures while hands type, what is handed over, then what
happens to the money. The front desk prepares the first two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from app.domain.handover import DEPOSITS, MOST, PAPERS, Handover, asked_papers
from app.domain.money import yuan
from app.domain.phone import parse as parse_phone
from app.services import handovers, settlement
from app.services.handovers import Prepared, Start
from app.services.list_face import Kind as ListKind
from app.services.parking import KINDS as SPACE_KINDS
from app.services.purse import METHODS
from app.services.settlement import ARREARS, KINDS, UNSAID, Settlement, Wanted
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, check, several, whole
from ui.forms.parts import text
from ui.models.plain_model import column
from ui.pages.dialog import WIDE, WIDEST, Dialog
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
    """Step 1: which kind, to which day, who follows, the closing readings. The second step opens from it.

    Who may not bill prepares: the same questions, without figures and money.
    """

    def __init__(self, page: Page, start: Start) -> None:
        self._start, self._meters = start, list(start.meters)
        self._bills = page.seat.may("run_bills")
        fields = (
            Field("kind", "办什么", choices=tuple(KINDS.items())),
            Field("on", "哪天", page.read_day, kind=Kind.DAY, hint="过户：接手人从这天起付；退租：原付款人的最后一天"),
            Field("follower", "接手人", optional=True, hint="退租不填就是业主"),
            Field("phone", "接手人电话", _phone, optional=True),
            Field("arrears", "旧欠归谁", choices=tuple(ARREARS.items()), hint="接手人承担要有他签字的承诺"),
            *(Field(f"meter{at}", f"{number} 交接读数", optional=True, kind=Kind.NUMBER)
              for at, number in enumerate(self._meters)),
        )  # fmt: skip
        steps = "第 1 步，共 3 步：算到哪天、谁接手。下面的数字边填边算，还没有写入。"
        if not self._bills:
            steps = "第 1 步，共 2 步：算到哪天、谁接手。准备好以后由财务结算。"
        prepared = start.prepared
        if prepared is not None:
            steps += f" {prepared.by} {prepared.at} 已准备，填好在下面。"
        title = f"{start.house} {'过户 / 退租结算' if self._bills else '准备过户 / 退租'}"
        super().__init__(page, title, steps, fields, "下一步", WIDE, columns=2)
        self.form.fill(self._typed(prepared.wanted if prepared else None))
        if self._bills:
            empty = "填好日期和接手人后，这里显示结算的数字。"
            self.live: LiveCard[Settlement] = LiveCard(self, self._ask, said, empty)

    def _typed(self, known: Wanted | None) -> dict[str, str]:
        if known is None:
            return {"kind": "transfer", "on": self.page.today.isoformat(), "arrears": "seller"}
        read = dict(known.readings)
        return {
            "kind": known.kind, "on": known.on.isoformat(), "follower": known.follower, "phone": known.phone,
            "arrears": known.arrears,
            **{f"meter{at}": read.get(number, "") for at, number in enumerate(self._meters)},
        }  # fmt: skip

    def _wanted(self, values: Mapping[str, Any]) -> Wanted:
        readings = tuple(
            (number, str(values[f"meter{at}"])) for at, number in enumerate(self._meters) if values[f"meter{at}"]
        )
        return Wanted(
            self._start.house, values["on"], values["kind"], values["follower"] or "", values["phone"] or "",
            values["arrears"], readings,
        )  # fmt: skip

    def _ask(self) -> Callable[[], Settlement] | None:
        values, problems = check(self.form.fields, self.form.typed)
        if problems or (values["kind"] == "transfer" and not values["follower"]):
            return None
        seat, wanted = self.page.seat, self._wanted(values)
        return lambda: settlement.rehearse(seat, wanted)

    def act(self, values: Mapping[str, Any]) -> None:
        """On to what is handed over; who bills sees first whether the figures hold."""
        wanted, seat, page = self._wanted(values), self.page.seat, self.page
        if not self._bills:
            self._go_on(wanted)
            return
        page.run(
            lambda _: settlement.rehearse(seat, wanted), topic=self._topic,
            done=lambda _: self._go_on(wanted), failed=self.form.refused,
        )  # fmt: skip

    def _go_on(self, wanted: Wanted) -> None:
        self.finish()
        following = HandOver(self.page, self._start, wanted)
        following.landed.connect(self.landed)


class HandOver(Dialog):
    """交接清单: keys and cards, papers seen, the deposit, the spaces that go with the house. Then the money, or, for
    who may not bill, it is left for an accountant.
    """

    def __init__(self, page: Page, start: Start, wanted: Wanted) -> None:
        self._seen, self._bills, self._key = wanted, page.seat.may("run_bills"), str(uuid4())
        sale = wanted.kind == "transfer"
        spaces = start.spaces if sale else start.leases
        asked = asked_papers(wanted.kind, wanted.arrears)
        papers = [(code, f"{word} *" if code in asked else word) for code, word in PAPERS.items()]
        fields = [
            Field("keys", "钥匙", whole(0, MOST), True, Kind.NUMBER, unit="把", hint="没有写 0"),
            Field("cards", "门禁卡", whole(0, MOST), True, Kind.NUMBER, unit="张", hint="没有写 0"),
            Field("papers", "看过的证件（* 应看）", several, True, Kind.SEVERAL, choices=papers),
            Field("deposit", "押金怎么办", optional=True, choices=tuple(DEPOSITS.items())),
            Field("note", "其他", optional=True, hint="如 水卡 1 张、家具照清单"),
        ]
        if spaces:
            word = "车位一起办（自有的归接手人，租用的到那天为止）" if sale else "车位一起退（到那天为止）"
            choices = [(each.number, f"{each.number} {SPACE_KINDS[each.kind]}") for each in spaces]
            fields.insert(3, Field("spaces", word, several, True, Kind.SEVERAL, choices=choices))
        about = "第 2 步，共 3 步：交接清单，印在结算单上。没有填的，结算单会写明。"
        if not self._bills:
            about = "第 2 步，共 2 步：交接清单。准备好以后，工作台会提醒财务办结算。"
        if start.deposits_fen:
            about += f" 在押的押金 {yuan(start.deposits_fen)} 元。"
        verb = "下一步" if self._bills else "准备好了"
        super().__init__(page, f"{start.house} {KINDS[wanted.kind]}：交接", about, fields, verb, WIDEST, columns=2)
        prepared = start.prepared.wanted if start.prepared else None
        known, chosen = prepared.handover if prepared else UNSAID, [each.number for each in spaces]
        if prepared is not None and prepared.kind == wanted.kind:
            chosen = [number for number in prepared.spaces if number in chosen]
        self.form.fill(
            {
                "keys": "" if known.keys is None else str(known.keys),
                "cards": "" if known.cards is None else str(known.cards), "papers": ",".join(known.papers),
                "deposit": known.deposit or ("" if start.deposits_fen else "none"), "note": known.note,
                "spaces": ",".join(chosen),
            }
        )  # fmt: skip

    def act(self, values: Mapping[str, Any]) -> None:
        """On to the money, with the figures as the service has them now; or leave it prepared."""
        handover = Handover(
            values["keys"], values["cards"], values["papers"] or (), values["deposit"] or "", values["note"] or ""
        )
        wanted = replace(self._seen, handover=handover, spaces=values.get("spaces") or ())
        seat = self.page.seat
        if self._bills:
            self.page.run(
                lambda _: settlement.rehearse(seat, wanted), topic=self._topic,
                done=lambda looked: self._go_on(wanted, looked), failed=self.form.refused,
            )  # fmt: skip
            return

        def prepare() -> Prepared:
            with seat.once(self._key):
                return handovers.prepare(seat, wanted)

        self.do(prepare, lambda done: f"{done.house} 的{KINDS[wanted.kind]}已准备好，等财务结算。")

    def _go_on(self, wanted: Wanted, looked: Settlement) -> None:
        self.finish()
        following = SettleMoney(self.page, wanted, looked)
        following.landed.connect(self.landed)


class SettleMoney(Dialog):
    """Step 3: whether the leaver pays now, whether prepaid money and deposits go back; then it is done and printed."""

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
        about = "第 3 步，共 3 步：钱怎么办。办理后一次写入，打印结算单，付款人从次日起换成接手人。"
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
    return one, "，".join(parts) + "。" + "".join((*looked.spaces, *looked.notes))


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
