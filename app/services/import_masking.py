"""What an import found, as it may be shown: telephone and identity numbers with their middle hidden. The workbook keeps
them, and so does the copy of its rejected rows.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.masking import mask
from reports.excel.records import Finding

_ABOUT_PEOPLE = re.compile(r"电话|手机|联系|证件|身份")
_NUMBER = re.compile(r"\+?\d[\d\s\-‐-―−.()·/]{5,}[\dXx]")
"""A number as people write it, right or wrong: at least seven signs, with or without what stands between its digits."""


def _hide(words: str) -> str:
    return _NUMBER.sub(lambda found: mask("id_number", found.group()), words)


def shown(finding: Finding) -> Finding:
    """The finding without a whole personal number in it."""
    if not (finding.code.startswith("person.") or _ABOUT_PEOPLE.search(finding.column)):
        return finding
    return replace(finding, value=_hide(finding.value), reason=_hide(finding.reason))
