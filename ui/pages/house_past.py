"""The tab 历史 of a house: its states, its former numbers, splits and merges, and who changed what."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.house_history import KINDS, ChangeRow, HouseHistory
from app.services.house_list import STATES
from app.services.list_face import Kind
from ui.forms.parts import text
from ui.models.plain_model import column
from ui.pages.list_panel import heading
from ui.pages.panel_table import PanelTable

STATES_SEEN = (
    column("state", "状态", Kind.STATE, 9, STATES),
    column("since", "从哪天起", width=10),
    column("reason", "原因"),
)
NUMBERS = (column("number", "曾用房号", Kind.NUMBER, 12), column("until", "用到", Kind.DATE, 10))
LINKS = (
    column("what", "", width=9),
    column("number", "房号", Kind.NUMBER, 12),
    column("on", "从哪天起", Kind.DATE, 10),
)
SHOWN = 40
_ROLES = {("split", "old"): "拆分自", ("split", "new"): "拆成", ("merge", "old"): "合并自", ("merge", "new"): "并入"}


@dataclass(frozen=True, slots=True)
class _State:
    state: str
    since: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Link:
    what: str
    number: str
    on: object


def fill_past(body: QVBoxLayout, past: HouseHistory) -> None:
    """Put the history into a tab."""
    body.addWidget(heading("入住状态"))
    if past.states:
        rows = [_State(row.state, row.since.isoformat() if row.since else "起初", row.reason) for row in past.states]
        body.addWidget(PanelTable("入住状态", STATES_SEEN, rows, ("reason",)))
    else:
        body.addWidget(text("状态没有改过。", "third"))
    if past.formers:
        body.addWidget(heading("曾用房号"))
        body.addWidget(PanelTable("曾用房号", NUMBERS, past.formers))
    if past.links:
        body.addWidget(heading("拆分、合并"))
        links = [_Link(_ROLES.get((row.kind, row.role), KINDS.get(row.kind, "")), row.number, row.on)
                 for row in past.links]  # fmt: skip
        body.addWidget(PanelTable("拆分、合并", LINKS, links))
    if past.changes is not None:
        body.addWidget(heading("修改记录"))
        for row in past.changes[:SHOWN]:
            body.addWidget(_change(row))
        if not past.changes:
            body.addWidget(text("还没有修改记录。", "third"))
    body.addStretch(1)


def _change(row: ChangeRow) -> QWidget:
    """What somebody changed, whole: neither word is cut."""
    made = QWidget()
    lines = QVBoxLayout(made)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(0)
    became = f"：{row.before or '空'} → {row.after or '空'}" if row.before or row.after else ""
    lines.addWidget(text(f"{row.what}{became}", wrap=True))
    lines.addWidget(text(f"{row.at} {row.user}", "small"))
    return made
