"""The sheets of an estate's register: houses, buildings, owners, parking spaces, fee settings."""

from __future__ import annotations

from dataclasses import replace

from reports.excel import codes, fields
from reports.excel.cells import Parser, one_line
from reports.excel.codes import Context
from reports.excel.columns import (
    AREA,
    BLOCK,
    BUILDING,
    CODE,
    DAY,
    ENTRANCE,
    FEES,
    FLOORS,
    LABEL,
    LIFT,
    OWNER_NUMBER,
    REMARK,
    RENT,
    ROOM,
    STARTS,
    TEXT,
    WORDS,
    Field,
    Table,
    plainly,
)


def _space_area(context: Context) -> Parser:
    unknown = context.notes.fillers.get("area", set())
    return lambda cell: None if one_line(cell) in unknown else fields.area(cell)


HOUSES = Table(
    "houses",
    (
        BUILDING,
        ENTRANCE,
        BLOCK,
        ROOM,
        Field(
            "floor",
            "楼层",
            plainly(fields.floor),
            "房屋楼层 所在楼层 所在层 层 层次 楼层号 所属楼层 层号",
        ),
        FLOORS,
        LIFT,
        Field(
            "house_type",
            "房屋类型",
            lambda context: codes.word_of("house_type", context),
            (
                "物业类型 用途 房屋用途 业态 房屋性质 资产类型 房产类型 房屋类别 类型 规划用途 物业性质 "
                "使用性质 房屋种类 房间类型 产品类型 物业业态"
            ),
        ),
        Field(
            "layout",
            "房屋户型",
            lambda context: codes.word_of("layout", context),
            "户型 房型 户型结构 户型名称 厅室 居室",
        ),
        Field("orientation", "朝向", WORDS, "房屋朝向 方位"),
        Field(
            "gross_area",
            "建筑面积",
            AREA,
            (
                "面积 房屋面积 建面 产权面积 计费面积 收费面积 房产面积 产权建筑面积 房屋建筑面积 "
                "建筑面积平方米 物业费面积 实测面积 实测建筑面积 登记面积 总面积 商铺面积 产证面积"
            ),
            fill=False,
        ),
        Field(
            "net_area",
            "室内面积",
            AREA,
            ("套内面积 使用面积 套内建筑面积 实用面积 专有面积 室内使用面积 套内 套内使用面积 采暖面积 供暖面积"),
            fill=False,
        ),
        RENT,
        Field(
            "state",
            "房屋状态",
            codes.state,
            (
                "状态 入住状态 入住情况 房态 使用状态 居住状态 房屋使用情况 使用情况 居住情况 入住状况 "
                "现状 房屋现状 居住状况 使用现状 房间状态 资产状态 销售状态"
            ),
        ),
        Field(
            "delivered_on",
            "交房日期",
            DAY,
            (
                "交付日期 交房时间 交付时间 收房日期 收房时间 接房日期 接房时间 入伙日期 入伙时间 "
                "交楼日期 交楼时间 入住日期 入住时间 领房日期 领钥匙日期 办理入住日期"
            ),
        ),
        Field(
            "people",
            "居住人数",
            plainly(fields.whole("居住人数", 0, 99)),
            "人数 人口 常住人口 居住人口 入住人数 家庭人口 常住人数 人口数",
        ),
        OWNER_NUMBER,
        FEES,
        STARTS,
        Field("space", "车位号", TEXT, "车位 车位编号 车位号码 停车位 所属车位"),
        Field("plate", "车牌号", TEXT, "车牌 车牌号码 车辆号牌 号牌"),
        REMARK,
    ),
    keys="room",
    hints="房屋 房产 资产 住户 房号 户 商铺 底商 储藏 储物 业主",
    persons=True,
)

BUILDINGS = Table(
    "buildings",
    (BUILDING, ENTRANCE, BLOCK, FLOORS, LIFT, REMARK),
    keys="building block",
    hints="楼栋 楼宇 单元 楼幢 栋",
)

OWNERS = Table(
    "owners",
    (replace(OWNER_NUMBER, words=f"{OWNER_NUMBER.words} 编号 序号", required=True), REMARK),
    keys="owner.name tenant.name family.name",
    hints="业主 客户 人员 租户 住户 成员",
    persons=True,
)

