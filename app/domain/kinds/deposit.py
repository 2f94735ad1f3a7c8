"""押金: an amount that is taken and owed back: no income, no late fee, no VAT, in no collection rate (HANDBOOK §2.1).

Local law may forbid or cap it; 装修保证金 is known to it, e.g. 山东省物业管理条例.
"""

from __future__ import annotations

from app.domain.charge import Kind
from app.domain.kinds import once
from app.domain.period import When

KIND = Kind("deposit", "押金", When.ADVANCE, "笔", once.parse_params, once.line, periodic=False, liability=True)
