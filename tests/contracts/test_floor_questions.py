"""Written questions over real SQLite, whose answers a test holds back while something else happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar, cast

import pytest

from orchestrator.floor.questions import Questions
from orchestrator.storage.engine import Connection, Database
from tests.doubles.eventually import eventually
from tests.doubles.floor_world import LAN, ONE, FloorWorld, floor_world
from wire.floor import FloorQuestion, QuestionState
from wire.ids import EnrolmentId, SiteId

T = TypeVar("T")
SITE = SiteId("site-a")


class LateAnswers:
    """A database that has looked at once and answers when it is let, each read by its own event in ``held``."""

    def __init__(self, database: Database) -> None:
        self.write = database.write
        self.held: list[asyncio.Event] = []
        self._database = database

    async def read(self, work: Callable[[Connection], T]) -> T:
        found = await self._database.read(work)
        self.held.append(asyncio.Event())
        await self.held[-1].wait()
        return found


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[FloorWorld]:
    async with floor_world(tmp_path) as world:
        world.plan.rooms[ONE].add(SITE)
        yield world


async def unread(day: FloorWorld) -> tuple[Questions, LateAnswers]:
    """Questions of a session that comes on screen only now, so that nobody has read them yet."""
    database = LateAnswers(day.links.database)
    questions = Questions(
        cast(Database, database), day.clock, day.audit, day.links.bus, sessions=day.plan, teller=day.teller
    )
    day.plan.on = []
    await questions.load()
    day.plan.on = [ONE]
    return questions, database


async def asked(questions: Questions, day: FloorWorld) -> None:
    said = FloorQuestion(id="question-1", session=ONE, text="Bao giờ nghỉ?", at_ns=0)

    def work(conn: Connection) -> None:
        questions.take(conn, SITE, EnrolmentId("enr-a"), 1, said)

    await day.links.database.write(work)


async def states(questions: Questions) -> list[QuestionState]:
    return [each.state for each in await questions.of(ONE)]


async def test_a_question_kept_while_its_session_is_read_is_in_the_list(day: FloorWorld) -> None:
    questions, database = await unread(day)
    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(states(questions))
        await eventually(lambda: len(database.held) == 1)
        await asked(questions, day)
        database.held[0].set()
    assert looking.result() == [QuestionState.ASKED]
    assert await states(questions) == [QuestionState.ASKED]


async def test_two_who_look_first_at_once_lose_no_decision(day: FloorWorld) -> None:
    questions, database = await unread(day)
    await asked(questions, day)
    async with asyncio.TaskGroup() as tasks:
        first, second = (tasks.create_task(states(questions)) for _ in range(2))
        await eventually(lambda: len(database.held) > 0)
        database.held[0].set()
        await eventually(first.done)
        await questions.decide(LAN, ONE, "question-1", QuestionState.ACCEPTED)
        for each in database.held:
            each.set()
    assert second.done()
    assert await states(questions) == [QuestionState.ACCEPTED]
