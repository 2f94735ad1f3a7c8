"""What an import found is shown without whole telephone and identity numbers."""

from __future__ import annotations

import pytest

from app.services.import_masking import previewed, shown
from reports.excel.mapping import SheetGuess, SheetMapping
from reports.excel.records import Finding


@pytest.mark.parametrize(
    ("column", "value", "reason", "code", "words"),
    [
        ("手机", "1380000093", "电话“1380000093”的格式不对，已照原样保存。", "person.phone",
         ("138***0093", "电话“138***0093”的格式不对，已照原样保存。")),
        ("联系方式", "138-0000-0102", "与另一个人相同。", "person.shared", ("138******0102", "与另一个人相同。")),
        ("证件号", "110101199003070011", "校验位不对。", "person.id_number", ("110***********0011", "校验位不对。")),
        ("姓名", "张三", "这户的张三在第 12 行已有。", "person.twice", ("张三", "这户的张三在第 12 行已有。")),
        ("金额", "12345678", "与已导入的不同。", "opening_differs", ("12345678", "与已导入的不同。")),
    ],
)  # fmt: skip
def test_personal_numbers_are_hidden(column: str, value: str, reason: str, code: str, words: tuple[str, str]) -> None:
    found = shown(Finding("住户", 38, column, value, reason, code))
    assert (found.value, found.reason) == words


def test_first_rows_of_a_sheet_hide_them_under_any_head() -> None:
    samples = ("3-1-0101，3-1-0102", "010-6655 4433，13800000102", "11010119900307001X", "2026-07-06，1234.56")
    mapping = SheetMapping("houses", 0, 0, {1: "owner.phone"})
    guess = SheetGuess("住户", True, mapping, ("房号", "丙", "丁", "交付日"), samples, ())
    assert previewed(guess).samples == (
        "3-1-0101，3-1-0102", "010******4433，138****0102", "110***********001X", "2026-07-06，1234.56")  # fmt: skip
