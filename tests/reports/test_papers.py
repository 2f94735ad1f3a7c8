"""Bills, receipts and statements: everything is printed, nothing outside its margins, the same values the same file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.capitals import capital
from app.domain.money import yuan
from reports import bill, receipt, statement
from reports.papers import BillPaper
from tests.reports.making import a_bill, a_line, a_receipt, a_statement, pages

RARE = "㛃喆堃昇䶮"


def _inside_a4(path: Path) -> None:
    for page in pages(path):
        assert (round(page.width), round(page.height)) == (210, 297)
        assert page.left >= 7
        assert page.right <= 203
        assert page.top >= 7
        assert page.bottom >= 7


def _says(path: Path, paper: BillPaper) -> None:
    text = "".join(page.text for page in pages(path))
    for said in (paper.number, paper.house, paper.due, yuan(paper.total), capital(paper.total), yuan(paper.subtotal)):
        assert said.replace(" ", "") in text
    for line in paper.lines:
        assert yuan(line.amount) in text


@pytest.mark.parametrize(("lines", "count"), [(1, 1), (5, 1), (7, 1), (9, 1), (12, 1), (28, 1), (40, 2)])
def test_bills_of_every_length(tmp_path: Path, lines: int, count: int) -> None:
    paper = a_bill(lines)
    made = bill.write(tmp_path / "b.pdf", [paper])
    assert made.missing == ()
    assert made.pages == len(pages(tmp_path / "b.pdf")) >= count
    _inside_a4(tmp_path / "b.pdf")
    _says(tmp_path / "b.pdf", paper)
    if made.pages > 1:
        shown = pages(tmp_path / "b.pdf")
        assert "（续）" in shown[1].text
        assert f"第2页/共{made.pages}页" in shown[1].text


def test_two_bills_on_a_page(tmp_path: Path) -> None:
    papers = [a_bill(3, number=f"B2026-07-00000{n}") for n in range(1, 6)]
    assert bill.write(tmp_path / "b.pdf", papers).pages == 3
    text = [page.text for page in pages(tmp_path / "b.pdf")]
    assert "B2026-07-000001" in text[0]
    assert "B2026-07-000002" in text[0]
    assert "B2026-07-000005" in text[2]


def test_what_was_paid_makes_the_sum_add_up(tmp_path: Path) -> None:
    paper = a_bill(2, paid=1_000, total=2 * 20_962 + 3 - 1_000 + 48_830 + 455)
    bill.write(tmp_path / "b.pdf", [paper])
    (page,) = pages(tmp_path / "b.pdf")
    assert "已交" in page.text
    assert "−10.00" in page.text
    bill.write(tmp_path / "c.pdf", [a_bill(2)])
    assert "已交" not in pages(tmp_path / "c.pdf")[0].text


def test_zero_due_and_no_late_fee(tmp_path: Path) -> None:
    paper = a_bill(
        1, earlier=0, earlier_note="无", late_fee=0, late_fee_note="", set_off=20_963, prepaid_left=500, total=0
    )
    bill.write(tmp_path / "b.pdf", [paper])
    (page,) = pages(tmp_path / "b.pdf")
    assert "已由预存扣清，无需再交" in page.text
    assert "违约金" not in page.text
    assert "零元整" in page.text
    assert "扣后预存余额5.00" in page.text


def test_credits_and_large_sums(tmp_path: Path) -> None:
    credit = replace(a_bill(0), lines=(a_line(1, amount=-1_600),), subtotal=-1_600, total=49_285)
    large = replace(a_bill(1), total=999_999_999)
    bill.write(tmp_path / "b.pdf", [credit, large])
    (page,) = pages(tmp_path / "b.pdf")
    assert "−16.00" in page.text
    assert "9,999,999.99" in page.text
    assert capital(999_999_999) in page.text  # type: ignore[arg-type]


def test_rare_characters_print_and_what_no_font_has_is_said(tmp_path: Path) -> None:
    made = bill.write(
        tmp_path / "b.pdf", [a_bill(1, owner=f"王{RARE}", house="3-2-1"), a_bill(1, owner="李\U00020bb7")]
    )
    (page,) = pages(tmp_path / "b.pdf")
    assert f"王{RARE}" in page.text
    assert made.missing == ("\U00020bb7",)
    assert "李〓" in page.text


@pytest.mark.parametrize("lines", [1, 6, 7, 20])
def test_receipts_of_every_length(tmp_path: Path, lines: int) -> None:
    paper = a_receipt(lines)
    made = receipt.write(tmp_path / "r.pdf", paper)
    shown = pages(tmp_path / "r.pdf")
    assert made.pages == len(shown)
    for page in shown:
        assert (round(page.width, 1), round(page.height, 1)) == (241.0, 93.1)
        assert page.left >= 17
        assert page.right <= 224.1
        assert min(page.top, page.bottom) >= 4.9
        assert "S2026-00000087" in page.text
    text = "".join(page.text for page in shown)
    assert yuan(paper.total) in text
    assert capital(paper.total) in text
    assert all(yuan(line.amount) in text for line in paper.lines)
    assert "存根" in text
    assert "交款人" in text
    if lines > 6:
        assert "接下页" in text
        assert "（2/" in text


@pytest.mark.parametrize("form", ["241", "a4"])
def test_receipts_say_what_became_of_them(tmp_path: Path, form: str) -> None:
    receipt.write(tmp_path / "r.pdf", a_receipt(), form=form, copy=3, state="已作废")
    text = "".join(page.text for page in pages(tmp_path / "r.pdf"))
    assert "补打2" in text
    assert "已作废" in text
    back = replace(a_receipt(), total=-41_925, reverses="S2026-00000012", reason="退票", lines=(a_receipt().lines[0],))
    receipt.write(tmp_path / "r.pdf", back, form=form)
    text = "".join(page.text for page in pages(tmp_path / "r.pdf"))
    assert "S2026-00000012" in text
    assert "−419.25" in text
    assert "负肆佰壹拾玖元贰角伍分" in text


def test_prepaid_and_designation_stand_on_the_receipt(tmp_path: Path) -> None:
    receipt.write(tmp_path / "r.pdf", a_receipt(prepaid=5_000, total=46_925, designation="物业费 2026-07"))
    text = "".join(page.text for page in pages(tmp_path / "r.pdf"))
    assert "预存" in text
    assert "50.00" in text
    assert "物业费2026-07" in text


@pytest.mark.parametrize("rows", [0, 3, 60])
def test_statements(tmp_path: Path, rows: int) -> None:
    made = statement.write(tmp_path / "s.pdf", a_statement(rows))
    shown = pages(tmp_path / "s.pdf")
    assert made.pages == len(shown)
    _inside_a4(tmp_path / "s.pdf")
    assert yuan(20_962 * rows) in shown[-1].text
    if rows == 60:
        assert f"第2页/共{made.pages}页" in shown[1].text


def test_the_same_values_make_the_same_file(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        bill.write(tmp_path / name, [a_bill(5), a_bill(30)])
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert "王样例".encode() not in (tmp_path / "a.pdf").read_bytes()


NAMES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x30000, exclude_categories=("C", "Z")), min_size=1, max_size=40
)


@settings(max_examples=25, deadline=None)
@given(owner=NAMES, item=NAMES, lines=st.integers(1, 12), fen=st.integers(0, 10**9))
def test_any_name_prints(owner: str, item: str, lines: int, fen: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "x.pdf"
        rows = tuple(a_line(n + 1, item=item) for n in range(lines))
        bill.write(path, [replace(a_bill(lines), owner=owner, lines=rows, total=fen)])
        assert yuan(fen) in "".join(page.text for page in pages(path))
        receipt.write(path, a_receipt(lines, payer=owner))
        _ = pages(path)
