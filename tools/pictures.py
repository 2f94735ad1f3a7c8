"""Pictures of the window for eyes: tools/pictures.py DIR lets a sample estate live two months and saves every page,
view and dialog, light and dark, at two window sizes; at 150 % what must still fit there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from tools.picture_book import before
from tools.picture_book.book import LARGE, SCENES, WALKS
from tools.picture_book.hands import SIZES, Hands, NotThere, Scene, settle, take_shot
from tools.picture_book.office import ESTATE, sample
from ui.pages.parted_page import PartedPage
from ui.recent import Recent
from ui.remembered import Remembered
from ui.theme import Mode, look
from ui.window import Window


def _picture(window: Window) -> QPixmap:
    """What the window shows, with the menu that lies over it."""
    seen, menu = window.grab(), QApplication.activePopupWidget()
    if menu is not None:
        painter = QPainter(seen)
        painter.drawPixmap(window.mapFromGlobal(menu.pos()), menu.grab())
        painter.end()
    return seen


class Photographer:
    """Saves what a window shows under a name, the theme and the size; only names that begin as wanted."""

    def __init__(self, target: Path, prefix: str) -> None:
        self._target, self.prefix = target, prefix
        target.mkdir(parents=True, exist_ok=True)
        self.size, self.taken = SIZES[0], 0
        self.missed: list[str] = []

    def wants(self, *names: str) -> bool:
        """Whether any of these names is asked for."""
        return any(name.startswith(self.prefix) for name in names)

    def take(self, window: Window, name: str) -> None:
        """Save it."""
        settle(window)
        if self.wants(name):
            scale = "" if look().scale == 100 else f"-{look().scale}"
            _picture(window).save(str(self._target / f"{name}-{look().theme}-{self.size.width()}{scale}.png"))
            self.taken += 1

    def window(self, config: Path) -> Window:
        """A window of the size that is asked for."""
        made = before.a_window(config)
        made.resize(self.size)
        made.show()
        return made


class Studio:
    """One office in one look: the windows that are opened on it."""

    def __init__(self, camera: Photographer, config: Path, office: Path) -> None:
        self._camera, self._config, self._office = camera, config, office

    def hands(self, login: str) -> Hands:
        """Somebody logged in."""
        window = self._camera.window(self._config)
        window.login.show_office(Recent(self._office, ESTATE))
        shell = before.log_in(window, login)
        window.resize(self._camera.size)
        settle(window)
        return Hands(window, shell)

    def scenes(self, scenes: tuple[Scene, ...]) -> None:
        """Pictures that are declared, a log-in for those of one user in a row."""
        hands, login = None, ""
        for scene in scenes:
            if not self._camera.wants(*(shot.name for shot in scene.shots)):
                continue
            if hands is None or scene.login != login:
                if hands is not None:
                    before.close(hands.window)
                hands, login = self.hands(scene.login), scene.login
            hands.shell.go(scene.page)
            hands.settle()
            self._shots(hands, scene)
        if hands is not None:
            before.close(hands.window)

    def _shots(self, hands: Hands, scene: Scene) -> None:
        for shot in scene.shots:
            try:
                take_shot(hands, shot)
                self._camera.take(hands.window, shot.name)
            except NotThere as why:
                self._camera.missed.append(f"{shot.name}: {why}")
            hands.put_away()

    def walk(self, login: str, name: str) -> None:
        """Every page that a user finds, as it opens, with its parts."""
        if not self._camera.wants(f"{name}-") and not self._camera.prefix.startswith(f"{name}-"):
            return
        hands = self.hands(login)
        for key in hands.shell.keys:
            hands.shell.go(key)
            self._camera.take(hands.window, f"{name}-{key}")
            page = hands.page
            if isinstance(page, PartedPage):
                for place in range(1, len(page.parts)):
                    page.go(place)
                    self._camera.take(hands.window, f"{name}-{key}-{place + 1}")
        before.close(hands.window)


def shoot(camera: Photographer, config: Path, office: Path, theme: Mode, size: QSize, scale: int) -> None:
    """Everything in one look; large type only where it must fit."""
    for place in (config, config / "new", config / "first"):
        Remembered(place).keep_look(theme, scale)
    camera.size = size
    look().set(theme, scale)
    studio, large = Studio(camera, config, office), scale != 100
    if camera.wants(*before.LARGE):
        before.the_login(camera.take, camera.window, config, office)
    if not large and camera.wants(*before.NAMES[len(before.LARGE) :]):
        before.the_first_run(camera.take, camera.window, config)
    for login, name in () if large else WALKS:
        studio.walk(login, name)
    studio.scenes(LARGE if large else SCENES)
    print(f"{theme} {size.width()}×{size.height()} {scale} %: {camera.taken}", flush=True)
    camera.taken = 0


LOOKS = (
    *((theme, size, 100) for size in SIZES for theme in (Mode.LIGHT, Mode.DARK)),
    (Mode.LIGHT, SIZES[0], 150),
)


def main() -> int:
    """Read what is asked for, and take it."""
    asked = argparse.ArgumentParser(description="Pictures of every page, view and dialog.")
    asked.add_argument("dir", type=Path, help="where the pictures go")
    asked.add_argument("prefix", nargs="?", default="", help="only names that begin so")
    asked.add_argument("--theme", choices=("light", "dark"), help="only this theme")
    asked.add_argument("--width", type=int, choices=[size.width() for size in SIZES], help="only this size")
    asked.add_argument("--scale", type=int, choices=(100, 150), help="only this size of type")
    asked.add_argument("--office", type=Path, help="keep the sample office in this folder and use it again")
    given = asked.parse_args()
    application = QApplication(sys.argv[:1])
    camera = Photographer(given.dir, given.prefix)
    with tempfile.TemporaryDirectory() as folder:
        kept = given.office or Path(folder) / "kept"
        if not kept.exists():
            sample(kept)
        for at, (theme, size, scale) in enumerate(LOOKS):
            wanted = given.theme in (None, str(theme)) and given.width in (None, size.width())
            if wanted and given.scale in (None, scale):
                office = shutil.copytree(kept, Path(folder) / f"office-{at}")
                shoot(camera, Path(folder) / f"config-{at}", office, theme, size, scale)
    application.processEvents()
    for missed in camera.missed:
        print(f"not taken: {missed}")
    return 1 if camera.missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
