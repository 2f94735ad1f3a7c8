"""A believable estate from a seed: buildings, people, shops, parking, and who pays how. All invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰鹏建国志远思雨欣怡子涵浩然梓萱宇轩诗琪博文雅婷天佑若曦俊熙语桐"
)
RARE = ("㛃", "喆", "堃", "昇", "䶮", "𠮷")
LAYOUTS = (("一室一厅", 5400), ("两室一厅", 7680), ("两室两厅", 8920), ("三室两厅", 11856), ("四室两厅", 14230))
DOUBLE = ("欧阳", "上官", "司马", "诸葛")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """An invented person."""

    number: int
    name: str
    sex: str
    phone: str
    id_number: str


@dataclass(frozen=True, slots=True)
class SampleHouse:
    """A house as the office's spreadsheet has it; area in 1e-2 m²."""

    building: int
    entrance: int
    floor: int
    room: str
    layout: str
    area: int
    state: str
    owner: SamplePerson | None
    tenant: SamplePerson | None
    habit: str

    @property
    def number(self) -> str:
        """The house's number."""
        return f"{self.building}-{self.entrance}-{self.room}"


@dataclass(frozen=True, slots=True)
class SampleShop:
    """A shop on the street."""

    number: int
    area: int
    owner: SamplePerson
    habit: str

    @property
    def label(self) -> str:
        """The shop's number."""
        return f"商{self.number}"


@dataclass(frozen=True, slots=True)
class SampleSpace:
    """A parking space of an owner, or free."""

    label: str
    owner: SamplePerson | None


@dataclass(frozen=True, slots=True)
class SampleEstate:
    """The whole estate."""

    houses: tuple[SampleHouse, ...]
    shops: tuple[SampleShop, ...]
    spaces: tuple[SampleSpace, ...]
    people: tuple[SamplePerson, ...]


def _check_digit(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


class _People:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.made: list[SamplePerson] = []

    def new(self) -> SamplePerson:
        rng, number = self._rng, len(self.made) + 1
        surname = rng.choice(DOUBLE) if rng.random() < 0.02 else rng.choice(SURNAMES[:100])
        given = "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
        if number % 37 == 5:
            given = given[:1] + RARE[number // 37 % len(RARE)]
        male = rng.random() < 0.5
        # Region codes of a whole province are issued to nobody.
        body = f"{rng.choice((11, 31, 32, 33, 44, 51))}0000{rng.randint(1950, 2002)}{rng.randint(1, 12):02}"
        body += f"{rng.randint(1, 28):02}{rng.randint(0, 99):02}{rng.randrange(1 if male else 0, 10, 2)}"
        person = SamplePerson(
            number, surname + given, "男" if male else "女", f"1990000{number:04}", body + _check_digit(body)
        )
        self.made.append(person)
        return person


HABITS = ("prompt",) * 62 + ("late",) * 14 + ("partial",) * 8 + ("ahead",) * 6 + ("never",) * 6 + ("stopped",) * 4


def make(households: int, seed: int) -> SampleEstate:
    """The estate of a seed; the same seed gives the same estate."""
    rng = Random(seed)
    people = _People(rng)
    houses: list[SampleHouse] = []
    owners: list[SamplePerson] = []
    for building, entrance, floor, room, layout in _places(households):
        name, area = layout
        state = rng.choices(("自住", "出租", "空置", "未售"), (72, 13, 10, 5))[0]
        if state == "未售":
            owner = None
        elif owners and rng.random() < 0.05:
            owner = rng.choice(owners)
        else:
            owner = people.new()
            owners.append(owner)
        tenant = people.new() if state == "出租" else None
        area += rng.randint(-12, 12) * 9
        houses.append(
            SampleHouse(building, entrance, floor, room, name, area, state, owner, tenant, rng.choice(HABITS))
        )
    shops = [SampleShop(n, rng.randint(3000, 16000), people.new(), rng.choice(HABITS)) for n in range(1, 13)]
    spaces = []
    for place in range(1, max(12, households // 4) + 1):
        holder = rng.choice(owners) if rng.random() < 0.8 else None
        spaces.append(SampleSpace(f"B{1 + place % 2}-{place:03}", holder))
    return SampleEstate(tuple(houses), tuple(shops), tuple(spaces), tuple(people.made))


def _places(households: int) -> list[tuple[int, int, int, str, tuple[str, int]]]:
    """Nine buildings filled floor by floor, two entrances of two houses a floor."""
    found: list[tuple[int, int, int, str, tuple[str, int]]] = []
    per_building = -(-households // 9)
    for building in range(1, 10):
        for place in range(min(per_building, households - len(found))):
            floor, rest = divmod(place, 4)
            entrance, door = divmod(rest, 2)
            layout = LAYOUTS[(building + door * 2 + entrance) % len(LAYOUTS)]
            found.append((building, entrance + 1, floor + 1, f"{floor + 1:02}{door + 1:02}", layout))
    return found


def owner_number(person: SamplePerson | None) -> str | None:
    """The number by which the sheets refer to an owner."""
    return None if person is None else f"Y{person.number:04}"


Sheet = tuple[str, Sequence[str], list[list[object]]]
"""Title, head, rows."""


def register(estate: SampleEstate) -> list[Sheet]:
    """The office's workbook of houses: sheets that refer to one another by the owner's number."""
    owners: list[list[object]] = []
    for person in estate.people:
        if any(house.tenant is person for house in estate.houses):
            continue
        owners.append([owner_number(person), person.name, person.sex, person.phone, person.id_number])
    houses: list[list[object]] = [
        [
            f"{h.building}号楼", f"{h.entrance}单元", h.room, h.floor, h.layout, f"{h.area / 100:.2f}", "住宅", h.state,
            owner_number(h.owner),
        ]
        for h in estate.houses
    ]  # fmt: skip
    houses += [
        [None, None, shop.label, 1, None, f"{shop.area / 100:.2f}", "商铺", "自住", owner_number(shop.owner)]
        for shop in estate.shops
    ]
    spaces: list[list[object]] = [[1, s.label, "地下停车位", "12.5", owner_number(s.owner)] for s in estate.spaces]
    tenants: list[list[object]] = [
        [h.number, h.tenant.name, h.tenant.sex, h.tenant.phone, "租户"] for h in estate.houses if h.tenant
    ]
    return [
        ("业主信息", ("业主编号", "业主姓名", "性别", "手机号", "身份证号"), owners),
        ("房屋信息", ("楼栋", "单元", "房号", "楼层", "户型", "建筑面积", "房屋类型", "房屋状态", "业主编号"), houses),
        ("车位信息", ("停车场编号", "车位编号", "停车场类型", "面积", "业主编号"), spaces),
        ("租户", ("房号", "姓名", "性别", "手机号", "与房屋关系"), tenants),
    ]
