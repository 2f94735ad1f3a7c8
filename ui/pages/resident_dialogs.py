"""登记, 修改, 迁出 and 合并 of residents, and a full number for a purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from app.domain import idcard, phone
from app.domain.idcard import IdKind
from app.domain.person import check_birth, parse_email
from app.domain.problem import problem
from app.services import person_merge, residents
from app.services.person_form import CONTACTS, ID_KINDS, NEEDS, RELATIONS, SEXES, PersonForm
from app.services.residents import SECRETS, HouseOf, Likeness, PerhapsSame, PersonFile, Registered
from ui.forms.field import Field, Kind, several
from ui.pages.dialog import WIDEST, Dialog
from ui.pages.page import Page
from ui.workers.topic import Topic

SAME_DAY = "不填是今天"
KEPT = "留空保持不变"


def _phone(typed: str) -> str:
    """A telephone number, or nothing at all. Raises Problem."""
    if typed.strip() and phone.read(typed) is None:
        raise problem("bad_phone", "这不是电话号码。", "手机 11 位，座机带区号。")
    return typed.strip()


def _document(page: Page, kind: Callable[[], str]) -> Callable[[str], str]:
    """The parser of a document's number, by the kind that is chosen beside it. Raises Problem."""

    def parse(typed: str) -> str:
        idcard.require(kind() or IdKind.RESIDENT_ID, typed, page.today)
        return typed

    return parse


def _person_fields(page: Page, known: PersonFile | None, kind: Callable[[], str]) -> tuple[Field, ...]:
    """The fields of a person; what is masked is typed anew or stays. `kind` is the kind of document that is chosen."""
    kept = KEPT if known is not None else ""

    def hint(masked: str, said: str = "") -> str:
        return f"现在是 {masked}，{kept}" if known is not None and masked else said

    return (
        Field("name", "姓名"),
        Field("phone", "手机或座机", _phone, optional=True, hint=hint(known.phone if known else "")),
        Field("phone2", "第二电话", _phone, optional=True, hint=hint(known.phone2 if known else "")),
        Field("email", "邮箱", parse_email, optional=True),
        Field("sex", "性别", optional=True, choices=tuple(SEXES.items())),
        Field("contact_by", "希望怎样联系", optional=True, choices=tuple(CONTACTS.items())),
        Field("id_kind", "证件种类", optional=True, choices=tuple(ID_KINDS.items())),
        Field("id_number", "证件号", _document(page, kind), optional=True,
              hint=hint(known.id_number if known else "", "起诉、过户才要；出生日期自动得出")),
        Field("birth_on", "出生日期", lambda typed: check_birth(page.read_day(typed), page.today), True, Kind.DAY),
        Field("remark", "备注", optional=True),
        Field("needs", "紧急时要照应（敏感信息，要本人或监护人同意）", several, True, Kind.SEVERAL,
              choices=tuple(NEEDS.items())),
        Field("consent", "登记敏感信息", choices=(("no", "没有同意"), ("yes", "已同意"))),
        Field("tags", "别的标签", several, optional=True, hint="几个用逗号隔开，如 志愿者、业委会"),
    )  # fmt: skip


class _PersonDialog(Dialog):
    """A form with the fields of a person."""

    def __init__(
        self, page: Page, title: str, about: str, verb: str, known: PersonFile | None, first: Sequence[Field]
    ) -> None:
        fields = (*first, *_person_fields(page, known, lambda: self.form.boxes["id_kind"].text()))
        super().__init__(page, title, about, fields, verb, WIDEST, columns=3)
        number = self.form.boxes["id_number"]
        self.form.boxes["id_kind"].typed.connect(lambda: number.judge() if number.text() else None)


def _form(values: Mapping[str, Any]) -> PersonForm:
    plain = {
        key: values[key] or ""
        for key in ("phone", "phone2", "email", "sex", "contact_by", "id_kind", "id_number", "remark")
    }
    tags = (*(values["needs"] or ()), *(values["tags"] or ()))
    return PersonForm(
        values["name"], birth_on=values["birth_on"], tags=tags, consent=values["consent"] == "yes", **plain
    )


