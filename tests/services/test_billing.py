"""The bill run through its doors: what is posted, once; what is left out, and why; what a void takes back."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.period import Cycle, When
from app.domain.tariff import Scope
from app.services import adjustments, billing, fee_file, fees, readings, receipts, tariffs, verification
from app.services.adjustments import Change
from app.services.billing_choice import Chosen
from app.services.fees import NewItem
from app.services.purse import Wish
from app.services.refused import Refused
from db.models.meter import Meter
from tests.builders import Office


def _ok(office: Office) -> None:
    report = verification.verify(office.manager)
    assert report.ok, [check for check in report.checks if not check.ok]


def test_each_house_gets_its_line_once(office: Office) -> None:
    office.with_houses().with_item()
    first = office.bill("2026-07")
    assert (first.bills, first.lines, first.amount_fen) == (2, 2, 2 * 20962)
    again = office.bill("2026-07")
    assert (again.bills, again.lines, again.already_posted) == (0, 0, 2)
    _ok(office)


def test_new_houses_are_added_to_a_posted_month(office: Office) -> None:
    office.with_houses().with_item()
    office.bill("2026-07")
    office.with_houses(("4-1-0101",))
    later = office.bill("2026-07")
    assert (later.lines, later.already_posted) == (1, 2)
    assert office.sql("SELECT number FROM bill ORDER BY number") == [
        ("B2026-07-000001",), ("B2026-07-000002",), ("B2026-07-000003",)]  # fmt: skip


def test_preview_says_what_post_does(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_houses(("4-1-0101",), area=None).with_item()
    seen = billing.preview(office.manager, "2026-07")
    assert [(e.house, e.reason) for e in seen.exceptions] == [("4-1-0101", "no_area")]
    done = office.bill("2026-07")
    assert (seen.lines, seen.amount_fen, seen.exceptions) == (done.lines, done.amount_fen, done.exceptions)


def test_a_missing_price_is_never_zero(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item(since="2026-07-10")
    done = office.bill("2026-07")
    assert [(e.item, e.reason) for e in done.exceptions] == [("WY", "no_tariff")]
    assert done.lines == 0


def test_a_skipped_month_is_said(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item()
    office.bill("2026-05")
    done = office.bill("2026-07")
    assert [e.reason for e in done.exceptions] == ["unbilled_before"]
    office.bill("2026-06")
    assert office.bill("2026-07").lines == 1


def test_narrowest_scope_wins_each_day(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102")).with_houses(("4-1-0101",)).with_item(price="2")
    office.with_tariff("WY", "3", "2026-01-01", Scope.BUILDING, "4号楼")
    office.with_tariff("WY", "5", "2026-07-17", Scope.HOUSE, "3-1-102")
    done = {row[0]: row[1] for row in (office.bill("2026-07") and office.sql(
        "SELECT house.number, charge.amount FROM charge JOIN house ON house.id = charge.house_id"))}  # fmt: skip
    assert done["3-1-0101"] == 17840
    assert done["4-1-0101"] == 26760
    assert done["3-1-0102"] == 30788


def test_a_quarter_in_advance_and_who_starts_inside_it(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102"))
    office.with_item(cycle=Cycle.QUARTER, price="1", houses="listed", start_rule=fees.StartRule.DELIVERY_DAY)
    fees.assign(office.manager, "WY", "3-1-101", date(2026, 4, 1))
    fees.assign(office.manager, "WY", "3-1-102", date(2026, 5, 10))
    assert office.bill("2026-04").lines == 1
    assert office.bill("2026-05").lines == 1
    rows = office.sql("SELECT period_from, period_to, amount FROM charge ORDER BY id")
    assert [row[0] for row in rows] == ["2026-04-01", "2026-05-10"]
    assert {row[1] for row in rows} == {"2026-06-30"}
    assert office.bill("2026-06").exceptions == ()


def test_part_months_and_price_changes_as_the_contract_says(office: Office) -> None:
    office.with_houses(("3-1-0101",), area=893_700)
    rules = ("--start-rule", "delivery_day", "--part-month", "thirty_days", "--tariff-change", "period_start_price")
    listed = ("fee", "add", "WY", "物业费", "--kind", "area", "--houses", "listed")
    assert office.command(*listed, "--part-month", "weeks")[1]["error"]["code"] == "bad_choice"
    assert office.command(*listed, *rules)[0] == 0
    (row,) = office.command("fee", "list")[1]["items"]
    assert (row["part_month"], row["tariff_change"]) == ("thirty_days", "period_start_price")
    for since, price in (("2026-01-01", "2.8"), ("2026-07-16", "3")):
        assert office.command("tariff", "add", "WY", "--from", since, "--price", price)[0] == 0
    fees.assign(office.manager, "WY", "3-1-101", date(2026, 5, 10))
    # 89.37 × 2.80 × 22/30; from July by the new contract, 15 days at 2.80 and 16 at 3.00.
    assert office.bill("2026-05").amount_fen == 18351
    office.bill("2026-06")
    status, said = office.command("fee", "change", "WY", "--from", "2026-07-01", "--tariff-change", "split_by_day",
                                  "--reason", "新合同")  # fmt: skip
    assert (status, said["changed"]) == (0, ["账期中调价"])
    assert office.bill("2026-07").amount_fen == 25946
    assert dict(fee_file.show(office.manager, "WY").facts)["不足一月"] == "按 30 天"


def test_due_date_in_advance_is_the_months_last_working_day_or_later(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item()
    office.bill("2026-05", "2026-05-01")
    assert office.sql("SELECT due_date FROM charge") == [("2026-06-01",)]


def test_metered_usage_since_the_last_billed_reading(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "3.50").with_meter("3-1-101", start="100")
    readings.add(office.manager, "3-1-101", "水", "118", date(2026, 6, 30))
    done = office.bill("2026-07")
    assert (done.lines, done.amount_fen) == (1, 6300)
    assert office.bill("2026-08").exceptions[0].reason == "no_reading"
    assert office.sql("SELECT previous, current, quantity FROM charge_part") == [(1000000, 1180000, 180000)]


def test_a_reading_up_to_ten_days_after_the_period_closes_it(office: Office) -> None:
    office.clock.to("2026-07-12")
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "3.50").with_meter("3-1-101")
    readings.add(office.manager, "3-1-101", "水", "10", date(2026, 7, 11))
    assert office.bill("2026-07").exceptions[0].reason == "no_reading"
    readings.add(office.manager, "3-1-101", "水", "9", date(2026, 7, 10))
    assert office.bill("2026-07").amount_fen == 3150


def test_tiers_go_on_from_what_was_billed_this_year(office: Office) -> None:
    tiers = {"tiers": [{"up_to": "20", "price": "3.50"}, {"up_to": None, "price": "5"}], "base_people": 4,
             "allowance": "0", "resets": "year"}  # fmt: skip
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", tiers).with_meter("3-1-101", on="2026-04-30")
    readings.add(office.manager, "3-1-101", "水", "15", date(2026, 5, 31))
    assert office.bill("2026-06").amount_fen == 5250
    readings.add(office.manager, "3-1-101", "水", "30", date(2026, 6, 30))
    assert office.bill("2026-07").amount_fen == 5 * 350 + 10 * 500
    _ok(office)


def test_a_changed_meter_begins_the_tier_year_anew(office: Office) -> None:
    tiers = {"tiers": [{"up_to": "10", "price": "1"}, {"up_to": None, "price": "10"}], "resets": "year"}
    office.clock.to("2027-01-06")
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", tiers).with_meter("3-1-101", on="2026-11-30")
    readings.change_meter(office.manager, "3-1-101", "水", "10", "0", date(2026, 12, 29))
    readings.add(office.manager, "3-1-101", "水", "5", date(2027, 1, 3))
    # Ten units belong to the old year by their closing reading, five to the new one: all at the first price.
    assert office.bill("2027-01").amount_fen == 1500
    _ok(office)


def test_a_reading_on_the_last_day_splits_the_tier_year(office: Office) -> None:
    tiers = {"tiers": [{"up_to": "10", "price": "1"}, {"up_to": None, "price": "10"}], "resets": "year"}
    office.clock.to("2027-01-06")
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", tiers).with_meter("3-1-101", on="2026-11-30")
    readings.add(office.manager, "3-1-101", "水", "10", date(2026, 12, 31))
    readings.add(office.manager, "3-1-101", "水", "14", date(2027, 1, 5))
    assert office.bill("2027-01").amount_fen == 1000 + 400
    parts = "SELECT quantity, tier, previous, current, shown FROM charge_part ORDER BY id"
    assert office.sql(parts) == [(100_000, 1, 0, 100_000, 1000), (40_000, 1, 100_000, 140_000, 400)]
    readings.add(office.manager, "3-1-101", "水", "24", date(2027, 1, 6))
    office.clock.to("2027-02-02")
    assert office.bill("2027-02").amount_fen == 6 * 100 + 4 * 1000
    _ok(office)


def test_two_registers_on_one_line_are_rounded_once(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "0.333").with_meter("3-1-101", on="2026-05-31")
    readings.change_meter(office.manager, "3-1-101", "水", "1", "0", date(2026, 6, 15))
    readings.add(office.manager, "3-1-101", "水", "1", date(2026, 6, 30))
    assert office.bill("2026-07").amount_fen == 67
    assert office.sql("SELECT shown FROM charge_part ORDER BY id") == [(33,), (34,)]
    _ok(office)


def test_a_true_reading_below_the_estimate_gives_a_credit(office: Office) -> None:
    office.clock.to("2026-08-02")
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "2").with_meter("3-1-101", on="2026-05-31")
    readings.add(office.manager, "3-1-101", "水", "20", date(2026, 6, 30), estimate=True)
    assert office.bill("2026-07").amount_fen == 4000
    readings.add(office.manager, "3-1-101", "水", "12", date(2026, 7, 31))
    assert office.bill("2026-08").amount_fen == -1600
    assert office.sql("SELECT prepaid FROM payer_balance") == [(1600,)] or office.sql(
        "SELECT open FROM open_charge"
    ) == [(2400,)]
    _ok(office)


def test_usage_counts_from_a_first_reading_that_was_estimated(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "2").with_meter("3-1-101", on="2026-05-31")
    with office.manager.transaction(write=True) as work:
        work.insert(Meter, ("house_id", "item_id", "number", "multiplier", "digits"), [(1, 1, "热水", 10_000, 5)])
        work.audit("test.meter", "meter")
    readings.add(office.manager, "3-1-101", "热水", "100", date(2026, 5, 31), estimate=True)
    assert readings.add(office.manager, "3-1-101", "热水", "120", date(2026, 6, 30)).usage == "20"
    assert office.bill("2026-07").amount_fen == 4000
    _ok(office)


def test_no_reading_goes_before_the_one_that_the_meter_begins_with(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "2").with_meter("3-1-101", start="90", on="2026-06-30")
    with pytest.raises(Refused, match="从 2026-06-30 的读数起算") as why:
        readings.add(office.manager, "3-1-101", "水", "80", date(2026, 5, 31))
    assert why.value.field == "date"


def test_prepaid_is_set_off_on_posting(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item()
    assert office.pay("3-1-101", 30000).prepaid_fen == 30000
    office.bill("2026-07")
    assert office.sql("SELECT open FROM open_charge") == []
    assert office.sql("SELECT prepaid FROM payer_balance") == [(30000 - 20962,)]
    _ok(office)


def test_void_takes_all_back_and_the_month_can_be_posted_again(office: Office) -> None:
    office.with_houses().with_item()
    office.pay("3-1-101", 10000)
    office.bill("2026-07")
    gone = billing.void(office.manager, "2026-07", "价格录错")
    assert (gone.bills, gone.lines, gone.amount_fen) == (2, 2, 2 * 20962)
    assert office.sql("SELECT count(*) FROM open_charge") == [(0,)]
    assert office.sql("SELECT prepaid FROM payer_balance") == [(10000,)]
    _ok(office)
    office.bill("2026-07")
    assert office.sql("SELECT DISTINCT issue FROM charge ORDER BY issue") == [(1,), (2,)]
    _ok(office)


def test_a_voided_line_of_nothing_is_posted_again_from_a_corrected_reading(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("SF", "meter", "2").with_meter("3-1-0101", start="5")
    readings.add(office.manager, "3-1-101", "水", "5", date(2026, 6, 30))
    assert (office.bill("2026-07").lines, office.sql("SELECT amount FROM charge")) == (1, [(0,)])
    billing.void(office.manager, "2026-07", "抄错")
    readings.correct(office.manager, "3-1-101", "水", date(2026, 6, 30), "15", "看错一位")
    assert office.bill("2026-07").amount_fen == 2000
    _ok(office)


def test_a_voided_line_that_was_waived_is_posted_again(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item()
    office.bill("2026-07")
    adjustments.adjust(office.manager, "3-1-101", "waiver", [Change("WY", "2026-07", 20962)], "停水")
    billing.void(office.manager, "2026-07", "价格录错")
    assert office.bill("2026-07").amount_fen == 20962
    billing.void(office.manager, "2026-07", "价格又错")
    assert office.sql("SELECT count(*) FROM adjustment WHERE kind = 'reversal'") == [(2,)]
    _ok(office)


def test_void_is_refused_while_a_line_is_paid(office: Office) -> None:
    office.with_houses().with_item()
    office.bill("2026-07")
    paid = office.pay("3-1-101", 10000)
    with pytest.raises(Refused) as refused:
        billing.void(office.manager, "2026-07", "价格录错")
    assert refused.value.problem.code == "run_paid"
    receipts.void(office.manager, paid.receipt, "先作废")
    assert billing.void(office.manager, "2026-07", "价格录错").lines == 2
    _ok(office)


def test_one_of_several_runs_is_taken_back(office: Office) -> None:
    office.with_houses().with_item(name="物业费").with_item("LJ", "flat", "8", name="垃圾费")
    office.with_item("ZN", "percent", {"percent": "10", "of": ["WY"]}, name="附加费")
    billing.post(office.manager, "2026-07", chosen=Chosen(("WY",)))
    billing.post(office.manager, "2026-07", chosen=Chosen(("LJ",)))
    billing.post(office.manager, "2026-07", chosen=Chosen(("ZN",)))
    listed = [(row.run, row.state, row.bills, row.items) for row in billing.runs(office.manager, "2026-07")]
    assert listed == [(1, "posted", 2, ("物业费",)), (2, "posted", 2, ("垃圾费",)), (3, "posted", 2, ("附加费",))]
    office.pay("3-1-101", 800, wishes=(Wish("LJ", "2026-07"),))
    for run, code in ((1, "run_is_base"), (2, "run_paid"), (4, "unknown_run")):
        with pytest.raises(Refused) as refused:
            billing.void(office.manager, "2026-07", "价格录错", run)
        assert refused.value.problem.code == code
    assert billing.void(office.manager, "2026-07", "价格录错", 3).lines == 2
    assert billing.void(office.manager, "2026-07", "价格录错", 1).amount_fen == 2 * 20962
    assert [row.state for row in billing.runs(office.manager, "2026-07")] == ["void", "posted", "void"]
    assert office.sql("SELECT sum(open) FROM open_charge") == [(800,)]
    with pytest.raises(Refused) as refused:
        billing.void(office.manager, "2026-07", "价格录错", 1)
    assert refused.value.problem.code == "nothing_posted"
    office.bill("2026-07")
    _ok(office)


def test_a_plan_whose_inputs_moved_on_is_made_again(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item()
    plan = billing.plan(office.manager, "2026-07")
    office.with_houses(("4-1-0101",))
    assert billing.post(office.manager, "2026-07", plan=plan).lines == 2


def test_unsold_houses_are_the_developers(office: Office) -> None:
    office.set(developer="样例置业").with_houses(("3-1-0101",)).with_item()
    with office.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE house SET state = 'unsold'")
        work.audit("test", "house")
    office.bill("2026-07")
    names = office.sql(
        "SELECT person.name FROM charge JOIN party ON party.id = charge.payer_id "
        "JOIN person ON person.id = party.person_id"
    )
    assert names == [("样例置业",)]


def test_once_items_are_posted_in_the_month_of_their_day(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_item("MJK", "once", "25", houses="listed", when=When.ADVANCE)
    fees.assign(office.manager, "MJK", "3-1-101", date(2026, 7, 3))
    assert office.bill("2026-06").lines == 0
    assert office.bill("2026-07").amount_fen == 2500
    assert office.bill("2026-07").lines == 0


def test_an_item_that_begins_later_leaves_no_gap_since_go_live(office: Office) -> None:
    office.with_houses().set(go_live="2026-05-01").with_item()
    office.bill("2026-05")
    office.bill("2026-06")
    office.with_item("LJ", "flat", "8", since="2026-07-01").with_item("DT", "flat", "15", since="2026-06-01")
    done = office.bill("2026-07")
    assert [item for item, _, _ in done.items] == ["LJ", "WY"]
    assert {(e.item, e.reason) for e in done.exceptions} == {("DT", "unbilled_before")}


def test_a_price_of_another_building_leaves_no_gap(office: Office) -> None:
    office.with_houses(("3-1-0101",)).with_houses(("4-1-0101",)).set(go_live="2026-05-01")
    fees.add(office.manager, NewItem("WY", "物业费", "area"))
    for building, since in (("3", date(2026, 5, 1)), ("4", date(2026, 6, 1))):
        tariffs.add(office.manager, "WY", since, {"price": "2"}, Scope.BUILDING, building)
    assert [(e.house, e.reason) for e in office.bill("2026-05").exceptions] == [("4-1-0101", "no_tariff")]
    done = office.bill("2026-06")
    assert (done.lines, done.exceptions) == (2, ())
