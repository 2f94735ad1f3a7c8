"""文书: the words of the four dunning papers; what the law wants in them cannot be left out."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from app.domain.dunning import STAGE_TITLES, Stage
from app.domain.letter_text import FIELDS, REQUIRED, in_chinese
from app.services import letter_texts
from app.services.letter_texts import LetterWords
from app.services.refused import Refused
from ui.forms.badge import Badge
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton, Weight
from ui.forms.message_bar import MessageBar
from ui.forms.parts import Card, text
from ui.forms.segments import Segments
from ui.pages.letter_versions import TwoVersions
from ui.pages.page import Page
from ui.pages.parted_page import Part
from ui.workers.topic import Topic

STAGES = tuple(Stage)


class LettersPart(Part):
    """One paper in front; its text is changed whole, and judged when it is saved."""

    reads = frozenset({"letter"})

    def __init__(self, page: Page) -> None:
        super().__init__(page, "文书")
        self._topic, self._save_topic = Topic(), Topic()
        self._theirs_topic, self._reset_topic = Topic(), Topic()
        self.found: LetterWords | None = None
        self.may = page.seat.may("change_settings") and "manager" in page.seat.roles
        self.stages = Segments([STAGE_TITLES[stage] for stage in STAGES])
        self.stages.chosen.connect(self.go_stage)
        self.at = 0
        self.edit, self.message = QPlainTextEdit(), MessageBar()
        self.edit.setAccessibleName("文书的文字")
        self.edit.setReadOnly(not self.may)
        self.edit.textChanged.connect(self._typed)
        self.state, self.must = Badge("neutral", ""), text("", "small", wrap=True)
        self.saving = self.act("保存", "Ctrl+S", self.save)
        self.resetting = self.act("恢复原文…", "", self.ask_reset)
        if self.may:
            self.tool(HintButton("", self.resetting), HintButton("", self.saving, Weight.PRIMARY))
        self._build()
        self.saving.setEnabled(False)
        self.resetting.setEnabled(False)
        self.say("花括号里的字段打印时换成实际内容；** 前后是加粗" + ("" if self.may else "；只能看"))

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.stages)
        row.addStretch(1)
        row.addWidget(self.state)
        card = Card()
        inner = QVBoxLayout()
        inner.setContentsMargins(14, 10, 14, 12)
        inner.setSpacing(8)
        inner.addLayout(row)
        inner.addWidget(self.message)
        inner.addWidget(self.edit, 1)
        inner.addWidget(self.must)
        fields = "　".join(field.shown for field in FIELDS.values())
        inner.addWidget(text(f"可用的字段：{fields}（违约金说明没有则为空）", "third", wrap=True))
        card.body.addLayout(inner, 1)
        self.body.addWidget(card, 1)

    @property
    def stage(self) -> Stage:
        """The paper in front."""
        return STAGES[self.at]

    @property
    def dirty(self) -> bool:
        """Whether the text was changed and not saved."""
        return self.may and self.found is not None and self.edit.toPlainText().strip() != in_chinese(self.found.text)

    def go_stage(self, place: int) -> None:
        """Another paper; one that was changed is kept in front until it is saved or taken back."""
        if place == self.at:
            return
        if self.dirty:
            self.stages.put(self.at)
            self.message.say("warn", "这份文书还没有保存。", "先保存，或者放弃修改再换。", (("放弃修改", self._drop),))
            return
        self.at = place
        self.refresh()

    def _drop(self) -> None:
        if self.found is not None:
            self.edit.setPlainText(in_chinese(self.found.text))
        self.message.clear()

    def refresh(self) -> None:
        """Read the paper in front, unless hands are at it."""
        if self.dirty:
            return
        stage = str(self.stage)
        self.page.run(lambda _: letter_texts.get(self.seat, stage), topic=self._topic, done=self._show)

    def _show(self, found: LetterWords) -> None:
        self.found = found
        self.message.clear()
        self.edit.setPlainText(in_chinese(found.text))
        self.state.say("info" if found.own else "neutral", "本办公室改过" if found.own else "原文")
        self.resetting.setEnabled(found.own and self.may)
        self.must.setText(
            f"不能少的：{'、'.join(map(in_chinese, REQUIRED[self.stage]))}。不能写断水、断电、断气、断热一类的话。"
        )
        self._typed()

    def _typed(self) -> None:
        self.saving.setEnabled(self.dirty)

    def save(self) -> None:
        """Write it; what is refused stays as it was typed."""
        found, typed, stage = self.found, self.edit.toPlainText(), str(self.stage)
        if found is None:
            return
        self.page.run(
            lambda _: letter_texts.change(self.seat, stage, typed, found.version),
            topic=self._save_topic,
            done=self._saved,
            failed=self._refused,
            writes=True,
            what="保存文书",
        )

    def _refused(self, error: Exception) -> None:
        """Where somebody else changed it meanwhile both versions are shown; all else is said."""
        if not isinstance(error, Refused) or error.problem.code != "changed_since":
            self.message.tell(error)
            return
        stage = str(self.stage)
        self.page.run(
            lambda _: letter_texts.get(self.seat, stage),
            topic=self._theirs_topic,
            done=self._compare,
            failed=self.message.tell,
        )

    def _compare(self, theirs: LetterWords) -> None:
        if theirs.kind != str(self.stage):
            return
        asked = TwoVersions(self.page.area, theirs.title, in_chinese(theirs.text), self.edit.toPlainText())
        asked.chosen.connect(lambda his: self._show(theirs) if his else self._go_on(theirs))

    def _go_on(self, theirs: LetterWords) -> None:
        """What was typed stays; his version is the one that the next saving knows."""
        self.found = theirs
        self.message.say("info", "再保存时换掉的是别人刚保存的那一版。")
        self._typed()
        self.edit.setFocus()

    def _saved(self, found: LetterWords) -> None:
        self._show(found)
        self.page.message.say("ok", f"{found.title}的文字已保存。", "以后发的用新的；发过的不变。")

    def ask_reset(self) -> Confirm:
        """Ask before the office's own words go."""
        title = STAGE_TITLES[self.stage]
        asked = Confirm(
            self.page.area, f"{title}恢复原文？", "本办公室改过的文字不再使用，审计里还查得到。", "恢复", "不恢复"
        )
        asked.answered.connect(lambda yes: self._reset() if yes else None)
        return asked

    def _reset(self) -> None:
        stage = str(self.stage)
        self.page.run(
            lambda _: letter_texts.reset(self.seat, stage),
            topic=self._reset_topic,
            done=self._saved,
            failed=self.message.tell,
            writes=True,
        )
