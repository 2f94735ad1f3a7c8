"""Finding the header: which row (or two) names the columns, which table that makes, which column is which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from reports.excel.cells import Cell
from reports.excel.columns import Field, Table
from reports.excel.person_columns import GROUPS, IGNORED, PERSON_FIELDS
from reports.excel.sheet import Sheet
from reports.excel.tables import TABLES

SEARCHED = 60
"""A header is looked for in so many rows."""

_EXACT, _LIKE = 3, 1
_HINT = 8
_NOTES = re.compile("说明|注意|须知|提示|代码|^注")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|<[^<>]*>")
_DECORATION = re.compile(r"[\s*:：、,.。_＊※★☆/\\-]+")
_UNIT = re.compile(r"(?<=[\u4e00-\u9fff])(?:m2|m²|㎡|平方米|平米|元/?月|元/?平米|元/?m2|元)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A recognised column: where it is, what field, and the file's own title."""

    index: int
    field: Field
    title: str


@dataclass(frozen=True, slots=True)
class Title:
    """What stands over a column, and the group it stands under, if any."""

    text: str
    group: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header: its rows (from 0, both included), table and columns by key (`room`, `tenant.phone`)."""

    first: int
    last: int
    table: Table
    columns: dict[str, Column]
    width: int
    score: int


@cache
def bare(text: str) -> str:
    """A header cell's text without brackets, blanks, marks and units, of one width."""
    plain = unicodedata.normalize("NFKC", text)
    inner = _BRACKETS.sub("", plain)
    stripped = _DECORATION.sub("", inner) or re.sub(r"[()\[\]【】<>]", "", _DECORATION.sub("", plain))
    return _UNIT.sub("", stripped)


@cache
def _index(fields: tuple[Field, ...]) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for field in fields:
        for word in (field.title, *field.words.split()):
            found.setdefault(bare(word), field)
    return found


@cache
def _table_index(table: Table) -> dict[str, Field]:
    return _index(table.fields)


_PERSON = _index(PERSON_FIELDS)
_KNOWN = {
    word
    for tables in TABLES.values()
    for table in tables
    for field in (*table.fields, *PERSON_FIELDS)
    for word in (bare(field.title), *map(bare, field.words.split()))
    if len(word) > 1
}
_GROUP_WORDS = sorted(
    ((word, slot) for slot, words in GROUPS for word in words.split()), key=lambda pair: -len(pair[0])
)
_IGNORED = frozenset(IGNORED.split())


def _like(index: dict[str, Field], text: str) -> Field | None:
    """The field whose longest word is at least half of the text."""
    if not 3 <= len(text) <= 14:
        return None
    words = [word for word in index if len(word) >= 2 and word in text and len(word) * 2 >= len(text)]
    return index[max(words, key=len)] if words else None


def _slot(text: str) -> str | None:
    return next((slot for word, slot in _GROUP_WORDS if word in text), None)


def _match(table: Table, text: str, group: str | None) -> tuple[str, Field, int] | None:
    """Key, field and score of a column's title under its group."""
    own = _table_index(table)
    if text in own:
        # A column called only 编号 gives way to one that says of what.
        return own[text].key, own[text], _LIKE if text in _IGNORED else _EXACT
    if table.persons:
        found = _match_person(text, group)
        if found:
            return found
    if text in _IGNORED:
        return None
    like = _like(own, text)
    return (like.key, like, _LIKE) if like else None


def _match_person(text: str, group: str | None) -> tuple[str, Field, int] | None:
    for word, slot in _GROUP_WORDS:
        if text.startswith(word):
            rest = text[len(word) :]
            field = _PERSON.get(rest) or _PERSON["姓名"] if not rest else _PERSON.get(rest) or _like(_PERSON, rest)
            if field is not None:
                return ("", field, 0) if slot == "ignored" else (f"{slot}.{field.key}", field, _EXACT)
            break
    slot = (_slot(group) if group else None) or "owner"
    field = _PERSON.get(text)
    score = _EXACT
    if field is None and text not in _IGNORED:
        field, score = _like(_PERSON, text), _LIKE
    if field is None:
        return None
    return ("", field, 0) if slot == "ignored" else (f"{slot}.{field.key}", field, score + bool(group and _slot(group)))


def _columns(table: Table, titles: Sequence[Title]) -> tuple[dict[str, Column], int]:
    found: dict[str, tuple[Column, int]] = {}
    for index, title in enumerate(titles):
        match = _match_title(table, title)
        if match is None or not match[0]:
            continue
        key, field, score = match
        if key in found and key.startswith("owner."):
            key = _second(key, bare(found[key][0].title), bare(title.text), found)
        column = Column(index, field, title.text.strip())
        if key not in found or (score, -_rank(column)) > (found[key][1], -_rank(found[key][0])):
            found[key] = (column, score)
    columns = {key: column for key, (column, _) in found.items()}
    return _one_person(_of_second(columns)), sum(score for _, score in found.values())


def _rank(column: Column) -> int:
    """How far down a field's words a title stands: where two columns would do, 房号 is before 房产编号."""
    words = [column.field.title, *column.field.words.split()]
    title = bare(column.title)
    return words.index(title) if title in words else len(words)


def _match_title(table: Table, title: Title) -> tuple[str, Field, int] | None:
    if title.group:
        for both in (title.group + title.text, title.text + title.group):
            joined = _match(table, bare(both), None)
            if joined and joined[2] >= _EXACT:
                return joined
    text = bare(title.text)
    return _match(table, text, bare(title.group) if title.group else None) if text else None


