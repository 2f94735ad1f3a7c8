"""收费项目 as a list, each with its rules and its price for the estate today."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select

from app.domain.kinds import kind_of
from app.security.permissions import Permission
from app.services import late_fees, list_export
from app.services.gathered import Field, Gathered, Pick
from app.services.list_export import Exported
from app.services.list_face import Counts, Kind, Query, Sort
from app.services.price_words import due_words, houses_words, price_words, rhythm
from app.services.use_case import use_case
from db.models.tariff import FeeItem, FeeRule, Tariff
from db.work import Work


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee item in the list, in words; `price` holds for the estate today. `due_day` says where the setting holds."""

    code: str
    name: str
    kind: str
    price: str
    cycle: str
    when: str
    houses: str
    due_day: str
    late_rate: str
    grace: int
    kind_code: str


def _gather(work: Work) -> Mapping[int, FeeLine]:
    today = work.today
    rules = {
        rule.item_id: rule
        for rule in work.execute(select(FeeRule).where(FeeRule.valid_from <= today).order_by(FeeRule.valid_from))
    }
    holding = (Tariff.valid_from <= today, or_(Tariff.valid_to.is_(None), Tariff.valid_to >= today))
    prices = {row.item_id: row.params for row in work.execute(select(Tariff).where(Tariff.scope == "estate", *holding))}
    found = {}
    for item in work.execute(select(FeeItem).order_by(FeeItem.code)):
        rule, params = rules[item.id], prices.get(item.id)
        late = "无" if rule.late_rate is None else late_fees.rate_words(rule.late_rate)
        found[item.id] = FeeLine(
            item.code, item.name, kind_of(item.kind).title, price_words(item.kind, params) if params else "未设",
            *rhythm(item.kind, item.cycle, item.bill_when), houses_words(item.houses),
            due_words(rule.due_day, rule.due_offset), late, rule.grace_days, item.kind,
        )  # fmt: skip
    return found


def _priced(row: FeeLine) -> Sequence[str]:
    return ("unpriced",) if row.price == "未设" else ()


FEES = Gathered(
    name="fees",
    title="收费项目",
    unit="项",
    gather=_gather,
    columns=(
        Field("code", "代码", Kind.NUMBER, 8, find=True),
        Field("name", "收费项目", width=16, find=True),
        Field("kind", "计费方式", width=9, find=True),
        Field("price", "现行价格", width=26),
        Field("cycle", "周期", width=7),
        Field("when", "收取", width=6),
        Field("houses", "适用", width=14),
        Field("due_day", "到期日", width=12),
        Field("late_rate", "违约金", width=12),
        Field("grace", "宽限（天）", Kind.COUNT, 9, shown=False),
    ),
    default=(Sort("code"),),
    reads=frozenset({"tariff"}),
    filters=(Pick("price", "价格", (("unpriced", "未设价格"),), _priced),),
)


@use_case(Permission.SEE_TARIFFS)
def keys(work: Work, query: Query) -> array[int]:
    """The items that match, in order."""
    return FEES.keys(work, query)


@use_case(Permission.SEE_TARIFFS)
def rows(work: Work, keys: Sequence[int]) -> dict[int, FeeLine]:
    """The items of these keys."""
    return FEES.rows(work, keys)


@use_case(Permission.SEE_TARIFFS)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Nothing of items is added up."""
    return FEES.totals(work, query)


@use_case(Permission.SEE_TARIFFS)
def counts(work: Work, query: Query) -> Counts:
    """How many items match, by filter."""
    return FEES.counts(work, query)


@use_case(Permission.SEE_TARIFFS, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the items that match to a workbook."""
    return list_export.write(work, FEES, query, target, columns)
