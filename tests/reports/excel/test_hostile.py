"""Files that are no workbook, or one made to do harm: refused with a reason, in little memory, never half read."""

from __future__ import annotations

import re
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from app.domain.problem import Problem
from reports.excel import guard, scan
from reports.excel.scan import Flaws, PartScan
from reports.excel.workbook import read_workbook
from tests.reports.excel.making import REAL, TODAY, a_workbook, read_here

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def changed(folder: Path, part: str, change: Callable[[bytes], bytes], extra: dict[str, bytes] | None = None) -> Path:
    """importRoom.xlsx with one part changed and others added."""
    target = folder / "changed.xlsx"
    with zipfile.ZipFile(REAL / "importRoom.xlsx") as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return target


def sheet_of(folder: Path, rows: str, before: str = "", head: str = HEAD) -> Path:
    return changed(
        folder, SHEET, lambda _: f"{head}<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData></worksheet>".encode()
    )


def refusal(path: Path) -> str:
    with pytest.raises(Problem) as caught:
        read_workbook(path, "houses", TODAY)
    assert re.search("[\u4e00-\u9fff]", caught.value.text)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "file.old_xls"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "file.encrypted"),
        ("楼号,单元,房号\n1,1,101\n".encode(), "file.csv"),
        ("楼号,单元,房号\n1,1,101\n".encode("gbk"), "file.csv"),
        (b"\xff\xfe" + "楼号\t单元".encode("utf-16-le"), "file.csv"),
        (b"\xef\xbb\xbf<html><table></table></html>", "file.web_page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "file.not_workbook"),
        (b"PK\x03\x04" + bytes(100), "file.damaged"),
        (b"PK\x05\x06" + bytes(18), "file.not_workbook"),
    ],
)
def test_not_a_workbook(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(Problem) as caught:
        guard.check(path)
    assert caught.value.code == code


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "file.missing"
    assert refusal(tmp_path) == "file.missing"


@pytest.mark.parametrize("keep", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_truncated(tmp_path: Path, keep: float) -> None:
    data = (REAL / "hc.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(Problem):
        guard.check(path)


def test_macros(tmp_path: Path) -> None:
    assert refusal(changed(tmp_path, "", bytes, {"xl/vbaProject.bin": b"macro"})) == "file.macros"
    plain = a_workbook(tmp_path, [["房号"], ["1-1-101"]], name="plain.xlsm")
    assert refusal(plain) == "file.macros"


def test_zip_bomb_by_ratio_and_by_size(tmp_path: Path) -> None:
    assert refusal(changed(tmp_path, "", bytes, {"xl/media/a.png": bytes(20 << 20)})) == "file.bomb"
    assert refusal(changed(tmp_path, SHEET, lambda _: b" " * (201 << 20))) == "file.bomb"


def test_too_many_parts(tmp_path: Path) -> None:
    assert (
        refusal(changed(tmp_path, "", bytes, {f"xl/media/{n}.png": b"" for n in range(2001)})) == "file.too_many_parts"
    )


def _lie(path: Path, name: str, size: int, crc: int | None = None) -> Path:
    """Say another unpacked size of a part, in the local header and in the directory."""
    data = bytearray(path.read_bytes())
    for sign, name_at, size_at, crc_at in ((b"PK\x03\x04", 30, 22, 14), (b"PK\x01\x02", 46, 24, 16)):
        at = next(
            m.start()
            for m in re.finditer(re.escape(sign), data)
            if data[m.start() + name_at :].startswith(name.encode())
        )
        data[at + size_at : at + size_at + 4] = struct.pack("<I", size)
        if crc is not None:
            data[at + crc_at : at + crc_at + 4] = struct.pack("<I", crc)
    path.write_bytes(data)
    return path


def test_stated_sizes_are_not_believed(tmp_path: Path) -> None:
    bomb = HEAD.encode() + b" " * (50 << 20)
    path = changed(tmp_path, SHEET, lambda _: bomb)
    # The stated size and checksum are those of the harmless beginning: only reading on shows the rest.
    assert refusal(_lie(path, SHEET, 1000, zlib.crc32(bomb[:1000]))) == "file.damaged"
    assert refusal(_lie(changed(tmp_path, SHEET, lambda d: d), SHEET, 7)) == "file.damaged"


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<?xml version="1.0"?><!DOCTYPE foo [<!ENTITY xxe SYSTEM "secret.txt">]>',
    ],
)
def test_entities(tmp_path: Path, head: str) -> None:
    assert (
        refusal(sheet_of(tmp_path, '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>', head=head))
        == "file.doctype"
    )


def test_entities_in_utf_16(tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet {MAIN}/>'
    assert refusal(changed(tmp_path, SHEET, lambda _: text.encode("utf-16"))) == "file.doctype"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>', "file.too_many_columns"),
        ("<row r='1'><c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c></row>", "file.too_many_columns"),
        ('<row r="1"><c s="1" r="A1048576"><v>1</v></c></row>', "file.too_many_rows"),
        ('<row r="1"><c r="A1048576"><v>1</v></c></row>', "file.too_many_rows"),
        ('<row r="1048576"/>', "file.too_many_rows"),
        ("<row/>" * 200_001, "file.too_many_rows"),
        ("".join(f'<row r="{n}"/>' for n in range(1, 200_010)), "file.too_many_rows"),
        (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="GR99999"><v>1</v></c></row>',
            "file.too_many_cells",
        ),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="!!"><v>1</v></c></row>', "file.damaged"),
    ],
)
def test_cells_far_away(tmp_path: Path, rows: str, code: str) -> None:
    start = time.monotonic()
    assert refusal(sheet_of(tmp_path, rows)) == code
    assert time.monotonic() - start < 10


