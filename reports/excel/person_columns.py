"""The columns of a person, and the words that say whose columns they are."""

from __future__ import annotations

from reports.excel import codes, fields, people
from reports.excel.cells import Parser
from reports.excel.codes import Context
from reports.excel.columns import Field, plainly


def _names(_: Context) -> Parser:
    return people.names


def _phones(context: Context) -> Parser:
    return people.phones(frozenset(context.notes.fillers.get("phone", ())))


def _documents(context: Context) -> Parser:
    return people.documents(context.as_of, frozenset(context.notes.fillers.get("id_number", ())))


PERSON_FIELDS = (
    Field(
        "name",
        "业主名称",
        _names,
        (
            "姓名 业主姓名 名称 名字 客户名称 客户姓名 住户姓名 住户 业主 产权人 产权人姓名 房主 "
            "房主姓名 户主 户主姓名 权利人 所有人 购房人 买受人 租户 租户姓名 租户名称 租客 租客姓名 "
            "承租人 承租人姓名 租户公司 共有人 共有人姓名 共有产权人 人员姓名 客户 成员姓名 "
            "使用人 商户名称 商户 公司名称 单位名称 业主名字 车主 车主姓名 使用人姓名"
        ),
    ),
    Field("sex", "性别", plainly(fields.sex), "男女"),
    Field("contact_by", "希望怎样联系", plainly(fields.contact), "首选联系方式 希望联系方式"),
    Field(
        "phone",
        "手机号",
        _phones,
        (
            "手机 手机号码 电话 联系电话 联系方式 电话号码 移动电话 联系手机 业主电话 手机电话 "
            "本人电话 常用电话 联系号码 电话1 联系电话1 手机1 手机号1 租户电话 租客电话 业主手机 "
            "业主手机号 车主电话 车主手机 手机联系电话"
        ),
    ),
    Field(
        "phone2",
        "备用电话",
        _phones,
        (
            "固定电话 座机 电话2 联系电话2 手机2 手机号2 其他电话 其它电话 家庭电话 住宅电话 "
            "备用联系电话 备用手机 第二电话 固话 办公电话 备用号码"
        ),
    ),
    Field(
        "id_number",
        "身份证号",
        _documents,
        (
            "身份证 证件号 证件号码 身份证号码 身份号码 公民身份号码 证件编号 身份证件号码 身份证件号 "
            "统一社会信用代码 证件 业主身份证 业主身份证号 营业执照号 信用代码 身份证号证件号"
        ),
    ),
    Field(
        "relation",
        "业主类型",
        codes.relation,
        (
            "与业主关系 与户主关系 关系 人员类型 住户类型 身份 客户类型 成员类型 人员身份 人员类别 "
            "与产权人关系 客户类别 住户身份 角色 居住性质 业主关系 人员关系 与房主关系 业主类别"
        ),
    ),
)
"""The columns of one person; those of a tenant or co-owner stand under a group or begin with its word."""

GROUPS = (
    (
        "ignored",
        "紧急联系人 紧急联络人 代理人 委托人 物业管家 管家 楼管 开发商 中介 收楼人 经办人 监护人",
    ),
    ("co_owner", "共有产权人 共有人 共同产权人 共同业主 第二业主 业主2 业主二 产权共有人"),
    ("tenant", "租户 租客 承租人 承租方 租赁人 租赁方 承租 租住人 使用人 租赁"),
    ("family", "家庭成员 家属 同住人 配偶"),
    ("owner", "业主 产权人 房主 户主 客户 权利人 所有人 购房人 住户 车主"),
)
"""Words that say whose columns these are, as group header or at the beginning of a column's name."""

IGNORED = (
    "序号 编号 年龄 公摊面积 公摊 出生日期 籍贯 民族 工作单位 证件类型 证件名称 合同编号 "
    "合同号 签约日期 小区 小区名称 项目名称 所属项目 区 期 分期 邮箱 微信 邮编 单位 原因 "
    "登记日期 录入日期 办证日期 国籍 职业 政治面貌"
)
"""Columns that are known and not taken."""
