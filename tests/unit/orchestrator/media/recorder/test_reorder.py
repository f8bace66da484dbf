"""Packets in order, gaps asked for and given up in time."""

from __future__ import annotations

from orchestrator.media.recorder.reorder import GIVE_UP_S, Reorder
from orchestrator.media.relay.rtp import Arrival


def packet(sequence: int) -> Arrival:
    return Arrival(102, 0, sequence % 65536, 0, 1, b"x")


def sequences(order: Reorder, now: float) -> list[int]:
    return [one.packet.sequence for one in order.take(now)]


def test_packets_in_order_go_through_at_once() -> None:
    order = Reorder()
    for number in (65534, 65535, 65536, 65537):
        order.add(packet(number), 0.0)
        assert sequences(order, 0.0) == [number % 65536]
    assert order.highest == 65537
    assert order.missing(1.0) == []


def test_a_late_packet_takes_its_place_and_doubles_are_nothing() -> None:
    order = Reorder()
    for number in (1, 3, 2, 2, 1):
        order.add(packet(number), 0.0)
    assert sequences(order, 0.0) == [1, 2, 3]
    assert (order.received, order.lost) == (3, 0)


def test_what_is_missing_is_asked_for_again_and_again_until_it_is_given_up() -> None:
    order = Reorder()
    order.add(packet(1), 0.0)
    order.add(packet(4), 0.0)
    assert sequences(order, 0.0) == [1]
    assert order.missing(0.0) == []
    assert order.missing(0.05) == [2, 3]
    assert order.missing(0.06) == []
    assert order.missing(0.2) == [2, 3]
    order.add(packet(3), 0.21)
    assert order.missing(0.4) == [2]
    (third, fourth) = order.take(GIVE_UP_S + 0.3)
    assert (third.packet.sequence, third.gap, fourth.gap) == (3, True, False)
    assert order.lost == 1
    assert order.missing(9.0) == []


def test_another_count_is_no_loss() -> None:
    order = Reorder()
    order.add(packet(1), 0.0)
    assert sequences(order, 0.0) == [1]
    order.add(packet(30000), 1.0)
    assert [(one.packet.sequence, one.gap) for one in order.take(1.0)] == [(30000, True)]
    assert order.lost == 0
