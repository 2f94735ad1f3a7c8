"""The list of what is handed over: what is said, what nobody answered."""

from __future__ import annotations

from app.domain.handover import Handover, asked_papers, lines, unanswered

WHOLE = Handover(3, 0, ("deed", "id"), "back", "水卡 1 张")


def test_a_whole_list_leaves_nothing_open() -> None:
    assert unanswered(WHOLE, "transfer", "seller", (), held=True) == ()
    assert lines(WHOLE) == (
        ("钥匙", "3 把"), ("门禁卡", "没有"), ("看过的证件", "双方身份证件、不动产权证"), ("押金", "退给原付款人"),
        ("其他", "水卡 1 张"),
    )  # fmt: skip


def test_what_nobody_answered_is_said() -> None:
    begun = Handover(keys=1, deposit="none")
    assert unanswered(begun, "transfer", "carried", ("水",), held=True) == (
        "没有抄交接读数的表：水；以后的用量都记给接手人。",
        "钥匙、门禁卡还没有点。",
        "没有看到：双方身份证件、不动产权证、旧欠承诺书。",
        "押金怎么办还没有定。",
    )
    assert asked_papers("move_out", "seller") == ()
    assert unanswered(Handover(0, 0), "move_out", "seller", (), held=False) == ()


def test_a_list_that_was_not_begun_asks_for_readings_only() -> None:
    assert unanswered(Handover(), "transfer", "carried", ("电",), held=True) == (
        "没有抄交接读数的表：电；以后的用量都记给接手人。",
    )
    assert lines(Handover()) == ()
