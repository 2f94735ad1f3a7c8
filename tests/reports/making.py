"""Papers for tests: valid by default, name only what matters; and a reader of what a PDF says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2

from reports.papers import (
    BillLine,
    BillPaper,
    CloseCashier,
    CloseMethod,
    ClosePaper,
    DunEvent,
    DunLine,
    DunPaper,
    ProofPaper,
    ProofRow,
    ReceiptLine,
    ReceiptPaper,
    StatementPaper,
    StatementRow,
)

POINTS = 72 / 25.4


def a_line(place: int = 1, **more: Any) -> BillLine:
    said = {"item": f"物业费{place}", "period": "2026-07", "previous": "", "current": "", "quantity": "89.2 m²",
            "price": "2.35", "amount": 20_962 + place}  # fmt: skip
    return BillLine(**{**said, **more})


def a_bill(lines: int = 3, **more: Any) -> BillPaper:
    rows = tuple(a_line(n + 1) for n in range(lines))
    subtotal = sum(row.amount for row in rows)
    said: dict[str, Any] = {
        "number": "B2026-07-000412", "month": "2026-07", "printed_on": "2026-07-06",
        "letterhead": "样例物业服务有限公司", "office_name": "样例花园服务中心", "house": "3-2-1102",
        "owner": "王样例", "area": "89.20 m²", "due": "2026-07-31", "lines": rows, "subtotal": subtotal,
        "earlier_note": "物业费 2026-05，共 1 笔", "earlier": 48_830,
        "late_fee_note": "算至 2026-07-06，按日万分之5，按实际交费日另计", "late_fee": 455,
        "set_off": 0, "prepaid_left": 0,
        "total": subtotal + 48_830 + 455, "bank_account": "样例银行 0000 0000 0000 000", "telephone": "010-0000 0000",
        "clause": "依合同第十二条", "reference": "ANJU:BILL:B2026-07-000412",
    }  # fmt: skip
    return BillPaper(**{**said, **more})


def a_receipt(lines: int = 2, **more: Any) -> ReceiptPaper:
    rows = tuple(ReceiptLine(f"物业费{n + 1}", "2026-05 至 2026-07", 20_962 + n) for n in range(lines))
    said: dict[str, Any] = {
        "number": "S2026-00000087", "date": "2026-07-06", "letterhead": "样例物业服务有限公司",
        "office_name": "样例花园服务中心", "telephone": "010-0000 0000", "house": "3-2-1102", "payer": "王样例",
        "method": "现金", "bills": "B2026-07-000412", "lines": rows, "total": sum(row.amount for row in rows),
        "prepaid": 0, "owed_left": 8_000, "cashier": "陆样岗", "check": "812:3F2A91C0",
    }  # fmt: skip
    return ReceiptPaper(**{**said, **more})


def a_statement(rows: int = 3) -> StatementPaper:
    entries = tuple(
        StatementRow("2026-07-06", "应收 物业费", "B2026-07-000412", "2026-07", 20_962, 20_962 * (n + 1))
        for n in range(rows)
    )
    return StatementPaper("3-2-1102", "王样例", "2026-07-06", "样例物业", "样例花园", entries, 20_962 * rows, 0, 0)


@dataclass(frozen=True)
class Page:
    """What stands on a page: its text without blanks, its size and the bounds of its text, in mm."""

    text: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


def pages(path: Path) -> list[Page]:
    document = pypdfium2.PdfDocument(path)
    found = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        width, height = page.get_size()
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
        boxes = [box for box in boxes if box[2] > box[0]]
        found.append(
            Page(
                "".join(text.get_text_range().split()),
                width / POINTS,
                height / POINTS,
                min(box[0] for box in boxes) / POINTS,
                max(box[2] for box in boxes) / POINTS,
                (height - max(box[3] for box in boxes)) / POINTS,
                min(box[1] for box in boxes) / POINTS,
            )
        )
        text.close()
        page.close()
    document.close()
    return found


LETTER_TEXT = (
    "根据《样例花园前期物业服务合同》第十二条，您应当在每期账单载明的到期日前交纳物业服务费及代收费用。"
    "截至 2026 年 7 月 6 日，您尚有下列已到期款项未交：",
    "以上共计**人民币肆佰玖拾贰元捌角伍分（¥492.85）**。违约金按合同约定计算，算至本函日期，之后按实际交费日另计。",
    "《中华人民共和国民法典》第九百四十四条规定，业主应当按照约定向物业服务人支付物业费；物业服务人已经按照约定和有关规定提供服务的，"
    "业主不得以未接受或者无需接受相关物业服务为由拒绝支付物业费。业主违反约定逾期不支付物业费的，物业服务人可以催告其在合理期限内支付；"
    "合理期限届满仍不支付的，物业服务人可以提起诉讼或者申请仲裁。",
    "现请您于 **2026 年 7 月 21 日**前交清上述款项。如对金额有异议，或需要分期，请在该日前与我们联系：010-0000 0000，"
    "地址：样例花园服务中心前台。若您已经交费，请忽略本函并告知我们核对。",
)
SLIP_TEXT = {
    "reminder": ("您有下列费用已过到期日，可能是一时忘了。方便时请于 **2026 年 7 月 21 日**前交清，谢谢您的支持。",),
    "notice": ("截至 2026 年 7 月 6 日，下列费用已过到期日仍未交纳，请于 **2026 年 7 月 21 日**前交清。",),
}


def a_dun_line(place: int = 1, **more: Any) -> DunLine:
    said = {"item": f"物业服务费{place}", "period": "2026-05", "due": "2026-05-31", "amount": 20_962 + place,
            "days": 36, "late_fee": 377}  # fmt: skip
    return DunLine(**{**said, **more})


def a_dun(stage: str = "letter", lines: int = 4, **more: Any) -> DunPaper:
    rows = tuple(a_dun_line(n + 1) for n in range(lines))
    said: dict[str, Any] = {
        "stage": stage, "number": "H2026-000031", "on": "2026-07-06", "letterhead": "样例物业服务有限公司",
        "office_name": "样例花园服务中心", "estate": "样例花园", "house": "3-2-1102", "addressee": "王样例", "user": "",
        "lines": rows, "principal": sum(row.amount for row in rows), "late_fee": 377 * lines,
        "late_fee_note": "算至 2026-07-06，按日万分之5，按实际交费日另计", "deadline": "2026-07-21",
        "text": SLIP_TEXT.get(stage, LETTER_TEXT), "bank_account": "样例银行 0000 0000 0000 000",
        "telephone": "010-0000 0000", "reference": "ANJU:DUN:H2026-000031",
    }  # fmt: skip
    if stage == "legal":
        said["history"] = (
            DunEvent("2026-05-08", "温馨提示", "H2026-000012", "已投递"),
            DunEvent("2026-06-20", "催缴函送达（当面）", "H2026-000021", "王样例 本人签收"),
            DunEvent("2026-06-28", "电话", "", "承诺月底交纳"),
        )
        said["limitation"] = "最早一笔的诉讼时效自 2026 年 6 月 20 日催缴送达起重新计算，届满日为 2029 年 6 月 20 日。"
    return DunPaper(**{**said, **more})


def a_close(**more: Any) -> ClosePaper:
    methods = (
        CloseMethod("cash", "现金", 12, 282_650, 1, -10_000, 1, -7_000, 1, -5_000),
        CloseMethod("wechat", "微信", 31, 1_045_020, 0, 0, 0, 0, 0, 0),
        CloseMethod("bank", "转账", 2, 98_000, 0, 0, 0, 0, 0, 0),
    )
    cashiers = (CloseCashier("李收费", 45, 1_403_670, True), CloseCashier("赵财务", 3, 62_000, False))
    said: dict[str, Any] = {
        "number": "J2026-000012", "on": "2026-07-06", "first_day": "2026-07-06", "closed_at": "2026-07-06 17:42",
        "letterhead": "样例物业服务有限公司", "office_name": "样例花园服务中心", "cashier": "李收费",
        "shift_since": "2026-07-06 08:30", "methods": methods, "float_fen": 50_000, "booked": 310_650,
        "counted": 310_650, "reason": "", "receipts": 46, "first_receipt": "S2026-00000087",
        "last_receipt": "S2026-00000134", "voids": ("S2026-00000091",),
        "reversals": ("S2026-00000120（红冲 S2026-00000012）",), "small_change": 37, "sole": ("作废收据 1 次",),
        "next_receipt": "S2026-00000135", "cashiers": cashiers, "head": "811:3F2A-91C0-77DE-0B12-K",
    }  # fmt: skip
    return ClosePaper(**{**said, **more})


def a_proof(receipts: int = 4, **more: Any) -> ProofPaper:
    made = tuple(
        ProofRow("2026-07-06", f"S2026-{n + 87:08}", "微信", "物业服务费", "2026-05 至 2026-07", 62_886 + n)
        for n in range(receipts)
    )
    said: dict[str, Any] = {
        "number": "Z2026-000003", "on": "2026-07-08", "letterhead": "样例物业服务有限公司",
        "office_name": "样例花园服务中心", "telephone": "010-0000 0000", "payer": "王样例",
        "houses": "3-2-1102、B1-040", "first": "2026-01-01", "last": "2026-07-08", "rows": made,
        "total": sum(row.amount for row in made), "count": 1,
    }  # fmt: skip
    return ProofPaper(**{**said, **more})
