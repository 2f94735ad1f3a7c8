"""预存抵扣 at the counter: prepaid balance is put to what is owed now; no receipt number, a slip of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from app.domain.money import yuan
from app.domain.period import Period
from app.security.permissions import Permission
from app.services import look_up, settings
from app.services.bill_papers import span
from app.services.documents import keep, log_prints
from app.services.one_off import payer_of
from app.services.paper_file import put_file
from app.services.purse import Wish
from app.services.refused import refuse
from app.services.set_off import barred, for_prepaid, use
from app.services.use_case import use_case
from db.models.security import User
from db.queries import owed
from db.work import Work
from reports.papers import ReceiptLine, ReceiptPaper

TITLE = "预存抵扣单"


@dataclass(frozen=True, slots=True)
class PrepaidUsed:
    """What was put to which debts, and what is left of the prepaid balance, in fen; the slip's file."""

    house: str
    amount_fen: int
    lines: tuple[tuple[str, str, int], ...]
    prepaid_fen: int
    file: Path


@use_case(Permission.TAKE_PAYMENT, audit="prepaid.used", touches=frozenset({"ledger"}))
def put(
    work: Work, number: str, amount: int | None = None, wishes: Sequence[Wish] = (), target: Path | None = None
) -> PrepaidUsed:
    """Put prepaid balance of the party billed today to principals of the house and its spaces: what is designated, in
    that order, else oldest due first. Late fees and costs take none, nor do items whose rules bar it. Oldest money
    first; it stands on today.

    `amount` in fen, default as much as there is and is owed. Raises Refused `no_prepaid`, `nothing_owed`,
    `prepaid_too_much`, `unknown_debt`, `no_set_off`.
    """
    house = look_up.house(work, number)
    payer = payer_of(work, house)
    left = owed.prepaid(work.connection, (house.id,), payer).get((house.id, payer), 0)
    if left <= 0:
        raise refuse("no_prepaid", "{house} 没有预存。", "请收款。", house=house.number)
    charges = _wanted(work, house.id, payer, wishes)
    due = sum(min(charge.open, limit) for charge, limit in charges)
    if not due:
        raise refuse(
            "nothing_owed",
            "{house} 没有可以用预存抵扣的费用。",
            "违约金和规定不抵扣的项目要用钱交。",
            house=house.number,
        )
    fen = min(left, due) if amount is None else amount
    if not 0 < fen <= min(left, due):
        raise refuse("prepaid_too_much", "最多可以抵扣 {most} 元。", "请改正金额。", most=yuan(min(left, due)),
                     field="amount")  # fmt: skip
    taken = use(work, house.id, payer, charges, fen)
    names = {charge.charge_id: charge for charge, _ in charges}
    lines = tuple(
        (names[charge].item_name, span(names[charge].period_from, names[charge].period_to), part)
        for charge, part in taken.items()
    )
    file = target or work.place.folder / "out" / f"set-off-{house.number}-{work.today.isoformat()}.pdf"
    paper = _paper(work, house, payer, lines, fen)
    (document,) = keep(work, "set_off", [(f"{house.number} {work.seq}", paper)])
    log_prints(work, [document])
    from reports import receipt

    put_file(work, file, lambda path: receipt.write(path, paper, form=settings.value(work, "receipt_paper")))
    detail = {"house": house.number, "amount_fen": fen, "document": document}
    work.audit("prepaid.used", "house", house.id, detail=detail)
    return PrepaidUsed(house.number, fen, lines, left - fen, file)


def _wanted(work: Work, house_id: int, payer: int, wishes: Sequence[Wish]) -> list[tuple[owed.Open, int]]:
    """The principals that prepaid may go to, in order, each with how much at most."""
    owing = owed.open_charges(work.connection, owed.group(work.connection, house_id), payer)
    kept = barred(work)
    charges = for_prepaid(owing, kept)
    if not wishes:
        return [(charge, charge.open) for charge in charges]
    barring = {charge.item: charge.item_name for charge in owing if charge.item_id in kept}
    found: list[tuple[owed.Open, int]] = []
    for wish in wishes:
        hits = [
            charge
            for charge in charges
            if charge.item == wish.item and str(Period.of(charge.period_from)) == wish.period
        ]
        if wish.item in barring:
            raise refuse("no_set_off", "{item} 不能用预存抵扣。", "请用钱交，或经理先改这个项目的规则。",
                         item=barring[wish.item], field="for")  # fmt: skip
        if not hits:
            raise refuse("unknown_debt", "没有这笔未交的费用：{item} {period}。", "请核对项目和账期。", item=wish.item,
                         period=wish.period, field="for")  # fmt: skip
        found += [(charge, charge.open if wish.amount is None else min(charge.open, wish.amount)) for charge in hits]
    return found


def _paper(work: Work, house: Row[Any], payer: int, lines: Sequence[tuple[str, str, int]], fen: int) -> ReceiptPaper:
    said = settings.values(work)
    group = owed.group(work.connection, house.id)
    return ReceiptPaper(
        "",
        work.today.isoformat(),
        said["letterhead"],
        said["office_name"],
        said["telephone"],
        house.number,
        look_up.party_name(work, payer),
        "预存",
        "",
        tuple(ReceiptLine(item, period, part) for item, period, part in lines),
        fen,
        0,
        sum(charge.open for charge in owed.open_charges(work.connection, group, payer)),
        str(work.execute(select(User.name).where(User.id == work.user_id)).scalar_one()),
        title=TITLE,
    )
