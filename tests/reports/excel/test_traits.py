"""One hand-made workbook for each thing that real sheets do."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.problem import Problem
from reports.excel.records import Book
from tests.reports.excel.making import a_workbook, read_here

HEAD = ["楼号", "单元", "房号", "建筑面积", "业主姓名", "手机号"]


def keys(book: Book) -> list[str]:
    return [house.number_key for house in book.houses]


def reasons(book: Book) -> list[tuple[int, str, str]]:
    return [(finding.row, finding.column, finding.code) for finding in book.rejected]


def test_merged_title_and_date_rows_above(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["阳光花园业主信息登记表"], ["填表日期：2026年5月1日"], [], HEAD]
    rows += [["3号楼", "1单元", "0402", 89.5, "张三", "13900000001"]]
    book = read_here(a_workbook(tmp_path, rows, ["A1:F1", "A2:F2"]))
    assert keys(book) == ["3-1-402"]
    assert book.houses[0].number == "3-1-0402"
    assert book.people[0].relation == "owner"
    assert (book.rows, book.rejected) == (1, ())


def test_header_of_two_rows_with_merged_groups(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["房屋信息", "", "", "", "业主信息", "", "租户信息", "", "备注"],
        ["楼栋", "单元", "房号", "面积(㎡)", "姓名", "电话", "姓名", "电话", ""],
        [1, 1, 101, 88, "张三", 13900000001, "李四", 13900000002, "长期出差"],
    ]
    book = read_here(a_workbook(tmp_path, rows, ["A1:D1", "E1:F1", "G1:H1", "I1:I2"]))
    assert [(p.name, p.relation, p.phone) for p in book.people] == [
        ("张三", "owner", "13900000001"),
        ("李四", "tenant", "13900000002"),
    ]
    assert (book.houses[0].gross_area, book.houses[0].remark) == (880000, "长期出差")


def test_header_of_two_rows_whose_groups_are_not_merged(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["序号", "房屋", "", "", "业主", "", "面积", ""],
        ["", "楼栋", "单元", "房号", "姓名", "联系电话", "建筑", "套内"],
        [1, "2#楼", "2单元", "301", "王五", "13900000003", "100.5", "80.25"],
    ]
    (house,) = read_here(a_workbook(tmp_path, rows)).houses
    assert (house.number_key, house.gross_area, house.net_area) == ("2-2-301", 1005000, 802500)


def test_building_cells_merged_over_their_houses(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, ["5栋", "1单元", "101", 80, "甲一", ""], ["", "", "102", 81, "乙一", ""]]
    rows += [["", "2单元", "101", 82, "丙一", ""], ["6栋", "1单元", "101", 83, "丁一", ""]]
    book = read_here(a_workbook(tmp_path, rows, ["A2:A4", "B2:B3"]))
    assert keys(book) == ["5-1-101", "5-1-102", "5-2-101", "6-1-101"]


def test_subtotal_total_note_and_blank_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEAD,
        [1, 1, 101, 80, "甲一", ""],
        [1, 1, 102, 81, "乙一", ""],
        ["1号楼小计", "", "2户", 161],
    ]
    rows += [[], HEAD, [2, 1, 101, 90, "丙一", ""], ["小计", "", "", 90], ["合计", "", "3户", 251], []]
    rows += [
        ["说明：面积以房产证为准。"],
        ["制表人：王敏", "", "审核：李强", "", "日期：2026-5-1"],
        ["1、空置房也要填写。"],
    ]
    book = read_here(a_workbook(tmp_path, rows))
    assert keys(book) == ["1-1-101", "1-1-102", "2-1-101"]
    assert (book.rows, book.rejected) == (3, ())


def test_notes_beside_the_data(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*HEAD, "", "填写说明"], [1, 1, 101, 80, "甲一", "", "", "楼号", "只填数字"]]
    rows += [
        [1, 1, 102, 81, "乙一", "", "", "房号", "如 0402，不要带楼号"],
        ["", "", "", "", "", "", "", "手机号", "11 位"],
    ]
    book = read_here(a_workbook(tmp_path, rows))
    assert (keys(book), book.rows) == (["1-1-101", "1-1-102"], 2)


def test_sheets_that_are_only_instructions(tmp_path: Path) -> None:
    said = [
        ["填写说明"],
        ["1. 楼号只填数字。"],
        ["2. 房号如 0402。"],
        ["列名", "要求"],
        ["手机号", "11 位，没有可不填"],
    ]
    sheets = {"填写说明": said, "数据": [HEAD, [1, 1, 101, 80, "甲一", ""]], "Sheet3": []}
    book = read_here(a_workbook(tmp_path, sheets))
    assert (keys(book), book.sheets, book.warnings) == (["1-1-101"], ("数据",), ())


@pytest.mark.parametrize("building", ["3号楼", "3#楼", "3栋", "3#", "三号楼", "3幢", "３号楼", 3])
@pytest.mark.parametrize("entrance", ["1单元", "一单元", 1])
def test_ways_to_write_building_and_entrance(tmp_path: Path, building: Any, entrance: Any) -> None:
    book = read_here(a_workbook(tmp_path, [HEAD, [building, entrance, "0402", 80, "甲一", ""]]))
    assert [(h.number, h.number_key) for h in book.houses] == [("3-1-0402", "3-1-402")]


@pytest.mark.parametrize(
    "label", ["3号楼1单元0402", "3-1-0402", "3#1单元402室", "3栋1单元0402室", "３－１－０４０２", "3号楼-1单元-402"]
)
def test_house_number_in_one_cell(tmp_path: Path, label: str) -> None:
    book = read_here(a_workbook(tmp_path, [["房号", "建筑面积", "业主"], [label, 80, "甲一"]]))
    assert keys(book) == ["3-1-402"]


def test_entrance_in_the_building_or_room_cell(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["楼栋", "房号", "面积"], ["3号楼2单元", "501", 80], [4, "2-501", 80], [4, "1-501", 80]]
    assert keys(read_here(a_workbook(tmp_path, rows))) == ["3-2-501", "4-2-501", "4-1-501"]


def test_sheet_name_or_section_line_gives_the_building(tmp_path: Path) -> None:
    head = ["单元", "房号", "面积", "业主"]
    sheets = {
        "3号楼": [head, [1, 101, 80, "甲一"]],
        "其他": [["4栋"], head, [1, 101, 80, "乙一"], ["5栋", "", "", ""], [1, 101, 80, "丙一"]],
    }
    assert keys(read_here(a_workbook(tmp_path, sheets))) == ["3-1-101", "4-1-101", "5-1-101"]


@pytest.mark.parametrize(
    ("area", "units"),
    [("89.5", 895000), ("89.5㎡", 895000), ("８９．５", 895000), ("89.5平方米", 895000), ("1,089.50 m²", 10895000)],
)
def test_areas_as_text(tmp_path: Path, area: str, units: int) -> None:
    book = read_here(a_workbook(tmp_path, [HEAD, [1, 1, 101, area, "甲一", ""]]))
    assert (book.houses[0].gross_area, book.rejected) == (units, ())


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("139 0000 0001", "13900000001"),
        ("139-0000-0001", "13900000001"),
        ("１３９００００００１１", "13900000011"),
        ("+86 13900000001", "13900000001"),
        (13900000001, "13900000001"),
        ("0571-87654321", "057187654321"),
        ("18999999999", None),
        (18999999999, None),
        ("无", None),
        ("11111111111", None),
    ],
)
def test_phones(tmp_path: Path, phone: Any, kept: str | None) -> None:
    book = read_here(a_workbook(tmp_path, [HEAD, [1, 1, 101, 80, "甲一", phone]]))
    assert (book.people[0].phone, book.warnings) == (kept, ())


def test_a_phone_that_is_none_is_kept_with_a_warning(tmp_path: Path) -> None:
    book = read_here(a_workbook(tmp_path, [HEAD, [1, 1, 101, 80, "甲一", "1390000"]]))
    assert book.people[0].phone == "1390000"
    assert [(w.row, w.column, w.code) for w in book.warnings] == [(2, "手机号", "person.phone")]


@pytest.mark.parametrize(
    "day",
    [
        43983,
        "43983",
        "2020.6.1",
        "2020年6月1日",
        "2020-06-01",
        "2020/6/1",
        "20200601",
        "20200601 10:22:33",
        "20200601 9时5分",
        "20200601102233",
        date(2020, 6, 1),
        datetime(2020, 6, 1, 8),
    ],
)
def test_dates(tmp_path: Path, day: Any) -> None:
    book = read_here(a_workbook(tmp_path, [["房号", "面积", "交房日期"], ["1-1-101", 80, day]]))
    assert (book.houses[0].delivered_on, book.rejected) == (date(2020, 6, 1), ())


@pytest.mark.parametrize(
    "names", ["张三、李四", "张三/李四", "张三，李四", "张三\n李四", "张三 李四", "张三;李四", "张三\t李四"]
)
def test_two_owners_in_a_cell(tmp_path: Path, names: str) -> None:
    row = [1, 1, 101, 80, names, "13900000001、13900000002"]
    book = read_here(a_workbook(tmp_path, [HEAD, row]))
    assert [(p.name, p.relation, p.phone) for p in book.people] == [
        ("张三", "owner", "13900000001"),
        ("李四", "co_owner", "13900000002"),
    ]


def test_one_name_written_wide_and_a_firm(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [1, 1, 101, 80, "张 三", ""],
        [1, 1, 102, 80, "欧阳 娜娜", ""],
        [1, 1, 103, 80, "安居、乐业科技有限公司", ""],
    ]
    people = read_here(a_workbook(tmp_path, rows)).people
    assert [(p.name, p.kind) for p in people] == [
        ("张三", "person"),
        ("欧阳娜娜", "person"),
        ("安居、乐业科技有限公司", "firm"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        ["栋号", "门洞", "室号", "建面", "产权人", "联系方式"],
        ["所属楼栋", "所属单元", "房间编号", "产权面积(平方米)", "户主", "移动电话"],
        ["*楼幢", "*单元号", "*门牌号", "*房屋面积（㎡）", "客户名称", "联系电话"],
        ["楼 栋", "单 元", "房 号", "面 积", "姓 名", "电 话"],
        ["楼宇名称", "单元名称", "房屋名称", "计费面积", "房主姓名", "手机号码"],
    ],
)
def test_synonyms_of_column_names_in_any_order(tmp_path: Path, head: list[str]) -> None:
    row: list[Any] = [7, 2, 1203, "101.25", "甲一", "13900000001"]
    book = read_here(a_workbook(tmp_path, [head[::-1], row[::-1]]))
    (house,), (person,) = book.houses, book.people
    assert (house.number_key, house.gross_area) == ("7-2-1203", 1012500)
    assert (person.name, person.phone, person.relation) == ("甲一", "13900000001", "owner")


def test_codes_that_the_file_explains(tmp_path: Path) -> None:
    sheets = {
        "住户": [
            [*HEAD, "房态", "性质", "人员类型"],
            [1, 1, 101, 80, "甲一", "", "K", "Z1", "Y"],
            [1, 1, 102, 80, "", "", "W", "Z2", ""],
            [1, 1, 103, 80, "丙一", "", 7, "Z1", "Y"],
        ],
        "代码表": [
            ["房态：K 自住\nW 未售\n7 出租"],
            ["房屋性质", "住宅 Z1"],
            ["", "商铺 Z2"],
            ["人员类型"],
            ["", "Y 业主", "Z 租户"],
        ],
    }
    sheets["住户"][0][7] = "房屋性质"
    book = read_here(a_workbook(tmp_path, sheets))
    assert [(h.state, h.house_type, h.kind) for h in book.houses] == [
        ("owner", "住宅", "house"),
        ("unsold", "商铺", "shop"),
        ("let", "住宅", "house"),
    ]
    assert [(p.name, p.relation) for p in book.people] == [("甲一", "owner"), ("丙一", "owner")]


def test_codes_in_notes_without_a_label(tmp_path: Path) -> None:
    head = [*HEAD, "房屋状态", "房屋类型", "", "说明"]
    rows: list[list[Any]] = [head, [1, 1, 101, 80, "甲一", "", 31, 51, "", "31 已出租"]]
    rows += [["", "", "", "", "", "", "", "", "", "32 装修中，51 住宅"], [1, 1, 102, 80, "乙一", "", 32, 51]]
    book = read_here(a_workbook(tmp_path, rows))
    assert [house.state for house in book.houses] == ["let", "fitting_out"]
    assert {house.house_type for house in book.houses} <= {"51", "住宅"}


def test_an_unknown_state_is_vacant_with_a_warning(tmp_path: Path) -> None:
    book = read_here(a_workbook(tmp_path, [[*HEAD, "房屋状态"], [1, 1, 101, 80, "甲一", "", 4711]]))
    assert book.houses[0].state == "vacant"
    assert [w.code for w in book.warnings] == ["house.state"]


def test_fillers_for_unknown(tmp_path: Path) -> None:
    rows = [[*HEAD, "身份证号"], [1, 1, 101, 80, "甲一", 18999999999, "111111111111111111"]]
    rows += [[1, 1, 102, 80, "无", "无", "-"], [1, 1, 103, 80, "丙一", "10000000000", 111111111111111111]]
    rows += [["手机号没有时统一填写 13700000000"], [1, 1, 104, 80, "丁一", "13700000000", "000000000000000000"]]
    book = read_here(a_workbook(tmp_path, {"房屋": rows, "说明": [["手机号", "没有时填写13700000000"]]}))
    assert [(p.name, p.phone, p.id_number) for p in book.people] == [
        ("甲一", None, None),
        ("丙一", None, None),
        ("丁一", None, None),
    ]
    assert book.warnings == ()


def test_people_line_by_line(tmp_path: Path) -> None:
    head = [*HEAD, "与业主关系"]
    rows: list[list[Any]] = [head, [1, 1, 101, 80, "甲一", "13900000001", "业主"], [1, 1, 101, 80, "甲二", "", "配偶"]]
    rows += [[1, 1, "0101", 80, "甲三", "", "业主"], [1, 1, 101, "", "租客甲", "13900000002", "租户"]]
    rows += [[1, 1, 101, 80, "甲一", "13900000001", "业主"], [1, 1, 101, 99, "甲五", "", "家庭成员"]]
    book = read_here(a_workbook(tmp_path, rows))
    assert [(p.name, p.relation) for p in book.people] == [
        ("甲一", "owner"),
        ("甲二", "family"),
        ("甲三", "co_owner"),
        ("租客甲", "tenant"),
    ]
    assert reasons(book) == [(6, "房号", "person.twice"), (7, "房号", "house.differs")]
    assert len(book.houses) == 1


def test_rejected_rows(tmp_path: Path) -> None:
    head = ["楼号", "单元", "房号", "建筑面积", "交房日期"]
    rows: list[list[Any]] = [head, [1, 1, 101, -80, ""], [1, 1, 102, "abc", ""], [1, 1, 103, 80, "2020-13-01"]]
    rows += [
        [1, 1, 104, 80, ""],
        [1, 1, "0104", 80, ""],
        [9, 1, 101, 80, ""],
        [1, 1, "", 80, ""],
        ["", "", 105, 80, ""],
    ]
    sheets = {"房屋": rows, "楼栋": [["楼栋号", "总层数"], [1, 18]]}
    book = read_here(a_workbook(tmp_path, sheets))
    assert keys(book) == ["1-1-104"]
    assert reasons(book) == [
        (2, "建筑面积", "cell.negative"),
        (3, "建筑面积", "area.format"),
        (4, "交房日期", "cell.date"),
        (8, "房号", "house.room_missing"),
        (9, "楼号", "house.building_missing"),
        (6, "房号", "house.twice"),
        (7, "楼号", "house.unknown_building"),
    ]
    assert (book.rows, book.rejected[0].value, book.rejected[2].value) == (8 + 1, "-80", "2020-13-01")


def test_hidden_characters_and_long_text_are_refused_by_name(tmp_path: Path) -> None:
    rows = [HEAD, [1, 1, 101, 80, "甲\u200b一", ""], [1, 1, 102, 80, "乙\u202e一", ""], [1, 1, 103, 80, "丙" * 501, ""]]
    rows += [[1, 1, 104, 80, "丁\x07一", ""]]
    book = read_here(a_workbook(tmp_path, rows))
    assert [f.code for f in book.rejected] == ["cell.control", "cell.control", "cell.too_long", "cell.control"]
    assert "U+200B" in book.rejected[0].reason
    assert "U+202E" in book.rejected[1].reason


def test_shops_storage_and_parking(tmp_path: Path) -> None:
    sheets = {
        "房屋": [["楼号", "单元", "房号", "面积", "房屋类型"], [1, 0, 3, 50, "商铺"], ["", "", "商铺5", 40, ""]],
        "商铺": [["楼号", "铺号", "面积"], [2, "12", 60]],
        "储藏室": [["楼号", "储藏室号", "面积"], [2, "7", 6]],
        "地下车位": [
            ["区域", "车位号", "车主", "电话", "车牌号", "租售", "起租日期", "到期日期", "房号"],
            ["A", "A-012", "甲一", "13900000001", "京A12345", "出租", "2026-1-1", "2026-12-31", "1-1-101"],
            ["B", "A-012", "", "", "", "出售", "", "", ""],
            ["", "B2-015", "乙一", "", "", "已售", "", "", ""],
        ],
    }
    book = read_here(a_workbook(tmp_path, sheets))
    assert [(h.kind, h.number_key) for h in book.houses] == [
        ("shop", "1-商3"),
        ("shop", "商5"),
        ("shop", "2-商12"),
        ("storage", "2-储7"),
    ]
    assert [(s.number, s.number_key, s.tenure) for s in book.spaces] == [
        ("A-012", "P:A:A-012", "let"),
        ("B-A-012", "P:B:A-012", "sold"),
        ("B2-015", "B2-15", "sold"),
    ]
    (car,) = book.cars
    assert (car.plate, car.space_key, car.valid_to) == ("京A12345", "P:A:A-012", date(2026, 12, 31))
    assert book.spaces[0].bill_with_key == "1-1-101"


def test_fee_settings(tmp_path: Path) -> None:
    head = [
        "费用编号",
        "收费项目",
        "费用标识",
        "付费类型",
        "缴费周期",
        "计费起始时间",
        "计算公式",
        "计费单价",
        "固定费用",
    ]
    rows: list[list[Any]] = [
        head,
        ["A1", "物业费", "周期性费用", "预付费", 1, "2024-1-1", "面积*单价", 2.85, 0],
        ["A2", "垃圾费", "周期性费用", "后付费", "季度", "2024-1-1", 2002, 0, 15],
        ["A3", "水费", "周期性费用", "后付费", 1, "2024-1-1", "用量*单价", 3, 0],
        ["A4", "门禁卡", "一次性费用", "预付费", 1, "2024-1-1", "固定费用", 0, 20],
        ["A5", "电梯费", "周期性费用", "预付费", 5, "2024-1-1", "固定费用", 0, 20],
        ["A1", "物业费二", "周期性费用", "预付费", 1, "2024-1-1", "面积*单价", 2, 0],
    ]
    houses: list[list[Any]] = [["房号", "面积", "收费项目", "计费开始日期"], ["1-1-101", 80, "A1#A2", "2024-1-1"]]
    houses += [["1-1-102", 80, "A9", ""], ["1-1-103", 80, 0, ""], ["1-1-104", 80, "A1#A2#A4", "2024-1-1#2024-2-1"]]
    book = read_here(a_workbook(tmp_path, {"费用": rows, "房屋": houses}))
    assert [(f.code, f.kind, f.cycle, f.when, f.price) for f in book.fees] == [
        ("A1", "area", "month", "advance", 2_850_000),
        ("A2", "flat", "quarter", "arrear", 15_000_000),
        ("A4", "once", "month", "advance", 20_000_000),
    ]
    assert reasons(book) == [
        (4, "计算公式", "fee.formula"),
        (6, "缴费周期", "fee.cycle"),
        (7, "费用编号", "fee.code_twice"),
        (3, "收费项目", "fee.unknown"),
        (5, "计费开始日期", "fee.starts"),
    ]
    assert [(link.fee, link.start) for link in book.house_fees] == [("A1", date(2024, 1, 1)), ("A2", date(2024, 1, 1))]
    assert [w.code for w in book.warnings] == ["fee.none"]


def test_formulas_and_error_values(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "formulas.xlsx"
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet("房屋")
    sheet.write_row(0, 0, ["房号", "面积"])
    for row, value in enumerate((95.5, "", "#N/A"), 1):
        sheet.write_string(row, 0, f"1-1-10{row}")
        sheet.write_formula(row, 1, "=90+5.5", None, value)
    made.close()
    book = read_here(path)
    assert [(h.number_key, h.gross_area) for h in book.houses] == [("1-1-101", 955000)]
    assert reasons(book) == [(3, "面积", "cell.formula"), (4, "面积", "cell.error")]


def test_nothing_recognised(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        read_here(a_workbook(tmp_path, [["hello", "world"], [1, 2]]))
    assert caught.value.code == "import.nothing"
    with pytest.raises(Problem, match="没有认出"):
        read_here(a_workbook(tmp_path, {"空": []}))


def test_data_under_an_unknown_header_is_told(tmp_path: Path) -> None:
    other = [["月份", "收入", "支出"], *[[n, n * 100, n * 50] for n in range(1, 6)]]
    book = read_here(a_workbook(tmp_path, {"房屋": [HEAD, [1, 1, 101, 80, "甲一", ""]], "收支": other}))
    assert [(w.sheet, w.code) for w in book.warnings] == [("收支", "sheet.unknown")]


def test_pages_that_explain_columns_are_no_tables(tmp_path: Path) -> None:
    sheets = {
        "使用须知": [["楼号", "楼栋编号"], ["单元", "单元编号"], ["房号", "必填"], ["手机号", "没有写18999999999"]],
        "字段": [["字段", "含义", "示例"], ["楼号", "楼栋编号", "1"], ["单元", "单元号", "1"], ["房号", "房间", "101"]],
        "数据": [HEAD, [1, 1, 101, 80, "甲一", ""]],
    }
    book = read_here(a_workbook(tmp_path, sheets))
    assert (book.sheets, book.buildings, keys(book)) == (("数据",), (), ["1-1-101"])


def test_the_house_number_is_taken_before_an_internal_number(tmp_path: Path) -> None:
    rows = [["房产编号", "楼栋", "房号", "面积", "建筑面积"], ["FC001", "1号楼", "0101", 3, 80]]
    (house,) = read_here(a_workbook(tmp_path, rows)).houses
    assert (house.number, house.gross_area) == ("1-0101", 800000)


def test_codes_of_several_fields_in_one_note(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*HEAD, "状态", "用途"], [1, 1, 101, 80, "甲一", "", "A", "01"]]
    rows += [[1, 1, 102, 80, "乙一", "", "B", "02"], ["备注：状态 A=自住、B=出租、C=空置；用途：01住宅 02公寓"]]
    book = read_here(a_workbook(tmp_path, rows))
    assert [(h.state, h.house_type) for h in book.houses] == [("owner", "住宅"), ("let", "公寓")]
    assert book.warnings == ()


def test_columns_of_a_second_owner(tmp_path: Path) -> None:
    rows = [["房号", "业主1", "电话1", "业主2", "电话2"], ["1-1-101", "甲一", "13900000001", "甲二", "13900000002"]]
    assert [(p.name, p.relation, p.phone) for p in read_here(a_workbook(tmp_path, rows)).people] == [
        ("甲一", "owner", "13900000001"),
        ("甲二", "co_owner", "13900000002"),
    ]


def test_a_contact_is_not_the_owner(tmp_path: Path) -> None:
    rows = [["房号", "业主姓名", "紧急联系人", "紧急联系人电话"], ["1-1-101", "甲一", "某人", "13900000009"]]
    (person,) = read_here(a_workbook(tmp_path, rows)).people
    assert (person.name, person.phone) == ("甲一", None)


def test_sheets_of_another_estate_that_refer_to_one_another(tmp_path: Path) -> None:
    fees = ["收费编号", "收费名称", "计费方式", "单价", "附加金额", "周期(月)", "生效日期", "失效日期"]
    houses = ["房产编号", "所属楼宇", "所属单元", "房号", "产权面积", "客户编号", "收费项目", "起费日期"]
    sheets: dict[str, list[list[Any]]] = {
        "房产资料": [houses, ["FC1", "1号楼", "1单元", "0101", "80.5", "K001", "F1#F2", "2020.1.1#2020.2.1"]],
        "车位资料": [["车位编号", "车库", "客户编号", "租售"], ["A-01", "地下车库", "K001", "租"]],
        "客户资料": [["客户编号", "客户名称", "联系电话"], ["K001", "甲一", "138-0000-1111"]],
        "收费标准": [
            fees,
            ["F1", "物业费", "建筑面积*单价", "2.5元/㎡", "", 3, "2020.1.1", "2030.12.31"],
            ["F2", "垃圾费", "按户固定", "", 15, 12, "2020年1月1日", ""],
        ],
        "楼宇资料": [["楼宇名称", "楼层数", "电梯"], ["1号楼", 18, "是"]],
    }
    book = read_here(a_workbook(tmp_path, sheets))
    assert (book.rejected, book.rows) == ((), 6)
    assert [(h.number_key, h.owner_number, h.gross_area) for h in book.houses] == [("1-1-101", "K001", 805000)]
    assert [(p.owner_number, p.name, p.phone) for p in book.people] == [("K001", "甲一", "13800001111")]
    assert [(f.code, f.kind, f.cycle, f.price, f.fixed) for f in book.fees] == [
        ("F1", "area", "quarter", 2_500_000, 0),
        ("F2", "flat", "year", 15_000_000, 0),
    ]
    assert [(link.fee, link.start) for link in book.house_fees] == [("F1", date(2020, 1, 1)), ("F2", date(2020, 2, 1))]
    assert [(s.number, s.owner_number, s.tenure) for s in book.spaces] == [("A-01", "K001", "let")]
    assert [(b.code, b.floors, b.lift) for b in book.buildings] == [("1", 18, True)]


def test_a_column_of_relations_is_no_list_of_titles(tmp_path: Path) -> None:
    head = ["房号", "建筑面积", "姓名", "与业主关系"]
    people = [("王样例", "业主"), ("李样例", "共有人"), ("赵样例", "家庭成员"), ("钱样例", "租户")]
    rows: list[list[Any]] = [["3-1-0402", 89.2 if at == 0 else "", *one] for at, one in enumerate(people)]
    book = read_here(a_workbook(tmp_path, [head, *rows]))
    assert [person.relation for person in book.people] == ["owner", "co_owner", "family", "tenant"]


def test_what_no_form_would_take_is_not_taken_from_a_cell(tmp_path: Path) -> None:
    head = ["房号", "建筑面积", "姓名", "户型", "朝向", "房屋类型"]
    book = read_here(
        a_workbook(
            tmp_path,
            [
                head,
                ["3-1-0401", 80, "王" * 61, "", "", ""],
                ["3-1-" + "长" * 41, 80, "王样例", "", "", ""],
                ["3-1-0403", 80, "李样例", "厅" * 41, "", ""],
                ["3-1-0404", 80, "李样例", "", "南" * 41, ""],
                ["3-1-0405", 80, "李样例", "", "", "宅" * 41],
                ["3-1-0406", 80, "王" * 60, "厅" * 40, "南" * 40, "宅" * 40],
            ],
        )
    )
    assert sorted((row, column) for row, column, _ in reasons(book)) == [
        (2, "姓名"), (3, "房号"), (4, "户型"), (5, "朝向"), (6, "房屋类型"),
    ]  # fmt: skip
    assert keys(book) == ["3-1-406"]
