"""月结: a month is added up once and shut for everybody; only the newest opens again, with a manager's consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import product

import pytest

from app.domain.control_sums import ControlSums, MethodSum
from app.services import (
    adjustments,
    approvals,
    arrears,
    billing,
    closes,
    deposits,
    month_close,
    payments,
    receipts,
    refunds,
    users,
    verification,
)
from app.services.adjustments import Change
from app.services.entrance import approver
from app.services.month_close import MonthReopened
from app.services.refused import NotAllowed, Refused
from app.services.two_persons import Waiting
from tests.builders import PASSWORD, Office

HOUSE = "3-1-101"


def _refused(act: Callable[[], object], code: str) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.problem.code == code
    return refused.value


@pytest.fixture
def july(office: Office) -> Office:
    """July with everything in it; the clock stands at 3 August, nobody has closed a day."""
    office.with_houses().with_staff("李收费", "赵财务", "周经理").with_item(late_rate=50_000)
    office.with_item("ZX", "deposit", "500", houses="listed")
    office.bill("2026-07", "2026-07-06")
    office.pay(HOUSE, 50_000, method="wechat")
    deposits.take(office.manager, HOUSE, "ZX")
    wrong = office.pay("3-1-102", 7_000)
    receipts.void(office.manager, wrong.receipt, "录错", second=approver(office.manager, "周经理", PASSWORD))
    consent = approver(office.manager, "周经理", PASSWORD)
    office.clock.to("2026-07-20")
    waiver = Change("WY", "2026-07", 962)
    adjustments.adjust(office.manager, "3-1-102", "waiver", [waiver], "电梯停运", second=consent)
    refunds.refund(office.manager, HOUSE, 1_000, "cash", "业主要求", second=consent)
    office.clock.to("2026-08-03")
    return office


def _july_is_counted(office: Office) -> None:
    closes.close(office.manager, date(2026, 7, 30), reason="交账")


def test_a_month_is_added_up_and_shut(july: Office) -> None:
    _july_is_counted(july)
    done = month_close.close(july.seat("赵财务"), "2026年7月")
    assert done.sheet.sums == ControlSums(
        charged_fen=2 * 20_962,
        adjusted_fen=-962,
        methods=(MethodSum("cash", 50_000, 1_000), MethodSum("wechat", 50_000, 0)),
        set_off_fen=0,
        prepaid_fen=50_000 - 20_962 - 1_000,
        deposits_fen=50_000,
        arrears_fen=20_000,
    )
    assert done.sheet.sums.arrears_fen == arrears.arrears(july.manager, date(2026, 7, 31)).total_fen
    (row,) = month_close.listing(july.seat("李收费")).rows
    assert (row.state, row.sheet) == ("closed", done.sheet)
    kept = july.sql("SELECT d.digest FROM month_close m JOIN document d ON d.id = m.document_id")
    assert kept == [(done.digest,)]
    ((detail,),) = july.sql(
        "SELECT c.detail FROM change c JOIN audit a ON a.id = c.seq WHERE a.action = 'month.closed'"
    )
    assert done.digest in str(detail)
    assert verification.verify(july.manager).ok


def test_nobody_enters_anything_on_a_day_of_a_closed_month(july: Office) -> None:
    payments_before = july.sql("SELECT count(*) FROM payment")
    ((deposit,),) = july.sql("SELECT r.number FROM receipt r JOIN payment p ON p.id = r.payment_id "
                             "WHERE p.method = 'cash' AND p.amount = 50000")  # fmt: skip
    _july_is_counted(july)
    month_close.close(july.seat("赵财务"), "2026-07")
    for login, day in product(("王经理", "李收费", "赵财务"), (date(2026, 7, 31), date(2026, 5, 1))):
        refused = _refused(partial(payments.take, july.seat(login), HOUSE, 100, "cash", day), "month_closed")
        assert refused.problem.text == f"{day:%Y-%m} 已经月结（结到 2026-07-31），不能再记 {day} 的账。"
        assert refused.problem.hint == "请记到 2026-08-01 或以后；要更正已月结的账，请用红冲、减免或补收。"
    _refused(lambda: billing.post(july.manager, "2026-06", date(2026, 7, 31)), "month_closed")
    assert july.sql("SELECT count(*) FROM payment") == payments_before
    assert july.pay(HOUSE, 100, on=date(2026, 8, 1)).receipt
    consent = approver(july.seat("赵财务"), "周经理", PASSWORD)
    receipts.reverse(july.seat("赵财务"), deposit, "退票", second=consent)
    ((on,),) = july.sql("SELECT \"on\" FROM payment WHERE kind = 'reversal'")
    assert on == "2026-08-03"
    assert month_close.listing(july.manager).rows[0].sheet.sums.received_fen == 100_000
    assert verification.verify(july.manager).ok


def test_it_waits_for_the_end_of_the_month_its_cashiers_and_the_month_before(july: Office) -> None:
    accountant = july.seat("赵财务")
    july.seat("李收费")
    _refused(lambda: month_close.close(accountant, "2026-08"), "month_not_over")
    _refused(lambda: month_close.close(accountant, "七月"), "period.format")
    _refused(lambda: month_close.close(accountant, "2026-06"), "nothing_to_close")
    refused = _refused(lambda: month_close.close(accountant, "2026-07"), "days_open")
    assert refused.problem.text == "还有没日结的日子：王经理（2026-07-06 起）。"
    july.clock.to("2026-09-02")
    _refused(lambda: month_close.close(accountant, "2026-08"), "month_before_open")
    # A refund alone is a day with entries, too.
    closes.close(july.manager, date(2026, 7, 19), reason="交账")
    refused = _refused(lambda: month_close.close(accountant, "2026-07"), "days_open")
    assert "2026-07-20" in refused.problem.text
    _july_is_counted(july)
    month_close.close(accountant, "2026-07")
    _refused(lambda: month_close.close(accountant, "2026-07"), "month_already_closed")
    assert month_close.listing(accountant).next == "2026-08"
    month_close.close(accountant, "2026-08")


def test_days_of_a_cashier_who_left_need_a_reason(july: Office) -> None:
    _july_is_counted(july)
    july.clock.to("2026-08-04")
    july.seat("李收费")
    payments.take(july.seat("李收费"), HOUSE, 100)
    july.clock.to("2026-09-01")
    users.disable(july.manager, "李收费")
    month_close.close(july.seat("赵财务"), "2026-07")
    refused = _refused(lambda: month_close.close(july.seat("赵财务"), "2026-08"), "reason_needed")
    assert (refused.field, "李收费" in refused.problem.text) == ("reason", True)
    assert month_close.close(july.seat("赵财务"), "2026-08", "已与经理核对").sheet.reason == "已与经理核对"


def test_the_newest_month_opens_again_with_a_managers_consent(july: Office) -> None:
    _july_is_counted(july)
    accountant = july.seat("赵财务")
    _refused(lambda: month_close.reopen(accountant, "2026-07", "漏记"), "month_open")
    month_close.close(accountant, "2026-07")
    _refused(lambda: month_close.reopen(accountant, "2026-07", " "), "reason_needed")
    asked = month_close.reopen(accountant, "2026-07", "漏记一笔减免")
    assert isinstance(asked, Waiting)
    with pytest.raises(NotAllowed):
        month_close.reopen(july.seat("李收费"), "2026-07", "漏记")
    approvals.yes(july.seat("周经理"), asked.request)
    assert july.bill("2026-06", "2026-07-31").lines == 2
    month_close.close(accountant, "2026-07", "补出六月")
    second, first = month_close.listing(accountant).rows
    assert (first.state, first.reopened_by, first.reopen_reason) == ("reopened", "赵财务", "漏记一笔减免")
    assert second.sheet.sums.charged_fen == first.sheet.sums.charged_fen + 2 * 20_962
    july.clock.to("2026-09-02")
    month_close.close(accountant, "2026-08")
    _refused(lambda: month_close.reopen(accountant, "2026-07", "再改"), "not_newest")
    done = month_close.reopen(accountant, "2026-08", "再改", second=approver(accountant, "周经理", PASSWORD))
    assert isinstance(done, MonthReopened)
    assert verification.verify(july.manager).ok


def test_from_the_terminal(july: Office) -> None:
    _july_is_counted(july)
    status, said = july.command("month", "close", "2026-07", "--key", "k1", user="赵财务")
    assert (status, said["month"], said["arrears_fen"], said["received_fen"]) == (0, "2026-07", 20_000, 100_000)
    assert july.command("month", "close", "2026-07", "--key", "k1", user="赵财务")[1] == said
    status, refused = july.command("pay", HOUSE, "1", "--date", "2026-07-31")
    assert (status, refused["error"]["code"]) == (3, "month_closed")
    status, listed = july.command("month", "list", user="李收费")
    assert (listed["months"][0]["charged_fen"], listed["next"]) == (2 * 20_962, "2026-08")
    assert july.command("month", "close", "2026-08", user="李收费")[1]["error"]["code"] == "no_permission"
    status, said = july.command(
        "month", "reopen", "2026-07", "--reason", "漏记", "--second", "周经理", user="赵财务",
        ANJU_SECOND_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert (status, said["month"]) == (0, "2026-07")
