"""The form kit: judged on leaving, live once wrong, nothing typed is lost; safe answers; messages and toasts."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.money import parse_yuan
from app.domain.problem import problem
from app.services.progress import Progress
from app.services.refused import Refused
from tests.ui.hands import press, show, type_in
from ui.forms.confirm import Confirm, Overlay
from ui.forms.edits import DayEdit, NumberEdit
from ui.forms.field import Field, Kind
from ui.forms.form import Form
from ui.forms.hint_button import HintButton
from ui.forms.message_bar import MessageBar
from ui.forms.password_edit import PasswordEdit
from ui.forms.segments import chip
from ui.forms.tier_grid import TierGrid
from ui.forms.toast import Toasts
from ui.pages.price_fields import fields_of

TODAY = date(2026, 7, 6)


def _digits(text: str) -> str:
    if not text.isdecimal():
        raise problem("phone.format", "手机号应为 11 位数字。", "请核对。")
    return text


FIELDS = (
    Field("name", "姓名"),
    Field("phone", "手机", _digits),
    Field("amount", "金额", parse_yuan, optional=True, kind=Kind.NUMBER, unit="元"),
    Field("since", "入住日", optional=True, kind=Kind.DAY),
    Field("sex", "性别", optional=True, choices=(("m", "男"), ("f", "女"))),
)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(FIELDS, lambda: TODAY, columns=2)
    qtbot.addWidget(made)
    show(qtbot, made)
    return made


def _edit(form: Form, key: str) -> QLineEdit:
    edit = form.boxes[key].edit
    assert isinstance(edit, QLineEdit)
    return edit


def test_a_field_is_judged_when_it_is_left_and_live_once_wrong(form: Form) -> None:
    phone = _edit(form, "phone")
    phone.setFocus()
    type_in(phone, "138a")
    assert form.boxes["phone"].problem is None
    press(phone, Qt.Key.Key_Tab)
    assert form.boxes["phone"].problem is not None
    assert form.foot == "1 处需要修改"
    phone.setFocus()
    press(phone, Qt.Key.Key_Backspace)
    assert form.boxes["phone"].problem is None
    assert form.foot == ""


def test_saving_explains_and_clears_nothing(qtbot: QtBot, form: Form) -> None:
    type_in(_edit(form, "phone"), "abc")
    with qtbot.assertNotEmitted(form.save):
        form.submit()
    assert form.foot == "2 处需要修改"
    assert _edit(form, "name").hasFocus()
    assert form.typed["phone"] == "abc"


def test_ctrl_s_sends_the_values(qtbot: QtBot, form: Form) -> None:
    type_in(_edit(form, "name"), "王样例")
    type_in(_edit(form, "phone"), "13800000102")
    type_in(_edit(form, "amount"), "1234。50")
    assert form.dirty
    with qtbot.waitSignal(form.save) as saved:
        press(_edit(form, "amount"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert saved.args == [
        {"name": "王样例", "phone": "13800000102", "amount": 123450, "since": None, "sex": None},
    ]
    form.saved()
    assert not form.dirty


def test_the_choice_that_stands_for_no_limit_is_read_and_chips_fill_their_rows(qtbot: QtBot) -> None:
    words = [("", "全部"), *((f"v{n}", f"项目{n}") for n in range(5))]
    fields = (
        Field("item", "哪个项目", optional=True, choices=words),
        Field(
            "several",
            "标签",
            str,
            optional=True,
            kind=Kind.SEVERAL,
            choices=[(f"c{n}", "标签") for n in range(14)],
        ),
    )
    made = Form(fields, lambda: TODAY)
    qtbot.addWidget(made)
    made.fill({"item": "", "several": "c13"})
    made.resize(640, 300)
    show(qtbot, made)
    combo = made.boxes["item"].edit
    assert isinstance(combo, QComboBox)
    assert (combo.currentText(), combo.count()) == ("全部", 6)
    chips = made.boxes["several"].edit.findChildren(QToolButton)
    rows = [chip.y() for chip in chips]
    assert rows.count(rows[0]) > 5 >= rows.count(rows[-1]) > 0
    assert max(chip.geometry().right() for chip in chips) <= 640
    assert made.typed == {"item": "", "several": "c13"}


def test_a_refusal_lands_at_its_field_or_above(form: Form) -> None:
    form.fill({"name": "王样例", "phone": "138"})
    form.refused(Refused(problem("known", "这个手机已经登记过。"), "phone"))
    assert form.boxes["phone"].problem is not None
    assert _edit(form, "phone").hasFocus()
    form.refused(Refused(problem("full", "磁盘已满。", "请清理。")))
    assert (form.message.said.text(), form.message.hint.text()) == ("磁盘已满。", "请清理。")
    assert form.typed["name"] == "王样例"
    # The next saving stops at a field: what was said of the values before is gone.
    form.boxes["phone"].put("x")
    form.submit()
    assert form.boxes["phone"].problem is not None
    assert form.message.isHidden()


def test_tiers_that_do_not_join_are_said_once_a_cell_is_left(qtbot: QtBot) -> None:
    made = Form([next(each for each in fields_of("meter") if each.key == "tiers")], lambda: TODAY)
    qtbot.addWidget(made)
    show(qtbot, made)
    box = made.boxes["tiers"]
    box.put("180=3.5，260=5，以上=8")
    assert isinstance(box.edit, TierGrid)
    bound = box.edit.rows[0][0]
    qtbot.waitUntil(bound.isVisible)
    bound.setFocus()
    bound.selectAll()
    type_in(bound, "300")
    press(bound, Qt.Key.Key_Tab)
    assert box.problem is not None
    assert "逐档增大" in box.problem.text


def test_a_long_text_shows_its_beginning(form: Form) -> None:
    form.fill({"name": "备有茶点和血压测量，行动不便的可以电话说一声。", "phone": "139"})
    assert (_edit(form, "name").cursorPosition(), _edit(form, "phone").cursorPosition()) == (0, 3)


def test_enter_goes_on_and_never_saves(qtbot: QtBot, form: Form) -> None:
    _edit(form, "name").setFocus()
    with qtbot.assertNotEmitted(form.save):
        press(_edit(form, "name"), Qt.Key.Key_Return)
    assert _edit(form, "phone").hasFocus()


def test_leaving_asks_only_when_something_was_typed(qtbot: QtBot, form: Form) -> None:
    left: list[str] = []
    form.leave(form, lambda: left.append("clean"))
    assert left == ["clean"]
    type_in(_edit(form, "name"), "王")
    form.leave(form, lambda: left.append("dirty"))
    asked = form.findChildren(QWidget, "leaving")[0]
    press(asked, Qt.Key.Key_Escape)
    assert left == ["clean"]
    assert form.typed["name"] == "王"


def test_numbers_understand_full_width(qtbot: QtBot) -> None:
    edit = NumberEdit()
    qtbot.addWidget(edit)
    type_in(edit, "１２。５")
    assert edit.text() == "12.5"
    assert not edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


@pytest.mark.parametrize("typed", ["0706", "7-6", "2026.7.6", "7。6"])
def test_days_are_written_out_when_left(qtbot: QtBot, typed: str) -> None:
    both = QWidget()
    qtbot.addWidget(both)
    edit, other = DayEdit(lambda: TODAY), QLineEdit(both)
    edit.setParent(both)
    show(qtbot, both)
    edit.setFocus()
    type_in(edit, typed)
    other.setFocus()
    assert edit.text() == "2026-07-06"


def test_arrows_change_a_day(qtbot: QtBot) -> None:
    edit = DayEdit(lambda: TODAY)
    qtbot.addWidget(edit)
    press(edit, Qt.Key.Key_Up)
    assert edit.text() == "2026-07-06"
    press(edit, Qt.Key.Key_Down)
    press(edit, Qt.Key.Key_Down)
    assert edit.text() == "2026-07-04"


def test_the_password_tells_of_caps_lock(qtbot: QtBot) -> None:
    edit = PasswordEdit()
    qtbot.addWidget(edit)
    with qtbot.waitSignal(edit.caps) as said:
        press(edit, "A", Qt.KeyboardModifier.NoModifier)
    assert said.args == [True]


def test_a_button_shows_its_actions_keys(qtbot: QtBot) -> None:
    action = QAction("收款")
    action.setShortcut("F12")
    button = HintButton("", action)
    qtbot.addWidget(button)
    assert (button.text(), button.hint) == ("收款", "F12")
    narrow = button.sizeHint().width()
    action.setShortcut("Ctrl+Return")
    assert button.hint == "Ctrl+Enter"
    assert button.sizeHint().width() > narrow
    with qtbot.waitSignal(action.triggered):
        button.click()


def test_the_safe_answer_has_the_focus(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(800, 600)
    show(qtbot, area)
    asked = Confirm(area, "红冲收据 S2026-00000087？", "会写入一笔相反的账。", "红冲 789.21 元", "不红冲")
    assert asked.keep.hasFocus()
    assert asked.keep.hint == "Esc"
    with qtbot.waitSignal(asked.answered) as said:
        press(asked, Qt.Key.Key_Return)
    assert said.args == [False]


def test_in_a_low_window_the_fields_scroll_and_the_buttons_stay(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(800, 900)
    show(qtbot, area)
    over = Overlay(area)
    form = Form([Field(f"f{at}", f"第 {at} 项") for at in range(9)], lambda: TODAY, verb="保存", apart=True)
    over.body.addWidget(form)
    over.foot.addWidget(form.bottom)
    over.show()
    form.boxes["f0"].setFocus()

    def inside(widget: QWidget) -> bool:
        shown = widget.visibleRegion().boundingRect()
        return bool(shown.size() == widget.size())

    last = form.boxes["f8"].edit
    qtbot.waitUntil(lambda: inside(last))
    area.resize(800, 360)
    qtbot.waitUntil(lambda: not inside(last))
    assert inside(form.bottom)
    assert over.card.geometry().bottom() < over.height()
    for at in range(8):
        form.boxes[f"f{at}"].put("有")
    form.submit()
    assert last.hasFocus()
    qtbot.waitUntil(lambda: inside(last))
    assert inside(form.bottom)


def test_a_chip_has_room_for_its_semibold(qtbot: QtBot) -> None:
    plain = chip("S2026-00000212 物业费 到 2027-04-30")
    qtbot.addWidget(plain)
    bold = plain.font()
    bold.setBold(True)
    at_least = QToolButton.sizeHint(plain).width() - plain.fontMetrics().horizontalAdvance(plain.text())
    assert plain.sizeHint().width() >= at_least + QFontMetrics(bold).horizontalAdvance(plain.text())


def test_a_large_effect_needs_its_number_typed(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(800, 600)
    show(qtbot, area)
    asked = Confirm(area, "恢复备份？", "现在的数据会被换掉。", "恢复", "不恢复", count=1245, count_label="房屋数")
    with qtbot.assertNotEmitted(asked.answered):
        asked.act.click()
    type_in(asked.typed, "1245")
    with qtbot.waitSignal(asked.answered) as said:
        asked.act.click()
    assert said.args == [True]


def test_a_message_offers_what_to_do(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    done: list[int] = []
    bar.say("danger", "导入没有完成，什么都没有写入。", "第 38 行“手机”列。", [("查看这 7 行", lambda: done.append(1))])
    bar.findChild(HintButton).click()
    assert done == [1]
    bar.say("info", "好")
    assert bar.hint.isHidden()
    bar.clear()
    assert bar.isHidden()


def test_toasts_take_back_and_cancel(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(900, 600)
    show(qtbot, area)
    toasts = Toasts(area)
    back: list[int] = []
    toast = toasts.undo("已把 冯草稿 移出 3-2-1401", lambda: back.append(1))
    toast.findChild(HintButton).click()
    assert back == [1]
    assert toasts.shown == []
    progress = Progress("正在生成账单")
    running = toasts.progress(progress)
    running.findChild(HintButton).click()
    assert progress.cancelled
    running.end()
    assert toasts.shown == []
