"""活动: made, changed, people invited to it, ended or called off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.services import events, residents
from app.services.events import EACH, EventAnswer, EventFile, EventForm
from app.services.list_face import Query
from app.services.resident_list import RESIDENTS
from app.services.segments import Saved
from ui.forms.field import Field, Kind, several, whole
from ui.pages.dialog import WIDE, WIDEST, Dialog
from ui.pages.page import Page

GROUPS = tuple(
    (face.key, face.title) for face in RESIDENTS.face.filters if len(face.options) == 1 and face.options[0].value == "1"
)
"""Questions to the list of residents that are on or off, and their words."""
_EACH = tuple(EACH.items())


def _fields(page: Page) -> tuple[Field, ...]:
    return (
        Field("title", "什么活动", hint="如 重阳节茶话会"),
        Field("on", "哪一天", page.read_day, kind=Kind.DAY),
        Field("begins", "几点开始", optional=True, hint="如 14:30"),
        Field("place", "地点", optional=True),
        Field("capacity", "名额", whole(1, events.MOST_ROOM), optional=True, kind=Kind.NUMBER, unit="人",
              hint="不填就不限"),
        Field("note", "邀请函上的话", optional=True, hint="说明内容、要带什么；印在邀请函上"),
    )  # fmt: skip


def _form(values: Mapping[str, Any]) -> EventForm:
    return EventForm(
        values["title"], values["on"], values["begins"] or "", values["place"] or "", values["note"] or "",
        values["capacity"],
    )  # fmt: skip


def _said(words: str) -> Callable[[EventAnswer], str]:
    return lambda done: words.format(number=done.number, title=done.title) + "".join(done.warnings)


class NewEvent(Dialog):
    """An event nobody is invited to yet."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, "新活动", "先建活动，再邀请住户、印邀请函。", _fields(page), "建活动", WIDE, columns=2)
        self._key = str(uuid4())

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""

        def add() -> EventAnswer:
            with self.page.seat.once(self._key):
                return events.add(self.page.seat, _form(values))

        self.do(add, _said("活动“{title}”已建，编号 {number}。"))


class ChangeEvent(Dialog):
    """Another day, place or text."""

    def __init__(self, page: Page, known: EventFile) -> None:
        about = "已请的人和他们的回复不变。"
        super().__init__(page, f"修改 {known.form.title}", about, _fields(page), "保存", WIDE, columns=2)
        self._known, self._key = known, str(uuid4())
        self.form.fill(_typed(known))

    def act(self, values: Mapping[str, Any]) -> None:
        """Save it."""
        known = self._known

        def change() -> EventAnswer:
            with self.page.seat.once(self._key):
                return events.change(self.page.seat, known.number, known.version, _form(values))

        def take(now: EventFile) -> tuple[()]:
            self._known = now
            return ()

        met = self.meeting(lambda: events.show(self.page.seat, known.number), _typed, take)
        self.do(change, _said("活动“{title}”已改。"), met)


def _typed(known: EventFile) -> dict[str, str]:
    """An event as it stands in the form."""
    form = known.form
    return {
        "title": form.title, "on": form.on.isoformat(), "begins": form.begins, "place": form.place,
        "capacity": "" if form.capacity is None else str(form.capacity), "note": form.note,
    }  # fmt: skip


