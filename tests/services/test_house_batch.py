"""Houses by the floor: previewed, made in one go, what exists is left out."""

from __future__ import annotations

import pytest

from app.services import house_batch, house_history, verification
from app.services.house_batch import Batch
from app.services.refused import Refused
from tests.builders import Office


def test_a_building_is_made_and_what_exists_is_left_out(office: Office) -> None:
    office.with_houses().with_item()
    batch = Batch("3-4", "1-2", "1-6", 2, skip="4", gross_area=892000, house_type="住宅", layout="三室")
    looked = house_batch.rehearse(office.manager, batch)
    assert (looked.grid, looked.made, looked.existing) == (40, 38, 2)
    assert looked.first[:2] == ("3-1-0201", "3-1-0202")
    assert looked.last[-1] == "4-2-0602"
    assert looked.known == ("3-1-0101", "3-1-0102")
    assert house_batch.make(office.manager, batch) == looked
    assert office.sql("SELECT count(*), count(DISTINCT number_key), min(floor), max(floor) FROM house") == [
        (40, 40, 1, 6)
    ]
    assert office.sql("SELECT count(*) FROM house WHERE floor = 4") == [(0,)]
    assert office.sql("SELECT count(*) FROM house_payer") == [(40,)]
    assert office.sql("SELECT code, label FROM building ORDER BY id") == [("3", "楼"), ("4", "4号楼")]
    assert office.bill("2026-07").lines == 40
    with pytest.raises(Refused, match="这 40 户都已经有了"):
        house_batch.make(office.manager, batch)
    changes = house_history.show(office.manager, "4-2-602").changes
    assert changes is not None
    assert [row.what for row in changes] == ["按楼层批量生成房屋"]
    assert verification.verify(office.manager).ok


def test_a_mistake_names_its_field(office: Office) -> None:
    for batch, code, field in (
        (Batch("3-", "", "1-6", 2), "batch.names", "buildings"),
        (Batch("3", "1", "x", 2), "batch.floors", "floors"),
        (Batch("3", "1", "1-6", 2, pattern="{楼}{户:02}"), "batch.pattern", "pattern"),
        (Batch("3", "1", "1-6", 2, gross_area=0), "bad_area", "gross_area"),
        (Batch("3", "1", "1-6", 2, state="x"), "unknown_state", "state"),
    ):
        with pytest.raises(Refused) as refused:
            house_batch.rehearse(office.manager, batch)
        assert (refused.value.problem.code, refused.value.field) == (code, field)


def test_the_command(office: Office) -> None:
    argv = ("house", "batch", "A-B", "--floors", "1-12", "--skip", "4", "--per-floor", "4", "--area", "89.2")
    said = office.command(*argv, "--dry-run")[1]
    assert (said["made"], said["first"][0], said["last"][-1], "key" in said) == (88, "A-0101", "B-1204", False)
    assert office.command(*argv)[1]["made"] == 88
    status, said = office.command(*argv)
    assert (status, said["error"]["code"]) == (3, "all_there")
