"""A charge's derivation in sentences: from what was read to what a resident can follow with a pocket calculator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.due_date import DueSteps
from app.domain.money import yuan
from app.domain.period import When
from app.domain.quantity import FACTOR_SCALE, PRICE_SCALE, QUANTITY_SCALE, Factor, Price, Quantity
from app.domain.rounding import Rule, Unit, round_ratio
from app.services.late_fees import Derived, rate_words

UNITS: Mapping[str, str] = {Unit.FEN: "分", Unit.JIAO: "角", Unit.YUAN: "元"}
RULES: Mapping[str, str] = {
    Rule.HALF_UP: "四舍五入",
    Rule.HALF_EVEN: "四舍六入五成双",
    Rule.DOWN: "舍去尾数",
    Rule.UP: "尾数进一",
}
_FORMULA, _COST, _PERCENT = "formula", "cost", "percent"
"""By which of its inputs a part of a kind that is no quantity × price is known."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a part was computed from: quantity 1e-4, price and fixed part 1e-6 yuan, months a fraction, factor 1e-6."""

    quantity: int
    price: int
    fixed: int
    months: Fraction
    factor: int
    fen: int
    inputs: Mapping[str, str]

    @property
    def exact(self) -> Fraction:
        """The product before any rounding, in fen."""
        a_month = Fraction(self.quantity * self.price, QUANTITY_SCALE * PRICE_SCALE) + Fraction(self.fixed, PRICE_SCALE)
        return a_month * self.months * Fraction(self.factor, FACTOR_SCALE) * 100


def how(figures: Figures, unit: str) -> str:
    """How a part arose: `（89.2 m² × 2.35 元 + 20 元）× 15/31 个月 × 系数 0.7`."""
    said = _named(figures) if figures.inputs else _product(figures, unit)
    if figures.factor != FACTOR_SCALE:
        said += f" × 系数 {Factor(figures.factor).show()}"
    return said


def _product(figures: Figures, unit: str) -> str:
    quantity = f"{Quantity(figures.quantity).show()} {unit}".rstrip()
    said = f"{quantity} × {Price(figures.price).show(2)} 元"
    if figures.fixed:
        said = f"（{said} + {Price(figures.fixed).show(2)} 元）"
    return said if figures.months == 1 else f"{said} × {figures.months} 个月"


def _named(figures: Figures) -> str:
    """A part that came about otherwise: a cost divided, a percentage, a formula, by the inputs that it kept."""
    kept, own = figures.inputs, Quantity(figures.quantity).show()
    if _COST in kept:
        by = kept.get("by", "")
        return f"总额 {kept[_COST]} 元{by}分摊，本户 {own}，全部 {kept.get('total_weight', '')}，按比例分到分、合计不差"
    if _PERCENT in kept:
        return f"{kept.get('of', '')} 共 {own} 元 × {kept[_PERCENT]}%"
    named = "，".join(f"{name} {value}" for name, value in kept.items() if name != _FORMULA)
    return f"{kept[_FORMULA]}（{named}）" if kept.get(_FORMULA) else named


def rounding(parts: Sequence[Figures], amount: int, unit: str, rule: str) -> str | None:
    """How the exact product became the amount; None where it is not that of these figures (a divided cost or a formula
    is no product)."""
    if any(part.inputs and _PERCENT not in part.inputs for part in parts):
        return None
    exact = sum((part.exact for part in parts), Fraction(0))
    if round_ratio(exact.numerator, exact.denominator, Unit(unit), Rule(rule)) != amount:
        return None
    if len(parts) == 1 and exact == amount:
        return f"正好 {yuan(amount)} 元，没有尾数"
    whole = " + ".join(exact_yuan(part.exact) for part in parts) if len(parts) < 4 else f"{len(parts)} 段合计"
    equals = "" if len(parts) == 1 else f" = {exact_yuan(exact)}"
    said = f"{whole}{equals} 元，{RULES[rule]}到{UNITS[unit]}，得 {yuan(amount)} 元"
    if len(parts) > 1:
        said += "；只在最后取整一次，各段所列为累计取整之差"
    return said


def exact_yuan(fen: Fraction) -> str:
    """An exact amount of fen as yuan: all its places where they end within eight, else eight and a `…`."""
    scaled = abs(fen) * 10**6
    whole, left = divmod(scaled.numerator, scaled.denominator)
    before, after = divmod(whole, 10**8)
    places = f"{after:08d}" if left else f"{after:08d}".rstrip("0").ljust(2, "0")
    return f"{'−' if fen < 0 else ''}{before:,}.{places}{'…' if left else ''}"


def due(steps: DueSteps, when: str, day: int, offset: int, min_days: int, bill_date: date, stored: date) -> str:
    """The due date and why; where office rules changed since, only what was fixed then."""
    if steps.due != stored:
        return f"{stored}（入账时定下；办公室的应交日设置或节假日表后来改过）"
    which = "账期第一个月" if when == When.ADVANCE else "账期后一个月"
    if offset:
        which += f"再顺延 {offset} 个月"
    said = f"{stored}：规定为{which}的 {day} 日（没有这一天取月末），即 {steps.nominal}"
    later = max(steps.nominal, steps.earliest)
    if steps.earliest > steps.nominal:
        said += f"；但不早于入账日 {bill_date} 之后 {min_days} 天，即 {steps.earliest}"
    if stored != later:
        said += f"；{later} 是休息日，顺延到下一个工作日"
    return said


def late_fee(derived: Derived, as_of: date, *, quoted: bool = True) -> str:
    """The late fee to a day with its days and rate, step by step; `quoted` adds what of it is not posted yet."""
    rule, whole = derived.rule, derived.whole
    rate = rate_words(rule.rate or 0)
    if whole.days <= rule.grace or not derived.spans:
        grace = f"，在宽限 {rule.grace} 天内" if 0 < whole.days <= rule.grace else ""
        return f"算至 {as_of}：没有逾期{grace}，违约金 0.00 元（合同约定{rate}）"
    steps = " + ".join(f"{yuan(span.open)} × {span.days} 天" for span in derived.spans)
    steps = f"（{steps}）" if len(derived.spans) > 1 else f"{steps} "
    said = f"算至 {as_of}：自 {derived.bearer.late_from} 的次日起逾期 {whole.days} 天，{steps}× {rate} "
    said += f"= {yuan(whole.fee)} 元"
    if whole.capped:
        said += f"（已到上限：本金的 {Factor((rule.cap or 0) * 100).show()}%）"
    if derived.posted:
        said += f"，其中已入账 {yuan(derived.posted)} 元"
    if quoted:
        said += f"，尚未入账 {yuan(max(0, whole.fee - derived.posted))} 元，按实际交费日另计"
    return said
