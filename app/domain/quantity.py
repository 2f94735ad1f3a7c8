"""Figures that are not money: prices, areas, quantities, rates, factors, multipliers.

Each is a frozen scaled integer of its own type, so that an area cannot be added to a price (HANDBOOK §1.1). Arithmetic
is done on the plain units; the scales say how many units make one whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from app.domain.decimal_text import INT64_MAX, as_text, compact, read_scaled, show_scaled, too_large

PRICE_SCALE = 10**6
"""Units of a `Price` in one yuan."""
AREA_SCALE = 10**4
"""Units of an `Area` in one m²."""
QUANTITY_SCALE = 10**4
"""Units of a `Quantity` in one m³, kWh, piece."""
RATE_SCALE = 10**8
"""Units of a `Rate` in 1 (100 %)."""
FACTOR_SCALE = 10**6
"""Units of a `Factor` in 1."""
MULTIPLIER_SCALE = 10**4
"""Units of a `Multiplier` in 1."""

_AREA_WORDS = r"(?:平方米|平米|平方|平|m2|㎡)"
_USE_WORDS = r"(?:kwh|千瓦时|度|立方米|立方|m3|方|吨|t|gj|吉焦)"
_RAISED = re.compile(r"[mM][²³]|㎡|㎥")
_PART_WORDS = {"%": 2, "‰": 3}


@dataclass(frozen=True, slots=True, order=True)
class _Scaled:
    """A number stored as `units` of 10^-PLACES. Two types never compare equal and never mix."""

    units: int

    PLACES: ClassVar[int] = 0
    CODE: ClassVar[str] = "number"
    TITLE: ClassVar[str] = "数值"
    WORDS: ClassVar[re.Pattern[str]] = re.compile(r"(.*)")
    PARTS: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not -INT64_MAX - 1 <= self.units <= INT64_MAX:
            raise too_large(self.CODE, self.TITLE)

    @classmethod
    def parse(cls, text: str | int | Decimal) -> Self:
        """Read an exact decimal, with or without its unit word.

        Raises: `CODE.format`, `CODE.decimals` (a digit would be lost), `CODE.too_large` (beyond int64).
        """
        shift = 0
        if not isinstance(text, str):
            number = as_text(text, cls.CODE, cls.TITLE)
        else:
            # A raised digit belongs to the unit and may stand there, nowhere else: 5² is not 52.
            number = as_text(_RAISED.sub(lambda unit: compact(unit.group()), text), cls.CODE, cls.TITLE)
            if cls.PARTS and number[-1:] in _PART_WORDS:
                shift, number = _PART_WORDS[number[-1]], number[:-1]
            elif match := cls.WORDS.fullmatch(number):
                number = match.group(1)
        # A percentage is read two places coarser and then means the same units: 0.05 % is 0.0005.
        return cls(read_scaled(number, cls.PLACES - shift, cls.CODE, cls.TITLE))

    def show(self, min_places: int = 0) -> str:
        """The number without its unit, without useless zeros: `89.37`."""
        return show_scaled(self.units, self.PLACES, min_places)

    def __str__(self) -> str:
        return self.show()


@dataclass(frozen=True, slots=True, order=True)
class Price(_Scaled):
    """A price in 1e-6 yuan: per m² and month, per month, per m³ or kWh. A price by the year or day is not one."""

    PLACES: ClassVar[int] = 6
    CODE: ClassVar[str] = "price"
    TITLE: ClassVar[str] = "单价"
    WORDS: ClassVar[re.Pattern[str]] = re.compile(
        rf"[¥￥]?(.*?)(?:元(?:(?:/|每)(?:{_AREA_WORDS}|{_USE_WORDS}|个?月|户|个|位|次|张|把))*)?", re.IGNORECASE
    )


@dataclass(frozen=True, slots=True, order=True)
class Area(_Scaled):
    """An area in 1e-4 m²."""

    PLACES: ClassVar[int] = 4
    CODE: ClassVar[str] = "area"
    TITLE: ClassVar[str] = "面积"
    WORDS: ClassVar[re.Pattern[str]] = re.compile(rf"(.*?){_AREA_WORDS}?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Quantity(_Scaled):
    """A quantity or meter reading in 1e-4 of its unit (m³, kWh, pieces)."""

    PLACES: ClassVar[int] = 4
    CODE: ClassVar[str] = "quantity"
    TITLE: ClassVar[str] = "数量"
    WORDS: ClassVar[re.Pattern[str]] = re.compile(rf"(.*?)(?:{_USE_WORDS}|个|户|只|位|人|次|张|把)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Rate(_Scaled):
    """A rate in 1e-8: late fee a day, VAT, LPR a year. Reads `0.0005`, `0.05%` and `0.5‰` alike."""

    PLACES: ClassVar[int] = 8
    CODE: ClassVar[str] = "rate"
    TITLE: ClassVar[str] = "比率"
    PARTS: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, order=True)
class Factor(_Scaled):
    """A factor in 1e-6, such as 0.70 for a vacant house or the cap of a late fee. Reads `0.7` and `70%` alike."""

    PLACES: ClassVar[int] = 6
    CODE: ClassVar[str] = "factor"
    TITLE: ClassVar[str] = "系数"
    PARTS: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, order=True)
class Multiplier(_Scaled):
    """A meter's multiplier in 1e-4 (current transformer)."""

    PLACES: ClassVar[int] = 4
    CODE: ClassVar[str] = "multiplier"
    TITLE: ClassVar[str] = "倍率"
    WORDS: ClassVar[re.Pattern[str]] = re.compile(r"[x×*]?(.*?)倍?", re.IGNORECASE)
