"""导入: a workbook is read in a process of its own, rehearsed, then written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from app.security.permissions import Permission
from app.services import (
    import_bank,
    import_equipment,
    import_fees,
    import_history,
    import_masking,
    import_meters,
    import_opening,
    import_payments,
    import_undo,
)
from app.services.entrance import entrance
from app.services.import_changes import Changes, Count
from app.services.import_differences import Difference
from app.services.import_people import People, residents
from app.services.import_register import RegisterPlan
from app.services.progress import Progress
from app.services.refused import Refused, refuse
from app.services.use_case import use_case
from db.journal import Journal
from db.models.estate import House
from db.models.people import HousePayer, Party, Person, Resident
from db.work import Work
from reports.excel.mapping import Mappings
from reports.excel.mapping import SheetGuess as SheetGuess
from reports.excel.mapping import SheetMapping as SheetMapping
from reports.excel.records import Book
from reports.excel.records import Finding as Finding
from reports.excel.records import Person as PersonRecord

SHOWN = 200
"""At most so many reasons in an answer; all are counted."""

TOUCHES = frozenset({"house", "resident", "tariff", "house_item"})


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook: its name and the SHA-256 of its bytes, by which a repeated call is known."""

    file: str
    digest: str


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What an import did, or would do. `rows` are data rows read; `by_kind` splits added, updated, unchanged.

    `differences` are the cells that a rehearsal would change of what is there; the answer of one that was written is
    kept for its retry and names nobody.
    """

    kind: str
    file: str
    rows: int
    added: int
    updated: int
    unchanged: int
    by_kind: Mapping[str, Count]
    rejected: tuple[Finding, ...]
    rejected_count: int
    warnings: tuple[Finding, ...]
    sums: Mapping[str, int]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that was read."""

    source: Source
    book: Book


@entrance
def read(
    path: Path, kind: str, today: date, mappings: Mappings | None = None, progress: Progress | None = None
) -> Opened:
    """Check and read a workbook; no office is needed for that. `mappings` say of sheets how to read them.

    Raises Cancelled once `progress` was.
    """
    from reports.excel.workbook import read_workbook

    if not path.is_file():
        raise _no_file(path)
    going = progress or Progress()
    book = read_workbook(path, kind, today, mappings, lambda: going.step(0, 0, f"读取 {path.name}"))
    whole = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            whole.update(block)
    return Opened(Source(path.name, whole.hexdigest()), book)


@entrance
def columns(path: Path, kind: str) -> tuple[SheetGuess, ...]:
    """How the columns of each sheet of a workbook are understood, for a person to correct."""
    from reports.excel.workbook import guess_columns

    if not path.is_file():
        raise _no_file(path)
    return tuple(import_masking.previewed(guess) for guess in guess_columns(path, kind))


def _no_file(path: Path) -> Refused:
    return refuse("no_file", "找不到文件：{file}。", "请检查路径。", file=path)


@entrance
def write_rejects(
    path: Path, kind: str, rejected: tuple[Finding, ...], target: Path, mappings: Mappings | None = None
) -> None:
    """Save a copy of the workbook with the rejected rows and why, to be corrected and imported."""
    from reports.excel.workbook import write_rejects as write

    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(path, kind, rejected, target, mappings)


Plan = Callable[[Work, Book, Changes], None]


def _answer(kind: str, source: Source, book: Book, changes: Changes) -> ImportAnswer:
    counts = changes.counts
    # A value that was refused is told as it stands, or nobody could put it right; what was taken is not shown whole.
    rejected = (*book.rejected, *changes.rejected)
    return ImportAnswer(
        kind,
        source.file,
        book.rows,
        sum(count.added for count in counts.values()),
        sum(count.updated for count in counts.values()),
        sum(count.unchanged for count in counts.values()),
        dict(counts),
        rejected,
        len(rejected),
        tuple(import_masking.shown(one) for one in (*book.warnings, *changes.warnings)),
        dict(changes.sums),
        tuple(changes.differences),
    )


def _planned(work: Work, kind: str, plan: Plan, source: Source, book: Book) -> tuple[ImportAnswer, Changes]:
    changes = Changes()
    plan(work, book, changes)
    return _answer(kind, source, book, changes), changes


def _do(
    work: Work, kind: str, plan: Plan, source: Source, book: Book, progress: Progress | None, *, skip_bad: bool
) -> ImportAnswer:
    going = progress or Progress()
    going.step(0, 0, f"核对 {source.file}")
    answer, changes = _planned(work, kind, plan, source, book)
    if answer.rejected and not skip_bad:
        raise refuse(
            "import.rejected",
            "导入没有完成，什么都没有写入：有 {n} 处问题。",
            "请改正后重来，或选择跳过这些行。",
            n=answer.rejected_count,
        )
    if kind in import_undo.KINDS:
        work.journal = Journal()
    for place, write in enumerate(changes.writes):
        going.step(place, len(changes.writes), f"写入 {source.file}")
        write(work)
    going.step(1, 1)
    journal, work.journal = work.journal, None
    if journal is not None and (answer.added or answer.updated):
        import_undo.keep(work, kind, source.file, journal)
    detail = {"file": source.digest, "added": answer.added, "updated": answer.updated, "skipped": answer.rejected_count}
    work.audit(f"import.{kind}", "import", None, detail={**detail, **answer.sums})
    return replace(answer, differences=())


