"""户内 of a house: the owners' shares, how many live there, a tenant's contract, a pet; and the tab that shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from app.domain import shares
from app.domain.money import parse_yuan, yuan
from app.services import household, pets, tenancies
from app.services.household import MOST_PEOPLE, Heads, HeadsAnswer, Household, PetRow, Share, TenancyRow
from app.services.list_face import Kind as ListKind
from app.services.list_face import State
from app.services.person_form import RELATIONS
from app.services.pets import PetForm
from app.services.tenancies import NewTenancy, TenancyAnswer
from ui.forms.field import Field, Kind, whole
from ui.forms.hint_button import HintButton
from ui.forms.parts import text
from ui.models.plain_model import column
from ui.pages.dialog import WIDE, Dialog
from ui.pages.list_panel import buttons, heading
from ui.pages.page import Page
from ui.pages.panel_table import PanelTable

TENANCY_STATES = (
    State("now", "履行中", "ok", "check"),
    State("coming", "未开始", "info", "clock"),
    State("over", "已到期", "neutral", "stop"),
)
SHARES = (column("word", "身份", width=8), column("name", "姓名"), column("share", "份额", width=8))
HEADS = (column("since", "从哪天起", ListKind.DATE, 11), column("people", "人数", ListKind.COUNT, 6))
TENANCIES = (
    column("tenant", "租户"),
    column("first", "起", ListKind.DATE, 10),
    column("last", "止", ListKind.DATE, 10),
    column("state", "状态", ListKind.STATE, 8, TENANCY_STATES),
)
PETS = (
    column("kind", "种类"),
    column("name", "名字"),
    column("licence", "证号"),
    column("vaccinated_to", "免疫到", ListKind.DATE, 10),
)
SHOWN_HEADS = 4
Offer = tuple[str, Callable[[], Dialog]]
"""A button and the dialog that it opens."""


class _Owner:
    """An owner's line with his relation in words."""

    def __init__(self, row: Share) -> None:
        self.word, self.name, self.share = RELATIONS[row.relation], row.name, row.share or "没有写"


class SetShare(Dialog):
    """产权份额 of one owner of the house."""

    def __init__(self, page: Page, found: Household) -> None:
        rows = found.shares
        choices = tuple((str(row.resident), f"{row.name} {row.share or '没有写'}") for row in rows)
        fields = (
            Field("who", "哪位业主", int, choices=choices),
            Field("share", "份额", _share, optional=True, hint="如 1/2、50%；不填就是不写"),
        )
        about = "一户各业主的份额加起来是 1；没有到 1 会提醒，先写后补。"
        super().__init__(page, f"{found.house} 产权份额", about, fields, "保存")
        self._key = str(uuid4())
        lacking = next((row for row in rows if not row.share), rows[0])
        self.form.fill({"who": str(lacking.resident), "share": lacking.share})
        self.form.boxes["share"].setFocus()

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""

        def write() -> Household:
            with self.page.seat.once(self._key):
                return household.set_share(self.page.seat, values["who"], values["share"] or "")

        self.do(write, lambda done: f"{done.house} 的产权份额已改。" + "".join(done.warnings))


def _share(typed: str) -> str:
    return shares.show(shares.parse(typed))