class RegisterPerson(_PersonDialog):
    """登记住户 of a house. Somebody who may be known already is shown first: the same, or another."""

    def __init__(self, page: Page, house: str = "") -> None:
        fields = (
            Field("house", "房号"),
            Field("relation", "身份", choices=tuple(RELATIONS.items())),
            Field("since", "入住日期", page.read_day, optional=True, kind=Kind.DAY, hint=SAME_DAY),
        )
        about = "一个人只登记一次，名下可以有几户。第一次给未登记业主的房屋登记业主，账单就改用他的名字。"
        super().__init__(page, "登记住户", about, "登记", None, fields)
        self._key, self._asking = str(uuid4()), Topic()
        self.form.fill({"house": house, "relation": "owner", "consent": "no"})
        self.form.boxes["name" if house else "house"].setFocus()

    def act(self, values: Mapping[str, Any]) -> None:
        """Register, or ask whether it is somebody known."""
        self._try(values, None, another=False)

    def _try(self, values: Mapping[str, Any], same: int | None, *, another: bool) -> None:
        seat, key = self.page.seat, self._key if same is None and not another else str(uuid4())

        def register() -> Registered | PerhapsSame:
            try:
                with seat.once(key):
                    return residents.register(
                        seat, values["house"], values["relation"], _form(values), values["since"], same, another
                    )
            except PerhapsSame as asked:
                return asked

        self.page.run(
            lambda _: register(),
            topic=self._asking,
            done=lambda answer: self._done(values, answer),
            failed=self.form.refused,
            writes=True,
            what="登记住户",
        )

    def _done(self, values: Mapping[str, Any], answer: Registered | PerhapsSame) -> None:
        if isinstance(answer, Registered):
            self.finish()
            self.landed.emit(f"{answer.house} 登记{RELATIONS[answer.relation]} {answer.name}。")
            return
        offers = [
            (f"就是{like.name}", partial(self._try, values, like.key, another=False)) for like in answer.likes[:2]
        ]
        offers.append(("另一个人", partial(self._try, values, None, another=True)))
        self.form.message.say("warn", answer.problem.text, answer.problem.hint or "", tuple(offers))


class ChangePerson(_PersonDialog):
    """修改 of a person; what was masked and not typed anew stays."""

    def __init__(self, page: Page, known: PersonFile) -> None:
        about = "修改会记入审计，只记哪些项改过。"
        super().__init__(page, f"修改 {known.form.name}", about, "保存", known, ())
        self._known, self._key = known, str(uuid4())
        self.form.fill(_typed(known))

    def act(self, values: Mapping[str, Any]) -> None:
        """Save it."""
        keep = tuple(field for field in SECRETS if not values[field])

        def change() -> PersonFile:
            with self.page.seat.once(self._key):
                return residents.change(self.page.seat, self._known.key, self._known.version, _form(values), keep)

        self.do(
            change,
            lambda done: f"{done.form.name} 的资料已改。",
            self.meeting(lambda: residents.show(self.page.seat, self._known.key), _typed, self._take),
        )

    def _take(self, now: PersonFile) -> list[tuple[str, str, str]]:
        """What stands in the row now, and which of the masked numbers are other ones."""
        before, self._known = self._known, now
        return [
            (self.form.boxes[name].field.label, getattr(before, name), getattr(now, name))
            for name in SECRETS
            if getattr(before, name) != getattr(now, name)
        ]


def _typed(known: PersonFile) -> dict[str, str]:
    """A person as he stands in the form, without what is masked."""
    form = known.form
    return {
        "name": form.name, "email": form.email, "sex": form.sex, "contact_by": form.contact_by,
        "id_kind": form.id_kind, "birth_on": form.birth_on.isoformat() if form.birth_on else "",
        "remark": form.remark, "needs": ",".join(tag for tag in form.tags if tag in NEEDS),
        "tags": "、".join(tag for tag in form.tags if tag not in NEEDS),
        "consent": "yes" if form.consent else "no",
    }  # fmt: skip


