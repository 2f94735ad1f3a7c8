"""争议 of an open charge: flagged, or over; from the house's account and from dunning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain.money import yuan
from app.services import disputes
from app.services.disputes import Disputed
from app.services.house_file import HouseCharge
from app.services.list_face import ColumnFace, Kind, State
from ui.forms.field import Field
from ui.models.plain_model import column
from ui.pages.dialog import Dialog
from ui.pages.page import Page

ACTS = (("add", "登记争议"), ("end", "争议已了结"))


DISPUTED = column("state", "", Kind.STATE, 8, (State("disputed", "有争议", "danger", "triangle"),))


def marked(columns: tuple[ColumnFace, ...], charges: Sequence[HouseCharge]) -> tuple[ColumnFace, ...]:
    """The columns of open charges; one more where any is contested."""
    return (*columns, DISPUTED) if any(charge.state for charge in charges) else columns


def contestable(charges: Sequence[HouseCharge]) -> list[HouseCharge]:
    """The charges that can be contested: principals."""
    return [charge for charge in charges if charge.part == "principal" and charge.code]


class Contest(Dialog):
    """Which charge, and whether its payer contests it or no longer does."""

    def __init__(self, page: Page, house: str, charges: Sequence[HouseCharge]) -> None:
        self._lines = contestable(charges)
        places = tuple(
            (str(at), f"{line.item} {line.period}  {yuan(line.open)}{'（有争议）' if line.state else ''}")
            for at, line in enumerate(self._lines)
        )
        fields = (
            Field("line", "哪一笔", int, choices=places),
            Field("act", "办什么", choices=ACTS),
            Field("reason", "争什么、怎么了结的"),
        )
        about = "登记后这笔不算违约金（按设置），这一户暂不催缴，直到了结。确实该少收的，了结后办减免。"
        super().__init__(page, f"{house} 争议", about, fields, "登记", 520)
        self._key = str(uuid4())
        flagged = next((at for at, line in enumerate(self._lines) if line.state), None)
        self.form.fill({"line": str(flagged or 0), "act": "add" if flagged is None else "end"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Flag it, or take the flag away."""
        self.do(lambda: self._write(values), lambda done: self._said(values["act"], done))

    def _write(self, values: Mapping[str, Any]) -> Disputed:
        seat, line = self.page.seat, self._lines[values["line"]]
        door = disputes.add if values["act"] == "add" else disputes.end
        with seat.once(self._key):
            return door(seat, line.house, line.code, line.month, values["reason"])

    def _said(self, act: str, done: Disputed) -> str:
        what = f"{done.house} {done.item_name} {done.period}"
        return f"{what} 已登记争议，暂不催缴。" if act == "add" else f"{what} 的争议已了结，从明天起照常催缴。"