def _second(key: str, first: str, title: str, found: dict[str, tuple[Column, int]]) -> str:
    """The key of a title that comes once more (姓名, 电话, 姓名, 电话): the second owner's; else as it was."""
    if title.rstrip("2二") != first.rstrip("1一"):
        return key
    second = key.replace("owner.", "co_owner.")
    return key if second in found else second


def _of_second(columns: dict[str, Column]) -> dict[str, Column]:
    """Beside 业主2 the column 电话2 is that one's phone, not the first owner's second."""
    phone = columns.get("owner.phone2")
    if "co_owner.name" not in columns or "co_owner.phone" in columns or phone is None:
        return columns
    if not bare(phone.title).endswith(("2", "二")):
        return columns
    return {"co_owner.phone" if key == "owner.phone2" else key: column for key, column in columns.items()}


def _one_person(columns: dict[str, Column]) -> dict[str, Column]:
    """Where only one person is named, all person columns are that one's (租户姓名 beside 联系电话)."""
    named = [key.partition(".")[0] for key in columns if key.endswith(".name")]
    if len(named) != 1:
        return columns
    return {
        f"{named[0]}.{key.partition('.')[2]}" if key.startswith("owner.") else key: column
        for key, column in columns.items()
    }


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ""


def _titles_of_one(sheet: Sheet, row: int) -> list[Title]:
    return [Title(_text(cell), None) for cell in sheet.rows[row]]


def _titles_of_two(sheet: Sheet, row: int) -> list[Title]:
    """Titles of a header of two rows: the lower cell under its group, or the upper cell that reaches down."""
    titles: list[Title] = []
    group = ""
    for above, below in zip(sheet.spread(row), sheet.rows[row + 1], strict=True):
        top, bottom = _text(above), _text(below)
        # A group whose cells were not merged leaves blanks to its right.
        group = top or group
        titles.append(Title(bottom, group or None) if bottom else Title(top, None))
    groups = {title.group for title in titles if title.text and title.group}
    if len(groups) == 1 and all(title.group for title in titles if title.text):
        return [Title(title.text, None) for title in titles]
    return titles


def find(sheet: Sheet, tables: Sequence[Table]) -> Header | None:
    """The best header of a sheet, or None where nothing names the key of any table."""
    known = {word for table in tables for word in _table_index(table)} | (
        set(_PERSON) if any(table.persons for table in tables) else set()
    )
    best: Header | None = None
    for row in range(min(len(sheet.rows), SEARCHED)):
        hits = sum(1 for cell in sheet.rows[row] if isinstance(cell, str) and cell and bare(cell) in known)
        if hits == 0:
            continue
        for table in tables:
            candidates = [_header(sheet, table, row, row)]
            if row + 1 < len(sheet.rows):
                candidates.append(_header(sheet, table, row, row + 1))
            for header in candidates:
                if header is not None and (best is None or header.score > best.score):
                    best = header
    return best


def titles(sheet: Sheet, first: int, last: int) -> list[Title]:
    """What stands over each column in a header of one row or two."""
    return _titles_of_one(sheet, first) if first == last else _titles_of_two(sheet, first)


def columns_of(table: Table, over: Sequence[Title]) -> dict[str, Column]:
    """The columns that titles name, by field."""
    return _columns(table, over)[0]


def _header(sheet: Sheet, table: Table, first: int, last: int) -> Header | None:
    over = titles(sheet, first, last)
    if first != last and not _groups(sheet, first):
        return None
    columns, score = _columns(table, over)
    fits = all(field.key in columns for field in table.fields if field.required)
    hinted = any(hint in sheet.name for hint in table.hints.split())
    if not fits or not any(key in columns for key in table.keys.split()) or (len(columns) < 2 and not hinted):
        return None
    if _is_list_of_titles(sheet, last, columns):
        return None
    return Header(first, last, table, columns, width(over, columns), score + (_HINT if hinted else 0))


def _is_list_of_titles(sheet: Sheet, last: int, columns: dict[str, Column]) -> bool:
    """Whether what stands under a column are again names of columns: then it is a page that explains them. 业主, 租户
    are names of columns too, and what a column of relations holds.
    """
    for key, column in columns.items():
        if key.endswith(".relation"):
            continue
        below = [row[column.index] for row in sheet.rows[last + 1 : last + 9]]
        texts = {bare(cell) for cell in below if isinstance(cell, str) and cell}
        known = texts & _KNOWN
        if len(known) >= 3 and len(known) * 2 > len(texts):
            return True
    return False


def width(over: Sequence[Title], columns: dict[str, Column]) -> int:
    """Where the data ends: behind the last recognised column and the titled ones that adjoin it, before notes."""
    end = max(column.index for column in columns.values()) + 1
    while end < len(over) and (text := bare(over[end].text)) and not _NOTES.search(text):
        end += 1
    return end


def _groups(sheet: Sheet, row: int) -> bool:
    """Whether the row below can belong to a header: something here reaches over several columns or down."""
    below = sheet.rows[row + 1]
    if any(isinstance(cell, (int, float)) for cell in below):
        return False
    cells = sheet.rows[row]
    open_cells = any(not above and below_cell for above, below_cell in zip(cells, below, strict=True))
    return open_cells or any(top <= row <= bottom and left < right for top, left, bottom, right in sheet.merged)
