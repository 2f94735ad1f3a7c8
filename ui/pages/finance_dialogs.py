"""导出给财务: which table, which days, which building; written in the background, cancelled in the status bar."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from PySide6.QtWidgets import QFileDialog

from app.domain.money import yuan
from app.domain.period import Period
from app.services import finance_export
from app.services.finance_export import KINDS, SPANS, Exported
from ui.forms.field import Field, Kind
from ui.forms.hint_button import HintButton
from ui.forms.parts import action
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page
from ui.workers.topic import Topic

ALL = "all"
"""Every building."""


class ExportFinance(Dialog):
    """A table for finance as a workbook. `buildings` are code and name of each."""

    def __init__(self, page: Page, buildings: tuple[tuple[str, str], ...]) -> None:
        fields = (
            Field("kind", "内容", choices=tuple(KINDS.items())),
            Field(
                "building",
                "楼栋",
                choices=((ALL, "全部"), *((code, _label(code, name)) for code, name in buildings)),
            ),
            Field("first", "从哪天", page.read_day, optional=True, kind=Kind.DAY, hint="应收、收款用；不填从当月 1 日"),
            Field("last", "到哪天", page.read_day, optional=True, kind=Kind.DAY, hint="欠费、押金、预存截至这天"),
            Field("file", "存到", optional=True, hint="不填存到数据文件夹的 out 里"),
        )
        about = "表里有合计，可以直接打印；过去某天的数，以后再收款也不变。含姓名，记入审计。"
        super().__init__(page, "导出给财务", about, fields, "导出", WIDE, columns=2)
        self._key = str(uuid4())
        self.form.fill({
            "kind": "charges", "building": ALL, "first": Period.of(page.today).first.isoformat(),
            "last": page.today.isoformat(),
        })  # fmt: skip
        self.form.beside(HintButton("", action(self, "选择位置…", "", self.choose), parent=self.card))

    def choose(self) -> None:
        """Choose where it is put."""
        seat = self.page.seat
        start = self.form.typed.get("file") or str(seat.store.paths.out / f"{KINDS[self.form.typed['kind']]}.xlsx")
        picked, _ = QFileDialog.getSaveFileName(self, "导出给财务", start, "Excel (*.xlsx)")
        if picked:
            self.form.boxes["file"].put(picked)

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        kind, last = values["kind"], values["last"] or self.page.today
        first = (values["first"] or Period.of(last).first) if kind in SPANS else None
        building, seat = None if values["building"] == ALL else values["building"], self.page.seat
        days = f"{first}_{last}" if first else f"{last}"
        named = f"{KINDS[kind]}_{days}{'_' + building + '号楼' if building else ''}.xlsx"
        target = Path(values["file"]).expanduser() if values["file"] else seat.store.paths.out / named

        def export() -> Exported:
            with seat.once(self._key):
                return finance_export.export(seat, kind, target, first, last, building)

        self.do(export, _said)


def _label(code: str, name: str) -> str:
    return f"{code}号楼" if code.isdigit() else name


def _said(done: Exported) -> str:
    sums = "，".join(f"{title} {yuan(fen)}" for title, fen in done.sums.items())
    return f"{KINDS[done.kind]} {done.rows:,} 行已导出（{sums} 元）：{done.file}"


def offer_export(page: Page, topic: Topic) -> None:
    """Ask what is to be exported: the buildings are read first."""

    def ask(buildings: tuple[tuple[str, str], ...]) -> None:
        ExportFinance(page, buildings).landed.connect(lambda said: page.message.say("ok", said))

    page.run(lambda _: finance_export.buildings(page.seat), topic=topic, done=ask)
