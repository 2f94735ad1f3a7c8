"""`office.keys` as bytes: canonical JSON with a sum (before the password) and a MAC (after it).

The reader is strict: an unknown or doubled field, base64 that is not canonical, a wrong length, a number out of
bounds, more than 1 MiB or 200 slots, or bytes that differ from their canonical form mean a damaged file.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.security.keyslots import (
    BOX_BYTES,
    CEILING,
    FLOOR,
    NONCE_BYTES,
    SALT_BYTES,
    Cost,
    Damaged,
    KeyFile,
    Slot,
    file_mac,
    kdf_dict,
)
from db.types import canonical_json

MAX_BYTES, MAX_SLOTS = 1024 * 1024, 200
_TOP = {
    "format",
    "version",
    "office",
    "generation",
    "key_generation",
    "head",
    "slots",
    "postgres",
    "pending",
    "sum",
    "mac",
}
_SLOT = {"id", "kind", "login", "kdf", "public", "private", "sealed"}


def encode(data: bytes) -> str:
    """Base64 with padding."""
    return b64encode(data).decode()


def slot_dict(slot: Slot) -> dict[str, object]:
    """A slot as it stands in the file."""
    return {
        "id": slot.id,
        "kind": slot.kind,
        "login": slot.login,
        "kdf": kdf_dict(slot.cost, slot.salt),
        "public": encode(slot.public),
        "private": {"nonce": encode(slot.private_nonce), "box": encode(slot.private_box)},
        "sealed": {
            "ephemeral": encode(slot.ephemeral),
            "nonce": encode(slot.sealed_nonce),
            "box": encode(slot.sealed_box),
        },
    }


def dump(file: KeyFile, key: bytes) -> bytes:
    """The file's bytes; `key` is the database key that the MAC is derived from."""
    whole: dict[str, object] = {
        "format": "anju-keys",
        "version": 1,
        "office": file.office,
        "generation": file.generation,
        "key_generation": file.key_generation,
        "head": {"seq": file.head_seq, "digest": file.head_digest},
        "slots": [slot_dict(slot) for slot in file.slots],
        "postgres": None,
        "pending": None,
    }
    whole["sum"] = sha256(canonical_json(whole).encode()).hexdigest()
    whole["mac"] = file_mac(key, canonical_json(whole).encode()).hex()
    return canonical_json(whole).encode()


def _fail(why: str) -> Damaged:
    return Damaged(why)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _fail("a doubled field")
    return dict(pairs)


def _exact(value: object, fields: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != fields:
        raise _fail("fields")
    return value


def _integer(value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _fail("a number")
    return value


def _bytes(value: object, length: int) -> bytes:
    if not isinstance(value, str):
        raise _fail("base64")
    try:
        data = b64decode(value, validate=True)
    except ValueError:
        raise _fail("base64") from None
    if len(data) != length or encode(data) != value:
        raise _fail("base64")
    return data


def _text(value: object, check: Callable[[str], bool]) -> str:
    if not isinstance(value, str) or not check(value):
        raise _fail("a text")
    return value


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def _is_hex(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", value) is not None


def _kdf(value: object, kind: str) -> tuple[Cost | None, bytes]:
    if kind == "recovery":
        said = _exact(value, {"name", "salt"})
        if said["name"] != "hkdf-sha256":
            raise _fail("kdf")
        return None, _bytes(said["salt"], SALT_BYTES)
    said = _exact(value, {"name", "v", "m_kib", "t", "p", "salt"})
    if said["name"] != "argon2id" or said["v"] != 19 or isinstance(said["v"], bool):
        raise _fail("kdf")
    cost = Cost(
        _integer(said["m_kib"], FLOOR.m_kib, CEILING.m_kib),
        _integer(said["t"], FLOOR.t, CEILING.t),
        _integer(said["p"], FLOOR.p, CEILING.p),
    )
    return cost, _bytes(said["salt"], SALT_BYTES)


def read_slot(value: object) -> Slot:
    """The slot behind its form in the file. Raises Damaged."""
    said = _exact(value, _SLOT)
    kind = _text(said["kind"], lambda text: text in ("password", "recovery"))
    if kind == "recovery":
        if said["login"] is not None:
            raise _fail("login")
        login = None
    else:
        login = _text(said["login"], lambda text: 0 < len(text) <= 64)
    cost, salt = _kdf(said["kdf"], kind)
    private = _exact(said["private"], {"nonce", "box"})
    sealed = _exact(said["sealed"], {"ephemeral", "nonce", "box"})
    return Slot(
        id=_text(said["id"], _is_uuid),
        kind=kind,
        login=login,
        cost=cost,
        salt=salt,
        public=_bytes(said["public"], 32),
        private_nonce=_bytes(private["nonce"], NONCE_BYTES),
        private_box=_bytes(private["box"], BOX_BYTES),
        ephemeral=_bytes(sealed["ephemeral"], 32),
        sealed_nonce=_bytes(sealed["nonce"], NONCE_BYTES),
        sealed_box=_bytes(sealed["box"], BOX_BYTES),
    )


def load(data: bytes) -> KeyFile:
    """The file behind these bytes, its sum checked; the MAC is checked by `check_mac` once the key is known.

    Raises Damaged for anything that `dump` would not have written.
    """
    if len(data) > MAX_BYTES:
        raise _fail("too large")
    try:
        whole = json.loads(data.decode("utf-8"), object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError):
        raise _fail("no JSON") from None
    said = _exact(whole, _TOP)
    if said["format"] != "anju-keys" or said["version"] != 1 or isinstance(said["version"], bool):
        raise _fail("another format")
    if said["postgres"] is not None or said["pending"] is not None:
        raise _fail("a field of a later version")
    try:
        canonical = canonical_json(whole).encode()
    except ValueError:
        raise _fail("no canonical form") from None
    bare = {name: value for name, value in said.items() if name not in ("sum", "mac")}
    if canonical != data or sha256(canonical_json(bare).encode()).hexdigest() != said["sum"]:
        raise _fail("sum")
    _text(said["mac"], _is_hex)
    head = _exact(said["head"], {"seq", "digest"})
    slots = said["slots"]
    if not isinstance(slots, list) or not 0 < len(slots) <= MAX_SLOTS:
        raise _fail("slots")
    parsed = tuple(read_slot(slot) for slot in slots)
    if len({(slot.kind, slot.login) for slot in parsed}) != len(parsed):
        raise _fail("a doubled slot")
    return KeyFile(
        office=_text(said["office"], _is_uuid),
        generation=_integer(said["generation"], 1, 2**53),
        key_generation=_integer(said["key_generation"], 1, 2**53),
        head_seq=_integer(head["seq"], 0, 2**53),
        head_digest=_text(head["digest"], lambda text: text == "" or _is_hex(text)),
        slots=parsed,
    )


def check_mac(data: bytes, key: bytes) -> None:
    """Raise Damaged when the file was written by somebody without the database key."""
    whole = json.loads(data)
    mac = bytes.fromhex(whole.pop("mac"))
    if not hmac.compare_digest(mac, file_mac(key, canonical_json(whole).encode())):
        raise _fail("mac")
