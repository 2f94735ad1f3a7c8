"""缴费证明: only what stands is proved, each issue is numbered, counted and audited."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.capitals import capital
from app.domain.money import yuan
from app.services import proofs, receipts, verification
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.making import pages

LINE = 20962
HOUSE = "3-1-101"


@pytest.fixture
def paid(office: Office) -> Office:
    """June and July paid in two receipts, the second with prepaid; one voided, one reversed with its opposite."""
    office.with_houses().with_item().set(letterhead="样例物业服务有限公司")
    for month in ("2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    receipts.void(office.manager, office.pay(HOUSE, 500).receipt, "录错")
    wrong = office.pay(HOUSE, 1_000).receipt
    office.pay(HOUSE, LINE, method="wechat")
    office.clock.to("2026-07-08")
    receipts.reverse(office.manager, wrong, "退票")
    office.pay(HOUSE, LINE + 5_000)
    return office


def _refused(act: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    assert refused.value.problem.code == code


def test_what_stands_is_proved(paid: Office) -> None:
    made = proofs.issue(paid.manager, (HOUSE,))
    assert (made.number, made.houses, made.payer, made.count) == ("Z2026-000001", ("3-1-0101",), "业主3-1-0101", 1)
    assert (made.first, made.last) == (date(2026, 7, 6), date(2026, 7, 8))
    assert made.total_fen == 2 * LINE + 5_000 == sum(row.amount_fen for row in made.rows)
    assert {row.receipt for row in made.rows} == {"S2026-00000003", "S2026-00000005"}
    assert [(row.item, row.amount_fen) for row in made.rows][-1] == ("预存", 5_000)
    text = "".join(page.text for page in pages(made.file))
    for said in (made.number, "本证明不是收据，也不是发票", yuan(made.total_fen), capital(made.total_fen), "微信"):
        assert said in text
    assert "S2026-00000001" not in text
    assert "S2026-00000002" not in text
    assert verification.verify(paid.manager).ok


def test_each_issue_is_counted(paid: Office) -> None:
    proofs.issue(paid.manager, (HOUSE,))
    again = proofs.issue(paid.manager, (HOUSE,), date(2026, 7, 8))
    assert (again.number, again.count, again.total_fen) == ("Z2026-000002", 2, LINE + 5_000)
    assert paid.sql("SELECT count(*) FROM audit WHERE action = 'proof.issued'") == [(2,)]
    assert paid.sql("SELECT count(*) FROM document WHERE kind = 'proof'") == [(2,)]


def test_what_is_refused(paid: Office) -> None:
    issue = proofs.issue
    _refused(lambda: issue(paid.manager, ("3-1-102",)), "no_payments")
    _refused(lambda: issue(paid.manager, (HOUSE,), date(2026, 1, 1), date(2026, 1, 31)), "no_payments")
    _refused(lambda: issue(paid.manager, (HOUSE,), last=date(2026, 7, 9)), "future_day")
    _refused(lambda: issue(paid.manager, (HOUSE, "3-1-102")), "other_payer")
    _refused(lambda: issue(paid.manager, ("9-9-999",)), "unknown_house")
    with paid.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("DELETE FROM house_payer WHERE house_id = 2")
        work.audit("test", "house")
    _refused(lambda: issue(paid.manager, ("3-1-102",)), "no_payer")
    assert paid.sql("SELECT count(*) FROM number_series WHERE series LIKE 'proof:%'") == [(0,)]


def test_two_houses_of_one_person(paid: Office) -> None:
    with paid.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE party SET person_id = (SELECT person_id FROM party WHERE id = 1)")
        work.audit("test", "party")
    paid.pay("3-1-102", 1_234)
    made = proofs.issue(paid.manager, (HOUSE, "3-1-102", HOUSE))
    assert made.houses == ("3-1-0101", "3-1-0102")
    assert made.total_fen == 2 * LINE + 5_000 + 1_234


def test_the_command(paid: Office) -> None:
    status, said = paid.command("proof", HOUSE, "--from", "2026-07-01", "--to", "2026-07-08", "--key", "p1")
    assert (status, said["number"], said["from"], said["to"]) == (0, "Z2026-000001", "2026-07-01", "2026-07-08")
    assert said["total_fen"] == 2 * LINE + 5_000
    assert said["file"].endswith("Z2026-000001.pdf")
    assert paid.command("proof", HOUSE, "--from", "2026-07-01", "--to", "2026-07-08", "--key", "p1")[1] == said
    assert paid.command("proof", "3-1-102")[1]["error"]["code"] == "no_payments"
