"""Each writing use case with its N-th SQL statement made to fail, N = 1 … last: nothing changed, nothing recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import event, inspect

from app.domain.handover import Handover
from app.domain.money import Fen
from app.security.keyslots import FLOOR
from app.services import (
    adjustments,
    alerts,
    approvals,
    arrears,
    arrears_list,
    attachments,
    backup_places,
    backups,
    bank,
    bank_list,
    bill_list,
    billing,
    billing_compare,
    clocks,
    closes,
    cost_notice,
    deposits,
    discounts,
    disputes,
    door_papers,
    dun_contacts,
    dunning,
    emergency,
    equipment,
    equipment_list,
    estates,
    event_list,
    event_papers,
    events,
    explain,
    fee_list,
    fee_rules,
    fees,
    finance_export,
    handovers,
    house_batch,
    house_change,
    house_list,
    house_splits,
    household,
    import_mappings,
    import_undo,
    imports,
    invoice_list,
    invoices,
    job_runs,
    ledger_file,
    letter_texts,
    main_meters,
    maintenance,
    month_close,
    month_report,
    one_off,
    parking,
    payments,
    payouts,
    permits,
    person_data,
    person_merge,
    pets,
    plans,
    prepaid_use,
    prepay,
    prepay_ending,
    printing,
    proofs,
    proposals,
    reading_round,
    readings,
    rebooking,
    receipt_list,
    receipts,
    refunds,
    register_export,
    renumbering,
    resident_list,
    residents,
    retention,
    segments,
    settings,
    settlement,
    shared_costs,
    shifts,
    space_list,
    tariff_copy,
    tariff_list,
    tariffs,
    task_list,
    tenancies,
    user_list,
    users,
    vehicles,
    verification,
    voucher_accounts,
    vouchers,
    watching,
)  # fmt: skip
from app.services.adjustments import Change
from app.services.backups import BackupAnswer
from app.services.deposits import Deduction
from app.services.dun_contacts import Served
from app.services.equipment_details import Details
from app.services.events import EventForm
from app.services.fees import NewItem
from app.services.house_batch import Batch
from app.services.house_rows import HouseDetails, HousePlace
from app.services.house_splits import Part
from app.services.imports import SheetMapping
from app.services.list_face import Query
from app.services.main_meters import NewMainMeter
from app.services.maintenance import Done
from app.services.maintenance_plans import NewPlan
from app.services.permits import NewPermit
from app.services.person_form import PersonForm
from app.services.pets import PetForm
from app.services.seat import Seat
from app.services.settlement import Wanted
from app.services.shared_costs import NewCost
from app.services.tenancies import NewTenancy
from app.services.two_persons import Waiting
from app.services.use_case import USE_CASES
from tests.builders import PASSWORD, Office

Act = Callable[[Office], object]
NEXT_YEAR = NewTenancy("丁租", date(2027, 8, 1), file=Path(__file__))
SALE = Wanted("3-1-101", date(2026, 7, 5), follower="新业主", handover=Handover(2, 1))
FEAST = EventForm("茶话会", date(2026, 7, 6), "14:30", "会所", "请带水杯。", 1)
FITTING = NewPermit(date(2026, 7, 1), date(2026, 9, 30), "样例装饰")


def _open_line(office: Office) -> tuple[str, str, list[Change]]:
    """A house that owes, a waiver, and a fen of its oldest line."""
    ((house, item, day),) = office.sql(
        "SELECT h.number, i.code, c.period_from FROM open_charge o JOIN charge c ON c.id = o.charge_id "
        "JOIN house h ON h.id = c.house_id JOIN fee_item i ON i.id = c.item_id WHERE c.part = 'principal' LIMIT 1"
    )
    return str(house), "waiver", [Change(str(item), str(day)[:7], 1)]


def _asked(office: Office) -> str:
    asked = receipts.void(office.seat("李收费"), "S2026-00000001", "录错")
    assert isinstance(asked, Waiting)
    return asked.request


ACTS: dict[str, tuple[str, Act]] = {
    "app.services.fees.add": ("", lambda o: fees.add(o.manager, NewItem("QT", "其他", "flat"))),
    "app.services.fee_rules.change": (
        "", lambda o: fee_rules.change(o.manager, "WY", date(2026, 7, 7), {"grace": 5}, "新合同")),
    "app.services.estates.add": ("", lambda o: estates.add(o.manager, "二期")),
    "app.services.estates.rename": (
        "", lambda o: estates.rename(o.manager, estates.listing(o.manager)[0].name, "一期")),
    "app.services.tariff_copy.copy": (
        "", lambda o: tariff_copy.copy(o.manager, date(2027, 1, 1), 3_000_000, "业主大会表决")),
    "app.services.rebooking.rebook": (
        "", lambda o: rebooking.rebook(o.manager, "S2026-00000001", None, "bank", "方式录错")),
    "app.services.adjustments.adjust": (
        "", lambda o: adjustments.adjust(o.manager, *_open_line(o), "电梯停运")),
    "app.services.discounts.add": (
        "", lambda o: discounts.add(
            o.manager, "3-1-101", "vacancy", "0.7", date(2026, 7, 1), date(2026, 12, 31), "长期空置")),
    "app.services.discounts.end": (
        "", lambda o: discounts.end(o.manager, "3-1-102", "WY", date(2026, 7, 31), "已入住")),
    "app.services.prepay.take": ("", lambda o: prepay.take(o.manager, "3-1-102", "WY", 12, 1)),
    "app.services.prepay_ending.end": (
        "ahead", lambda o: prepay_ending.end(o.manager, "S2026-00000002", "2026-10", "搬走")),
    "app.services.disputes.add": (
        "", lambda o: disputes.add(o.manager, "3-1-102", "WY", "2026-06", "电梯停运")),
    "app.services.disputes.end": (
        "", lambda o: disputes.end(o.manager, "3-1-102", "WY", "2026-05", "已核实")),
    "app.services.plans.add": (
        "", lambda o: plans.add(o.manager, "3-1-101", plans.propose(o.manager, "3-1-101", 3, date(2026, 8, 1)).parts)),
    "app.services.plans.end": ("", lambda o: plans.end(o.manager, "3-1-102", "另行起诉")),
    "app.services.plans.print_again": (
        "", lambda o: plans.print_again(o.manager, "F2026-000001", o.folder / "out" / "f.pdf")),
    "app.services.settlement.settle": (
        "", lambda o: settlement.settle(o.manager, Wanted(
            "3-1-101", date(2026, 7, 5), follower="新业主", readings=(("水", "30"),), pay="cash"))),
    "app.services.handovers.prepare": ("", lambda o: handovers.prepare(o.manager, SALE)),
    "app.services.handovers.drop": ("prepared", lambda o: handovers.drop(o.manager, "3-1-101", "买卖取消")),
    "app.services.cost_notice.publish": (
        "shared", lambda o: cost_notice.publish(o.manager, "GT", "2026-06")),
    "app.services.house_change.add": (
        "", lambda o: house_change.add(o.manager, HousePlace("3", "1", "0201"), HouseDetails(gross_area=892000))),
    "app.services.house_change.change": (
        "", lambda o: house_change.change(o.manager, "3-1-101", 1, HouseDetails(gross_area=900000))),
    "app.services.house_change.set_state": (
        "", lambda o: house_change.set_state(o.manager, "3-1-101", "vacant", date(2026, 7, 1), "搬走")),
    "app.services.house_batch.make": ("", lambda o: house_batch.make(o.manager, Batch("7", "1", "1-2", 2))),
    "app.services.attachments.add": ("", lambda o: attachments.add(o.manager, "3-1-101", Path(__file__))),
    "app.services.attachments.drop": ("file", lambda o: attachments.drop(o.manager, "3-1-101", "test_faults.py")),
    "app.services.attachments.take_out": (
        "file", lambda o: attachments.take_out(o.manager, "3-1-101", "test_faults.py", o.folder / "out" / "f.py")),
    "app.services.permits.add": ("", lambda o: permits.add(o.manager, "3-1-101", FITTING)),
    "app.services.permits.extend": (
        "permit", lambda o: permits.extend(o.manager, "X2026-000001", date(2026, 12, 31), "延误")),
    "app.services.permits.close": ("permit", lambda o: permits.close(o.manager, "X2026-000001", "owner")),
    "app.services.renumbering.renumber": (
        "", lambda o: renumbering.renumber(o.manager, "3-1-101", HousePlace("3", "1", "0103"), None, "门牌更正")),
    "app.services.house_splits.replace": (
        "", lambda o: house_splits.replace(
            o.manager, ("3-1-102",), date(2026, 7, 5), (Part("3-1-0102A", 400000), Part("3-1-0102B", 492000)), "拆")),
    "app.services.house_change.edit": (
        "", lambda o: house_change.edit(o.manager, ("3-1-101", "3-1-102"), "state", "let")),
    "app.services.refunds.refund": (
        "prepaid", lambda o: refunds.refund(o.manager, "3-1-101", 500, "cash", "业主要求")),
    "app.services.deposits.take": (
        "deposit", lambda o: deposits.take(o.manager, "3-1-101", "ZX", 70_000)),
    "app.services.deposits.give_back": (
        "deposit",
        lambda o: deposits.give_back(
            o.manager, "3-1-101", deposits.listing(o.manager)[-1].receipt, "cash", "验收合格",
            [Deduction("KA", 500, "门禁卡没交回")]),
    ),
    "app.services.main_meters.add": (
        "", lambda o: main_meters.add(o.manager, NewMainMeter("Z-1", "总表", "master", "SF"))),
    "app.services.main_meters.read": ("main", lambda o: main_meters.read(o.manager, "Z-1", "5", date(2026, 7, 2))),
    "app.services.reading_round.export": (
        "", lambda o: reading_round.export(o.manager, o.folder / "out" / "round.xlsx", unread=False)),
    "app.services.month_report.print_report": (
        "", lambda o: month_report.print_report(o.manager, "2026-06", o.folder / "out" / "report.pdf")),
    "app.services.prepaid_use.put": ("unused", lambda o: prepaid_use.put(o.manager, "3-1-102")),
    "app.services.segments.save": (
        "", lambda o: segments.save(o.manager, "houses", "空置", Query(filters=(("state", "vacant"),)))),
    "app.services.segments.drop": ("segment", lambda o: segments.drop(o.manager, "houses", "空置")),
    "app.services.residents.register": (
        "", lambda o: residents.register(o.manager, "3-1-101", "family", PersonForm("家属", "13800000001"))),
    "app.services.residents.change": ("", lambda o: residents.change(o.manager, 1, 1, PersonForm("改名"))),
    "app.services.residents.move_out": (
        "family", lambda o: residents.move_out(o.manager, residents.named(o.manager, "3-1-101", "家属").resident)),
    "app.services.residents.reveal": (
        "family",
        lambda o: residents.reveal(o.manager, residents.named(o.manager, "3-1-101", "家属").person, "phone", "通知")),
    "app.services.person_merge.merge": (
        "family",
        lambda o: person_merge.merge(o.manager, 1, residents.named(o.manager, "3-1-101", "家属").person, "同一人")),
    "app.services.resident_list.export": (
        "", lambda o: resident_list.export(o.manager, Query(), o.folder / "out" / "r.xlsx")),
    "app.services.invoice_list.export": (
        "", lambda o: invoice_list.export(o.manager, Query(), o.folder / "out" / "i.xlsx")),
    "app.services.invoices.ask": ("", lambda o: invoices.ask(o.manager, "S2026-00000001", "样例公司")),
    "app.services.invoices.issued": ("invoice", lambda o: invoices.issued(o.manager, "K2026-000001", "25120001")),
    "app.services.invoices.drop": ("invoice", lambda o: invoices.drop(o.manager, "K2026-000001", "抬头写错")),
    "app.services.payouts.note": (
        "wechat", lambda o: payouts.note(o.manager, "S2026-00000002", date(2026, 7, 6), 12)),
    "app.services.retention.anonymise": (
        "left", lambda o: retention.anonymise(o.manager, "旧住户", "3-1-101", "期满")),
    "app.services.person_data.copy": (
        "", lambda o: person_data.copy(o.manager, "业主3-1-0101", "3-1-101", "本人要求", o.folder / "out" / "d.json")),
    "app.services.register_export.export": (
        "", lambda o: register_export.export(o.manager, "核对", o.folder / "out" / "r.xlsx")),
    "app.services.emergency.print_list": (
        "", lambda o: emergency.print_list(o.manager, "3", "演习", o.folder / "out" / "e.pdf")),
    "app.services.household.set_share": ("", lambda o: household.set_share(o.manager, 1, "1/2")),
    "app.services.household.count_heads": (
        "", lambda o: household.count_heads(o.manager, "3-1-101", 3, date(2026, 7, 1))),
    "app.services.tenancies.add": (
        "renting", lambda o: tenancies.add(o.manager, "3-1-101", NEXT_YEAR)),
    "app.services.tenancies.end": ("renting", lambda o: tenancies.end(o.manager, 1, date(2026, 12, 31))),
    "app.services.pets.add": ("", lambda o: pets.add(o.manager, "3-1-101", PetForm("狗", "豆豆"))),
    "app.services.pets.change": ("pet", lambda o: pets.change(o.manager, 1, PetForm("狗", "毛毛"))),
    "app.services.pets.drop": ("pet", lambda o: pets.drop(o.manager, 1)),
    "app.services.events.add": ("", lambda o: events.add(o.manager, FEAST)),
    "app.services.events.change": ("feast", lambda o: events.change(o.manager, "E2026-000001", 1, FEAST)),
    "app.services.events.invite": (
        "feast", lambda o: events.invite(o.manager, "E2026-000001", Query(filters=(("here", "1"),)))),
    "app.services.events.reply": ("feast", lambda o: events.reply(o.manager, "E2026-000001", 1, "yes", 2)),
    "app.services.events.attend": ("feast", lambda o: events.attend(o.manager, "E2026-000001", 2)),
    "app.services.events.end": ("feast", lambda o: events.end(o.manager, "E2026-000001")),
    "app.services.events.cancel": ("feast", lambda o: events.cancel(o.manager, "E2026-000001", "暴雨")),
    "app.services.event_list.export": (
        "feast", lambda o: event_list.export(o.manager, Query(), o.folder / "out" / "e.xlsx")),
    "app.services.event_papers.invitations": (
        "feast", lambda o: event_papers.invitations(o.manager, "E2026-000001", o.folder / "out" / "e.pdf")),
    "app.services.event_papers.sign_in_sheet": (
        "feast", lambda o: event_papers.sign_in_sheet(o.manager, "E2026-000001", o.folder / "out" / "s.pdf")),
    "app.services.door_papers.labels": (
        "", lambda o: door_papers.labels(o.manager, "3", target=o.folder / "out" / "l.pdf")),
    "app.services.door_papers.slips": (
        "", lambda o: door_papers.slips(o.manager, "3", "停水", target=o.folder / "out" / "s.pdf")),
    "app.services.space_list.export": (
        "", lambda o: space_list.export(o.manager, Query(), o.folder / "out" / "p.xlsx")),
    "app.services.parking.lease": ("", lambda o: parking.lease(
        o.manager, "B1-15", "leased", "3-1-101", date(2026, 7, 1), date(2026, 8, 31), item="CW")),
    "app.services.parking.end": ("let", lambda o: parking.end(o.manager, "B1-15", date(2026, 7, 31))),
    "app.services.vehicles.add": ("", lambda o: vehicles.add(o.manager, "B1-15", "京A12345")),
    "app.services.vehicles.change": ("let", lambda o: vehicles.change(o.manager, "B1-15", "京A54321", "京A12345")),
    "app.services.vehicles.end": ("let", lambda o: vehicles.end(o.manager, "B1-15", "京A54321")),
    "app.services.one_off.post": ("deposit", lambda o: one_off.post(o.manager, "3-1-101", "KA", 2)),
    "app.services.shared_costs.add": (
        "shared", lambda o: shared_costs.add(o.manager, NewCost("GT", "2026-07", Fen(500)))),
    "app.services.shared_costs.drop": (
        "shared", lambda o: shared_costs.drop(o.manager, "GT", "2026-06", 1)),
    "app.services.fees.assign": ("", lambda o: fees.assign(o.manager, "CW", "3-1-101", date(2026, 7, 1))),
    "app.services.tariffs.add": ("", lambda o: tariffs.add(o.manager, "CW", date(2026, 1, 1), {"price": "80"})),
    "app.services.readings.add": ("", lambda o: readings.add(o.manager, "3-1-101", "水", "22", date(2026, 7, 5))),
    "app.services.readings.correct": (
        "read",
        lambda o: readings.correct(o.manager, "3-1-101", "水", date(2026, 7, 4), "21", "抄错"),
    ),
    "app.services.readings.change_meter": (
        "",
        lambda o: readings.change_meter(o.manager, "3-1-101", "水", "30", "0", date(2026, 7, 5), new_number="水2"),
    ),
    "app.services.settings.change": ("", lambda o: settings.change(o.manager, "developer", "样例置业")),
    "app.services.settings.change_several": (
        "", lambda o: settings.change_several(o.manager, {"developer": "样例置业", "telephone": "010-1"})),
    "app.services.backup_places.add": ("", lambda o: backup_places.add(o.manager, _ten_days(o))),
    "app.services.backup_places.remove": (
        "stick", lambda o: backup_places.remove(o.manager, o.folder / "backups")),
    "app.services.billing.post": ("", lambda o: billing.post(o.manager, "2026-07")),
    "app.services.billing.void": ("", lambda o: billing.void(o.manager, "2026-06", "录错价")),
    "app.services.payments.take": ("", lambda o: payments.take(o.manager, "3-1-102", 50000)),
    "app.services.receipts.void": ("", lambda o: receipts.void(o.manager, "S2026-00000001", "录错")),
    "app.services.receipts.reverse": ("", lambda o: receipts.reverse(o.manager, "S2026-00000001", "录错")),
    "app.services.approvals.yes": ("asked", lambda o: approvals.yes(o.manager, "A2026-000001")),
    "app.services.approvals.no": ("asked", lambda o: approvals.no(o.manager, "A2026-000001", "不对")),
    "app.services.users.add": ("", lambda o: users.add(o.manager, "新人", ("cashier",), PASSWORD, cost=FLOOR)),
    "app.services.users.reset_password": (
        "", lambda o: users.reset_password(o.manager, "李收费", PASSWORD + "2", "忘记", cost=FLOOR)),
    "app.services.users.change_own_password": (
        "", lambda o: users.change_own_password(o.manager, PASSWORD + "2", cost=FLOOR)),
    "app.services.users.set_roles": (
        "", lambda o: users.set_roles(o.manager, "李收费", ("cashier", "front_desk"))),
    "app.services.users.disable": ("", lambda o: users.disable(o.manager, "李收费")),
    "app.services.verification.rebuild": ("", lambda o: verification.rebuild(o.manager)),
    "app.services.backups.create": ("", lambda o: backups.create(o.manager, o.folder / "b.anju")),
    "app.services.backups.keep_verified": (
        "", lambda o: backups.keep_verified(o.manager, BackupAnswer(Path("b.anju"), 1, "ab", "cd"))),
    "app.services.clocks.accept": ("", lambda o: clocks.accept(o.manager, "换了电池")),
    "app.services.printing.print_bills": (
        "", lambda o: printing.print_bills(o.manager, "2026-06", o.folder / "out" / "b.pdf")),
    "app.services.printing.print_chosen": (
        "", lambda o: printing.print_chosen(o.manager, ("B2026-06-000001",), o.folder / "out" / "b.pdf")),
    "app.services.printing.print_receipt": (
        "", lambda o: printing.print_receipt(o.manager, "S2026-00000001", o.folder / "out" / "r.pdf")),
    "app.services.printing.print_statement": (
        "", lambda o: printing.print_statement(o.manager, "3-1-101", o.folder / "out" / "s.pdf")),
    "app.services.arrears.export": (
        "", lambda o: arrears.export(o.manager, None, o.folder / "out" / "a.xlsx")),
    "app.services.billing_compare.export": (
        "", lambda o: billing_compare.export(o.manager, "2026-07", o.folder / "out" / "v.xlsx")),
    "app.services.finance_export.export": (
        "", lambda o: finance_export.export(o.manager, "payments", o.folder / "out" / "f.xlsx")),
    "app.services.ledger_file.export": (
        "", lambda o: ledger_file.export(o.manager, o.folder / "out" / "l.beancount")),
    "app.services.explain.print_explanation": (
        "", lambda o: explain.print_explanation(o.manager, "3-1-101", "2026-06", o.folder / "out" / "e.pdf")),
    "app.services.house_list.export": (
        "", lambda o: house_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.bill_list.export": (
        "", lambda o: bill_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.receipt_list.export": (
        "", lambda o: receipt_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.arrears_list.export": (
        "", lambda o: arrears_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.equipment_list.export": (
        "", lambda o: equipment_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.task_list.export": (
        "", lambda o: task_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.fee_list.export": (
        "", lambda o: fee_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.tariff_list.export": (
        "", lambda o: tariff_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.user_list.export": (
        "", lambda o: user_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.shifts.begin": ("", lambda o: shifts.begin(o.manager, 50_000)),
    "app.services.closes.close": ("", lambda o: closes.close(o.manager, date(2026, 7, 6), reason="交账")),
    "app.services.closes.print_again": ("closed", lambda o: closes.print_again(o.manager, "J2026-000001")),
    "app.services.month_close.close": ("", lambda o: month_close.close(o.manager, "2026-05")),
    "app.services.month_close.reopen": ("month", lambda o: month_close.reopen(o.manager, "2026-05", "漏记")),
    "app.services.vouchers.export": ("month", lambda o: vouchers.export(o.manager, "2026-05", "yonyou")),
    "app.services.voucher_accounts.change": (
        "", lambda o: voucher_accounts.change(o.manager, "cash", "100101", "库存现金")),
    "app.services.proofs.issue": ("", lambda o: proofs.issue(o.manager, ("3-1-101",))),
    "app.services.letter_texts.change": (
        "", lambda o: letter_texts.change(o.manager, "reminder", "请于 {deadline} 前交清。")),
    "app.services.letter_texts.reset": ("", lambda o: letter_texts.reset(o.manager, "reminder")),
    "app.services.dunning.run": ("", lambda o: dunning.run(o.manager, o.folder / "out" / "d.pdf")),
    "app.services.dunning.reprint": (
        "", lambda o: dunning.reprint(o.manager, "D2026-000001", o.folder / "out" / "d1.pdf")),
    "app.services.dun_contacts.serve": (
        "", lambda o: dun_contacts.serve(
            o.manager, "D2026-000001", Served("in_person", date(2026, 7, 6), signer="业主"))),
    "app.services.dun_contacts.talk": ("", lambda o: dun_contacts.talk(o.manager, "3-1-101", "call", "没人接")),
    "app.services.dun_contacts.hold": ("", lambda o: dun_contacts.hold(o.manager, "3-1-101", "disputed", "漏水")),
    "app.services.dun_contacts.release": (
        "", lambda o: dun_contacts.release(o.manager, "3-1-102", "insolvency", "已结")),
    "app.services.imports.houses": ("", lambda o: _import(o, "houses", imports.houses)),
    "app.services.import_undo.undo": ("imported", lambda o: import_undo.undo(o.manager)),
    "app.services.imports.residents_of_houses": (
        "", lambda o: _import(o, "residents", imports.residents_of_houses)),
    "app.services.imports.opening": ("voided", lambda o: _import(o, "opening", imports.opening)),
    "app.services.imports.history": ("live", lambda o: _import(o, "history", imports.history)),
    "app.services.imports.payments": ("", lambda o: _import(o, "payments", imports.payments)),
    "app.services.imports.bank": ("", lambda o: _import(o, "bank", imports.bank)),
    "app.services.bank.match": ("banked", lambda o: bank.match(o.manager, "Y2026-000002", "S2026-00000002")),
    "app.services.bank.book_line": ("banked", lambda o: bank.book_line(o.manager, "Y2026-000001", "3-1-102")),
    "app.services.bank.ignore": ("banked", lambda o: bank.ignore(o.manager, "Y2026-000001", "利息")),
    "app.services.bank.release": ("banked", lambda o: bank.release(o.manager, "Y2026-000003", "对错了")),
    "app.services.import_mappings.remember": (
        "", lambda o: import_mappings.remember(
            o.manager, "bank", ("日期", "金额"), SheetMapping("bank", 0, 0, {0: "day", 1: "fen"}), "流水")),
    "app.services.bank_list.export": (
        "", lambda o: bank_list.export(o.manager, Query(), o.folder / "out" / "l.xlsx")),
    "app.services.imports.meters": ("", lambda o: _import(o, "meters", imports.meters)),
    "app.services.imports.readings": ("", lambda o: _import(o, "readings", imports.readings)),
    "app.services.imports.equipment": ("", lambda o: _import(o, "equipment", imports.equipment)),
    "app.services.equipment.add": ("", lambda o: equipment.add(o.manager, Details("DT-02", "客梯", type="客梯"))),
    "app.services.equipment.change": ("", lambda o: equipment.change(o.manager, "DT-01", 1, Details("DT-01", "新名"))),
    "app.services.equipment.set_state": ("alerted", lambda o: equipment.set_state(o.manager, "DT-01", "scrapped")),
    "app.services.maintenance.add_plan": (
        "", lambda o: maintenance.add_plan(o.manager, "DT-01", NewPlan("钢丝绳检查", 3))),
    "app.services.maintenance.add_presets": ("", lambda o: maintenance.add_presets(o.manager, "DT-01", "灭火器")),
    "app.services.maintenance.change_plan": (
        "alerted", lambda o: maintenance.change_plan(o.manager, "DT-01", "半月维保", 1, NewPlan("维保", 15, "day"))),
    "app.services.maintenance.end_plan": ("alerted", lambda o: maintenance.end_plan(o.manager, "DT-01", "半月维保")),
    "app.services.maintenance.complete": (
        "alerted", lambda o: maintenance.complete(o.manager, "DT-01", "半月维保", Done("张师傅", result="fail"))),
    "app.services.watching.keep": ("", lambda o: watching.keep(Seat.system(o.manager.store), "maintenance")),
    "app.services.proposals.propose_bills": ("", lambda o: proposals.propose_bills(Seat.system(o.manager.store))),
    "app.services.proposals.propose_letters": ("", lambda o: proposals.propose_letters(Seat.system(o.manager.store))),
    "app.services.job_runs.record": (
        "", lambda o: job_runs.record(Seat.system(o.manager.store), "backup", False, "磁盘已满")),
    "app.services.alerts.mark_seen": (
        "alerted", lambda o: alerts.mark_seen(o.manager, tuple(row.key for row in alerts.listing(o.manager)))),
    "app.services.backup_places.prune": (
        "", lambda o: backup_places.prune(Seat.system(o.manager.store), _ten_days(o) / "auto-20260706-120000.anju")),
}  # fmt: skip


def _ten_days(office: Office) -> Path:
    """A folder with ten daily backups, as far as their names go."""
    folder = office.folder.with_name("stick")
    folder.mkdir(exist_ok=True)
    for day in range(10):
        (folder / f"auto-202607{6 - day:02}-120000.anju").touch() if day < 6 else None
        (folder / f"auto-202606{30 - day:02}-120000.anju").touch()
    return folder


BOOKS = {
    "equipment": [("设备", ["设备编号", "设备名称", "设备类型"], ["DT-09", "9号楼客梯", "客梯"])],
    "houses": [("房屋", ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机号"],
                ["5", "1", "0101", "80", "王小一", "19900000009"])],
    "residents": [("住户", ["房号", "姓名", "手机号", "与业主关系"], ["3-1-0101", "王小一", "19900000009", "租户"])],
    "opening": [
        ("欠费", ["房号", "收费项目", "账期起", "账期止", "到期日", "欠费金额"],
         ["3-1-0102", "费WY", "2025-01-01", "2025-01-31", "2025-01-31", "12.30"]),
        ("预存", ["房号", "预存金额"], ["3-1-0102", "100"]),
        ("办公室", ["项目", "内容"], ["启用日", "2026-07-01"]),
    ],
    "payments": [("收款", ["房号", "金额", "日期", "方式", "流水号"],
                  ["3-1-0102", "500", "2026-07-05", "微信", "4200001"])],
    "bank": [("流水", ["交易日期", "收入金额", "对方户名"], ["2026-07-05", "88", "业主"], ["2026-07-01", "7", "业主"],
              ["2026-07-02", "9", "银行"])],
    "history": [
        ("办公室", ["房号", "收费项目", "账期", "应收", "已收"], ["3-1-0102", "费WY", "2025-02", "200", "80"])],
    "meters": [("水表", ["房号", "表号", "收费项目", "起始读数", "日期"], ["3-1-0102", "水", "费SF", 3, "2026-06-30"])],
    "readings": [("读数", ["房号", "表号", "读数", "抄表日期"], ["3-1-0101", "水", 30, "2026-07-05"])],
}  # fmt: skip


def _import(office: Office, kind: str, door: Callable[..., object]) -> object:
    path = office.folder.with_name(f"{kind}.xlsx")
    if not path.exists():
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, *rows in BOOKS[kind]:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(path)
    key = str(path)
    if key not in _READ:
        _READ[key] = imports.read(path, kind, date(2026, 7, 6))
    return door(office.manager, _READ[key].source, book=_READ[key].book)


_READ: dict[str, imports.Opened] = {}


@pytest.fixture(scope="module")
def lived_in(made_office: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "office"
    shutil.copytree(made_office[0], folder)
    office = Office(folder).with_staff("李收费").with_houses().with_item(late_rate=50_000)
    office.with_item("CW", "flat", None, houses="listed").with_item("SF", "meter", "3.5", houses="listed")
    office.with_meter("3-1-101").with_houses(["B1-15"], None)
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯"))
    office.pay("3-1-101", 5000)
    office.bill("2026-05", "2026-05-01")
    dunning.run(office.manager, folder / "out" / "dun.pdf", house="3-1-101")
    dun_contacts.hold(office.manager, "3-1-102", "insolvency", "法院公告")
    discounts.add(office.manager, "3-1-102", "staff", "0.5", date(2026, 7, 1), date(2026, 12, 31), "员工", "WY")
    office.bill("2026-06", "2026-06-01")
    disputes.add(office.manager, "3-1-102", "WY", "2026-05", "漏水没修")
    plans.add(office.manager, "3-1-102", plans.propose(office.manager, "3-1-102", 2, date(2026, 8, 1)).parts)
    office.close()
    return folder


def _state(office: Office) -> tuple[str, dict[str, str]]:
    """Everything in the database, and the office's own files."""
    rows: list[str] = []
    with office.manager.store.engines.reader.connect() as connection:
        for table in sorted(inspect(connection).get_table_names()):
            found = connection.exec_driver_sql(f'SELECT * FROM "{table}"')
            rows.extend(repr((table, tuple(row))) for row in found)
    files = {
        str(path.relative_to(office.folder)): sha256(path.read_bytes()).hexdigest()
        for path in office.folder.rglob("*")
        if path.is_file() and path.name not in ("office.db", "office.db-wal", "office.db-shm")
    }
    return sha256(repr(sorted(rows)).encode()).hexdigest(), files


