"""A recorded lecture as packets, ready to be sent over and over with timestamps that only grow."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.bitstream import BitStreamFilterContext

VIDEO_CLOCK, AUDIO_CLOCK = 90_000, 48_000


@dataclass(frozen=True, slots=True)
class Reel:
    """One kind's packets of a loop: bytes and timestamps in units of its clock, and the loop's length in the same."""

    packets: tuple[tuple[int, bytes], ...]
    length: int
    clock: int

    def at(self, number: int) -> tuple[int, bytes]:
        """Timestamp and bytes of packet `number`, counted on through all repetitions."""
        turn, index = divmod(number, len(self.packets))
        timestamp, payload = self.packets[index]
        return timestamp + turn * self.length, payload


@dataclass(frozen=True, slots=True)
class RecordedLecture:
    """Picture (H.264 as Annex B with parameter sets before each keyframe) and sound (Opus) of one loop."""

    video: Reel
    audio: Reel

    @classmethod
    def read(cls, path: Path) -> "RecordedLecture":
        """Read a file as `demo.lecture` makes it: H.264 without B-frames and Opus packets of one length."""
        with av.open(str(path)) as container:
            picture, sound = container.streams.video[0], container.streams.audio[0]
            annex_b = BitStreamFilterContext("h264_mp4toannexb", picture)
            video: list[bytes] = []
            audio: list[bytes] = []
            opus_step = 0
            for packet in container.demux(picture, sound):
                if packet.stream is sound and packet.size:
                    audio.append(bytes(packet))
                    opus_step = opus_step or round((packet.duration or 0) * packet.time_base * AUDIO_CLOCK)
                elif packet.stream is picture and packet.size:
                    video.extend(bytes(part) for part in annex_b.filter(packet))
            rate = Fraction(picture.average_rate or 25)
        return cls._aligned(video, audio, rate, opus_step)

    @classmethod
    def _aligned(cls, video: list[bytes], audio: list[bytes], rate: Fraction, opus_step: int) -> "RecordedLecture":
        """Timestamps counted, not read (the container rounds them to milliseconds); the sound is cut to the picture's
        length, because the encoder's last flush makes it one packet longer."""
        length = Fraction(len(video)) / rate
        kept = audio[: int(length * AUDIO_CLOCK / opus_step)]
        step = VIDEO_CLOCK / rate
        return cls(
            Reel(tuple((int(n * step), part) for n, part in enumerate(video)), int(length * VIDEO_CLOCK), VIDEO_CLOCK),
            Reel(tuple((n * opus_step, part) for n, part in enumerate(kept)), len(kept) * opus_step, AUDIO_CLOCK),
        )
