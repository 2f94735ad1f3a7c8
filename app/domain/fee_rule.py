"""What an item's rules may say: due day, set-off, late fee, VAT (HANDBOOK §2.8–§2.10, §3)."""

from __future__ import annotations

from enum import StrEnum

from app.domain.problem import problem
from app.domain.quantity import RATE_SCALE


class SetOff(StrEnum):
    """Whether prepaid balance may settle an item's charges (HANDBOOK §2.9)."""

    ALLOWED = "allowed"
    BARRED = "barred"


def check_due(day: int | None, offset: int | None) -> None:
    """Due day 1 to 31 and its offset in months, 0 to 12; None: the office's settings.

    Raises: `fee.due_day`, `fee.due_offset`.
    """
    if day is not None and not 1 <= day <= 31:
        raise problem("fee.due_day", "到期日应为 1 到 31。", "请改正到期日。")
    if offset is not None and not 0 <= offset <= 12:
        raise problem("fee.due_offset", "到期月偏移应为 0 到 12。", "请改正到期月偏移。")


def check_rates(
    late_rate: int | None, late_cap: int | None, grace: int, vat_rate: int | None, *, liability: bool
) -> None:
    """Late rate (1e-8 a day) and VAT (1e-8), None where there is none; the cap of the late fee (1e-6 of the principal,
    None: no cap) and its days of grace. A deposit has neither late fee nor VAT.

    Raises: `fee.grace`, `fee.late_rate`, `fee.late_cap`, `fee.vat_rate`, `fee.deposit`.
    """
    if not 0 <= grace <= 365:
        raise problem("fee.grace", "宽限应为 0 到 365 天。", "请改正宽限天数。")
    if late_rate is not None and late_rate < 0:
        raise problem("fee.late_rate", "违约金日利率不能是负数。", "请改正日利率。")
    if late_cap is not None and late_cap <= 0:
        # A cap of nothing would let every late fee vanish without a word.
        raise problem("fee.late_cap", "违约金上限应大于 0。", "请填本金的倍数，如 1。")
    if vat_rate is not None and not 0 <= vat_rate < RATE_SCALE:
        raise problem("fee.vat_rate", "增值税率应在 0 到 100% 之间。", "请填 0.06 这样的数。")
    if liability and (late_rate is not None or vat_rate is not None):
        raise problem("fee.deposit", "押金是要退的，没有违约金，也没有增值税。", "请去掉违约金和税率。")
