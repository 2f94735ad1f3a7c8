"""Which fees a row's house pays: numbers joined by `#`, each with its first day."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from app.domain.problem import Problem, problem
from reports.excel.collected import Rows

Link = tuple[str, date | None]


def links(rows: Rows, listed: Container[str] | None) -> list[list[Link]]:
    """The fees of each row. A number that the workbook's fee sheet does not list rejects the row; 0 means none.

    `listed` are the numbers of the fee sheet, None where the workbook has none.
    """
    fees, starts = rows.column("fees"), rows.column("starts")
    found: list[list[Link]] = []
    for place in range(len(rows)):
        here: list[Link] = []
        if fees[place] and place not in rows.bad:
            try:
                here = _links(fees[place], starts[place] or (), listed)
            except Problem as why:
                rows.reject(place, "starts" if why.code == "fee.starts" else "fees", why)
            if "0" in fees[place] and place not in rows.bad:
                rows.doubt(place, "fees", problem("fee.none", "费用编号 0：这户不设收费项目。"))
        found.append(here)
    return found


def _links(codes: tuple[str, ...], starts: tuple[date | None, ...], listed: Container[str] | None) -> list[Link]:
    days = starts * len(codes) if len(starts) == 1 else starts or (None,) * len(codes)
    if len(days) != len(codes):
        raise problem("fee.starts", "{n} 个费用对应 {m} 个开始时间，个数不同。", n=len(codes), m=len(starts))
    pairs = [(code, day) for code, day in zip(codes, days, strict=True) if code != "0"]
    for code, _ in pairs:
        if listed is not None and code not in listed:
            raise problem("fee.unknown", "费用设置里没有费用编号 {code}。", code=code)
    if len({code for code, _ in pairs}) != len(pairs):
        raise problem("fee.twice", "同一个费用编号写了两次。")
    return pairs
