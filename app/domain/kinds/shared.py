"""公摊: a cost divided among houses; the tariff says by what (HANDBOOK §2.5; 民法典 art. 283)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.charge import Basis, Kind, Line, Part, missing
from app.domain.kinds import fields
from app.domain.money import Fen, yuan
from app.domain.period import When
from app.domain.problem import problem
from app.domain.quantity import FACTOR_SCALE, QUANTITY_SCALE, Factor, Quantity


class By(StrEnum):
    """By what a cost is divided; without an agreement by area (民法典 art. 283)."""

    AREA = "area"
    HOUSE = "house"
    USAGE = "usage"
    FLOOR = "floor"


BY_WORDS: Mapping[By, str] = {
    By.AREA: "按建筑面积", By.HOUSE: "按户", By.USAGE: "按用量", By.FLOOR: "按面积 × 楼层系数",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Floors:
    """Up to and with this floor (None: all above) the area counts with this factor (1e-6)."""

    to: int | None
    factor: int


@dataclass(frozen=True, slots=True)
class SharedParams:
    """By what; `usage_of` is the code of the metered item whose usage weighs; `floors` from low to high."""

    by: By = By.AREA
    usage_of: str = ""
    floors: tuple[Floors, ...] = ()

    @property
    def needs_household(self) -> bool:
        """Whether the floor of the house goes into it."""
        return self.by is By.FLOOR

    def as_json(self) -> dict[str, object]:
        """As stored."""
        stored: dict[str, object] = {"by": self.by.value}
        if self.by is By.USAGE:
            stored["usage_of"] = self.usage_of
        if self.by is By.FLOOR:
            stored["floors"] = [{"to": each.to, "factor": Factor(each.factor).show()} for each in self.floors]
        return stored


def parse_params(raw: Mapping[str, object]) -> SharedParams:
    """Check `{"by": "area"}`, `{"by": "usage", "usage_of": "SF"}` or `{"by": "floor", "floors": [{"to": 1, "factor":
    "0"}, {"to": null, "factor": "1"}]}`.

    Raises: `tariff.by`, `tariff.usage_of`, `tariff.floors`.
    """
    fields.only(raw, "by", "usage_of", "floors")
    given = raw.get("by", By.AREA)
    if given not in tuple(By):
        raise problem("tariff.by", "没有这种分摊方式。", "可用：按面积、按户、按用量、按楼层。")
    by = By(str(given))
    usage_of = str(raw.get("usage_of") or "")
    if by is By.USAGE and not usage_of:
        raise problem("tariff.usage_of", "没有写按哪个项目的用量分摊。", "请填抄表项目的代码。")
    return SharedParams(by, usage_of if by is By.USAGE else "", _floors(raw.get("floors")) if by is By.FLOOR else ())


def _floors(raw: object) -> tuple[Floors, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise _bad_floors()
    found: list[Floors] = []
    for entry in raw:
        if not isinstance(entry, Mapping):
            raise _bad_floors()
        to = fields.number(entry, "to")
        text = str(to).strip() if to is not None else ""
        if text and not text.lstrip("-").isdecimal():
            raise _bad_floors()
        factor = Factor.parse(str(entry.get("factor", ""))).units
        if factor < 0:
            raise _bad_floors()
        found.append(Floors(int(text) if text else None, factor))
    bounds = [each.to for each in found[:-1]]
    finite = [bound for bound in bounds if bound is not None]
    if found[-1].to is not None or len(finite) < len(bounds) or finite != sorted(set(finite)):
        raise _bad_floors()
    return tuple(found)


def _bad_floors() -> Exception:
    return problem("tariff.floors", "楼层系数应从低到高，只有最后一档没有上限。", "如 1=0，以上=1。")


def weight(params: SharedParams, area: int | None, floor: int | None, usage: int) -> int:
    """What a house weighs (1e-4): its area, 1, its usage, or its area times the factor of its floor.

    Raises: `no_area`, `no_floor`.
    """
    if params.by is By.HOUSE:
        return QUANTITY_SCALE
    if params.by is By.USAGE:
        return usage
    if area is None:
        raise missing("no_area", "房屋没有建筑面积。")
    if params.by is By.AREA:
        return area
    if floor is None:
        raise missing("no_floor", "房屋没有楼层。")
    factor = next(each.factor for each in params.floors if each.to is None or floor <= each.to)
    return area * factor // FACTOR_SCALE


def line(basis: Basis) -> Line:
    """The line: the shares of all costs of the period, each with the cost, the own and the total weight.

    Raises: `no_cost` where no cost was entered.
    """
    segment = basis.segments[0]
    if not basis.shares:
        raise missing("no_cost", "这一期的公摊费用还没有录入。")
    parts = tuple(
        Part(
            segment.version.id, segment.from_, segment.to, share.weight, 0, 0, 1, 1, FACTOR_SCALE, None, None, None,
            share.amount,
            {
                "cost": yuan(share.cost).replace(",", ""),
                "total_weight": Quantity(share.total_weight).show(),
                "by": share.basis,
            },
        )
        for share in basis.shares
    )  # fmt: skip
    return Line(Fen(sum(share.amount for share in basis.shares)), parts)


KIND = Kind("shared", "公摊", When.ARREAR, "份", parse_params, line)
