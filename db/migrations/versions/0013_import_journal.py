"""撤销导入: what the last import of the register did."""

import sqlalchemy as sa
from alembic import op

from db.triggers import install

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "import_journal",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("user_id", big, nullable=False),
        sa.Column("seq", big, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_journal")),
        sqlite_strict=True,
    )
    install(op.get_bind())
