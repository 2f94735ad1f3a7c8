"""`office.attempts`: how often a login name failed lately, and from when it may try again. Plain, lost if deleted."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from app.security.files import write_whole

DELAYS = (0, 0, 0, 1, 2, 4, 8, 16, 30)
KEEP = 500


def _name(login: str) -> str:
    return sha256(f"anju attempts:{login}".encode()).hexdigest()[:32]


def _load(path: Path) -> dict[str, list[int]]:
    try:
        stored = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    if not isinstance(stored, dict):
        return {}
    return {
        str(name): said
        for name, said in stored.items()
        if isinstance(said, list) and len(said) == 2 and all(type(n) is int for n in said)
    }


def seconds_left(path: Path, login: str, now_ms: int) -> int:
    """Whole seconds until this name may try again; 0 = now. A clock set back does not lengthen the wait."""
    failures, last_ms = _load(path).get(_name(login), [0, 0])
    delay_ms = 1000 * DELAYS[min(failures, len(DELAYS) - 1)]
    left = min(delay_ms, last_ms + delay_ms - now_ms)
    return max(0, -(-left // 1000))


def failed(path: Path, login: str, now_ms: int) -> None:
    """Count a failure."""
    stored = _load(path)
    failures, _ = stored.get(_name(login), [0, 0])
    stored[_name(login)] = [failures + 1, now_ms]
    newest = sorted(stored.items(), key=lambda item: item[1][1])[-KEEP:]
    write_whole(path, json.dumps(dict(newest), sort_keys=True).encode())


def failures(path: Path) -> dict[str, int]:
    """Failures by digest of the login name since the last unlock of that name."""
    return {name: said[0] for name, said in _load(path).items()}


def clear(path: Path, login: str) -> int:
    """Forget the failures of this name; gives how many there were."""
    stored = _load(path)
    said = stored.pop(_name(login), None)
    if said is None:
        return 0
    write_whole(path, json.dumps(stored, sort_keys=True).encode())
    return said[0]
