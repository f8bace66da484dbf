"""What one relay process tells of itself."""

from __future__ import annotations

import msgspec

from orchestrator.media.port import StreamStats
from orchestrator.media.relay.lines import LineFigures


class RelayFigures(msgspec.Struct, frozen=True):
    """One worker. Counts since it began; ``cpu_s`` is the process's user and system time."""

    udp_port: int
    sessions: int
    cpu_s: float
    datagrams_out: int
    dropped_out: int
    drops: dict[str, int]
    closings: dict[str, int]
    streams: list[StreamStats]
    held: dict[str, float] = {}
    """What there is of each kind now: tasks, descriptors, resident bytes, sessions in each table."""
    lines: LineFigures = LineFigures()
    refusals: dict[str, int] = {}
    """Requests that were answered with a refusal, by reason: a bound with its name, a bad offer, no right."""
