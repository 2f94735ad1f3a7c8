"""Whatever stands in the cells: records, reasons or a refusal, never another exception."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import idcard
from app.domain.problem import Problem
from reports.excel import people, recognise
from reports.excel.cells import Flaw
from reports.excel.sheet import Sheet
from reports.excel.tables import TABLES
from reports.excel.transport import decode, encode
from tests.reports.excel.making import TODAY

WORDS = [
    "3号楼",
    "1单元",
    "0402",
    "3-1-402",
    "张三、李四",
    "13900000001",
    "2020-06-01",
    "合计",
    "说明：",
    "89.5㎡",
    "1#2",
    "0",
    "商铺3",
    "-",
    "有",
]
TITLES = sorted({field.title for tables in TABLES.values() for table in tables for field in table.fields})
CELLS = st.one_of(
    st.just(""),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6).map(float),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from([Flaw("uncached"), Flaw("error")]),
)


@st.composite
def sheets(draw: st.DrawFn) -> list[Sheet]:
    made = []
    for name in draw(
        st.lists(
            st.sampled_from(["房屋", "车位", "费用", "3号楼", "业主", "押金", "办公室"]),
            min_size=1,
            max_size=2,
            unique=True,
        )
    ):
        head = draw(
            st.lists(
                st.sampled_from([*TITLES, "房号", "业主名称", "手机号", "身份证号", "租户姓名", ""]),
                min_size=1,
                max_size=7,
            )
        )
        rows: list[list[Any]] = [
            draw(st.lists(CELLS, min_size=len(head), max_size=len(head))) for _ in range(draw(st.integers(0, 5)))
        ]
        above = [[draw(CELLS), *[""] * (len(head) - 1)] for _ in range(draw(st.integers(0, 2)))]
        grid = [*above, list(head), *rows]
        span = (draw(st.integers(0, len(grid) - 1)), draw(st.integers(0, len(head) - 1)))
        merged = [
            (
                *span,
                min(span[0] + draw(st.integers(0, 3)), len(grid) - 1),
                min(span[1] + draw(st.integers(0, 3)), len(head) - 1),
            )
        ]
        made.append(Sheet(name, grid, merged))
    return made


@settings(max_examples=300, deadline=None)
@given(sheets(), st.sampled_from(sorted(TABLES)))
def test_any_cells(made: list[Sheet], kind: str) -> None:
    try:
        collected = recognise.recognise(made, kind, TODAY, {})
    except Problem:
        return
    book = decode(json.loads(json.dumps(encode(collected))))
    assert len({(f.sheet, f.row) for f in book.rejected}) == len(book.rejected) <= book.rows
    assert all(f.reason and f.code and f.row > 0 for f in (*book.rejected, *book.warnings))


@settings(max_examples=300, deadline=None)
@given(
    CELLS,
    st.sampled_from(sorted({field.key for tables in TABLES.values() for table in tables for field in table.fields})),
)
def test_each_parser(cell: Any, key: str) -> None:
    from reports.excel.cells import Memo
    from reports.excel.codes import Context, Notes

    for tables in TABLES.values():
        for table in tables:
            for field in table.fields:
                if field.key == key:
                    Memo(field.making(Context(TODAY, Notes()))).column([cell])


@given(
    st.dates(date(1890, 1, 1), date(2030, 1, 1)),
    st.integers(0, 999),
    st.sampled_from(["11", "44", "82", "99", "00"]),
    st.integers(0, 10),
)
def test_quick_document_check_agrees_with_the_rule(born: date, order: int, region: str, last: int) -> None:
    number = f"{region}0101{born:%Y%m%d}{order:03d}{'10X98765432'[last]}"
    outcome = idcard.check(idcard.IdKind.RESIDENT_ID, number, TODAY)
    assert people._is_sound(number, TODAY) == outcome.valid


def test_cells_of_time() -> None:
    grid: list[list[Any]] = [
        ["房号", "建筑面积", "交房日期"],
        ["1-1-101", time(1), timedelta(days=1)],
        ["1-1-102", 1.5, datetime(2020, 1, 1, 5)],
    ]
    collected = recognise.recognise([Sheet("房屋", grid, [])], "houses", TODAY, {})
    assert [row[1] for row in collected.rejected] == [2]
