"""The handbook's worked figures, one test a case.

`ANJU_VECTORS` names another folder of files of the same form. A file, kind or field this module does not know fails:
a figure that nobody checks must not look checked.
"""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.domain import (
    ageing,
    allocation,
    capitals,
    collection_rate,
    credit_code,
    due_date,
    dunning,
    equipment,
    house_order,
    idcard,
    late_fee,
    limitation,
    maintenance,
    masking,
    meter,
    phone,
    plate,
    prepay,
    proration,
    service_targets,
    shared_cost,
    tariff,
    tiers,
    vat,
    warranty,
)
from app.domain.charge import Basis, Line, MeterUse
from app.domain.kinds import KINDS
from app.domain.kinds.meter import MeterParams
from app.domain.money import Fen
from app.domain.period import Period, When
from app.domain.problem import Problem
from app.domain.quantity import Area, Factor, Multiplier, Price, Quantity, Rate
from app.domain.rest_day import next_working
from app.domain.rounding import Rule, Unit, round_yuan, small_change

HERE = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("ANJU_VECTORS") or HERE / "vectors")
PRESETS = HERE.parent / "resources" / "presets" / "equipment.json"

Given = dict[str, Any]


class Known(NamedTuple):
    run: Callable[[Given], dict[str, object]]
    given: dict[str, Any]
    expect: set[str]


KNOWN: dict[tuple[str, str | None], Known] = {}


def vector(file: str, kinds: str = "", given: str = "", expect: str = "", **nested: str) -> Any:
    """Register a runner with every field it knows; `nested` are the fields of the lists or objects inside `given`."""

    def register(run: Callable[[Given], dict[str, object]]) -> Callable[[Given], dict[str, object]]:
        fields: dict[str, Any] = dict.fromkeys(given.split())
        fields.update({name: set(inside.split()) for name, inside in nested.items()})
        for kind in kinds.split() or [None]:
            KNOWN[file, kind] = Known(run, {**fields, **({"kind": None} if kind else {})}, set(expect.split()))
        return run

    return register


def day(text: str | None) -> Any:
    return None if text is None else date.fromisoformat(text)


def moment(text: str | None) -> Any:
    return None if text is None else datetime.fromisoformat(text)


def rests(given: Given) -> Callable[[date], bool]:
    return frozenset(day(text) for text in given.get("rest_days", ())).__contains__


def rounding_of(given: Given) -> dict[str, Any]:
    return {"unit": Unit(given["round_unit"]), "rule": Rule(given["round_rule"])}


def fraction(num: int, den: int) -> str:
    return str(Fraction(num, den))


def same_number(text: str, units: int, scaled: Any) -> str:
    """The figure as the vector writes it (2.50, not 2.5) if it is the same number."""
    return text if scaled.parse(text).units == units else scaled(units).show()


# money


@vector("rounding", "round", "exact_yuan unit rule", "amount_fen")
def _round(given: Given) -> dict[str, object]:
    return {"amount_fen": round_yuan(Fraction(given["exact_yuan"]), Unit(given["unit"]), Rule(given["rule"]))}


@vector("rounding", "small_change", "due_fen unit", "payable_fen waived_fen")
def _small_change(given: Given) -> dict[str, object]:
    payable, waived = small_change(Fen(given["due_fen"]), Unit(given["unit"]))
    return {"payable_fen": payable, "waived_fen": waived}


@vector("capital_amounts", "", "amount_fen", "capital")
def _capital(given: Given) -> dict[str, object]:
    text = capitals.capital(given["amount_fen"])
    assert capitals.read_capital(text) == given["amount_fen"]
    return {"capital": text}


# fees


def version(raw: Given, valid_from: str = "2000-01-01", valid_to: str | None = None, kind: str = "area") -> Any:
    return tariff.Version(None, day(valid_from), day(valid_to), KINDS[kind].parse_params(raw))


def months_segment(given: Given, raw: Given, kind: str, months: object) -> tuple[tariff.Segment, ...]:
    count = Fraction(str(months))
    start = date(2026, 1, 1)
    return (tariff.Segment(version(raw, kind=kind), start, start, count.numerator, count.denominator),)


