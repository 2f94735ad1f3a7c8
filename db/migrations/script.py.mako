"""${message}."""

import sqlalchemy as sa
from alembic import op

import db.types
from db.triggers import install

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    install(op.get_bind())
