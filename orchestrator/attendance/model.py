"""A roll call, the numbers that came in, and what may be ordered. Pure."""

from __future__ import annotations

import msgspec

from orchestrator.errors import Refused
from wire.ids import RollCallId, SessionId, SiteId

FRAMES = 10
SPAN_MS = 10_000
LEAD_MS = 3_000
LEAD_LIMIT_MS = 600_000
FRAMES_LIMIT = 30
SPAN_LIMIT_MS = 60_000
LATE_NS = 300 * 10**9
"""How long after its moment a roll call is still sent to a site that links again."""
DECLARED_LIMIT = 10_000


class RollCall(msgspec.Struct, frozen=True):
    """One attendance round: every site counts ``frames`` pictures within ``span_ms`` from ``at_ns``."""

    id: RollCallId
    session: SessionId
    at_ns: int
    nonce: bytes
    ordered_by: str
    sites: frozenset[SiteId]
    frames: int = FRAMES
    span_ms: int = SPAN_MS

    def wanted_at(self, now: int) -> bool:
        """Whether a site that links now should still count."""
        return now < self.at_ns + LATE_NS


class SiteCount(msgspec.Struct, frozen=True):
    """What one site's camera counted; ``count`` None says why in ``reason``."""

    roll_call: RollCallId
    site: SiteId
    count: int | None
    minimum: int
    maximum: int
    frames_used: int
    quality: float
    reason: str
    lo_ns: int
    hi_ns: int
    received_ns: int
    evidence: bytes
    signature: bytes
    verified: bool


class Declared(msgspec.Struct, frozen=True):
    """A number that a person gave; the first one is never overwritten, later ones stand beside it."""

    roll_call: RollCallId | None
    site: SiteId
    number: int
    at_ns: int
    by: str


class Burst(msgspec.Struct, frozen=True):
    """How the rooms count: ``lead_ms`` from now, ``frames`` pictures within ``span_ms``."""

    lead_ms: int = LEAD_MS
    frames: int = FRAMES
    span_ms: int = SPAN_MS


def check_burst(burst: Burst) -> None:
    """Refuse a moment that rooms cannot meet or that nobody would wait for, and a burst that says nothing."""
    if not 500 <= burst.lead_ms <= LEAD_LIMIT_MS:
        raise Refused("bad_lead", "Hẹn giờ từ 0,5 giây đến 10 phút. / Lead from 0.5 s to 10 min.", 422)
    if not 1 <= burst.frames <= FRAMES_LIMIT or not 0 <= burst.span_ms <= SPAN_LIMIT_MS:
        raise Refused("bad_burst", "Từ 1 đến 30 ảnh trong tối đa 60 giây. / 1 to 30 pictures within 60 s.", 422)


def check_declared(number: int) -> None:
    if not 0 <= number <= DECLARED_LIMIT:
        raise Refused("bad_number", "Số người phải từ 0 đến 10 000. / 0 to 10,000.", 422)
