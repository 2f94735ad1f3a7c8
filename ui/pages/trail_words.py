"""What the details of an audit record are called. A name that stands not here is shown as it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.domain.money import Fen, yuan
from app.services.maintenance import RESULTS
from app.services.rights import ROLES
from app.services.settings import SETTINGS

WORDS: Mapping[str, str] = {
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
    "kind": "种类",
    "lines": "行数",
    "login": "用户",
    "method": "方式",
    "name": "名称",
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
    "fields": "改了哪些项",
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
    "way": "方式",
}
VALUES: Mapping[str, str] = {
    **dict(ROLES),
    **RESULTS,
    **{name: declared.title for name, declared in SETTINGS.items()},
    "backups": "备份",
    "bill_run": "出账",
    "certificates": "证照和合同",
    "maintenance": "维保",
    "dunning": "催缴",
}
"""What kept words are called; any other is shown as it is kept."""
_AMOUNTS = frozenset({"fen", "amount_fen", "total_fen", "booked", "counted", "float", "cost"})
_UNSAID = ("redacted",)
"""What only `verify` reads."""
_LAST = ("digest", "document")
"""Long values that say little: they stand behind the others."""


def detail_text(detail: Mapping[str, Any]) -> str:
    """The details of a record in one line."""
    names = sorted(
        (name for name, value in detail.items() if value is not None and name not in _UNSAID),
        key=lambda name: name in _LAST,
    )
    return "，".join(f"{WORDS.get(name, name)} {_value(name, detail[name])}" for name in names)


def _value(name: str, value: Any) -> str:
    if name in _AMOUNTS and isinstance(value, int):
        return f"{yuan(Fen(value))} 元"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "、".join(VALUES.get(one, one) for one in value)
    if name == "settings" and isinstance(value, dict):
        return "；".join(f"{title} {before or '空'} → {after or '空'}" for title, (before, after) in value.items())
    return VALUES.get(value, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
