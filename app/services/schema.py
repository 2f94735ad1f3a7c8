"""The schema at creation and at opening, the first rows, and what a login and an estate may be called."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from sqlalchemy import Connection

from app.domain.problem import problem
from app.services import backup_file
from app.services.refused import cannot_open
from app.services.store import Store
from db import migrate
from db.work import Work

_LOGIN = re.compile(r"[A-Za-z0-9._\u4e00-\u9fff-]{1,32}")


def login_of(text: str) -> str:
    """The login name as stored. Raises Problem `user.login`."""
    login = unicodedata.normalize("NFKC", text).strip()
    if not _LOGIN.fullmatch(login) or login == "system":
        raise problem("user.login", "用户名应为 1 到 32 个字母、数字或汉字，不能是 system。", "请换一个用户名。")
    return login


def name_of(text: str, what: str) -> str:
    """The name as stored. Raises Problem `name`."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not 0 < len(name) <= 60 or any(unicodedata.category(char).startswith("C") for char in name):
        raise problem("name", "名称应为 1 到 60 个字，不含控制字符。", "请重新输入。", what=what)
    return name


def make(connection: Connection) -> None:
    """Create all tables and triggers by the migrations."""
    migrate.upgrade(connection)


def version(connection: Connection) -> str | None:
    """The stored schema version. Raises CannotOpen `newer_office`."""
    found = migrate.stored(connection)
    if migrate.is_newer(found):
        raise cannot_open("newer_office", "这个办公室是用更新的程序建的。", "请更新程序后再打开。")
    return found


def bring_up_to_date(store: Store, found: str | None) -> None:
    """Migrate an older database, after a backup, under the exclusive lock."""
    if found == migrate.HEAD:
        return
    store.lock.take()
    backup_file.save(store.paths, store.place, store.paths.backups / f"before-{migrate.HEAD}.anju")
    with store.engines.writer.begin() as connection:
        migrate.upgrade(connection)
    store.lock.share()


def seed_rest_days(work: Work) -> None:
    """Public holidays and moved working days of the years that are known, as the office's first table."""
    import chinese_calendar

    rows: list[tuple[object, ...]] = []
    day = date(work.today.year - 3, 1, 1)
    while day.year <= work.today.year + 1:
        try:
            rest = bool(chinese_calendar.is_holiday(day))
        except NotImplementedError:
            break
        if rest != (day.weekday() >= 5) or (day.month, day.day) == (1, 1):
            rows.append((day.isoformat(), rest, None))
        day += timedelta(days=1)
    work.many("rest_day", ("day", "rest", "name"), rows)
