"""Pictures of the window for eyes: tools/pictures.py DIR lets a sample estate live two months and saves each page,
light and dark, at two window sizes; at 150 % what must still fit there.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtWidgets import QApplication

from app.cli import run
from app.domain.quantity import QUANTITY_SCALE, Quantity
from app.sample.staff import PASSWORD
from app.services import entrance, house_file, users
from app.services.house_list import HouseRow
from app.services.progress import Progress
from app.services.store import Cost
from ui.forms.confirm import Confirm, Overlay
from ui.opening import Opening
from ui.pages.chain_part import ChainPart
from ui.pages.counter import CounterPage
from ui.pages.dunning import LADDER, LETTER, LIST, OWED, DunningPage
from ui.pages.house_files import HouseFiles
from ui.pages.house_forms import ChangeHouse, ChangeState, EditHouses, MakeHouses, NewHouse
from ui.pages.house_moves import Renumber, ReplaceHouses
from ui.pages.houses import HousesPage
from ui.pages.office import OfficePage
from ui.pages.parted_page import PartedPage
from ui.pages.permit_dialogs import GivePermit
from ui.pages.readings import ReadingsPage
from ui.pages.settings_fields import GROUPS
from ui.pages.settings_part import SettingsPart
from ui.pages.trail import TrailPage
from ui.recent import Recent
from ui.remembered import Remembered
from ui.shell import Shell
from ui.theme import Mode, look
from ui.window import Window

QUICK = Cost(47104, 1, 1)
SIZES = (QSize(1366, 768), QSize(1920, 1080))
OWING = "3-2-0201"
ADMINISTRATOR = "何管理"
USERS = {
    "李收费": "cashier",
    "王经理": "manager",
    "孙工程": "engineer",
    "郑审计": "auditor",
    ADMINISTRATOR: "administrator",
}


def until(condition: Callable[[], bool]) -> None:
    """Let the window work until something holds."""
    while not condition():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def settle(window: Window) -> None:
    """Let everything that was asked be answered and painted."""
    until(lambda: not window.runner.busy)
    QApplication.processEvents()
    QApplication.processEvents()


class Photographer:
    """Saves what a window shows under a name, the theme and the size."""

    def __init__(self, target: Path) -> None:
        self._target = target
        target.mkdir(parents=True, exist_ok=True)
        self.size = SIZES[0]

    def take(self, window: Window, name: str) -> None:
        settle(window)
        scale = "" if look().scale == 100 else f"-{look().scale}"
        file = self._target / f"{name}-{look().theme}-{self.size.width()}{scale}.png"
        window.grab().save(str(file))
        print(file.name)


def sample(folder: Path) -> Path:
    """An office with two months of life in it."""
    with redirect_stdout(io.StringIO()):
        status = run(["demo", "--data", str(folder), "--households", "60", "--months", "2"], cost=QUICK)
    if status:
        raise SystemExit(status)
    seat = entrance.open_office(folder, "王经理", PASSWORD, cost=QUICK)
    users.add(seat, ADMINISTRATOR, ("administrator",), PASSWORD, cost=QUICK)
    seat.close()
    return folder


def a_window(config: Path, size: QSize) -> Window:
    window = Window(config, Opening(cost=QUICK))
    window.resize(size)
    window.show()
    return window


def _gone(window: Window) -> bool:
    return window.gone


def log_in(window: Window, login: str) -> Shell:
    window.login.user.setText(login)
    window.login.password.setText(PASSWORD)
    window.login.submit()
    until(lambda: window.shell is not None)
    assert window.shell is not None
    return window.shell


def the_login(camera: Photographer, config: Path, office: Path) -> None:
    window = a_window(config / "new", camera.size)
    camera.take(window, "login-first")
    window.recent.opened(office, "样例花园")
    window.login.show_office(Recent(office, "样例花园"))
    window.login.user.setText("李收费")
    window.login.password.setText("wrong password")
    camera.take(window, "login")
    for _ in range(4):
        window.login.submit()
        settle(window)
    window.login.password.caps.emit(True)
    camera.take(window, "login-wrong")
    window.close()
    (office / "office.attempts").unlink(missing_ok=True)


def the_pages(camera: Photographer, config: Path, office: Path) -> None:
    for login, name in USERS.items():
        window = a_window(config, camera.size)
        window.login.show_office(Recent(office, "样例花园"))
        shell = log_in(window, login)
        window.resize(camera.size)
        for page in shell.keys:
            shell.go(page)
            camera.take(window, f"{name}-{page}")
            if isinstance(shell.page, PartedPage):
                the_parts(camera, window, shell.page, f"{name}-{page}")
        if name == "cashier":
            the_counter(camera, window, shell)
        if name == "manager":
            the_dunning(camera, window, shell)
            the_readings(camera, window, shell)
            the_houses(camera, window, shell)
        shell.go("workbench")
        if name == "manager":
            the_dialogs(camera, window, shell)
            the_floats(camera, window, shell)
        window.close()
        until(partial(_gone, window))


def the_houses(camera: Photographer, window: Window, shell: Shell) -> None:
    """What is done with a house by hand."""
    shell.go("houses")
    page = shell.page
    assert isinstance(page, HousesPage)
    until(lambda: isinstance(page.row, HouseRow))
    row = page.row
    found = house_file.show(page.seat, row.number)
    opened: dict[str, Callable[[], Overlay]] = {
        "new": lambda: NewHouse(page),
        "batch": lambda: MakeHouses(page),
        "change": lambda: ChangeHouse(page, found),
        "state": lambda: ChangeState(page, row.number, row.state),
        "edit": lambda: EditHouses(page, [1, 2]),
        "renumber": lambda: Renumber(page, row.number),
        "split": lambda: ReplaceHouses(page, row.number),
        "permit": lambda: GivePermit(page, row.number),
        "files": lambda: HouseFiles(page, row.number),
    }
    for name, made in opened.items():
        over = made()
        camera.take(window, f"house-{name}")
        over.finish()
    for place in range(4):
        page.panel.tabs.go(place)
        camera.take(window, f"house-tab-{place + 1}")


def the_parts(camera: Photographer, window: Window, page: PartedPage, name: str) -> None:
    for place in range(1, len(page.parts)):
        page.go(place)
        camera.take(window, f"{name}-{place + 1}")
        if isinstance(page.part, SettingsPart):
            for group in range(1, len(GROUPS)):
                page.part.tabs.go(group)
                camera.take(window, f"{name}-{place + 1}-{group + 1}")
        if isinstance(page.part, ChainPart):
            page.part.check()
            camera.take(window, f"{name}-{place + 1}-checked")
    page.go(0)


def the_dialogs(camera: Photographer, window: Window, shell: Shell) -> None:
    shell.go("trail")
    page = shell.page
    assert isinstance(page, TrailPage)
    settle(window)
    page.staff.table.selectRow([row.login for row in page.staff.rows].index("郑审计"))
    offered = {"add": page.staff.add, "password": page.staff.reset, "roles": page.staff.change_roles}
    for name, offer in offered.items():
        made = offer()
        assert made is not None
        camera.take(window, f"user-{name}")
        made.finish()
    shell.go("office")
    office = shell.page
    assert isinstance(office, OfficePage)
    office.backups.make()
    camera.take(window, "backup-made")
    office.backups.files.selectRow(0)
    asked = office.backups.restore()
    camera.take(window, "backup-restore")
    assert asked is not None
    asked.finish()
    office.message.clear()


def the_counter(camera: Photographer, window: Window, shell: Shell) -> None:
    shell.go("counter")
    page = shell.page
    assert isinstance(page, CounterPage)
    page.search.setText(OWING)
    page.search.returnPressed.emit()
    settle(window)
    page.till.received.setText("2000")
    camera.take(window, "cashier-counter-house")
    page.till.received.clear()


def the_dunning(camera: Photographer, window: Window, shell: Shell) -> None:
    """A card of the ladder with the paper of its house, then the same rows as a list."""
    shell.go("dunning")
    page = shell.page
    assert isinstance(page, DunningPage)
    settle(window)
    page.step(1)
    page.board.setFocus()
    page.panel.tabs.go(LETTER)
    camera.take(window, "manager-dunning-letter")
    page.panel.tabs.go(OWED)
    page.go_front(LIST)
    camera.take(window, "manager-dunning-list")
    page.go_front(LADDER)


def the_readings(camera: Photographer, window: Window, shell: Shell) -> None:
    """Readings as they are judged, a change of meter, the reason for an odd one; nothing is saved."""
    shell.go("readings")
    page = shell.page
    assert isinstance(page, ReadingsPage)
    settle(window)
    for row, more in enumerate((12, -5, 90)):
        last = page.grid.lines.rows[row].last
        page.grid.lines.put(row, Quantity(last.value + more * QUANTITY_SCALE).show() if last else "")
    page.grid.go_row(2)
    camera.take(window, "manager-readings-typed")
    for name, ask in (("change", page.change_meter), ("odd", page.confirm_odd)):
        dialog = ask()
        if dialog is not None:
            camera.take(window, f"manager-readings-{name}")
            dialog.finish()
    page.grid.lines.typed.clear()


def the_floats(camera: Photographer, window: Window, shell: Shell) -> None:
    shell.topbar.bell.click()
    camera.take(window, "bell")
    shell.bell.hide()
    shell.show_letters(True)
    shell.palette_box.open_palette()
    camera.take(window, "search")
    shell.palette_box.box.setText(OWING)
    shell.palette_box.box.textEdited.emit(OWING)
    until(lambda: OWING in shell.palette_box.titles)
    camera.take(window, "search-found")
    shell.palette_box.close_palette()
    shell.show_letters(False)
    the_states(camera, window, shell)
    window.lock()
    camera.take(window, "lock")


def the_states(camera: Photographer, window: Window, shell: Shell) -> None:
    page = shell.page
    assert page is not None
    page.message.say(
        "danger",
        "导入没有完成，什么都没有写入。",
        "“住户.xlsx”的工作表“住户”第 38 行“手机”列：应为 11 位数字，现在是“1380000093”。另有 6 行类似问题。",
        [("查看这 7 行", page.message.clear), ("导出问题行", page.message.clear)],
    )
    progress = Progress("生成账单")
    progress.step(412, 1245)
    shell.statusbar.begin(progress)
    toasts = [
        shell.toasts.progress(progress),
        shell.toasts.undo("已把 冯草稿 移出 3-2-1401", lambda: None),
        shell.toasts.say("打印机没有响应。收款已记账（S2026-00000087），没有丢。", "warn", "重打", lambda: None),
    ]
    camera.take(window, "states")
    for level in ("info", "ok", "warn"):
        page.message.say(level, "2026-07 没有商铺的物业费标准，本次不收。", "为它设标准后可以补出。")
        camera.take(window, f"message-{level}")
    page.message.clear()
    for toast in toasts:
        toast.end()
    shell.statusbar.end(progress)
    body = "3-2-1102 王样例，现金 789.21 元。会写入一笔相反的账，8 笔费用重新变为未收。原收据号保留并注明“已红冲”。"
    asked = Confirm(shell, "红冲收据 S2026-00000087？", body, "红冲 789.21 元", "不红冲")
    camera.take(window, "confirm")
    asked.finish()


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: tools/pictures.py DIR")
    application = QApplication(sys.argv[:1])
    camera = Photographer(Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        office = sample(Path(folder) / "office")
        for theme in (Mode.LIGHT, Mode.DARK):
            for size in SIZES:
                shoot(camera, Path(folder) / f"config-{theme}-{size.width()}", office, theme, size, 100)
        shoot(camera, Path(folder) / "config-large", office, Mode.LIGHT, SIZES[0], 150)
    application.processEvents()


def shoot(camera: Photographer, config: Path, office: Path, theme: Mode, size: QSize, scale: int) -> None:
    for place in (config, config / "new"):
        Remembered(place).keep_look(theme, scale)
    camera.size = size
    look().set(theme, scale)
    the_login(camera, config, office)
    the_pages(camera, config, office)


if __name__ == "__main__":
    main()
