import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.house_order import HouseKind, HouseNumber, display, from_fields, parking, parse, sort_key
from app.domain.problem import Problem

LABELS = st.one_of(
    st.text(),
    st.text(alphabet="0123456789-#ABC号楼栋座单元层室商铺底地下负一二十区储"),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["2号楼", "十栋", "A座", "12-", "3#"]),
        st.sampled_from(["", "3单元", "1-", "二门"]),
        st.sampled_from(["0501", "501室", "1102A", "五层01室", "商12", "底商3号", "储8", "12层1203"]),
    ),
)
CELLS = st.none() | st.integers(0, 9999) | st.text(max_size=8) | st.sampled_from(["2号楼", "3单元", "0501", "商3"])


@given(LABELS)
def test_a_normal_form_is_its_own_normal_form(label: str) -> None:
    number = parse(label)
    again = parse(number.normalized)
    assert (again.kind, again.normalized) == (number.kind, number.normalized)
    if number.kind == HouseKind.UNPARSED:
        assert number.number == label.strip()
    else:
        assert parse(number.number).normalized == number.normalized


@given(CELLS, CELLS, CELLS, st.none() | st.integers(-3, 60), st.sampled_from(["house", "shop", "parking", "storage"]))
def test_any_columns_are_read_or_refused(
    building: str | int | None, entrance: str | int | None, room: str | int | None, floor: int | None, kind: str
) -> None:
    try:
        number = from_fields(building, entrance, room, floor, kind)
    except Problem as refused:
        assert refused.code == "house.room_missing"  # noqa: PT017
    else:
        assert number.normalized
        assert sort_key(number)
        assert display(building, entrance, room, floor, kind) == number.number


@given(st.lists(LABELS, max_size=12))
def test_the_order_is_total(labels: list[str]) -> None:
    numbers = [parse(label) for label in labels]
    keys = {sort_key(number): number.normalized for number in numbers}
    assert len(keys) == len({(number.kind, number.normalized) for number in numbers})
    kinds = [parse(keys[key]).kind for key in sorted(keys)]
    ranks = [list(HouseKind).index(kind) for kind in kinds]
    assert ranks == sorted(ranks)


@given(st.integers(1, 999), st.integers(1, 20), st.integers(1, 99), st.integers(0, 99))
def test_columns_and_label_agree(building: int, entrance: int, floor: int, room: int) -> None:
    typed = f"{floor}{room:02d}"
    label = parse(f"{building}号楼{entrance}单元0{typed}" if len(typed) < 5 else f"{building}-{entrance}-{typed}")
    fields = from_fields(f"{building}号楼", f"{entrance}单元", typed)
    assert fields.normalized == label.normalized == f"{building}-{entrance}-{typed}"
    assert sort_key(fields) == sort_key(label)


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 9), st.integers(1, 60), st.integers(0, 99)), max_size=10))
def test_by_value(places: list[tuple[int, int, int, int]]) -> None:
    labels = {place: f"{place[0]}-{place[1]}-{place[2]}{place[3]:02d}" for place in places}
    in_order = sorted(labels, key=lambda place: sort_key(parse(labels[place])))
    assert in_order == sorted(labels)


@pytest.mark.parametrize(
    ("fields", "normal", "number", "floor", "room"),
    [
        (("2号楼", "3单元", "0501"), "2-3-501", "2-3-0501", 5, "01"),
        (("3", "1", "0402"), "3-1-402", "3-1-0402", 4, "02"),
        ((1, 1, 1011, 1), "1-1-1011", "1-1-1011", 1, "1011"),
        ((1, 1, "0402", 4), "1-1-402", "1-1-0402", 4, "02"),
        ((1, 0, 3), "1-商3", "1-商3", None, "3"),
        (("1", "0", "商铺03"), "1-商3", "1-商03", None, "3"),
        ((None, None, "商3"), "商3", "商3", None, "3"),
        (("A座", None, "1203室"), "A-1203", "A-1203", 12, "03"),
        (("二号楼", "三单元", "501"), "2-3-501", "2-3-501", 5, "01"),
        (("2", "3", "01", 5), "2-3-501", "2-3-501", 5, "01"),
        (("2", "3", "东户", 5), "2-3-东户", "2-3-东户", 5, "东户"),
        (("2", "3", "2号楼3单元0501"), "2-3-501", "2-3-0501", 5, "01"),
        ((None, None, "2-3-501"), "2-3-501", "2-3-501", 5, "01"),
        ((5, 2, "1102a"), "5-2-1102A", "5-2-1102A", 11, "02A"),
        (("南苑", 1, "101"), "南苑-1-101", "南苑-1-101", 1, "01"),
        (("2", None, "15", None, "storage"), "2-储15", "2-储15", None, "15"),
    ],
)
def test_columns(fields: tuple[object, ...], normal: str, number: str, floor: int | None, room: str) -> None:
    found = from_fields(*fields)  # type: ignore[arg-type]
    assert (found.normalized, found.number, found.floor, found.room) == (normal, number, floor, room)


@pytest.mark.parametrize(
    ("label", "normal"),
    [
        ("2-3-501", "2-3-501"),
        ("２－３－５０１", "2-3-501"),
        ("2——3——501", "2-3-501"),
        ("2#-3-501", "2-3-501"),
        ("2号楼3门501号", "2-3-501"),
        ("B1203", "B-1203"),
        ("b-2-301", "B-2-301"),
        ("12层3室", None),
        ("5栋12层3室", "5-1203"),
        ("5栋12层1203", "5-1203"),
        ("5栋12层1303", None),
        ("3-001", None),
        ("501", None),
        ("2-3", None),
        ("2-3-123456", None),
        ("负1层A-007", "B1-A7"),
        ("地下二层15号", "B2-15"),
        ("B2-000", None),
        ("6-商12", "6-商12"),
        ("底商三", "商3"),
        ("十二栋1单元301", "12-1-301"),
        ("九十九栋301", "99-301"),
        ("一百栋301", None),
        ("0-1-101", None),
        ("2026-03-01", None),
        ("", None),
    ],
)
def test_labels(label: str, normal: str | None) -> None:
    number = parse(label)
    assert (None if number.kind == HouseKind.UNPARSED else number.normalized) == normal


def test_parking_that_is_not_read_keeps_its_text() -> None:
    assert parking("1", "C0001").normalized == "P:1:C0001"
    assert parking("1", "A1203").kind == HouseKind.PARKING
    assert parking(None, "B2-015").normalized == "B2-15"
    assert sort_key(parking("1", "B2-015")) < sort_key(parking("1", "C0002")) < sort_key(parking("1", "C0010"))


def test_a_floor_from_a_column_orders_the_rooms() -> None:
    rooms = [from_fields(1, 1, room, floor) for floor, room in ((2, 1021), (1, 1012), (1, 1011), (10, 1101))]
    ordered: list[HouseNumber] = sorted(rooms, key=sort_key)
    assert [number.room for number in ordered] == ["1011", "1012", "1021", "1101"]
