"""Payments from a workbook: each as if taken at the counter, in the order of their days; read and written in bulk.

Every row is looked at before anything is allocated. Money follows HANDBOOK §4 from what stands open, payment after
payment; what an earlier row of the file settles is settled for the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from app.domain.allocation import Designation, allocate
from app.domain.money import Fen, yuan
from app.domain.period import Period
from app.domain.problem import Problem
from app.services import late_fees, look_up
from app.services.agreed_order import Agreed, order_on
from app.services.import_changes import Changes
from app.services.payment_debts import Debts, Target, gather, left_behind, targets
from app.services.payments import receipt_numbers
from app.services.projections import lower_open, move_prepaid
from app.services.purse import METHODS, MOST_FEN
from db.models.audit import Audit
from db.models.estate import House
from db.models.ledger import Allocation, Payment, Receipt
from db.models.people import Person, Resident
from db.models.tariff import FeeItem
from db.queries import billing, owed
from db.work import Work
from reports.excel.records import Book
from reports.excel.records import Payment as Row

_WORDS = (
    ("wechat", "微信|财付通|wechat|weixin"),
    ("alipay", "支付宝|alipay"),
    ("cash", "现金|^cash$|现钞"),
    ("pos", "刷卡|pos|银行卡|信用卡|借记卡|银联"),
    ("bank", "转账|转帐|银行|网银|汇款|电汇|对公|代扣|托收|代收|^bank$"),
)
"""What is written for a way to pay, the surest first: 微信银行卡 is WeChat."""


def method_of(text: str | None) -> str | None:
    """The way to pay that words mean; None where they mean none."""
    said = (text or "").strip()
    for code, title in METHODS.items():
        if said == title:
            return code
    return next((code for code, words in _WORDS if said and re.search(words, said, re.IGNORECASE)), None)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row that is good so far: its house, today's payer, and the way it was paid."""

    row: Row
    house_id: int
    payer: int
    method: str


@dataclass(frozen=True, slots=True)
class _Planned:
    """A payment as it will be booked."""

    taken: _Taken
    targets: tuple[Target, ...]
    prepaid: int
    behind: tuple[tuple[owed.Open, int, int], ...]
    """Late fees that are posted and stay open: their principal, fen, and the number they have until they are."""


@dataclass(frozen=True, slots=True)
class _Booked:
    """A payment that stands."""

    house_id: int
    fen: int
    day: date
    method: str
    reference: str | None
    receipt: str
    imported: bool


_Purse = dict[tuple[int, int], dict[int, owed.Open]]
"""What each payer owes at each house, by the number of the charge."""


