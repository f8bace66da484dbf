"""What the sites' records of an exam bring: taken in inside their transaction, counted and told after the commit."""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from orchestrator.clock import Clock
from orchestrator.exams import answer_store, release_store
from orchestrator.exams.events import ExamConflict, ExamSignedIn, ExamSiteMoved
from orchestrator.exams.ingest import Origin
from orchestrator.exams.store import Connection
from orchestrator.live.port import Bus
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Database
from wire.chain import EventKind
from wire.ids import EnrolmentId, ExamId, SiteId
from wire.messages import ExamClosed, ExamEvent, ExamOpened, ExamSwitched

log = structlog.get_logger()

News = ExamSiteMoved | ExamSignedIn


class Intake:
    """The ``take`` methods are for the record stream and run in the database's thread; everything else runs in the
    loop. ``noted`` is called there for each record: the exam, and whether its site has moved."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, noted: Callable[[ExamId, bool], None]) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._to = noted
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: dict[ExamId, int] = {}
        self._news: dict[News, None] = {}
        """In the order they came, each once."""
        self._last_conflict: int | None = None

    def begin(self) -> None:
        """Records come from another thread from now on; this is the loop."""
        self._loop = asyncio.get_running_loop()

    def heard(self, exam: ExamId) -> int:
        """Grows with every record of the exam that this process took in."""
        return self._heard.get(exam, 0)

    def take_event(
        self, conn: Connection, site: SiteId, enrolment: EnrolmentId, sequence: int, record: ExamEvent
    ) -> None:
        """An event of a candidate, inside its transaction."""
        answer_store.take_event(conn, Origin(site, enrolment, sequence), record)
        signed_in = record.kind is EventKind.SIGN_IN
        self._from_thread(conn, record.exam, ExamSignedIn(record.exam, site) if signed_in else None)

    def take_opened(
        self, conn: Connection, site: SiteId, enrolment: EnrolmentId, sequence: int, record: ExamOpened
    ) -> None:
        """A site opened."""
        news = answer_store.take_opened(conn, Origin(site, enrolment, sequence), record)
        told = ExamSiteMoved(record.exam, site, "opened", record.hi_ns) if news else None
        self._from_thread(conn, record.exam, told)

    def take_switched(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: ExamSwitched
    ) -> None:
        """A site turned to the reserve paper."""
        news = release_store.take_switched(conn, site, record, self._clock.now_ns())
        told = ExamSiteMoved(record.exam, site, "reserve", record.at_ns) if news else None
        self._from_thread(conn, record.exam, told)

    def take_closed(
        self, conn: Connection, site: SiteId, enrolment: EnrolmentId, sequence: int, record: ExamClosed
    ) -> None:
        """A site closed."""
        news = answer_store.take_closed(conn, Origin(site, enrolment, sequence), record)
        told = ExamSiteMoved(record.exam, site, "closed", record.at_ns) if news else None
        self._from_thread(conn, record.exam, told)

    async def tell(self) -> None:
        """To whoever listens: the news since the last time, and conflicts found since."""
        news, self._news = self._news, {}
        for event in news:
            await self._bus.publish(event)
        if self._last_conflict is None:
            self._last_conflict = await self._database.read(answer_store.newest_conflict)
        last = self._last_conflict
        for conflict in await self._database.read(lambda conn: answer_store.conflicts_since(conn, last)):
            self._last_conflict = conflict.id
            log.warning("exam_conflict", exam=conflict.exam, site=conflict.site, reason=conflict.reason)
            now = self._clock.now_ns()
            await self._bus.publish(
                ExamConflict(conflict.exam, conflict.site, conflict.candidate, conflict.reason, now)
            )

    def _from_thread(self, conn: Connection, exam: ExamId, news: News | None) -> None:
        # In the database thread, before the commit: nothing is told of a batch that is rolled back.
        after_commit(conn, partial(self._in_loop, exam, news))

    def _in_loop(self, exam: ExamId, news: News | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._noted, exam, news)
        else:
            self._noted(exam, news)

    def _noted(self, exam: ExamId, news: News | None) -> None:
        self._heard[exam] = self.heard(exam) + 1
        if news is not None:
            self._news[news] = None
        self._to(exam, isinstance(news, ExamSiteMoved))
