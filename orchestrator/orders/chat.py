"""Short lines between the operators and a site's desk: durable both ways, said again until the site keeps them.

A conversation belongs to the site, not to one operator: everybody in the operations room reads and answers the same.
Each line remembers the session that was on at the site, so that the history stays with the course.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.orders import chat_store
from orchestrator.orders.chat_store import ChatRow, Talk
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from orchestrator.web.rate import Attempts, refuse_until
from wire.ids import EnrolmentId, OrderId, SiteId, new_id
from wire.messages import Down, Heartbeat, OrderSeen
from wire.orders import CHAT, CHAT_LETTERS, ChatLine, ChatSaid

log = structlog.get_logger()

S = 10**9
REPEAT_NS = 24 * 3600 * S
"""For so long a line is said again to a site that links; after a day it would only confuse."""
LISTED = 200
LINES_PER_MINUTE = 30
FROM_SITE = 200
"""Lines of one site within ten minutes: a morning's lines come at once after an outage, a faulty agent's never end."""

Send = Callable[[SiteId, Down], bool]
SessionAt = Callable[[SiteId], str | None]
AllSites = Callable[[], Awaitable[frozenset[SiteId]]]


class Chats:
    """All conversations. `session_at` is asked in the database thread too."""

    def __init__(
        self, database: Database, clock: Clock, *, send: Send, session_at: SessionAt, all_sites: AllSites
    ) -> None:
        self._database = database
        self._clock = clock
        self._send = send
        self._session_at = session_at
        self._all_sites = all_sites
        self._talks: dict[SiteId, Talk] = {}
        self._waiting: dict[OrderId, ChatRow] = {}
        self._fresh: set[SiteId] = set()
        self._by_person = Attempts(LINES_PER_MINUTE, 60 * S)
        self._by_site = Attempts(FROM_SITE, 600 * S)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def load(self) -> None:
        """Read the newest line of every site, and what no site has confirmed yet."""
        self._loop = asyncio.get_running_loop()
        since = self._clock.now_ns() - REPEAT_NS
        self._talks = {talk.last.site: talk for talk in await self._database.read(chat_store.talks)}
        rows = await self._database.read(lambda conn: chat_store.undelivered(conn, since))
        self._waiting = {row.id: row for row in rows}

    def talks(self) -> list[Talk]:
        """Open conversations: first those that wait for an answer, the longest wait first."""
        found = [talk for talk in self._talks.values() if talk.open]
        return sorted(found, key=lambda talk: (not talk.last.from_site, talk.last.at_ns))

    async def lines(self, site: SiteId) -> list[ChatRow]:
        """The last lines of a site, the oldest first."""
        return await self._database.read(lambda conn: chat_store.lines_of(conn, site, LISTED))

    async def history(self, sessions: Iterable[str]) -> list[ChatRow]:
        """What was written during these sessions, at all sites."""
        return await self._database.read(lambda conn: chat_store.lines_in(conn, sessions))

    async def say(self, who: Identity, site: SiteId, text: str) -> ChatRow:
        """Write to a site's desk. Raises `Refused`."""
        text = text.strip()
        if not 1 <= len(text) <= CHAT_LETTERS:
            raise Refused("bad_line", f"Mỗi tin dài 1 đến {CHAT_LETTERS} chữ. / 1 to {CHAT_LETTERS} letters.", 422)
        if site not in await self._all_sites():
            raise Refused("no_site", "Không có điểm cầu này. / No such site.", 404)
        refuse_until(self._by_person.take(who.person, self._clock.now_ns()))
        now_ns = self._clock.now_ns()
        line = self._line(OrderId(new_id("chat")), site, who.person, who.name, text, now_ns, None)
        row = await self._database.write(lambda conn: chat_store.insert(conn, line, now_ns))
        assert row is not None
        self._note(row)
        self._waiting[row.id] = row
        self._tell(row)
        return row

    async def close(self, site: SiteId) -> None:
        """Call a conversation finished; the next line opens it again."""
        talk = self._talks.get(site)
        if talk is not None:
            await self._database.write(lambda conn: chat_store.close(conn, site, talk.last.place))
            self._talks[site] = msgspec.structs.replace(self._talks[site], closed=talk.last.place)

    # --- what sites say --------------------------------------------------------------------------------------------

    def take_said(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, said: ChatSaid
    ) -> None:
        """For the record stream: keep a line of a site's desk; refuses `too_fast`, a repeat changes nothing."""
        now_ns = self._clock.now_ns()
        if self._by_site.take(site, now_ns):
            raise Refused("too_fast", "more lines than a person writes")
        line = self._line(OrderId(said.id), site, "", "", said.text, said.at_ns, now_ns)
        row = chat_store.insert(conn, line, now_ns)
        if row is not None:
            after_commit(conn, partial(self._from_thread, row))

    async def on_linked(self, site: SiteId, _enrolment: EnrolmentId, resumed: bool) -> None:  # noqa: FBT001
        """A link that was not resumed has lost what was sent over the one before."""
        if not resumed:
            self._fresh.add(site)

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, beat: Heartbeat) -> None:
        """Say again what a site that has just linked has not confirmed."""
        if site not in self._fresh or CHAT not in beat.takes:
            return
        self._fresh.discard(site)
        since = self._clock.now_ns() - REPEAT_NS
        for row in list(self._waiting.values()):
            if row.at_ns < since:
                del self._waiting[row.id]
            elif row.site == site:
                self._tell(row)

    async def on_seen(self, site: SiteId, _enrolment: EnrolmentId, seen: OrderSeen) -> None:
        """A site keeps a line."""
        row = self._waiting.get(seen.order)
        if row is None or row.site != site:
            return
        now_ns = self._clock.now_ns()
        await self._database.write(lambda conn: chat_store.delivered(conn, row.id, now_ns))
        self._waiting.pop(row.id, None)
        talk = self._talks.get(site)
        if talk is not None and talk.last.id == row.id:
            self._talks[site] = msgspec.structs.replace(
                talk, last=msgspec.structs.replace(talk.last, delivered_ns=now_ns)
            )

    def _tell(self, row: ChatRow) -> None:
        self._send(row.site, ChatLine(id=row.id, said_by=row.said_by[:300], text=row.text, at_ns=row.at_ns))

    def _line(
        self, name: OrderId, site: SiteId, person: str, said_by: str, text: str, at_ns: int, delivered_ns: int | None
    ) -> ChatRow:
        from_site = not person
        return ChatRow(0, name, site, from_site, person, said_by, text, at_ns, delivered_ns, self._session_at(site))

    def _from_thread(self, row: ChatRow) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._note, row)

    def _note(self, row: ChatRow) -> None:
        talk = self._talks.get(row.site)
        self._talks[row.site] = Talk(row, (talk.lines if talk else 0) + 1, talk.closed if talk else 0)
