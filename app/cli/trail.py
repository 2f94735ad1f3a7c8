"""The command audit list."""

from __future__ import annotations

import json

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands
from app.domain import anchor
from app.services import trail
from app.services.trail import TrailFilter


def _listing(context: Context) -> Answer:
    args = context.args
    first, last = day(args.first, "from"), day(args.last, "to")
    wanted = TrailFilter(args.by, args.action, args.kind, first, last, args.sole, args.before, args.limit)
    found = trail.listing(context.log_in(), wanted)
    said = {
        "records": [
            {"seq": r.seq, "at": r.local, "user": r.user, "action": r.action, "title": r.title, "object": r.kind,
             "sole": r.sole, "approver": r.approver, "detail": dict(r.detail), "digest": r.digest}
            for r in found.rows
        ],
        "more": found.more,
    }  # fmt: skip
    lines = []
    for row in found.rows:
        marks = ("　单人办理" if row.sole else "") + (f"　批准 {row.approver}" if row.approver else "")
        detail = json.dumps(dict(row.detail), ensure_ascii=False)
        when = row.local[:19].replace("T", " ")
        lines.append(f"{row.seq}\t{when}\t{row.user}\t{row.title}{marks}\t{detail}\t{anchor.short(row.digest)}")
    if found.more:
        lines.append(f"还有更早的：加上 --before {found.rows[-1].seq}")
    return Answer(said, lines or ["没有符合的记录。"])


def add(commands: Commands) -> None:
    """Declare this command."""
    one = commands.add(
        "audit list", _listing, "审计记录，新的在前", "anju audit list --action receipt --from 2026-07-01"
    )
    one.add_argument("--by", metavar="NAME", help="谁办理或批准的")
    one.add_argument("--action", metavar="WORD", help="哪一类：payment、receipt、dunning、user ……")
    one.add_argument("--kind", metavar="WORD", help="对象的种类")
    one.add_argument("--from", dest="first", metavar="D", help="从哪一天")
    one.add_argument("--to", dest="last", metavar="D", help="到哪一天")
    one.add_argument("--sole", action="store_true", help="只看单人办理")
    one.add_argument("--before", type=int, metavar="SEQ", help="只看这个序号以前的")
    one.add_argument("--limit", type=int, default=50, metavar="N", help="最多几条，默认 50")
