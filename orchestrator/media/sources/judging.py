"""Whether a picture may pass untouched. Pure.

Unless the centre chose VP8, the relay agrees on H.264 constrained baseline with every room and every browser; what was
agreed on is what a room's decoder must be able to decode (RFC 6184 §8.1). A main or high profile stream without
B-frames would play in most browsers, but nobody has promised it, and hardware decoders in cheap set-top boxes and
Janus' rooms were told otherwise: such pictures are converted, and the page says which setting of the encoder would
spare it. Baseline without the constrained flag passes when it has one slice group, because it then uses none of what
the flag excludes in practice. For rooms that see VP8 everything is converted, VP8 too: what a film has of it was made
for another purpose, with keyframes far apart and pictures that are not shown.
"""

from __future__ import annotations

import msgspec

from orchestrator.media.sources.h264 import ParameterSets
from orchestrator.media.sources.job import Bounds, Why

BASELINE, MAIN, EXTENDED, HIGH = 66, 77, 88, 100
PROFILES = {BASELINE: "Baseline", MAIN: "Main", EXTENDED: "Extended", HIGH: "High"}


class Picture(msgspec.Struct, frozen=True):
    """What is known of a source's picture before it flows."""

    codec: str
    width: int
    height: int
    reorders: bool = False
    """The decoder must hold pictures back: there are B-frames."""
    sets: ParameterSets | None = None

    @property
    def name(self) -> str:
        """For people: codec, profile and size."""
        profile = f" {profile_name(self.sets)}" if self.sets is not None else ""
        codec = {"h264": "H.264", "hevc": "H.265", "mjpeg": "MJPEG"}.get(self.codec, self.codec.upper())
        return f"{codec}{profile} {self.width}x{self.height}"


def profile_name(sets: ParameterSets) -> str:
    """As encoders call it (ITU-T H.264 §A.2)."""
    if sets.profile == BASELINE and sets.constraints & 0x40:
        return "Constrained Baseline"
    return PROFILES.get(sets.profile, f"profile {sets.profile}")


def judge(picture: Picture, bounds: Bounds) -> Why:
    """Why it must be converted; :attr:`Why.NONE` when it may pass."""
    if bounds.video != "h264":
        return Why.CENTRE_CODEC
    if picture.codec != "h264" or picture.sets is None:
        return Why.CODEC
    if picture.reorders:
        return Why.B_FRAMES
    if not _constrained(picture.sets):
        return Why.PROFILE
    if picture.width > bounds.pass_width or picture.height > bounds.pass_height:
        return Why.SIZE
    return Why.NONE


def _constrained(sets: ParameterSets) -> bool:
    if sets.profile == BASELINE:
        return bool(sets.constraints & 0x40) or sets.slice_groups == 1
    # A main or extended stream that says that it keeps to baseline too (RFC 6184 table 5).
    return (sets.profile == MAIN and bool(sets.constraints & 0x80)) or (
        sets.profile == EXTENDED and sets.constraints & 0xC0 == 0xC0
    )


class Flow:
    """Looks at a passing picture as it flows: how far its keyframes are apart, how many bits it has."""

    WINDOW_S = 4.0

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._key_s: float | None = None
        self._window: list[tuple[float, int]] = []
        self._octets = 0
        self._newest_s = float("-inf")

    def look(self, at_s: float, octets: int, *, keyframe: bool) -> Why:
        """Take note of one access unit; why passing must end, or :attr:`Why.NONE`."""
        reordered = at_s < self._newest_s
        self._newest_s = max(self._newest_s, at_s)
        if self._key_s is None or keyframe:
            self._key_s = at_s
        self._window.append((at_s, octets))
        self._octets += octets
        while self._window and at_s - self._window[0][0] > self.WINDOW_S:
            self._octets -= self._window.pop(0)[1]
        if reordered:
            return Why.B_FRAMES
        if at_s - self._key_s > self._bounds.keyframe_s:
            return Why.KEYFRAMES
        full = bool(self._window) and at_s - self._window[0][0] > 0.75 * self.WINDOW_S
        if full and self._octets * 8 / self.WINDOW_S > self._bounds.pass_kbps * 1000:
            return Why.BITRATE
        return Why.NONE
