"""Which sources run now: their processes, and what each told last. One task; it holds nothing that must survive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from orchestrator.media.sources.job import Job, Order, State, Told, Why
from orchestrator.media.sources.supervising import SourceProcess
from orchestrator.media.tally import Tally
from orchestrator.sources.model import Source
from orchestrator.sources.onair import Word
from orchestrator.sources.strain import Strain

LOOK_S = 1.0

log = structlog.get_logger()


class Running:
    """Keeps the processes of the wanted sources alive, at most ``most`` of them, and ends the others.

    ``wanted`` names the sources that should run now; ``job`` makes a source's job and may raise :class:`OSError` or
    :class:`orchestrator.errors.Refused` turned into a failure by its caller; ``ended`` hears of a source that came to
    its end or failed for good.
    """

    def __init__(
        self,
        wanted: Callable[[], list[Source]],
        job: Callable[[Source], Job],
        ended: Callable[[Source], None],
        most: int,
    ) -> None:
        self._wanted = wanted
        self._job = job
        self._ended = ended
        self._most = most
        self._processes: dict[str, SourceProcess] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, Told] = {}
        self._came: set[str] = set()
        self._strains: dict[str, Strain] = {}
        self._skipped = Tally()
        self._changed = asyncio.Event()

    def told(self, source: str) -> Told:
        """The last word of a source."""
        return self._told.get(source, Told(State.STOPPED))

    def word(self, source: str) -> Word:
        """All that is known of it."""
        strain = self._strains.get(source)
        return Word(self.told(source), source in self._came, strain is not None and strain.too_much)

    def hear(self, source: str, told: Told) -> None:
        """A source says how it is, also one whose process is not ours (an encoder behind a door)."""
        self._told[source] = told
        self._skipped.hear(source, told.skipped)
        self._strains.setdefault(source, Strain()).hear(told, time.monotonic())
        if told.published:
            self._came.add(source)

    def counters(self) -> dict[str, float]:
        """For ``/metrics``: pictures that converting had no time for, and packets that could not be sent."""
        return {"sources_skipped_total": self._skipped.total}

    def begin(self, source: str) -> None:
        """It is switched on anew: nobody has come yet."""
        self._came.discard(source)

    def forget(self, source: str) -> None:
        """A source was removed."""
        self._told.pop(source, None)
        self._skipped.forget(source)
        self._strains.pop(source, None)
        self.begin(source)
        self.look()

    def order(self, source: str, order: Order) -> bool:
        """Hold, go on, move; False when it does not run."""
        process = self._processes.get(source)
        if process is None:
            return False
        process.order(order)
        return True

    def look(self) -> None:
        """What is wanted may have changed."""
        self._changed.set()

    @property
    def count(self) -> int:
        """Processes of ours that run."""
        return len(self._tasks)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._changed.clear()
                self._reconcile(group)
                try:
                    async with asyncio.timeout(LOOK_S):
                        await self._changed.wait()
                except TimeoutError:
                    continue

    def _reconcile(self, group: asyncio.TaskGroup) -> None:
        wanted = {source.id: source for source in self._wanted()}
        for identity, task in self._tasks.items():
            if identity not in wanted:
                task.cancel()
        for identity, source in wanted.items():
            if identity in self._tasks:
                continue
            if len(self._tasks) >= self._most:
                self._told[identity] = Told(State.FAILED, Why.TOO_MANY)
                continue
            self._tasks[identity] = group.create_task(self._live(source))

    async def _live(self, source: Source) -> None:
        process = SourceProcess(source.id, lambda: self._job(source), lambda told: self.hear(source.id, told))
        self._processes[source.id] = process
        last = Told(State.STOPPED)
        try:
            last = await process.run()
            self._ended(source)
        except Exception:  # one source fails; the others go on
            log.exception("source_broke", source=source.id)
            last = Told(State.FAILED, Why.BROKEN)
            self._ended(source)
        finally:
            self.hear(source.id, last)
            del self._processes[source.id], self._tasks[source.id]
            self.look()
