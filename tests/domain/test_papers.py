"""Phones, plates, identity documents, credit codes and masks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import credit_code, idcard, masking, phone, plate
from app.domain.problem import Problem

TODAY = date(2026, 9, 30)
TYPED = st.text() | st.text(alphabet="0123456789+-() 京A学XxHM")


@given(TYPED)
def test_any_text_in_any_field(text: str) -> None:
    found = phone.read(text)
    assert found is None or phone.parse(found.normalized) == found
    read = plate.parse(text)
    assert read.kind == plate.PlateKind.UNKNOWN or plate.parse(read.normalized) == read
    for kind in idcard.IdKind:
        checked = idcard.check(kind, text, TODAY)
        assert checked.valid == (checked.reason is None)
    assert credit_code.check(text).valid is (credit_code.check(text).reason is None)


def test_a_bad_phone_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        phone.parse("123")
    assert refused.value.code == "phone.format"


@pytest.mark.parametrize(
    ("value", "kind", "normal"),
    [
        ("0086 13800138000", "mobile", "13800138000"),
        ("+86 10 6555 1234", "landline", "01065551234"),
        ("+86-755-8765432", "landline", "07558765432"),
        ("86-571-87654321", "landline", "057187654321"),
        ("(0571) 8765-4321", "landline", "057187654321"),
        ("800 810 1234", "service", "8008101234"),
        ("00852 6123 4567", "hk", "+85261234567"),
        ("+853 6612 3456", "macao", "+85366123456"),
        ("+886 912 345 678", "taiwan", "+886912345678"),
    ],
)
def test_phones(value: str, kind: str, normal: str) -> None:
    assert phone.parse(value) == phone.Phone(phone.PhoneKind(kind), normal)


@given(st.integers(0, 10**17 - 1))
def test_one_check_character_fits(digits: int) -> None:
    body = f"{digits:017d}"
    outcomes = [idcard.check("resident_id", body + last, TODAY) for last in "0123456789X"]
    if any(outcome.valid for outcome in outcomes):
        assert [outcome.reason for outcome in outcomes].count("checksum") == 10


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_born_on(born: date, sequence: int) -> None:
    body = f"110000{born:%Y%m%d}{sequence:03d}"
    found = next(
        outcome for last in "0123456789X" if (outcome := idcard.check("resident_id", body + last, TODAY)).valid
    )
    assert (found.birth_date, found.sex) == (born, "male" if sequence % 2 else "female")
    assert found.age is not None
    assert found.under_14 == (found.age < 14)


@given(st.sampled_from(sorted(masking.KINDS)), st.text(min_size=1, max_size=30))
def test_masks_hide_something(kind: str, value: str) -> None:
    masked = masking.mask(kind, value)
    if kind == "email":
        assert "*" in masked
    else:
        assert len(masked) == len(value)
        assert "*" in masked or (kind == "name" and len(value) == 1)


def test_masks() -> None:
    assert masking.mask("phone", "13800138000") == "138****8000"
    assert masking.mask("phone", "01065551234") == "0106*****34"
    assert masking.mask("email", "nobody") == "******"
    with pytest.raises(Problem):
        masking.mask("face", "x")


def test_an_unknown_document_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        idcard.check("library_card", "1", TODAY)
    assert refused.value.code == "id.kind"
