"""A house by hand: a new one, its fields, its state, one field of several; from the list and the panel of houses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain.house_batch import DEFAULT, MOST_ON_FLOOR
from app.domain.problem import problem
from app.domain.quantity import Area
from app.services import house_batch, house_change, house_file
from app.services.house_batch import Batch, Made
from app.services.house_change import FIELDS, Edited, HouseAnswer
from app.services.house_file import HouseFile
from app.services.house_list import STATES
from app.services.house_rows import DETAILS, OLDEST_YEAR, TITLES, HouseDetails, HousePlace, said
from app.services.house_rows import STATES as STATE_CODES
from app.services.price_words import KINDS
from ui.forms.field import Field, Kind, check, whole
from ui.pages.dialog import WIDE, WIDEST, Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page

STATE_CHOICES = tuple((state.code, state.word) for state in STATES if state.code in STATE_CODES)
STATE_WORDS = {state.code: state.word for state in STATES}


def area(typed: str) -> int:
    """The `parse` of an area, in 1e-4 m²."""
    found = Area.parse(typed).units
    if found <= 0:
        raise problem("area.positive", "面积应大于 0。", "请改正。")
    return found


def detail_fields(page: Page) -> tuple[Field, ...]:
    """The fields that may be changed of a house."""
    return (
        Field("gross_area", "建筑面积", area, optional=True, kind=Kind.NUMBER, unit="m²"),
        Field("net_area", "套内面积", area, optional=True, kind=Kind.NUMBER, unit="m²"),
        Field("house_type", "房屋类型", optional=True, hint="收费标准可按它分，如 住宅"),
        Field("layout", "户型", optional=True, hint="如 三室两厅"),
        Field("orientation", "朝向", optional=True),
        Field("structure", "结构", optional=True, hint="如 钢混"),
        Field("use", "用途", optional=True),
        Field("year_built", "建成年份", whole(OLDEST_YEAR, 2200), optional=True, kind=Kind.NUMBER),
        Field("delivered_on", "交付日", page.read_day, optional=True, kind=Kind.DAY),
        Field("remark", "备注", optional=True),
    )


def details_in(values: Mapping[str, Any]) -> HouseDetails:
    """The details that stand in a form."""
    return HouseDetails(**{name: values[name] for name in DETAILS})


class NewHouse(Dialog):
    """A house is written into the register; who owns it comes later, with its residents."""

    def __init__(self, page: Page) -> None:
        fields = (
            Field("building", "楼栋", optional=True, hint="如 3；商铺、车位可不填"),
            Field("entrance", "单元", optional=True, hint="没有单元不填"),
            Field("room", "房号", hint="如 0402；写进全号 3-1-0402"),
            Field("floor", "楼层", whole_or_below, optional=True, kind=Kind.NUMBER, hint="不填按房号"),
            Field("kind", "类别", choices=tuple(KINDS.items())),
            Field("state", "入住状态", choices=STATE_CHOICES),
            *detail_fields(page),
        )
        about = "业主先记为未登记，登记住户时补上；收费从收费项目的规则起算。"
        super().__init__(page, "新建房屋", about, fields, "新建", WIDEST, columns=3)
        self._key = str(uuid4())
        self.form.fill({"kind": "house", "state": "vacant"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat, place = (
            self.page.seat,
            HousePlace(values["building"], values["entrance"], values["room"], values["floor"], values["kind"]),
        )

        def write() -> HouseAnswer:
            with seat.once(self._key):
                return house_change.add(seat, place, details_in(values), values["state"])

        self.do(write, lambda done: f"已新建房屋 {done.number}。")


def whole_or_below(typed: str) -> int:
    """The `parse` of a floor; below the ground it is negative."""
    text = typed.strip()
    return -whole(1, 9)(text[1:]) if text[:1] == "-" else whole(0, 200)(text)


class MakeHouses(Dialog):
    """按楼层批量生成: what would be made is counted while hands type."""

    def __init__(self, page: Page) -> None:
        fields = (
            Field("buildings", "楼栋", hint="如 1-3，5 或 A-C"),
            Field("entrances", "单元", optional=True, hint="如 1-2；没有单元不填"),
            Field("floors", "楼层", hint="如 1-18"),
            Field("skip", "跳过的楼层", optional=True, hint="如 4，13，14"),
            Field("on_floor", "每层每单元几户", whole(1, MOST_ON_FLOOR), kind=Kind.NUMBER, unit="户"),
            Field("pattern", "编号样式", optional=True, hint=f"不填是 {DEFAULT}"),
            Field(
                "gross_area",
                "建筑面积",
                area,
                optional=True,
                kind=Kind.NUMBER,
                unit="m²",
                hint="全部一样；不填以后再改",
            ),
            Field("house_type", "房屋类型", optional=True, hint="如 住宅"),
            Field("layout", "户型", optional=True),
            Field("state", "入住状态", choices=STATE_CHOICES),
        )
        about = "已经有的房屋不动，只建缺的；全部建好，或一户也不建。业主先记为未登记。"
        super().__init__(page, "按楼层批量生成", about, fields, "生成", WIDE, columns=2)
        self._key = str(uuid4())
        self.form.fill({"state": "vacant"})
        self.live: LiveCard[Made] = LiveCard(
            self, self._ask, _previewed, "填好楼栋、楼层和每层户数，这里显示会建哪些。"
        )

    def _batch(self, values: Mapping[str, Any]) -> Batch:
        return Batch(
            values["buildings"], values["entrances"] or "", values["floors"], values["on_floor"],
            values["skip"] or "", values["pattern"] or "", values["gross_area"], values["house_type"],
            values["layout"], values["state"],
        )  # fmt: skip

    def _ask(self) -> Callable[[], Made] | None:
        values, problems = check(self.form.fields, self.form.typed)
        if problems:
            return None
        batch = self._batch(values)
        return lambda: house_batch.rehearse(self.page.seat, batch)

    def act(self, values: Mapping[str, Any]) -> None:
        """Make them."""
        seat, batch = self.page.seat, self._batch(values)

        def write() -> Made:
            with seat.once(self._key):
                return house_batch.make(seat, batch)

        self.do(write, lambda done: f"已生成 {done.made:,} 户，从 {done.first[0]} 起。")


def _previewed(found: Made) -> tuple[str, str]:
    one = f"会新建 {found.made:,} 户" + (f"，已有的 {found.existing:,} 户不动" if found.existing else "")
    shown = "、".join(found.first) + (f" … {'、'.join(found.last)}" if found.last else "")
    known = (
        f"已有：{'、'.join(found.known)}{' 等' if found.existing > len(found.known) else ''}。" if found.known else ""
    )
    return one, (f"{shown}。" if shown else "") + known


class ChangeHouse(Dialog):
    """The fields of a house as they stood when it was opened."""

    def __init__(self, page: Page, found: HouseFile) -> None:
        about = "面积改了，从下一次出账起按新面积；已出的账不变。楼栋、单元、房号要用“改房号”。"
        super().__init__(page, f"修改 {found.number}", about, detail_fields(page), "保存", WIDE, columns=2)
        self._found, self._key = found, str(uuid4())
        self.form.fill(_typed(found))

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat, found = self.page.seat, self._found

        def write() -> HouseAnswer:
            with seat.once(self._key):
                return house_change.change(seat, found.number, found.version, details_in(values))

        def take(now: HouseFile) -> tuple[()]:
            self._found = now
            return ()

        self.do(
            write,
            lambda done: f"{done.number} 已修改：{'、'.join(done.changed)}。" + "".join(done.warnings),
            self.meeting(lambda: house_file.show(seat, found.number), _typed, take),
        )


def _typed(found: HouseFile) -> dict[str, str]:
    """The details of a house as they stand in the form."""
    return {name: said(name, getattr(found.details, name)) or "" for name in DETAILS}


class ChangeState(Dialog):
    """A house comes into another state from a day."""

    def __init__(self, page: Page, number: str, state: str) -> None:
        fields = (
            Field("state", "改成", choices=tuple(each for each in STATE_CHOICES if each[0] != state)),
            Field("on", "从哪天起", page.read_day, kind=Kind.DAY),
            Field("reason", "原因", optional=True),
        )
        about = f"现在是“{STATE_WORDS.get(state, state)}”。以前的状态留在“历史”里。"
        super().__init__(page, f"{number} 改状态", about, fields, "改状态")
        self._number, self._key = number, str(uuid4())
        self.form.fill({"on": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat = self.page.seat

        def write() -> HouseAnswer:
            with seat.once(self._key):
                return house_change.set_state(seat, self._number, values["state"], values["on"], values["reason"])

        self.do(write, lambda done: f"{done.number} 现在是{STATE_WORDS[done.state]}。")


class EditHouses(Dialog):
    """One field of the selected houses; the card counts those that would change."""

    def __init__(self, page: Page, keys: Sequence[int]) -> None:
        fields = (
            Field("field", "改哪一项", choices=tuple((name, TITLES[name]) for name in FIELDS)),
            Field("state", "入住状态", optional=True, choices=STATE_CHOICES, hint="改状态时选"),
            Field("value", "改成", optional=True, hint="改别的项目时填；不填就清空。交付日如 2026-07-01"),
            Field("on", "状态从哪天起", page.read_day, kind=Kind.DAY),
            Field("reason", "原因", optional=True),
        )
        super().__init__(page, f"成批修改 {len(keys):,} 户", "一次改选中房屋的一项。", fields, "修改", 520)
        self._keys, self._key = tuple(keys), str(uuid4())
        self.form.fill({"field": "house_type", "on": page.today.isoformat()})
        self.live: LiveCard[Edited] = LiveCard(self, self._ask, _counted, "选好改成什么，这里显示会改几户。")

    def _wanted(self, typed: Mapping[str, Any]) -> tuple[str, str | None]:
        field = str(typed["field"])
        return field, typed["state" if field == "state" else "value"] or None

    def _ask(self) -> Callable[[], Edited] | None:
        field, value = self._wanted(self.form.typed)
        if not field or (not value and (field == "state" or not self.form.dirty)):
            return None
        return lambda: house_change.rehearse(self.page.seat, self._keys, field, value)

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat, (field, value) = self.page.seat, self._wanted(values)

        def write() -> Edited:
            with seat.once(self._key):
                return house_change.edit(seat, self._keys, field, value, values["on"], values["reason"])

        self.do(write, lambda done: f"已改 {done.changed:,} 户的{done.title}。")


def _counted(found: Edited) -> tuple[str, str]:
    word = STATE_WORDS.get(found.value or "", found.value) if found.field == "state" else found.value
    one = f"选中 {found.chosen:,} 户，{found.changed:,} 户的{found.title}会{f'改成{word}' if word else '清空'}"
    more = f"如 {'、'.join(found.numbers)}。" if found.numbers else ""
    if found.left_out:
        more += f"{found.left_out} 户已拆分或合并，不改。"
    return one, more
