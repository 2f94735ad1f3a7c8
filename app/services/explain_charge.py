"""One charge's derivation: what the ledger keeps of it, read in bulk and put into words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, or_, select

from app.domain.due_date import due_steps
from app.domain.kinds import kind_of
from app.domain.kinds.meter import MeterParams, tier_year_start
from app.domain.money import yuan
from app.domain.period import Cycle, Period, When, period_containing
from app.domain.quantity import FACTOR_SCALE, MULTIPLIER_SCALE, Factor, Multiplier, Price, Quantity
from app.services import explain_words, late_fees, look_up, settings
from app.services.bill_papers import span
from app.services.explain_words import Figures
from app.services.late_fees import Derived
from app.services.price_words import price_words
from app.services.receipt_papers import PARTS
from app.services.tariff_list import SCOPES
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, ChargePart, Payment, Receipt
from db.models.meter import Meter, Reading
from db.models.run import Bill
from db.models.tariff import FeeItem, Tariff
from db.queries import billing
from db.work import Work

ADJUSTED: Mapping[str, str] = {
    "reversal": "冲回", "waiver": "减免", "small_change": "抹零", "correction": "补收",
    "write_off": "核销坏账", "recovery": "坏账收回", "deposit_return": "退押金",
    "prepay_gift": "预交赠送", "assumed": "转由接手人承担",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExplainedTariff:
    """The version of a price that was used: for whom, from when to when, the price and the paper it rests on."""

    scope: str
    first: date
    last: date | None
    price: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class ExplainedPart:
    """A segment or tier of a charge, its figures as people read them. `previous` to `current` are a meter's readings,
    `read_on` the day of the closing one; `how` is the multiplication; `fen` what the part shows of the amount.
    """

    first: date
    last: date
    quantity: str
    unit: str
    price: str
    fixed: str | None
    months: str
    factor: str | None
    tier: int | None
    meter: str | None
    previous: str | None
    current: str | None
    read_on: date | None
    estimate: bool
    how: str
    fen: int
    tariff: ExplainedTariff | None


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """What changed a charge later: an adjustment, or money that settled it; `number` is the receipt's; signed fen."""

    on: date
    kind: str
    title: str
    number: str | None
    fen: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One step of the derivation: what it is about, and the words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ExplainedCharge:
    """A charge as of a day. `fen` as posted, `adjusted` and `paid` since (signed), `open` what is owed of it (0 for a
    credit), `late_fee` the unposted late fee to that day; all in fen.
    """

    house: str
    item: str
    item_name: str
    part: str
    period: str
    first: date
    last: date
    issue: int
    bill: str | None
    on: date
    due: date
    fen: int
    adjusted: int
    paid: int
    open: int
    late_fee: int
    parts: tuple[ExplainedPart, ...]
    adjustments: tuple[ExplainedEntry, ...]
    payments: tuple[ExplainedEntry, ...]
    sentences: tuple[Sentence, ...]


def charges(work: Work, houses: Sequence[int], month: Period, as_of: date) -> tuple[ExplainedCharge, ...]:
    """Every charge of these houses that serves a month and was posted up to a day."""
    rows = work.execute(
        select(
            Charge, FeeItem.code, FeeItem.name, FeeItem.kind.label("item_kind"), FeeItem.cycle, FeeItem.bill_when,
            FeeItem.anchor, House.number.label("house"), Bill.number.label("bill"),
        )
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .join(House, House.id == Charge.house_id)
        .outerjoin(Bill, Bill.id == Charge.bill_id)
        .where(
            Charge.house_id.in_(houses),
            Charge.period_from <= month.last,
            Charge.period_to >= month.first,
            Charge.on <= as_of,
        )
        .order_by(House.sort_key, FeeItem.code, Charge.period_from, Charge.id)
    ).all()  # fmt: skip
    reader = _Reader(work, rows, as_of)
    return tuple(reader.charge(row) for row in rows)