class _Injected(Exception):
    """The failure that a test makes."""


def _try(office: Office, act: Act, fail_at: int) -> tuple[Exception | None, int]:
    """Do the act with its N-th statement failing; gives what came out of it and how many statements ran."""
    statements = 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1
        if statements == fail_at:
            raise _Injected

    writer = office.manager.store.engines.writer
    event.listen(writer, "before_cursor_execute", count)
    try:
        act(office)
    except Exception as error:
        return error, statements
    finally:
        event.remove(writer, "before_cursor_execute", count)
    return None, statements


@pytest.mark.parametrize("door", sorted(ACTS))
def test_a_failed_statement_leaves_nothing(lived_in: Path, tmp_path: Path, door: str) -> None:
    folder = tmp_path / "office"
    shutil.copytree(lived_in, folder)
    prepared, act = ACTS[door]
    office = Office(folder)
    if prepared == "asked":
        _asked(office.with_staff("赵财务"))
    elif prepared == "stick":
        backup_places.add(office.manager, _ten_days(office))
    elif prepared == "closed":
        closes.close(office.manager)
    elif prepared in ("voided", "live"):
        for month in ("2026-06", "2026-05"):
            billing.void(office.manager, month, "重新来")
        if prepared == "live":
            office.set(go_live="2026-07-01")
    elif prepared == "prepaid":
        payments.take(office.manager, "3-1-101", 10_000_000)
    elif prepared == "imported":
        _import(office, "houses", imports.houses)
    elif prepared == "ahead":
        prepay.take(office.manager, "3-1-101", "WY", 12, 1)
    elif prepared == "deposit":
        office.with_item("ZX", "deposit", "500", houses="listed").with_item("KA", "once", "20", houses="listed")
        deposits.take(office.manager, "3-1-101", "ZX")
    elif prepared == "unused":
        payments.take(office.manager, "3-1-102", 10_000_000)
        office.with_item("KA", "once", "20", houses="listed")
        one_off.post(office.manager, "3-1-102", "KA", 2)
    elif prepared == "segment":
        segments.save(office.manager, "houses", "空置", Query(filters=(("state", "vacant"),)))
    elif prepared == "family":
        residents.register(office.manager, "3-1-101", "family", PersonForm("家属", "13800000001"))
    elif prepared == "let":
        parking.lease(office.manager, "B1-15", "leased", "3-1-101", date(2026, 7, 1), date(2026, 8, 31), item="CW")
        vehicles.add(office.manager, "B1-15", "京A54321")
    elif prepared == "left":
        with office.manager.transaction(write=True) as work:
            work.many("person", ("id", "kind", "name", "registered"), [(900, "person", "旧住户", True)])
            (house,) = work.driver("SELECT id FROM house WHERE number = '3-1-0101'").one()
            columns = ("id", "house_id", "person_id", "relation", "position", "valid_to")
            work.many("resident", columns, [(900, house, 900, "tenant", 5, "2020-01-01")])
            work.audit("test.left", "person")
    elif prepared == "file":
        attachments.add(office.manager, "3-1-101", Path(__file__))
    elif prepared == "permit":
        permits.add(office.manager, "3-1-101", FITTING)
    elif prepared == "renting":
        residents.register(office.manager, "3-1-101", "tenant", PersonForm("丁租", "13800000001"))
        tenancies.add(office.manager, "3-1-101", NewTenancy("丁租", date(2026, 7, 1), date(2027, 6, 30)))
    elif prepared == "pet":
        pets.add(office.manager, "3-1-101", PetForm("狗", "豆豆"))
    elif prepared == "prepared":
        handovers.prepare(office.manager, SALE)
    elif prepared == "feast":
        events.add(office.manager, FEAST)
        events.invite(office.manager, "E2026-000001", Query(filters=(("building", "3"),)), each="house")
        with office.manager.transaction(write=True) as work:
            work.driver("DELETE FROM event_guest WHERE person_id = 2")
            work.audit("test.event", "event")
    elif prepared == "main":
        main_meters.add(office.manager, NewMainMeter("Z-1", "总表", "master", "SF"))
    elif prepared == "invoice":
        invoices.ask(office.manager, "S2026-00000001", "样例公司")
    elif prepared == "wechat":
        payments.take(office.manager, "3-1-102", 20_000, "wechat")
    elif prepared == "shared":
        office.with_item("GT", "shared", {"by": "house"})
        shared_costs.add(office.manager, NewCost("GT", "2026-06", Fen(100)))
    elif prepared == "read":
        readings.add(office.manager, "3-1-101", "水", "22", date(2026, 7, 4))
    elif prepared == "banked":
        _import(office, "bank", imports.bank)
        payments.take(office.manager, "3-1-101", 700, "bank", date(2026, 7, 1))
        bank.ignore(office.manager, "Y2026-000003", "利息")
    elif prepared == "month":
        month_close.close(office.manager, "2026-05")
    elif prepared == "alerted":
        watching.keep(Seat.system(office.manager.store), "maintenance")
    before, fail_at = _state(office), 1
    while True:
        error, statements = _try(office, act, fail_at)
        if statements < fail_at:
            break
        assert isinstance(error, _Injected), f"{door}: statement {fail_at}: {error!r}"
        assert _state(office) == before, f"{door}: statement {fail_at} left something"
        fail_at += 1
    assert error is None
    assert fail_at > 2
    assert _state(office) != before
    assert verification.verify(office.manager).ok
    office.close()


def test_every_writing_door_is_tried() -> None:
    writing = {name for name, declared in USE_CASES.items() if declared.audit}
    assert writing - set(ACTS) == set()
