"""What stands on the wall. Plain structs as the page receives them; times in milliseconds of centre time."""

from __future__ import annotations

from typing import Any

import msgspec

from wire.ids import SiteId


class Stream(msgspec.Struct, frozen=True):
    """The lecture on a room's screen; ``state`` none when it should show nothing."""

    state: str = "none"
    fps: float = 0.0
    width: int = 0
    height: int = 0
    audio_dbfs: float | None = None
    lost: int = 0
    jitter_ms: float = 0.0
    frames: int = 0
    rung: str = ""
    """How much of the lecture the room gets: ``full``, ``low``, ``sound``, ``phone``; empty while nobody knows."""
    rung_why: str = ""
    rung_ordered: str = ""
    """What an operator ordered, empty without an order."""
    rung_by: str = ""
    rung_at_ms: int = 0
    path: str = ""


class ClockView(msgspec.Struct, frozen=True):
    """How well the room knows the time."""

    state: str = "blind"
    offset_ms: float | None = None
    bound_ms: float | None = None


class ExamView(msgspec.Struct, frozen=True):
    """One exam at one site."""

    exam: str
    state: str
    registered: int
    signed_in: int = 0
    started: int = 0
    answered: int = 0
    handed_in: int = 0
    opened_ms: int | None = None
    late_ms: float | None = None


class AgentView(msgspec.Struct, frozen=True):
    """The computer in the room."""

    version: str = ""
    load: float = 0.0
    disk_free_mb: int = 0
    camera: str = ""
    outbox: int = 0


class Tile(msgspec.Struct, frozen=True):
    """One site. ``trouble`` 3 is red, 2 amber, 1 minor, 0 fine; ``reason`` names what matters most; ``findings`` are
    everything that is wrong, each with its trouble."""

    id: SiteId
    code: str
    name: str
    path: list[str]
    district: str
    level: str
    state: str
    reason: str | None
    trouble: int
    since_ms: int
    expected: int
    count: int | None
    count_reason: str | None
    declared: int | None
    count_at_ms: int | None
    roll_call: str | None
    stream: Stream
    clock: ClockView
    exam: ExamView | None
    session: str | None
    contact: str
    phone: str
    agent: AgentView
    findings: list[tuple[int, str]] = []


class SourceOnAir(msgspec.Struct, frozen=True):
    """Where the lecture comes from: ``way`` is ``browser``, ``rtmp``, ``srt_in``, ``srt``, ``rtsp``, ``file``, or empty
    while no person's picture is on air; ``left_s`` seconds of a film. ``trouble`` (``not_sending``, ``failed``,
    ``overloaded``) is of the source ``troubled``, which may be another one."""

    way: str = ""
    name: str = ""
    left_s: int | None = None
    trouble: str = ""
    troubled: str = ""


class SessionStrip(msgspec.Struct, frozen=True):
    """A session on the wall's strip. ``on_air``: a person is; ``air`` and ``air_why``: which seat holds the stream
    since ``air_since_ms``, and why; ``finding`` with its ``trouble`` is what is amiss with it, as on a tile."""

    id: str
    topic: str
    lecturer_name: str
    state: str
    starts_ms: int
    ends_ms: int
    sites: int
    on_air: bool
    watching: int
    hearing: int
    air: str = ""
    air_why: str = ""
    air_since_ms: int = 0
    finding: str = ""
    trouble: int = 0
    source: SourceOnAir = SourceOnAir()


class ExamStrip(msgspec.Struct, frozen=True):
    """An exam on the wall's strip."""

    id: str
    title: str
    state: str
    starts_ms: int
    duration_s: int
    sites: int
    opened: int
    registered: int
    signed_in: int
    handed_in: int


class DistrictCount(msgspec.Struct, frozen=True):
    """Counters of one district."""

    district: str
    total: int
    online: int
    trouble: int
    expected: int
    counted: int


class Counters(msgspec.Struct, frozen=True):
    """Counters of everything."""

    total: int
    online: int
    late: int
    silent: int
    unknown: int
    never: int
    trouble: int
    expected: int
    counted: int
    declared: int
    signed_in: int
    handed_in: int
    by_district: list[DistrictCount]


class WallEvent(msgspec.Struct, frozen=True):
    """A line of the event list; the page puts ``kind`` and ``params`` into words."""

    id: int
    at_ms: int
    kind: str
    severity: int = 0
    site: str | None = None
    site_name: str = ""
    params: dict[str, Any] = {}


def counters(tiles: list[Tile]) -> Counters:
    """Counters over all tiles; districts by name."""

    def state(word: str) -> int:
        return sum(tile.state == word for tile in tiles)

    districts: dict[str, list[Tile]] = {}
    for tile in tiles:
        districts.setdefault(tile.district, []).append(tile)
    return Counters(
        total=len(tiles),
        online=state("online"),
        late=state("late"),
        silent=state("silent"),
        unknown=state("unknown"),
        never=state("never"),
        trouble=sum(tile.trouble >= 2 for tile in tiles),
        expected=sum(tile.expected for tile in tiles),
        counted=sum(tile.count or 0 for tile in tiles),
        declared=sum(tile.declared or 0 for tile in tiles),
        signed_in=sum(tile.exam.signed_in for tile in tiles if tile.exam),
        handed_in=sum(tile.exam.handed_in for tile in tiles if tile.exam),
        by_district=[_district(name, inside) for name, inside in sorted(districts.items())],
    )


def _district(name: str, tiles: list[Tile]) -> DistrictCount:
    return DistrictCount(
        district=name,
        total=len(tiles),
        online=sum(tile.state == "online" for tile in tiles),
        trouble=sum(tile.trouble >= 2 for tile in tiles),
        expected=sum(tile.expected for tile in tiles),
        counted=sum(tile.count or 0 for tile in tiles),
    )
