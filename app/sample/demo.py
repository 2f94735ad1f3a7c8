"""A sample office from nothing: made, staffed, and some months old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from app.domain.period import Period
from app.sample.estate import make
from app.sample.life import SampleClock, SampleLife, last_papers, live_month, settle_in
from app.sample.staff import ESTATE, PASSWORD, STAFF
from app.services import entrance, users
from app.services.pc_clock import Clock
from app.services.progress import Progress
from app.services.refused import refuse
from app.services.store import Cost


def _first_day(real: Callable[[], datetime], months: int) -> Period:
    today = (real() + timedelta(hours=8)).date()
    return Period.of(today).plus(-months)


def live(
    folder: Path,
    households: int,
    months: int,
    seed: int,
    *,
    clock: Clock,
    cost: Cost | None = None,
    progress: Progress | None = None,
) -> SampleLife:
    """Make an office in a new folder and let it live the months up to the last one; its seats stay open.

    The same seed gives the same estate. Cancelled, it leaves a young office behind.
    Raises: Refused `demo_size`, `office_exists`.
    """
    if not 9 <= households <= 20_000 or not 1 <= months <= 36:
        raise refuse("demo_size", "户数应为 9 到 20000，月数应为 1 到 36。", "请改正 --households 或 --months。")
    seen = progress or Progress()
    seen.step(0, months + 2)
    begin = _first_day(clock, months)
    standing = SampleClock(clock, datetime(2000, 1, 1, tzinfo=UTC))
    standing.to(begin.first - timedelta(days=3))
    entrance.create_office(folder, ESTATE, STAFF[0][0], PASSWORD, clock=standing, cost=cost)
    seat = entrance.open_office(folder, STAFF[0][0], PASSWORD, clock=standing, cost=cost)
    for login, roles in STAFF[1:]:
        users.add(seat, login, roles, PASSWORD, cost=cost)
    cashier = entrance.open_office(folder, STAFF[1][0], PASSWORD, clock=standing, cost=cost)
    life = SampleLife(folder, standing, seat, cashier, make(households, seed), Random(seed + 1), cost)
    try:
        seen.step(1, months + 2)
        settle_in(life, begin.first)
        for place in range(months):
            seen.step(place + 2, months + 2)
            live_month(life, begin.plus(place), place)
        standing.to((clock() + timedelta(hours=8)).date(), 23)
        last_papers(life)
    except BaseException:
        seat.close()
        raise
    finally:
        cashier.close()
    return life
