"""Discounts through their doors: who grants them, what the run makes of them, how they end."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import (
    approvals,
    billing,
    billing_compare,
    billing_review,
    discounts,
    explain,
    fees,
    house_change,
    house_file,
    readings,
    verification,
)
from app.services.billing_discounts import LetOff
from app.services.discounts import Given
from app.services.refused import Refused
from app.services.two_persons import Waiting
from tests.builders import Office, command

AUGUST, YEAR_END = date(2026, 8, 1), date(2026, 12, 31)


@pytest.fixture
def settled(office: Office) -> Office:
    return office.with_houses().with_item().with_item("SF", "meter", "3.5", houses="listed").with_meter("3-1-101")


def _amounts(office: Office) -> list[tuple[str, int]]:
    return [tuple(row) for row in office.sql(
        "SELECT h.number, c.amount FROM charge c JOIN house h ON h.id = c.house_id ORDER BY c.id")]  # fmt: skip


def test_a_discount_lowers_the_bill_is_compared_and_explained(settled: Office) -> None:
    settled.bill("2026-07")
    given = discounts.add(
        settled.manager, "3-1-101", "vacancy", "0.7", date(2026, 7, 16), date(2026, 8, 15), "空置申请"
    )
    assert given == Given("3-1-0101", None, "vacancy", "0.7", date(2026, 7, 16), date(2026, 8, 15), posted=1)
    review = billing_review.review(settled.manager, "2026-08")
    # 89.2 × 2.35 = 209.62; 15 of 31 days at 0.7: 209.62 × (15/31 × 0.7 + 16/31) = 179.190…
    assert review.let_off == (LetOff("3-1-0101", "WY", 3043),)
    changes = billing_compare.changes(settled.manager, review.plan, "WY")
    assert (changes[0].house, changes[0].fen, changes[0].last_fen) == ("3-1-0101", 17919, 20962)
    assert (changes[0].how, changes[0].why) == ("分 2 段", "系数 1 → 0.7、1")
    settled.clock.to("2026-08-01")
    billing.post(settled.manager, "2026-08")
    assert _amounts(settled)[2:] == [("3-1-0101", 17919), ("3-1-0102", 20962)]
    assert settled.sql("SELECT factor, part_from, part_to FROM charge_part ORDER BY id")[2:4] == [
        (700_000, "2026-08-01", "2026-08-15"), (1_000_000, "2026-08-16", "2026-08-31")
    ]  # fmt: skip
    (charge,) = explain.explain(settled.manager, "3-1-101", "2026-08").charges
    assert any("系数 0.7" in sentence.text for sentence in charge.sentences)
    settled.clock.to("2026-09-01")
    billing.post(settled.manager, "2026-09")
    assert _amounts(settled)[4] == ("3-1-0101", 20962)
    assert house_file.show(settled.manager, "3-1-101").discounts[0].state == "over"
    assert verification.verify(settled.manager).ok


def test_usage_is_lowered_only_where_the_discount_names_it(settled: Office) -> None:
    fees.assign(settled.manager, "SF", "3-1-101")
    readings.add(settled.manager, "3-1-101", "水", "10", date(2026, 6, 30))
    discounts.add(settled.manager, "3-1-101", "senior", "0.5", date(2026, 6, 1), YEAR_END, "高龄")
    plan = billing.plan(settled.manager, "2026-07")
    assert sorted(line.amount for line in plan.lines if line.house_id == 1) == [3500, 10481]
    discounts.add(settled.manager, "3-1-101", "hardship", "0.8", date(2026, 6, 1), YEAR_END, "低保", "SF")
    plan = billing.plan(settled.manager, "2026-07")
    assert sorted(line.amount for line in plan.lines if line.house_id == 1) == [2800, 10481]


def test_it_takes_the_manager_and_ends_early_by_one_person(settled: Office) -> None:
    settled.with_staff("钱客服", "赵财务")
    asked = discounts.add(settled.seat("钱客服"), "3-1-101", "vacancy", "0.7", AUGUST, YEAR_END, "空置", "WY")
    assert isinstance(asked, Waiting)
    assert discounts.listing(settled.manager) == ()
    (row,) = approvals.waiting(settled.manager)
    assert row.summary == "3-1-0101 空置折扣 0.7（WY），2026-08-01 至 2026-12-31"
    approvals.yes(settled.manager, asked.request)
    assert [each.state for each in discounts.listing(settled.manager, "3-1-101")] == ["coming"]
    own = discounts.add(settled.manager, "3-1-102", "staff", "0.5", AUGUST, YEAR_END, "员工")
    assert isinstance(own, Waiting)
    ended = discounts.end(settled.seat("钱客服"), "3-1-101", "WY", date(2026, 9, 30), "已入住")
    assert ended.last == date(2026, 9, 30)
    with pytest.raises(Refused, match="没有在"):
        discounts.end(settled.manager, "3-1-101", "WY", date(2026, 9, 30), "已入住")
    assert discounts.end(settled.manager, "3-1-101", "WY", date(2026, 7, 6), "不办了").last == date(2026, 7, 31)
    assert discounts.listing(settled.manager, "3-1-101") == ()


def test_a_vacancy_ends_by_itself_on_moving_in(settled: Office) -> None:
    house_change.set_state(settled.manager, "3-1-101", "vacant", date(2026, 6, 1))
    house_change.set_state(settled.manager, "3-1-102", "vacant", date(2026, 6, 1))
    for number, kind in (("3-1-101", "vacancy"), ("3-1-101", "senior"), ("3-1-102", "vacancy")):
        item = "WY" if kind == "vacancy" else None
        discounts.add(settled.manager, number, kind, "0.7", date(2026, 6, 1), YEAR_END, "申请", item)
    house_change.set_state(settled.manager, "3-1-101", "fitting_out", date(2026, 7, 1))
    assert [row.last for row in discounts.listing(settled.manager, "3-1-101")] == [YEAR_END, YEAR_END]
    done = house_change.set_state(settled.manager, "3-1-101", "owner", date(2026, 7, 6))
    assert done.warnings == ("空置折扣到 2026-07-05 为止；已出的账不变。",)
    assert {row.kind: row.last for row in discounts.listing(settled.manager, "3-1-101")} == {
        "vacancy": date(2026, 7, 5), "senior": YEAR_END,
    }  # fmt: skip
    assert [row.last for row in discounts.listing(settled.manager, "3-1-102")] == [YEAR_END]
    house_change.edit(settled.manager, ["3-1-102"], "state", "let", date(2026, 7, 1))
    assert [row.last for row in discounts.listing(settled.manager, "3-1-102")] == [date(2026, 6, 30)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"factor": "1"}, "bad_factor"),
        ({"factor": "-0.1"}, "bad_factor"),
        ({"last": date(2026, 7, 31)}, "bad_span"),
        ({"kind": "nice"}, "unknown_discount"),
        ({"item": "GT"}, "discount_kind"),
        ({"reason": " "}, "reason_needed"),
        ({"first": YEAR_END, "item": "WY"}, "discount_overlaps"),
    ],
)
def test_what_is_refused(settled: Office, change: dict[str, object], code: str) -> None:
    settled.with_item("GT", "shared", {"by": "area"}, houses="listed")
    discounts.add(settled.manager, "3-1-101", "vacancy", "0.7", AUGUST, YEAR_END, "空置", "WY")
    good: dict[str, object] = {"kind": "vacancy", "factor": "0.7", "first": AUGUST, "last": YEAR_END, "reason": "空置"}
    with pytest.raises(Refused) as why:
        discounts.add(settled.manager, "3-1-101", **{**good, **change})  # type: ignore[arg-type]
    assert why.value.problem.code == code


def test_the_commands(settled: Office) -> None:
    folder = settled.folder
    settled.close()
    argv = ("discount", "add", "3-1-101", "--kind", "vacancy", "--factor", "70%", "--from", "2026-08-01", "--to",
            "2026-08-31", "--reason", "空置", "--key", "k1")  # fmt: skip
    first, again = command(folder, *argv), command(folder, *argv)
    assert first == again
    assert (first[0], first[1]["factor"], first[1]["posted"]) == (0, "0.7", 0)
    status, said = command(folder, "bill", "preview", "--period", "2026-08")
    assert (status, said["discounts"]) == (0, [{"house": "3-1-0101", "item": "WY", "amount_fen": 6289}])
    status, said = command(folder, "discount", "end", "3-1-101", "--on", "2026-08-20", "--reason", "入住")
    assert (status, said["to"]) == (0, "2026-08-20")
    status, said = command(folder, "discount", "list")
    assert [(row["house"], row["to"], row["state"]) for row in said["discounts"]] == [
        ("3-1-0101", "2026-08-20", "coming")
    ]
