"""小区 → 楼栋 → 单元 at the left of the houses, with how many there are in each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex

from app.services.house_list import Branch
from app.services.list_face import Query
from ui.pages.branch_tree import BRANCH, BranchTree, branch_item


class HouseTree(BranchTree):
    """`chosen` carries the branch that hands chose."""

    def __init__(self) -> None:
        super().__init__("楼栋和单元", lambda branch: f"{branch.count:,}")

    def put(self, root: Branch) -> None:
        """Other branches; what was open stays open."""
        tops = [self.branches.index(row, 0) for row in range(self.branches.rowCount())]
        opened = {index.data(BRANCH).filter for index in tops if self.isExpanded(index)}
        self.showing = True
        self.branches.clear()
        for branch in (root, *root.parts):
            made = branch_item(branch)
            self.branches.appendRow(made)
            if branch is not root:
                for part in branch.parts:
                    made.appendRow(branch_item(part))
                self.setExpanded(made.index(), branch.filter in opened)
        self.showing = False

    def show_query(self, query: Query) -> None:
        """Mark the branch that a question is about."""
        wanted = next((pair for pair in query.filters if pair[0] in ("building", "entrance", "kind")), None)
        found = self._find(wanted)
        if found is not None:
            self.mark(found)

    def title_of(self, query: Query) -> str:
        """What the branch of a question is called: 3 栋 2 单元; empty for the whole estate."""
        wanted = next((pair for pair in query.filters if pair[0] in ("building", "entrance", "kind")), None)
        index = None if wanted is None else self._find(wanted)
        if index is None:
            return ""
        above = index.parent()
        title: str = index.data(BRANCH).title
        return f"{above.data(BRANCH).title} {title}" if above.isValid() else title

    def buildings(self) -> list[tuple[str, str]]:
        """Code and title of each building, in order."""
        branches = [self.branches.index(row, 0).data(BRANCH) for row in range(self.branches.rowCount())]
        return [(each.filter[1], each.title) for each in branches if each.filter and each.filter[0] == "building"]

    def building_of(self, query: Query) -> str:
        """The code of the building that a question is about, or within which it is; empty for the whole estate."""
        wanted = next((pair for pair in query.filters if pair[0] in ("building", "entrance")), None)
        index = None if wanted is None else self._find(wanted)
        if index is None:
            return ""
        above = index.parent()
        code: str = (above if above.isValid() else index).data(BRANCH).filter[1]
        return code

    def _find(self, wanted: tuple[str, str] | None) -> QModelIndex | None:
        return next((index for index in self.indexes() if index.data(BRANCH).filter == wanted), None)
