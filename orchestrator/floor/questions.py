"""Written questions: a room asks, a moderator lets it through to the lecturer or hides it, somebody answers."""

from __future__ import annotations

import asyncio
from functools import partial

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.floor import store
from orchestrator.floor.events import QuestionAsked
from orchestrator.floor.ports import Sessions
from orchestrator.floor.store import Question
from orchestrator.floor.telling import Teller
from orchestrator.live.port import Bus
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from orchestrator.web.rate import Attempts
from wire.floor import MOST_QUESTIONS, FloorQuestion, QuestionNow, QuestionState
from wire.ids import EnrolmentId, SessionId, SiteId

log = structlog.get_logger()

S = 10**9
MOST_OF_SITE = 60
"""Questions of one site within ten minutes; more than people write."""
MOST_WAITING = 2000
"""Questions that are kept and still to be told of; beyond it one is shown all the same, but the bus hears nothing."""

_S = QuestionState
NEXT: dict[QuestionState, frozenset[QuestionState]] = {
    _S.ASKED: frozenset({_S.ACCEPTED, _S.HIDDEN, _S.ANSWERED}),
    _S.ACCEPTED: frozenset({_S.HIDDEN, _S.ANSWERED}),
    _S.HIDDEN: frozenset({_S.ACCEPTED}),
    _S.ANSWERED: frozenset({_S.ACCEPTED}),
}
"""What a moderator may make of a question."""


class Questions:
    """The questions of the sessions on screen, in memory and in SQL."""

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, bus: Bus, *, sessions: Sessions, teller: Teller
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._bus = bus
        self._sessions = sessions
        self._teller = teller
        self._kept: dict[SessionId, dict[str, Question]] = {}
        self._turn = asyncio.Lock()
        """One session is read at a time, and none twice: the later answer would undo what came after the earlier."""
        self._read_now: tuple[SessionId, list[Question]] | None = None
        """The session that is being read, and what became of its questions meanwhile: the answer may be older."""
        self._by_site = Attempts(MOST_OF_SITE, 600 * S)
        self._asked: asyncio.Queue[Question] = asyncio.Queue(MOST_WAITING)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def load(self) -> None:
        """Read the questions of the sessions on screen."""
        self._loop = asyncio.get_running_loop()
        for session in self._sessions.on_screen():
            await self.of(session)

    async def of(self, session: SessionId) -> list[Question]:
        """All of a session, the oldest first."""
        if session not in self._kept:
            async with self._turn:
                if session not in self._kept:
                    await self._read(session)
        return list(self._kept[session].values())

    async def _read(self, session: SessionId) -> None:
        meanwhile: list[Question] = []
        self._read_now = session, meanwhile
        try:
            found = await self._database.read(lambda conn: store.questions(conn, session))
        finally:
            self._read_now = None
        # Sessions that are over make room: whoever looks at one again has it read again.
        on_screen = set(self._sessions.on_screen())
        self._kept = {one: kept for one, kept in self._kept.items() if one in on_screen}
        self._kept[session] = {each.id: each for each in (*found, *meanwhile)}

    def _keep(self, question: Question) -> None:
        # A session whose questions nobody has read yet is read whole, with this one, when somebody does.
        if question.session in self._kept:
            self._kept[question.session][question.id] = question
        elif self._read_now is not None and self._read_now[0] == question.session:
            self._read_now[1].append(question)

    def of_site(self, session: SessionId, site: SiteId) -> list[QuestionNow]:
        """What the site is told of its own; a hidden one is not told to be hidden."""
        mine = [each for each in self._kept.get(session, {}).values() if each.site == site][-MOST_QUESTIONS:]
        return [QuestionNow(id=each.id, state=_S.ASKED if each.state is _S.HIDDEN else each.state) for each in mine]

    async def decide(self, who: Identity, session: SessionId, name: str, state: QuestionState) -> Question:
        """Accept, hide, or call answered. Raises :class:`Refused`."""
        await self.of(session)
        known = self._kept[session].get(name)
        if known is None:
            raise Refused("no_question", "Không có câu hỏi này. / No such question.", 404)
        if known.state is state:
            return known
        if state not in NEXT[known.state]:
            raise Refused("illegal_order", "Câu hỏi không thể chuyển như vậy. / Not possible now.", 409)
        at_ns = self._clock.now_ns()

        def work(conn: Connection) -> None:
            store.decide(conn, name, state, who.name, at_ns)
            self._audit.record(conn, who.username, "floor.question", session, f"{name} {state}")

        await self._database.write(work)
        decided = msgspec.structs.replace(known, state=state, decided_by=who.name, decided_ns=at_ns)
        self._keep(decided)
        self._teller.tell(decided.site)
        return decided

    def take(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, said: FloorQuestion
    ) -> None:
        """For the record stream: keep a question. Refuses one of another session; a repeat changes nothing."""
        now_ns = self._clock.now_ns()
        if site not in self._sessions.sites_of(said.session):
            raise Refused("other_session", "Câu hỏi của một buổi học khác. / Of a session that this site is not in.")
        if self._by_site.take(site, now_ns):
            raise Refused("too_fast", "Quá nhiều câu hỏi. / More questions than people write.")
        question = Question(0, said.id, said.session, site, said.text, said.at_ns, now_ns)
        if (kept := store.ask(conn, question)) is not None:
            after_commit(conn, partial(self._from_thread, kept))

    def _from_thread(self, question: Question) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._note, question)

    def _note(self, question: Question) -> None:
        self._keep(question)
        try:
            self._asked.put_nowait(question)
        except asyncio.QueueFull:
            log.warning("questions_not_told", session=question.session)

    async def run(self) -> None:
        """Tell of what was asked. Runs until cancelled."""
        while True:
            question = await self._asked.get()
            await self.of(question.session)
            self._teller.tell(question.site)
            await self._bus.publish(QuestionAsked(question.site, question.session))
