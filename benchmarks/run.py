"""Measure figures: run.py [NAME…]; a table, then one JSON line a figure. Without names all of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import (
    arrears,
    billing,
    bills_pdf,
    excel,
    growth,
    imports,
    letters_pdf,
    pay,
    search,
    start,
    unlock,
    window_memory,
)
from benchmarks.figure import Figure


def _lists() -> list[Figure]:
    """The window is loaded for these figures alone: it would stand in the peak memory of the others."""
    from benchmarks import lists

    return lists.measure(_wanted())


def _wanted() -> set[str]:
    return set(sys.argv[1:]) or {name for names in GROUPS for name in names}


GROUPS: dict[tuple[str, ...], Callable[[], list[Figure]]] = {
    ("bill_run", "bill_preview"): billing.measure,
    ("bill_run_100k", "bill_preview_100k"): billing.measure_large,
    ("bills_pdf",): bills_pdf.measure,
    ("import_read", "import_excel"): imports.measure,
    ("excel_write", "excel_export", "excel_read"): excel.measure,
    ("unlock",): unlock.measure,
    ("start",): start.measure,
    ("houses_list", "residents_list"): _lists,
    ("window_memory", "window_memory_residents"): window_memory.measure,
    ("search",): search.measure,
    ("letters_pdf",): letters_pdf.measure,
    ("pay",): pay.measure,
    ("arrears", "arrears_past", "dun_preview", "verify", "backup"): arrears.measure,
    ("bill_run_growth", "arrears_growth"): growth.measure,
}


def main() -> None:
    wanted = _wanted()
    figures = [
        figure
        for names, measure in GROUPS.items()
        if wanted & set(names)
        for figure in measure()
        if figure.name in wanted
    ]
    print(f"{'figure':18} {'ratio':>7} {'limit':>6} {'ours':>9} {'floor':>9}  unit")
    for figure in figures:
        seconds = f"{figure.ours:9.3f} {figure.floor:9.3f}  {figure.unit}"
        print(f"{figure.name:18} {figure.ratio:7.2f} {figure.limit:6.2f} {seconds}")
    for figure in figures:
        print(json.dumps(figure.said(), ensure_ascii=False))


if __name__ == "__main__":
    main()
