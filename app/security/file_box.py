"""Attachments on disk: each sealed with a key of its own that stands in its row (RELIABILITY §8), AES-256-GCM."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Spoiled(Exception):
    """A sealed file is not what was written."""


def new_name() -> str:
    """A random name; it says nothing of what is inside."""
    return secrets.token_hex(16)


def new_key() -> bytes:
    """A key for one file."""
    return AESGCM.generate_key(256)


def seal(key: bytes, name: str, data: bytes) -> bytes:
    """What is written to the disk: nonce and ciphertext, bound to the file's name."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, name.encode())


def unseal(key: bytes, name: str, sealed: bytes) -> bytes:
    """What was sealed. Raises Spoiled."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
    except (InvalidTag, ValueError):
        raise Spoiled from None
