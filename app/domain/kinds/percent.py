"""A percentage of other items of the same house and billing month (HANDBOOK §2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from app.domain.charge import Basis, Kind, Line, Part, factor_of, line_amount, missing
from app.domain.kinds import fields
from app.domain.period import When
from app.domain.problem import problem
from app.domain.quantity import FACTOR_SCALE, PRICE_SCALE, QUANTITY_SCALE, Price

_MOST = 1000 * PRICE_SCALE
_FEN_IN_QUANTITY = QUANTITY_SCALE // 100
"""A fen as a quantity of yuan (1e-4)."""
_SCALE = PRICE_SCALE * QUANTITY_SCALE * FACTOR_SCALE


@dataclass(frozen=True, slots=True)
class PercentParams:
    """So many percent (1e-6) of the items with these codes."""

    percent: int
    of: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """As stored."""
        return {"percent": Price(self.percent).show(), "of": list(self.of)}


def parse_params(raw: Mapping[str, object]) -> PercentParams:
    """Check `{"percent": "10", "of": ["SF"]}`.

    Raises: `tariff.percent`, `tariff.of`.
    """
    fields.only(raw, "percent", "of")
    percent = fields.price(raw, "percent")
    if percent is None or not 0 < percent <= _MOST:
        raise problem("tariff.percent", "比例应大于 0，最多 1000%。", "请填百分数，如 10。")
    of = raw.get("of")
    if isinstance(of, str):
        of = [code.strip() for code in of.replace("，", ",").split(",")]
    if not isinstance(of, Sequence) or not of or not all(isinstance(code, str) and code for code in of):
        raise problem("tariff.of", "没有写按哪些项目的百分之几。", "请填项目代码，几个之间用逗号。")
    return PercentParams(percent, tuple(dict.fromkeys(of)))


def line(basis: Basis) -> Line:
    """The line: what those items come to × percent × factor, at the first day's version.

    Raises: `no_base` where the house has none of them; `factor_fine`.
    """
    segment = basis.segments[0]
    params = cast(PercentParams, segment.version.params)
    if basis.base is None:
        raise missing("no_base", "作为基数的项目没有出账。")
    quantity, factor = basis.base * _FEN_IN_QUANTITY, factor_of(basis, segment)
    amount, shown = line_amount([quantity * params.percent * factor], _SCALE, basis.unit, basis.rule)
    last = basis.segments[-1].to
    part = Part(
        segment.version.id, segment.from_, last, quantity, params.percent // 100, 0, 1, 1, factor, None, None, None,
        shown[0], {"percent": Price(params.percent).show(), "of": "、".join(params.of)},
    )  # fmt: skip
    return Line(amount, (part,))


def circle(bases: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The codes of a circle among percentages of percentages, in its order and closed; empty where there is none.

    `bases` maps the code of each percentage item to the items it is a percentage of.
    """
    done: set[str] = set()

    def walk(code: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if code in path:
            return (*path[path.index(code) :], code)
        if code in done:
            return ()
        for base in bases.get(code, ()):
            found = walk(base, (*path, code))
            if found:
                return found
        done.add(code)
        return ()

    return next((found for code in bases if (found := walk(code, ()))), ())


KIND = Kind("percent", "按比例", When.ARREAR, "%", parse_params, line)
