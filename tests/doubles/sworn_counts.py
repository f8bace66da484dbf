"""A site that counts and swears: real evidence and a real chain, without a camera."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_agent.camera.counter import HeadCount
from site_agent.camera.evidence import EvidenceChain
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import Tally, uncounted
from wire.ids import SiteId
from wire.messages import RollCallCount, RollCallOrder

SPAN_NS = 10**10


class SwornRoom:
    """One paired computer in one room."""

    def __init__(self, home: Path, site: SiteId, seed: int = 1) -> None:
        self.site = site
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self._chain = EvidenceChain(home / f"{site}-{seed}.tip", site, self.key)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def count(
        self,
        order: RollCallOrder,
        people: int | None,
        picture: bytes | None = None,
        late_ns: int = 0,
        settings: str = "settings",
    ) -> RollCallCount:
        """What the room sends up: counted at the order's moment, or ``late_ns`` after it; None: it was dark."""
        tally = uncounted(Fault.DARK) if people is None else Tally(people, people - 1, people + 1, 10, 0.9, None)
        begun = order.at_ns + late_ns
        record = self._chain.seal(order, HeadCount(tally, begun, begun + SPAN_NS, b"m" * 32, settings, picture))
        self._chain.advance(record)
        return record
