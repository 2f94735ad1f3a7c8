"""过户、退租结算: one page to the day for who leaves and who follows, in one act (HANDBOOK §2.6, §5.1).

Readings are closed, fees are billed to the day, arrears stay with the leaver unless the follower takes them over in
writing, prepaid money and deposits go back where that is asked for, and the payer changes. Reports of past days stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, or_, select, update

from app.domain.handover import Handover, unanswered
from app.domain.handover import lines as handed
from app.domain.money import yuan
from app.domain.period import Period
from app.domain.phone import parse as parse_phone
from app.domain.quantity import Quantity
from app.security.permissions import Permission
from app.services import deposits, disputes, late_fees, look_up, prepay_ending, refunds, settings, space_handover
from app.services.adjustments import PARTS
from app.services.answers import from_json, to_json
from app.services.bill_papers import span
from app.services.change_of_payer import change_payer, new_party
from app.services.charge_lines import put_lines
from app.services.deposits import Held
from app.services.documents import keep, log_prints
from app.services.entrance import Approver
from app.services.fees import FROM_THE_BEGINNING
from app.services.numbers import draw
from app.services.paper_file import put_file
from app.services.payments import book
from app.services.projections import lower_open
from app.services.purse import Wish, check_method
from app.services.readings import add_reading, judge
from app.services.refused import refuse
from app.services.set_off import barred, for_prepaid, set_off
from app.services.settle_plan import DONE, READY, UNKNOWN, Closing, SettlePlan, check_handover, make
from app.services.space_handover import SpaceHeld
from app.services.taking_over import take_over
from app.services.two_persons import PERFORM, Consent, Waiting, consent, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Adjustment
from db.models.meter import Meter, Reading
from db.models.people import HousePayer, Party, Person, Resident, SettlePrep
from db.models.tariff import FeeItem
from db.queries import owed
from db.work import Work
from reports.papers import SettlePaper, SettleRow

KINDS: Mapping[str, str] = {"transfer": "过户", "move_out": "退租、迁出"}
ARREARS: Mapping[str, str] = {"seller": "由原付款人承担", "carried": "接手人书面承担"}
TOUCHES = frozenset({"ledger", "house", "resident", "reading", "house_item", "handover", "dunning"})
UNSAID = Handover()
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be settled: kind transfer (the follower pays from `on`) or move_out (`on` is the leaver's last day).

    `follower` is who pays from then on, with a phone; empty for a tenant who leaves: the owner. `arrears` seller or
    carried; `readings` are meters with their values. Methods by which the leaver pays what is due, gets his prepaid
    money, his deposits; empty: not in this act. `handover` is what else was handed over and seen; `spaces` are those of
    the leaver that go with the house: what he owned to the follower at a sale, what was let to him ends.
    """

    house: str
    on: date
    kind: str = "transfer"
    follower: str = ""
    phone: str = ""
    arrears: str = "seller"
    readings: tuple[tuple[str, str], ...] = ()
    pay: str = ""
    refund: str = ""
    deposits: str = ""
    handover: Handover = UNSAID
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettledReading:
    """A closing reading: the meter, before, now and the usage, as text."""

    meter: str
    before: str
    value: str
    usage: str


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A fee to the day, an arrear, or what was billed beyond it; fen."""

    item: str
    item_name: str
    first: date
    last: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement, rehearsed (`number` empty) or done; amounts in fen.

    `fresh` is billed to the leaver by it, `follower_lines` to the follower in place of what was billed to the leaver,
    `open` he owed before, `ahead` was billed beyond his last day and stays as it is. `due_fen` is all he owes with the
    late fee to today, less his prepaid balance that is set off; `paid_fen`, `refunded_fen`, `returned_fen` are money
    of this act.
    """

    number: str
    house: str
    kind: str
    on: date
    leaver: str
    last_day: date
    follower: str
    arrears: str
    readings: tuple[SettledReading, ...]
    fresh: tuple[SettledLine, ...]
    follower_lines: tuple[SettledLine, ...]
    open: tuple[SettledLine, ...]
    ahead: tuple[SettledLine, ...]
    deposits: tuple[Held, ...]
    late_fee_fen: int
    prepaid_fen: int
    refundable_fen: int
    due_fen: int
    paid_fen: int
    refunded_fen: int
    returned_fen: int
    carried_fen: int
    receipt: str
    notes: tuple[str, ...]
    file: Path | None
    handover: Handover = UNSAID
    spaces: tuple[str, ...] = ()
    """What happens to the leaver's spaces, as sentences."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What was found: the house, who leaves on which last day, who follows (None: not written yet), readings."""

    house: Row[Any]
    leaver: int
    last: date
    follower: int | None
    follower_name: str
    payer_row: Row[Any]
    meters: tuple[tuple[Row[Any], int, int, int], ...]
    """Meter, value before, value and usage (1e-4)."""
    spaces: tuple[SpaceHeld, ...]


