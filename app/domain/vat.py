"""VAT inside a price (增值税法 art. 7, 10, 11; HANDBOOK §2.10). Rates are 1e-8 and effective-dated by the caller."""

from __future__ import annotations

from app.domain.money import ZERO, Fen
from app.domain.quantity import RATE_SCALE
from app.domain.rounding import round_ratio


def split(gross: Fen, rate: int) -> tuple[Fen, Fen]:
    """Net and tax of a price that includes tax: net = gross / (1 + rate) half up, tax = gross − net."""
    net = round_ratio(gross * RATE_SCALE, RATE_SCALE + rate)
    return net, Fen(gross - net)


def water_difference(collected: Fen, paid_to_supplier: Fen, rate: int) -> tuple[Fen, Fen, Fen]:
    """Taxable gross, net and tax of water passed on: only the difference is taxed, a loss gives no negative tax
    (国家税务总局公告2016年第54号).
    """
    taxable = Fen(max(ZERO, collected - paid_to_supplier))
    return taxable, *split(taxable, rate)
