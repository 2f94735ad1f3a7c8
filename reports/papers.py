"""What is printed, as values: kept with the document, so that the PDF can be made again from them years later.

Amounts in fen; everything else is text as it stands on the paper. No id, no phone, no ID number of a resident.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill. Readings, quantity and price as shown, empty where there are none.

    `basis` stands in small type in place of quantity and price (a shared cost's 总额 × 权重).
    """

    item: str
    period: str
    previous: str
    current: str
    quantity: str
    price: str
    amount: int
    basis: str = ""


@dataclass(frozen=True, slots=True)
class BillPaper:
    """缴费通知单. `late_fee_note` is empty where no line bears a late fee: then there is no such row.

    total = subtotal − paid − set_off (never below 0) + earlier + late_fee; `paid` is what was already paid of these
    lines, `prepaid_left` the prepaid balance afterwards.
    """

    number: str
    month: str
    printed_on: str
    letterhead: str
    office_name: str
    house: str
    owner: str
    area: str
    due: str
    lines: tuple[BillLine, ...]
    subtotal: int
    earlier_note: str
    earlier: int
    late_fee_note: str
    late_fee: int
    set_off: int
    prepaid_left: int
    total: int
    bank_account: str
    telephone: str
    clause: str
    reference: str
    paid: int = 0


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of a receipt; a negative amount on a reversal."""

    item: str
    period: str
    amount: int


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """收款收据, or its opposite (红冲). `designation` is what the payer named; `received` and `change` only for cash.

    `prepaid` is the part of the total that became prepaid balance; `reverses` names the receipt that a reversal takes
    back, `corrects` the receipt that was booked in the wrong place; `taken_back` says how this one was taken back.
    `check` is the payment's audit record and how its digest begins, `812:3F2A91C0`.
    """

    number: str
    date: str
    letterhead: str
    office_name: str
    telephone: str
    house: str
    payer: str
    method: str
    bills: str
    lines: tuple[ReceiptLine, ...]
    total: int
    prepaid: int
    owed_left: int
    cashier: str
    designation: str = ""
    reverses: str = ""
    corrects: str = ""
    taken_back: str = ""
    reason: str = ""
    received: int = 0
    change: int = 0
    check: str = ""
    title: str = "收款收据"
    """预存抵扣单 has no number."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One entry of a statement; charges positive, payments negative. `carried` is the balance before its first day."""

    on: str
    what: str
    number: str
    period: str
    amount: int
    balance: int
    carried: bool = False


@dataclass(frozen=True, slots=True)
class StatementPaper:
    """对账单 of a house from `first` (empty: its first entry) to `last` (empty: the day of printing)."""

    house: str
    owner: str
    printed_on: str
    letterhead: str
    office_name: str
    rows: tuple[StatementRow, ...]
    owed: int
    prepaid: int
    late_fee: int
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class DunLine:
    """A past-due charge on a dunning paper: what is open, since how many days it is late, its late fee (None: the
    contract has none for it). `late_only` marks a posted late fee whose principal is paid.
    """

    item: str
    period: str
    due: str
    amount: int
    days: int
    late_fee: int | None
    late_only: bool = False


@dataclass(frozen=True, slots=True)
class DunEvent:
    """Something done before: a paper sent, its service, a call; as shown in the papers for a lawyer."""

    on: str
    what: str
    number: str
    result: str


@dataclass(frozen=True, slots=True)
class DunPaper:
    """A dunning paper: 温馨提示 (reminder), 催缴通知单 (notice), 催缴函 (letter) or 律师函/起诉材料 (legal).

    `addressee` is the payer with co-owners, `user` a tenant who is written to as well (empty: none). `text` are the
    paragraphs of the letter, fields filled in. total = principal + late_fee. `limitation` is the sentence about the
    last day in time; `history` what was done before; both only on papers of the stage legal.
    """

    stage: str
    number: str
    on: str
    letterhead: str
    office_name: str
    estate: str
    house: str
    addressee: str
    user: str
    lines: tuple[DunLine, ...]
    principal: int
    late_fee: int
    late_fee_note: str
    deadline: str
    text: tuple[str, ...]
    bank_account: str
    telephone: str
    reference: str
    history: tuple[DunEvent, ...] = ()
    limitation: str = ""

    @property
    def total(self) -> int:
        """Principal and late fee, in fen."""
        return self.principal + self.late_fee


