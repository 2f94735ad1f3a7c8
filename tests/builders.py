"""Offices for tests: valid by default, name only what matters."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.cli import run
from app.domain.house_order import parse, sort_key
from app.domain.kinds import kind_of
from app.domain.tariff import Scope
from app.security.keyslots import FLOOR
from app.services import billing, entrance, fees, payments, person_initials, readings, settings, tariffs, users
from app.services.entrance import Purpose
from app.services.fees import NewItem
from app.services.seat import Seat
from db.models.estate import Building, House
from db.models.meter import Meter
from db.models.people import HousePayer, Party, Person, Resident

PASSWORD = "correct horse battery"
STAFF = {
    "李收费": ("cashier",),
    "赵财务": ("accountant",),
    "钱客服": ("front_desk",),
    "孙工程": ("engineering",),
    "周经理": ("manager",),
    "吴管理": ("administrator",),
    "郑审计": ("auditor",),
}


@dataclass
class StandingClock:
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)

    def to(self, day: str) -> None:
        self.now = datetime.fromisoformat(day + "T09:00:00+08:00").astimezone(UTC)


@dataclass
class Office:
    """An office folder with seats on it."""

    folder: Path
    clock: StandingClock = field(default_factory=StandingClock)
    seats: dict[str, Seat] = field(default_factory=dict)

    def seat(self, login: str = "王经理", purpose: Purpose = Purpose.WORK) -> Seat:
        """The seat of a user, logged in on first use."""
        if login not in self.seats:
            self.seats[login] = entrance.open_office(
                self.folder, login, PASSWORD, purpose=purpose, clock=self.clock, cost=FLOOR
            )
        return self.seats[login]

    @property
    def manager(self) -> Seat:
        """The first user: administrator and manager."""
        return self.seat()

    def close(self) -> None:
        for seat in self.seats.values():
            seat.close()
        self.seats.clear()

    def with_staff(self, *logins: str) -> Office:
        for login in logins or STAFF:
            users.add(self.manager, login, STAFF[login], PASSWORD, cost=FLOOR)
        return self

    def with_houses(
        self, numbers: Sequence[str] = ("3-1-0101", "3-1-0102"), area: int | None = 892000, **more: Any
    ) -> Office:
        """Houses with an owner each; area in 1e-4 m²."""
        with self.manager.transaction(write=True) as work:
            building = work.insert(Building, ("estate_id", "code", "label"), [(1, numbers[0].split("-")[0], "楼")])[0]
            columns = ("estate_id", "building_id", "kind", "number", "number_key", "sort_key", "building", "entrance",
                       "floor", "room", "gross_area", "state", "house_type", *more)  # fmt: skip
            rows = []
            for number in numbers:
                parsed = parse(number)
                kind = more.get("kind", str(parsed.kind))
                rows.append(
                    (1, building, kind, number, parsed.normalized, sort_key(parsed), parsed.building, parsed.entrance,
                     parsed.floor, parsed.room, area, "owner", "住宅", *more.values())
                )  # fmt: skip
            if "kind" in more:
                columns = tuple(column for i, column in enumerate(columns) if i != 2)
                rows = [tuple(value for i, value in enumerate(row) if i != 2) for row in rows]
            houses = work.insert(House, columns, rows)
            people = work.insert(
                Person, ("kind", "name", "registered"), [("person", f"业主{n}", True) for n in numbers]
            )
            person_initials.add(work, zip(people, (f"业主{n}" for n in numbers), strict=True))
            parties = work.insert(Party, ("person_id",), [(person,) for person in people])
            work.insert(HousePayer, ("house_id", "party_id"), list(zip(houses, parties, strict=True)))
            pairs = [(h, p, "owner", 0) for h, p in zip(houses, people, strict=True)]
            work.insert(Resident, ("house_id", "person_id", "relation", "position"), pairs)
            work.touch({"house"})
            work.audit("test.houses", "house")
        return self

    def with_item(
        self, code: str = "WY", kind: str = "area", price: Any = "2.35", since: str = "2026-01-01", **more: Any
    ) -> Office:
        """A fee item with a price for the estate."""
        fees.add(self.manager, NewItem(code, more.pop("name", f"费{code}"), kind, **more))
        if price is not None:
            params = price if isinstance(price, dict) else {"price": price}
            tariffs.add(self.manager, code, date.fromisoformat(since), kind_of(kind).parse_params(params).as_json())
        return self

    def with_tariff(self, code: str, price: str, since: str, scope: Scope = Scope.ESTATE, name: str = "") -> Office:
        tariffs.add(self.manager, code, date.fromisoformat(since), {"price": price}, scope, name, "调价")
        return self

    def with_meter(
        self, number: str, code: str = "SF", meter: str = "水", start: str = "0", on: str = "2026-05-31", **more: Any
    ) -> Office:
        """A meter with its first reading."""
        with self.manager.transaction(write=True) as work:
            from app.services import look_up

            house, item = look_up.house(work, number), look_up.item(work, code)
            columns = ("house_id", "item_id", "number", "multiplier", "digits")
            row = (house.id, item.id, meter, more.get("multiplier", 10_000), more.get("digits", 5))
            work.insert(Meter, columns, [row])
            work.audit("test.meter", "meter")
        readings.add(self.manager, number, meter, start, date.fromisoformat(on))
        return self

    def set(self, **values: str) -> Office:
        for name, value in values.items():
            settings.change(self.manager, name, value)
        return self

    def bill(self, month: str, on: str | None = None) -> billing.RunAnswer:
        return billing.post(self.manager, month, date.fromisoformat(on) if on else None)

    def pay(self, house: str, fen: int, **more: Any) -> payments.PaymentAnswer:
        return payments.take(self.manager, house, fen, **more)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """What stands in the database, for looking only."""
        with self.manager.transaction(write=False) as work:
            return [tuple(row) for row in work.connection.exec_driver_sql(statement)]

    def command(self, *argv: str, user: str = "王经理", **environ: str) -> tuple[int, dict[str, Any]]:
        """A command in this process: exit status and JSON object."""
        return command(self.folder, *argv, user=user, clock=self.clock, **environ)


def command(
    folder: Path, *argv: str, user: str | None = "王经理", clock: StandingClock | None = None, **environ: str
) -> tuple[int, dict[str, Any]]:
    """A command in this process: exit status and JSON object."""
    out, err = io.StringIO(), io.StringIO()
    said = [*argv, "--json", "--data", str(folder), *(["--user", user] if user else [])]
    status = run(
        said,
        environ={"ANJU_PASSWORD": PASSWORD, **environ},
        clock=clock or StandingClock(),
        cost=FLOOR,
        stdout=out,
        stderr=err,
    )
    assert err.getvalue() == ""
    return status, json.loads(out.getvalue())
