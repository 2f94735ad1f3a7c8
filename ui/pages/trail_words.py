"""What the details of an audit record are called. A name that stands not here is shown as it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from app.domain.kinds import KINDS as FEE_KINDS
from app.domain.money import Fen, yuan
from app.services import (
    adjustments,
    bank,
    billing_discounts,
    dun_contacts,
    dun_record,
    events,
    fee_file,
    finance_export,
    house_list,
    house_rows,
    main_meters,
    parking,
    person_form,
    plans,
    settlement,
)  # fmt: skip
from app.services.bank_list import LINES
from app.services.bill_list import BILLS
from app.services.equipment_list import EQUIPMENT
from app.services.fee_list import FEES
from app.services.house_list import HOUSES
from app.services.invoice_list import INVOICES
from app.services.maintenance import RESULTS
from app.services.purse import METHODS
from app.services.receipt_list import RECEIPTS
from app.services.resident_list import RESIDENTS
from app.services.rights import ROLES
from app.services.settings import SETTINGS
from app.services.space_list import SPACES
from app.services.tariff_list import TARIFFS
from app.services.task_list import TASKS

WORDS: Mapping[str, str] = {
    "back_fen": "转回预存",
    "gift_fen": "赠送",
    "import": "导入",
    "redacted": "隐去",
    "run": "第几次出账",
    "spaces": "车位",
    "act": "事项",
    "after": "改后",
    "amount_fen": "金额",
    "as_of": "截至",
    "at": "时间",
    "before": "改前",
    "bills": "账单数",
    "booked": "账上现金",
    "changed": "更新",
    "closed": "结束",
    "code": "代码",
    "copy": "第几份",
    "cost": "费用",
    "count": "次数",
    "counted": "实点现金",
    "digest": "校验值",
    "document": "文书",
    "estate": "小区",
    "fen": "金额",
    "file": "文件",
    "files": "文件",
    "float": "备用金",
    "from": "从",
    "house": "房号",
    "houses": "户数",
    "item": "项目",
    "kept_back": "不能出",
    "kind": "种类",
    "lines": "行数",
    "login": "用户",
    "method": "方式",
    "name": "名称",
    "new": "改为",
    "number": "编号",
    "on": "日期",
    "papers": "文书数",
    "period": "账期",
    "plans": "计划数",
    "raised": "新增",
    "reason": "原因",
    "receipt": "票号",
    "request": "申请",
    "result": "结果",
    "reversal": "红冲收据",
    "roles": "角色",
    "rows": "行数",
    "settings": "设置",
    "texts": "文字",
    "belongings": "宠物、租约、车辆",
    "event": "活动",
    "title": "名称",
    "capacity": "名额",
    "each": "邀请",
    "reply": "回复",
    "heads": "人数",
    "came": "到场",
    "added": "新增",
    "invited": "已请",
    "source": "来源",
    "task": "任务",
    "tasks": "任务数",
    "building": "楼栋",
    "purpose": "用途",
    "people": "人数",
    "needing": "需要帮助",
    "id_numbers": "含证件号",
    "space": "车位",
    "plate": "车牌",
    "to": "到",
    "total_fen": "合计",
    "use_case": "功能",
    "user": "用户",
    "value": "值",
    "arrears": "旧欠",
    "arrears_fen": "往期欠费",
    "bank_fen": "流水",
    "bank_out": "支出",
    "becomes": "办结后",
    "buildings": "楼栋",
    "carried_fen": "接手人承担",
    "charged_fen": "往期应收",
    "chosen": "范围",
    "columns": "列",
    "deduct_fen": "扣款",
    "deposit_fen": "押金",
    "designated": "指定",
    "dropped": "并掉的",
    "due_fen": "应交",
    "enabled": "在用",
    "enabled_before": "原来在用",
    "end": "旧表止度",
    "entrances": "单元",
    "every": "每隔",
    "factor": "系数",
    "fee_fen": "手续费",
    "field": "哪一项",
    "fields": "哪几项",
    "first": "从",
    "first_due": "第一次",
    "floors": "楼层",
    "free": "送几个月",
    "fresh_fen": "当场出账",
    "instalments_fen": "各期",
    "invoice": "发票",
    "issue": "第几次",
    "kept_for": "为它留",
    "key": "科目",
    "known": "原有的人",
    "discount_to": "空置折扣到",
    "last": "到",
    "layout": "格式",
    "left_behind": "留在原处",
    "line": "流水",
    "lines_fen": "各笔",
    "list": "名单",
    "made": "新建",
    "meter": "表",
    "meters": "表数",
    "month": "月份",
    "months": "几个月",
    "moved": "跟过来的",
    "net_fen": "不含税",
    "new_meter": "新表号",
    "news": "新房屋",
    "note": "说明",
    "on_floor": "每层户数",
    "open_fen": "未收",
    "paid_fen": "付款",
    "payments_fen": "收款",
    "percent": "百分比",
    "prepaid_fen": "预存",
    "prices": "价格",
    "rebooked": "改记的收据",
    "refunded_fen": "退预存",
    "relation": "身份",
    "returned": "退票日期",
    "returned_fen": "退押金",
    "runs": "批次",
    "served": "已送达",
    "sha256": "校验值",
    "signed": "签订日",
    "since": "从",
    "size": "字节",
    "skip": "跳过",
    "skipped": "跳过",
    "split": "分开的笔数",
    "start": "新表起度",
    "state": "状态",
    "table": "表",
    "taken": "补上的",
    "tax_fen": "税额",
    "titles": "表头",
    "transactions": "笔数",
    "unit": "单位",
    "part_month": "不足一月",
    "set_off": "用预存抵扣",
    "tariff_change": "账期中调价",
    "until": "到",
    "updated": "更新",
    "waived_fen": "赠送",
    "was": "原来",
    "ways": "方式",
    "way": "方式",
}
VALUES: Mapping[str, str] = {
    **house_rows.TITLES,
    **person_form.RELATIONS,
    **{code: kind.title for code, kind in FEE_KINDS.items()},
    **{each.face.name: each.face.title for each in (
        BILLS, EQUIPMENT, FEES, HOUSES, INVOICES, LINES, RECEIPTS, RESIDENTS, SPACES, TARIFFS, TASKS)},
    **{each.code: each.word for each in house_list.STATES},
    **adjustments.KINDS, **bank.STATES, **billing_discounts.KINDS, **dun_contacts.HOLDS, **dun_record.WAYS,
    **finance_export.KINDS, **main_meters.KINDS, **parking.KINDS, **plans.STATES, **settlement.KINDS,
    **settlement.ARREARS, **METHODS,
    **dict(ROLES),
    **RESULTS,
    **{name: declared.title for name, declared in SETTINGS.items()},
    "backups": "备份", "bill_run": "出账", "certificates": "证照和合同", "maintenance": "维保", "dunning": "催缴",
    **fee_file.PARTS, **fee_file.CHANGES, **fee_file.SET_OFFS,
    "yonyou": "用友", "kingdee": "金蝶",
    "day": "天", "month": "月", "year": "年",
    "phone": "手机", "phone2": "第二电话", "email": "邮箱", "sex": "性别", "id_kind": "证件种类", "id_number": "证件号",
    "birth_on": "出生日期", "contact_by": "希望怎样联系", "tags": "标签", "consent": "同意", "initials": "拼音",
}  # fmt: skip
"""What kept words are called; any other is shown as it is kept."""
_OF_PEOPLE = {"owner": "业主", **person_form.RELATIONS}
"""Words that mean something else of a house."""
_CHOICES = {"reply": events.REPLIES, "each": events.EACH}
"""Kept words that mean something of their own under one name."""
_AMOUNTS = frozenset({"fen", "booked", "counted", "float", "cost", "designated", "ways"})
_UNSAID = ("redacted",)
"""What only `verify` reads."""
_LAST = ("digest", "document", "file", "sha256")
"""Long values that say little: they stand behind the others."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEEN = 12
"""So many digits of a digest tell two files apart for eyes; the whole stands in the record."""