def _check(work: Work, wanted: Wanted) -> None:
    if wanted.kind not in KINDS:
        raise refuse("unknown_settlement", "没有这种结算：{kind}。", "可用：transfer、move_out。", kind=wanted.kind,
                     field="kind")  # fmt: skip
    if wanted.arrears not in ARREARS:
        raise refuse("unknown_arrears", "旧欠归谁没有这种写法：{arrears}。", "可用：seller、carried。",
                     arrears=wanted.arrears, field="arrears")  # fmt: skip
    if wanted.on > work.today:
        raise refuse("future_day", "结算日 {day} 在将来。", "请在当天或以后办理。", day=wanted.on, field="on")
    if wanted.on <= FROM_THE_BEGINNING:
        raise refuse("day_too_early", "结算日 {day} 太早。", "请核对年份。", day=wanted.on, field="on")
    for method in (wanted.pay, wanted.refund, wanted.deposits):
        if method:
            check_method(work, method)
    if wanted.pay and wanted.arrears == "carried":
        raise refuse("pay_or_carry", "旧欠已由接手人承担，不能同时收原付款人的。", "请只选一样。", field="pay")
    if wanted.phone:
        parse_phone(wanted.phone)
    check_handover(wanted.handover)


def _case(work: Work, wanted: Wanted) -> _Case:
    house = look_up.house(work, wanted.house)
    last = wanted.on - _DAY if wanted.kind == "transfer" else wanted.on
    rows = work.execute(
        select(HousePayer).where(
            HousePayer.house_id == house.id, or_(HousePayer.valid_to.is_(None), HousePayer.valid_to >= last)
        )
    ).all()
    if len(rows) != 1 or rows[0].valid_to is not None or (rows[0].valid_from and rows[0].valid_from > last):
        raise refuse(
            "payer_changed_since", "{house} 的付款人在 {day} 前后已经变过。", "请核对结算日。", house=house.number,
            day=last, field="on",
        )  # fmt: skip
    leaver = int(rows[0].party_id)
    follower, name = _follower(work, house, leaver, wanted)
    held = space_handover.held_by(work, leaver, last, wanted.kind)
    spaces = space_handover.check(held, wanted.spaces)
    return _Case(house, leaver, last, follower, name, rows[0], _readings(work, house, wanted), spaces)


def _follower(work: Work, house: Row[Any], leaver: int, wanted: Wanted) -> tuple[int | None, str]:
    """The party that pays from then on: a known person of that name and phone, the owner, or somebody new (None)."""
    name = wanted.follower.strip()
    if not name:
        owner = work.execute(
            select(Party.id, Person.name)
            .join(Person, Person.id == Party.person_id)
            .join(Resident, Resident.person_id == Person.id)
            .where(Resident.house_id == house.id, Resident.relation == "owner", Party.id != leaver,
                   Resident.valid_to.is_(None))
            .order_by(Resident.position)
            .limit(1)
        ).first()  # fmt: skip
        if owner is None or wanted.kind == "transfer":
            raise refuse("nobody_follows", "还没有写谁接着付款。", "请填接手人的姓名。", field="to")
        return owner.id, owner.name
    if len(name) > 40:
        raise refuse("name_long", "姓名太长，最多 40 字。", "请写短一些。", field="to")
    if name == look_up.party_name(work, leaver):
        raise refuse("same_payer", "接手人与原付款人同名。", "同名的人请先在住户里分开登记。", field="to")
    phone = parse_phone(wanted.phone).normalized if wanted.phone else None
    known = work.execute(
        select(Party.id)
        .join(Person, Person.id == Party.person_id)
        .where(Person.name == name, Person.phone == phone, Person.registered)
        .order_by(Party.id)
        .limit(1)
    ).scalar() if phone else None  # fmt: skip
    return (None if known is None else int(known)), name


