"""The fee kinds. A new one is a module of its own here, with its `KIND`, and its name in this list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.charge import Kind
from app.domain.kinds import area, deposit, flat, formula, meter, once, percent, shared
from app.domain.problem import problem

_MODULES = (area, flat, meter, shared, percent, formula, once, deposit)

KINDS: Mapping[str, Kind] = MappingProxyType({module.KIND.code: module.KIND for module in _MODULES})
"""Every kind by its code."""
LIABLE: tuple[str, ...] = tuple(code for code, kind in KINDS.items() if kind.liability)
"""The kinds whose money is owed back."""


def kind_of(code: str) -> Kind:
    """The kind of that code.

    Raises: `unknown_kind`.
    """
    kind = KINDS.get(code)
    if kind is None:
        raise problem("unknown_kind", "没有“{kind}”这种收费方式。", kind=code)
    return kind
