"""Which tables a workbook of each import kind may hold."""

from __future__ import annotations

from reports.excel.bank_columns import BANK
from reports.excel.columns import Table
from reports.excel.equipment_columns import EQUIPMENT
from reports.excel.history_columns import HISTORY
from reports.excel.opening_columns import ARREARS, DEPOSITS, METERS, OFFICE, PREPAID, READINGS, SETTLED, TIERS
from reports.excel.payment_columns import PAYMENTS
from reports.excel.register_columns import BUILDINGS, FEE_ITEMS, HOUSES, OWNERS, SPACES

OPENING = (ARREARS, PREPAID, DEPOSITS, SETTLED, METERS, TIERS, OFFICE)
TABLES: dict[str, tuple[Table, ...]] = {
    "houses": (HOUSES, SPACES, BUILDINGS, OWNERS, FEE_ITEMS),
    "residents": (HOUSES, OWNERS),
    "opening": OPENING,
    "meters": (METERS,),
    "readings": (READINGS,),
    "equipment": (EQUIPMENT,),
    "history": (HISTORY,),
    "payments": (PAYMENTS,),
    "bank": (BANK,),
}
