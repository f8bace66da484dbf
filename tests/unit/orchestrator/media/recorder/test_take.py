"""A stream written down: what reaches the disk and when, across losses, breaks, other picture sizes and silence."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import pytest

from orchestrator.media.recorder.opus import SILENCE
from orchestrator.media.recorder.take import SILENCE_S, SURE_S, Take, Wishes
from orchestrator.media.relay.rtcp import SenderReport
from tests.doubles.rtp_lecture import LARGE_SPS, SOUND, KeptFiles, RtpLecture

TICKS = 90000
WALL = 3.9e9
TICK_S = 0.05
MOST_HELD_S = 0.8


class Desk:
    """A take with its files and a clock that packets move."""

    def __init__(self, *, segment_s: float = 300, starts: int = 0) -> None:
        self.files = KeptFiles()
        self.now = 0.0
        self.take = Take(self.files, starts=starts, segment_s=segment_s, wall=lambda: WALL + self.now)
        self.wishes: list[Wishes] = []

    def play(self, packets: object) -> None:
        for at, kind, packet in packets:  # type: ignore[attr-defined]
            self.until(at)
            self.take.packet(kind, packet, self.now)

    def until(self, at: float) -> None:
        while len(self.wishes) * TICK_S <= at:
            self.now = len(self.wishes) * TICK_S
            self.wishes.append(self.take.tick(self.now))
        self.now = at

    def reports(self, *, video: tuple[float, int], audio: tuple[float, int]) -> None:
        """Both sources say which moment (seconds from the start) which timestamp is."""
        for kind, ssrc, (at, timestamp) in (("video", 1, video), ("audio", 2, audio)):
            self.take.report(kind, SenderReport(ssrc, WALL + at, 0, timestamp))


def read(files: KeptFiles, index: int = 0) -> dict[str, list[tuple[float, float, bool]]]:
    """Start, length and key of every packet of a file by kind, as a player's demuxer sees it."""
    found: dict[str, list[tuple[float, float, bool]]] = {"video": [], "audio": []}
    with av.open(io.BytesIO(files.heads[index] + files.bodies[index]), "r") as container:
        for packet in container.demux():
            if packet.size and packet.pts is not None and packet.time_base is not None:
                length = float((packet.duration or 0) * packet.time_base)
                found[packet.stream.type].append((float(packet.pts * packet.time_base), length, packet.is_keyframe))
    return found


def test_a_minute_is_written_whole_and_never_more_than_a_second_behind() -> None:
    desk, lecture = Desk(), RtpLecture(key_every=600)
    for second in range(20):
        desk.play(lecture.between(second, second + 1))
        assert desk.now - desk.files.ends / TICKS < 1.0
    desk.take.finish("stopped")
    packets = read(desk.files)
    assert [len(packets["video"]), len(packets["audio"])] == [600, 1000]
    assert packets["video"][1][0] == pytest.approx(1 / 30, abs=1e-4)
    assert [key for _, _, key in packets["video"]] == [True] + [False] * 599
    assert desk.files.ends == 20 * TICKS
    assert desk.files.closed == ["stopped"]


def test_reports_lay_sound_beside_the_picture() -> None:
    desk, lecture = Desk(), RtpLecture()
    desk.play(lecture.between(0, 0.2))
    # The picture of timestamp 1000 was taken 120 ms before the sound of timestamp 9000.
    desk.reports(video=(0.0, 1000), audio=(0.12, 9000))
    desk.play(lecture.between(0.2, 3))
    desk.take.finish("stopped")
    packets = read(desk.files)
    assert packets["video"][0][0] == 0
    assert (SOUND in desk.files.bodies[0], desk.files.bodies[0].count(SILENCE)) == (True, 6)
    assert len(packets["audio"]) == 156


