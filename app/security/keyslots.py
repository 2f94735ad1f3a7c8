"""`office.keys`, version 1: who can open the office's database key (RELIABILITY §5).

A slot is an X25519 key pair. Its private half is wrapped by the password (Argon2id → AES-256-GCM), the database key
is sealed to its public half; so a slot can be made for somebody, and the key renewed, with one person's log-in.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from db.types import canonical_json

SALT_BYTES, NONCE_BYTES, BOX_BYTES = 16, 12, 48
TARGET_SECONDS = 0.2


class WrongSecret(Exception):
    """The password (or recovery key) does not open this slot."""


class Damaged(Exception):
    """The key file is not what was written."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try of a password costs: memory in KiB, passes, lanes."""

    m_kib: int
    t: int
    p: int

    def weaker_than(self, other: Cost) -> bool:
        """Whether any of the three is below the other's."""
        return self.m_kib < other.m_kib or self.t < other.t or self.p < other.p


FLOOR = Cost(47104, 1, 1)
CEILING = Cost(1048576, 10, 8)
STANDARD = Cost(65536, 1, 4)


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the database key: kind password or recovery."""

    id: str
    kind: str
    login: str | None
    cost: Cost | None
    salt: bytes
    public: bytes
    private_nonce: bytes
    private_box: bytes
    ephemeral: bytes
    sealed_nonce: bytes
    sealed_box: bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The whole file; `head_*` is where the audit chain stood before the file was rewritten."""

    office: str
    generation: int
    key_generation: int
    head_seq: int
    head_digest: str
    slots: tuple[Slot, ...]

    def slot_of(self, login: str) -> Slot | None:
        """The password slot of a login name."""
        return next((slot for slot in self.slots if slot.kind == "password" and slot.login == login), None)

    def recovery(self) -> Slot | None:
        """The slot of the printed recovery sheet."""
        return next((slot for slot in self.slots if slot.kind == "recovery"), None)

    def with_slot(self, slot: Slot) -> KeyFile:
        """The file with this slot in place of the one of the same kind and login, if there was one."""
        kept = tuple(s for s in self.slots if (s.kind, s.login) != (slot.kind, slot.login))
        return replace(self, slots=(*kept, slot))

    def without(self, login: str) -> KeyFile:
        """The file without the password slot of a login name."""
        return replace(self, slots=tuple(s for s in self.slots if (s.kind, s.login) != ("password", login)))

    def rewritten(self, head_seq: int, head_digest: str) -> KeyFile:
        """The next generation, naming where the chain stands now."""
        return replace(self, generation=self.generation + 1, head_seq=head_seq, head_digest=head_digest)


def derive(key: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """A 256-bit key for one purpose, by HKDF-SHA256."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose.encode()).derive(key)


def kdf_dict(cost: Cost | None, salt: bytes) -> dict[str, object]:
    """The `kdf` object of a slot as it stands in the file."""
    from app.security.key_format import encode

    if cost is None:
        return {"name": "hkdf-sha256", "salt": encode(salt)}
    return {"name": "argon2id", "v": 19, "m_kib": cost.m_kib, "t": cost.t, "p": cost.p, "salt": encode(salt)}


def stretch(password: str, cost: Cost, salt: bytes) -> bytes:
    """Argon2id of a password."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        password.encode(), salt, time_cost=cost.t, memory_cost=cost.m_kib, parallelism=cost.p, hash_len=32, type=Type.ID
    )


def calibrate() -> Cost:
    """The cost for a new slot on this PC: 64 MiB, four lanes, passes raised until a try takes 200 ms or the bound."""
    cost = STANDARD
    while True:
        begin = time.perf_counter()
        stretch("calibration", cost, bytes(SALT_BYTES))
        if time.perf_counter() - begin >= TARGET_SECONDS or cost.t >= CEILING.t:
            return cost
        cost = replace(cost, t=cost.t + 1)


def _associated(office: str, slot: Slot, key_generation: int | None) -> bytes:
    from app.security.key_format import encode

    said: dict[str, object] = {
        "office": office,
        "id": slot.id,
        "kind": slot.kind,
        "login": slot.login,
        "kdf": kdf_dict(slot.cost, slot.salt),
        "public": encode(slot.public),
    }
    if key_generation is not None:
        said["key_generation"] = key_generation
    return canonical_json(said).encode()


def _make(
    office: str, kind: str, login: str | None, cost: Cost | None, wrap: Callable[[bytes], bytes], key: bytes, gen: int
) -> Slot:
    private = X25519PrivateKey.generate()
    ephemeral = X25519PrivateKey.generate()
    salt, private_nonce, sealed_nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES), os.urandom(NONCE_BYTES)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    slot = Slot(
        id=str(uuid4()),
        kind=kind,
        login=login,
        cost=cost,
        salt=salt,
        public=public,
        private_nonce=private_nonce,
        private_box=b"",
        ephemeral=ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        sealed_nonce=sealed_nonce,
        sealed_box=b"",
    )
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    shared = derive(ephemeral.exchange(private.public_key()), "anju sealed", public)
    return replace(
        slot,
        private_box=AESGCM(wrap(salt)).encrypt(private_nonce, raw, _associated(office, slot, None)),
        sealed_box=AESGCM(shared).encrypt(sealed_nonce, key, _associated(office, slot, gen)),
    )


def password_slot(office: str, login: str, password: str, cost: Cost, key: bytes, key_generation: int) -> Slot:
    """A new slot for a member of staff."""
    return _make(office, "password", login, cost, lambda salt: stretch(password, cost, salt), key, key_generation)


def recovery_slot(office: str, secret: bytes, key: bytes, key_generation: int) -> Slot:
    """A new slot for the printed recovery sheet; its 160 bits are random, so no stretching."""
    return _make(
        office, "recovery", None, None, lambda salt: derive(secret, "anju recovery", salt), key, key_generation
    )


def _open(file: KeyFile, slot: Slot, wrapping: bytes) -> bytes:
    try:
        raw = AESGCM(wrapping).decrypt(slot.private_nonce, slot.private_box, _associated(file.office, slot, None))
    except InvalidTag:
        raise WrongSecret from None
    private = X25519PrivateKey.from_private_bytes(raw)
    try:
        shared = derive(private.exchange(X25519PublicKey.from_public_bytes(slot.ephemeral)), "anju sealed", slot.public)
        return AESGCM(shared).decrypt(
            slot.sealed_nonce, slot.sealed_box, _associated(file.office, slot, file.key_generation)
        )
    except (InvalidTag, ValueError):
        raise Damaged("sealed") from None


def open_password(file: KeyFile, slot: Slot, password: str) -> bytes:
    """The database key. Raises WrongSecret for a wrong password, Damaged where the sealed part is not sound."""
    if slot.cost is None:
        raise WrongSecret
    return _open(file, slot, stretch(password, slot.cost, slot.salt))


def open_recovery(file: KeyFile, slot: Slot, secret: bytes) -> bytes:
    """The database key, by the recovery sheet's 160 bits."""
    return _open(file, slot, derive(secret, "anju recovery", slot.salt))


def file_mac(key: bytes, without_mac: bytes) -> bytes:
    """HMAC over the canonical file, with a key derived from the database key."""
    return hmac.new(derive(key, "keys-mac"), without_mac, sha256).digest()
