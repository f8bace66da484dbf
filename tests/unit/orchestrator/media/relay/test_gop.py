"""The cached group of pictures."""

from __future__ import annotations

from orchestrator.media.relay.gop import Gop
from orchestrator.media.relay.rtp import Packet


def packet(sequence: int, timestamp: int, size: int = 10) -> Packet:
    return Packet(sequence, timestamp, 0, bytes(size))


def numbers(gop: Gop) -> list[int]:
    return [one.sequence for one in gop.packets]


def test_a_group_begins_with_the_keyframes_first_packet() -> None:
    gop = Gop(100, 10_000, 5.0)
    assert not gop.add(packet(1, 0), opens=False, now=0.0)
    assert not gop.add(packet(2, 3000), opens=False, now=0.0)
    assert gop.add(packet(3, 3000), opens=True, now=0.0)
    assert not gop.add(packet(4, 3000), opens=True, now=0.0)
    assert not gop.add(packet(5, 6000), opens=False, now=0.0)
    assert numbers(gop) == [2, 3, 4, 5]


def test_the_next_keyframe_replaces_the_group() -> None:
    gop = Gop(100, 10_000, 5.0)
    gop.add(packet(1, 0), opens=True, now=0.0)
    first = gop.number
    assert gop.add(packet(2, 3000), opens=True, now=0.0)
    assert gop.number != first
    assert numbers(gop) == [2]


def test_stragglers_join_their_group_and_older_ones_do_not() -> None:
    gop = Gop(100, 10_000, 5.0)
    gop.add(packet(5, 3000), opens=True, now=0.0)
    gop.add(packet(8, 6000), opens=False, now=0.0)
    gop.add(packet(6, 3000), opens=False, now=0.0)
    gop.add(packet(4, 0), opens=True, now=0.0)
    assert numbers(gop) == [5, 8, 6]


def test_beyond_a_bound_the_group_is_given_up_until_the_next_keyframe() -> None:
    for limits, size, now in (((3, 10_000, 5.0), 10, 0.0), ((100, 60, 5.0), 10, 0.0), ((100, 10_000, 5.0), 10, 3.0)):
        gop = Gop(*limits)
        for n in range(5):
            gop.add(packet(n, n * 3000, size), opens=n == 0, now=n * now)
        assert gop.packets == []
        assert gop.add(packet(9, 90_000, size), opens=True, now=50.0)
        assert numbers(gop) == [9]


def test_nothing_is_kept_before_the_first_keyframe() -> None:
    gop = Gop(100, 10_000, 5.0)
    gop.add(packet(1, 0), opens=False, now=0.0)
    assert gop.packets == []
