"""The timeline: what happened in a session, at the moment it happened, from whatever tells it over the bus.

A feature that wants its events on the timeline adds a line here, and its sentence in
`dashboard/src/recordings/markwords.ts`; the event needs a field `session`, and may have `at_ns`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.live.port import Bus, Event, Lagged, Leases
from orchestrator.recordings import store
from orchestrator.recordings.model import TEXT_LIMIT, Mark
from orchestrator.storage.engine import Database
from wire.ids import SessionId, SiteId

log = structlog.get_logger()

LEASE_S = 15.0


class Kind(msgspec.Struct, frozen=True):
    """How an event is marked: the stable word, and the fields whose values are its text. With ``by`` the word is
    followed by that field's value (`session_live`). A field ``site`` is told by the site's name."""

    kind: str
    text: tuple[str, ...] = ()
    by: str = ""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "SessionChanged": Kind("session", by="state"),
        "AirChanged": Kind("air", ("why",), by="air"),
        "FloorGiven": Kind("floor_given", ("site",)),
        "FloorTaken": Kind("floor_taken", ("site",)),
        "QuestionAsked": Kind("question", ("site",)),
        "RollCallOrdered": Kind("roll_call"),
        "SlideTurned": Kind("slide", ("page",)),
    }
)


class Marks:
    """Writes marks down. Of several processes the one that holds the lease writes what the bus tells."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        leases: Leases,
        owner: str,
        known: Callable[[SessionId], bool],
        site_name: Callable[[SiteId], str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._leases = leases
        self._owner = owner
        self._known = known
        self._site_name = site_name

    async def mark(self, session: SessionId, kind: str, at_ns: int, text: str = "") -> None:
        """Put something on a session's timeline. What belongs to no session is let go."""
        if self._known(session):
            made = Mark(session, kind[:40], at_ns, text[:TEXT_LIMIT])
            await self._database.write(lambda conn: store.insert_mark(conn, made))

    async def run(self) -> None:
        """Follow the bus until cancelled."""
        while True:
            async with self._bus.subscribe() as events:
                try:
                    async for event in events:
                        await self._take(event)
                except Lagged:
                    log.warning("marks_lagged")

    async def _take(self, event: Event) -> None:
        kind = KINDS.get(type(event).__name__)
        session = getattr(event, "session", None)
        if kind is None or not session:
            return
        if await self._leases.acquire("recording_marks", self._owner, LEASE_S) is None:
            return
        word = f"{kind.kind}_{getattr(event, kind.by, '')}" if kind.by else kind.kind
        texts = [self._text(event, name) for name in kind.text]
        at_ns = int(getattr(event, "at_ns", 0)) or self._clock.now_ns()
        await self.mark(SessionId(session), word, at_ns, " · ".join(text for text in texts if text))

    def _text(self, event: Event, name: str) -> str:
        value = getattr(event, name, None)
        if value is None:
            return ""
        return self._site_name(SiteId(value)) if name == "site" else str(value)
