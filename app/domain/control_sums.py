"""Control sums of a month (月结): what its entries add up to, and what stands at the end of its last day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MethodSum:
    """What came in and what was given back in one way (cash, bank …) during the month, in fen.

    Voids and reversals are taken off what came in.
    """

    method: str
    received_fen: int
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class ControlSums:
    """In fen. Charged, adjusted, received and set off are of the month's days and leave out the opening; deposits
    (押金) are no charge. Prepaid balance, deposits held and arrears are those at the end of the month's last day.
    """

    charged_fen: int
    adjusted_fen: int
    methods: tuple[MethodSum, ...]
    set_off_fen: int
    prepaid_fen: int
    deposits_fen: int
    arrears_fen: int

    @property
    def received_fen(self) -> int:
        """What came in in all ways together."""
        return sum(each.received_fen for each in self.methods)

    @property
    def refunded_fen(self) -> int:
        """What was given back in all ways together."""
        return sum(each.refunded_fen for each in self.methods)
