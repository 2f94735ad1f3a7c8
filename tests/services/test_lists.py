"""Lists: every column sorts, every word searches, what may not be seen is not there, exports are real figures."""

from __future__ import annotations

from datetime import date
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services import (
    arrears_list,
    bank_list,
    bill_list,
    equipment,
    equipment_list,
    fee_list,
    house_list,
    imports,
    parking,
    receipt_list,
    receipts,
    space_list,
    tariff_list,
    task_list,
    user_list,
    vehicles,
)
from app.services.equipment_details import Details
from app.services.gathered import Gathered
from app.services.imports import Source
from app.services.list_face import Kind, Query, Sort
from app.services.listing import Listing
from app.services.refused import NotAllowed
from reports.excel.records import BankLine as BankRow
from reports.excel.records import Book
from tests.builders import Office

LISTS = {
    house_list: house_list.HOUSES,
    space_list: space_list.SPACES,
    bill_list: bill_list.BILLS,
    receipt_list: receipt_list.RECEIPTS,
    bank_list: bank_list.LINES,
    arrears_list: arrears_list.ARREARS,
    equipment_list: equipment_list.EQUIPMENT,
    fee_list: fee_list.FEES,
    tariff_list: tariff_list.TARIFFS,
    task_list: task_list.TASKS,
    user_list: user_list.USERS,
}
each_list = pytest.mark.parametrize("doors", LISTS, ids=lambda doors: doors.__name__.rsplit(".", 1)[-1])


@pytest.fixture
def lived_in(office: Office) -> Office:
    office.with_houses(["3-1-0402", "3-2-1102", "3-1-0403"]).with_item().with_item("CW", "flat", "150", houses="listed")
    office.bill("2026-05", "2026-05-01")
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-402", 30000)
    office.pay("3-1-403", 5000, method="wechat")
    receipts.void(office.manager, "S2026-00000002", "录错")
    office.with_houses(["B1-15", "B1-16"], None)
    parking.lease(office.manager, "B1-15", "leased", "3-1-402", date(2026, 7, 1), date(2026, 7, 31))
    vehicles.add(office.manager, "B1-15", "京A12345")
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯", place="1号楼"))
    equipment.add(office.manager, Details("SB-01", "水泵", type="水泵"))
    came = (BankRow("流水", n + 2, date(2026, 7, n), 100 * n, f"户{n}", f"B{n}", None) for n in (1, 2, 3))
    imports.bank(office.manager, Source("流水.csv", "0"), book=Book(3, ("流水",), (), (), bank=tuple(came)))
    return office


def _numbers(office: Office, doors: ModuleType, query: Query, field: str = "number") -> list[Any]:
    keys = doors.keys(office.manager, query)
    rows = doors.rows(office.manager, keys)
    return [getattr(rows[key], field) for key in keys]


@each_list
def test_every_column_sorts_both_ways_with_the_empty_ones_last(lived_in: Office, doors: ModuleType) -> None:
    seat, listing = lived_in.manager, LISTS[doors]
    everything = set(doors.keys(seat, Query()))
    assert everything
    for column in listing.columns:
        for descending in (False, True):
            keys = doors.keys(seat, Query(sorts=(Sort(column.key, descending),)))
            assert set(keys) == everything, column.key
            if column.kind in (Kind.MONEY, Kind.AREA, Kind.DATE, Kind.COUNT) and column.key not in ("again", "days"):
                values = [getattr(row, column.key) for row in (doors.rows(seat, keys)[key] for key in keys)]
                full = [value for value in values if value is not None]
                assert values[: len(full)] == sorted(full, reverse=descending), column.key


@each_list
def test_every_filter_value_is_counted_as_it_filters(lived_in: Office, doors: ModuleType) -> None:
    seat = lived_in.manager
    counts = doors.counts(seat, Query())
    assert counts.found == counts.all == len(doors.keys(seat, Query()))
    for name, values in counts.of.items():
        for value, n in values.items():
            assert len(doors.keys(seat, Query(filters=((name, value),)))) == n, (name, value)


