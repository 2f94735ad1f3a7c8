"""Pictures of what is kept of houses, people, cars and equipment, and of workbooks that bring them in."""

from __future__ import annotations

from pathlib import Path

from tools.picture_book.hands import (
    Hands,
    NotThere,
    Scene,
    Shot,
    Step,
    choose,
    drop_down,
    find,
    go,
    on,
    press,
    submit,
    tab,
    view,
)  # fmt: skip
from tools.picture_book.office import DESK, ENGINEER, MANAGER, OWING, PAID, PARTY
from ui.forms.confirm import Confirm
from ui.pages.discount_dialogs import EndDiscount, GiveDiscount
from ui.pages.dispute_dialog import Contest
from ui.pages.emergency_dialog import PrintEmergency
from ui.pages.equipment_dialogs import AddEquipment, AddPlan, ChangeEquipment, CompleteTask
from ui.pages.estate_dialog import Estates
from ui.pages.event_desk import GuestDesk
from ui.pages.event_dialogs import CancelEvent, ChangeEvent, InviteGroup, InviteListed, NewEvent, WalkIn
from ui.pages.explaining import Explain
from ui.pages.house_dialogs import GiveItem, HandStatement, IssueProof
from ui.pages.house_files import HouseFiles
from ui.pages.house_forms import ChangeHouse, ChangeState, EditHouses, MakeHouses, NewHouse
from ui.pages.house_lived import LivedThere
from ui.pages.house_moves import Renumber, ReplaceHouses
from ui.pages.household_dialogs import AddTenancy, CountHeads, DropPet, EditPet, EndTenancy, SetShare
from ui.pages.houses import HousesPage
from ui.pages.importing import ImportPage
from ui.pages.paper_dialogs import PrintLabels, PrintSlips
from ui.pages.parking_dialogs import AddVehicle, ChangeVehicle, EndLease, EndVehicle, LeaseSpace
from ui.pages.permit_dialogs import ClosePermit, ExtendPermit, GivePermit
from ui.pages.register_dialogs import CopyPerson, ExportRegister, Forget, WriteTemplate
from ui.pages.resident_dialogs import ChangePerson, MergePeople, MoveOut, RegisterPerson, RevealNumber
from ui.pages.residents import HOUSEHOLD, ResidentsPage
from ui.pages.saved_filters import ComposeFilter, SaveFilter
from ui.pages.settle_dialog import HandOver, SettleHouse, SettleMoney

BASIC, PEOPLE, ACCOUNT, PAST = range(4)


def several(page: HousesPage) -> None:
    """Three houses ticked."""
    page.view.body.model.selected = set(page.view.body.model.keys[:3])


def none_ticked(page: HousesPage) -> None:
    """Nothing ticked any more."""
    page.view.body.model.selected = set()


def keep_filter(hands: Hands) -> None:
    """What the button of saved filters offers when something is asked."""
    page = hands.page
    assert isinstance(page, HousesPage)
    saved = page.saved[0]
    menu = saved.fill(page.view.body.filters.saved, ())
    next(one for one in menu.actions() if one.text().startswith("存下")).trigger()


def columns_menu(page: HousesPage) -> None:
    """The chooser of columns."""
    page.view.body.filters.columns.click()


def workbook(name: str) -> Step:
    """A workbook of the sample is chosen; with a line that cannot be where the name says so."""

    def step(page: ImportPage) -> None:
        page.panel.read(page.seat.store.paths.out / name)

    return on(ImportPage, step)


def bad_workbook(page: ImportPage) -> None:
    """Houses of which one has no area that can be read."""
    file = Path(page.seat.store.paths.out) / "坏的房屋.csv"
    file.write_text(
        "房号,建筑面积,业主姓名,手机号\n3-1-0402,89.5,张三,13900000001\n3-1-0502,很大,李四,1390000\n", encoding="utf-8"
    )
    page.panel.read(file)


