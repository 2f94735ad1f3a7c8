"""A person as typed: what is checked before anything is written, and the words that may be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain import idcard, phone
from app.domain.idcard import IdKind
from app.domain.person import check_birth, parse_email
from app.domain.problem import Problem
from app.services.refused import Refused, refuse
from db.work import Work

RELATIONS: Mapping[str, str] = {
    "owner": "业主", "co_owner": "共有人", "family": "家庭成员", "tenant": "租户", "temporary": "暂住",
    "emergency": "紧急联系人",
}  # fmt: skip
NEEDS: Mapping[str, str] = {
    "alone_old": "独居老人", "walks_badly": "行动不便", "blind": "视障", "deaf": "听障", "ill": "重病",
    "child": "六岁以下儿童",
}  # fmt: skip
"""What matters in an emergency: sensitive, so only with consent (个人信息保护法 art. 28–31)."""
SEXES: Mapping[str, str] = {"male": "男", "female": "女"}
CONTACTS: Mapping[str, str] = {"phone": "电话", "wechat": "微信", "sms": "短信", "email": "邮件", "visit": "上门"}
ID_KINDS: Mapping[str, str] = {
    str(kind): title
    for kind, title in zip(
        (IdKind.RESIDENT_ID, IdKind.HK_MACAO_PERMIT, IdKind.TAIWAN_PERMIT, IdKind.PASSPORT),
        ("身份证", "港澳证", "台胞证", "护照"),
        strict=True,
    )
}
LONGEST, LONGEST_REMARK, LONGEST_TAG = 60, 500, 20


@dataclass(frozen=True, slots=True)
class PersonForm:
    """A person as typed. `tags` are codes of NEEDS or the office's own words; `consent` whether they were agreed to."""

    name: str
    phone: str = ""
    phone2: str = ""
    email: str = ""
    sex: str = ""
    id_kind: str = ""
    id_number: str = ""
    birth_on: date | None = None
    contact_by: str = ""
    tags: tuple[str, ...] = ()
    consent: bool = False
    remark: str = ""


def checked(work: Work, form: PersonForm) -> dict[str, Any]:
    """The values to write. Raises Refused by field. For bodies of use cases."""
    name = form.name.strip()
    if not 0 < len(name) <= LONGEST:
        raise refuse("bad_name", "姓名应为 1 到 {n} 个字。", "请改正姓名。", n=LONGEST, field="name")
    values: dict[str, Any] = {"name": name}
    for field in ("phone", "phone2"):
        typed = getattr(form, field).strip()
        found = phone.read(typed) if typed else None
        if typed and found is None:
            raise refuse("bad_phone", "{typed} 不是电话号码。", "手机 11 位，座机带区号。", typed=typed, field=field)
        values[field] = found.normalized if found else None
    values["email"] = _judged("email", lambda: parse_email(form.email)) if form.email.strip() else None
    for field, known in (("sex", SEXES), ("contact_by", CONTACTS), ("id_kind", ID_KINDS)):
        given = getattr(form, field)
        if given and given not in known:
            raise refuse("bad_choice", "不能是 {given}。", "只能是：" + "、".join(known), given=given, field=field)
        values[field] = given or None
    values |= _id_of(work, form)
    if (born := form.birth_on) is not None:
        _judged("birth_on", lambda: check_birth(born, work.today))
    values["birth_on"] = values.pop("born") or form.birth_on
    values["remark"] = form.remark.strip() or None
    longest = max((tag.strip() for tag in form.tags), key=len, default="")
    for title, typed, most, field in (
        ("备注", values["remark"] or "", LONGEST_REMARK, "remark"),
        ("标签", longest, LONGEST_TAG, "tags"),
    ):
        if len(typed) > most:
            raise refuse("too_long", "{title}最多 {n} 个字。", "请改短。", title=title, n=most, field=field)
    needing = [tag for tag in tags_in(form) if tag in NEEDS]
    if needing and not form.consent:
        raise refuse(
            "consent_needed", "“{tag}”是敏感信息，要本人或监护人同意。", "取得同意后勾选“已同意”。",
            tag=NEEDS[needing[0]], field="consent",
        )  # fmt: skip
    return values


def _judged(field: str, judge: Callable[[], Any]) -> Any:
    try:
        return judge()
    except Problem as why:
        raise Refused(why, field) from None


def tags_in(form: PersonForm) -> tuple[str, ...]:
    """The tags of a form; one of NEEDS that was written as the office's own word is its code all the same."""
    codes = {word: code for code, word in NEEDS.items()}
    return tuple(codes.get(tag.strip(), tag) for tag in form.tags)


def _id_of(work: Work, form: PersonForm) -> dict[str, Any]:
    typed = form.id_number.strip()
    if not typed:
        return {"id_number": None, "id_verified": None, "born": None}
    kind = form.id_kind or str(IdKind.RESIDENT_ID)
    found = _judged("id_number", lambda: idcard.require(kind, typed, work.today))
    return {
        "id_kind": kind, "id_number": found.normalized, "id_verified": True, "born": found.birth_date,
    }  # fmt: skip


def check_relation(relation: str) -> str:
    """A relation that there is. Raises Refused `bad_choice`."""
    if relation not in RELATIONS:
        raise refuse("bad_choice", "不能是 {given}。", "只能是：" + "、".join(RELATIONS), given=relation,
                     field="relation")  # fmt: skip
    return relation


def age_on(born: date | None, today: date) -> int | None:
    """Completed years."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
