"""Dunning papers: everything is printed inside the margins, the proof of service stays whole, nothing is threatened."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.capitals import capital
from app.domain.money import yuan
from app.domain.problem import Problem
from reports import dunning
from reports.dunning_sheet import long_day, marked, salutation
from reports.papers import DunPaper
from reports.sheet import Strong
from tests.reports.making import Page, a_dun, a_dun_line, pages

STAGES = ("reminder", "notice", "letter", "legal")


def _write(path: Path, *papers: DunPaper) -> list[Page]:
    made = dunning.write(path / "d.pdf", papers)
    shown = pages(path / "d.pdf")
    assert made.pages == len(shown)
    return shown


def _inside(shown: list[Page], left: float, right: float, top: float, bottom: float) -> None:
    for page in shown:
        assert (round(page.width), round(page.height)) == (210, 297)
        assert page.left >= left
        assert page.right <= 210 - right + 0.1
        assert page.top >= top
        assert page.bottom >= bottom


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("lines", [1, 2, 5, 8, 12, 13, 40])
def test_every_length_of_every_stage(tmp_path: Path, stage: str, lines: int) -> None:
    paper = a_dun(stage, lines)
    shown = _write(tmp_path, paper)
    text = "".join(page.text for page in shown)
    for said in (paper.number, paper.house, "王样例", yuan(paper.total), "样例花园服务中心"):
        assert said.replace(" ", "") in text
    if stage != "reminder":
        assert capital(paper.total) in text or stage == "letter"
        assert all(yuan(line.amount) in text for line in paper.lines)
    if stage in ("letter", "legal"):
        _inside(shown, 26.9, 25, 20, 12)
    else:
        _inside(shown, 7, 7, 7, 12)
    if len(shown) > 1:
        assert all(f"第{n}页/共{len(shown)}页" in page.text for n, page in enumerate(shown, 1))


@pytest.mark.parametrize("lines", [1, 12, 13, 40])
def test_the_proof_of_service_stands_whole_on_the_first_page(tmp_path: Path, lines: int) -> None:
    shown = _write(tmp_path, a_dun("letter", lines))
    fields = ("送达回证", "送达方式", "□当面", "□留置（照片）", "□邮寄", "□短信", "□其他", "收件人签名", "与业主关系",
              "日期时刻", "拒收原因", "见证人（1）", "见证人（2）", "送达人")  # fmt: skip
    assert all(field in shown[0].text for field in fields)
    assert "送达回执" not in shown[0].text
    assert all("送达回证" not in page.text for page in shown[1:])
    assert ("附件" in shown[0].text) == (len(shown) > 1)


def test_a_long_table_becomes_an_annex_with_its_head_on_each_page(tmp_path: Path) -> None:
    shown = _write(tmp_path, a_dun("letter", 40))
    assert len(shown) == 3
    assert "合计40笔" in shown[0].text
    assert "先生/女士" in shown[0].text
    assert all("附件：欠费明细表" in page.text and "违约金（元）" in page.text for page in shown[1:])


def test_slips_share_pages_and_letters_do_not(tmp_path: Path) -> None:
    assert len(_write(tmp_path, *(a_dun("reminder", 3) for _ in range(4)))) == 2
    assert len(_write(tmp_path, *(a_dun("notice", 3) for _ in range(3)))) == 2
    assert len(_write(tmp_path, *(a_dun("letter", 1) for _ in range(3)))) == 3
    mixed = [a_dun("reminder", 1), a_dun("notice", 1), a_dun("letter", 1), a_dun("notice", 20), a_dun("notice", 2)]
    mixed = [replace(paper, number=f"H2026-00000{n}") for n, paper in enumerate(mixed)]
    shown = _write(tmp_path, *mixed)
    assert [[n for n in range(5) if f"H2026-00000{n}" in page.text] for page in shown] == [[0], [1], [2], [3], [4]]


def test_a_reminder_names_five_lines_and_sums_the_rest(tmp_path: Path) -> None:
    (page,) = _write(tmp_path, a_dun("reminder", 8))
    assert "物业服务费5" in page.text
    assert "物业服务费6" not in page.text
    assert "其余3笔" in page.text
    assert yuan(sum(20_962 + n for n in (6, 7, 8))) in page.text


def test_a_late_fee_alone_and_a_contract_without_one(tmp_path: Path) -> None:
    lines = (a_dun_line(1, late_only=True, amount=377, late_fee=377), a_dun_line(2, late_fee=None))
    (page,) = _write(tmp_path, replace(a_dun("letter"), lines=lines, principal=20_964, late_fee=377))
    assert "物业服务费1（违约金）" in page.text
    assert page.text.count("—") == 2
    assert yuan(20_964 + 377) in page.text


def test_whom_a_letter_speaks_to() -> None:
    paper = a_dun()
    assert salutation(paper) == "王样例 先生/女士（样例花园 3-2-1102 业主）："
    assert salutation(replace(paper, user="赵租户")).endswith("、赵租户（使用人）：")
    assert salutation(replace(paper, addressee="样例餐饮有限公司")) == "样例餐饮有限公司（样例花园 3-2-1102 业主）："
    assert salutation(replace(paper, addressee="业主（未登记）3-2-1102")) == "样例花园 3-2-1102 业主："
    assert long_day("2026-07-06") == "2026 年 7 月 6 日"
    assert long_day("收到后十五日") == "收到后十五日"
    assert marked("请于 **7 日**前") == ("请于 ", Strong("7 日"), "前")


@pytest.mark.parametrize("stage", STAGES)
def test_long_names_wrap_and_rare_characters_print(tmp_path: Path, stage: str) -> None:
    names = "、".join(["欧阳㛃喆堃昇䶮"] * 6)
    item = "住宅小区物业服务费（含电梯运行维护、公共照明及保洁绿化，甲级服务标准）"
    lines = tuple(a_dun_line(n, item=item, period="2026-05-10 至 2026-05-31") for n in range(5))
    shown = _write(tmp_path, replace(a_dun(stage), addressee=names, user="样例餐饮管理有限公司", lines=lines))
    text = "".join(page.text for page in shown).replace("\x02", "").replace("\ufffe", "")
    assert names in text
    assert item in text
    made = dunning.write(tmp_path / "r.pdf", [a_dun(stage, addressee="王\U00020bb7")])
    assert made.missing == ("\U00020bb7",)


def test_a_text_longer_than_a_page_goes_on_and_one_that_no_page_holds_is_refused(tmp_path: Path) -> None:
    longer = a_dun("letter", 3, text=("约定" * 300, "事实" * 300, "请求" * 300))
    shown = _write(tmp_path, longer)
    assert len(shown) == 4
    assert "送达回证" in shown[0].text
    assert "2026年7月6日" in shown[2].text
    assert "附件" in shown[3].text
    with pytest.raises(Problem) as refused:
        dunning.write(tmp_path / "x.pdf", [a_dun("letter", 3, text=("约定" * 3_000,))])
    assert refused.value.code == "paper.too_long"
    with pytest.raises(ValueError, match="unknown stage"):
        dunning.write(tmp_path / "x.pdf", [a_dun("threat")])


def test_a_file_for_the_lawyer_tells_the_history(tmp_path: Path) -> None:
    shown = _write(tmp_path, a_dun("legal"))
    text = "".join(page.text for page in shown)
    assert all(said in text for said in ("律师函／起诉材料（移交）", "诉讼时效", "催缴与送达记录", "王样例本人签收"))
    assert "送达回证" not in text
    bare = "".join(page.text for page in _write(tmp_path, replace(a_dun("legal", text=()), history=(), limitation="")))
    assert "无记录" in bare
    assert "二、" not in bare.replace("二、催缴与送达记录", "")


def test_the_same_values_make_the_same_file(tmp_path: Path) -> None:
    papers = [a_dun(stage, 6) for stage in STAGES]
    for name in ("a.pdf", "b.pdf"):
        dunning.write(tmp_path / name, papers)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


NAMES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x30000, exclude_categories=("C", "Z")), min_size=1, max_size=40
)


@settings(max_examples=20, deadline=None)
@given(
    stage=st.sampled_from(STAGES),
    name=NAMES,
    item=NAMES,
    amounts=st.lists(st.integers(1, 10**11), min_size=1, max_size=20),
)
def test_any_name_and_every_sum_print(stage: str, name: str, item: str, amounts: list[int]) -> None:
    lines = tuple(a_dun_line(n, item=item, amount=fen, late_fee=fen // 7) for n, fen in enumerate(amounts))
    paper = replace(
        a_dun(stage), addressee=name, lines=lines, principal=sum(amounts), late_fee=sum(fen // 7 for fen in amounts)
    )
    with tempfile.TemporaryDirectory() as scratch:
        text = "".join(page.text for page in _write(Path(scratch), paper))
    assert yuan(paper.total) in text
    if stage != "reminder":
        assert all(yuan(fen) in text and yuan(fen // 7) in text for fen in amounts)
