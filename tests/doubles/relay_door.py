"""The way to a relay of its own, as the centre's media plane offers it, and a recorder that a test owns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp

from orchestrator.errors import Refused
from orchestrator.media.recorder.talk import Begin, FromRecorder, Track
from orchestrator.media.recorders import RecorderProcess
from orchestrator.media.workers import Reply

Said = TypeVar("Said")


class RelayDoor:
    """:class:`orchestrator.media.recorders.Door` over HTTP to one relay."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self.url = url

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        try:
            async with self._http.request(method, self.url + path, headers=headers, data=content or None) as reply:
                return Reply(reply.status, list(reply.headers.items()), await reply.read())
        except aiohttp.ClientError as error:
            raise Refused("media_unavailable", "away", 503) from error


class OwnRecorder:
    """A recorder process and everything it said."""

    def __init__(self, door: RelayDoor, token: str) -> None:
        self.said: list[FromRecorder] = []
        self.process = RecorderProcess(door, lambda stream: token, self.said.append)
        self.task: asyncio.Task[int] | None = None

    def of(self, kind: type[Said]) -> list[Said]:
        return [one for one in self.said if isinstance(one, kind)]

    async def end(self) -> None:
        """Stop it as the centre does."""
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@asynccontextmanager
async def recorder(
    url: str,
    folder: Path,
    *,
    stream: str = "session-a-lecture",
    segment_s: float = 300,
    reserve: int = 0,
    starts: int = 0,
    number: int = 1,
    token: str = "none",
) -> AsyncIterator[OwnRecorder]:
    """It records one stream of the relay at ``url`` into ``folder`` while the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    shift = time.time_ns() - time.monotonic_ns()
    begin = Begin(str(folder), [Track("lecture", stream, number, starts)], segment_s, reserve, shift, ["127.0.0.1"])
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as tasks:
        one = OwnRecorder(RelayDoor(http, url), token)
        one.task = tasks.create_task(one.process.run(begin))
        try:
            yield one
        finally:
            one.task.cancel()
            await asyncio.gather(one.task, return_exceptions=True)