def detail_text(detail: Mapping[str, Any]) -> str:
    """The details of a record in one line; what is empty is left out."""
    said = (name for name, value in detail.items() if value is not None and value not in ("", [], {}))
    # What is kept by its row is no word for eyes; the record's object or number names the same paper.
    said = (name for name in said if name != "document" or not isinstance(detail[name], int))
    names = sorted((name for name in said if name not in _UNSAID), key=lambda name: name in _LAST)
    return "，".join(f"{_title(name, detail[name])} {_value(name, detail[name])}" for name in names)


def _title(name: str, value: Any) -> str:
    return WORDS["digest" if _is_digest(value) else name] if name in WORDS else name


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _value(name: str, value: Any) -> str:
    if name == "columns" and isinstance(value, list):
        return str(len(value))
    if name == "settings" and isinstance(value, dict):
        return "；".join(f"{title} {before or '空'} → {after or '空'}" for title, (before, after) in value.items())
    if name in ("relation", "taken") and isinstance(value, str):
        return _OF_PEOPLE.get(value, value)
    if name in _CHOICES and isinstance(value, str):
        return _CHOICES[name].get(value, value)
    return _said(value, money=name in _AMOUNTS or name.endswith("_fen"))


def _said(value: Any, *, money: bool) -> str:
    """A value in words: kept words by their title, amounts in yuan, rows of several parts side by side."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{yuan(Fen(value))} 元" if money else str(value)
    if isinstance(value, str):
        return f"{value[:_SEEN]}…" if _is_digest(value) else VALUES.get(value, value)
    if isinstance(value, list):
        return "、".join(
            " ".join(_said(part, money=money) for part in one if part is not None)
            if isinstance(one, list)
            else _said(one, money=money)
            for one in value
        )
    return json.dumps(value, ensure_ascii=False)
