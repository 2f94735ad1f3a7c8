"""收费项目 → 范围 at the left of the prices: which items there are, and for which scopes each has a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.price_file import PriceBranch, PriceItem
from ui.pages.branch_tree import BRANCH, BranchTree, branch_item

STATES = {"now": "在用", "later": "未生效", "past": "已过期", "asked": "待批", "none": "未设价格"}
ICONS = {
    "area": "house", "flat": "tag", "meter": "meter", "shared": "people", "percent": "chart", "formula": "chart",
    "once": "receipt", "deposit": "lock",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Node:
    """What stands in a line of the tree; an item stands for its widest scope."""

    title: str
    note: str
    icon: str
    branch: PriceBranch


class FeeTree(BranchTree):
    """`chosen` carries a node; its `branch` is what to show."""

    def __init__(self) -> None:
        super().__init__("收费项目", lambda node: node.note, lambda node: node.icon, "tree_wide")

    def put(self, items: Sequence[PriceItem]) -> None:
        """Other items, all open."""
        self.showing = True
        self.branches.clear()
        for item in items:
            icon = "car" if item.houses == "parking" else ICONS.get(item.kind, "tag")
            made = branch_item(_Node(item.name, str(len(item.branches)), icon, item.branches[0]))
            made.setToolTip(f"{item.code} {item.name}")
            self.branches.appendRow(made)
            for branch in item.branches:
                made.appendRow(branch_item(_Node(branch.title, STATES[branch.state], "", branch)))
            self.setExpanded(made.index(), True)
        self.showing = False

    def branch_of(self, code: str, scope: str | None = None, target: str = "") -> PriceBranch | None:
        """The branch of an item's scope, the first of the item where no scope is named or it has none of that name."""
        known = [node.branch for index in self.indexes() if (node := index.data(BRANCH)).branch.code == code]
        return next((each for each in known if (each.scope, each.target) == (scope, target)), next(iter(known), None))

    def first(self) -> PriceBranch | None:
        """The first branch of all."""
        return next((index.data(BRANCH).branch for index in self.indexes()), None)

    def show_branch(self, branch: PriceBranch) -> None:
        """Mark the line of a branch."""
        for index in self.indexes():
            node = index.data(BRANCH)
            place = (node.branch.code, node.branch.scope, node.branch.target)
            if index.parent().isValid() and place == (branch.code, branch.scope, branch.target):
                self.mark(index)
