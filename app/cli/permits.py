"""Commands of decoration permits: permit add, extend, close, list."""

from __future__ import annotations

from datetime import date

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.services import house_rows, permits
from app.services.answers import to_json
from app.services.house_list import STATES
from app.services.permits import NewPermit, PermitAnswer
from app.services.refused import refuse

_WORDS = {state.code: state.word for state in STATES}
STATE_WORDS = {"coming": "未开始", "now": "装修中", "over": "已过期", "closed": "已办结"}


def _day(text: str, field: str) -> date:
    found = day(text, field)
    if found is None:
        raise refuse("bad_date", "没有写日期。", "请写成 2026-07-01 的样子。", field=field)
    return found


def _answer(done: PermitAnswer, key: str, words: str) -> Answer:
    body = {
        "permit": done.number, "house": done.house, "from": done.valid_from.isoformat(),
        "to": done.valid_to.isoformat(), "state": done.state, "house_state": done.house_state,
        "warnings": list(done.warnings), "key": key,
    }  # fmt: skip
    return Answer(body, [words, *done.warnings])


def _add(context: Context) -> Answer:
    args = context.args
    new = NewPermit(
        _day(args.since, "from"), _day(args.until, "to"), args.company, args.contact, args.phone, args.content,
        args.deposit,
    )  # fmt: skip
    seat = context.log_in()
    with seat.once(context.key):
        done = permits.add(seat, args.house, new)
    return _answer(done, context.key, f"{done.house} 的装修许可 {done.number}，{done.valid_from} 至 {done.valid_to}")


def _extend(context: Context) -> Answer:
    args = context.args
    until, seat = _day(args.until, "to"), context.log_in()
    with seat.once(context.key):
        done = permits.extend(seat, args.number, until, args.reason)
    return _answer(done, context.key, f"{done.number} 延期到 {done.valid_to}")


def _close(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = permits.close(seat, args.number, args.becomes, args.note)
    return _answer(done, context.key, f"{done.number} 已办结，{done.house} 现在是{_WORDS[done.house_state]}")


def _list(context: Context) -> Answer:
    rows = permits.listing(context.log_in(), context.args.house)
    lines = [
        f"{row.number}\t{row.house}\t{row.valid_from} 至 {row.valid_to}\t{row.company}\t{STATE_WORDS[row.state]}"
        for row in rows
    ]
    return Answer({"permits": [to_json(row) for row in rows]}, lines or ["没有装修许可。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    example = "anju permit add 3-1-402 --from 2026-07-01 --to 2026-09-30 --company 样例装饰 --deposit S2026-00000087"
    one = commands.add("permit add", _add, "登记装修许可", example)
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--from", dest="since", metavar="DATE", required=True, help="第一天")
    one.add_argument("--to", dest="until", metavar="DATE", required=True, help="最后一天")
    one.add_argument("--company", metavar="TEXT", required=True, help="装修公司或施工人")
    one.add_argument("--contact", metavar="TEXT", help="联系人")
    one.add_argument("--phone", metavar="TEXT", help="联系电话")
    one.add_argument("--content", metavar="TEXT", help="装修内容")
    one.add_argument("--deposit", metavar="RECEIPT", help="装修押金的收据号")
    writing(one)
    example = "anju permit extend X2026-000001 --to 2026-10-31 --reason 工期延误"
    one = commands.add("permit extend", _extend, "装修许可延期", example)
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--to", dest="until", metavar="DATE", required=True, help="新的最后一天")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    one = commands.add("permit close", _close, "装修验收、办结", "anju permit close X2026-000001 owner --note 验收合格")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("becomes", choices=[each for each in house_rows.STATES if each != permits.FITTING_OUT])
    one.add_argument("--note", metavar="TEXT", help="验收结果")
    writing(one)
    one = commands.add("permit list", _list, "列出装修许可", "anju permit list")
    one.add_argument("house", nargs="?", metavar="HOUSE")
