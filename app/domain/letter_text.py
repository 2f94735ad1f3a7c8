"""The words of dunning papers: a text with fields that an office may edit within limits (HANDBOOK §5.3).

`{交费期限}` stands for a value; texts are kept with the English name, `{deadline}`, and either may be typed.
`**` before and after what is printed strong, an empty line ends a paragraph. What the law asks of a letter cannot be
taken out, and no text may speak of cutting water, power, gas or heat (民法典 art. 944).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.capitals import capital
from app.domain.dunning import Stage
from app.domain.money import yuan
from app.domain.problem import problem

MARK = "**"
LONGEST = 2_000
"""Characters of a text: more would leave no room for the proof of service on its page."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a text may name: its Chinese title, an example, and its Chinese name where the title is too long for one."""

    title: str
    sample: str
    name: str = ""

    @property
    def shown(self) -> str:
        """As it stands in a text before people: `{交费期限}`."""
        return f"{{{self.name or self.title}}}"


FIELDS: Mapping[str, Field] = {
    "as_of": Field("算至日", "2026 年 7 月 6 日"),
    "deadline": Field("交费期限", "2026 年 7 月 21 日"),
    "clause": Field("合同条款", "《样例花园前期物业服务合同》第十二条"),
    "count": Field("欠费笔数", "4"),
    "principal": Field("未交本金", "488.30"),
    "late_fee": Field("违约金", "4.55"),
    "late_fee_sentence": Field("违约金怎样算（没有则为空）", "违约金算至 2026-07-06，按实际交费日另计。", "违约金说明"),
    "total": Field("合计", "492.85"),
    "total_words": Field("合计大写", "人民币肆佰玖拾贰元捌角伍分"),
    "telephone": Field("电话", "010-0000 0000"),
    "office": Field("服务中心", "样例花园服务中心"),
    "letterhead": Field("单位", "样例物业服务有限公司"),
    "estate": Field("小区", "样例花园"),
    "house": Field("房号", "3-2-1102"),
}