class PaymentPlan:
    """Looks at every row, then allocates the good ones in the order of their days."""

    def __init__(self, work: Work, book: Book, changes: Changes) -> None:
        self.work, self.book, self.changes = work, book, changes
        self.houses: dict[str, tuple[int, str]] = {}
        self.groups: dict[int, list[int]] = {}
        homes = select(House.id, House.number, House.number_key, House.bill_with).order_by(House.sort_key)
        for house_id, number, key, home in work.execute(homes):
            self.houses[key] = house_id, number
            if home is not None:
                self.groups.setdefault(home, []).append(house_id)
        self.items = {code: code for code in work.execute(select(FeeItem.code)).scalars()}
        for code, name in work.execute(select(FeeItem.code, FeeItem.name)):
            self.items.setdefault(name, code)
        self.payers = _payers_today(work)
        self.names = _names(work)
        self._planned: list[_Planned] = []
        self._coming = 0

    def plan(self) -> None:
        """Look at every record; put the writes in their order."""
        taken = self._looked_at()
        self._allocate(taken)
        self.changes.writes.append(self._write)

    # ---- the rows ------------------------------------------------------------------------------------------------

    def _looked_at(self) -> list[_Taken]:
        days = [row.day for row in self.book.payments]
        referred, alike = _standing(self.work, min(days, default=None), max(days, default=None))
        shut: dict[date, Problem | None] = {}
        seen: dict[str, Row] = {}
        twins: dict[tuple[object, ...], Row] = {}
        found = []
        for row in self.book.payments:
            one = self._one(row, shut)
            if one is None:
                continue
            if row.reference:
                before = seen.setdefault(row.reference, row)
                if before is not row:
                    why = f"与第 {before.row} 行是同一个流水号；一笔钱只能登记一次。"
                    self.changes.reject(row, "流水号", row.reference, why, "reference_twice")
                    continue
            key = (one.house_id, row.day, row.fen, one.method)
            if not self._is_new(one, referred.get(row.reference or ""), alike.get(key, [])):
                continue
            if not row.reference:
                twin = twins.setdefault((*key, row.item, row.first), row)
                if twin is not row:
                    why = f"与第 {twin.row} 行完全一样，又没有流水号；如果是同一笔，请删掉一行。"
                    self.changes.warn(row, "金额", yuan(row.fen), why, "payment_twin")
            found.append(one)
        return found

    def _one(self, row: Row, shut: dict[date, Problem | None]) -> _Taken | None:
        """What a row says by itself; None where it is rejected."""
        known = self.houses.get(row.house_key)
        if known is None:
            self.changes.reject(row, "房号", row.house, "没有这个房号；请核对，或先导入房屋。", "unknown_house")
            return None
        payer = self.payers.get(known[0])
        if payer is None:
            self.changes.reject(row, "房号", row.house, "这户还没有付款人；请先登记业主。", "no_payer")
            return None
        if not 0 < row.fen <= MOST_FEN:
            why = "收款金额应大于 0。" if row.fen <= 0 else "收款金额太大，请核对单位是元。"
            self.changes.reject(row, "金额", yuan(row.fen), why, "amount_not_positive")
            return None
        if row.day > self.work.today:
            self.changes.reject(row, "日期", row.day, "收款日期在将来。", "future_day")
            return None
        if row.day not in shut:
            shut[row.day] = self._closed(row.day)
        why_shut = shut[row.day]
        if why_shut is not None:
            self.changes.reject(row, "日期", row.day, why_shut.text + (why_shut.hint or ""), why_shut.code)
            return None
        method = method_of(row.method) if row.method else method_of(row.sheet)
        if method is None:
            titles = "、".join(METHODS.values())
            why = f"没有这种收款方式；可用：{titles}。" if row.method else f"没写收款方式；可用：{titles}。"
            self.changes.reject(row, "方式", row.method, why, "unknown_method")
            return None
        if row.item is not None and row.item not in self.items:
            self.changes.reject(row, "收费项目", row.item, "没有这个收费项目；请填项目代码或名称。", "unknown_item")
            return None
        if row.payer and row.payer not in self.names.get(known[0], {row.payer}):
            why = "不是这户登记的人；仍记在登记的付款人名下，请核对房号。"
            self.changes.warn(row, "付款人", row.payer, why, "other_payer")
        return _Taken(row, known[0], payer, method)

    def _closed(self, day: date) -> Problem | None:
        try:
            self.work.require_open(day)
        except Problem as why:
            return why
        return None

    def _is_new(self, one: _Taken, referred: _Booked | None, alike: list[_Booked]) -> bool:
        """Whether the payment does not stand yet; what stands alike is unchanged, what stands otherwise is rejected."""
        row = one.row
        if referred is not None:
            if (referred.house_id, referred.fen) == (one.house_id, row.fen):
                self.changes.count("payment").unchanged += 1
            else:
                why = f"这个流水号已登记在收据 {referred.receipt} 上，房号或金额不同。"
                self.changes.reject(row, "流水号", row.reference, why, "reference_booked")
            return False
        if row.reference:
            alike = [other for other in alike if other.reference is None]
        imported = next((other for other in alike if other.imported), None)
        if imported is not None and not row.reference:
            why = (
                f"收据 {imported.receipt} 是以前导入的，房号、日期、金额、方式都一样；"
                "没有流水号，分不清是不是同一笔。确是另一笔的，请填流水号。"
            )
            self.changes.reject(row, "金额", yuan(row.fen), why, "payment_stands")
            return False
        if alike:
            why = f"收据 {alike[0].receipt} 的房号、日期、金额、方式都一样；请核对是不是同一笔。"
            self.changes.warn(row, "金额", yuan(row.fen), why, "payment_alike")
        return True

    # ---- where the money goes ------------------------------------------------------------------------------------

    def _group(self, house_id: int) -> list[int]:
        return [house_id, *self.groups.get(house_id, ())]

    def _allocate(self, taken: list[_Taken]) -> None:
        houses = {house for one in taken for house in self._group(one.house_id)}
        charges = owed.open_charges(self.work.connection, houses)
        burdens = late_fees.Burdens(self.work, charges)
        back = _taken_back(self.work, [charge.charge_id for charge in charges])
        orders: dict[date, Agreed] = {}
        purse: _Purse = {}
        for charge in charges:
            purse.setdefault((charge.house_id, charge.payer_id), {})[charge.charge_id] = charge
        # The order is that of the days: as if each had been taken on its day.
        for one in sorted(taken, key=lambda each: each.row.day):
            held = [purse.get((house, one.payer), {}) for house in self._group(one.house_id)]
            open_then = sorted(
                (charge for some in held for charge in some.values() if charge.on <= one.row.day),
                key=lambda charge: (charge.due_date, charge.charge_id),
            )
            found = gather(open_then, burdens.quote(open_then, one.row.day), burdens.rates)
            named = self._named(one.row, found)
            if named is None:
                continue
            day = one.row.day
            if day not in orders:
                orders[day] = order_on(self.work, day)
            result = allocate(Fen(one.row.fen), day, found.debts, named, *orders[day])
            late = max((back[base] for line in result.lines if (base := int(str(line.id))) in back), default=None)
            if late is not None and one.row.day < late:
                why = f"这户的费用当时已由另一笔收款付清，那笔到 {late} 才退回；日期请填 {late} 或以后。"
                self.changes.reject(one.row, "日期", one.row.day, why, "settled_then")
                continue
            settled = tuple(
                target
                for line in result.lines
                for target in targets(found, int(str(line.id)), line.part, int(line.amount))
            )
            for target in settled:
                _settle(target, one.row.day, burdens, purse)
            behind = tuple(
                (principal, fen, self._stands_open(principal, fen, day, burdens, purse))
                for principal, fen in left_behind(found, result.lines)
            )
            self._planned.append(_Planned(one, settled, int(result.prepaid), behind))
            self.changes.count("payment").added += 1
            self.changes.add("payments_fen", one.row.fen)

    def _stands_open(self, principal: owed.Open, fen: int, day: date, burdens: late_fees.Burdens, purse: _Purse) -> int:
        """A late fee that will be posted on a day, open for the rows that follow; gives its number until then."""
        self._coming -= 1
        number = self._coming
        fee = replace(
            principal, charge_id=number, part="late_fee", due_date=day, on=day, amount=fen, open=fen,
            base_charge=principal.charge_id, late_from=day,
        )  # fmt: skip
        purse.setdefault((principal.house_id, principal.payer_id), {})[number] = fee
        burdens.post(principal.charge_id, fen)
        return number

    def _named(self, row: Row, found: Debts) -> list[Designation] | None:
        """The debts that a row's item and span name, oldest first; None where nothing of that is open."""
        if row.item is None and row.first is None:
            return []
        code = None if row.item is None else self.items[row.item]
        first, last = (Period.of(day) if day is not None else None for day in (row.first, row.last))
        hits = [
            Designation(base_id)
            for base_id, charge in sorted(found.leading().items(), key=lambda pair: pair[1].period_from)
            if code in (None, charge.item)
            and (first is None or last is None or str(first) <= str(Period.of(charge.period_from)) <= str(last))
        ]
        if hits:
            return hits
        said = " ".join(text for text in (row.item, _span_words(row)) if text)
        why = f"没有这笔未交的费用（{said}）；不指定就空着，按规则抵最早的欠费，余下记预存。"
        column = "账期" if row.first is not None else "收费项目"
        self.changes.reject(row, column, _span_words(row) or row.item, why, "unknown_debt")
        return None

    # ---- writing -------------------------------------------------------------------------------------------------

    def _write(self, work: Work) -> None:
        numbers = iter(receipt_numbers(work, len(self._planned)) if self._planned else [])
        by_day: dict[date, list[_Planned]] = {}
        for one in self._planned:
            by_day.setdefault(one.taken.row.day, []).append(one)
        numbered: dict[int, int] = {}
        lowered: dict[int, int] = {}
        moved: dict[tuple[int, int], int] = {}
        for day, some in by_day.items():
            payments = work.append(
                Payment,
                day,
                [
                    (each.taken.house_id, each.taken.payer, each.taken.row.fen, each.taken.method, "normal",
                     work.user_id, None, each.taken.row.reference)
                    for each in some
                ],
            )  # fmt: skip
            work.append(Receipt, day, [(next(numbers), payment, "normal") for payment in payments])
            fees = [(target.charge, target.fen) for each in some for target in each.targets if target.posts]
            posted = iter(late_fees.post(work, fees, day) if fees else range(0))
            behind = [fee for each in some for fee in each.behind]
            if behind:
                ids = late_fees.post(work, [(principal, fen) for principal, fen, _ in behind], day)
                numbered.update((number, made) for (*_, number), made in zip(behind, ids, strict=True))
            rows = [
                (
                    next(posted) if target.posts else numbered.get(target.charge.charge_id, target.charge.charge_id),
                    "paid",
                    target.fen,
                    payment,
                    None,
                    None,
                )
                for payment, each in zip(payments, some, strict=True)
                for target in each.targets
            ]
            work.append(Allocation, day, rows)
            for charge_id, _kind, fen, *_rest in rows:
                lowered[charge_id] = lowered.get(charge_id, 0) + fen
            for each in some:
                key = (each.taken.house_id, each.taken.payer)
                moved[key] = moved.get(key, 0) + each.prepaid
        lower_open(work, lowered)
        move_prepaid(work, moved)


