"""A page's connection made of plain requests, for networks that let no WebSocket through.

A page posts what it has to say together with the number of the last frame it has; the reply carries the frames after
that one. With nothing to say it waits, so that the desk can speak first. Sending twice is harmless: frames are
numbered, and every message of a page is idempotent.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from typing import Annotated

import msgspec

from site_agent.exam.conversation import Conversation
from site_agent.exam.hall import Page
from site_agent.exam.limits import Bucket
from site_agent.exam.protocol import MAX_FRAME_BYTES

WAIT_S = 15.0
"""How long a page that says nothing is kept waiting for news."""
FORGOTTEN_S = 40.0
"""A page that has not asked for this long is gone."""
MOST_FRAMES = 512
DESK = "diemcau exam desk"
"""Stands in every reply: another web page that answers in the desk's place (a captive portal) does not say it."""


class Posted(msgspec.Struct, frozen=True):
    """What a page posts. `line` empty: a new connection; `got`: number of the last frame it has."""

    line: Annotated[str, msgspec.Meta(max_length=64)] = ""
    got: Annotated[int, msgspec.Meta(ge=0)] = 0
    say: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=64)] = msgspec.field(default_factory=list)


class Told(msgspec.Struct, frozen=True):
    """The reply: `frames` from number `first` on. `gone`: the desk does not know this line (any more)."""

    desk: str
    line: str
    first: int
    frames: list[msgspec.Raw]
    gone: bool = False


class Line:
    """One page that talks by requests; a `Page` for the hall."""

    def __init__(self, converse: Callable[[Page], Conversation], bucket: Bucket) -> None:
        self.name = secrets.token_hex(16)
        self.lost = False
        self._frames: deque[str] = deque()
        self._first = 1
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()
        self._bucket = bucket
        self._conversation = converse(self)

    def send(self, text: str) -> None:
        """Queue a frame; a page that does not fetch them is forgotten and comes back by itself."""
        self._frames.append(text)
        self.lost = self.lost or len(self._frames) > MOST_FRAMES
        self._news.set()

    async def exchange(self, posted: Posted, now: Callable[[], float]) -> Told:
        """Take what the page says, give it what it has not seen yet."""
        self._forget(posted.got)
        async with self._turn:
            for raw in posted.say:
                if len(raw) > MAX_FRAME_BYTES or not self._bucket.allows(now()):
                    self.lost = True
                    break
                await self._conversation.hear(bytes(raw).decode(errors="replace"))
        if not posted.say and not self._frames and not self.lost:
            await self._wait()
        frames = [msgspec.Raw(text.encode()) for text in self._frames]
        return Told(desk=DESK, line=self.name, first=self._first, frames=frames, gone=self.lost)

    def leave(self) -> None:
        """The page is gone."""
        self._conversation.leave()

    def _forget(self, got: int) -> None:
        while self._frames and self._first <= got:
            self._frames.popleft()
            self._first += 1

    async def _wait(self) -> None:
        self._news.clear()
        try:
            async with asyncio.timeout(WAIT_S):
                await self._news.wait()
        except TimeoutError:
            return


class Lines:
    """The lines of a desk, at most `most`. A line that is not heard of for long is dropped."""

    def __init__(self, converse: Callable[[Page, str], Conversation], bucket: Callable[[], Bucket], most: int) -> None:
        self._converse = converse
        self._bucket = bucket
        self._most = most
        self._lines: dict[str, tuple[Line, asyncio.TimerHandle]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def find(self, name: str, peer: str) -> Line | None:
        """The line of that name, a new one for an empty name; None if it is unknown or there are too many."""
        if name:
            known = self._lines.get(name)
            return known[0] if known else None
        if len(self._lines) >= self._most:
            return None
        line = Line(lambda page: self._converse(page, peer), self._bucket())
        self.touch(line)
        return line

    def touch(self, line: Line) -> None:
        """The page was here just now; a line that has lost frames ends."""
        before = self._lines.pop(line.name, None)
        if before is not None:
            before[1].cancel()
        if line.lost:
            line.leave()
            return
        timer = asyncio.get_running_loop().call_later(FORGOTTEN_S, self._drop, line.name)
        self._lines[line.name] = (line, timer)

    def close(self) -> None:
        """Drop all of them."""
        for name in list(self._lines):
            self._drop(name)

    def _drop(self, name: str) -> None:
        known = self._lines.pop(name, None)
        if known is not None:
            known[1].cancel()
            known[0].leave()
