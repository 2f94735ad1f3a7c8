"""Write a migration from the difference between the models and the newest schema: new_migration.py ID MESSAGE."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

ROOT = Path(__file__).parents[1]


def main() -> None:
    revision, message = sys.argv[1:3]
    sys.path.insert(0, str(ROOT))
    config = Config()
    config.set_main_option("script_location", str(ROOT / "db" / "migrations"))
    with create_engine("sqlite://").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.revision(config, message=message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    main()
