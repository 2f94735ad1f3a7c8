"""How far a new office has come: what the first days' list ticks off."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.security.permissions import Permission
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Charge
from db.models.meter import Reading
from db.models.people import Resident
from db.models.run import BillRun
from db.models.tariff import Tariff
from db.work import Work


@dataclass(frozen=True, slots=True)
class SetUp:
    """Counts of houses and fee items with a price, and which of the first steps were taken."""

    houses: int
    priced: int
    residents: bool
    opening: bool
    read: bool
    billed: bool

    @property
    def done(self) -> bool:
        """Whether a first month was billed: then there is nothing left to set up."""
        return self.billed


@use_case(Permission.RUN_BILLS)
def state(work: Work) -> SetUp:
    """What stands by now."""
    priced = select(func.count(func.distinct(Tariff.item_id)))
    twice = select(Reading.meter_id).group_by(Reading.meter_id).having(func.count() > 1)
    return SetUp(
        int(work.execute(select(func.count(House.id))).scalar_one()),
        int(work.execute(priced).scalar_one()),
        _any(work, select(Resident.id)),
        _any(work, select(Charge.id).where(Charge.kind == "opening")),
        _any(work, twice),
        _any(work, select(BillRun.id)),
    )


def _any(work: Work, rows: Select[int]) -> bool:
    return work.execute(rows.limit(1)).first() is not None
