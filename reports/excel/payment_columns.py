"""The sheet of payments that come in from outside: what was paid for which house, when, how, and for what."""

from __future__ import annotations

from app.domain.problem import problem
from reports.excel.cells import BLANK_WORDS, Cell, one_line
from reports.excel.columns import DAY, MONEY, REMARK, TEXT, Field, Table, plainly
from reports.excel.opening_columns import HOUSE_REF, ITEM, PAYER

DIGITS_KEPT = 15
"""A number in a sheet holds so many digits; a longer one has lost its last."""
MOST_SIGNS = 64
"""No bank's number of a payment is longer."""


def reference(cell: Cell) -> str | None:
    """The number a bank or channel gives a payment, as text; signs that channels put before it are dropped.

    Raises: Problem `cell.digits_lost` for a number of more digits than a sheet keeps, `cell.too_long`.
    """
    if isinstance(cell, str) and cell.isascii() and cell.isalnum() and 1 < len(cell) <= MOST_SIGNS:
        return None if cell in BLANK_WORDS else cell
    if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= 10**DIGITS_KEPT:
        raise problem(
            "cell.digits_lost",
            "单号被表格当成了数字，末几位已经丢失；请把这一列设为文本，从原文件重新粘贴。",
        )
    value = one_line(cell).replace(" ", "").lstrip("`'‘’")
    if len(value) > MOST_SIGNS:
        raise problem("cell.too_long", "单号超过 {most} 个字符，请核对是不是这一列。", most=MOST_SIGNS)
    return None if value in BLANK_WORDS or value == "0" else value


PERIOD_WORDS = "费用月份 所属月份 所属期 费用期间 所属账期 收费期间 计费期间 费用所属期 缴费期间 缴费月份 收费月份 月份"
PAYMENTS = Table(
    "payments",
    (
        *HOUSE_REF,
        Field(
            "payer",
            PAYER.title,
            TEXT,
            f"{PAYER.words} 交费人 付款方 付款户名 付款方户名 对方户名 对方名称 交易对方 缴款人 住户姓名",
        ),
        Field(
            "fen",
            "金额",
            MONEY,
            (
                "收款金额 实收金额 实收 已收 已收金额 收费金额 缴费金额 交费金额 交易金额 付款金额 支付金额 到账金额 "
                "入账金额 实缴金额 实收款 金额元 本次收款 交款金额 收入金额 贷方金额 收款额 缴款金额"
            ),
            required=True,
            fill=False,
        ),
        Field(
            "day",
            "日期",
            DAY,
            (
                "收款日期 收款时间 交易日期 交易时间 支付时间 支付日期 付款日期 付款时间 缴费日期 缴费时间 "
                "交费日期 交款日期 入账日期 记账日期 到账日期 实收日期 收费日期 收费时间 缴款日期 到账时间"
            ),
            required=True,
        ),
        Field(
            "method",
            "方式",
            TEXT,
            (
                "收款方式 支付方式 付款方式 缴费方式 交费方式 交款方式 支付渠道 收款渠道 渠道 结算方式 交易方式 "
                "支付类型 缴款方式"
            ),
        ),
        Field(
            "reference",
            "流水号",
            plainly(reference),
            (
                "交易单号 商户单号 商户订单号 订单号 订单编号 交易流水号 交易号 交易流水 银行流水号 支付单号 "
                "支付流水号 第三方单号 微信单号 支付宝交易号 凭证号 参考号 检索参考号 业务流水号 微信支付单号"
            ),
            fill=False,
        ),
        ITEM,
        Field("period", "账期", TEXT, PERIOD_WORDS),
        Field(
            "first", "开始日期", DAY, "起始日期 账期起 账期开始 费用起 费用开始日期 计费开始日期 费用起始日期 期间起"
        ),
        Field("last", "结束日期", DAY, "截止日期 账期止 账期结束 费用止 费用结束日期 计费结束日期 费用截止日期 期间止"),
        REMARK,
    ),
    keys="fen",
    hints="收款 缴费 实收 流水 交费",
)
