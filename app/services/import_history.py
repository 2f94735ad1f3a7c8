"""Fees from before the program (费用台账): each row a charge of the opening, with what was paid on it.

They stand beside the opening, `on` the eve of go-live like it, under the periods and due days they had; so a statement,
the ages of what is owed and an explanation reach back behind the program. Until the first bill run they are taken back
with the opening as a whole.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.domain.money import plain_yuan, yuan
from app.services.import_changes import Changes
from app.services.import_opening import OpeningPlan, issues_of, runs_posted
from app.services.projections import lower_open
from app.services.refused import refuse
from db.models.ledger import Allocation, Charge, Payment
from db.models.tariff import PaidUntil
from db.types import canonical_json
from db.work import Work
from reports.excel.records import Book, History

PAID = "opening_history"
"""The kind of a payment that was made before the program."""


class HistoryPlan(OpeningPlan):
    """Gathers the charges and what was paid on them."""

    def __init__(self, work: Work, book: Book, changes: Changes) -> None:
        if runs_posted(work):
            raise refuse("opening_fixed", "已经出过账，不能再导入往期费用。", "请用补收、减免逐笔更正。")
        super().__init__(work, book, changes)
        self._paid_before = self._paid()
        self._rows: list[tuple[History, int, int, int, int, int]] = []

    def _paid(self) -> dict[tuple[Any, ...], int]:
        """What was brought in as paid, by house, item, span and payer, as `_stand` has the charges."""
        rows = self.work.execute(
            select(
                Charge.house_id, Charge.item_id, Charge.period_from, Charge.period_to, Charge.payer_id,
                func.sum(Allocation.amount),
            )
            .join(Allocation, Allocation.charge_id == Charge.id)
            .join(Payment, Payment.id == Allocation.payment_id)
            .where(Payment.kind == PAID)
            .group_by(Charge.house_id, Charge.item_id, Charge.period_from, Charge.period_to, Charge.payer_id)
        )  # fmt: skip
        return {("arrear", *row[:5]): int(row[5]) for row in rows}

    def plan(self) -> None:
        """Look at every record; put the writes in their order."""
        for record in self.book.history:
            self._one(record)
        self.changes.writes.append(self._write)

    def _one(self, record: History) -> None:
        who, item_id = self._who(record), self._item(record, record.item)
        if who is None or item_id is None:
            return
        sums = self._sums(record, item_id)
        if sums is None:
            return
        net, paid = sums
        if not net:
            self.changes.warn(record, "应收", yuan(record.fen), "应收减去减免是 0，没有导入。", "history_zero")
            return
        key = ("arrear", who[0], item_id, record.first, record.last, who[1])
        if key in self._stand:
            if (self._stand[key], self._paid_before.get(key, 0)) == (net, paid):
                self.changes.count("history").unchanged += 1
            else:
                why = "这笔费用已经导入过，应收或已收不同；要换请整体替换期初。"
                self.changes.reject(record, "应收", yuan(record.fen), why, "opening_differs")
            return
        self._stand[key], self._paid_before[key] = net, paid
        self._rows.append((record, *who, item_id, net, paid))
        self.changes.count("history").added += 1
        self.changes.add("charged_fen", net)
        self.changes.add("paid_fen", paid)

    def _sums(self, record: History, item_id: int) -> tuple[int, int] | None:
        """What is charged after what was let off, and what of it was paid, in fen; None where the row is rejected."""

        wrong = self._wrong(record, item_id)
        net = record.fen - (record.waived or 0)
        paid = record.paid if record.paid is not None else net - record.left if record.left is not None else 0
        if wrong is None and net < 0:
            wrong = "减免", yuan(record.waived or 0), "减免超过应收。", "waived_over"
        if wrong is None and not 0 <= paid <= net:
            why = f"已收超过应收（减去减免是 {yuan(net)} 元）；多收的请放到期初的预存。"
            wrong = "已收", yuan(paid), why, "paid_over"
        if wrong is None and record.left is not None and net - paid != record.left:
            why = f"应收、减免、已收、未收合不上，未收应是 {yuan(net - paid)} 元。"
            wrong = "未收", yuan(record.left), why, "sums_differ"
        if wrong is not None:
            self.changes.reject(record, *wrong)
            return None
        return net, paid

    def _wrong(self, record: History, item_id: int) -> tuple[str, object, str, str] | None:
        """Why a row is no fee from before the program: column, value, reason, code."""
        if item_id in self._liable:
            return "收费项目", record.item, "押金不是费用，请在期初里导入。", "not_a_fee"
        if record.first >= self.go_live:
            return "账期", record.first, "启用日之后的费用由出账产生。", "after_go_live"
        if record.paid_on is not None and record.paid_on >= self.go_live:
            return "收款日期", record.paid_on, "启用日之后的收款，请用导入收款登记。", "after_go_live"
        return None

    def _write(self, work: Work) -> None:
        issues = issues_of(work)
        rows = [
            (house_id, item_id, payer, record.first.isoformat(), record.last.isoformat(),
             issues.get((house_id, item_id, record.first, record.last, payer), 0) + 1, "principal", "opening", net,
             (record.due or record.last).isoformat(), None, None, None, None)
            for record, house_id, payer, item_id, net, _paid in self._rows
        ]  # fmt: skip
        charges = self._charges(work, rows, [_kept(record, paid) for record, *_rest, paid in self._rows])
        settled = [(charge, *row) for charge, row in zip(charges, self._rows, strict=True) if row[-1]]
        payments = work.append(
            Payment,
            self.on,
            [
                (house_id, payer, paid, "opening", PAID, work.user_id, None, record.receipt)
                for _charge, record, house_id, payer, _item, _net, paid in settled
            ],
        )
        work.append(
            Allocation,
            self.on,
            [(row[0], "paid", row[-1], payment, None, None) for payment, row in zip(payments, settled, strict=True)],
        )
        lower_open(work, {row[0]: row[-1] for row in settled})
        self._paid_until(work)

    def _paid_until(self, work: Work) -> None:
        """What was billed beyond go-live is not billed again."""
        last: dict[tuple[int, int], date] = {}
        for record, house_id, _payer, item_id, _net, _paid in self._rows:
            if record.last >= self.go_live:
                key = (house_id, item_id)
                last[key] = max(last.get(key, record.last), record.last)
        known = {
            (house_id, item_id): day
            for house_id, item_id, day in work.execute(select(PaidUntil.house_id, PaidUntil.item_id, PaidUntil.day))
        }
        fresh = [(*key, day.isoformat()) for key, day in last.items() if key not in known]
        work.many("paid_until", ("house_id", "item_id", "day"), fresh)
        later = [(day.isoformat(), *key) for key, day in last.items() if key in known and day > known[key]]
        work.change_many("paid_until", ("house_id", "item_id"), ("day",), later)


def _kept(record: History, paid: int) -> str:
    """What the books before said, for the explanation of the charge."""
    said = {"billed": plain_yuan(record.fen)}
    if record.waived:
        said["waived"] = plain_yuan(record.waived)
    if paid:
        said["paid"] = plain_yuan(paid)
        if record.paid_on is not None:
            said["paid_on"] = record.paid_on.isoformat()
        if record.receipt:
            said["receipt"] = record.receipt
    return canonical_json(said)
