"""The window of one exam at one site: when it opens, when it closes. Pure; time comes in as a `Reading`.

Nobody opens before T0 by the best estimate the site has. A site that is BLIND opens one release lead after a live push
of the secret, or at once on a typed code (officers read codes out from T0 only), and never while even its bound says
that T0 is still ahead. The window then runs its full length from the site's own opening.
"""

from enum import StrEnum

import msgspec

from wire.ids import ClockState
from wire.paper import Manifest
from wire.timesync import WORST_RATE

_S = 1_000_000_000
_MS = 1_000_000
_DAY = 24 * 3600 * _S
_AHEAD = 30 * _DAY
"""No plan reaches a site earlier: a wall clock that is further behind has lost its battery."""
LOST_NS = 10 * _S
"""How long a program that has just begun may need to hear the centre."""


class Phase(StrEnum):
    """Where the window stands."""

    WAITING = "waiting"
    SEALED = "sealed"
    ARMED = "armed"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Step(StrEnum):
    """What can happen to a window."""

    PACKAGE = "package"
    SECRET = "secret"
    MOMENT = "moment"
    TIME_UP = "time_up"
    CAP = "cap"
    CANCEL = "cancel"
    RESUME = "resume"


TRANSITIONS: dict[Phase, dict[Step, Phase]] = {
    Phase.WAITING: {Step.PACKAGE: Phase.SEALED, Step.CAP: Phase.MISSED, Step.CANCEL: Phase.CANCELLED},
    Phase.SEALED: {Step.SECRET: Phase.ARMED, Step.CAP: Phase.MISSED, Step.CANCEL: Phase.CANCELLED},
    Phase.ARMED: {Step.MOMENT: Phase.OPEN, Step.CAP: Phase.MISSED, Step.CANCEL: Phase.CANCELLED},
    Phase.OPEN: {Step.TIME_UP: Phase.CLOSED, Step.CANCEL: Phase.CANCELLED},
    Phase.CLOSED: {},
    Phase.CANCELLED: {},
    Phase.MISSED: {Step.RESUME: Phase.WAITING, Step.CANCEL: Phase.CANCELLED},
}

BEFORE_OPENING = frozenset({Phase.WAITING, Phase.SEALED, Phase.ARMED})
OVER = frozenset({Phase.CLOSED, Phase.CANCELLED, Phase.MISSED})


class IllegalStep(Exception):
    """A step that the table does not have; nothing has changed."""


class Source(StrEnum):
    """How the release secret reached the site."""

    PUSH = "push"
    CODE = "code"


class Reading(msgspec.Struct, frozen=True):
    """All clocks of the site at one instant, ns. `mono_ns` counts sleep and belongs to machine start `boot`;
    `centre_ns` is the best estimate of centre time, off by at most `bound_ms` (None: nothing is known). `heard`: it
    comes from the centre; else it is the wall clock, which may be of 2002. `earlier`: machine start → what to add to
    `mono_ns` for the monotonic clock of that earlier start, had it gone on from its last sign of life; `began_ns`:
    monotonic, since when this program reads the clocks."""

    mono_ns: int
    boot: str
    wall_ns: int
    centre_ns: int
    bound_ms: float | None
    state: ClockState
    heard: bool = True
    earlier: dict[str, int] = {}
    began_ns: int = 0


class Anchor(msgspec.Struct, frozen=True):
    """An instant in a form that outlives the agent and the computer's restart. `known`: its centre time was;
    `earlier`: as in a `Reading`."""

    mono_ns: int
    boot: str
    wall_ns: int
    centre_ns: int
    known: bool = True
    earlier: dict[str, int] = {}


class Release(msgspec.Struct, frozen=True):
    """When and how the secret came."""

    source: Source
    at: Anchor


def anchor(reading: Reading) -> Anchor:
    """The instant of `reading`."""
    known = reading.state is not ClockState.BLIND
    return Anchor(reading.mono_ns, reading.boot, reading.wall_ns, reading.centre_ns, known, reading.earlier)


def elapsed_ns(since: Anchor, now: Reading) -> int:
    """Time since an anchor: by the monotonic clock of the same machine start, or of an earlier one that goes on from
    its last sign of life; where there is none by centre time, and while that is or was unknown only what has passed
    since this program began. Never by the wall clock: a flat battery would stop time or end it. Never negative."""
    if since.boot == now.boot:
        return max(0, now.mono_ns - since.mono_ns)
    if since.boot in now.earlier:
        return max(0, now.mono_ns + now.earlier[since.boot] - since.mono_ns)
    if since.known and now.state is not ClockState.BLIND:
        return max(0, now.centre_ns - since.centre_ns)
    return max(0, now.mono_ns - now.began_ns)