def changed_workbook(page: ImportPage) -> None:
    """Houses that are known, with other layouts and areas."""
    file = Path(page.seat.store.paths.out) / "改过的房屋.csv"
    file.write_text("房号,户型,建筑面积\n1-1-0102,三室一厅,90.1\n1-1-0101,四室两厅,120\n", encoding="utf-8")
    page.panel.read(file)


def settle_on(hands: Hands) -> None:
    """The settlement goes on to what is handed over."""
    over = hands.overlays[-1]
    if not isinstance(over, SettleHouse):
        raise NotThere("结算没有打开")
    over.form.boxes["follower"].put("欧阳新主")
    for name, box in over.form.boxes.items():
        if name.startswith("meter") and not box.text():
            box.put("9999")
    over.form.submit()


def compose(page: HousesPage | ResidentsPage) -> None:
    """All conditions of the list together."""
    page.compose()


def the_desk(page: ResidentsPage) -> None:
    """The guests of the event in front."""
    page.events.desk()


def uninvited(hands: Hands) -> None:
    """From the guests on to somebody whom nobody asked."""
    over = hands.overlays[-1]
    if not isinstance(over, GuestDesk):
        raise NotThere("来宾没有打开")
    over.finish()
    over.uninvited.emit()


def at_the_door(words: str) -> Step:
    """Somebody is looked for among the guests and signed in."""

    def step(hands: Hands) -> None:
        over = hands.overlays[-1]
        if not isinstance(over, GuestDesk):
            raise NotThere("来宾没有打开")
        over.search.setText(words)
        over.enter()

    return step


