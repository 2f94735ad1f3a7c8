"""分期: the instalments as a grid with proposed equal parts, and a plan that is given up; from dunning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from app.domain.instalments import MOST, Instalment
from app.domain.money import parse_yuan, plain_yuan, yuan
from app.domain.period import add_months
from app.domain.problem import Problem, problem
from app.services import plans
from app.services.plans import STATES, PlanEnded, PlanLine, Planned, PlanPrinted, Proposal
from ui.forms.field import Field, Kind, whole
from ui.pages.dialog import WIDE, Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page
from ui.printers import OTHER


class AgreePlan(Dialog):
    """How many instalments from which day: equal parts stand in the grid, where they may be changed."""

    def __init__(self, page: Page, house: str) -> None:
        self._house, self._key = house, str(uuid4())
        fields = (
            Field("n", "分几期", whole(1, MOST), kind=Kind.NUMBER, unit="期", hint="改了就重新平分"),
            Field("first", "第一期哪天", page.read_day, kind=Kind.DAY, hint="以后每月同一天"),
            Field("parts", "各期", lambda typed: read_parts(typed, page.read_day), kind=Kind.INSTALMENTS),
            Field("signed", "签订日", page.read_day, kind=Kind.DAY),
        )
        about = "各期之和等于逾期本金；履行期间暂停催缴，一期逾期满七天自动恢复。签订即确认债务。"
        super().__init__(page, f"{house} 分期协议", about, fields, "签订并打印", WIDE, columns=2)
        first = add_months(page.today, 1).isoformat()
        self.form.fill({"n": "3", "first": first, "signed": page.today.isoformat()})
        self._asked: tuple[str, str] | None = None
        empty = "填好期数和第一期的日期，这里给出平分的各期。"
        self.live: LiveCard[Proposal] = LiveCard(self, self._ask, self._propose, empty)

    def _ask(self) -> Callable[[], Proposal] | None:
        n, first = self.form.boxes["n"].text().strip(), self.form.boxes["first"].text()
        try:
            day = self.page.read_day(first)
        except Problem:
            return None
        if not n.isdecimal():
            return None
        seat, house = self.page.seat, self._house
        return lambda: plans.propose(seat, house, int(n), day)

    def _propose(self, found: Proposal) -> tuple[str, str]:
        """Equal parts go into the grid when their number or first day changed; what hands wrote there stays."""
        asked = (self.form.boxes["n"].text(), self.form.boxes["first"].text())
        if asked != self._asked:
            self._asked = asked
            words = "，".join(f"{each.due.isoformat()}={plain_yuan(each.amount)}" for each in found.parts)
            self.form.boxes["parts"].put(words)
        fee = f"；违约金 {yuan(found.late_fee_fen)} 元另计，不在协议内" if found.late_fee_fen else ""
        return f"逾期本金 {yuan(found.owed_fen)} 元", f"{found.payer}，{found.charges} 笔{fee}"

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down and show its paper."""
        self.do(lambda: self._agree(values), self._said)

    def _agree(self, values: Mapping[str, Any]) -> Planned:
        seat = self.page.seat
        with seat.once(self._key):
            return plans.add(seat, self._house, values["parts"], values["signed"])

    def _said(self, done: Planned) -> str:
        self.page.show_paper(done.file, OTHER)
        return f"{done.house} 的分期协议 {done.number}：{yuan(done.amount_fen)} 元分 {len(done.parts)} 期，暂停催缴。"


def read_parts(typed: str, read_day: Callable[[str], date]) -> tuple[Instalment, ...]:
    """The instalments of the grid's text. Raises Problem."""
    found = []
    for at, part in enumerate(typed.split("，"), 1):
        due, _, amount = part.partition("=")
        if "？" in part:
            raise problem("plan.part", "第 {n} 期的日期或金额还没有填。", "填好，或去掉这一期。", n=at)
        found.append(Instalment(read_day(due), parse_yuan(amount)))
    return tuple(found)


class EndPlan(Dialog):
    """A plan that is running is given up, or printed again."""

    def __init__(self, page: Page, row: PlanLine) -> None:
        self._row, self._key = row, str(uuid4())
        fields = (
            Field("act", "办什么", choices=(("print", "再打印一份"), ("end", "终止协议"))),
            Field("reason", "终止的原因", optional=True, hint="终止必须写；从明天起照常催缴"),
        )
        following = f"；下一期 {row.next_due} {yuan(row.next_fen)} 元" if row.next_due else ""
        paid = f"已付 {yuan(row.paid_fen)} 元{following}"
        about = f"{row.signed_on} 签订，{STATES[row.state]}，{yuan(row.amount_fen)} 元，{paid}。"
        super().__init__(page, f"{row.house} 分期协议 {row.number}", about, fields, "办理", 520)
        self.form.fill({"act": "print"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Print it, or give it up."""
        if values["act"] == "print":
            self.do(self._print, self._printed)
        else:
            self.do(lambda: self._end(values), lambda done: f"{done.house} 的分期协议 {done.number} 已终止。")

    def _print(self) -> PlanPrinted:
        with self.page.seat.once(self._key):
            return plans.print_again(self.page.seat, self._row.number)

    def _printed(self, done: PlanPrinted) -> str:
        self.page.show_paper(done.file, OTHER)
        return f"分期协议 {done.number} 第 {done.copy} 次打印。"

    def _end(self, values: Mapping[str, Any]) -> PlanEnded:
        with self.page.seat.once(self._key):
            return plans.end(self.page.seat, self._row.house, values["reason"])
