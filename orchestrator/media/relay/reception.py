"""How a publisher's packets of one track arrive: loss, jitter, and which to ask for again (RFC 3550 A.3, A.8)."""

from __future__ import annotations

from orchestrator.media.relay.rtcp import Block, SenderReport
from orchestrator.media.relay.rtp import SEQUENCES, ahead

MISSING_LIMIT = 128
ASK_AGAIN_S = (0.04, 0.06, 0.4)
"""Shortest, first and longest pause before a packet is asked for again: a fifth more than it takes to come."""
ASKS = 10


class Reception:
    """The state of one source. Sequence numbers are the source's own."""

    def __init__(self, ssrc: int, clock_rate: int) -> None:
        self.ssrc = ssrc
        self._rate = clock_rate
        self._base: int | None = None
        self._highest = 0
        """Extended by the number of wraps."""
        self.received = 0
        self.repaired = 0
        self._expected_before = 0
        self._received_before = 0
        self.jitter = 0.0
        self._transit: float | None = None
        self._missing: dict[int, tuple[float, int, float]] = {}
        """Sequence number -> when to ask next, how often it was asked for, when first."""
        self._pause = ASK_AGAIN_S[1]
        self._report: tuple[int, float] = (0, 0.0)

    def packet(self, sequence: int, timestamp: int, now: float, *, repaired: bool = False) -> None:
        """A packet came; ``repaired``: as RTX, which says nothing of the line's loss and jitter."""
        if repaired:
            self.repaired += sequence in self._missing
            self._found(sequence, now)
            return
        self.received += 1
        if self._base is None:
            self._base = self._highest = sequence
        else:
            self._follow(sequence, now)
        transit = now * self._rate - timestamp
        if self._transit is not None:
            self.jitter += (min(abs(transit - self._transit) % (1 << 32), self._rate) - self.jitter) / 16
        self._transit = transit

    def _follow(self, sequence: int, now: float) -> None:
        distance = ahead(sequence, self._highest % SEQUENCES)
        if distance <= 0:
            self._found(sequence, now)
            return
        if distance > MISSING_LIMIT:
            self._missing.clear()
        else:
            for step in range(1, distance):
                self._missing[(self._highest + step) % SEQUENCES] = (now, 0, now)
        self._highest += distance
        while len(self._missing) > MISSING_LIMIT:
            del self._missing[next(iter(self._missing))]

    def _found(self, sequence: int, now: float) -> None:
        """A missing packet came; if it was asked for once, the time it took is how long the next is waited for."""
        _, asks, first = self._missing.pop(sequence, (0.0, 0, 0.0))
        if asks == 1:
            shortest, _, longest = ASK_AGAIN_S
            self._pause += (min(longest, max(shortest, 1.2 * (now - first))) - self._pause) / 4

    def ask(self, now: float) -> list[int]:
        """Sequence numbers to NACK now; each is asked for a few times, then given up."""
        wanted = [one for one, (due, _, _) in self._missing.items() if due <= now]
        for one in wanted:
            _, asks, first = self._missing[one]
            if asks + 1 >= ASKS:
                del self._missing[one]
            else:
                self._missing[one] = (now + self._pause, asks + 1, first if asks else now)
        return wanted

    @property
    def missing(self) -> bool:
        """Whether :meth:`ask` may have something to say, now or later."""
        return bool(self._missing)

    @property
    def lost(self) -> int:
        """Packets that never came, not even when asked for, so far."""
        expected = self._highest - self._base + 1 if self._base is not None else 0
        return max(0, expected - self.received - self.repaired)

    def sender_report(self, report: SenderReport, now: float) -> None:
        """Remember the source's report, to say in ours how old it is."""
        self._report = (report.ntp_middle, now)

    def block(self, now: float) -> Block:
        """The report block since the last one."""
        expected = self._highest - self._base + 1 if self._base is not None else 0
        gap = expected - self._expected_before
        lost = gap - (self.received - self._received_before)
        self._expected_before, self._received_before = expected, self.received
        fraction = (lost << 8) // gap if gap > 0 and lost > 0 else 0
        middle, at = self._report
        delay = int((now - at) * 65536) if middle else 0
        total = min(max(0, expected - self.received), 0x7FFFFF)
        return Block(self.ssrc, min(fraction, 255), total, self._highest, int(self.jitter), middle, delay)