HOUSES = Scene(
    MANAGER,
    "houses",
    (
        Shot("houses", (find(), tab(ACCOUNT))),
        Shot("houses-basic", (find(OWING), tab(BASIC))),
        Shot("houses-people", (find(OWING), tab(PEOPLE))),
        Shot("houses-account", (find(OWING), tab(ACCOUNT))),
        Shot("houses-past", (find(OWING), tab(PAST))),
        Shot("houses-none", (find("没有这样的房屋"),)),
        Shot("houses-columns", (find(), on(HousesPage, columns_menu))),
        Shot("houses-batch-menu", (drop_down("成批"),)),
        Shot("houses-paper-menu", (drop_down("打印"),)),
        Shot("house-new", (press("新建房屋"),), (NewHouse,)),
        Shot("house-new-wrong", (press("新建房屋"), submit), (NewHouse,)),
        Shot("house-batch", (press("按楼层批量生成"),), (MakeHouses,)),
        Shot("house-estates", (press("小区设置"),), (Estates,)),
        Shot("house-edit", (on(HousesPage, several), press("成批修改")), (EditHouses,)),
        Shot("house-emergency", (on(HousesPage, none_ticked), press("应急名单")), (PrintEmergency,)),
        Shot("house-labels", (press("地址标签"),), (PrintLabels,)),
        Shot("house-slips", (press("门条"),), (PrintSlips,)),
        Shot("house-lived", (find(OWING), tab(PEOPLE), press("某天谁住在这里")), (LivedThere,)),
        Shot("house-change", (find(OWING), tab(BASIC), press("修改")), (ChangeHouse,)),
        Shot("house-state", (find(OWING), press("改状态")), (ChangeState,)),
        Shot("house-renumber", (find(OWING), press("改房号")), (Renumber,)),
        Shot("house-split", (find(OWING), press("拆分、合并")), (ReplaceHouses,)),
        Shot("house-files", (find(OWING), press("照片和文件")), (HouseFiles,)),
        Shot("house-item", (find(OWING), press("加收费项目")), (GiveItem,)),
        Shot("house-discount", (find(OWING), press("打折")), (GiveDiscount,)),
        Shot("house-discount-end", (find(OWING), press("结束折扣")), (EndDiscount,)),
        Shot("house-permit", (find(PAID), press("登记装修许可")), (GivePermit,)),
        Shot("house-permit-extend", (find(OWING), press("延期")), (ExtendPermit,)),
        Shot("house-permit-close", (find(OWING), press("办结")), (ClosePermit,)),
        Shot("house-statement", (find(OWING), tab(ACCOUNT), press("对账单")), (HandStatement,)),
        Shot("house-explain", (find(OWING), press("费用说明")), (Explain,)),
        Shot("house-proof", (find(PAID), press("缴费证明")), (IssueProof,)),
        Shot("house-dispute", (find(OWING), press("争议")), (Contest,)),
        Shot("house-settle", (find(OWING), press("过户 / 退租结算")), (SettleHouse,)),
        Shot("house-settle-handover", (find(OWING), press("过户 / 退租结算"), settle_on), (HandOver,)),
        Shot("house-settle-money", (find(OWING), press("过户 / 退租结算"), settle_on, submit), (SettleMoney,)),
        Shot("house-filter", (find("3-"), keep_filter), (SaveFilter,)),
        Shot("house-compose", (find(), on(HousesPage, compose)), (ComposeFilter,)),
    ),
    large=True,
)
HOUSES_DESK = Scene(
    DESK,
    "houses",
    (
        Shot("houses-desk", (find(OWING), tab(BASIC))),
        Shot("house-settle-prepare", (find(OWING), press("准备过户 / 退租")), (SettleHouse,)),
        Shot("house-settle-prepare-handover", (find(OWING), press("准备过户 / 退租"), settle_on), (HandOver,)),
    ),
)
HOUSES_ENGINEER = Scene(ENGINEER, "houses", (Shot("houses-engineer", (find(OWING), tab(BASIC))),))
RESIDENTS = Scene(
    MANAGER,
    "residents",
    (
        Shot("residents", (find(OWING), tab(0))),
        Shot("residents-houses", (find(OWING), tab(1))),
        Shot("residents-none", (find("没有这样的人"),)),
        Shot("residents-menu", (find(OWING), drop_down("更多"))),
        Shot("resident-register", (find(OWING), press("登记住户")), (RegisterPerson,)),
        Shot("resident-register-wrong", (find(OWING), press("登记住户"), submit), (RegisterPerson,)),
        Shot("resident-change", (find("程雅熙"), tab(0), press("修改")), (ChangePerson,)),
        Shot("resident-reveal", (find("程雅熙"), press("显示号码")), (RevealNumber,)),
        Shot("resident-out", (find("欧阳小明 3-2"), tab(1), press("迁出")), (MoveOut,)),
        Shot("resident-merge", (press("可能同一人"),), (MergePeople,)),
        Shot("resident-export", (press("资料导出到 Excel"),), (ExportRegister,)),
        Shot("resident-template", (press("空白模板"),), (WriteTemplate,)),
        Shot("resident-copy", (find("程雅熙"), press("个人信息副本")), (CopyPerson,)),
        Shot("resident-forget", (press("留存期满"),), (Forget,)),
        Shot("resident-compose", (find(), on(ResidentsPage, compose)), (ComposeFilter,)),
        Shot("household", (find("欧阳小明 3-2"), tab(HOUSEHOLD))),
        Shot("household-none", (find("4-1-0101"), tab(HOUSEHOLD))),
        Shot("household-share", (find("欧阳小明 3-2"), tab(HOUSEHOLD), press("份额")), (SetShare,)),
        Shot("household-heads", (find("欧阳小明 3-2"), press("登记人数")), (CountHeads,)),
        Shot("household-tenancy", (find("欧阳小明 3-2"), press("登记租约")), (AddTenancy,)),
        Shot("household-tenancy-end", (find("欧阳小明 3-2"), press("改期限")), (EndTenancy,)),
        Shot("household-pet", (find("欧阳小明 3-2"), press("登记宠物")), (EditPet,)),
        Shot("household-pet-end", (find("欧阳小明 3-2"), press("注销")), (DropPet,)),
        Shot("event-invite-listed", (find("3-"), press("邀请到活动")), (InviteListed,)),
    ),
)
EVENTS = Scene(
    MANAGER,
    "residents",
    (
        Shot("events", (view(1), find(PARTY))),
        Shot("events-cancelled", (find("露天电影"),)),
        Shot("event-new", (find(PARTY), press("新活动")), (NewEvent,)),
        Shot("event-change", (find(PARTY), press("修改")), (ChangeEvent,)),
        Shot("event-invite", (find(PARTY), press("邀请住户")), (InviteGroup,)),
        Shot("event-guests", (find(PARTY), on(ResidentsPage, the_desk)), (GuestDesk,)),
        Shot("event-guests-signed", (find(PARTY), on(ResidentsPage, the_desk), at_the_door("3-2-0201")), (GuestDesk,)),
        Shot("event-walk-in", (find(PARTY), on(ResidentsPage, the_desk), uninvited), (WalkIn,)),
        Shot("event-end", (find(PARTY), press("办完了")), (Confirm,)),
        Shot("event-cancel", (find("亲子植树"), press("取消活动")), (CancelEvent,)),
    ),
)
RESIDENTS_DESK = Scene(DESK, "residents", (Shot("residents-desk", (find(OWING), tab(0))),))
PARKING = Scene(
    MANAGER,
    "parking",
    (
        Shot("parking", (find("B2-003"),)),
        Shot("parking-cars", (find("B2-003"), tab(1))),
        Shot("parking-lease", (find("B2-003"), tab(0), press("登记使用")), (LeaseSpace,)),
        Shot("parking-end", (find("B2-003"), press("结束使用")), (EndLease,)),
        Shot("parking-vehicle", (find("B2-003"), press("登记车辆")), (AddVehicle,)),
        Shot("parking-vehicle-change", (find("B2-003"), choose("改车辆")), (ChangeVehicle,)),
        Shot("parking-vehicle-end", (find("B2-003"), choose("不再停放")), (EndVehicle,)),
    ),
)
EQUIPMENT = Scene(
    ENGINEER,
    "equipment",
    (
        Shot("equipment", (view(0), find(), tab(0))),
        Shot("equipment-history", (find(), tab(1))),
        Shot("equipment-tasks", (view(1), find(), tab(0))),
        Shot("equipment-add", (view(0), find(), press("登记设备")), (AddEquipment,)),
        Shot("equipment-complete", (find(), press("登记完成")), (CompleteTask,)),
        Shot("equipment-change", (find(), press("改资料")), (ChangeEquipment,)),
        Shot("equipment-stop", (find(), press("停用")), (Confirm,)),
        Shot("equipment-plan", (find(), press("加任务")), (AddPlan,)),
        Shot("equipment-plan-end", (find(), choose("结束任务")), (Confirm,)),
    ),
)
IMPORT = Scene(
    MANAGER,
    "import",
    (
        Shot("import-empty", (go("import", "houses"),)),
        Shot("import-houses", (go("import", "houses"), workbook("房屋与业主.xlsx"))),
        Shot("import-bad", (go("import", "houses"), on(ImportPage, bad_workbook))),
        Shot("import-changed", (go("import", "houses"), on(ImportPage, changed_workbook))),
        Shot("import-opening", (go("import", "opening"), workbook("期初.xlsx"))),
        Shot("import-bank", (go("import", "bank"), workbook("流水.csv"))),
        Shot("import-undo", (go("import", "houses"), press("撤销上次导入")), (Confirm,)),
    ),
)
SCENES = (
    HOUSES, HOUSES_DESK, HOUSES_ENGINEER, RESIDENTS, EVENTS, RESIDENTS_DESK, PARKING, EQUIPMENT, IMPORT
)  # fmt: skip
