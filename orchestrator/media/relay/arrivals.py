"""When a publisher's packets came, told back to it (draft-holmer-rmcat-transport-wide-cc-extensions-01).

From this a publisher sees a queue grow in its own line and sends less before anything is lost. Its packets are numbered
across all its sources; each feedback says of the numbers from a base on which came, and when.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping

from orchestrator.media.relay.extensions import ONE_BYTE, find
from orchestrator.media.relay.rtcp import RTPFB
from orchestrator.media.relay.rtp import SEQUENCES, Arrival, ahead

FORMAT = 15
PADDED = 0x20
TICKS = 4000
"""A second has so many units of a delta, of 250 µs each (§3.1.5)."""
REFERENCE_TICKS = 256
"""The reference time counts 64 ms (§3.1)."""
SMALL, LARGE = 1, 2
SMALL_TICKS, LARGE_TICKS = range(256), range(-(1 << 15), 1 << 15)
LONGEST_RUN = (1 << 13) - 1
"""Statuses of one chunk (§3.1.3). A wider gap is taken for another beginning, not for loss, and passed over."""
STATUSES = (1 << 16) - 1
BITS, PAIRS = 14, 7
"""Statuses of a vector chunk (§3.1.4)."""
RUN = re.compile(rb"(.)\1*", re.DOTALL)
DUE_S, DUE_PACKETS = 0.05, 100
"""A feedback is due after so long, or of so many packets."""

Came = tuple[int, int]
"""A number that counts on across wraps, and when its packet came, in ticks."""


class Arrivals:
    """Of one publisher, since the last feedback. ``numbers``: payload type -> number of the header extension."""

    def __init__(self, numbers: Mapping[int, int]) -> None:
        self._numbers = {
            payload_type: (ONE_BYTE.to_bytes(2, "big") + bytes((0, 1, number << 4 | 1)), number)
            for payload_type, number in numbers.items()
        }
        """With the block's beginning where nothing else is in it, as in nearly every packet."""
        self._highest: int | None = None
        self._next: int | None = None
        """The first number that no feedback has told of."""
        self._came: dict[int, int] = {}
        self._ssrc = 0
        """A publisher takes a feedback for its own by a source that it sends."""
        self._told = 0.0
        self._count = 0

    def note(self, arrival: Arrival, came: float) -> bool:
        """A packet came, at ``came`` in seconds of whatever clock; true when a feedback is due by their number."""
        known = self._numbers.get(arrival.payload_type)
        if known is None:
            return False
        extension = arrival.extension
        if extension.startswith(known[0]):
            sequence = extension[5] << 8 | extension[6]
        else:
            value = find(extension, known[1])
            if value is None or len(value) != 2:
                return False
            sequence = value[0] << 8 | value[1]
        highest = self._highest
        if highest is not None:
            sequence = highest + ahead(sequence, highest)
        if highest is None or sequence > highest:
            self._highest = sequence
        self._came.setdefault(sequence, int(came * TICKS))
        self._ssrc = arrival.ssrc
        return len(self._came) >= DUE_PACKETS

    def due(self, now: float) -> bool:
        """Whether a feedback is due by the time since the last; ``now`` in seconds of the clock of :meth:`feedback`."""
        return bool(self._came) and now - self._told >= DUE_S

    def feedback(self, sender: int, now: float) -> list[bytes]:
        """RTCP about all that came since the last; more than one packet where one cannot tell it. ``sender``: SSRC.

        Of a number that was told as missing before, only that it came is told: what was said of others stands.
        """
        came, self._told = sorted(self._came.items()), now
        self._came.clear()
        if not came:
            return []
        following = came[0][0] if self._next is None else self._next
        late = [one for one in came if one[0] < following]
        self._next = max(came[-1][0] + 1, following)
        packets = []
        for base, part in (*_parts(late, came[0][0], 0), *_parts(came[len(late) :], following, LONGEST_RUN)):
            packets.append(_packet(sender, self._ssrc, self._count, base, part))
            self._count = (self._count + 1) & 0xFF
        return packets


def _parts(came: list[Came], base: int, widest: int) -> Iterator[tuple[int, list[Came]]]:
    """What one feedback each can tell, with its base; a gap wider than ``widest`` is passed over."""
    part: list[Came] = []
    for sequence, tick in came:
        expected = part[-1][0] + 1 if part else base
        passed = sequence - expected > widest
        if part and (passed or sequence - base >= STATUSES or tick - part[-1][1] not in LARGE_TICKS):
            yield base, part
            base, part = expected, []
        if passed:
            base = sequence
        part.append((sequence, tick))
    if part:
        yield base, part


def _packet(sender: int, source: int, count: int, base: int, came: list[Came]) -> bytes:
    """§3.1, padded by RFC 3550 §6.4.1: it goes out by itself (RFC 5506)."""
    reference = came[0][1] // REFERENCE_TICKS
    statuses, deltas, last = bytearray(came[-1][0] - base + 1), b"", reference * REFERENCE_TICKS
    for sequence, tick in came:
        small = tick - last in SMALL_TICKS
        statuses[sequence - base] = SMALL if small else LARGE
        deltas += (tick - last).to_bytes(1 if small else 2, "big", signed=not small)
        last = tick
    head = (sender, source, base % SEQUENCES, len(statuses), (reference & 0xFFFFFF) << 8 | count)
    body = struct.pack("!IIHHI", *head) + b"".join(_chunks(bytes(statuses))) + deltas
    padding = -len(body) % 4
    if padding:
        body += bytes(padding - 1) + bytes((padding,))
    return struct.pack("!BBH", 0x80 | (PADDED if padding else 0) | FORMAT, RTPFB, len(body) // 4) + body


def _chunks(statuses: bytes) -> Iterator[bytes]:
    """Runs where they tell more than a vector would, else vectors of one bit a status where two are not needed."""
    at, end = 0, len(statuses)
    while at < end:
        found = RUN.match(statuses, at)
        run = min(found.end() - at if found else 1, LONGEST_RUN)
        vector = statuses[at : at + BITS]
        if run >= BITS or run == end - at or (run >= PAIRS and LARGE in vector):
            chunk, told = statuses[at] << 13 | run, run
        elif LARGE in vector:
            chunk, told = 0xC000 | sum(one << 12 - 2 * n for n, one in enumerate(vector[:PAIRS])), PAIRS
        else:
            chunk, told = 0x8000 | sum(one << 13 - n for n, one in enumerate(vector)), BITS
        at += told
        yield chunk.to_bytes(2, "big")
