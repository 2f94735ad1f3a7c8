"""All pictures in their order, and the users whose pages are walked through."""

from __future__ import annotations

from tools.picture_book import scenes_desk, scenes_money, scenes_register
from tools.picture_book.office import ACCOUNTANT, ADMINISTRATOR, AUDITOR, CASHIER, DESK, ENGINEER, MANAGER

WALKS = (
    (CASHIER, "cashier"),
    (MANAGER, "manager"),
    (ACCOUNTANT, "accountant"),
    (DESK, "desk"),
    (ENGINEER, "engineer"),
    (AUDITOR, "auditor"),
    (ADMINISTRATOR, "administrator"),
)
SCENES = (*scenes_money.SCENES, *scenes_register.SCENES, *scenes_desk.SCENES)
LARGE = tuple(scene for scene in SCENES if scene.large)
