"""总表和公共表 beside the readings of houses: their losses, a reading, a new meter; and the round out to Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain.quantity import Multiplier, Quantity
from app.services import main_meters, reading_round
from app.services.main_meters import DIGITS, KINDS, MainMeterRow, MainReadingAnswer, NewMainMeter
from app.services.reading_round import RoundFile
from ui.forms.field import Field, Kind, whole
from ui.forms.hint_button import HintButton
from ui.pages.dialog import WIDE, WIDEST, Dialog
from ui.pages.page import Page
from ui.pages.plain_table import Cell, Head, PlainTable, Tinted
from ui.printers import OTHER
from ui.theme import look

WRAPPED = (("no", "没有"), ("yes", "走满归零了"))
HIGH = 220
ODD_SHARE = 1500
"""A loss of so many hundredths of a percent, or a negative one, is marked."""


class MainMeters(Dialog):
    """The meters with what they counted this month; one reading at a time."""

    def __init__(self, page: Page, month: str, rows: Sequence[MainMeterRow], more: Callable[[], None]) -> None:
        self._rows, self._key = rows, str(uuid4())
        super().__init__(
            page,
            "总表和公共表",
            f"{month} 的用量和损耗。分表是同一项目、同一范围里的户表和公共表。",
            (
                Field("meter", "哪块表", choices=[(row.number, f"{row.number} {row.name}") for row in rows]),
                Field("value", "读数", _figure, kind=Kind.NUMBER),
                Field("on", "抄表日期", page.read_day, kind=Kind.DAY),
                Field("wrapped", "归零", choices=WRAPPED, hint="读数小于上次时才会有"),
            ),
            "记下读数",
            WIDEST,
            columns=2,
        )
        table = PlainTable(
            "总表和公共表",
            (Head("表号", 110, strong=True), Head("名称"), Head("种类", 70), Head("项目", 90, gives_way=True),
             Head("范围", 80), Head("上次读数", 100, right=True), Head("用量", 90, right=True),
             Head("分表", 90, right=True), Head("损耗", 130, right=True)),
        )  # fmt: skip
        table.put([_cells(row) for row in rows])
        table.setFixedHeight(look().px(HIGH))
        self.body.insertWidget(2, table)
        self.form.fill({"meter": rows[0].number, "on": page.today.isoformat(), "wrapped": "no"})
        new = HintButton("登记新表…", parent=self.card)
        new.clicked.connect(self._new)
        self._more = more
        self.form.beside(new)
        self.form.boxes["value"].setFocus()

    def _new(self) -> None:
        self.finish()
        self._more()

    def act(self, values: Mapping[str, Any]) -> None:
        """Write the reading down."""

        def read() -> MainReadingAnswer:
            with self.page.seat.once(self._key):
                return main_meters.read(
                    self.page.seat, values["meter"], values["value"], values["on"], rollover=values["wrapped"] == "yes"
                )

        def said(done: MainReadingAnswer) -> str:
            odd = "，用量异常，请核对" if done.unusual else ""
            return f"{done.meter} 读数 {done.value}，用量 {done.usage}{odd}。"

        self.do(read, said)


def _figure(typed: str) -> str:
    return Quantity.parse(typed).show()


def _cells(row: MainMeterRow) -> tuple[Cell, ...]:
    loss: Cell = ""
    if row.loss is not None:
        odd = row.loss.lost < 0 or (row.loss.share or 0) > ODD_SHARE
        loss = Tinted(f"{Quantity(row.loss.lost).show()}　{row.loss.shown}", "warn" if odd else "text")
    return (
        row.number, row.name, KINDS[row.kind], row.item_name, f"{row.building} 栋" if row.building else "全小区",
        "" if row.value is None else Quantity(row.value).show(), Quantity(row.usage).show(),
        "" if row.subs is None else Quantity(row.subs).show(), loss,
    )  # fmt: skip


class AddMainMeter(Dialog):
    """A new meter; its first reading is entered afterwards."""

    def __init__(self, page: Page, items: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            page,
            "登记总表或公共表",
            "总表算损耗；公共表的用量是公摊的依据。登记后先记一次起始读数。",
            (
                Field("number", "表号"),
                Field("name", "名称", hint="如 三栋总表、地库照明"),
                Field("kind", "种类", choices=tuple(KINDS.items())),
                Field("item", "收费项目", choices=tuple(items)),
                Field("building", "楼栋", optional=True, hint="只管一栋的写栋号；不写是整个小区"),
                Field("multiplier", "倍率", _multiplier, kind=Kind.NUMBER),
                Field("digits", "表的位数", whole(3, 9), kind=Kind.NUMBER),
            ),
            "登记",
            WIDE,
            columns=2,
        )
        self._key = str(uuid4())
        first = items[0][0] if items else ""
        self.form.fill({"kind": "master", "item": first, "multiplier": "1", "digits": str(DIGITS)})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        new = NewMainMeter(
            values["number"], values["name"], values["kind"], values["item"], values["building"] or "",
            values["multiplier"], values["digits"],
        )  # fmt: skip

        def add() -> str:
            with self.page.seat.once(self._key):
                return main_meters.add(self.page.seat, new)

        self.do(add, lambda number: f"{KINDS[new.kind]} {number} 已登记，请记起始读数。")


def _multiplier(typed: str) -> int:
    return Multiplier.parse(typed).units


class TakeRound(Dialog):
    """The round as a workbook, to be filled in and imported again, or on paper to walk with."""

    def __init__(self, page: Page, items: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            page,
            "抄表单",
            "按走表的顺序列出房号、表号和上期读数，填好“本期读数”再用“导入”收回；没填的跳过。",
            (
                Field("on", "抄表日期", page.read_day, kind=Kind.DAY),
                Field("item", "收费项目", optional=True, choices=(("", "全部"), *items)),
                Field("building", "楼栋", optional=True, hint="只要一栋的写栋号"),
                Field("which", "哪些表", choices=(("unread", "本月还没抄的"), ("all", "全部"))),
                Field("form", "做成", choices=(("xlsx", "Excel，填好再导入"), ("pdf", "打印出来走表"))),
            ),
            "做抄表单",
            WIDE,
            columns=2,
        )
        self._key = str(uuid4())
        self.form.fill({"on": page.today.isoformat(), "item": "", "which": "unread", "form": "xlsx"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat, day, printed = self.page.seat, values["on"], values["form"] == "pdf"
        target = seat.store.paths.out / f"抄表单_{day:%Y%m%d}.{values['form']}"

        def take() -> RoundFile:
            with seat.once(self._key):
                return reading_round.export(
                    seat, target, day, values["item"] or "", values["building"] or "",
                    unread=values["which"] == "unread",
                )  # fmt: skip

        def said(done: RoundFile) -> str:
            if printed:
                self.page.show_paper(done.file, OTHER)
            return f"抄表单 {done.meters} 块表：{done.file}"

        self.do(take, said)