def _houses(work: Work, book: Book, changes: Changes) -> None:
    register = RegisterPlan(work, book, changes)
    register.plan()
    import_fees.plan(work, register, changes)


def _residents(work: Work, book: Book, changes: Changes) -> None:
    """People of houses that are there: further residents, and owners of houses that had none."""
    houses = dict(work.execute(select(House.number_key, House.id)).all())
    people, here = People(work, changes), residents(work)
    payer = {
        house: (party, bool(registered))
        for house, party, registered in work.execute(
            select(HousePayer.house_id, Party.id, Person.registered)
            .join(Party, Party.id == HousePayer.party_id)
            .join(Person, Person.id == Party.person_id)
        )
    }
    rows: list[tuple[int, int, str, int]] = []
    renamed: list[tuple[int, int]] = []
    used: list[int] = []
    count = changes.count("resident")
    of_house: dict[str | None, list[PersonRecord]] = {}
    for record in book.people:
        of_house.setdefault(record.house_key, []).append(record)
    for record in book.people:
        house_id = houses.get(record.house_key or "")
        if house_id is None:
            changes.reject(record, "房号", record.house_key, "没有这个房号；请先导入房屋。", "unknown_house")
            continue
        members = here.setdefault(house_id, {})
        person_id = people.resolve(record, {person for person, _ in members}, of_house[record.house_key])
        if person_id is None:
            continue
        used.append(person_id)
        if any(person == person_id for person, _ in members):
            count.unchanged += 1
            continue
        owned = any(relation == "owner" for _, relation in members)
        relation = "co_owner" if record.relation == "owner" and owned else record.relation
        members[person_id, relation] = 0
        rows.append((house_id, person_id, relation, len(members) - 1))
        count.added += 1
        if relation == "owner" and house_id in payer and not payer[house_id][1]:
            renamed.append((payer[house_id][0], person_id))
    people.seen(used)

    def write(work: Work) -> None:
        ids = people.write(work)
        columns = ("house_id", "person_id", "relation", "position")
        work.insert(Resident, columns, [(h, ids.get(p, p), relation, n) for h, p, relation, n in rows])
        work.change_many("party", ("id",), ("person_id",), [(ids.get(p, p), party) for party, p in renamed])

    changes.writes.append(write)


def _opening(work: Work, book: Book, changes: Changes) -> None:
    import_opening.OpeningPlan(work, book, changes).plan()