@each_list
def test_rows_have_the_fields_of_the_columns(lived_in: Office, doors: ModuleType) -> None:
    listing: Listing[Any] | Gathered[Any] = LISTS[doors]
    for row in doors.rows(lived_in.manager, doors.keys(lived_in.manager, Query())).values():
        for column in listing.columns:
            assert hasattr(row, column.key)
    assert doors.rows(lived_in.manager, [10**9]) == {}


@each_list
def test_what_a_list_does_not_know_is_left_out_of_the_question(lived_in: Office, doors: ModuleType) -> None:
    query = Query(filters=(("gone", "1"),), sorts=(Sort("gone"),))
    assert list(doors.keys(lived_in.manager, query)) == list(doors.keys(lived_in.manager, Query()))


@pytest.mark.parametrize(
    "typed",
    [
        "3-2-1102",
        "3-2-1102 ",
        "3栋2单元1102",
        "3号楼2单元1102室",
        "3021102",
        "3栋1102",
        "3栋 2单元",
        "2单元",
        "３－２－１１０２",
        "1102 业主",
    ],
)
def test_a_house_is_found_by_any_usual_form_of_its_number(lived_in: Office, typed: str) -> None:
    assert _numbers(lived_in, house_list, Query(typed)) == ["3-2-1102"]


def test_every_word_must_be_found_and_signs_of_patterns_are_letters(lived_in: Office) -> None:
    assert len(_numbers(lived_in, house_list, Query("业主 3栋"))) == 3
    assert _numbers(lived_in, house_list, Query("业主 5栋")) == []
    assert _numbers(lived_in, house_list, Query("%")) == []
    assert _numbers(lived_in, house_list, Query("_")) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60) | st.text("%_\\'\"-栋单元0123 \x00\ud800*", max_size=300))
def test_any_text_in_any_search_box_raises_nothing(lived_in: Office, typed: str) -> None:
    for doors in LISTS:
        doors.keys(lived_in.manager, Query(typed))
        doors.counts(lived_in.manager, Query(typed, filters=(("state", typed),)))


def test_houses_show_what_is_paid_up_and_the_sums_are_of_all(lived_in: Office) -> None:
    rows = {row.number: row for row in house_list.rows(lived_in.manager, range(1, 4)).values()}
    assert (rows["3-1-0402"].paid_until, rows["3-1-0402"].owed) == ("2026-05", 11924)
    assert (rows["3-1-0403"].paid_until, rows["3-1-0403"].owed) == ("2026-04", 41924)
    assert house_list.totals(lived_in.manager, Query()) == {"area": 2676000, "owed": 95772, "prepaid": 0}
    assert house_list.totals(lived_in.manager, Query("402"))["owed"] == 11924
    lived_in.pay("3-1-402", 20000)
    assert house_list.rows(lived_in.manager, [1])[1].paid_until == "2026-06"


def test_what_a_seat_may_not_see_is_neither_shown_nor_searched_nor_sorted_nor_summed(lived_in: Office) -> None:
    seat = lived_in.with_staff("孙工程").seat("孙工程")
    row = house_list.rows(seat, [1])[1]
    assert (row.number, row.owed, row.prepaid, row.owner, row.paid_until) == ("3-1-0402", None, None, None, None)
    assert list(house_list.keys(seat, Query("业主"))) == []
    plain = list(house_list.keys(seat, Query()))
    assert list(house_list.keys(seat, Query(sorts=(Sort("owed", True),), filters=(("owing", "1"),)))) == plain
    assert set(house_list.totals(seat, Query())) == {"area"}
    assert "owing" not in house_list.counts(seat, Query()).of
    for doors in (bill_list, receipt_list, arrears_list):
        with pytest.raises(NotAllowed):
            doors.keys(seat, Query())


def test_a_phone_is_masked_and_cannot_be_felt_out(lived_in: Office) -> None:
    with lived_in.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE person SET phone = '13800130102' WHERE name = '业主3-1-0402'")
        work.audit("test", "person")
    assert house_list.rows(lived_in.manager, [1])[1].phone == "138****0102"
    assert _numbers(lived_in, house_list, Query("0102")) == ["3-1-0402"]
    assert _numbers(lived_in, house_list, Query("13800130102")) == ["3-1-0402"]
    assert _numbers(lived_in, house_list, Query("138001")) == []