class CountHeads(Dialog):
    """户内人数 from a day on."""

    def __init__(self, page: Page, house: str, known: Sequence[Heads]) -> None:
        fields = (
            Field("people", "人数", whole(0, MOST_PEOPLE), True, Kind.NUMBER, unit="人", hint="不填就删掉那天登记的"),
            Field("since", "从哪天起", page.read_day, kind=Kind.DAY),
        )
        about = "按人收的费用、按人数的阶梯，从那天起按新的人数算；已出的账不变。"
        super().__init__(page, f"{house} 户内人数", about, fields, "保存")
        self._house, self._key = house, str(uuid4())
        self.form.fill({"people": str(known[0].people) if known else "", "since": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""

        def write() -> HeadsAnswer:
            with self.page.seat.once(self._key):
                return household.count_heads(self.page.seat, self._house, values["people"], values["since"])

        def said(done: HeadsAnswer) -> str:
            words = f"从 {done.since} 起 {done.people} 人" if done.people is not None else f"{done.since} 的人数已删除"
            return f"{done.house} {words}。" + "".join(done.warnings)

        self.do(write, said)


class AddTenancy(Dialog):
    """租约 of a tenant of the house; the paper is kept with the house's files."""

    def __init__(self, page: Page, house: str, tenant: str) -> None:
        fields = (
            Field("tenant", "租户", hint="先登记为这户的租户"),
            Field("number", "合同编号", optional=True),
            Field("from", "第一天", page.read_day, kind=Kind.DAY),
            Field("to", "最后一天", page.read_day, optional=True, kind=Kind.DAY, hint="不填是长期"),
            Field("rent", "月租金", parse_yuan, True, Kind.NUMBER, unit="元", hint="可以不写"),
            Field("file", "合同扫描件", Path, optional=True, hint="文件的位置，或点“选文件…”"),
        )
        about = "扫描件加密存进这户的照片和文件。到期不会自动迁出。"
        super().__init__(page, f"{house} 登记租约", about, fields, "登记", WIDE, columns=2)
        self._house, self._key = house, str(uuid4())
        self.form.fill({"tenant": tenant, "from": page.today.isoformat()})
        choosing = HintButton("选文件…", parent=self.card)
        choosing.clicked.connect(self._choose)
        self.form.beside(choosing)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "合同扫描件")
        if chosen:
            self.form.boxes["file"].put(chosen)

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        new = NewTenancy(
            values["tenant"], values["from"], values["to"], values["number"] or "", values["rent"], values["file"]
        )

        def write() -> TenancyAnswer:
            with self.page.seat.once(self._key):
                return tenancies.add(self.page.seat, self._house, new)

        def said(done: TenancyAnswer) -> str:
            return f"{done.house} {done.tenant} 的租约到 {done.last or '长期'}。" + "".join(done.warnings)

        self.do(write, said)


class EndTenancy(Dialog):
    """The last day of a contract: earlier, or renewed."""

    def __init__(self, page: Page, row: TenancyRow) -> None:
        fields = (Field("on", "最后一天", page.read_day, kind=Kind.DAY),)
        about = f"{row.tenant} 的租约 {row.first} 至 {row.last or '长期'}。提前终止写早一天，续租写晚一天。"
        super().__init__(page, "租约的最后一天", about, fields, "保存")
        self._row, self._key = row, str(uuid4())
        self.form.fill({"on": (row.last or page.today).isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""

        def write() -> TenancyAnswer:
            with self.page.seat.once(self._key):
                return tenancies.end(self.page.seat, self._row.key, values["on"])

        self.do(write, lambda done: f"{done.tenant} 的租约到 {done.last}。")


class EditPet(Dialog):
    """A pet of the house, new or known."""

    def __init__(self, page: Page, house: str, known: PetRow | None = None) -> None:
        fields = (
            Field("kind", "种类", hint="如 狗（中华田园犬）"),
            Field("name", "名字", optional=True),
            Field("licence", "犬证号", optional=True),
            Field("vaccinated_to", "免疫有效期到", page.read_day, optional=True, kind=Kind.DAY),
            Field("keeper", "谁养的", optional=True, hint="写这户登记的姓名，可不写"),
            Field("remark", "备注", optional=True),
        )
        title = f"{house} 登记宠物" if known is None else f"{house} 修改{known.kind} {known.name}"
        super().__init__(page, title, "", fields, "登记" if known is None else "保存", WIDE, columns=2)
        self._house, self._known, self._key = house, known, str(uuid4())
        if known is not None:
            until = known.vaccinated_to.isoformat() if known.vaccinated_to else ""
            self.form.fill(
                {"kind": known.kind, "name": known.name, "licence": known.licence, "vaccinated_to": until,
                 "keeper": known.keeper, "remark": known.remark}
            )  # fmt: skip

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat, known = self.page.seat, self._known
        form = PetForm(
            values["kind"], values["name"] or "", values["licence"] or "", values["vaccinated_to"],
            values["keeper"] or "", values["remark"] or "",
        )  # fmt: skip

        def write() -> PetRow:
            with seat.once(self._key):
                return pets.add(seat, self._house, form) if known is None else pets.change(seat, known.key, form)

        self.do(write, lambda done: f"{self._house} 的{done.kind} {done.name} 已保存。")


class DropPet(Dialog):
    """A pet that is no longer there."""

    def __init__(self, page: Page, house: str, rows: Sequence[PetRow]) -> None:
        choices = tuple((str(row.key), f"{row.kind} {row.name}") for row in rows)
        super().__init__(
            page, f"{house} 注销宠物", "记录删除，审计里留着什么时候注销的。",
            (Field("which", "哪一只", int, choices=choices),), "注销", danger=True,
        )  # fmt: skip
        self._key = str(uuid4())
        self.form.fill({"which": choices[0][0]})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""

        def write() -> str:
            with self.page.seat.once(self._key):
                return pets.drop(self.page.seat, values["which"])

        self.do(write, lambda house: f"{house} 的宠物已注销。")


class HouseholdTab:
    """Fills a tab of a panel with a household; `follow` takes the dialogs that it opens."""

    def __init__(self, page: Page, body: QVBoxLayout, follow: Callable[[Dialog], object]) -> None:
        self._page, self._body, self._follow = page, body, follow
        self._may = page.seat.may("import_register")

    def show(self, found: Household, tenant: str) -> None:
        """Shares, heads, contracts, pets, each with what can be done; `tenant` is whose contract is added first."""
        house = found.house
        rows = [_Owner(row) for row in found.shares]
        offers: list[Offer] = [("份额…", lambda: SetShare(self._page, found))] if rows else []
        self._part("产权份额", SHARES, rows, "没有登记业主。", offers, words=found.warnings)
        counting = ("登记人数…", lambda: CountHeads(self._page, house, found.heads))
        self._part("户内人数", HEADS, list(found.heads[:SHOWN_HEADS]), "没有登记；按人收的费用不会出账。", [counting])
        running = [row for row in found.tenancies if row.state != "over"]
        offers = [("登记租约…", lambda: AddTenancy(self._page, house, tenant))]
        offers += [("改期限…", partial(EndTenancy, self._page, running[0]))] if running else []
        told = [_told(row) for row in running]
        self._part("租约", TENANCIES, list(found.tenancies), "没有租约。", offers, words=told, yields=("first",))
        offers = [("登记宠物…", lambda: EditPet(self._page, house))]
        if found.pets:
            offers.append(("注销…", lambda: DropPet(self._page, house, found.pets)))
        late = [f"{row.kind} {row.name} 的免疫已过期。" for row in found.pets if row.late]
        self._part("宠物", PETS, list(found.pets), "没有登记。", offers, words=late, more=self._change(found))
        self._body.addStretch(1)

    def _change(self, found: Household) -> QWidget | None:
        if not found.pets or not self._may:
            return None
        button = HintButton("修改…", small=True)
        menu = QMenu(button)
        for row in found.pets:
            menu.addAction(f"{row.kind} {row.name}", partial(self._edit, found.house, row))
        button.setMenu(menu)
        return button

    def _edit(self, house: str, row: PetRow) -> None:
        self._follow(EditPet(self._page, house, row))

    def _part(
        self, title: str, columns: Sequence[Any], rows: Sequence[Any], nothing: str,
        offers: Sequence[Offer], *, words: Sequence[str] = (), yields: Sequence[str] = (),
        more: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._body.addWidget(heading(title))
        self._body.addWidget(PanelTable(title, columns, rows, yields) if rows else text(nothing, "third", wrap=True))
        for said in words:
            self._body.addWidget(text(said, "warned" if title in ("产权份额", "宠物") else "third", wrap=True))
        if not self._may or not offers:
            return
        made: list[QWidget] = []
        for word, opened in offers:
            button = HintButton(word, small=True)
            button.clicked.connect(lambda *_, opened=opened: self._follow(opened()))
            made.append(button)
        self._body.addWidget(buttons(*made, *([more] if more else [])))


def _told(row: TenancyRow) -> str:
    parts = [f"{row.first} 起", f"合同 {row.number}" if row.number else "", f"文件 {row.file}" if row.file else ""]
    if row.rent_fen is not None:
        parts.insert(2, f"月租 {yuan(row.rent_fen)} 元")
    return f"{row.tenant}：" + "，".join(part for part in parts if part)
