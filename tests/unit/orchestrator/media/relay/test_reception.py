"""Counting a publisher's losses and asking again."""

from __future__ import annotations

from orchestrator.media.relay.reception import ASKS, Reception
from orchestrator.media.relay.rtcp import SenderReport


def test_a_gap_is_asked_for_until_it_is_filled() -> None:
    reception = Reception(9, 90000)
    for sequence in (65534, 65535, 2):
        reception.packet(sequence, 0, 1.0)
    assert reception.ask(1.0) == [0, 1]
    assert reception.ask(1.01) == []
    reception.packet(1, 0, 1.02)
    assert reception.ask(2.0) == [0]
    reception.packet(0, 0, 2.01)
    assert not reception.missing
    assert reception.lost == 0


def test_nobody_asks_for_ever() -> None:
    reception = Reception(9, 90000)
    reception.packet(1, 0, 0.0)
    reception.packet(3, 0, 0.0)
    asked = sum(len(reception.ask(float(n))) for n in range(20))
    assert asked == ASKS
    assert not reception.missing


def test_a_leap_is_not_asked_for() -> None:
    reception = Reception(9, 90000)
    reception.packet(1, 0, 0.0)
    reception.packet(5000, 0, 0.0)
    assert reception.ask(0.0) == []


def test_reports_tell_the_share_lost_since_the_last_one() -> None:
    reception = Reception(9, 90000)
    for sequence in range(100):
        if sequence % 4:
            reception.packet(sequence, sequence * 900, sequence * 0.01)
    reception.sender_report(SenderReport(9, 1.0, 77, 0), 0.5)
    block = reception.block(1.0)
    assert (block.fraction_lost, block.lost, block.highest) == (24 * 256 // 99, 24, 99)
    assert (block.last_report, block.delay) == (77, 32768)
    assert reception.block(2.0).fraction_lost == 0


def test_an_even_arrival_has_no_jitter() -> None:
    reception = Reception(9, 90000)
    for n in range(50):
        reception.packet(n, n * 900, n * 0.01)
    assert reception.jitter < 1


def test_a_repaired_packet_is_not_lost_and_still_counts_as_lost_on_the_line() -> None:
    reception = Reception(9, 90000)
    reception.packet(1, 0, 0.0)
    reception.packet(3, 0, 0.0)
    reception.packet(2, 0, 0.2, repaired=True)
    assert (reception.lost, reception.missing) == (0, False)
    assert reception.block(1.0).lost == 1


def test_a_slow_line_is_asked_again_no_sooner_than_it_can_answer() -> None:
    reception = Reception(9, 90000)
    reception.packet(0, 0, 0.0)
    for n in range(1, 30):
        reception.packet(2 * n, 0, float(n))
        assert reception.ask(float(n)) == [2 * n - 1]
        reception.packet(2 * n - 1, 0, n + 0.2, repaired=True)
    reception.packet(60, 0, 30.0)
    assert reception.ask(30.0) == [59]
    assert reception.ask(30.2) == []
    assert reception.ask(30.25) == [59]
