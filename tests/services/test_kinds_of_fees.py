"""Shared costs, percentages, formulas and prices a person, from their tariff to the posted line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.money import Fen
from app.domain.period import Cycle, When
from app.domain.problem import Problem
from app.domain.tariff import Scope
from app.services import (
    approvals,
    billing,
    counter,
    fees,
    look_up,
    printing,
    readings,
    shared_costs,
    tariff_copy,
    tariffs,
    verification,
)
from app.services.billing_choice import Chosen
from app.services.fees import NewItem
from app.services.refused import Refused
from app.services.shared_costs import NewCost
from app.services.two_persons import Waiting
from tests.builders import Office
from tests.reports.making import pages


def _lines(office: Office, code: str) -> list[tuple[str, int]]:
    return [
        (str(number), int(fen))
        for number, fen in office.sql(
            "SELECT h.number, c.amount FROM charge c JOIN house h ON h.id = c.house_id "
            f"JOIN fee_item i ON i.id = c.item_id WHERE i.code = '{code}' ORDER BY h.sort_key, c.id"
        )
    ]


def _ok(office: Office) -> None:
    report = verification.verify(office.manager)
    assert report.ok, [check for check in report.checks if not check.ok]


def _people(office: Office, house: str, count: int, since: str = "2026-01-01") -> None:
    with office.manager.transaction(write=True) as work:
        house_id = look_up.house(work, house).id
        work.many("house_people", ("house_id", "valid_from", "people"), [(house_id, since, count)])
        work.audit("test.people", "house")


def test_a_cost_is_divided_by_area_to_the_fen(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102"), area=893_700).with_houses(("4-1-0101", "4-1-0102"), area=1_264_800)
    office.with_item("GT", "shared", {"by": "area"})
    shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(123_456), invoice="F1"))
    done = office.bill("2026-07")
    assert (done.lines, done.amount_fen, done.exceptions) == (4, 123_456, ())
    assert [fen for _, fen in _lines(office, "GT")] == [25558, 25558, 36170, 36170]
    ((inputs, quantity, price),) = office.sql("SELECT inputs, quantity, price FROM charge_part ORDER BY id LIMIT 1")
    assert inputs == '{"by":"按建筑面积","cost":"1234.56","total_weight":"431.7"}'
    assert (quantity, price) == (893_700, 0)
    assert office.bill("2026-07").already_posted == 4
    _ok(office)


def test_the_bill_of_a_divided_cost_names_the_weights_and_no_price(office: Office, tmp_path: Path) -> None:
    office.with_houses(("3-1-0101", "3-1-0102")).with_item("GT", "shared", {"by": "area"}, name="公摊电费")
    office.with_item("QZ", "formula", {"formula": "面积 * 0.5 * 月数"}, name="清洁费")
    office.with_item("JD", "area", "2.35", cycle=Cycle.QUARTER, name="季度费")
    shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(123_456)))
    office.bill("2026-07")
    printing.print_bills(office.manager, "2026-07", tmp_path / "b.pdf")
    text = "".join(page.text for page in pages(tmp_path / "b.pdf")).replace(" ", "")
    assert "1,234.56×89.2/178.4" in text
    assert "89.2m²×2.35×3月" in text
    assert "面积*0.5*月数" in text
    assert "0.00" not in text.split("本期小计")[0]
    hows = [line.how for line in counter.call_up(office.manager, "3-1-0101").lines]
    assert "按建筑面积分摊" in hows


def test_costs_of_a_building_and_of_the_estate_stand_on_one_line(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102")).with_houses(("4-1-0101",)).with_item("GT", "shared", {"by": "house"})
    shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(10_000)))
    shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(3_001), building="3号楼"))
    office.bill("2026-07")
    assert _lines(office, "GT") == [("3-1-0101", 3334 + 1501), ("3-1-0102", 3333 + 1500), ("4-1-0101", 3333)]
    _ok(office)


def test_without_a_cost_nobody_is_charged_and_a_warning_says_so(office: Office) -> None:
    office.with_houses().with_item("GT", "shared", {"by": "area"})
    seen = billing.preview(office.manager, "2026-07")
    assert (seen.lines, seen.exceptions) == (0, ())
    assert seen.warnings == ("费GT 在 2026-06-01 至 2026-06-30 的公摊费用还没有录入，本次不收。",)


def test_a_house_that_cannot_be_weighed_stops_the_item(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_houses(("4-1-0101",), area=None).with_item("GT", "shared", {"by": "area"})
    shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(10_000)))
    seen = billing.preview(office.manager, "2026-07")
    assert [(e.house, e.reason) for e in seen.exceptions] == [("4-1-0101", "no_area")]
    assert seen.lines == 0
    assert "补齐以前全部不收" in seen.warnings[0]


def test_the_floor_weighs_and_a_weight_of_nothing_pays_nothing(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0201", "3-1-0301"), area=1_000_000)
    floors = [{"to": "1", "factor": "0"}, {"to": "2", "factor": "0.5"}, {"to": None, "factor": "1"}]
    office.with_item("DT", "shared", {"by": "floor", "floors": floors})
    shared_costs.add(office.manager, NewCost("DT", "2026-06", Fen(30_000)))
    office.bill("2026-07")
    assert _lines(office, "DT") == [("3-1-0101", 0), ("3-1-0201", 10_000), ("3-1-0301", 20_000)]
    _ok(office)


def test_usage_weighs_by_the_readings_that_close_the_period(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102")).with_item("SF", "meter", "3.5")
    office.with_item("SG", "shared", {"by": "usage", "usage_of": "SF"})
    for house, usage in (("3-1-0101", "30"), ("3-1-0102", "10")):
        office.with_meter(house)
        readings.add(office.manager, house, "水", usage, date(2026, 7, 2))
    shared_costs.add(office.manager, NewCost("SG", "2026-06", Fen(4_000)))
    office.bill("2026-07")
    assert _lines(office, "SG") == [("3-1-0101", 3000), ("3-1-0102", 1000)]


def test_a_posted_cost_stays_and_an_invoice_counts_once(office: Office) -> None:
    office.with_houses().with_item("GT", "shared", {"by": "house"}).with_item("WY")
    first = shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(100), invoice="F1"))
    with pytest.raises(Refused, match="已经录过") as why:
        shared_costs.add(office.manager, NewCost("GT", "2026-05", Fen(100), invoice="F1"))
    assert why.value.field == "invoice"
    second = shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(300), invoice="F2"))
    assert (first.cost, second.cost) == (1, 2)
    earlier = shared_costs.add(office.manager, NewCost("GT", "2026-05", Fen(7)))
    assert (earlier.first, earlier.amount_fen) == (date(2026, 5, 1), 7)
    shared_costs.drop(office.manager, "GT", "2026-05", 1)
    shared_costs.drop(office.manager, "GT", "2026-06", 1)
    assert [row.amount_fen for row in shared_costs.listing(office.manager)] == [300]
    office.bill("2026-07")
    for act in (
        lambda: shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(5))),
        lambda: shared_costs.drop(office.manager, "GT", "2026-06", 1),
    ):
        with pytest.raises(Refused, match="已经出过账"):
            act()
    with pytest.raises(Refused, match="不是公摊"):
        shared_costs.add(office.manager, NewCost("WY", "2026-06", Fen(5)))
    with pytest.raises(Refused, match="不能是 0"):
        shared_costs.add(office.manager, NewCost("GT", "2026-08", Fen(0)))


def test_a_percentage_follows_what_the_item_comes_to(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102")).with_item("SF", "meter", "3.5").with_meter("3-1-0101")
    fees.add(office.manager, NewItem("WS", "污水费", "percent"))
    tariffs.add(office.manager, "WS", date(2026, 1, 1), {"percent": "12.5", "of": ["SF"]})
    readings.add(office.manager, "3-1-0101", "水", "11", date(2026, 6, 30))
    done = office.bill("2026-07")
    assert _lines(office, "SF") == [("3-1-0101", 3850)]
    assert _lines(office, "WS") == [("3-1-0101", 481)]
    assert {(e.house, e.item, e.reason) for e in done.exceptions} == {
        ("3-1-0102", "SF", "no_reading"), ("3-1-0102", "WS", "no_base"),
    }  # fmt: skip
    office.with_meter("3-1-0102")
    readings.add(office.manager, "3-1-0102", "水", "4", date(2026, 6, 30))
    again = office.bill("2026-07")
    assert (again.lines, _lines(office, "WS")) == (2, [("3-1-0101", 481), ("3-1-0102", 175)])
    _ok(office)


def test_a_percentage_of_what_an_earlier_run_posted(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("WY", price="2.35")
    office.bill("2026-07")
    fees.add(office.manager, NewItem("FJ", "附加", "percent", when=When.ADVANCE))
    tariffs.add(office.manager, "FJ", date(2026, 1, 1), {"percent": "10", "of": "WY"})
    office.bill("2026-07")
    assert _lines(office, "FJ") == [("3-1-0101", 2096)]


def test_a_percentage_waits_for_all_that_it_is_taken_of(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102")).with_item("CF", "flat", "20").with_item(
        "RT", "flat", {"price": "10", "per": "head"}
    )
    office.with_item("PS", "percent", {"percent": "10", "of": ["RT", "CF"]}, when=When.ADVANCE)
    _people(office, "3-1-0101", 2)
    done = office.bill("2026-02")
    assert _lines(office, "PS") == [("3-1-0101", 400)]
    assert {(e.house, e.item, e.reason) for e in done.exceptions} == {
        ("3-1-0102", "RT", "no_people"), ("3-1-0102", "PS", "no_base"),
    }  # fmt: skip
    _people(office, "3-1-0102", 2)
    office.bill("2026-02")
    assert _lines(office, "PS") == [("3-1-0101", 400), ("3-1-0102", 400)]
    _ok(office)


def test_a_percentage_of_a_percentage_of_nothing_does_not_wait(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("WY", price="2.35").with_item("SF", "meter", "3.5")
    office.with_item("WS", "percent", {"percent": "10", "of": ["SF"]}, when=When.ADVANCE)
    office.with_item("FJ", "percent", {"percent": "10", "of": ["WY", "WS"]}, when=When.ADVANCE)
    office.bill("2026-07")
    assert (_lines(office, "WS"), _lines(office, "FJ")) == ([], [("3-1-0101", 2096)])


def test_a_percentage_waits_for_what_a_run_leaves_out(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("CF", "flat", "20").with_item("RT", "flat", "20")
    office.with_item("PS", "percent", {"percent": "10", "of": ["RT", "CF"]}, when=When.ADVANCE)
    some = billing.post(office.manager, "2026-02", chosen=Chosen(items=("CF", "PS")))
    assert {(e.item, e.reason) for e in some.exceptions} == {("PS", "no_base")}
    office.bill("2026-02")
    assert _lines(office, "PS") == [("3-1-0101", 400)]


def test_a_percentage_waits_for_a_cost_that_is_still_to_come(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("CF", "flat", "20", when=When.ARREAR)
    office.with_item("GT", "shared", {"by": "house"}, when=When.ARREAR)
    office.with_item("PS", "percent", {"percent": "10", "of": ["GT", "CF"]}, when=When.ARREAR)
    office.bill("2026-07")
    assert _lines(office, "PS") == []
    shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(1000)))
    office.bill("2026-07")
    assert _lines(office, "PS") == [("3-1-0101", 300)]


def test_a_percentage_for_one_house_leaves_the_base_of_the_others(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102"), area=1_000_000)
    office.with_item("WY", "area", "2").with_item("LJ", "flat", "30")
    office.with_item("BL", "percent", {"percent": "10", "of": "WY"}, when=When.ADVANCE)
    own = {"percent": "10", "of": ["LJ"]}
    tariffs.add(office.manager, "BL", date(2026, 1, 1), own, Scope.HOUSE, "3-1-0102")
    office.bill("2026-07")
    assert _lines(office, "BL") == [("3-1-0101", 2000), ("3-1-0102", 300)]
    _ok(office)


def test_a_percentage_waits_for_a_base_that_is_still_to_be_billed(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102"), area=1_000_000).with_item("WY", "area", "2").with_item("LJ", "flat")
    tariffs.add(office.manager, "LJ", date(2026, 1, 1), {"price": "10", "per": "head"}, Scope.HOUSE, "3-1-0102", "x")
    office.with_item("SF", "meter", "3.5", when=When.ADVANCE)
    office.with_item("BL", "percent", {"percent": "10", "of": "WY,LJ,SF"}, when=When.ADVANCE)
    chosen = billing.post(office.manager, "2026-07", None, Chosen(items=("WY", "BL")))
    assert {(e.house, e.item, e.reason) for e in chosen.exceptions} == {
        (house, "BL", "no_base") for house in ("3-1-0101", "3-1-0102")
    }
    first = office.bill("2026-07")
    assert ("3-1-0102", "BL", "no_base") in {(e.house, e.item, e.reason) for e in first.exceptions}
    assert _lines(office, "BL") == [("3-1-0101", 2024)]
    _people(office, "3-1-0102", 3)
    office.bill("2026-07")
    assert _lines(office, "BL") == [("3-1-0101", 2024), ("3-1-0102", 2300)]
    _ok(office)


def test_percentages_in_a_circle_are_refused_at_the_field(office: Office) -> None:
    for code in ("A", "B", "C"):
        fees.add(office.manager, NewItem(code, code, "percent"))
    tariffs.add(office.manager, "A", date(2026, 1, 1), {"percent": "10", "of": ["B"]})
    tariffs.add(office.manager, "B", date(2026, 1, 1), {"percent": "10", "of": ["C"]})
    for code, base in (("C", "A"), ("C", "C")):
        with pytest.raises(Refused, match="绕成了圈") as why:
            tariffs.add(office.manager, code, date(2026, 1, 1), {"percent": "10", "of": [base]})
        assert why.value.field == "of"
    with pytest.raises(Refused, match="没有这个收费项目"):
        tariffs.add(office.manager, "C", date(2026, 1, 1), {"percent": "10", "of": ["ZZ"]})


def test_a_house_where_nobody_lives_is_charged_nothing_a_head(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102"))
    _people(office, "3-1-0101", 0)
    office.with_item("LJ", "flat", {"price": "6", "per": "head"})
    done = office.bill("2026-07")
    assert _lines(office, "LJ") == [("3-1-0101", 0)]
    assert [(e.house, e.reason) for e in done.exceptions] == [("3-1-0102", "no_people")]
    _ok(office)


def test_a_formula_and_a_price_a_person(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-1102"))
    _people(office, "3-1-0101", 3)
    office.with_item("LJ", "flat", {"price": "6", "per": "head"})
    office.with_item("ZH", "formula", {"formula": "面积 * 0.1 * 月数 + max(楼层 - 1, 0) * 0.5"})
    done = office.bill("2026-07")
    assert _lines(office, "LJ") == [("3-1-0101", 1800)]
    assert _lines(office, "ZH") == [("3-1-0101", 892), ("3-1-1102", 1392)]
    assert [(e.house, e.item, e.reason) for e in done.exceptions] == [("3-1-1102", "LJ", "no_people")]
    ((inputs,),) = office.sql("SELECT inputs FROM charge_part WHERE inputs LIKE '%formula%' ORDER BY id LIMIT 1")
    assert '"楼层":"1"' in str(inputs)
    _ok(office)


def test_a_formula_with_usage_bills_all_meters_of_the_house_once(office: Office) -> None:
    office.with_houses(("3-1-0101",))
    office.with_item("NQ", "formula", {"formula": "用量 * 0.2 + 面积 * 1.5"}, when=When.ARREAR)
    for meter, value in (("热1", "100"), ("热2", "50")):
        office.with_meter("3-1-0101", "NQ", meter)
        readings.add(office.manager, "3-1-0101", meter, value, date(2026, 6, 30))
    office.bill("2026-07")
    assert _lines(office, "NQ") == [("3-1-0101", 3000 + 13380)]
    assert office.sql("SELECT count(*), count(DISTINCT reading_id) FROM charge_part") == [(2, 2)]
    assert office.bill("2026-08").exceptions[0].reason == "no_reading"
    _ok(office)


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("formula", {"formula": "体积 * 2"}, "formula.unknown_name"),
        ("formula", {"formula": "面积 / 0"}, "formula.zero"),
        ("formula", {}, "formula.missing"),
        ("percent", {"percent": "0", "of": ["WY"]}, "tariff.percent"),
        ("percent", {"percent": "10"}, "tariff.of"),
        ("shared", {"by": "height"}, "tariff.by"),
        ("shared", {"by": "usage"}, "tariff.usage_of"),
        ("shared", {"by": "floor", "floors": [{"to": "5", "factor": "1"}]}, "tariff.floors"),
        ("shared", {"by": "floor", "floors": [{"to": "5", "factor": "1"}, {"to": "3", "factor": "1"}, {"factor": "1"}]},
         "tariff.floors"),
        ("flat", {"price": "3", "per": "cat"}, "tariff.format"),
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_say_why(office: Office, kind: str, params: dict[str, object], code: str) -> None:
    office.with_item("WY")
    fees.add(office.manager, NewItem("X", "某项", kind))
    with pytest.raises((Problem, Refused)) as why:
        tariffs.add(office.manager, "X", date(2026, 1, 1), params)
    problem = why.value.problem if isinstance(why.value, Refused) else why.value
    assert problem.code == code


def test_from_the_terminal(office: Office) -> None:
    office.with_houses()
    assert office.command("fee", "add", "GT", "公摊电费", "--kind", "shared", "--vat-rate", "0.06")[0] == 0
    assert office.command("fee", "list")[1]["items"][0]["vat_rate"] == "0.06"
    assert office.command("tariff", "add", "GT", "--from", "2026-01-01", "--by", "house")[0] == 0
    status, said = office.command("cost", "add", "GT", "99.99", "--period", "2026-06", "--invoice", "F9")
    assert (status, said["amount_fen"], said["from"], said["billed"]) == (0, 9999, "2026-06-01", False)
    assert [row["invoice"] for row in office.command("cost", "list")[1]["costs"]] == ["F9"]
    assert office.command("bill", "run", "--period", "2026-07")[1]["amount_fen"] == 9999
    status, said = office.command("cost", "drop", "GT", "1", "--period", "2026-06")
    assert (status, said["error"]["code"]) == (3, "cost_billed")
    assert office.command("fee", "add", "ZH", "综合费", "--kind", "formula")[0] == 0
    status, said = office.command("tariff", "add", "ZH", "--from", "2026-01-01", "--formula", "面积 * 体积")
    assert (status, said["error"]["code"]) == (3, "formula.unknown_name")
    assert office.command("fee", "add", "YJ", "押金", "--kind", "deposit", "--vat-rate", "0.06")[1]["error"][
        "code"
    ] == ("fee.deposit")


def test_a_deposit_is_never_billed_by_a_run(office: Office) -> None:
    office.with_houses().with_item("YJ", "deposit", "500", houses="listed")
    fees.assign(office.manager, "YJ", "3-1-0101", date(2026, 7, 3))
    assert office.bill("2026-07").lines == 0


def test_next_years_prices_are_a_copy_with_a_percentage(office: Office) -> None:
    office.with_houses().with_item("WY", price="2.35").with_item("GT", "shared", {"by": "house"})
    office.with_tariff("WY", "2.8", "2026-01-01", Scope.HOUSE, "3-1-0101")
    tiers = {"tiers": [{"up_to": "180", "price": "3.5"}, {"up_to": None, "price": "8"}]}
    office.with_item("SF", "meter", tiers)
    seen = tariff_copy.rehearse(office.manager, date(2027, 1, 1), 3_000_000)
    assert [(price.item, price.scope) for price in seen] == [("SF", "estate"), ("WY", "estate"), ("WY", "house")]
    office.bill("2026-07")
    office.with_staff("赵财务")
    asked = tariff_copy.copy(office.seat("赵财务"), date(2027, 1, 1), 3_000_000, "业主大会表决")
    assert isinstance(asked, Waiting)
    approvals.yes(office.manager, asked.request)
    new = {(row.item, row.scope): row.params for row in tariffs.listing(office.manager) if row.valid_from.year == 2027}
    assert new["WY", "estate"] == {"price": "2.42"}
    assert new["WY", "house"] == {"price": "2.88"}
    assert [tier["price"] for tier in new["SF", "estate"]["tiers"]] == ["3.61", "8.24"]
    old = [row.valid_to for row in tariffs.listing(office.manager) if row.valid_from.year == 2026 and row.item != "GT"]
    assert set(old) == {date(2026, 12, 31)}
    with pytest.raises(Refused, match="没有可以复制的价格"):
        tariff_copy.copy(office.seat("赵财务"), date(2027, 1, 1), 0, "再来")
    with pytest.raises(Refused, match="-100% 到 100%"):
        tariff_copy.rehearse(office.manager, date(2027, 1, 1), 200_000_000)
    argv = ("tariff", "copy", "--from", "2028-01-01", "--percent=-10", "--items", "WY", "--dry-run")
    status, said = office.command(*argv)
    assert (status, [price["after"] for price in said["prices"]]) == (0, [{"price": "2.18"}, {"price": "2.59"}])