@dataclass(frozen=True, slots=True)
class CloseMethod:
    """What a cashier took by one method (its word and its Chinese title); voids, reversals, refunds are negative."""

    method: str
    title: str
    receipts: int
    taken: int
    voids: int
    voided: int
    reversals: int
    reversed: int
    refunds: int
    refunded: int

    @property
    def net(self) -> int:
        """What is left, in fen."""
        return self.taken + self.voided + self.reversed + self.refunded


@dataclass(frozen=True, slots=True)
class CloseCashier:
    """One cashier's sum of the day, and whether his day is closed."""

    name: str
    receipts: int
    net: int
    closed: bool


@dataclass(frozen=True, slots=True)
class ClosePaper:
    """日结单. `counted` is None where the cash was not counted: a blank is left for it.

    booked = float + net cash; `first_day` is the first day with an entry of this close; `head` the audit chain before
    this record, short form; `sole` the acts done single-handed; `reversals` say `S…12（红冲 S…03）`.
    """

    number: str
    on: str
    first_day: str
    closed_at: str
    letterhead: str
    office_name: str
    cashier: str
    shift_since: str
    methods: tuple[CloseMethod, ...]
    float_fen: int
    booked: int
    counted: int | None
    reason: str
    receipts: int
    first_receipt: str
    last_receipt: str
    voids: tuple[str, ...]
    reversals: tuple[str, ...]
    small_change: int
    sole: tuple[str, ...]
    next_receipt: str
    cashiers: tuple[CloseCashier, ...]
    head: str
    pieces: tuple[tuple[str, int, int], ...] = ()
    """The cash by denomination, where it was counted so: `100 元`, how many, fen."""
    deposits_taken: int = 0
    """What of the money taken and refunded (all methods) were deposits, in fen."""
    deposits_returned: int = 0
    gifts: int = 0
    """Months let off for prepaying, in fen."""


@dataclass(frozen=True, slots=True)
class NoticeShare:
    """A house's part of a cost: its number, what it weighs as text, fen."""

    house: str
    weight: str
    amount: int


@dataclass(frozen=True, slots=True)
class NoticeCost:
    """A cost as the wall shows it: facts are titles with their words; the shares in house order."""

    title: str
    facts: tuple[tuple[str, str], ...]
    weighed: str
    amount: int
    shares: tuple[NoticeShare, ...]


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """公摊公示 of an item and a period: no names, phones or ID numbers (HANDBOOK §2.5, §9.6)."""

    item: str
    period: str
    first: str
    last: str
    estate: str
    letterhead: str
    office_name: str
    telephone: str
    billed: bool
    costs: tuple[NoticeCost, ...]


@dataclass(frozen=True, slots=True)
class SettleRow:
    """A row of a settlement: what for, its days, how it arose, fen."""

    item: str
    period: str
    how: str
    amount: int


@dataclass(frozen=True, slots=True)
class SettlePaper:
    """结算单 of a house to the day, for the leaver, the follower and the office; amounts in fen.

    `fresh` is billed to the day, `open` was owed before, `ahead` was billed beyond the day and stays; `sums` are titles
    with their amounts, `notes` sentences, `handed` what was handed over besides (point and words).
    """

    number: str
    on: str
    kind: str
    letterhead: str
    office_name: str
    telephone: str
    house: str
    leaver: str
    last: str
    follower: str
    readings: tuple[SettleRow, ...]
    fresh: tuple[SettleRow, ...]
    open: tuple[SettleRow, ...]
    ahead: tuple[SettleRow, ...]
    deposits: tuple[SettleRow, ...]
    sums: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    handed: tuple[SettleRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A debt that a plan covers: item, period, due day, open principal in fen."""

    item: str
    period: str
    due: str
    amount: int


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One instalment: which, until when, fen."""

    n: int
    due: str
    amount: int


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """分期还款协议 between the office and a payer, for both to sign; fen, the late fee as of `signed` besides."""

    number: str
    signed: str
    letterhead: str
    office_name: str
    telephone: str
    bank_account: str
    payer: str
    house: str
    items: tuple[PlanItem, ...]
    parts: tuple[PlanPart, ...]
    total: int
    late_fee: int


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One item of a receipt on a proof of payment."""

    on: str
    receipt: str
    method: str
    item: str
    period: str
    amount: int


@dataclass(frozen=True, slots=True)
class ProofPaper:
    """缴费证明: what a payer paid for houses between two days. `count` says how many were issued for the house."""

    number: str
    on: str
    letterhead: str
    office_name: str
    telephone: str
    payer: str
    houses: str
    first: str
    last: str
    rows: tuple[ProofRow, ...]
    total: int
    count: int
