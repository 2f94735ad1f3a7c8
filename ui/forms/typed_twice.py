"""A new password is typed twice: whether both are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.refused import Refused, refuse


def differ(values: Mapping[str, Any]) -> Refused | None:
    """What is said where the fields `password` and `again` differ; None where they do not."""
    if values["password"] == values["again"]:
        return None
    return refuse("password.again", "两次输入的密码不一样。", "请再输一遍。", field="again")
