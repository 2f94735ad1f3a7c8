"""备份: where backups go, which stand there, a new one, a trial of one, and one put in the office's place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog

from app.services import backup_list, backup_places, backups
from app.services.backup_list import AUTO, BEFORE, EMPTY, FRESH, MANUAL, MISSING, OLD, BackupFile, Destination, Standing
from app.services.backups import BackupAnswer
from app.services.progress import Progress
from app.services.refused import refuse
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, text
from ui.moments import moment_text
from ui.pages.list_panel import buttons
from ui.pages.page import RESTORE, Page
from ui.pages.parted_page import Part
from ui.pages.plain_table import Cell, Head, PlainTable, Status
from ui.pages.recovery_dialog import CheckRecovery
from ui.theme import look
from ui.workers.topic import Topic

T = TypeVar("T")
PLACES = (
    Head("位置", strong=True),
    Head("最近一份", 132),
    Head("份数", 64, right=True, gives_way=True),
    Head("上次验证", 132, gives_way=True),
    Head("状态", 112),
)
FILES = (
    Head("时间", 132, strong=True),
    Head("怎么来的", 84),
    Head("大小", 84, right=True),
    Head("文件"),
    Head("位置", 200, gives_way=True),
    Head("验证", 168),
)
STATES = {
    MISSING: ("danger", "没有接入"),
    EMPTY: ("warn", "还没有备份"),
    OLD: ("warn", "超过两天"),
    FRESH: ("ok", "正常"),
}
KINDS = {AUTO: "自动", MANUAL: "手工", BEFORE: "恢复前"}


class BackupsPart(Part):
    """Ctrl+B backs up to every destination that is there."""

    reads = frozenset({"backup", "setting"})

    def __init__(self, page: Page) -> None:
        super().__init__(page, "备份")
        self._topic, self._trial_topic = Topic(), Topic()
        # One each: an act asked for while another's answer is on its way waits for its turn and is not dropped.
        self._make_topic, self._add_topic, self._remove_topic, self._keep_topic = Topic(), Topic(), Topic(), Topic()
        self.found: Standing | None = None
        may = self.seat.may("back_up")
        self.making = self.act("立即备份", "Ctrl+B", self.make)
        self.trying = self.act("验证", "", self.verify)
        self.adding = self.act("添加位置…", "", self.choose_place)
        self.removing = self.act("移除位置…", "", self.remove_place)
        self.restoring = self.act("从备份恢复…", "", self.restore)
        for each in (self.making, self.adding):
            each.setEnabled(may)
        self.restoring.setEnabled(self.seat.may("restore"))
        self.proving = self.act("测试恢复密钥…", "", self.prove_recovery)
        self.proving.setEnabled(self.seat.may("manage_users"))
        self.places, self.files = PlainTable("备份位置", PLACES), PlainTable("备份", FILES, "还没有备份。")
        for table in (self.places, self.files):
            table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        if self.seat.may("manage_users"):
            self.tool(HintButton("", self.proving))
        if may:
            self.tool(HintButton("", self.making, Weight.PRIMARY, icon="disk"))
        self._build(may)
        self._follow()

    def _build(self, may: bool) -> None:
        beside = [HintButton("", each, small=True) for each in (self.adding, self.removing)] if may else []
        places = Card("备份位置", buttons(*beside))
        places.body.addWidget(self.places)
        self.body.addWidget(places)
        below = [HintButton("", self.trying, small=True)] if may else []
        if self.seat.may("restore"):
            below.append(HintButton("", self.restoring, small=True))
        files = Card("备份", buttons(*below))
        self.empty = text("还没有备份", "second")
        self.empty.setContentsMargins(16, 16, 16, 16)
        files.body.addWidget(self.empty)
        files.body.addWidget(self.files, 1)
        self.body.addWidget(files, 1)
        said = (
            "备份文件同样加密，用那一天的密码打开。每份做好时都打开核对过；“验证”另行完整恢复一遍再核对，不动现有数据。"
        )
        self.body.addWidget(text(said, "third", wrap=True))

    def refresh(self) -> None:
        """Read what stands where."""
        self.page.run(lambda _: backup_list.standing(self.seat), topic=self._topic, done=self._show)

    def _show(self, found: Standing) -> None:
        self.found = found
        today = self.page.today
        self.places.put([_place(each, today) for each in found.destinations])
        self.places.setFixedHeight(look().size("row") * (len(found.destinations) + 1) + 6)
        self.files.put([_file(each, today) for each in found.files])
        self.empty.setVisible(not found.files)
        self.files.setVisible(bool(found.files))
        self.say(f"{len(found.destinations)} 个位置，{len(found.files)} 份备份")
        self._follow()

    def _follow(self) -> None:
        """What needs a row follows the row."""
        may = self.seat.may("back_up")
        self.trying.setEnabled(may and self.file is not None)
        self.removing.setEnabled(may and self.place is not None)

    @property
    def file(self) -> BackupFile | None:
        """The backup in the selected row."""
        return self.files.chosen(self.found.files if self.found else ())

    @property
    def place(self) -> Destination | None:
        """The destination in the selected row."""
        return self.places.chosen(self.found.destinations if self.found else ())

    def _do(self, what: str, topic: Topic, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        def landed(answer: T) -> None:
            done(answer)
            self.page.reload()

        self.page.message.clear()
        self.page.run(work, topic=topic, done=landed, writes=True, what=what)

    # a new one

    def make(self) -> None:
        """A backup into every destination that is there, one after the other."""
        if self.found is None:
            return
        folders = [each.folder for each in self.found.destinations if each.state != MISSING]
        self._do("备份", self._make_topic, lambda progress: self._make(folders, progress), self._made)

    def _make(self, folders: Sequence[Path], progress: Progress) -> tuple[BackupAnswer, ...]:
        if not folders:
            raise refuse("no_place", "没有一个备份位置接入，备份没有做。", "请插好移动硬盘，或添加一个位置。")
        door = backups.salvage if self.seat.store.missing else backups.create
        done = []
        for at, folder in enumerate(folders):
            progress.step(at, len(folders), "备份")
            done.append(door(self.seat, folder))
        return tuple(done)

    def _made(self, done: tuple[BackupAnswer, ...]) -> None:
        said = "、".join(str(each.file.parent) for each in done)
        hint = f"{done[0].file.name}，{_size(done[0].bytes)}，已打开核对过。"
        self.page.message.say("ok", f"已备份到 {said}。", hint)

    # a trial

    def verify(self) -> None:
        """Restore the selected one into a scratch folder and look at all of it."""
        file = self.file
        if file is None or not self.trying.isEnabled():
            return
        self.page.message.clear()
        self.page.run(
            lambda progress: backups.verify(self.seat, file.file, progress=progress),
            topic=self._trial_topic,
            done=self._proven,
            what="验证备份",
        )

    def _proven(self, done: BackupAnswer) -> None:
        said = f"备份完好：{done.file.name}。", f"完整恢复并核对过。审计链头 {done.audit_head[:16].upper()}。"
        self.page.message.say("ok", *said)
        if not self.seat.store.missing:
            self._do_quietly(done)

    def _do_quietly(self, done: BackupAnswer) -> None:
        self.page.run(
            lambda _: backups.keep_verified(self.seat, done),
            topic=self._keep_topic,
            done=lambda _: self.page.reload(),
            writes=True,
        )

    def prove_recovery(self) -> CheckRecovery:
        """The dialog for the printed recovery key."""
        dialog = CheckRecovery(self.page)
        dialog.landed.connect(lambda said: self.page.message.say("ok", said))
        return dialog

    # destinations

    def choose_place(self) -> None:
        """Ask for one more folder."""
        chosen = QFileDialog.getExistingDirectory(self, "选择备份位置", str(Path.home()))
        if chosen:
            self.add_place(Path(chosen))

    def add_place(self, folder: Path) -> None:
        """Back up to this folder too."""
        self._do(
            "添加备份位置",
            self._add_topic,
            lambda _: backup_places.add(self.seat, folder),
            lambda _: self.page.message.say("ok", f"以后也备份到 {folder}。", "每天自动备份时会用到它。"),
        )

    def remove_place(self) -> Confirm | None:
        """Ask, then back up there no more."""
        place = self.place
        if place is None or not self.removing.isEnabled():
            return None
        body = f"{place.folder}\n以后不再备份到这里；里面已有的 {place.count} 份备份留着，不会删除。"
        asked = Confirm(self.page.area, "移除这个备份位置？", body, "移除", "不移除")
        asked.answered.connect(lambda yes: self._remove(place.folder) if yes else None)
        return asked

    def _remove(self, folder: Path) -> None:
        self._do(
            "移除备份位置",
            self._remove_topic,
            lambda _: backup_places.remove(self.seat, folder),
            lambda _: self.page.message.say("ok", f"不再备份到 {folder}。"),
        )

    # restore

    def restore(self) -> Confirm | None:
        """Ask for the number of houses; then the window closes the office and asks for the two persons."""
        if not self.restoring.isEnabled() or self.found is None:
            return None
        file = self.file.file if self.file is not None else self._other_file()
        if file is None:
            return None
        when = f"{self.file.at:%Y-%m-%d %H:%M}" if self.file is not None else "这份备份"
        body = (
            f"{file.name}：办公室会回到 {when} 的样子，之后记的账都不在里面。现在的数据先自动备份一份，文件改名保留。"
            "要系统管理员和项目经理一起办理；接下来会退出登录。"
        )
        label = f"请输入现在的房屋数（{self.found.houses}）"
        asked = Confirm(
            self.page.area, "用备份换掉现在的数据？", body, "退出并恢复", "不恢复",
            count=self.found.houses, count_label=label,
        )  # fmt: skip
        asked.answered.connect(lambda yes: self.page.wanted.emit(RESTORE, file) if yes else None)
        return asked

    def _other_file(self) -> Path | None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选择备份文件", str(Path.home()), "安居备份 (*.anju)")
        return Path(chosen) if chosen else None


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} KB"


def _place(each: Destination, today: date) -> tuple[Cell, ...]:
    newest = "" if each.newest is None else moment_text(each.newest, today)
    verified = "没有验证过" if each.verified is None else moment_text(each.verified, today)
    name = f"本机，办公室文件夹里的 {each.folder.name}" if each.own else str(each.folder)
    return (name, newest or "—", str(each.count), verified if each.count else "—", Status(*STATES[each.state]))


def _file(each: BackupFile, today: date) -> tuple[Cell, ...]:
    proof = Status("neutral", "做时打开过") if each.opened else Status("warn", "没有验证过")
    if each.verified is not None:
        proof = Status("ok", f"完好 {moment_text(each.verified, today)}")
    folder = each.file.parent.name
    return (moment_text(each.at, today), KINDS[each.kind], _size(each.bytes), each.file.name, folder, proof)
