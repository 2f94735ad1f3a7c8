"""Hands on the keyboard: QTest types Latin letters only, so texts go in key by key as an input method sends them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

NO = Qt.KeyboardModifier.NoModifier


def type_in(widget: QWidget, text: str) -> None:
    """Type a text into a widget."""
    for char in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, NO, char))


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
    """Press one key."""
    QTest.keyClick(widget, key, modifier)


def show(qtbot: QtBot, widget: QWidget) -> None:
    """Show a window and wait until it is in front: only then the focus goes where it is sent."""
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
