"""Where a new office may lie: whether anything speaks against a folder."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QStorageInfo

from app.domain.problem import problem
from ui.recent import is_office

SYNCED = (
    "onedrive", "dropbox", "icloud", "google drive", "googledrive", "nutstore", "坚果云", "baidusyncdisk",
    "baidunetdisk", "百度网盘", "百度云同步盘", "aliyundrive", "阿里云盘", "weiyun", "微云", "wps云盘", "wpsdrive",
    "nextcloud", "seafile", "synologydrive",
)  # fmt: skip
"""Folders of these names are copied to other PCs by a program of their own."""
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smbfs", "smb3", "fuse.sshfs", "webdav", "fuse.davfs2", "9p", "afs"})
"""File systems that lie on another computer."""


def folder_of(typed: str) -> Path:
    """The folder that was typed. Raises Problem where no new office can be made there."""
    folder = Path(typed.strip()).expanduser()
    if not folder.is_absolute():
        raise problem(
            "folder.relative", "请写完整的文件夹路径。", "例如 {example}。", example=Path.home() / "安居办公室"
        )
    if is_office(folder):
        raise problem("folder.office", "这个文件夹里已经有一个办公室。", "请换一个文件夹，或回到登录页打开它。")
    standing = _standing(folder)
    if not standing.is_dir() or not os.access(standing, os.W_OK):
        raise problem("folder.closed", "这个位置不能写入：{standing}。", "请换一个文件夹。", standing=standing)
    return folder


def doubt(folder: Path) -> str:
    """What speaks against a folder, as a sentence; empty where nothing does."""
    parts = [part.casefold() for part in folder.parts]
    if any(name in part for part in parts for name in SYNCED):
        return "这是网盘同步文件夹：同步程序会把数据文件换成旧的，账目可能丢失。请换一个本机文件夹，备份再存网盘。"
    if str(folder).startswith("\\\\") or _file_system(folder) in NETWORK:
        return "这是网络文件夹：断网时打不开，也可能损坏数据。请换一个本机文件夹。"
    if folder.is_dir() and any(folder.iterdir()):
        return "这个文件夹里已有别的文件。办公室最好有自己的文件夹。"
    return ""


def _file_system(folder: Path) -> str:
    return bytes(QStorageInfo(str(_standing(folder))).fileSystemType().data()).decode("ascii", "replace").lower()


def _standing(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
