"""The numbers of roll calls: joined when somebody looks, asked about when they differ, corrected by a person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.attendance.events import NumberCorrected, RosterTicked
from orchestrator.attendance.model import RollCall
from orchestrator.attendance.numbers import store
from orchestrator.attendance.numbers.model import (
    Correction,
    RoomNumbers,
    RoomState,
    SignedSources,
    SiteFacts,
    check_correction,
    declared_for,
    room_numbers,
)
from orchestrator.attendance.numbers.presence import Point, SitePresence, Span, presence
from orchestrator.attendance.numbers.store import Named, Roll
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Bus
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import RollCallId, SessionId, SiteId
from wire.messages import CountQuestion, Down

HOUR_NS = 3600 * 10**9
ASK_FOR_HOURS = 4
"""For so long after a roll call its site is asked again at each new link."""

Facts = Callable[[SiteId], SiteFacts]


class RollNumbers(msgspec.Struct, frozen=True):
    """A roll call with its rooms by code."""

    call: RollCall
    rooms: list[RoomNumbers]
    pictures: frozenset[SiteId]


class SessionPresence(msgspec.Struct, frozen=True):
    """How many people were in each room over a session."""

    live: list[Span]
    sites: dict[SiteId, tuple[SiteFacts, SitePresence, int]]
    """Who it is, its presence, and how many roll calls gave it a number."""


class Numbers:
    """Everything from SQL, so that a restart and a second process see the same."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        audit: Audit,
        facts: Facts,
        send: Callable[[SiteId, Down], bool],
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._facts = facts
        self._send = send

    async def of_session(self, session: SessionId) -> list[RollNumbers]:
        """Every roll call, the newest first."""

        def work(conn: Connection) -> list[RollNumbers]:
            known = store.signed_in(conn, session)
            return [self._joined(roll, known) for roll in reversed(store.rolls_of_session(conn, session))]

        return await self._database.read(work)

    async def of_call(self, call: RollCallId) -> RollNumbers:
        """One roll call; refuses ``no_roll_call``."""
        return await self._database.read(lambda conn: self._found(conn, call))

    def _found(self, conn: Connection, call: RollCallId) -> RollNumbers:
        roll = store.find_roll(conn, call)
        if roll is None:
            raise no_roll_call()
        return self._joined(roll, store.signed_in(conn, roll.call.session))

    def _joined(self, roll: Roll, known: SignedSources) -> RollNumbers:
        rooms = [self._room(roll, site, known) for site in roll.call.sites]
        return RollNumbers(roll.call, sorted(rooms, key=lambda room: room.facts.code), roll.pictures)

    def _room(self, roll: Roll, site: SiteId, known: SignedSources) -> RoomNumbers:
        declared = declared_for(roll.call, roll.next_ns, roll.declared.get(site, ()))
        return room_numbers(
            roll.call,
            site,
            self._facts(site),
            roll.counts.get(site),
            declared,
            known.of(roll.call, site, declared),
            roll.corrections.get(site, ()),
            self._clock.now_ns(),
        )

    async def correct(self, who: Identity, call: RollCallId, site: SiteId, number: int, why: str) -> None:
        """Set what stands for a room; what stood before is kept beside it."""
        check_correction(number, why)

        def work(conn: Connection) -> None:
            found = self._found(conn, call)
            room = next((each for each in found.rooms if each.site == site), None)
            if room is None:
                raise no_roll_call()
            self.correct_in(conn, who, room, call, number, why)

        await self._database.write(work)
        await self.corrected(site)

    def correct_in(
        self, conn: Connection, who: Identity, room: RoomNumbers, call: RollCallId, number: int, why: str
    ) -> None:
        """The same inside the caller's transaction; `corrected` is for after it."""
        made = Correction(call, room.site, number, room.number, why.strip(), self._clock.now_ns(), who.username)
        store.insert_correction(conn, made)
        told = {"number": number, "before": room.number}
        self._audit.record(conn, who.username, "attendance.corrected", f"{call}/{room.site}", told)

    async def corrected(self, site: SiteId) -> None:
        """Tell of a correction that is in SQL."""
        await self._bus.publish(NumberCorrected(site))

    async def roster(self, session: SessionId, site: SiteId) -> list[Named]:
        """Who is expected at a site, and who was ticked."""
        return await self._database.read(lambda conn: store.roster(conn, session, site))

    async def tick(self, who: Identity, session: SessionId, site: SiteId, ticks: Mapping[str, bool]) -> list[Named]:
        """Tick people present or absent; earlier ticks stay as rows."""

        def work(conn: Connection) -> list[Named]:
            number = store.insert_ticks(conn, session, site, ticks, who.username, self._clock.now_ns())
            self._audit.record(conn, who.username, "attendance.ticked", f"{session}/{site}", {"people": number})
            return store.roster(conn, session, site)

        named = await self._database.write(work)
        await self._bus.publish(RosterTicked(session, site))
        return named

    async def presence(self, session: SessionId) -> SessionPresence:
        """How many people were in each room over the session; the formula stands in ``presence.py``."""
        rolls = await self.of_session(session)
        live = await self._database.read(lambda conn: store.live_spans(conn, session))
        now = self._clock.now_ns()
        points: dict[SiteId, list[Point]] = {}
        facts: dict[SiteId, SiteFacts] = {}
        for roll in rolls:
            for room in roll.rooms:
                facts[room.site] = room.facts
                found = points.setdefault(room.site, [])
                if room.number is not None:
                    moment = (room.count.lo_ns + room.count.hi_ns) // 2 if room.count else roll.call.at_ns
                    found.append(Point(moment, room.number))
        told = {site: (facts[site], presence(found, live, now), len(found)) for site, found in points.items()}
        return SessionPresence(live, told)

    async def asked(self, site: SiteId, calls: Collection[RollCallId]) -> set[RollCallId]:
        """Which of these roll calls ask this room something now, however long ago they were."""
        return await self._database.read(lambda conn: {call for call in calls if self._asks(conn, site, call)})

    def _asks(self, conn: Connection, site: SiteId, call: RollCallId) -> bool:
        for roll in store.recent_rolls(conn, site, 0, call):
            known = store.signed_in(conn, roll.call.session, site)
            return any(room.state is RoomState.ASKED for room in self._joined(roll, known).rooms)
        return False

    async def ask(self, site: SiteId, only: RollCallId | None = None) -> None:
        """Send the question of each roll call of the last hours at which this room's numbers differ unexplained."""
        for call, room in await self._database.read(lambda conn: self._open(conn, site, only)):
            count = room.count.sworn if room.count else None
            self._send(
                site,
                CountQuestion(
                    roll_call=call.id,
                    session=call.session,
                    at_ns=call.at_ns,
                    expected=room.facts.expected,
                    camera=count,
                    declared=room.declared[-1].number if room.declared else None,
                    signed_in=room.signed_in.number if room.signed_in else None,
                ),
            )

    def _open(self, conn: Connection, site: SiteId, only: RollCallId | None) -> list[tuple[RollCall, RoomNumbers]]:
        since = self._clock.now_ns() - ASK_FOR_HOURS * HOUR_NS
        known: dict[SessionId, SignedSources] = {}
        found = []
        for roll in store.recent_rolls(conn, site, since, only):
            session = roll.call.session
            if session not in known:
                known[session] = store.signed_in(conn, session, site)
            room = self._room(roll, site, known[session])
            if room.state is RoomState.ASKED:
                found.append((roll.call, room))
        return found


def no_roll_call() -> Refused:
    """There is no such roll call, or the site was not asked in it."""
    return Refused("no_roll_call", "Không có lần điểm danh này. / No such roll call.", 404)
