"""The notice of a divided cost: before and after the run the same shares, and nobody's name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from app.domain.money import Fen
from app.services import cost_notice, shared_costs
from app.services.refused import Refused
from app.services.shared_costs import NewCost
from db.types import canonical_json
from tests.builders import Office, command


@pytest.fixture
def lit(office: Office) -> Office:
    numbers = tuple(f"3-{1 + n // 20}-{1 + n % 20 // 4:02}0{1 + n % 4}" for n in range(100))
    office.with_houses(numbers).with_item("GT", "shared", {"by": "area"}, name="公摊电费")
    cost = NewCost("GT", "2026-06", Fen(100_001), invoice="25512345", supplier="供电公司", quantity=12_340_000,
                   unit_price=810_000)  # fmt: skip
    shared_costs.add(office.manager, cost)
    return office


def _words(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_the_same_before_and_after_the_run_and_all_houses_in_order(lit: Office) -> None:
    before = cost_notice.publish(lit.manager, "GT", "2026-06")
    assert (before.amount_fen, before.houses, before.costs, before.billed) == (100_001, 100, 1, False)
    assert before.pages > 1
    lit.bill("2026-07")
    after = cost_notice.publish(lit.manager, "GT", "2026-06", None, date(2026, 7, 10), date(2026, 7, 24))
    assert after.billed
    first, second = (json.loads(body) for (body,) in lit.sql("SELECT body FROM document WHERE kind = 'cost_notice'"))
    assert first["costs"][0]["shares"] == second["costs"][0]["shares"]
    shares = second["costs"][0]["shares"]
    assert sum(share["amount"] for share in shares) == 100_001
    assert [share["amount"] for share in shares] == [1001] + [1000] * 99
    assert [share["house"] for share in shares][:3] == ["3-1-0101", "3-1-0102", "3-1-0103"]
    words = _words(after.file)
    assert all(share["house"] in words for share in shares)
    for said in ("25512345", "供电公司", "1234", "0.81", "2026 年 7 月 10 日 至 2026 年 7 月 24 日", "第 2 页"):
        assert said in words, said
    assert "业主" not in canonical_json(second) + words


def test_what_is_refused_and_the_command(lit: Office) -> None:
    lit.with_item("WY")
    for code, period, refusal in (("WY", "2026-06", "not_shared"), ("GT", "2026-05", "no_cost")):
        with pytest.raises(Refused) as why:
            cost_notice.publish(lit.manager, code, period)
        assert why.value.problem.code == refusal
    with pytest.raises(Refused, match="止日早于起日"):
        cost_notice.publish(lit.manager, "GT", "2026-06", None, date(2026, 7, 10), date(2026, 7, 9))
    folder = lit.folder
    lit.close()
    file = folder / "out" / "gs.pdf"
    status, said = command(folder, "cost", "notice", "GT", "--period", "2026-06", "--out", str(file))
    assert (status, said["houses"], said["billed"], Path(said["file"]).exists()) == (0, 100, False, True)
