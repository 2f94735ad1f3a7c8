"""How long personal data of who left is kept (个人信息保护法 art. 19, 47; HANDBOOK §6.3)."""

from __future__ import annotations

from datetime import date


def kept_until(last: date, years: int) -> date:
    """The last day on which data of somebody whose last day was `last` is kept; 29 February ends on 28 February."""
    try:
        return last.replace(year=last.year + years)
    except ValueError:
        return last.replace(year=last.year + years, day=28)


def replaced(text: str, name: str, others: frozenset[str], by: str) -> str:
    """A text with a name replaced, but not inside the longer names of others."""
    longer = sorted((other for other in others if name in other and other != name), key=len, reverse=True)
    # Private characters stand for what must not be touched; no text of an office holds them.
    marks = {chr(0xF0000 + place): other for place, other in enumerate(longer)}
    for mark, other in marks.items():
        text = text.replace(other, mark)
    text = text.replace(name, by)
    for mark, other in marks.items():
        text = text.replace(mark, other)
    return text
