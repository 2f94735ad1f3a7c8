"""收费标准 as a list: every version of every price, with its scope and its days."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.domain.tariff import standing
from app.security.permissions import Permission
from app.services import house_rows, list_export
from app.services.gathered import Field, Gathered, Pick
from app.services.list_export import Exported
from app.services.list_face import Counts, Kind, Query, Sort, State
from app.services.price_words import price_words
from app.services.use_case import use_case
from db.models.ledger import ChargePart
from db.models.tariff import FeeItem, Tariff
from db.work import Work

STATES = (
    State("now", "现行", "ok", "check"),
    State("later", "未生效", "info", "clock"),
    State("past", "已过期", "neutral", "dot"),
)
SCOPES = {"estate": "全小区", "building": "楼栋", "house_type": "房屋类型", "house": "单户"}


@dataclass(frozen=True, slots=True)
class TariffLine:
    """A version of a price in the list; `used` once anything was charged under it: it is never changed.

    `scope_code` and `target` are what its scope is named by.
    """

    code: str
    item: str
    scope: str
    price: str
    valid_from: date
    valid_to: date | None
    state: str
    used: bool
    scope_code: str
    target: str


def _gather(work: Work) -> Mapping[int, TariffLine]:
    used = set(work.execute(select(ChargePart.tariff_id).distinct()).scalars())
    rows = work.execute(
        select(Tariff, FeeItem.code, FeeItem.name, FeeItem.kind).join(FeeItem, FeeItem.id == Tariff.item_id)
    ).all()
    numbers = house_rows.numbers_of(work, [row.scope_ref for row in rows if row.scope == "house"])
    found = {}
    for row in rows:
        target = numbers.get(row.scope_ref, row.scope_ref) if row.scope == "house" else row.scope_ref
        scope = SCOPES[row.scope] + (f" {target}" if target else "")
        state = standing(row.valid_from, row.valid_to, work.today)
        found[row.id] = TariffLine(
            row.code, row.name, scope, price_words(row.kind, row.params), row.valid_from, row.valid_to, state,
            row.id in used, row.scope, target,
        )  # fmt: skip
    return found


TARIFFS = Gathered(
    name="tariffs",
    title="收费标准",
    unit="个",
    gather=_gather,
    columns=(
        Field("item", "收费项目", width=16, find=True),
        Field("code", "代码", Kind.NUMBER, 8, find=True),
        Field("scope", "范围", width=14, find=True),
        Field("price", "价格", width=28, find=True),
        Field("valid_from", "起", Kind.DATE, 11),
        Field("valid_to", "止", Kind.DATE, 11),
        Field("state", "状态", Kind.STATE, 9, states=STATES),
        Field("used", "已用于出账", Kind.CHECK, 10),
    ),
    default=(Sort("code"), Sort("scope"), Sort("valid_from", True)),
    reads=frozenset({"tariff", "ledger"}),
    filters=(Pick("state", "状态", tuple((state.code, state.word) for state in STATES), lambda row: (row.state,)),),
)


@use_case(Permission.SEE_TARIFFS)
def keys(work: Work, query: Query) -> array[int]:
    """The versions that match, in order."""
    return TARIFFS.keys(work, query)


@use_case(Permission.SEE_TARIFFS)
def rows(work: Work, keys: Sequence[int]) -> dict[int, TariffLine]:
    """The versions of these keys."""
    return TARIFFS.rows(work, keys)


@use_case(Permission.SEE_TARIFFS)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Nothing of prices is added up."""
    return TARIFFS.totals(work, query)


@use_case(Permission.SEE_TARIFFS)
def counts(work: Work, query: Query) -> Counts:
    """How many versions match, by filter."""
    return TARIFFS.counts(work, query)


@use_case(Permission.SEE_TARIFFS, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the versions that match to a workbook."""
    return list_export.write(work, TARIFFS, query, target, columns)
