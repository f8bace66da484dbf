"""Puts one source's packets in order, asks for those that are missing, and gives up on them in time. Pure."""

from __future__ import annotations

from typing import NamedTuple

from orchestrator.media.relay.rtp import SEQUENCES, Arrival, ahead

FIRST_ASK_S = 0.02
ASK_AGAIN_S = 0.08
GIVE_UP_S = 0.4
"""After so long a missing packet is taken for lost: what comes after it must not wait to be written."""
HELD_LIMIT = 2048
JUMP_LIMIT = 4096
"""A sequence number further away than this is another count, not a loss."""


class Ordered(NamedTuple):
    """A packet in its place; ``gap`` when packets before it never came."""

    packet: Arrival
    gap: bool


class Reorder:
    """Times are of the monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._held: dict[int, Arrival] = {}
        self._next: int | None = None
        self._highest = 0
        self._waiting_since: float | None = None
        self._asked: dict[int, float] = {}
        self._gap = False
        self.received = 0
        self.lost = 0
        self.cycles = 0

    @property
    def highest(self) -> int:
        """The extended highest sequence number (RFC 3550 §6.4.1)."""
        return self.cycles + self._highest

    def add(self, packet: Arrival, now: float) -> None:
        """Take a packet; doubles and those that come too late are let go."""
        if self._next is None or abs(ahead(packet.sequence, self._next)) > JUMP_LIMIT:
            self._gap = self._next is not None
            self._held.clear()
            self._asked.clear()
            self._next = self._highest = packet.sequence
            self._waiting_since = None
        distance = ahead(packet.sequence, self._next)
        if distance < 0 or packet.sequence in self._held:
            return
        self.received += 1
        self._held[packet.sequence] = packet
        self._asked.pop(packet.sequence, None)
        steps = ahead(packet.sequence, self._highest)
        if steps > 0:
            for step in range(1, min(steps, 512)):
                missing = (self._highest + step) % SEQUENCES
                if missing not in self._held and ahead(missing, self._next) >= 0:
                    self._asked[missing] = now + FIRST_ASK_S
            if packet.sequence < self._highest:
                self.cycles += SEQUENCES
            self._highest = packet.sequence

    def take(self, now: float) -> list[Ordered]:
        """What is in order by now."""
        if self._next is None:
            return []
        found: list[Ordered] = []
        while self._held:
            packet = self._held.pop(self._next, None)
            if packet is not None:
                found.append(Ordered(packet, self._gap))
                self._gap, self._waiting_since = False, None
                self._next = (self._next + 1) % SEQUENCES
            elif self._gives_up(now):
                self._skip()
            else:
                break
        return found

    def _gives_up(self, now: float) -> bool:
        if self._waiting_since is None:
            self._waiting_since = now
        return now - self._waiting_since >= GIVE_UP_S or len(self._held) > HELD_LIMIT

    def _skip(self) -> None:
        if self._next is None:
            return
        nearest = min(self._held, key=lambda one: (one - (self._next or 0)) % SEQUENCES)
        while self._next != nearest:
            self._asked.pop(self._next, None)
            self.lost += 1
            self._next = (self._next + 1) % SEQUENCES
        self._gap, self._waiting_since = True, None

    def missing(self, now: float) -> list[int]:
        """Sequence numbers to ask for now, in order."""
        due = [one for one, at in self._asked.items() if at <= now]
        for one in due:
            self._asked[one] = now + ASK_AGAIN_S
        base = self._next or 0
        return sorted(due, key=lambda one: (one - base) % SEQUENCES)[:64]
