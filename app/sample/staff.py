"""Who works in the sample office."""

from __future__ import annotations

ESTATE = "样例花园"
PASSWORD = "anju-demo-2026"
STAFF = (
    ("王经理", ("administrator", "manager")),
    ("李收费", ("cashier",)),
    ("赵财务", ("accountant",)),
    ("钱客服", ("front_desk",)),
    ("孙工程", ("engineering",)),
    ("郑审计", ("auditor",)),
)
