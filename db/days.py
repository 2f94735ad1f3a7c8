"""Days between two dates, as SQL on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from db.types import Day


class days_between(FunctionElement[int]):  # noqa: N801
    """`days_between(later, earlier)`: whole days, NULL where either is."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(days_between)
def _subtracted(element: Any, compiler: Any, **kw: Any) -> str:
    later, earlier = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({later} - {earlier})"


@compiles(days_between, "sqlite")
def _julian(element: Any, compiler: Any, **kw: Any) -> str:
    later, earlier = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


class years_before(FunctionElement[date]):  # noqa: N801
    """`years_before(day, years)`: the day so many years earlier (29 February: 1 March on SQLite, 28 February else)."""

    type = Day()
    inherit_cache = True
    name = "years_before"


@compiles(years_before)
def _minus_years(element: Any, compiler: Any, **kw: Any) -> str:
    day, years = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({day} AS DATE) - make_interval(years => {years}))::date"


@compiles(years_before, "sqlite")
def _modified(element: Any, compiler: Any, **kw: Any) -> str:
    day, years = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"date({day}, '-' || {years} || ' years')"


class month_of(FunctionElement[int]):  # noqa: N801
    """`month_of(day)`: 1 to 12, NULL where there is no day."""

    type = Integer()
    inherit_cache = True
    name = "month_of"


@compiles(month_of)
def _extracted(element: Any, compiler: Any, **kw: Any) -> str:
    (day,) = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(EXTRACT(MONTH FROM CAST({day} AS DATE)) AS INTEGER)"


@compiles(month_of, "sqlite")
def _formatted(element: Any, compiler: Any, **kw: Any) -> str:
    (day,) = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(strftime('%m', {day}) AS INTEGER)"


class full_years(FunctionElement[int]):  # noqa: N801
    """`full_years(day, born)`: how old somebody is on a day, NULL where either is."""

    type = Integer()
    inherit_cache = True
    name = "full_years"


@compiles(full_years)
def _aged(element: Any, compiler: Any, **kw: Any) -> str:
    day, born = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(EXTRACT(YEAR FROM age(CAST({day} AS DATE), CAST({born} AS DATE))) AS INTEGER)"


@compiles(full_years, "sqlite")
def _counted(element: Any, compiler: Any, **kw: Any) -> str:
    day, born = (compiler.process(clause, **kw) for clause in element.clauses)
    years = f"strftime('%Y', {day}) - strftime('%Y', {born})"
    return f"({years} - (strftime('%m%d', {day}) < strftime('%m%d', {born})))"
