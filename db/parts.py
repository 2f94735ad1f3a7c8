"""Beginnings and ends of texts as SQL that both databases find by an index."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

TAIL = 4
NOTHING = "\ue000"
"""A sign that is in no record."""
_PARTS = ("first", "behind", "like")


def tail_of(column: Any) -> Any:
    """The last four characters; the whole text where it is shorter on SQLCipher."""
    return func.substr(column, func.length(column) - literal_column(str(TAIL - 1)))


def after(column: Any, characters: int) -> Any:
    """A text without its first characters."""
    return func.substr(column, literal_column(str(characters + 1)))


class _begins(FunctionElement[Any]):  # noqa: N801
    """`_begins(value, first, behind, pattern)`. It has no type: what is Boolean is compared with 1 on SQLCipher, and
    no index answers that.
    """

    inherit_cache = True
    name = "begins"


@compiles(_begins)
def _like(element: Any, compiler: Any, **kw: Any) -> str:
    value, _, _, pattern = element.clauses
    return f"({compiler.process(value, **kw)} LIKE {compiler.process(pattern, **kw)} ESCAPE '\\')"


@compiles(_begins, "sqlite")
def _between(element: Any, compiler: Any, **kw: Any) -> str:
    value, first, behind, _ = element.clauses
    text = compiler.process(value, **kw)
    return f"({text} >= {compiler.process(first, **kw)} AND {text} < {compiler.process(behind, **kw)})"


def begins(value: Any, name: str) -> ColumnElement[Any]:
    """That a text begins with what `beginning` gives for this name, case as written."""
    return _begins(value, *(bindparam(f"{name}_{part}", type_=String()) for part in _PARTS))


def beginning(name: str, text: str | None) -> dict[str, str]:
    """The values for `begins`; without a text nothing begins so."""
    if not text:
        return {f"{name}_{part}": NOTHING for part in _PARTS}
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return dict(zip((f"{name}_{part}" for part in _PARTS), (text, _behind(text), f"{plain}%"), strict=True))


def _behind(text: str) -> str:
    """The first text in order of code points that no longer begins so."""
    cut = text.rstrip(chr(0x10FFFF))
    following = ord(cut[-1]) + 1
    return cut[:-1] + chr(0xE000 if 0xD800 <= following <= 0xDFFF else following)
