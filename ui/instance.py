"""One window an office: a second start finds the first by a local socket named after the folder, and raises it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ui.socket_name import socket_name

_WAIT_MS = 2000


class Instance(QObject):
    """This process as the one window of an office, once it was claimed."""

    raised = Signal()
    """Another start asks this window to come to the front."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None

    def claim(self, folder: Path) -> bool:
        """Be the window of this office; False where another one is: it was asked to come to the front."""
        name = socket_name(folder)
        if self._server is not None and self._server.serverName() == name:
            return True
        if _answers(name):
            return False
        self.release()
        # A window that crashed leaves its socket behind; nobody answers there.
        QLocalServer.removeServer(name)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._called)
        if server.listen(name):
            self._server = server
        return True

    def release(self) -> None:
        """Be no office's window any more."""
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None

    def _called(self) -> None:
        while self._server is not None and (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            caller.disconnectFromServer()
            self.raised.emit()


def _answers(name: str) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    there = socket.waitForConnected(_WAIT_MS)
    socket.abort()
    return there
