"""What the program refuses, said in a sentence for the person at the desk.

A rule that cannot be applied raises `Problem`. Its `code` is stable and in English (for tests, JSON and
translations), its text is Chinese. Nothing else is raised on purpose by this package: any other exception is a bug.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Msg:
    """A sentence with places for values; the values stay apart so that it can be translated later."""

    code: str
    template: str
    values: Mapping[str, object]

    @property
    def text(self) -> str:
        """The sentence with its values filled in."""
        return self.template.format(**self.values)


class Problem(Exception):
    """A refusal: what is wrong and, where it helps, what to do about it."""

    def __init__(self, what: Msg, todo: Msg | None = None) -> None:
        # Both go to Exception so that a problem survives the way back from a child process.
        super().__init__(what, todo)
        self.what = what
        self.todo = todo

    @property
    def code(self) -> str:
        """The stable English name of this refusal."""
        return self.what.code

    @property
    def text(self) -> str:
        """The Chinese sentence."""
        return self.what.text

    @property
    def hint(self) -> str | None:
        """What to do about it, if there is something to say."""
        return self.todo.text if self.todo else None

    def __str__(self) -> str:
        return self.text


def problem(code: str, template: str, todo: str | None = None, /, **values: object) -> Problem:
    """Build a `Problem` from its code, its Chinese sentence, an optional hint and the values of both."""
    return Problem(Msg(code, template, values), Msg(code, todo, values) if todo else None)
