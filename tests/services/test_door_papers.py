"""What is printed for a whole building: the emergency list, address labels, door slips."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from app.services import door_papers, emergency
from app.services.refused import NotAllowed, Refused
from tests.builders import Office


@pytest.fixture
def building(office: Office) -> Office:
    office.with_houses(["3-1-0101", "3-1-0102", "3-2-0301"]).with_houses(["B1-15"], None)
    with office.manager.transaction(write=True) as work:
        for n, (number, name, relation, until) in enumerate(
            (
                ("3-1-0102", "钱租客", "tenant", None), ("3-1-0102", "孙已搬", "tenant", "2026-06-30"),
                ("3-1-0101", "周奶奶", "family", None), ("3-1-0101", "吴女儿", "emergency", None),
            )
        ):  # fmt: skip
            row = (100 + n, "person", name, True, f"1380000000{n}")
            work.many("person", ("id", "kind", "name", "registered", "phone"), [row])
            (house,) = work.driver("SELECT id FROM house WHERE number = ?", (number,)).one()
            columns = ("id", "house_id", "person_id", "relation", "position", "valid_to")
            work.many("resident", columns, [(100 + n, house, 100 + n, relation, n + 1, until)])
        work.driver("UPDATE house SET state = 'let' WHERE number = '3-1-0102'")
        work.driver("UPDATE house SET state = 'vacant' WHERE number = '3-2-0301'")
        work.driver("INSERT INTO house_people (house_id, valid_from, people) "
                    "SELECT id, '2026-01-01', 5 FROM house WHERE number = '3-1-0102'")  # fmt: skip
        for tag in ("walks_badly", "合唱队", "alone_old"):
            work.driver("INSERT INTO person_tag (person_id, tag) VALUES (102, ?)", (tag,))
        work.audit("test.people", "person")
    return office.with_staff("钱客服", "孙工程")


def _text(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def _refused(code: str, act: Any) -> None:
    with pytest.raises(Refused) as why:
        act()
    assert why.value.problem.code == code


def test_the_emergency_list_says_who_is_inside_and_who_is_called(building: Office, tmp_path: Path) -> None:
    status, said = building.command(
        "emergency", "3号楼", "--purpose", "消防演习", "--out", str(tmp_path / "e.pdf"), user="钱客服"
    )
    assert status == 0, said
    # Two counted by name in 0101, five as the office counted in 0102, nobody in the empty one.
    assert (said["houses"], said["people"], said["needing"], said["pages"]) == (3, 7, 1, 1)
    text = _text(tmp_path / "e.pdf")
    for words in ("周奶奶", "13800000002", "独居老人、行动不便", "联系人 吴女儿", "钱租客（租户）", "业主 业主3-1-0102",
                  "2 单元 3 层", "含个人信息，用后收回", "第 1 页 / 共 1 页", "先去这些户"):  # fmt: skip
        assert words.replace(" ", "") in text.replace(" ", "").replace("\r\n", "").replace("\n", ""), words
    assert "孙已搬" not in text
    assert "合唱队" not in text
    ((detail,),) = building.sql(
        "SELECT c.detail FROM audit a JOIN change c ON c.seq = a.id WHERE a.action = 'emergency.printed'"
    )
    assert "消防演习" in detail
    assert "周奶奶" not in detail
    _refused("reason_needed", lambda: emergency.print_list(building.manager, "3", " "))
    _refused("unknown_building", lambda: emergency.print_list(building.manager, "9", "演习"))
    with pytest.raises(NotAllowed):
        emergency.print_list(building.seat("孙工程"), "3", "演习")


def test_labels_go_on_where_the_sheet_stopped(building: Office, tmp_path: Path) -> None:
    target = tmp_path / "l.pdf"
    done = door_papers.labels(building.manager, "3", start=9, target=target)
    assert (done.papers, done.pages) == (3, 2)
    assert "业主3-1-0101" in _text(target)
    assert "钱租客" not in _text(target)
    assert building.command("labels", "--building", "3", "--relation", "tenant")[1]["papers"] == 1
    assert building.command("labels", "--building", "3", "--relation", "all")[1]["papers"] == 3
    assert building.command("labels", "--building", "3", "--start", "11")[1]["error"]["code"] == "bad_start"
    assert building.command("labels", "--building", "3", "--start", "x")[1]["error"]["code"] == "bad_number"
    _refused("bad_choice", lambda: door_papers.labels(building.manager, "3", "friend"))
    _refused("nobody", lambda: door_papers.labels(building.manager, "B1"))


def test_slips_carry_the_house_and_nobody_s_name(building: Office, tmp_path: Path) -> None:
    argv = ("slips", "--building", "3", "--title", "停水通知", "--text", "明天停水。\n请储水。", "--out")
    status, said = building.command(*argv, str(tmp_path / "s.pdf"), user="孙工程")
    assert (status, said["papers"], said["pages"]) == (0, 3, 1)
    text = _text(tmp_path / "s.pdf")
    assert text.count("停水通知") == 3
    assert "3-2-0301" in text
    assert "业主" not in text
    long = "为了小区的公共安全，请不要把电动自行车推上楼充电。" * 16
    assert door_papers.slips(building.manager, "3", long[:400], target=tmp_path / "s.pdf").pages == 1
    _refused("text_long", lambda: door_papers.slips(building.manager, "3", long * 2))
    _refused("no_text", lambda: door_papers.slips(building.manager, "3", "  "))
    _refused("no_houses", lambda: door_papers.slips(building.manager, "B1", "停水"))
    assert building.clock().date() == date(2026, 7, 6)
