"""One slate on its way: drawn when its text or its clock changes, encoded a few times a second, published by WHIP."""

from __future__ import annotations

import asyncio
import time

import av
import structlog

from orchestrator.clock import Clock
from orchestrator.media.slate.drawing import Easel
from orchestrator.media.slate.encoding import AUDIO_CLOCK, SILENCE, SILENCE_MS, VIDEO_CLOCK, Encoder
from orchestrator.media.slate.model import Face, Slate, clock_text
from orchestrator.media.sources.publishing import EncodedPublisher

log = structlog.get_logger()

SHOWN_S, HIDDEN_S = 0.2, 0.5
"""Between two pictures while rooms see the slate (a screen that stands for 2 s counts as stalled), and while they see
somebody else and it only has to be ready."""
LEAD_S = 0.02
FAULT_S = 1.0


class Showing:
    """Keeps one slate published. ``slate`` may be replaced at any time by one of the same stream and address."""

    def __init__(self, slate: Slate, clock: Clock) -> None:
        self.slate = slate
        self._clock = clock
        self._publisher = EncodedPublisher(
            slate.url, self._token, keyframe_wanted=self._want, lead_s=LEAD_S, video=slate.video
        )
        self._easel = Easel()
        self._encoder = Encoder(slate.video)
        self._put: tuple[Face, str] | None = None
        self._wanted = asyncio.Event()
        self._began = time.monotonic()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._publisher.run())
            group.create_task(self._pictures())
            group.create_task(self._silence())

    async def _token(self) -> str:
        return self.slate.token

    def _want(self) -> None:
        self._wanted.set()

    async def _pictures(self) -> None:
        while True:
            try:
                keyframe = self._wanted.is_set()
                self._wanted.clear()
                self._picture(keyframe=keyframe)
            except av.FFmpegError as fault:
                log.error("slate_not_encoded", stream=self.slate.stream, error=str(fault)[:300])
                await asyncio.sleep(FAULT_S)
            await self._next()

    async def _next(self) -> None:
        """Until the next picture is due, or a keyframe is wanted at once."""
        try:
            async with asyncio.timeout(SHOWN_S if self.slate.shown else HIDDEN_S):
                await self._wanted.wait()
        except TimeoutError:
            return

    def _picture(self, *, keyframe: bool) -> None:
        face = self.slate.face
        shows = face, clock_text(face, self._clock.now_ns() // 1_000_000)
        if shows != self._put:
            self._encoder.put(self._easel.picture(*shows))
            self._put = shows
        if self._publisher.stats.state != "publishing":
            return
        at = round((time.monotonic() - self._began) * VIDEO_CLOCK)
        unit, keyframe = self._encoder.encode(at, keyframe=keyframe)
        self._publisher.picture(unit, at, keyframe=keyframe)

    async def _silence(self) -> None:
        step_s = SILENCE_MS / 1000
        due = time.monotonic()
        while True:
            now = time.monotonic()
            due = max(due + step_s, now - 1)
            await asyncio.sleep(max(0.0, due - now))
            at = round((due - self._began) * AUDIO_CLOCK)
            self._publisher.sound(SILENCE, at)
