"""What ``bench_media`` found, as tables, and whether it is what it should be: pure, so that a made-up
failure can be put before it.

The load is not the limit while every process of the crowd and the lecturer used less than nine tenths of a core, the
lecturer was never behind with its lecture, and no socket of theirs dropped a datagram: each of these is judged, for
otherwise a figure would be theirs and not the server's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

EDGE_S = 0.25
"""What was under way when the window began and ended may be missing or too many: of the lecture, so much time."""
RATIO, FLAT = 1 / 3, 1.2
MOST_BUSY = 0.8
LOAD_CORES = 0.9
"""Of one process of the load, which cannot use more than one core."""
LATE_S = 0.1
"""How far behind its lecture the lecturer may be at the end of the window."""


class Row(msgspec.Struct, frozen=True):
    """One measurement. Times in seconds, ``per_packet_us`` in µs of the server's CPU, shares from 0 to 1."""

    what: str
    profile: str
    viewers: int
    packets_per_s: float
    cores: float
    per_packet_us: float
    lost: float
    p50_ms: float
    p99_ms: float
    busy: float
    crowd_cores: float
    """Of the busiest process of the crowd."""
    drops: int
    silent: int
    """Viewers who got nothing; all that they should have got is in ``lost`` too."""
    speaker_cores: float
    late_s: float
    """How far behind its lecture the lecturer was."""
    opened: int
    """Packets that the crowd's process with the fewest opened: its keys were right."""


def lost_of(received: int, gaps: int, sent: int, edge: int) -> int:
    """Packets that one viewer did not get of those ``sent`` meanwhile. Gaps in the numbers show what is missing between
    packets; what never came afterwards, or was never sent to this viewer, leaves no gap. ``edge``: packets that may be
    under way when the window begins or ends."""
    missing = sent - received
    return max(gaps, missing if missing > edge else 0)


def lost_share(each: Sequence[tuple[int, int]], sent: int, edge: int) -> float:
    """Of what all viewers should have got; ``each``: received and gaps of one viewer."""
    lost = sum(lost_of(received, gaps, sent, edge) for received, gaps in each)
    whole = lost + sum(received for received, _ in each)
    return lost / whole if whole else 1.0


def table(rows: Sequence[Row]) -> str:
    """Columns as wide as they must be."""
    head = (
        "server", "SRTP", "viewers", "packets/s", "cores", "CPU µs/packet", "lost", "p50 ms", "p99 ms", "machine",
        "crowd cores", "lecturer cores", "late ms", "drops", "silent",
    )  # fmt: skip
    cells = [
        (
            one.what,
            one.profile,
            str(one.viewers),
            f"{one.packets_per_s:,.0f}",
            f"{one.cores:.2f}",
            f"{one.per_packet_us:.2f}",
            f"{100 * one.lost:.3f} %",
            f"{one.p50_ms:.1f}",
            f"{one.p99_ms:.1f}",
            f"{100 * one.busy:.0f} %",
            f"{one.crowd_cores:.2f}",
            f"{one.speaker_cores:.2f}",
            f"{1000 * one.late_s:.0f}",
            str(one.drops),
            str(one.silent),
        )
        for one in rows
    ]
    widths = [max(len(row[column]) for row in [head, *cells]) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *cells]
    )


def ratio(rows: Sequence[Row], profile: str) -> float:
    """CPU per packet of the relay with this profile, in Janus's; not a number where one of them is missing."""
    ours = [one.per_packet_us for one in rows if one.what == "relay" and one.profile == profile]
    janus = [one.per_packet_us for one in rows if one.what == "janus"]
    if not ours or not janus:
        return math.nan
    return (sum(ours) / len(ours)) / (sum(janus) / len(janus))


def beside_goals(rows: Sequence[Row], profiles: Sequence[str]) -> dict[str, bool]:
    """Of the first table. Janus too must have lost nothing, else its CPU per packet says nothing."""
    ours = [one for one in rows if one.what == "relay"]
    goals = {
        f"CPU per packet at most a third of Janus's ({profile})": ratio(rows, profile) <= RATIO for profile in profiles
    }
    goals |= _whole("beside Janus", ours)
    goals |= _whole("Janus", [one for one in rows if one.what == "janus"])
    goals[f"beside Janus: the machine at most {100 * MOST_BUSY:.0f} % busy"] = bool(rows) and fitting(rows) == list(
        rows
    )
    return goals | _load_is_not_the_limit("beside Janus", rows)


def fitting(rows: Sequence[Row]) -> list[Row]:
    """Those that left the machine room to breathe; the others are shown and not judged."""
    return [one for one in rows if one.busy <= MOST_BUSY]


def flatness(rows: Sequence[Row], base: int) -> tuple[int, float] | None:
    """The largest count that fits, and its CPU per packet in that at ``base`` viewers; None without two to compare."""
    fit = fitting(rows)
    small = next((one for one in fit if one.viewers == base), None)
    if small is None or fit[-1].viewers <= base:
        return None
    return fit[-1].viewers, fit[-1].per_packet_us / small.per_packet_us


def growing_goals(rows: Sequence[Row], base: int) -> dict[str, bool]:
    """Of the second table."""
    fit, flat = fitting(rows), flatness(rows, base)
    goals = {
        f"CPU per packet at the largest count at most {FLAT} times that at {base}": flat is not None and flat[1] <= FLAT
    }
    return goals | _whole("with more and more viewers", fit) | _load_is_not_the_limit("with more and more viewers", fit)


def _whole(where: str, rows: Sequence[Row]) -> dict[str, bool]:
    return {
        f"{where}: nothing lost": bool(rows) and all(one.lost == 0 for one in rows),
        f"{where}: no viewer got nothing": bool(rows) and all(one.silent == 0 for one in rows),
        f"{where}: what came could be opened": bool(rows) and all(one.opened > 0 for one in rows),
    }


def _load_is_not_the_limit(where: str, rows: Sequence[Row]) -> dict[str, bool]:
    most = max((max(one.crowd_cores, one.speaker_cores) for one in rows), default=math.nan)
    return {
        f"{where}: no process of the load used {LOAD_CORES} of a core": most < LOAD_CORES,
        f"{where}: the lecturer kept its pace": bool(rows) and all(one.late_s <= LATE_S for one in rows),
        f"{where}: the crowd's sockets dropped nothing": bool(rows) and all(one.drops == 0 for one in rows),
    }
