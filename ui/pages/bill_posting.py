"""Posting a reviewed month and printing its bills: one question, one key a review, one background write."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from app.domain.money import yuan
from app.services import billing, printing
from app.services.billing import RunAnswer
from app.services.billing_review import Review
from app.services.printing import BillsPrinted
from app.services.progress import Progress
from ui.forms.confirm import Confirm
from ui.pages.page import Page
from ui.printers import BILL
from ui.workers.topic import Topic


class BillPosting:
    """Of a page; `posted` hears what came of it."""

    def __init__(self, page: Page, posted: Callable[[RunAnswer], None]) -> None:
        self._page, self._posted = page, posted
        self._posting, self._printing = Topic(), Topic()
        self.review: Review | None = None
        self._key = ""

    def look(self, review: Review) -> None:
        """This is what would be posted; a new look is a new posting."""
        self.review, self._key = review, str(uuid4())

    def ask(self) -> None:
        """Ask with the number of houses and the sum, then post."""
        review = self.review
        if review is None or not review.lines:
            return
        words = review.plan.chosen.words
        only = f"只出 {words}。" if words else ""
        asked = Confirm(
            self._page.area,
            f"过账 {review.month}：{review.bills} 户，{yuan(review.fen)} 元？",
            f"{only}生成 {review.lines} 笔应收。过账以后不能删除，有错要整月作废重出，或逐笔更正。",
            f"过账 {review.bills} 户",
            "不过账",
            danger=False,
        )
        asked.answered.connect(lambda yes: self._post(review) if yes else None)

    def _post(self, review: Review) -> None:
        seat, key = self._page.seat, self._key

        def post(progress: Progress) -> RunAnswer:
            with seat.once(key):
                return billing.post(
                    seat, review.month, review.on, review.plan.chosen, plan=review.plan, progress=progress
                )

        self._page.run(post, topic=self._posting, done=self._posted, writes=True, what=f"{review.month} 出账过账")

    def print_month(self, month: str) -> None:
        """Print the bills of a posted month and show them."""
        seat = self._page.seat
        target = seat.store.paths.out / f"bills-{month}.pdf"
        self._page.run(
            lambda _: printing.print_bills(seat, month, target),
            topic=self._printing,
            done=self._printed,
            writes=True,
            what=f"{month} 账单打印",
        )

    def _printed(self, done: BillsPrinted) -> None:
        warning = "；".join(done.warnings)
        self._page.said.emit(f"{done.period} 账单 {done.bills} 张，{done.pages} 页{warning}")
        self._page.show_paper(done.file, BILL)
