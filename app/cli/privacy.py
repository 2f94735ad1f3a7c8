"""Commands about what is held of a person: person data."""

from __future__ import annotations

from app.cli.context import Answer, Context
from app.cli.parser import Commands, writing
from app.services import person_data


def _data(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    target = context.out(f"个人信息-{args.house}-{context.today(seat)}.pdf")
    with seat.once(context.key):
        done = person_data.copy(seat, args.name, args.house, args.purpose, target)
    said = {
        "name": done.name, "house": args.house, "entries": done.entries, "pages": done.pages, "file": str(done.file),
        "warnings": list(done.warnings), "key": context.key,
    }  # fmt: skip
    return Answer(said, [f"{done.name} 的个人信息副本，{done.entries} 条记录", str(done.file), *done.warnings])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "person data",
        _data,
        "一个人的个人信息副本，PDF 或 JSON",
        "anju person data 王样例 3-1-402 --purpose 本人要求 --out 副本.pdf",
    )
    one.add_argument("name", metavar="NAME")
    one.add_argument("house", metavar="HOUSE", help="他名下的一户")
    one.add_argument("--purpose", metavar="TEXT", help="用途，记进审计")
    one.add_argument("--out", metavar="FILE.pdf|.json", help="按文件名的结尾决定格式")
    writing(one)
