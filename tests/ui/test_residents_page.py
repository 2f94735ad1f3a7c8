"""住户 in the window: registered with a question first, changed, looked at for a purpose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services import household, residents
from app.services.list_face import Query
from app.services.person_form import PersonForm
from tests.builders import Office
from tests.ui.list_pages import go_to, open_page, settled
from ui.forms.hint_button import HintButton
from ui.pages.household_dialogs import AddTenancy, CountHeads, DropPet, EditPet, EndTenancy, SetShare
from ui.pages.register_dialogs import CopyPerson, ExportRegister, Forget, WriteTemplate
from ui.pages.resident_dialogs import RegisterPerson
from ui.pages.residents import ResidentsPage
from ui.workers.runner import Runner


@pytest.fixture
def housed(office: Office) -> Office:
    office.with_houses().with_staff("钱客服", "李收费")
    residents.register(office.manager, "3-1-101", "family", PersonForm("孙样", "13800000002"))
    return office


def _page(qtbot: QtBot, runner: Runner, office: Office, login: str) -> ResidentsPage:
    page = open_page(qtbot, runner, ResidentsPage, office.seat(login))
    qtbot.waitUntil(lambda: page.view.body.model.ready and bool(page.view.body.model.keys), timeout=5000)
    settled(qtbot, page)
    assert isinstance(page, ResidentsPage)
    return page


def test_who_may_be_known_is_asked_before_he_is_written_twice(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _page(qtbot, runner, housed, "钱客服")
    form = page.register()
    form.form.fill({"house": "3-1-102", "relation": "tenant", "name": "孙样", "phone": "13800000002", "consent": "no"})
    form.form.submit()
    qtbot.waitUntil(lambda: "可能是同一人：孙样" in form.form.message.said.text(), timeout=5000)
    assert form.form.typed["phone"] == "13800000002"
    offered = {button.text(): button for button in form.form.message.findChildren(HintButton) if button.text()}
    assert set(offered) == {"就是孙样", "另一个人"}
    with qtbot.waitSignal(form.landed, timeout=5000) as said:
        offered["就是孙样"].click()
    assert said.args[0] == "3-1-0102 登记租户 孙样。"
    assert housed.sql("SELECT count(*) FROM person WHERE name = '孙样'") == [(1,)]


def test_a_number_is_shown_with_a_purpose_only(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _page(qtbot, runner, housed, "钱客服")
    key = next(key for key in page.view.body.model.keys if page.view.body.model.row_of(key).name == "孙样")
    go_to(qtbot, page, key)
    qtbot.waitUntil(lambda: page.found is not None, timeout=5000)
    asked = page.reveal()
    assert asked is not None
    asked.form.submit()
    assert asked.form.foot == "1 处需要修改"
    asked.form.fill({"field": "phone", "purpose": "长" * 201})
    asked.form.submit()
    qtbot.waitUntil(lambda: "用途太长" in str(asked.form.boxes["purpose"].problem), timeout=5000)
    asked.form.fill({"field": "phone", "purpose": "漏水要通知"})
    asked.form.submit()
    qtbot.waitUntil(lambda: "13800000002" in page.message.said.text(), timeout=5000)
    changed = page.change()
    assert changed is not None
    changed.form.fill({**changed.form.typed, "email": "s@example.com"})
    with qtbot.waitSignal(changed.landed, timeout=5000):
        changed.form.submit()
    assert housed.sql("SELECT phone, email FROM person WHERE name = '孙样'") == [("13800000002", "s@example.com")]


def test_nobody_is_changed_or_shown_once_the_list_finds_no_one(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _page(qtbot, runner, housed, "钱客服")
    go_to(qtbot, page, page.view.body.model.keys[0])
    qtbot.waitUntil(lambda: page.found is not None, timeout=5000)
    assert page.changing.isEnabled()
    page.view.body.ask(Query("没有这样的人"))
    settled(qtbot, page)
    assert page.found is None
    assert not any(act.isEnabled() for act in (page.changing, page.revealing, page.copying))
    assert page.change() is None
    assert "修改" not in dict(page.keys()).values()


def test_who_only_reads_registers_nobody(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _page(qtbot, runner, housed, "李收费")
    assert not page.adding.isEnabled()
    assert page.change() is None


def test_the_register_goes_out_and_a_person_has_his_copy(
    housed: Office, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = open_page(qtbot, runner, ResidentsPage, housed.manager)
    assert isinstance(page, ResidentsPage)
    settled(qtbot, page)
    target = tmp_path / "资料.xlsx"
    monkeypatch.setattr(page, "ask_target", lambda _name: target)
    page.moving_out.trigger()
    (export,) = page.findChildren(ExportRegister)
    export.form.boxes["purpose"].put("年度核对")
    with qtbot.waitSignal(export.landed) as said:
        export.form.submit()
    assert said.args[0].startswith("2 户 3 人 0 个车位已导出：资料.xlsx。")
    page.starting.trigger()
    (template,) = page.findChildren(WriteTemplate)
    target = tmp_path / "模板.xlsx"
    monkeypatch.setattr(template, "_ask", lambda _name: target)
    with qtbot.waitSignal(template.landed) as said:
        template.form.submit()
    assert (said.args, target.is_file()) == (["已保存：模板.xlsx"], True)
    key = next(key for key in page.view.body.model.keys if page.view.body.model.row_of(key).name == "孙样")
    go_to(qtbot, page, key)
    qtbot.waitUntil(lambda: page.copying.isEnabled())
    page.copying.trigger()
    (copy,) = page.findChildren(CopyPerson)
    copy.form.fill({"format": "json", "purpose": "本人申请"})
    with qtbot.waitSignal(copy.landed) as said:
        copy.form.submit()
    assert said.args[0].startswith("孙样 的个人信息 ")
    page.forgetting.trigger()
    qtbot.waitUntil(lambda: "没有留存期满的住户" in page.message.said.text())


def test_who_left_long_ago_is_forgotten_once_a_manager_agrees(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    with housed.manager.transaction(write=True) as work:
        work.driver(
            "UPDATE resident SET valid_to = '2020-01-01' WHERE person_id = (SELECT id FROM person WHERE name = '孙样')"
        )
        work.audit("test.left", "person")
    page = _page(qtbot, runner, housed, "钱客服")
    page.forgetting.trigger()
    qtbot.waitUntil(lambda: bool(page.findChildren(Forget)))
    (forget,) = page.findChildren(Forget)
    with qtbot.waitSignal(forget.landed) as said:
        forget.form.submit()
    assert "已提交，等经理批准" in said.args[0]
    assert housed.sql("SELECT count(*) FROM person WHERE name = '孙样'") == [(1,)]


def test_the_household_of_a_house_is_kept_in_its_tab(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    residents.register(housed.manager, "3-1-101", "tenant", PersonForm("丁租客", "13800000009"))
    page = _page(qtbot, runner, housed, "钱客服")
    key = next(key for key in page.view.body.model.keys if page.view.body.model.row_of(key).name == "丁租客")
    go_to(qtbot, page, key)
    page.panel.tabs.go(2)

    def offered(words: str) -> HintButton:
        def found() -> list[HintButton]:
            return [each for each in page.panel.findChildren(HintButton) if each.text() == words and each.isEnabled()]

        qtbot.waitUntil(lambda: not page.runner.busy and bool(found()), timeout=5000)
        return found()[-1]

    for words, dialog, typed, said in (
        ("份额…", SetShare, {"share": "1/2"}, "的产权份额已改。现在各业主的份额加起来是 1/2，不是 1。"),
        ("登记人数…", CountHeads, {"people": "3"}, "从 2026-07-06 起 3 人。"),
        (
            "登记租约…",
            AddTenancy,
            {"number": "ZL-1", "rent": "2800", "to": "2027-06-30"},
            "丁租客 的租约到 2027-06-30。",
        ),
        ("登记宠物…", EditPet, {"kind": "狗", "name": "豆豆", "vaccinated_to": "2026-07-01"}, "的狗 豆豆 已保存。"),
        ("改期限…", EndTenancy, {"on": "2026-12-31"}, "丁租客 的租约到 2026-12-31。"),
        ("注销…", DropPet, {}, "3-1-0101 的宠物已注销。"),
    ):
        offered(words).click()
        made = next(each for each in page.findChildren(dialog) if each.isVisible())
        made.form.fill({**made.form.typed, **typed})
        with qtbot.waitSignal(made.landed, timeout=5000) as sent:
            made.form.submit()
        assert said in sent.args[0]
        settled(qtbot, page)
    found = household.show(housed.manager, "3-1-101")
    assert (found.heads[0].people, found.tenancies[0].number, found.pets) == (3, "ZL-1", ())


def test_a_document_number_is_judged_as_it_is_left(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _page(qtbot, runner, housed, "钱客服")
    dialog = RegisterPerson(page)
    number = dialog.form.boxes["id_number"]
    for typed, right in (
        ("110101199003070012", False),
        ("110101199003070011", True),
        ("１１０１０１ １９９００３０７ ００１１", True),
    ):
        number.put(typed)
        assert number.judge() is right
    number.put("E12345678")
    assert not number.judge()
    dialog.form.boxes["id_kind"].put("passport")
    dialog.form.boxes["id_kind"].typed.emit()
    assert number.problem is None


@pytest.mark.parametrize(
    ("key", "typed", "right"),
    [("email", "wang", False), ("email", " wang@example.cn ", True), ("birth_on", "2027-01-01", False),
     ("birth_on", "1990-3-7", True)],
)  # fmt: skip
def test_an_address_and_a_birth_date_are_judged_as_they_are_left(
    housed: Office, qtbot: QtBot, runner: Runner, key: str, typed: str, right: bool
) -> None:
    box = RegisterPerson(_page(qtbot, runner, housed, "钱客服")).form.boxes[key]
    box.put(typed)
    assert box.judge() is right


def test_two_who_change_one_person_see_both_versions(housed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _page(qtbot, runner, housed, "钱客服")
    go_to(qtbot, page, page.view.body.model.keys[0])
    qtbot.waitUntil(lambda: page.found is not None, timeout=5000)
    dialog = page.change()
    assert dialog is not None
    assert page.found is not None
    seen = page.found
    other = replace(seen.form, phone="13800000099", email="o@x.cn", sex="female", tags=("志愿者",))
    residents.change(housed.manager, seen.key, seen.version, other)
    dialog.form.boxes["email"].put("mine@x.cn")
    dialog.form.submit()
    qtbot.waitUntil(lambda: dialog.form.message.isVisible() and not page.runner.busy)
    said = dialog.form.message.said.text()
    for words in ("邮箱“”→“o@x.cn”", "性别“”→“女”", "别的标签“”→“志愿者”", "手机或座机“”→“138****0099”"):
        assert words in said
    assert (dialog.form.typed["email"], dialog.form.typed["sex"]) == ("mine@x.cn", "female")
    with qtbot.waitSignal(dialog.landed, timeout=5000):
        dialog.form.submit()
    asked = f"SELECT phone, email, sex FROM person WHERE id = {seen.key}"
    assert housed.sql(asked) == [("13800000099", "mine@x.cn", "female")]
