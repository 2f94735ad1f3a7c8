"""Which passwords are taken: 8 to 128 characters of any kind, not a common one, not the login or estate name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from app.domain.problem import problem

SHORTEST, LONGEST = 8, 128
COMMON = Path(__file__).parents[2] / "resources" / "common_passwords.txt"


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())


def check(password: str, names: Iterable[str]) -> None:
    """Raise Problem `password.*` unless the password may be used by somebody with these names."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise problem("password.length", "密码应为 8 到 128 个字符。", "请换一个密码。")
    if password.casefold() in _common():
        raise problem("password.common", "这个密码太常见，容易被猜到。", "请换一个密码。")
    if any(password.casefold() == name.casefold() for name in names):
        raise problem("password.name", "密码不能是用户名或小区名。", "请换一个密码。")
