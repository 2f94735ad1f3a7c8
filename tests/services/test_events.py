"""活动: made, a group invited, answers and attendance counted, papers for the doors and the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from app.services import event_list, event_papers, events, residents, segments
from app.services.events import EventForm
from app.services.list_face import Query
from app.services.person_form import PersonForm
from app.services.refused import NotAllowed, Refused
from tests.builders import Office

DAY = date(2026, 7, 20)
FEAST = EventForm("重阳节茶话会", DAY, "9:30", "会所", "请带水杯。\n有抽奖。", 3)
NUMBER = "E2026-000001"


@pytest.fixture
def lived(office: Office) -> Office:
    office.with_houses(["3-1-0101", "3-1-0102", "3-2-0301"]).with_staff("钱客服", "李收费")
    for house, name, phone, born in (
        ("3-1-0101", "周奶奶", "13800000001", 1950),
        ("3-1-0102", "钱爷爷", "13800000002", 1948),
        ("3-1-0102", "吴奶奶", "13800000003", 1951),
        ("3-2-0301", "小孙", "13800000004", 2000),
    ):
        residents.register(office.manager, house, "family", PersonForm(name, phone, birth_on=date(born, 5, 5)))
    return office


def _refused(act: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as why:
        act()
    return why.value.problem.code, why.value.field


def _key(office: Office, house: str, name: str) -> int:
    return residents.named(office.manager, house, name).person


def _text(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_an_event_from_the_list_of_guests_to_the_door(lived: Office, tmp_path: Path) -> None:
    desk = lived.seat("钱客服")
    done = events.add(desk, FEAST)
    assert (done.number, done.state, done.counts.invited) == (NUMBER, "planned", 0)
    assert events.show(desk, NUMBER).form.begins == "09:30"
    segments.save(desk, "residents", "老人", Query(filters=(("old", "1"),)))
    (saved,) = segments.listing(desk, "residents")
    first = events.invite(desk, NUMBER, saved.query, each="house")
    assert (first.guests, first.counts.houses, first.warnings) == (2, 2, ())
    again = events.invite(desk, NUMBER, saved.query)
    assert (again.guests, again.counts.invited, again.counts.houses) == (1, 3, 2)
    assert events.invite(desk, NUMBER, saved.query).guests == 0
    rows = lived.sql("SELECT r.id FROM resident r JOIN person p ON p.id = r.person_id WHERE p.name = '小孙'")
    chosen = events.invite(desk, NUMBER, residents=[rows[0][0]])
    assert (chosen.guests, chosen.warnings) == (1, ("名额 3，已请 4 人。",))

    grandma = _key(lived, "3-1-101", "周奶奶")
    assert events.reply(desk, NUMBER, grandma, "yes", 3).warnings == ()
    crowded = events.reply(desk, NUMBER, _key(lived, "3-1-102", "钱爷爷"), "yes")
    assert (crowded.counts.coming, crowded.counts.yes) == (4, 2)
    assert crowded.warnings == ("名额 3，会来的已有 4 人。",)
    events.reply(desk, NUMBER, _key(lived, "3-1-102", "吴奶奶"), "no")
    found = events.guests(desk, NUMBER, "znn")
    assert [(guest.name, guest.phone, guest.reply, guest.heads) for guest in found.rows] == [
        ("周奶奶", "138****0001", "yes", 3)
    ]
    assert [guest.name for guest in events.guests(desk, NUMBER, "3-1-102").rows] == ["吴奶奶", "钱爷爷"]
    assert events.guests(desk, NUMBER, "没有这样的人").found == 0

    slips = event_papers.invitations(desk, NUMBER, tmp_path / "请.pdf")
    assert (slips.papers, slips.pages) == (3, 2)
    text = _text(tmp_path / "请.pdf")
    assert all(word in text for word in ("3-1-0102", "钱爷爷", "有抽奖", "2026 年 7 月 20 日（星期一）09:30"))
    assert "吴奶奶" not in text
    sheet = event_papers.sign_in_sheet(lived.seat("李收费"), NUMBER, tmp_path / "签.pdf")
    assert (sheet.papers, sheet.pages) == (4, 1)
    assert "已请 4 人，回复会来 4 人" in _text(tmp_path / "签.pdf")
    ((detail,),) = lived.sql("SELECT detail FROM change WHERE detail LIKE '%purpose%' ORDER BY seq LIMIT 1")
    assert "重阳节茶话会" in detail
    assert "周奶奶" not in detail

    assert _refused(lambda: events.attend(desk, NUMBER, grandma)) == ("too_early", None)
    assert _refused(lambda: events.end(desk, NUMBER)) == ("too_early", None)
    lived.clock.to("2026-07-20")
    assert events.attend(desk, NUMBER, grandma).counts.came == 1
    assert events.attend(desk, NUMBER, grandma, came=False).counts.came == 0
    events.attend(desk, NUMBER, grandma)
    stranger = events.attend(desk, NUMBER, _key(lived, "3-1-101", "业主3-1-0101"))
    assert (stranger.guests, stranger.counts.invited, stranger.counts.came) == (1, 5, 2)
    assert events.end(desk, NUMBER).state == "over"
    assert _refused(lambda: events.attend(desk, NUMBER, grandma)) == ("event_closed", "number")
    (key,) = event_list.keys(desk, Query())
    row = event_list.rows(desk, [key])[key]
    assert (row.invited, row.coming, row.came, row.state) == (5, 4, 2, "over")


def test_what_is_typed_wrongly_names_its_field(lived: Office) -> None:
    desk = lived.seat("钱客服")
    for form, said in (
        (EventForm(" ", DAY), ("no_title", "title")),
        (EventForm("会", DAY, "25:00"), ("bad_hour", "begins")),
        (EventForm("会", DAY, capacity=0), ("bad_capacity", "capacity")),
        (EventForm("会", DAY, note="长" * 301), ("too_long", "note")),
        (EventForm("会", date(2026, 7, 5)), ("past_day", "on")),
    ):
        assert _refused(lambda form=form: events.add(desk, form)) == said  # type: ignore[misc]
    events.add(desk, FEAST)
    assert _refused(lambda: event_papers.sign_in_sheet(desk, NUMBER)) == ("nobody", "number")
    assert _refused(lambda: events.invite(desk, NUMBER, Query("没有这样的人"))) == ("nobody", "who")
    assert _refused(lambda: events.reply(desk, NUMBER, 1, "yes")) == ("not_invited", "name")
    assert _refused(lambda: events.reply(desk, NUMBER, 1, "yes", 0)) == ("bad_heads", "heads")
    assert _refused(lambda: events.show(desk, "E2026-000009")) == ("unknown_event", "number")
    with pytest.raises(NotAllowed):
        events.add(lived.seat("李收费"), FEAST)


def test_events_from_the_terminal(lived: Office, tmp_path: Path) -> None:
    def said(*words: str, status: int = 0) -> dict[str, object]:
        done, answer = lived.command("event", *words, user="钱客服")
        assert done == status, answer
        return answer

    assert said("add", "茶话会", "--on", "2026-07-06", "--capacity", "9", "--key", "k")["event"] == NUMBER
    assert said("add", "茶话会", "--on", "2026-07-06", "--capacity", "9", "--key", "k")["event"] == NUMBER
    assert said("invite", NUMBER, status=3)["error"]["code"] == "who_needed"  # type: ignore[index]
    assert said("invite", NUMBER, "--filter", "none", status=3)["error"]["code"] == "unknown_filter"  # type: ignore[index]
    assert said("invite", NUMBER, "--segment", "x", status=3)["error"]["code"] == "unknown_segment"  # type: ignore[index]
    assert said("invite", NUMBER, "--filter", "old", "--filter", "building=3")["guests"] == 3
    assert said("reply", NUMBER, "3-1-101", "周奶奶", "yes", "--heads", "2")["coming"] == 2
    assert said("attend", NUMBER, "3-1-101", "周奶奶")["came"] == 1
    assert said("attend", NUMBER, "3-1-101", "周奶奶", "--undo")["came"] == 0
    moved = said("change", NUMBER, "--place", "广场")
    assert moved["warnings"] == ["时间或地点改了，已发的邀请函要另行通知。"]
    shown = said("show", NUMBER, "--find", "周")
    assert (shown["place"], shown["found"], shown["capacity"]) == ("广场", 1, 9)
    assert said("slips", NUMBER, "--out", str(tmp_path / "a.pdf"))["papers"] == 2
    assert said("sheet", NUMBER, "--out", str(tmp_path / "b.pdf"))["papers"] == 3
    assert said("cancel", NUMBER, status=3)["error"]["code"] == "reason_needed"  # type: ignore[index]
    assert said("cancel", NUMBER, "--reason", "暴雨")["warnings"] == ["已请 3 人，请通知他们。"]
    assert said("slips", NUMBER, status=3)["error"]["code"] == "event_closed"  # type: ignore[index]
    assert said("list")["events"] == []
    assert said("add", "又一个", "--on", "2026-07-06")["event"] == "E2026-000002"
    assert said("end", "E2026-000002")["state"] == "over"