SPACES = Table(
    "spaces",
    (
        Field(
            "lot",
            "停车场编号",
            CODE,
            (
                "停车场 车场 停车场名称 车场名称 车库 车库名称 停车区域 区域 停车场区域 车场编号 片区 "
                "所属车场 所属停车场"
            ),
        ),
        Field(
            "space",
            "车位编码",
            CODE,
            ("车位号 车位编号 车位 车位号码 泊位 泊位号 车位名称 停车位 停车位号 停车位编号 车位位置 车位代码"),
            required=True,
        ),
        Field("place", "停车场类型", TEXT, "车位类型 车位类别 停车类型 位置 地上地下 类型 车位种类"),
        Field("floor", "楼层", plainly(fields.floor), "层 所在层 所在楼层 层数 负几层"),
        Field("area", "面积", _space_area, "车位面积 建筑面积 产权面积 停车位面积", fill=False),
        OWNER_NUMBER,
        BUILDING,
        ENTRANCE,
        BLOCK,
        Field(
            "room",
            "房号",
            LABEL,
            f"{ROOM.words} 业主房号 对应房号 关联房屋 关联房号 所属房屋 所属房号 绑定房号 绑定房屋",
        ),
        Field("plate", "车牌号", TEXT, "车牌 车牌号码 车辆号牌 号牌"),
        Field("brand", "车品牌", TEXT, "品牌 车辆品牌 品牌型号 车型 车辆型号"),
        Field("car_kind", "车类型", lambda context: codes.word_of("car_kind", context), "车辆类型 车种 车辆种类"),
        Field("colour", "颜色", TEXT, "车身颜色 车颜色 车辆颜色"),
        Field(
            "tenure",
            "出租还是出售",
            codes.tenure,
            (
                "出售还是出租 租售 租售方式 租售类型 使用方式 车位性质 产权性质 性质 租售状态 使用性质 "
                "出租出售 车位状态 状态 销售状态"
            ),
        ),
        Field(
            "from",
            "开始时间",
            DAY,
            (
                "起租日期 起租时间 开始日期 租赁开始时间 租赁开始日期 起始日期 起始时间 开始使用时间 "
                "合同开始日期 租期开始"
            ),
        ),
        Field(
            "to",
            "结束时间",
            DAY,
            ("到期日期 到期时间 结束日期 租赁结束时间 租赁结束日期 截止日期 截止时间 终止日期 合同到期日期 租期结束"),
        ),
        RENT,
        FEES,
        STARTS,
        REMARK,
    ),
    keys="space",
    hints="车位 停车 车库 泊位",
    persons=True,
)

FEE_ITEMS = Table(
    "fees",
    (
        Field(
            "code",
            "费用编号",
            TEXT,
            "编号 收费编号 项目编号 费用代码 费项编号 收费项目编号 代码 标准编号 编码",
            required=True,
        ),
        Field("category", "费用类型", TEXT, "收费类型 费用类别 费用大类 类别 项目类型"),
        Field(
            "name",
            "收费项目",
            TEXT,
            "费用名称 收费名称 项目名称 费项名称 收费项目名称 费用项目 名称 费用项 费项",
            required=True,
        ),
        Field("mark", "费用标识", TEXT, "费用性质 费用标志 收费标识 收费性质"),
        Field("pay_mode", "付费类型", TEXT, "付费方式 缴费方式 缴费类型 预付后付 收费方式 收取方式"),
        Field("cycle", "缴费周期", TEXT, "周期 收费周期 计费周期 缴费周期月 付费周期 收费频率"),
        Field("issue", "出账类型", TEXT, "出账方式 出账日 出账周期 出账时间"),
        Field(
            "from",
            "计费起始时间",
            DAY,
            (
                "开始日期 开始时间 起始日期 起始时间 计费开始时间 计费开始日期 生效日期 生效时间 执行日期 "
                "计费起始日期 启用日期"
            ),
            required=True,
        ),
        Field(
            "to",
            "计费结束时间",
            DAY,
            "结束日期 结束时间 截止日期 终止日期 失效日期 计费结束日期 计费截止时间",
        ),
        Field(
            "formula",
            "计算公式",
            lambda context: codes.word_of("formula", context),
            "计费方式 计算方式 计费公式 计算方法 公式 计价方式 收费公式 计算规则",
            required=True,
        ),
        Field(
            "price",
            "计费单价",
            plainly(fields.price),
            "单价 收费标准 价格 收费单价 单价元 标准单价 费用单价",
        ),
        Field(
            "fixed",
            "固定费用",
            plainly(fields.price),
            "附加费 固定金额 固定费 附加费用 金额 固定收费 附加费固定费用",
        ),
        REMARK,
    ),
    keys="formula price fixed",
    hints="费用 收费 费项",
)
