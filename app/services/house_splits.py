"""拆分、合并: old houses end on a day with their readings, new ones begin the next day and name them (HANDBOOK §9.8).

What was owed and prepaid stays with the old house and its payers; posted charges are never divided anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from app.domain.house_label import HouseKind, parse
from app.domain.house_order import sort_key
from app.domain.quantity import Area
from app.domain.tariff import Scope
from app.security.permissions import Permission
from app.services import house_rows, house_states, look_up
from app.services.house_rows import ENDED, HouseDetails
from app.services.house_states import Moved
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.estate import House, HouseLink
from db.models.ledger import Charge
from db.models.meter import Meter, Reading
from db.models.people import Resident
from db.models.projection import OpenCharge
from db.models.tariff import FeeItem, HouseItem, Tariff
from db.queries.taken_back import TAKEN_BACK
from db.work import Work
from reports.excel.house_numbers import Number

TOUCHES = frozenset({"house", "resident", "house_item"})
WORDS = {"split": "拆分", "merge": "合并"}
OWNERS = ("owner", "co_owner")
MOST = 20
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """A house that begins: its whole number as the office writes it, its area (1e-4 m²) and layout."""

    number: str
    gross_area: int | None
    layout: str | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """Houses that ended on `last`, and those that began the day after; what the office should look at."""

    kind: str
    olds: tuple[str, ...]
    news: tuple[str, ...]
    last: date
    warnings: tuple[str, ...]


@use_case(Permission.SEE_HOUSES)
def rehearse(work: Work, numbers: Sequence[str], last: date, parts: Sequence[Part]) -> Replaced:
    """What `replace` would do; writes nothing. Raises Refused as `replace` does."""
    return _plan(work, numbers, last, parts)[2]


@use_case(Permission.IMPORT_REGISTER, audit="house.replaced", touches=TOUCHES)
def replace(work: Work, numbers: Sequence[str], last: date, parts: Sequence[Part], reason: str | None) -> Replaced:
    """Split one house into several, or merge several into one: the old ones are used up to `last`, today at most.

    The new ones are billed to the payer of the (first) old one, and have its owners; what was posted beyond `last` is
    not billed to them again. Raises Refused `split_needs`, `number_taken`, `bad_number`, `future_day`, `house_ended`,
    `reading_needed`, `reason_needed`.
    """
    why = need_reason(reason)
    olds, news, answer = _plan(work, numbers, last, parts)
    begin = last + _DAY
    work.change_many("house", ("id",), ("ended_on",), [(last.isoformat(), old.id) for old in olds])
    house_states.move(work, [Moved(old.id, old.state, ENDED) for old in olds], begin, WORDS[answer.kind])
    first = olds[0]
    details = [
        HouseDetails(
            part.gross_area, house_type=first.house_type, layout=part.layout, orientation=first.orientation,
            structure=first.structure, use=first.use, year_built=first.year_built, delivered_on=first.delivered_on,
        )
        for part in parts
    ]  # fmt: skip
    rows = [(number, first.state, detail) for number, detail in zip(news, details, strict=True)]
    ids = house_rows.put(work, first.estate_id, rows, begin, _payer(work, first.id, last))
    links = [(old.id, new, answer.kind, begin.isoformat(), work.seq) for old in olds for new in ids]
    work.insert(HouseLink, ("old_house", "new_house", "kind", "on", "seq"), links)
    _hand_on_people(work, [old.id for old in olds], ids, last)
    posted = _posted_beyond(work, [old.id for old in olds], last)
    work.many(
        "paid_until", ("house_id", "item_id", "day"),
        [(new, item, day.isoformat()) for new in ids for item, day in posted.items()],
    )  # fmt: skip
    work.execute(update(House).where(House.bill_with.in_([old.id for old in olds])).values(bill_with=ids[0]))
    detail = {
        "kind": answer.kind, "houses": [[old.number, None] for old in olds], "news": list(answer.news),
        "last": last.isoformat(), "reason": why,
    }  # fmt: skip
    work.audit("house.replaced", "house", first.id, detail=detail)
    return answer


def _plan(
    work: Work, numbers: Sequence[str], last: date, parts: Sequence[Part]
) -> tuple[list[Row[Any]], list[Number], Replaced]:
    olds = list({row.id: row for row in (look_up.house(work, number) for number in numbers)}.values())
    if not ((len(olds) == 1 and 2 <= len(parts) <= MOST) or (2 <= len(olds) <= MOST and len(parts) == 1)):
        raise refuse(
            "split_needs", "拆分是一户变几户，合并是几户变一户。", "请核对原房屋和新房屋的个数。", field="parts"
        )
    if last > work.today:
        raise refuse("future_day", "日期 {day} 在将来。", "最后一天请选今天或以前。", day=last, field="last")
    for old in olds:
        house_rows.require_live(old)
    since = house_states.newest(work, [old.id for old in olds])
    for old in olds:
        if since.get(old.id, last) > last:
            raise refuse("before_newest", "{number} 在 {day} 改过状态，不能更早结束。", "请改日期。",
                         number=old.number, day=since[old.id], field="last")  # fmt: skip
    news = [_number(part) for part in parts]
    keys = [number.key for number in news]
    there = house_rows.numbers_of(work, keys)
    if there or len(set(keys)) < len(keys):
        again = next(iter(there.values()), "") or next(n.number for n in news if keys.count(n.key) > 1)
        raise refuse("number_taken", "已经有房屋 {number}。", "新房屋要用新的房号，原房号留给查以前的账。",
                     number=again, field="parts")  # fmt: skip
    for part in parts:
        house_rows.checked(work, HouseDetails(part.gross_area, layout=part.layout))
    _need_readings(work, olds, last)
    kind = "split" if len(olds) == 1 else "merge"
    warnings = (*_warnings(work, olds, parts, last),)
    answer = Replaced(kind, tuple(old.number for old in olds), tuple(number.number for number in news), last, warnings)
    return olds, news, answer


def _number(part: Part) -> Number:
    found = parse(part.number)
    if found.kind == HouseKind.UNPARSED:
        raise refuse("bad_number", "看不懂房号 {number}。", "请写全，如 3-1-0402A。", number=part.number, field="parts")
    return Number(
        str(found.kind), found.number, found.normalized, sort_key(found), found.building, found.entrance, found.floor,
        found.room,
    )  # fmt: skip


def _need_readings(work: Work, olds: Sequence[Row[Any]], last: date) -> None:
    read = select(Reading.meter_id).where(Reading.on == last)
    query = select(House.number, Meter.number.label("meter")).join(House, House.id == Meter.house_id)
    rows = work.execute(query.where(Meter.house_id.in_([old.id for old in olds]), Meter.id.not_in(read))).all()
    if rows:
        raise refuse(
            "reading_needed", "还没有 {day} 的读数：{meters}。", "请先在抄表里录入这天的读数。", day=last,
            meters="、".join(f"{row.number} {row.meter}" for row in rows), field="last",
        )  # fmt: skip


def _payer(work: Work, house_id: int, day: date) -> int | None:
    return look_up.registered_payer(work, house_id, day)


def _posted_beyond(work: Work, olds: Sequence[int], last: date) -> Mapping[int, date]:
    """Items of which days after the last one are posted, and up to which."""
    rows = work.execute(
        select(Charge.item_id, func.max(Charge.period_to))
        .where(
            Charge.house_id.in_(olds), Charge.part == "principal", Charge.period_to > last,
            Charge.period_from < Charge.period_to, Charge.id.not_in(TAKEN_BACK),
        )
        .group_by(Charge.item_id)
    )  # fmt: skip
    return {item: date.fromisoformat(day) if isinstance(day, str) else day for item, day in rows}


def _hand_on_people(work: Work, olds: Sequence[int], news: Sequence[int], last: date) -> None:
    """Residents of the old houses leave with them; their owners are those of the new ones."""
    rows = work.execute(
        select(Resident)
        .where(Resident.house_id.in_(olds), or_(Resident.valid_to.is_(None), Resident.valid_to > last))
        .order_by(Resident.position, Resident.id)
    ).all()
    work.change_many("resident", ("id",), ("valid_to",), [(last.isoformat(), row.id) for row in rows])
    owners = list({row.person_id: row.relation for row in reversed(rows) if row.relation in OWNERS}.items())[::-1]
    begin = (last + _DAY).isoformat()
    work.insert(
        Resident,
        ("house_id", "person_id", "relation", "position", "valid_from"),
        [(new, person, relation, at, begin) for new in news for at, (person, relation) in enumerate(owners)],
    )


def _warnings(work: Work, olds: Sequence[Row[Any]], parts: Sequence[Part], last: date) -> list[str]:
    found, ids = [], [old.id for old in olds]
    before, after = [old.gross_area for old in olds], [part.gross_area for part in parts]
    if None in before or None in after:
        found.append("有的面积没有填，无法核对。")
    elif sum(before) != sum(after):  # type: ignore[arg-type]
        found.append(f"面积不相等：原来 {Area(sum(before)).show()} m²，现在 {Area(sum(after)).show()} m²。")  # type: ignore[arg-type]
    payers = {_payer(work, old.id, last) for old in olds}
    if len(payers) > 1 and not look_up.one_person(work, [each for each in payers if each is not None]):
        found.append(f"付款人不同，新房屋先记在 {olds[0].number} 的付款人名下。")
    debts = work.execute(select(func.count()).where(OpenCharge.house_id.in_(ids), OpenCharge.open != 0)).scalar_one()
    if debts:
        found.append(f"原房屋还有 {debts} 笔未清，留在原房屋，由原付款人交。")
    beyond = _posted_beyond(work, ids, last)
    if beyond:
        found.append(f"已出账到 {max(beyond.values())}，不退也不重收，新房屋从之后收。")
    listed = work.execute(
        select(FeeItem.name)
        .join(HouseItem, HouseItem.item_id == FeeItem.id)
        .where(HouseItem.house_id.in_(ids), or_(HouseItem.valid_to.is_(None), HouseItem.valid_to > last))
        .distinct()
    ).scalars().all()  # fmt: skip
    if listed:
        found.append(f"原房屋单独加的项目（{'、'.join(listed)}）没有带过来，请给新房屋加上。")
    keys = [old.number_key for old in olds]
    own = select(Tariff.id).where(Tariff.scope == str(Scope.HOUSE), Tariff.scope_ref.in_(keys)).limit(1)
    if work.execute(own).first():
        found.append("原房屋有单独的价格，新房屋按一般价格。")
    return found
