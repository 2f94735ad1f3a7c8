"""The ledger proved from outside: what Beancount adds up is what our own doors say, to the fen, on every day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from beancount.scripts.check import main as bean_check
from click.testing import CliRunner

from app.services import billing, ledger_file, readings, receipts, verification
from app.services.projections import lower_open, move_prepaid
from app.services.purse import Wish
from app.services.refused import Refused
from db.models.ledger import Adjustment, Allocation, Payment, Refund
from tests.builders import Office
from tests.outside import agrees
from tests.reports.excel.making import a_workbook

DAYS = [date(2026, 8, 1) + timedelta(days=n) for n in range(0, 100, 3)]


@pytest.fixture
def lived(office: Office, tmp_path: Path) -> Office:
    """Four months with everything in them that a door can do to the ledger; the clock stands at 8 November."""
    office.with_houses(("3-1-0101", "3-1-0102", "3-1-0201", "商3")).set(go_live="2026-08-01")
    office.with_item(late_rate=50_000, name="物业费").with_item("垃圾.费", "flat", "8").with_item("sf", "meter", "2")
    opening: dict[str, list[list[Any]]] = {
        "欠费": [["房号", "收费项目", "账期起", "账期止", "欠费金额", "违约金"],
                 ["3-1-101", "物业费", "2025-01-01", "2025-01-31", "123.40", "1.20"]],
        "预存": [["房号", "预存金额"], ["3-1-102", "500"]],
        "押金": [["房号", "项目", "押金金额", "收据号"], ["3-1-102", "装修押金", 2000, "旧1"]],
    }  # fmt: skip
    office.clock.to("2026-08-01")
    status, said = office.command("import", "opening", str(a_workbook(tmp_path, opening, name="期初.xlsx")))
    assert status == 0, said
    office.with_meter("3-1-201", code="sf", on="2026-07-31")
    office.bill("2026-08")
    office.clock.to("2026-08-09")
    kept = office.pay("3-1-101", 20_000, method="wechat", wishes=[Wish("垃圾.费", "2026-08")])
    wrong = office.pay("商3", 99_999, method="alipay")
    receipts.void(office.manager, wrong.receipt, "录错户")
    office.clock.to("2026-09-01")
    readings.add(office.manager, "3-1-201", "水", "20", date(2026, 8, 31), estimate=True)
    office.bill("2026-09")
    billing.void(office.manager, "2026-09", "价格录错")
    office.with_tariff("WY", "2.60", "2026-09-16")
    office.bill("2026-09")
    office.clock.to("2026-10-03")
    readings.add(office.manager, "3-1-201", "水", "12", date(2026, 9, 30))
    office.bill("2026-10")
    office.pay("商3", 40_000, method="bank", on=date(2026, 10, 2))
    receipts.reverse(office.manager, kept.receipt, "退票")
    office.clock.to("2026-11-08")
    office.bill("2026-11", "2026-11-01")
    office.pay("3-1-101", 300_000)
    return office


def test_beancount_agrees_on_every_day(lived: Office, tmp_path: Path) -> None:
    outside = agrees(lived.manager, tmp_path / "账本.beancount", *DAYS)
    said = {entry.narration for entry in outside.entries if hasattr(entry, "narration")}
    assert said == {"出账", "违约金", "期初应收", "期初预存", "期初押金", "收款", "作废", "红冲", "冲回", "抵扣",
                    "撤销抵扣", "转入预存"}  # fmt: skip
    assert lived.command("ledger", "export", str(tmp_path / "x.beancount"))[1]["deposits_fen"] == 200_000
    sums = outside.sums(date(2026, 11, 8))
    assert sums["Liabilities:Deposits:X-装修押金:Charged:Principal"] == -200_000
    assert sums["Equity:Opening:WY:Charged:Principal"] == -12_340


def test_waivers_refunds_and_returned_deposits_are_in_it(lived: Office, tmp_path: Path) -> None:
    """The rows that such acts write, whoever writes them: a waiver, small change, prepaid given back, and a deposit
    that is no longer owed, taken off its charge and paid out.
    """
    with lived.manager.transaction(write=True) as work:
        charge, _open = work.driver("SELECT charge_id, open FROM open_charge WHERE open > 5000").first()
        work.append(Adjustment, work.today, [(charge, -1_234, "waiver", 1), (charge, -6, "small_change", 1)])
        lower_open(work, {charge: 1_240})
        paid = work.driver("SELECT id, house_id, payer_id FROM payment WHERE amount = 300000").one()
        work.append(Refund, work.today, [(paid[0], 10_000, "cash", 1)])
        move_prepaid(work, {(paid[1], paid[2]): -10_000})
        held = work.driver(
            "SELECT a.id, a.charge_id, a.payment_id FROM allocation a JOIN charge c ON c.id = a.charge_id "
            "WHERE a.amount = 200000"
        ).one()
        work.append(Allocation, work.today, [(held[1], "paid", -200_000, held[2], None, held[0])])
        work.append(Adjustment, work.today, [(held[1], -200_000, "correction", 1)])
        work.append(Refund, work.today, [(held[2], 200_000, "bank", 1)])
        work.audit("test.adjusted", "charge")
    file = tmp_path / "账本.beancount"
    sums = agrees(lived.manager, file, *DAYS[-4:]).sums(date(2026, 11, 8))
    waived = {account: fen for account, fen in sums.items() if account.endswith((":Waiver", ":SmallChange"))}
    assert sorted(waived.values()) == [6, 1_234]
    assert sums["Liabilities:Deposits:X-装修押金:Adjusted:Correction"] == 200_000
    assert ledger_file.export(lived.manager, file).deposits_fen == 0


def test_a_receipt_of_several_methods_is_one_transaction(lived: Office, tmp_path: Path) -> None:
    with lived.manager.transaction(write=True) as work:
        first = work.driver("SELECT id, house_id, payer_id FROM payment WHERE amount = 300000").one()
        row = (first[1], first[2], 7_000, "pos", "normal", 1, None, "6222", first[0])
        (second,) = work.append(Payment, work.today, [row])
        work.append(Payment, work.today, [(*row[:2], -7_000, "pos", "void", 1, second, None, first[0])])
        work.append(Payment, work.today, [(*row[:2], 1, "wechat", "normal", 1, None, None, first[0])])
        move_prepaid(work, {(first[1], first[2]): 1})
        work.audit("test.paid", "payment")
    outside = agrees(lived.manager, tmp_path / "账本.beancount")
    number = lived.sql("SELECT number FROM receipt ORDER BY id DESC")[0][0]
    acts = [entry for entry in outside.entries if number in (getattr(entry, "links", None) or ())]
    assert [{p.account for p in act.postings} >= {"Assets:Pos", "Assets:WeChat"} for act in acts] == [False, True]


def test_bean_check_accepts_it_and_finds_a_cent(lived: Office, tmp_path: Path) -> None:
    file = tmp_path / "账本.beancount"
    ledger_file.export(lived.manager, file)
    assert CliRunner().invoke(bean_check, [str(file)]).exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert text.count(" balance ") > 30
    for find, change in (
        (r"(  Assets:Cash  3000\.0)0", r"\g<1>1"),
        (r"(balance Liabilities:Prepaid  -[0-9]+\.)\d\d", r"\g<1>99"),
    ):
        wrong = re.sub(find, change, text, count=1)
        assert wrong != text
        file.write_text(wrong, encoding="utf-8")
        said = CliRunner().invoke(bean_check, [str(file)])
        assert said.exit_code == 1, said.output


def test_no_person_stands_in_it(lived: Office, tmp_path: Path) -> None:
    file = tmp_path / "账本.beancount"
    ledger_file.export(lived.manager, file)
    text = file.read_text(encoding="utf-8")
    for (name,) in lived.sql("SELECT name FROM person UNION SELECT login FROM app_user WHERE login <> 'system'"):
        assert name not in text
    assert {"S2026-00000001", "B2026-08-000001"} <= set(re.findall(r"\^(\S+)", text))


def test_it_is_recorded_and_a_key_gives_the_first_answer(lived: Office, tmp_path: Path) -> None:
    file = str(tmp_path / "账本.beancount")
    first = lived.command("ledger", "export", file, "--as-of", "2026-09-30", "--key", "sept")[1]
    assert lived.command("ledger", "export", file, "--as-of", "2026-09-30", "--key", "sept")[1] == first
    assert (first["as_of"], first["key"], first["file"]) == ("2026-09-30", "sept", file)
    said = lived.command("audit", "list", "--action", "ledger")[1]["records"]
    assert [(row["title"], row["detail"]["as_of"]) for row in said] == [("导出账本", "2026-09-30")]
    assert lived.command("ledger", "export", file, "--as-of", "2026-12-01")[1]["error"]["code"] == "future_day"
    with pytest.raises(Refused):
        ledger_file.export(lived.manager, tmp_path)


def test_an_empty_ledger_is_a_file_too(office: Office, tmp_path: Path) -> None:
    outside = agrees(office.manager, tmp_path / "账本.beancount", date(2026, 7, 1))
    assert outside.sums(date(2026, 7, 6)) == {}


def test_a_void_takes_a_set_off_back_on_its_own_day(office: Office) -> None:
    """Dated back, billed and voided on one day: on the days between, the books know nothing of the later charge."""
    office.with_houses(("3-1-0101",)).with_item()
    office.bill("2026-06", "2026-06-01")
    paid = office.pay("3-1-0101", 30_000, on=date(2026, 6, 20))
    office.bill("2026-07", "2026-07-01")
    receipts.void(office.manager, paid.receipt, "录错")
    agrees(office.manager, office.folder / "l.beancount", date(2026, 6, 20), date(2026, 6, 30), date(2026, 7, 1))
    assert verification.verify(office.manager).ok