@vector(
    "area_fee",
    "area",
    "area_m2 price_yuan_per_m2_month fixed_yuan_per_month months factor round_unit round_rule",
    "amount_fen",
)
def _area(given: Given) -> dict[str, object]:
    raw = {"price": given["price_yuan_per_m2_month"], "fixed": given.get("fixed_yuan_per_month")}
    segments = months_segment(given, raw, "area", given["months"])
    factor = Factor.parse(given["factor"]).units
    basis = Basis(segments, Area.parse(given["area_m2"]).units, factor=factor, **rounding_of(given))
    return {"amount_fen": KINDS["area"].line(basis).amount}


@vector("area_fee", "flat", "price_yuan_per_month months quantity factor round_unit round_rule", "amount_fen")
def _flat(given: Given) -> dict[str, object]:
    segments = months_segment(given, {"price": given["price_yuan_per_month"]}, "flat", given["months"])
    count = Quantity.parse(given["quantity"]).units
    factor = Factor.parse(given.get("factor", "1")).units
    return {"amount_fen": KINDS["flat"].line(Basis(segments, count=count, factor=factor, **rounding_of(given))).amount}


@vector(
    "area_fee",
    "prepay_gift",
    "area_m2 price_yuan_per_m2_month months_paid months_free coverage_start round_unit round_rule",
    "payable_fen waived_fen coverage_end",
)
def _prepay_gift(given: Given) -> dict[str, object]:
    segments = months_segment(given, {"price": given["price_yuan_per_m2_month"]}, "area", 1)
    monthly = KINDS["area"].line(Basis(segments, Area.parse(given["area_m2"]).units, **rounding_of(given))).amount
    gift = prepay.prepay_gift(monthly, given["months_paid"], given["months_free"], day(given["coverage_start"]))
    return {
        "payable_fen": gift.payable,
        "waived_fen": gift.waived,
        "coverage_end": gift.coverage_end.isoformat(),
    }


def area_line(given: Given, segments: tuple[tariff.Segment, ...]) -> Line:
    return KINDS["area"].line(Basis(segments, Area.parse(given["area_m2"]).units, **rounding_of(given)))


@vector("proration", "charge_from", "delivery_date start_rule", "charge_from")
def _charge_from(given: Given) -> dict[str, object]:
    rule = proration.StartRule(given["start_rule"])
    return {"charge_from": proration.charge_from(day(given["delivery_date"]), rule).isoformat()}


@vector(
    "proration",
    "prorate",
    "area_m2 price_yuan_per_m2_month period_start period_end liable_from liable_to method round_unit round_rule",
    "segments amount_fen",
)
def _prorate(given: Given) -> dict[str, object]:
    span = [day(given[name]) for name in ("period_start", "period_end", "liable_from", "liable_to")]
    method = proration.Method(given["method"])
    liable = proration.liable_span(span[0], span[1], span[2], span[3])
    parts = proration.month_parts(*liable, method) if liable else ()
    versions = (version({"price": given["price_yuan_per_m2_month"]}, "0001-01-01"),)
    segments = tariff.segments(versions, span[0], span[1], span[2], span[3], method)
    return {
        "segments": [
            {
                "from": part.from_.isoformat(),
                "to": part.to.isoformat(),
                "days": part.days,
                "days_in_month": part.days_in_month,
                "month_part": fraction(part.num, part.den),
            }
            for part in parts
        ],
        "amount_fen": area_line(given, segments).amount,
    }


@vector(
    "proration",
    "transfer_split",
    "area_m2 price_yuan_per_m2_month period_start period_end transfer_date method round_unit round_rule",
    "whole_fen seller_fen buyer_fen",
)
def _transfer_split(given: Given) -> dict[str, object]:
    versions = (version({"price": given["price_yuan_per_m2_month"]}, "0001-01-01"),)
    method = proration.Method(given["method"])
    start, end = day(given["period_start"]), day(given["period_end"])

    def amount(first: date, last: date) -> Fen:
        return area_line(given, tariff.segments(versions, start, end, first, last, method)).amount

    split = proration.transfer_split(amount, start, end, day(given["transfer_date"]))
    return {"whole_fen": split.whole, "seller_fen": split.seller, "buyer_fen": split.buyer}


