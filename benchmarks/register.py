"""An office whose register is full: 100,000 houses, 250,000 residents with phones, a car at every second house."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import select

from app.services import person_initials
from benchmarks.office import enter, make
from db.models.estate import House, Vehicle
from db.models.people import Person, Resident
from db.work import Work

HOUSES = 100_000
FAMILY = 1.5
"""So many more residents than owners."""
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文斌宇浩然子涵欣怡梓轩诗雨晨曦博嘉思雅佳"
    "琪俊鹏飞晓东海燕春梅"
)
PROVINCES, LETTERS = "京沪粤苏浙鲁川鄂湘闽", "ABCDEFGHJKLMNPQRSTUVWXYZ"


def make_register(folder: Path, count: int = HOUSES) -> None:
    """Make the office; names and numbers are drawn, the same ones every time."""
    make(folder, count)
    seat, rng = enter(folder), random.Random(7)
    with seat.transaction(write=True) as work:
        houses = list(work.execute(select(House.id).order_by(House.id)).scalars())
        _name_owners(work, houses, rng)
        people = [("person", _name(rng), True, _phone(rng)) for _ in range(int(count * FAMILY))]
        ids = work.insert(Person, ("kind", "name", "registered", "phone"), people)
        person_initials.add(work, ((key, row[1]) for key, row in zip(ids, people, strict=True)))
        columns = ("house_id", "person_id", "relation", "position")
        living = [(houses[place % count], key, "family", 1 + place // count) for place, key in enumerate(ids)]
        work.insert(Resident, columns, living)
        work.insert(Vehicle, ("house_id", "plate"), [(house, _plate(rng)) for house in houses[::2]])
        work.audit("benchmark", "register")
    seat.close()


def _name_owners(work: Work, houses: list[int], rng: random.Random) -> None:
    owners = list(work.execute(select(Person.id).order_by(Person.id)).scalars())[-len(houses) :]
    named = [(_name(rng), _phone(rng), key) for key in owners]
    work.change_many("person", ("id",), ("name", "phone"), named)
    person_initials.add(work, ((key, name) for name, _, key in named))
    living = [(house, key, "owner", 0) for house, key in zip(houses, owners, strict=True)]
    work.insert(Resident, ("house_id", "person_id", "relation", "position"), living)


def _name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))


def _phone(rng: random.Random) -> str:
    return f"1{rng.choice('3578')}{rng.randrange(10**9):09}"


def _plate(rng: random.Random) -> str:
    return rng.choice(PROVINCES) + rng.choice(LETTERS) + "".join(rng.choices("0123456789" + LETTERS, k=5))
