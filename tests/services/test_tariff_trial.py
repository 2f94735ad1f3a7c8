"""A price is tried before it is written."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.problem import Problem
from app.domain.tariff import Scope
from app.services import billing, household, tariff_trial, tariffs
from app.services.refused import NotAllowed, Refused
from app.services.tariffs import TariffAnswer
from tests.builders import Office

JULY = date(2026, 7, 1)


def test_old_against_new_is_what_the_run_then_posts(office: Office) -> None:
    office.with_houses().with_item()
    tried = tariff_trial.trial(office.manager, "WY", JULY, {"price": "2.80"}, Scope.ESTATE, "", "3-1-102")
    assert (tried.house, tried.basis, tried.houses) == ("3-1-0102", "89.20 m²", 2)
    assert (tried.before, tried.after) == (20962, 24976)
    assert (tried.all_before, tried.all_after) == (41924, 49952)
    tariffs.add(office.manager, "WY", JULY, {"price": "2.80"})
    assert billing.post(office.manager, "2026-07").amount_fen == tried.all_after


def test_a_narrower_price_reaches_only_its_houses(office: Office) -> None:
    office.with_houses().with_item()
    tried = tariff_trial.trial(office.manager, "WY", date(2026, 7, 15), {"price": "3"}, Scope.HOUSE, "3-1-102", "")
    assert (tried.house, tried.houses, tried.first) == ("3-1-0102", 1, date(2026, 8, 1))
    other = tariff_trial.trial(office.manager, "WY", JULY, {"price": "3"}, Scope.HOUSE, "3-1-102", "3-1-101")
    assert (other.before, other.after) == (20962, 20962)
    tariffs.add(office.manager, "WY", JULY, {"price": "3"}, Scope.HOUSE, "3-1-102")
    wide = tariff_trial.trial(office.manager, "WY", date(2026, 8, 1), {"price": "2.80"}, Scope.ESTATE, "", "")
    assert (wide.house, wide.houses) == ("3-1-0101", 1)


def test_houses_that_cannot_be_charged_are_counted_and_it_is_said_why(office: Office) -> None:
    office.with_houses().with_item("GS", "formula", None)
    household.count_heads(office.manager, "3-1-0102", 3, date(2026, 1, 1))
    tried = tariff_trial.trial(office.manager, "GS", JULY, {"formula": "人数 * 5"}, Scope.ESTATE, "", "")
    assert (tried.after, tried.why) == (None, "房屋没有登记人数。")
    assert (tried.houses, tried.lacking, tried.all_after) == (2, 1, 1500)


def test_tiers_are_tried_with_a_usage(office: Office) -> None:
    office.with_houses().with_item("SF", "meter", "3.5")
    tiers = {"tiers": [{"up_to": "10", "price": "3"}, {"up_to": None, "price": "5"}], "resets": "month"}
    tried = tariff_trial.trial(office.manager, "SF", JULY, tiers, Scope.ESTATE, "", "", "12")
    assert (tried.basis, tried.before, tried.after) == ("用量 12", 4200, 4000)
    assert (tried.all_before, tried.all_after) == (None, None)


def test_a_day_on_which_a_price_begins_is_named_before_the_price_is_given(office: Office) -> None:
    office.with_houses().with_item()
    tariffs.add(office.manager, "WY", JULY, {"price": "2.80"})
    with pytest.raises(Refused, match="起已经有一个标准"):
        tariff_trial.trial(office.manager, "WY", JULY, {"price": "3"}, Scope.ESTATE, "", "")
    narrower = tariff_trial.trial(office.manager, "WY", JULY, {"price": "3"}, Scope.HOUSE, "3-1-102", "")
    assert narrower.houses == 1


def test_what_does_not_fit_is_refused_and_nothing_is_written(office: Office) -> None:
    office.with_houses().with_item().with_staff("钱客服")
    with pytest.raises((Problem, Refused)):
        tariff_trial.trial(office.manager, "WY", JULY, {"price": "abc"}, Scope.ESTATE, "", "")
    with pytest.raises(Refused):
        tariff_trial.trial(office.manager, "WY", JULY, {"price": "3"}, Scope.ESTATE, "", "9-9-999")
    with pytest.raises(NotAllowed):
        tariff_trial.trial(office.seat("钱客服"), "WY", JULY, {"price": "3"}, Scope.ESTATE, "", "")
    assert office.sql("SELECT COUNT(*) FROM tariff") == [(1,)]


def test_a_price_from_an_earlier_day_says_how_many_charges_stay(office: Office) -> None:
    office.with_houses(("3-1-0101", "3-1-0102")).with_item().bill("2026-07")
    late = tariffs.add(office.manager, "WY", date(2026, 7, 16), {"price": "2.5"}, reason="补批")
    later = tariffs.add(office.manager, "WY", date(2026, 8, 1), {"price": "2.6"}, reason="下月起")
    assert isinstance(late, TariffAnswer)
    assert isinstance(later, TariffAnswer)
    assert (late.posted, later.posted) == (2, 0)
    assert office.sql("SELECT SUM(amount) FROM charge") == [(2 * 20962,)]
