"""Who has a space, and the cars that stand there: from the panel of the space."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain import plate as plates
from app.domain.plate import PlateKind
from app.domain.problem import problem
from app.services import parking, vehicles
from app.services.parking import KINDS, Leased, LeaseEnded, LeaseRow
from app.services.vehicles import Car, VehicleKept, VehicleRow
from ui.forms.field import Field, Kind
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page

KEEP = "keep"


class LeaseSpace(Dialog):
    """A space is owned, let or shared from a day on. `items` are (code, name); the item comes where the seat may."""

    def __init__(self, page: Page, space: str, items: Sequence[tuple[str, str]]) -> None:
        fields = (
            Field("kind", "怎么用", choices=tuple(KINDS.items())),
            Field("item", "收费项目", optional=True, choices=(("", "不另加"), *items)),
            Field("house", "使用人住哪一户", hint="房号，如 3-1-402"),
            Field("name", "使用人姓名", optional=True, hint="不填是这一户的业主"),
            Field("from", "从哪天起", page.read_day, kind=Kind.DAY),
            Field("to", "到哪天（含）", page.read_day, optional=True, kind=Kind.DAY, hint="不填是长期"),
            Field("remark", "备注", optional=True),
        )
        about = "出租的从起日起由使用人付款，到期后恢复原来的付款人；公共的可以几个人同用。"
        super().__init__(page, f"{space} 登记使用", about, fields, "登记", WIDE, columns=2)
        self._space, self._key = space, str(uuid4())
        self.form.fill({"kind": "leased", "item": "", "from": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        self.do(lambda: self._lease(values), self._said)

    def _lease(self, values: Mapping[str, Any]) -> Leased:
        with self.page.seat.once(self._key):
            return parking.lease(
                self.page.seat, self._space, values["kind"], values["house"], values["from"], values["to"],
                values["name"], values["item"] or None, values["remark"],
            )  # fmt: skip

    def _said(self, done: Leased) -> str:
        until = f"，到 {done.last}" if done.last else ""
        said = f"{done.space} {KINDS[done.kind]}给 {done.person}，{done.first} 起{until}。"
        return said + "".join(done.warnings)


class EndLease(Dialog):
    """A lease ends on a day; the fee that came with it ends too."""

    def __init__(self, page: Page, space: str, rows: Sequence[LeaseRow]) -> None:
        self._rows = list(rows)
        places = tuple((str(at), f"{row.person}，{row.first} 起") for at, row in enumerate(rows))
        fields = (
            Field("which", "谁的", int, choices=places),
            Field("on", "最后一天", page.read_day, kind=Kind.DAY),
        )
        about = "随租约加的收费项目同一天停；已出的账不变。"
        super().__init__(page, f"{space} 结束使用", about, fields, "结束使用", WIDE)
        self._space, self._key = space, str(uuid4())
        self.form.fill({"which": "0", "on": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """End it."""
        self.do(lambda: self._end(values), self._said)

    def _end(self, values: Mapping[str, Any]) -> LeaseEnded:
        with self.page.seat.once(self._key):
            return parking.end(self.page.seat, self._space, values["on"], self._rows[values["which"]].person)

    def _said(self, done: LeaseEnded) -> str:
        never = done.last < done.first
        words = "已取消，没有生效过。" if never else f"到 {done.last} 为止。"
        return f"{done.space}（{done.person}）{words}" + "".join(done.warnings)


class _CarDialog(Dialog):
    """A form with the fields of a car; `plate` is the one it has."""

    def __init__(self, page: Page, title: str, verb: str, *, dated: bool, plate: str = "") -> None:
        def read(typed: str) -> str:
            """A plate of a known form, or one that is kept all the same. Raises Problem."""
            found = plates.parse(typed)
            keeps = self.form.boxes["unknown"].text() == KEEP
            if found.kind is PlateKind.UNKNOWN and found.normalized != plate and not keeps:
                raise problem(
                    "plate_unknown", "不像普通或新能源车牌。", "请核对；没有写错就选“照样保留”。"
                )  # fmt: skip
            return typed

        super().__init__(page, title, "", _fields(page, read, dated=dated), verb, WIDE, columns=2)
        box = self.form.boxes["plate"]
        self.form.boxes["unknown"].typed.connect(lambda: box.judge() if box.text() else None)


def _fields(page: Page, plate: Callable[[str], str], *, dated: bool) -> tuple[Field, ...]:
    days = (Field("from", "从哪天起", page.read_day, optional=True, kind=Kind.DAY),) if dated else ()
    return (
        Field("plate", "车牌", plate, hint="如 京A12345、京AD12345"),
        Field("brand", "品牌", optional=True),
        Field("kind", "车型", optional=True),
        Field("colour", "颜色", optional=True),
        *days,
        Field("unknown", "车牌不认识时", optional=True, choices=(("", "先问我"), (KEEP, "照样保留"))),
    )


class AddVehicle(_CarDialog):
    """A car of a space or house."""

    def __init__(self, page: Page, house: str) -> None:
        super().__init__(page, f"{house} 登记车辆", "登记", dated=True)
        self._house, self._key = house, str(uuid4())
        self.form.fill({"unknown": ""})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        self.do(lambda: self._add(values), lambda done: said(done, "已登记。"))

    def _add(self, values: Mapping[str, Any]) -> VehicleKept:
        car = Car(values["brand"], values["kind"], values["colour"])
        unknown = values["unknown"] == KEEP
        with self.page.seat.once(self._key if not unknown else self._key + KEEP):
            return vehicles.add(self.page.seat, self._house, values["plate"], car, values["from"], unknown=unknown)


class ChangeVehicle(_CarDialog):
    """A car's plate, brand, kind, colour corrected."""

    def __init__(self, page: Page, row: VehicleRow) -> None:
        super().__init__(page, f"改 {row.house} 的 {row.plate}", "保存", dated=False, plate=row.plate)
        self._row, self._key = row, str(uuid4())
        self.form.fill({
            "plate": row.plate, "brand": row.brand or "", "kind": row.kind or "", "colour": row.colour or "",
            "unknown": "",
        })  # fmt: skip

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        self.do(lambda: self._change(values), lambda done: said(done, "已改好。"))

    def _change(self, values: Mapping[str, Any]) -> VehicleKept:
        row, unknown = self._row, values["unknown"] == KEEP
        car = Car(values["brand"] or "", values["kind"] or "", values["colour"] or "")
        plate = values["plate"] if values["plate"] != row.plate else None
        return vehicles.change(self.page.seat, row.house, row.plate, plate, car, unknown=unknown)


class EndVehicle(Dialog):
    """A car is no longer there."""

    def __init__(self, page: Page, row: VehicleRow) -> None:
        fields = (Field("on", "最后一天", page.read_day, kind=Kind.DAY),)
        super().__init__(page, f"{row.plate} 不再停 {row.house}", "记录留着，按车牌还找得到。", fields, "不再停放")
        self._row = row
        self.form.fill({"on": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        row = self._row
        self.do(
            lambda: vehicles.end(self.page.seat, row.house, row.plate, values["on"]),
            lambda done: said(done, f"到 {done.last} 为止。"),
        )


def said(done: VehicleKept, words: str) -> str:
    """What was done with a car, in a sentence."""
    return f"{done.house} 的 {done.plate} {words}" + "".join(done.warnings)
