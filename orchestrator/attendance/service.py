"""Orders roll calls, takes the counts in, and knows the latest number of every room."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from functools import partial

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.attendance import store
from orchestrator.attendance.events import CountReceived, NumberDeclared, RollCallOrdered
from orchestrator.attendance.model import (
    DAY_NS,
    Burst,
    Declared,
    Kind,
    RollCall,
    SiteCount,
    check_burst,
    check_declared,
    day_began_ns,
    said_of,
)
from orchestrator.attendance.numbers.model import BEFORE_NS, declared_for
from orchestrator.attendance.rules.model import RoomRule
from orchestrator.attendance.sworn import why_not_kept, why_not_sworn
from orchestrator.attendance.verify.model import Trouble
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked
from orchestrator.live.port import Bus, Lagged
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.evidence import evidence_digest, read_evidence
from wire.ids import EnrolmentId, RollCallId, SessionId, SiteId, new_id
from wire.messages import DeclaredCount, Down, RollCallCount, RollCallOrder

log = structlog.get_logger()

MS = 1_000_000
MOST_DECLARED = 100
"""Declared numbers of a site that are kept in memory."""

Send = Callable[[SiteId, Down], bool]
KeyOf = Callable[[Connection, EnrolmentId], bytes | None]
RuleOf = Callable[[Connection, SessionId], RoomRule]
"""The rule that holds in the rooms of a session."""


class Latest(msgspec.Struct, frozen=True):
    """The newest roll call of a site with its answer, ``awaited`` while one may still come, and the declared number
    that holds in it; before the first roll call, the number that was declared without one."""

    call: RollCall | None = None
    count: SiteCount | None = None
    declared: Declared | None = None
    awaited: bool = False


class Attendance:
    """Roll calls of the last day in memory; SQL has them all."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        send: Send,
        audit: Audit,
        key_of: KeyOf,
        rule_of: RuleOf = lambda _conn, _session: RoomRule(),
    ) -> None:
        self._rule_of = rule_of
        self._database = database
        self._clock = clock
        self._bus = bus
        self._send = send
        self._audit = audit
        self._key_of = key_of
        self._calls: dict[RollCallId, RollCall] = {}
        self._newest: dict[tuple[SiteId, SessionId | None], RollCall] = {}
        self._counts: dict[tuple[RollCallId, SiteId], SiteCount] = {}
        self._declared: dict[SiteId, list[Declared]] = {}
        self._withdrawn: set[RollCallId] = set()
        self._news: deque[CountReceived | NumberDeclared] = deque()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listened = False

    async def load(self) -> None:
        """Read the roll calls of the last day, so that a restarted centre goes on with them."""
        since = self._clock.now_ns() - DAY_NS
        calls = await self._database.read(lambda conn: store.load_roll_calls(conn, since))
        self._calls = {call.id: call for call in calls}
        counts = await self._database.read(lambda conn: store.load_counts(conn, list(self._calls)))
        self._counts = {(count.roll_call, count.site): count for count in counts}
        for each in await self._database.read(lambda conn: store.load_declared(conn, since, list(self._calls))):
            self._keep(each)
        self._place()

    def _place(self) -> None:
        """Let go of what is older than a day, and note which call is the newest of each site, in each session too."""
        since = self._clock.now_ns() - DAY_NS
        self._calls = {name: call for name, call in self._calls.items() if call.at_ns >= since}
        self._counts = {key: count for key, count in self._counts.items() if key[0] in self._calls}
        self._withdrawn.intersection_update(self._calls)
        ordered = sorted(self._calls.values(), key=lambda call: call.at_ns)
        self._newest = {(site, of): call for call in ordered for site in call.sites for of in (None, call.session)}
        for site, given in self._declared.items():
            self._declared[site] = [one for one in given if one.at_ns >= since or one.roll_call in self._calls]

    def _keep(self, declared: Declared) -> None:
        self._declared[declared.site] = [*self._declared.get(declared.site, ()), declared][-MOST_DECLARED:]

    def latest(self, site: SiteId, session: SessionId | None = None, begins_ns: int = 0) -> Latest:
        """What the wall shows of a site: of the session on its screen, which begins at ``begins_ns``; without one, of
        today. What was counted and said in another session, or on another day, is not of now."""
        now = self._clock.now_ns()
        since = day_began_ns(now) if session is None else now - DAY_NS
        given = self._declared.get(site, ())
        call = self._newest.get((site, session))
        if call is None or call.at_ns < since:
            since = max(since, begins_ns - BEFORE_NS)
            return Latest(declared=said_of([one for one in given if one.roll_call is None and one.at_ns >= since]))
        count = self._counts.get((call.id, site))
        said = said_of(declared_for(call, None, given))
        return Latest(call, count, said, awaited=count is None and call.wanted_at(now))

    def of_session(self, session: SessionId) -> list[tuple[RollCall, dict[SiteId, SiteCount]]]:
        """A session's roll calls of the last day, the newest first, with the counts that are in."""
        calls = sorted((c for c in self._calls.values() if c.session == session), key=lambda each: -each.at_ns)
        return [
            (call, {site: self._counts[call.id, site] for site in call.sites if (call.id, site) in self._counts})
            for call in calls
        ]

    def awaits(self, call: RollCall) -> bool:
        """Whether a room that has not answered still may."""
        return call.wanted_at(self._clock.now_ns())

    def given_in(self, call: RollCall) -> dict[SiteId, list[Declared]]:
        """By site the numbers that were declared for a roll call, in the order of `declared_for`."""
        later = [each.at_ns for each in self._calls.values() if each.session == call.session]
        next_ns = min((at_ns for at_ns in later if at_ns > call.at_ns), default=None)
        return {site: declared_for(call, next_ns, self._declared.get(site, ())) for site in call.sites}

    async def order(
        self,
        who: Identity,
        session: SessionId,
        sites: frozenset[SiteId],
        burst: Burst,
        kind: Kind = Kind.ORDER,
        name: RollCallId | None = None,
    ) -> RollCall:
        """Ask every site to count at one moment, under the rule that holds in the session's rooms now.

        ``name``: of a roll call that may have been ordered already; then that one is returned, and sent again.
        """
        check_burst(burst)
        if not sites:
            raise Refused("no_site", "Buổi học chưa có điểm cầu. / The session has no site.", 422)
        at_ns = self._clock.now_ns() + burst.lead_ms * MS

        def work(conn: Connection) -> RollCall:
            known = store.find_call(conn, name) if name is not None else None
            if known is not None:
                return known
            rule = self._rule_of(conn, session)
            call = RollCall(
                id=name or RollCallId(new_id("rollcall")),
                session=session,
                at_ns=at_ns,
                nonce=secrets.token_bytes(16),
                ordered_by=who.person,
                sites=sites,
                frames=burst.frames,
                span_ms=burst.span_ms,
                kind=kind,
                policy=rule.policy,
                keep_days=rule.keep_days,
                tolerance=rule.tolerance,
            )
            store.insert_roll_call(conn, call)
            self._audit.record(conn, who.username, "rollcall.order", call.id, session)
            return call

        call = await self._database.write(work)
        self._calls[call.id] = call
        self._place()
        sent = sum(self._send(site, _order(call)) for site in sorted(sites))
        log.info("roll_call_ordered", roll_call=call.id, sites=len(sites), sent=sent)
        await self._bus.publish(RollCallOrdered(call.id, session, call.at_ns, tuple(sorted(sites))))
        return call

    def withdraw(self, call: RollCallId) -> None:
        """Ask no room any more that returns; what comes in counts. Not written: orders say it again after a restart."""
        self._withdrawn.add(call)

    def take_count(
        self, conn: Connection, site: SiteId, enrolment: EnrolmentId, _sequence: int, record: RollCallCount
    ) -> None:
        """For the record stream: store a site's count inside its transaction, in the database thread.

        A count for a roll call that the site was not asked for, or with another nonce, is refused, which sets the
        record aside for a person. The first sworn count of a site stands; one that is not what the site's key signed
        is kept, flagged, until a sworn one comes. A picture that the roll call's policy does not allow is not kept.
        """
        asked = store.find_asked(conn, record.roll_call, site)
        if asked is None or asked.nonce != record.nonce:
            raise Refused("unasked", "a count that nobody asked for")
        trouble = why_not_sworn(record, asked, site, self._key_of(conn, enrolment))
        count = SiteCount(
            roll_call=record.roll_call,
            site=site,
            count=record.count,
            minimum=record.minimum,
            maximum=record.maximum,
            frames_used=record.frames_used,
            quality=record.quality,
            reason=record.reason,
            lo_ns=record.lo_ns,
            hi_ns=record.hi_ns,
            received_ns=self._clock.now_ns(),
            evidence=record.evidence,
            signature=record.signature,
            verified=trouble is None,
        )
        if trouble is not None:
            self._flag(conn, count, trouble)
        # Nobody swore to the picture of a count that is not sworn: it is not kept.
        picture = record.picture if count.verified else None
        refused = why_not_kept(picture, asked.policy) if picture is not None else ""
        if store.insert_count(conn, count, None if refused else picture):
            if picture is not None and refused:
                self._refuse_picture(conn, count, picture, refused)
            elif count.verified and record.let_go and picture is None:
                self._note_let_go(conn, count)
            self._from_thread(conn, count)

    def _flag(self, conn: Connection, count: SiteCount, trouble: Trouble) -> None:
        """A count that is not what the site swore to: who looks afterwards finds what it claimed."""
        log.warning("count_not_sworn", site=count.site, roll_call=count.roll_call, trouble=trouble)
        told = {"trouble": str(trouble), "claimed": count.count}
        self._audit.record(conn, "centre", "attendance.not_sworn", f"{count.roll_call}/{count.site}", told)

    def _refuse_picture(self, conn: Connection, count: SiteCount, picture: bytes, why: str) -> None:
        """A picture that the rule does not let out of the room is never written, and that is told as an erasure is."""
        log.warning("picture_against_policy", site=count.site, roll_call=count.roll_call, why=why, size=len(picture))
        self._tell_erased(conn, count, evidence_digest(picture), len(picture), "centre", why)

    def _note_let_go(self, conn: Connection, count: SiteCount) -> None:
        """A centre that was restored has lost the picture, and the site kept none of what the centre had."""
        digest = read_evidence(count.evidence).picture
        if digest:
            self._tell_erased(conn, count, digest, 0, "site", "let_go")

    def _tell_erased(self, conn: Connection, count: SiteCount, digest: bytes, size: int, who: str, why: str) -> None:
        now = count.received_ns
        store.insert_erasure(conn, store.Erasure(count.roll_call, count.site, digest, size, now, now, who, why))
        told = {"digest": digest.hex(), "why": why}
        self._audit.record(conn, who, "attendance.erased", f"{count.roll_call}/{count.site}", told)

    def take_declared(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: DeclaredCount
    ) -> None:
        """For the record stream: store a number that the site manager declared."""
        declared = Declared(
            roll_call=record.roll_call,
            site=site,
            number=record.number,
            at_ns=record.at_ns,
            by="site",
            signed_by=record.signed_by,
            word=record.word,
            listed=record.listed,
        )
        store.insert_declared(conn, declared)
        self._from_thread(conn, declared)

    def _from_thread(self, conn: Connection, news: SiteCount | Declared) -> None:
        # In the database thread, before the commit: nothing is told of a batch that is rolled back.
        after_commit(conn, partial(self._in_loop, news))

    def _in_loop(self, news: SiteCount | Declared) -> None:
        if self._loop is None:
            self._note(news)
        else:
            self._loop.call_soon_threadsafe(self._note, news)

    def _note(self, news: SiteCount | Declared) -> None:
        if isinstance(news, SiteCount):
            if news.roll_call in self._calls:
                self._counts[news.roll_call, news.site] = news
            self._news.append(CountReceived(news.roll_call, news.site, news.count, news.reason, news.received_ns))
        else:
            self._keep(news)
            self._news.append(NumberDeclared(news.site, news.number, news.at_ns, news.listed))
        self._wake.set()

    def session_of(self, call_id: RollCallId) -> SessionId:
        """The session of a roll call of the last day. Refuses `no_roll_call`."""
        call = self._calls.get(call_id)
        if call is None:
            raise Refused("no_roll_call", "Không có lần điểm danh này. / No such roll call.", 404)
        return call.session

    async def declare(self, who: Identity, call_id: RollCallId, site: SiteId, number: int) -> None:
        """An operator enters what a room said on the telephone."""
        check_declared(number)
        call = self._calls.get(call_id)
        if call is None or site not in call.sites:
            raise Refused("no_roll_call", "Không có lần điểm danh này. / No such roll call.", 404)
        declared = Declared(call_id, site, number, self._clock.now_ns(), who.person)

        def work(conn: Connection) -> None:
            self._audit.record(conn, who.username, "rollcall.declare", f"{call_id}/{site}", str(number))
            store.insert_declared(conn, declared)

        await self._database.write(work)
        self._note(declared)

    async def run(self) -> None:
        """Ask again whoever was away, and tell what came in. Runs until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._greet())
            tasks.create_task(self._tell())

    async def _tell(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._news:
                await self._bus.publish(self._news.popleft())

    async def _greet(self) -> None:
        while True:
            async with self._bus.subscribe(SiteLinked) as events:
                if self._listened:  # rooms may have linked while nobody listened; an order that is known is harmless
                    for site in {site for call in self._calls.values() for site in call.sites}:
                        self._catch_up(site)
                self._listened = True
                try:
                    async for event in events:
                        if isinstance(event, SiteLinked) and not event.resumed:
                            self._catch_up(event.site)
                except Lagged:
                    log.warning("attendance_lagged")

    def _catch_up(self, site: SiteId) -> None:
        now = self._clock.now_ns()
        for call in self._calls.values():
            wanted = call.wanted_at(now) and call.id not in self._withdrawn
            if wanted and site in call.sites and (call.id, site) not in self._counts:
                self._send(site, _order(call))


def _order(call: RollCall) -> RollCallOrder:
    return RollCallOrder(
        roll_call=call.id,
        session=call.session,
        nonce=call.nonce,
        at_ns=call.at_ns,
        frames=call.frames,
        span_ms=call.span_ms,
        policy=call.policy,
    )
