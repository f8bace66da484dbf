"""Which sites the results of an exam that is closing wait for, and until when at the latest. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from orchestrator.exams.choice import ExamKind
from orchestrator.exams.model import (
    Exam,
    SiteWindow,
    Stage,
    finish_ns,
    is_closed,
    is_given_up,
    may_give_up_ns,
    nothing_to_come,
    through_ns,
)
from orchestrator.exams.outcome.reconcile import MS, Closing, opened_ms
from orchestrator.sites.model import Standing
from wire.ids import SiteId


class WaitedSite(msgspec.Struct, frozen=True):
    """A site that has not told its closing. `until_ms`: when nobody can be writing there any more at the latest;
    `from_ms`: from when it may be closed by protocol; `reserve_ms`: when the reserve code was read out to it;
    `closing`: it was closed so, and results wait for it no more."""

    site: SiteId
    code: str
    name: str
    path: list[str]
    contact: str
    phone: str
    registered: int
    opened_ms: int | None
    seen_ms: int | None
    reserve_ms: int | None
    until_ms: int
    from_ms: int
    closing: Closing | None = None


class Waiting(msgspec.Struct, frozen=True):
    """`now_ms`: centre time; `until_ms`: when the exam is over at the latest, None unless it is closing (a rehearsal
    has no results to wait for); `sites`: those waited for by code, then those closed by protocol."""

    exam: str
    title: str
    stage: Stage
    now_ms: int
    until_ms: int | None
    sites: list[WaitedSite]


def waiting(
    exam: Exam,
    windows: Sequence[SiteWindow],
    standings: Iterable[Standing],
    registered: Mapping[SiteId, int],
    closings: Mapping[SiteId, Closing],
    now_ns: int,
) -> Waiting:
    """What a closing exam waits for."""
    now_ms = now_ns // MS
    if exam.stage is not Stage.CLOSING or exam.kind is ExamKind.REHEARSAL:
        return Waiting(exam.id, exam.title, exam.stage, now_ms, None, [])
    registers = {standing.site.id: standing for standing in standings}
    sites = []
    for window in windows:
        given_up = not is_closed(window) and is_given_up(exam, window)
        if given_up or not nothing_to_come(exam, window):
            closing = closings.get(window.site) if given_up else None
            count = registered.get(window.site, 0)
            sites.append(_waited(exam, window, registers.get(window.site), count, closing))
    sites.sort(key=lambda one: (one.closing is not None, one.code))
    return Waiting(exam.id, exam.title, exam.stage, now_ms, -(-finish_ns(exam, tuple(windows)) // MS), sites)


def without_reasons(told: Waiting) -> Waiting:
    """The same for those who only look: that a site was closed by protocol, not by whom and why."""
    bare = [
        one if one.closing is None else replace(one, closing=replace(one.closing, reason="", who=""))
        for one in told.sites
    ]
    return replace(told, sites=bare)


def _waited(
    exam: Exam, window: SiteWindow, standing: Standing | None, registered: int, closing: Closing | None
) -> WaitedSite:
    return WaitedSite(
        site=window.site,
        code=standing.site.code if standing else window.site,
        name=standing.site.name if standing else "",
        path=standing.path if standing else [],
        contact=standing.site.contact if standing else "",
        phone=standing.site.phone if standing else "",
        registered=registered,
        opened_ms=opened_ms(window),
        seen_ms=standing.last_seen_ns // MS if standing and standing.last_seen_ns else None,
        reserve_ms=None if window.reserve_read_ns is None else window.reserve_read_ns // MS,
        until_ms=-(-through_ns(exam, window) // MS),
        from_ms=-(-may_give_up_ns(exam, window) // MS),
        closing=closing,
    )
