"""The door: a use case names its permission, its audit action and what it changes in its first lines."""

from __future__ import annotations

import json
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import insert, select

from app.domain.problem import Problem
from app.security.permissions import Permission
from app.services.answers import arguments_digest, from_tagged, tagged
from app.services.refused import Refused, refuse
from app.services.seat import Seat
from db.models.office import OnceKey
from db.types import canonical_json
from db.work import Work

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class UseCase:
    """What a door declared about itself."""

    permission: Permission
    audit: str | None
    touches: frozenset[str]
    desk: bool = False


USE_CASES: dict[str, UseCase] = {}
"""Every door that needs a seat, by module and name; tests, help and the rights matrix walk it."""

_NOT_SEEN = object()


def _first_answer(work: Work, key: str, name: str, digest: str, answer: Any) -> Any:
    seen = work.execute(select(OnceKey.use_case, OnceKey.arguments, OnceKey.answer).where(OnceKey.key == key)).first()
    if seen is None:
        return _NOT_SEEN
    if (seen.use_case, seen.arguments) != (name, digest):
        raise refuse(
            "key_reused",
            "这个重试钥匙已经用于另一次操作：{key}。",
            "请换一个新的 key；重试时命令和参数要与第一次完全相同。",
            key=key,
        )
    return from_tagged(answer, json.loads(seen.answer))


def use_case(
    permission: Permission,
    *,
    audit: str | None = None,
    touches: frozenset[str] = frozenset(),
    accept_clock: bool = False,
    desk: bool = False,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Seat, P], R]]:
    """Declare a door. With `audit` it writes: one transaction, its record in it, or nothing. A `desk` door writes only
    the tables of db/models/desk.py, without a record.

    A body's Problem (a rule's refusal) reaches the caller as Refused.
    """

    if desk and audit:
        raise AssertionError("what is audited is no desk write")

    def declare(body: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Seat, P], R]:
        name = f"{body.__module__}.{body.__qualname__}"

        def once(work: Work, key: str, *args: P.args, **kwargs: P.kwargs) -> R:
            digest = arguments_digest(name, args, kwargs)
            first = _first_answer(work, key, name, digest, typing.get_type_hints(body)["return"])
            if first is not _NOT_SEEN:
                return typing.cast(R, first)
            result = run(work, *args, **kwargs)
            work.execute(
                insert(OnceKey).values(
                    key=key, use_case=name, arguments=digest, answer=canonical_json(tagged(result)), seq=work.seq
                )
            )
            return result

        def run(work: Work, *args: P.args, **kwargs: P.kwargs) -> R:
            result = body(work, *args, **kwargs)
            work.require_audit(audit)
            if audit:
                work.touch(touches | work.touched)
            return result

        @wraps(body)
        def call(seat: Seat, /, *args: P.args, **kwargs: P.kwargs) -> R:
            seat.require(permission, name)
            try:
                write = audit is not None or desk
                with seat.transaction(write=write, accept_clock=accept_clock, desk=desk) as work:
                    if audit and seat.key is not None:
                        result = once(work, seat.key, *args, **kwargs)
                    else:
                        result = run(work, *args, **kwargs)
            except Problem as why:
                raise Refused(why) from None
            if audit or desk:
                seat.announce(touches)
            return result

        USE_CASES[name] = UseCase(permission, audit, touches, desk)
        return call

    return declare
