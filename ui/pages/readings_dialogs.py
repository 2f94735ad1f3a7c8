"""What is said about one meter: that it was changed, or why an odd reading is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.domain.quantity import Quantity
from app.services import readings
from app.services.reading_sheet import Before, SheetLine
from app.services.readings import MeterChanged
from ui.forms.field import Field, Kind
from ui.pages.dialog import Dialog
from ui.pages.page import Page

WRAPPED = (("no", "没有"), ("yes", "走满归零了"))


def _figure(typed: str) -> str:
    """A reading as it was typed, if it is one."""
    return Quantity.parse(typed).show()


class ChangeMeter(Dialog):
    """换表: where the old meter ended and the new one began."""

    def __init__(self, page: Page, line: SheetLine) -> None:
        last = line.last
        about = f"{line.house} 的表 {line.meter}"
        about += f"，上期 {Quantity(last.value).show()}（{last.on.isoformat()}）。" if last else "。"
        about += "本期用量是旧表用到止度，加新表从起度起。"
        fields = (
            Field("on", "换表日期", page.read_day, kind=Kind.DAY,
                  hint="新表从这天起计；本期读数要在这天之后抄"),
            Field("end", "旧表止度", _figure, kind=Kind.NUMBER),
            Field("start", "新表起度", _figure, kind=Kind.NUMBER),
            Field("number", "新表号", optional=True, hint=f"不填就沿用 {line.meter}"),
            Field("wrapped", "旧表走满归零", choices=WRAPPED, hint="止度小于上期时才会有"),
        )  # fmt: skip
        super().__init__(page, f"换表 {line.house}", about, fields, "记下换表", columns=2, width=560)
        self._line = line
        day = page.today - timedelta(days=1)
        self.form.boxes["on"].put(max(day, last.on + timedelta(days=1) if last else day).isoformat())
        self.form.boxes["start"].put("0")
        self.form.boxes["wrapped"].put("no")
        self.form.boxes["end"].setFocus()

    def act(self, values: Mapping[str, Any]) -> None:
        """Write both down."""
        seat, line = self.page.seat, self._line

        def change() -> MeterChanged:
            return readings.change_meter(
                seat,
                line.house,
                line.meter,
                values["end"],
                values["start"],
                values["on"],
                new_number=values["number"],
                rollover=values["wrapped"] == "yes",
            )

        self.do(
            change,
            lambda done: f"{done.house} 从 {done.date.isoformat()} 起是新表 {done.meter}，旧表用量 {done.usage}。",
        )


class ConfirmOdd(Dialog):
    """异常确认: why an odd reading is right; kept with the reading when it is saved."""

    def __init__(self, page: Page, line: SheetLine, word: str, known: str, take: Callable[[str], None]) -> None:
        fields = (Field("reason", "为什么这个读数是对的", hint="如 核对无误，家里装修用水多"),)
        super().__init__(page, f"确认读数 {line.house}", f"{word}。原因随读数记入审计。", fields, "确认")
        self._take = take
        self.form.boxes["reason"].put(known)

    def act(self, values: Mapping[str, Any]) -> None:
        """Keep the reason until the reading is saved."""
        self.finish()
        self._take(values["reason"])


class CorrectReading(Dialog):
    """改正读数: a saved reading that was mistyped, while nothing is billed from it."""

    def __init__(self, page: Page, line: SheetLine, saved: Before) -> None:
        last = line.last
        about = f"{saved.on.isoformat()} 记的是 {Quantity(saved.value).show()}"
        about += f"，上期 {Quantity(last.value).show()}。" if last else "。"
        about += "已经出账的改不了；原来的读数和原因留在审计里。"
        fields = (
            Field("value", "正确的读数", _figure, kind=Kind.NUMBER),
            Field("wrapped", "走满归零", choices=WRAPPED),
            Field("reason", "为什么改", hint="如 看错一位"),
        )
        super().__init__(page, f"改正读数 {line.house} {line.meter}", about, fields, "改正")
        self._line, self._on = line, saved.on
        self.form.boxes["value"].put(Quantity(saved.value).show())
        self.form.boxes["wrapped"].put("no")

    def act(self, values: Mapping[str, Any]) -> None:
        """Correct it."""
        seat, line, on = self.page.seat, self._line, self._on
        self.do(
            lambda: readings.correct(
                seat,
                line.house,
                line.meter,
                on,
                values["value"],
                values["reason"],
                rollover=values["wrapped"] == "yes",
            ),
            lambda done: f"{done.house} 的读数改为 {done.value}，用量 {done.usage}。",
        )
