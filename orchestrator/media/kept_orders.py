"""What differs from the ordinary, by stream: given again to a worker that starts anew. One that refuses, e.g. because
it is full, is asked again, slower and slower, for as long as it lives."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator

import msgspec
import structlog

from orchestrator.errors import Refused
from orchestrator.media.port import AirOrder, Rung

log = structlog.get_logger()

PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, *[30.0] * 10)
"""Before each further try. After the last a worker is left as it is: its next life, or the next order, helps."""

Tell = Callable[[str, str, str, bytes], Awaitable[int]]
"""Method, stream, path and content of a request to the stream's worker -> its status. Raises :class:`Refused`."""


class KeptOrders:
    """Orders in force, by stream, and the giving of them."""

    def __init__(self, tell: Tell, *, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
        self._tell = tell
        self._pauses_s = pauses_s
        self.air: dict[str, AirOrder] = {}
        self.rungs: dict[str, dict[str, Rung]] = {}
        self.hushed: set[str] = set()
        self.refused: Counter[int] = Counter()
        """Orders that were given again and not taken, each time counted, by worker."""

    def streams(self) -> set[str]:
        """All that have an order."""
        return {*self.air, *self.rungs, *self.hushed}

    def forget(self, stream: str) -> None:
        """The stream is closed."""
        self.air.pop(stream, None)
        self.rungs.pop(stream, None)
        self.hushed.discard(stream)

    async def give(self, worker: int, streams: Iterable[str]) -> list[str]:
        """Give a worker its streams' orders; returns the streams of which it did not take all."""
        return [stream for stream in streams if not await self._given(worker, stream)]

    async def give_again(self, worker: int, refused: list[str]) -> None:
        """Give what was not taken, until it is or there were tries enough. To be cancelled when the worker ends."""
        if not refused:
            return
        log.error("orders_refused", worker=worker, streams=len(refused), first=refused[0])
        for pause_s in self._pauses_s:
            await asyncio.sleep(pause_s)
            refused = await self.give(worker, refused)
            if not refused:
                return
        log.error("orders_given_up", worker=worker, streams=len(refused), first=refused[0])

    async def _given(self, worker: int, stream: str) -> bool:
        taken = True
        for path, content in self._of(stream):
            try:
                status = await self._tell("PUT", stream, f"/streams/{stream}/{path}", content)
            except Refused as refused:
                status = refused.status
            if status >= 300:
                self.refused[worker] += 1
                taken = False
        return taken

    def _of(self, stream: str) -> Iterator[tuple[str, bytes]]:
        """Each as it is when its turn comes: people go on ordering meanwhile."""
        if stream in self.hushed:
            yield "hush", b""
        if stream in self.air:
            yield "air", msgspec.json.encode(self.air[stream])
        if stream in self.rungs:
            yield "rungs", msgspec.json.encode(self.rungs[stream])
