"""Settings as a form shows and saves them: together or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import settings
from app.services.refused import NotAllowed, Refused
from tests.builders import Office


def test_settings_are_changed_together_under_one_record(office: Office) -> None:
    office.set(telephone="010-0000 0000")
    settings.change_several(office.manager, {"telephone": "010-1111 1111", "letterhead": "样例物业公司"})
    said = {line.name: line for line in settings.sheet(office.manager)}
    assert (said["telephone"].value, said["telephone"].since) == ("010-1111 1111", date(2026, 7, 6))
    assert (said["letterhead"].value, said["letterhead"].since) == ("样例物业公司", None)
    assert office.sql("SELECT count(*) FROM audit WHERE action = 'setting.changed'") == [(2,)]


def test_one_wrong_value_changes_nothing_and_is_named(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        settings.change_several(office.manager, {"telephone": "010-1111 1111", "due_day": "32"})
    assert refused.value.field == "due_day"
    assert settings.get(office.manager, "telephone").value == ""
    with pytest.raises(Refused):
        settings.change_several(office.manager, {})


def test_each_role_changes_its_own_settings_only(office: Office) -> None:
    office.with_staff("赵财务", "郑审计", "吴管理")
    mine = {who: {x.name for x in settings.sheet(office.seat(who)) if x.may_change} for who in office.seats}
    assert mine["王经理"] == set(settings.SETTINGS)
    sheets = {who: settings.sheet(office.seat(who)) for who in ("赵财务", "郑审计", "吴管理")}
    can = {who: {line.name for line in lines if line.may_change} for who, lines in sheets.items()}
    assert can["郑审计"] == set()
    assert can["吴管理"] == {"idle_lock_min", "utc_offset", "backup_places"}
    assert "bank_account" in can["赵财务"]
    assert "letterhead" not in can["赵财务"]
    with pytest.raises(NotAllowed) as refused:
        settings.change_several(office.seat("赵财务"), {"letterhead": "别家"})
    assert refused.value.field == "letterhead"
