"""Who may hold a site's link, and how fast it may talk: pure decisions."""

from enum import StrEnum

import msgspec

from wire.ids import BootId, EnrolmentId, SiteId

ANSWERED_WITHIN_S = 10.0
SILENT_AFTER_S = 30.0
RESUMABLE_FOR_S = 600.0
MESSAGES_PER_S = 500.0
MESSAGE_BURST = 1000.0


class Enrolment(msgspec.Struct, frozen=True):
    """One paired computer: its site, and the raw Ed25519 key it signs with."""

    site: SiteId
    enrolment: EnrolmentId
    public_key: bytes


class Holder(msgspec.Struct, frozen=True):
    """Who holds a site's link now; `heard_at` on the process's monotonic clock, seconds."""

    enrolment: EnrolmentId
    boot: BootId
    attended: bool
    heard_at: float


class Seating(StrEnum):
    """What becomes of a caller who proved to be the site."""

    TAKE = "take"
    RESUME = "resume"
    REPLACE = "replace"
    REFUSE = "refuse"


def seating(holder: Holder | None, enrolment: EnrolmentId, boot: BootId, now: float) -> Seating:
    """Decide on a caller: the newest link of the same boot wins; another boot waits until the old one is quiet."""
    if holder is None:
        return Seating.TAKE
    same = (holder.enrolment, holder.boot) == (enrolment, boot)
    if not holder.attended:
        return Seating.RESUME if same and now - holder.heard_at <= RESUMABLE_FOR_S else Seating.TAKE
    if same or now - holder.heard_at > ANSWERED_WITHIN_S:
        return Seating.REPLACE
    return Seating.REFUSE


class Allowance:
    """A bucket of `burst` messages that refills at `rate` a second."""

    def __init__(self, now: float, rate: float = MESSAGES_PER_S, burst: float = MESSAGE_BURST) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at = burst, now

    def take(self, now: float) -> bool:
        """Tell whether one more message may come now, and count it."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
