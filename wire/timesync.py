"""A site's knowledge of centre time: an offset, and a bound that provably holds the error.

Each exchange gives four stamps: t0 and t3 on the site's monotonic clock, t1 and t2 on the centre's. The centre's lead
θ = centre − monotonic then lies in [t2 − t3, t1 − t0], so its midpoint is wrong by at most half the delay δ (the
on-wire maths of RFC 5905 §8). The best exchange of a burst is kept; it ages by `WORST_RATE` until two bursts at least
10 min apart give the site's own rate, then by that rate's uncertainty plus `WANDER`. All kept bursts are intersected;
an empty intersection means that a clock broke its promise, and the epoch is void. Assumed, and no more: the monotonic
clock's rate error stays below 500 ppm and within ±10 ppm of its own mean (so two means differ by at most 20 ppm).

Pure: every method takes the readings it needs, in integer nanoseconds.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise

import msgspec

from wire.ids import ClockState

BURST = 16
WARM_UP = 2
WORST_RATE = 500e-6
WANDER = 20e-6
RATE_BASELINE_NS = 600 * 10**9
SYNCED_NS = 150 * 10**6
LOOSE_NS = 2 * 10**9
EXPIRY_NS = 24 * 3600 * 10**9
JUMP_NS = 500 * 10**6
SLEEP_NS = 20 * 10**9
READING_NS = 1_000
KEPT_BURSTS = 32

Interval = tuple[int, int]


class Verdict(StrEnum):
    """What became of a burst."""

    ACCEPTED = "accepted"
    USELESS = "useless"
    IGNORED = "ignored"
    VOIDED = "voided"


class Exchange(msgspec.Struct, frozen=True):
    """Four stamps of one ping: t0, t3 monotonic at the site; t1, t2 centre time. Nanoseconds."""

    t0: int
    t1: int
    t2: int
    t3: int

    @property
    def delay(self) -> int:
        """Time on the way, both ways together; negative if a clock lied."""
        return (self.t3 - self.t0) - (self.t2 - self.t1)

    @property
    def is_possible(self) -> bool:
        """Tell whether the stamps could be true, given that the two clocks run at different rates."""
        slack = READING_NS + int(WORST_RATE * (self.t2 - self.t1))
        return self.t3 >= self.t0 and self.t2 >= self.t1 and self.delay >= -slack


class Fix(msgspec.Struct, frozen=True):
    """Best exchange of a burst: at monotonic `at` the lead was `lead` ± `half`. Nanoseconds."""

    at: int
    lead: int
    half: int
    delay: int


def best_of(exchanges: Sequence[Exchange]) -> Fix | None:
    """Return the fix of the least delayed exchange, without the first two, which wake the radio and the window."""
    possible = [exchange for exchange in exchanges[WARM_UP:] if exchange.is_possible]
    if not possible:
        return None
    best = min(possible, key=lambda exchange: exchange.delay)
    lead = ((best.t1 - best.t0) + (best.t2 - best.t3)) // 2
    half = max(0, best.delay) // 2 + int(WORST_RATE * (best.t3 - best.t0)) + READING_NS
    return Fix(at=best.t3, lead=lead, half=half, delay=max(0, best.delay))


class Agreement(msgspec.Struct, frozen=True):
    """The narrowest interval on which most sources agree."""

    interval: Interval
    agreeing: int
    sources: int

    @property
    def is_majority(self) -> bool:
        """Tell whether more than half of the sources agree."""
        return 2 * self.agreeing > self.sources


def marzullo(intervals: Sequence[Interval]) -> Agreement | None:
    """Return where the most intervals overlap (touching counts; the narrowest of equals), None for no interval.

    K. Marzullo, S. Owicki, "Maintaining the time in a distributed system", 1983.
    """
    if not intervals:
        return None
    # At one place an opening (-1) sorts before a closing (+1), so that intervals which touch overlap.
    edges = sorted([(lo, -1) for lo, _ in intervals] + [(hi, 1) for _, hi in intervals])
    overlap, best = 0, Agreement((0, 0), 0, len(intervals))
    for (place, side), (following, _) in pairwise(edges):
        overlap -= side
        width = following - place
        if overlap > best.agreeing or (overlap == best.agreeing and width < best.interval[1] - best.interval[0]):
            best = Agreement((place, following), overlap, len(intervals))
    return best


class SourceClock:
    """The fixes against one centre within one epoch."""

    def __init__(self) -> None:
        self._fixes: deque[Fix] = deque(maxlen=KEPT_BURSTS)
        self._rate = 0.0
        self._rate_error = WORST_RATE
        self._edges: Interval | None = None

    @property
    def last(self) -> Fix | None:
        """The newest fix of the epoch."""
        return self._fixes[-1] if self._fixes else None

    @property
    def rate_error(self) -> float:
        """Uncertainty of the site's rate that ages a fix now; 20e-6 = 20 ppm."""
        return self._rate_error

    def lead(self, now: int) -> Interval | None:
        """Return where the centre's lead lies at monotonic `now`; None without a fix in the last 24 h."""
        if not self._fixes or now - self._fixes[-1].at > EXPIRY_NS:
            return None
        age = now - self._fixes[-1].at
        if age < 0:
            return _intersection(self._at(fix, now) for fix in self._fixes)
        # All fixes age at one rate, so which of them are the narrowest stays so: an answer needs the time at once.
        if self._edges is None:
            self._edges = _intersection(self._at(fix, self._fixes[-1].at) for fix in self._fixes)
        if self._edges is None:
            return _intersection(self._at(fix, now) for fix in self._fixes)
        moved, wider = int(self._rate * age), int(self._rate_error * age) + 1
        return self._edges[0] + moved - wider, self._edges[1] + moved + wider

    def add(self, fix: Fix) -> Verdict:
        """Take a fix. One that contradicts the epoch voids it and begins the next."""
        known = self.lead(fix.at)
        self._fixes.append(fix)
        self._edges = None
        if known is None or _intersection([known, (fix.lead - fix.half, fix.lead + fix.half)]) is None:
            return self._begin(fix)
        self._estimate_rate(fix)
        self._edges = None
        return Verdict.ACCEPTED if self.lead(fix.at) is not None else self._begin(fix)

    def agrees(self, fix: Fix) -> bool:
        """Tell whether a fix could be true by what is known."""
        known = self.lead(fix.at)
        return known is None or _intersection([known, (fix.lead - fix.half, fix.lead + fix.half)]) is not None

    def void(self) -> None:
        """Forget the epoch."""
        self._fixes.clear()
        self._rate, self._rate_error = 0.0, WORST_RATE
        self._edges = None

    def _begin(self, fix: Fix) -> Verdict:
        first = len(self._fixes) == 1
        self.void()
        self._fixes.append(fix)
        self._edges = None
        return Verdict.ACCEPTED if first else Verdict.VOIDED

    def _at(self, fix: Fix, now: int) -> Interval:
        age = now - fix.at
        lead = fix.lead + int(self._rate * age)
        half = fix.half + int(self._rate_error * abs(age)) + 1
        return lead - half, lead + half

    def _estimate_rate(self, fix: Fix) -> None:
        for other in self._fixes:
            span = fix.at - other.at
            if span < RATE_BASELINE_NS:
                break
            error = (fix.half + other.half) / span + WANDER
            if error < self._rate_error:
                self._rate, self._rate_error = (fix.lead - other.lead) / span, error


