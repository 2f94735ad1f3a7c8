"""住户: registered once, moved in and out with days, found twice and made one, looked at with a purpose."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import (
    counter,
    events,
    house_file,
    payments,
    person_merge,
    resident_list,
    residents,
    search,
    statements,
    verification,
)
from app.services.list_face import Query, Sort
from app.services.person_form import PersonForm
from app.services.refused import NotAllowed, Refused
from app.services.residents import PerhapsSame
from tests.builders import Office

ID = "11010519491231002X"


@pytest.fixture
def housed(office: Office) -> Office:
    """Two houses with owners, one without: its payer is a stand-in."""
    office.with_houses(("3-1-0101", "3-1-0102", "3-1-0201")).with_item()
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE person SET registered = 0, name = '业主（未登记）3-1-0201' WHERE name = '业主3-1-0201'", ())
        work.audit("test.unknown", "person")
    office.bill("2026-07", "2026-07-01")
    return office.with_staff("钱客服", "李收费")


def _refused(act: object, code: str, field: str | None = None) -> None:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    assert (refused.value.problem.code, field in (None, refused.value.field)) == (code, True)


def _rows(office: Office, **filters: str) -> list[tuple[str, str, str]]:
    query = Query(filters=tuple(filters.items()))
    found = resident_list.rows(office.manager, resident_list.keys(office.manager, query))
    return [(row.name, row.relation, row.house) for row in found.values()]


def test_naming_the_owner_renames_the_party_not_the_ledger(housed: Office) -> None:
    done = residents.register(
        housed.seat("钱客服"), "3-1-201", "owner", PersonForm("李样", "13800000001"), date(2026, 7, 2)
    )
    assert (done.name, done.house) == ("李样", "3-1-0201")
    assert counter.call_up(housed.manager, "3-1-201").payer == "李样"
    assert payments.take(housed.manager, "3-1-201", 20962).prepaid_fen == 0
    assert statements.statement(housed.manager, "3-1-201").owed_fen == 0
    _refused(lambda: residents.register(housed.manager, "3-1-201", "owner", PersonForm("王二")), "owner_there")
    assert verification.verify(housed.manager).ok


def test_a_family_moves_in_and_out(housed: Office) -> None:
    child = PersonForm("小样", birth_on=date(2022, 3, 3), tags=("child",), consent=True)
    residents.register(housed.manager, "3-1-101", "family", child, date(2026, 3, 1))
    residents.register(housed.manager, "3-1-101", "tenant", PersonForm("赵租", "13800000009"), date(2026, 1, 1))
    assert _rows(housed, child="1") == [("小样", "家庭成员", "3-1-0101")]
    key = next(k for k, row in resident_list.rows(
        housed.manager, resident_list.keys(housed.manager, Query(filters=(("tenant", "1"),)))).items())  # fmt: skip
    residents.move_out(housed.manager, key, date(2026, 6, 30), "租期满")
    assert _rows(housed, tenant="1") == []
    assert [one.name for one in residents.lived(housed.manager, "3-1-101", date(2026, 3, 3))] == [
        "业主3-1-0101", "小样", "赵租"]  # fmt: skip
    assert [one.name for one in residents.lived(housed.manager, "3-1-101")] == ["业主3-1-0101", "小样"]
    _refused(lambda: residents.move_out(housed.manager, key), "unknown_resident")
    owner = next(k for k, row in resident_list.rows(
        housed.manager, resident_list.keys(housed.manager, Query())).items() if row.relation == "业主")  # fmt: skip
    _refused(lambda: residents.move_out(housed.manager, owner), "owner_billed")


def test_what_is_typed_wrong_names_its_field(housed: Office) -> None:
    for form, code, field in (
        (PersonForm(" "), "bad_name", "name"),
        (PersonForm("王", "1380000"), "bad_phone", "phone"),
        (PersonForm("王", phone2="x"), "bad_phone", "phone2"),
        (PersonForm("王", email="a b@c"), "bad_email", "email"),
        (PersonForm("王", id_number="110105194912310021"), "bad_id", "id_number"),
        (PersonForm("王", birth_on=date(2027, 1, 1)), "future_day", "birth_on"),
        (PersonForm("王", tags=("ill",)), "consent_needed", "consent"),
        (PersonForm("王", remark="长" * 501), "too_long", "remark"),
        (PersonForm("王", tags=("志愿者", "长" * 21)), "too_long", "tags"),
        (PersonForm("王", tags=("志愿者", " 独居老人 ")), "consent_needed", "consent"),
    ):
        _refused(lambda form=form: residents.register(housed.manager, "3-1-101", "family", form), code, field)
    _refused(
        lambda: residents.register(housed.manager, "3-1-101", "friend", PersonForm("王")), "bad_choice", "relation"
    )
    assert housed.sql("SELECT count(*) FROM person WHERE registered") == [(2,)]


def test_who_may_be_the_same_is_shown_first(housed: Office) -> None:
    residents.register(housed.manager, "3-1-101", "family", PersonForm("孙样", "13800000002", id_number=ID))
    with pytest.raises(PerhapsSame) as asked:
        residents.register(housed.manager, "3-1-102", "tenant", PersonForm("孙样", "138-0000-0002"))
    (like,) = asked.value.likes
    assert (like.name, like.houses, like.shared) == ("孙样", ("3-1-0101",), "电话 138****0002")
    same = residents.register(housed.manager, "3-1-102", "tenant", PersonForm("孙样"), same_as=like.key)
    assert same.key == like.key
    assert [one.house for one in residents.show(housed.manager, like.key).houses] == ["3-1-0101", "3-1-0102"]
    other = PersonForm("孙二", "13800000002")
    assert residents.register(housed.manager, "3-1-102", "family", other, another=True).key != like.key


def test_two_records_become_one_with_nothing_lost(housed: Office) -> None:
    one = residents.register(housed.manager, "3-1-201", "owner", PersonForm("钱样", "13800000003")).key
    two = residents.register(
        housed.manager, "3-1-102", "tenant", PersonForm("钱样", "13800000004", id_number=ID, tags=("志愿者",))
    ).key
    owed = statements.statement(housed.manager, "3-1-201").owed_fen
    done = person_merge.merge(housed.manager, one, two, "同一人")
    found = residents.show(housed.manager, one)
    assert (done.moved, [each.house for each in found.houses]) == (1, ["3-1-0102", "3-1-0201"])
    assert (found.phone2, found.id_number[-4:], found.form.tags) == ("138****0004", "002X", ("志愿者",))
    _refused(lambda: residents.show(housed.manager, two), "unknown_person")
    assert statements.statement(housed.manager, "3-1-201").owed_fen == owed
    assert verification.verify(housed.manager).ok


def test_a_relation_has_the_same_word_everywhere(housed: Office) -> None:
    residents.register(housed.manager, "3-1-101", "emergency", PersonForm("孙样", "13800000007"))
    people = house_file.show(housed.manager, "3-1-101").people or ()
    assert [one.relation for one in people if one.name == "孙样"] == ["紧急联系人"]
    (hit,) = [hit for hit in search.find(housed.manager, "孙样") if hit.kind == "resident"]
    assert hit.about.startswith("紧急联系人 · 3-1-0101")


def test_initials_follow_the_name(housed: Office) -> None:
    def found(letters: str) -> list[str]:
        return [hit.title for hit in search.find(housed.manager, letters) if hit.kind == "resident"]

    key = residents.register(housed.manager, "3-1-101", "family", PersonForm("曾样", "13800000005")).key
    assert (found("zy"), found("cy")) == (["曾样"], ["曾样"])
    seen = residents.show(housed.manager, key)
    residents.change(housed.manager, key, seen.version, PersonForm("卫样"), keep=("phone",))
    assert (found("zy"), found("wy")) == ([], ["卫样"])
    other = residents.register(housed.manager, "3-1-102", "tenant", PersonForm("卫样样", "13800000006")).key
    person_merge.merge(housed.manager, other, key, "同一人")
    assert found("wy") == ["卫样样", "卫样样"]


def test_records_that_look_alike_are_listed(housed: Office) -> None:
    assert person_merge.duplicates(housed.manager) == ()
    residents.register(housed.manager, "3-1-101", "family", PersonForm("周样", "13800000005"))
    residents.register(housed.manager, "3-1-102", "family", PersonForm("周样", "13800000005"), another=True)
    ((one, two),) = person_merge.duplicates(housed.manager)
    assert (one.name, two.name, one.shared) == ("周样", "周样", "电话 138****0005")


def test_a_change_keeps_what_was_masked_and_sees_another(housed: Office) -> None:
    form = PersonForm("吴样", "13800000006", id_number=ID, sex="male")
    key = residents.register(housed.manager, "3-1-101", "co_owner", form).key
    seen = residents.show(housed.manager, key)
    assert (seen.phone, seen.id_number, seen.age, seen.form.phone) == ("138****0006", "110***********002X", 76, "")
    changed = residents.change(
        housed.manager, key, seen.version, PersonForm("吴样例", email="w@example.com"), ("phone", "id_number")
    )
    assert (changed.form.name, changed.phone, changed.id_number) == ("吴样例", "138****0006", "110***********002X")
    _refused(lambda: residents.change(housed.manager, key, seen.version, PersonForm("吴")), "changed_meanwhile")


def test_a_full_number_is_shown_for_a_purpose_and_recorded(housed: Office) -> None:
    form = PersonForm("郑样", "13800000007", id_number=ID)
    key = residents.register(housed.manager, "3-1-101", "co_owner", form).key
    desk = housed.seat("钱客服")
    _refused(lambda: residents.reveal(desk, key, "phone", " "), "reason_needed")
    assert residents.reveal(desk, key, "phone", "漏水要通知") == "13800000007"
    with pytest.raises(NotAllowed):
        residents.reveal(desk, key, "id_number", "核对")
    assert residents.reveal(housed.manager, key, "id_number", "起诉材料") == ID
    ((said,),) = housed.sql("SELECT c.detail FROM change c JOIN audit a ON a.id = c.seq "
                            "WHERE a.action = 'resident.revealed' ORDER BY a.id DESC LIMIT 1")  # fmt: skip
    assert "起诉材料" in said
    assert ID not in said
    with pytest.raises(NotAllowed):
        residents.register(housed.seat("李收费"), "3-1-101", "family", PersonForm("王"))


def test_the_list_says_how_old_somebody_is_and_hides_the_middle_of_his_document(housed: Office) -> None:
    for name, born in (("今天生日", date(1960, 7, 6)), ("明天生日", date(1960, 7, 7)), ("闰日", date(2000, 2, 29))):
        residents.register(housed.manager, "3-1-101", "family", PersonForm(name, birth_on=born))
    residents.register(housed.manager, "3-1-101", "family", PersonForm("有证件", id_number=ID))
    keys = resident_list.keys(housed.manager, Query(sorts=(Sort("age", True),)))
    rows = resident_list.rows(housed.manager, keys)
    told = [(rows[key].name, rows[key].age) for key in keys if rows[key].age is not None]
    assert told == [("有证件", 76), ("今天生日", 66), ("明天生日", 65), ("闰日", 26)]
    assert [row.id_number for row in rows.values() if row.name == "有证件"] == [f"{ID[:3]}{'*' * 11}{ID[-4:]}"]
    shown = [column.title for column in resident_list.RESIDENTS.face.columns if column.shown]
    assert shown == ["姓名", "身份", "房号", "年龄", "手机", "证件号", "标签"]


def test_what_two_records_say_otherwise_is_kept_when_they_become_one(housed: Office) -> None:
    seat, day = housed.manager, date(2026, 7, 18)
    one = residents.register(seat, "3-1-101", "family", PersonForm(
        "孙样", "13800000002", "057188886666", email="a@x.cn", remark="晚上在家", birth_on=date(1960, 1, 1),
    )).key  # fmt: skip
    two = residents.register(seat, "3-1-102", "family", PersonForm(
        "孙祥", "13800000003", "13800000002", email="b@x.cn", remark="先打电话", birth_on=date(1961, 1, 1),
    ), another=True).key  # fmt: skip
    for title in ("茶话会", "运动会"):
        events.add(seat, events.EventForm(title, day))
    rows = resident_list.rows(seat, resident_list.keys(seat, Query()))
    (first,), (second,) = ([key for key, row in rows.items() if row.name == name] for name in ("孙样", "孙祥"))
    events.invite(seat, "E2026-000001", residents=(first, second))
    events.invite(seat, "E2026-000002", residents=(second,))
    events.reply(seat, "E2026-000001", two, "yes", 2)
    events.reply(seat, "E2026-000002", two, "no")
    person_merge.merge(seat, one, two, "同一人")
    asked = "SELECT phone, phone2, email, remark, birth_on FROM person WHERE name = '孙样'"
    assert housed.sql(asked) == [(
        "13800000002", "057188886666、13800000003", "a@x.cn",
        "晚上在家；先打电话；另登记为 孙祥；另邮箱 b@x.cn；另出生日期 1961-01-01", "1960-01-01",
    )]  # fmt: skip
    assert housed.sql("SELECT event_id, person_id, reply, heads FROM event_guest ORDER BY 1") == [
        (1, one, "yes", 2), (2, one, "no", None),
    ]  # fmt: skip
    assert residents.show(seat, one).phone2.count("*") > 8
