"""The database's faults, as they come into logs."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.storage.engine import Connection, Database


async def test_a_fault_tells_none_of_the_values_that_were_written(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")

    def twice(conn: Connection) -> None:
        conn.execute(sa.text("CREATE TABLE slip (number TEXT PRIMARY KEY, pin TEXT)"))
        for _ in range(2):
            conn.execute(sa.text("INSERT INTO slip VALUES (:number, :pin)"), {"number": "SBD001", "pin": "493817"})

    with pytest.raises(sa.exc.IntegrityError) as fault:
        await database.write(twice)
    assert "493817" not in str(fault.value)
    await database.close()
