"""The last packets of a track, to answer NACKs (RFC 4585 §6.2.1)."""

from __future__ import annotations

from orchestrator.media.relay.rtp import Packet


class Ring:
    """A fixed number of packets by sequence number; the newer overwrites the older."""

    def __init__(self, size: int) -> None:
        if size & (size - 1):
            raise ValueError("the size must be a power of two")
        self._mask = size - 1
        self._slots: list[Packet | None] = [None] * size

    def keep(self, packet: Packet) -> None:
        self._slots[packet.sequence & self._mask] = packet

    def reaches(self, behind: int) -> bool:
        """Whether a packet so far behind the newest would still be kept."""
        return behind <= self._mask

    def find(self, sequence: int) -> Packet | None:
        packet = self._slots[sequence & self._mask]
        return packet if packet is not None and packet.sequence == sequence else None
