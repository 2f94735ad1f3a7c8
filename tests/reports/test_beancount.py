"""The text of a Beancount file: accounts that Beancount takes, amounts from fen, words that cannot break out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from beancount import loader
from beancount.core import account
from hypothesis import given
from hypothesis import strategies as st

from reports import beancount
from reports.beancount import Balance, Posting, Transaction

CODES = st.text(alphabet="AbZ09._-水费物", min_size=1, max_size=6)


@given(st.sets(CODES, max_size=30))
def test_each_code_has_a_component_of_its_own(codes: set[str]) -> None:
    found = beancount.components(codes)
    assert len(set(found.values())) == len(codes)
    assert all(account.is_valid(beancount.receivable(name)) for name in found.values())


def test_a_code_that_beancount_takes_stays() -> None:
    found = beancount.components(["WY", "wy", "物业", "a.b", "1001", "X-wy"])
    assert found == {"WY": "WY", "wy": "X-wy-2", "物业": "X-物业", "a.b": "X-a-b", "1001": "1001", "X-wy": "X-wy"}


def test_every_text_is_read_as_it_was_written(tmp_path: Path) -> None:
    odd = '商 "3" \\ 1\n2026-01-01 open Assets:Cash'
    day = date(2026, 7, 6)
    postings = (Posting(beancount.receivable("WY"), -1, (("charge", odd), ("due", day))),
                Posting(beancount.method_account("union_pay"), 1))  # fmt: skip
    entries = [
        Transaction(day, odd, postings, ("S2026-00000001", "票 1"), (("house", odd),)),
        Balance(day, beancount.receivable("WY"), -1),
    ]
    file = tmp_path / "book.beancount"
    about = {beancount.receivable("WY"): (("name", odd),)}
    file.write_text("\n".join(beancount.lines(odd, entries, about)) + "\n", encoding="utf-8")
    read, errors, options = loader.load_file(str(file))
    assert errors == []
    plain = " ".join(odd.split())
    (said,) = [entry for entry in read if hasattr(entry, "narration")]
    assert (said.narration, said.meta["house"], options["title"]) == (plain, plain, plain)
    assert said.links == {"S2026-00000001", "--1"}
    assert [(p.account, str(p.units)) for p in said.postings] == [
        ("Assets:Receivable:WY", "-0.01 CNY"), ("Assets:UnionPay", "0.01 CNY")]  # fmt: skip
    assert said.postings[0].meta["due"] == day
