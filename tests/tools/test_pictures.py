"""The tool for pictures names every question and form that the window has."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.picture_book import before, book
from tools.picture_book.hands import Scene

UI = Path(__file__).resolve().parents[2] / "ui"
ABSTRACT = {"Dialog"}


def _bases() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name] = {ast.unparse(base).split("[")[0] for base in node.bases}
    return found


def _overlays() -> set[str]:
    """Every class over `Overlay` that is opened as it stands: no other inherits from it."""
    bases = _bases()

    def over(name: str) -> bool:
        return name == "Overlay" or any(over(base) for base in bases.get(name, ()))

    parents = set().union(*bases.values())
    return {name for name in bases if over(name) and name not in parents} - ABSTRACT


def _shown(scenes: tuple[Scene, ...]) -> set[str]:
    return {kind.__name__ for scene in scenes for shot in scene.shots for kind in shot.shows}


def test_every_question_and_form_has_its_picture() -> None:
    assert sorted(_overlays() - _shown(book.SCENES) - before.SHOWS) == []


def test_no_name_is_used_twice() -> None:
    names = [shot.name for scene in book.SCENES for shot in scene.shots] + list(before.NAMES)
    assert sorted(names) == sorted(set(names))
