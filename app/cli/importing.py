"""The command import: rehearse, say what is wrong, write all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.cli.context import Answer, Context, choice
from app.cli.parser import Commands, writing
from app.services import import_mappings, import_undo, imports
from app.services.imports import SHOWN, ImportAnswer, SheetMapping
from app.services.seat import Seat
from reports.excel.records import Finding


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "sheet": finding.sheet, "row": finding.row, "column": finding.column, "value": finding.value,
        "reason": finding.reason, "code": finding.code,
    }  # fmt: skip


def _said(answer: ImportAnswer) -> dict[str, Any]:
    return {
        "kind": answer.kind,
        "file": answer.file,
        "rows": answer.rows,
        "added": answer.added,
        "updated": answer.updated,
        "unchanged": answer.unchanged,
        "by_kind": {
            kind: {"added": c.added, "updated": c.updated, "unchanged": c.unchanged}
            for kind, c in answer.by_kind.items()
        },
        "rejected": [_finding(finding) for finding in answer.rejected[:SHOWN]],
        "rejected_count": answer.rejected_count,
        "warnings": [_finding(finding) for finding in answer.warnings],
        "sums": dict(answer.sums),
        "differences": [
            {"of": one.of, "field": one.field, "before": one.before, "after": one.after}
            for one in answer.differences[:SHOWN]
        ],
        "differences_count": len(answer.differences),
    }


def _where(finding: Finding) -> str:
    column = f"“{finding.column}”列" if finding.column else ""
    value = f"，现在是“{finding.value}”" if finding.value else ""
    reason = finding.reason.removesuffix("。")
    return f"工作表“{finding.sheet}”第 {finding.row} 行{column}：{reason}{value}。"


def _lines(answer: ImportAnswer, done: bool) -> list[str]:
    verb = "已导入" if done else "将会导入"
    lines = [
        f"{answer.file}：读了 {answer.rows} 行，"
        f"{verb}新增 {answer.added}、更新 {answer.updated}、不变 {answer.unchanged}"
    ]
    lines += [f"  更改：{one.of} {one.field} {one.before or '空'} → {one.after}" for one in answer.differences[:SHOWN]]
    lines += [f"  未导入：{_where(finding)}" for finding in answer.rejected[:SHOWN]]
    lines += [f"  注意：{_where(finding)}" for finding in answer.warnings[:SHOWN]]
    return lines


def _learned(seat: Seat, kind: str, path: Path) -> Mapping[str, SheetMapping]:
    """How sheets like those of a workbook were put right before."""
    if not import_mappings.has(seat, kind):
        return {}
    found = import_mappings.known(seat, kind, imports.columns(path, kind))
    return {sheet: one.mapping for sheet, one in found.items()}


def _import(context: Context) -> Answer:
    args = context.args
    kind = choice(imports.KINDS, args.kind, "kind")
    path = Path(args.file).expanduser().absolute()
    seat = context.log_in()
    doors = imports.KINDS[kind]
    opened = imports.read(path, kind, context.today(seat), _learned(seat, kind, path))
    replacing = kind == "opening" and args.replace
    if not replacing:
        answer = doors.rehearse(seat, opened.source, opened.book)
        if answer.rejected and args.rejects:
            imports.write_rejects(path, kind, answer.rejected, Path(args.rejects).expanduser().absolute())
        if (answer.rejected and not args.skip_bad) or args.dry_run:
            return told(answer, dry_run=args.dry_run, skip_bad=args.skip_bad)
    with seat.once(context.key):
        if kind == "opening":
            answer = imports.opening(seat, opened.source, args.skip_bad, args.replace, book=opened.book)
        else:
            answer = doors.do(seat, opened.source, args.skip_bad, book=opened.book)
    return done(answer, context.key)


def done(answer: ImportAnswer, key: str) -> Answer:
    """What an import that was written says."""
    return Answer({**_said(answer), "key": key}, _lines(answer, True))


def told(answer: ImportAnswer, *, dry_run: bool, skip_bad: bool) -> Answer:
    """What a rehearsal says."""
    if answer.rejected and not skip_bad:
        return _rejected(answer, dry_run)
    return Answer(_said(answer), _lines(answer, False))


def _rejected(answer: ImportAnswer, dry_run: bool) -> Answer:
    nothing = "什么都没有写入"
    message = (
        f"导入没有完成，{nothing}：有 {answer.rejected_count} 处问题。"
        if not dry_run
        else f"有 {answer.rejected_count} 处问题。"
    )
    said = _said(answer)
    said["error"] = {
        "code": "import.rejected",
        "message": message,
        "hint": "请改正后重来；或加 --skip-bad 跳过这些行，--rejects 文件 另存要改的行。",
    }
    return Answer(said, [message, *_lines(answer, False)], 3)


def _undo(context: Context) -> Answer:
    seat = context.log_in()
    if context.args.dry_run:
        found = import_undo.last(seat)
        if found is None:
            return Answer({"import": None}, ["没有可以撤销的导入。"])
        said = {
            "kind": found.kind, "file": found.file, "at": found.at, "user": found.user, "came": dict(found.came),
            "changed": dict(found.changed), "refusal": found.refusal or None,
        }  # fmt: skip
        words = f"{found.at} {found.user} 导入 {found.file}：{_undo_words(found.came, found.changed)}"
        return Answer({"import": said}, [words, *([found.refusal] if found.refusal else [])])
    with seat.once(context.key):
        done = import_undo.undo(seat)
    said = {"kind": done.kind, "file": done.file, "came": dict(done.came), "changed": dict(done.changed),
            "key": context.key}  # fmt: skip
    return Answer(said, [f"已撤销 {done.file} 的导入：{_undo_words(done.came, done.changed)}"])


def _undo_words(came: Mapping[str, int], changed: Mapping[str, int]) -> str:
    parts = [f"去掉{word} {n}" for word, n in came.items()] + [f"恢复{word} {n}" for word, n in changed.items()]
    return "、".join(parts) or "没有要改的"


def add(commands: Commands) -> None:
    """Declare this command."""
    one = commands.add(
        "import",
        _import,
        "导入 Excel：houses、residents、opening、meters、readings、equipment、payments、history、bank",
        "anju import houses 房屋.xlsx --dry-run",
    )
    one.add_argument("kind", metavar="KIND", help="、".join(imports.KINDS))
    one.add_argument("file", metavar="FILE")
    one.add_argument("--dry-run", action="store_true", help="只说会做什么，不写入")
    one.add_argument("--skip-bad", action="store_true", help="跳过有问题的行，其余照导")
    one.add_argument("--rejects", metavar="FILE", help="把有问题的行另存一份，附原因，改好再导")
    one.add_argument("--replace", action="store_true", help="期初：先撤掉上次导入的期初（还没有出过账时）")
    writing(one)
    one = commands.add(
        "import-undo", _undo, "撤销最近一次房屋或住户的导入（还没有用到它时）", "anju import-undo --dry-run"
    )
    one.add_argument("--dry-run", action="store_true", help="只说会撤销什么")
    writing(one)