@vector(
    "tariff_split",
    "",
    "area_m2 period_start period_end policy round_unit round_rule",
    "segments amount_fen",
    versions="valid_from valid_to price_yuan_per_m2_month",
)
def _tariff_split(given: Given) -> dict[str, object]:
    written = given["versions"]
    versions = tuple(
        version({"price": raw["price_yuan_per_m2_month"]}, raw["valid_from"], raw.get("valid_to")) for raw in written
    )
    span = day(given["period_start"]), day(given["period_end"])
    segments = tariff.segments(versions, *span, policy=tariff.Policy(given["policy"]))
    line = area_line(given, segments)
    assert sum(part.shown for part in line.parts) == line.amount
    return {
        "segments": [
            {
                "from": part.from_.isoformat(),
                "to": part.to.isoformat(),
                "price_yuan_per_m2_month": next(
                    raw["price_yuan_per_m2_month"]
                    for raw in written
                    if Price.parse(raw["price_yuan_per_m2_month"]).units == part.price
                ),
                "months": fraction(part.months_num, part.months_den),
                "display_fen": part.shown,
            }
            for part in line.parts
        ],
        "amount_fen": line.amount,
    }


@vector(
    "meter",
    "",
    "previous_reading current_reading multiplier register_digits rollover already_billed_estimate",
    "usage",
    replacement="old_final_reading new_start_reading new_multiplier",
)
def _meter(given: Given) -> dict[str, object]:
    raw = given.get("replacement")
    replacement = raw and meter.Replacement(
        Quantity.parse(raw["old_final_reading"]).units,
        Quantity.parse(raw["new_start_reading"]).units,
        Multiplier.parse(raw["new_multiplier"]).units,
    )
    used = meter.usage(
        Quantity.parse(given["previous_reading"]).units,
        Quantity.parse(given["current_reading"]).units,
        Multiplier.parse(given["multiplier"]).units,
        given["register_digits"],
        given["rollover"],
        replacement,
        Quantity.parse(given.get("already_billed_estimate") or "0").units,
    )
    return {"usage": Quantity(used).show()}


@vector(
    "tiered_usage",
    "",
    "cumulative_before usage people base_people allowance_per_extra_person",
    "slices amount_fen",
    tiers="up_to price_yuan",
)
def _tiered_usage(given: Given) -> dict[str, object]:
    raw = {
        "tiers": [{"up_to": tier["up_to"], "price": tier["price_yuan"]} for tier in given["tiers"]],
        "base_people": given["base_people"],
        "allowance": given["allowance_per_extra_person"],
    }
    holding = version(raw, kind="meter")
    params = holding.params
    assert isinstance(params, MeterParams)
    usage, before = Quantity.parse(given["usage"]).units, Quantity.parse(given["cumulative_before"]).units
    cut = tiers.slices(params.tiers, before, usage, given["people"], params.base_people, params.allowance)
    start = date(2026, 1, 1)
    line = KINDS["meter"].line(
        Basis(
            (tariff.Segment(holding, start, start, 1, 1),),
            use=MeterUse(usage, cumulative_before=before, people=given["people"]),
        )
    )
    return {
        "slices": [
            {
                "tier": part.tier,
                "quantity": Quantity(part.quantity).show(),
                "price_yuan": same_number(given["tiers"][part.tier - 1]["price_yuan"], part.price, Price),
            }
            for part in cut
        ],
        "amount_fen": line.amount,
    }


@vector("allocation_shared", "", "basis cost_fen", "shares sum_fen", houses="house area_m2 usage")
def _allocation_shared(given: Given) -> dict[str, object]:
    weigh: dict[str, Callable[[Given], int]] = {
        "house": lambda _: 1,
        "area": lambda house: Area.parse(house["area_m2"]).units,
        "usage": lambda house: Quantity.parse(house["usage"]).units,
    }
    houses = given["houses"]
    shares = shared_cost.share(Fen(given["cost_fen"]), [weigh[given["basis"]](house) for house in houses])
    return {
        "shares": [{"house": house["house"], "amount_fen": fen} for house, fen in zip(houses, shares, strict=True)],
        "sum_fen": sum(shares),
    }


@vector(
    "due_dates",
    "",
    "period_start period_end rule day month_offset bill_date min_days rest_days",
    "due_date",
)
def _due_date(given: Given) -> dict[str, object]:
    due = due_date.due_steps(
        day(given["period_start"]),
        day(given["period_end"]),
        When(given["rule"]),
        given["day"],
        given["month_offset"],
        day(given["bill_date"]),
        given["min_days"],
        rests(given),
    ).due
    return {"due_date": due.isoformat()}


@vector("vat_split", "split", "gross_fen rate", "net_fen tax_fen")
def _vat(given: Given) -> dict[str, object]:
    net, tax = vat.split(Fen(given["gross_fen"]), Rate.parse(given["rate"]).units)
    return {"net_fen": net, "tax_fen": tax}


