"""How columns are understood, and what a person says of them instead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.problem import Problem
from reports.excel import workbook
from reports.excel.mapping import SheetGuess, SheetMapping
from tests.reports.excel.making import TODAY, a_workbook

ODD: list[list[Any]] = [
    ["阳光花园登记"],
    ["门户代号", "代号二", "大小", "房主大名", "电话"],
    ["3-1-0402", "A1", 89.5, "张三", "13900000001"],
    ["3-1-0502", "A2", 90, "李四", "13900000002"],
]
HEAD = ["房号", "建筑面积", "业主姓名", "手机号", "登记人"]


def guess(path: Path, kind: str = "houses") -> SheetGuess:
    (only,) = workbook.guess_columns(path, kind)
    return only


def test_what_is_recognised_is_the_mapping_that_reads_the_same(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, [HEAD, ["3-1-0402", 89.5, "张三", "13900000001", "王五"]])
    found = guess(path)
    assert found.known
    assert found.mapping == SheetMapping(
        "houses", 0, 0, {0: "room", 1: "gross_area", 2: "owner.name", 3: "owner.phone"}
    )
    assert (found.titles[4], found.samples[1]) == ("登记人", "89.5")
    assert workbook.read_workbook(path, "houses", TODAY, {"房屋": found.mapping}) == workbook.read_workbook(
        path, "houses", TODAY
    )


def test_a_column_is_read_as_a_person_says(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, [HEAD, ["3-1-0402", 89.5, "张三", "13900000001", "13800000002"]])
    mapping = guess(path).mapping
    columns = {**mapping.columns, 4: "owner.phone2"}
    del columns[1]
    book = workbook.read_workbook(path, "houses", TODAY, {"房屋": replace(mapping, columns=columns)})
    assert (book.houses[0].gross_area, book.people[0].phone2) == (None, "13800000002")


def test_a_sheet_that_was_not_recognised_is_read_once_its_columns_are_named(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"台账": ODD})
    with pytest.raises(Problem) as nothing:
        workbook.read_workbook(path, "houses", TODAY)
    assert nothing.value.code == "import.nothing"
    found = guess(path)
    assert (found.known, found.mapping.first) == (False, 1)
    columns = {0: "room", 2: "gross_area", 3: "owner.name", 4: "owner.phone"}
    book = workbook.read_workbook(path, "houses", TODAY, {"台账": replace(found.mapping, columns=columns)})
    assert [(house.number, house.gross_area) for house in book.houses] == [("3-1-0402", 895000), ("3-1-0502", 900000)]
    assert [person.name for person in book.people] == ["张三", "李四"]


def test_a_sheet_can_be_left_out(tmp_path: Path) -> None:
    rows = [HEAD, ["3-1-0402", 89.5, "张三", "", ""]]
    path = a_workbook(tmp_path, {"甲": rows, "乙": [HEAD, ["4-1-0402", 89.5, "张三", "", ""]]})
    book = workbook.read_workbook(path, "houses", TODAY, {"乙": None})
    assert [house.number for house in book.houses] == ["3-1-0402"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({1: "gross_area"}, "房号"),
        ({0: "room", 1: "room"}, "有两列都对应“房号”"),
        ({0: "room", 9: "gross_area"}, "列对应不合"),
        ({0: "nothing"}, "列对应不合"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, columns: dict[int, str], said: str) -> None:
    path = a_workbook(tmp_path, [HEAD, ["3-1-0402", 89.5, "张三", "", ""]])
    with pytest.raises(Problem) as why:
        workbook.read_workbook(path, "houses", TODAY, {"房屋": SheetMapping("houses", 0, 0, columns)})
    assert (why.value.code, said in why.value.text) == ("import.mapping", True)


def test_rejected_rows_are_written_as_they_were_read(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"台账": [*ODD, ["3-1-0602", "A3", "很大", "王五", "13900000003"]]})
    mapping = {"台账": replace(guess(path).mapping, columns={0: "room", 2: "gross_area", 3: "owner.name"})}
    book = workbook.read_workbook(path, "houses", TODAY, mapping)
    assert [(finding.row, finding.column) for finding in book.rejected] == [(5, "大小")]
    workbook.write_rejects(path, "houses", book.rejected, tmp_path / "改.xlsx", mapping)
    again = workbook.read_workbook(tmp_path / "改.xlsx", "houses", TODAY, mapping)
    assert [finding.value for finding in again.rejected] == ["很大"]
