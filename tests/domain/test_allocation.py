from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.allocation import Debt, DebtPart, Designation, Order, allocate
from app.domain.money import Fen
from app.domain.problem import Problem

TODAY = date(2026, 9, 15)
FEN = st.integers(0, 50_000).map(Fen)
DEBTS = st.lists(
    st.builds(
        lambda days, principal, late, cost, secured, rate: (days, principal, late, cost, secured, rate),
        st.integers(-5, 5),
        FEN,
        FEN,
        FEN,
        st.booleans(),
        st.sampled_from([0, 50_000, 100_000]),
    ),
    max_size=8,
).map(
    lambda rows: [Debt(n, TODAY + timedelta(days=days), *rest) for n, (days, *rest) in enumerate(rows)]  # type: ignore[arg-type]
)
WITHIN = st.permutations(list(DebtPart))


@given(FEN, DEBTS, st.data(), st.sampled_from(Order), WITHIN)
def test_nothing_is_lost_and_nothing_overpaid(
    amount: Fen, debts: list[Debt], data: st.DataObject, order: Order, within: list[DebtPart]
) -> None:
    wishes = data.draw(
        st.lists(st.builds(Designation, st.sampled_from([debt.id for debt in debts]), st.none() | FEN), max_size=3)
        if debts
        else st.just([])
    )
    done = allocate(amount, TODAY, debts, wishes, order, within)
    assert sum(line.amount for line in done.lines) + done.prepaid == amount
    owed = {(debt.id, part): debt.part(part) for debt in debts for part in DebtPart}
    assert all(0 < line.amount <= owed[line.id, line.part] for line in done.lines)
    assert len({(line.id, line.part) for line in done.lines}) == len(done.lines)
    assert done.prepaid == max(0, amount - sum(debt.balance for debt in debts))


@given(FEN, DEBTS)
def test_by_law_a_later_rank_waits(amount: Fen, debts: list[Debt]) -> None:
    done = allocate(amount, TODAY, debts)
    got = {debt.id: sum(line.amount for line in done.lines if line.id == debt.id) for debt in debts}

    def rank(debt: Debt) -> tuple[bool, bool, int, date]:
        return debt.due > TODAY, debt.secured, -debt.rate, debt.due

    for debt in debts:
        if got[debt.id]:
            assert all(got[other.id] == other.balance for other in debts if rank(other) < rank(debt))


def test_an_amount_typed_in_a_row_is_its_limit() -> None:
    debts = [Debt("A", TODAY, Fen(1000)), Debt("B", TODAY - timedelta(days=1), Fen(1000))]
    done = allocate(Fen(1500), TODAY, debts, [Designation("A", Fen(300))])
    assert [(line.id, line.amount) for line in done.lines] == [("A", 500), ("B", 1000)]


def test_refused() -> None:
    with pytest.raises(Problem):
        allocate(Fen(-1), TODAY, [])
    with pytest.raises(Problem):
        allocate(Fen(1), TODAY, [], [Designation("A")])
