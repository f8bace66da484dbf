"""One time for sound and picture: the sound's own clock counts, the picture is laid beside it by sender reports. Pure.

RTP timestamps of two tracks begin anywhere; sender reports (RFC 3550 §6.4.1) say which moment each stands for. Sound
may have no seams, so its samples are counted; the picture's distance to it follows the reports, quickly at the start
and softly later, because one report may be some milliseconds off.
"""

from __future__ import annotations

from collections import deque

from orchestrator.media.relay.rtp import TIMESTAMPS, ahead

SOFTLY = 0.1
REPORTS = 12
JUMP_S = 0.25
"""A difference as large is another source's clock, not noise: it is followed at once."""
RATES = {"audio": 48000, "video": 90000}


class RtpTime:
    """One track's timestamps, counted on through their wrapping, in seconds of its own clock."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._last: int | None = None
        self._extended = 0

    def extended(self, timestamp: int) -> int:
        """Ticks that only wrap in 2^64."""
        if self._last is None:
            self._last = self._extended = timestamp
            return timestamp
        steps = ahead(timestamp, self._last, TIMESTAMPS)
        extended = self._extended + steps
        if steps > 0:
            self._last, self._extended = timestamp, extended
        return extended

    @property
    def started(self) -> bool:
        return self._last is not None


class Alignment:
    """Where samples of both tracks stand on one line of seconds that begins at the first of them."""

    def __init__(self) -> None:
        self.clocks = {kind: RtpTime(rate) for kind, rate in RATES.items()}
        self._told: dict[str, deque[float]] = {}
        """By track: NTP − own clock, as the newest reports say. A sender that is late with a packet is late with what
        it reports of it, never early: the least of them is nearest to the truth."""
        self._guessed: dict[str, float] = {}
        """The same by arrival, the earliest seen: what holds until both tracks have a report."""
        self._shift: dict[str, float] = {}
        """What is added to a track's own clock."""
        self._by_report = False
        self._follows = 0
        """Reports followed so far: the first are believed more than one among many."""

    def arrived(self, kind: str, extended: int, at_s: float) -> None:
        """A packet came at a moment of the wall clock (seconds since 1900, as reports have it)."""
        guess = at_s - extended / RATES[kind]
        if guess < self._guessed.get(kind, guess + 1):
            self._guessed[kind] = guess

    def report(self, kind: str, ntp_s: float, timestamp: int) -> None:
        """A sender report. Before the track's first packet it says nothing that could be used."""
        clock = self.clocks[kind]
        if clock.started:
            told = ntp_s - clock.extended(timestamp) / clock.rate
            known = self._told.setdefault(kind, deque(maxlen=REPORTS))
            if known and abs(told - min(known)) > JUMP_S:
                known.clear()
            known.append(told)
            self._follow()

    @property
    def sure(self) -> bool:
        """Whether both tracks have reports."""
        return len(self._told) == 2

    def seconds(self, kind: str, extended: int) -> float:
        """The sample's place on the line."""
        shift = self._shift.get(kind)
        if shift is None:
            shift = self._shift[kind] = self._first_shift(kind)
        return extended / RATES[kind] + shift

    def _first_shift(self, kind: str) -> float:
        other = "video" if kind == "audio" else "audio"
        self._by_report = self.sure
        if other in self._shift:
            return self._shift[other] + self._distance(kind, other)
        return 0.0

    def _distance(self, kind: str, other: str) -> float:
        """How much more is added to ``kind`` than to ``other``."""
        known = {track: min(told) for track, told in self._told.items()} if self.sure else self._guessed
        return known.get(kind, 0.0) - known.get(other, 0.0) if kind in known and other in known else 0.0

    def _follow(self) -> None:
        if not self.sure or len(self._shift) < 2:
            return
        right = self._shift["audio"] + self._distance("video", "audio")
        error = right - self._shift["video"]
        at_once = not self._by_report or abs(error) > JUMP_S
        self._by_report = True
        self._follows += 1
        self._shift["video"] += error if at_once else error * max(SOFTLY, 1 / self._follows)
