"""Whether sound and picture stay together in a recording: ``python -m tests.bench.recording_sync --minutes 10``.

A publisher sends a flash and a beep that begin at the same moment, every two seconds, through a real relay to a real
recorder. The recorded files are decoded afterwards: how far apart each pair is, in the first and the last minute and at
most; what the recorder took of a processor; and, after a SIGKILL at the end, how much of what it had got is missing.
The beep is laid 6.5 ms late by Opus itself (its look-ahead), which is in the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from orchestrator.media.recorder.disk import Opened
from orchestrator.media.recorder.talk import Figures
from orchestrator.media.sources.publishing import EncodedPublisher
from orchestrator.recordings.files import Whole, joined
from tests.bench.goals import judged
from tests.doubles.eventually import eventually
from tests.doubles.lecture_hall import no_token, relay
from tests.doubles.relay_door import OwnRecorder, recorder

WIDTH, HEIGHT, RATE = 320, 180, 30
LOOP_S, EVERY_S = 4, 2
FLASH_S, BEEP_S = 0.1, 0.1
SOUND_RATE, SOUND = 48000, 960
PATIENCE_S = 60.0
AFTERWARDS_S = 60.0
"""The publisher goes on when the recorder is killed."""
STREAM = "session-a-lecture"
LEAST_FOUND = 0.95
MOST_APART_MS, MOST_MISSING_S = 45, 1
TICKS = os.sysconf("SC_CLK_TCK")


def pictures() -> list[bytes]:
    """A loop of access units: black, white for a tenth of a second every two."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, RATE), Fraction(RATE)
    encoder.options = {"profile": "baseline", "preset": "ultrafast", "tune": "zerolatency", "g": "60", "bf": "0"}
    units = []
    for number in range(LOOP_S * RATE):
        white = number % (EVERY_S * RATE) < FLASH_S * RATE
        frame = av.VideoFrame.from_ndarray(np.full((HEIGHT, WIDTH, 3), 255 if white else 0, np.uint8), "rgb24")
        frame.pts = number
        units += [bytes(packet) for packet in encoder.encode(frame)]
    return units


