"""Warranty 保修期 (建设工程质量管理条例 art. 40; HANDBOOK §8.3). Inside it the builder repairs, without charge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.period import add_months
from app.domain.problem import problem

YEARS = {"waterproofing": 5, "electrical": 2, "plumbing": 2, "equipment": 2, "fitting_out": 2}
"""Least years from acceptance."""
SEASONAL = "heating_cooling"
SEASONS = 2
ITEMS = (*YEARS, SEASONAL)
ITEM_TITLES = {
    "waterproofing": "屋面及防水",
    "electrical": "电气管线",
    "plumbing": "给排水管道",
    "equipment": "设备安装",
    "fitting_out": "装修工程",
    "heating_cooling": "供热与供冷系统",
}


@dataclass(frozen=True, slots=True)
class Warranty:
    """The last day, and whether the day asked about lies inside. None while the second season is not yet entered."""

    expires_on: date | None
    in_warranty: bool


def warranty(item: str, accepted_on: date, as_of: date, seasons: Sequence[tuple[date, date]] = ()) -> Warranty:
    """The warranty of a part of the building. Heating and cooling count two whole seasons (first day, last day): one
    counts if it begins on or after acceptance.

    Raises: `warranty.item`.
    """
    if item == SEASONAL:
        counted = sorted(season for season in seasons if season[0] >= accepted_on)
        if len(counted) < SEASONS:
            return Warranty(None, True)
        expires_on = counted[SEASONS - 1][1]
    elif item in YEARS:
        expires_on = add_months(accepted_on, 12 * YEARS[item])
    else:
        raise problem("warranty.item", "没有“{item}”这个保修项目。", item=item)
    return Warranty(expires_on, as_of <= expires_on)
