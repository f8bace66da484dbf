"""The chat of this site's desk: kept here first, then sent through the outbox; what operators write is kept and shown.

Nothing of it stands on the big screen: the picture that the screen's page is told carries only how many lines wait.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from site_agent.link.outbox import OutboxRefused
from site_agent.orders import chatbook
from site_agent.orders.chatbook import Line
from site_agent.orders.file import OrderFile
from site_agent.state import ChatMark, SiteState
from wire.messages import OrderSeen, Record
from wire.orders import CHAT_LETTERS, ChatLine, ChatSaid

log = structlog.get_logger()

SHOWN = 100
LINES_PER_MINUTE = 10
MINUTE_NS = 60 * 10**9
RETRY_S = 5.0


class ChatRefused(Exception):
    """A line is not taken; the code and the sentence for the person who wrote it."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class SiteChat:
    """One conversation: this desk and the operations room."""

    def __init__(
        self,
        file: OrderFile,
        state: SiteState,
        *,
        keep: Callable[[Record], Awaitable[int]],
        seen: Callable[[OrderSeen], None],
        now_ns: Callable[[], int],
    ) -> None:
        self._file = file
        self._state = state
        self._keep = keep
        self._seen = seen
        self._now_ns = now_ns
        self._written: deque[int] = deque(maxlen=LINES_PER_MINUTE)
        self._stir = asyncio.Event()
        self._through = 0
        self._changes = 0

    async def on_line(self, line: ChatLine) -> None:
        """For the line: keep what an operator wrote, then confirm it."""
        fresh = await self._file.run(
            lambda conn: chatbook.add_theirs(conn, line.id, line.said_by, line.text, line.at_ns)
        )
        self._seen(OrderSeen(order=line.id))
        if fresh:
            await self._tell()

    def on_committed(self, through: int) -> None:
        """For the outbox: the centre has it through this number."""
        self._through = through
        self._stir.set()

    async def say(self, name: str, text: str) -> None:
        """Write a line; `name` is the page's own, so that a repeated request writes one line. Raises `ChatRefused`."""
        text = text.strip()
        if not 1 <= len(text) <= CHAT_LETTERS or not 1 <= len(name) <= 40:
            raise ChatRefused("bad_line", f"Mỗi tin dài 1 đến {CHAT_LETTERS} chữ. / 1 to {CHAT_LETTERS} letters.", 400)
        now_ns = max(0, self._now_ns())
        if len(self._written) == LINES_PER_MINUTE and now_ns - self._written[0] < MINUTE_NS:
            raise ChatRefused("too_fast", "Gửi quá nhanh, hãy đợi một phút. / Too fast, wait a minute.", 429)
        try:
            await self._file.run(lambda conn: chatbook.add_mine(conn, name, text, now_ns))
        except sqlite3.Error as error:
            raise ChatRefused(
                "not_kept", "Máy này chưa ghi được tin. / This computer could not keep the line.", 503
            ) from error
        self._written.append(now_ns)
        self._stir.set()
        await self._tell()

    async def lines(self) -> list[Line]:
        """The last lines, the oldest first."""
        return await self._file.run(lambda conn: chatbook.newest(conn, SHOWN))

    async def read(self, through: int) -> None:
        """Somebody at the desk has read so far."""
        await self._file.run(lambda conn: chatbook.seen(conn, through))
        await self._tell()

    async def run(self) -> None:
        """Bring lines into the outbox and marks out of it. Runs until cancelled."""
        await self._tell()
        self._stir.set()
        while True:
            await self._stir.wait()
            self._stir.clear()
            try:
                await self._send()
                if await self._file.run(partial(chatbook.committed, through=self._through)):
                    await self._tell()
            except (sqlite3.Error, OutboxRefused) as error:
                log.error("chat_not_kept", error=type(error).__name__)
                await asyncio.sleep(RETRY_S)
                self._stir.set()

    async def _send(self) -> None:
        for line in await self._file.run(chatbook.unsent):
            number = await self._keep(ChatSaid(id=line.id, text=line.text, at_ns=line.at_ns))
            await self._file.run(partial(chatbook.sent, name=line.id, sequence=number))

    async def _tell(self) -> None:
        self._changes += 1
        unread = await self._file.run(chatbook.unread)
        self._state.put(chat=ChatMark(self._changes, unread))
