"""The workbench's figures: the same as the lists and the rule of the domain give, and only for who may see them."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.ageing import BUCKETS
from app.domain.collection_rate import RatedCharge, collection_rate
from app.domain.money import Fen
from app.domain.period import Period
from app.security.permissions import ROLE_TITLES
from app.services import arrears_list, equipment, receipt_list, receipts, workbench
from app.services.equipment_details import Details
from app.services.list_face import Query
from app.services.seat import Seat
from tests.builders import Office


def _lived_in(office: Office) -> Office:
    office.with_houses(("3-1-0101", "3-1-0102", "3-1-0103")).with_item()
    office.bill("2026-05", "2026-05-01")
    office.bill("2026-06", "2026-06-01")
    office.bill("2026-07", "2026-07-01")
    office.clock.to("2026-06-20")
    office.clock.to("2026-07-06")
    office.pay("3-1-0101", 41924)
    office.pay("3-1-0102", 10000, method="wechat")
    office.pay("3-1-0103", 5000)
    receipts.void(office.manager, "S2026-00000003", "录错")
    return office


def test_each_building_has_its_rate_of_this_month(office: Office) -> None:
    office.with_houses(("3-1-0101", "10-1-0101", "2-1-0101", "商3")).with_item()
    office.bill("2026-07")
    office.pay("2-1-0101", 20000)
    office.pay("商3", 100000)
    shown = workbench.figures(office.manager).buildings
    assert shown is not None
    assert shown.month == "2026-07"
    found = shown.rates
    (month,) = [each for each in workbench.figures(office.manager).months if each.running]
    assert [each.code for each in found] == ["2", "3", "10", ""]
    assert found[-1].label == "商铺"
    assert (found[1].collected_fen, found[1].rate, found[-1].rate) == (0, "0.00", "100.00")
    assert sum(each.due_fen for each in found) == month.due_fen
    assert sum(each.collected_fen for each in found) == month.collected_fen


def test_until_this_month_is_billed_the_buildings_show_the_month_before(office: Office) -> None:
    office.with_houses(("3-1-0101", "10-1-0101")).with_item().bill("2026-06", "2026-06-01")
    found = workbench.figures(office.manager).buildings
    assert found is not None
    assert (found.month, [each.code for each in found.rates]) == ("2026-06", ["3", "10"])


def test_what_came_in_today_leaves_out_what_was_voided(office: Office) -> None:
    _lived_in(office)
    found = workbench.figures(office.manager).days
    asked = Query(filters=(("today", "1"),))
    assert len(found) == 7
    assert found[-1].fen == 51924
    assert found[-1].receipts == len(receipt_list.keys(office.manager, asked))
    assert found[-1].cash_fen == 41924
    assert all(not day.fen for day in found[:-1])


def test_a_months_rate_is_the_rule_of_the_domain(office: Office) -> None:
    _lived_in(office)
    charges = [
        RatedCharge(row[0], Period.of(date.fromisoformat(row[1])), Fen(row[2] + row[3]))
        for row in office.sql(
            "SELECT c.id, c.period_from, c.amount, coalesce((SELECT sum(j.amount) FROM adjustment j "
            "WHERE j.charge_id = c.id), 0) FROM charge c WHERE c.part = 'principal'"
        )
    ]
    paid = [
        (row[0], date.fromisoformat(row[1]), Fen(row[2]))
        for row in office.sql('SELECT charge_id, "on", amount FROM allocation')
    ]
    found = workbench.figures(office.manager).months
    assert [each.month for each in found] == ["2026-05", "2026-06", "2026-07"]
    assert [each.running for each in found] == [False, False, True]
    for each in found:
        assert each.rate == collection_rate(Period.parse(each.month), charges, paid).current, each.month
    assert found[-1].before == found[-2].rate == "0.00"


def test_what_is_overdue_is_what_the_ages_say(office: Office) -> None:
    _lived_in(office)
    office.clock.to("2027-08-20")
    found = workbench.figures(office.manager).overdue
    assert found is not None
    ages = arrears_list.ages(office.manager)
    assert found.fen == sum(ages[name] for name in BUCKETS[1:])
    assert found.old_fen == sum(ages[name] for name in BUCKETS[5:])
    asked = Query(filters=tuple(("age", name) for name in BUCKETS[1:]))
    assert found.houses == len(arrears_list.keys(office.manager, asked))


def test_equipment_is_counted_as_its_list_counts_it(office: Office) -> None:
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯", place="1号楼"))
    office.clock.move(days=400)
    found = workbench.figures(office.manager).upkeep
    assert found is not None
    assert (found.overdue, found.next_task.split()[0]) == (1, "DT-01")


def test_an_empty_office_has_no_rates(office: Office) -> None:
    found = workbench.figures(office.manager)
    assert found.months == ()
    assert found.overdue == workbench.Overdue(0, 0, 0)


SEES = {
    "cashier": {"days", "overdue"},
    "accountant": {"days", "months", "overdue"},
    "front_desk": {"overdue", "upkeep"},
    "engineering": {"upkeep"},
    "manager": {"days", "months", "overdue", "upkeep"},
    "administrator": set(),
    "auditor": {"days", "months", "overdue", "upkeep"},
}


@pytest.mark.parametrize("role", sorted(ROLE_TITLES))
def test_each_role_gets_its_parts_and_no_other(office: Office, role: str) -> None:
    _lived_in(office)
    seat = Seat.of(office.manager.store, office.manager.user_id, "x", frozenset({role}))
    found = workbench.figures(seat)
    assert {name for name in ("days", "months", "overdue", "upkeep") if getattr(found, name)} == SEES[role]
