"""The migrations build exactly the tables that the code describes."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from orchestrator.attendance.model import Declared
from orchestrator.attendance.store import declared_where
from orchestrator.storage.engine import Database
from orchestrator.storage.migrate import upgrade
from orchestrator.storage.schema import metadata
from wire.ids import SiteId


async def test_a_migrated_database_is_the_schema(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    try:
        differences = await database.read(lambda conn: compare_metadata(MigrationContext.configure(conn), metadata))
        assert differences == []
    finally:
        await database.close()


def test_numbers_declared_before_there_were_lists_stay_as_they_were(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    with engine.begin() as conn:
        upgrade(conn, "0030_speaker_seen")
        conn.exec_driver_sql("INSERT INTO declared_count (site, number, at_ns, by) VALUES ('site-a', 31, 5, 'site')")
        upgrade(conn)
        (kept,) = declared_where(conn, sa.true())
    engine.dispose()
    assert kept == Declared(None, SiteId("site-a"), 31, 5, "site", listed=None)


async def test_sqlite_is_durable_and_strict(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")

    def pragmas(conn: sa.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    try:
        assert await database.read(pragmas) == ["wal", 2, 1]
    finally:
        await database.close()


async def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")

    def half(conn: sa.Connection) -> None:
        conn.exec_driver_sql("CREATE TABLE half (x INTEGER)")
        raise ValueError("stop")

    try:
        with pytest.raises(ValueError, match="stop"):
            await database.write(half)
        tables = await database.read(lambda conn: sa.inspect(conn).get_table_names())
        assert "half" not in tables
    finally:
        await database.close()