def test_a_million_claimed_rows(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>房号</t></is></c></row>'
    assert refusal(sheet_of(tmp_path, row, '<dimension ref="A1:O1000000"/>')) == "file.too_many_rows"


def test_a_stated_size_that_is_too_small_is_ignored(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>房号</t></is></c>'
    cells += '<c r="B1" t="inlineStr"><is><t>面积</t></is></c></row>'
    cells += '<row r="2"><c r="A2" t="inlineStr"><is><t>1-1-101</t></is></c><c r="B2"><v>80</v></c></row>'
    book = read_workbook(sheet_of(tmp_path, cells, '<dimension ref="A1"/>'), "houses", TODAY)
    assert [house.number_key for house in book.houses] == ["1-1-101"]


def test_one_enormous_text(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + n % 5000) for n in range(800_000))
    assert (
        refusal(sheet_of(tmp_path, f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'))
        == "file.long_text"
    )


def test_not_xml(tmp_path: Path) -> None:
    assert refusal(changed(tmp_path, SHEET, lambda data: data[:900])) == "file.damaged"
    assert refusal(changed(tmp_path, "xl/workbook.xml", lambda _: b"<workbook")) == "file.damaged"


def test_blank_formatted_cells_do_not_count(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>房号</t></is></c><c r="XFD1" s="1"/></row>'
    rows += '<row r="2"><c r="A2" t="inlineStr"><is><t>1-1-101</t></is></c><c r="XFD2" s="1"/></row>'
    book = read_workbook(sheet_of(tmp_path, rows), "houses", TODAY)
    assert [house.number_key for house in book.houses] == ["1-1-101"]


def _flaws(text: str) -> Flaws:
    return PartScan().part(lambda: iter([text.encode()]))


def test_formulas_without_values_and_errors_are_found() -> None:
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1"><f>1+1</f><v/></c>'
    cells += '<c r="D1" t="e"><v>#N/A</v></c><c r="E1" t="str"><f>""</f><v></v></c><c><f>A1</f></c>'
    found = _flaws(f"<worksheet {MAIN}><sheetData><row r='1'>{cells}</row></sheetData></worksheet>")
    assert (found.uncached, found.errors) == ([(0, 1), (0, 2), (0, 5)], [(0, 3)])


def test_prefixed_names_are_seen() -> None:
    row = "<x:row r='1'><x:c r='XFD9'><x:v>1</x:v></x:c></x:row>"
    found = f"<x:worksheet xmlns:x='m'><x:sheetData>{row}</x:sheetData></x:worksheet>"
    with pytest.raises(Problem) as caught:
        _flaws(found)
    assert caught.value.code == "file.too_many_columns"


def test_both_counts_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="CV{r}" s="1"><v>2</v></c></row>' for r in range(1, 400))
    data = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()
    cut = [data[at : at + 97] for at in range(0, len(data), 97)]
    quick, slow = PartScan(), PartScan()
    quick.part(lambda: iter(cut))
    monkeypatch.setattr(scan, "_unusual", lambda *_: True)
    slow.part(lambda: iter(cut))
    assert quick.cells == slow.cells == 798


def test_mutated_copies_are_read_or_refused(tmp_path: Path) -> None:
    random = Random(7)
    scraps = (b'<c r="A1"/>', b"&#0;", b"&x;", b"<v>9e999</v>", b'"', b"<", b"]]>", b'r="ZZZ9"', b't="s"', b"99999999")
    for _ in range(80):

        def spoil(data: bytes) -> bytes:
            at = random.randrange(len(data))
            return data[:at] + random.choice(scraps) + data[at + random.randrange(12) :]

        part = random.choice((SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"))
        with suppress(Problem):
            read_here(changed(tmp_path, part, spoil))
