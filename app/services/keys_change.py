"""Changing office.keys together with the transaction that says why."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256

from sqlalchemy import select, update

from app.security import key_format
from app.security.files import write_whole
from app.security.keyslots import KeyFile
from app.services.refused import refuse
from app.services.store import Paths
from db.models.office import Office
from db.work import Work


def current(work: Work) -> KeyFile:
    """The key file as this transaction sees it. Raises Refused `keys_changed` where the file is another one."""
    data = Paths(work.place.folder).keys.read_bytes()
    expected = work.execute(select(Office.keys_digest)).scalar()
    if sha256(data).hexdigest() != expected:
        raise refuse("keys_changed", "密钥文件正被另一个程序更改。", "请稍后再试；什么都没有写入。")
    return key_format.load(data)


def rewrite(work: Work, change: Callable[[KeyFile], KeyFile]) -> None:
    """Change the key file with this transaction.

    The new file is written beside the old one; the commit names its digest and so decides; then it takes the old
    one's place. Opening completes or drops what a crash left (`opening.assemble`). No older generation stays.
    """
    paths = Paths(work.place.folder)
    following = change(current(work)).rewritten(work.seq - 1, work.previous)
    data = key_format.dump(following, work.place.key)
    work.on_rollback.append(lambda: paths.next_keys.unlink(missing_ok=True))
    write_whole(paths.next_keys, data)
    work.execute(update(Office).values(keys_generation=following.generation, keys_digest=sha256(data).hexdigest()))
    work.after_commit.append(lambda: os.replace(paths.next_keys, paths.keys))
