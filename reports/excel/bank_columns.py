"""The sheet of a bank statement, as banks, WeChat and Alipay give it."""

from __future__ import annotations

from app.domain.problem import problem
from reports.excel import fields
from reports.excel.cells import Cell, one_line
from reports.excel.columns import DAY, TEXT, Field, Table, plainly
from reports.excel.payment_columns import reference

_MINUS = ("-", "−", "－", "(", "（")
_IN = frozenset({"贷", "贷方", "收", "收入", "转入", "来账", "入账", "进", "C", "CR", "+"})
_OUT = frozenset({"借", "借方", "支", "支出", "转出", "往账", "出账", "付", "D", "DR", "-", "不计收支", "/"})


def signed(cell: Cell) -> int | None:
    """An amount in fen that may be negative: money that went out."""
    if isinstance(cell, float | int) and not isinstance(cell, bool) and cell < 0:
        units = fields.money(-cell)
        return None if units is None else -units
    if isinstance(cell, str):
        value = one_line(cell)
        if value.startswith(_MINUS) and len(value) > 1:
            units = fields.money(value.lstrip("".join(_MINUS)).rstrip(")）"))
            return None if units is None else -units
    found: int | None = fields.money(cell)
    return found


def incoming(cell: Cell) -> bool | None:
    """Whether money came in. Raises: Problem `cell.side` for a word that does not say."""
    value = one_line(cell).upper()
    if value in _IN:
        return True
    if value in _OUT:
        return False
    if not value:
        return None
    raise problem("cell.side", "“{value}”看不出是收入还是支出。", value=value[:20])


AMOUNT = plainly(signed)
BANK = Table(
    "bank",
    (
        Field(
            "day",
            "交易日期",
            DAY,
            (
                "日期 交易时间 记账日期 入账日期 记账时间 入账时间 交易日 到账日期 到账时间 发生日期 付款时间 支付时间 "
                "交易创建时间 业务日期 收款日期"
            ),
            required=True,
        ),
        Field(
            "fen",
            "收入金额",
            AMOUNT,
            (
                "收入 贷方金额 贷方发生额 贷方 贷记金额 收入金额 交易金额 金额 发生额 转入金额 存入金额 入账金额 "
                "到账金额 收款金额 贷方发生额收入 收支金额"
            ),
            required=True,
            fill=False,
        ),
        Field(
            "out",
            "支出金额",
            AMOUNT,
            "支出 借方金额 借方发生额 借方 借记金额 转出金额 支取金额 付款金额 借方发生额支取",
            fill=False,
        ),
        Field("side", "收支", plainly(incoming), "借贷标志 收支类型 借贷 收付标志 借贷方向 收或支 交易方向 资金流向"),
        Field(
            "counterparty",
            "对方户名",
            TEXT,
            (
                "对方名称 交易对方 付款人 付款方 付款方户名 付款户名 对方账户名称 对方单位 付款人名称 对方账号名称 "
                "往来户名 付款人户名 对手户名"
            ),
        ),
        Field(
            "reference",
            "流水号",
            plainly(reference),
            (
                "交易流水号 交易单号 银行流水号 流水 交易号 凭证号 业务流水号 商户单号 商户订单号 订单号 核心流水号 "
                "支付宝交易号 交易参考号 回单编号"
            ),
            fill=False,
        ),
        Field("summary", "摘要", TEXT, "交易摘要 摘要说明 业务类型 交易类型 商品 商品名称 商品说明 用途 交易用途"),
        Field("remark", "附言", TEXT, "备注 交易附言 留言 付款附言 客户附言 附加信息 交易备注 转账附言"),
    ),
    keys="fen",
    hints="流水 明细 账单 银行",
)
