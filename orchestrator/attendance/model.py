"""A roll call, the numbers that came in, and what may be ordered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from wire.count_notes import CountNotes, notes_of
from wire.ids import PicturePolicy, RollCallId, SessionId, SiteId
from wire.rooms import ROLL_CALL_OPEN_NS

FRAMES = 10
SPAN_MS = 10_000
LEAD_MS = 3_000
LEAD_LIMIT_MS = 600_000
FRAMES_LEAST, FRAMES_LIMIT = 3, 30
"""Fewer pictures cannot tell a frozen camera from a still room, nor a seat from somebody who walks by."""
SPAN_LIMIT_MS = 60_000
DAY_NS = 24 * 3600 * 10**9
ZONE_NS = 7 * 3600 * 10**9
"""Centre time to the time of day in Viet Nam."""
LATE_NS = ROLL_CALL_OPEN_NS
"""How long after its moment a roll call is still sent to a site that links again."""
DECLARED_LIMIT = 10_000


class Kind(StrEnum):
    """Why a roll call was held: somebody ordered it, or the plan of its session did."""

    ORDER = "order"
    START = "start"
    AFTER_BREAK = "after_break"
    RANDOM = "random"


class RollCall(msgspec.Struct, frozen=True):
    """One attendance round: every site counts ``frames`` pictures within ``span_ms`` from ``at_ns``.

    ``policy``, ``keep_days`` and ``tolerance`` are the rule it was ordered under: what the people in the rooms were
    told holds for its pictures, whatever the rule becomes.
    """

    id: RollCallId
    session: SessionId
    at_ns: int
    nonce: bytes
    ordered_by: str
    sites: frozenset[SiteId]
    frames: int = FRAMES
    span_ms: int = SPAN_MS
    kind: Kind = Kind.ORDER
    policy: PicturePolicy = PicturePolicy.COUNT_ONLY
    keep_days: int = 0
    tolerance: int = 0

    @property
    def keep_until_ns(self) -> int:
        """When its pictures must go."""
        return self.at_ns + self.keep_days * DAY_NS

    def wanted_at(self, now: int) -> bool:
        """Whether a site that links now should still count."""
        return now < self.at_ns + LATE_NS


class Asked(msgspec.Struct, frozen=True):
    """What a count must carry, and what may come with it."""

    session: SessionId
    nonce: bytes
    policy: PicturePolicy


class SiteCount(msgspec.Struct, frozen=True):
    """What one site's camera counted; ``count`` None says why in ``reason``.

    ``verified``: the numbers are those that the site's key signed for this roll call. What is not is kept and shown,
    but stands for nothing.
    """

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

    @property
    def sworn(self) -> int | None:
        """The number that the site swore to; None when it swore to none, or to another."""
        return self.count if self.verified else None

    @property
    def notes(self) -> CountNotes:
        """What the site swore to beside its number; nothing beside one that it did not swear to."""
        return notes_of(self.evidence) if self.sworn is not None else CountNotes()

    @property
    def about(self) -> int | None:
        """How many a person would have counted, going by the one count by hand; None while there is none."""
        ratio = self.notes.hand_ratio
        return None if self.sworn is None or ratio is None else int(self.sworn * ratio + 0.5)


class Declared(msgspec.Struct, frozen=True):
    """A number that a person gave; the first one is never overwritten, later ones stand beside it.

    ``by`` is "site" or a person at the centre; ``signed_by`` whose PIN the site checked, ``word`` why it differs.
    ``listed``: how many people signed the room's list, None where that was not said.
    """

    roll_call: RollCallId | None
    site: SiteId
    number: int
    at_ns: int
    by: str
    signed_by: str = ""
    word: str = ""
    listed: int | None = None


class Burst(msgspec.Struct, frozen=True):
    """How the rooms count: ``lead_ms`` from now, ``frames`` pictures within ``span_ms``."""

    lead_ms: int = LEAD_MS
    frames: int = FRAMES
    span_ms: int = SPAN_MS


def day_began_ns(now: int) -> int:
    """Centre time of the midnight before ``now`` in Viet Nam."""
    return (now + ZONE_NS) // DAY_NS * DAY_NS - ZONE_NS


def check_burst(burst: Burst) -> None:
    """Refuse a moment that rooms cannot meet or that nobody would wait for, and a burst that says nothing."""
    if not 500 <= burst.lead_ms <= LEAD_LIMIT_MS:
        raise Refused("bad_lead", "Hẹn giờ từ 0,5 giây đến 10 phút. / Lead from 0.5 s to 10 min.", 422)
    if not FRAMES_LEAST <= burst.frames <= FRAMES_LIMIT or not 0 <= burst.span_ms <= SPAN_LIMIT_MS:
        raise Refused("bad_burst", "Từ 3 đến 30 ảnh trong tối đa 60 giây. / 3 to 30 pictures within 60 s.", 422)


def said_of(declared: Sequence[Declared]) -> Declared | None:
    """Whose word holds among the numbers of a room, in the order they came: the newest signed one, else the newest."""
    signed = [one for one in declared if one.signed_by]
    return next(reversed(signed or declared), None)


def check_declared(number: int) -> None:
    if not 0 <= number <= DECLARED_LIMIT:
        raise Refused("bad_number", "Số người phải từ 0 đến 10 000. / 0 to 10,000.", 422)
