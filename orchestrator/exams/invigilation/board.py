"""The province's board of one exam: every site with its word, its figures and what somebody must look at.

A reader asks again and again; each answer carries what changed since the reader's last one. The picture is made at most
once a second, however many read.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from orchestrator.clock import Clock
from orchestrator.exams import answer_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.invigilation import store
from orchestrator.exams.invigilation.judge import Seen, judge, late_s, urgency
from orchestrator.exams.invigilation.model import Credit, Granted, State
from orchestrator.exams.invigilation.ports import Schools
from orchestrator.exams.invigilation.store import Connection, Incident
from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.sites.model import Standing
from orchestrator.storage.engine import Database
from wire.ids import ClockState, ExamId, SiteId
from wire.messages import ExamProgress, Heartbeat

EVERY_NS = 1_000_000_000
REGISTER_NS = 10_000_000_000
_MS = 1_000_000
_OVER = frozenset({Stage.CLOSED, Stage.MARKED, Stage.PUBLISHED, Stage.CANCELLED})


class Exams(Protocol):
    """The conductor of the exams."""

    async def exam(self, exam_id: ExamId) -> Exam: ...

    def progress(self, exam: ExamId, site: SiteId) -> ExamProgress | None: ...


class Lines(Protocol):
    """The sites' links."""

    def linked(self) -> frozenset[SiteId]: ...


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One site on the board; names that never change stand in `Named`."""

    site: SiteId
    word: str
    rank: int
    linked: bool
    silent_s: int | None
    late_s: int
    clock: str | None
    registered: int
    signed_in: int
    started: int
    answered: int
    handed_in: int
    received: int
    trouble: int
    opened_ms: int | None
    extra_s: int
    unheld: int
    incidents: int
    proposals: int
    reserve: bool = False


class Named(msgspec.Struct, frozen=True):
    """A site as people know it."""

    site: SiteId
    code: str
    name: str
    district: str
    contact: str
    phone: str


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` that changed since the version asked about; `named` with the first answer and when the register changed;
    `incidents` whole when there is another or one was seen, else None. `release_trouble`: a sentence in both languages
    while the copy of the release for other hosts is missing, else empty.

    `version` belongs to this centre's process (`boot`); another boot means starting anew.
    """

    exam: ExamId
    title: str
    stage: str
    starts_ms: int
    duration_s: int
    questions: int
    centre_ms: int
    boot: str
    version: int
    whole: bool
    rows: list[Row]
    named: list[Named]
    incidents: list[Incident] | None
    release_trouble: str = ""


class _Picture:
    """The newest picture of one exam, and at which version each part last changed."""

    def __init__(self) -> None:
        self.exam: Exam | None = None
        self.at_ns = 0
        self.version = 0
        self.rows: dict[SiteId, tuple[int, Row]] = {}
        self.named: tuple[int, list[Named]] = (0, [])
        self.incidents: tuple[int, list[Incident]] = (0, [])

    def take(self, rows: Mapping[SiteId, Row], named: list[Named], incidents: list[Incident]) -> None:
        self.version += 1
        for site, row in rows.items():
            if site not in self.rows or self.rows[site][1] != row:
                self.rows[site] = self.version, row
        if named != self.named[1]:
            self.named = self.version, named
        if incidents != self.incidents[1]:
            self.incidents = self.version, incidents


