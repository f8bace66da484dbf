"""What the encodings of a picture take, and what a line is said to take. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

AUDIO_BPS = 70_000
"""Set aside for sound, which always goes out."""


class Size(msgspec.Struct, frozen=True):
    """One encoding that comes in now: its place among the layers, and what it takes (bits a second, no headers)."""

    layer: int
    bps: int
    """In the last second."""
    peak_bps: int
    """The most in the last seconds: what a line that is to climb must take."""

    @property
    def need(self) -> int:
        """What the line must take for it, sound included."""
        return self.bps + AUDIO_BPS

    @property
    def most(self) -> int:
        """The same at its livelier moments."""
        return self.peak_bps + AUDIO_BPS


class Line(msgspec.Struct, frozen=True):
    """What a viewer reported last. ``loss`` from 0 to 1; times are of the monotonic clock in seconds."""

    estimate_bps: int | None = None
    estimate_at: float = 0.0
    loss: float = 0.0
    round_trip_s: float | None = None
    round_trip_at: float = 0.0
    """When it began."""


def within(sizes: Sequence[Size], most_bps: int | None) -> Sequence[Size]:
    """Those, from the least to the best, that are known to take at most ``most_bps``; always the least."""
    if most_bps is None:
        return sizes
    fitting = 1
    while fitting < len(sizes) and 0 < sizes[fitting].peak_bps <= most_bps:
        fitting += 1
    return sizes[:fitting]
