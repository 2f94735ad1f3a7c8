"""Pictures of what has to do with money: counter, bills, bill run, readings, dunning, tariffs."""

from __future__ import annotations

from datetime import timedelta

from app.domain.period import Period
from app.domain.quantity import QUANTITY_SCALE, Quantity
from tools.picture_book.hands import (
    Hands,
    NotThere,
    Scene,
    Shot,
    Step,
    drop_down,
    fill,
    find,
    on,
    part,
    press,
    submit,
    tab,
    until,
    view,
)  # fmt: skip
from tools.picture_book.office import ACCOUNTANT, CASHIER, DESK, MANAGER, OWING, PAID, SOLD
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton
from ui.pages.bank_panel import BookLine, ConfirmLine, IgnoreLine, TakeBackLine
from ui.pages.bill_range import ChooseRange
from ui.pages.billing import BillingPage
from ui.pages.bills import BANK_VIEW, BILLS_VIEW, INVOICES_VIEW, RECEIPTS_VIEW
from ui.pages.cost_notice_dialog import PublishCost
from ui.pages.counter import CounterPage
from ui.pages.counter_acts import CloseDay, OpenShift, UndoReceipt
from ui.pages.counter_ahead import EndPrepaid, PayAhead
from ui.pages.counter_former import PayFormer
from ui.pages.counter_more import AddCharge, GiveBack, RefundPrepaid, TakeDeposit, Waive
from ui.pages.dispute_dialog import Contest
from ui.pages.dunning import LADDER, LETTER, LIST, OWED, RECORD, DunningPage
from ui.pages.dunning_dialogs import Hold, LogService, LogTalk, Release
from ui.pages.finance_dialogs import ExportFinance
from ui.pages.invoice_dialogs import AskInvoice, DropInvoice, NoteInvoice, SettleReceipt
from ui.pages.main_meter_dialogs import AddMainMeter, MainMeters, TakeRound
from ui.pages.month_dialogs import ExportVouchers, ShutMonth
from ui.pages.plan_dialogs import AgreePlan, EndPlan
from ui.pages.readings import ReadingsPage
from ui.pages.readings_dialogs import ChangeMeter, ConfirmOdd, CorrectReading
from ui.pages.rule_dialog import ChangeRules
from ui.pages.tariff_copying import CopyPrices
from ui.pages.tariff_dialogs import AddCost, AddItem
from ui.pages.tariffs import PRICING, TariffsPage
from ui.pages.undo_receipt import TakeBack
from ui.pages.void_month import VoidMonth


def at(house: str) -> Step:
    """A house called up at the counter."""

    def call(page: CounterPage) -> None:
        page.till.received.clear()
        page.search.setText(house)
        page.search.returnPressed.emit()

    return on(CounterPage, call)


def receive(yuan: str) -> Step:
    """What the cashier is handed."""
    return on(CounterPage, lambda page: page.till.received.setText(yuan))


by_wechat = on(CounterPage, lambda page: page.till.choose(1))


def typed(text: str) -> Step:
    """Words in the counter's search."""

    def call(page: CounterPage) -> None:
        page.search.setText(text)
        page.search.returnPressed.emit()

    return on(CounterPage, call)


def front(place: int) -> Step:
    """Ladder or list of the dunning page."""
    return on(DunningPage, lambda page: page.go_front(place))


def lines(state: str) -> Step:
    """The first line of the bank in a state."""
    return find(filters={"state": state})


def price(code: str, scope: str = "estate", target: str = "") -> Step:
    """The price of an item in a scope, tried on a house."""

    def show(page: TariffsPage) -> None:
        page.go(PRICING)
        page.pricing.go_to(code, scope, target)
        until(lambda: page.pricing.file is not None and page.pricing.file.item.code == code)
        if not page.pricing.trial.isHidden():
            until(lambda: page.pricing.trial.trial is not None)

    return on(TariffsPage, show)


def with_readings(page: ReadingsPage) -> None:
    """Readings as they are judged: usual, below the last one, far too many."""
    for row, more in enumerate((12, -5, 90)):
        last = page.grid.lines.rows[row].last
        page.grid.lines.put(row, Quantity(last.value + more * QUANTITY_SCALE).show() if last else "")
    page.grid.go_row(2)


def without_readings(page: ReadingsPage) -> None:
    """Nothing typed, nothing to be asked about."""
    page.grid.lines.typed.clear()


def saved_readings(page: ReadingsPage) -> None:
    """A day of the month whose meters were read."""
    page.day.setText((Period.of(page.today).plus(-1).first - timedelta(days=1)).isoformat())
    page.day.editingFinished.emit()