def sounds() -> list[bytes]:
    """A loop of Opus packets: silence, 1 kHz for a tenth of a second every two."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = SOUND_RATE, "mono", "s16"
    encoder.options = {"frame_duration": "20", "application": "lowdelay"}
    packets = []
    at = np.arange(LOOP_S * SOUND_RATE)
    tone = np.where(at % (EVERY_S * SOUND_RATE) < BEEP_S * SOUND_RATE, np.sin(at * 2 * np.pi * 1000 / SOUND_RATE), 0)
    samples = (tone * 16000).astype(np.int16)
    for begin in range(0, len(samples), SOUND):
        frame = av.AudioFrame.from_ndarray(samples[begin : begin + SOUND].reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, begin, Fraction(1, SOUND_RATE)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


async def publish(publisher: EncodedPublisher, seconds: float) -> None:
    """Feed the loop again and again, in real time."""
    video, audio = pictures(), sounds()
    began, number, sound = time.monotonic(), 0, 0
    while number < seconds * RATE:
        now = time.monotonic() - began + 0.1
        while number / RATE <= now:
            publisher.picture(video[number % len(video)], number * 90000 // RATE)
            number += 1
        while sound * SOUND / SOUND_RATE <= now:
            publisher.sound(audio[sound % len(audio)], sound * SOUND)
            sound += 1
        await asyncio.sleep(0.01)


def read(whole: Whole) -> io.BytesIO:
    content = bytearray()
    while part := whole.read(len(content), 1 << 20):
        content += part
    return io.BytesIO(bytes(content))


def flashes(file: io.BytesIO) -> Iterator[float]:
    """When the picture turns white."""
    before = 0.0
    with av.open(file, "r") as container:
        for frame in container.decode(video=0):
            light = float(frame.to_ndarray(format="gray").mean())
            if light > 128 >= before and frame.time is not None:
                yield frame.time
            before = light


def beeps(file: io.BytesIO) -> Iterator[float]:
    """When the tone begins: the first sample above a tenth of its level after half a second of quiet."""
    quiet_until = -1.0
    with av.open(file, "r") as container:
        for frame in container.decode(audio=0):
            if frame.time is None:
                continue
            loud = np.flatnonzero(np.abs(_mono(frame)) > 0.05)
            if len(loud):
                at = frame.time + float(loud[0]) / frame.sample_rate
                if at >= quiet_until:
                    yield at
                quiet_until = frame.time + 0.5


def _mono(frame: av.AudioFrame) -> np.ndarray[Any, Any]:
    values = frame.to_ndarray()
    flat = values.astype(np.float64) / (32768 if values.dtype == np.int16 else 1)
    return flat[0] if frame.format.is_planar else flat.reshape(-1, frame.layout.nb_channels)[:, 0]


def apart(seen: Sequence[float], heard: Sequence[float]) -> list[tuple[float, float]]:
    """(moment, beep − flash) of each pair that belongs together, in seconds."""
    pairs = []
    for at in seen:
        nearest = min(heard, key=lambda one: abs(one - at), default=None)
        if nearest is not None and abs(nearest - at) < EVERY_S / 2:
            pairs.append((at, nearest - at))
    return pairs


def cpu_s(process: int) -> float:
    with open(f"/proc/{process}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def measure(seconds: float, folder: Path) -> dict[str, float]:
    """Publish, record, kill, decode. Milliseconds and shares of a core."""
    async with relay() as url, recorder(url, folder) as one, asyncio.TaskGroup() as tasks:
        publisher = EncodedPublisher(f"{url}/whip/{STREAM}", no_token)
        life = tasks.create_task(publisher.run())
        await eventually(lambda: publisher.stats.state == "publishing", PATIENCE_S)
        feeding = tasks.create_task(publish(publisher, seconds + AFTERWARDS_S))
        began = await _recording(one)
        pid = one.process.pid
        used, since = cpu_s(pid or 0), time.monotonic()
        await asyncio.sleep(seconds)
        share = (cpu_s(pid or 0) - used) / (time.monotonic() - since)
        killed = time.time()
        one.process.kill()
        if one.task is not None:
            await one.task
        life.cancel()
        feeding.cancel()
    paths = sorted(folder.glob("lecture-*.mp4"))
    file = read(joined([(path, path.stat().st_size) for path in paths]))
    pairs = apart(list(flashes(file)), list(beeps(io.BytesIO(file.getvalue()))))
    kept = duration(io.BytesIO(file.getvalue()))
    offsets = [offset * 1000 for _, offset in pairs]
    lost = [each for each in one.said if isinstance(each, Figures)]
    return {
        "pairs": len(pairs),
        "expected": int(kept / EVERY_S),
        "first_minute_ms": statistics.median([o * 1000 for at, o in pairs if at < 60] or [0.0]),
        "last_minute_ms": statistics.median([o * 1000 for at, o in pairs if at > kept - 60] or [0.0]),
        "worst_ms": max((abs(offset) for offset in offsets), default=float("nan")),
        "cpu_share": share,
        "recorded_s": kept,
        "missing_s": (killed - began) - kept,
        "packets_lost": lost[-1].lost if lost else 0,
        "files": len(paths),
    }


def goals(found: Mapping[str, float]) -> dict[str, bool]:
    """What must hold of :func:`measure`'s figures. The worst of few pairs says nothing, so they are counted."""
    return {
        f"at least {LEAST_FOUND:.0%} of the flashes have their beep": found["expected"] > 0
        and found["pairs"] >= LEAST_FOUND * found["expected"],
        f"sound and picture within {MOST_APART_MS} ms": found["worst_ms"] < MOST_APART_MS,
        f"under {MOST_MISSING_S} s lost": found["missing_s"] < MOST_MISSING_S,
    }


async def _recording(one: OwnRecorder) -> float:
    """Wall time of the first sample."""
    await eventually(lambda: bool(one.of(Opened)), PATIENCE_S)
    return one.of(Opened)[0].at_ns / 1e9


def duration(file: io.BytesIO) -> float:
    """Where the last picture ends."""
    with av.open(file, "r") as container:
        last = max(packet.pts + (packet.duration or 0) for packet in container.demux(video=0) if packet.pts is not None)
        return last / 90000


def main(argv: list[str] | None = None) -> int:
    """Print the figures; 1 when one of them is beyond what it must stay under."""
    parser = argparse.ArgumentParser(description="sound and picture in a recording")
    parser.add_argument("--minutes", type=float, default=10.0)
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(chosen.minutes * 60, Path(folder)))
    share = 100 * found["pairs"] / max(1.0, found["expected"])
    for name, value, meaning in (
        ("recorded_s", f"{found['recorded_s']:.1f}", f"in {found['files']:.0f} file(s)"),
        ("packets_lost", f"{found['packets_lost']:.0f}", ""),
        ("pairs", f"{found['pairs']:.0f}", f"flash and beep, of {found['expected']:.0f}: {share:.1f} %"),
        ("first_minute_ms", f"{found['first_minute_ms']:+.1f}", "beep after flash, median"),
        ("last_minute_ms", f"{found['last_minute_ms']:+.1f}", "beep after flash, median"),
        ("worst_ms", f"{found['worst_ms']:.1f}", "must stay under 45"),
        ("recorder", f"{100 * found['cpu_share']:.2f} %", "of one core"),
        ("missing_s", f"{found['missing_s']:.2f}", "of what was sent, after SIGKILL; must stay under 1"),
    ):
        print(f"{name:16} {value:>10}  {meaning}")
    return judged(goals(found))


if __name__ == "__main__":
    sys.exit(main())
