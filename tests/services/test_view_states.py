"""A page comes back as its user left it, and nobody else's does."""

from __future__ import annotations

from app.services import view_states
from app.services.list_face import Sort
from app.services.view_states import ViewState
from tests.builders import Office


def test_a_view_comes_back_as_it_was_left(office: Office) -> None:
    left = ViewState(("number", "owner"), {"owner": 120}, ("phone",), (("owed", True),), (("owing", "1"),), 380, False)
    records = office.sql("SELECT count(*) FROM audit")
    assert view_states.kept(office.manager, "houses") == ViewState()
    view_states.keep(office.manager, "houses", ViewState())
    view_states.keep(office.manager, "houses", left)
    assert view_states.kept(office.manager, "houses") == left
    assert left.sorted_by == (Sort("owed", True),)
    assert office.sql("SELECT count(*) FROM audit") == records
    other = office.with_staff("李收费").seat("李收费")
    assert view_states.kept(other, "houses") == ViewState()


def test_what_another_version_wrote_is_read_as_far_as_it_is_known(office: Office) -> None:
    with office.manager.transaction(write=True, desk=True) as work:
        sql = "INSERT INTO view_state VALUES (?, 'houses', ?)"
        work.driver(sql, (office.manager.user_id, '{"panel": 400, "later": [1]}'))
    assert view_states.kept(office.manager, "houses") == ViewState(panel=400)
