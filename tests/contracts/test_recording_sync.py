"""Sound and picture of a real encoder stay together on their way through packets, reports and files into a decoder."""

from __future__ import annotations

import io

from orchestrator.media.recorder.take import Take
from orchestrator.media.relay.rtcp import SenderReport
from orchestrator.media.relay.rtp import Arrival
from tests.bench.recording_sync import EVERY_S, LOOP_S, RATE, SOUND, apart, beeps, flashes, pictures, sounds
from tests.doubles.rtp_lecture import KeptFiles, packets_of

NTP = 3.9e9
VIDEO_FROM, AUDIO_FROM = 4_294_000_000, 77
"""Where each source's timestamps begin: nothing is common to them, and one wraps."""
SOUND_LATE_S = 0.15
"""The sound's packets travel longer; only the reports know that it belongs earlier."""
MOST_APART_S = 0.045


def units_of(annex_b: bytes) -> list[bytes]:
    """The units of an access unit with start codes."""
    parts = annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [part for part in parts if part]


def test_a_flash_and_its_beep_are_one_moment_in_the_file() -> None:
    files, seconds = KeptFiles(), 3 * LOOP_S
    take = Take(files, starts=0, segment_s=300, wall=lambda: NTP)
    video, audio = pictures(), sounds()
    moments: list[tuple[float, str, int]] = [(n / RATE, "video", n) for n in range(seconds * RATE)]
    moments += [(n * SOUND / 48000 + SOUND_LATE_S, "audio", n) for n in range(seconds * 50)]
    sequence = {"video": 0, "audio": 0}
    reported = -1
    for at, kind, number in sorted(moments):
        units = packets_of(units_of(video[number % len(video)])) if kind == "video" else [audio[number % len(audio)]]
        stamp = VIDEO_FROM + number * 90000 // RATE if kind == "video" else AUDIO_FROM + number * SOUND
        for index, payload in enumerate(units):
            sequence[kind] += 1
            marker = 0x80 if index == len(units) - 1 else 0
            packet = Arrival(102 if kind == "video" else 111, marker, sequence[kind], stamp % 2**32, 1, payload)
            take.packet(kind, packet, at)
        if int(at) > reported:
            reported = int(at)
            take.report("video", SenderReport(1, NTP + at, 0, round(VIDEO_FROM + at * 90000) % 2**32))
            take.report("audio", SenderReport(1, NTP + at, 0, round(AUDIO_FROM + at * 48000)))
        take.tick(at)
    take.finish("stopped")
    content = files.heads[0] + files.bodies[0]
    pairs = apart(list(flashes(io.BytesIO(content))), list(beeps(io.BytesIO(content))))
    assert len(pairs) == seconds // EVERY_S
    assert max(abs(offset) for _, offset in pairs) < MOST_APART_S
