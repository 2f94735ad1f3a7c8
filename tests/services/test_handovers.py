"""过户、退租: prepared at the front desk, settled by an accountant, with spaces and a list of what was handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from app.domain.handover import Handover
from app.services import alerts, handovers, parking, settlement, vehicles, verification, watching
from app.services.refused import NotAllowed, Refused
from app.services.seat import Seat
from app.services.settlement import Settlement, Wanted
from tests.builders import Office

FIFTH, FOURTH = date(2026, 7, 5), date(2026, 7, 4)
LIST = Handover(3, 2, ("id", "deed"), "none", "水卡 1 张")
SALE = Wanted("3-1-101", FIFTH, follower="新业主", phone="13900000009", readings=(("水", "12"),), handover=LIST)


@pytest.fixture
def lived(office: Office) -> Office:
    """A house with a meter; its owner owns one space and rents another, a car on each."""
    office.with_houses().with_item().with_item("SF", "meter", "3.5").with_meter("3-1-101")
    office.with_item("CW", "flat", "80", houses="listed").with_houses(["B1-15", "B1-16", "B1-17"], None)
    with office.manager.transaction(write=True) as work:
        work.driver("DELETE FROM resident WHERE house_id > 2")
        work.driver(
            "UPDATE person SET registered = 0 WHERE id IN "
            "(SELECT y.person_id FROM house_payer h JOIN party y ON y.id = h.party_id WHERE h.house_id > 2)"
        )
        work.audit("test.spaces", "house")
    parking.lease(office.manager, "B1-15", "owned", "3-1-101", date(2026, 1, 1))
    parking.lease(office.manager, "B1-16", "leased", "3-1-101", date(2026, 7, 1), item="CW")
    parking.lease(office.manager, "B1-17", "leased", "3-1-102", date(2026, 1, 1), item="CW")
    for space, plate in (("B1-15", "京A12345"), ("B1-16", "京A12346")):
        vehicles.add(office.manager, space, plate)
    return office.with_staff("钱客服", "赵财务", "李收费")


def _refused(act: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as why:
        act()
    return why.value.problem.code, why.value.field


def _payer(office: Office, space: str, day: str) -> str:
    ((name,),) = office.sql(
        "SELECT p.name FROM house_payer h JOIN house s ON s.id = h.house_id JOIN party y ON y.id = h.party_id "
        f"JOIN person p ON p.id = y.person_id WHERE s.number = '{space}' AND coalesce(h.valid_from, '0') <= '{day}' "
        f"AND coalesce(h.valid_to, '9') >= '{day}'"
    )
    return str(name)


def test_the_front_desk_prepares_and_an_accountant_settles(lived: Office) -> None:
    desk, accountant = lived.seat("钱客服"), lived.seat("赵财务")
    start = handovers.start(desk, "3-1-101")
    assert (start.payer, start.meters, start.prepared) == ("业主3-1-0101", ("水",), None)
    assert [(each.number, each.kind) for each in start.spaces] == [("B1-15", "owned"), ("B1-16", "leased")]
    assert [each.number for each in start.leases] == ["B1-16"]
    wanted = replace(SALE, spaces=("B1-15", "B1-16"))
    handovers.prepare(desk, replace(wanted, follower="别人", pay="cash"))
    done = handovers.prepare(desk, wanted)
    assert (done.by, done.wanted) == ("钱客服", replace(wanted, house="3-1-0101"))
    assert [row.wanted.follower for row in handovers.waiting(accountant)] == ["新业主"]
    assert handovers.waiting(lived.seat("李收费"))[0].wanted.phone == ""
    with pytest.raises(NotAllowed):
        settlement.settle(desk, wanted)
    with pytest.raises(NotAllowed):
        handovers.prepare(accountant, wanted)
    watching.keep(Seat.system(lived.manager.store), "handovers")
    (alert,) = [row for row in alerts.listing(accountant) if row.kind == handovers.WAITS]
    assert (alert.title, alert.object) == ("3-1-0101 的过户已经准备好，等财务结算", "3-1-0101")

    prepared = handovers.start(accountant, "3-1-101").prepared
    assert prepared is not None
    settled = settlement.settle(accountant, prepared.wanted)
    assert isinstance(settled, Settlement)
    assert settled.handover == LIST
    assert settled.spaces == ("车位 B1-15 从 2026-07-05 起归 新业主。", "车位 B1-16（出租）用到 2026-07-04。")
    assert handovers.waiting(accountant) == ()
    assert {row[0] for row in lived.sql("SELECT wanted FROM settle_prep")} == {"{}"}
    watching.keep(Seat.system(lived.manager.store), "handovers")
    assert [row for row in alerts.listing(accountant) if row.kind == handovers.WAITS and row.closed_at is None] == []
    held = {(row.space, row.person, row.kind, row.first, row.last) for row in parking.listing(lived.manager)}
    assert {("B1-15", "新业主", "owned", FIFTH, None), ("B1-16", "业主3-1-0101", "leased", date(2026, 7, 1), FOURTH),
            ("B1-17", "业主3-1-0102", "leased", date(2026, 1, 1), None)} <= held  # fmt: skip
    assert [_payer(lived, "B1-15", day) for day in ("2026-07-04", "2026-07-05")] == ["业主3-1-0101", "新业主"]
    assert _payer(lived, "B1-16", "2026-07-04") == "业主3-1-0101"
    assert _payer(lived, "B1-16", "2026-07-05") != "业主3-1-0101"
    assert [car.last for car in vehicles.of_house(lived.manager, "B1-15")] == [FOURTH]
    assert settled.file is not None
    text = pypdfium2.PdfDocument(settled.file)[0].get_textpage().get_text_bounded().replace("\r\n", "")
    for words in (
        "交接清单",
        "3 把",
        "2 张",
        "双方身份证件、不动产权证",
        "水卡 1 张",
        "B1-15 从 2026-07-05 起归",
    ):
        assert words.replace(" ", "") in text.replace(" ", ""), words
    assert verification.verify(lived.manager).ok


def test_a_space_that_is_billed_ahead_stays_with_who_was_billed(lived: Office) -> None:
    with lived.manager.transaction(write=True) as work:
        work.driver("INSERT INTO house_item (id, house_id, item_id, count, factor) "
                    "SELECT 900, h.id, i.id, 1, 1000000 FROM house h, fee_item i "
                    "WHERE h.number = 'B1-15' AND i.code = 'CW'")  # fmt: skip
        work.audit("test.item", "house")
    lived.bill("2026-07", "2026-07-01")
    done = settlement.settle(lived.manager, replace(SALE, readings=(), spaces=("B1-15", "B1-16")))
    assert isinstance(done, Settlement)
    assert done.spaces == (
        "车位 B1-15 从 2026-07-05 起归 新业主，已出账到 2026-07-31 的仍由原付款人交。",
        "车位 B1-16（出租）用到 2026-07-04，已出账到 2026-07-31 的不变。",
    )
    assert [_payer(lived, "B1-15", day) for day in ("2026-07-31", "2026-08-01")] == ["业主3-1-0101", "新业主"]
    lived.clock.to("2026-08-01")
    lived.bill("2026-08", "2026-08-01")
    assert lived.sql(
        "SELECT p.name, c.period_from, c.amount FROM charge c JOIN house h ON h.id = c.house_id "
        "JOIN party y ON y.id = c.payer_id JOIN person p ON p.id = y.person_id "
        "WHERE h.number = 'B1-15' ORDER BY c.period_from"
    ) == [("业主3-1-0101", "2026-07-01", 8000), ("新业主", "2026-08-01", 8000)]
    assert verification.verify(lived.manager).ok


def test_what_does_not_fit_is_refused(lived: Office) -> None:
    desk = lived.seat("钱客服")
    for wanted, said in (
        (replace(SALE, follower=" "), ("nobody_follows", "to")),
        (replace(SALE, spaces=("B1-17",)), ("not_his_space", "spaces")),
        (replace(SALE, kind="move_out", spaces=("B1-15",)), ("not_his_space", "spaces")),
        (replace(SALE, readings=(("电", "1"),)), ("unknown_meter", "readings")),
        (replace(SALE, handover=Handover(100)), ("bad_count", "keys")),
        (replace(SALE, handover=Handover(papers=("x",))), ("bad_choice", "papers")),
        (replace(SALE, handover=Handover(deposit="x")), ("bad_choice", "deposit")),
        (replace(SALE, handover=Handover(note="长" * 201)), ("too_long", "note")),
        (replace(SALE, kind="x"), ("unknown_settlement", "kind")),
    ):
        assert _refused(lambda wanted=wanted: handovers.prepare(desk, wanted)) == said  # type: ignore[misc]
    assert _refused(lambda: settlement.rehearse(lived.manager, replace(SALE, spaces=("B1-17",)))) == (
        "not_his_space", "spaces"
    )  # fmt: skip
    assert _refused(lambda: handovers.drop(desk, "3-1-101", "不卖了")) == ("nothing_prepared", "house")


def test_the_same_from_the_terminal(lived: Office) -> None:
    asked = ("3-1-101", "--on", "2026-07-05", "--to", "新业主", "--handed-keys", "2", "--handed-cards", "0",
             "--paper", "id", "--space", "B1-15", "--note", "家具照清单")  # fmt: skip
    status, said = lived.command("handover", "prepare", *asked, user="钱客服")
    assert (status, said["house"], said["handover"]["keys"]) == (0, "3-1-0101", 2)
    assert lived.command("handover", "list", user="赵财务")[1]["handovers"][0]["spaces"] == ["B1-15"]
    assert lived.command("handover", "drop", "3-1-101", "--reason", "不卖了", user="钱客服")[0] == 0
    assert lived.command("handover", "list", user="赵财务")[1]["handovers"] == []
    assert lived.command("handover", "prepare", *asked[:-2], "--handed-keys", "x")[1]["error"]["code"] == "bad_number"
    status, said = lived.command("settle", *asked, user="赵财务")
    assert (status, said["spaces"]) == (0, ["车位 B1-15 从 2026-07-05 起归 新业主。"])
    assert "没有看到：不动产权证。" in said["notes"]
