from hypothesis import given
from hypothesis import strategies as st

from app.domain.tiers import Slice, Tier, slices

TIERS = st.lists(st.integers(1, 10**7), max_size=4, unique=True).map(
    lambda bounds: (*(Tier(bound, number) for number, bound in enumerate(sorted(bounds), 1)), Tier(None, 9))
)
QUANTITIES = st.integers(-(10**8), 10**8)
PEOPLE = st.integers(0, 12)


@given(TIERS, QUANTITIES, QUANTITIES, PEOPLE)
def test_a_credit_is_the_exact_opposite(tiers: tuple[Tier, ...], before: int, usage: int, people: int) -> None:
    there = slices(tiers, before, usage, people, 4, 300_000)
    back = slices(tiers, before + usage, -usage, people, 4, 300_000)
    assert back == tuple(Slice(part.tier, -part.quantity, part.price) for part in there)
    assert sum(part.quantity for part in there) == usage
    assert all((part.quantity > 0) == (usage > 0) for part in there)


@given(TIERS, QUANTITIES, st.integers(0, 10**8), st.integers(0, 10**8), PEOPLE)
def test_read_twice_is_read_once(tiers: tuple[Tier, ...], before: int, first: int, second: int, people: int) -> None:
    def cost(cut: tuple[Slice, ...]) -> int:
        return sum(part.quantity * part.price for part in cut)

    parts = cost(slices(tiers, before, first, people)) + cost(slices(tiers, before + first, second, people))
    assert parts == cost(slices(tiers, before, first + second, people))