def _readings(work: Work, house: Row[Any], wanted: Wanted) -> tuple[tuple[Row[Any], int, int, int], ...]:
    known = {row.number: row for row in work.execute(select(Meter).where(Meter.house_id == house.id))}
    found = []
    for number, typed in wanted.readings:
        meter = known.get(number.strip())
        if meter is None:
            raise refuse("unknown_meter", "{house} 没有表 {number}。", "这户的表：" + ("、".join(known) or "（没有）"),
                         house=house.number, number=number, field="readings")  # fmt: skip
        value = Quantity.parse(typed).units
        known_value = _read_on(work, house.id, wanted.on).get(meter.id)
        if known_value is not None:
            raise refuse(
                "reading_exists", "表 {number} 在 {day} 已经抄过，读数 {value}。",
                "交接读数留空，就用这个读数；抄错的先在“抄表”改正。", number=number, day=wanted.on,
                value=Quantity(known_value).show(), field="readings",
            )  # fmt: skip
        before, _after, usage = judge(work, meter, wanted.on, value)
        found.append((meter, before[-1].value if before else 0, value, usage))
    return tuple(found)


def _read_on(work: Work, house_id: int, on: date) -> dict[int, int]:
    """The meters of a house that were read on a day, with their values (1e-4)."""
    rows = work.execute(
        select(Reading.meter_id, Reading.value)
        .join(Meter, Meter.id == Reading.meter_id)
        .where(Meter.house_id == house_id, Reading.on == on)
    )
    return {row.meter_id: row.value for row in rows}


def _plan(work: Work, case: _Case, on: date, *, written: bool, follower: int) -> SettlePlan:
    closing = [] if written else [Closing(row.id, on, value, usage) for row, _, value, usage in case.meters]
    return make(work, case.house, case.leaver, follower, case.last, closing)


def _names(work: Work) -> dict[int, tuple[str, str]]:
    return {row.id: (row.code, row.name) for row in work.execute(select(FeeItem.id, FeeItem.code, FeeItem.name))}


def _line(names: Mapping[int, tuple[str, str]], item_id: int, first: date, last: date, fen: int) -> SettledLine:
    code, name = names[item_id]
    return SettledLine(code, name, first, last, fen)


def _open_line(charge: owed.Open) -> SettledLine:
    name = charge.item_name if charge.part == "principal" else f"{charge.item_name}（{PARTS[charge.part]}）"
    return SettledLine(charge.item, name, charge.period_from, charge.period_to, charge.open)


def _rows(work: Work, lines: Sequence[Any]) -> tuple[SettledLine, ...]:
    names = _names(work)
    return tuple(_line(names, line.item_id, line.first, line.last, line.amount) for line, _ in lines)


def _look(work: Work, wanted: Wanted, case: _Case, plan: SettlePlan) -> Settlement:
    """The figures as they stand before anything of it is written."""
    gone = {split.charge_id for split in plan.splits}
    charges = owed.open_charges(work.connection, [case.house.id], case.leaver)
    standing = [charge for charge in charges if charge.charge_id not in gone]
    fee = sum(late_fees.quote(work, standing, work.today).values())
    fee += _coming_fee(work, plan)
    # What a closing reading puts right is the leaver's own money, and meets what he owes like the rest of it.
    back = -sum(line.amount for line, _ in plan.leaver if line.amount < 0)
    prepaid = _prepaid(work, case)
    fresh = sum(line.amount for line, _ in plan.leaver) + back
    principal = sum(charge.open for charge in standing if charge.part == "principal")
    extras = sum(charge.open for charge in standing if charge.part != "principal")
    kept = barred(work)
    meets = sum(charge.open for charge in for_prepaid(standing, kept))
    meets += sum(line.amount for line, _ in plan.leaver if line.amount > 0 and line.item_id not in kept)
    used = min(prepaid + back, meets)
    left = prepaid + back - used
    carried = wanted.arrears == "carried"
    due = principal + extras + fresh + fee - used
    held = tuple(each for each, _ in deposits.held_by(work, case.house.id, case.leaver))
    notes = [*plan.notes, *_said(work, case, wanted, held=bool(held))]
    return Settlement(
        "", case.house.number, wanted.kind, wanted.on, look_up.party_name(work, case.leaver), case.last,
        case.follower_name, wanted.arrears,
        tuple(
            SettledReading(meter.number, Quantity(before).show(), Quantity(value).show(), Quantity(usage).show())
            for meter, before, value, usage in case.meters
        ),
        _rows(work, plan.leaver), _rows(work, plan.follower),
        tuple(
            _open_line(charge) for charge in standing
        ),
        tuple(
            SettledLine("", each.item_name, each.first, each.last, each.amount) for each in plan.ahead
        ),
        held, fee, prepaid, left, due, due if wanted.pay else 0, left if wanted.refund else 0,
        sum(each.amount_fen for each in held) if wanted.deposits else 0,
        principal + extras + fresh - used if carried else 0, "", tuple(notes), None, wanted.handover,
        space_handover.sentences(case.spaces, wanted.kind, case.last, case.follower_name),
    )  # fmt: skip


