"""Commands of papers for a building: emergency, labels, slips."""

from __future__ import annotations

from app.cli.context import Answer, Context, choice, typed, whole
from app.cli.parser import Commands, writing
from app.services import door_papers, emergency
from app.services.door_papers import RELATIONS, DoorPapers


def _emergency(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    target = context.out(f"应急名单-{args.building}-{context.today(seat)}.pdf")
    with seat.once(context.key):
        done = emergency.print_list(seat, args.building, args.purpose, target)
    said = {
        "building": done.building, "houses": done.houses, "people": done.people, "needing": done.needing,
        "pages": done.pages, "file": str(done.file), "warnings": list(done.warnings), "key": context.key,
    }  # fmt: skip
    words = f"{done.building} 栋 {done.houses} 户，{done.people} 人，需要帮助 {done.needing} 人。用后请收回。"
    return Answer(said, [words, str(done.file), *done.warnings])


def _made(done: DoorPapers, key: str, word: str) -> Answer:
    said = {
        "building": done.building, "papers": done.papers, "houses": done.houses, "pages": done.pages,
        "file": str(done.file), "warnings": list(done.warnings), "key": key,
    }  # fmt: skip
    return Answer(said, [f"{done.building} 栋 {done.papers} 张{word}，{done.pages} 页", str(done.file), *done.warnings])


def _labels(context: Context) -> Answer:
    args = context.args
    relation, start = choice(RELATIONS, args.relation, "relation"), typed(whole("请填 1 到 10。"), args.start, "start")
    seat = context.log_in()
    target = context.out(f"标签-{args.building}-{context.today(seat)}.pdf")
    with seat.once(context.key):
        done = door_papers.labels(seat, args.building, relation, start, target)
    return _made(done, context.key, "标签")


def _slips(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    target = context.out(f"门条-{args.building}-{context.today(seat)}.pdf")
    with seat.once(context.key):
        done = door_papers.slips(seat, args.building, args.text, args.title, target)
    return _made(done, context.key, "门条")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "emergency",
        _emergency,
        "一栋楼的应急名单：谁住在里面、电话、谁需要帮助",
        "anju emergency 3 --purpose 消防演习 --out 应急名单.pdf",
    )
    one.add_argument("building", metavar="BUILDING", help="楼号，如 3")
    one.add_argument("--purpose", metavar="TEXT", help="用途，记进审计")
    one.add_argument("--out", metavar="FILE.pdf")
    writing(one)
    one = commands.add(
        "labels", _labels, "一栋楼的地址标签，A4 一页 2×5", "anju labels --building 3 --start 4 --out 标签.pdf"
    )
    one.add_argument("--building", required=True, metavar="B", help="楼号，如 3")
    one.add_argument("--relation", default="owner", metavar="|".join(RELATIONS), help="、".join(RELATIONS.values()))
    one.add_argument("--start", default="1", metavar="N", help="从一页上的第几个标签开始印，默认 1")
    one.add_argument("--out", metavar="FILE.pdf")
    writing(one)
    one = commands.add(
        "slips", _slips, "一栋楼的门条，一户一张，A4 一页四张", "anju slips --building 3 --text 明天停水 --out 门条.pdf"
    )
    one.add_argument("--building", required=True, metavar="B", help="楼号，如 3")
    one.add_argument("--text", required=True, metavar="TEXT", help="要贴的话")
    one.add_argument("--title", default="温馨提示", metavar="TEXT", help="标题，默认 温馨提示")
    one.add_argument("--out", metavar="FILE.pdf")
    writing(one)
