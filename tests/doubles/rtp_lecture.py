"""A lecture as RTP packets: real parameter sets and black pictures, packed as browsers do, with timestamps of one's
own."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.media.recorder.take import Opening, Span
from orchestrator.media.relay.rtp import Arrival

SPS = bytes.fromhex("6742c00dda05067e7840000003004000000f23c50aa8")
PPS = bytes.fromhex("68ce0fc8")
LARGE_SPS = bytes.fromhex("6742c01eda0280bfe584000003000400000300f23c58ba80")
"""320x180 and 640x360, as x264 writes them."""
SOUND = b"\xf8\x7f\xfe"
MOST = 1100


def packets_of(units: list[bytes]) -> list[bytes]:
    """RTP payloads of one picture: parameter sets together (STAP-A), large units in fragments (FU-A)."""
    small = [unit for unit in units if unit[0] & 0x1F in (7, 8)]
    payloads = [b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in small)] if small else []
    for unit in units:
        if unit in small:
            continue
        if len(unit) <= MOST:
            payloads.append(unit)
            continue
        parts = [unit[at : at + MOST] for at in range(1, len(unit), MOST)]
        for index, part in enumerate(parts):
            flags = (0x80 if index == 0 else 0) | (0x40 if index == len(parts) - 1 else 0)
            payloads.append(bytes((unit[0] & 0xE0 | 28, flags | unit[0] & 0x1F)) + part)
    return payloads


class RtpLecture:
    """30 pictures and 50 packets of sound a second; ``key_every`` pictures a key one."""

    def __init__(
        self, *, key_every: int = 60, sps: bytes = SPS, video_from: int = 1000, audio_from: int = 9000
    ) -> None:
        self.key_every = key_every
        self.sps = sps
        self._video_from = video_from
        self._audio_from = audio_from
        self._sequences = {"video": 65500, "audio": 10}

    def between(
        self, starts_s: float, ends_s: float, *, sound: bool = True, video: bool = True
    ) -> Iterator[tuple[float, str, Arrival]]:
        """(moment, kind, packet) of a stretch, in order."""
        pictures = range(round(starts_s * 30), round(ends_s * 30)) if video else ()
        sounds = range(round(starts_s * 50), round(ends_s * 50)) if sound else ()
        moments = [(n / 30, "video", n) for n in pictures] + [(n / 50, "audio", n) for n in sounds]
        for at, kind, number in sorted(moments):
            if kind == "audio":
                yield at, kind, self._packet(kind, 0, (self._audio_from + number * 960) % 2**32, SOUND)
                continue
            key = number % self.key_every == 0
            units = [self.sps, PPS, b"\x65" + bytes(2000)] if key else [b"\x41" + bytes(300)]
            payloads = packets_of(units)
            for index, payload in enumerate(payloads):
                marker = 0x80 if index == len(payloads) - 1 else 0
                yield at, kind, self._packet(kind, marker, (self._video_from + number * 3000) % 2**32, payload)

    def _packet(self, kind: str, marker: int, timestamp: int, payload: bytes) -> Arrival:
        sequence = self._sequences[kind] = (self._sequences[kind] + 1) % 65536
        return Arrival(
            102 if kind == "video" else 111, marker, sequence, timestamp, 1 if kind == "video" else 2, payload
        )


class KeptFiles:
    """:class:`orchestrator.media.recorder.take.Files` in memory."""

    def __init__(self) -> None:
        self.openings: list[Opening] = []
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.spans: list[list[Span]] = []
        self.closed: list[str] = []

    def open(self, opening: Opening, head: bytes) -> None:
        self.openings.append(opening)
        self.heads.append(head)
        self.bodies.append(b"")
        self.spans.append([])

    def append(self, fragment: bytes, span: Span) -> None:
        self.bodies[-1] += fragment
        self.spans[-1].append(span)

    def close(self, why: str) -> None:
        self.closed.append(why)

    @property
    def ends(self) -> int:
        """Where everything that was handed over ends, in ticks."""
        return max((span.ends for spans in self.spans for span in spans), default=0)
