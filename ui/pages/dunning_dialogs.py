"""What is written down about a debtor: a call or visit, how a paper was served, a hold of the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services import dun_contacts
from app.services.dun_contacts import HOLDS, Served
from ui.forms.field import Field, Kind
from ui.pages.dialog import Dialog
from ui.pages.page import Page

TALKS = (("call", "电话"), ("visit", "上门"))
WAYS = (
    ("in_person", "当面送达"),
    ("left", "留置"),
    ("post", "邮寄"),
    ("message", "短信、微信"),
    ("door", "张贴门上"),
)


def _day(page: Page) -> Field:
    return Field("on", "日期", page.read_day, kind=Kind.DAY)


class LogTalk(Dialog):
    """登记电话 or a visit: an entry of the record, no stage, no proof."""

    def __init__(self, page: Page, house: str) -> None:
        fields = (Field("way", "方式", choices=TALKS), _day(page), Field("note", "谈了什么"))
        super().__init__(page, f"登记电话 {house}", "", fields, "登记")
        self._house = house
        self.form.boxes["way"].put("call")
        self.form.boxes["on"].put(page.today.isoformat())

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        seat, house = self.page.seat, self._house
        self.do(
            lambda: dun_contacts.talk(seat, house, values["way"], values["note"], values["on"]),
            lambda done: f"{done.house} 的{dict(TALKS)[done.way]}已登记。",
        )


class LogService(Dialog):
    """送达: how a paper arrived. Arrival is proven by a signature, or by a posting's number and its delivery."""

    def __init__(self, page: Page, number: str) -> None:
        fields = (
            Field("way", "送达方式", choices=WAYS),
            _day(page),
            Field("signer", "签收人", optional=True, hint="当面送达要写"),
            Field("tracking", "快递单号", optional=True, hint="邮寄要写"),
            Field("delivered", "是否送到", choices=(("yes", "已送到"), ("no", "还不知道"))),
            Field("note", "备注", optional=True),
        )
        super().__init__(page, f"登记送达 {number}", "", fields, "登记")
        self._number = number
        self.form.boxes["way"].put("in_person")
        self.form.boxes["on"].put(page.today.isoformat())
        self.form.boxes["delivered"].put("yes")

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        seat, number = self.page.seat, self._number
        served = Served(
            values["way"],
            values["on"],
            signer=values["signer"],
            tracking=values["tracking"],
            note=values["note"],
            delivered=values["delivered"] == "yes",
        )
        self.do(
            lambda: dun_contacts.serve(seat, number, served),
            lambda done: f"{number} 的送达已登记" + ("，有送达凭证。" if done.served else "，还不算有送达凭证。"),
        )


class Hold(Dialog):
    """暂缓: no paper goes out until its last day, or until it is ended."""

    def __init__(self, page: Page, house: str) -> None:
        fields = (
            Field("kind", "为什么暂缓", choices=tuple(HOLDS.items())),
            Field("reason", "说明"),
            Field("until", "到哪一天", page.read_day, optional=True, kind=Kind.DAY,
                  hint="不填就一直暂缓，到手工结束"),
        )  # fmt: skip
        super().__init__(page, f"暂缓催缴 {house}", "", fields, "暂缓")
        self._house = house

    def act(self, values: Mapping[str, Any]) -> None:
        """Hold it."""
        seat, house = self.page.seat, self._house
        self.do(
            lambda: dun_contacts.hold(seat, house, values["kind"], values["reason"], None, values["until"]),
            lambda done: f"{done.house} 已暂缓催缴（{HOLDS[done.kind]}）。",
        )


class Release(Dialog):
    """结束暂缓: the ladder goes on at its next paper from tomorrow."""

    def __init__(self, page: Page, house: str, kind: str) -> None:
        about = f"{HOLDS[kind]}的暂缓到今天为止，从明天起按阶梯继续催缴。"
        super().__init__(page, f"结束暂缓 {house}", about, (Field("reason", "为什么结束"),), "结束暂缓")
        self._house, self._kind = house, kind

    def act(self, values: Mapping[str, Any]) -> None:
        """End it."""
        seat, house, kind = self.page.seat, self._house, self._kind
        self.do(
            lambda: dun_contacts.release(seat, house, kind, values["reason"]),
            lambda done: f"{done.house} 的暂缓（{HOLDS[done.kind]}）到今天为止。",
        )
