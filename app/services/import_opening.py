"""期初: the state in which an office begins: arrears, prepaid, deposits, paid-until, meters, next receipt number.

Entries are `on` the day before `go_live` and marked opening. Until the first bill run the whole opening may be
reversed and imported anew; afterwards it is corrected by adjustments (HANDBOOK §9.7).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, delete, insert, select

from app.domain.kinds import LIABLE
from app.domain.money import yuan
from app.services import look_up, settings
from app.services.billing import standing_allocations
from app.services.fees import NewItem, put_item
from app.services.import_changes import Changes
from app.services.import_meters import MeterPlan
from app.services.projections import insert_open, lower_open, move_prepaid
from app.services.refused import refuse
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, ChargePart, Payment, Receipt
from db.models.meter import TierUsage
from db.models.people import HousePayer, Party, Person
from db.models.projection import NumberSeries
from db.models.run import BillRun
from db.models.tariff import FeeItem, PaidUntil
from db.queries.taken_back import TAKEN_BACK
from db.work import Work
from reports.excel.records import Arrear, Book, Deposit, History, OfficeFact, Prepaid, SettledUntil

DEPOSIT_CODE, DEPOSIT_NAME = "YJ", "押金"
_RECEIPT = re.compile(r"([A-Z]{1,4})(\d{4})-(\d{8})")


def runs_posted(work: Work) -> bool:
    """Whether a bill run stands, after which the opening is fixed."""
    return work.execute(select(BillRun.id).where(BillRun.state == "posted").limit(1)).first() is not None


class OpeningPlan:
    """Gathers the entries of an opening."""

    def __init__(self, work: Work, book: Book, changes: Changes) -> None:
        self.work, self.book, self.changes = work, book, changes
        self.houses = dict(work.execute(select(House.number_key, House.id)).all())
        self.items = {code: item_id for item_id, code in work.execute(select(FeeItem.id, FeeItem.code))}
        self.names = {name: code for code, name in work.execute(select(FeeItem.code, FeeItem.name))}
        self._liable = set(work.execute(select(FeeItem.id).where(FeeItem.kind.in_(LIABLE))).scalars())
        self.payers = dict(work.execute(select(HousePayer.house_id, HousePayer.party_id)).all())
        self.parties: dict[str, list[int]] = {}
        for party_id, name in work.execute(select(Party.id, Person.name).join(Person, Person.id == Party.person_id)):
            self.parties.setdefault(name, []).append(party_id)
        self.go_live = self._go_live()
        self.on = self.go_live - timedelta(days=1)
        self._arrears: list[tuple[Arrear, int, int, int]] = []
        self._prepaid: list[tuple[int, int, int]] = []
        self._deposits: list[tuple[Deposit, int, int, str]] = []
        self._settled: list[tuple[int, int, date]] = []
        self._stand = self._standing()
        # Where an earlier opening stands under the registered payer, the same rows mean him.
        stood = {(key[1], key[-1]) for key in self._stand}
        for house_id, developer in look_up.developers_houses(work, self.on).items():
            if (house_id, self.payers.get(house_id)) not in stood:
                self.payers[house_id] = developer

    def _go_live(self) -> date:
        said = next((fact.value for fact in self.book.office if fact.key == "go_live"), None)
        text = said or settings.value(self.work, "go_live")
        if not text:
            raise refuse(
                "no_go_live",
                "没有启用日，不知道期初记在哪一天。",
                "请在“办公室”表写上启用日（go_live），或先在设置里填写启用日。",
            )
        return date.fromisoformat(text)

    def _standing(self) -> dict[tuple[Any, ...], int]:
        """What an earlier opening left and nobody took back."""
        found: dict[tuple[Any, ...], int] = {}
        for row in self.work.execute(
            select(Charge).where(Charge.kind == "opening", Charge.part == "principal", Charge.id.not_in(TAKEN_BACK))
        ):
            found["arrear", row.house_id, row.item_id, row.period_from, row.period_to, row.payer_id] = row.amount
        for row in self.work.execute(_payments("opening")):
            found["prepaid", row.house_id, row.payer_id] = row.amount
        return found

    def _standing_deposits(self) -> dict[tuple[int, int, int], list[tuple[date, int]]]:
        """Deposits of an earlier opening by house, payer and item: day and amount of each."""
        found: dict[tuple[int, int, int], list[tuple[date, int]]] = {}
        paid = _payments("opening_deposit").subquery()
        rows = self.work.execute(
            select(Charge.house_id, Charge.payer_id, Charge.item_id, Charge.period_from, Allocation.amount)
            .join(Allocation, Allocation.charge_id == Charge.id)
            .join(paid, paid.c.id == Allocation.payment_id)
            .where(Allocation.amount > 0)
        )
        for house_id, payer, item_id, day, fen in rows:
            found.setdefault((house_id, payer, item_id), []).append((day, fen))
        return found

    def plan(self) -> None:
        """Look at every record; put the writes in their order."""
        for arrear in self.book.arrears:
            self._arrear(arrear)
        for prepaid in self.book.prepaid:
            self._prepaid_of(prepaid)
        self._deposits_of(self.book.deposits)
        for settled in self.book.settled:
            self._settled_until(settled)
        meters = MeterPlan(self.work, self.changes)
        for meter in self.book.meters:
            meters.meter(meter)
        for tier in self.book.tiers:
            meters.tier(tier)
        self.changes.writes.append(self._write)
        self.changes.writes.append(meters.write)
        for fact in self.book.office:
            self._office(fact)

    def _who(self, record: Arrear | Prepaid | Deposit | History) -> tuple[int, int] | None:
        house_id = self.houses.get(record.house_key)
        if house_id is None:
            self.changes.reject(record, "房号", record.house, "没有这个房号；请先导入房屋。", "unknown_house")
            return None
        payer = self.payers[house_id]
        if record.payer:
            named = self.parties.get(record.payer, [])
            if payer in named:
                return house_id, payer
            if len(named) != 1:
                why = "没有这个付款人；请先登记，或空着由业主承担。" if not named else "有几个同名的人，分不清是谁。"
                self.changes.reject(record, "付款人", record.payer, why, "unknown_payer")
                return None
            payer = named[0]
        return house_id, payer

    def _item(self, record: Arrear | SettledUntil | History, text: str) -> int | None:
        item_id = self.items.get(text) or self.items.get(self.names.get(text, ""))
        if item_id is None:
            self.changes.reject(record, "收费项目", text, "没有这个收费项目；请先 fee add。", "unknown_item")
        return item_id

    def _arrear(self, record: Arrear) -> None:
        who, item_id = self._who(record), self._item(record, record.item)
        if who is None or item_id is None:
            return
        if record.first >= self.go_live:
            self.changes.reject(
                record, "账期", record.first, "启用日之后的费用由出账产生，不能作期初。", "after_go_live"
            )
            return
        if item_id in self._liable:
            why = "押金不是欠费；收了没退的请放在押金表里。"
            self.changes.reject(record, "收费项目", record.item, why, "not_a_fee")
            return
        if not record.fen and not record.late_fen:
            self.changes.warn(record, "金额", yuan(record.fen), "欠费是 0，没有导入。", "opening_zero")
            return
        key = ("arrear", who[0], item_id, record.first, record.last, who[1])
        self.changes.add("arrears_fen", record.fen)
        if record.late_fen:
            self.changes.add("late_fee_fen", record.late_fen)
        if key in self._stand:
            if self._stand[key] == record.fen:
                self.changes.count("arrear").unchanged += 1
            else:
                self.changes.reject(
                    record,
                    "金额",
                    record.fen,
                    "这笔期初已经导入过，金额不同；要换请整体替换期初。",
                    "opening_differs",
                )
            return
        self._stand[key] = record.fen
        self._arrears.append((record, *who, item_id))
        self.changes.count("arrear").added += 1

    def _prepaid_of(self, record: Prepaid) -> None:
        who = self._who(record)
        if who is None:
            return
        self.changes.add("prepaid_fen", record.fen)
        key = ("prepaid", *who)
        if key not in self._stand:
            self._stand[key] = record.fen
            self.changes.count("prepaid").added += 1
            self._prepaid.append((*who, record.fen))
        elif self._stand[key] == record.fen:
            self.changes.count("prepaid").unchanged += 1
        else:
            why = "这户的预存已经导入过，金额不同；要换请整体替换期初。"
            self.changes.reject(record, "金额", record.fen, why, "opening_differs")

    def _deposits_of(self, records: Sequence[Deposit]) -> None:
        """Deposits held; a house may have several. One of the same item, day and amount stands already.

        What then still stands of the item was imported with another amount or day: adding to it would count it twice.
        """
        stand = self._standing_deposits()
        other: list[tuple[Deposit, int, int, str, list[tuple[date, int]]]] = []
        for record in records:
            who = self._who(record)
            name = record.item or DEPOSIT_NAME
            item_id = self.items.get(name) or self.items.get(self.names.get(name, ""))
            if who is None or not self._is_deposit(record, item_id):
                continue
            self.changes.add("deposit_fen", record.fen)
            here = stand.get((*who, item_id or 0), [])
            if (record.on or self.on, record.fen) in here:
                here.remove((record.on or self.on, record.fen))
                self.changes.count("deposit").unchanged += 1
            else:
                other.append((record, *who, name, here))
        for record, house_id, payer, name, left in other:
            if left:
                why = "这户的这项押金已经导入过，金额或日期不同；要换请整体替换期初。"
                self.changes.reject(record, "金额", record.fen, why, "opening_differs")
            else:
                self.changes.count("deposit").added += 1
                self._deposits.append((record, house_id, payer, name))

    def _is_deposit(self, record: Deposit, item_id: int | None) -> bool:
        """Whether the row is a deposit that was held when the office began; says why not."""
        if item_id is not None and item_id not in self._liable:
            why = "不是押金项目，不能作押金导入；请换一个押金项目，或空着。"
            self.changes.reject(record, "收费项目", record.item, why, "not_a_deposit")
        elif record.on is not None and record.on >= self.go_live:
            why = "启用日之后收的押金，请在收款时登记，不能作期初。"
            self.changes.reject(record, "收取日期", record.on, why, "after_go_live")
        elif not record.fen:
            self.changes.warn(record, "金额", yuan(record.fen), "押金是 0，没有导入。", "opening_zero")
        else:
            return True
        return False

    def _settled_until(self, record: SettledUntil) -> None:
        house_id, item_id = self.houses.get(record.house_key), self._item(record, record.item)
        if house_id is None:
            self.changes.reject(record, "房号", record.house, "没有这个房号；请先导入房屋。", "unknown_house")
        if house_id is None or item_id is None:
            return
        known = self.work.execute(
            select(PaidUntil.day).where(PaidUntil.house_id == house_id, PaidUntil.item_id == item_id)
        ).scalar()
        if known == record.day:
            self.changes.count("paid_until").unchanged += 1
        else:
            self.changes.count("paid_until").added += known is None
            self.changes.count("paid_until").updated += known is not None
            self._settled.append((house_id, item_id, record.day))

    def _office(self, fact: OfficeFact) -> None:
        if fact.key == "go_live":
            stands = settings.value(self.work, "go_live")
            if stands == fact.value:
                self.changes.count("office").unchanged += 1
            elif runs_posted(self.work):
                self.changes.reject(fact, "启用日", fact.value, "已经出过账，启用日不能再改。", "go_live_fixed")
            else:
                self.changes.count("office").added += 1
                self.changes.writes.append(
                    lambda work: _ignore(settings.put(work, "go_live", fact.value, date(1970, 1, 1)))
                )
        elif fact.key == "next_receipt":
            self._next_receipt(fact)

    def _next_receipt(self, fact: OfficeFact) -> None:
        match = _RECEIPT.fullmatch(fact.value.strip().upper())
        year, number = (match[2], int(match[3])) if match else (str(self.work.today.year), _plain(fact.value))
        if number is None or number < 1:
            self.changes.reject(
                fact, "下一票号", fact.value, "应为 S2026-00000088 的样子，或一个正整数。", "bad_receipt"
            )
            return
        series = f"receipt:{year}"
        stands = self.work.execute(select(NumberSeries).where(NumberSeries.series == series)).first()
        if stands is not None and stands.first == number:
            self.changes.count("office").unchanged += 1
            return
        if self.work.execute(select(Receipt.id).where(Receipt.number.like(f"%{year}-%")).limit(1)).first():
            self.changes.reject(fact, "下一票号", fact.value, "今年已经开过收据，不能再改票号。", "receipts_drawn")
            return
        self.changes.count("office").added += 1

        def write(work: Work) -> None:
            work.execute(delete(NumberSeries).where(NumberSeries.series == series))
            work.execute(insert(NumberSeries).values(series=series, first=number, next=number))

        self.changes.writes.append(write)

    # ---- writing -------------------------------------------------------------------------------------------------

    def _write(self, work: Work) -> None:
        self._write_arrears(work)
        self._write_payments(work)
        for house_id, item_id, day in self._settled:
            work.execute(delete(PaidUntil).where(PaidUntil.house_id == house_id, PaidUntil.item_id == item_id))
            work.execute(insert(PaidUntil).values(house_id=house_id, item_id=item_id, day=day))

    def _charges(
        self, work: Work, rows: Sequence[tuple[Any, ...]], inputs: Sequence[str | None] | None = None
    ) -> range:
        """Charges with their single part, open from the start; `inputs` is what else is kept of each."""
        kept = inputs if inputs is not None else [None] * len(rows)
        charges = work.append(Charge, self.on, rows)
        work.append(
            ChargePart,
            self.on,
            [
                (charge_id, None, row[3], row[4], 10_000, row[8] * 10_000, 0, "1", 1_000_000, row[8], *[None] * 5, more)
                for charge_id, row, more in zip(charges, rows, kept, strict=True)
            ],
        )
        insert_open(
            work,
            [
                (c, row[0], row[2], row[1], row[6], row[9], row[8], max(row[9], self.on.isoformat()), False)
                for c, row in zip(charges, rows, strict=True)
                if row[8]
            ],
        )
        return charges

    def _write_arrears(self, work: Work) -> None:
        issues = issues_of(work)
        rows, fees = [], []
        for record, house_id, payer, item_id in self._arrears:
            first, last = record.first.isoformat(), record.last.isoformat()
            issue = issues.get((house_id, item_id, record.first, record.last, payer), 0) + 1
            due = (record.due or record.last).isoformat()
            rows.append((house_id, item_id, payer, first, last, issue, "principal", "opening", record.fen, due,
                         None, None, None, None))  # fmt: skip
            if record.late_fen:
                fees.append((len(rows) - 1, record.late_fen))
        before = work.execute(select(Charge.id).order_by(Charge.id.desc()).limit(1)).scalar() or 0
        self._charges(work, rows)
        ids = list(
            work.execute(
                select(Charge.id).where(Charge.id > before, Charge.seq == work.seq).order_by(Charge.id)
            ).scalars()
        )
        on = self.on.isoformat()
        self._charges(
            work,
            [
                (*rows[place][:5], 1, "late_fee", "opening", fen, on, None, None, None, ids[place])
                for place, fen in fees
            ],
        )

    def _write_payments(self, work: Work) -> None:
        work.append(
            Payment,
            self.on,
            [(house, payer, fen, "opening", "opening", work.user_id, None) for house, payer, fen in self._prepaid],
        )
        moved: dict[tuple[int, int], int] = {}
        for house, payer, fen in self._prepaid:
            moved[house, payer] = moved.get((house, payer), 0) + fen
        move_prepaid(work, moved)
        for record, house_id, payer, item_name in self._deposits:
            item_id = self._deposit_item(work, item_name)
            day = (record.on or self.on).isoformat()
            row = (house_id, item_id, payer, day, day, _next_issue(work, house_id, item_id), "principal", "opening",
                   record.fen, self.on.isoformat(), None, None, None, None)  # fmt: skip
            self._charges(work, [row])
            charge_id = work.execute(select(Charge.id).order_by(Charge.id.desc()).limit(1)).scalar_one()
            (payment_id,) = work.append(
                Payment, self.on, [(house_id, payer, record.fen, "opening", "opening_deposit", work.user_id, None)]
            )
            work.append(Allocation, self.on, [(charge_id, "paid", record.fen, payment_id, None, None)])
            lower_open(work, {charge_id: record.fen})

    def _deposit_item(self, work: Work, name: str) -> int:
        item_id = self.items.get(name) or self.items.get(self.names.get(name, ""))
        if item_id is None:
            code = DEPOSIT_CODE if name == DEPOSIT_NAME else name[:32]
            item_id = self.items.get(code) or put_item(work, NewItem(code, name, "deposit", houses="listed"))
            self.items[code] = item_id
            self.names[name] = code
        return item_id


def _payments(kind: str) -> Select[Any]:
    """Opening payments of a kind that nobody took back."""
    back = select(Payment.reverses).where(Payment.reverses.is_not(None))
    return select(Payment).where(
        Payment.method == "opening", Payment.kind == kind, Payment.reverses.is_(None), Payment.id.not_in(back)
    )


def _ignore(_value: object) -> None:
    return None


def _plain(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,8}", text.strip()) else None


def issues_of(work: Work) -> dict[tuple[Any, ...], int]:
    """The last issue of each line that an opening brought in, by house, item, span and payer."""
    rows = work.execute(
        select(Charge.house_id, Charge.item_id, Charge.period_from, Charge.period_to, Charge.payer_id, Charge.issue)
        .where(Charge.kind == "opening", Charge.part == "principal")
        .order_by(Charge.issue)
    )
    return {tuple(row[:5]): row[5] for row in rows}


def _next_issue(work: Work, house_id: int, item_id: int) -> int:
    rows = work.execute(
        select(Charge.issue).where(Charge.house_id == house_id, Charge.item_id == item_id).order_by(Charge.issue.desc())
    )
    return int(rows.scalar() or 0) + 1


def reverse_all(work: Work) -> int:
    """Take the whole opening back; refused once a run is posted or its money was used. Gives the entries undone."""
    if runs_posted(work):
        raise refuse("opening_fixed", "已经出过账，期初不能整体换掉。", "请用减免、补收逐笔更正。")
    charges = work.execute(select(Charge).where(Charge.kind == "opening", Charge.id.not_in(TAKEN_BACK))).all()
    back = select(Payment.reverses).where(Payment.reverses.is_not(None))
    payments = work.execute(
        select(Payment).where(Payment.method == "opening", Payment.reverses.is_(None), Payment.id.not_in(back))
    ).all()
    own = {payment.id for payment in payments}
    allocations = standing_allocations(
        work, Allocation.charge_id.in_([charge.id for charge in charges]) | Allocation.payment_id.in_(own)
    )
    if any(allocation.payment_id not in own for allocation in allocations):
        raise refuse("opening_paid", "期初欠费已经有人交过，不能整体换掉。", "请先作废那些收据，或逐笔更正。")
    on = work.today
    work.append(Allocation, on, [(a.charge_id, a.kind, -a.amount, a.payment_id, None, a.id) for a in allocations])
    lower_open(work, _sums([(a.charge_id, -a.amount) for a in allocations]))
    work.append(Adjustment, on, [(charge.id, -charge.amount, "reversal", work.user_id) for charge in charges])
    lower_open(work, {charge.id: charge.amount for charge in charges})
    work.append(
        Payment,
        on,
        [(p.house_id, p.payer_id, -p.amount, "opening", "reversal", work.user_id, p.id) for p in payments],
    )
    moved: dict[tuple[int, int], int] = {}
    for payment in payments:
        if payment.kind == "opening":
            key = (payment.house_id, payment.payer_id)
            moved[key] = moved.get(key, 0) - payment.amount
    move_prepaid(work, moved)
    work.execute(delete(PaidUntil))
    work.execute(delete(TierUsage))
    return len(charges) + len(payments)


def _sums(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for key, amount in pairs:
        found[key] = found.get(key, 0) + amount
    return found
