"""What stands in the head of each page, for each role: exactly what it may do there."""

from __future__ import annotations

import pytest

from tests.builders import Office
from tests.ui.windows import Desk
from ui.forms.hint_button import HintButton

NEUTRAL = {"导出", "返回", "刷新", "重新计算", "缩小", "放大", "用别的程序打开", "另存为", "打印", "标为看过",
           "以后再说，去工作台", "上一步", "账龄表 Excel", "导出给财务…", "导出预览"}  # fmt: skip
"""What only looks, leaves the page or marks one's own alerts as read."""
MONEY = {"counter": {"更多", "红冲 / 补打", "日结"}}
BILLS = {
    "billing": {"打印账单", "月末", "过账 2 户…"},
    "bills": {"打印选中账单", "财务"},
    "dunning": {"今天没有要发的"},
    "tariffs": {"提交审批", "整体调整…"},
    "readings": {"导入…", "保存", "完成本批", "更多"},
}
ENGINEER = {"equipment": {"导入…", "登记设备"}, "readings": {"导入…", "保存", "完成本批", "更多"}}
REGISTER = {
    "houses": {"导入…", "成批", "新建房屋"},
    "parking": {"导入…", "登记使用"},
    "residents": {"导入…", "更多", "登记住户"},
}
ADMINISTRATOR = {"office": {"测试恢复密钥…", "立即备份"}, "trail": {"新建用户"}}
ACTIONS: dict[str, dict[str, set[str]]] = {
    "李收费": MONEY,
    "赵财务": {**MONEY, **BILLS},
    "钱客服": REGISTER,
    "孙工程": ENGINEER,
    "周经理": {**MONEY, **BILLS, **ENGINEER, **REGISTER},
    "吴管理": ADMINISTRATOR,
    "郑审计": {},
    "王经理": {**MONEY, **BILLS, **ENGINEER, **REGISTER, **ADMINISTRATOR},
}


@pytest.mark.parametrize("login", sorted(ACTIONS))
def test_each_role_finds_exactly_its_actions(desk: Desk, office: Office, login: str) -> None:
    shell = desk.log_in_billed(office, login)
    found: dict[str, set[str]] = {}
    for key in shell.keys:
        shell.go(key)
        desk.quiet()
        page = shell.page
        assert page is not None
        shown = {one.text() for one in page.head.findChildren(HintButton) if one.isVisible()} - NEUTRAL
        if shown:
            found[key] = shown
    assert found == ACTIONS[login]


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("吴管理", "搜索页面、操作"),
        ("孙工程", "搜索房号、设备"),
        ("李收费", "搜索房号、姓名、电话、车牌、票号"),
        ("周经理", "搜索房号、姓名、电话、车牌、票号、设备"),
    ],
)
def test_the_search_names_what_it_finds_for_each_role(desk: Desk, office: Office, login: str, words: str) -> None:
    office.with_staff(login)
    assert desk.log_in(login).topbar.field.accessibleName() == words
