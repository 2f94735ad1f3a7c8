"""Master and shared meters, the loss between them, and a round that goes out to Excel and comes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.meter import loss
from app.domain.problem import Problem
from app.services import imports, main_meters, reading_round, reading_sheet, readings
from app.services.main_meters import MASTER, SHARED, NewMainMeter
from app.services.refused import Refused
from tests.builders import Office


@pytest.fixture
def metered(office: Office) -> Office:
    """Two houses of building 3 and one of building 5 with water meters that begin at the end of May."""
    office.with_houses(("3-1-0101", "3-1-0102")).with_houses(("5-1-0101",)).with_item("SF", "meter", "3.5", name="水费")
    for house in ("3-1-0101", "3-1-0102", "5-1-0101"):
        office.with_meter(house, start="100")
    for new in (
        NewMainMeter("Z-0", "小区总表", MASTER, "SF", multiplier=200_000),
        NewMainMeter("Z-3", "三栋总表", MASTER, "SF", "3"),
        NewMainMeter("G-3", "三栋绿化", SHARED, "SF", "3"),
    ):
        main_meters.add(office.manager, new)
        main_meters.read(office.manager, new.number, "0", date(2026, 5, 31))
    return office


def _refused(act: object, code: str) -> None:
    with pytest.raises((Refused, Problem)) as refused:
        act()  # type: ignore[operator]
    why = refused.value
    assert (why.problem.code if isinstance(why, Refused) else why.code) == code


def test_a_master_is_set_against_its_subs(metered: Office) -> None:
    for house, value in (("3-1-101", "110"), ("3-1-102", "120"), ("5-1-101", "140")):
        readings.add(metered.manager, house, "水", value, date(2026, 6, 30))
    main_meters.read(metered.manager, "Z-0", "4", date(2026, 6, 30))
    main_meters.read(metered.manager, "Z-3", "35", date(2026, 6, 30))
    done = main_meters.read(metered.manager, "G-3", "3", date(2026, 6, 30))
    assert (done.usage, done.unusual) == ("3", False)
    rows = {row.number: row for row in main_meters.listing(metered.manager, "2026-06")}
    # 80 counted by the estate's meter; 10 + 20 + 40 by the houses, 3 by the garden.
    whole, third, garden = rows["Z-0"], rows["Z-3"], rows["G-3"]
    assert (whole.usage, whole.subs) == (800_000, 730_000)
    assert whole.loss is not None
    assert (whole.loss.lost, whole.loss.shown) == (70_000, "8.75%")
    assert third.loss is not None
    assert (third.subs, third.loss.lost, third.loss.shown) == (330_000, 20_000, "5.71%")
    assert (garden.usage, garden.subs, garden.loss) == (30_000, None, None)
    empty = main_meters.listing(metered.manager, "2026-07")[0]
    assert (empty.usage, empty.loss and empty.loss.share) == (0, None)


def test_what_is_no_meter_or_reading_is_refused(metered: Office) -> None:
    seat = metered.manager
    _refused(lambda: main_meters.add(seat, NewMainMeter("Z-0", "又一块", MASTER, "SF")), "meter_exists")
    _refused(lambda: main_meters.add(seat, NewMainMeter("Z-9", "x", "other", "SF")), "meter_kind")
    _refused(lambda: main_meters.add(seat, NewMainMeter("Z-9", "x", MASTER, "SF", "9")), "unknown_building")
    _refused(lambda: main_meters.add(seat, NewMainMeter("Z-9", "x", MASTER, "SF", multiplier=0)), "meter_size")
    _refused(lambda: main_meters.read(seat, "Z-9", "1"), "unknown_meter")
    _refused(lambda: main_meters.read(seat, "Z-3", "1", date(2026, 5, 31)), "reading_after")
    main_meters.read(seat, "Z-3", "9", date(2026, 6, 30))
    _refused(lambda: main_meters.read(seat, "Z-3", "8", date(2026, 7, 1)), "reading_decreased")
    assert main_meters.read(seat, "Z-3", "1", date(2026, 7, 1), rollover=True).usage == "99992"


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(-(10**6), 10**9), max_size=5))
def test_loss_and_subs_make_the_master(master: int, subs: list[int]) -> None:
    found = loss(master, subs)
    assert found.lost + sum(subs) == master
    assert (found.share is None) == (master <= 0)
    assert found.shown == "" or found.shown.endswith("%")


def test_a_round_goes_out_and_comes_back(metered: Office, tmp_path: Path) -> None:
    readings.add(metered.manager, "3-1-101", "水", "110", date(2026, 7, 1))
    out = reading_round.export(metered.manager, tmp_path / "round.xlsx", building="3")
    assert out.meters == 1
    out = reading_round.export(metered.manager, tmp_path / "round.xlsx")
    assert out.meters == 2
    book = openpyxl.load_workbook(out.file)
    sheet = book.active
    assert [cell.value for cell in sheet[2]][:6] == ["房号", "表号", "收费项目", "上次抄表", "上期读数", "本期读数"]
    assert [sheet.cell(row, 1).value for row in (3, 4)] == ["3-1-0102", "5-1-0101"]
    sheet["F4"] = 131.5
    book.save(out.file)
    opened = imports.read(out.file, "readings", date(2026, 7, 6))
    done = imports.readings(metered.manager, opened.source, book=opened.book)
    assert (done.added, done.rejected_count) == (1, 0)
    assert [(w.row, w.reason) for w in done.warnings] == [(3, "还没有抄，跳过。")]
    line = next(line for line in reading_sheet.sheet(metered.manager).lines if line.house == "5-1-0101")
    assert line.used == 315_000
    for house in ("3-1-102",):
        readings.add(metered.manager, house, "水", "120", date(2026, 7, 1))
    _refused(lambda: reading_round.export(metered.manager, tmp_path / "none.xlsx"), "no_meters")


def test_from_the_terminal(metered: Office, tmp_path: Path) -> None:
    status, said = metered.command("meter", "read", "Z-3", "20", "--date", "2026-07-01")
    assert (status, said["usage"]) == (0, "20")
    status, said = metered.command("meter", "list", "--period", "2026-07")
    assert [row["meter"] for row in said["meters"]] == ["Z-0", "Z-3", "G-3"]
    assert said["meters"][1]["loss_rate"] == "100.00%"
    words = ("meter", "add", "E-1", "电梯电表", "--kind", "shared", "--item", "SF", "--multiplier", "40")
    assert metered.command(*words)[1]["meter"] == "E-1"
    status, said = metered.command("reading", "sheet", "--out", str(tmp_path / "r.xlsx"))
    assert (status, said["meters"]) == (0, 3)
