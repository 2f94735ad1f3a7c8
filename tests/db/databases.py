"""The databases that tests run on: SQLCipher always, a throwaway PostgreSQL where `initdb` is found."""

from __future__ import annotations

import glob
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from db.engine import postgresql, sqlcipher

KEY = bytes(range(32))


def server_binary(name: str) -> str | None:
    """Where PostgreSQL's server programs lie, if they are installed."""
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))[::-1]), None)
    return os.path.realpath(found) if found else None


AVAILABLE = ["sqlcipher", *(["postgresql"] if server_binary("initdb") else [])]


def _as_server() -> dict[str, object]:
    # The server refuses to run as root.
    return {"user": "postgres", "cwd": "/"} if os.name != "nt" and os.geteuid() == 0 else {}


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of our own on a free local port; gives its address."""
    initdb, postgres = server_binary("initdb"), server_binary("postgres")
    assert initdb
    assert postgres
    data = folder / "pg"
    data.mkdir()
    if _as_server():
        for parent in (folder, *folder.parents):
            if parent.stat().st_mode & 0o055 != 0o055 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o055)
        shutil.chown(data, "postgres")
    words = [initdb, "-D", str(data), "-A", "trust", "-U", "anju", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(words, check=True, capture_output=True, **_as_server())  # type: ignore[call-overload]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [postgres, "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", "", "-F"],
        stderr=subprocess.PIPE, text=True, **_as_server(),  # type: ignore[call-overload]
    )  # fmt: skip
    try:
        for line in running.stderr:
            if "ready to accept connections" in line:
                break
        yield f"postgresql+psycopg://anju@127.0.0.1:{port}/postgres"
    finally:
        running.terminate()
        running.wait()
        running.stderr.close()


def sqlcipher_engine(folder: Path) -> Engine:
    """A fresh SQLCipher database."""
    return sqlcipher(folder / "test.db", KEY, create=True).writer


def postgresql_engine(address: str, name: str) -> Engine:
    """A fresh database on the server."""
    admin = postgresql(address)
    with admin.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.close()
    return postgresql(address.rsplit("/", 1)[0] + "/" + name).writer