def new_main_meter(hands: Hands) -> None:
    """The button in the list of main meters that asks for one more."""
    over = hands.overlays[-1]
    found = [one for one in over.findChildren(HintButton) if one.text().startswith("登记新表")]
    if not found:
        raise NotThere("没有新增总表的按钮")
    found[0].click()


COUNTER = Scene(
    CASHIER,
    "counter",
    (
        Shot("counter-empty"),
        Shot("counter-hits", (typed("3-2"),)),
        Shot("counter-house", (at(OWING), receive("2000"))),
        Shot("counter-short", (at(OWING), receive("500"), press("收款"))),
        Shot("counter-over", (at(OWING), by_wechat, receive("2000"), press("收款"))),
        Shot("counter-years", (at("1-1-0202"),)),
        Shot("counter-paid", (at(PAID),)),
        Shot("counter-more-menu", (at(OWING), drop_down("更多"))),
        Shot("counter-shift", (press("开班"),), (OpenShift,)),
        Shot("counter-undo", (press("红冲 / 补打"),), (UndoReceipt,)),
        Shot("counter-close", (press("日结"),), (CloseDay,)),
        Shot("counter-waive", (at(OWING), press("减免、补收")), (Waive,)),
        Shot("counter-waive-wrong", (at(OWING), press("减免、补收"), submit), (Waive,)),
        Shot("counter-ahead", (at(OWING), press("预交")), (PayAhead,)),
        Shot("counter-former", (at(SOLD), press("收以前付款人的欠款")), (PayFormer,)),
        Shot("counter-once", (at(OWING), press("一次性收费")), (AddCharge,)),
        Shot("counter-deposit", (at(OWING), press("收押金")), (TakeDeposit,)),
        Shot("counter-give-back", (at(OWING), press("退押金")), (GiveBack,)),
        Shot("counter-refund", (at(PAID), press("退预存")), (RefundPrepaid,)),
        Shot("counter-prepaid", (at(PAID), press("预存抵扣")), (Confirm,)),
    ),
    large=True,
)
COUNTER_MANAGER = Scene(
    MANAGER,
    "counter",
    (
        Shot("counter-once-manager", (at(OWING), press("一次性收费")), (AddCharge,)),
        Shot("counter-ahead-end", (at(SOLD), press("预交提前结束")), (EndPrepaid,)),
    ),
    large=True,
)
BILLS = Scene(
    MANAGER,
    "bills",
    (
        Shot("bills", (view(BILLS_VIEW), find(), tab(0))),
        Shot("bills-money", (find(), tab(1))),
        Shot("bills-prints", (find(), tab(2))),
        Shot("bills-none", (find("没有这样的账单"),)),
        Shot("bills-menu", (find(), drop_down("财务"))),
        Shot("bills-finance", (press("导出给财务"),), (ExportFinance,)),
        Shot("receipts", (view(RECEIPTS_VIEW), find(), tab(0))),
        Shot("receipts-prints", (find(), tab(1))),
        Shot("receipts-undone", (find(filters={"undone": "1"}), tab(0))),
        Shot("receipts-void", (find(filters={"today": "1"}), press("作废")), (TakeBack,)),
        Shot("receipts-reverse", (find("S2026-00000208"), press("红冲")), (TakeBack,)),
        Shot("receipts-invoice", (find("S2026-00000150"), press("开票申请")), (AskInvoice,)),
        Shot("receipts-settle", (find("S2026-00000208"), press("到账")), (SettleReceipt,)),
        Shot("invoices", (view(INVOICES_VIEW), find())),
        Shot("invoices-issued", (find(), press("已开票")), (NoteInvoice,)),
        Shot("invoices-drop", (find(), press("撤回")), (DropInvoice,)),
        Shot("bank", (view(BANK_VIEW), find())),
        Shot("bank-confirm", (find("沈某"), press("确认是这笔")), (ConfirmLine,)),
        Shot("bank-book", (find("李某"), press("登记为收款")), (BookLine,)),
        Shot("bank-ignore", (find("王某"), press("忽略")), (IgnoreLine,)),
        Shot("bank-back", (find("利息"), press("取消忽略")), (TakeBackLine,)),
    ),
)
BILLS_FINANCE = Scene(ACCOUNTANT, "bills", (Shot("bills-accountant", (view(BILLS_VIEW), find())),))
BILLS_DESK = Scene(DESK, "bills", (Shot("bills-desk", (view(BILLS_VIEW), find())),))
BILLING = Scene(
    MANAGER,
    "billing",
    (
        Shot("billing"),
        Shot("billing-item", (on(BillingPage, lambda page: page.items.selectRow(2)),)),
        Shot("billing-mark", (press("看明细"),)),
        Shot("billing-menu", (drop_down("月末"),)),
        Shot("billing-range", (press("选范围"),), (ChooseRange,)),
        Shot("billing-post", (press("过账"),), (Confirm,)),
        Shot("billing-before", (press("上一个月"),)),
        Shot("billing-void", (press("整月作废"),), (VoidMonth,)),
        Shot("billing-shut", (press("月结"),), (ShutMonth,)),
        Shot("billing-vouchers", (press("导出凭证"),), (ExportVouchers,)),
        Shot("billing-finance", (press("导出给财务"),), (ExportFinance,)),
        Shot("billing-none", (press("下一个月"), press("下一个月"), press("下一个月"))),
    ),
    large=True,
)
READINGS = Scene(
    MANAGER,
    "readings",
    (
        Shot("readings"),
        Shot("readings-typed", (on(ReadingsPage, with_readings),)),
        Shot("readings-change", (on(ReadingsPage, lambda page: page.change_meter()),), (ChangeMeter,)),
        Shot("readings-odd", (on(ReadingsPage, lambda page: page.confirm_odd()),), (ConfirmOdd,)),
        Shot("readings-menu", (on(ReadingsPage, without_readings), drop_down("更多"))),
        Shot("readings-mains", (press("总表和公共表"),), (MainMeters,)),
        Shot("readings-main-new", (press("总表和公共表"), new_main_meter), (AddMainMeter,)),
        Shot("readings-round", (press("抄表单"),), (TakeRound,)),
        Shot("readings-read", (on(ReadingsPage, saved_readings),)),
        Shot("readings-correct", (press("改正"),), (CorrectReading,)),
    ),
)
DUNNING = Scene(
    MANAGER,
    "dunning",
    (
        Shot("dunning-ladder", (front(LADDER), find(), tab(OWED))),
        Shot("dunning-letter", (find(OWING), tab(LETTER))),
        Shot("dunning-record", (find(OWING), tab(RECORD))),
        Shot("dunning-list", (front(LIST), find(), tab(OWED))),
        Shot("dunning-none", (find("没有这样的人"),)),
        Shot("dunning-talk", (find(OWING), press("登记电话")), (LogTalk,)),
        Shot("dunning-dispute", (find(OWING), press("争议")), (Contest,)),
        Shot("dunning-service", (find(OWING), press("登记送达")), (LogService,)),
        Shot("dunning-hold", (find(OWING), press("暂缓")), (Hold,)),
        Shot("dunning-held", (find("1-1-0202"),)),
        Shot("dunning-release", (find("1-1-0202"), press("结束暂缓")), (Release,)),
        Shot("dunning-plan", (find(OWING), press("分期")), (AgreePlan,)),
        Shot("dunning-planned", (find("2-1-0101"),)),
        Shot("dunning-plan-end", (find("2-1-0101"), press("分期协议")), (EndPlan,)),
        Shot("dunning-run", (front(LADDER), find(), on(DunningPage, lambda page: page.ask_run())), (Confirm,)),
    ),
    large=True,
)
DUNNING_DESK = Scene(DESK, "dunning", (Shot("dunning-desk", (front(LADDER), find(), tab(OWED))),))
TARIFFS = Scene(
    MANAGER,
    "tariffs",
    (
        Shot("tariffs", (price("WY"),)),
        Shot("tariffs-type", (price("WY", "house_type", "商铺"),)),
        Shot("tariffs-tiers", (price("SF"),)),
        Shot("tariffs-shared", (price("GT"),)),
        Shot("tariffs-items", (part(1),)),
        Shot("tariffs-prices", (part(2),)),
        Shot("tariffs-item", (part(0), press("新增项目")), (AddItem,)),
        Shot("tariffs-item-meter", (press("新增项目"), fill(kind="meter")), (AddItem,)),
        Shot("tariffs-rules", (price("WY"), press("改规则")), (ChangeRules,)),
        Shot("tariffs-wrong", (price("WY"), on(TariffsPage, lambda page: page.pricing.submit()))),
        Shot("tariffs-copy", (press("整体调整"),), (CopyPrices,)),
        Shot("tariffs-cost", (price("GT"), press("录入费用")), (AddCost,)),
        Shot("tariffs-publish", (price("GT"), press("公示")), (PublishCost,)),
    ),
)
SCENES = (
    COUNTER, COUNTER_MANAGER, BILLS, BILLS_FINANCE, BILLS_DESK, BILLING, READINGS, DUNNING, DUNNING_DESK, TARIFFS
)  # fmt: skip