_LAW = ("民法典", "第九百四十四条")
REQUIRED: Mapping[Stage, tuple[str, ...]] = {
    Stage.REMINDER: ("{deadline}",),
    Stage.NOTICE: ("{deadline}", "{telephone}"),
    Stage.LETTER: ("{clause}", "{as_of}", "{total_words}", "{total}", "{deadline}", "{telephone}", "异议", *_LAW),
    Stage.LEGAL: ("{clause}", "{as_of}", "{total_words}", "{total}", *_LAW),
}
"""What a text of each stage must hold, as it stands in it."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_THREAT = re.compile(
    r"((?<!判)断|停|掐|切断|中断|暂停|(?<![期有无权上下年])限)(?:止|用|供|掉|您|你|家|户|内|的|对|应|给|其|业主|室|住宅|房屋)*"
    r"(?:水(?![景池泵箱])|电(?![梯话动瓶子器线缆信脑])|[煤燃]气|天然气|气(?!象)|暖|热)"
)


_KEPT: Mapping[str, str] = {field.shown: f"{{{name}}}" for name, field in FIELDS.items()}
"""The name under which a field is kept, by its Chinese one; both in their braces."""


def _todo() -> str:
    return "可用的字段：" + "、".join(field.shown for field in FIELDS.values()) + "；随时可以恢复原文。"


def in_chinese(text: str) -> str:
    """A text, or a part of one, with the Chinese names of its fields."""
    return _FIELD.sub(lambda found: FIELDS[found[1]].shown if found[1] in FIELDS else found[0], text)


def _as_kept(text: str) -> str:
    return _FIELD.sub(lambda found: _KEPT.get(f"{{{found[1].strip()}}}", found[0]), text)


def check(stage: Stage, text: str) -> str:
    """The text as it is kept: without blanks at its ends, its fields by their English names.

    Raises: `letter.empty`, `letter.too_long`, `letter.unknown_field`, `letter.missing`, `letter.marks`,
    `letter.threat`.
    """
    kept = "\n".join(line.rstrip() for line in _as_kept(text).replace("\r\n", "\n").strip().split("\n"))
    if not kept:
        raise problem("letter.empty", "信的内容是空的。", "要恢复原文请选“恢复原文”。", kind=stage)
    if len(kept) > LONGEST or any(ord(char) < 32 and char != "\n" for char in kept):
        raise problem("letter.too_long", "信最多 {n} 个字，不含制表符等控制字符。", "请改短后再设。", n=LONGEST)
    unknown = [name for name in _FIELD.findall(kept) if name not in FIELDS]
    if unknown or "{" in _FIELD.sub("", kept) or "}" in _FIELD.sub("", kept):
        shown = "、".join(f"{{{name}}}" for name in unknown) or "单独的花括号"
        raise problem("letter.unknown_field", "信里有不认识的字段：{fields}。", "{todo}", fields=shown, todo=_todo())
    missing = [part for part in REQUIRED[stage] if part not in kept]
    if missing:
        raise problem(
            "letter.missing",
            "信里少了必须有的内容：{parts}。",
            "期限、金额大写、条款、法律依据、异议和联系方式不能删去。",
            parts="、".join(in_chinese(part) for part in missing),
        )
    if any(paragraph.count(MARK) % 2 for paragraph in _paragraphs(kept)):
        raise problem("letter.marks", "加粗的记号 ** 没有成对。", "请在要加粗的文字前后各写一个 **。")
    refuse_threat(kept)
    return kept


def refuse_threat(text: str) -> None:
    """Raises: `letter.threat` where a text speaks of cutting water, power, gas or heat."""
    found = _THREAT.search(re.sub(r"[\s*、，,和及与或]", "", text))
    if found:
        raise problem(
            "letter.threat",
            "信里不能写“{words}”。",
            "民法典第九百四十四条：不得采取停止供电、供水、供热、供燃气等方式催交物业费。请删去。",
            words=found.group(0),
        )


def fill(stage: Stage, text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs of a text with its values, strong parts still between their marks.

    Raises what `check` raises: a value may not bring in what the text may not say.
    """
    checked = check(stage, text)
    filled = tuple(
        _FIELD.sub(lambda match: values[match.group(1)].replace(MARK, ""), paragraph)
        for paragraph in _paragraphs(checked)
    )
    refuse_threat("".join(filled))
    return filled


def _paragraphs(text: str) -> list[str]:
    return ["".join(part.split("\n")) for part in re.split(r"\n\s*\n", text) if part.strip()]


def long_day(day: date) -> str:
    """A day in words, `2026 年 7 月 6 日`."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text's fields are made of; amounts in fen, `late_fee_note` empty where the contract has no late fee."""

    as_of: date
    deadline: date
    clause: str
    count: int
    principal: int
    late_fee: int
    late_fee_note: str
    telephone: str
    office: str
    letterhead: str
    estate: str
    house: str

    def values(self) -> dict[str, str]:
        """The value of every field."""
        total = self.principal + self.late_fee
        clause = re.sub(r"^(根据|依据|按照|依照|依|按)", "", self.clause.strip()).rstrip("。，；")
        return {
            "as_of": long_day(self.as_of),
            "deadline": long_day(self.deadline),
            "clause": clause or "物业服务合同的约定",
            "count": str(self.count),
            "principal": yuan(self.principal),
            "late_fee": yuan(self.late_fee),
            "late_fee_sentence": f"违约金{self.late_fee_note}。" if self.late_fee_note else "",
            "total": yuan(total),
            "total_words": f"人民币{capital(total)}",
            "telephone": self.telephone or "服务中心前台",
            "office": self.office or self.letterhead or "服务中心",
            "letterhead": self.letterhead,
            "estate": self.estate,
            "house": self.house,
        }