@vector("vat_split", "water_difference", "collected_fen paid_to_supplier_fen rate", "taxable_gross_fen net_fen tax_fen")
def _water(given: Given) -> dict[str, object]:
    taxable, net, tax = vat.water_difference(
        Fen(given["collected_fen"]), Fen(given["paid_to_supplier_fen"]), Rate.parse(given["rate"]).units
    )
    return {"taxable_gross_fen": taxable, "net_fen": net, "tax_fen": tax}


# debts


@vector(
    "late_fee",
    "",
    "principal_fen due_date as_of cap_ratio grace_days daily_rate annual_rate multiplier day_basis "
    "waived_fen rest_days",
    "effective_due_date days_overdue late_fee_fen capped outstanding_fen",
    payments="date amount_fen",
)
def _late_fee(given: Given) -> dict[str, object]:
    due = next_working(day(given["due_date"]), rests(given))
    if "annual_rate" in given:
        rate: int | late_fee.AnnualRate = late_fee.AnnualRate(
            Rate.parse(given["annual_rate"]).units,
            Factor.parse(given.get("multiplier", "1")).units,
            given.get("day_basis", 365),
        )
    else:
        rate = Rate.parse(given["daily_rate"]).units
    fee = late_fee.late_fee(
        Fen(given["principal_fen"]),
        due,
        day(given["as_of"]),
        [(day(paid["date"]), Fen(paid["amount_fen"])) for paid in given["payments"]],
        rate,
        None if given["cap_ratio"] is None else Factor.parse(given["cap_ratio"]).units,
        given["grace_days"],
        Fen(given.get("waived_fen", 0)),
    )
    return {
        "effective_due_date": due.isoformat(),
        "days_overdue": fee.days,
        "late_fee_fen": fee.fee,
        "capped": fee.capped,
        "outstanding_fen": fee.outstanding,
    }


@vector(
    "payment_allocation",
    "",
    "amount_fen payment_date designated order within_debt_order",
    "allocations prepaid_fen",
    debts="id due_date principal_fen late_fee_fen cost_fen secured daily_rate",
)
def _payment_allocation(given: Given) -> dict[str, object]:
    debts = [
        allocation.Debt(
            debt["id"],
            day(debt["due_date"]),
            Fen(debt["principal_fen"]),
            Fen(debt["late_fee_fen"]),
            Fen(debt["cost_fen"]),
            debt["secured"],
            Rate.parse(debt["daily_rate"]).units,
        )
        for debt in given["debts"]
    ]
    done = allocation.allocate(
        Fen(given["amount_fen"]),
        day(given["payment_date"]),
        debts,
        [allocation.Designation(name) for name in given["designated"]],
        allocation.Order(given["order"]),
        [allocation.DebtPart(part) for part in given["within_debt_order"]],
    )
    return {
        "allocations": [{"id": line.id, "part": line.part, "amount_fen": line.amount} for line in done.lines],
        "prepaid_fen": done.prepaid,
    }


@vector("ageing", "", "as_of", "buckets_fen total_fen", items="id due_date outstanding_fen")
def _ageing(given: Given) -> dict[str, object]:
    buckets = ageing.age(
        day(given["as_of"]), [(day(item["due_date"]), Fen(item["outstanding_fen"])) for item in given["items"]]
    )
    return {"buckets_fen": buckets, "total_fen": sum(buckets.values())}


@vector(
    "collection_rate",
    "",
    "period",
    "current_due_fen current_collected_fen opening_arrears_fen arrears_collected_fen "
    "current_percent arrears_percent combined_percent",
    charges="id period amount_fen adjustments_fen",
    allocations="charge date amount_fen",
)
def _collection_rate(given: Given) -> dict[str, object]:
    rate = collection_rate.collection_rate(
        Period(given["period"]),
        [
            collection_rate.RatedCharge(
                charge["id"], Period(charge["period"]), Fen(charge["amount_fen"] + charge["adjustments_fen"])
            )
            for charge in given["charges"]
        ],
        [(paid["charge"], day(paid["date"]), Fen(paid["amount_fen"])) for paid in given["allocations"]],
    )
    return {
        "current_due_fen": rate.current_due,
        "current_collected_fen": rate.current_collected,
        "opening_arrears_fen": rate.opening_arrears,
        "arrears_collected_fen": rate.arrears_collected,
        "current_percent": rate.current,
        "arrears_percent": rate.arrears,
        "combined_percent": rate.combined,
    }