def _coming_fee(work: Work, plan: SettlePlan) -> int:
    """The late fee of the leaver's parts of what is late already; what is contested bears none."""
    free = late_fees.spared(work, work.today)
    contested = [split for split in plan.splits if split.charge_id in free]
    lines = [line for line, _ in plan.leaver if not any(split.holds(line) for split in contested)]
    return late_fees.quote_coming(work, [(line.item_id, line.amount, line.due) for line in lines], work.today)


def _prepaid(work: Work, case: _Case) -> int:
    pair = (case.house.id, case.leaver)
    return owed.prepaid(work.connection, (case.house.id,), case.leaver).get(pair, 0)


def _said(work: Work, case: _Case, wanted: Wanted, *, held: bool) -> list[str]:
    """What the two should know besides the figures; what of the list nobody answered."""
    read = {meter.id for meter, *_ in case.meters} | _read_on(work, case.house.id, wanted.on).keys()
    rows = work.execute(select(Meter.id, Meter.number).where(Meter.house_id == case.house.id))
    left = tuple(row.number for row in rows if row.id not in read)
    said = list(unanswered(wanted.handover, wanted.kind, wanted.arrears, left, held=held and not wanted.deposits))
    spaces = [row.number for row in work.execute(select(House.number).where(House.bill_with == case.house.id))]
    if spaces:
        said.append(f"合并交费的 {'、'.join(spaces)} 不在这次结算里，要换付款人请另办。")
    said += [
        f"{paid.item_name}已预交到 {paid.last}（{paid.receipt}）：先办预交提前结束，没用的月份转到预存，再结算。"
        for paid in prepay_ending.of_house(work, case.house.id)
    ]
    if wanted.arrears == "carried":
        said.append("旧欠由接手人书面承担，请收存他签字的承诺。")
    return said


@use_case(Permission.RUN_BILLS)
def rehearse(work: Work, wanted: Wanted) -> Settlement:
    """What a settlement would come to. Writes nothing.

    Raises Refused `unknown_house`, `future_day`, `nobody_follows`, `payer_changed_since`, `unknown_meter`,
    `pay_or_carry` …; Problem as a reading does.
    """
    _check(work, wanted)
    case = _case(work, wanted)
    plan = _plan(work, case, wanted.on, written=False, follower=case.follower or UNKNOWN)
    return _look(work, wanted, case, plan)


@use_case(Permission.RUN_BILLS, audit="house.settled", touches=TOUCHES)
def settle(
    work: Work,
    wanted: Wanted,
    reason: str | None = None,
    target: Path | None = None,
    *,
    second: Approver | None = None,
) -> Settlement | Waiting:
    """Settle a house to the day in one transaction, with its paper. Where prepaid money or a deposit goes out in it, a
    second person agrees, with a reason.

    Raises Refused as `rehearse`; `reason_needed`, `not_approver`, `pay_before_request`.
    """
    _check(work, wanted)
    case = _case(work, wanted)
    plan = _plan(work, case, wanted.on, written=False, follower=case.follower or UNKNOWN)
    looked = _look(work, wanted, case, plan)
    arguments = _arguments(wanted, target)
    going_out = looked.refunded_fen + looked.returned_fen
    if not going_out:
        return _perform(work, arguments, (reason or "").strip(), Consent(False, None))
    why = need_reason(reason)
    if wanted.pay and consent(work, "house.settle", second) is None:
        # The money lies in the drawer of who took it: a request that somebody else performs later cannot book it.
        raise refuse(
            "pay_before_request", "要等批准的结算不能同时收款。", "请批准人当场批准，或先收款再提交结算。", field="pay"
        )
    summary = f"{looked.house} {KINDS[wanted.kind]}结算到 {looked.last_day}，退 {yuan(going_out)} 元"
    return perform_or_ask(
        work, "house.settle", _perform, arguments, why, summary, second, audit="house.settled",
        about=("house", case.house.id),
    )  # fmt: skip


