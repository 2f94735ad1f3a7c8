"""The sample estate: believable, the same for the same seed, sound, and printed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.domain import idcard
from app.domain.money import yuan
from app.sample.estate import RARE, make
from tests.builders import StandingClock, command
from tests.reports.making import pages


def test_the_estate_is_believable_and_fixed_by_its_seed() -> None:
    estate = make(300, 1)
    assert estate == make(300, 1)
    assert estate != make(300, 2)
    assert len(estate.houses) == 300
    assert {house.building for house in estate.houses} == set(range(1, 10))
    assert any(char in person.name for person in estate.people for char in RARE)
    assert {house.state for house in estate.houses} == {"自住", "出租", "空置", "未售"}
    owners = [house.owner for house in estate.houses if house.owner]
    assert len(set(owners)) < len(owners)
    assert len({house.number for house in estate.houses}) == 300
    day = datetime(2026, 7, 6, tzinfo=UTC).date()
    assert all(idcard.check("resident_id", person.id_number, day).valid for person in estate.people)


def test_a_small_demo(tmp_path: Path) -> None:
    folder, clock = tmp_path / "demo", StandingClock()
    status, said = command(folder, "demo", "--households", "18", "--months", "2", user=None, clock=clock)
    assert status == 0, said
    assert {user["role"] for user in said["users"]} >= {"manager", "cashier", "accountant", "auditor"}
    assert all(Path(file).is_file() for file in said["files"])
    password = said["users"][0]["password"]
    status, report = command(folder, "verify", user="王经理", clock=clock, ANJU_PASSWORD=password)
    assert (status, report["ok"]) == (0, True), report
    text = "".join(page.text for page in pages(folder / "out" / "bills-2026-06.pdf"))
    for house in make(18, 1).houses:
        if house.owner is not None:
            assert house.number in text
            assert yuan((house.area * 235 + 50) // 100) in text
    status, again = command(folder, "demo", user=None, clock=clock)
    assert (status, again["error"]["code"]) == (3, "office_exists")