def test_at_the_beginning_of_a_source_no_more_than_that_waits_where_a_crash_would_take_it() -> None:
    desk = Desk()
    for sound, video in ((True, True), (True, False), (False, True)):
        began, before = desk.now, desk.files.ends
        # Without a single report, and the first key picture at once or never.
        lecture = RtpLecture(key_every=30)
        for step in range(40):
            desk.play(lecture.between(began + step / 10, began + (step + 1) / 10, sound=sound, video=video))
            assert desk.now - began - (desk.files.ends - before) / TICKS < MOST_HELD_S
        desk.take.another_source()
        desk.until(began + 4)


def test_reports_may_come_before_their_sources() -> None:
    desk, lecture = Desk(), RtpLecture()
    for ssrc, at, timestamp in ((1, 0.0, 1000), (2, 0.12, 9000)):
        desk.take.report(None, SenderReport(ssrc, WALL + at, 0, timestamp))
    desk.play(lecture.between(0, SURE_S - 0.1))
    # Nobody waited for more, and sound stands where they say.
    assert desk.files.ends > 0
    assert desk.files.bodies[0].count(SILENCE) == 6


def test_what_was_written_by_arrival_is_corrected_by_the_first_reports() -> None:
    desk, lecture = Desk(), RtpLecture()
    desk.play(lecture.between(0, 2))
    desk.reports(video=(0.12, 1000), audio=(0.0, 9000))
    desk.play(lecture.between(2, 4))
    desk.take.finish("stopped")
    packets = read(desk.files)
    steps = [after[0] - before[0] for before, after in pairwise(packets["video"])]
    assert [round(step, 3) for step in steps if step > 0.04] == [pytest.approx(1 / 30 + 0.12, abs=0.002)]
    assert len(packets["audio"]) == 200


def test_a_later_report_that_differs_a_little_is_followed_softly_and_a_great_one_at_once() -> None:
    desk, lecture = Desk(), RtpLecture()
    desk.play(lecture.between(0, 0.1))
    desk.reports(video=(0.0, 1000), audio=(0.0, 9000))
    desk.play(lecture.between(0.1, 2))
    for _ in range(10):
        desk.reports(video=(1.0, 1000 + TICKS), audio=(1.0, 9000 + 48000))
    desk.reports(video=(1.98, 1000 + 2 * TICKS), audio=(2.0, 9000 + 96000))
    desk.play(lecture.between(2, 4))
    # One that is late, not one that goes otherwise: nothing is made of it.
    desk.reports(video=(3.03, 1000 + 3 * TICKS), audio=(3.0, 9000 + 3 * 48000))
    desk.reports(video=(4.5, 1000 + 4 * TICKS), audio=(4.0, 9000 + 4 * 48000))
    desk.play(lecture.between(4, 6))
    desk.take.finish("stopped")
    steps = [after[0] - before[0] for before, after in pairwise(read(desk.files)["video"])]
    assert sum(steps[55:65]) == pytest.approx(10 / 30 - 0.004, abs=0.001)
    assert max(steps) == pytest.approx(1 / 30 + 0.5, abs=0.02)
    assert sum(step > 0.04 for step in steps) == 1


def test_lost_packets_are_asked_for_then_a_key_picture_and_the_sound_has_no_hole() -> None:
    desk, lecture = Desk(), RtpLecture(key_every=90)
    packets = [one for one in lecture.between(0, 6) if not 1.0 <= one[0] < 1.1]
    desk.play(packets)
    desk.take.finish("stopped")
    assert any(one.missing["audio"] for one in desk.wishes)
    assert any(one.key for one in desk.wishes if one)
    found = read(desk.files)
    assert len(found["audio"]) == 300
    assert all(length == pytest.approx(0.02) for _, length, _ in found["audio"])
    assert [key for at, _, key in found["video"] if 1.05 <= at < 3.01] == [True]
    assert desk.take.lost > 0


def test_another_picture_size_begins_another_file_at_the_same_moment() -> None:
    desk = Desk()
    small = RtpLecture()
    desk.play(small.between(0, 4))
    small.sps = LARGE_SPS
    desk.play(small.between(4, 8))
    desk.take.finish("stopped")
    assert [(one.width, one.height) for one in desk.files.openings] == [(320, 180), (640, 360)]
    assert desk.files.closed == ["next", "stopped"]
    assert read(desk.files, 1)["video"][0][::2] == (4.0, True)
    assert desk.files.openings[1].starts == pytest.approx(4 * TICKS, abs=2000)


