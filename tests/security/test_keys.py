"""office.keys: what it opens, and that every change of it is noticed."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.problem import Problem
from app.security import key_format, keyslots, passwords, recovery
from app.security.keyslots import FLOOR, Cost, Damaged, KeyFile
from app.services import entrance, users
from app.services.refused import CannotOpen, Refused
from db.types import canonical_json
from tests.builders import PASSWORD, Office, command

OFFICE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


@pytest.fixture(scope="module")
def made() -> tuple[KeyFile, bytes, bytes, bytes]:
    """A key file with its bytes, database key and recovery secret."""
    key, secret = os.urandom(32), recovery.new_secret()
    slots = (
        keyslots.password_slot(OFFICE, "王经理", PASSWORD, FLOOR, key, 1),
        keyslots.recovery_slot(OFFICE, secret, key, 1),
    )
    file = KeyFile(OFFICE, 1, 1, 0, "", slots)
    return file, key_format.dump(file, key), key, secret


def test_it_comes_back_as_it_was_written(made: tuple[KeyFile, bytes, bytes, bytes]) -> None:
    file, data, key, secret = made
    assert key_format.load(data) == file
    key_format.check_mac(data, key)
    assert keyslots.open_password(file, file.slots[0], PASSWORD) == key
    assert keyslots.open_recovery(file, file.slots[1], secret) == key
    with pytest.raises(keyslots.WrongSecret):
        keyslots.open_password(file, file.slots[0], PASSWORD + "x")
    with pytest.raises(keyslots.WrongSecret):
        keyslots.open_recovery(file, file.slots[1], recovery.new_secret())


def test_every_byte_is_guarded(made: tuple[KeyFile, bytes, bytes, bytes]) -> None:
    _, data, key, _ = made
    for place in range(len(data)):
        for flip in (0x01, 0x80):
            changed = data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]
            with pytest.raises(Damaged):
                _read(changed, key)


def _read(data: bytes, key: bytes) -> None:
    key_format.load(data)
    key_format.check_mac(data, key)


def test_slots_cannot_be_swapped_or_renamed(made: tuple[KeyFile, bytes, bytes, bytes]) -> None:
    file, *_ = made
    renamed = replace(file.slots[0], login="别人")
    with pytest.raises(keyslots.WrongSecret):
        keyslots.open_password(replace(file, slots=(renamed,)), renamed, PASSWORD)
    elsewhere = replace(file, office="3f2504e0-4f89-41d3-9a0c-0305e82c3302")
    with pytest.raises(keyslots.WrongSecret):
        keyslots.open_password(elsewhere, file.slots[0], PASSWORD)


@given(data=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    with pytest.raises(Damaged):
        key_format.load(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_a_field_is_refused(made: tuple[KeyFile, bytes, bytes, bytes], data: st.DataObject) -> None:
    whole = json.loads(made[1])
    name = data.draw(st.sampled_from(sorted(whole)))
    whole[name] = data.draw(st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2))
    if whole == json.loads(made[1]):
        return
    with pytest.raises(Damaged):
        key_format.load(canonical_json(whole).encode())


@pytest.mark.parametrize(
    "cost", [Cost(46 * 1024 - 1, 1, 1), Cost(65536, 11, 1), Cost(65536, 1, 9), Cost(1048577, 1, 1)]
)
def test_costs_have_a_floor_and_a_ceiling(made: tuple[KeyFile, bytes, bytes, bytes], cost: Cost) -> None:
    file, _, key, _ = made
    data = key_format.dump(replace(file, slots=(replace(file.slots[0], cost=cost), file.slots[1])), key)
    with pytest.raises(Damaged):
        key_format.load(data)


@given(st.binary(min_size=20, max_size=20))
def test_the_printed_key_reads_back(secret: bytes) -> None:
    shown = recovery.show(secret)
    assert [len(group) for group in shown.split("-")] == [5] * 8
    assert recovery.read(shown) == secret
    assert recovery.read(shown.lower().replace("-", " ").replace("0", "O").replace("1", "l")) == secret


@given(st.binary(min_size=20, max_size=20), st.integers(1, 8))
def test_a_wrong_group_is_named(secret: bytes, place: int) -> None:
    groups = recovery.show(secret).split("-")
    last = groups[place - 1][-1]
    groups[place - 1] = groups[place - 1][:-1] + ("2" if last != "2" else "3")
    with pytest.raises(Problem, match=f"第 {place} 组"):
        recovery.read("-".join(groups))


@pytest.mark.parametrize("password", ["short", "x" * 129, "12345678", "password1", "iloveyou"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Problem):
        passwords.check(password, ("王经理", "样例花园"))


def test_wrong_passwords_wait_longer_and_never_lock_out(folder: Path) -> None:
    office = Office(folder)
    waits = []
    for _ in range(12):
        with pytest.raises(CannotOpen) as closed:
            entrance.open_office(folder, "王经理", "wrong password", clock=office.clock, cost=FLOOR)
        said = closed.value.problem.text
        waits.append(said)
        if "请" in said and "秒" in said:
            with pytest.raises(CannotOpen) as early:
                entrance.open_office(folder, "王经理", PASSWORD, clock=office.clock, cost=FLOOR)
            assert early.value.problem.code == "too_early"
        office.clock.move(seconds=31)
    assert "30 秒" in waits[-1]
    assert "秒" not in waits[0]
    seat = office.seat()
    assert seat.failures == 12
    assert office.sql("SELECT count(*) FROM audit WHERE action = 'login.failed'") == [(1,)]


def test_the_recovery_sheet_lets_the_last_administrator_in(made_office: tuple[Path, str], folder: Path) -> None:
    office = Office(folder)
    entrance.check_recovery(folder, made_office[1])
    entrance.reset_by_recovery(folder, made_office[1], "王经理", "another password", clock=office.clock, cost=FLOOR)
    with pytest.raises(CannotOpen):
        office.seat()
    opened = entrance.open_office(folder, "王经理", "another password", clock=office.clock, cost=FLOOR)
    opened.close()


def test_a_disabled_user_is_out_and_comes_back_with_a_new_password(office: Office) -> None:
    office.with_staff("李收费")
    users.disable(office.manager, "李收费")
    with pytest.raises(CannotOpen):
        office.seat("李收费")
    assert b"\xe6\x9d\x8e\xe6\x94\xb6" not in (office.folder / "office.keys").read_bytes()
    users.reset_password(office.manager, "李收费", PASSWORD, "回来上班", cost=FLOOR)
    office.clock.move(seconds=40)
    assert office.seat("李收费").roles == {"cashier"}


def test_a_users_way_in_is_judged_before_anything_is_written(office: Office) -> None:
    for roles, password in ((("emperor",), PASSWORD), (("cashier",), "12345678")):
        with pytest.raises(Refused):
            users.add(office.manager, "新人", roles, password, cost=FLOOR)
    assert [row.user for row in users.listing(office.manager)] == ["王经理"]


@pytest.mark.parametrize("name", ["office.keys", "office.db"])
def test_a_missing_or_empty_file_is_exit_4(folder: Path, name: str) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != name}
    (folder / name).write_bytes(b"")
    status, said = command(folder, "settings", "list")
    assert (status, said["error"]["code"]) == (4, "keys_damaged" if name == "office.keys" else "database_damaged")
    (folder / name).unlink()
    assert command(folder, "settings", "list")[0] == 4
    after = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != name}
    assert {k: v for k, v in after.items() if k in before} == before
