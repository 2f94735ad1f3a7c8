"""An equipment ledger in a workbook: its columns by many names, its rows, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.problem import Problem
from reports.excel.columns import Field
from reports.excel.equipment_columns import EQUIPMENT
from tests.reports.excel.making import a_workbook, read_here

HEAD = ["序号", "设备编号", "设备名称", "设备类别", "设备类型", "安装位置", "品牌", "规格型号", "出厂编号", "出厂日期",
        "启用日期", "质保期至", "生产厂家", "维保单位", "维保合同到期日", "使用登记证号", "检验合格证号",
        "下次检验日期", "状态", "上次维保日期", "备注"]  # fmt: skip
FULL = [1, "DT-01", "1号楼客梯", "电梯", "客梯", "1号楼1单元", "通力", "KX-1", "SN 123", date(2019, 5, 1),
        "2019年8月", "2021.8.1", "某某电梯厂", "某某维保", 46387, "梯11京A", "TS-1", "2027-03", "正常",
        date(2026, 11, 5), "重点"]  # fmt: skip


def test_all_columns_of_a_ledger(tmp_path: Path) -> None:
    book = read_here(a_workbook(tmp_path, {"设备台账": [["样例花园设备台账"], HEAD, FULL]}, ()), "equipment")
    (row,) = book.equipment
    assert (row.row, row.number, row.name, row.category, row.type) == (3, "DT-01", "1号楼客梯", "电梯", "客梯")
    assert (row.place, row.brand, row.model, row.serial) == ("1号楼1单元", "通力", "KX-1", "SN123")
    assert (row.manufactured, row.in_service, row.warranty_end) == (
        date(2019, 5, 1), date(2019, 8, 1), date(2021, 8, 1))  # fmt: skip
    assert (row.maker, row.maintainer, row.contract_end) == ("某某电梯厂", "某某维保", date(2026, 12, 31))
    assert (row.registration, row.certificate, row.certificate_end) == ("梯11京A", "TS-1", date(2027, 3, 31))
    assert (row.state, row.last_done, row.remark) == ("in_use", date(2026, 11, 5), "重点")
    assert (book.rows, book.rejected, book.warnings) == (1, (), ())


@pytest.mark.parametrize("field", EQUIPMENT.fields, ids=lambda field: field.key)
def test_each_word_names_its_column(tmp_path: Path, field: Field) -> None:
    sample = "2026-06-01" if field.key in ("last_done", "in_service") or "日期" in field.title else "在用"
    sample = "2026-06-01" if field.key.endswith("_end") else sample
    for word in (field.title, *field.words.split()):
        head: list[Any] = ["设备编号", "设备名称"] if field.key not in ("number", "name") else []
        head = head or (["设备名称"] if field.key == "number" else ["设备编号"])
        path = a_workbook(tmp_path, [[*head, word], [*(["A1", "B1"][: len(head)]), sample]])
        (record,) = read_here(path, "equipment").equipment
        assert getattr(record, field.key) is not None, word


@pytest.mark.parametrize(
    ("word", "state"),
    [("在用", "in_use"), ("正常运行", "in_use"), ("停用", "stopped"), ("备用", "stopped"),
     ("已停运", "stopped"), ("未启用", "stopped"), ("已报废", "scrapped"), ("拆除", "scrapped"), ("", None)],
)  # fmt: skip
def test_states(tmp_path: Path, word: str, state: str | None) -> None:
    book = read_here(a_workbook(tmp_path, [["编号", "名称", "状态"], ["A1", "水泵", word]]), "equipment")
    assert (book.equipment[0].state, book.warnings) == (state, ())


def test_an_unknown_state_counts_as_in_use_with_a_doubt(tmp_path: Path) -> None:
    book = read_here(a_workbook(tmp_path, [["编号", "名称", "状态"], ["A1", "水泵", "甲类"]]), "equipment")
    assert book.equipment[0].state == "in_use"
    assert [(w.row, w.code) for w in book.warnings] == [(2, "equipment.state")]


def test_rows_that_are_not_taken_say_why(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["编号", "名称", "启用日期"], ["A1", "水泵", "2020-01-01"], ["A1", "又一台", ""]]
    rows += [["", "没编号", ""], ["A3", "", "2020-01-01"], ["A4", "坏日期", "2020-13-01"], ["合计", "", ""]]
    book = read_here(a_workbook(tmp_path, {"一": rows, "二": [["编号", "名称"], ["A1", "另一张表"]]}), "equipment")
    assert [record.number for record in book.equipment] == ["A1"]
    assert [(f.sheet, f.row, f.code) for f in book.rejected] == [
        ("一", 6, "cell.date"), ("一", 3, "row.twice"), ("一", 4, "equipment.number_missing"),
        ("一", 5, "equipment.name_missing"), ("二", 2, "row.twice"),
    ]  # fmt: skip


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem) as why:
        read_here(a_workbook(tmp_path, [["甲", "乙"], [1, 2]]), "equipment")
    assert why.value.code == "import.nothing"
    assert "设备编号" in str(why.value.hint)
