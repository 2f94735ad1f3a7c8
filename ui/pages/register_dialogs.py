"""The register out to Excel and as empty workbooks; what is held about somebody, for him; who is forgotten after his
time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.services import person_data, register_export, retention
from app.services.person_data import PersonData
from app.services.register_export import TEMPLATE_KINDS, RegisterExported
from app.services.retention import Anonymised, Proposal
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind
from ui.forms.parts import text
from ui.pages.dialog import WIDE, Dialog
from ui.pages.list_page import ListPage
from ui.pages.page import Page
from ui.printers import OTHER

FORMATS = (("pdf", "PDF，打印给本人"), ("json", "JSON，转到别处"))
SHOWN = 8


class ExportRegister(Dialog):
    """资料导出: everything the import of houses takes, to be edited and brought in again."""

    def __init__(self, page: ListPage) -> None:
        self._ask = page.ask_target
        fields = (Field("purpose", "用途", hint="如 年度核对、交财务；记进审计"),)
        about = "房屋、住户、车位各一张表，改好后用“导入”读回，只有改动过的才会变。电话是完整的，用完请删掉。"
        super().__init__(page, "资料导出到 Excel", about, fields, "导出")
        self._key = str(uuid4())

    def act(self, values: Mapping[str, Any]) -> None:
        """Ask where, write it."""
        seat, target = self.page.seat, self._ask(f"资料_{self.page.today.isoformat()}.xlsx")
        if target is None:
            return

        def export() -> RegisterExported:
            with seat.once(self._key):
                return register_export.export(seat, values["purpose"], target)

        self.do(export, self._said)

    @staticmethod
    def _said(done: RegisterExported) -> str:
        counted = f"{done.houses} 户 {done.people} 人 {done.spaces} 个车位"
        return f"{counted}已导出：{done.file.name}。" + "".join(done.warnings)


class WriteTemplate(Dialog):
    """空白模板: an empty workbook with lists to choose from and a row to look at."""

    def __init__(self, page: ListPage) -> None:
        fields = (Field("kind", "哪一种", choices=tuple(TEMPLATE_KINDS.items())),)
        about = "有下拉列表和每列的说明；灰色的示例行导入时不算。"
        self._ask = page.ask_target
        super().__init__(page, "空白模板", about, fields, "保存")
        self.form.fill({"kind": next(iter(TEMPLATE_KINDS))})

    def act(self, values: Mapping[str, Any]) -> None:
        """Ask where, write it."""
        title = TEMPLATE_KINDS[values["kind"]]
        if (target := self._ask(f"{title}模板.xlsx")) is not None:
            self.do(lambda: register_export.write_template(values["kind"], target), lambda done: f"已保存：{done.name}")


class CopyPerson(Dialog):
    """个人信息副本: all that is held about somebody, for him (个人信息保护法 art. 45)."""

    def __init__(self, page: Page, name: str, house: str) -> None:
        fields = (
            Field("format", "给他什么", choices=FORMATS),
            Field("purpose", "用途", hint="如 本人书面申请；记进审计"),
        )
        about = "登记的资料、房屋、付款、车位、车辆、存档文书和谁看过。只交给本人。"
        super().__init__(page, f"{name} 的个人信息副本", about, fields, "导出")
        self._name, self._house, self._key = name, house, str(uuid4())
        self.form.fill({"format": "pdf"})
        self.form.boxes["purpose"].setFocus()

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it; a PDF is shown."""
        seat, suffix = self.page.seat, values["format"]
        target = seat.store.paths.out / f"个人信息-{self._house}-{self.page.today.isoformat()}.{suffix}"

        def copy() -> PersonData:
            with seat.once(self._key):
                return person_data.copy(seat, self._name, self._house, values["purpose"], target)

        self.do(copy, self._said)

    def _said(self, done: PersonData) -> str:
        if done.file.suffix == ".pdf":
            self.page.show_paper(done.file, OTHER)
        return f"{done.name} 的个人信息 {done.entries} 项已写入 {done.file.name}。" + "".join(done.warnings)


class Forget(Dialog):
    """留存期满: who left long ago; one of them is anonymised once a manager approved."""

    def __init__(self, page: Page, due: Sequence[Proposal]) -> None:
        self._due = due
        choices = [(str(at), f"{each.name}　{each.house}　{each.last} 离开") for at, each in enumerate(due)]
        fields = (
            Field("who", f"哪一位（共 {len(due)} 位）", int, choices=choices),
            Field("reason", "原因", hint="如 留存期满"),
            Field("second", "批准人", optional=True, hint="要经理批准；留空则提交申请"),
            Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
        )
        about = "姓名、号码和标签永远去掉，存档文书里的也换掉；账目和收据不变。不能恢复。"
        super().__init__(page, "留存期满", about, fields, "匿名", WIDE, danger=True)
        self._key = str(uuid4())
        self.form.fill({"who": "0", "reason": "留存期满"})
        if len(due) > SHOWN:
            self.body.addWidget(text("最早离开的排在前面，一次办一位。", "second", wrap=True))

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        self.do(lambda: self._forget(values), self._said)

    def _forget(self, values: Mapping[str, Any]) -> Anonymised | Waiting:
        seat, second, who = self.page.seat, self.second(values), self._due[values["who"]]
        with seat.once(self._key):
            return retention.anonymise(seat, who.name, who.house, values["reason"], second=second)

    @staticmethod
    def _said(done: Anonymised | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"匿名申请 {done.request} 已提交，等经理批准。"
        also = f"{done.documents} 份存档文书、{done.texts} 处文字里的姓名和号码一起换掉"
        return f"{done.house} 的一位旧住户已匿名，{also}。"