def test_a_file_is_some_minutes_long_and_the_next_begins_with_a_key_picture() -> None:
    desk, lecture = Desk(segment_s=5), RtpLecture(key_every=60)
    desk.play(lecture.between(0, 13))
    desk.take.finish("stopped")
    assert desk.files.closed == ["next", "next", "stopped"]
    assert all(read(desk.files, index)["video"][0][2] for index in range(3))
    assert sum(len(read(desk.files, index)["video"]) for index in range(3)) == 390


def test_a_break_is_not_on_the_line_and_what_comes_after_goes_on_where_it_ended() -> None:
    desk, lecture = Desk(starts=7 * TICKS), RtpLecture()
    desk.play(lecture.between(0, 2))
    desk.until(2 + SILENCE_S + 1)
    assert desk.files.closed == ["silence"]
    desk.play(lecture.between(60, 62))
    desk.take.finish("stopped")
    assert [one.starts for one in desk.files.openings] == [7 * TICKS, 9 * TICKS]
    assert desk.files.ends == 11 * TICKS


def test_sound_alone_is_written_alone_until_a_picture_comes() -> None:
    desk, lecture = Desk(), RtpLecture(key_every=30)
    desk.play(lecture.between(0, 5, video=False))
    desk.play(lecture.between(5, 7))
    desk.take.finish("stopped")
    assert [one.width for one in desk.files.openings] == [0, 320]
    assert [len(read(desk.files, 0)["video"]), len(read(desk.files, 0)["audio"]) > 240] == [0, True]
    assert len(read(desk.files, 1)["video"]) == 60


def test_silence_takes_the_place_of_sound_that_does_not_come() -> None:
    desk, lecture = Desk(), RtpLecture()
    desk.play(lecture.between(0, 2))
    desk.play(lecture.between(2, 6, sound=False))
    desk.play(lecture.between(6, 8))
    desk.take.finish("stopped")
    sounds = read(desk.files)["audio"]
    assert sounds[-1][0] + sounds[-1][1] == pytest.approx(8.0, abs=0.05)
    assert all(after[0] - before[0] == pytest.approx(before[1], abs=1e-3) for before, after in pairwise(sounds))


def test_after_a_new_connection_timestamps_may_begin_anywhere() -> None:
    desk = Desk()
    desk.play(RtpLecture(video_from=2**32 - 5000, audio_from=2**32 - 900).between(0, 3))
    desk.take.another_source()
    desk.play(RtpLecture(video_from=77, audio_from=123456).between(3, 6))
    desk.take.finish("stopped")
    # The key picture comes a second later: until then its sound is written alone.
    assert desk.files.closed == ["reconnected", "next", "stopped"]
    assert desk.files.ends == 6 * TICKS
    assert [len(read(desk.files, index)["video"]) for index in (0, 1, 2)] == [90, 0, 60]


def test_what_a_connection_lost_is_not_forgotten_with_it() -> None:
    desk = Desk()
    for began in (0, 10):
        desk.play([one for one in RtpLecture().between(began, began + 3) if not 0.99 <= one[0] - began < 1.09])
        desk.until(began + 3)
        desk.take.another_source()
    once = Desk()
    once.play([one for one in RtpLecture().between(0, 3) if not 0.99 <= one[0] < 1.09])
    assert desk.take.lost == 2 * once.take.lost > 0


def test_a_key_picture_is_asked_for_when_none_comes_for_long() -> None:
    desk, lecture = Desk(), RtpLecture(key_every=10_000)
    desk.play(lecture.between(0, 24))
    asked = [index * TICK_S for index, one in enumerate(desk.wishes) if one.key]
    assert asked[0] > 19
    assert len(asked) in (2, 3, 4)
