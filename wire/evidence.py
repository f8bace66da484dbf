"""Evidence of a head count: what a site signs, and the chain that its counts form.

Canonical form: a msgpack array of ``"diemcau head count v1"`` and the fields in the order below, shortest encodings
(what msgspec writes). The site's enrolled key signs those bytes (Ed25519, RFC 8032); the first element keeps the
signature from fitting anything else that the key signs. ``previous`` is the SHA-256 of the evidence before it at the
same site, ``GENESIS`` for the first: evidence that was dropped, changed or put in another order shows.
"""

import hashlib

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.ids import RollCallId, SessionId, SiteId

GENESIS = bytes(32)


class Evidence(msgspec.Struct, frozen=True, array_like=True, tag="diemcau head count v1", forbid_unknown_fields=True):
    """One head count as the site swears to it.

    The moment lies in [``lo_ns``, ``hi_ns``] of centre time. ``count`` is None with a ``reason`` when nobody could be
    counted. ``quality`` is in thousandths. ``model`` and ``picture`` are SHA-256 digests, empty when there was none.
    """

    session: SessionId
    roll_call: RollCallId
    nonce: bytes
    site: SiteId
    lo_ns: int
    hi_ns: int
    count: int | None
    minimum: int
    maximum: int
    frames_used: int
    quality: int
    reason: str
    model: bytes
    settings: str
    picture: bytes
    previous: bytes


class EvidenceRefused(ValueError):
    """Evidence that the site's key did not sign, or that is not in canonical form."""


def evidence_bytes(evidence: Evidence) -> bytes:
    """The canonical form, which is signed and whose digest the next evidence carries."""
    return msgspec.msgpack.encode(evidence)


def evidence_digest(content: bytes) -> bytes:
    """What the next evidence of the site carries as ``previous``."""
    return hashlib.sha256(content).digest()


def sign_evidence(site_key: Ed25519PrivateKey, evidence: Evidence) -> tuple[bytes, bytes]:
    """The canonical bytes and their signature; both go to the centre as they are."""
    content = evidence_bytes(evidence)
    return content, site_key.sign(content)


def verify_evidence(site_public: bytes, content: bytes, signature: bytes) -> Evidence:
    """The evidence in ``content`` if the site's key (raw 32 bytes) signed it; else ``EvidenceRefused``."""
    try:
        Ed25519PublicKey.from_public_bytes(site_public).verify(signature, content)
    except (InvalidSignature, ValueError) as fault:
        raise EvidenceRefused("the site's key did not sign this evidence") from fault
    return read_evidence(content)


def read_evidence(content: bytes) -> Evidence:
    """What ``content`` says, whoever signed it; ``EvidenceRefused`` when it is not in canonical form."""
    try:
        evidence = msgspec.msgpack.decode(content, type=Evidence)
    except ValueError as fault:
        raise EvidenceRefused("this is no evidence") from fault
    if evidence_bytes(evidence) != content:
        raise EvidenceRefused("the evidence is not in canonical form")
    return evidence
