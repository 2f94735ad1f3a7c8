"""Commands of dunning: dun preview, run, print, serve, call, hold, release, log."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.domain.dunning import STAGE_TITLES, Stage
from app.domain.money import yuan
from app.services import dun_contacts, dunning
from app.services.dun_contacts import HOLDS, ContactAnswer, HoldAnswer, Served
from app.services.dun_record import PAPERS, WAYS
from app.services.dunning import DunAnswer


def _dun_said(answer: DunAnswer, key: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "as_of": answer.as_of.isoformat(),
        "letters": [
            {"house": r.house, "stage": r.stage, "owed_fen": r.owed_fen, "late_fee_fen": r.late_fee_fen,
             "number": r.number}
            for r in answer.letters
        ],
        "skipped": [
            {"house": r.house, "reason": r.reason, "stage": r.stage,
             "from": r.from_day.isoformat() if r.from_day else None}
            for r in answer.skipped
        ],
        "file": str(answer.file) if answer.file else None,
        "warnings": list(answer.warnings),
    }  # fmt: skip
    if key is not None:
        said["key"] = key
    return said


def _dun_lines(answer: DunAnswer, done: str) -> list[str]:
    by_stage: dict[str, int] = {}
    for row in answer.letters:
        by_stage[row.stage] = by_stage.get(row.stage, 0) + 1
    counts = "，".join(f"{STAGE_TITLES[Stage(stage)]} {n}" for stage, n in by_stage.items()) or "没有要发的"
    lines = [f"截至 {answer.as_of}，{done}：{counts}"]
    lines += [
        f"  {r.house}\t{STAGE_TITLES[Stage(r.stage)]}\t本金 {yuan(r.owed_fen)}\t{r.number or ''}"
        for r in answer.letters
    ]
    lines += [
        f"  不发：{r.house}\t{dunning.WHY.get(r.reason, r.reason)}"
        + (f"（{STAGE_TITLES[Stage(r.stage)]}从 {r.from_day} 起）" if r.stage and r.from_day else "")
        for r in answer.skipped
    ]
    return [*lines, *answer.warnings, *([str(answer.file)] if answer.file else [])]


def _dun_preview(context: Context) -> Answer:
    args = context.args
    answer = dunning.preview(context.log_in(), day(args.as_of, "as_of"), args.house, args.stage)
    return Answer(_dun_said(answer, None), _dun_lines(answer, "将发"))


def _dun_run(context: Context) -> Answer:
    args, as_of = context.args, day(context.args.as_of, "as_of")
    seat = context.log_in()
    name = f"dun-{as_of.isoformat() if as_of else context.today(seat).isoformat()}.pdf"
    with seat.once(context.key):
        answer = dunning.run(seat, context.out(name), as_of, args.house, args.stage)
    return Answer(_dun_said(answer, context.key), _dun_lines(answer, "已发"))


def _dun_print(context: Context) -> Answer:
    number = context.args.number.strip().upper()
    seat = context.log_in()
    with seat.once(context.key):
        done = dunning.reprint(seat, number, context.out(f"{number}.pdf"))
    said = {"number": done.number, "file": str(done.file), "copy": done.copy, "key": context.key}
    return Answer(said, [f"{done.number}（补打 {done.copy - 1}）：{done.file}"])


def _contact(done: ContactAnswer, key: str) -> Answer:
    said = {
        "house": done.house, "number": done.number, "way": done.way, "on": done.on.isoformat(), "served": done.served,
        "key": key,
    }  # fmt: skip
    proven = "，已证明送达" if done.served else "，没有送达凭证，不重新起算时效" if done.number else ""
    return Answer(said, [f"{done.house} {done.number or ''} {WAYS[done.way]} {done.on}{proven}"])


def _dun_serve(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    on = day(args.date) or context.today(seat)
    served = Served(
        args.way, on, args.signer, args.relation, args.tracking, args.witnesses, args.note, args.delivered
    )  # fmt: skip
    with seat.once(context.key):
        return _contact(dun_contacts.serve(seat, args.number, served), context.key)


def _dun_talk(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        done = dun_contacts.talk(seat, args.house, "visit" if args.visit else "call", args.note, day(args.date))
    return _contact(done, context.key)


def _hold(done: HoldAnswer, key: str) -> Answer:
    said = {
        "house": done.house, "kind": done.kind, "from": done.valid_from.isoformat(),
        "to": done.valid_to.isoformat() if done.valid_to else None, "key": key,
    }  # fmt: skip
    return Answer(
        said, [f"{done.house} {HOLDS[done.kind]}：{done.valid_from} 至 {done.valid_to or '解除为止'} 暂缓催缴"]
    )


def _dun_hold(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        done = dun_contacts.hold(
            seat, args.house, args.kind, args.reason, day(args.valid_from, "from"), day(args.valid_to, "to")
        )
    return _hold(done, context.key)


def _dun_release(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        return _hold(dun_contacts.release(seat, args.house, args.kind, args.reason), context.key)


def _dun_log(context: Context) -> Answer:
    found = dun_contacts.record(context.log_in(), context.args.house, day(context.args.as_of, "as_of"))
    said = {
        "house": found.house,
        "as_of": found.as_of.isoformat(),
        "events": [{"on": e.on, "what": e.what, "number": e.number, "result": e.result} for e in found.events],
        "holds": [
            {"kind": h.kind, "from": h.valid_from.isoformat(), "to": h.valid_to.isoformat() if h.valid_to else None}
            for h in found.holds
        ],
        "limits": [
            {"item": c.item, "period": c.period, "due": c.due.isoformat(), "open_fen": c.open_fen,
             "expires_on": c.expires_on.isoformat() if c.expires_on else None, "days_left": c.days_left,
             "expired": c.expired, "warn": c.warn}
            for c in found.limits
        ],
    }  # fmt: skip
    lines = [f"{found.house}（{found.as_of}）"]
    lines += [f"  {e.on}\t{e.what} {e.number}\t{e.result}" for e in found.events]
    lines += [f"  暂缓：{HOLDS[h.kind]} {h.valid_from} 至 {h.valid_to or '解除为止'}" for h in found.holds]
    for limit in found.limits:
        left = "已届满" if limit.expired else f"还有 {limit.days_left} 天"
        warn = "，快到了" if limit.warn else ""
        lines.append(
            f"  时效：{limit.item} {limit.period}\t{yuan(limit.open_fen)}\t到 {limit.expires_on}，{left}{warn}"
        )
    return Answer(said, lines)


def _dun_scope(parser: ArgumentParser) -> None:
    parser.add_argument("--as-of", dest="as_of", metavar="D", help="哪一天，默认今天")
    parser.add_argument("--house", metavar="H", help="只看这一户")
    parser.add_argument("--stage", metavar="|".join(Stage), help="只发这一步")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("dun preview", _dun_preview, "催缴试算：谁该收哪一份，谁不发、为什么", "anju dun preview")
    _dun_scope(one)
    one = commands.add(
        "dun run", _dun_run, "发催缴文书：编号、存档、按楼栋合成一个 PDF", "anju dun run --as-of 2026-07-06"
    )
    _dun_scope(one)
    one.add_argument("--out", metavar="FILE.pdf")
    writing(one)
    one = commands.add("dun print", _dun_print, "补打一份催缴文书", "anju dun print D2026-000031")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--out", metavar="FILE.pdf")
    writing(one)
    one = commands.add(
        "dun serve",
        _dun_serve,
        "登记送达",
        "anju dun serve D2026-000031 --way in_person --signer 王样例",
    )
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--way", required=True, help="、".join(f"{way}（{WAYS[way]}）" for way in PAPERS))
    one.add_argument("--date", metavar="D", help="送达日，默认今天")
    one.add_argument("--signer", metavar="NAME", help="签收人")
    one.add_argument("--relation", metavar="TEXT", help="与业主关系")
    one.add_argument("--tracking", metavar="NUMBER", help="快递单号")
    one.add_argument("--delivered", action="store_true", help="邮寄或短信：有送达记录")
    one.add_argument("--witnesses", metavar="TEXT", help="见证人")
    one.add_argument("--note", metavar="TEXT", help="拒收原因、照片编号等")
    writing(one)
    one = commands.add("dun call", _dun_talk, "登记催缴电话或上门", "anju dun call 3-1-402 --note 答应月底前交")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--visit", action="store_true", help="上门，不是电话")
    one.add_argument("--date", metavar="D", help="默认今天")
    one.add_argument("--note", metavar="TEXT", help="谈了什么")
    writing(one)
    one = commands.add(
        "dun hold", _dun_hold, "暂缓催缴", "anju dun hold 3-1-402 plan_active --to 2026-12-31 --reason 分期协议 3 期"
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("kind", metavar="|".join(HOLDS))
    one.add_argument("--from", dest="valid_from", metavar="D")
    one.add_argument("--to", dest="valid_to", metavar="D")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    one = commands.add("dun release", _dun_release, "结束暂缓", "anju dun release 3-1-402 disputed --reason 已和解")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("kind", metavar="|".join(HOLDS))
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    one = commands.add("dun log", _dun_log, "一户的催缴记录与诉讼时效", "anju dun log 3-1-402")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--as-of", dest="as_of", metavar="D", help="截至哪一天，默认今天")
