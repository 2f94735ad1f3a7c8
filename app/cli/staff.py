"""Commands about people and their way in: user, recovery, approve."""

from __future__ import annotations

from app.cli.context import Answer, Context, waiting
from app.cli.parser import Commands, two_persons, writing
from app.services import approvals, entrance, users
from app.services.refused import refuse
from app.services.two_persons import Waiting
from app.services.users import UserRow


def _row(row: UserRow) -> dict[str, object]:
    return {"user": row.user, "roles": list(row.roles), "enabled": row.enabled}


def _user_add(context: Context) -> Answer:
    seat = context.log_in()
    password = context.secret("ANJU_NEW_PASSWORD", "新用户的密码：")
    with seat.once(context.key):
        row = users.add(seat, context.args.name, tuple(context.args.role), password, cost=context.cost)
    return Answer({**_row(row), "key": context.key}, [f"已添加用户 {row.user}（{'、'.join(row.roles)}）。"])


def _user_passwd(context: Context) -> Answer:
    seat, args = context.log_in(), context.args
    password = context.secret("ANJU_NEW_PASSWORD", "新密码：")
    second = context.second(seat)
    with seat.once(context.key):
        if args.name == seat.login:
            row: UserRow | Waiting = users.change_own_password(seat, password, cost=context.cost)
        else:
            row = users.reset_password(seat, args.name, password, args.reason, second=second, cost=context.cost)
    if isinstance(row, Waiting):
        return waiting(row, context.key)
    return Answer({**_row(row), "key": context.key}, [f"已重设 {row.user} 的密码。"])


def _user_disable(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        row = users.disable(seat, context.args.name)
    return Answer({**_row(row), "key": context.key}, [f"已停用用户 {row.user}。"])


def _user_list(context: Context) -> Answer:
    rows = users.listing(context.log_in())
    lines = [f"{row.user}\t{'、'.join(row.roles)}\t{'启用' if row.enabled else '停用'}" for row in rows]
    return Answer({"users": [_row(row) for row in rows]}, lines)


def _recovery_test(context: Context) -> Answer:
    entrance.check_recovery(context.folder, context.secret("ANJU_RECOVERY_KEY", "恢复密钥（8 组）："))
    return Answer({"ok": True}, ["恢复密钥有效。"])


def _recovery_reset(context: Context) -> Answer:
    login = context.args.user_to_reset or getattr(context.args, "user", None)
    if not login:
        raise refuse("no_user", "没有说明要重设哪个用户。", "请加上 --user。", field="user")
    typed = context.secret("ANJU_RECOVERY_KEY", "恢复密钥（8 组）：")
    password = context.secret("ANJU_NEW_PASSWORD", "新密码：")
    entrance.reset_by_recovery(context.folder, typed, login, password, clock=context.clock, cost=context.cost)
    return Answer({"user": login, "key": context.key}, [f"已用恢复密钥重设 {login} 的密码。"])


def _approve_list(context: Context) -> Answer:
    rows = approvals.waiting(context.log_in())
    said = [
        {"request": r.request, "act": r.act, "by": r.by, "at": r.at, "reason": r.reason, "summary": r.summary}
        for r in rows
    ]
    lines = [f"{r.request}\t{r.act_title}\t{r.by}\t{r.summary}\t{r.reason}" for r in rows] or ["没有待批准的申请。"]
    return Answer({"requests": said}, lines)


def _approve_yes(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = approvals.yes(seat, context.args.number)
    said = {"request": done.request, "state": done.state, "result": done.result, "key": context.key}
    return Answer(said, [f"已批准并办理 {done.request}。"])


def _approve_no(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = approvals.no(seat, context.args.number, context.args.reason)
    said = {"request": done.request, "state": done.state, "result": done.result, "key": context.key}
    return Answer(said, [f"已拒绝 {done.request}。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "user add", _user_add, "添加用户；新密码取自 ANJU_NEW_PASSWORD", "anju user add 李收费 --role cashier"
    )
    one.add_argument("name", metavar="NAME")
    one.add_argument("--role", action="append", required=True, metavar="R", help="角色，可以写几次")
    writing(one)
    one = commands.add(
        "user passwd", _user_passwd, "重设密码（自己的或他人的）", "anju user passwd 李收费 --reason 忘记密码"
    )
    one.add_argument("name", metavar="NAME")
    two_persons(one)
    writing(one)
    one = commands.add("user disable", _user_disable, "停用用户", "anju user disable 李收费")
    one.add_argument("name", metavar="NAME")
    writing(one)
    commands.add("user list", _user_list, "列出用户", "anju user list --user admin")
    commands.add("recovery test", _recovery_test, "核对打印的恢复密钥；取自 ANJU_RECOVERY_KEY", "anju recovery test")
    one = commands.add(
        "recovery reset", _recovery_reset, "用恢复密钥给用户重设密码", "anju recovery reset --user admin"
    )
    one.add_argument("user_to_reset", metavar="NAME", nargs="?", help="要重设的用户，也可以用 --user")
    writing(one)
    commands.add("approve list", _approve_list, "等我批准的申请", "anju approve list --user 王经理")
    one = commands.add("approve yes", _approve_yes, "批准并办理", "anju approve yes A2026-000001")
    one.add_argument("number", metavar="NUMBER")
    writing(one)
    one = commands.add("approve no", _approve_no, "拒绝", "anju approve no A2026-000001 --reason 金额不对")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
