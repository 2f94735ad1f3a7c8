"""Dunning: one stage at a time, held and stopped as the rules say; what was sent is kept; proof moves limitation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.services import billing, dun_contacts, dunning, settings
from app.services.dun_contacts import Served
from app.services.dunning import DunAnswer
from app.services.refused import NotAllowed, Refused
from tests.builders import Office

LINE = 20962


@pytest.fixture
def owing(office: Office) -> Office:
    """Two houses that owe January to June; due 2 February (31 January is a Saturday) and later. It is 7 July."""
    office.with_houses().with_item(late_rate=50_000)
    office.set(letterhead="样例物业服务有限公司", telephone="010-0000 0000", contract_clause="《物业服务合同》第十二条")
    for month in range(1, 7):
        office.bill(f"2026-{month:02}", f"2026-{month:02}-01")
    office.clock.to("2026-07-07")
    return office


def _run(office: Office, day: str | None = None, **more: str) -> DunAnswer:
    if day:
        office.clock.to(day)
    return dunning.run(office.manager, office.folder / "out" / "dun.pdf", None, **more)


def _stages(answer: DunAnswer) -> list[tuple[str, str]]:
    return [(row.house, row.stage) for row in answer.letters]


def _ok(office: Office) -> None:
    status, said = office.command("verify")
    assert (status, said["ok"]) == (0, True), said


def test_the_ladder_one_stage_at_a_time(owing: Office) -> None:
    first = _run(owing)
    assert _stages(first) == [("3-1-0101", "reminder"), ("3-1-0102", "reminder")]
    assert [row.number for row in first.letters] == ["D2026-000001", "D2026-000002"]
    again = _run(owing)
    assert again.letters == ()
    assert [(row.reason, row.stage, row.from_day) for row in again.skipped] == [
        ("not_yet", "notice", date(2026, 7, 22))] * 2  # fmt: skip
    assert _stages(_run(owing, "2026-07-22"))[0] == ("3-1-0101", "notice")
    letters = _run(owing, "2026-08-06")
    assert _stages(letters)[0] == ("3-1-0101", "letter")
    blocked = _run(owing, "2026-09-30")
    assert [row.reason for row in blocked.skipped] == ["no_proof_of_service"] * 2
    dun_contacts.serve(owing.manager, "D2026-000005", Served("in_person", date(2026, 9, 1), signer="业主"))
    legal = _run(owing)
    assert _stages(legal) == [("3-1-0101", "legal")]
    assert [row.reason for row in _run(owing, "2026-12-01").skipped] == ["ladder_finished", "no_proof_of_service"]
    _ok(owing)


def test_letter_and_legal_post_the_late_fee_they_print_and_nothing_else_does(owing: Office) -> None:
    _run(owing)
    _run(owing, "2026-07-22")
    assert owing.sql("SELECT count(*) FROM charge WHERE part = 'late_fee'") == [(0,)]
    before = owing.command("arrears")[1]
    letters = _run(owing, "2026-08-06")
    posted = owing.sql("SELECT sum(amount) FROM charge WHERE part = 'late_fee'")[0][0]
    assert posted == sum(row.late_fee_fen for row in letters.letters) > 0
    after = owing.command("arrears")[1]
    assert (after["total_fen"], after["late_fee_fen"]) == (before["total_fen"] + posted, 0)
    _ok(owing)


def test_paying_ends_the_ladder_and_new_arrears_begin_another(owing: Office) -> None:
    _run(owing)
    _run(owing, "2026-07-22")
    owing.pay("3-1-101", 200_000)
    assert "3-1-0101" not in {row.house for row in _run(owing, "2026-08-06").letters}
    for month in (7, 8, 9, 10, 11, 12):
        owing.bill(f"2026-{month:02}")
    owing.clock.to("2027-03-01")
    coming = dunning.preview(owing.manager, house="3-1-101")
    assert _stages(coming) == [("3-1-0101", "reminder")]
    _run(owing, house="3-1-101")
    later = _run(owing, "2027-03-16", house="3-1-101")
    assert _stages(later) == [("3-1-0101", "notice")]


def test_part_of_it_paid_goes_on_where_it_stood(owing: Office) -> None:
    _run(owing)
    owing.pay("3-1-101", 30_000)
    assert ("3-1-0101", "notice") in _stages(_run(owing, "2026-07-22"))


def test_holds_stop_and_resume_the_day_after(owing: Office) -> None:
    _run(owing)
    dun_contacts.hold(owing.manager, "3-1-101", "disputed", "漏水未修")
    owing.clock.to("2026-07-25")
    held = dunning.preview(owing.manager, house="3-1-101")
    assert [(row.house, row.reason) for row in held.skipped] == [("3-1-0101", "disputed")]
    with pytest.raises(Refused, match="已经"):
        dun_contacts.hold(owing.manager, "3-1-101", "disputed", "再来一次")
    dun_contacts.release(owing.manager, "3-1-101", "disputed", "已和解")
    assert dunning.preview(owing.manager, house="3-1-101").letters == ()
    owing.clock.to("2026-07-26")
    assert _stages(dunning.preview(owing.manager, house="3-1-101")) == [("3-1-0101", "notice")]
    assert _stages(dunning.preview(owing.manager, date(2026, 7, 25), "3-1-102")) == [("3-1-0102", "notice")]


def test_a_voided_run_takes_the_late_fee_of_its_lines_with_it(owing: Office) -> None:
    for day in ("2026-07-07", "2026-07-22", "2026-08-06"):
        _run(owing, day)
    per_line = "SELECT count(*) FROM open_charge o JOIN charge c ON c.id = o.charge_id WHERE c.part = 'late_fee'"
    assert owing.sql(per_line) == [(12,)]
    january = billing.void(owing.manager, "2026-01", "合同从二月起")
    assert (january.lines, january.amount_fen) == (2, 2 * LINE)
    assert owing.sql(per_line) == [(10,)]
    _ok(owing)


def test_exactly_the_minimum_is_enough_and_late_fees_do_not_count(owing: Office) -> None:
    settings.change(owing.manager, "dun_min_fen", str(6 * LINE))
    assert len(dunning.preview(owing.manager).letters) == 2
    settings.change(owing.manager, "dun_min_fen", str(6 * LINE + 1))
    assert {row.reason for row in dunning.preview(owing.manager).skipped} == {"below_minimum"}


def test_a_space_is_dunned_with_its_house(owing: Office) -> None:
    owing.with_item("CW", "flat", "150", houses="parking").with_houses(("B1-12",), kind="parking")
    with owing.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE house SET bill_with = 1 WHERE id = 3")
        work.connection.exec_driver_sql("UPDATE house_payer SET party_id = 1 WHERE house_id = 3")
        work.touch({"house"})
        work.audit("test", "house")
    owing.bill("2026-05", "2026-05-01")
    rows = dunning.preview(owing.manager).letters
    assert [(row.house, row.owed_fen) for row in rows] == [("3-1-0101", 6 * LINE + 15_000), ("3-1-0102", 6 * LINE)]
    assert _stages(dunning.preview(owing.manager, house="B1-12")) == [("3-1-0101", "reminder")]


def test_bad_orders_are_refused_with_a_sentence(owing: Office) -> None:
    for argv, code in (
        (("dun", "preview", "--as-of", "2026-07-08"), "future_day"),
        (("dun", "run", "--as-of", "2027-01-01"), "future_day"),
        (("dun", "run", "--house", "9-9-999"), "unknown_house"),
        (("dun", "run", "--house", "3-1-101", "--stage", "letter"), "stage_skipped"),
        (("dun", "run", "--stage", "carrier_pigeon"), "unknown_stage"),
        (("dun", "serve", "D2026-000099", "--way", "post", "--tracking", "1"), "unknown_paper"),
        (("dun", "hold", "3-1-101", "lazy", "--reason", "x"), "unknown_hold"),
        (("dun", "hold", "3-1-101", "disputed"), "reason_needed"),
        (("dun", "release", "3-1-101", "disputed", "--reason", "x"), "not_held"),
        (("dun", "call", "3-1-101"), "note_needed"),
    ):
        status, said = owing.command(*argv)
        assert (status, said["error"]["code"]) == (3, code), argv
        assert said["error"]["message"]
    owing.pay("3-1-101", 300_000)
    status, said = owing.command("dun", "run", "--house", "3-1-101")
    assert (status, said["error"]["code"]) == (3, "nothing_past_due")
    assert "3-1-0101" in said["error"]["message"]
    assert owing.sql("SELECT count(*) FROM dun_step") == [(0,)]


def test_the_commands_and_what_is_kept(owing: Office) -> None:
    status, said = owing.command("dun", "run", "--as-of", "2026-07-07")
    assert (status, said["as_of"], len(said["letters"])) == (0, "2026-07-07", 2)
    assert set(said["letters"][0]) >= {"house", "stage", "owed_fen", "number"}
    assert Path(said["file"]).read_bytes().startswith(b"%PDF")
    assert owing.sql("SELECT kind, number FROM document ORDER BY number") == [
        ("dunning", "D2026-000001"), ("dunning", "D2026-000002")]  # fmt: skip
    status, said = owing.command("dun", "print", "d2026-000001", "--key", "k")
    assert (status, said["copy"]) == (0, 2)
    assert owing.command("dun", "print", "D2026-000001", "--key", "k")[1]["copy"] == 2
    status, said = owing.command(
        "dun", "serve", "D2026-000001", "--way", "post", "--tracking", "EMS1", "--delivered", "--date", "2026-07-07"
    )
    assert (status, said["served"]) == (0, True)
    assert owing.command("dun", "call", "3-1-101", "--note", "月底交")[0] == 0
    status, said = owing.command("dun", "log", "3-1-101")
    assert [event["what"] for event in said["events"]] == ["温馨提示", "邮寄", "电话"]
    assert said["limits"][0]["due"] == "2026-02-02"
    assert said["limits"][0]["expires_on"] == "2029-07-09"
    status, said = owing.command("dun", "log", "3-1-102")
    assert said["limits"][0]["expires_on"] == "2029-02-02"
    _ok(owing)


@pytest.mark.parametrize(
    ("served", "proven"),
    [
        (Served("in_person", date(2026, 7, 7), signer="业主"), True),
        (Served("in_person", date(2026, 7, 7)), False),
        (Served("post", date(2026, 7, 7), tracking="1"), False),
        (Served("message", date(2026, 7, 7), delivered=True), True),
        (Served("door", date(2026, 7, 7), note="照片 3 张", delivered=True), False),
        (Served("left", date(2026, 7, 7), witnesses="甲、乙"), False),
    ],
)
def test_what_proves_arrival(owing: Office, served: Served, proven: bool) -> None:
    _run(owing)
    assert dun_contacts.serve(owing.manager, "D2026-000001", served).served is proven


def test_service_before_the_paper_and_a_post_without_number_are_refused(owing: Office) -> None:
    _run(owing)
    for served, code in (
        (Served("in_person", date(2026, 7, 6)), "before_sent"),
        (Served("in_person", date(2026, 7, 8)), "future_day"),
        (Served("post", date(2026, 7, 7)), "tracking_needed"),
        (Served("call", date(2026, 7, 7)), "unknown_way"),
    ):
        with pytest.raises(Refused) as refused:
            dun_contacts.serve(owing.manager, "D2026-000001", served)
        assert refused.value.problem.code == code


def test_who_may(owing: Office) -> None:
    owing.with_staff("李收费", "钱客服", "赵财务")
    for login in ("李收费", "钱客服"):
        with pytest.raises(NotAllowed):
            dunning.run(owing.seat(login), owing.folder / "x.pdf")
    dun_contacts.talk(owing.seat("钱客服"), "3-1-101", "call", "没人接")
    assert len(dunning.preview(owing.seat("李收费")).letters) == 2
    assert len(dunning.run(owing.seat("赵财务"), owing.folder / "x.pdf").letters) == 2


def test_a_past_day_asks_only_for_what_is_still_open(owing: Office) -> None:
    owing.pay("3-1-101", 300_000)
    answer = dunning.preview(owing.manager, date(2026, 6, 30))
    assert [(row.house, row.owed_fen) for row in answer.letters] == [("3-1-0102", 5 * LINE)]
