"""Pictures of what stands around the work: workbench, alerts, users, audit, backups, settings, states, floats."""

from __future__ import annotations

from app.services.progress import Progress
from tools.picture_book.hands import Hands, NotThere, Scene, Shot, Step, on, part, press, until
from tools.picture_book.office import ACCOUNTANT, ADMINISTRATOR, AUDITOR, DESK, ENGINEER, MANAGER, OWING
from ui.forms.confirm import Confirm
from ui.forms.form import _Leaving
from ui.key_list import KeyList
from ui.pages.accept_clock import AcceptClock
from ui.pages.chain_part import ChainPart
from ui.pages.letter_versions import TwoVersions
from ui.pages.office import OfficePage
from ui.pages.page import Page
from ui.pages.recovery_dialog import CheckRecovery
from ui.pages.settings_fields import GROUPS
from ui.pages.trail import TrailPage
from ui.pages.user_dialogs import AddUser, ChangeRoles, OwnPassword, ResetPassword
from ui.pages.workbench import Deciding, Todo, WorkbenchPage
from ui.printers import OTHER, PrintJob


def user(login: str) -> Step:
    """A user's row."""

    def choose(page: TrailPage) -> None:
        page.staff.table.selectRow([row.login for row in page.staff.rows].index(login))

    return on(TrailPage, choose)


def group(place: int) -> Step:
    """A group of settings."""
    return on(OfficePage, lambda page: page.settings.tabs.go(place))


def checked(page: TrailPage) -> None:
    """The chain as it was just checked."""
    assert isinstance(page.part, ChainPart)
    page.part.check()


def made(page: OfficePage) -> None:
    """A backup made now."""
    page.backups.make()


def ask_restore(page: OfficePage) -> None:
    """The question before a restore of the newest backup."""
    page.backups.files.selectRow(0)
    page.backups.restore()


def ask_removal(page: OfficePage) -> None:
    """The question before a destination goes."""
    page.backups.places.selectRow(0)
    page.backups.remove_place()


def compare(page: OfficePage) -> None:
    """Two versions of a letter, as when two people changed it."""
    words = page.letters.edit.toPlainText()
    TwoVersions(page.area, "催缴函", words, words.replace("您", "贵户"))


def decide(page: WorkbenchPage) -> None:
    """The question about the request that waits."""
    todo = next(one for one in page.findChildren(Todo) if one.verb == "审批")
    todo.pressed.emit()


def own_password(hands: Hands) -> None:
    """A user's own password."""
    next(one for one in hands.shell.actions_of_window if one.text() == "改密码").trigger()


def key_list(hands: Hands) -> None:
    """F1."""
    hands.shell.show_keys()


def bell(hands: Hands) -> None:
    """The bell's panel."""
    hands.shell.topbar.bell.click()


def no_bell(hands: Hands) -> None:
    """The bell's panel away again."""
    hands.shell.bell.hide()


def palette(hands: Hands) -> None:
    """The search, with the sidebar's letters."""
    hands.shell.show_letters(True)
    hands.shell.palette_box.open_palette()


def wanted(text: str, title: str) -> Step:
    """What the search finds."""

    def step(hands: Hands) -> None:
        box = hands.shell.palette_box
        box.open_palette()
        box.box.setText(text)
        box.box.textEdited.emit(text)
        until(lambda: any(title in one for one in box.titles))

    return step


def no_palette(hands: Hands) -> None:
    """The search away again."""
    hands.shell.palette_box.close_palette()
    hands.shell.show_letters(False)


def said(level: str) -> Step:
    """A sentence above the page."""

    def step(page: Page) -> None:
        page.message.say(level, "2026-07 没有商铺的物业费标准，本次不收。", "为它设标准后可以补出。")

    return on(Page, step)


def states(hands: Hands) -> None:
    """An import that failed, a job that runs, what can be undone, a printer that is silent."""
    page, shell = hands.page, hands.shell
    page.message.say(
        "danger",
        "导入没有完成，什么都没有写入。",
        "“住户.xlsx”的工作表“住户”第 38 行“手机”列：应为 11 位数字，现在是“1380000093”。另有 6 行类似问题。",
        [("查看这 7 行", page.message.clear), ("导出问题行", page.message.clear)],
    )
    progress = Progress("生成账单")
    progress.step(412, 1245)
    shell.statusbar.begin(progress)
    shell.toasts.progress(progress)
    shell.toasts.undo("已把 冯草稿 移出 3-2-1401", lambda: None)
    shell.toasts.say("打印机没有响应。收款已记账（S2026-00000087），没有丢。", "warn", "重打", lambda: None)


