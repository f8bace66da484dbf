"""Packets kept to be sent again."""

from __future__ import annotations

import pytest

from orchestrator.media.relay.ring import Ring
from orchestrator.media.relay.rtp import Packet


def test_the_last_packets_are_found_and_older_ones_forgotten() -> None:
    ring = Ring(8)
    packets = [Packet(n % 65536, n, 0, b"") for n in range(65530, 65545)]
    for one in packets:
        ring.keep(one)
    assert [ring.find(one.sequence) for one in packets[-8:]] == packets[-8:]
    assert all(ring.find(one.sequence) is None for one in packets[:-8])


def test_the_size_is_a_power_of_two() -> None:
    with pytest.raises(ValueError):
        Ring(1000)
