"""The copy of what was rejected: recognised like the original, harmless to open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.domain.problem import Problem
from reports.excel.records import Finding
from reports.excel.workbook import read_workbook, write_rejects
from reports.excel.write import Page, write_book
from tests.reports.excel.making import TODAY, a_workbook, read_here


def _rejected_copy(path: Path, out: Path) -> Any:
    book = read_workbook(path, "houses", TODAY)
    write_rejects(path, "houses", book.rejected, out)
    return openpyxl.load_workbook(out)


def test_rows_come_back_with_their_reason(tmp_path: Path) -> None:
    head = ["楼号", "房号", "面积", "业主", "", "说明"]
    rows: list[list[Any]] = [
        ["某小区"],
        head,
        ["3栋", "101", -5, "甲一", "", "楼号"],
        ["", "102", 80, "乙一", "", "只填数字"],
    ]
    rows += [["", "0103", "x", "=丙", "", "第三行"], ["合计", "", 75, ""]]
    path = a_workbook(tmp_path, rows, ["A1:D1", "A3:A5"])
    sheet = _rejected_copy(path, tmp_path / "out.xlsx")["房屋"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[0][0] == "某小区"
    assert values[1][:5] == ["楼号", "房号", "面积", "业主", "原因"]
    assert values[2][:4] == ["3栋", "101", -5, "甲一"]
    assert "不能是负数" in values[2][4]
    assert values[3][:4] == ["3栋", "0103", "x", "=丙"]
    assert sheet["D4"].data_type == "s"
    assert sheet["D4"].quotePrefix
    notes = [row[7] if len(row) > 7 else None for row in values]
    assert "只填数字" in notes


def test_the_copy_is_imported_after_correction(tmp_path: Path) -> None:
    sheets = {
        "业主信息": [["业主编号", "业主名称", "手机号"], [1, "甲一", "13900000001"]],
        "房屋": [["房号", "面积", "业主编号", "房屋状态"], ["1-1-101", 80, 1, "K"], ["1-1-102", "八十", 1, "K"]],
        "代码": [["房屋状态", "K 自住"]],
    }
    path, out = a_workbook(tmp_path, sheets), tmp_path / "out.xlsx"
    made = _rejected_copy(path, out)
    assert made["房屋"].max_row == 2
    assert (made["房屋"]["B2"].value, made["房屋"]["E2"].value[:3]) == ("八十", "面积：")
    made["房屋"]["B2"] = 80
    made.save(out)
    book = read_here(out)
    assert [(h.number_key, h.gross_area, h.state, h.owner_number) for h in book.houses] == [
        ("1-1-102", 800000, "owner", "1")
    ]
    assert [person.name for person in book.people] == ["甲一"]
    assert (book.rejected, book.warnings) == ((), ())


def test_reasons_of_a_second_round_take_the_place_of_the_first(tmp_path: Path) -> None:
    rows = [["房号", "面积", "原因"], ["1-1-101", -1, "旧原因"]]
    sheet = _rejected_copy(a_workbook(tmp_path, rows), tmp_path / "out.xlsx")["房屋"]
    assert [cell.value for cell in sheet[1]] == ["房号", "面积", "原因"]
    assert "不能是负数" in sheet["C2"].value


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, [["房号", "面积"], ["1-1-101", 1]])
    with pytest.raises(Problem) as caught:
        write_rejects(path, "houses", [Finding("房屋", 2, "面积", "1", "x", "x")], tmp_path / "none" / "out.xlsx")
    assert caught.value.code == "file.not_written"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "\x00x"])
def test_text_never_acts(tmp_path: Path, text: str) -> None:
    write_book(tmp_path / "out.xlsx", [Page("一", [[text, "甲"]])])
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["一"]
    assert sheet["A1"].data_type == "s"
    assert sheet["A1"].quotePrefix
    assert not sheet["B1"].quotePrefix
    assert list(tmp_path.iterdir()) == [tmp_path / "out.xlsx"]
