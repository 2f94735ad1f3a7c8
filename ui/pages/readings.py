"""抄表: this month's readings typed down the walk, judged with every key, saved together (UI §8)."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QMenu, QProgressBar, QStackedWidget, QWidget

from app.domain.house_order import parse
from app.domain.period import Period
from app.domain.problem import Problem
from app.domain.quantity import Quantity
from app.services import main_meters, reading_sheet, readings
from app.services.main_meters import MainMeterRow
from app.services.progress import Progress
from app.services.reading_sheet import Sheet, SheetLine
from app.services.refused import Refused
from app.services.seat import Seat
from ui.forms.edits import DayEdit
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, action, text
from ui.forms.segments import chip
from ui.pages.importing import import_button
from ui.pages.list_states import StatePane
from ui.pages.main_meter_dialogs import AddMainMeter, MainMeters, TakeRound
from ui.pages.page import Page
from ui.pages.readings_dialogs import ChangeMeter, ConfirmOdd, CorrectReading
from ui.pages.readings_foot import MeterFoot
from ui.pages.readings_grid import ReadingsGrid, Typed, judge
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

LATE_DAYS = 5
"""In the first days of a month the readings of the month before are still typed."""
ALL_FILTERS = 980
"""Width of the page that the whole row of filters needs."""
CHIPS = ("全部", "未抄", "异常")
Saved = tuple[int, dict[int, str]]
"""How many readings were saved, and why others were not, by meter."""


def usual_day(today: date) -> date:
    """The day that readings are typed for, unless another is said."""
    return min(today, Period.of(today - timedelta(days=LATE_DAYS)).last)


class ReadingsPage(Page):
    """The sheet of a month; what is typed stays until it is saved, whatever is shown meanwhile."""

    reads = frozenset({"reading", "meter", "house"})

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "抄表")
        self._loading, self._saving, self._mains_topic = Topic(), Topic(), Topic()
        self._sheet: Sheet | None = None
        self._wanted_house, self._finishing = "", False
        self._day = usual_day(self.today)
        self.may = seat.may("enter_readings")
        self.grid = ReadingsGrid(editable=self.may, named=seat.may("see_residents"))
        self._act()
        self._build()
        self._connect()
        self.setFocusProxy(self.grid)

    def _act(self) -> None:
        self.again = action(self, "刷新", "F5", self.refresh)
        self.saving = action(self, "保存", "Ctrl+S", self.save)
        self.estimating = action(self, "估抄", "F7", self._estimate)
        self.changing = action(self, "换表…", "F8", self.change_meter)
        self.rolling = action(self, "归零", "Shift+F8", self._roll)
        self.confirming = action(self, "异常确认…", "F9", self.confirm_odd)
        self.correcting = action(self, "改正…", "F2", self.correct)
        self.next_open = action(self, "下一个未抄", "Ctrl+Down", self.go_open)
        for each in (self.saving, *self._acts, self.correcting, self.next_open):
            each.setEnabled(self.may)
        if (bringing := import_button(self, "readings")) is not None:
            self.head.add(bringing)
        self.mains = action(self, "总表和公共表…", "Ctrl+M", self.show_mains)
        self.rounding = action(self, "抄表单…", "Ctrl+E", self.take_round)
        self.finishing = action(self, "完成本批", "Ctrl+Return", self.finish_round)
        for each in (self.mains, self.rounding, self.finishing):
            each.setEnabled(self.may)
        more, menu = HintButton("更多", icon="more"), QMenu(self)
        menu.addActions([self.mains, self.rounding])
        more.setMenu(menu)
        if self.may:
            self.head.add(more)
        self.head.add(HintButton("", self.again))
        self.button = HintButton("", self.saving)
        if self.may:
            self.head.add(self.button, HintButton("", self.finishing, Weight.PRIMARY))

    # ---- beside the houses' meters -------------------------------------------------------------------------------

    def show_mains(self) -> None:
        """The meters that stand for no single house; where there is none yet, a form for the first."""
        month = str(Period.of(self._day))

        def show(rows: tuple[MainMeterRow, ...]) -> None:
            if rows:
                MainMeters(self, month, rows, self._new_main).landed.connect(self.landed)
            else:
                self._new_main()

        self.run(lambda _: main_meters.listing(self.seat, month), topic=self._mains_topic, done=show)

    def _new_main(self) -> None:
        def offer(items: tuple[tuple[str, str], ...]) -> None:
            if items:
                AddMainMeter(self, items).landed.connect(self.landed)
            else:
                self.message.say("info", "还没有按表的收费项目。", "请财务或经理在“收费标准”里新增。")

        self.run(lambda _: main_meters.items(self.seat), topic=self._mains_topic, done=offer)

    def take_round(self) -> None:
        """The round as a workbook."""
        items = self._sheet.items if self._sheet is not None else ()
        TakeRound(self, items).landed.connect(self.landed)

    @property
    def _acts(self) -> tuple[QAction, ...]:
        """What can be done about a meter that is not read this month."""
        return self.estimating, self.changing, self.rolling, self.confirming

    def _build(self) -> None:
        self.filters = QWidget()
        self.filters.setLayout(self._filters())
        self.body.addWidget(self.filters)
        self._sizes()
        self.empty, self.stack = StatePane(), QStackedWidget()
        bring = (("从 Excel 导入", lambda: self.wanted.emit("import", "meters")),) if self.may else ()
        self.empty.say("meter", "还没有水表", "先把表和起始读数从 Excel 导入，之后在这里逐户抄表。", bring)
        self.framed = Card()
        self.framed.body.addWidget(self.grid, 1)
        self.stack.addWidget(self.framed)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack, 1)
        self.meter = MeterFoot(self._acts, (self.correcting,)) if self.may else MeterFoot((), ())
        self.body.addWidget(self.meter)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        self.sums, self.blocked = text("", "second"), text("", "error")
        self.unsaved = text("", "warned")
        for label in (self.sums, self.blocked):
            foot.addWidget(label)
        foot.addStretch(1)
        foot.addWidget(self.unsaved)
        self.body.addLayout(foot)

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.item, self.building, self.day = QComboBox(), QComboBox(), DayEdit(lambda: self.today)
        self.item.setAccessibleName("表的种类")
        self.building.setAccessibleName("楼栋")
        self.day.setAccessibleName("抄表日期")
        self.day.setText(self._day.isoformat())
        look().changed.connect(self._sizes)
        row.addWidget(self.item)
        row.addWidget(self.building)
        self.day_word = text("抄表日期", "second")
        row.addWidget(self.day_word)
        row.addWidget(self.day)
        self.chips = QButtonGroup(self)
        for place, word in enumerate(CHIPS):
            made = chip(word, on=place == 0)
            self.chips.addButton(made, place)
            row.addWidget(made)
        row.addStretch(1)
        self.bar, self.progress = QProgressBar(), text("", "second")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("抄表进度")
        row.addWidget(self.bar)
        row.addWidget(self.progress)
        return row

    def _sizes(self) -> None:
        for box in (self.item, self.building, self.day):
            box.setFixedWidth(look().px(110))
        self.bar.setFixedWidth(look().px(160))
        self._give_way()

    def _give_way(self) -> None:
        # The figures beside it say what the bar says, and the day is known by its form.
        wide = self.width() >= look().px(ALL_FILTERS)
        self.bar.setVisible(wide)
        self.day_word.setVisible(wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bar gives way on a small screen."""
        super().resizeEvent(event)
        self._give_way()

    def _connect(self) -> None:
        self.item.activated.connect(self._filter)
        self.building.activated.connect(self._filter)
        self.chips.idClicked.connect(self._filter)
        self.day.editingFinished.connect(self._turn)
        self.grid.lines.typed_in.connect(self._count)
        self.grid.selectionModel().currentRowChanged.connect(lambda *_: self._stood())

    # ---- looking -------------------------------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether a reading is typed and not saved."""
        return bool(self.grid.lines.typed)

    def open_with(self, what: object) -> None:
        """A house's number: its meter's row."""
        if isinstance(what, str):
            self._wanted_house = what
            self._find()

    def refresh(self) -> None:
        """Read the sheet of the month anew."""
        day = self._day
        self.run(lambda _: reading_sheet.sheet(self.seat, day), topic=self._loading, done=self._show)

    def _turn(self) -> bool:
        """Another day; another month only once nothing typed for this one waits. Gives whether the day stands."""
        try:
            day = self.day.day() or usual_day(self.today)
        except Problem as why:
            self.message.say("danger", why.text, why.hint or "")
            return False
        if day == self._day:
            return True
        if self.dirty and Period.of(day) != Period.of(self._day):
            self.message.say("warn", "还有读数没有保存，不能换月份。", "请先按 Ctrl+S 保存，或用 Esc 清掉。")
            self.day.setText(self._day.isoformat())
            return False
        self._day = day
        self.refresh()
        return True

    def _show(self, sheet: Sheet) -> None:
        first, self._sheet = self._sheet is None, sheet
        self._forget_read(sheet)
        self._choices(self.item, [(name, code) for code, name in sheet.items])
        buildings = dict.fromkeys(line.building for line in sheet.lines)
        named = [(f"{code} 栋" if code else "不分栋", code) for code in buildings]
        self._choices(self.building, [("全部楼栋", None), *named])
        self.stack.setCurrentWidget(self.framed if sheet.lines else self.empty)
        self.filters.setVisible(bool(sheet.lines))
        self.meter.setVisible(bool(sheet.lines))
        self.saving.setEnabled(self.may and bool(sheet.lines))
        self._filter()
        if self._finishing:
            self._tell_round()
        if first:
            self._begin()
        self._find()

    def _begin(self) -> None:
        """A figure can be typed at once, unless the focus was sent elsewhere meanwhile."""
        focused = self.window().focusWidget()
        if focused is None or focused is self or isinstance(focused, HintButton):
            self.grid.setFocus()

    def _forget_read(self, sheet: Sheet) -> None:
        """A meter that was read meanwhile is no longer typed; where it was read otherwise, say so."""
        typed, other = self.grid.lines.typed, []
        for line in sheet.lines:
            if line.this is None or line.meter_id not in typed:
                continue
            if not _same(typed.pop(line.meter_id).text, line.this.value):
                other.append(line.house)
        if other:
            self.message.say(
                "warn", f"{'、'.join(other[:6])} 本月已经有读数，输入的没有采用。", "请核对表上已有的读数。"
            )

    def _choices(self, box: QComboBox, choices: list[tuple[str, str | None]]) -> None:
        """Fill a box and keep what was chosen."""
        kept = box.currentData()
        box.clear()
        for words, value in choices:
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(kept)))

    def _scope(self) -> list[SheetLine]:
        """The meters of the chosen kind and building."""
        item, building = self.item.currentData(), self.building.currentData()
        lines = self._sheet.lines if self._sheet else ()
        return [line for line in lines if line.item == item and building in (None, line.building)]

    def _filter(self, *_: object) -> None:
        at, typed = self.chips.checkedId(), self.grid.lines.typed
        shown = self._scope()
        if at == 1:
            shown = [line for line in shown if line.this is None]
        elif at == 2:
            shown = [line for line in shown if judge(line, typed.get(line.meter_id)).level in ("warn", "danger")]
        self.grid.lines.show_rows(shown, self._day.year)
        if shown and self.grid.row < 0:
            self.grid.go_row(max(0, self.grid.first_open()))
        self._count()
        self._stood()

    def _find(self) -> None:
        if not self._wanted_house or self._sheet is None:
            return
        wanted, self._wanted_house = parse(self._wanted_house).normalized, ""
        line = next((one for one in self._sheet.lines if parse(one.house).normalized == wanted), None)
        if line is None:
            self.message.say("warn", f"{wanted} 还没有表。", "请先导入表和起始读数。")
            return
        self.item.setCurrentIndex(self.item.findData(line.item))
        self.building.setCurrentIndex(0)
        self.chips.button(0).setChecked(True)
        self._filter()
        self.grid.open_cell(self.grid.lines.rows.index(line))

    def _count(self) -> None:
        """Progress, sums and what stands in the way, as they are with every key."""
        scope, typed = self._scope(), self.grid.lines.typed
        marks = [judge(line, typed.get(line.meter_id)) for line in scope]
        done = sum(line.this is not None for line in scope)
        odd = sum(mark.level in ("warn", "danger") for mark in marks)
        for place, count in enumerate((len(scope), len(scope) - done, odd)):
            self.chips.button(place).setText(f"{CHIPS[place]} {count}")
        self.bar.setRange(0, max(1, len(scope)))
        self.bar.setValue(done)
        self.progress.setText(f"已抄 {done} / {len(scope)}")
        used = sum(line.used or 0 for line in scope)
        self.sums.setText(f"已抄 {done} 户，用量合计 {Quantity(used).show()}" if scope else "")
        wrong = sum(mark.blocks for mark in marks)
        self.blocked.setText(f"{wrong} 户有错，改正后才能保存" if wrong else "")
        self.unsaved.setText(f"{len(typed)} 户未保存" if typed else "")
        month = Period.of(self._day)
        self.head.say(f"{self.item.currentText()}　{month.year} 年 {month.month} 月　{self.building.currentText()}"
                      if scope else "")  # fmt: skip

    # ---- typing --------------------------------------------------------------------------------------------------

    def go_open(self) -> None:
        """Type into the first meter that is neither read nor typed."""
        row = self.grid.first_open()
        if row >= 0:
            self.grid.cells.close()
            self.grid.open_cell(row)

    def _line(self) -> SheetLine | None:
        """The meter of the current row."""
        rows, row = self.grid.lines.rows, self.grid.row
        return rows[row] if 0 <= row < len(rows) else None

    def _typed(self) -> Typed | None:
        line = self._line()
        return self.grid.lines.typed.get(line.meter_id) if line is not None else None

    def _stood(self) -> None:
        """Another row is current: its meter at length."""
        self.meter.show_line(self._line())

    def _estimate(self) -> None:
        """The reading of the row is an estimate, or it is none after all."""
        typed = self._typed()
        if typed is not None:
            typed.estimate, typed.refused = not typed.estimate, ""
            self.grid.lines.touched(self.grid.row)

    def _roll(self) -> None:
        """The register of the row's meter wrapped, or it did not after all."""
        typed = self._typed()
        if typed is not None:
            typed.rollover, typed.refused = not typed.rollover, ""
            self.grid.lines.touched(self.grid.row)

    def change_meter(self) -> ChangeMeter | None:
        """The dialog for a new meter of the current row, while the month is not read."""
        line = self._line()
        if line is None or not self.may:
            return None
        if line.this is not None or line.last is None:
            self.message.say("info", f"{line.house} 的表现在不能记换表。", "本月还没有读数、之前有过读数的表才能。")
            return None
        self.grid.cells.close()
        dialog = ChangeMeter(self, line)
        dialog.landed.connect(self.landed)
        return dialog

    def confirm_odd(self) -> ConfirmOdd | None:
        """The dialog for why the odd reading of the current row is right."""
        line, typed = self._line(), self._typed()
        mark = judge(line, typed) if line is not None else None
        if line is None or typed is None or mark is None or not (mark.level == "warn" or typed.reason):
            self.message.say("info", "这一户没有要确认的异常读数。")
            return None
        self.grid.cells.close()
        row = self.grid.row

        def take(reason: str) -> None:
            typed.reason = reason
            self.grid.lines.touched(row)
            self.grid.setFocus()

        return ConfirmOdd(self, line, mark.word, typed.reason, take)

    def correct(self) -> CorrectReading | None:
        """The dialog for a saved reading of the month that was mistyped."""
        line = self._line()
        if line is None or not self.may:
            return None
        if line.this is None:
            self.message.say("info", f"{line.house} 本月还没有保存的读数。", "还没有保存的，直接在格子里改。")
            return None
        dialog = CorrectReading(self, line, line.this)
        dialog.landed.connect(self.landed)
        return dialog

    # ---- saving --------------------------------------------------------------------------------------------------

    def _ready(self) -> list[tuple[SheetLine, Typed]]:
        """What can be saved: wherever it stands, each as it is now."""
        typed = self.grid.lines.typed
        lines = [line for line in (self._sheet.lines if self._sheet else ()) if line.meter_id in typed]
        for line in lines:
            typed[line.meter_id].refused = ""
        return [
            (line, Typed(one.text, one.estimate, one.rollover, reason=one.reason))
            for line in lines
            if not judge(line, one := typed[line.meter_id]).blocks
        ]

    def save(self) -> None:
        """Write every typed reading that is not wrong, each by itself: one that is refused holds up no other."""
        if not self._turn():
            return
        if not self.dirty:
            self.message.say("info", "没有要保存的读数。")
            return
        ready, day, seat = self._ready(), self._day, self.seat
        if not ready:
            self.message.say("danger", "输入的读数都有错，没有保存。", "请先改正标红的读数。")
            return

        def write(progress: Progress) -> Saved:
            return _write(seat, day, ready, progress)

        self.saving.setEnabled(False)
        self.run(
            write,
            topic=self._saving,
            done=self._saved,
            failed=self._failed,
            writes=True,
            what=f"保存 {len(ready)} 户读数",
        )

    def finish_round(self) -> None:
        """完成本批: nothing may be wrong any more; what is typed is saved, and what is left is said."""
        lines, typed = self._scope(), self.grid.lines.typed
        wrong = next((line for line in lines if judge(line, typed.get(line.meter_id)).blocks), None)
        if wrong is not None:
            self._wanted_house = wrong.house
            self._find()
            self.message.say("danger", f"{wrong.house} 的读数有错，本批还不能完成。", "请先改正标红的读数。")
            return
        self._finishing = True
        if self.dirty:
            self.save()
        else:
            self._tell_round()

    def _tell_round(self) -> None:
        """How far the round is: what was read, estimated, and is left."""
        self._finishing = False
        lines = self._scope()
        read = [line for line in lines if line.this is not None]
        guessed = sum(line.this is not None and line.this.kind == "estimate" for line in lines)
        left = [line for line in lines if line.this is None]
        said = f"本批 {len(lines)} 块表：已抄 {len(read)} 块" + (f"，其中估抄 {guessed} 块" if guessed else "")
        if left:
            where = "、".join(line.house for line in left[:4]) + ("等" if len(left) > 4 else "")
            offers = (("到没抄的那一块", self.go_open), ("做抄表单…", self.take_round))
            self.message.say("warn", f"{said}，还有 {len(left)} 块没抄。", f"{where}。没抄的出账时会列出来。", offers)
        else:
            go = (("去出账", lambda: self.wanted.emit("billing", None)),) if self.finds("billing") else ()
            self.message.say("ok", f"{said}，全部抄完。", "", go)

    def _saved(self, done: Saved) -> None:
        self.saving.setEnabled(True)
        count, refused = done
        for meter, why in refused.items():
            if meter in self.grid.lines.typed:
                self.grid.lines.typed[meter].refused = why
        if refused:
            self.message.say(
                "danger", f"{len(refused)} 户没有保存：{next(iter(refused.values()))}", "输入的读数都还在。"
            )
        else:
            self.message.clear()
        if count:
            self.said.emit(f"已保存 {count} 户读数。")
        self._finishing = self._finishing and not refused
        self._count()
        self.reload()

    def _failed(self, error: Exception) -> None:
        """Whatever went wrong, what was typed stays; the sheet tells which readings were saved before it."""
        self.saving.setEnabled(True)
        self.message.tell(error)
        self.reload()


def _same(typed: str, value: int) -> bool:
    try:
        return Quantity.parse(typed).units == value
    except Problem:
        return False


def _write(seat: Seat, day: date, ready: list[tuple[SheetLine, Typed]], progress: Progress) -> Saved:
    saved, refused = 0, {}
    for at, (line, one) in enumerate(ready):
        progress.step(at, len(ready))
        try:
            readings.add(
                seat, line.house, line.meter, one.text, day,
                rollover=one.rollover, estimate=one.estimate, reason=one.reason or None,
            )  # fmt: skip
            saved += 1
        except Refused as why:
            refused[line.meter_id] = why.problem.text
    return saved, refused
