"""`office.head`: how far the audit chain reached, kept outside the database (RELIABILITY §4).

Two 256-byte halves, written in turn after each commit and synced; a half is magic 8, office 16, sequence u64, head 32,
time in ms i64, zeros, HMAC 32. A database behind its witness has lost records.
"""

from __future__ import annotations

import hmac
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from app.security.files import sync_folder
from app.security.keyslots import derive
from app.security.lock import OfficeLock

MAGIC = b"ANJUHEAD"
HALF = 256
_FIELDS = struct.Struct(">8s16sQ32sq")
_thread = threading.Lock()


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest record that the witness saw."""

    seq: int
    digest: str


def _half(office: str, key: bytes, seq: int, digest: str, ms: int) -> bytes:
    body = _FIELDS.pack(MAGIC, UUID(office).bytes, seq, bytes.fromhex(digest), ms)
    body += bytes(HALF - 32 - len(body))
    return body + hmac.new(derive(key, "head-mac"), body, sha256).digest()


def _read_half(data: bytes, office: str, key: bytes) -> Seen | None:
    if len(data) != HALF:
        return None
    body, mac = data[:-32], data[-32:]
    if not hmac.compare_digest(mac, hmac.new(derive(key, "head-mac"), body, sha256).digest()):
        return None
    magic, whose, seq, digest, _ms = _FIELDS.unpack(body[: _FIELDS.size])
    if magic != MAGIC or whose != UUID(office).bytes:
        return None
    return Seen(seq, digest.hex())


def read(path: Path, office: str, key: bytes) -> Seen | None:
    """The newest readable half; None where no half can be read (the witness is then renewed)."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    halves = [_read_half(data[start : start + HALF], office, key) for start in (0, HALF)]
    return max((half for half in halves if half), key=lambda half: half.seq, default=None)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    fresh = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        yield handle
    finally:
        os.close(handle)
    if fresh:
        sync_folder(path.parent)


def advance(path: Path, lock: OfficeLock, office: str, key: bytes, seq: int, digest: str, ms: int) -> None:
    """Write the half for this record, unless a newer one stands there already."""
    with _thread, lock.witness(), _opened(path) as handle:
        current = read(path, office, key)
        if current is not None and current.seq >= seq:
            return
        os.lseek(handle, (seq % 2) * HALF, os.SEEK_SET)
        os.write(handle, _half(office, key, seq, digest, ms))
        os.fsync(handle)
