"""What pages show of the way home. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from orchestrator.exams.home.store import Archive, Extent, HeadRow, Spoken
from orchestrator.exams.model import Exam, SiteWindow
from wire.exam_home import head_text
from wire.ids import ExamId, SiteId

_MS = 1_000_000


class Brought(msgspec.Struct, frozen=True):
    """What a carried journal came to: events that were new, that were here, and what a person must look at."""

    site: SiteId
    journal: str
    written_ms: int
    exams: list[ExamId]
    fresh: int
    known: int
    conflicts: int


class SpokenView(msgspec.Struct, frozen=True):
    """A head that was read out. `fits`: the events that are here come to it; None: not enough is here to say."""

    text: str
    who: str
    at_ms: int
    fits: bool | None


class SiteProof(msgspec.Struct, frozen=True):
    """What is proven of one site. `status`: silent, partial, complete, contradicted.

    `events`: here; `told`: that the newest head speaks of; `in_time`: covered by a head that came, or was read out,
    before the site's time was over; `head`: the newest, as it is read out.
    """

    site: SiteId
    status: str
    events: int
    told: int
    in_time: int
    head: str
    head_ms: int | None
    journals: int
    spoken: list[SpokenView]
    archived_ms: int | None = None
    archive_ordered: bool = False


def site_proofs(
    exam: Exam,
    windows: Sequence[SiteWindow],
    heads: Sequence[HeadRow],
    extents: Sequence[Extent],
    spoken: Sequence[Spoken],
    placed: Mapping[tuple[SiteId, str], int],
    archives: Mapping[SiteId, Archive],
) -> list[SiteProof]:
    """One row a site. `placed`: up to which event a head that was read out is the journal's."""
    ends_ns = exam.t0_ns + exam.duration_s * 1_000_000_000
    return [
        _proof(
            window,
            [head for head in heads if head.site == window.site],
            [extent for extent in extents if extent.site == window.site],
            [one for one in spoken if one.site == window.site],
            placed,
            archives.get(window.site),
            max(ends_ns, window.closed_ns or 0),
        )
        for window in windows
    ]


def _proof(
    window: SiteWindow,
    heads: Sequence[HeadRow],
    extents: Sequence[Extent],
    spoken: Sequence[Spoken],
    placed: Mapping[tuple[SiteId, str], int],
    archive: Archive | None,
    closed_ns: int,
) -> SiteProof:
    newest = max(heads, key=lambda head: (head.received_ns, head.places), default=None)
    told = sum(max((head.places for head in heads if head.journal == name), default=0) for name in _names(heads))
    events = sum(extent.events for extent in extents)
    contradicted = any(head.verdict == "contradicted" for head in heads)
    read_out = [placed[one.site, one.text] for one in spoken if (one.site, one.text) in placed]
    early = [head for head in heads if head.verdict == "fits" and head.received_ns <= closed_ns + GRACE_NS]
    proven = sum(max(head.places for head in early if head.journal == name) for name in _names(early))
    return SiteProof(
        site=window.site,
        status=_status(window, events, told, contradicted=contradicted),
        events=events,
        told=told,
        in_time=max([proven, *read_out]),
        head=head_text(newest.head) if newest is not None else "",
        head_ms=newest.received_ns // _MS if newest is not None else None,
        journals=len({*_names(heads), *(extent.journal for extent in extents)}),
        spoken=[_spoken(one, placed, complete=events >= told) for one in spoken],
        archived_ms=archive.archived_ns // _MS if archive is not None and archive.archived_ns is not None else None,
        archive_ordered=archive is not None,
    )


GRACE_NS = 60 * 1_000_000_000
"""A head that was made at the close comes up to one beat and a slow line later."""


def _names(heads: Sequence[HeadRow]) -> list[str]:
    return list(dict.fromkeys(head.journal for head in heads))


def _spoken(one: Spoken, placed: Mapping[tuple[SiteId, str], int], *, complete: bool) -> SpokenView:
    fits = True if (one.site, one.text) in placed else False if complete else None
    return SpokenView(one.text, one.who, one.at_ns // _MS, fits)


def _status(window: SiteWindow, events: int, told: int, *, contradicted: bool) -> str:
    if contradicted:
        return "contradicted"
    if events == 0 and told == 0:
        return "silent"
    return "complete" if window.closed_ns is not None and events >= told else "partial"
