"""The slate's picture and sound, decoded as a room would."""

from __future__ import annotations

from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from av.packet import Packet

from orchestrator.media.slate.drawing import CLOCK_HEIGHT, CLOCK_TOP, GROUND, HEIGHT, WIDTH, Easel
from orchestrator.media.slate.encoding import KEYFRAME_S, SILENCE, SILENCE_MS, VIDEO_CLOCK, Encoder
from orchestrator.media.slate.model import Face
from orchestrator.media.sources.h264 import is_keyframe
from orchestrator.printing.sheets import PrintFault, drawn

FACE = Face("Đổi mới", "TS. Ánh", "08:00 – 11:00", "Giảng viên sẽ trở lại ngay", "Back soon", "Bây giờ", "Now")


def test_text_and_clock_are_drawn_and_only_the_clock_moves() -> None:
    easel = Easel()
    first = easel.picture(FACE, "08:00:00").copy()
    assert first.shape == (HEIGHT, WIDTH, 3)
    second = easel.picture(FACE, "08:00:01")
    rows = np.flatnonzero((first != second).any(axis=(1, 2)))
    assert rows.size
    assert CLOCK_TOP <= rows[0] <= rows[-1] < CLOCK_TOP + CLOCK_HEIGHT
    other = easel.picture(msgspec.structs.replace(FACE, topic="Dạy học"), "08:00:01")
    assert (other != first).any()


def test_what_cannot_be_drawn_is_left_out_until_it_can() -> None:
    faults = [OSError(28, "No space left on device"), PrintFault("no"), RuntimeError("no")]

    def draw(template: Path, contents: object) -> bytes:
        if faults:
            raise faults.pop()
        return drawn(template, contents)

    easel = Easel(draw)
    empty = easel.picture(FACE, "08:00:00")
    assert (empty.reshape(-1, 3) == GROUND).all()
    easel.picture(FACE, "08:00:01")
    assert np.array_equal(easel.picture(FACE, "08:00:02"), Easel().picture(FACE, "08:00:02"))


@pytest.mark.parametrize("topic", ["", '#import "x"', "A" * 5000, "Ỷ" * 200, 'x"]) #panic()', "\x00\n\\"])
def test_no_topic_is_too_strange_to_be_drawn(topic: str) -> None:
    assert Easel().picture(msgspec.structs.replace(FACE, topic=topic), "00:00").shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("video", ["h264", "vp8"])
def test_pictures_decode_and_begin_anew_when_asked_and_every_two_seconds(video: str) -> None:
    encoder, easel = Encoder(video), Easel()
    decoder = av.CodecContext.create("libvpx" if video == "vp8" else "h264", "r")
    picture = easel.picture(FACE, "08:00:00")
    encoder.put(picture)
    keyframes, sizes = [], []
    for number in range(14):
        unit, keyframe = encoder.encode(number * VIDEO_CLOCK // 4, keyframe=number == 3)
        # VP8 tells by the first bit (RFC 6386 §9.1).
        assert (not unit[0] & 1 if video == "vp8" else is_keyframe(unit)) is keyframe
        keyframes += [number] if keyframe else []
        sizes.append(len(unit))
        (frame,) = decoder.decode(Packet(unit))
        assert isinstance(frame, av.VideoFrame)
        assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - picture).mean() < 4
    assert keyframes == [0, 3, 3 + round(KEYFRAME_S * 4)]
    assert sizes[5] < sizes[3] / 10
    assert video == "vp8" or decoder.profile in {"Baseline", "Constrained Baseline"}


def test_the_sound_is_silence_of_the_length_that_it_says() -> None:
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    heard = [frame.to_ndarray() for _ in range(5) for frame in decoder.decode(Packet(SILENCE))]
    samples = np.concatenate(heard, axis=1)
    assert abs(samples.shape[1] - 5 * 48 * SILENCE_MS) <= 48 * 20
    assert not samples.any()
