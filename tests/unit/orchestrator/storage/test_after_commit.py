"""What is asked after a commit happens after a commit, or not at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Connection, Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    yield opened
    await opened.close()


async def test_a_callback_comes_after_the_commit_and_before_write_returns(database: Database) -> None:
    told: list[str] = []

    def work(conn: Connection) -> None:
        after_commit(conn, lambda: told.append("committed"))
        told.append("worked")

    await database.write(work)
    assert told == ["worked", "committed"]


async def test_nothing_is_told_of_what_was_rolled_back(database: Database) -> None:
    told: list[str] = []

    def failing(conn: Connection) -> None:
        after_commit(conn, lambda: told.append("never"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(failing)
    await database.write(lambda conn: after_commit(conn, lambda: told.append("the next")))
    assert told == ["the next"]


async def test_a_commit_that_fails_tells_nothing(database: Database) -> None:
    told: list[str] = []

    def work(conn: Connection) -> None:
        conn.execute(sa.text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        conn.execute(sa.text("CREATE TABLE child (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"))
        conn.execute(sa.text("INSERT INTO child VALUES (7)"))
        after_commit(conn, lambda: told.append("never"))

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(work)
    assert told == []


async def test_a_savepoint_that_is_rolled_back_takes_its_callbacks_along(database: Database) -> None:
    told: list[str] = []

    def say(conn: Connection, word: str) -> None:
        after_commit(conn, lambda: told.append(word))

    def work(conn: Connection) -> None:
        say(conn, "before")
        with conn.begin_nested():
            say(conn, "kept")
        with conn.begin_nested() as lost:
            with conn.begin_nested():
                say(conn, "released inside what is lost")
            say(conn, "lost")
            lost.rollback()
        say(conn, "after")

    await database.write(work)
    assert told == ["before", "kept", "after"]


async def test_a_callback_that_fails_hides_neither_the_work_nor_the_others(database: Database) -> None:
    told: list[str] = []

    def broken() -> None:
        raise ZeroDivisionError

    def work(conn: Connection) -> int:
        after_commit(conn, broken)
        after_commit(conn, lambda: told.append("other"))
        return 7

    assert await database.write(work) == 7
    assert told == ["other"]
