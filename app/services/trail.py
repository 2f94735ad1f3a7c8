"""审计记录: reading the chain with filters; amounts are left out for who may not see money."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from app.security.permissions import Permission
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.audit import Audit, Change
from db.models.security import User
from db.work import Work

ACTIONS: Mapping[str, str] = {
    "account.changed": "改会计科目",
    "alerts.proposed": "发出提醒",
    "alerts.settled": "结束提醒",
    "arrears.exported": "导出欠费表",
    "backup.created": "备份",
    "backup.pruned": "清理旧备份",
    "backup.restored": "恢复备份",
    "backup.verified": "验证备份",
    "bank.booked": "流水登记为收款",
    "bank.ignored": "忽略流水",
    "bank.mapping": "记住流水的列",
    "bank.matched": "核对流水",
    "bank.released": "取消核对流水",
    "bills.posted": "出账",
    "bills.printed": "打印账单",
    "bills.voided": "作废出账",
    "clock.accepted": "确认电脑时间",
    "close.printed": "补打日结单",
    "day.closed": "日结",
    "dunning.held": "暂缓催缴",
    "dunning.printed": "补打催缴文书",
    "dunning.released": "结束暂缓",
    "dunning.sent": "发催缴文书",
    "dunning.served": "登记送达",
    "dunning.talked": "登记催缴电话或上门",
    "equipment.added": "登记设备",
    "equipment.changed": "修改设备",
    "equipment.state": "设备停用、启用或报废",
    "explanation.printed": "打印费用说明",
    "estate.added": "添加小区",
    "estate.renamed": "小区改名",
    "fee.added": "添加收费项目",
    "fee.changed": "修改收费项目的规则",
    "fee.assigned": "给房屋加收费项目",
    "file.added": "添加照片、文件",
    "file.dropped": "删除照片、文件",
    "file.taken": "取出照片、文件",
    "finance.exported": "导出财务表",
    "bills.compared": "导出出账预览",
    "house.added": "新建房屋",
    "house.changed": "修改房屋",
    "house.edited": "成批修改房屋",
    "house.state": "改房屋状态",
    "house.renumbered": "改房号",
    "house.replaced": "拆分、合并房屋",
    "houses.made": "按楼层批量生成房屋",
    "import.bank": "导入银行流水",
    "import.equipment": "导入设备",
    "import.history": "导入往期费用",
    "import.mapping": "记住列对应",
    "import.undone": "撤销导入",
    "import.houses": "导入房屋",
    "import.meters": "导入水表",
    "import.opening": "导入期初",
    "import.payments": "导入收款",
    "import.readings": "导入读数",
    "import.residents": "导入住户",
    "letter.changed": "修改催缴文书的文字",
    "letter.reset": "恢复催缴文书的原文",
    "ledger.exported": "导出账本",
    "list.exported": "导出列表",
    "login.failed": "登录失败",
    "maintenance.done": "登记维保完成",
    "month.closed": "月结",
    "month.reopened": "重开月份",
    "office.created": "新建办公室",
    "payment.taken": "收款",
    "permit.added": "登记装修许可",
    "permit.closed": "办结装修许可",
    "permit.extended": "装修许可延期",
    "permission.refused": "越权被拒",
    "instalments.agreed": "签分期协议",
    "instalments.ended": "终止分期协议",
    "instalments.printed": "打印分期协议",
    "plan.added": "添加维保计划",
    "plan.changed": "修改维保计划",
    "plan.ended": "结束维保计划",
    "projections.rebuilt": "重建余额",
    "proof.issued": "开缴费证明",
    "reading.added": "录入读数",
    "meter.changed": "换表",
    "reading.corrected": "改正读数",
    "receipt.printed": "打印收据",
    "receipt.reversed": "红冲收据",
    "receipt.voided": "作废收据",
    "recovery.reset": "用恢复密钥重设密码",
    "request.approved": "批准申请",
    "request.refused": "驳回申请",
    "setting.changed": "改设置",
    "shift.opened": "开班",
    "slot.rewrapped": "更新密码保护",
    "statement.printed": "打印对账单",
    "tariff.added": "添加收费标准",
    "receipt.rebooked": "错收改记",
    "tariff.copied": "整体调整收费标准",
    "charge.adjusted": "减免、补收",
    "charge.posted": "一次性收费",
    "discount.added": "折扣",
    "discount.ended": "结束折扣",
    "house.settled": "过户、退租结算",
    "handover.prepared": "准备过户、退租",
    "handover.dropped": "放弃准备的过户、退租",
    "dispute.added": "登记争议",
    "dispute.ended": "结束争议",
    "prepay.ended": "预交提前结束",
    "payment.prepaid": "预交",
    "payment.refunded": "退款",
    "payment.settled": "登记到账",
    "main_meter.added": "登记总表、公共表",
    "main_meter.read": "抄总表、公共表",
    "readings.taken_out": "导出抄表单",
    "report.printed": "打印月报",
    "segment.saved": "存下筛选",
    "segment.dropped": "删除筛选",
    "resident.registered": "登记住户",
    "resident.changed": "修改住户资料",
    "resident.left": "住户迁出",
    "resident.revealed": "查看完整号码",
    "resident.merged": "合并住户",
    "owner.shared": "改产权份额",
    "heads.counted": "登记户内人数",
    "tenancy.added": "登记租约",
    "tenancy.ended": "改租约期限",
    "pet.added": "登记宠物",
    "pet.changed": "改宠物资料",
    "pet.dropped": "注销宠物",
    "prepaid.used": "预存抵扣",
    "invoice.asked": "申请开票",
    "invoice.issued": "登记发票",
    "invoice.dropped": "撤回开票申请",
    "deposit.taken": "收押金",
    "deposit.returned": "退押金",
    "cost.added": "录入公摊费用",
    "cost.dropped": "撤销公摊费用",
    "cost.published": "打印公摊公示",
    "emergency.printed": "打印应急名单",
    "event.added": "建活动",
    "event.changed": "改活动",
    "event.invited": "邀请住户",
    "event.answered": "记活动回复",
    "event.attended": "活动签到",
    "event.ended": "结束活动",
    "event.cancelled": "取消活动",
    "event.slips": "打印邀请函",
    "event.sheet": "打印签到表",
    "labels.printed": "打印地址标签",
    "slips.printed": "打印门条",
    "person.exported": "导出个人信息副本",
    "person.anonymised": "匿名搬走的人",
    "register.exported": "导出资料",
    "space.leased": "登记车位使用",
    "space.released": "结束车位使用",
    "vehicle.added": "登记车辆",
    "vehicle.changed": "改车辆资料",
    "vehicle.ended": "车辆不再停放",
    "user.added": "添加用户",
    "user.disabled": "停用用户",
    "user.password": "重设密码",
    "user.roles": "改角色",
    "voucher.exported": "导出凭证",
}
"""What each action is called; an action that ends in `.requested` is the same one asked for."""

REQUESTED = ".requested"
MOST = 500

_MONEY = ("fen", "amount", "designated", "float", "counted", "booked", "cost", "arrears", "prepaid", "deposit", "price")
"""Parts of names under which details keep amounts."""


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What to show: a user's login, how an action's or object's name begins, days of the office, single-handed acts
    only; records before `before`, at most `limit` of them, newest first.
    """

    user: str | None = None
    action: str | None = None
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    sole: bool = False
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A record as people read it. `detail` is as kept, amounts left out for who may not see money."""

    seq: int
    local: str
    user: str
    action: str
    title: str
    kind: str
    sole: bool
    approver: str | None
    detail: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the trail; `more` where older records match too."""

    rows: tuple[TrailRow, ...]
    more: bool


