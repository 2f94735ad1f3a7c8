"""What a bill run is limited to: chosen fee items, buildings, houses; all of them where nothing is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from app.services import look_up
from app.services.refused import refuse
from db.models.estate import Building, House
from db.models.ledger import Charge
from db.models.tariff import FeeItem
from db.queries import billing as read
from db.work import Work


@dataclass(frozen=True, slots=True)
class Chosen:
    """Codes of items, codes of buildings and numbers of houses; a house counts that is in one of either."""

    items: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """In words; empty where everything is billed."""
        places = [f"{code} 栋" for code in self.buildings] + list(self.houses)
        return "；".join("、".join(part) for part in (self.items, places) if part)


EVERYTHING = Chosen()


@dataclass(frozen=True, slots=True)
class Limits:
    """The same by ids; None where nothing limits."""

    items: frozenset[str] | None
    houses: frozenset[int] | None

    def has_item(self, code: str) -> bool:
        """Whether lines of the item are wanted."""
        return self.items is None or code in self.items

    def of(self, houses: Sequence[read.HouseInput]) -> Sequence[read.HouseInput]:
        """The houses that are wanted."""
        return houses if self.houses is None else [house for house in houses if house.id in self.houses]


def limits(work: Work, chosen: Chosen, houses: Sequence[read.HouseInput]) -> Limits:
    """Look up what was chosen. Raises Refused `unknown_item`, `unknown_building`, `unknown_house`."""
    known = set(work.execute(select(FeeItem.code)).scalars())
    for code in chosen.items:
        if code not in known:
            raise refuse("unknown_item", "没有这个收费项目：{code}。", "请核对项目代码。", code=code, field="item")
    codes = set(work.execute(select(Building.code)).scalars())
    for code in chosen.buildings:
        if code not in codes:
            raise refuse("unknown_building", "没有这栋楼：{code}。", "请核对楼栋。", code=code, field="building")
    items = frozenset(chosen.items) or None
    if not chosen.buildings and not chosen.houses:
        return Limits(items, None)
    named = {look_up.house(work, number).id for number in chosen.houses}
    within = frozenset(
        house.id
        for house in houses
        if house.id in named or house.deliver_to in named or house.building in chosen.buildings
    )
    return Limits(items, within)


def of_charges(work: Work, chosen: Chosen) -> list[ColumnElement[bool]]:
    """What limits posted charges in the same way, to compare with what is chosen."""
    found: list[ColumnElement[bool]] = []
    if chosen.items:
        found.append(Charge.item_id.in_(select(FeeItem.id).where(FeeItem.code.in_(chosen.items))))
    if chosen.buildings or chosen.houses:
        named = [look_up.house(work, number).id for number in chosen.houses]
        within = or_(House.building.in_(chosen.buildings), House.id.in_(named), House.bill_with.in_(named))
        found.append(Charge.house_id.in_(select(House.id).where(within)))
    return found
