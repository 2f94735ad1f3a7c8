"""What a workbook said, row by row: plain values with the sheet and row they came from.

Areas are in 1e-4 m², prices in 1e-6 yuan, quantities and multipliers in 1e-4, amounts in fen. `number_key` is the
normal form of a house number (HANDBOOK §7). A record travels from the reading process as a row of plain values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one cell: what was not taken, or was taken with a doubt. `row` as the sheet numbers it."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Building:
    """A building, or one entrance of it, that the workbook lists; `code` is the normal form, `label` as typed."""

    sheet: str
    row: int
    code: str
    label: str
    entrance: str | None
    floors: int | None
    lift: bool | None


@dataclass(frozen=True, slots=True)
class House:
    """A house, shop or storage room; None where the sheet says nothing. `people` is how many live there."""

    sheet: str
    row: int
    kind: str
    number: str
    number_key: str
    sort_key: str
    building: str | None
    entrance: str | None
    floor: int | None
    room: str | None
    floors: int | None = None
    lift: bool | None = None
    house_type: str | None = None
    layout: str | None = None
    orientation: str | None = None
    gross_area: int | None = None
    net_area: int | None = None
    rent: int | None = None
    state: str | None = None
    delivered_on: date | None = None
    people: int | None = None
    owner_number: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person or firm (`kind`). `house_key` is set where the row names the house, `owner_number` where it has one.

    `relation` is owner, co_owner, family, tenant or temporary. `id_verified` is false for a number that fails a check.
    """

    sheet: str
    row: int
    house_key: str | None
    owner_number: str | None
    relation: str
    kind: str
    name: str
    sex: str | None = None
    phone: str | None = None
    phone2: str | None = None
    id_kind: str | None = None
    id_number: str | None = None
    id_verified: bool | None = None
    remark: str | None = None
    contact_by: str | None = None


@dataclass(frozen=True, slots=True)
class Space:
    """A parking space. `bill_with_key` is the house it goes with; `tenure` is let or sold; `fen` rent a month."""

    sheet: str
    row: int
    number: str
    number_key: str
    sort_key: str
    lot: str | None
    floor: int | None
    place: str | None
    area: int | None
    tenure: str | None
    valid_from: date | None
    valid_to: date | None
    rent: int | None
    owner_number: str | None
    bill_with_key: str | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class Car:
    """A car on a space."""

    sheet: str
    row: int
    space_key: str
    plate: str
    brand: str | None
    kind: str | None
    colour: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee item of a fee sheet. `kind` is area (price, and a fixed part) or flat or once (the amount is `price`)."""

    sheet: str
    row: int
    code: str
    name: str
    kind: str
    cycle: str
    when: str
    anchor: int
    valid_from: date
    valid_to: date | None
    price: int
    fixed: int


@dataclass(frozen=True, slots=True)
class HouseFee:
    """A house (or space) pays an item from a day on; None where the sheet gives no day."""

    sheet: str
    row: int
    house_key: str
    fee: str
    start: date | None


@dataclass(frozen=True, slots=True)
class Arrear:
    """Owed at the opening: one charge. `fen` is what is still open, `late_fen` late fee brought in as an amount."""

    sheet: str
    row: int
    house: str
    house_key: str
    payer: str | None
    item: str
    first: date
    last: date
    due: date | None
    fen: int
    late_fen: int | None


@dataclass(frozen=True, slots=True)
class Prepaid:
    """Prepaid balance at the opening."""

    sheet: str
    row: int
    house: str
    house_key: str
    payer: str | None
    fen: int


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit held at the opening, with its old receipt."""

    sheet: str
    row: int
    house: str
    house_key: str
    payer: str | None
    item: str | None
    fen: int
    receipt: str | None
    on: date | None


@dataclass(frozen=True, slots=True)
class SettledUntil:
    """An item of a house is paid up to this day, itself included."""

    sheet: str
    row: int
    house: str
    house_key: str
    item: str
    day: date


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter and its first reading; `digits` is the size of its register."""

    sheet: str
    row: int
    house: str
    house_key: str
    number: str | None
    item: str | None
    multiplier: int | None
    digits: int | None
    start: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A dated reading."""

    sheet: str
    row: int
    house: str
    house_key: str
    meter: str | None
    item: str | None
    value: int
    day: date | None
    estimate: bool
    rollover: bool


@dataclass(frozen=True, slots=True)
class TierUsed:
    """Quantity already used in the tier year that holds `day`."""

    sheet: str
    row: int
    house: str
    house_key: str
    meter: str | None
    item: str | None
    quantity: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was paid for a house. `first` and `last` are the span it is meant for, where the row says one."""

    sheet: str
    row: int
    house: str
    house_key: str
    payer: str | None
    fen: int
    day: date
    method: str | None
    reference: str | None
    item: str | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class History:
    """A charge from before the program, with what of it was let off and paid; None where the sheet says nothing."""

    sheet: str
    row: int
    house: str
    house_key: str
    payer: str | None
    item: str
    first: date
    last: date
    due: date | None
    fen: int
    waived: int | None
    paid: int | None
    left: int | None
    paid_on: date | None
    receipt: str | None


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of a bank statement; `fen` that came in, 0 where money went out. `remark` is all that was written."""

    sheet: str
    row: int
    day: date | None
    fen: int
    counterparty: str | None
    reference: str | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class OfficeFact:
    """A line of the sheet 办公室: `next_receipt` (text) or `go_live` (ISO date)."""

    sheet: str
    row: int
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Equipment:
    """A piece of equipment. `state` is in_use, stopped or scrapped; `last_done` the day of its last maintenance."""

    sheet: str
    row: int
    number: str
    name: str
    category: str | None
    type: str | None
    place: str | None
    brand: str | None
    model: str | None
    serial: str | None
    manufactured: date | None
    in_service: date | None
    warranty_end: date | None
    maker: str | None
    maintainer: str | None
    contract_end: date | None
    registration: str | None
    certificate: str | None
    certificate_end: date | None
    state: str | None
    last_done: date | None
    remark: str | None


KINDS: dict[str, type[object]] = {
    "buildings": Building,
    "houses": House,
    "people": Person,
    "spaces": Space,
    "cars": Car,
    "fees": Fee,
    "house_fees": HouseFee,
    "arrears": Arrear,
    "prepaid": Prepaid,
    "deposits": Deposit,
    "settled": SettledUntil,
    "meters": Meter,
    "readings": Reading,
    "tiers": TierUsed,
    "office": OfficeFact,
    "equipment": Equipment,
    "history": History,
    "payments": Payment,
    "bank": BankLine,
}
"""Each kind of record by the name of its list in a `Book`."""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a workbook said. `rows` counts data rows, rejected ones included; `sheets` are those with data."""

    rows: int
    sheets: tuple[str, ...]
    rejected: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    buildings: tuple[Building, ...] = ()
    houses: tuple[House, ...] = ()
    people: tuple[Person, ...] = ()
    spaces: tuple[Space, ...] = ()
    cars: tuple[Car, ...] = ()
    fees: tuple[Fee, ...] = ()
    house_fees: tuple[HouseFee, ...] = ()
    arrears: tuple[Arrear, ...] = ()
    prepaid: tuple[Prepaid, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    settled: tuple[SettledUntil, ...] = ()
    meters: tuple[Meter, ...] = ()
    readings: tuple[Reading, ...] = ()
    tiers: tuple[TierUsed, ...] = ()
    office: tuple[OfficeFact, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    history: tuple[History, ...] = ()
    payments: tuple[Payment, ...] = ()
    bank: tuple[BankLine, ...] = ()
