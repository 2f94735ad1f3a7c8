"""导入: drop a workbook, see how it is understood and what it would change, then write all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.money import yuan
from app.services import import_mappings, import_undo, imports
from app.services.import_mappings import Learned
from app.services.import_undo import ImportUndone, LastImport
from app.services.imports import KINDS, Finding, ImportAnswer, Opened, SheetGuess
from app.services.progress import Progress
from app.services.seat import Seat
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, action, restyle, text
from ui.pages.import_columns import ImportColumns
from ui.pages.list_states import StatePane
from ui.pages.page import Page
from ui.pages.plain_table import Cell, Head, PlainTable, Tinted
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

COUNTED = {
    "building": "楼栋",
    "house": "房屋",
    "shop": "商铺",
    "parking": "车位",
    "storage": "储藏室",
    "person": "人员",
    "resident": "居住关系",
    "vehicle": "车辆",
    "fee_item": "收费项目",
    "tariff": "收费标准",
    "house_item": "房屋的收费项目",
    "arrear": "往期欠费",
    "deposit": "押金",
    "prepaid": "预存",
    "paid_until": "已交至",
    "tier_usage": "阶梯已用量",
    "meter": "表",
    "reading": "读数",
    "equipment": "设备",
    "plan": "维保计划",
    "office": "办公室",
    "history": "往期费用",
    "history_paid": "往期已收",
    "charged_fen": "往期应收",
    "paid_fen": "往期已收",
    "payment": "收款",
    "bank_line": "流水，待核对",
    "bank_matched": "流水，当场核对上",
    "bank_out": "支出，不导",
    "bank_fen": "流水",
    "arrears_fen": "往期欠费",
    "late_fee_fen": "往期违约金",
    "prepaid_fen": "预存",
    "deposit_fen": "押金",
    "payments_fen": "收款",
}
"""What the counts of an import are called."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A workbook as it was read, what it would do, and how its columns were understood: now, and as it was `learned`
    from others like it.
    """

    opened: Opened
    guesses: tuple[SheetGuess, ...]
    answer: ImportAnswer
    learned: Mapping[str, Learned]


class ImportPanel(QWidget):
    """A workbook of one of `kinds`. `landed` carries the answer of an import that was written."""

    landed = Signal(object)

    def __init__(self, page: Page, kinds: Sequence[str]) -> None:
        super().__init__()
        self.page = page
        self.kinds = tuple(kind for kind in kinds if page.seat.may(KINDS[kind].permission))
        self.path: Path | None = None
        self.rehearsed: Rehearsed | None = None
        self._key = str(uuid4())
        self._reading, self._writing, self._saving = Topic(), Topic(), Topic()
        self.setAcceptDrops(True)
        self.kind, self.file = QComboBox(), QLineEdit()
        self.about = text("", "third", wrap=True)
        self.choosing = action(self, "选择文件…", "Ctrl+O", self.choose)
        self.going = action(self, "导入", "Ctrl+Return", self.write)
        self.saving = action(self, "导出问题行…", "", self.save_rejects)
        self.undoing = action(self, "撤销上次导入…", "", self.undo_last)
        self.undoing.setEnabled(page.seat.may("import_register"))
        self.skip = QCheckBox("跳过有问题的行，其余照导")
        self.columns = ImportColumns()
        self.counts = PlainTable(
            "会改变什么",
            (Head("内容"), Head("新增", 76, right=True), Head("更新", 76, right=True), Head("不变", 76, right=True)),
        )
        self.differences = PlainTable(
            "改动",
            (Head("谁的", 170), Head("哪一项", 110), Head("原来"), Head("改成")),
        )
        self.problems = PlainTable(
            "没有导入的和要留意的",
            (Head("位置", 150), Head("列", 96), Head("现在是", 120, gives_way=True), Head("为什么")),
            "每一行都读懂了。",
        )
        self.summary = text("", "strong", wrap=True)
        self._build()
        self._say_kind()
        self.kind.activated.connect(lambda _: self._other_kind())
        self.file.returnPressed.connect(lambda: self.read(Path(self.file.text().strip()).expanduser()))
        self.columns.changed.connect(self._again)
        self.skip.toggled.connect(lambda _: self._offer())

    def _build(self) -> None:
        for name in self.kinds:
            self.kind.addItem(KINDS[name].title, name)
        self.kind.setAccessibleName("导入什么")
        self.file.setAccessibleName("Excel 文件")
        self.file.setPlaceholderText("把 Excel 文件拖到这里，或输入路径后回车")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kind)
        row.addWidget(self.file, 1)
        row.addWidget(HintButton("", self.choosing, icon="folder"))
        self.drop = QFrame()
        self.drop.setProperty("role", "well")
        around = QVBoxLayout(self.drop)
        around.setContentsMargins(14, 12, 14, 12)
        around.setSpacing(6)
        around.addLayout(row)
        under = QHBoxLayout()
        under.addWidget(self.about, 1)
        if self.undoing.isEnabled():
            under.addWidget(HintButton("", self.undoing, Weight.LINK, icon="undo", small=True))
        around.addLayout(under)
        self.empty = StatePane()
        self.found = QWidget()
        self._found()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().size("gap"))
        column.addWidget(self.drop)
        column.addWidget(self.empty, 1)
        column.addWidget(self.found, 1)
        self.found.hide()

    def _found(self) -> None:
        mapped = Card("列对应", text("认错了的列在这里改", "third"))
        mapped.body.addWidget(self.columns, 1)
        change = Card("会改变什么")
        change.body.addWidget(self.counts, 1)
        self.difference_card = Card("改动")
        self.difference_card.body.addWidget(self.differences, 1)
        self.problem_card = Card("需要看一眼")
        self.problem_card.body.addWidget(self.problems, 1)
        right = QVBoxLayout()
        right.setSpacing(look().size("gap"))
        right.addWidget(change, 1)
        right.addWidget(self.difference_card, 2)
        right.addWidget(self.problem_card, 1)
        row = QHBoxLayout()
        row.setSpacing(look().size("gap"))
        row.addWidget(mapped, 1)
        row.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.skip)
        self.save_button = HintButton("", self.saving)
        self.go = HintButton("", self.going, Weight.PRIMARY)
        foot.addWidget(self.save_button)
        foot.addWidget(self.go)
        column = QVBoxLayout(self.found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().size("gap"))
        column.addLayout(row, 1)
        column.addLayout(foot)

    # ---- which file ----------------------------------------------------------------------------------------------

    def take_kind(self, kind: str) -> None:
        """Import this kind now."""
        at = self.kind.findData(kind)
        if at >= 0 and at != self.kind.currentIndex():
            self.kind.setCurrentIndex(at)
            self._other_kind()

    def _other_kind(self) -> None:
        self._say_kind()
        if self.path is not None:
            self.read(self.path)

    def _say_kind(self) -> None:
        known = KINDS[self.kind.currentData()]
        self.about.setText(f"要有的列：{known.about}")
        self.empty.say("folder", f"导入{known.title}", "表头叫什么都可以，认得出；写入前先看会新增、更改什么。", ())

    def choose(self) -> None:
        """Choose a workbook."""
        start = str(self.path.parent if self.path else Path.home())
        picked, _ = QFileDialog.getOpenFileName(self, "选择 Excel 文件", start, "Excel、CSV (*.xlsx *.csv)")
        if picked:
            self.read(Path(picked))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file is held over the panel."""
        if _dropped(event.mimeData()) is not None:
            restyle(self.drop, "over", True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:
        """It went away again."""
        restyle(self.drop, "over", False)

    def dropEvent(self, event: QDropEvent) -> None:
        """It was dropped."""
        restyle(self.drop, "over", False)
        dropped = _dropped(event.mimeData())
        if dropped is not None:
            event.acceptProposedAction()
            self.read(dropped)

    # ---- what it would do ----------------------------------------------------------------------------------------

    def read(self, path: Path) -> None:
        """Read a workbook and say what it would do."""
        if self.path != path:
            self.columns.put(())
        self.path = path
        self.file.setText(str(path))
        self._rehearse(fresh=True)

    def _again(self) -> None:
        self._rehearse(fresh=False)

    def _rehearse(self, *, fresh: bool) -> None:
        path, kind, seat, today = self.path, self.kind.currentData(), self.page.seat, self.page.today
        if path is None:
            return
        mappings = {} if fresh else dict(self.columns.mappings)
        doors = KINDS[kind]
        self.page.message.clear()
        self.going.setEnabled(False)

        def work(progress: Progress) -> Rehearsed:
            guesses = imports.columns(path, kind) if fresh else ()
            learned = dict(import_mappings.known(seat, kind, guesses)) if guesses else {}
            before = {sheet: one.mapping for sheet, one in learned.items()}
            opened = imports.read(path, kind, today, {**before, **mappings}, progress)
            return Rehearsed(opened, guesses, doors.rehearse(seat, opened.source, opened.book), learned)

        def done(rehearsed: Rehearsed) -> None:
            self._show(rehearsed, fresh=fresh)

        self.page.run(
            work,
            topic=self._reading,
            done=done,
            failed=lambda error: self._failed(error, fresh=fresh),
            what=f"读取 {path.name}",
        )

    def _failed(self, error: Exception, *, fresh: bool) -> None:
        """A workbook that says nothing yet may still be one whose columns have other names."""
        self.rehearsed = None
        self.page.message.tell(error)
        self.going.setEnabled(False)
        path, kind = self.path, self.kind.currentData()
        if fresh and path is not None:
            self.page.run(
                lambda _: imports.columns(path, kind),
                topic=self._reading,
                done=self._only_columns,
                failed=lambda _: self._nothing(),
            )

    def _only_columns(self, guesses: tuple[SheetGuess, ...]) -> None:
        if not guesses:
            self._nothing()
            return
        self.columns.put(guesses)
        self.counts.put([])
        self.difference_card.hide()
        self.problem_card.show()
        self.problems.put([])
        self.summary.setText("请在“列对应”里选这个工作表的内容和列。")
        self.skip.hide()
        self.save_button.hide()
        self.empty.hide()
        self.found.show()

    def _nothing(self) -> None:
        self.found.hide()
        self.empty.show()

    def _show(self, rehearsed: Rehearsed, *, fresh: bool) -> None:
        self.rehearsed, self._key = rehearsed, str(uuid4())
        answer = rehearsed.answer
        if fresh:
            self.columns.put(rehearsed.guesses, rehearsed.learned)
        rows: list[tuple[Cell, ...]] = [
            (
                COUNTED.get(name, name),
                _figure(count.added, "ok"),
                _figure(count.updated, "warn"),
                _figure(count.unchanged, "text"),
            )
            for name, count in answer.by_kind.items()
            if count.added or count.updated or count.unchanged
        ]
        self.counts.put(rows)
        d = len(answer.differences)
        self.differences.put(
            [(one.of, one.field, one.before or "—", one.after) for one in answer.differences[: imports.SHOWN]]
        )
        self.difference_card.title.setText(
            f"{d} 处改动" + (f"，列出前 {imports.SHOWN} 处" if d > imports.SHOWN else "")
        )
        self.difference_card.setVisible(bool(d))
        bad = [_row(finding, "danger") for finding in answer.rejected[: imports.SHOWN]]
        warned = [_row(finding, "warn") for finding in answer.warnings[: imports.SHOWN]]
        self.problems.put([*bad, *warned])
        n, w = answer.rejected_count, len(answer.warnings)
        self.problem_card.title.setText(f"{n} 处有问题，{w} 处要留意" if n or w else "没有问题")
        self.problem_card.setVisible(bool(n or w or not d))
        self.skip.setVisible(bool(n))
        self.save_button.setVisible(bool(n))
        self.skip.setChecked(False)
        self.empty.hide()
        self.found.show()
        self._offer()
        if not n:
            self.go.setFocus()

    def _offer(self) -> None:
        if self.rehearsed is None:
            return
        answer = self.rehearsed.answer
        n = answer.rejected_count
        said = f"读了 {answer.rows} 行：新增 {answer.added}、更新 {answer.updated}、不变 {answer.unchanged}"
        said += f"；{n} 处有问题" if n else ""
        money = "；".join(f"{COUNTED.get(name, name)} {yuan(fen)} 元" for name, fen in answer.sums.items())
        self.summary.setText(f"{said}。{money}")
        changes = answer.added + answer.updated
        self.going.setText(f"导入 {changes} 条" if changes else "没有要改变的")
        self.go.setText(self.going.text())
        self.going.setEnabled(bool(changes) and (not n or self.skip.isChecked()))

    # ---- writing -------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Write what was rehearsed, in one transaction."""
        rehearsed, seat, key, skip = self.rehearsed, self.page.seat, self._key, self.skip.isChecked()
        if rehearsed is None or not self.going.isEnabled():
            return
        doors, opened, kind = KINDS[self.kind.currentData()], rehearsed.opened, self.kind.currentData()
        name = self.columns.called(Path(opened.source.file).stem)

        def work(progress: Progress) -> ImportAnswer:
            _keep(seat, kind, name, self.columns)
            with seat.once(key):
                return doors.do(seat, opened.source, skip, book=opened.book, progress=progress)

        self.page.run(work, topic=self._writing, done=self._written, writes=True, what=f"导入 {opened.source.file}")

    def _written(self, answer: ImportAnswer) -> None:
        left = f"跳过 {answer.rejected_count} 处。" if answer.rejected_count else ""
        said = f"{answer.file} 已导入：新增 {answer.added}、更新 {answer.updated}、不变 {answer.unchanged}。{left}"
        self.page.message.say("ok", said)
        self.rehearsed, self.path = None, None
        self.file.clear()
        # The button that wrote goes away; without a place of its own the focus would leave the page.
        self.file.setFocus()
        self._nothing()
        self.landed.emit(answer)

    def undo_last(self) -> None:
        """What the last import did is read first; then a question, or why it cannot be taken back."""
        seat = self.page.seat
        self.page.run(lambda _: import_undo.last(seat), topic=self._reading, done=self._ask_undo)

    def _ask_undo(self, found: LastImport | None) -> None:
        if found is None:
            self.page.message.say("info", "没有可以撤销的导入。", "只有最近一次房屋或住户的导入可以撤销。")
            return
        if found.refusal:
            self.page.message.say("warn", found.refusal, "不能整体撤销，请逐条更正。")
            return
        key, seat = str(uuid4()), self.page.seat
        came = "、".join(f"{word} {n}" for word, n in found.came.items())
        changed = "、".join(f"{word} {n}" for word, n in found.changed.items())
        body = f"{found.user} {found.at} 导入的{found.title}。" + (f"新增的去掉：{came}。" if came else "")
        body += f"改过的恢复原样：{changed}。" if changed else ""
        asked = Confirm(self.page.area, f"撤销“{found.file}”的导入？", body, "撤销导入", "不撤销")

        def undo(_: Progress) -> ImportUndone:
            with seat.once(key):
                return import_undo.undo(seat)

        def go() -> None:
            self.page.run(undo, topic=self._writing, done=self._undone, writes=True, what="撤销导入")

        asked.answered.connect(lambda yes: go() if yes else None)

    def _undone(self, done: ImportUndone) -> None:
        self.page.message.say("ok", f"“{done.file}”的导入已撤销。")

    def save_rejects(self) -> None:
        """Save the rows with problems, each with its reason, to be mended and imported."""
        rehearsed, path = self.rehearsed, self.path
        if rehearsed is None or path is None:
            return
        picked, _ = QFileDialog.getSaveFileName(
            self, "导出问题行", str(path.with_name(f"{path.stem}-问题行.xlsx")), "Excel (*.xlsx)"
        )
        if picked:
            self.write_rejects(Path(picked))

    def write_rejects(self, target: Path) -> None:
        """Write them to a file."""
        rehearsed, path, kind = self.rehearsed, self.path, self.kind.currentData()
        if rehearsed is None or path is None:
            return
        rejected, mappings = rehearsed.answer.rejected, dict(self.columns.mappings)
        self.page.run(
            lambda _: imports.write_rejects(path, kind, rejected, target, mappings),
            topic=self._saving,
            done=lambda _: self.page.message.say("ok", f"问题行已写到 {target.name}，改好后再导入它。"),
            writes=True,
            what="导出问题行",
        )


def _keep(seat: Seat, kind: str, name: str, columns: ImportColumns) -> None:
    """Keep how sheets are read that a person put right, for others like them."""
    for sheet, mapping in columns.mappings.items():
        if mapping is not None and columns.learned.get(sheet) != Learned(name, mapping):
            import_mappings.remember(seat, kind, columns.titles[sheet], mapping, name)


def import_button(page: Page, kind: str) -> HintButton | None:
    """A page's way to importing a kind of workbook; None where its seat may not."""
    if not page.seat.may(KINDS[kind].permission):
        return None
    return HintButton("", action(page, "导入…", "Ctrl+I", lambda: page.wanted.emit("import", kind)), icon="import")


def _dropped(data: QMimeData) -> Path | None:
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return Path(files[0]) if len(files) == 1 else None


def _figure(n: int, token: str) -> Tinted:
    return Tinted(str(n), token if n else "third")


def _row(finding: Finding, token: str) -> tuple[Cell, ...]:
    place = f"{finding.sheet} 第 {finding.row} 行"
    return (place, finding.column, finding.value, Tinted(finding.reason, token))


class ImportPage(Page):
    """The panel as a page: opened with the kind of workbook that the page before it needs."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "导入")
        self.panel = ImportPanel(self, tuple(KINDS))
        self.back = action(self, "返回", "Esc", lambda: self.wanted.emit("back", None))
        self.head.add(HintButton("", self.back))
        self.head.say("先看会改变什么，再写入；要么全部写入，要么什么都不写")
        self.body.addWidget(self.panel, 1)
        self.setFocusProxy(self.panel.file)

    def open_with(self, what: object) -> None:
        """A kind of workbook."""
        if isinstance(what, str):
            self.panel.take_kind(what)
        self.panel.file.setFocus(Qt.FocusReason.OtherFocusReason)
