"""The sheets of an opening workbook (HANDBOOK §9.7), and those of meters and readings."""

from __future__ import annotations

from reports.excel import fields
from reports.excel.columns import (
    BLOCK,
    BUILDING,
    DAY,
    ENTRANCE,
    MONEY,
    QUANTITY,
    REMARK,
    ROOM,
    TEXT,
    YES_NO,
    Field,
    Table,
    plainly,
)

HOUSE_REF = (BUILDING, ENTRANCE, BLOCK, ROOM)
PAYER = Field(
    "payer",
    "付款人",
    TEXT,
    "业主 姓名 业主姓名 业主名称 缴费人 户主 客户名称 付款人姓名 客户 交款人 产权人",
)
ITEM = Field(
    "item",
    "收费项目",
    TEXT,
    (
        "收费项目编号 项目 费用项目 费用名称 项目编号 项目代码 收费项目代码 费用编号 费用代码 "
        "费项 费用 收费名称 项目名称 费用类型 类型"
    ),
)
METER = Field(
    "meter",
    "表号",
    TEXT,
    ("表计编号 仪表编号 表编号 水表号 电表号 气表号 表具编号 表计号 水表编号 电表编号 计量表号 仪表号"),
)
FEN = "金额 欠费金额 未收金额 欠费 余额 未缴金额 欠缴金额 应收余额 期初欠费 金额元 欠费余额 未交金额"

ARREARS = Table(
    "arrears",
    (
        *HOUSE_REF,
        PAYER,
        Field("item", ITEM.title, TEXT, ITEM.words, required=True),
        Field(
            "period",
            "账期",
            TEXT,
            ("费用月份 所属月份 所属期 费用期间 所属账期 欠费期间 收费期间 欠费月份 计费期间 费用所属期"),
        ),
        Field(
            "first",
            "开始日期",
            DAY,
            (
                "起始日期 账期起 账期开始 账期起始 费用起 费用开始日期 计费开始日期 起 "
                "自 从 开始时间 起始时间 费用起始日期 期间起 欠费开始日期 起日"
            ),
        ),
        Field(
            "last",
            "结束日期",
            DAY,
            (
                "截止日期 账期止 账期结束 账期截止 费用止 费用结束日期 计费结束日期 止 "
                "至 到 结束时间 截止时间 费用截止日期 期间止 欠费结束日期 止日"
            ),
        ),
        Field(
            "due",
            "到期日",
            DAY,
            "应缴日期 到期日期 缴费截止日 应收日期 最后缴费日 缴费期限 应交日期 缴费截止日期",
        ),
        Field("fen", "金额", MONEY, FEN, required=True, fill=False),
        Field("late_fen", "违约金", MONEY, "滞纳金 违约金金额 逾期违约金", fill=False),
        REMARK,
    ),
    keys="fen",
    hints="欠费",
)
PREPAID = Table(
    "prepaid",
    (
        *HOUSE_REF,
        PAYER,
        Field(
            "fen",
            "金额",
            MONEY,
            "预存金额 预存余额 余额 预存 预收金额 预缴余额 预收余额 预存款",
            required=True,
            fill=False,
        ),
        REMARK,
    ),
    keys="fen",
    hints="预存 预收 预缴",
)
DEPOSITS = Table(
    "deposits",
    (
        *HOUSE_REF,
        PAYER,
        ITEM,
        Field("fen", "金额", MONEY, "押金金额 押金 保证金 保证金金额 余额", required=True, fill=False),
        Field(
            "receipt",
            "原收据号",
            TEXT,
            "收据号 收据编号 票号 原票号 原收据 收据 旧收据号 单据号 凭证号",
        ),
        Field("on", "收取日期", DAY, "日期 收款日期 交款日期 缴纳日期 收押日期 交押日期"),
        REMARK,
    ),
    keys="fen",
    hints="押金 保证金",
)
SETTLED = Table(
    "settled",
    (
        *HOUSE_REF,
        PAYER,
        Field("item", ITEM.title, TEXT, ITEM.words, required=True),
        Field(
            "day",
            "已交至",
            DAY,
            (
                "已缴至 交费至 缴费至 已收至 缴至 交至 已交到 缴费截止 已缴至日期 已交至日期 费用已交至 "
                "物业费已交至 截止日期 日期 到期日"
            ),
            required=True,
        ),
        REMARK,
    ),
    keys="day",
    hints="已交至 已缴至 交至 缴至 已交",
)
DIGITS = Field("digits", "位数", plainly(fields.whole("位数", 1, 12)), "表位数 最大位数 整数位数 码数 表盘位数")
MULTIPLIER = Field("multiplier", "倍率", plainly(fields.multiplier), "互感器倍率 倍数 变比 乘率")
READ_ON = Field(
    "day",
    "日期",
    DAY,
    ("抄表日期 抄表时间 读数日期 起始日期 本次抄表日期 安装日期 启用日期 起度日期 表底日期 抄见日期 初始日期"),
)
START = Field(
    "start",
    "起始读数",
    QUANTITY,
    (
        "表底 表底数 底数 起度 初始读数 期初读数 起码 止码 上次读数 读数 初始表底 起始度数 "
        "表底读数 起数 初始底数 上期读数"
    ),
    fill=False,
)
METERS = Table(
    "meters",
    (*HOUSE_REF, METER, ITEM, MULTIPLIER, DIGITS, START, READ_ON, REMARK),
    keys="meter start",
    hints="表底 表计 水表 电表 仪表 抄表 表",
)
TIERS = Table(
    "tiers",
    (
        *HOUSE_REF,
        METER,
        ITEM,
        Field(
            "quantity",
            "已用量",
            QUANTITY,
            (
                "累计用量 累计 年累计用量 阶梯累计 本年累计 用量 累计量 本年用量 年度累计用量 已用水量 "
                "已用电量 累计使用量"
            ),
            required=True,
            fill=False,
        ),
        Field("day", "日期", TEXT, "截止日期 年度 阶梯年度 年份 统计日期 截至日期"),
        REMARK,
    ),
    keys="quantity",
    hints="阶梯",
)
OFFICE = Table(
    "office",
    (
        Field(
            "next_receipt",
            "下一票号",
            TEXT,
            ("下一收据号 下一张收据号 下一个票号 下张收据号 起始票号 下一个收据号 下一收据编号 收据起始号"),
        ),
        Field(
            "go_live",
            "启用日期",
            DAY,
            "go_live golive 启用日 上线日期 开始使用日期 启用时间 上线时间 上线日",
        ),
    ),
    keys="next_receipt go_live",
    hints="办公室 物业处",
)
READINGS = Table(
    "readings",
    (
        *HOUSE_REF,
        METER,
        ITEM,
        Field(
            "value",
            "读数",
            QUANTITY,
            ("本次读数 本期读数 表读数 止码 止度 本月读数 示数 当前读数 抄表读数 表底 本次示数 抄见数 本次抄见 止数"),
            required=True,
            fill=False,
        ),
        Field("previous", "上期读数", QUANTITY, "上次读数 上月读数 上期示数 上次示数 起码 起度 上期止码"),
        READ_ON,
        Field("estimate", "估抄", YES_NO, "是否估抄 估读 是否估读 抄表方式 估抄标志 估算"),
        Field(
            "rollover",
            "翻转",
            YES_NO,
            "过零 是否翻转 是否过零 归零 翻表 翻转标志 过圈 是否翻表 满度翻转",
        ),
        REMARK,
    ),
    keys="value",
    hints="抄表 读数",
)
