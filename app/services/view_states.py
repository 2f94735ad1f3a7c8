"""How a user left a page, so that it comes back as it was: written at the desk, without a record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import delete, insert, select

from app.security.permissions import Permission
from app.services.list_face import Sort
from app.services.use_case import use_case
from db.models.desk import ViewState as Stored
from db.types import canonical_json
from db.work import Work


@dataclass(frozen=True, slots=True)
class ViewState:
    """A list's columns (order, widths in px, those hidden or shown against its own choice), sorts and filters; the
    panel's width in px, whether it is open; which of its pictures shows the rows (empty: the page's first). `recent`:
    the numbers of what was opened there last, newest first.
    """

    order: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    toggled: tuple[str, ...] = ()
    sorts: tuple[tuple[str, bool], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    panel: int = 0
    panel_open: bool = True
    front: str = ""
    recent: tuple[str, ...] = ()

    @property
    def sorted_by(self) -> tuple[Sort, ...]:
        """The sorts as a list is asked them."""
        return tuple(Sort(key, descending) for key, descending in self.sorts)


def _read(said: Mapping[str, Any]) -> ViewState:
    """A state as some version wrote it: what this one does not know is left out."""
    known = {f.name for f in fields(ViewState)}
    values = {name: _tuples(value) for name, value in said.items() if name in known}
    return ViewState(**values)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


@use_case(Permission.LOG_IN)
def kept(work: Work, page: str) -> ViewState:
    """How this user left a page; the empty state where he never saw it."""
    mine = select(Stored.state).where(Stored.user_id == work.user_id, Stored.page == page)
    text = work.execute(mine).scalar()
    return _read(json.loads(text)) if text else ViewState()


@use_case(Permission.LOG_IN, desk=True)
def keep(work: Work, page: str, state: ViewState) -> None:
    """Remember how this user leaves a page."""
    work.execute(delete(Stored).where(Stored.user_id == work.user_id, Stored.page == page))
    work.execute(insert(Stored).values(user_id=work.user_id, page=page, state=canonical_json(asdict(state))))
