"""凭证: whatever a month holds, each voucher balances, and together they are the month's control sums to the fen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.control_sums import MethodSum
from app.domain.money import Fen
from app.domain.vat import split
from app.domain.vouchers import (
    DEFAULTS,
    DEPOSITS,
    LATE_FEE,
    LOSSES,
    PREPAID,
    RECEIVABLE,
    TAX,
    WRITE_OFF,
    Account,
    Business,
    Entry,
    Line,
    Standing,
    Voucher,
    VoucherSums,
    account_of,
    sums_of,
    vouchers,
)

JULY = date(2026, 7, 1)
SIX_PERCENT = 6_000_000
FEN = st.integers(-5_000_000, 5_000_000).filter(bool)


@st.composite
def months(draw: st.DrawFn) -> list[Entry]:
    """A month of entries in the order in which the database gives them; amounts of any sign."""
    charges = [
        Entry(
            JULY, "charge", "normal", draw(FEN), charge=n, item=f"I{n % 3}", name=f"项目{n % 3}",
            part=draw(st.sampled_from(("principal", "principal", "late_fee", "cost"))),
            deposit=draw(st.integers(0, 5)) == 0, rate=draw(st.sampled_from((0, SIX_PERCENT, 1_000_000))),
            run=draw(st.integers(0, 2)), month="2026-07", opening=draw(st.integers(0, 9)) == 0,
        )
        for n in range(1, draw(st.integers(1, 6)) + 1)
    ]  # fmt: skip
    rows = [replace(charge, on=_day(draw)) for charge in charges]
    for _ in range(draw(st.integers(0, 12))):
        of = draw(st.sampled_from(charges))
        about = replace(of, on=_day(draw), fen=draw(FEN), run=0, month="", opening=False)
        what = draw(st.sampled_from(("adjustment", "paid", "set_off", "refund", "payment", "moved")))
        method = draw(st.sampled_from(("cash", "wechat")))
        if what == "adjustment":
            kinds = ("waiver", "correction", "reversal", "small_change", *LOSSES)
            rows.append(replace(about, what="adjustment", kind=draw(st.sampled_from(kinds))))
        elif what in ("payment", "paid"):
            rows.append(Entry(about.on, "payment", "normal", about.fen, method))
            if what == "paid":
                rows.append(replace(about, what="allocation", kind="paid", fen=draw(FEN), settles=True))
        elif what == "refund":
            rows.append(Entry(about.on, "refund", "", about.fen, method))
        else:
            rows.append(replace(about, what="allocation", kind="set_off" if what == "set_off" else "paid"))
    return sorted(rows, key=lambda row: (row.on, ("charge", "adjustment").index(row.what) if row.charge and row.what in
                                         ("charge", "adjustment") else 2))  # fmt: skip


def _day(draw: st.DrawFn) -> date:
    return JULY + timedelta(days=draw(st.integers(0, 4)))


def _balances(made: list[Voucher]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for voucher in made:
        for line in voucher.lines:
            found[line.key] += line.debit - line.credit
    return found


@given(months())
def test_each_voucher_balances_and_all_are_the_control_sums(entries: list[Entry]) -> None:
    made = vouchers(entries, {})
    for voucher in made:
        assert sum(line.debit for line in voucher.lines) == sum(line.credit for line in voucher.lines)
        assert all((line.debit == 0) != (line.credit == 0) for line in voucher.lines)
        assert voucher.lines
    earned = [row for row in entries if row.what in ("charge", "adjustment") and not row.deposit and not row.opening]
    ways: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in entries:
        if row.what in ("payment", "refund"):
            ways[row.method][row.what == "refund"] += row.fen
    assert sums_of(made) == VoucherSums(
        sum(row.fen for row in earned if row.what == "charge"),
        sum(row.fen for row in earned if row.what == "adjustment"),
        tuple(MethodSum(way, *both) for way, both in sorted(ways.items()) if any(both)),
        sum(row.fen for row in entries if row.kind == "set_off"),
    )


@given(months())
def test_what_stands_at_the_end_is_what_the_ledger_says(entries: list[Entry]) -> None:
    """Receivable is what is owed, prepaid what nobody asked for yet, deposits what was paid on them."""
    entries = [replace(entry, opening=False) for entry in entries]
    balance = _balances(vouchers(entries, {}))
    left: dict[int, int] = defaultdict(int)
    money = held = 0
    for row in entries:
        if row.charge and not row.deposit:
            left[row.charge] += -row.fen if row.what == "allocation" else row.fen
        elif row.charge and row.what == "allocation":
            held += row.fen
        elif not row.charge:
            money += -row.fen if row.what == "refund" else row.fen
    assert balance[RECEIVABLE] == sum(max(0, fen) for fen in left.values())
    net = sum(row.fen for row in entries if row.what in ("charge", "adjustment") and not row.deposit)
    assert -balance[DEPOSITS] == held
    assert -balance[PREPAID] == sum(max(0, fen) for fen in left.values()) - net + money - held


@given(months())
def test_the_tax_is_always_that_of_the_net(entries: list[Entry]) -> None:
    nets: dict[int, int] = defaultdict(int)
    rates: dict[int, int] = {}
    for row in entries:
        taxed = row.part == "principal" and not row.deposit and row.kind not in LOSSES
        if taxed and row.what in ("charge", "adjustment"):
            nets[row.charge] += row.fen
            rates[row.charge] = row.rate
    entries = [replace(entry, opening=False) for entry in entries]
    assert -_balances(vouchers(entries, {}))[TAX] == sum(split(Fen(net), rates[c])[1] for c, net in nets.items())


def test_a_day_at_the_desk() -> None:
    fee = Entry(JULY, "charge", "normal", 20_962, charge=1, item="WY", name="物业费", part="principal",
                rate=SIX_PERCENT, run=3, month="2026-07")  # fmt: skip
    late = replace(fee, charge=2, fen=105, part="late_fee", run=0, month="")
    deposit = Entry(JULY, "charge", "normal", 50_000, charge=3, item="YJ", name="押金", part="principal", deposit=True)
    made = vouchers(
        [
            fee, late, deposit,
            replace(fee, what="adjustment", kind="waiver", fen=-1_000, run=0),
            replace(fee, what="adjustment", kind="write_off", fen=-962, run=0),
            Entry(JULY, "payment", "normal", 80_000, "cash"),
            replace(fee, what="allocation", kind="paid", fen=15_000, settles=True),
            replace(late, what="allocation", kind="paid", fen=105, settles=True),
            replace(deposit, what="allocation", kind="paid", settles=True),
            replace(fee, what="allocation", kind="set_off", fen=4_000),
            Entry(JULY, "refund", "", 200, "wechat"),
        ],
        {},
    )  # fmt: skip
    assert [(voucher.business, voucher.papers, voucher.lines) for voucher in made] == [
        (Business.BILL, 0, (Line("违约金", RECEIVABLE, 105, 0), Line("违约金", LATE_FEE, 0, 105))),
        (Business.BILL, 1, (Line("2026-07 出账", RECEIVABLE, 20_962, 0),
                            Line("2026-07 出账 物业费", "income:WY", 0, 19_775),
                            Line("2026-07 出账 增值税", TAX, 0, 1_187))),
        (Business.ADJUST, 0, (Line("减免", RECEIVABLE, -1_000, 0), Line("核销坏账", WRITE_OFF, 962, 0),
                              Line("减免 物业费", "income:WY", 0, -943), Line("减免 增值税", TAX, 0, -57),
                              Line("核销坏账", RECEIVABLE, 0, 962))),
        (Business.RECEIVE, 1, (Line("收款", "cash", 80_000, 0), Line("收款", RECEIVABLE, 0, 15_105),
                               Line("收押金", DEPOSITS, 0, 50_000), Line("预存", PREPAID, 0, 14_895))),
        (Business.REFUND, 1, (Line("退款", PREPAID, 200, 0), Line("退款", "wechat", 0, 200))),
        (Business.SET_OFF, 0, (Line("预存抵扣", PREPAID, 4_000, 0), Line("预存抵扣", RECEIVABLE, 0, 4_000))),
    ]  # fmt: skip


def test_a_credit_becomes_prepaid_and_a_later_month_takes_it_back() -> None:
    credit = Entry(JULY, "charge", "normal", -3_000, charge=1, item="SF", name="水费", part="principal")
    (_, carried) = vouchers([credit], {})
    assert carried.lines == (Line("更正转预存", RECEIVABLE, 3_000, 0), Line("更正转预存", PREPAID, 0, 3_000))
    back = replace(credit, what="adjustment", kind="reversal", fen=3_000)
    (_, undone) = vouchers([back], {1: Standing(-3_000, -3_000)})
    assert undone.lines == (Line("更正转预存", RECEIVABLE, -3_000, 0), Line("更正转预存", PREPAID, 0, -3_000))


def test_a_deposit_given_back_leaves_through_prepaid() -> None:
    held = Entry(JULY, "allocation", "paid", -50_000, charge=3, item="YJ", name="押金", part="principal", deposit=True)
    (moved,) = vouchers([held], {3: Standing(0, 50_000)})
    assert moved.lines == (Line("押金转出", DEPOSITS, 50_000, 0), Line("押金转出", PREPAID, 0, 50_000))


def test_an_items_own_account_beats_the_general_one() -> None:
    water = Account("224102", "代收水费")
    assert account_of("income:SF", {}) == DEFAULTS["income"]
    assert account_of("income:SF", {"income": Account("5001", "主营业务收入")}).code == "5001"
    assert account_of("income:SF", {"income:SF": water, "income": Account("5001", "主营业务收入")}) == water
    assert account_of("cash", {}).code == "1001"
