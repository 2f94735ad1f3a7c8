"""What the eye would see: places approved once, no letter over another, every font in the file, codes that read."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import raw

from app.domain.capitals import capital
from app.domain.money import yuan
from app.domain.problem import Problem
from reports import bill, daily_close, dunning, proof, receipt, statement
from reports.bill import CLEAR, FOOT_CODE, STUB_CLEAR, STUB_CODE
from reports.fonts import BOLD, SANS, SERIF, face_of, font, has_picture, to_unicode
from reports.made import Made
from reports.paint import Painter
from reports.papers import BillPaper, ReceiptLine
from reports.qr import code
from reports.sheet import Band, Box, Style
from tests.reports.making import POINTS, a_bill, a_close, a_dun, a_line, a_proof, a_receipt, a_statement, pages

APPROVED = Path(__file__).parents[1] / "approved"
LONG = "欧阳" + "长名字很长的" * 6 + "有限"
OWNERS = "王样例、欧阳测试、司徒验证"
ITEM = "住宅小区物业服务费（含电梯运行维护、公共照明及保洁绿化，甲级服务标准）"
CREDIT = {"subtotal": -5_000, "total": 0, "earlier": 0, "earlier_note": "无", "late_fee": 0, "late_fee_note": ""}
SHARED = a_line(3, item="公摊电费", quantity="", price="", basis="24,119.20 × 89.20 / 100,785.00")
METER = a_line(2, item="水费", period="2026-06-10 至 2026-06-30", previous="12,512.4", current="12,526.4")


def _long_bill() -> BillPaper:
    rows = (a_line(1, item=ITEM), METER, SHARED, a_line(4, price="2.35 + 12.00", period="2026-04 至 2026-06"))
    return replace(a_bill(4), lines=rows, owner=LONG, house="商铺街区南侧一号楼-2-商1102")


Write = Callable[[Path], Made]


def _bills(*papers: BillPaper) -> Write:
    return lambda path: bill.write(path, papers)


def _receipt(count: int, how: dict[str, Any] | None = None, **more: Any) -> Write:
    return lambda path: receipt.write(path, replace(a_receipt(count), **more), **(how or {}))


CASES: dict[str, Write] = {
    "bill": _bills(replace(a_bill(5), lines=(a_line(1), METER, SHARED, a_line(4), a_line(5))), a_bill(7)),
    "bill_nine": _bills(a_bill(9, paid=1_000), a_bill(8)),
    "bill_whole": _bills(a_bill(2), a_bill(12), a_bill(3), a_bill(28)),
    "bill_many": _bills(a_bill(40)),
    "bill_long": _bills(_long_bill(), a_bill(3, owner=OWNERS)),
    "bill_zero": _bills(a_bill(3, total=0, set_off=62_889, prepaid_left=120_000, late_fee_note="", late_fee=0)),
    "bill_credit": _bills(a_bill(3, **CREDIT)),
    "bill_large": _bills(a_bill(1, subtotal=999_999_999, earlier=999_999_999, late_fee=999_999_999, total=999_999_999)),
    "bill_rare": _bills(a_bill(3, owner="㛃喆堃昇䶮\U00020bb7")),
    "bill_clause": _bills(a_bill(7, clause="约定" * 200, letterhead="长" * 60, office_name="名" * 60)),
    "receipt": _receipt(5, received=850_00, change=60_79),
    "receipt_one": _receipt(1, prepaid=5_000),
    "receipt_six": _receipt(6, designation="物业费 2026-07 209.62、水费 2026-06"),
    "receipt_seven": _receipt(7),
    "receipt_twenty": _receipt(20),
    "receipt_long": _receipt(5, payer=LONG, reason="录错金额"),
    "receipt_negative": _receipt(2, lines=(ReceiptLine(ITEM, "", -500),), total=-500, reverses="S2026-00000012"),
    "receipt_reprint": _receipt(5, {"copy": 2}),
    "receipt_a4": _receipt(9, {"form": "a4", "copy": 3}, payer=OWNERS),
    "receipt_a4_many": _receipt(20, {"form": "a4"}),
    "statement": lambda path: statement.write(path, a_statement(3)),
    "proof": lambda path: proof.write(path, a_proof()),
    "proof_long": lambda path: proof.write(
        path, a_proof(60, payer=LONG, rows=tuple(replace(row, item=ITEM) for row in a_proof(60).rows), telephone="")
    ),
    "statement_span": lambda path: statement.write(
        path, replace(a_statement(3), first="2026-01-01", last="2026-06-30")
    ),
    "close": lambda path: daily_close.write(path, a_close()),
    "close_short": lambda path: daily_close.write(path, a_close(counted=309_000, reason="找零时多找，" * 20), copy=3),
    "close_uncounted": lambda path: daily_close.write(
        path, a_close(counted=None, shift_since="", receipts=0, voids=())
    ),
    "close_long": lambda path: daily_close.write(path, a_close(voids=tuple(f"S2026-{n:08}" for n in range(150)))),
    "dun_reminder": lambda path: dunning.write(
        path, [a_dun("reminder", 1), a_dun("reminder", 8), a_dun("reminder", 5)]
    ),
    "dun_notice": lambda path: dunning.write(path, [a_dun("notice", 1), a_dun("notice", 9), a_dun("notice", 40)]),
    "dun_letter": lambda path: dunning.write(path, [a_dun("letter", 4)]),
    "dun_letter_annex": lambda path: dunning.write(path, [a_dun("letter", 13), a_dun("letter", 40)]),
    "dun_legal": lambda path: dunning.write(path, [a_dun("legal", 4)]),
    "statement_many": lambda path: statement.write(path, a_statement(40)),
}


def _texts(page: Any) -> Iterator[str]:
    """The runs of text on a page: their left and their base from the top, in mm, and what they say."""
    text = page.get_textpage()
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        said = text.get_text_bounded(left, bottom, right, top).strip()
        yield f"{left / POINTS:7.1f} {(page.get_height() - bottom) / POINTS:7.1f}  {said}"
    text.close()


def _letters(page: Any) -> list[tuple[float, float, float, float]]:
    """The tight boxes of all letters, in mm."""
    text = page.get_textpage()
    boxes = [tuple(edge / POINTS for edge in text.get_charbox(n)) for n in range(text.count_chars())]
    text.close()
    return sorted((box[0], box[1], box[2], box[3]) for box in boxes if box[2] > box[0] and box[3] > box[1])


def _overlaps(boxes: list[tuple[float, float, float, float]]) -> int:
    found = 0
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            if other[0] >= one[2] - 0.15:
                break
            found += min(one[3], other[3]) - max(one[1], other[1]) > 0.15
    return found


def _sizes(page: Any) -> list[float]:
    """The size of each text on a page, in points; fails for a font that is not in the file."""
    sizes = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3):
        assert raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item.raw)) == 1
        size = ctypes.c_float()
        assert raw.FPDFTextObj_GetFontSize(item.raw, size)
        sizes.append(size.value)
    return sizes


@pytest.mark.parametrize("case", sorted(CASES))
def test_nothing_lies_over_another_and_all_fonts_are_in_the_file(tmp_path: Path, case: str) -> None:
    made = CASES[case](tmp_path / "x.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "x.pdf")
    assert made.pages == len(document)
    smallest = 9.0 if case.startswith("receipt") and "a4" not in case else 8.0
    for page in document:
        assert _overlaps(_letters(page)) == 0
        assert min(_sizes(page)) >= smallest - 0.001
        page.close()
    document.close()


APPROVED_CASES = [
    "bill", "bill_long", "bill_zero", "receipt", "receipt_a4", "statement", "dun_reminder", "dun_notice", "dun_letter",
    "dun_letter_annex", "dun_legal", "close", "close_uncounted", "proof",
    "statement_span",
]  # fmt: skip


@pytest.mark.parametrize("case", APPROVED_CASES)
def test_places_are_as_approved(tmp_path: Path, case: str) -> None:
    """`ANJU_APPROVE=1` takes what came as right; look at the page first."""
    CASES[case](tmp_path / "x.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "x.pdf")
    came = []
    for number, page in enumerate(document, 1):
        came += [f"page {number}: {page.get_width() / POINTS:.1f} x {page.get_height() / POINTS:.1f} mm", *_texts(page)]
        page.close()
    document.close()
    approved = APPROVED / f"{case}.txt"
    if os.environ.get("ANJU_APPROVE"):
        approved.write_text("\n".join(came) + "\n", encoding="utf-8")
    right = approved.read_text(encoding="utf-8").splitlines()
    assert came == right, "\n".join(unified_diff(right, came, "approved", "came", lineterm=""))


@pytest.mark.parametrize("lines", [5, 9, 28, 40])
def test_codes_can_be_read_from_the_paper(tmp_path: Path, lines: int) -> None:
    papers = [a_bill(lines), a_bill(lines, number="B2026-07-000413", reference="ANJU:BILL:B2026-07-000413")]
    bill.write(tmp_path / "x.pdf", papers)
    document = pypdfium2.PdfDocument(tmp_path / "x.pdf")
    read: list[str] = []
    for page in document:
        bitmap = page.render(scale=3, grayscale=True)
        picture = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
        read += [found.text for found in zxingcpp.read_barcodes(picture)]
        bitmap.close()
        page.close()
    document.close()
    assert sorted(read) == sorted(2 * [paper.reference for paper in papers])


def test_the_quiet_zone_is_left_free() -> None:
    made = code("ANJU:BILL:B2026-07-000412")
    assert made.side == 25
    assert made.quiet(FOOT_CODE) <= CLEAR
    assert made.quiet(STUB_CODE) <= STUB_CLEAR


def test_twenty_eight_lines_bear_the_total_one_more_goes_on(tmp_path: Path) -> None:
    assert bill.write(tmp_path / "x.pdf", [a_bill(28)]).pages == 1
    assert bill.write(tmp_path / "x.pdf", [a_bill(29)]).pages == 2
    shown = pages(tmp_path / "x.pdf")
    assert "接下页" in shown[0].text
    assert "应交合计" not in shown[0].text
    assert all(said in shown[1].text for said in ("费用项目", "本期小计", "应交合计"))


def test_whole_pages_stand_between_pairs(tmp_path: Path) -> None:
    papers = [a_bill(n, number=f"B2026-07-{place:06d}") for place, n in enumerate((5, 12, 3, 4, 2))]
    assert bill.write(tmp_path / "x.pdf", papers).pages == 4
    found = [[paper.number in page.text for paper in papers] for page in pages(tmp_path / "x.pdf")]
    wanted = [[0], [1], [2, 3], [4]]
    assert found == [[place in on for place in range(5)] for on in wanted]


def test_a_state_is_printed_across_without_grey(tmp_path: Path) -> None:
    receipt.write(tmp_path / "x.pdf", a_receipt(5), state="已红冲")
    assert all("已红冲" in page.text for page in pages(tmp_path / "x.pdf"))
    document = pypdfium2.PdfDocument(tmp_path / "x.pdf")
    for page in document:
        for item in page.get_objects(max_depth=3):
            shades = [ctypes.c_uint() for _ in range(4)]
            assert raw.FPDFPageObj_GetStrokeColor(item.raw, *shades)
            assert [shade.value for shade in shades] == [0, 0, 0, 255]
        page.close()
    document.close()


def test_an_unknown_paper_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown form"):
        receipt.write(tmp_path / "x.pdf", a_receipt(), form="a5")


def test_a_document_needs_a_page(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a page"):
        bill.write(tmp_path / "x.pdf", [])


def test_a_text_that_fits_nowhere_is_refused_not_cut(tmp_path: Path) -> None:
    band: Band[str] = Band(10, (Box(10, 20, lambda text: text, Style(9, lines=2)),))
    painter = Painter(tmp_path / "x.pdf", "试", (210, 297))
    (one,) = painter.place(band, "八字以内的名称").texts
    assert len(one[1].lines) == 1
    (two,) = painter.place(band, "十二个字以上的名称，要两行").texts
    assert (one[1].size < 9, two[1].size, len(two[1].lines)) == (True, 8.0, 2)
    assert "".join(text for line in two[1].lines for _face, text in line.runs) == "十二个字以上的名称，要两行"
    with pytest.raises(Problem) as refused:
        painter.place(band, "很长" * 20)
    assert refused.value.code == "paper.too_long"
    with pytest.raises(Problem):
        bill.write(tmp_path / "x.pdf", [a_bill(1, clause="约" * 4_000)])


def test_each_character_has_its_font() -> None:
    assert {face_of(char, False) for char in "㛃喆堃昇䶮m²〓№−¥"} == {SANS}
    assert face_of("䶮", True) == BOLD
    only_serif = next(char for char in map(chr, range(0x3400, 0x4DC0)) if face_of(char, False) == SERIF)
    assert ord(only_serif) in font(SERIF).face.charToGlyph
    assert face_of("\U00020bb7", True) is None
    assert not has_picture("\u200b")
    assert "D842DFB7" in to_unicode("X", [0, 0x20BB7])


def test_a_character_above_the_first_plane_copies_as_written(tmp_path: Path) -> None:
    high = next(char for char in map(chr, range(0x20000, 0x2A6E0)) if face_of(char, False))
    assert bill.write(tmp_path / "x.pdf", [a_bill(1, owner=f"王{high}")]).missing == ()
    assert f"王{high}" in pages(tmp_path / "x.pdf")[0].text


def test_what_cannot_be_shown_is_named_by_its_number(tmp_path: Path) -> None:
    made = bill.write(tmp_path / "x.pdf", [a_bill(1, owner="王\x07\ud842\te001")])
    assert made.missing == ("U+0007", "U+D842")


AMOUNTS = st.integers(-(10**13), 10**13)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=30, deadline=None)
@given(TEXTS, TEXTS, st.lists(AMOUNTS, min_size=1, max_size=14), st.integers(0, 10**13))
def test_every_amount_is_printed_whole(owner: str, item: str, amounts: list[int], total: int) -> None:
    lines = tuple(a_line(n, item=item, amount=amount) for n, amount in enumerate(amounts))
    rows = tuple(ReceiptLine(item, "2026-07", amount) for amount in amounts)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "x.pdf"
        bill.write(path, [replace(a_bill(1), owner=owner, lines=lines, total=total, subtotal=-total)])
        told = "".join(page.text for page in pages(path))
        receipt.write(path, replace(a_receipt(1), payer=owner, lines=rows, total=-total))
        kept = "".join(page.text for page in pages(path))
    assert all(yuan(amount) in told and yuan(amount) in kept for amount in amounts)
    assert yuan(total) in told
    assert capital(total) in told.replace("\x02", "")
    assert yuan(-total) in kept
