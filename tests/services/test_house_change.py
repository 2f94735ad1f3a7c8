"""Houses by hand: made, changed, brought into another state; what was before stays to be read."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from app.services import house_change, house_file, house_history, imports, payments, verification
from app.services.house_rows import HouseDetails, HousePlace
from app.services.refused import Refused
from tests.builders import Office


def _code(error: pytest.ExceptionInfo[Refused]) -> tuple[str, str | None]:
    return error.value.problem.code, error.value.field


def test_a_new_house_can_be_billed_and_paid_for_at_once(office: Office) -> None:
    office.with_item(name="物业费")
    done = house_change.add(
        office.manager, HousePlace(" 3号楼 ", "1", "0402"), HouseDetails(gross_area=892000, layout="三室 ")
    )
    assert (done.number, done.state, done.version) == ("3-1-0402", "vacant", 1)
    assert office.sql(
        "SELECT h.number_key, h.floor, h.room, h.layout, b.label, p.name, p.registered FROM house h "
        "JOIN building b ON b.id = h.building_id JOIN house_payer hp ON hp.house_id = h.id "
        "JOIN party y ON y.id = hp.party_id JOIN person p ON p.id = y.person_id"
    ) == [("3-1-402", 4, "02", "三室", "3号楼", "业主（未登记）3-1-0402", 0)]
    assert office.bill("2026-07").amount_fen == 20962
    assert payments.take(office.manager, "3栋1单元402", 20962).prepaid_fen == 0
    shop = house_change.add(office.manager, HousePlace(None, None, "3", kind="shop"), HouseDetails())
    assert shop.number == "商3"
    for place, code in (
        (HousePlace("3", "1", "402"), ("number_taken", "room")),
        (HousePlace("3", "1", " "), ("house.room_missing", "room")),
        (HousePlace(None, None, "402"), ("building_needed", "building")),
        (HousePlace("3", None, "402", kind="villa"), ("bad_kind", "kind")),
    ):
        with pytest.raises(Refused) as refused:
            house_change.add(office.manager, place, HouseDetails())
        assert _code(refused) == code
    for details, code in (
        (HouseDetails(gross_area=0), ("bad_area", "gross_area")),
        (HouseDetails(gross_area=10, net_area=11), ("bad_area", "net_area")),
        (HouseDetails(year_built=1066), ("bad_year", "year_built")),
        (HouseDetails(layout="长" * 41), ("too_long", "layout")),
    ):
        with pytest.raises(Refused) as refused:
            house_change.add(office.manager, HousePlace("9", "1", "101"), details)
        assert _code(refused) == code
    assert office.sql("SELECT count(*) FROM house") == [(2,)]
    assert verification.verify(office.manager).ok


def test_fields_change_with_the_version_seen_and_the_trail_says_who(office: Office) -> None:
    office.with_houses().with_item().with_staff("钱客服", "李收费")
    office.bill("2026-06", "2026-06-01")
    desk = office.seat("钱客服")
    now = house_file.show(desk, "3-1-101")
    details = HouseDetails(gross_area=900000, house_type="住宅", year_built=2015, delivered_on=date(2016, 1, 1))
    done = house_change.change(desk, "3-1-101", now.version, details)
    assert done.changed == ("建筑面积", "建成年份", "交付日")
    assert done.warnings == ("已经出过账，新面积从下一次出账起用。",)
    with pytest.raises(Refused, match="刚被别人改过"):
        house_change.change(office.manager, "3-1-101", now.version, HouseDetails())
    with pytest.raises(Refused, match="没有改动"):
        house_change.change(desk, "3-1-101", done.version, details)
    assert ("建成年份", "2015") in house_file.show(desk, "3-1-101").facts
    changes = house_history.show(office.manager, "3-1-101").changes
    assert changes is not None
    assert [(row.user, row.what, row.before, row.after) for row in changes] == [
        ("钱客服", "建筑面积", "89.2", "90"), ("钱客服", "建成年份", "", "2015"), ("钱客服", "交付日", "", "2016-01-01")
    ]  # fmt: skip
    assert house_history.show(desk, "3-1-101").changes is None
    assert office.bill("2026-07").amount_fen == 21150 + 20962


def test_states_have_a_history_and_the_import_keeps_the_same(office: Office) -> None:
    office.with_houses()
    with pytest.raises(Refused) as refused:
        house_change.set_state(office.manager, "3-1-101", "owner")
    assert _code(refused) == ("same_state", "state")
    house_change.set_state(office.manager, "3-1-101", "vacant", date(2026, 6, 1), "搬走")
    house_change.set_state(office.manager, "3-1-101", "let", date(2026, 7, 1), None)
    for day, code in ((date(2026, 7, 7), "future_day"), (date(2026, 6, 30), "before_newest")):
        with pytest.raises(Refused) as refused:
            house_change.set_state(office.manager, "3-1-101", "owner", day)
        assert _code(refused) == (code, "on")
    rows = house_history.show(office.manager, "3-1-101").states
    assert [(row.state, row.since, row.reason) for row in rows] == [
        ("let", date(2026, 7, 1), None), ("vacant", date(2026, 6, 1), "搬走"), ("owner", None, None)
    ]  # fmt: skip
    seen = house_file.show(office.manager, "3-1-102").version
    book, path = openpyxl.Workbook(), office.folder.with_name("states.xlsx")
    for row in (
        ("楼栋", "单元", "房号", "建筑面积", "入住状态"),
        ("3", "1", "0101", "89.2", "空置"),
        ("3", "1", "0102", "89.2", "出租"),
    ):
        book.active.append(row)
    book.save(path)
    opened = imports.read(path, "houses", date(2026, 7, 6))
    imports.houses(office.manager, opened.source, book=opened.book)
    rows = house_history.show(office.manager, "3-1-101").states
    assert (rows[0].state, rows[0].since, rows[0].reason) == ("vacant", date(2026, 7, 6), "导入")
    other = house_history.show(office.manager, "3-1-102").states
    assert [(row.state, row.since) for row in other] == [("let", date(2026, 7, 6)), ("owner", None)]
    # Who had the house open before the import does not overwrite what it brought.
    with pytest.raises(Refused, match="刚被别人改过"):
        house_change.change(office.manager, "3-1-102", seen, HouseDetails())


def test_several_houses_get_one_value(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102", "3-1-0201"))
    seat, all_three = office.manager, ("3-1-101", "3-1-102", "3-1-201")
    looked = house_change.rehearse(seat, all_three, "layout", "两室")
    assert (looked.chosen, looked.changed, looked.numbers[0]) == (3, 3, "3-1-0101")
    assert house_change.edit(seat, all_three[:1], "layout", "两室").changed == 1
    assert house_change.edit(seat, all_three, "layout", " 两室 ").changed == 2
    keys = tuple(row[0] for row in office.sql("SELECT id FROM house"))
    assert house_change.edit(seat, keys, "year_built", "2015").changed == 3
    assert house_change.edit(seat, keys, "state", "vacant", date(2026, 7, 1), "清盘").changed == 3
    assert office.sql("SELECT DISTINCT layout, year_built, state, version FROM house") == [("两室", 2015, "vacant", 4)]
    assert office.sql("SELECT count(*) FROM house_state") == [(6,)]
    changes = house_history.show(seat, "3-1-0102").changes
    assert changes is not None
    assert [(row.what, row.before, row.after) for row in changes] == [
        ("入住状态", "已入住", "空置"), ("建成年份", "", "2015"), ("户型", "", "两室")
    ]  # fmt: skip
    for field, value, code in (
        ("state", "ended", "unknown_state"), ("year_built", "x", "bad_value"), ("remark", "x", "unknown_field"),
        ("layout", "两室", "nothing_changed"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            house_change.edit(seat, keys, field, value)
        assert refused.value.problem.code == code
    with pytest.raises(Refused, match="现在是 0 户"):
        house_change.edit(seat, (), "layout", "三室")


def test_the_commands(office: Office) -> None:
    status, said = office.command(
        "house", "add", "0402", "--building", "3", "--entrance", "1", "--area", "89.2", "--key", "k"
    )
    assert (status, said["house"]) == (0, "3-1-0402")
    again = office.command(
        "house", "add", "0402", "--building", "3", "--entrance", "1", "--area", "89.2", "--key", "k"
    )[1]
    assert again == said
    status, said = office.command("house", "change", "3-1-402", "--layout", "三室", "--area", "")
    assert (status, said["changed"], said["version"]) == (0, ["建筑面积", "户型"], 2)
    assert (
        office.command("house", "change", "3-1-402", "--layout", "x", "--version", "1")[1]["error"]["code"]
        == "changed_meanwhile"
    )
    assert office.command("house", "state", "3-1-402", "let", "--reason", "租出")[1]["state"] == "let"
    said = office.command("house", "edit", "house_type", "住宅", "3-1-402", "--dry-run")[1]
    assert (said["changed"], "key" in said) == (1, False)
    assert office.command("house", "edit", "house_type", "住宅", "3-1-402")[1]["changed"] == 1
    said = office.command("house", "show", "3-1-402")[1]
    assert (said["details"]["layout"], said["details"]["gross_area"]) == ("三室", None)
    assert [row["state"] for row in said["states"]] == ["let", "vacant"]
    assert said["changes"][-1]["what"] == "新建房屋"
