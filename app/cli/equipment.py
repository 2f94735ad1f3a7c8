"""Commands about equipment: equipment, plan, maintenance."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from typing import Any

from app.cli.context import Answer, Context, choice, day, typed
from app.cli.parser import Commands, writing
from app.domain.maintenance import IntervalUnit, ScheduleBasis, Shift
from app.domain.money import parse_yuan
from app.services import equipment, maintenance
from app.services.equipment import EquipmentRow
from app.services.equipment_details import DAYS, FIELDS, STATES, TITLES, Details
from app.services.maintenance import RESULTS, Done, DueRow
from app.services.maintenance_plans import NewPlan, PlanRow
from app.services.refused import refuse

_UNITS = {"day": "天", "month": "个月", "year": "年"}
_STATES = {"soon": "快到期", "due": "到期", "overdue": "逾期"}
_TASK_STATES = {"ok": "正常", "upcoming": "快到期", "due": "到期", "grace": "宽限中", "overdue": "逾期", None: "停用"}


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _given(args: Any) -> dict[str, Any]:
    """The details that were typed; what was not is left out."""
    given: dict[str, Any] = {}
    for name in FIELDS:
        text = getattr(args, name, None)
        if text is not None:
            given[name] = day(text, name) if name in DAYS and text else text or None
    return given


def _equipment_add(context: Context) -> Answer:
    details = Details(**_given(context.args))
    seat = context.log_in()
    with seat.once(context.key):
        done = equipment.add(seat, details, not context.args.no_presets)
    said = {"equipment": done.equipment, "state": done.state, "plans": list(done.plans), "key": context.key}
    plans = f"带出维保计划：{'、'.join(done.plans)}" if done.plans else "没有带出维保计划；需要的请用 plan add 添加。"
    return Answer(said, [f"已添加设备 {done.equipment}。", plans])


def _equipment_change(context: Context) -> Answer:
    given = _given(context.args)
    seat = context.log_in()
    before = equipment.show(seat, given.pop("number")).row
    with seat.once(context.key):
        done = equipment.change(seat, before.details.number, before.version, replace(before.details, **given))
    said = {"equipment": done.equipment, "state": done.state, "version": done.version, "key": context.key}
    return Answer(said, [f"已更新设备 {done.equipment}。"])


def _equipment_state(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = equipment.set_state(seat, context.args.number, context.args.state)
    lines = [f"{done.equipment} 已改为{STATES[done.state]}。"]
    if done.state == "in_use":
        lines.append("维保任务从今天起重新计算，今天都到期。")
    return Answer({"equipment": done.equipment, "state": done.state, "key": context.key}, lines)


def _equipment_said(row: EquipmentRow) -> dict[str, Any]:
    values = {name: getattr(row.details, name) for name in FIELDS}
    said = {name: _iso(value) if name in DAYS else value for name, value in values.items()}
    return {**said, "state": row.state, "restarted_on": _iso(row.restarted_on), "version": row.version}


def _equipment_list(context: Context) -> Answer:
    state = context.args.state
    rows = equipment.listing(context.log_in(), choice(STATES, state, "state") if state else None)
    lines = [
        f"{row.details.number}\t{row.details.name}\t{row.details.category} {row.details.type}\t"
        f"{row.details.place or ''}\t{STATES[row.state]}"
        for row in rows
    ]
    return Answer({"equipment": [_equipment_said(row) for row in rows]}, lines or ["还没有设备。"])


def _plan_said(row: PlanRow) -> dict[str, Any]:
    return {
        "equipment": row.equipment, "name": row.name, "task": row.task, "every": row.every, "unit": row.unit,
        "basis": row.basis, "lead_days": row.lead_days, "grace_days": row.grace_days, "shift": row.shift,
        "statutory": row.statutory, "verified": row.verified, "source": row.source, "first_due": _iso(row.first_due),
        "next_due": _iso(row.next_due), "state": row.state, "last_done": _iso(row.last_done), "version": row.version,
    }  # fmt: skip


def _plan_line(row: PlanRow) -> str:
    notes = "\t法定" * row.statutory + "\t周期请按当地规定核对" * (not row.verified)
    return (
        f"{row.equipment}\t{row.task}\t每 {row.every} {_UNITS[row.unit]}\t下次 {row.next_due or '—'}\t"
        f"{_TASK_STATES[row.state]}{notes}"
    )


def _equipment_show(context: Context) -> Answer:
    found = equipment.show(context.log_in(), context.args.number)
    said = {**_equipment_said(found.row), "plans": [_plan_said(row) for row in found.plans]}
    values = {name: getattr(found.row.details, name) for name in FIELDS}
    lines = [f"{TITLES[name]}：{value}" for name, value in values.items() if value]
    return Answer(said, [*lines, f"状态：{STATES[found.row.state]}", *map(_plan_line, found.plans)])


def _plan_add(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    if (args.task is None) != args.presets:
        raise refuse(
            "task_or_presets", "要么写任务名称，要么用 --presets 带出预设，只写一种。", "如 plan add DT-01 --presets。",
            field="task",
        )  # fmt: skip
    with seat.once(context.key):
        if args.presets:
            done = maintenance.add_presets(seat, args.equipment, args.type, day(args.last, "last"))
        else:
            plan = NewPlan(
                args.task, args.every, args.unit, day(args.first_due, "first_due"), args.basis, args.lead_days,
                args.grace_days, args.shift, args.statutory, args.source,
            )  # fmt: skip
            done = maintenance.add_plan(seat, args.equipment, plan)
    said = {"equipment": done.equipment, "tasks": list(done.tasks), "key": context.key}
    lines = [f"{done.equipment} 新增维保任务：{'、'.join(done.tasks)}"] if done.tasks else ["预设的任务都已经有了。"]
    return Answer(said, lines)


def _plan_list(context: Context) -> Answer:
    rows = maintenance.plans(context.log_in(), context.args.equipment)
    return Answer({"plans": [_plan_said(row) for row in rows]}, [*map(_plan_line, rows)] or ["还没有维保计划。"])


def _plan_presets(context: Context) -> Answer:
    rows = maintenance.presets(context.log_in(), context.args.type)
    said = [
        {
            "category": row.category, "type": row.equipment_type, "task": row.task, "every": row.every,
            "unit": str(row.unit), "basis": str(row.basis), "lead_days": row.lead_days, "shift": str(row.shift),
            "statutory": row.statutory, "verified": row.verified, "source": row.source,
        }
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.category}\t{row.equipment_type}\t{row.task}\t每 {row.every} {_UNITS[row.unit]}\t{row.source}"
        f"{'' if row.verified else '（请按当地规定核对）'}"
        for row in rows
    ]
    return Answer({"presets": said}, lines)


def _plan_end(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = maintenance.end_plan(seat, context.args.equipment, context.args.task)
    return Answer(
        {"equipment": done.equipment, "task": done.task, "key": context.key},
        [f"{done.equipment} 的任务“{done.task}”已结束，做过的记录都在。"],
    )


def _due_line(row: DueRow) -> str:
    late = f" {row.days_overdue} 天" if row.days_overdue else ""
    return f"{_STATES[row.state]}{late}\t{row.due}\t{row.equipment} {row.name}\t{row.task}\t{row.place or ''}"


def _due(context: Context) -> Answer:
    found = maintenance.due(context.log_in(), day(context.args.as_of, "as_of"))
    said = [
        {
            "equipment": row.equipment, "task": row.task, "due": _iso(row.due), "state": row.state, "name": row.name,
            "place": row.place, "days_overdue": row.days_overdue, "escalate_to": row.escalate_to,
            "statutory": row.statutory, "verified": row.verified, "source": row.source, "skipped": row.skipped,
        }
        for row in found.due
    ]  # fmt: skip
    return Answer(
        {"as_of": found.as_of.isoformat(), "due": said},
        [*map(_due_line, found.due)] or [f"{found.as_of} 没有要做的维保。"],
    )


def _done(context: Context) -> Answer:
    args = context.args
    done = Done(
        args.by, day(args.date), args.result, args.findings, args.parts, typed(parse_yuan, args.cost, "cost")
    )  # fmt: skip
    seat = context.log_in()
    with seat.once(context.key):
        answer = maintenance.complete(seat, args.equipment, args.task, done)
    said = {
        "equipment": answer.equipment, "task": answer.task, "date": _iso(answer.on), "result": answer.result,
        "failed": answer.failed, "next_due": _iso(answer.next_due), "skipped": answer.skipped, "key": context.key,
    }  # fmt: skip
    lines = [f"{answer.equipment} {answer.task}：{answer.on} {RESULTS[answer.result]}，下次 {answer.next_due}"]
    if answer.skipped:
        lines.append(f"这一次之前有 {answer.skipped} 次没有做，已一并了结。")
    if answer.failed:
        lines.append("不合格，已提醒工程和经理；处理好后请重做并登记。")
    return Answer(said, lines)


def _details(parser: ArgumentParser) -> None:
    for name in FIELDS:
        if name not in ("number", "name"):
            meta = "D" if name in DAYS else "TEXT"
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar=meta, help=TITLES[name])


def _equipment_commands(commands: Commands) -> None:
    one = commands.add(
        "equipment add",
        _equipment_add,
        "添加设备；认识的类型会带出维保计划",
        "anju equipment add DT-01 1号楼客梯 --type 客梯 --in-service 2020-06-01 --certificate-end 2027-03-31",
    )
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("name", metavar="NAME")
    _details(one)
    one.add_argument("--no-presets", action="store_true", help="不带出预设的维保计划")
    writing(one)
    one = commands.add(
        "equipment change",
        _equipment_change,
        "改设备的资料",
        "anju equipment change DT-01 --certificate-end 2028-03-31",
    )
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--name", metavar="TEXT", help=TITLES["name"])
    _details(one)
    writing(one)
    one = commands.add("equipment list", _equipment_list, "列出设备台账", "anju equipment list --state in_use")
    one.add_argument("--state", metavar="|".join(STATES), help="只看这种状态的")
    one = commands.add("equipment show", _equipment_show, "看一台设备和它的维保计划", "anju equipment show DT-01")
    one.add_argument("number", metavar="NUMBER")
    one = commands.add(
        "equipment state", _equipment_state, "启用、停用或报废一台设备", "anju equipment state DT-01 stopped"
    )
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("state", metavar="|".join(STATES))
    writing(one)


def _plan_commands(commands: Commands) -> None:
    one = commands.add(
        "plan add",
        _plan_add,
        "给设备加维保任务：手工写，或 --presets 带出预设",
        "anju plan add DT-01 钢丝绳检查 --every 3 --unit month --first-due 2026-09-01",
    )
    one.add_argument("equipment", metavar="EQUIPMENT")
    one.add_argument("task", metavar="TASK", nargs="?")
    one.add_argument("--presets", action="store_true", help="带出这种类型的预设任务")
    one.add_argument("--type", metavar="T", help="按哪种类型的预设，默认是设备自己的类型")
    one.add_argument("--last", metavar="D", help="预设从上次维保日期算起")
    one.add_argument("--every", type=int, metavar="N", help="多久做一次")
    one.add_argument("--unit", default="month", help="、".join(IntervalUnit))
    one.add_argument("--first-due", metavar="D", help="首次到期日，默认今天")
    one.add_argument(
        "--basis", default="fixed_schedule", help="、".join(ScheduleBasis) + "：按固定日程，或从上次完成算起"
    )
    one.add_argument("--lead-days", type=int, default=0, metavar="N", help="提前几天提醒")
    one.add_argument("--grace-days", type=int, default=0, metavar="N", help="宽限几天")
    one.add_argument("--shift", help="遇休息日：" + "、".join(Shift) + "；法定的默认提前，其他的默认顺延")
    one.add_argument("--statutory", action="store_true", help="法定任务")
    one.add_argument("--source", metavar="TEXT", help="依据")
    writing(one)
    one = commands.add("plan list", _plan_list, "列出维保计划", "anju plan list DT-01")
    one.add_argument("equipment", metavar="EQUIPMENT", nargs="?")
    one = commands.add("plan presets", _plan_presets, "列出预设的维保任务和依据", "anju plan presets --type 客梯")
    one.add_argument("--type", metavar="T")
    one = commands.add("plan end", _plan_end, "结束一项维保任务", "anju plan end DT-01 钢丝绳检查")
    one.add_argument("equipment", metavar="EQUIPMENT")
    one.add_argument("task", metavar="TASK")
    writing(one)


def add(commands: Commands) -> None:
    """Declare these commands."""
    _equipment_commands(commands)
    _plan_commands(commands)
    one = commands.add(
        "maintenance due", _due, "要做的维保：快到期、到期、逾期", "anju maintenance due --as-of 2026-07-15"
    )
    one.add_argument("--as-of", metavar="D", help="看哪一天，默认今天")
    one = commands.add(
        "maintenance done",
        _done,
        "登记做完的维保",
        "anju maintenance done DT-01 半月维保 --date 2026-07-15 --by 张师傅 --result pass",
    )
    one.add_argument("equipment", metavar="EQUIPMENT")
    one.add_argument("task", metavar="TASK")
    one.add_argument("--date", metavar="D", help="哪天做的，默认今天")
    one.add_argument("--by", required=True, metavar="NAME", help="谁做的")
    one.add_argument("--result", required=True, metavar="|".join(RESULTS), help="合格或不合格")
    one.add_argument("--findings", metavar="TEXT", help="发现的问题")
    one.add_argument("--parts", metavar="TEXT", help="更换的配件")
    one.add_argument("--cost", metavar="YUAN", help="费用（元）")
    writing(one)
