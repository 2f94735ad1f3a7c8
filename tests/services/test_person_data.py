"""All that is held about one person, as a paper and as data."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from app.services import parking, person_data, statements, vehicles
from app.services.refused import NotAllowed, Refused
from tests.builders import Office

OWNER = "业主3-1-0101"


@pytest.fixture
def lived(office: Office) -> Office:
    office.with_houses().with_houses(["B1-15"], None).with_item().with_staff("钱客服")
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE person SET phone = '13912340001', id_kind = 'resident_id', "
                    "id_number = '110101199003070011' WHERE name = ?", (OWNER,))  # fmt: skip
        work.driver("INSERT INTO person_tag (person_id, tag) SELECT id, 'deaf' FROM person WHERE name = ?", (OWNER,))
        work.audit("test.person", "person")
    parking.lease(office.manager, "B1-15", "leased", "3-1-101", date(2026, 7, 1))
    vehicles.add(office.manager, "B1-15", "京A12345", vehicles.Car("大众"))
    office.bill("2026-06", "2026-06-01")
    for house in ("3-1-101", "3-1-102"):
        assert office.command("statement", house)[0] == 0
    return office


def _refused(code: str, act: Any) -> None:
    with pytest.raises(Refused) as why:
        act()
    assert why.value.problem.code == code


def test_everything_about_a_person_and_nothing_about_another(lived: Office, tmp_path: Path) -> None:
    file = tmp_path / "d.json"
    argv = ("person", "data", OWNER, "3-1-101", "--purpose", "本人要求", "--out")
    status, said = lived.command(*argv, str(file), "--key", "d1")
    assert status == 0, said
    found = {
        part["title"]: [(row["title"], row["value"]) for row in part["rows"]]
        for part in json.loads(file.read_text("utf-8"))["sections"]
    }
    assert ("证件号码", "110101199003070011") in found["登记的资料"]
    assert ("标签", "听障") in found["登记的资料"]
    assert found["房屋和身份"] == [("3-1-0101", "业主，最初 至 现在")]
    assert found["付款人"] == [("3-1-0101", "最初 至 现在"), ("B1-15", "2026-07-01 至 现在")]
    assert found["车位"] == [("B1-15", "出租，2026-07-01 至 现在")]
    assert found["车辆"] == [("B1-15", "京A12345，大众，最初 至 现在")]
    assert found["存档文书"] == [("2026-07-06", "对账单 3-1-0101")]
    assert found["谁看过、改过"] == []
    assert said["entries"] == sum(map(len, found.values()))
    status, said = lived.command(*argv, str(tmp_path / "d.pdf"))
    assert (status, said["pages"]) == (0, 1)
    text = pypdfium2.PdfDocument(tmp_path / "d.pdf")[0].get_textpage().get_text_bounded()
    for words in (OWNER, "110101199003070011", "京A12345", "导出个人信息副本（本人要求）"):
        assert words in text, words
    assert "3-1-0102" not in text


def test_who_may_and_what_is_refused(lived: Office, tmp_path: Path) -> None:
    seat = lived.manager
    with pytest.raises(NotAllowed):
        person_data.copy(lived.seat("钱客服"), OWNER, "3-1-101", "看看")
    _refused("reason_needed", lambda: person_data.copy(seat, OWNER, "3-1-101", None))
    _refused("unknown_person", lambda: person_data.copy(seat, OWNER, "3-1-102", "本人要求"))
    _refused("unknown_house", lambda: person_data.copy(seat, OWNER, "9-9-909", "本人要求"))
    _refused("bad_suffix", lambda: person_data.copy(seat, OWNER, "3-1-101", "本人要求", tmp_path / "d.txt"))
    assert person_data.copy(seat, OWNER, "B1-15", "本人要求").file.is_file()
    assert statements.statement(seat, "3-1-101").house == "3-1-0101"


def test_a_lease_that_never_began_is_told_as_that(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_houses(["B1-15"], None)
    parking.lease(office.manager, "B1-15", "leased", "3-1-101", date(2026, 8, 1), date(2027, 7, 31))
    parking.end(office.manager, "B1-15", date(2026, 7, 20))
    person_data.copy(office.manager, "业主3-1-0101", "3-1-101", "本人要求", tmp_path / "a.json")
    said = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "出租，2026-08-01 起，没有生效就取消了" in said
    assert "2026-08-01 至 2026-07-31" not in said


def test_the_cars_of_who_came_after_him_are_not_told(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_houses(["B1-15"], None)
    parking.lease(office.manager, "B1-15", "leased", "3-1-101", date(2025, 1, 1), date(2025, 12, 31))
    parking.lease(office.manager, "B1-15", "leased", "3-1-102", date(2026, 1, 1))
    vehicles.add(office.manager, "B1-15", "京A11111", last=date(2025, 12, 31))
    vehicles.add(office.manager, "B1-15", "京A22222", first=date(2025, 6, 1))
    vehicles.add(office.manager, "B1-15", "京B33333", first=date(2026, 1, 1))
    vehicles.add(office.manager, "B1-15", "京B44444")

    def plates(name: str, house: str) -> str:
        person_data.copy(office.manager, name, house, "本人要求", tmp_path / "a.json")
        return (tmp_path / "a.json").read_text(encoding="utf-8")

    former, present = plates("业主3-1-0101", "3-1-101"), plates("业主3-1-0102", "3-1-102")
    assert [plate in former for plate in ("京A11111", "京A22222", "京B33333", "京B44444")] == [True, True, False, False]
    assert [plate in present for plate in ("京A11111", "京A22222", "京B33333", "京B44444")] == [False, True, True, True]
