"""What each site should have sent and what has come: the list that people work through after the close. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.sites.model import Standing
from wire.ids import SiteId
from wire.messages import NEVER_NS, ExamProgress

MS = 1_000_000


class SiteState(StrEnum):
    """Where a site stands, the worst first."""

    CONFLICT = "conflict"
    SILENT = "silent"
    PARTIAL = "partial"
    NEVER_OPENED = "never_opened"
    PROTOCOL = "protocol"
    COMPLETE = "complete"


SETTLED = frozenset({SiteState.PROTOCOL, SiteState.COMPLETE})
"""Nothing more is waited for."""


class Closed(StrEnum):
    """How a person closed a site by hand, or took that back."""

    PAPER = "paper"
    TELEPHONE = "telephone"
    REOPENED = "reopened"


class Closing(msgspec.Struct, frozen=True):
    """A site closed by protocol; `present`: people present by that protocol."""

    how: Closed
    present: int
    reason: str
    who: str
    at_ms: int


class Tally(msgspec.Struct, frozen=True):
    """What the centre has of a site's registered candidates. `ended`: their hand-in or close came; `broken`: an event
    inside their chain is missing; `conflicts`: records that wait for a person."""

    registered: int = 0
    signed_in: int = 0
    opened: int = 0
    handed_in: int = 0
    ended: int = 0
    events: int = 0
    broken: int = 0
    conflicts: int = 0


class Head(msgspec.Struct, frozen=True):
    """The last signed word of a site on its journal: how many events it holds; `received` is less while some of them
    have not come."""

    told: int
    received: int


class SiteReach(msgspec.Struct, frozen=True):
    """One line of the list. `received`: of `registered`, those whose last word came; `told_*`: the site's own word;
    `why`: no_word, not_opened, not_closed, unfinished, gap, head_ahead, conflict."""

    site: SiteId
    code: str
    name: str
    path: list[str]
    contact: str
    phone: str
    state: SiteState
    why: list[str]
    registered: int
    received: int
    signed_in: int
    handed_in: int
    events: int
    broken: int
    conflicts: int
    told_signed_in: int | None
    told_handed_in: int | None
    opened_ms: int | None
    closed_ms: int | None
    seen_ms: int | None
    closing: Closing | None = None


class Reconciliation(msgspec.Struct, frozen=True):
    """All sites, the worst first; `settled` when every one is complete or closed by protocol."""

    exam: str
    title: str
    stage: Stage
    expected: int
    received: int
    settled: bool
    counts: dict[str, int]
    sites: list[SiteReach]

    @property
    def complete(self) -> frozenset[SiteId]:
        """Sites of which everything came."""
        return frozenset(one.site for one in self.sites if one.state is SiteState.COMPLETE)


class Known(msgspec.Struct, frozen=True):
    """What the centre has by site; a site without an entry is unknown there."""

    tallies: Mapping[SiteId, Tally] = {}
    progress: Mapping[SiteId, ExamProgress] = {}
    closings: Mapping[SiteId, Closing] = {}
    heads: Mapping[SiteId, Head] = {}


def reconciled(
    exam: Exam, windows: Sequence[SiteWindow], standings: Iterable[Standing], known: Known
) -> Reconciliation:
    """Every site of the exam, judged and put in order."""
    registers = {standing.site.id: standing for standing in standings}
    sites = [_reach(window, registers.get(window.site), known) for window in windows]
    order = list(SiteState)
    sites.sort(key=lambda one: (order.index(one.state), one.received - one.registered, one.code))
    return Reconciliation(
        exam=exam.id,
        title=exam.title,
        stage=exam.stage,
        expected=sum(one.registered for one in sites),
        received=sum(one.received for one in sites),
        settled=all(one.state in SETTLED for one in sites),
        counts={state.value: sum(one.state is state for one in sites) for state in SiteState},
        sites=sites,
    )


def judged(
    window: SiteWindow, tally: Tally, progress: ExamProgress | None, head: Head | None
) -> tuple[SiteState, list[str]]:
    """The state of a site that nobody has closed by hand, and why it is not complete."""
    if tally.conflicts:
        return SiteState.CONFLICT, ["conflict", *_lacks(window, tally, head)]
    # Whoever moved to another site wrote there: with everybody's last word nothing can be missing here.
    behind = head is not None and head.received < head.told
    if tally.ended >= tally.registered and not tally.broken and not behind:
        return SiteState.COMPLETE, []
    opened = window.opened_hi_ns is not None or tally.opened > 0
    if not opened and (window.closed_ns is not None or (progress is not None and progress.opened_hi_ns is None)):
        return SiteState.NEVER_OPENED, ["not_opened"]
    if not opened and tally.events == 0 and progress is None:
        return SiteState.SILENT, ["no_word"]
    lacks = _lacks(window, tally, head)
    return (SiteState.PARTIAL, lacks) if lacks else (SiteState.COMPLETE, [])


def _lacks(window: SiteWindow, tally: Tally, head: Head | None) -> list[str]:
    lacks = [] if window.closed_ns is not None else ["not_closed"]
    lacks += ["unfinished"] if tally.ended < tally.signed_in else []
    lacks += ["gap"] if tally.broken else []
    return [*lacks, "head_ahead"] if head is not None and head.received < head.told else lacks


def _reach(window: SiteWindow, standing: Standing | None, known: Known) -> SiteReach:
    site = window.site
    tally = known.tallies.get(site, Tally())
    progress, closing = known.progress.get(site), known.closings.get(site)
    state, why = judged(window, tally, progress, known.heads.get(site))
    if closing is not None and state is not SiteState.COMPLETE:
        state = SiteState.PROTOCOL
    return SiteReach(
        site=site,
        code=standing.site.code if standing else site,
        name=standing.site.name if standing else "",
        path=standing.path if standing else [],
        contact=standing.site.contact if standing else "",
        phone=standing.site.phone if standing else "",
        state=state,
        why=why,
        registered=tally.registered,
        received=tally.registered if state is SiteState.COMPLETE else tally.ended,
        signed_in=tally.signed_in,
        handed_in=tally.handed_in,
        events=tally.events,
        broken=tally.broken,
        conflicts=tally.conflicts,
        told_signed_in=progress.signed_in if progress else None,
        told_handed_in=progress.handed_in if progress else None,
        opened_ms=opened_ms(window),
        closed_ms=None if window.closed_ns is None else window.closed_ns // MS,
        seen_ms=standing.last_seen_ns // MS if standing and standing.last_seen_ns else None,
        closing=closing,
    )


def opened_ms(window: SiteWindow) -> int | None:
    """When a site opened, at the latest; None where that is not known."""
    hi = window.opened_hi_ns
    return hi // MS if hi is not None and hi < NEVER_NS else None
