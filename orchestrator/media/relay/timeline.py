"""One continuous numbering per track, whatever publishers come and go behind it."""

from __future__ import annotations

from orchestrator.media.relay.rtp import SEQUENCES, TIMESTAMPS, ahead


class Timeline:
    """Maps a source's sequence numbers and timestamps to the stream's own.

    A new source goes on one sequence number after the old one's last, its timestamp ahead by the time that has passed.
    """

    SLACK_S = 2.0
    """How far a stamp worked out from two sources' clocks may lie beyond the time that has passed."""

    def __init__(self, clock_rate: int) -> None:
        self._rate = clock_rate
        self._sequence_shift = 0
        self._timestamp_shift = 0
        self._first: int | None = None
        self.sequence = 0
        self.timestamp = 0
        self._at: float | None = None

    def new_source(self, sequence: int, timestamp: int, now: float, stamp: int | None = None) -> None:
        """The next packets come from another source, of which this is the first.

        ``stamp`` is what the stream's clock says of it, if that is known: lips stay with the voice through the change.
        """
        elapsed = max(1, round((now - self._at) * self._rate)) if self._at is not None else 0
        if stamp is not None and self._at is not None:
            distance = ahead(stamp, self.timestamp, TIMESTAMPS)
            if 0 < distance <= elapsed + self.SLACK_S * self._rate:
                elapsed = distance
        self._sequence_shift = (self.sequence + 1 - sequence) % SEQUENCES
        self._timestamp_shift = (self.timestamp + elapsed - timestamp) % TIMESTAMPS
        self._first = (sequence + self._sequence_shift) % SEQUENCES

    def place(self, sequence: int, timestamp: int, now: float) -> tuple[int, int] | None:
        """The stream's numbers of a source's packet; ``None`` for one older than its source's first."""
        placed = (sequence + self._sequence_shift) % SEQUENCES
        stamped = (timestamp + self._timestamp_shift) % TIMESTAMPS
        if self._first is not None:
            distance = ahead(placed, self._first)
            if distance < 0:
                return None
            if distance > SEQUENCES >> 2:
                self._first = None
        if ahead(placed, self.sequence) > 0:
            self.sequence, self.timestamp, self._at = placed, stamped, now
        return placed, stamped

    @property
    def started(self) -> bool:
        """Whether a packet ever came."""
        return self._at is not None

    def stamp(self, timestamp: int) -> int:
        """The stream's timestamp of a source's (for sender reports)."""
        return (timestamp + self._timestamp_shift) % TIMESTAMPS