@vector(
    "limitation",
    "",
    "due_date as_of rest_days",
    "expires_on expired days_left interrupted_on",
    events="kind date to ended last_instalment_due",
)
def _limitation(given: Given) -> dict[str, object]:
    events = [
        limitation.Event(
            limitation.EventKind(event["kind"]),
            day(event["date"]),
            day(event.get("to") or event.get("ended") or event.get("last_instalment_due")),
        )
        for event in given["events"]
    ]
    found = limitation.limitation(day(given["due_date"]), day(given["as_of"]), events, rests(given))
    return {
        "expires_on": found.expires_on and found.expires_on.isoformat(),
        "expired": found.expired,
        "days_left": found.days_left,
        "interrupted_on": found.interrupted_on and found.interrupted_on.isoformat(),
    }


@vector(
    "dunning_ladder",
    "",
    "oldest_due_date as_of outstanding_fen min_balance_fen min_gap_days reasonable_days disputed plan_active "
    "heirs_unknown insolvency hold_ended_on settled_on",
    "action stage due_on reason",
    history="stage date served_on",
)
def _dunning(given: Given) -> dict[str, object]:
    history = [
        dunning.Done(dunning.Stage(done["stage"]), day(done["date"]), day(done["served_on"]))
        for done in given["history"]
    ]
    arrears = dunning.Arrears(
        Fen(given["outstanding_fen"]),
        day(given["oldest_due_date"]),
        history,
        **{name: given.get(name, False) for name in ("disputed", "plan_active", "heirs_unknown", "insolvency")},
        hold_ended_on=day(given.get("hold_ended_on")),
        settled_on=day(given.get("settled_on")),
    )
    ladder = dunning.Ladder(
        min_gap_days=given["min_gap_days"],
        reasonable_days=given["reasonable_days"],
        min_balance=Fen(given["min_balance_fen"]),
    )
    step = dunning.next_step(arrears, day(given["as_of"]), ladder)
    return {
        "action": step.action,
        "stage": step.stage,
        "due_on": step.due_on and step.due_on.isoformat(),
        "reason": step.reason,
    }


# people and papers


@vector(
    "id_numbers",
    "resident_id hk_macao_permit taiwan_permit passport",
    "value as_of",
    "valid normalized birth_date sex age under_14 reason",
)
def _id_number(given: Given) -> dict[str, object]:
    found = idcard.check(given["kind"], given["value"], day(given["as_of"]))
    return {
        "valid": found.valid,
        "normalized": found.normalized,
        "birth_date": found.birth_date and found.birth_date.isoformat(),
        "sex": found.sex,
        "age": found.age,
        "under_14": found.under_14,
        "reason": found.reason,
    }


@vector("phones", "", "value", "valid kind normalized")
def _phone(given: Given) -> dict[str, object]:
    found = phone.read(given["value"])
    return {
        "valid": found is not None,
        "kind": found and found.kind,
        "normalized": found and found.normalized,
    }


@vector("plates", "", "value", "kind normalized")
def _plate(given: Given) -> dict[str, object]:
    found = plate.parse(given["value"])
    return {"kind": found.kind, "normalized": found.normalized}


@vector("credit_codes", "", "value", "valid reason normalized")
def _credit_code(given: Given) -> dict[str, object]:
    found = credit_code.check(given["value"])
    return {"valid": found.valid, "reason": found.reason, "normalized": found.normalized}


@vector("masking", " ".join(sorted(masking.KINDS)), "value", "masked")
def _masking(given: Given) -> dict[str, object]:
    return {"masked": masking.mask(given["kind"], given["value"])}


@vector("house_order", "parse", "label", "kind building entrance floor room normalized")
def _house_number(given: Given) -> dict[str, object]:
    number = house_order.parse(given["label"])
    return {name: getattr(number, name) for name in ("kind", "building", "entrance", "floor", "room", "normalized")}


@vector("house_order", "sort", "labels", "sorted")
def _house_sort(given: Given) -> dict[str, object]:
    return {"sorted": sorted(given["labels"], key=lambda label: house_order.sort_key(house_order.parse(label)))}


# equipment and work


@vector(
    "equipment_presets",
    "preset",
    "category equipment_type task",
    "every unit basis lead_days shift statutory verified",
)
def _preset(given: Given) -> dict[str, object]:
    rows = json.loads(PRESETS.read_text(encoding="utf-8"))["presets"]
    wanted = given["category"], given["equipment_type"], given["task"]
    found = [row for row in map(equipment.preset, rows) if (row.category, row.equipment_type, row.task) == wanted]
    assert len(found) == 1
    names = ("every", "unit", "basis", "lead_days", "shift", "statutory", "verified")
    return {name: getattr(found[0], name) for name in names}


