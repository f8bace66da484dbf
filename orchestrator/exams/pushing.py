"""Sends every site what it should hold now, and remembers at which sites a package is complete."""

from collections.abc import Sequence

from orchestrator.clock import Clock
from orchestrator.exams import store
from orchestrator.exams.delivery import Deliveries, Part, parts_wanted
from orchestrator.exams.events import ExamSiteMoved
from orchestrator.exams.model import Exam
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.store import Connection
from orchestrator.live.port import Bus
from orchestrator.storage.engine import Database
from wire.ids import ExamId, SiteId


class Pushing:
    """What is due by what stands in SQL goes out; harmless to repeat."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, deliveries: Deliveries, sealer: Sealer) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._deliveries = deliveries
        self._sealer = sealer

    async def push(self, exam: Exam) -> None:
        """Send what is wanted now and was not sent."""
        wanted = parts_wanted(exam, self._clock.now_ns())
        if Part.PLAN in wanted and (lacking := self._deliveries.lacking(exam, Part.PLAN)):
            packages = await self._database.read(
                lambda conn: [store.site_package(conn, exam.id, site) for site in lacking]
            )
            sent = self._deliveries.plan(exam, [package for package in packages if package is not None])
            await self.note_package(exam.id, sent, "sent")
        if Part.RELEASE in wanted:
            self._deliveries.release(exam, self._sealer.release_secret(exam))
        if Part.SWITCH in wanted and (secret := self._sealer.reserve_secret(exam)) is not None:
            self._deliveries.switch(exam, secret)
        if Part.CANCELLED in wanted:
            self._deliveries.cancel(exam)

    async def note_package(self, exam: ExamId, sites: Sequence[SiteId], package: str) -> None:
        """Note that these sites were sent the package, or say that it is ready."""
        if not sites:
            return

        def work(conn: Connection) -> list[SiteId]:
            return [site for site in sites if store.set_package(conn, exam, site, package)]

        now = self._clock.now_ns()
        for site in await self._database.write(work):
            await self._bus.publish(ExamSiteMoved(exam, site, "package", now))
