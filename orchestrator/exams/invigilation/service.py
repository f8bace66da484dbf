"""Keeps the ledger: takes in what sites measured and gave, lets a person decide once, and holds every site to its list.

A list is pushed whole whenever it changed and whenever a site links anew, so that a restarted or replaced computer has
it again; the site says in a record that it holds it. One that it does not say so of is pushed again, ever less often:
its disk may have refused it.
"""

import asyncio
from contextlib import suppress
from functools import partial

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams.invigilation import store
from orchestrator.exams.invigilation.model import (
    DECISIONS,
    GAIN_NOTHING,
    LINE_NS,
    Credit,
    Source,
    State,
    of_extra,
    of_outage,
    of_stop,
)
from orchestrator.exams.invigilation.ports import GrantLinks, Schools, Trail
from orchestrator.exams.invigilation.store import Connection, GrantList, Incident
from orchestrator.exams.invigilation.wishes import CreditWish, Decision
from orchestrator.exams.model import RUNNING, Stage
from orchestrator.exams.store import at_stages
from orchestrator.links.events import SiteLinked, SiteUnlinked
from orchestrator.live.port import Bus, Lagged
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Database
from wire.exam_fairness import (
    Cause,
    ExamExtra,
    ExamExtraWithdrawn,
    ExamGrants,
    ExamGrantsTaken,
    ExamIncident,
    ExamOutage,
    ExamResumed,
    ExamStopped,
    InvigilatorPinReset,
)
from wire.ids import EnrolmentId, ExamId, SiteId, new_id

TICK_S = 1.0
REST_NS, LONGEST_REST_NS = 5_000_000_000, 60_000_000_000
"""How long a list that a site does not say it holds rests before it is sent again: at first, and at most."""
STANDING = RUNNING | {Stage.SEALED}
"""Stages in which a site still needs its list."""

log = structlog.get_logger()


class _Sent(msgspec.Struct, frozen=True):
    """A list that went to a site, and how long it rests until it goes again."""

    serial: int
    at_ns: int
    rest_ns: int


