"""The sheet of fees billed and paid before the program (费用台账): one row a charge."""

from __future__ import annotations

from reports.excel.columns import DAY, MONEY, REMARK, TEXT, Field, Table, plainly
from reports.excel.opening_columns import ARREARS, HOUSE_REF, ITEM, PAYER
from reports.excel.payment_columns import PERIOD_WORDS, reference

_DUE = next(field for field in ARREARS.fields if field.key == "due")
_FIRST = next(field for field in ARREARS.fields if field.key == "first")
_LAST = next(field for field in ARREARS.fields if field.key == "last")

HISTORY = Table(
    "history",
    (
        *HOUSE_REF,
        PAYER,
        Field("item", ITEM.title, TEXT, ITEM.words, required=True),
        Field("period", "账期", TEXT, PERIOD_WORDS),
        _FIRST,
        _LAST,
        _DUE,
        Field(
            "fen",
            "应收",
            MONEY,
            "应收金额 应收款 应缴金额 应交金额 应收费用 应收合计 费用金额 账单金额 金额 应缴 应交 收费金额",
            required=True,
            fill=False,
        ),
        Field("waived", "减免", MONEY, "减免金额 优惠金额 优惠 减免额 折扣金额 抹零", fill=False),
        Field(
            "paid", "已收", MONEY, "已收金额 实收金额 实收 已缴金额 已交金额 已缴 已交 实缴金额 收款金额", fill=False
        ),
        Field("left", "未收", MONEY, "未收金额 欠费金额 欠费 未缴金额 未交金额 余额 欠缴金额 未缴 未交", fill=False),
        Field(
            "paid_on",
            "收款日期",
            DAY,
            "收款时间 缴费日期 交费日期 缴费时间 实收日期 付款日期 交款日期 收费日期 收费时间",
        ),
        Field("receipt", "原收据号", plainly(reference), "收据号 收据编号 票号 单据号 票据号 凭证号", fill=False),
        REMARK,
    ),
    keys="fen",
    hints="台账 费用 历史 往期",
)