class Board:
    """Boards of all exams. `hear` is fed with the sites' heartbeats."""

    def __init__(
        self, database: Database, clock: Clock, exams: Exams, lines: Lines, schools: Schools, boot: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._exams = exams
        self._lines = lines
        self._schools = schools
        self._boot = boot
        self._heard: dict[SiteId, tuple[int, ClockState]] = {}
        self._pictures: dict[ExamId, _Picture] = {}
        self._standings: tuple[int, dict[SiteId, Standing]] | None = None
        self._turn = asyncio.Lock()
        self.release_trouble: Callable[[ExamId], str] = lambda _exam: ""
        """What keeps the copy of an exam's release from where other hosts serve it."""

    def hear(self, site: SiteId, heartbeat: Heartbeat) -> None:
        """A site spoke."""
        self._heard[site] = self._clock.now_ns(), heartbeat.clock.state

    async def view(self, exam: ExamId, since: int = 0, boot: str = "") -> BoardView:
        """What changed since `since`; refuses `no_such_exam`."""
        async with self._turn:
            picture = self._pictures.setdefault(exam, _Picture())
            if picture.exam is None or self._clock.now_ns() - picture.at_ns >= EVERY_NS:
                await self._draw(exam, picture)
        assert picture.exam is not None
        whole = boot != self._boot or since <= 0 or since > picture.version
        return BoardView(
            exam=exam,
            title=picture.exam.title,
            stage=picture.exam.stage.value,
            starts_ms=picture.exam.t0_ns // _MS,
            duration_s=picture.exam.duration_s,
            questions=picture.exam.questions,
            centre_ms=self._clock.now_ns() // _MS,
            boot=self._boot,
            version=picture.version,
            whole=whole,
            rows=[row for version, row in picture.rows.values() if whole or version > since],
            named=picture.named[1] if whole or picture.named[0] > since else [],
            incidents=picture.incidents[1] if whole or picture.incidents[0] > since else None,
            release_trouble=self.release_trouble(exam),
        )

    async def _draw(self, exam_id: ExamId, picture: _Picture) -> None:
        exam = await self._exams.exam(exam_id)
        standings = await self._register()
        now = self._clock.now_ns()

        def work(
            conn: Connection,
        ) -> tuple[
            tuple[SiteWindow, ...],
            dict[SiteId, int],
            dict[SiteId, int],
            list[Credit],
            list[Incident],
            dict[SiteId, Granted],
        ]:
            return (
                exam_store.windows(conn, exam_id),
                exam_store.registered(conn, exam_id),
                answer_store.finished(conn, exam_id),
                store.of_exam(conn, exam_id),
                store.incidents(conn, exam_id),
                store.in_force(conn, exam_id, applied=False),
            )

        windows, registered, received, credits_, incidents, granted = await self._database.read(work)
        linked = self._lines.linked()
        proposals = _count(credit.site for credit in credits_ if credit.state is State.PROPOSED)
        unheld = _count(c.site for c in credits_ if c.state is State.APPROVED and (c.applied_ns is None or c.too_late))
        unseen = _count(incident.site for incident in incidents if incident.seen_ns is None)
        rows = {}
        for window in windows:
            site = window.site
            heard = self._heard.get(site)
            seen = Seen(
                window=window,
                told=self._exams.progress(exam_id, site),
                linked=site in linked,
                heard_ns=heard[0] if heard else None,
                clock=heard[1] if heard else None,
                incidents=unseen.get(site, 0),
                proposals=proposals.get(site, 0) + unheld.get(site, 0),
            )
            standing = standings.get(site)
            count = registered.get(site, standing.participants if standing else 0)
            rows[site] = _row(exam, seen, now, count, received.get(site, 0), granted.get(site), unheld.get(site, 0))
        named = [_named(window.site, standings.get(window.site)) for window in windows]
        picture.exam, picture.at_ns = exam, now
        picture.take(rows, named, incidents)

    async def _register(self) -> dict[SiteId, Standing]:
        now = self._clock.now_ns()
        if self._standings is None or now - self._standings[0] >= REGISTER_NS:
            self._standings = now, {standing.site.id: standing for standing in await self._schools.sites()}
        return self._standings[1]


def _row(
    exam: Exam, seen: Seen, now_ns: int, registered: int, received: int, granted: Granted | None, unheld: int
) -> Row:
    word, told, window = judge(exam, seen, now_ns), seen.told, seen.window
    running = exam.t0_ns <= now_ns and exam.stage not in _OVER
    opened_ns = window.opened_lo_ns if window.opened_lo_ns is not None else told.opened_lo_ns if told else None
    silent = not seen.linked and seen.heard_ns is not None
    return Row(
        site=window.site,
        word=word.value,
        rank=urgency(word, seen, running=running),
        linked=seen.linked,
        # Tens of seconds: a figure that changes with each look would make every look a change.
        silent_s=(now_ns - seen.heard_ns) // 10**10 * 10 if silent and seen.heard_ns is not None else None,
        late_s=late_s(exam, seen, now_ns),
        clock=seen.clock.value if seen.clock else window.clock,
        registered=registered,
        signed_in=told.signed_in if told else 0,
        started=told.started if told else 0,
        answered=told.answered if told else 0,
        handed_in=told.handed_in if told else 0,
        received=received,
        trouble=told.in_trouble if told else 0,
        opened_ms=None if opened_ns is None else opened_ns // _MS,
        extra_s=granted.everybody if granted else 0,
        unheld=unheld,
        incidents=seen.incidents,
        proposals=seen.proposals,
        reserve=told.reserve if told else False,
    )


def _named(site: SiteId, standing: Standing | None) -> Named:
    if standing is None:
        return Named(site, site, "", "", "", "")
    known = standing.site
    # The path runs from the province down; the district is its second name where there is one.
    district = standing.path[1] if len(standing.path) > 1 else (standing.path or [""])[0]
    return Named(site, known.code, known.name, district, known.contact, known.phone)


def _count(sites: Iterable[SiteId]) -> dict[SiteId, int]:
    counted: dict[SiteId, int] = {}
    for site in sites:
        counted[site] = counted.get(site, 0) + 1
    return counted
