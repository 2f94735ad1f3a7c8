"""Who of a house's people lives in it: owners of one that is let or empty do not, an emergency contact never."""

from __future__ import annotations

OWNERS = frozenset({"owner", "co_owner"})
CONTACT = "emergency"
EMPTY = frozenset({"let", "vacant", "unsold", "undelivered"})
"""States of a house in which its owners live elsewhere."""


def lives_in(relation: str, state: str) -> bool:
    """Whether somebody of this relation lives in a house of this state."""
    return relation != CONTACT and not (relation in OWNERS and state in EMPTY)


def is_contact(relation: str, state: str) -> bool:
    """Whether somebody is to be called for a house in which he does not live."""
    return not lives_in(relation, state)
