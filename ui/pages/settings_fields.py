"""How each setting stands in a form: its group, label, unit, hint, choices, and its words for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.money import parse_yuan, plain_yuan
from app.domain.problem import problem
from app.services.settings import SETTINGS, SettingLine
from ui.forms.field import Field, Kind


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting on the screen. `label` where its own title is too long; `fen`: kept in fen, typed in yuan."""

    name: str
    label: str = ""
    kind: Kind = Kind.TEXT
    unit: str = ""
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    fen: bool = False

    @property
    def title(self) -> str:
        """What it is called on the screen."""
        return self.label or SETTINGS[self.name].title

    def typed(self, kept: str) -> str:
        """A kept value as hands type it."""
        return plain_yuan(int(kept)) if self.fen and kept else kept

    def words(self, kept: str) -> str:
        """A kept value for reading."""
        said = dict(self.choices).get(kept, self.typed(kept))
        return f"{said} {self.unit}" if said and self.unit else said

    def field(self, line: SettingLine) -> Field:
        """Its field; the hint says since when the value holds."""
        since = f"自 {line.since.isoformat()} 起" if line.since else ""
        known = {value for value, _ in self.choices}
        # A value that is none of the choices is one of them, lest another stand in its place and be saved.
        choices = self.choices if not known or line.value in known else (*self.choices, (line.value, line.value))
        return Field(
            self.name,
            self.title,
            _fen if self.fen else SETTINGS[self.name].parse,
            optional=not SETTINGS[self.name].default,
            kind=self.kind,
            unit=self.unit,
            hint="；".join(part for part in (self.hint, since) if part),
            choices=choices,
        )


def _fen(typed: str) -> str:
    fen = parse_yuan(typed)
    if fen < 0:
        raise problem("setting.amount", "金额不能小于 0。", "请改正后再设。")
    return str(fen)


def _number(name: str, label: str, unit: str, hint: str = "") -> Shown:
    return Shown(name, label, Kind.NUMBER, unit, hint)


ON_OFF = (("on", "顺延"), ("off", "不顺延"))
PAPERS = (("241", "241 三等分"), ("a4", "A4"))


def _zone(minutes: int) -> tuple[str, str]:
    hours, rest = divmod(abs(minutes), 60)
    word = f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return str(minutes), f"{word}（北京时间）" if minutes == 480 else word


_BETWEEN = (-570, -210, 210, 270, 330, 345, 390, 570, 630)
"""Offsets in use that are no whole hours, in minutes."""
ZONES = tuple(_zone(minutes) for minutes in sorted((*range(-720, 841, 60), *_BETWEEN)))
OVER = (("warn", "提醒"), ("stop", "不收"))
ORDERS = (("statutory", "法定顺序"), ("oldest_first", "最早到期的"))
PARTS = (("statutory", "违约金"), ("principal_first", "本金"))
CHANGE = (("off", "不抹"), ("jiao", "抹到角"), ("yuan", "抹到元"))

GROUPS: Mapping[str, tuple[Shown, ...]] = {
    "小区与抬头": (
        Shown("office_name", hint="印在账单、收据和催缴函上"),
        Shown("letterhead"),
        Shown("office_address"),
        Shown("telephone"),
        Shown("bank_account", hint="户名、开户行、账号"),
        Shown("developer", "开发商", hint="未售、未交付房屋的付款人"),
        _number("retention_years", "搬走的人的资料保留", "年", "期满可以匿名，要经理批准"),
        Shown("contract_clause", hint="印在催缴函上，最多 400 字"),
    ),
    "账务规则": (
        _number("due_day", "到期日", "日", "账期那个月的第几日；31 指月末"),
        _number("due_offset", "到期月偏移", "个月", "0 是当月，1 是下月"),
        _number("min_days", "出账后至少几日到期", "天"),
        Shown("rest_day_shift", "到期日遇休息日", choices=ON_OFF),
        _number("bill_change", "出账时变化到多少要看一眼", "%", "和这个项目上一次出账比"),
        _number("reading_window", "抄表宽限", "天", "账期后几日内的读数仍算本期"),
        Shown("go_live", kind=Kind.DAY, hint="出过账后不能再改"),
        Shown("waiver_limit_fen", "无需审批的减免", Kind.NUMBER, "元", "每笔不超过；0 是都要审批", fen=True),
        Shown("small_change", choices=CHANGE),
        Shown("allocation_order", "收款先还", hint="按约定才可改", choices=ORDERS),
        Shown("within_debt_order", "一笔里先还", hint="按约定才可改", choices=PARTS),
        Shown("dispute_late_fee", choices=(("stop", "不算"), ("go_on", "照算"))),
        Shown("prepay_offers", "预交优惠", hint="交几个月:送几个月，如 12:1，几个用逗号隔开"),
        Shown("prepay_months", "最多预交", Kind.NUMBER, "个月"),
        Shown("prepay_over", "预交超过时", choices=OVER),
    ),
    "收据": (
        Shown("receipt_prefix", hint="1 到 4 个大写字母；改后新开的收据用新字头"),
        Shown("receipt_paper", choices=PAPERS),
    ),
    "催缴": (
        Shown("dun_days", "催缴各步在到期后几日", hint="提示、通知单、催缴函、律师函，用逗号隔开"),
        _number("dun_gap", "两步催缴至少隔", "天"),
        _number("dun_term", "催缴函给的期限", "天", "从收到起，应当合理"),
        Shown("dun_min_fen", "欠费满多少才催", Kind.NUMBER, "元", fen=True),
    ),
    "安全": (
        _number("idle_lock_min", "闲置锁屏", "分钟", "1 到 30；离开时也可按 Ctrl+L"),
        Shown("utc_offset", "时区", hint="改后下次登录生效", choices=ZONES),
    ),
}
"""All settings but the destinations of backups, which stand among the backups."""
