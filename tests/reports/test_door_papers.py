"""Papers for a building at their longest: nothing runs off a label, a slip or a page."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from app.domain.problem import Problem
from reports import emergency, labels
from reports.emergency import WARNING, EmergencyHouse, EmergencyPaper, EmergencyPerson
from reports.labels import AddressLabel, DoorSlips, LabelSheet

LONG = "阿卜杜热合曼·买买提艾力·努尔麦麦提、样例（集团）科技股份有限公司北京分公司"


def _pages(file: Path) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]


def test_a_tall_building_keeps_head_and_warning_on_every_page(tmp_path: Path) -> None:
    person = EmergencyPerson(LONG, "租户", ("13800000000", "13900000000"), ("独居老人", "行动不便"))
    houses = tuple(
        EmergencyHouse(
            f"3-1-{floor:02}0{room}", f"1 单元 {floor} 层", "出租", 2, (person,), (f"业主 {LONG} 1370000000",)
        )
        for floor in range(1, 19)
        for room in range(1, 5)
    )
    paper = EmergencyPaper("样例花园", "3号楼", "2026-07-06", "09:00", "服务中心 010-1", houses)
    made = emergency.write(tmp_path / "e.pdf", paper)
    pages = _pages(tmp_path / "e.pdf")
    assert made.pages == len(pages) > 3
    assert all(WARNING in page and "应急名单" in page for page in pages)
    begun = next(n for n, page in enumerate(pages) if "紧急联系人" in page)
    assert all("紧急联系人" in page for page in pages[begun:])
    assert f"第 {len(pages)} 页 / 共 {len(pages)} 页" in pages[-1]


def test_a_long_name_wraps_on_its_label(tmp_path: Path) -> None:
    many = tuple(AddressLabel("样例花园", "3号楼", f"3-1-{n:04}", LONG) for n in range(1, 22))
    made = labels.write(tmp_path / "l.pdf", LabelSheet(many, 10, "样例物业"))
    assert (made.pages, made.missing) == (3, ())
    first, *_ = pypdfium2.PdfDocument(tmp_path / "l.pdf")
    text = first.get_textpage()
    for n in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(n)
        assert left > 20
        assert right < 575
        assert 20 < bottom < top < 822
    assert labels.write(tmp_path / "l.pdf", LabelSheet(many[:10])).pages == 1
    with pytest.raises(Problem):
        labels.write(tmp_path / "l.pdf", LabelSheet(many, 11))


@pytest.mark.parametrize("n", [1, 4, 5])
def test_slips_four_to_a_page(tmp_path: Path, n: int) -> None:
    slips = DoorSlips("样例物业", "010-1", "2026-07-06", "温馨提示", "第一段。\n\n第二段。", tuple(map(str, range(n))))
    assert labels.write_slips(tmp_path / "s.pdf", slips).pages == -(-n // 4)
    with pytest.raises(Problem):
        labels.write_slips(tmp_path / "s.pdf", DoorSlips("", "", "2026-07-06", "题", "很长。" * 900, ("1",)))
