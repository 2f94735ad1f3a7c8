"""Answers as JSON and back, so that a repeated `--key` gives the very answer of the first call."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

from db.types import canonical_json


def to_json(value: Any) -> Any:
    """The JSON form of a frozen dataclass, tuple, mapping, date or plain value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    if isinstance(value, dict):
        return {str(name): to_json(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [to_json(inner) for inner in (sorted(value) if isinstance(value, frozenset | set) else value)]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"no JSON form: {type(value).__name__}")


def tagged(value: Any) -> Any:
    """The JSON form of an answer, with the name of its class where several are possible."""
    return {"type": type(value).__name__, "value": to_json(value)}


def _options(kind: Any) -> tuple[Any, ...]:
    return typing.get_args(kind) if typing.get_origin(kind) in (typing.Union, types.UnionType) else (kind,)


def from_tagged(kind: Any, stored: Any) -> Any:
    """The answer behind `tagged`, by the declared type of the use case."""
    for option in _options(kind):
        origin = typing.get_origin(option) or option
        if getattr(origin, "__name__", "") == stored["type"]:
            return from_json(option, stored["value"])
    return from_json(kind, stored["value"])


def from_json(kind: Any, value: Any) -> Any:
    """The value of that type behind its JSON form."""
    if value is None or kind is Any:
        return value
    options = [option for option in _options(kind) if option is not type(None)]
    kind = options[0]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, typing.NewType):
        return value
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(from_json(inner[0], each) for each in value)
        return tuple(from_json(part, each) for part, each in zip(inner, value, strict=True))
    if origin is not None and issubclass(origin, typing.Mapping):
        return {name: from_json(inner[1], each) for name, each in value.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{name: from_json(hints[name], each) for name, each in value.items()})
    if kind is date:
        return date.fromisoformat(value)
    if kind is Path:
        return Path(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value


HOW = frozenset({"second", "progress", "cost", "password", "plan", "book"})
"""Arguments that say how a call is made, not what it does; a password leaves no trace, not even a digest."""


def arguments_digest(use_case: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What makes two calls the same call."""
    said = {name: to_json(value) for name, value in kwargs.items() if name not in HOW}
    text = canonical_json([use_case, [to_json(value) for value in args], said])
    return sha256(text.encode()).hexdigest()