class _Reader:
    """What the charges' derivations are made of, read once for all of them."""

    def __init__(self, work: Work, charges: Sequence[Row[Any]], as_of: date) -> None:
        self.work, self.as_of = work, as_of
        ids = [charge.id for charge in charges]
        self.parts: dict[int, list[Row[Any]]] = defaultdict(list)
        for part in work.execute(
            select(
                ChargePart, Tariff.scope, Tariff.scope_ref, Tariff.valid_from, Tariff.valid_to, Tariff.params,
                Tariff.basis, Meter.number.label("meter"), Meter.multiplier, Reading.on.label("read_on"),
                Reading.kind.label("reading_kind"),
            )
            .outerjoin(Tariff, Tariff.id == ChargePart.tariff_id)
            .outerjoin(Meter, Meter.id == ChargePart.meter_id)
            .outerjoin(Reading, Reading.id == ChargePart.reading_id)
            .where(ChargePart.charge_id.in_(ids))
            .order_by(ChargePart.id)
        ):  # fmt: skip
            self.parts[part.charge_id].append(part)
        self.adjustments = self._adjustments(ids)
        self.payments = self._payments(ids)
        self.rules = billing.rules(work.connection)
        bases = sorted({charge.base_charge or charge.id for charge in charges})
        self.derived = late_fees.derive_on(work, bases, as_of)

    def _adjustments(self, ids: Sequence[int]) -> Mapping[int, list[ExplainedEntry]]:
        found: dict[int, list[ExplainedEntry]] = defaultdict(list)
        rows = self.work.execute(
            select(Adjustment)
            .where(Adjustment.charge_id.in_(ids), Adjustment.on <= self.as_of)
            .order_by(Adjustment.on, Adjustment.id)
        )
        for row in rows:
            title = ADJUSTED.get(row.kind, row.kind)
            found[row.charge_id].append(ExplainedEntry(row.on, row.kind, title, None, row.amount))
        return found

    def _payments(self, ids: Sequence[int]) -> Mapping[int, list[ExplainedEntry]]:
        found: dict[int, list[ExplainedEntry]] = defaultdict(list)
        rows = self.work.execute(
            select(Allocation, Receipt.number)
            .outerjoin(Payment, Payment.id == Allocation.payment_id)
            .outerjoin(Receipt, or_(Receipt.payment_id == Payment.id, Receipt.payment_id == Payment.with_payment))
            .where(Allocation.charge_id.in_(ids), Allocation.on <= self.as_of)
            .order_by(Allocation.on, Allocation.id)
        )
        for row in rows:
            title = "预存抵扣" if row.kind == "set_off" else "收款"
            title = f"撤销{title}" if row.amount < 0 else title
            found[row.charge_id].append(ExplainedEntry(row.on, row.kind, title, row.number, row.amount))
        return found

    def charge(self, row: Row[Any]) -> ExplainedCharge:
        """One charge with its derivation."""
        rows = self.parts[row.id]
        figures = [_figures(part, kept=row.kind != "opening") for part in rows]
        unit = kind_of(row.item_kind).unit_word
        adjustments, payments = tuple(self.adjustments[row.id]), tuple(self.payments[row.id])
        adjusted, paid = sum(entry.fen for entry in adjustments), sum(entry.fen for entry in payments)
        derived = self.derived.get(row.id) if row.part == "principal" else None
        left = max(0, row.amount + adjusted - paid)
        # Only an open principal is asked for a late fee: one that was let off whole leaves none to be quoted.
        late = max(0, derived.whole.fee - derived.posted) if derived and left else 0
        return ExplainedCharge(
            row.house, row.code, row.name, row.part, str(Period.of(row.period_from)), row.period_from, row.period_to,
            row.issue, row.bill, row.on, row.due_date, row.amount, adjusted, paid,
            left, late,
            tuple(
                _part(part, each, unit, row.item_kind) for part, each in zip(rows, figures, strict=True)
            ),
            adjustments, payments,
            tuple(self._sentences(row, rows, figures, derived, adjustments, payments, left)),
        )  # fmt: skip

    def _sentences(
        self,
        row: Row[Any],
        rows: Sequence[Row[Any]],
        figures: Sequence[Figures],
        derived: Derived | None,
        adjustments: Sequence[ExplainedEntry],
        payments: Sequence[ExplainedEntry],
        open_fen: int,
    ) -> list[Sentence]:
        said = [Sentence("入账", _posted(row))]
        if row.part == "late_fee":
            said += self._late_fee_charge(row)
        elif row.kind != "opening":
            said += self._computed(row, rows, figures)
        else:
            said += [Sentence("原账", _before(_inputs(part))) for part in rows if part.inputs]
        said.append(Sentence("应交日", self._due(row)))
        if derived is not None:
            words = explain_words.late_fee(derived, self.as_of, quoted=open_fen > 0)
            said.append(Sentence("违约金", words))
        elif row.part == "principal":
            said.append(Sentence("违约金", "合同没有约定，不收"))
        said += [Sentence("调整", _entry(entry)) for entry in adjustments]
        said += [Sentence("交费", _entry(entry)) for entry in payments]
        said.append(Sentence("结余", _balance(row.amount, adjustments, payments, self.as_of)))
        return said

    def _computed(self, row: Row[Any], rows: Sequence[Row[Any]], figures: Sequence[Figures]) -> list[Sentence]:
        kind = kind_of(row.item_kind)
        tariffs = dict.fromkeys(_tariff_words(part, row.item_kind) for part in rows if part.scope is not None)
        meters = dict.fromkeys(self._reading_words(row, part) for part in rows if part.meter is not None)
        said = [Sentence("收费标准", words) for words in tariffs]
        said += [Sentence("抄表", words) for words in meters]
        for part, each in zip(rows, figures, strict=True):
            what = f"{part.tier} 档：" if part.tier else ""
            if len(rows) > 1 and not part.tier:
                what = f"{span(part.part_from, part.part_to)}："
            said.append(Sentence("计算", f"{what}{explain_words.how(each, kind.unit_word)}，计 {yuan(each.fen)} 元"))
        rule = self._rule(row)
        rounded = explain_words.rounding(figures, row.amount, rule.unit, rule.rule) if figures else None
        if rounded is not None:
            said.append(Sentence("取整", rounded))
        return said

    def _reading_words(self, row: Row[Any], part: Row[Any]) -> str:
        said = f"{part.meter} 表"
        if part.previous is not None and part.current is not None:
            said += f" {Quantity(part.previous).show()} → {Quantity(part.current).show()}"
        if part.read_on is not None:
            said += f"，{part.read_on} {'估抄' if part.reading_kind == 'estimate' else '抄见'}"
        if part.multiplier != MULTIPLIER_SCALE:
            said += f"，倍率 {Multiplier(part.multiplier).show()}"
        params = kind_of(row.item_kind).parse_params(part.params) if part.tier else None
        if isinstance(params, MeterParams) and part.read_on is not None:
            since = tier_year_start(params, part.read_on)
            rows = billing.billed_quantities(self.work.connection, row.item_id, since).get(part.meter_id, ())
            before = sum(quantity for day, quantity in rows if day < part.read_on)
            said += f"，{since} 起到这次以前已计 {Quantity(before).show()}，阶梯接着算"
        return said

    def _whole(self, row: Row[Any]) -> tuple[date, date]:
        """The item's period that holds a charge: a part of it may be served."""
        if not kind_of(row.item_kind).periodic:
            month = Period.of(row.period_from)
            return month.first, month.last
        return period_containing(Cycle(row.cycle), row.anchor, row.period_from)

    def _rule(self, row: Row[Any]) -> Row[Any]:
        """The item's rules as on the first day of the period."""
        rules = self.rules[row.item_id]
        holding = [rule for rule in rules if rule.valid_from <= self._whole(row)[0]]
        return holding[-1] if holding else rules[0]

    def _due(self, row: Row[Any]) -> str:
        if row.part == "principal" and row.kind == "opening":
            return f"{row.due_date}：期初导入时给出"
        if row.part != "principal" or not kind_of(row.item_kind).periodic:
            return f"{row.due_date}：入账当天到期"
        said = settings.values(self.work, row.on)
        rule = self._rule(row)
        day, least = rule.due_day or int(said["due_day"]), int(said["min_days"])
        offset = int(said["due_offset"]) if rule.due_offset is None else rule.due_offset
        steps = due_steps(
            *self._whole(row), When(row.bill_when), day, offset, row.on, least,
            look_up.calendar(self.work).is_rest, said["rest_day_shift"] == "on",
        )  # fmt: skip
        return explain_words.due(steps, row.bill_when, day, offset, least, row.on, row.due_date)

    def _late_fee_charge(self, row: Row[Any]) -> list[Sentence]:
        """A late fee that was posted: the formula of its principal to the day of posting, of which this is a part."""
        if row.kind == "opening":
            return []
        derived = late_fees.derive_on(self.work, [row.base_charge], row.on).get(row.base_charge)
        if derived is None:
            return []
        words = explain_words.late_fee(derived, row.on, quoted=False)
        return [Sentence("计算", f"{words}；本笔 {yuan(row.amount)} 元")]


