"""The audit list in words: every name under which a record keeps a detail, and the kept words themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from ui.pages.trail_words import WORDS, detail_text

SERVICES = Path(__file__).resolve().parents[2] / "app" / "services"


def test_details_are_said_in_words() -> None:
    assert detail_text({"digest": "ab", "amount_fen": 123456, "house": "3-1-0101", "note": None}) == (
        "金额 1,234.56 元，房号 3-1-0101，校验值 ab"
    )
    assert detail_text({"roles": ["cashier"], "enabled": True, "odd": {"a": 1}}) == '角色 收费员，在用 是，odd {"a": 1}'
    assert detail_text({"settings": {"电话": ["", "010-1"], "到期日": ["31", "20"]}, "result": "fail"}) == (
        "设置 电话 空 → 010-1；到期日 31 → 20，结果 不合格"
    )
    assert detail_text({"note": "", "houses": []}) == ""


def test_a_paper_is_said_by_its_digest_and_never_by_its_row() -> None:
    assert detail_text({"number": "F2026-000001", "document": 217}) == "编号 F2026-000001"
    assert detail_text({"reason": "对账", "document": "ab12"}) == "原因 对账，文书 ab12"


def test_kept_words_and_rows_of_parts_are_said_too() -> None:
    assert detail_text({"kind": "heirs_unknown", "way": "call"}) == "种类 继承人未明，方式 电话"
    assert detail_text({"state": "owner"}) == "状态 已入住"
    assert detail_text({"reply": "maybe", "each": "house"}) == "回复 未定，邀请 一户请一位"
    assert detail_text({"relation": "owner"}) == "身份 业主"
    assert detail_text({"ways": [["cash", 50_000], ["wechat", 100]]}) == "方式 现金 500.00 元、微信 1.00 元"
    assert detail_text({"instalments_fen": [["2026-12-10", 15418]]}) == "各期 2026-12-10 154.18 元"
    assert detail_text({"columns": ["number", "owner"], "list": "houses"}) == "列 2，名单 房屋"


def test_every_name_under_which_a_service_keeps_a_detail_has_a_word() -> None:
    kept = {name for file in SERVICES.glob("*.py") for name in _names(ast.parse(file.read_text(encoding="utf-8")))}
    assert len(kept) > 80
    assert sorted(kept - set(WORDS)) == []


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "detail":
            yield from _keys(node.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id == "detail":
                    yield from _keys(node.value)
                elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == "detail":
                    yield from (one.value for one in (target.slice,) if isinstance(one, ast.Constant))


def _keys(value: ast.expr) -> Iterator[str]:
    """The names in dictionaries; what one of them holds inside is a value."""
    if isinstance(value, ast.Dict):
        for key in value.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value
    elif isinstance(value, ast.BinOp):
        yield from _keys(value.left)
        yield from _keys(value.right)
    elif isinstance(value, ast.IfExp):
        yield from _keys(value.body)
        yield from _keys(value.orelse)


def test_a_digest_is_said_by_its_beginning_and_a_file_by_its_name() -> None:
    assert detail_text({"file": "8f9c1b745ede" + "0" * 52, "added": 4}) == "新增 4，校验值 8f9c1b745ede…"
    assert detail_text({"file": "账单.pdf"}) == "文件 账单.pdf"