class TimeSync:
    """A site's centre time from one or several centres. Monotonic readings must count sleep where they can."""

    def __init__(self) -> None:
        self._sources: dict[str, SourceClock] = {}
        self._frozen = False
        self._watched: tuple[int, int] | None = None
        self._last_lead: int | None = None

    @property
    def last_lead(self) -> int | None:
        """Lead last believed, for a best guess without a bound after the epoch was voided."""
        return self._last_lead

    def freeze(self) -> None:
        """From now on take only a fix that agrees and is better than what is known (used from T0 − 60 s)."""
        self._frozen = True

    def thaw(self) -> None:
        """Take every fix again."""
        self._frozen = False

    def burst(self, source: str, exchanges: Sequence[Exchange]) -> Verdict:
        """Take a burst of exchanges with one centre."""
        fix = best_of(exchanges)
        if fix is None:
            return Verdict.USELESS
        clock = self._sources.setdefault(source, SourceClock())
        known = clock.lead(fix.at)
        if self._frozen and known is not None and (not clock.agrees(fix) or 2 * fix.half >= known[1] - known[0]):
            return Verdict.IGNORED
        verdict = clock.add(fix)
        self.lead(fix.at)
        return verdict

    def watch(self, now: int, wall: int) -> str | None:
        """Compare the clocks, about once a second; return why the epoch was voided, if it was.

        A wall clock that moved ≥ 0.5 s against the monotonic one was set, or the machine slept; a silence of more than
        20 s between two calls is taken as sleep, since some platforms hide it from both.
        """
        before, self._watched = self._watched, (now, wall)
        if before is None:
            return None
        passed, walled = now - before[0], wall - before[1]
        reason = "clock_jump" if abs(walled - passed) >= JUMP_NS else "slept" if passed >= SLEEP_NS else None
        if reason is not None:
            self.void()
        return reason

    def void(self) -> None:
        """Forget every epoch: the site is BLIND until the next burst."""
        for clock in self._sources.values():
            clock.void()

    def forget(self, source: str) -> None:
        """This centre began anew, with another anchor: its fixes say nothing any more."""
        self._sources.pop(source, None)

    def lead(self, now: int) -> Interval | None:
        """Return where centre − monotonic lies at monotonic `now`; None if unknown or without a majority."""
        known = [lead for clock in self._sources.values() if (lead := clock.lead(now)) is not None]
        if len(known) == 1:  # as nearly everywhere; asked for each answer
            lo, hi = known[0]
        else:
            agreement = marzullo(known)
            if agreement is None or not agreement.is_majority:
                return None
            lo, hi = agreement.interval
        self._last_lead = (lo + hi) // 2
        return lo, hi

    def bound(self, now: int) -> int | None:
        """Return the largest error of the interval's midpoint; None if unknown."""
        lead = self.lead(now)
        return None if lead is None else (lead[1] - lead[0] + 1) // 2

    def state(self, now: int) -> ClockState:
        """SYNCED with a bound ≤ 150 ms, LOOSE ≤ 2 s, else BLIND."""
        bound = self.bound(now)
        if bound is None or bound > LOOSE_NS:
            return ClockState.BLIND
        return ClockState.SYNCED if bound <= SYNCED_NS else ClockState.LOOSE

    def delay(self) -> int | None:
        """Return the delay of the best of the newest fixes; None if there is none."""
        return min((clock.last.delay for clock in self._sources.values() if clock.last), default=None)


def _intersection(intervals: Iterable[Interval]) -> Interval | None:
    pairs = list(intervals)
    lo, hi = max(lo for lo, _ in pairs), min(hi for _, hi in pairs)
    return (lo, hi) if lo <= hi else None
