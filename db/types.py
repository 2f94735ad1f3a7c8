"""Column types: exact scaled integers, days, instants and JSON, the same on SQLCipher and PostgreSQL."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine

INT64_MAX = 2**63 - 1

# STRICT tables know INTEGER and TEXT only.
Id = BigInteger().with_variant(Integer, "sqlite")


@compiles(String, "sqlite")
def _text(_type: String, _compiler: Any, **_kw: Any) -> str:
    return "TEXT"


@compiles(BigInteger, "sqlite")
@compiles(Boolean, "sqlite")
def _integer(_type: TypeEngine[Any], _compiler: Any, **_kw: Any) -> str:
    return "INTEGER"


def canonical_json(value: object) -> str:
    """The one text form of a JSON value: UTF-8, keys sorted, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Scaled(TypeDecorator[int]):
    """An exact number kept as an integer of 10^-places units.

    Takes the units as an int, a value with `.units`, or a Decimal; gives the units back.
    Raises ValueError for floats, for digits that would be lost and for what does not fit 64 bits.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def __repr__(self) -> str:
        # Migrations are written from this.
        return f"Scaled({self.places})"

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        """Units to store."""
        if value is None:
            return None
        if isinstance(value, bool | float):
            raise ValueError("a scaled column takes no float")
        if isinstance(value, Decimal):
            scaled = value.scaleb(self.places)
            if scaled != scaled.to_integral_value():
                raise ValueError("a scaled column would lose digits")
            value = int(scaled)
        units = value if isinstance(value, int) else value.units
        if not -INT64_MAX <= units <= INT64_MAX:
            raise ValueError("a scaled column holds 64 bits")
        return int(units)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """Units as stored."""
        return None if value is None else int(value)


class Day(TypeDecorator[date]):
    """A business date: ISO text on SQLCipher, DATE on PostgreSQL. Takes a date or its ISO text, gives a date."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """DATE on PostgreSQL, TEXT elsewhere."""
        return dialect.type_descriptor(Date() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Stored form of the day."""
        if value is None:
            return None
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return day if dialect.name == "postgresql" else day.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """The day as a date."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class Json(TypeDecorator[Any]):
    """A JSON value as canonical text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The parsed value."""
        return None if value is None else json.loads(value)
