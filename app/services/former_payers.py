"""以前的付款人: who is no longer billed for a house but still owes there, after a sale or a move."""

from __future__ import annotations

from dataclasses import dataclass

from app.security.permissions import Permission
from app.services import late_fees, look_up
from app.services.refused import refuse
from app.services.use_case import use_case
from db.queries import owed
from db.work import Work


@dataclass(frozen=True, slots=True)
class Former:
    """Somebody who is no longer billed for a house but owes there: posted fen, and the late fee to today besides."""

    payer: str
    owed_fen: int
    late_fee_fen: int

    @property
    def due_fen(self) -> int:
        """All that settles it today, in fen."""
        return self.owed_fen + self.late_fee_fen


def _owing_before(work: Work, number: str) -> dict[int, list[owed.Open]]:
    """What parties that are not billed today owe at a house and the spaces billed with it."""
    house = look_up.house(work, number)
    today = look_up.payer_on(work, house.id, work.today)
    found: dict[int, list[owed.Open]] = {}
    for charge in owed.open_charges(work.connection, owed.group(work.connection, house.id)):
        if charge.payer_id != today:
            found.setdefault(charge.payer_id, []).append(charge)
    return found


def party(work: Work, number: str, name: str) -> int:
    """The party of that name that was billed for a house before and owes there. Raises Refused `unknown_payer`. For
    bodies of use cases.
    """
    owing = _owing_before(work, number)
    names = look_up.party_names(work, owing)
    found = [payer for payer in owing if names[payer] == name.strip()]
    if len(found) != 1:
        raise refuse(
            "unknown_payer", "{house} 以前的付款人里没有欠费的 {name}。",
            "可选：" + ("、".join(names.values()) or "（没有）"), house=number, name=name, field="payer",
        )  # fmt: skip
    return found[0]


@use_case(Permission.SEE_MONEY)
def former(work: Work, number: str) -> tuple[Former, ...]:
    """Who was billed for a house before and still owes there."""
    owing = _owing_before(work, number)
    names = look_up.party_names(work, owing)
    return tuple(
        Former(
            names[payer],
            sum(charge.open for charge in charges),
            sum(late_fees.quote(work, charges, work.today).values()),
        )
        for payer, charges in owing.items()
    )
