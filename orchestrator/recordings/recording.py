"""One session being recorded: a recorder kept alive while it is wanted, its reports written down, its trouble known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from orchestrator.clock import Clock
from orchestrator.media.recorder.disk import Closed, Grew, Opened, Trouble
from orchestrator.media.recorder.talk import Begin, Figures, FromRecorder, Line
from orchestrator.media.recorders import RecorderProcess
from orchestrator.recordings.ledger import Inbox, Ledger
from orchestrator.recordings.model import LECTURE

log = structlog.get_logger()

AGAIN_S = (0.2, 1.0, 3.0, 10.0)
STEADY_S = 30.0
ALIVE_NS = 4 * 10**9
"""A recording whose file did not grow for so long does not run."""
DEAD, CODEC = "recorder_dead", "other_codec"

Start = Callable[[Callable[[FromRecorder], None]], RecorderProcess]


class Recording:
    """``begin()`` says what a recorder is to do, each time one is started. Cancel :meth:`run` to stop: when that is
    done, the recorder is gone and its files are closed. ``counted`` hears what each recorder counts, from nought."""

    def __init__(
        self,
        ledger: Ledger,
        start: Start,
        begin: Callable[[], Awaitable[Begin]],
        clock: Clock,
        *,
        keep_days: int,
        counted: Callable[[Figures], None] = lambda _: None,
    ) -> None:
        self._ledger = ledger
        self._start = start
        self._begin = begin
        self._clock = clock
        self._keep_days = keep_days
        self._counted = counted
        self._grew_ns = 0
        self._troubles: dict[str, str] = {}
        self.refused = ""
        self.figures = Figures(0, 0, 0.0)
        self.process: RecorderProcess | None = None
        self.deaths = 0

    @property
    def running(self) -> bool:
        """Whether the lecture reaches the disk."""
        return self._clock.now_ns() - self._grew_ns < ALIVE_NS

    @property
    def trouble(self) -> str:
        """The word of what keeps it from being written; empty when nothing does."""
        return next((word for word in self._troubles.values() if word), "")

    async def run(self) -> None:
        """Until cancelled."""
        failures = 0
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._live()
            except OSError as error:
                log.error("recorder_not_started", error=str(error))
            self.deaths += 1
            failures = 0 if loop.time() - began > STEADY_S else failures + 1
            if failures > 1:
                self._troubles["process"] = DEAD
            log.error("recorder_died", session=self._ledger.folder.name, deaths=self.deaths)
            await asyncio.sleep(AGAIN_S[min(failures, len(AGAIN_S) - 1)])

    async def _live(self) -> None:
        """One recorder's life. Whatever ends it, what it said is written and what it left open is mended."""
        inbox = Inbox()
        self._counted(Figures(0, 0, 0.0))
        self.process = self._start(inbox.put)
        begin = await self._begin()
        writing = asyncio.get_running_loop().create_task(inbox.each(self._take))
        try:
            await self.process.run(begin)
        finally:
            inbox.end()
            await asyncio.shield(self._settled(writing))

    async def _settled(self, writing: asyncio.Task[None]) -> None:
        await asyncio.gather(writing, return_exceptions=True)
        self._grew_ns = 0
        await self._ledger.mend()

    async def _take(self, said: FromRecorder) -> None:
        match said:
            case Grew(track=track) if track == LECTURE:
                self._grew_ns = self._clock.now_ns()
                self._troubles.pop("process", None)
            case Opened(track=track) if track == LECTURE:
                self._grew_ns = self._clock.now_ns()
            case Trouble(track=track, word=word):
                self._troubles[track] = word
                log.warning("recording_trouble", session=self._ledger.folder.name, track=track, word=word)
            case Line(track=track, state=state, why=why):
                if track == LECTURE:
                    self.refused = why if state == "refused" else ""
                    self._troubles["line"] = CODEC if self.refused == "not_acceptable" else ""
                log.info("recorder_line", session=self._ledger.folder.name, track=track, state=state, why=why)
            case Figures():
                self.figures = said
                self._counted(said)
            case _:
                pass
        if isinstance(said, Opened | Grew | Closed):
            try:
                await self._ledger.write(said, self._keep_days)
            except Exception:
                # The file has it all; it is mended from there.
                log.exception("recording_not_noted", session=self._ledger.folder.name)
