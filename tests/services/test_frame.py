"""The frame of the window, and coming back to a locked seat."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import backups, entrance, users
from app.services.frame import frame
from app.services.refused import CannotOpen
from tests.builders import PASSWORD, Office


def test_the_frame_says_where_and_who(office: Office, tmp_path: Path) -> None:
    office.with_staff("李收费")
    said = frame(office.seat("李收费"))
    assert (said.estate, said.name, said.roles, said.idle_lock_min) == ("样例花园", "李收费", ("收费员",), 5)
    assert said.last_backup is None
    backups.create(office.manager, tmp_path / "a.anju")
    made = frame(office.manager).last_backup
    assert made is not None
    assert made.isoformat() == "2026-07-06T09:00:00+08:00"


def test_a_locked_seat_opens_with_its_own_password_only(office: Office) -> None:
    seat = office.manager
    with pytest.raises(CannotOpen) as wrong:
        entrance.unlock_seat(seat, "not this one at all")
    assert wrong.value.problem.code == "wrong_password"
    entrance.unlock_seat(seat, PASSWORD)
    assert seat.failures == 1
    assert office.sql("SELECT count(*) FROM audit WHERE action = 'login.failed'") == [(1,)]
    entrance.unlock_seat(seat, PASSWORD)
    assert seat.failures == 0


def test_who_was_disabled_meanwhile_does_not_come_back(office: Office) -> None:
    seat = office.with_staff("李收费").seat("李收费")
    users.disable(office.manager, "李收费")
    with pytest.raises(CannotOpen):
        entrance.unlock_seat(seat, PASSWORD)
