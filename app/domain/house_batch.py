"""Houses by the floor: buildings × entrances × floors × houses a floor, numbered by a pattern (UI §8).

A pattern names its parts in braces: `{楼}` `{单元}` `{层}` `{户}`, with a width after a colon (`{层:02}`), and dashes
between building, entrance and room. What it gives must be read back as the house it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.decimal_text import compact
from app.domain.house_label import plain_number
from app.domain.problem import problem

DEFAULT = "{楼}-{单元}-{层:02}{户:02}"
WITHOUT_ENTRANCE = "{楼}-{层:02}{户:02}"
MOST = 20_000
HIGHEST = 199
LOWEST = -9
MOST_ON_FLOOR = 99

_PART = re.compile(r"\{([楼单元层户]{1,2})(?::0?([1-9]))?\}")
_RANGE = re.compile(r"(-?[0-9]{1,4})(?:[-~至到](-?[0-9]{1,4}))?")
_LETTERS = re.compile(r"([A-Z])[-~至到]([A-Z])", re.ASCII)
_NAMES = ("楼", "单元", "层", "户")


@dataclass(frozen=True, slots=True)
class Grid:
    """What is to be numbered. No entrances: the houses of a building stand in none."""

    buildings: tuple[str, ...]
    entrances: tuple[str, ...]
    floors: tuple[int, ...]
    on_floor: int
    pattern: str = DEFAULT

    @property
    def count(self) -> int:
        """How many houses it is."""
        return len(self.buildings) * max(1, len(self.entrances)) * len(self.floors) * self.on_floor


@dataclass(frozen=True, slots=True)
class Cell:
    """A house of the grid: its building, entrance and floor, and the room as the pattern writes it."""

    building: str
    entrance: str | None
    floor: int
    room: str


def names(typed: str) -> tuple[str, ...]:
    """Names with commas or blanks between, ranges among them: `1-3，5`, `A-C`, `A B`. Each once, in their order.

    Raises Problem `batch.names`.
    """
    found: list[str] = []
    for word in re.split(r"[,，、;；\s]+", typed.strip()):
        if not word:
            continue
        match = _RANGE.fullmatch(word)
        if match is not None and match[2] is not None and not match[1].startswith("-"):
            first, last = int(match[1]), int(match[2])
            if last < first or last - first > 999:
                raise problem("batch.names", "看不懂“{word}”。", "范围写成 1-3，几个之间用逗号。", word=word)
            found += [str(n) for n in range(first, last + 1)]
        elif letters := _LETTERS.fullmatch(word.upper()):
            found += [chr(code) for code in range(ord(letters[1]), ord(letters[2]) + 1)]
        else:
            name = compact(word).upper()
            if "-" in name or len(name) > 10:
                raise problem("batch.names", "看不懂“{word}”。", "范围写成 1-3，几个之间用逗号。", word=word)
            found.append(plain_number(name) or name)
    return tuple(dict.fromkeys(found))


def floors(typed: str, skipped: str = "") -> tuple[int, ...]:
    """Floors such as `1-18` or `-1, 1-6` without those to skip (`4，13，14`), in their order; there is no floor 0.

    Raises Problem `batch.floors`.
    """
    left_out = set(_floors(skipped))
    found = tuple(floor for floor in dict.fromkeys(_floors(typed)) if floor not in left_out)
    if not found:
        raise problem("batch.floors", "没有楼层。", "写成 1-18 的样子；要跳过的另写。")
    return found


def _floors(typed: str) -> list[int]:
    found: list[int] = []
    for word in re.split(r"[,，、;；\s]+", typed.strip()):
        if not word:
            continue
        match = _RANGE.fullmatch(word)
        first = int(match[1]) if match else HIGHEST + 1
        last = first if match is None or match[2] is None else int(match[2])
        if not LOWEST <= first <= last <= HIGHEST:
            raise problem("batch.floors", "看不懂楼层“{word}”。", "写成 1-18 的样子，几个之间用逗号。", word=word)
        found += [floor for floor in range(first, last + 1) if floor]
    return found


def cells(grid: Grid) -> tuple[Cell, ...]:
    """The houses of a grid in their order.

    Raises Problem `batch.nothing`, `batch.too_many`, `batch.pattern`, `batch.below` (a floor below the ground has no
    figure that a number could be read back from).
    """
    if not grid.buildings or not grid.floors or grid.on_floor < 1:
        raise problem("batch.nothing", "没有要建的房屋。", "请填楼栋、楼层和每层户数。")
    if grid.on_floor > MOST_ON_FLOOR:
        raise problem("batch.too_many", "每层最多 {n} 户。", "请改小。", n=MOST_ON_FLOOR)
    if grid.count > MOST:
        raise problem(
            "batch.too_many", "一次最多建 {n} 户，现在是 {count} 户。", "请分几次建。", n=MOST, count=grid.count
        )
    if min(grid.floors) < 0:
        raise problem("batch.below", "地下的楼层不能成批建。", "请一户户新建，写明楼层。")
    rooms = _rooms(grid)
    doors: Sequence[str | None] = grid.entrances or (None,)
    return tuple(
        Cell(building, entrance, floor, room)
        for building in grid.buildings
        for entrance in doors
        for floor, room in rooms
    )


def _rooms(grid: Grid) -> list[tuple[int, str]]:
    """The rooms of one entrance, each with its floor."""
    pattern = compact(grid.pattern)
    parts = _PART.findall(pattern)
    wanted = _NAMES if grid.entrances else tuple(name for name in _NAMES if name != "单元")
    if tuple(name for name, _ in parts) != wanted:
        example = DEFAULT if grid.entrances else WITHOUT_ENTRANCE
        raise problem(
            "batch.pattern", "编号样式要依次有 {parts}。", "如 {example}。", parts="、".join(wanted), example=example
        )
    head, _, tail = pattern.rpartition("-")
    lead = "-".join("{" + name + "}" for name in wanted[:-2])
    if re.sub(r":0?[1-9]", "", head) != lead or _PART.sub("", tail):
        raise problem("batch.pattern", "楼栋、单元和房号之间要用一个“-”。", "如 {example}。", example=DEFAULT)
    (_, wide), (_, wide_house) = parts[-2:]
    if wide_house != "2":
        raise problem(
            "batch.pattern", "户号要写两位：{example}。", "房号的最后两位是户号，前面是楼层。", example="{户:02}"
        )
    return [
        (floor, f"{floor:0{int(wide or 1)}d}{at:0{int(wide_house)}d}")
        for floor in grid.floors
        for at in range(1, grid.on_floor + 1)
    ]
