"""How a publisher's packets of one track arrive: loss, jitter, and which to ask for again (RFC 3550 A.3, A.8)."""

from __future__ import annotations

from orchestrator.media.relay.rtcp import Block, SenderReport
from orchestrator.media.relay.rtp import SEQUENCES, ahead

MISSING_LIMIT = 128
ASK_AGAIN_S = 0.06
ASKS = 6


class Reception:
    """The state of one source. Sequence numbers are the source's own."""

    def __init__(self, ssrc: int, clock_rate: int) -> None:
        self.ssrc = ssrc
        self._rate = clock_rate
        self._base: int | None = None
        self._highest = 0
        """Extended by the number of wraps."""
        self.received = 0
        self._expected_before = 0
        self._received_before = 0
        self.jitter = 0.0
        self._transit: float | None = None
        self._missing: dict[int, tuple[float, int]] = {}
        self._report: tuple[int, float] = (0, 0.0)

    def packet(self, sequence: int, timestamp: int, now: float) -> None:
        """A packet came."""
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
            self._missing.pop(sequence, None)
            return
        if distance > MISSING_LIMIT:
            self._missing.clear()
        else:
            for step in range(1, distance):
                self._missing[(self._highest + step) % SEQUENCES] = (now, 0)
        self._highest += distance
        while len(self._missing) > MISSING_LIMIT:
            del self._missing[next(iter(self._missing))]

    def ask(self, now: float) -> list[int]:
        """Sequence numbers to NACK now; each is asked for a few times, then given up."""
        wanted = [one for one, (due, _) in self._missing.items() if due <= now]
        for one in wanted:
            asks = self._missing[one][1] + 1
            if asks >= ASKS:
                del self._missing[one]
            else:
                self._missing[one] = (now + ASK_AGAIN_S * asks, asks)
        return wanted

    @property
    def missing(self) -> bool:
        """Whether :meth:`ask` may have something to say, now or later."""
        return bool(self._missing)

    @property
    def lost(self) -> int:
        """Packets that never came, so far."""
        expected = self._highest - self._base + 1 if self._base is not None else 0
        return max(0, expected - self.received)

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
        total = min(self.lost, 0x7FFFFF)
        return Block(self.ssrc, min(fraction, 255), total, self._highest, int(self.jitter), middle, delay)