def no_states(hands: Hands) -> None:
    """All of them away again."""
    for toast in list(hands.shell.toasts.shown):
        toast.end()
    for progress in list(hands.shell.statusbar.running):
        hands.shell.statusbar.end(progress)


def leaving(page: Page) -> None:
    """The question about what is not saved."""
    _Leaving(page.area)


def paper(name: str) -> Step:
    """A paper in the preview."""

    def step(hands: Hands) -> None:
        out = hands.page.seat.store.paths.out
        found = sorted(out.glob(name))
        if not found:
            raise NotThere(f"没有 {name}")
        hands.shell.go("print", PrintJob(found[-1], OTHER))

    return step


def question(page: Page) -> None:
    """A question before what cannot be undone."""
    body = "3-2-1102 王样例，现金 789.21 元。会写入一笔相反的账，8 笔费用重新变为未收。原收据号保留并注明“已红冲”。"
    Confirm(page.area, "红冲收据 S2026-00000087？", body, "红冲 789.21 元", "不红冲")


def lock(hands: Hands) -> None:
    """The cover."""
    hands.window.lock()


WORKBENCH = Scene(
    MANAGER,
    "workbench",
    (
        Shot("workbench"),
        Shot("workbench-decide", (on(WorkbenchPage, decide),), (Deciding,)),
        Shot("clock", (on(WorkbenchPage, AcceptClock),), (AcceptClock,)),
        Shot("own-password", (own_password,), (OwnPassword,)),
        Shot("keys", (key_list,), (KeyList,)),
        Shot("leaving", (on(Page, leaving),), (_Leaving,)),
        Shot("confirm", (on(Page, question),), (Confirm,)),
        *(Shot(f"message-{level}", (said(level),)) for level in ("info", "ok", "warn")),
        Shot("states", (states,)),
        Shot("bell", (no_states, bell)),
        Shot("search", (no_bell, palette)),
        Shot("search-found", (wanted(OWING, OWING),)),
        Shot("search-commands", (wanted(">", "按键"),)),
    ),
    large=True,
)
ALERTS = Scene(MANAGER, "alerts", (Shot("alerts", (no_palette,)),))
PRINT = Scene(
    MANAGER,
    "print",
    (
        Shot("print-bills", (paper("bills-*.pdf"),)),
        Shot("print-letters", (paper("催缴-*.pdf"),)),
        Shot("print-receipt", (paper("S20*.pdf"),)),
    ),
)
STAFF = Scene(
    MANAGER,
    "trail",
    (
        Shot("staff", (part(0), user(AUDITOR))),
        Shot("user-add", (press("新建用户"),), (AddUser,)),
        Shot("user-roles", (user(AUDITOR), press("改角色")), (ChangeRoles,)),
        Shot("user-password", (user(AUDITOR), press("重设密码")), (ResetPassword,)),
        Shot("user-off", (user(AUDITOR), press("停用")), (Confirm,)),
        Shot("rights", (part(1),)),
        Shot("trail", (part(2),)),
        Shot("chain", (part(3),)),
        Shot("chain-checked", (on(TrailPage, checked),)),
    ),
)
OFFICE = Scene(
    MANAGER,
    "office",
    (
        Shot("backups", (part(0),)),
        Shot("backups-made", (on(OfficePage, made),)),
        Shot("backups-restore", (on(OfficePage, ask_restore),), (Confirm,)),
        Shot("backups-remove", (on(OfficePage, ask_removal),), (Confirm,)),
        Shot("backups-recovery", (press("测试恢复密钥"),), (CheckRecovery,)),
        *(Shot(f"settings-{place + 1}", (part(1), group(place))) for place in range(len(GROUPS))),
        Shot("letters", (part(2),)),
        Shot("letters-reset", (on(OfficePage, lambda page: page.letters.ask_reset()),), (Confirm,)),
        Shot("letters-two", (on(OfficePage, compare),), (TwoVersions,)),
    ),
)
OFFICE_ADMINISTRATOR = Scene(ADMINISTRATOR, "office", (Shot("backups-administrator"),))
WORKBENCHES = tuple(
    Scene(login, "workbench", (Shot(f"workbench-{name}"),))
    for login, name in ((ACCOUNTANT, "accountant"), (DESK, "desk"), (ENGINEER, "engineer"), (AUDITOR, "auditor"))
)
LOCK = Scene(MANAGER, "houses", (Shot("lock", (lock,)),))
SCENES = (WORKBENCH, ALERTS, PRINT, STAFF, OFFICE, OFFICE_ADMINISTRATOR, *WORKBENCHES, LOCK)