@vector("equipment_presets", "elevator_year", "supervision_passed_on year_number", "check due_month earliest_month")
def _elevator_year(given: Given) -> dict[str, object]:
    year = equipment.elevator_year(day(given["supervision_passed_on"]), given["year_number"])
    return {"check": year.check, "due_month": str(year.due_month), "earliest_month": str(year.earliest_month)}


@vector("equipment_presets", "extinguisher_dates", "type manufactured_on", "services scrap_on")
def _extinguisher(given: Given) -> dict[str, object]:
    dates = equipment.extinguisher_dates(given["type"], day(given["manufactured_on"]))
    return {"services": [at.isoformat() for at in dates.services], "scrap_on": dates.scrap_on.isoformat()}


@vector(
    "maintenance_calendar",
    "",
    "first_due every unit basis completions as_of lead_days grace_days shift rest_days",
    "next_due alert_on state days_overdue escalate_to skipped",
)
def _maintenance(given: Given) -> dict[str, object]:
    task = maintenance.Task(
        day(given["first_due"]),
        given["every"],
        maintenance.IntervalUnit(given["unit"]),
        maintenance.ScheduleBasis(given["basis"]),
        given["lead_days"],
        given["grace_days"],
        maintenance.Shift(given["shift"]),
    )
    due = maintenance.due(task, [day(done) for done in given["completions"]], day(given["as_of"]), rests(given))
    return {
        "next_due": due.next_due.isoformat(),
        "alert_on": due.alert_on.isoformat(),
        "state": due.state,
        "days_overdue": due.days_overdue,
        "escalate_to": due.escalate_to,
        "skipped": due.skipped,
    }


@vector(
    "service_targets",
    "",
    "priority created_at responded_at finished_at called_back_at as_of",
    "respond_by finish_by call_back_by breached",
)
def _service_targets(given: Given) -> dict[str, object]:
    times = service_targets.Times(
        *(moment(given[name]) for name in ("created_at", "responded_at", "finished_at", "called_back_at"))
    )
    found = service_targets.deadlines(
        service_targets.Priority(given["priority"]), times, datetime.fromisoformat(given["as_of"])
    )
    return {
        "respond_by": found.respond_by.isoformat(),
        "finish_by": found.finish_by.isoformat(),
        "call_back_by": found.call_back_by and found.call_back_by.isoformat(),
        "breached": list(found.breached),
    }


@vector("warranty", "", "item accepted_on as_of", "expires_on in_warranty", seasons="start end")
def _warranty(given: Given) -> dict[str, object]:
    seasons = [(day(season["start"]), day(season["end"])) for season in given.get("seasons", ())]
    found = warranty.warranty(given["item"], day(given["accepted_on"]), day(given["as_of"]), seasons)
    return {
        "expires_on": found.expires_on and found.expires_on.isoformat(),
        "in_warranty": found.in_warranty,
    }


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["cases"]:
            yield pytest.param(path.stem, case, id=f"{path.stem}:{case['name']}")


def unknown_fields(given: Given, known: dict[str, Any]) -> set[str]:
    unknown = set(given) - set(known)
    for name, inside in known.items():
        if inside is not None:
            value = given.get(name) or []
            for entry in [value] if isinstance(value, dict) else value:
                unknown |= {f"{name}.{field}" for field in set(entry) - inside}
    return unknown


@pytest.mark.parametrize(("file", "case"), list(cases()))
def test_vector(file: str, case: Given) -> None:
    assert set(case) <= {"name", "given", "expect", "why"}
    given, expect = case["given"], case["expect"]
    known = KNOWN.get((file, None)) or KNOWN.get((file, given.get("kind")))
    assert known is not None, f"no test knows {file} {given.get('kind', '')}"
    assert not unknown_fields(given, known.given)
    assert set(expect) <= known.expect | {"error"}
    try:
        found = known.run(given)
    except Problem as refused:
        found = {"error": refused.code if refused.text else ""}
    assert {name: found.get(name, "-") for name in expect} == expect


def test_every_file_is_there() -> None:
    if "ANJU_VECTORS" not in os.environ:
        assert {path.stem for path in FOLDER.glob("*.json")} == {file for file, _ in KNOWN}
