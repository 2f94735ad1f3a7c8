"""What a workbook must be before anything unpacks it (RELIABILITY §7).

The zip directory is looked at first; then every part is inflated once, counted, and parsed without being kept. Runs
only inside the reading process (`child`). Everything wrong is a `Problem` whose code begins with `file.`.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.domain.problem import Problem, problem
from reports.excel.scan import Flaws, PartScan

MAX_FILE = 50 * 1024 * 1024
"""Largest workbook file, bytes."""
MAX_ENTRIES = 2000
"""Most parts in a workbook."""
MAX_UNPACKED = 200 * 1024 * 1024
"""Most bytes all parts may unpack to."""
MAX_RATIO = 100
"""Most a part may grow when unpacked, once it is over `RATIO_FROM` bytes."""
RATIO_FROM = 10 * 1024 * 1024

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
CHUNK = 256 * 1024

# Parts that are pictures or fonts are counted but not parsed; VML of old comments is often not well-formed.
_OPAQUE = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".wdp", ".vml", ".bin", ".odttf")
_MACROS = re.compile(r"vbaproject|(^|/)macrosheets/", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0"
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x07"


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook that may be read: cells whose value is missing or an error, by part name in lower case."""

    flaws: dict[str, Flaws]


def check(path: Path) -> Checked:
    """Check a workbook file from its first byte to its last part.

    Raises: Problem `file.*`: missing, too large, not an .xlsx, encrypted, macros, damaged, a bomb, beyond the limits.
    """
    try:
        if not path.is_file():
            raise problem("file.missing", "找不到文件，或它不是普通文件：{name}。", "请检查路径。", name=path.name)
        size = path.stat().st_size
        if size > MAX_FILE:
            raise problem("file.too_large", "文件有 {mb} MB，超过 50 MB。", "请删除图片、拆成几个文件。", mb=size >> 20)
        with path.open("rb") as file:
            _check_kind(file, path)
            return _check_zip(file, size)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, NotImplementedError, OverflowError):
        raise _damaged() from None


def _damaged() -> Problem:
    return problem("file.damaged", "文件不完整或已损坏，读不出来。", "请重新复制一份，或用 Excel、WPS 打开后另存。")


def _check_kind(file: BinaryIO, path: Path) -> None:
    head = file.read(4096)
    if head.startswith((b"PK\x03\x04", _END)):
        if path.suffix.lower() in (".xlsm", ".xltm", ".xlsb", ".xlam"):
            raise problem("file.macros", "这是带宏或二进制的工作簿（{suffix}）。", SAVE_AS, suffix=path.suffix)
        return
    if not head:
        raise problem("file.empty", "文件是空的（0 字节）。", "请重新复制或导出一份。")
    if head.startswith(_OLE):
        rest = head + file.read()
        if "EncryptedPackage".encode("utf-16-le") in rest:
            raise problem("file.encrypted", "工作簿加了密码。", "请打开后去掉密码，另存为 .xlsx 再导入。")
        raise problem("file.old_xls", "这是旧版 .xls 工作簿（只是改了扩展名也一样）。", SAVE_AS)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise problem("file.web_page", "这是网页或 XML 表格，不是 .xlsx 工作簿。", SAVE_AS)
    if _is_text(head):
        raise problem("file.csv", "这是文本文件（如 CSV），不是 .xlsx 工作簿。", SAVE_AS)
    raise problem("file.not_workbook", "这不是 Excel 工作簿。", SAVE_AS)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


def _check_zip(file: BinaryIO, size: int) -> Checked:
    if _directory_size(file, size) > MAX_ENTRIES * 256:
        raise _too_many()
    entries = zipfile.ZipFile(file).infolist()
    if len(entries) > MAX_ENTRIES:
        raise _too_many()
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    _check_parts(entries, names)
    flaws: dict[str, Flaws] = {}
    room = MAX_UNPACKED
    scan = PartScan()
    for entry, name in zip(entries, names, strict=True):
        read = partial(_inflate, file, entry, room)
        if name.endswith(_OPAQUE):
            for _ in read():
                pass
        elif found := scan.part(read):
            flaws[name] = found
        room -= entry.file_size
    return Checked(flaws)


def _too_many() -> Problem:
    return problem("file.too_many_parts", "文件里的部件超过 {most} 个，不像正常的工作簿。", SAVE_AS, most=MAX_ENTRIES)


def _directory_size(file: BinaryIO, size: int) -> int:
    """Bytes of the zip directory by its own words: a huge one would fill the memory before it could be counted."""
    start = max(0, size - 66_000)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0:
        raise _damaged()
    if at >= 20 and tail[at - 20 : at - 16] == _END64:
        file.seek(struct.unpack("<Q", tail[at - 12 : at - 4])[0] + 40)
        return int(struct.unpack("<Q", file.read(8))[0])
    return int(struct.unpack("<I", tail[at + 12 : at + 16])[0])


def _check_parts(entries: list[zipfile.ZipInfo], names: list[str]) -> None:
    if any(_MACROS.search(name) for name in names):
        raise problem("file.macros", "工作簿里有宏。", SAVE_AS)
    if "xl/workbook.xml" not in names:
        # Other programs' zips, .xlsb and .ods; the main part may have another name only in theory.
        raise problem("file.not_workbook", "这不是 .xlsx 工作簿。", SAVE_AS)
    if any(entry.flag_bits & 0x41 for entry in entries):
        raise problem("file.encrypted", "工作簿加了密码。", "请打开后去掉密码，另存为 .xlsx 再导入。")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _damaged()
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or any(map(_swells, entries)):
        raise _bomb()


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * entry.compress_size


def _bomb() -> Problem:
    return problem("file.bomb", "文件解开后太大（超过 200 MB，或膨胀 100 倍以上）。", "请删除多余的行列和格式后另存。")


def _inflate(file: BinaryIO, entry: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    """The bytes of a part, counted as they come: what the directory says about sizes is not believed.

    Other readers ignore the stated size, so the stream must end exactly there and its checksum must fit.
    """
    file.seek(entry.header_offset)
    header = file.read(30)
    if header[:4] != b"PK\x03\x04":
        raise _damaged()
    name_size, extra_size = struct.unpack("<HH", header[26:30])
    file.seek(name_size + extra_size, 1)
    left, count, crc = entry.compress_size, 0, 0
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left:
        packed = file.read(min(left, CHUNK // 4))
        if not packed:
            raise _damaged()
        left -= len(packed)
        while packed:
            if inflate is None:
                data, packed = packed, b""
            else:
                data = inflate.decompress(packed, CHUNK)
                packed = inflate.unconsumed_tail
            count += len(data)
            if count > room:
                raise _bomb()
            if count > entry.file_size:
                raise _damaged()
            crc = zlib.crc32(data, crc)
            yield data
    if count != entry.file_size or crc != entry.CRC or (inflate is not None and not inflate.eof):
        raise _damaged()
