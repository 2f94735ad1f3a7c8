"""The sheet of an equipment ledger (设备台账, HANDBOOK §8.1)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from app.domain.period import Period
from app.domain.problem import problem
from reports.excel import fields
from reports.excel.cells import BLANK_WORDS, Cell, Noted, one_line
from reports.excel.columns import CODE, DAY, REMARK, TEXT, Field, Making, Table, plainly

_STATES = (
    (r"报废|拆除|注销|退役", "scrapped"),
    (r"停|封存|备用|闲置|未启用|未投用|维修中|检修中|故障", "stopped"),
    (r"在用|使用|正常|运行|启用|投用|完好|良好", "in_use"),
)
"""What a state word means, by the first pattern found in it."""


def _state(cell: Cell) -> Any:
    """A state; what is not known counts as in use, with a doubt, so that no task is lost."""
    value = one_line(cell).replace(" ", "")
    if value in BLANK_WORDS:
        return None
    for pattern, state in _STATES:
        if re.search(pattern, value):
            return state
    return Noted("in_use", problem("equipment.state", "不认识状态“{value}”，按在用处理。", value=value[:20]))


_MONTH = re.compile(r"([12][0-9]{3})(?:年|[-./])(0?[1-9]|1[0-2])月?")


def _day_or_month(*, last: bool) -> Making:
    """A day; of a month alone (`2019年5月`) the first or the last day."""

    def parse(cell: Cell) -> date | None:
        month = _MONTH.fullmatch(one_line(cell).replace(" ", ""))
        if month is None:
            return fields.day(cell)
        period = Period(f"{month[1]}-{int(month[2]):02d}")
        return period.last if last else period.first

    return plainly(parse)


START, END = _day_or_month(last=False), _day_or_month(last=True)

EQUIPMENT = Table(
    "equipment",
    (
        Field(
            "number",
            "设备编号",
            CODE,
            "编号 设备号 设备代码 设备编码 资产编号 台账编号 固定资产编号 内部编号",
            fill=False,
        ),
        Field("name", "设备名称", TEXT, "名称 设备 设施名称 设备设施名称 设施设备名称 资产名称 设备名"),
        Field(
            "category",
            "设备类别",
            TEXT,
            "类别 分类 设备分类 系统 所属系统 系统名称 设备系统 专业 设施类别 资产类别 大类 设备大类",
        ),
        Field("type", "设备类型", TEXT, "类型 种类 设备种类 品种 设备品种 设施类型 小类 设备小类"),
        Field(
            "place",
            "位置",
            TEXT,
            "安装位置 安装地点 所在位置 地点 设备位置 使用地点 存放位置 存放地点 所在地点 安装部位 部位 区域 安装区域",
        ),
        Field("brand", "品牌", TEXT, "厂牌 设备品牌 商标 品牌名称"),
        Field("model", "型号", TEXT, "规格型号 设备型号 型号规格 规格 规格及型号 型号及规格 产品型号"),
        Field("serial", "出厂编号", CODE, "序列号 产品编号 出厂号 机身号 SN S/N 设备序列号 制造编号 产品序列号"),
        Field("manufactured", "生产日期", START, "出厂日期 制造日期 生产时间 出厂时间 制造年月 出厂年月"),
        Field(
            "in_service",
            "投用日期",
            START,
            "启用日期 使用日期 投入使用日期 投用时间 启用时间 开始使用日期 投运日期 安装日期 投入使用时间 使用开始日期",
        ),
        Field(
            "warranty_end",
            "保修到期",
            END,
            "质保期至 保修期至 质保到期 保修截止 保修到期日 质保到期日 保修到期日期 质保截止日期 质保到期日期",
        ),
        Field(
            "maker", "制造单位", TEXT, "生产厂家 制造厂家 厂家 生产单位 制造商 生产厂商 生产商 制造厂 厂商 制造单位名称"
        ),
        Field("maintainer", "维保单位", TEXT, "维护单位 维保公司 维修单位 保养单位 维护保养单位 维保厂家 维保单位名称"),
        Field(
            "contract_end",
            "维保合同到期",
            END,
            "维保合同到期日 维保到期 合同到期 合同到期日 维保期至 维保到期日 维保合同到期日期 合同有效期至",
        ),
        Field(
            "registration",
            "注册代码",
            CODE,
            "登记证号 使用登记证号 设备注册代码 使用登记证编号 登记证编号 特种设备代码 注册号 使用证号 登记编号",
        ),
        Field(
            "certificate",
            "检验合格证",
            CODE,
            "证书号 合格证号 检验合格证号 检验证号 检验报告编号 证书编号 检验报告号 合格证编号 检验合格证编号",
        ),
        Field(
            "certificate_end",
            "检验有效期",
            END,
            "下次检验日期 检验有效期至 检验到期 下次年检日期 年检到期 检验到期日 年检有效期 下次检验时间 下次检验 "
            "年检日期 有效期至 检验到期日期 下次检测日期 证书有效期 证书有效期至",
        ),
        Field("state", "状态", plainly(_state), "设备状态 使用状态 运行状态 使用情况 当前状态 使用状况 设备状况"),
        Field(
            "last_done",
            "上次维保日期",
            DAY,
            "上次维保 最近维保日期 上次保养日期 最近一次维保 最近保养日期 上次维护日期 最近维保 上次保养 上次维保时间 "
            "最后维保日期 最近一次维保日期",
        ),
        REMARK,
    ),
    keys="number name",
    hints="设备 台账 电梯 消防",
)
