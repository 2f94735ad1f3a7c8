"""Decoration permits: the house is fitting out meanwhile, the deposit is a held one, a forgotten one is reminded of."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import alerts, deposits, house_file, house_history, permits, verification, watching
from app.services.permits import NewPermit
from app.services.refused import Refused
from app.services.seat import Seat
from tests.builders import Office

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)


def _code(error: pytest.ExceptionInfo[Refused]) -> tuple[str, str | None]:
    return error.value.problem.code, error.value.field


def _watch(office: Office) -> None:
    watching.keep(Seat.system(office.manager.store), "permits")


def _alerts(office: Office) -> list[str]:
    return [row.title for row in alerts.listing(office.manager) if row.closed_at is None and row.kind in permits.KINDS]


def test_a_permit_from_the_deposit_to_the_close(office: Office) -> None:
    office.with_houses().with_item("ZX", "deposit", "2000", houses="listed", name="装修押金").with_staff("孙工程")
    receipt = deposits.take(office.manager, "3-1-101", "ZX").receipt
    new = NewPermit(FIRST, LAST, " 样例装饰 ", "王师傅", "199 0000 0001", "厨卫改造", receipt.lower())
    done = permits.add(office.manager, "3-1-101", new)
    assert (done.number, done.state, done.house_state, done.warnings) == ("X2026-000001", "open", "fitting_out", ())
    (row,) = permits.listing(office.manager)
    assert (row.company, row.phone, row.deposit_receipt, row.state) == ("样例装饰", "199****0001", receipt, "now")
    (seen,) = permits.listing(office.seat("孙工程"), "3-1-101")
    assert (seen.contact, seen.phone) == (None, None)
    assert house_file.show(office.manager, "3-1-101").permits == (row,)
    states = house_history.show(office.manager, "3-1-101").states
    assert [(each.state, each.since) for each in states] == [("fitting_out", FIRST), ("owner", None)]
    with pytest.raises(Refused) as refused:
        permits.add(office.manager, "3-1-101", new)
    assert _code(refused) == ("permit_open", "house")
    _watch(office)
    assert _alerts(office) == []
    office.clock.to("2026-08-03")
    _watch(office)
    assert _alerts(office) == ["3-1-0101 的装修许可 X2026-000001 已过期 3 天，还没有办结"]
    assert permits.extend(office.manager, "x2026-000001", date(2026, 8, 31), "工期延误").valid_to == date(2026, 8, 31)
    _watch(office)
    assert _alerts(office) == []
    for act, code in (
        (lambda: permits.extend(office.manager, "X2026-000001", date(2026, 8, 31), "x"), ("bad_span", "to")),
        (lambda: permits.close(office.manager, "X2026-000001", "fitting_out"), ("unknown_state", "becomes")),
        (lambda: permits.close(office.manager, "X2026-000009", "owner"), ("unknown_permit", "number")),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert _code(refused) == code
    closed = permits.close(office.manager, "X2026-000001", "let", "验收合格")
    assert (closed.state, closed.house_state) == ("closed", "let")
    assert closed.warnings == (f"装修押金 {receipt} 还没有退。",)
    with pytest.raises(Refused) as refused:
        permits.close(office.manager, "X2026-000001", "owner")
    assert _code(refused) == ("permit_closed", "number")
    assert house_history.show(office.manager, "3-1-101").states[0].since == date(2026, 8, 3)
    assert permits.listing(office.manager) == ()
    assert permits.listing(office.manager, "3-1-101")[0].state == "closed"
    assert verification.verify(office.manager).ok


def test_a_permit_of_later_waits_for_its_day(office: Office) -> None:
    office.with_houses()
    done = permits.add(office.manager, "3-1-101", NewPermit(date(2026, 7, 10), LAST, "业主自装"))
    assert (done.house_state, done.warnings) == ("owner", ("没有写装修押金的收据。",))
    _watch(office)
    assert _alerts(office) == []
    office.clock.to("2026-07-10")
    _watch(office)
    assert _alerts(office) == ["3-1-0101 从 2026-07-10 起装修（X2026-000001），入住状态还不是装修中"]


def test_a_mistake_names_its_field(office: Office) -> None:
    office.with_houses().with_item()
    office.bill("2026-06", "2026-06-01")
    receipt = office.pay("3-1-101", 20962).receipt
    for new, code in (
        (NewPermit(LAST, FIRST, "样例"), ("bad_span", "to")),
        (NewPermit(FIRST, LAST, " "), ("company_needed", "company")),
        (NewPermit(FIRST, LAST, "样例", phone="12"), ("phone.unknown", "phone")),
        (NewPermit(FIRST, LAST, "样例", content="长" * 201), ("too_long", "content")),
        (NewPermit(FIRST, LAST, "样例", deposit_receipt=receipt), ("no_deposit", "deposit")),
    ):
        with pytest.raises(Refused) as refused:
            permits.add(office.manager, "3-1-101", new)
        found = _code(refused)
        assert (found[1], found[0].split(".")[0]) == (code[1], code[0].split(".")[0])


def test_the_commands(office: Office) -> None:
    office.with_houses()
    argv = (
        "permit",
        "add",
        "3-1-101",
        "--from",
        "2026-07-01",
        "--to",
        "2026-07-31",
        "--company",
        "样例装饰",
        "--key",
        "k",
    )
    status, said = office.command(*argv)
    assert (status, said["permit"], said["house_state"]) == (0, "X2026-000001", "fitting_out")
    assert office.command(*argv)[1] == said
    assert office.command("permit", "list")[1]["permits"][0]["state"] == "now"
    said = office.command("permit", "extend", "X2026-000001", "--to", "2026-08-31", "--reason", "延误")[1]
    assert said["to"] == "2026-08-31"
    assert office.command("permit", "close", "X2026-000001", "owner")[1]["state"] == "closed"
