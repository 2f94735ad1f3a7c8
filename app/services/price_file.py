"""收费标准 as a tree, and one branch of it at length: which versions there were, and which houses it reaches today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.kinds import kind_of
from app.domain.problem import Problem
from app.domain.tariff import Scope, Version, standing, valid_versions, version_on
from app.security.permissions import Permission
from app.services import fee_file, house_rows
from app.services.billing_items import version_of
from app.services.fee_file import FeeFile
from app.services.price_words import price_words
from app.services.use_case import use_case
from db.models.audit import Audit
from db.models.estate import House
from db.models.ledger import Charge, ChargePart
from db.models.office import Request
from db.models.security import User
from db.models.tariff import FeeItem, Tariff
from db.queries import billing as read
from db.work import Work

_RANK = {scope.value: rank for rank, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class PriceBranch:
    """A scope of an item that has prices, or is to have one: `target` as it is typed, empty for the whole estate.

    `state`: now, later, past, asked (a first price waits for its second person), none.
    """

    code: str
    scope: str
    target: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class PriceItem:
    """An item in the tree with its scopes, the widest first; one without a price has the whole estate as `none`.

    `houses` are the kinds that have it: house,shop or parking or listed.
    """

    code: str
    name: str
    kind: str
    houses: str
    branches: tuple[PriceBranch, ...]


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """A version of a branch, `label` v1, v2 … by its day; one that is asked for has the request's number instead.

    `maker` is who wrote or asked for it (empty: not known), `basis` the document or decision it rests on, `params` as
    the item's kind takes them.
    """

    label: str
    valid_from: date
    valid_to: date | None
    price: str
    params: Mapping[str, Any]
    state: str
    used: bool
    maker: str
    basis: str


@dataclass(frozen=True, slots=True)
class PriceFile:
    """A branch at length. `houses` it reaches today; `elsewhere`: narrower scopes that take houses away from it, with
    how many; `billed_to` is the last day that a bill run billed of the item.
    """

    item: FeeFile
    branch: PriceBranch
    versions: tuple[PriceVersion, ...]
    houses: int
    elsewhere: tuple[tuple[str, int], ...]
    billed_to: date | None


def _title(scope: str, target: str) -> str:
    words = {"estate": "全小区", "building": f"{target} 栋"}
    return words.get(scope, target)


def _asked(work: Work, state: str = "waiting") -> Sequence[Row[Any]]:
    rows: Sequence[Row[Any]] = work.execute(
        select(Request.number, Request.arguments, Request.reason, User.name)
        .join(User, User.id == Request.by_user)
        .where(Request.act == "tariff.add", Request.state == state)
        .order_by(Request.number)
    ).all()
    return rows


@use_case(Permission.SEE_TARIFFS)
def tree(work: Work) -> tuple[PriceItem, ...]:
    """All items with their scopes."""
    rows = work.execute(select(Tariff.item_id, Tariff.scope, Tariff.scope_ref, Tariff.valid_from, Tariff.valid_to))
    states: dict[str, dict[tuple[str, str], set[str]]] = {}
    codes = {row.id: row.code for row in work.execute(select(FeeItem.id, FeeItem.code))}
    for row in rows:
        of_item = states.setdefault(codes[row.item_id], {})
        of_item.setdefault((row.scope, row.scope_ref), set()).add(standing(row.valid_from, row.valid_to, work.today))
    for asked in _asked(work):
        said = asked.arguments
        states.setdefault(said["item"], {}).setdefault((said["scope"], said["ref"]), set()).add("asked")
    keys = [ref for scopes in states.values() for scope, ref in scopes if scope == "house"]
    numbers = house_rows.numbers_of(work, keys)
    found = []
    for item in work.execute(select(FeeItem.code, FeeItem.name, FeeItem.kind, FeeItem.houses).order_by(FeeItem.code)):
        branches = [
            _branch(item.code, scope, numbers.get(ref, ref) if scope == "house" else ref, known)
            for (scope, ref), known in states.get(item.code, {}).items()
        ]
        branches.sort(key=lambda branch: (_RANK[branch.scope], branch.target))
        if not branches:
            branches = [_branch(item.code, "estate", "", {"none"})]
        found.append(PriceItem(item.code, item.name, item.kind, item.houses, tuple(branches)))
    return tuple(found)


def _branch(code: str, scope: str, target: str, states: set[str]) -> PriceBranch:
    state = next(state for state in ("now", "later", "asked", "past", "none") if state in states)
    return PriceBranch(code, scope, target, _title(scope, target), state)


@use_case(Permission.SEE_TARIFFS)
def show(work: Work, code: str, scope: str = "estate", target: str = "") -> PriceFile:
    """A branch of an item: the versions of that scope, newest first, and whom it reaches.

    Raises Refused `unknown_item`.
    """
    item = fee_file.of_item(work, code)
    row = work.execute(select(FeeItem).where(FeeItem.code == item.code)).one()
    ref = target
    if scope == "house":
        keys = work.execute(select(House.number_key).where(House.number == target)).scalars().all()
        ref = keys[0] if keys else target
    versions = _versions(work, row, scope, ref)
    houses, elsewhere = _reach(work, row, scope, ref)
    of_runs = (Charge.item_id == row.id, Charge.run_id.is_not(None))
    billed = work.execute(select(func.max(Charge.period_to)).where(*of_runs)).scalar()
    known = {version.state for version in versions} or {"none"}
    return PriceFile(item, _branch(item.code, scope, target, known), versions, houses, elsewhere, billed)


def _versions(work: Work, item: Row[Any], scope: str, ref: str) -> tuple[PriceVersion, ...]:
    rows = work.execute(
        select(Tariff)
        .where(Tariff.item_id == item.id, Tariff.scope == scope, Tariff.scope_ref == ref)
        .order_by(Tariff.valid_from)
    ).all()
    ids = [row.id for row in rows]
    used = set(work.execute(select(ChargePart.tariff_id).where(ChargePart.tariff_id.in_(ids)).distinct()).scalars())
    made = select(Audit.object_id, User.name).join(User, User.id == Audit.user_id)
    makers = dict(work.execute(made.where(Audit.object_kind == "tariff", Audit.object_id.in_(ids))).all())
    # A version that was asked for is written by who approved it.
    askers = {_place(asked.arguments): asked.name for asked in _asked(work, "done")}
    found = [
        PriceVersion(
            f"v{place}", row.valid_from, row.valid_to, price_words(item.kind, row.params), row.params,
            standing(row.valid_from, row.valid_to, work.today), row.id in used,
            askers.get((item.code, scope, ref, row.valid_from)) or makers.get(row.id) or "",
            row.basis or "",
        )
        for place, row in enumerate(rows, 1)
    ]  # fmt: skip
    for asked in _asked(work):
        params, (*place, begins) = asked.arguments["params"], _place(asked.arguments)
        if place == [item.code, scope, ref]:
            words = price_words(item.kind, params)
            found.append(
                PriceVersion(asked.number, begins, None, words, params, "asked", False, asked.name, asked.reason)
            )
    return tuple(reversed(found))


def _place(arguments: Mapping[str, Any]) -> tuple[str, str, str, date]:
    """Which version a request is about."""
    return arguments["item"], arguments["scope"], arguments["ref"], date.fromisoformat(arguments["from"])


def _reach(work: Work, item: Row[Any], scope: str, ref: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """How many houses have the item under this scope today, and how many of those it covers have a narrower one."""
    today, kind = work.today, kind_of(item.kind)
    rows = read.tariffs(work.connection).get(item.id, ())
    versions = tuple(version for row in rows if (version := version_of(row, kind)).holds_on(today))
    held = read.held_items(work.connection).get(item.id, {})
    kinds = () if item.houses == "listed" else item.houses.split(",")
    by_place: Counter[tuple[str | None, str | None, str]] = Counter()
    single = {str(version.target) for version in versions if version.scope is Scope.HOUSE}
    for house in read.houses(work.connection):
        if house.ended_on is None and (house.id in held or house.kind in kinds):
            by_place[house.building, house.house_type, house.number_key if house.number_key in single else ""] += 1
    mine, others = 0, Counter[str]()
    for (building, house_type, number), count in by_place.items():
        holds = _holding(versions, today, building, house_type, number or None)
        if holds is None:
            continue
        covers = _covers(scope, ref, building, house_type, number)
        if (holds.scope.value, str(holds.target or "")) == (scope, ref):
            mine += count
        elif covers and _RANK[holds.scope.value] > _RANK[scope]:
            others[_words(work, holds)] += count
    return mine, tuple(sorted(others.items()))


def _holding(
    versions: Sequence[Version], day: date, building: str | None, house_type: str | None, house: str | None
) -> Version | None:
    try:
        return version_on(valid_versions(versions, building, house_type, house), day)
    except Problem:
        return None


def _covers(scope: str, ref: str, building: str | None, house_type: str | None, house: str) -> bool:
    return scope == "estate" or ref == {"building": building, "house_type": house_type, "house": house}[scope]


def _words(work: Work, version: Version) -> str:
    if version.scope is Scope.HOUSE:
        return "指定房屋"
    return _title(version.scope.value, str(version.target))
