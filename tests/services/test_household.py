"""户内: shares with a warning, heads that fees follow, contracts with their paper, pets; in the copy for the person."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.services import attachments, billing, household, person_data, person_merge, pets, residents, tenancies
from app.services.person_form import PersonForm
from app.services.pets import PetForm
from app.services.refused import NotAllowed, Refused
from app.services.tenancies import NewTenancy
from tests.builders import Office

FIRST, LAST = date(2026, 7, 1), date(2027, 6, 30)


@pytest.fixture
def lived(office: Office) -> Office:
    office.with_houses().with_staff("钱客服", "李收费")
    residents.register(office.manager, "3-1-101", "co_owner", PersonForm("周共有", "13800000001"))
    residents.register(office.manager, "3-1-102", "tenant", PersonForm("丁租客", "13800000002"))
    return office


def _refused(act: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as why:
        act()
    return why.value.problem.code, why.value.field


def test_shares_of_owners_make_one_whole_or_warn(lived: Office) -> None:
    desk = lived.seat("钱客服")
    one, two = household.show(desk, "3-1-101").shares
    assert (one.name, two.name, one.share) == ("业主3-1-0101", "周共有", "")
    assert household.set_share(desk, one.resident, "50%").warnings == (
        "现在有 1 位业主没有写份额，已写的加起来是 1/2。",
    )
    assert household.set_share(desk, two.resident, "1/4").warnings == ("现在各业主的份额加起来是 3/4，不是 1。",)
    done = household.set_share(desk, two.resident, "1/2")
    assert (done.warnings, [share.share for share in done.shares]) == ((), ["1/2", "1/2"])
    assert _refused(lambda: household.set_share(desk, two.resident, "0.5")) == ("share.format", "share")
    tenant = residents.named(desk, "3-1-102", "丁租客").resident
    assert _refused(lambda: household.set_share(desk, tenant, "1/2")) == ("unknown_resident", None)
    with pytest.raises(NotAllowed):
        household.set_share(lived.seat("李收费"), one.resident, "1")


def test_heads_from_a_day_on_feed_fees_a_head(lived: Office) -> None:
    desk = lived.seat("钱客服")
    assert household.count_heads(desk, "3-1-101", 4, date(2026, 1, 1)).warnings == ()
    assert household.count_heads(desk, "3-1-101", 1, FIRST).warnings == ("登记在这户的有 2 人，比 1 多，请核对。",)
    household.count_heads(desk, "3-1-101", 3, FIRST)
    heads = household.show(desk, "3-1-101").heads
    assert [(row.since, row.people) for row in heads] == [(FIRST, 3), (date(2026, 1, 1), 4)]
    lived.with_item()
    lived.bill("2026-07", "2026-07-01")
    told = household.count_heads(desk, "3-1-101", 5, date(2026, 7, 2)).warnings
    assert told == ("已经出账到 2026-07-31，已出的账不变；从下一次出账起按新的人数。",)
    household.count_heads(desk, "3-1-101", None, date(2026, 7, 2))
    assert len(household.show(desk, "3-1-101").heads) == 2
    assert _refused(lambda: household.count_heads(desk, "3-1-101", None, date(2026, 7, 2))) == ("no_count", "since")
    assert _refused(lambda: household.count_heads(desk, "3-1-101", 100, FIRST)) == ("bad_count", "people")
    lived.with_item("LJ", "flat", {"price": "5", "per": "head"}, "2026-08-01")
    items = {key for (key,) in lived.sql("SELECT id FROM fee_item WHERE code = 'LJ'")}
    plan = billing.plan(lived.manager, "2026-08")
    assert [line.amount for line in plan.lines if line.item_id in items] == [1500]


def test_a_contract_keeps_its_paper_with_the_house(lived: Office, tmp_path: Path) -> None:
    desk, paper = lived.seat("钱客服"), tmp_path / "租赁合同.pdf"
    paper.write_bytes(b"%PDF- paper")
    new = NewTenancy("丁租客", FIRST, LAST, "ZL-2026-7", 280_000, paper)
    done = tenancies.add(desk, "3-1-102", new)
    assert (done.file, done.warnings) == ("租赁合同.pdf", ("这户的入住状态不是出租，请到房屋页核对。",))
    assert [row.name for row in attachments.listing(desk, "3-1-102")] == ["租赁合同.pdf"]
    assert attachments.show(desk, "3-1-102", "租赁合同.pdf").data == b"%PDF- paper"
    (row,) = household.show(desk, "3-1-102").tenancies
    assert (row.tenant, row.number, row.rent_fen, row.state) == ("丁租客", "ZL-2026-7", 280_000, "now")
    for wrong, said in (
        (NewTenancy("丁租客", LAST, FIRST), ("bad_span", "to")),
        (NewTenancy("业主3-1-0102", FIRST), ("not_tenant", "tenant")),
        (NewTenancy("丁租客", FIRST, rent_fen=-1), ("bad_amount", "rent")),
        (NewTenancy("丁租客", FIRST, number="长" * 41), ("too_long", "number")),
        (NewTenancy("丁租客", date(2027, 1, 1)), ("overlaps", "from")),
        (NewTenancy("丁租客", date(2028, 1, 1), file=tmp_path / "x"), ("no_file", "source")),
    ):
        assert _refused(lambda wrong=wrong: tenancies.add(desk, "3-1-102", wrong)) == said  # type: ignore[misc]
    assert tenancies.end(desk, row.key, date(2026, 7, 3)).last == date(2026, 7, 3)
    assert household.show(desk, "3-1-102").tenancies[0].state == "over"
    assert _refused(lambda: tenancies.end(desk, row.key, date(2026, 6, 3))) == ("bad_span", "on")
    assert _refused(lambda: tenancies.end(desk, 99, LAST)) == ("unknown_tenancy", None)


def test_pets_with_licence_and_vaccination(lived: Office) -> None:
    desk = lived.seat("钱客服")
    done = pets.add(desk, "3-1-101", PetForm("狗", "豆豆", "京A-1", date(2026, 7, 1), "周共有"))
    assert (done.keeper, done.late) == ("周共有", True)
    assert pets.change(desk, done.key, PetForm("狗", "豆豆", "京A-1", date(2027, 7, 1), "周共有")).late is False
    assert _refused(lambda: pets.add(desk, "3-1-102", PetForm("狗", licence="京A-1"))) == ("licence_taken", "licence")
    assert _refused(lambda: pets.add(desk, "3-1-102", PetForm(" "))) == ("no_kind", "kind")
    assert _refused(lambda: pets.add(desk, "3-1-102", PetForm("猫", keeper="谁"))) == ("unknown_person", "keeper")
    assert _refused(lambda: pets.add(desk, "3-1-102", PetForm("猫", remark="长" * 41))) == ("too_long", "remark")
    assert pets.drop(desk, done.key) == "3-1-0101"
    assert _refused(lambda: pets.drop(desk, done.key)) == ("unknown_pet", None)


def test_all_of_it_is_in_the_copy_for_the_person(lived: Office, tmp_path: Path) -> None:
    desk = lived.seat("钱客服")
    household.set_share(desk, household.show(desk, "3-1-101").shares[1].resident, "1/2")
    pets.add(desk, "3-1-101", PetForm("狗", "豆豆", "京A-1", LAST, "周共有"))
    tenancies.add(desk, "3-1-102", NewTenancy("丁租客", FIRST, LAST, "ZL-7", 280_000))
    person_data.copy(lived.manager, "周共有", "3-1-101", "本人要求", tmp_path / "a.json")
    sections = {part["title"]: part["rows"] for part in json.loads((tmp_path / "a.json").read_text())["sections"]}
    assert sections["产权份额"] == [{"title": "3-1-0101", "value": "1/2"}]
    assert sections["宠物"] == [{"title": "3-1-0101", "value": "狗，豆豆，证号 京A-1，免疫到 2027-06-30"}]
    person_data.copy(lived.manager, "丁租客", "3-1-102", "本人要求", tmp_path / "b.json")
    sections = {part["title"]: part["rows"] for part in json.loads((tmp_path / "b.json").read_text())["sections"]}
    assert sections["租约"] == [
        {"title": "3-1-0102", "value": "2026-07-01 至 2027-06-30，合同 ZL-7，月租 2,800.00 元"}
    ]  # fmt: skip
    residents.register(lived.manager, "3-1-102", "family", PersonForm("丁租客", "13800000009"), another=True)
    keep, drop = lived.sql("SELECT id FROM person WHERE name = '丁租客' ORDER BY id DESC")
    person_merge.merge(lived.manager, keep[0], drop[0], "同一人")
    assert household.show(desk, "3-1-102").tenancies[0].tenant == "丁租客"


def test_the_household_from_the_terminal(lived: Office, tmp_path: Path) -> None:
    def said(*words: str, status: int = 0) -> dict[str, object]:
        done, answer = lived.command(*words, user="钱客服")
        assert done == status, answer
        return answer

    assert said("household", "share", "3-1-101", "周共有", "1/2")["warnings"]
    assert said("household", "heads", "3-1-101", "3", "--date", "2026-07-01")["people"] == 3
    assert said("household", "heads", "3-1-101", "--date", "2026-07-01", "--drop")["people"] is None
    assert said("household", "heads", "3-1-101", status=3)["error"]["code"] == "bad_number"  # type: ignore[index]
    paper = tmp_path / "合同.txt"
    paper.write_text("x")
    rented = said("tenancy", "add", "3-1-102", "丁租客", "--from", "2026-07-01", "--rent", "2800", "--file", str(paper))
    assert rented["file"] == "合同.txt"
    assert said("tenancy", "end", "3-1-102", "丁租客", "--on", "2026-12-31")["to"] == "2026-12-31"
    assert said("tenancy", "end", "3-1-102", "某人", "--on", "2026-12-31", status=3)
    assert said("pet", "add", "3-1-101", "狗", "--name", "豆豆", "--licence", "京A-1")["kind"] == "狗"
    assert said("pet", "change", "3-1-101", "豆豆", "--vaccinated", "2027-01-01")["licence"] == "京A-1"
    shown = said("household", "show", "3-1-101")
    assert [pet["vaccinated_to"] for pet in shown["pets"]] == ["2027-01-01"]  # type: ignore[attr-defined]
    assert said("household", "show", "3-1-102")["tenancies"][0]["rent_fen"] == 280_000  # type: ignore[index]
    assert said("pet", "drop", "3-1-101", "京A-1")["house"] == "3-1-0101"
    assert said("pet", "drop", "3-1-101", "京A-1", status=3)
