"""A second estate in a running office: houses, buildings and papers of their own, numbers that mean one house."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import door_papers, estates, frame, house_batch, house_change, house_list
from app.services.house_batch import Batch
from app.services.house_rows import NO_DETAILS, HousePlace
from app.services.list_face import Query
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.excel.making import a_workbook
from tests.reports.making import pages

HOUSES = ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机号"]


@pytest.fixture
def two(office: Office) -> Office:
    office.with_houses().with_item()
    office.bill("2026-06", "2026-06-01")
    assert estates.add(office.manager, "样例花园二期").houses == 0
    return office


def _second(office: Office) -> str:
    return estates.listing(office.manager)[1].name


def test_what_is_new_goes_where_the_desk_stands(two: Office, tmp_path: Path) -> None:
    seat = two.manager
    assert frame.frame(seat).estates == (two.sql("SELECT name FROM estate ORDER BY id")[0][0], "样例花园二期")
    seat.estate = "样例花园二期"
    house_change.add(seat, HousePlace("B1", "1", "101"), NO_DETAILS)
    house_batch.make(seat, Batch("B2", "1", "1-2", 2))
    path = a_workbook(tmp_path, {"房屋": [HOUSES, ["B3", "1", "0101", 80, "王小一", "13900000001"]]})
    status, said = two.command("import", "houses", str(path), "--estate", "样例花园二期")
    assert (status, said["rejected_count"]) == (0, 0)
    assert [row.houses for row in estates.listing(seat)] == [2, 6]
    assert house_list.counts(seat, Query(filters=(("estate", "样例花园二期"),))).found == 6
    titles = [branch.title for branch in house_list.tree(seat).parts]
    assert titles[-1] == "B3号楼　样例花园二期"
    # All of them are billed together, and a paper names the estate of its building.
    assert two.bill("2026-07").lines == 2 + 1
    made = door_papers.slips(seat, "B2", "明天停水", "停水", tmp_path / "s.pdf")
    assert made.papers == 4
    assert "样例花园二期" in pages(tmp_path / "s.pdf")[0].text


def test_a_number_means_one_house_in_the_whole_office(two: Office) -> None:
    seat = two.manager
    seat.estate = _second(two)
    for place, code in (
        (HousePlace("3", "1", "101"), "number_taken"),
        (HousePlace("3", "9", "909"), "building_elsewhere"),
    ):
        with pytest.raises(Refused) as why:
            house_change.add(seat, place, NO_DETAILS)
        assert why.value.problem.code == code
    seat.estate = "没有这个"
    with pytest.raises(Refused) as why:
        house_change.add(seat, HousePlace("B9", "1", "101"), NO_DETAILS)
    assert (why.value.problem.code, why.value.field) == ("unknown_estate", "estate")


def test_names_are_told_apart_and_changed(two: Office) -> None:
    for name, code in ((" ", "estate_name"), ("样例花园二期", "estate_exists")):
        with pytest.raises(Refused) as why:
            estates.add(two.manager, name)
        assert why.value.problem.code == code
    status, said = two.command("estate", "rename", "样例花园二期", "二期")
    assert (status, said["estate"], said["houses"]) == (0, "二期", 0)
    assert two.command("estate", "list")[1]["estates"][1] == {"estate": "二期", "houses": 0}
    assert two.command("estate", "rename", "三期", "四期")[1]["error"]["code"] == "unknown_estate"
    assert two.command("estate", "add", "三期")[1]["estate"] == "三期"
    assert two.command("verify")[1]["ok"] is True
