"""A site that answers, its journal and its stream, and a centre that keeps what arrives, with a bad line between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import sqlalchemy as sa

from orchestrator.storage.after_commit import after_commit
from site_agent.exam.feed import Feed
from site_agent.exam.journal import Journal
from tests.doubles.eventually import eventually
from tests.doubles.exam_drafts import draft, seat
from tests.doubles.link_centre import Agent, LinkCentre, agent_running, link_centre
from tests.doubles.proxy import Line, proxied
from wire.chain import EventKind
from wire.ids import EnrolmentId, SiteId
from wire.messages import ExamEvent

Key = tuple[str, int]


class AnsweringSite:
    """`acked`: keys of answers that the journal has acknowledged; `arrived`: those durable at the centre, each as often
    as it was applied."""

    def __init__(self, journal: Journal, agent: Agent, line: Line, centre: LinkCentre) -> None:
        self.journal, self.agent, self.line, self.centre = journal, agent, line, centre
        self.acked: set[Key] = set()
        self.arrived: list[Key] = []
        self.confirmed = 0
        self._next = 1
        centre.intake.on_record(ExamEvent, self._take)

    async def answer(self, times: int) -> None:
        """So many answers, one after the other."""
        for _ in range(times):
            seq, self._next = self._next, self._next + 1
            await self.journal.append(draft(seq, f"i{seq % 50}"))
            self.acked.add(("s1", seq))

    async def all_there(self, limit_s: float = 40.0) -> None:
        """Until every acknowledged answer has ✓✓."""
        await eventually(lambda: self.confirmed > len(self.acked), limit_s)

    def has_more_than(self, arrived: int) -> bool:
        """Whether more has arrived at the centre than so much."""
        return len(self.arrived) > arrived

    def on_confirmed(self, row: int) -> None:
        self.confirmed = row

    def _take(
        self, conn: sa.Connection, _site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: ExamEvent
    ) -> None:
        if record.kind is EventKind.ANSWER:
            after_commit(conn, lambda: self.arrived.append((record.session, record.client_seq)))


@asynccontextmanager
async def answering_site(folder: Path, line: Line | None = None) -> AsyncIterator[AnsweringSite]:
    """A centre, a site behind a line, and one candidate who sits there."""
    line = line or Line()
    async with link_centre(folder) as centre, proxied("127.0.0.1", centre.port, line):
        identity = msgspec.structs.replace(centre.enrol(), server=line.url)
        journal = Journal(folder / "journal.sqlite3")
        await journal.start()
        async with agent_running(identity, folder) as agent, asyncio.TaskGroup() as tasks:
            site = AnsweringSite(journal, agent, line, centre)
            feeding = tasks.create_task(Feed(journal, agent.outbox, site.on_confirmed).run())
            await seat(journal)
            yield site
            feeding.cancel()
        await journal.stop()
