"""A house at length: what it is, who lives there, what is open and what was paid, as far as the seat may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select

from app.domain.masking import mask
from app.domain.period import Period
from app.domain.quantity import Area
from app.security.permissions import Permission
from app.services import discounts, house_rows, late_fees, look_up, permits
from app.services.bill_papers import span
from app.services.discounts import DiscountRow
from app.services.house_list import STATES
from app.services.house_rows import NO_DETAILS, HouseDetails
from app.services.permits import PermitRow
from app.services.person_form import RELATIONS
from app.services.price_words import KINDS, price_words
from app.services.purse import WAYS
from app.services.use_case import use_case
from db.models.estate import Building, House
from db.models.ledger import Payment, Receipt
from db.models.people import Person, Resident
from db.models.tariff import FeeItem, HouseItem, Tariff
from db.queries import owed
from db.queries.disputed import standing
from db.work import Work

PARTS = {"late_fee": "违约金", "cost": "费用"}
LAST_PAYMENTS = 12


@dataclass(frozen=True, slots=True)
class HousePerson:
    """Somebody who belongs to a house; the phone masked."""

    name: str
    relation: str
    phone: str | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class HouseCharge:
    """An open charge of a house or a space billed with it, in fen; `late` while it is past due. `code` and `month` (the
    first one served) name it at the doors; `state` is `disputed` while its payer contests it, else empty.
    """

    item: str
    period: str
    due: date
    amount: int
    open: int
    late: bool
    house: str = ""
    code: str = ""
    month: str = ""
    part: str = "principal"
    state: str = ""


@dataclass(frozen=True, slots=True)
class HousePayment:
    """A payment of a house; fen."""

    on: date
    receipt: str | None
    method: str
    amount: int


@dataclass(frozen=True, slots=True)
class HouseAccount:
    """What stands open, oldest due first; the late fee quoted to today is a figure of its own; fen."""

    owed: int
    late_fee: int
    prepaid: int
    payer: str | None
    spaces: tuple[str, ...]
    charges: tuple[HouseCharge, ...]
    payments: tuple[HousePayment, ...]


@dataclass(frozen=True, slots=True)
class HouseFee:
    """An item that the house has, and its price today."""

    item: str
    price: str
    since: date | None


@dataclass(frozen=True, slots=True)
class HouseFile:
    """A house. `facts` are titles with their words; people and account are None where the seat may not see them.
    `discounts` newest first, those that are over included. `details` are those of `version`; `ended_on` is the last day
    of one that was split or merged.
    """

    number: str
    where: str
    facts: tuple[tuple[str, str], ...]
    people: tuple[HousePerson, ...] | None
    account: HouseAccount | None
    fees: tuple[HouseFee, ...] | None
    discounts: tuple[DiscountRow, ...] = ()
    version: int = 1
    details: HouseDetails = NO_DETAILS
    ended_on: date | None = None
    permits: tuple[PermitRow, ...] = ()


@use_case(Permission.SEE_HOUSES)
def show(work: Work, number: str) -> HouseFile:
    """A house by its number. Raises Refused `unknown_house`."""
    house = look_up.house(work, number)
    may, building = work.permissions, _building(work, house)
    return HouseFile(
        house.number,
        _where(house, building),
        _facts(work, house, building),
        _people(work, house.id) if Permission.SEE_RESIDENTS in may else None,
        _account(work, house) if Permission.SEE_MONEY in may else None,
        _fees(work, house) if Permission.SEE_TARIFFS in may else None,
        discounts.rows_of(work, house.id) if Permission.SEE_MONEY in may else (),
        house.version,
        house_rows.details_of(house),
        house.ended_on,
        permits.rows_of(work, house.id),
    )


def _building(work: Work, house: Row[Any]) -> str:
    label = work.execute(select(Building.label).where(Building.id == house.building_id)).scalar()
    return label or house.building or ""


def _where(house: Row[Any], building: str) -> str:
    parts = [
        building,
        f"{house.entrance} 单元" if house.entrance else "",
        f"{house.floor} 层" if house.floor is not None else "",
        _area(house.gross_area),
    ]
    return " · ".join(part for part in parts if part)


def _area(units: int | None) -> str:
    return "" if units is None else f"{Area(units).show(2)} m²"


def _facts(work: Work, house: Row[Any], building: str) -> tuple[tuple[str, str], ...]:
    state = next((state.word for state in STATES if state.code == house.state), house.state)
    billed_with = ""
    if house.bill_with is not None:
        billed_with = work.execute(select(House.number).where(House.id == house.bill_with)).scalar_one()
    day = house.delivered_on
    return (
        ("类别", KINDS.get(house.kind, house.kind)),
        ("楼栋", building),
        ("单元", house.entrance or ""),
        ("楼层", "" if house.floor is None else str(house.floor)),
        ("建筑面积", _area(house.gross_area)),
        ("套内面积", _area(house.net_area)),
        ("户型", house.layout or ""),
        ("朝向", house.orientation or ""),
        ("房屋类型", house.house_type or ""),
        ("结构", house.structure or ""),
        ("用途", house.use or ""),
        ("建成年份", str(house.year_built or "")),
        ("入住状态", state),
        ("交付日", day.isoformat() if day else ""),
        ("合并交费", billed_with),
        ("备注", house.remark or ""),
    )


def _people(work: Work, house_id: int) -> tuple[HousePerson, ...]:
    rows = work.execute(
        select(Person.name, Resident.relation, Person.phone, Resident.valid_from, Resident.valid_to)
        .join(Person, Person.id == Resident.person_id)
        .where(Resident.house_id == house_id, or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today))
        .order_by(Resident.position, Resident.id)
    )
    return tuple(
        HousePerson(
            row.name,
            RELATIONS.get(row.relation, row.relation),
            mask("phone", row.phone) if row.phone else None,
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    )


def _account(work: Work, house: Row[Any]) -> HouseAccount:
    houses = owed.group(work.connection, house.id)
    numbers = dict(work.execute(select(House.id, House.number).where(House.id.in_(houses))).all())
    charges = owed.open_charges(work.connection, houses)
    late = sum(late_fees.quote(work, charges, work.today).values())
    payer = look_up.payer_on(work, house.id, work.today)
    contested = standing(work.connection)
    return HouseAccount(
        sum(charge.open for charge in charges),
        late,
        sum(owed.prepaid(work.connection, houses).values()),
        look_up.party_name(work, payer) if payer is not None else None,
        tuple(numbers[space] for space in houses[1:]),
        tuple(_charge(charge, house.id, numbers, work.today, contested) for charge in charges),
        _payments(work, houses),
    )


def _charge(
    charge: owed.Open, house_id: int, numbers: dict[int, str], today: date, contested: frozenset[int]
) -> HouseCharge:
    name = charge.item_name + PARTS.get(charge.part, "")
    item = name if charge.house_id == house_id else f"{name} {numbers[charge.house_id]}"
    period = span(charge.period_from, charge.period_to)
    if charge.period_from.month == charge.period_to.month and charge.period_from.year == charge.period_to.year:
        period = str(Period.of(charge.period_from))
    return HouseCharge(
        item, period, charge.due_date, charge.amount, charge.open, charge.due_date < today, numbers[charge.house_id],
        charge.item, str(Period.of(charge.period_from)), charge.part,
        "disputed" if charge.charge_id in contested else "",
    )  # fmt: skip


def _payments(work: Work, houses: list[int]) -> tuple[HousePayment, ...]:
    rows = work.execute(
        select(Payment.on, Receipt.number, Payment.method, Payment.amount)
        .outerjoin(Receipt, Receipt.payment_id == func.coalesce(Payment.with_payment, Payment.id))
        .where(Payment.house_id.in_(houses))
        .order_by(Payment.on.desc(), Payment.id.desc())
        .limit(LAST_PAYMENTS)
    )
    return tuple(HousePayment(row.on, row.number, WAYS[row.method], row.amount) for row in rows)


def _fees(work: Work, house: Row[Any]) -> tuple[HouseFee, ...]:
    """The items that this house has today, each with the narrowest price that holds."""
    today = work.today
    listed = {
        row.item_id: row.valid_from
        for row in work.execute(
            select(HouseItem).where(
                HouseItem.house_id == house.id,
                or_(HouseItem.valid_from.is_(None), HouseItem.valid_from <= today),
                or_(HouseItem.valid_to.is_(None), HouseItem.valid_to >= today),
            )
        )
    }
    width = {"house": 3, "house_type": 2, "building": 1, "estate": 0}
    target = {"house": house.number_key, "house_type": house.house_type, "building": house.building, "estate": ""}
    prices: dict[int, Row[Any]] = {}
    for row in work.execute(
        select(Tariff)
        .where(Tariff.valid_from <= today, or_(Tariff.valid_to.is_(None), Tariff.valid_to >= today))
        .order_by(Tariff.valid_from)
    ):
        known = prices.get(row.item_id)
        if row.scope_ref == target[row.scope] and (known is None or width[row.scope] >= width[known.scope]):
            prices[row.item_id] = row
    found = []
    for item in work.execute(select(FeeItem).order_by(FeeItem.code)):
        if item.id in listed or house.kind in item.houses.split(","):
            price = prices.get(item.id)
            words = price_words(item.kind, price.params) if price is not None else "未设价格"
            found.append(HouseFee(item.name, words, listed.get(item.id) or (price.valid_from if price else None)))
    return tuple(found)
