"""Commands about the office as a whole: init, settings, verify, backup, clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.cli.context import Answer, Context
from app.cli.parser import Commands, two_persons, writing
from app.services import backups, clocks, entrance, restore, settings, verification
from app.services.backups import BackupAnswer
from app.services.entrance import Purpose
from app.services.refused import refuse
from app.services.settings import SettingRow


def _init(context: Context) -> Answer:
    args = context.args
    name = getattr(args, "estate", None)
    if not name:
        raise refuse("no_estate", "没有说明小区名。", "请加上 --estate。", field="estate")
    password = context.secret("ANJU_PASSWORD", f"给 {args.admin} 设一个密码：")
    done = entrance.create_office(context.folder, name, args.admin, password, clock=context.clock, cost=context.cost)
    said = {"data": str(done.folder), "recovery_key": done.recovery_key}
    lines = [
        f"办公室已建好：{done.folder}",
        f"恢复密钥（只显示这一次，请打印两份分开保存）：{done.recovery_key}",
    ]
    return Answer(said, lines)


def _row(row: SettingRow) -> dict[str, str]:
    return {"name": row.name, "title": row.title, "value": row.value}


def _settings_get(context: Context) -> Answer:
    row = settings.get(context.log_in(), context.args.name)
    return Answer(_row(row), [f"{row.title}：{row.value}"])


def _settings_set(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        row = settings.change(seat, context.args.name, context.args.value)
    return Answer({**_row(row), "key": context.key}, [f"{row.title}：{row.value}"])


def _settings_list(context: Context) -> Answer:
    rows = settings.listing(context.log_in())
    return Answer({"settings": [_row(row) for row in rows]}, [f"{r.name}\t{r.title}\t{r.value}" for r in rows])


def _verify(context: Context) -> Answer:
    seat = context.log_in(Purpose.VERIFY)
    if context.args.rebuild:
        with seat.once(context.key):
            report = verification.rebuild(seat)
    else:
        report = verification.verify(seat, seat.store.missing, context.args.anchor)
    said: dict[str, Any] = {
        "ok": report.ok,
        "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in report.checks],
        "totals": None,
        "audit_head": report.audit_head,
    }
    if context.args.rebuild:
        said["key"] = context.key
    if report.totals is not None:
        t = report.totals
        said["totals"] = {
            "houses": t.houses, "charged_fen": t.charged_fen, "adjusted_fen": t.adjusted_fen, "paid_fen": t.paid_fen,
            "prepaid_fen": t.prepaid_fen, "owed_fen": t.owed_fen, "receipts": t.receipts,
        }  # fmt: skip
    lines = [f"{'正常' if c.ok else '有问题'}\t{c.name}\t{c.detail}" for c in report.checks]
    if not report.ok:
        said["error"] = {
            "code": "damaged",
            "message": "核对发现问题：" + "、".join(c.name for c in report.checks if not c.ok),
            "hint": "不要再记账；请用最近一次备份恢复，或联系支持。",
        }
    return Answer(said, lines, 0 if report.ok else 4)


def _backup(answer: BackupAnswer, verb: str, key: str | None = None) -> Answer:
    said: dict[str, Any] = {
        "file": str(answer.file), "bytes": answer.bytes, "digest": answer.digest, "audit_head": answer.audit_head,
    }  # fmt: skip
    if key is not None:
        said["key"] = key
    return Answer(said, [f"{verb}：{answer.file}（{answer.bytes} 字节）"])


def _path(context: Context) -> Path:
    return Path(context.args.path).expanduser().absolute()


def _backup_create(context: Context) -> Answer:
    seat = context.log_in(Purpose.BACKUP)
    if seat.store.missing:
        return _backup(backups.salvage(seat, _path(context)), "数据比见证文件少了记录；已按现状备份", context.key)
    with seat.once(context.key):
        return _backup(backups.create(seat, _path(context)), "已备份并打开核对过", context.key)


def _backup_verify(context: Context) -> Answer:
    return _backup(backups.verify(context.log_in(Purpose.BACKUP), _path(context)), "备份完好")


def _backup_restore(context: Context) -> Answer:
    args = context.args
    user = getattr(args, "user", None)
    if not user:
        raise refuse("no_user", "没有说明用户。", "请加上 --user。", field="user")
    password = context.secret("ANJU_PASSWORD", f"{user} 的密码：")
    second = None
    if args.second:
        second = (args.second, context.secret("ANJU_SECOND_PASSWORD", f"{args.second} 的密码："))
    done = restore.restore(
        context.folder, _path(context), (user, password), args.reason, second=second, key=context.key,
        clock=context.clock, cost=context.cost,
    )  # fmt: skip
    return _backup(done, "已恢复", context.key)


def _clock_accept(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        shown = clocks.accept(seat, context.args.reason)
    return Answer({"time": shown.time, "key": context.key}, [f"已按电脑时间 {shown.time} 继续。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "init", _init, "新建办公室；密码取自 ANJU_PASSWORD", "anju init --estate 样例花园 --admin 王经理"
    )
    one.add_argument("--admin", required=True, metavar="USER", help="第一位用户，是系统管理员和项目经理")
    one = commands.add("settings get", _settings_get, "看一个设置", "anju settings get telephone")
    one.add_argument("name", metavar="NAME")
    one = commands.add("settings set", _settings_set, "改一个设置", "anju settings set telephone 010-00000000")
    one.add_argument("name", metavar="NAME")
    one.add_argument("value", metavar="VALUE")
    writing(one)
    commands.add("settings list", _settings_list, "列出设置", "anju settings list")
    one = commands.add("verify", _verify, "核对整个办公室", "anju verify --user 审计员 --json")
    one.add_argument("--rebuild", action="store_true", help="按账目重建余额")
    one.add_argument(
        "--anchor", action="append", default=[], metavar="SEQ:HEAD", help="日结单、收据或备份上的链头，可写几个"
    )
    writing(one)
    one = commands.add("backup create", _backup_create, "备份到文件夹或 .anju 文件", "anju backup create backups")
    one.add_argument("path", metavar="PATH")
    writing(one)
    one = commands.add("backup verify", _backup_verify, "打开备份，全部核对一遍", "anju backup verify 备份.anju")
    one.add_argument("path", metavar="PATH")
    one = commands.add(
        "backup restore",
        _backup_restore,
        "用备份恢复（双人）；原有文件改名保留",
        "anju backup restore 备份.anju --second 李经理",
    )
    one.add_argument("path", metavar="PATH")
    two_persons(one)
    writing(one)
    one = commands.add(
        "clock accept",
        _clock_accept,
        "电脑时间早于最后一笔记录时，由经理确认",
        "anju clock accept --reason 换了主板电池",
    )
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
