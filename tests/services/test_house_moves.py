"""Houses that get another number, are split or merged: found by the old number, billed on the right days to the fen."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from app.domain.money import Fen
from app.domain.tariff import Scope
from app.services import (
    arrears,
    counter,
    house_file,
    house_history,
    house_list,
    house_splits,
    imports,
    readings,
    renumbering,
    search,
    shared_costs,
    verification,
)
from app.services.house_rows import HousePlace
from app.services.house_splits import Part
from app.services.list_face import Query
from app.services.refused import Refused
from app.services.shared_costs import NewCost
from tests.builders import Office


def _code(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.problem.code


def test_a_renumbered_house_is_found_by_both_numbers(office: Office) -> None:
    office.with_houses().with_item()
    office.with_tariff("WY", "3", "2026-07-01", Scope.HOUSE, "3-1-0101")
    office.bill("2026-06", "2026-06-01")
    done = renumbering.renumber(office.manager, "3-1-101", HousePlace("4", "2", "0901"), date(2026, 7, 1), "门牌更正")
    assert (done.house, done.former, done.until) == ("4-2-0901", "3-1-0101", date(2026, 6, 30))
    for typed in ("3-1-0101", "3栋1单元101", "4-2-901"):
        assert house_file.show(office.manager, typed).number == "4-2-0901"
    assert [hit.number for hit in search.find(office.manager, "3-1-0101") if hit.kind == "house"] == ["4-2-0901"]
    assert [hit.house for hit in counter.find(office.manager, "3-1-101")] == ["4-2-0901"]
    assert len(house_list.keys(office.manager, Query("3-1-101"))) == 1
    assert office.sql("SELECT building, entrance, floor, room FROM house WHERE id = 1") == [("4", "2", 9, "01")]
    past = house_history.show(office.manager, "4-2-901")
    assert [(row.number, row.until) for row in past.formers] == [("3-1-0101", date(2026, 6, 30))]
    assert past.changes is not None
    assert [(row.what, row.before, row.after) for row in past.changes] == [("房号", "3-1-0101", "4-2-0901")]
    # Its own price goes with it, what it owes stays.
    assert office.bill("2026-07").amount_fen == 26760 + 20962
    assert [row.house for row in arrears.arrears(office.manager).houses][-1] == "4-2-0901"
    for place, code in (
        (HousePlace("3", "1", "0102"), "number_taken"),
        (HousePlace("4", "2", "0901"), "nothing_changed"),
    ):
        with pytest.raises(Refused) as refused:
            renumbering.renumber(office.manager, "4-2-901", place, None, "x")
        assert _code(refused) == code
    with pytest.raises(Refused, match="用到 2026-06-30"):
        renumbering.renumber(office.manager, "4-2-901", HousePlace("4", "2", "0902"), date(2026, 6, 1), "x")
    # A sheet that still has the old number means the same house; where it stands is left alone.
    _import(office, ("3", "1", "0101", "90"))
    assert office.sql("SELECT count(*), max(gross_area) FROM house") == [(2, 900000)]
    assert office.sql("SELECT number, building FROM house WHERE id = 1") == [("4-2-0901", "4")]
    # Another house may take the number that is free now; it is then meant by it.
    renumbering.renumber(office.manager, "3-1-102", HousePlace("3", "1", "0101"), None, "对调")
    assert house_file.show(office.manager, "3-1-101").number == "3-1-0101"
    assert verification.verify(office.manager).ok


def _import(office: Office, *rows: tuple[str, ...]) -> imports.ImportAnswer:
    book, path = openpyxl.Workbook(), office.folder.with_name("again.xlsx")
    for row in (("楼栋", "单元", "房号", "建筑面积"), *rows):
        book.active.append(row)
    book.save(path)
    opened = imports.read(path, "houses", date(2026, 7, 6))
    return imports.houses(office.manager, opened.source, book=opened.book)


def test_who_stands_for_an_unknown_owner_is_renamed(office: Office) -> None:
    _import(office, ("3", "1", "0101", "90"))
    renumbering.renumber(office.manager, "3-1-101", HousePlace("3", "1", "0103"), None, "门牌更正")
    assert office.sql("SELECT name FROM person") == [("业主（未登记）3-1-0103",)]


HALVES = (Part("3-1-0101A", 400000), Part("3-1-0101B", 492000))


def test_a_split_house_is_billed_to_its_last_day_and_the_new_ones_from_the_next(office: Office) -> None:
    office.with_houses().with_item()
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-101", 30000)
    last = date(2026, 7, 5)
    looked = house_splits.rehearse(office.manager, ("3-1-101",), last, HALVES)
    assert (looked.kind, looked.news, looked.warnings) == ("split", ("3-1-0101A", "3-1-0101B"), ())
    assert house_splits.replace(office.manager, ("3-1-101",), last, HALVES, "分户") == looked
    office.bill("2026-07")
    rows = office.sql(
        "SELECT h.number, c.period_from, c.period_to, c.amount FROM charge c JOIN house h ON h.id = c.house_id "
        "WHERE c.billing_month = '2026-07' ORDER BY h.sort_key"
    )
    assert [row[:3] for row in rows] == [
        ("3-1-0101", "2026-07-01", "2026-07-05"), ("3-1-0101A", "2026-07-06", "2026-07-31"),
        ("3-1-0101B", "2026-07-06", "2026-07-31"), ("3-1-0102", "2026-07-01", "2026-07-31"),
    ]  # fmt: skip
    assert sum(row[3] for row in rows[:3]) == 20962
    office.clock.to("2026-08-01")
    assert office.bill("2026-08").lines == 3
    # What was prepaid stays with the old house; the same person pays for all three.
    assert office.sql("SELECT count(DISTINCT party_id) FROM house_payer WHERE house_id IN (1, 3, 4)") == [(1,)]
    found = house_file.show(office.manager, "3-1-101")
    assert found.ended_on == last
    assert [person.name for person in house_file.show(office.manager, "3-1-101A").people or ()] == ["业主3-1-0101"]
    past = house_history.show(office.manager, "3-1-101A")
    assert [(row.number, row.kind, row.role, row.on) for row in past.links] == [
        ("3-1-0101", "split", "old", date(2026, 7, 6))
    ]
    assert house_history.show(office.manager, "3-1-101").states[0].state == "ended"
    warned = _import(office, ("3", "1", "0101", "95")).warnings
    assert "已拆分或合并" in warned[-1].reason
    for act in (
        lambda: renumbering.renumber(office.manager, "3-1-101", HousePlace("3", "1", "0109"), None, "x"),
        lambda: house_splits.replace(office.manager, ("3-1-101",), last, (Part("x-1", 1), Part("y-1", 1)), "x"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert _code(refused) == "house_ended"
    assert verification.verify(office.manager).ok


def test_what_is_posted_beyond_the_last_day_is_not_billed_again(office: Office) -> None:
    office.with_houses().with_item()
    office.bill("2026-07", "2026-07-01")
    one = (Part("3-1-0103", 1_784_001),)
    done = house_splits.replace(office.manager, ("3-1-101", "3-1-102"), date(2026, 7, 5), one, "打通")
    assert done.kind == "merge"
    for words in ("面积不相等", "付款人不同", "2 笔未清", "已出账到 2026-07-31"):
        assert any(words in said for said in done.warnings), words
    assert office.bill("2026-07").lines == 0
    office.clock.to("2026-08-01")
    assert office.bill("2026-08").lines == 1
    assert office.sql("SELECT house_id, period_from FROM charge ORDER BY id DESC LIMIT 1") == [(3, "2026-08-01")]
    assert verification.verify(office.manager).ok


def test_a_shared_cost_of_the_month_is_borne_by_the_houses_that_it_began_with(office: Office) -> None:
    office.with_houses().with_item("GT", "shared", {"by": "area"})
    for month in ("2026-07", "2026-08"):
        shared_costs.add(office.manager, NewCost("GT", month, Fen(9000)))
    house_splits.replace(office.manager, ("3-1-101",), date(2026, 7, 5), HALVES, "分户")
    for today, month in (("2026-08-01", "2026-08"), ("2026-09-01", "2026-09")):
        office.clock.to(today)
        assert office.bill(month).amount_fen == 9000
    rows = office.sql(
        "SELECT c.billing_month, h.number, c.amount FROM charge c JOIN house h ON h.id = c.house_id "
        "ORDER BY c.billing_month, h.sort_key"
    )
    assert [row[:2] for row in rows] == [
        ("2026-08", "3-1-0101"), ("2026-08", "3-1-0102"), ("2026-09", "3-1-0101A"), ("2026-09", "3-1-0101B"),
        ("2026-09", "3-1-0102"),
    ]  # fmt: skip
    assert [row[2] for row in rows[:2]] == [4500, 4500]


def test_what_stands_in_the_way_is_said(office: Office) -> None:
    office.with_houses().with_item().with_item("SF", "meter", "3.5", houses="listed").with_meter("3-1-101")
    last = date(2026, 7, 5)
    for numbers, parts, day, code in (
        (("3-1-101",), HALVES[:1], last, "split_needs"),
        (("3-1-101", "3-1-102"), HALVES, last, "split_needs"),
        (("3-1-101",), HALVES, date(2026, 7, 7), "future_day"),
        (("3-1-101",), (HALVES[0], Part("3-1-102", 1)), last, "number_taken"),
        (("3-1-101",), (HALVES[0], HALVES[0]), last, "number_taken"),
        (("3-1-101",), (HALVES[0], Part("东户", 1)), last, "bad_number"),
        (("3-1-101",), HALVES, last, "reading_needed"),
    ):
        with pytest.raises(Refused) as refused:
            house_splits.rehearse(office.manager, numbers, day, parts)
        assert _code(refused) == code
    readings.add(office.manager, "3-1-101", "水", "12", last)
    assert house_splits.rehearse(office.manager, ("3-1-101",), last, HALVES).warnings == ()
    argv = ("house", "split", "3-1-101", "3-1-0101A=40", "3-1-0101B=49.2", "--last", "2026-07-05")
    assert office.command(*argv, "--dry-run")[1]["kind"] == "split"
    assert office.command(*argv)[1]["error"]["code"] == "reason_needed"
    assert office.command(*argv, "--reason", "分户")[1]["news"] == ["3-1-0101A", "3-1-0101B"]
    argv = ("house", "merge", "3-1-101A", "3-1-101B", "--into", "3-1-0103=89.2", "--last", "2026-07-06")
    assert office.command(*argv, "--reason", "又打通")[1]["kind"] == "merge"
    said = office.command(
        "house", "renumber", "3-1-102", "0109", "--building", "3", "--entrance", "1", "--reason", "更正"
    )
    assert said[1]["house"] == "3-1-0109"
