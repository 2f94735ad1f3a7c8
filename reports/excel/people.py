"""Parsers for people: one or several names, phones and documents in a cell.

What loses nothing is a doubt, not a refusal: a phone or document number that fails its check is kept as typed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from operator import mul
from typing import Any

from app.domain import credit_code, idcard, phone
from app.domain.idcard import IdKind
from app.domain.problem import Problem, problem
from reports.excel.cells import BLANK_WORDS, Cell, Noted, Parser, plain

FILLER_PHONES = frozenset({"18999999999", "13800000000", "13000000000", "12345678901", "12345678910"})
"""Numbers that templates tell people to write where they know none."""
NO_NAMES = BLANK_WORDS | {"空置", "未售", "未售出", "空户", "空房", "无业主", "未登记", "未知业主", "0"}
"""Words in a name's place that name nobody."""

_BETWEEN_NAMES = re.compile(r"[、,;/|&\n]+|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff]{2})")
_BETWEEN_NUMBERS = re.compile(r"[、,;/|\n]+")
_MOBILES = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]+")
LONGEST_NAME = 60
_SHORT_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
_FIRM = re.compile(
    r"(公司|集团|银行|中心|酒店|医院|学校|超市|工厂|商行|经营部|事务所|合作社|委员会|管理局|企业|幼儿园|门诊部|诊所|药店|餐厅|饭店)$"
)
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = tuple((1 << (17 - place)) % 11 for place in range(17))
_ZEROS = 48 * sum(_WEIGHTS)
_CHECKS = b"10X98765432"
_CREDIT = re.compile(r"(?=.*[A-Z])[0-9A-Z]{18}")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季庄柯殷章柴"
)


def is_firm(name: str) -> bool:
    """Whether a name looks like a firm's or an institution's."""
    return len(name) > 3 and _FIRM.search(name) is not None


def names(cell: Cell) -> tuple[str, ...] | None:
    """The names in a cell, without blanks inside Chinese names (`张 三`).

    Raises: Problem `person.name` for a number, or a name over 60 characters.
    """
    if not isinstance(cell, str):
        raise problem("person.name", "姓名“{value}”是数字或日期，请核对。", value=plain(cell)[:20])
    value = cell if _SHORT_HAN.fullmatch(cell) else plain(cell)
    if _HAN.fullmatch(value) and len(value) <= LONGEST_NAME:
        return None if value in NO_NAMES else (value,)
    parts = [value] if is_firm(value) and "\n" not in value else _BETWEEN_NAMES.split(value)
    found = [name for part in parts for name in _one_or_two(part.strip()) if name not in NO_NAMES]
    for name in found:
        if len(name) > LONGEST_NAME or name.isdigit():
            raise problem("person.name", "“{value}”不像姓名。", value=name[:20])
    return tuple(dict.fromkeys(found)) or None


def _one_or_two(part: str) -> list[str]:
    """Names with only blanks between them are two where each has a surname and a given name, else one written wide."""
    pieces = part.split()
    if len(pieces) < 2 or not all(_HAN.fullmatch(piece) for piece in pieces):
        return [" ".join(pieces)] if pieces else []
    if all(2 <= len(piece) <= 4 and piece[0] in _SURNAMES for piece in pieces):
        return pieces
    return ["".join(pieces)]


def phones(fillers: frozenset[str]) -> Parser:
    """A parser for the phones in a cell, in normal form; fillers are none, what is no number stays with a doubt."""
    unknown = fillers | FILLER_PHONES

    def parse(cell: Cell) -> Any:
        value = plain(cell)
        if _MOBILE.fullmatch(value):
            return None if value in unknown or _repeats(value) else (value,)
        if value in BLANK_WORDS:
            return None
        found: list[str] = []
        wrong: Problem | None = None
        for part in _phone_parts(value):
            read = phone.read(part)
            number = read.normalized if read else " ".join(part.split())
            if number in unknown or _repeats(number) or number in BLANK_WORDS:
                continue
            if read is None:
                wrong = problem("person.phone", "电话“{value}”的格式不对，已照原样保存。", value=number[:30])
            found.append(number)
        kept = tuple(dict.fromkeys(found)) or None
        return Noted(kept, wrong) if wrong else kept

    return parse


