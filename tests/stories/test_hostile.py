"""Damaged and hostile files at length: each is taken or refused with a sentence, never anything else."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.problem import Problem
from app.services import arrears, backups, imports
from app.services.imports import Source
from app.services.refused import CannotOpen, Refused
from db.types import canonical_json
from tests.builders import PASSWORD, Office
from tests.reports.excel.making import REAL, read_here

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(REAL / "importRoom.xlsx") as book:
        return {name: book.read(name) for name in book.namelist()}


def _zip(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return made.getvalue()


def _sheet(rows: str, head: str = XML, before: str = "") -> bytes:
    xml = f"{head}<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData></worksheet>"
    return _zip({**_parts(), SHEET: xml.encode()})


def _cells(*cells: str) -> bytes:
    return _sheet("".join(f'<row r="{n}">{cell}</row>' for n, cell in enumerate(cells, 1)))


def _text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADS = ("楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机号")


def _row(n: int, *values: str) -> str:
    cells = "".join(_text(f"{chr(65 + at)}{n}", value) for at, value in enumerate(values))
    return f'<row r="{n}">{cells}</row>'


def _house(*values: str) -> bytes:
    return _sheet(_row(1, *HEADS) + _row(2, *values))


def _without(name: str) -> bytes:
    return _zip({part: data for part, data in _parts().items() if part != name})


def _with(name: str, data: bytes) -> bytes:
    return _zip({**_parts(), name: data})


def _cut(share: float) -> bytes:
    data = (REAL / "hc.xlsx").read_bytes()
    return data[: int(len(data) * share)]


def _twice() -> bytes:
    made = io.BytesIO(_zip(_parts()))
    with zipfile.ZipFile(made, "a") as book, pytest.warns(UserWarning, match="Duplicate"):
        book.writestr(SHEET, _parts()[SHEET].replace(b"<sheetData>", b"<sheetData><row/>"))
    return made.getvalue()


def _flipped(seed: int) -> bytes:
    random, data = Random(seed), bytearray((REAL / "hc.xlsx").read_bytes())
    for _ in range(12):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(data)


def corpus() -> Iterator[tuple[str, bytes]]:
    """Files that no office would want, by what is wrong with them."""
    yield "empty", b""
    yield "one byte", b"P"
    yield "text", "楼栋,房号\n1,101".encode()
    yield "text in gbk", "楼栋,房号\n1,101".encode("gbk")
    yield "web page", b"<html><body><table><tr><td>1</td></tr></table></body></html>"
    yield "picture", b"\x89PNG\r\n\x1a\n" + bytes(500)
    yield "pdf", b"%PDF-1.7\n" + bytes(500)
    yield "old xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)
    yield "zip without anything", b"PK\x05\x06" + bytes(18)
    yield "zip of a letter", _zip({"letter.txt": b"hello"})
    yield "zip slip", _zip({"../../evil.txt": b"x", **_parts()})
    yield "absolute name", _zip({"/etc/evil": b"x", **_parts()})
    yield "stored", _zip(_parts(), zipfile.ZIP_STORED)
    yield "lzma", _zip(_parts(), zipfile.ZIP_LZMA)
    yield "a part twice", _twice()
    yield "trailing rubbish", _zip(_parts()) + b"\0" * 70_000
    yield "rubbish in front", b"rubbish" * 100 + _zip(_parts())
    for share in (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.999):
        yield f"cut at {share}", _cut(share)
    for part in sorted(_parts()):
        yield f"without {part}", _without(part)
        yield f"{part} empty", _with(part, b"")
        yield f"{part} not xml", _with(part, b"<a><b></a>")
    yield "utf-16", _zip({**_parts(), SHEET: _parts()[SHEET].decode().encode("utf-16")})
    yield "not utf-8", _zip({**_parts(), SHEET: _parts()[SHEET].replace(b"</sheetData>", b"\xff\xfe</sheetData>")})
    yield "billion laughs", _sheet("", '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>')
    yield "external entity", _sheet("", '<!DOCTYPE l [<!ENTITY x SYSTEM "secret.txt">]>')
    yield "macros", _with("xl/vbaProject.bin", b"macro")
    yield "far corner", _cells('<c r="XFD1048576"><v>1</v></c>')
    yield "too many columns", _cells('<c r="ZZ1"><v>1</v></c>')
    yield "no such place", _cells('<c r="A0"><v>1</v></c>', '<c r="-5"><v>1</v></c>', '<c r="房1"><v>1</v></c>')
    yield "rows backwards", _sheet(_row(2, "1", "1", "101") + _row(1, *HEADS))
    yield "a row twice", _sheet(_row(1, *HEADS) + _row(2, "1", "1", "101") + _row(2, "1", "1", "102"))
    yield "negative row", _sheet('<row r="-1"><c r="A1"><v>1</v></c></row>')
    yield "shared string beyond", _cells('<c r="A1" t="s"><v>99999</v></c>')
    yield "style beyond", _cells('<c r="A1" s="9999"><v>1</v></c>')
    yield "infinite", _house("1", "1", "101", "1e999", "王一", "19900000001")
    yield "no number", _house("1", "1", "101", "NaN", "王一", "19900000001")
    yield "huge area", _house("1", "1", "101", "9" * 30, "王一", "19900000001")
    yield "negative area", _house("1", "1", "101", "-5", "王一", "19900000001")
    yield "too many digits", _house("1", "1", "101", "89.123456789", "王一", "19900000001")
    yield "long text", _house("1", "1", "101", "80", "王" * 600, "19900000001")
    yield "formula as text", _house("1", "1", "101", "80", "=cmd|'/c calc'!A1", "19900000001")
    yield "direction marks", _house("1", "1", "101", "80", "王\u202e一", "19900000001")
    yield "zero width", _house("1", "1", "1\u200b01", "80", "王一", "19900000001")
    yield "line breaks", _house("1", "1", "101", "80", "王一\n李二\r\n张三", "19900000001\n19900000002")
    yield "only formulas", _sheet(_row(1, *HEADS) + '<row r="2"><c r="C2"><f>1+1</f></c></row>')
    yield "error cells", _sheet(_row(1, *HEADS) + '<row r="2"><c r="C2" t="e"><v>#REF!</v></c></row>')
    yield "dates as houses", _sheet(_row(1, *HEADS) + '<row r="2"><c r="C2" s="1"><v>-1</v></c></row>')
    yield "headers only", _sheet(_row(1, *HEADS))
    yield "headers twice", _sheet(_row(1, *HEADS, *HEADS) + _row(2, *["1"] * 12))
    yield "no headers", _sheet(_row(1, "1", "1", "101", "80", "王一"))
    yield "sql", _house("1", "1", "101'; DROP TABLE house;--", "80", "Robert'); DROP TABLE person;--", "1")
    yield "template", _house("{x}", "{0}", "%s%n", "80", "{name}", "{phone}")
    for seed in range(6):
        yield f"bits flipped {seed}", _flipped(seed)


CORPUS = dict(corpus())


def test_the_corpus_is_long() -> None:
    assert len(CORPUS) >= 60


@pytest.fixture(scope="module")
def at_work(made_office: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("hostile") / "office"
    shutil.copytree(made_office[0], folder)
    office = Office(folder)
    yield office
    office.close()


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_a_bad_workbook_is_taken_or_refused(at_work: Office, tmp_path: Path, name: str) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(CORPUS[name])
    said: list[str] = []
    for kind, door in (("houses", imports.houses), ("equipment", imports.equipment)):
        before = at_work.sql("SELECT (SELECT count(*) FROM house), (SELECT count(*) FROM person)")
        try:
            door(at_work.manager, Source(name, f"{kind} {name}"), book=read_here(path, kind))
        except (Problem, Refused) as why:
            said.append(str(why))
            assert at_work.sql("SELECT (SELECT count(*) FROM house), (SELECT count(*) FROM person)") == before
    assert not any(text.isascii() for text in said)


@pytest.mark.parametrize("name", ["far corner", "billion laughs", "cut at 0.5", "sql", "xl/workbook.xml not xml"])
def test_and_from_the_command_line(at_work: Office, tmp_path: Path, name: str) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(CORPUS[name])
    status, said = at_work.command("import", "houses", str(path))
    assert status in (0, 3)
    assert status == 0 or said["error"]["message"]
    assert at_work.command("verify")[1]["ok"] is True


# ---- exports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=1+1", "+86 1", "-2+3", "@SUM(A1)", "\tx", "'quoted"])
def test_what_is_exported_cannot_act(office: Office, tmp_path: Path, name: str) -> None:
    office.with_houses(("3-1-0101",)).with_item(name=name).bill("2026-05", "2026-05-01")
    with office.manager.transaction(write=True) as work:
        work.change_many("person", ("id",), ("name",), [(name, 1)])
        work.audit("test", "person")
    target = tmp_path / "a.xlsx"
    arrears.export(office.manager, None, target)
    for sheet in openpyxl.load_workbook(target):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value[:1] in "=+-@\t":
                    assert cell.quotePrefix, (sheet.title, cell.coordinate)
    with zipfile.ZipFile(target) as book:
        assert all(b"<f>" not in book.read(part) for part in book.namelist() if part.startswith("xl/worksheets"))


# ---- backups ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(at_work: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return backups.create(at_work.manager, tmp_path_factory.mktemp("saved") / "b.anju").file


def _looked_at(office: Office, path: Path) -> None:
    """The archive is checked and put back into an empty folder: taken or refused, and never half there."""
    with suppress(Refused, CannotOpen):
        backups.verify(office.manager, path)
    folder = path.with_name("fresh")
    shutil.rmtree(folder, ignore_errors=True)
    fresh = Office(folder)
    status, said = fresh.command("backup", "restore", str(path), "--reason", "试")
    assert status in (0, 3, 4), said
    if status:
        assert said["error"]["code"] != "unexpected"
        assert not (folder / "office.db").exists()


def _rebuilt(saved: Path, target: Path, **changes: Any) -> Path:
    """The archive with its manifest's fields changed (the MAC then is wrong) or parts replaced."""
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts["manifest.json"])
    for name, value in changes.pop("said", {}).items():
        if value is None:
            manifest.pop(name)
        else:
            manifest[name] = value
    parts["manifest.json"] = canonical_json(manifest).encode()
    parts.update(changes.pop("parts", {}))
    for name in changes.pop("without", ()):
        del parts[name]
    target.write_bytes(_zip(parts, changes.pop("method", zipfile.ZIP_STORED)))
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"said": {"format": "zip"}}, {"said": {"version": 99}}, {"said": {"office": 7}}, {"said": {"head": None}},
        {"said": {"head": []}}, {"said": {"head": {"seq": "x"}}}, {"said": {"files": None}}, {"said": {"files": []}},
        {"said": {"files": {"office.db": 1, "office.keys": 2}}}, {"said": {"mac": None}}, {"said": {"mac": 5}},
        {"said": {"schema": "9999"}}, {"said": {"extra": "x" * 1000}}, {"parts": {"manifest.json": b""}},
        {"parts": {"manifest.json": b"[]"}}, {"parts": {"manifest.json": b"{" * 3000}},
        {"parts": {"manifest.json": b"\xff\xfe"}}, {"parts": {"office.keys": b""}}, {"parts": {"office.db": b"x"}},
        {"parts": {"files/../../evil": b"x"}}, {"parts": {"evil": b"x"}}, {"without": ("office.keys",)},
        {"without": ("office.db",)}, {"without": ("manifest.json",)}, {"method": zipfile.ZIP_DEFLATED},
    ],
)  # fmt: skip
def test_a_changed_archive_is_refused(at_work: Office, saved: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    path = _rebuilt(saved, tmp_path / "changed.anju", **change)
    with pytest.raises((CannotOpen, Refused)):
        backups.verify(at_work.manager, path)
    _looked_at(at_work, path)
    assert not (tmp_path / "evil").exists()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)),
        st.floats(0, 1),
    )
)
def test_any_bytes_are_no_backup(at_work: Office, saved: Path, tmp_path: Path, change: Any) -> None:
    data, path = saved.read_bytes(), tmp_path / "x.anju"
    if isinstance(change, bytes):
        path.write_bytes(change)
    elif isinstance(change, tuple):
        at = min(int(len(data) * change[0]), len(data) - len(change[1]))
        path.write_bytes(data[:at] + change[1] + data[at + len(change[1]) :])
    else:
        path.write_bytes(data[: int(len(data) * change)])
    with suppress(CannotOpen, Refused):
        backups.verify(at_work.manager, path)


# ---- key file and witness --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["office.keys", "office.head", "office.attempts", "office.db"])
def test_damaged_files_of_the_office_open_or_are_refused(
    made_office: tuple[Path, str], tmp_path: Path, name: str
) -> None:
    random = Random(3)
    for place in range(12):
        folder = tmp_path / str(place)
        shutil.copytree(made_office[0], folder)
        path = folder / name
        data = bytearray(path.read_bytes() if path.exists() else b"{}")
        if place < 4:
            data = data[: len(data) * place // 4]
        else:
            for _ in range(1 + place):
                data[random.randrange(len(data))] = random.randrange(256)
        path.write_bytes(data)
        status, said = Office(folder).command("settings", "list", ANJU_PASSWORD=PASSWORD)
        assert status in (0, 4), (name, place, said)
        if status:
            assert said["error"]["code"] != "unexpected"
