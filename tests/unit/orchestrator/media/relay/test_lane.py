"""One track on its way to one viewer."""

from __future__ import annotations

from orchestrator.media.relay.lane import Lane


def lane() -> Lane:
    return Lane(payload_type=102, ssrc=7, clock_rate=90000, next_sequence=500, timestamp_shift=0)


def test_numbers_begin_where_the_lane_says() -> None:
    one = lane()
    one.begin(9)
    one.go_live(0, 0)
    one.settle(3, 300, 11)
    assert (one.highest, one.packets, one.octets) == (502, 3, 300)
    assert one.source_of(501) == 10
    assert one.source_of(503) is None
    assert one.source_of(499) is None


def test_after_a_pause_the_numbers_go_on_and_the_old_ones_are_not_sent_again() -> None:
    one = lane()
    one.begin(9)
    one.go_live(0, 0)
    one.settle(3, 300, 11)
    one.pause()
    one.begin(1000)
    one.go_live(50, 5000)
    one.settle(51, 5100, 1000)
    assert one.highest == 503
    assert one.source_of(503) == 1000
    assert one.source_of(502) is None
    assert not one.carries(999)
    assert one.carries(1000)


def test_a_long_numbering_no_longer_remembers_its_beginning() -> None:
    one = lane()
    one.begin(0)
    one.go_live(0, 0)
    one.settle(70_000, 0, 70_000 & 0xFFFF)
    assert one.source_of(((70_000 & 0xFFFF) + 490) & 0xFFFF) == (70_000 - 10) & 0xFFFF
