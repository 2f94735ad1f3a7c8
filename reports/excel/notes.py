"""A file's own notes: which code means which word, and what to write where nothing is known.

Notes stand beside the data, under it, on sheets of their own and in brackets in headers: `2001 已入住`, `住宅 110`,
`出租还是出售（H出租S出售）`, `没有时固定写18999999999`. A label beside or before them says for which field they hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.domain.problem import Problem
from reports.excel.cells import Cell, plain
from reports.excel.codes import KNOWN_CODES, Notes
from reports.excel.headers import bare
from reports.excel.person_columns import PERSON_FIELDS
from reports.excel.register_columns import FEE_ITEMS, HOUSES, SPACES

LONGEST = 2000
"""So many characters of a note are looked at."""

_CODE = r"[0-9]{1,6}|[A-Z]{1,2}[0-9]{0,4}"
_WORD = r"[\u4e00-\u9fff][\u4e00-\u9fff*+×/·-]{0,19}"
_TOKENS = re.compile(rf"(?<![0-9A-Za-z.])(?P<code>{_CODE})(?![0-9A-Za-z.])|(?P<word>{_WORD})")
_SEGMENTS = re.compile(r"[\n;。]+")
_FILLER = re.compile(r"(?:没有|无|不知|未知|不详|不清楚).{0,12}?(?:填写|填|写|输入)(?:为|成)?\s*:?\s*([0-9A-Za-z]+)")
_NO_WORD = re.compile("填|写|请|如果|没有|格式|注意|例如|单位|默认|表示|说明")
_CODED = frozenset(KNOWN_CODES) | {"layout"}
_FILLED = frozenset({"phone", "id_number", "area"})


def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for field in (*HOUSES.fields, *SPACES.fields, *FEE_ITEMS.fields, *PERSON_FIELDS):
        if field.key in _CODED | _FILLED:
            for word in (field.title, *field.words.split()):
                found.setdefault(bare(word), field.key)
    return found


_LABELS = _labels()


def collect(notes: Notes, rows: Iterable[Sequence[Cell]]) -> None:
    """Take what the notes in these rows say; each row as it stands, blanks where data was."""
    label: str | None = None
    label_column = 0
    for row in rows:
        texts = [(index, text) for index, cell in enumerate(row) if cell != "" and (text := _text(cell))]
        if not texts:
            continue
        column, first = texts[0]
        if not _is_code(first) and (len(texts) > 1 or column <= label_column or bare(first) in _LABELS):
            label, label_column = _LABELS.get(bare(first)), column
        for place, (_, text) in enumerate(texts):
            label = _LABELS.get(bare(text)) or label
            following = texts[place + 1][1] if place + 1 < len(texts) else ""
            if _is_code(text) and following and not _is_code(following):
                _put(notes, label, text, following)
            else:
                take(notes, label, text)


def take(notes: Notes, label: str | None, text: str) -> None:
    """Take codes and fillers from one note; a label in it (`房屋状态：2001 已入住`) beats the one beside it."""
    for segment in _SEGMENTS.split(text):
        tokens = [(match.lastgroup == "code", match.group()) for match in _TOKENS.finditer(segment)]
        first = next((place for place, (is_code, _) in enumerate(tokens) if is_code), len(tokens))
        own = [place for place, (_, word) in enumerate(tokens[:first]) if bare(word) in _LABELS]
        if own:
            label, tokens = _LABELS[bare(tokens[own[-1]][1])], tokens[own[-1] + 1 :]
        if label in _FILLED:
            notes.fillers.setdefault(label, set()).update(_FILLER.findall(segment))
        for code, word in _pairs(tokens):
            _put(notes, label, code, word)


def _pairs(tokens: list[tuple[bool, str]]) -> list[tuple[str, str]]:
    """Codes with their words. Who begins and who ends says which stands first; a word before codes that have theirs
    behind them is an introduction.
    """
    if not any(is_code for is_code, _ in tokens) or all(is_code for is_code, _ in tokens):
        return []
    word_first = not tokens[0][0] and tokens[-1][0]
    if word_first:
        tokens = [(is_code, text) for is_code, text in reversed(tokens)]
    found = []
    for (is_code, code), (next_is_code, word) in pairwise(tokens):
        if is_code and not next_is_code:
            found.append((code, word))
    return found


def _put(notes: Notes, label: str | None, code: str, word: str) -> None:
    word = re.split(r"[\s(（]", word.strip(), maxsplit=1)[0]
    if not word or len(word) > 20 or _NO_WORD.search(word):
        return
    if label in _CODED:
        notes.codes.setdefault(str(label), {}).setdefault(code, word)
    elif label is None:
        notes.loose.setdefault(code, []).append(word)


def _is_code(text: str) -> bool:
    return re.fullmatch(_CODE, text) is not None


def _text(cell: Cell) -> str:
    try:
        # The limits for data do not bind notes.
        return unicodedata.normalize("NFKC", cell[:LONGEST]).strip() if isinstance(cell, str) else plain(cell)
    except Problem:
        return ""