class MoveOut(Dialog):
    """迁出 of somebody from one of his houses."""

    def __init__(self, page: Page, name: str, houses: Sequence[HouseOf]) -> None:
        self._houses = [house for house in houses if house.until is None]
        choices = tuple((str(house.key), f"{house.house} {RELATIONS[house.relation]}") for house in self._houses)
        super().__init__(
            page,
            f"{name} 迁出",
            "记录留着：以后查得到谁在什么时候住过。业主换人用房屋页的“过户 / 退租结算”。",
            (
                Field("which", "哪一户", int, choices=choices),
                Field("on", "最后一天", page.read_day, kind=Kind.DAY),
                Field("reason", "原因", optional=True),
            ),
            "迁出",
        )
        self._key = str(uuid4())
        self.form.fill({"which": choices[0][0] if choices else "", "on": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Note it."""

        def leave() -> HouseOf:
            with self.page.seat.once(self._key):
                return residents.move_out(self.page.seat, values["which"], values["on"], values["reason"] or "")

        self.do(leave, lambda done: f"{done.until} 从 {done.house} 迁出。")


class RevealNumber(Dialog):
    """显示完整号码: which one and what for; it is recorded. `shown` is told in the page for half a minute."""

    def __init__(self, page: Page, known: PersonFile) -> None:
        there = [
            (field, title)
            for field, title in SECRETS.items()
            if getattr(known, field) and (field != "id_number" or page.seat.may("see_id_numbers"))
        ]
        super().__init__(
            page,
            f"看 {known.form.name} 的完整号码",
            "谁、什么时候、为了什么看的，都记入审计。号码显示 30 秒。",
            (
                Field("field", "哪个号码", choices=tuple(there)),
                Field("purpose", "用途", hint="如 漏水要通知、起诉材料"),
            ),
            "显示",
        )
        self._known = known
        self.form.fill({"field": there[0][0] if there else ""})
        self.form.boxes["purpose"].setFocus()

    def act(self, values: Mapping[str, Any]) -> None:
        """Show it."""
        title = SECRETS[values["field"]]
        self.do(
            lambda: residents.reveal(self.page.seat, self._known.key, values["field"], values["purpose"]),
            lambda number: f"{self._known.form.name} {title}：{number}",
        )


class MergePeople(Dialog):
    """合并 of two records that look like one person."""

    def __init__(self, page: Page, pairs: Sequence[tuple[Likeness, Likeness]]) -> None:
        self._pairs = pairs
        choices = [(str(at), f"{_said(one)}　＝　{_said(two)}（{one.shared}）") for at, (one, two) in enumerate(pairs)]
        super().__init__(
            page,
            "可能是同一人",
            "合并后只留一条：房屋、账户、车位、标签都跟过来，缺的资料补上；账目不变。",
            (
                Field("pair", "哪一对", int, choices=choices),
                Field("keep", "留哪一条", choices=(("first", "前一条"), ("second", "后一条"))),
                Field("reason", "原因"),
            ),
            "合并",
            WIDEST,
            danger=True,
        )
        self._key = str(uuid4())
        self.form.fill({"pair": "0", "keep": "first"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Make them one."""
        one, two = self._pairs[values["pair"]]
        keep, drop = (one, two) if values["keep"] == "first" else (two, one)

        def merge() -> person_merge.Merged:
            with self.page.seat.once(self._key):
                return person_merge.merge(self.page.seat, keep.key, drop.key, values["reason"])

        self.do(merge, lambda done: f"已合并为 {done.name}，随带 {done.moved} 条记录。")


def _said(like: Likeness) -> str:
    return f"{like.name} {'、'.join(like.houses) or '没有房屋'}"
