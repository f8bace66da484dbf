"""Time that passed while the computer was off and that no clock here has counted. Pure.

After a restart without centre time a window goes on from its last sign of life: how long the power was away is unknown
and costs nobody anything. Once centre time is known it is counted like any other outage, and a person decides about the
credit; but never so much that the window closes before anybody could be warned or anything decided.
"""

from site_agent.exam.hall import Hall
from site_agent.exam.window import Phase, Reading, elapsed_ns
from wire.ids import ClockState
from wire.messages import NEVER_NS

_S = 1_000_000_000
LEAVES_S = 600
"""What everybody keeps when time is found to have passed unseen, if they had as much; of a short exam a sixth."""


def unseen_ns(hall: Hall, now: Reading) -> int:
    """How much longer the window has been open than is counted; 0 while that cannot be told."""
    opening = hall.opening
    if opening is None or hall.window.phase is not Phase.OPEN or now.state is ClockState.BLIND:
        return 0
    if opening.hi_ns == NEVER_NS or opening.opened.boot not in now.earlier:
        return 0
    return max(0, now.centre_ns - opening.hi_ns - elapsed_ns(opening.opened, now))


def countable_ns(hall: Hall, now: Reading) -> int:
    """How much of it may be counted at once: everything while the clock stands, for then it costs nobody anything."""
    if hall.allowance.stop is not None:
        return unseen_ns(hall, now)
    leaves_s = min(LEAVES_S, hall.held.manifest.duration_s // 6)
    shortest_s = min((hall.roster[number].extra_s for number in hall.short), default=0)
    left_ns = hall.window.left_ns(now, shortest_s) + hall.allowance.extra_ns(None, now)
    return max(0, left_ns - leaves_s * _S)