def _settle(target: Target, day: date, burdens: late_fees.Burdens, purse: _Purse) -> None:
    """Keep up what is open, as if the payment were booked."""
    charge = target.charge
    if target.posts:
        burdens.post(charge.charge_id, target.fen)
        return
    here, left = purse[charge.house_id, charge.payer_id], charge.open - target.fen
    if left:
        here[charge.charge_id] = replace(charge, open=left)
    else:
        del here[charge.charge_id]
    burdens.pay(charge.charge_id, day, target.fen)


def _span_words(row: Row) -> str:
    if row.first is None or row.last is None:
        return ""
    return str(row.first) if row.first == row.last else f"{row.first} 至 {row.last}"


def _payers_today(work: Work) -> dict[int, int]:
    """The party billed today, by house."""
    registered = {
        house_id: [payer for payer in some if _holds(payer, work.today)][-1].party_id
        for house_id, some in billing.payers(work.connection).items()
        if any(_holds(payer, work.today) for payer in some)
    }
    return registered | look_up.developers_houses(work, work.today)


def _holds(payer: billing.Payer, day: date) -> bool:
    return (payer.valid_from is None or payer.valid_from <= day) and (payer.valid_to is None or payer.valid_to >= day)


def _names(work: Work) -> dict[int, set[str]]:
    """Who is known at each house: residents and whoever was billed there."""
    found: dict[int, set[str]] = {}
    people = select(Resident.house_id, Person.name).join(Person, Person.id == Resident.person_id)
    for house_id, name in work.execute(people):
        found.setdefault(house_id, set()).add(name)
    parties = look_up.party_names(work, (p.party_id for some in billing.payers(work.connection).values() for p in some))
    for house_id, some in billing.payers(work.connection).items():
        found.setdefault(house_id, set()).update(parties[payer.party_id] for payer in some)
    return found


