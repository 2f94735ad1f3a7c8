"""Texts of dunning papers: the packaged ones are complete, what the law asks stays, nothing is threatened."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dunning import Stage
from app.domain.letter_text import FIELDS, REQUIRED, Facts, check, fill, in_chinese
from app.domain.problem import Problem

FOLDER = Path(__file__).parents[2] / "resources" / "letters"
FACTS = Facts(
    date(2026, 7, 6), date(2026, 7, 21), "依据《样例花园前期物业服务合同》第十二条。", 4, 48_830, 455,
    "算至 2026-07-06，按日万分之5，按实际交费日另计", "010-0000 0000", "样例花园服务中心", "样例物业", "样例花园",
    "3-2-1102",
)  # fmt: skip


def _packaged(stage: Stage) -> str:
    return (FOLDER / f"{stage}.txt").read_text(encoding="utf-8")


def _refused(stage: Stage, text: str) -> str:
    with pytest.raises(Problem) as refused:
        check(stage, text)
    return refused.value.code


@pytest.mark.parametrize("stage", list(Stage))
def test_the_packaged_texts_hold_what_they_must(stage: Stage) -> None:
    text = _packaged(stage)
    paragraphs = fill(stage, text, FACTS.values())
    assert not any("{" in paragraph for paragraph in paragraphs)
    assert "2026 年 7 月 21 日" in "".join(paragraphs) or stage == Stage.LEGAL
    for part in REQUIRED[stage]:
        assert _refused(stage, text.replace(part, "某")) in ("letter.missing", "letter.unknown_field")


def test_fields_are_filled_and_the_clause_reads_on() -> None:
    text = "".join(fill(Stage.LETTER, _packaged(Stage.LETTER), FACTS.values()))
    assert text.startswith("根据《样例花园前期物业服务合同》第十二条，您应当")
    assert "**人民币肆佰玖拾贰元捌角伍分（¥492.85）**。违约金算至 2026-07-06" in text
    assert set(FACTS.values()) == set(FIELDS)


def test_an_office_that_set_nothing_still_has_a_letter() -> None:
    bare = Facts(date(2026, 7, 6), date(2026, 7, 21), "", 1, 5_000, 0, "", "", "", "", "样例花园", "3-2-1102")
    text = "".join(fill(Stage.LETTER, _packaged(Stage.LETTER), bare.values()))
    assert "根据物业服务合同的约定，" in text
    assert "与我们联系：服务中心前台" in text
    assert "违约金" not in text


@pytest.mark.parametrize(
    "words",
    ["停水", "停电", "停气", "停暖", "断水断电", "停止供水", "中断供电", "限电", "掐断您家的燃气", "停 水", "停**电**",
     "停供热", "停止对您户内供应天然气", "停用水电"],
)  # fmt: skip
def test_cutting_off_is_never_mentioned(words: str) -> None:
    assert _refused(Stage.REMINDER, f"请于 {{deadline}} 前交清，否则{words}。") == "letter.threat"


@pytest.mark.parametrize(
    "words", ["停车费", "水电费", "有关水费", "判断水费", "电梯停用", "期限电话", "停用电梯", "天气热", "停车位电费"]
)
def test_innocent_words_pass(words: str) -> None:
    assert check(Stage.REMINDER, f"{words}，请于 {{deadline}} 前交清。")


def test_a_value_may_not_bring_in_what_the_text_may_not_say() -> None:
    values = {**FACTS.values(), "clause": "合同第九条（欠费停水）"}
    with pytest.raises(Problem) as refused:
        fill(Stage.LETTER, _packaged(Stage.LETTER), values)
    assert refused.value.code == "letter.threat"


def test_what_is_no_text_is_refused() -> None:
    assert _refused(Stage.REMINDER, " \n ") == "letter.empty"
    assert _refused(Stage.REMINDER, "{deadline}" + "长" * 3_000) == "letter.too_long"
    assert _refused(Stage.REMINDER, "{deadline} {owner}") == "letter.unknown_field"
    assert _refused(Stage.REMINDER, "{deadline} }") == "letter.unknown_field"
    assert _refused(Stage.REMINDER, "{deadline} **重") == "letter.marks"
    assert _refused(Stage.REMINDER, "快交") == "letter.missing"


@given(st.text(max_size=80))
def test_any_text_is_kept_or_refused_with_a_sentence(text: str) -> None:
    try:
        kept = check(Stage.REMINDER, "{deadline}" + text)
    except Problem:
        return
    assert fill(Stage.REMINDER, kept, FACTS.values())


def test_fields_are_named_in_chinese_and_kept_in_english() -> None:
    kept = check(Stage.REMINDER, "您有 {欠费笔数} 笔，请于 {交费期限} 前交清。{违约金说明}{deadline}")
    assert kept == "您有 {count} 笔，请于 {deadline} 前交清。{late_fee_sentence}{deadline}"
    assert in_chinese(kept) == "您有 {欠费笔数} 笔，请于 {交费期限} 前交清。{违约金说明}{交费期限}"
    assert len({field.shown for field in FIELDS.values()}) == len(FIELDS)
