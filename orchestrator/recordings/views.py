"""A recording as pages see it; times in milliseconds of centre time, places on the line in milliseconds too."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from orchestrator.recordings.model import FLOOR, LECTURE, TICKS, Erasure, Mark, Segment, Standing, Switch, on_line
from orchestrator.sessions.model import Session

MS = 1_000_000


class SwitchView(msgspec.Struct, frozen=True):
    on: bool
    at_ms: int
    who: str


class StandingView(msgspec.Struct, frozen=True):
    """``on``: is to be recorded; ``running``: is being written now; ``trouble``: a stable word."""

    on: bool
    running: bool
    trouble: str
    switched: SwitchView | None


class SegmentView(msgspec.Struct, frozen=True):
    """``place_ms``: where it begins on its track's line. A floor file also has where that is on the lecture's."""

    track: str
    number: int
    at_ms: int
    place_ms: int
    length_ms: int
    size: int
    width: int
    height: int
    digest: str
    why: str
    beside_ms: int | None


class MarkView(msgspec.Struct, frozen=True):
    """``place_ms`` None: nothing was recorded then."""

    kind: str
    text: str
    at_ms: int
    place_ms: int | None


class ErasureView(msgspec.Struct, frozen=True):
    file: str
    digest: str
    size: int
    at_ms: int
    who: str
    why: str


class RowView(msgspec.Struct, frozen=True):
    """A session in the list."""

    session: str
    topic: str
    lecturer_name: str
    state: str
    starts_ms: int
    length_ms: int
    size: int
    files: int
    erased: int
    due_ms: int | None
    standing: StandingView


class ListView(msgspec.Struct, frozen=True):
    """``free`` and ``reserve`` of the disk, in bytes."""

    rows: list[RowView]
    free: int
    reserve: int


class RecordingView(msgspec.Struct, frozen=True):
    """One session's recording with its timeline."""

    session: str
    topic: str
    lecturer_name: str
    state: str
    length_ms: int
    size: int
    due_ms: int | None
    standing: StandingView
    segments: list[SegmentView]
    marks: list[MarkView]
    switches: list[SwitchView]
    erasures: list[ErasureView]


def standing_view(standing: Standing) -> StandingView:
    said = standing.switched
    return StandingView(standing.on, standing.running, standing.trouble, switch_view(said) if said else None)


def switch_view(said: Switch) -> SwitchView:
    return SwitchView(said.on, said.at_ns // MS, said.name)


def row_view(session: Session, segments: Sequence[Segment], standing: Standing) -> RowView:
    there = [one for one in segments if one.erased_ns is None]
    return RowView(
        session=session.id,
        topic=session.topic,
        lecturer_name=session.lecturer_name,
        state=session.state,
        starts_ms=session.starts_ns // MS,
        length_ms=_length(there),
        size=sum(one.size for one in there),
        files=len(there),
        erased=len(segments) - len(there),
        due_ms=_due(there),
        standing=standing_view(standing),
    )


def recording_view(
    session: Session,
    segments: Sequence[Segment],
    marks: Sequence[Mark],
    switches: Sequence[Switch],
    erasures: Sequence[Erasure],
    standing: Standing,
) -> RecordingView:
    there = [one for one in segments if one.erased_ns is None and one.size]
    lecture = [one for one in there if one.track == LECTURE]
    first = lecture[0].starts if lecture else 0
    return RecordingView(
        session=session.id,
        topic=session.topic,
        lecturer_name=session.lecturer_name,
        state=session.state,
        length_ms=_length(there),
        size=sum(one.size for one in there),
        due_ms=_due(there),
        standing=standing_view(standing),
        segments=[_segment(one, lecture, first) for one in there],
        marks=[MarkView(one.kind, one.text, one.at_ns // MS, _place(lecture, first, one.at_ns)) for one in marks],
        switches=[switch_view(one) for one in switches],
        erasures=[_erasure(one, segments) for one in erasures],
    )


def _segment(one: Segment, lecture: Sequence[Segment], first: int) -> SegmentView:
    return SegmentView(
        track=one.track,
        number=one.number,
        at_ms=one.at_ns // MS,
        place_ms=(one.starts - first) * 1000 // TICKS,
        length_ms=one.length_ns // MS,
        size=one.size,
        width=one.width,
        height=one.height,
        digest=one.digest.hex() if one.digest else "",
        why=one.why,
        beside_ms=_place(lecture, first, one.at_ns) if one.track == FLOOR else None,
    )


def _place(lecture: Sequence[Segment], first: int, at_ns: int) -> int | None:
    ticks = on_line(lecture, at_ns)
    return None if ticks is None else (ticks - first) * 1000 // TICKS


def _length(segments: Sequence[Segment]) -> int:
    return sum(one.length_ns for one in segments if one.track == LECTURE) // MS


def _due(segments: Sequence[Segment]) -> int | None:
    return min((one.due_ns // MS for one in segments), default=None)


def _erasure(one: Erasure, segments: Sequence[Segment]) -> ErasureView:
    file = next((each.file for each in segments if (each.track, each.number) == (one.track, one.number)), "")
    return ErasureView(file, one.digest.hex(), one.size, one.at_ns // MS, one.who, one.why)