_Alike = dict[tuple[int, date, int, str], list[_Booked]]


def _standing(work: Work, first: date | None, last: date | None) -> tuple[dict[str, _Booked], _Alike]:
    """Payments nobody took back: by reference, and those of these days by house, day, amount and method."""
    if first is None or last is None:
        return {}, {}
    back = select(Payment.reverses).where(Payment.reverses.is_not(None))
    rows = work.execute(
        select(
            Payment.house_id, Payment.amount, Payment.on, Payment.method, Payment.reference, Receipt.number,
            Audit.action == "import.payments",
        )
        .join(Receipt, Receipt.payment_id == Payment.id)
        .join(Audit, Audit.id == Payment.seq)
        .where(
            Payment.kind == "normal",
            Payment.id.not_in(back),
            Payment.reference.is_not(None) | Payment.on.between(first, last),
        )
    )  # fmt: skip
    referred: dict[str, _Booked] = {}
    alike: _Alike = {}
    for row in rows:
        one = _Booked(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))
        if one.reference:
            referred[one.reference] = one
        alike.setdefault((one.house_id, one.day, one.fen, one.method), []).append(one)
    return referred, alike


def _taken_back(work: Work, charges: Iterable[int]) -> dict[int, date]:
    """The last day on which an allocation of a charge was taken back, for those where one was."""
    wanted = sorted(charges)
    found: dict[int, date] = {}
    for start in range(0, len(wanted), owed.CHUNK):
        rows = work.execute(
            select(Allocation.charge_id, func.max(Allocation.on))
            .where(Allocation.charge_id.in_(wanted[start : start + owed.CHUNK]), Allocation.reverses.is_not(None))
            .group_by(Allocation.charge_id)
        )
        found.update(rows.all())
    return found