class InviteGroup(Dialog):
    """邀请 by a saved question or by groups; whoever the list of residents would show with them."""

    def __init__(self, page: Page, event: EventFile, saved: Sequence[Saved]) -> None:
        self._event, self._saved, self._key = event, {one.name: one.query for one in saved}, str(uuid4())
        fields = [
            Field("groups", "请哪些人（几样都选，同时符合）", several, True, Kind.SEVERAL, choices=GROUPS, room=860),
            Field("building", "楼栋", optional=True, hint="只请一栋的写楼号，如 3；不写是全小区"),
            Field("each", "一户几位", choices=_EACH),
        ]
        if saved:
            choices = tuple((one.name, one.name) for one in saved)
            fields.insert(0, Field("segment", "存下的筛选", optional=True, choices=choices))
        about = f"已请 {event.counts.invited} 人。已请过的不会再请一次，已迁出的不请。都不选就是所有在住的人。"
        super().__init__(page, f"邀请住户：{event.form.title}", about, fields, "邀请", WIDEST, columns=2)
        self.form.fill({"each": "person"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Invite them."""
        query = self._saved.get(values.get("segment") or "", Query()).only("here", ("1",))
        for key in values["groups"] or ():
            query = query.only(key, ("1",))
        if values["building"]:
            query = query.only("building", (values["building"],))
        seat, number = self.page.seat, self._event.number

        def invite() -> EventAnswer:
            with seat.once(self._key):
                return events.invite(seat, number, query, each=values["each"])

        self.do(invite, invited)


def invited(done: EventAnswer) -> str:
    """What an invitation came to."""
    said = f"“{done.title}”新请 {done.guests} 人，共 {done.counts.houses} 户 {done.counts.invited} 人。"
    return said + "".join(done.warnings)


class InviteListed(Dialog):
    """邀请 of those whom the list of residents shows now, or of its chosen rows."""

    def __init__(
        self, page: Page, planned: Sequence[EventFile], query: Query, listed: int, chosen: Sequence[int]
    ) -> None:
        self._query, self._chosen, self._key = query, tuple(chosen), str(uuid4())
        who = [("listed", f"列出的 {listed:,} 位")]
        if chosen:
            who.insert(0 if len(chosen) > 1 else 1, ("chosen", f"选中的 {len(chosen):,} 位"))
        fields = (
            Field("event", "哪个活动", choices=tuple((e.number, f"{e.form.on} {e.form.title}") for e in planned)),
            Field("who", "请谁", choices=who),
            Field("each", "一户几位", choices=_EACH),
        )
        super().__init__(page, "邀请到活动", "已请过的不会再请一次，已迁出的不请。", fields, "邀请")
        self.form.fill({"event": planned[0].number, "who": who[0][0], "each": "person"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Invite them."""
        seat, listed = self.page.seat, values["who"] == "listed"

        def invite() -> EventAnswer:
            with seat.once(self._key):
                query = self._query if listed else None
                return events.invite(seat, values["event"], query, () if listed else self._chosen, values["each"])

        self.do(invite, invited)


class CancelEvent(Dialog):
    """取消 of an event."""

    def __init__(self, page: Page, event: EventFile) -> None:
        about = f"名单留着，好通知已请的 {event.counts.invited} 人。" if event.counts.invited else ""
        about += "取消后不能恢复。"
        fields = (Field("reason", "原因", hint="如 暴雨改期另办"),)
        super().__init__(page, f"取消 {event.form.title}", about, fields, "取消活动", danger=True, keep="不取消")
        self._number, self._key = event.number, str(uuid4())

    def act(self, values: Mapping[str, Any]) -> None:
        """Call it off."""

        def cancel() -> EventAnswer:
            with self.page.seat.once(self._key):
                return events.cancel(self.page.seat, self._number, values["reason"])

        self.do(cancel, _said("活动“{title}”已取消。"))


class WalkIn(Dialog):
    """Somebody at the door whom nobody invited."""

    def __init__(self, page: Page, event: EventFile) -> None:
        fields = (Field("house", "房号"), Field("name", "姓名"))
        super().__init__(page, f"没请的人签到：{event.form.title}", "登记过的住户写房号和姓名。", fields, "签到")
        self._number, self._key = event.number, str(uuid4())

    def act(self, values: Mapping[str, Any]) -> None:
        """Write him down as a guest who came."""
        seat = self.page.seat

        def attend() -> EventAnswer:
            who = residents.named(seat, values["house"], values["name"])
            with seat.once(self._key):
                return events.attend(seat, self._number, who.person)

        self.do(attend, lambda done: f"{values['name']} 已签到，到场 {done.counts.came} 人。")
