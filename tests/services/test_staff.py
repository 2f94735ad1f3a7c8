"""Staff as the window lists them, their roles changed; the table of rights; the check of everything, cancelled."""

from __future__ import annotations

import pytest

from app.security import audit as chain
from app.services import rights, user_list, users, verification
from app.services.progress import Cancelled, Progress
from app.services.refused import Refused
from app.services.rights import HIDDEN, NO, TWO, YES
from tests.builders import Office


def test_staff_with_roles_and_last_act(office: Office) -> None:
    office.with_staff("李收费", "郑审计")
    users.disable(office.manager, "李收费")
    rows = {row.login: row for row in user_list.staff(office.seat("郑审计"))}
    assert list(rows)[-1] == "李收费"
    assert rows["王经理"].titles == ("项目经理", "系统管理员")
    assert (rows["王经理"].last_act is None, rows["郑审计"].last_act) == (False, None)
    assert not rows["李收费"].enabled


def test_roles_are_changed_but_not_one_s_own(office: Office) -> None:
    office.with_staff("李收费")
    row = users.set_roles(office.manager, "李收费", ("front_desk", "cashier"))
    assert row.roles == ("cashier", "front_desk")
    for login, roles, code in (
        ("李收费", ("cashier", "front_desk"), "same_roles"),
        ("李收费", (), "unknown_role"),
        ("王经理", ("manager",), "own_roles"),
        ("没有", ("manager",), "unknown_user"),
    ):
        with pytest.raises(Refused) as refused:
            users.set_roles(office.manager, login, roles)
        assert refused.value.problem.code == code


def test_the_table_says_what_the_doors_ask(office: Office) -> None:
    found = rights.table(office.manager)
    cells = {row.title: dict(zip(found.roles, row.cells, strict=True)) for row in found.rows}
    assert cells["备份、验证备份"] == {role: YES if role == "系统管理员" else NO for role in found.roles}
    assert (cells["红冲收据"]["收费员"], cells["红冲收据：批准"]["项目经理"]) == (TWO, YES)
    assert cells["看审计记录"]["系统管理员"] == HIDDEN


def test_a_check_tells_how_far_it_is_and_ends_when_asked(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "TOLD_EVERY", 1)
    progress, told = Progress(), list[str]()
    step = progress.step

    def heard(n: int, of: int, what: str | None = None) -> None:
        told.append(f"{what} {n}/{of}")
        step(n, of, what)

    monkeypatch.setattr(progress, "step", heard)
    assert verification.verify(office.manager, progress=progress).ok
    assert "核对审计链 1/1" in told
    assert set(verification.TITLES) >= {check.name for check in verification.verify(office.manager).checks}
    progress.cancel()
    with pytest.raises(Cancelled):
        verification.verify(office.manager, progress=progress)
