"""The two workbooks that estates really filled in, value by value."""

from __future__ import annotations

from datetime import date

from tests.reports.excel.making import REAL, read_here


def test_import_room() -> None:
    book = read_here(REAL / "importRoom.xlsx")
    assert (book.rows, book.sheets, book.rejected) == (1, ("资产信息",), ())
    (house,) = book.houses
    assert (house.sheet, house.row, house.kind) == ("资产信息", 2, "house")
    assert (house.number, house.number_key) == ("1-1-1001", "1-1-1001")
    assert (house.building, house.entrance, house.floor, house.room) == ("1", "1", 1, "1001")
    assert (house.floors, house.lift, house.house_type, house.layout) == (33, True, "住宅", "10102")
    assert (house.gross_area, house.net_area, house.rent) == (945600, 945600, None)
    assert house.state == "owner"
    (person,) = book.people
    assert (person.name, person.relation, person.sex, person.kind) == ("赵样例", "owner", "male", "person")
    assert (person.house_key, person.phone) == ("1-1-1001", "19900000001")
    assert (person.id_number, person.id_kind, person.id_verified) == ("110199199001010001", "resident_id", False)
    (warning,) = book.warnings
    assert (warning.sheet, warning.row, warning.column) == ("资产信息", 2, "身份证号")
    assert warning.value == "110199199001010001"
    assert "校验码" in warning.reason


def test_hc() -> None:
    book = read_here(REAL / "hc.xlsx")
    assert book.rejected == ()
    assert book.rows == 26 + 5 + 2 + 8 + 1
    assert set(book.sheets) == {"楼栋单元", "业主信息", "费用设置", "房屋信息", "车位信息"}
    assert [(b.code, b.entrance, b.floors, b.lift) for b in book.buildings] == [
        (str(n), str(e), 33, True) for n in range(1, 14) for e in (1, 2)
    ]


def test_hc_houses() -> None:
    book = read_here(REAL / "hc.xlsx")
    rooms = [1011, 1012, 1013, 1014, 1021, 1022, 1023, 1024]
    assert [house.number for house in book.houses] == [f"1-1-{room}" for room in rooms]
    assert [house.floor for house in book.houses] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert [house.owner_number for house in book.houses] == [str(n) for n in range(1, 9)]
    assert {(h.gross_area, h.net_area, h.house_type, h.layout, h.rent, h.state) for h in book.houses} == {
        (945600, 945600, "住宅", "10102", None, None)
    }


def test_hc_owners() -> None:
    book = read_here(REAL / "hc.xlsx")
    assert [(p.owner_number, p.name, p.phone) for p in book.people] == [
        ("1", "赵样例", None),
        ("2", "张三1", "19900000002"),
        ("3", "张三2", "19900000003"),
        ("4", "张三3", "19900000004"),
        ("5", "张三4", "19900000005"),
    ]
    assert {(p.relation, p.sex, p.id_number, p.id_verified, p.house_key) for p in book.people} == {
        ("owner", "male", "11019919910101000X", True, None)
    }


def test_hc_fees_and_space() -> None:
    book = read_here(REAL / "hc.xlsx")
    assert [(f.code, f.name, f.kind, f.cycle, f.when, f.price, f.fixed) for f in book.fees] == [
        ("1", "测试收费1", "area", "half_year", "advance", 1_300_000, 20_000_000),
        ("2", "测试收费2", "area", "quarter", "advance", 1_000_000, 20_000_000),
    ]
    assert {(f.valid_from, f.valid_to) for f in book.fees} == {(date(2020, 6, 10), date(2037, 1, 1))}
    june, july = date(2020, 6, 10), date(2020, 7, 10)
    assert [(link.house_key, link.fee, link.start) for link in book.house_fees] == [
        ("1-1-1011", "1", june),
        ("1-1-1011", "2", july),
        ("1-1-1012", "1", june),
        ("1-1-1013", "2", june),
        ("1-1-1014", "1", june),
        ("1-1-1014", "2", july),
        ("1-1-1021", "2", june),
        ("1-1-1022", "2", june),
        ("1-1-1023", "2", june),
        ("1-1-1024", "1", june),
        ("1-1-1024", "2", july),
    ]
    (space,) = book.spaces
    assert (space.number, space.number_key, space.lot, space.place) == ("C0001", "P:1:C0001", "1", "地上停车位")
    assert (space.area, space.owner_number, space.tenure) == (983200, None, None)
