"""Commands about what is held of a person: person data, person due, person anonymise."""

from __future__ import annotations

from app.cli.context import Answer, Context, waiting
from app.cli.parser import Commands, two_persons, writing
from app.services import person_data, retention
from app.services.two_persons import Waiting


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


def _due(context: Context) -> Answer:
    rows = retention.proposals(context.log_in())
    said = [
        {"name": row.name, "house": row.house, "last": row.last.isoformat(), "kept_until": row.kept_until.isoformat()}
        for row in rows
    ]  # fmt: skip
    lines = [f"{row.house}\t{row.name}\t最后往来 {row.last}\t留存到 {row.kept_until}" for row in rows]
    return Answer({"people": said}, lines or ["没有留存期满的人。"])


def _anonymise(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = retention.anonymise(seat, args.name, args.house, args.reason, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {
        "house": done.house,
        "documents": done.documents,
        "texts": done.texts,
        "belongings": done.belongings,
        "key": context.key,
    }
    words = f"{done.house} 的一位住户已匿名，改了 {done.documents} 份存档文书、{done.texts} 处文字。"
    return Answer(said, [words + "以前的备份里还有原来的资料。"])


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
    commands.add("person due", _due, "搬走已满留存期、没有往来未清的人", "anju person due")
    one = commands.add(
        "person anonymise",
        _anonymise,
        "把一个留存期满的人匿名，要经理批准，不能恢复",
        "anju person anonymise 王样例 3-1-402 --reason 留存期满",
    )
    one.add_argument("name", metavar="NAME")
    one.add_argument("house", metavar="HOUSE", help="他名下的一户")
    two_persons(one)
    writing(one)