def _arguments(wanted: Wanted, target: Path | None) -> dict[str, Any]:
    return {
        "house": wanted.house, "on": wanted.on.isoformat(), "kind": wanted.kind, "follower": wanted.follower,
        "phone": wanted.phone, "arrears": wanted.arrears, "readings": [list(each) for each in wanted.readings],
        "pay": wanted.pay, "refund": wanted.refund, "deposits": wanted.deposits,
        "handover": to_json(wanted.handover), "spaces": list(wanted.spaces),
        "file": None if target is None else str(target),
    }  # fmt: skip


def _wanted(arguments: Mapping[str, Any]) -> Wanted:
    return Wanted(
        str(arguments["house"]), date.fromisoformat(str(arguments["on"])), str(arguments["kind"]),
        str(arguments["follower"]), str(arguments["phone"]), str(arguments["arrears"]),
        tuple((str(meter), str(value)) for meter, value in arguments["readings"]), str(arguments["pay"]),
        str(arguments["refund"]), str(arguments["deposits"]),
        from_json(Handover, arguments.get("handover", {})), tuple(arguments.get("spaces", ())),
    )  # fmt: skip


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> Settlement:
    wanted = _wanted(arguments)
    case = _case(work, wanted)
    follower = case.follower or new_party(work, case.follower_name, wanted.phone)
    looked = _look(work, wanted, case, _plan(work, case, wanted.on, written=False, follower=follower))
    for meter, _, value, _ in case.meters:
        add_reading(work, meter, wanted.on, value)
    plan = _plan(work, case, wanted.on, written=True, follower=follower)
    _post(work, plan)
    pair, day = (case.house.id, case.leaver), work.today
    set_off(work, [pair])
    # Older prepaid money meets a charge on an earlier day, and its late fee falls: the sheet says what is so then.
    due = sum(fen for _charge, fen in _owing(work, case))
    looked = replace(looked, due_fen=due, late_fee_fen=looked.late_fee_fen + due - looked.due_fen)
    carried = take_over(work, pair, follower) if wanted.arrears == "carried" else 0
    receipt, paid = _take(work, case, wanted)
    returned = 0
    for held, row in deposits.held_by(work, *pair) if wanted.deposits else ():
        returned += deposits.release(work, held, row, (), wanted.deposits)
    back = _prepaid(work, case) if wanted.refund else 0
    if back:
        refunds.give(work, case.house, case.leaver, back, wanted.refund)
    change_payer(work, case.house.id, case.payer_row, case.leaver, case.last, follower, wanted.kind)
    space_handover.move(work, case.leaver, follower, case.last, wanted.kind, wanted.spaces)
    ready = (SettlePrep.house_id == case.house.id, SettlePrep.state == READY)
    work.execute(update(SettlePrep).where(*ready).values(state=DONE, wanted={}))
    number = f"G{day.year}-{draw(work, f'settlement:{day.year}'):06}"
    file = arguments["file"]
    done = replace(
        looked, number=number, paid_fen=paid, refunded_fen=back, returned_fen=returned, carried_fen=carried,
        receipt=receipt, file=Path(str(file)) if file else work.place.folder / "out" / f"{number}.pdf",
    )  # fmt: skip
    document = _print(work, done)
    detail = {
        "number": number, "kind": wanted.kind, "on": wanted.on.isoformat(), "last": case.last.isoformat(),
        "arrears": wanted.arrears, "document": document, "receipt": receipt, "due_fen": done.due_fen,
        "paid_fen": paid, "refunded_fen": back, "returned_fen": returned, "carried_fen": carried, "reason": reason,
        "spaces": list(wanted.spaces),
        "fresh_fen": sum(line.amount_fen for line in done.fresh), "split": len(plan.splits),
    }  # fmt: skip
    work.audit("house.settled", "house", case.house.id, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched |= TOUCHES
    return done


def _post(work: Work, plan: SettlePlan) -> None:
    """Take back what reaches too far, post both parts."""
    day = work.today
    work.append(Adjustment, day, [(split.charge_id, -split.amount, "reversal", work.user_id) for split in plan.splits])
    lower_open(work, {split.charge_id: split.amount for split in plan.splits})
    lines = (*plan.leaver, *plan.follower)
    charges = put_lines(work, day.isoformat(), [(line, month, None, None) for line, month in lines])
    disputes.carry(
        work,
        {
            charge: split.charge_id
            for charge, (line, _) in zip(charges, lines, strict=True)
            for split in plan.splits
            if split.holds(line)
        },
    )


def _take(work: Work, case: _Case, wanted: Wanted) -> tuple[str, int]:
    """The leaver pays all that is due of this house with the late fee to today; the receipt and the fen. What he owes
    for spaces that are billed with it is no part of the settlement: the house's debts are what the money is for.
    """
    if not wanted.pay:
        return "", 0
    owing = _owing(work, case)
    due = sum(fen for _charge, fen in owing)
    if due <= 0:
        return "", 0
    named = dict.fromkeys((charge.item, str(Period.of(charge.period_from))) for charge, _fen in owing)
    wishes = [Wish(item, period, house=case.house.number) for item, period in named]
    _, answer = book(work, case.house.number, due, wanted.pay, work.today, wishes, of_payer=case.leaver)
    return answer.receipt, due


def _owing(work: Work, case: _Case) -> list[tuple[owed.Open, int]]:
    """What the leaver owes of this house, with the late fee of each charge to today."""
    charges = owed.open_charges(work.connection, [case.house.id], case.leaver)
    fees = late_fees.quote(work, charges, work.today)
    return [(charge, charge.open + fees.get(charge.charge_id, 0)) for charge in charges]


def _print(work: Work, done: Settlement) -> int:
    said = settings.values(work)
    paper = SettlePaper(
        done.number, work.today.isoformat(), KINDS[done.kind], said["letterhead"], said["office_name"],
        said["telephone"], done.house, done.leaver, done.last_day.isoformat(), done.follower,
        tuple(
            SettleRow(each.meter, "", f"{each.before} → {each.value}，用量 {each.usage}", 0) for each in done.readings
        ),
        _paper_rows(done.fresh), _paper_rows(done.open), _paper_rows(done.ahead),
        tuple(SettleRow(each.item_name, each.on.isoformat(), each.receipt or "期初", each.amount_fen)
              for each in done.deposits),
        _sums(done), done.notes, _handed(done),
    )  # fmt: skip
    (document,) = keep(work, "settlement", [(done.number, paper)])
    log_prints(work, [document])
    from reports import settlement

    assert done.file is not None
    put_file(work, done.file, lambda path: settlement.write(path, paper))
    return document


def _handed(done: Settlement) -> tuple[SettleRow, ...]:
    """The list of what was handed over, as it is printed."""
    arrears = (("旧欠", ARREARS[done.arrears]),) if done.open else ()
    spaces = (("车位", "".join(done.spaces).replace("车位 ", "")),) if done.spaces else ()
    return tuple(SettleRow(point, "", words, 0) for point, words in (*handed(done.handover), *arrears, *spaces))


def _paper_rows(lines: Sequence[SettledLine]) -> tuple[SettleRow, ...]:
    return tuple(SettleRow(line.item_name, span(line.first, line.last), "", line.amount_fen) for line in lines)


def _sums(done: Settlement) -> tuple[tuple[str, int], ...]:
    """What the paper adds up, in its order; what is nothing is left out but the result."""
    rows = [
        ("结算到日的费用", sum(line.amount_fen for line in done.fresh)),
        ("此前未交", sum(line.amount_fen for line in done.open)),
        ("违约金（算至今日）", done.late_fee_fen),
    ]
    moved = done.due_fen - sum(fen for _, fen in rows)
    rows.append(("转到预存" if moved > 0 else "预存抵扣", moved))
    ends = [
        ("本次收款", done.paid_fen), ("由接手人承担", done.carried_fen), ("本次退预存", done.refunded_fen),
        ("本次退押金", done.returned_fen),
    ]  # fmt: skip
    return (
        *((title, fen) for title, fen in rows if fen),
        ("原付款人应交", done.due_fen),
        *((title, fen) for title, fen in ends if fen),
    )


PERFORM["house.settle"] = _perform
