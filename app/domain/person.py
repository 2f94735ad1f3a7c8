"""What is typed of a person, judged by itself: an e-mail address, a day of birth."""

from __future__ import annotations

from datetime import date

from app.domain.problem import problem

_LONGEST = 60


def parse_email(typed: str) -> str:
    """An e-mail address without blanks around it. Raises: `bad_email`."""
    email = typed.strip()
    if "@" not in email[1:-1] or len(email) > _LONGEST or any(sign.isspace() for sign in email):
        raise problem("bad_email", "{email} 不是邮箱。", "请核对邮箱。", email=email)
    return email


def check_birth(day: date, today: date) -> date:
    """A day of birth, which is not in the future. Raises: `future_day`."""
    if day > today:
        raise problem("future_day", "出生日期 {day} 在将来。", "请改正日期。", day=day)
    return day