def test_bills_and_receipts_say_how_they_stand(lived_in: Office) -> None:
    numbers, states = (_numbers(lived_in, bill_list, Query(), field) for field in ("number", "state"))
    assert dict(zip(numbers, states, strict=True)) == {
        "B2026-06-000001": "part", "B2026-06-000002": "open", "B2026-06-000003": "open",
        "B2026-05-000001": "settled", "B2026-05-000002": "open", "B2026-05-000003": "open",
    }  # fmt: skip
    assert _numbers(lived_in, receipt_list, Query(), "state") == ["void", "normal"]
    totals = bill_list.totals(lived_in.manager, Query())
    assert totals["charged"] == totals["paid"] + totals["open"] == 125772


def test_a_receipt_that_was_voided_is_in_no_sum(lived_in: Office) -> None:
    assert receipt_list.totals(lived_in.manager, Query()) == {"amount": 30000}
    assert receipt_list.totals(lived_in.manager, Query("S2026-00000002")) == {"amount": 0}
    target = lived_in.folder / "out" / "list.xlsx"
    receipt_list.export(lived_in.manager, Query(), target, ("number", "amount", "state"))
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(target).active.iter_rows(min_row=3)]
    assert rows == [
        ["S2026-00000002", 50, "已作废"],
        ["S2026-00000001", 300, "正常"],
        ["合计 2 行（已作废不计）", 300, None],
    ]


def test_a_reversal_takes_off_what_the_reversed_receipt_had_added(lived_in: Office) -> None:
    lived_in.clock.to("2026-07-08")
    receipts.reverse(lived_in.manager, "S2026-00000001", "重复收款")
    assert receipt_list.totals(lived_in.manager, Query()) == {"amount": 0}
    assert receipt_list.totals(lived_in.manager, Query(filters=(("today", "1"),))) == {"amount": -30000}


def test_the_ages_of_arrears_are_all_that_is_owed(lived_in: Office) -> None:
    ages = arrears_list.ages(lived_in.manager)
    assert ages["d1_30"] + ages["d31_90"] == sum(ages.values()) == 95772
    assert _numbers(lived_in, arrears_list, Query(filters=(("age", "d31_90"),)), "house") == ["3-1-0403", "3-2-1102"]


@each_list
def test_an_export_has_real_figures_and_a_record(lived_in: Office, doors: ModuleType) -> None:
    target = lived_in.folder / "out" / "list.xlsx"
    done = doors.export(lived_in.manager, Query(), target)
    sheet = openpyxl.load_workbook(target).active
    assert sheet.freeze_panes == "B3"
    assert done.rows == len(doors.keys(lived_in.manager, Query()))
    assert lived_in.sql("SELECT action FROM audit ORDER BY id DESC LIMIT 1") == [("list.exported",)]


def test_an_export_keeps_order_columns_and_filter_and_no_text_acts(lived_in: Office) -> None:
    with lived_in.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE house SET layout = '=1+1' WHERE number = '3-1-0402'")
        work.audit("test", "house")
    target = lived_in.folder / "out" / "list.xlsx"
    house_list.export(
        lived_in.manager, Query("3-1", sorts=(Sort("owed"),)), target, ("owed", "number", "layout", "state")
    )
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(target).active.iter_rows(min_row=2)]
    assert rows[0] == ["欠费（元）", "房号", "户型", "入住状态"]
    assert rows[1] == [119.24, "3-1-0402", "=1+1", "已入住"]
    assert rows[2][:2] == [419.24, "3-1-0403"]
    assert openpyxl.load_workbook(target).active["C3"].data_type == "s"
    assert len(rows) == 4


def test_equipment_is_sorted_by_urgency_and_counted(lived_in: Office) -> None:
    lived_in.clock.to("2026-09-01")
    rows = equipment_list.rows(lived_in.manager, equipment_list.keys(lived_in.manager, Query()))
    states = [row.state for row in rows.values()]
    assert states == sorted(states, key=[state.code for state in equipment_list.STATES].index)
    equipment.set_state(lived_in.manager, "DT-01", "stopped")
    stopped = Query(filters=(("state", "stopped"),))
    assert _numbers(lived_in, equipment_list, stopped) == ["DT-01"]
    assert equipment_list.history(lived_in.manager, "DT-01") == ()