def _title(action: str) -> str:
    """What an action is called."""
    base = action.removesuffix(REQUESTED)
    return ACTIONS.get(base, base) + ("（申请）" if base != action else "")


def _without_money(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_money(inner)
            for name, inner in value.items()
            if not any(word in name.lower() for word in _MONEY)
        }
    if isinstance(value, list):
        return [_without_money(inner) for inner in value]
    return value


@use_case(Permission.SEE_AUDIT)
def listing(work: Work, wanted: TrailFilter) -> Trail:
    """The newest records that match. Raises Refused for an unknown user or a limit out of range."""
    if not 1 <= wanted.limit <= MOST:
        raise refuse("bad_limit", "一次最多看 {n} 条。", "请减少条数。", n=MOST, field="limit")
    names = dict(work.execute(select(User.id, User.name)).all())
    query = select(Audit, Change.detail.label("said")).outerjoin(Change, Change.seq == Audit.id)
    if wanted.user is not None:
        user_id = work.execute(select(User.id).where(User.login == wanted.user)).scalar()
        if user_id is None:
            raise refuse("unknown_user", "没有这个用户：{login}。", login=wanted.user, field="user")
        query = query.where((Audit.user_id == user_id) | (Audit.approver_id == user_id))
    if wanted.action is not None:
        query = query.where(Audit.action.startswith(wanted.action, autoescape=True))
    if wanted.kind is not None:
        query = query.where(Audit.object_kind == wanted.kind)
    if wanted.first is not None:
        query = query.where(Audit.local >= wanted.first.isoformat())
    if wanted.last is not None:
        query = query.where(Audit.local < (wanted.last + timedelta(days=1)).isoformat())
    if wanted.sole:
        query = query.where(Audit.sole)
    if wanted.before is not None:
        query = query.where(Audit.id < wanted.before)
    rows = work.execute(query.order_by(Audit.id.desc()).limit(wanted.limit + 1)).all()
    money = Permission.SEE_MONEY in work.permissions
    return Trail(
        tuple(_row(row, names, money=money) for row in rows[: wanted.limit]),
        len(rows) > wanted.limit,
    )


def _row(row: Row[Any], names: Mapping[int, str], *, money: bool) -> TrailRow:
    detail = json.loads(row.said or "{}")
    return TrailRow(
        row.id,
        row.local,
        names.get(row.user_id, ""),
        row.action,
        _title(row.action),
        row.object_kind,
        bool(row.sole),
        names.get(row.approver_id) if row.approver_id is not None else None,
        detail if money else _without_money(detail),
        row.digest,
    )