class Credits:
    """The ledger of all exams in this process."""

    def __init__(
        self, database: Database, bus: Bus, clock: Clock, links: GrantLinks, schools: Schools, trail: Trail
    ) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._links = links
        self._schools = schools
        self._trail = trail
        self._sent: dict[tuple[ExamId, SiteId], _Sent] = {}
        self._computers: dict[SiteId, EnrolmentId] = {}
        self._said: dict[tuple[ExamId, SiteId], EnrolmentId] = {}
        """Which of a site's computers said last that it holds the list; nothing of what was said to an earlier life."""
        self._down: dict[SiteId, int] = {}
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    # --- what sites say, each inside the transaction that keeps the record -------------------------------------------

    def take_extra(self, conn: Connection, site: SiteId, _by: EnrolmentId, _n: int, record: ExamExtra) -> None:
        """An invigilator gave time, or asks for it; what was given to somebody who has moved follows them."""
        seat = _seat(conn, record.exam, record.grant.candidate, site)
        credit = of_extra(
            seat,
            record,
            given_before_s=store.given_by_site_s(conn, record.exam, site),
            closed_ns=store.closed_ns(conn, record.exam, seat),
        )
        if seat != site:
            credit = msgspec.structs.replace(credit, applied_ns=None)
        if store.add(conn, credit) and credit.state is State.APPROVED:
            self._changed(conn, record.exam, seat)

    def take_withdrawn(
        self, conn: Connection, site: SiteId, _by: EnrolmentId, _n: int, record: ExamExtraWithdrawn
    ) -> None:
        """An invigilator took it back."""
        credit = store.find(conn, record.id)
        if credit is None or credit.source is not Source.SITE:
            return
        if credit.site != site and not store.has_left(conn, record.exam, credit.candidate or "", site):
            return
        store.put(
            conn,
            msgspec.structs.replace(
                credit, state=State.WITHDRAWN, decided_by=record.who, decided_ns=record.at_ns, decision=""
            ),
        )
        self._changed(conn, record.exam, credit.site)

    def take_stopped(self, conn: Connection, site: SiteId, _by: EnrolmentId, _n: int, record: ExamStopped) -> None:
        """The fire button: nothing is more urgent on the board."""
        incident = Incident(
            id=record.id,
            exam=record.exam,
            site=site,
            candidate=None,
            kind=store.STOPPED,
            text=record.text,
            who=record.who,
            at_ns=record.at_ns,
            received_ns=self._clock.now_ns(),
        )
        if store.sits(conn, record.exam, site):
            store.add_incident(conn, incident)

    def take_resumed(self, conn: Connection, site: SiteId, _by: EnrolmentId, _n: int, record: ExamResumed) -> None:
        """The clock runs again, the gap is given back."""
        if store.add(conn, of_stop(site, record)):
            self._changed(conn, record.exam, site)

    def take_outage(self, conn: Connection, site: SiteId, _by: EnrolmentId, _n: int, record: ExamOutage) -> None:
        """A gap that the site measured."""
        store.add(conn, of_outage(_seat(conn, record.exam, record.candidate, site), record))

    def take_incident(self, conn: Connection, site: SiteId, _by: EnrolmentId, _n: int, record: ExamIncident) -> None:
        """A note."""
        fields = {name: getattr(record, name) for name in ExamIncident.__struct_fields__}
        if store.sits(conn, record.exam, site):
            store.add_incident(conn, Incident(**fields, site=site, received_ns=self._clock.now_ns()))

    def take_taken(self, conn: Connection, site: SiteId, by: EnrolmentId, _n: int, record: ExamGrantsTaken) -> None:
        """The site holds its list."""
        store.taken(conn, site, record)
        after_commit(conn, lambda: self._said.update({(record.exam, site): by}))

    # --- what people decide ------------------------------------------------------------------------------------------

    async def give(self, by: str, exam: ExamId, wish: CreditWish) -> list[str]:
        """Grant time from the province; returns the credits' ids. Refuses what the wish cannot mean."""
        sites = await self._meant(exam, wish)
        now = self._clock.now_ns()
        made = [
            Credit(
                id=new_id("credit"),
                exam=exam,
                site=site,
                candidate=wish.candidate,
                cause=wish.cause,
                source=Source.PROVINCE,
                state=State.APPROVED,
                seconds=wish.minutes * 60,
                at_ns=now,
                who=by,
                text=wish.text,
                decided_by=by,
                decided_ns=now,
            )
            for site in sites
        ]

        def work(conn: Connection) -> None:
            for credit in made:
                store.add(conn, credit)
            store.changed(conn, exam, {credit.site for credit in made})
            detail = {"scope": wish.scope, "minutes": wish.minutes, "sites": len(made), "candidate": wish.candidate}
            self._trail.record(conn, by, "exam.credit_given", exam, detail)

        await self._database.write(work)
        self._wake.set()
        return [credit.id for credit in made]

    async def decide(self, by: str, exam: ExamId, decision: Decision) -> list[Credit]:
        """One decision about one or many credits; refuses `bad_credit` when one of them cannot be decided so."""
        now = self._clock.now_ns()
        wanted = State(decision.decision)

        def work(conn: Connection) -> list[Credit]:
            decided = []
            for name in dict.fromkeys(decision.ids):
                credit = store.find(conn, name)
                if credit is None or credit.exam != exam or wanted not in DECISIONS.get(credit.state, ()):
                    raise Refused("bad_credit", f"Không quyết định được {name}. / It cannot be decided so.", 409)
                if wanted is State.WITHDRAWN and store.closed_ns(conn, exam, credit.site) is not None:
                    raise Refused("site_closed", "Điểm cầu đã kết thúc. / The site has closed.", 409)
                seconds = decision.minutes * 60 if decision.minutes is not None else credit.seconds
                decided.append(
                    msgspec.structs.replace(
                        credit,
                        state=wanted,
                        seconds=seconds if wanted is State.APPROVED else credit.seconds,
                        decided_by=by,
                        decided_ns=now,
                        decision=decision.reason,
                    )
                )
            for credit in decided:
                store.put(conn, credit)
            store.changed(conn, exam, {credit.site for credit in decided})
            detail = {"decision": decision.decision, "credits": len(decided), "reason": decision.reason}
            self._trail.record(conn, by, "exam.credit_decided", exam, detail)
            return decided

        decided = await self._database.write(work)
        self._wake.set()
        return decided

    async def see(self, by: str, exam: ExamId, incident: str) -> None:
        """Take an incident note up; refuses `no_such_incident`."""
        now = self._clock.now_ns()
        if not await self._database.write(lambda conn: store.see(conn, exam, incident, by, now)):
            raise Refused("no_such_incident", "Không có ghi chú này, hoặc đã có người xử lý. / No such note.", 404)

    async def reset_pin(self, by: str, site: SiteId) -> None:
        """Let a school that has forgotten its invigilator's PIN choose another; refuses `not_linked`: an order that
        waited could end the sessions of a later day."""
        if not self._links.send(site, InvigilatorPinReset(by=by)):
            raise Refused("not_linked", "Máy của điểm cầu chưa kết nối. / The site's computer is not connected.", 409)
        await self._database.write(lambda conn: self._trail.record(conn, by, "site.pin_reset", site))

    async def _meant(self, exam: ExamId, wish: CreditWish) -> list[SiteId]:
        if wish.scope == "candidate":
            number = wish.candidate or ""
            seat = await self._database.read(lambda conn: store.seat(conn, exam, number))
            return [seat] if seat is not None else _nobody()
        standings = await self._schools.sites()
        sitting = await self._database.read(
            lambda conn: [each.site.id for each in standings if store.sits(conn, exam, each.site.id)]
        )
        if wish.candidate is not None:
            _nobody()
        match wish.scope:
            case "all":
                meant = sitting
            case "district":
                meant = [s.site.id for s in standings if s.site.id in set(sitting) and wish.district in s.path]
            case _:
                meant = [site for site in sitting if site == wish.site]
        return meant or _nobody()

    # --- time --------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Push lists and watch lines until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch_links())
            tasks.create_task(self._push())

    async def step(self) -> None:
        """Send every linked site the lists that it was not sent over its present link, or does not say it holds."""
        exams = [exam.id for exam in await self._database.read(partial(at_stages, stages=STANDING))]
        linked = self._links.linked()
        for each in await self._database.read(partial(store.lists, exams=exams)) if exams else []:
            sent, now = self._sent.get((each.exam, each.site)), self._clock.now_ns()
            if each.site in linked and self._is_due(each, sent, now):
                held = await self._database.read(partial(store.grants, exam=each.exam, site=each.site))
                if self._links.send(each.site, ExamGrants(exam=each.exam, serial=each.serial, grants=held)):
                    self._sent[each.exam, each.site] = _went(each.serial, sent, now)

    async def _push(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self.step()
            except Exception:
                log.exception("grants_not_sent")
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._wake.wait()

    async def _watch_links(self) -> None:
        while True:
            self._sent.clear()
            self._wake.set()
            with suppress(Lagged):
                async with self._bus.subscribe(SiteLinked, SiteUnlinked) as events:
                    async for event in events:
                        if isinstance(event, SiteUnlinked):
                            self._down.setdefault(event.site, self._clock.now_ns())
                        elif isinstance(event, SiteLinked):
                            await self.site_linked(event.site, event.enrolment, resumed=event.resumed)

    async def site_linked(self, site: SiteId, computer: EnrolmentId, *, resumed: bool) -> None:
        """A site's link stands again: its list goes out once more, and the time without a line goes to the ledger."""
        self._computers[site] = computer
        if not resumed:
            self._sent = {key: sent for key, sent in self._sent.items() if key[1] != site}
        self._wake.set()
        since, now = self._down.pop(site, None), self._clock.now_ns()
        if since is not None and now - since >= LINE_NS:
            await self._database.write(lambda conn: _note_line(conn, site, since, now))

    def _is_due(self, wanted: GrantList, sent: _Sent | None, now_ns: int) -> bool:
        if sent is None or sent.serial != wanted.serial:
            return True
        computer = self._computers.get(wanted.site)
        another = computer is not None and self._said.get((wanted.exam, wanted.site), computer) != computer
        return (wanted.taken < wanted.serial or another) and now_ns >= sent.at_ns + sent.rest_ns

    def _changed(self, conn: Connection, exam: ExamId, site: SiteId) -> None:
        store.changed(conn, exam, [site])
        after_commit(conn, self._wake_from_thread)

    def _wake_from_thread(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)


def _went(serial: int, before: _Sent | None, now_ns: int) -> _Sent:
    if before is None or before.serial != serial:
        return _Sent(serial, now_ns, REST_NS)
    return _Sent(serial, now_ns, min(2 * before.rest_ns, LONGEST_REST_NS))


def _seat(conn: Connection, exam: ExamId, candidate: str | None, site: SiteId) -> SiteId:
    """Whose list carries what `site` says of a candidate: a candidate who has left it takes their time along."""
    if candidate is None or not store.has_left(conn, exam, candidate, site):
        return site
    return store.seat(conn, exam, candidate) or site


def _note_line(conn: Connection, site: SiteId, since_ns: int, now_ns: int) -> None:
    for exam in at_stages(conn, {Stage.OPEN, Stage.CLOSING}):
        from_ns = max(since_ns, exam.t0_ns)
        if now_ns - from_ns >= LINE_NS:
            credit = Credit(
                id=new_id("credit"),
                exam=exam.id,
                site=site,
                candidate=None,
                cause=Cause.LINE,
                source=Source.MEASURED,
                state=State.NOTED,
                seconds=0,
                at_ns=now_ns,
                who="",
                text=GAIN_NOTHING,
                measured_ms=(now_ns - from_ns) // 1_000_000,
                from_ns=from_ns,
            )
            store.add(conn, credit)


def _nobody() -> list[SiteId]:
    raise Refused("nobody_meant", "Không có điểm cầu hoặc thí sinh nào như vậy. / Nobody is meant by that.", 422)
