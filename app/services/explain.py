"""费用说明: every charge of a house and a month, derived from tariff and reading to what settled it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.domain.period import Period
from app.security.permissions import Permission
from app.services import explain_charge, look_up, settings
from app.services.arrears import day_of
from app.services.bill_papers import owners, span
from app.services.documents import keep, log_prints, unprintable
from app.services.explain_charge import ExplainedCharge
from app.services.paper_file import put_file
from app.services.receipt_papers import PARTS
from app.services.refused import refuse
from app.services.use_case import use_case
from db.queries import owed
from db.work import Work
from reports.explain import ExplainPaper, ExplainSection


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every charge of a house (and of the spaces billed with it) that serves a month, as of a day."""

    house: str
    period: str
    as_of: date
    charges: tuple[ExplainedCharge, ...]


@dataclass(frozen=True, slots=True)
class ExplanationPrinted:
    """An explanation, and the sheet that shows it; `warnings` are sentences."""

    explanation: Explanation
    file: Path
    pages: int
    warnings: tuple[str, ...]


@use_case(Permission.SEE_MONEY)
def explain(work: Work, number: str, period: str, as_of: date | None = None) -> Explanation:
    """How each charge of a house arose that serves a month, late fees to `as_of` (default today).

    Raises Refused `unknown_house`, `future_day`, `nothing_charged`.
    """
    return _explain(work, number, period, as_of)


@use_case(Permission.SEE_MONEY, audit="explanation.printed")
def print_explanation(
    work: Work, number: str, period: str, target: Path, as_of: date | None = None
) -> ExplanationPrinted:
    """The same on paper; what was handed out is kept and audited."""
    found = _explain(work, number, period, as_of)
    values = _paper(work, found)
    (document,) = keep(work, "explanation", [(found.house, values)])
    log_prints(work, [document])
    from reports import explain as sheet

    made = put_file(work, target, lambda path: sheet.write(path, values))
    work.audit("explanation.printed", "document", document, detail={"house": found.house, "period": found.period})
    return ExplanationPrinted(found, target, made.pages, unprintable(made.missing))


def _explain(work: Work, number: str, period: str, as_of: date | None) -> Explanation:
    month, day = Period.parse(period), day_of(work, as_of)
    house = look_up.house(work, number)
    found = explain_charge.charges(work, owed.group(work.connection, house.id), month, day)
    if not found:
        raise refuse(
            "nothing_charged",
            "{house} 在 {period} 没有应收的费用。",
            "请核对账期；还没有出账的，出账后再看。",
            house=house.number,
            period=str(month),
            field="period",
        )
    return Explanation(house.number, str(month), day, found)


def _paper(work: Work, found: Explanation) -> ExplainPaper:
    said = settings.values(work)
    house = look_up.house(work, found.house)
    payer = look_up.payer_on(work, house.id, work.today)
    return ExplainPaper(
        found.house,
        owners(work, [(house.id, payer)])[house.id, payer] if payer is not None else "",
        found.period,
        found.as_of.isoformat(),
        work.today.isoformat(),
        said["letterhead"],
        said["office_name"],
        said["telephone"],
        tuple(
            ExplainSection(
                charge.item_name + PARTS.get(charge.part, "")
                + ("" if charge.house == found.house else f" {charge.house}"),
                span(charge.first, charge.last),
                charge.fen,
                charge.open,
                tuple((sentence.label, sentence.text) for sentence in charge.sentences),
            )
            for charge in found.charges
        ),
        sum(charge.open for charge in found.charges),
        sum(charge.late_fee for charge in found.charges),
    )  # fmt: skip