def moment_of(past: Anchor, now: Reading) -> tuple[int, int] | None:
    """What certainly holds the centre time of an earlier instant, by what is known now; None while nothing is, or when
    the computer was restarted since."""
    if now.bound_ms is None or past.boot != now.boot:
        return None
    passed = now.mono_ns - past.mono_ns
    middle, half = now.centre_ns - passed, round(now.bound_ms * _MS + WORST_RATE * passed)
    return max(0, middle - half), middle + half


def is_lost(now: Reading) -> bool:
    """Whether nobody here knows the time: what the wall clock says is no ground for a countdown."""
    return not now.heard and now.mono_ns - now.began_ns >= LOST_NS


def may_be_now(manifest: Manifest, now: Reading) -> bool:
    """Whether T0 may be here by a wall clock that nobody vouches for: of that day, later, or of no possible one."""
    ahead_ns = manifest.t0_ns - now.centre_ns
    return ahead_ns <= _DAY or ahead_ns > _AHEAD


def wait_for_opening_ns(manifest: Manifest, release: Release, now: Reading) -> int:
    """Nanoseconds until an armed window may open; 0 = now."""
    to_t0 = manifest.t0_ns - now.centre_ns
    if now.state is not ClockState.BLIND:
        return max(0, to_t0)
    provably_early = 0 if now.bound_ms is None else to_t0 - round(now.bound_ms * _MS)
    if release.source is Source.CODE:
        return max(0, provably_early)
    lead = round(manifest.plan.release_lead_s * _S)
    return max(0, provably_early, lead - elapsed_ns(release.at, now))


class Window:
    """One exam's window; `phase` moves only along `TRANSITIONS`. `longest_extra_s`: the most extra time that anyone in
    the roster has; the window closes after it, each candidate at their own end."""

    def __init__(self, manifest: Manifest, phase: Phase = Phase.WAITING, longest_extra_s: int = 0) -> None:
        self.manifest = manifest
        self.phase = phase
        self.longest_extra_s = longest_extra_s
        self.release: Release | None = None
        self.opened: Anchor | None = None
        self.opened_before = False

    def apply(self, step: Step) -> Phase:
        """Take one step of the table, or raise `IllegalStep` and change nothing."""
        after = TRANSITIONS[self.phase].get(step)
        if after is None:
            raise IllegalStep(f"{step} in {self.phase}")
        self.phase = after
        return after

    def replan(self, manifest: Manifest) -> None:
        """A newer signed manifest: a moved T0 before the opening, or other papers (then they must be fetched)."""
        if self.phase not in BEFORE_OPENING:
            raise IllegalStep(f"another plan in {self.phase}")
        if manifest.papers != self.manifest.papers:
            self.phase = Phase.WAITING
        elif self.phase is Phase.ARMED and manifest.release_sha256 != self.manifest.release_sha256:
            self.phase = Phase.SEALED
        if manifest.release_sha256 != self.manifest.release_sha256:
            self.release = None
        self.manifest = manifest

    def due(self, now: Reading) -> Step | None:
        """The step that time alone asks for now, if any."""
        wait = self.wait_ns(now)
        if wait is None or wait > 0:
            return None
        if self.phase is Phase.OPEN:
            return Step.TIME_UP
        return Step.CAP if self._to_cap_ns(now) <= 0 else Step.MOMENT

    def wait_ns(self, now: Reading) -> int | None:
        """Nanoseconds until time alone asks for a step (0: now); None while none is in sight."""
        if self.phase is Phase.OPEN:
            return max(0, self.left_ns(now, self.longest_extra_s))
        if self.phase in OVER:
            return None
        waits = [max(0, self._to_cap_ns(now))] if now.state is not ClockState.BLIND else []
        if self.phase is Phase.ARMED and self.release is not None:
            waits.append(wait_for_opening_ns(self.manifest, self.release, now))
        return min(waits, default=None)

    def left_ns(self, now: Reading, extra_s: int = 0) -> int:
        """What is left for someone with this extra time; the whole length before the window opened."""
        length = (self.manifest.duration_s + extra_s) * _S
        return length if self.opened is None else length - elapsed_ns(self.opened, now)

    def resume(self) -> None:
        """The site had opened on another computer: no opening on this one is too late."""
        self.opened_before = True
        if self.phase is Phase.MISSED:
            self.apply(Step.RESUME)

    def _to_cap_ns(self, now: Reading) -> int:
        """Until the latest allowed opening; a site without centre time does not know it and goes by the code."""
        if now.state is ClockState.BLIND or self.opened_before:
            return 1
        return self.manifest.t0_ns + round(self.manifest.plan.late_cap_s * _S) - now.centre_ns
