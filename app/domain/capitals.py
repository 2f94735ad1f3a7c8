"""Capital amounts 大写金额 (支付结算办法 附一, HANDBOOK §1.3): one canonical way to write, several to read."""

from __future__ import annotations

import re

from app.domain.decimal_text import compact
from app.domain.money import Fen
from app.domain.problem import problem

LIMIT = 10**14
"""From here on, in fen, amounts are refused."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_SECTION = r"((?:[壹贰叁肆伍陆柒捌玖]仟)?(?:[壹贰叁肆伍陆柒捌玖]佰)?(?:[壹贰叁肆伍陆柒捌玖]拾)?[壹贰叁肆伍陆柒捌玖]?)"
_SHAPE = re.compile(rf"(负?)(?:(?:{_SECTION}亿)?(?:{_SECTION}万)?{_SECTION}元)?(?:(.)角)?(?:(.)分)?")
_VARIANTS = str.maketrans("圆圓貳參陸萬億負两仨", "元元贰叁陆万亿负贰叁")


def capital(fen: int) -> str:
    """Write an amount in capital characters, without 人民币.

    Raises: `too_large` from 10^14 fen.
    """
    if abs(fen) >= LIMIT:
        raise problem("too_large", "金额太大，无法用大写书写。")
    yuan, cents = divmod(abs(fen), 100)
    jiao, rest = divmod(cents, 10)
    text = _whole(yuan) + "元" if yuan or not cents else ""
    if jiao:
        # The rule lets this 零 be left out; it is written so that nothing can be added.
        text += ("零" if yuan and yuan % 10 == 0 else "") + _DIGITS[jiao] + "角"
    elif rest and yuan:
        text += "零"
    text += _DIGITS[rest] + "分" if rest else "整"
    return ("负" if fen < 0 else "") + text


def read_capital(text: str) -> Fen:
    """Read a capital amount: with or without 人民币 and 整 (or 正), with or without the 零 the rule leaves free.

    Raises: `capital.format`.
    """
    plain = compact(text).translate(_VARIANTS).removeprefix("人民币").replace("正", "整")
    match = _SHAPE.fullmatch(plain.removesuffix("整").replace("零", ""))
    if match is not None:
        try:
            sections = [_value(part or "") for part in match.groups()[1:4]]
            cents = 10 * _digit(match[5]) + _digit(match[6])
        except ValueError:
            pass
        else:
            fen = (sections[0] * 10**8 + sections[1] * 10**4 + sections[2]) * 100 + cents
            fen = -fen if match[1] else fen
            # No amount is guessed: only what we would write ourselves, apart from the rule's freedoms, is accepted.
            written = capital(fen)
            freely = re.sub(r"元零(.角)", r"元\1", written)
            if plain in (written, freely, written.removesuffix("整"), freely.removesuffix("整")):
                return Fen(fen)
    raise problem("capital.format", "“{value}”不是规范的大写金额。", value=text[:40])


def _whole(yuan: int) -> str:
    if yuan == 0:
        return "零"
    text, gap = "", False
    for value, name in ((yuan // 10**8, "亿"), (yuan // 10**4 % 10**4, "万"), (yuan % 10**4, "")):
        if value == 0:
            gap = True
            continue
        text += ("零" if text and (gap or value < 1000) else "") + _section(value) + name
        gap = False
    return text


def _section(value: int) -> str:
    text, zero = "", False
    for digit, place in zip(f"{value:04d}", _PLACES, strict=True):
        if digit == "0":
            zero = True
            continue
        text += ("零" if zero and text else "") + _DIGITS[int(digit)] + place
        zero = False
    return text


def _value(section: str) -> int:
    total = 0
    for place, size in (("仟", 1000), ("佰", 100), ("拾", 10)):
        if place in section:
            digit, section = section.split(place, 1)
            total += _digit(digit) * size
    return total + _digit(section or None)


def _digit(text: str | None) -> int:
    return _DIGITS.index(text) if text else 0
