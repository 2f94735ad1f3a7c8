"""The sample office's spreadsheets, written as an office would send them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

from app.domain.money import plain_yuan
from app.domain.period import Period
from app.sample.estate import SampleEstate, SampleHouse, Sheet, register

OLD = ((380, 4), (700, 4), (1130, 3), (95, 6), (210, 6))
"""Arrears from before: their age in days at the beginning, and how many houses of 100 have them."""


def _write(path: Path, sheets: list[Sheet]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, head, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.append(list(head))
        for row in rows:
            sheet.append(row)
        sheet.freeze_panes = "A2"
        for column, name in enumerate(head, 1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = max(10, 2 * len(name) + 4)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    book.save(path)
    path.chmod(0o600)
    return path


def houses_book(estate: SampleEstate, path: Path) -> Path:
    """房屋、业主、车位."""
    return _write(path, [sheet for sheet in register(estate) if sheet[0] != "租户"])


def tenants_book(estate: SampleEstate, path: Path) -> Path:
    """租户."""
    return _write(path, [sheet for sheet in register(estate) if sheet[0] == "租户"])


def meters_book(houses: list[SampleHouse], values: dict[str, int], day: date, path: Path) -> Path:
    """水表."""
    head = ("房号", "表号", "收费项目", "起始读数", "日期")
    rows: list[list[object]] = [[h.number, "水表", "水费", values[h.number], day.isoformat()] for h in houses]
    return _write(path, [("水表", head, rows)])


def readings_book(values: dict[str, int], day: date, path: Path) -> Path:
    """读数."""
    rows: list[list[object]] = [[house, "水表", value, day.isoformat()] for house, value in values.items()]
    return _write(path, [("读数", ("房号", "表号", "读数", "抄表日期"), rows)])


def opening_book(estate: SampleEstate, go_live: date, rng: Random, path: Path) -> Path:
    """期初: arrears of every age, some prepaid, the next receipt number."""
    owned = [house for house in estate.houses if house.owner is not None]
    rng.shuffle(owned)
    arrears: list[list[object]] = []
    for days, share in OLD:
        for _ in range(max(1, len(estate.houses) * share // 100)):
            if len(owned) <= 1:
                break
            house = owned.pop()
            month = Period.of(date.fromordinal(go_live.toordinal() - days))
            arrears.append([
                house.number, "物业费", month.first.isoformat(), month.last.isoformat(), month.last.isoformat(),
                plain_yuan(house.area * 235 // 100),
            ])  # fmt: skip
    prepaid: list[list[object]] = [
        [house.number, plain_yuan(50_000 + 10_000 * place)] for place, house in enumerate(owned[:6])
    ]
    office: list[list[object]] = [["启用日", go_live.isoformat()], ["下一票号", f"S{go_live.year}-00000101"]]
    return _write(
        path,
        [
            ("欠费", ("房号", "收费项目", "账期起", "账期止", "到期日", "欠费金额"), arrears),
            ("预存", ("房号", "预存金额"), prepaid),
            ("办公室", ("项目", "内容"), office),
        ],
    )


def equipment_book(begin: date, path: Path) -> Path:
    """设备台账: what an estate of this size has, last looked after shortly before the beginning."""
    head = ("设备编号", "设备名称", "设备类型", "安装位置", "品牌", "型号", "投用日期", "检验有效期", "维保单位",
            "维保合同到期", "上次维保日期", "状态")  # fmt: skip
    before = begin - timedelta(days=6)
    rows: list[list[object]] = []
    for place in range(1, 10):
        expires = (begin + timedelta(days=100 + 31 * place)).isoformat()
        rows.append([f"DT-{place:02}", f"{place} 号楼客梯", "曳引电梯", f"{place} 号楼 1 单元", "样例电梯", "TKJ-1000",
                     "2016-05-20", expires, "样例电梯服务公司", (begin + timedelta(days=240)).isoformat(),
                     before.isoformat(), "在用"])  # fmt: skip
    rows += [
        ["SB-01", "生活水泵（低区）", "生活水泵", "地下一层泵房", "样例泵业", "50DL-2", "2016-05-20", "", "", "",
         before.isoformat(), "在用"],
        ["XF-01", "火灾自动报警系统", "火灾自动报警系统", "消防控制室", "样例消防", "JB-3208", "2016-05-20", "",
         "样例消防技术公司", (begin + timedelta(days=90)).isoformat(), before.isoformat(), "在用"],
        ["FD-01", "柴油发电机", "柴油发电机", "地下一层", "样例动力", "200GF", "2016-05-20", "", "", "",
         before.isoformat(), "在用"],
        ["JK-01", "视频监控系统", "视频监控系统", "监控中心", "样例安防", "NVR-64", "2019-03-01", "", "", "",
         before.isoformat(), "在用"],
        ["DT-10", "旧货梯", "曳引电梯", "会所", "样例电梯", "THJ-2000", "2008-01-15", "", "", "", "", "停用"],
    ]  # fmt: skip
    return _write(path, [("设备台账", head, rows)])