def _phone_parts(value: str) -> list[str]:
    """`/` and blanks stand both between numbers and inside them: first the whole cell as one number."""
    if phone.read(value.replace("\n", " ")):
        return [value.replace("\n", " ")]
    parts = [part.strip() for part in _BETWEEN_NUMBERS.split(value) if part.strip()]
    out: list[str] = []
    for part in parts:
        pieces = part.split()
        if phone.read(part) or len(pieces) < 2 or not all(phone.read(piece) for piece in pieces):
            mobiles = _MOBILES.findall(part)
            pieces = [part] if phone.read(part) or len(mobiles) < 2 else mobiles
        out.extend(pieces)
    return out


def _repeats(digits: str) -> bool:
    """All the same digit, also behind a leading 1 (`10000000000`)."""
    return len(digits) >= 5 and digits.isdigit() and (len(set(digits)) == 1 or digits.rstrip("0") == "1")


def documents(as_of: date, fillers: frozenset[str]) -> Parser:
    """A parser for document numbers: tuples of (number, kind, whether it passed its check)."""

    def parse(cell: Cell) -> Any:
        if isinstance(cell, str) and cell not in fillers and _is_sound(cell, as_of):
            return ((cell, "resident_id", True),)
        if isinstance(cell, float | int) and abs(cell) >= 1e15:
            return _rounded(f"{cell:.0f}")
        value = plain(cell).upper()
        bare = "".join(value.split())
        if bare in BLANK_WORDS:
            return None
        parts = [bare] if _RESIDENT.fullmatch(bare) else [p for p in _BETWEEN_NUMBERS.split(value) if p.strip()]
        found: list[tuple[str, str, bool]] = []
        wrong: Problem | None = None
        for part in parts:
            number = "".join(part.split()).replace("-", "")
            if number in fillers or (len(number) >= 8 and len(set(number)) == 1) or number in BLANK_WORDS:
                continue
            document, reason = _document(number, as_of)
            wrong = reason or wrong
            found.append(document)
        kept = tuple(found) or None
        return Noted(kept, wrong) if wrong else kept

    return parse


@cache
def _is_province(digits: str, as_of: date) -> bool:
    """Whether numbers may begin so, by the domain's own rule, tried on the one number that differs in nothing else."""
    stem = f"{digits}010119900101001"
    check = chr(_CHECKS[_remainder(stem.encode())])
    return idcard.check(IdKind.RESIDENT_ID, stem + check, as_of).valid


def _remainder(digits: bytes) -> int:
    total = sum(map(mul, digits, _WEIGHTS))
    return int(total - _ZEROS) % 11


def _is_sound(number: str, as_of: date) -> bool:
    """Whether a number passes every check of `idcard`; that tells why one does not, this is many times quicker."""
    if not _RESIDENT.fullmatch(number) or not number.isascii():
        return False
    try:
        born = date.fromisoformat(number[6:14])
    except ValueError:
        return False
    digits = number.encode()
    return (
        digits[17] == _CHECKS[_remainder(digits)]
        and born <= as_of
        and born.year >= 1900
        and len(set(number)) > 1
        and _is_province(number[:2], as_of)
    )


def _rounded(digits: str) -> Noted | None:
    if len(set(digits[:15])) == 1:
        return None
    return Noted(
        None, problem("person.id_number", "证件号以数字保存，后几位已丢失，未导入；请把单元格设为文本后重填。")
    )


def _document(number: str, as_of: date) -> tuple[tuple[str, str, bool], Problem | None]:
    if _CREDIT.fullmatch(number) and not _RESIDENT.fullmatch(number):
        valid = credit_code.check(number).valid
        return (number, "credit_code", valid), None if valid else _doubt("统一社会信用代码的校验不符。")
    kind = _kind(number)
    outcome = idcard.check(kind, number, as_of)
    if outcome.valid:
        return (outcome.normalized or number, str(kind), True), None
    return (number, str(kind), False), _doubt(idcard.REASONS[outcome.reason or "format"])


def _kind(number: str) -> IdKind:
    if re.fullmatch(r"[HM][0-9]{8}(?:[0-9]{2})?", number):
        return IdKind.HK_MACAO_PERMIT
    if re.fullmatch(r"[A-Z]{1,2}[0-9]{6,9}", number):
        return IdKind.PASSPORT
    if re.fullmatch(r"[0-9]{8}|[0-9]{10}", number):
        return IdKind.TAIWAN_PERMIT
    return IdKind.RESIDENT_ID


def _doubt(reason: str) -> Problem:
    return problem("person.id_number", "{reason}已保存为未核实。", reason=reason)
