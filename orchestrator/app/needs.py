"""Which rooms the day needs now: its sessions and exams, and the hour of practice before them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from orchestrator.exams.model import Exam, Stage
from orchestrator.readiness.model import PRACTICE_NS, SECOND
from orchestrator.readiness.rehearsal import SAME_DAY_NS
from orchestrator.sessions.model import Session, SessionState
from wire.ids import SiteId

UNDER_WAY = frozenset({Stage.RELEASED, Stage.OPEN, Stage.CLOSING})
COMING = frozenset({Stage.SEALED, Stage.ARMED})
UNARMED_NS = 30 * 60 * SECOND
"""So long before its time a sealed exam must have been armed: sites ask for nothing of one that is not."""
PAPER_DUE = frozenset({Stage.ARMED, Stage.RELEASED, Stage.OPEN})


class Needs(msgspec.Struct, frozen=True):
    """``awaited``: rooms that must be linked and ready, for a session or a start; ``used``: those of them in which
    people sit or practise, not where they went out in a break or before an exam that is the second start of the day;
    ``sitting``: rooms of exams under way; ``papers``: rooms whose paper must be there or open."""

    awaited: frozenset[SiteId]
    used: frozenset[SiteId]
    sitting: frozenset[SiteId]
    papers: frozenset[SiteId]


class _Start(msgspec.Struct, frozen=True):
    """The start of a session or an exam, and whether it is still ahead."""

    at_ns: int
    sites: frozenset[SiteId]
    ahead: bool
    exam: bool = False


def needs(sessions: Sequence[Session], exams: Sequence[Exam], now: int) -> Needs:
    """The rooms that are needed at ``now``."""
    shown = [each for each in sessions if each.on_screen]
    starts = list(_starts(sessions, exams, now))
    near = [each for each in starts if each.ahead and each.at_ns - PRACTICE_NS <= now]
    practising = [each.sites if each.at_ns <= now else each.sites - _earlier(each, starts) for each in near]
    return Needs(
        awaited=_all([*(each.sites for each in shown), *practising, *(each.sites for each in near if each.exam)]),
        used=_all([*(each.sites for each in shown if each.state is not SessionState.BREAK), *practising]),
        sitting=_all(each.sites for each in exams if each.stage in UNDER_WAY),
        papers=_all(each.sites for each in exams if each.stage in PAPER_DUE),
    )


def unarmed(exams: Iterable[Exam], now: int) -> list[str]:
    """Titles of exams that will not open by themselves although their time is near, or over."""
    return [
        each.title
        for each in exams
        if each.stage is Stage.SEALED and each.t0_ns - UNARMED_NS <= now < each.t0_ns + each.duration_s * SECOND
    ]


def _starts(sessions: Iterable[Session], exams: Iterable[Exam], now: int) -> Iterator[_Start]:
    """A session that nobody opened although its time has come is still ahead, until its time is over."""
    for session in sessions:
        if session.state is not SessionState.CANCELLED:
            ahead = session.state is SessionState.PLANNED and now < session.ends_ns
            yield _Start(session.starts_ns, session.sites, ahead)
    for exam in exams:
        ahead = exam.stage in COMING and now < exam.t0_ns + exam.duration_s * SECOND
        yield _Start(exam.t0_ns, frozenset(exam.sites), ahead, exam=True)


def _earlier(start: _Start, starts: Iterable[_Start]) -> frozenset[SiteId]:
    """Rooms that have an earlier start on the same day: nobody practises there before this one, and computers may be
    off at noon."""
    return _all(each.sites for each in starts if start.at_ns - SAME_DAY_NS <= each.at_ns < start.at_ns)


def _all(sites: Iterable[Iterable[SiteId]]) -> frozenset[SiteId]:
    return frozenset().union(*sites)
