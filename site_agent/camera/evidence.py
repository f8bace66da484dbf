"""The site's chain of evidence: every head count is sealed with the digest of the one before it."""

from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_agent.camera.counter import HeadCount
from site_agent.kept import keep
from wire.evidence import GENESIS, Evidence, evidence_digest, sign_evidence
from wire.ids import RollCallId, SessionId, SiteId
from wire.messages import RollCallCount


class CountedOrder(Protocol):
    """What evidence needs of a roll call order; ``wire.messages.RollCallOrder`` fits."""

    @property
    def session(self) -> SessionId: ...
    @property
    def roll_call(self) -> RollCallId: ...
    @property
    def nonce(self) -> bytes: ...


class EvidenceChain:
    """Seals head counts one after another; the newest digest lives in a file of 32 bytes and outlives a restart.

    Sealing and moving on are two steps, so that a sealed record can be made safe in between: a computer that stops
    there finds it again, and no digest is ever in the chain without its evidence.
    """

    def __init__(self, path: Path, site: SiteId, site_key: Ed25519PrivateKey) -> None:
        self._path = path
        self._site = site
        self._site_key = site_key

    def seal(self, order: CountedOrder, counted: HeadCount) -> RollCallCount:
        """Return the signed record; raises ``OSError`` when the chain cannot be read.

        The chain does not know it yet: once the record is safe somewhere, ``advance`` makes it the newest.
        """
        tally = counted.tally
        evidence = Evidence(
            session=order.session,
            roll_call=order.roll_call,
            nonce=order.nonce,
            site=self._site,
            lo_ns=counted.lo_ns,
            hi_ns=counted.hi_ns,
            count=tally.count,
            minimum=tally.minimum,
            maximum=tally.maximum,
            frames_used=tally.frames_used,
            quality=round(tally.quality * 1000),
            reason=tally.reason or "",
            model=counted.model,
            settings=counted.settings,
            picture=evidence_digest(counted.picture) if counted.picture is not None else b"",
            previous=self._tip(),
        )
        content, signature = sign_evidence(self._site_key, evidence)
        return _record(evidence, content, signature, counted)

    def advance(self, record: RollCallCount) -> None:
        """Make a sealed record the newest of the chain; harmless twice. Raises ``OSError``."""
        keep(self._path, evidence_digest(record.evidence))

    def _tip(self) -> bytes:
        try:
            tip = self._path.read_bytes()
        except FileNotFoundError:
            return GENESIS
        if len(tip) != len(GENESIS):
            raise OSError(f"{self._path}: not a digest")
        return tip


def _record(evidence: Evidence, content: bytes, signature: bytes, counted: HeadCount) -> RollCallCount:
    return RollCallCount(
        roll_call=evidence.roll_call,
        nonce=evidence.nonce,
        lo_ns=evidence.lo_ns,
        hi_ns=evidence.hi_ns,
        count=evidence.count,
        minimum=evidence.minimum,
        maximum=evidence.maximum,
        frames_used=evidence.frames_used,
        quality=evidence.quality / 1000,
        reason=evidence.reason,
        evidence=content,
        signature=signature,
        picture=counted.picture,
        still=len(counted.still),
    )
