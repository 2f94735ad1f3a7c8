"""The office's own words: a manager changes them within the law's limits, everything is audited, reset brings back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import letter_texts, verification
from app.services.refused import NotAllowed, Refused
from tests.builders import Office

OWN = "请于 **{deadline}**前交清。"


def test_change_and_reset(office: Office) -> None:
    first = letter_texts.get(office.manager, "reminder")
    assert (first.own, first.version, first.title) == (False, 0, "温馨提示")
    changed = letter_texts.change(office.manager, "reminder", OWN + "\n")
    assert (changed.text, changed.own, changed.version) == (OWN, True, 1)
    assert letter_texts.change(office.manager, "reminder", OWN + "谢谢。", 1).version == 2
    with pytest.raises(Refused) as refused:
        letter_texts.change(office.manager, "reminder", OWN, 1)
    assert refused.value.problem.code == "changed_since"
    assert letter_texts.get(office.manager, "reminder").text == OWN + "谢谢。"
    assert letter_texts.reset(office.manager, "reminder") == first
    actions = office.sql("SELECT action FROM audit WHERE object_kind = 'letter' ORDER BY id")
    assert actions == [("letter.changed",), ("letter.changed",), ("letter.reset",)]
    assert verification.verify(office.manager).ok


def test_what_is_refused_changes_nothing(office: Office) -> None:
    office.with_staff("赵财务")
    for text, code in ((OWN + "否则停水。", "letter.threat"), ("{deadline}{owner}", "letter.unknown_field")):
        with pytest.raises(Refused) as refused:
            letter_texts.change(office.manager, "reminder", text)
        assert refused.value.problem.code == code
    with pytest.raises(Refused, match="没有这种文书"):
        letter_texts.get(office.manager, "threat")
    for act in (lambda: letter_texts.change(office.seat("赵财务"), "reminder", OWN),
                lambda: letter_texts.reset(office.seat("赵财务"), "reminder")):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    assert not letter_texts.get(office.manager, "reminder").own


def test_the_commands(office: Office, tmp_path: Path) -> None:
    status, said = office.command("letter", "show", "letter")
    assert (status, said["own"]) == (0, False)
    assert "第九百四十四条" in said["text"]
    assert {field["field"] for field in said["fields"]} >= {"deadline", "clause", "total_words"}
    file = tmp_path / "own.txt"
    file.write_text("\ufeff" + OWN, encoding="utf-8")
    assert office.command("letter", "set", "reminder", str(file))[1]["text"] == OWN
    status, said = office.command("letter", "set", "letter", str(file))
    assert (status, said["error"]["code"]) == (3, "letter.missing")
    assert office.command("letter", "reset", "reminder")[1]["own"] is False
    file.write_bytes(b"\xff\xfe\x00")
    assert office.command("letter", "set", "reminder", str(file))[0] == 3
    assert office.command("letter", "set", "reminder", str(tmp_path / "none.txt"))[0] == 3
