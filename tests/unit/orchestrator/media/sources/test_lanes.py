"""Packets wait for their moment, in bounded lanes."""

from __future__ import annotations

from orchestrator.media.sources.lanes import Lane, Pace, Waiting

AT_ONCE = Pace(0.0)


def picture(timestamp: int, size: int = 10) -> Waiting:
    return Waiting(timestamp, bytes(size))


def lane(packets: int = 3, octets: int = 1000) -> Lane:
    opened = Lane("video", 90_000, packets, octets)
    opened.open()
    return opened


async def test_pictures_begin_with_a_keyframe() -> None:
    pictures = lane()
    pictures.put(picture(0), keyframe=False)
    pictures.put(picture(1), keyframe=True)
    assert (await pictures.take(AT_ONCE)).timestamp == 1
    assert (pictures.sent, pictures.dropped) == (1, 0)


async def test_a_full_lane_forgets_what_waits_and_goes_on_with_the_next_keyframe() -> None:
    pictures = lane(packets=3)
    for timestamp in range(3):
        pictures.put(picture(timestamp), keyframe=timestamp == 0)
    pictures.put(picture(3), keyframe=False)
    pictures.put(picture(4), keyframe=True)
    assert (await pictures.take(AT_ONCE)).timestamp == 4
    assert pictures.dropped == 4


async def test_a_lane_is_bounded_in_bytes_too() -> None:
    pictures = lane(packets=100, octets=50)
    for timestamp in range(6):
        pictures.put(picture(timestamp), keyframe=True)
    assert pictures.dropped == 5


def test_a_closed_lane_keeps_nothing() -> None:
    pictures = Lane("video", 90_000, 3, 1000)
    for timestamp in range(10):
        pictures.put(picture(timestamp), keyframe=True)
    assert pictures.dropped == 0


def test_a_pace_keeps_picture_and_sound_together() -> None:
    pace = Pace(0.2)
    assert round(pace.wait_s(10.0, now=100.0), 6) == 0.2
    assert round(pace.wait_s(10.5, now=100.4), 6) == 0.3
    assert pace.wait_s(10.1, now=100.4) == 0.0


def test_a_leap_of_the_timestamps_begins_a_new_pace() -> None:
    pace = Pace(0.1)
    pace.wait_s(10.0, now=100.0)
    assert pace.wait_s(500.0, now=100.1) == 0.1
    assert pace.wait_s(3.0, now=100.2) == 0.1
