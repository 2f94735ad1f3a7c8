"""交接清单 at a 过户 or 退租: what is handed over and seen besides the money, what nobody answered (HANDBOOK §5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PAPERS: Mapping[str, str] = {
    "id": "双方身份证件", "deed": "不动产权证", "contract": "买卖或租赁合同", "proxy": "授权委托书",
    "promise": "旧欠承诺书",
}  # fmt: skip
DEPOSITS: Mapping[str, str] = {
    "none": "没有押金", "back": "退给原付款人", "later": "验房后再退", "passes": "双方自行结清",
}  # fmt: skip
MOST = 99
"""Keys or cards at most."""


@dataclass(frozen=True, slots=True)
class Handover:
    """How many keys and cards were handed over (None: nobody counted), which papers were seen (codes of PAPERS), what
    becomes of the deposit (code of DEPOSITS, empty: not said), other words.
    """

    keys: int | None = None
    cards: int | None = None
    papers: tuple[str, ...] = ()
    deposit: str = ""
    note: str = ""


def asked_papers(kind: str, arrears: str) -> tuple[str, ...]:
    """The papers that must be seen: at a sale who they are and whose it is, the promise where arrears pass over."""
    wanted = ("id", "deed") if kind == "transfer" else ()
    return (*wanted, "promise") if arrears == "carried" else wanted


def unanswered(handover: Handover, kind: str, arrears: str, unread: tuple[str, ...], *, held: bool) -> tuple[str, ...]:
    """What is still open, as sentences: meters that are `unread`, and of a list that was begun keys, papers, the
    deposit that is `held`.
    """
    said = []
    if unread:
        said.append(f"没有抄交接读数的表：{'、'.join(unread)}；以后的用量都记给接手人。")
    if handover == Handover():
        return tuple(said)
    if handover.keys is None or handover.cards is None:
        said.append("钥匙、门禁卡还没有点。")
    missing = [PAPERS[code] for code in asked_papers(kind, arrears) if code not in handover.papers]
    if missing:
        said.append(f"没有看到：{'、'.join(missing)}。")
    if held and handover.deposit in ("", "none"):
        said.append("押金怎么办还没有定。")
    return tuple(said)


def lines(handover: Handover) -> tuple[tuple[str, str], ...]:
    """The list as it is printed: the point and what was said of it; what nobody answered has none."""

    def count(n: int | None, unit: str) -> str:
        return "" if n is None else f"{n} {unit}" if n else "没有"

    said = (
        ("钥匙", count(handover.keys, "把")),
        ("门禁卡", count(handover.cards, "张")),
        ("看过的证件", "、".join(PAPERS[code] for code in PAPERS if code in handover.papers)),
        ("押金", DEPOSITS.get(handover.deposit, "")),
        ("其他", handover.note),
    )
    return tuple((point, words) for point, words in said if words)
