"""Walks over the doors: each names its permission, and each refuses every role that lacks it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import app.services
from app.security.permissions import ACTS, ROLE_PERMISSIONS, ROLE_TITLES, Permission, permissions_of
from app.services.entrance import ENTRANCES
from app.services.refused import NotAllowed
from app.services.seat import Seat
from app.services.two_persons import PERFORM
from app.services.use_case import USE_CASES
from db.work import Work
from tests.builders import Office

MACHINERY = {
    "answers", "backup_file", "keys_change", "look_up", "late_fees", "numbers", "opening", "paper_file", "projections",
    "projection_check", "refused", "restore_marker", "schema", "seat", "set_off", "store", "two_persons", "use_case",
    "bill_papers", "receipt_papers", "billing_plan", "billing_amounts", "billing_items", "billing_shares",
    "billing_line", "billing_payers", "billing_prices", "import_changes",
    "import_people", "import_register", "import_masking", "import_differences",
    "import_fees", "import_meters", "import_opening", "import_equipment", "import_payments",
    "payment_debts", "import_bank", "import_history", "bank_payments", "equipment_presets", "maintenance_tasks",
    "maintenance_plans", "equipment_alerts", "equipment_details", "error_log", "documents", "dun_plan",
    "dun_papers", "dun_record", "dun_todo", "list_face", "list_search", "list_export", "listing", "gathered", "moments",
    "billing_choice", "price_words", "pc_clock", "purse", "person_form", "billing_discounts", "billing_ahead",
    "charge_lines",
    "plan_holds", "settle_plan", "billing_cut", "taking_over", "change_of_payer", "progress", "explain_charge",
    "explain_words", "space_payer", "space_handover", "buildings", "person_initials", "search_index", "house_rows",
    "house_states", "forgetting",
}  # fmt: skip
"""Modules that bodies of use cases are made of; nothing in them can be called with a seat."""


def _modules() -> list[ModuleType]:
    names = [info.name for info in pkgutil.walk_packages(app.services.__path__, "app.services.")]
    return [importlib.import_module(name) for name in names]


_modules()
"""All doors stand in USE_CASES, whichever of these tests runs first."""


def _public(module: ModuleType) -> list[tuple[str, object]]:
    found = inspect.getmembers(module, inspect.isfunction)
    return [(name, f) for name, f in found if f.__module__ == module.__name__ and not name.startswith("_")]


def test_every_public_service_function_names_a_permission() -> None:
    """A function is a door (in USE_CASES or ENTRANCES) or a piece for bodies, which takes a Work and no Seat."""
    undeclared = []
    for module in _modules():
        if module.__name__.removeprefix("app.services.").split(".")[-1] in MACHINERY:
            continue
        for name, function in _public(module):
            full = f"{module.__name__}.{name}"
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if full in USE_CASES or full in ENTRANCES or name in ("use_case", "entrance"):
                continue
            if first is None or first.annotation != "Work":
                undeclared.append(full)
    assert undeclared == []


def test_pieces_for_bodies_cannot_be_called_with_a_seat() -> None:
    for module in _modules():
        for name, function in _public(module):
            if f"{module.__name__}.{name}" in USE_CASES:
                continue
            annotations = [p.annotation for p in inspect.signature(function).parameters.values()]
            if "Seat" in annotations:
                assert f"{module.__name__}.{name}" in ENTRANCES, name


def test_there_are_doors() -> None:
    assert len(USE_CASES) > 30
    assert all(isinstance(declared.permission, Permission) for declared in USE_CASES.values())


def test_every_writing_door_audits_and_every_act_can_be_performed() -> None:
    assert set(PERFORM) <= set(ACTS)
    for name in ("app.services.payments.take", "app.services.billing.post", "app.services.receipts.void"):
        assert USE_CASES[name].audit


def test_every_role_has_a_title_and_permissions() -> None:
    assert set(ROLE_TITLES) == set(ROLE_PERMISSIONS)


def _door(full: str) -> object:
    module, name = full.rsplit(".", 1)
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("role", sorted(ROLE_TITLES))
def test_every_use_case_refuses_who_may_not(office: Office, role: str) -> None:
    """A seat without the permission is refused before anything else is looked at, and the refusal is recorded."""
    seat = Seat.of(office.manager.store, office.manager.user_id, "x", frozenset({role}))
    allowed = permissions_of({role})
    before = office.sql("SELECT count(*) FROM audit WHERE action = 'permission.refused'")[0][0]
    refused = 0
    for full, declared in USE_CASES.items():
        if declared.permission in allowed:
            continue
        function = _door(full)
        parameters = list(inspect.signature(function).parameters.values())[1:]  # type: ignore[arg-type]
        needed = [None for p in parameters if p.default is p.empty and p.kind is not p.KEYWORD_ONLY]
        with pytest.raises(NotAllowed):
            function(seat, *needed)  # type: ignore[operator]
        refused += 1
    after = office.sql("SELECT count(*) FROM audit WHERE action = 'permission.refused'")[0][0]
    assert after - before == refused
    assert refused or role == "manager"


TABLE = {
    "app.services.payments.take": {"cashier", "accountant", "manager"},
    "app.services.receipts.void": {"cashier", "accountant", "manager"},
    "app.services.receipts.reverse": {"cashier", "accountant", "manager"},
    "app.services.printing.print_receipt": {"cashier", "accountant", "manager"},
    "app.services.shifts.begin": {"cashier", "accountant", "manager"},
    "app.services.closes.close": {"cashier", "accountant", "manager"},
    "app.services.closes.print_again": {"cashier", "accountant", "manager"},
    "app.services.month_close.close": {"accountant", "manager"},
    "app.services.month_close.reopen": {"accountant", "manager"},
    "app.services.month_close.listing": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.bank.match": {"accountant", "manager"},
    "app.services.bank.book_line": {"accountant", "manager"},
    "app.services.bank.ignore": {"accountant", "manager"},
    "app.services.bank.listing": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.finance_export.export": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.vouchers.export": {"accountant", "manager"},
    "app.services.vouchers.listing": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.voucher_accounts.change": {"accountant", "manager"},
    "app.services.proofs.issue": {"cashier", "accountant", "manager"},
    "app.services.tariffs.add": {"accountant", "manager"},
    "app.services.fees.add": {"accountant", "manager"},
    "app.services.tariff_copy.copy": {"accountant", "manager"},
    "app.services.rebooking.rebook": {"cashier", "accountant", "manager"},
    "app.services.adjustments.adjust": {"cashier", "accountant", "front_desk", "manager"},
    "app.services.discounts.add": {"cashier", "accountant", "front_desk", "manager"},
    "app.services.discounts.end": {"cashier", "accountant", "front_desk", "manager"},
    "app.services.discounts.listing": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.prepay.take": {"cashier", "accountant", "manager"},
    "app.services.prepay_ending.end": {"accountant", "manager"},
    "app.services.prepay.rehearse": {"cashier", "accountant", "manager"},
    "app.services.disputes.add": {"accountant", "manager", "front_desk"},
    "app.services.disputes.end": {"accountant", "manager", "front_desk"},
    "app.services.disputes.listing": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.plans.add": {"accountant", "manager"},
    "app.services.plans.end": {"accountant", "manager"},
    "app.services.plans.listing": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.settlement.settle": {"accountant", "manager"},
    "app.services.settlement.rehearse": {"accountant", "manager"},
    "app.services.handovers.prepare": {"front_desk", "manager"},
    "app.services.handovers.drop": {"front_desk", "manager"},
    "app.services.handovers.start": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.handovers.waiting": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.cost_notice.publish": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.house_change.add": {"front_desk", "manager"},
    "app.services.house_change.change": {"front_desk", "manager"},
    "app.services.house_change.set_state": {"front_desk", "manager"},
    "app.services.house_change.edit": {"front_desk", "manager"},
    "app.services.house_batch.make": {"front_desk", "manager"},
    "app.services.attachments.add": {"front_desk", "manager"},
    "app.services.attachments.drop": {"front_desk", "manager"},
    "app.services.attachments.take_out": {"front_desk", "manager"},
    "app.services.permits.add": {"front_desk", "manager"},
    "app.services.permits.extend": {"front_desk", "manager"},
    "app.services.permits.close": {"front_desk", "manager"},
    "app.services.renumbering.renumber": {"front_desk", "manager"},
    "app.services.house_splits.replace": {"front_desk", "manager"},
    "app.services.refunds.refund": {"cashier", "accountant", "manager"},
    "app.services.deposits.take": {"cashier", "accountant", "manager"},
    "app.services.deposits.give_back": {"cashier", "accountant", "manager"},
    "app.services.one_off.post": {"cashier", "accountant", "manager"},
    "app.services.shared_costs.add": {"accountant", "manager"},
    "app.services.shared_costs.drop": {"accountant", "manager"},
    "app.services.fee_rules.change": {"accountant", "manager"},
    "app.services.import_undo.undo": {"front_desk", "manager"},
    "app.services.estates.add": {"accountant", "manager", "administrator"},
    "app.services.estates.rename": {"accountant", "manager", "administrator"},
    "app.services.fees.assign": {"accountant", "manager"},
    "app.services.billing.post": {"accountant", "manager"},
    "app.services.billing.void": {"accountant", "manager"},
    "app.services.printing.print_bills": {"accountant", "manager"},
    "app.services.printing.print_chosen": {"accountant", "manager"},
    "app.services.readings.add": {"engineering", "manager", "accountant"},
    "app.services.readings.change_meter": {"engineering", "manager", "accountant"},
    "app.services.readings.correct": {"engineering", "manager", "accountant"},
    "app.services.statements.statement": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.arrears.arrears": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.ledger_file.export": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.explain.explain": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.explain.print_explanation": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.dun_board.board": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.dun_letter.show": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.dunning.run": {"accountant", "manager"},
    "app.services.dun_contacts.serve": {"accountant", "manager"},
    "app.services.dun_contacts.talk": {"accountant", "manager", "front_desk"},
    "app.services.users.add": {"administrator"},
    "app.services.users.disable": {"administrator"},
    "app.services.users.set_roles": {"administrator"},
    "app.services.user_list.staff": {"auditor", "manager", "administrator"},
    "app.services.rights.table": {"auditor", "manager", "administrator"},
    "app.services.settings.change_several": {"accountant", "manager", "administrator"},
    "app.services.settings.sheet": set(ROLE_TITLES),
    "app.services.backup_list.standing": {"auditor", "manager", "administrator"},
    "app.services.backup_places.add": {"administrator"},
    "app.services.backup_places.remove": {"administrator"},
    "app.services.backups.keep_verified": {"administrator"},
    "app.services.backups.create": {"administrator"},
    "app.services.verification.verify": {"auditor", "manager", "administrator"},
    "app.services.retention.proposals": {"front_desk", "manager"},
    "app.services.retention.anonymise": {"front_desk", "manager"},
    "app.services.person_data.copy": {"manager"},
    "app.services.register_export.export": {"front_desk", "manager"},
    "app.services.emergency.print_list": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.door_papers.labels": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.door_papers.slips": {
        "cashier",
        "accountant",
        "front_desk",
        "engineering",
        "manager",
        "auditor",
    },
    "app.services.household.show": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.household.set_share": {"front_desk", "manager"},
    "app.services.household.count_heads": {"front_desk", "manager"},
    "app.services.tenancies.add": {"front_desk", "manager"},
    "app.services.tenancies.end": {"front_desk", "manager"},
    "app.services.pets.add": {"front_desk", "manager"},
    "app.services.pets.change": {"front_desk", "manager"},
    "app.services.pets.drop": {"front_desk", "manager"},
    "app.services.events.add": {"front_desk", "manager"},
    "app.services.events.change": {"front_desk", "manager"},
    "app.services.events.invite": {"front_desk", "manager"},
    "app.services.events.reply": {"front_desk", "manager"},
    "app.services.events.attend": {"front_desk", "manager"},
    "app.services.events.end": {"front_desk", "manager"},
    "app.services.events.cancel": {"front_desk", "manager"},
    "app.services.events.show": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.events.guests": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.event_list.keys": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.event_papers.invitations": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.event_papers.sign_in_sheet": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.parking.lease": {"front_desk", "manager"},
    "app.services.parking.end": {"front_desk", "manager"},
    "app.services.parking.listing": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.vehicles.add": {"front_desk", "manager"},
    "app.services.vehicles.change": {"front_desk", "manager"},
    "app.services.vehicles.end": {"front_desk", "manager"},
    "app.services.vehicles.find": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.vehicles.of_house": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.space_list.keys": {"cashier", "accountant", "front_desk", "manager", "auditor"},
    "app.services.equipment.listing": {"engineering", "manager", "front_desk", "auditor"},
    "app.services.equipment.add": {"engineering", "manager"},
    "app.services.maintenance.add_plan": {"engineering", "manager"},
    "app.services.maintenance.complete": {"engineering", "manager"},
    "app.services.imports.equipment": {"engineering", "manager"},
    "app.services.alerts.listing": set(ROLE_TITLES),
    "app.services.watching.keep": set(),
    "app.services.proposals.propose_bills": set(),
    "app.services.job_runs.record": set(),
}
"""DESIGN §1's table, for the doors that exist."""


@pytest.mark.parametrize("door", sorted(TABLE))
def test_the_table_of_rights(door: str) -> None:
    may = {role for role in ROLE_TITLES if USE_CASES[door].permission in ROLE_PERMISSIONS[role]}
    assert may == TABLE[door]


def test_the_auditor_writes_nothing_and_the_administrator_sees_no_money() -> None:
    """What is printed, exported or looked at is read; it is recorded all the same."""
    read = {"list.exported", "resident.revealed", "emergency.printed", "labels.printed", "slips.printed",
            "event.slips", "event.sheet"}  # fmt: skip
    writing = {declared.permission for declared in USE_CASES.values() if declared.audit and declared.audit not in read}
    assert not (ROLE_PERMISSIONS["auditor"] & (writing - {Permission.LOG_IN, Permission.SEE_MONEY}))
    assert Permission.SEE_MONEY not in ROLE_PERMISSIONS["administrator"]
    assert Permission.SEE_RESIDENTS not in ROLE_PERMISSIONS["administrator"]


def test_bodies_take_a_work() -> None:
    for full in USE_CASES:
        body = _door(full).__wrapped__  # type: ignore[attr-defined]
        assert next(iter(inspect.signature(body).parameters.values())).annotation in ("Work", Work)
