"""What an import read and found, as it may be shown: telephone and identity numbers with their middle hidden. The
workbook keeps them, and so does the copy of its rejected rows.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.masking import mask
from reports.excel.mapping import SheetGuess
from reports.excel.records import Finding

_ABOUT_PEOPLE = re.compile(r"电话|手机|联系|证件|身份")
_NUMBER = re.compile(r"\+?\d[\d\s\-‐-―−.()·/]{5,}[\dXx]")
"""A number as people write it, right or wrong: at least seven signs, with or without what stands between its digits."""

_CERTAIN = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile number or an identity number wherever it stands."""
_PERSONAL = frozenset({"phone", "phone2", "id_number"})


def _hide(words: str) -> str:
    return _NUMBER.sub(_starred, words)


def _starred(found: re.Match[str]) -> str:
    return mask("id_number", found.group())


def shown(finding: Finding) -> Finding:
    """The finding without a whole personal number in it."""
    if not (finding.code.startswith("person.") or _ABOUT_PEOPLE.search(finding.column)):
        return finding
    return replace(finding, value=_hide(finding.value), reason=_hide(finding.reason))


def previewed(guess: SheetGuess) -> SheetGuess:
    """The sheet with first rows in which no personal number stands whole, under whatever head it was found."""
    samples = []
    for at, sample in enumerate(guess.samples):
        field = guess.mapping.columns.get(at, "").rpartition(".")[2]
        about = field in _PERSONAL or (at < len(guess.titles) and _ABOUT_PEOPLE.search(guess.titles[at]))
        samples.append(_hide(sample) if about else _CERTAIN.sub(_starred, sample))
    return replace(guess, samples=tuple(samples))