@use_case(Permission.IMPORT_REGISTER)
def rehearse_houses(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing a workbook of houses would do."""
    return _planned(work, "houses", _houses, source, book)[0]


@use_case(Permission.IMPORT_REGISTER, audit="import.houses", touches=TOUCHES)
def houses(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Import a workbook of houses, people, spaces and fee sheets."""
    return _do(work, "houses", _houses, source, book, progress, skip_bad=skip_bad)


@use_case(Permission.IMPORT_REGISTER)
def rehearse_residents(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing a workbook of residents would do."""
    return _planned(work, "residents", _residents, source, book)[0]


@use_case(Permission.IMPORT_REGISTER, audit="import.residents", touches=TOUCHES)
def residents_of_houses(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Import a workbook of residents into houses that are there."""
    return _do(work, "residents", _residents, source, book, progress, skip_bad=skip_bad)


@use_case(Permission.IMPORT_MONEY)
def rehearse_opening(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing an opening would do."""
    return _planned(work, "opening", _opening, source, book)[0]


@use_case(Permission.IMPORT_MONEY, audit="import.opening", touches=frozenset({"ledger", "reading", "setting"}))
def opening(
    work: Work,
    source: Source,
    skip_bad: bool = False,
    replace: bool = False,
    *,
    book: Book,
    progress: Progress | None = None,
) -> ImportAnswer:
    """Import the opening state; `replace` takes an earlier one back first, while no run was posted."""
    if replace:
        import_opening.reverse_all(work)
    return _do(work, "opening", _opening, source, book, progress, skip_bad=skip_bad)


@use_case(Permission.ENTER_READINGS)
def rehearse_meters(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing a workbook of meters would do."""
    return _planned(work, "meters", import_meters.plan_meters, source, book)[0]


@use_case(Permission.ENTER_READINGS, audit="import.meters", touches=frozenset({"reading"}))
def meters(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Import meters with their first readings."""
    return _do(work, "meters", import_meters.plan_meters, source, book, progress, skip_bad=skip_bad)


@use_case(Permission.ENTER_READINGS)
def rehearse_readings(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing a workbook of readings would do."""
    return _planned(work, "readings", import_meters.plan_readings, source, book)[0]


@use_case(Permission.ENTER_READINGS, audit="import.readings", touches=frozenset({"reading"}))
def readings(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Import readings that follow those that stand."""
    return _do(work, "readings", import_meters.plan_readings, source, book, progress, skip_bad=skip_bad)


@use_case(Permission.MAINTAIN)
def rehearse_equipment(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing an equipment ledger would do."""
    return _planned(work, "equipment", import_equipment.plan, source, book)[0]


@use_case(Permission.MAINTAIN, audit="import.equipment", touches=frozenset({"equipment"}))
def equipment(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Import an equipment ledger; known types bring their maintenance plans."""
    return _do(work, "equipment", import_equipment.plan, source, book, progress, skip_bad=skip_bad)


def _history(work: Work, book: Book, changes: Changes) -> None:
    import_history.HistoryPlan(work, book, changes).plan()


@use_case(Permission.IMPORT_MONEY)
def rehearse_history(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing the fees from before the program would do."""
    return _planned(work, "history", _history, source, book)[0]


@use_case(Permission.IMPORT_MONEY, audit="import.history", touches=frozenset({"ledger"}))
def history(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Bring in the fees billed and paid before the program, beside the opening and before the first bill run."""
    return _do(work, "history", _history, source, book, progress, skip_bad=skip_bad)


def _payments(work: Work, book: Book, changes: Changes) -> None:
    import_payments.PaymentPlan(work, book, changes).plan()


@use_case(Permission.IMPORT_MONEY)
def rehearse_payments(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing payments would do."""
    return _planned(work, "payments", _payments, source, book)[0]


@use_case(Permission.IMPORT_MONEY, audit="import.payments", touches=frozenset({"ledger"}))
def payments(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Book payments that were taken elsewhere (a bank, WeChat, the program before), each with its receipt."""
    return _do(work, "payments", _payments, source, book, progress, skip_bad=skip_bad)


def _bank(work: Work, book: Book, changes: Changes) -> None:
    import_bank.BankPlan(work, book, changes).plan()


@use_case(Permission.IMPORT_MONEY)
def rehearse_bank(work: Work, source: Source, book: Book) -> ImportAnswer:
    """What importing a bank statement would do."""
    return _planned(work, "bank", _bank, source, book)[0]


@use_case(Permission.IMPORT_MONEY, audit="import.bank", touches=frozenset({"bank"}))
def bank(
    work: Work, source: Source, skip_bad: bool = False, *, book: Book, progress: Progress | None = None
) -> ImportAnswer:
    """Keep the lines of a bank statement and match those without doubt to the payments that stand."""
    return _do(work, "bank", _bank, source, book, progress, skip_bad=skip_bad)


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of workbook: what it is called, what it must hold, whose right it needs, its two doors."""

    title: str
    about: str
    permission: Permission
    rehearse: Callable[..., ImportAnswer]
    do: Callable[..., ImportAnswer]


KINDS: Mapping[str, ImportKind] = {
    "houses": ImportKind(
        "房屋和住户",
        "房号、建筑面积、业主姓名、电话；车位、收费项目可以在别的工作表。",
        Permission.IMPORT_REGISTER,
        rehearse_houses,
        houses,
    ),
    "residents": ImportKind(
        "住户",
        "房号、姓名、电话、与业主关系；房屋要先在。",
        Permission.IMPORT_REGISTER,
        rehearse_residents,
        residents_of_houses,
    ),
    "opening": ImportKind(
        "期初",
        "往期欠费、预存、押金、已交至、表底、阶梯已用量、启用日和下一票号。",
        Permission.IMPORT_MONEY,
        rehearse_opening,
        opening,
    ),
    "meters": ImportKind(
        "表和表底", "房号、表号、收费项目、起始读数、日期。", Permission.ENTER_READINGS, rehearse_meters, meters
    ),
    "readings": ImportKind(
        "读数", "房号、表号、读数、抄表日期。", Permission.ENTER_READINGS, rehearse_readings, readings
    ),
    "equipment": ImportKind(
        "设备",
        "设备编号、名称、类型、位置、检验有效期、上次维保日期。",
        Permission.MAINTAIN,
        rehearse_equipment,
        equipment,
    ),
    "history": ImportKind(
        "往期费用",
        "房号、收费项目、账期（起止）、应收；减免、已收、收款日期、原收据号。第一次出账以前导入。",
        Permission.IMPORT_MONEY,
        rehearse_history,
        history,
    ),
    "payments": ImportKind(
        "收款",
        "房号、金额、日期、方式；流水号、收费项目和账期可有可无。",
        Permission.IMPORT_MONEY,
        rehearse_payments,
        payments,
    ),
    "bank": ImportKind(
        "银行流水",
        "交易日期、收入金额；对方户名、流水号、摘要、附言有就认。也可以是 CSV。",
        Permission.IMPORT_MONEY,
        rehearse_bank,
        bank,
    ),
}
"""Every kind of workbook that comes in, by its name."""
