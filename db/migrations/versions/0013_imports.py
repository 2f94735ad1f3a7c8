"""导入: what the last one of the register did; how sheets are read, of every kind and with a name."""

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
    op.create_table(
        "import_mapping",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("titles", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("version", big, server_default="1", nullable=False),
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("kind", "titles", name=op.f("uq_import_mapping_kind_titles")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO import_mapping (kind, titles, name, mapping, version, id) "
        "SELECT 'bank', titles, '银行流水', mapping, version, id FROM bank_mapping"
    )
    op.execute("UPDATE counter SET name = 'import_mapping' WHERE name = 'bank_mapping'")
    op.drop_table("bank_mapping")
    install(op.get_bind())