def _inputs(part: Row[Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in json.loads(part.inputs or "{}").items()}


def _figures(part: Row[Any], *, kept: bool = True) -> Figures:
    """The figures of a part; what an opening entry keeps is no part of a computation."""
    inputs = _inputs(part) if kept else {}
    return Figures(part.quantity, part.price, part.fixed, Fraction(part.months), part.factor, part.shown, inputs)


def _tariff(part: Row[Any], item_kind: str) -> ExplainedTariff | None:
    if part.scope is None:
        return None
    scope = SCOPES[part.scope] + (f" {part.scope_ref}" if part.scope_ref else "")
    price = price_words(item_kind, part.params)
    return ExplainedTariff(scope, part.valid_from, part.valid_to, price, part.basis)


def _part(part: Row[Any], figures: Figures, unit: str, item_kind: str) -> ExplainedPart:
    return ExplainedPart(
        part.part_from, part.part_to, Quantity(part.quantity).show(), unit, Price(part.price).show(2),
        Price(part.fixed).show(2) if part.fixed else None, part.months,
        Factor(part.factor).show() if part.factor != FACTOR_SCALE else None, part.tier, part.meter,
        None if part.previous is None else Quantity(part.previous).show(),
        None if part.current is None else Quantity(part.current).show(),
        part.read_on, part.reading_kind == "estimate", explain_words.how(figures, unit), part.shown,
        _tariff(part, item_kind),
    )  # fmt: skip


def _posted(row: Row[Any]) -> str:
    name = row.name + PARTS.get(row.part, "")
    if row.kind == "opening":
        return f"{row.on} 期初带入 {name}（{span(row.period_from, row.period_to)}）{yuan(row.amount)} 元"
    where = f"，账单 {row.bill}" if row.bill else ""
    again = f"，第 {row.issue} 次出账（以前的已冲回）" if row.issue > 1 else ""
    what = "退还" if row.amount < 0 else "应收"
    return f"{row.on} {what} {name}（{span(row.period_from, row.period_to)}）{yuan(row.amount)} 元{where}{again}"


def _before(kept: Mapping[str, str]) -> str:
    """What the books before the program said of a charge."""
    said = f"应收 {kept['billed']} 元"
    said += f"，减免 {kept['waived']} 元" if "waived" in kept else ""
    if "paid" not in kept:
        return f"{said}，没有收过"
    said += f"，{kept['paid_on']} " if "paid_on" in kept else "，"
    said += f"已收 {kept['paid']} 元"
    return said + (f"，原收据 {kept['receipt']}" if "receipt" in kept else "")


def _tariff_words(part: Row[Any], item_kind: str) -> str:
    found = _tariff(part, item_kind)
    if found is None:
        return ""
    until = f"至 {found.last}" if found.last else "起"
    basis = f"；依据：{found.basis}" if found.basis else ""
    return f"{found.scope}，{found.first} {until}，{found.price}{basis}"


def _entry(entry: ExplainedEntry) -> str:
    number = f"，收据 {entry.number}" if entry.number else ""
    return f"{entry.on} {entry.title} {yuan(entry.fen)} 元{number}"


def _balance(
    amount: int, adjustments: Sequence[ExplainedEntry], payments: Sequence[ExplainedEntry], as_of: date
) -> str:
    adjusted, paid = sum(entry.fen for entry in adjustments), sum(entry.fen for entry in payments)
    net = amount + adjusted
    if net < 0:
        return f"截至 {as_of}：退还的 {yuan(-net)} 元已转入预存"
    if not adjustments and not payments:
        return f"截至 {as_of}：{yuan(amount)} 元全部未交"
    said = yuan(amount)
    if adjustments:
        said += f" {'−' if adjusted < 0 else '+'} {yuan(abs(adjusted))}（调整）"
    if payments:
        said += f" − {yuan(paid)}（已交）"
    return f"截至 {as_of}：{said} = {yuan(max(0, net - paid))} 元未交"
