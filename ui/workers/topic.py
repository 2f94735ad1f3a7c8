"""A question that a page keeps asking: its list, its preview."""

from __future__ import annotations


class Topic:
    """Held by the page. `newest` is the token of the last time it was asked; an older answer is not wanted any more."""

    __slots__ = ("newest",)

    def __init__(self) -> None:
        self.newest = 0

    def forget(self) -> None:
        """No answer to what was asked so far is wanted any more."""
        self.newest += 1
