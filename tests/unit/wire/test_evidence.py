"""Evidence holds only as the site's key signed it."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire.evidence import GENESIS, Evidence, EvidenceRefused, sign_evidence, verify_evidence
from wire.ids import RollCallId, SessionId, SiteId

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
EVIDENCE = Evidence(
    session=SessionId("session-a"),
    roll_call=RollCallId("roll-a"),
    nonce=bytes(16),
    site=SiteId("site-a"),
    lo_ns=1,
    hi_ns=2,
    count=21,
    minimum=20,
    maximum=22,
    frames_used=10,
    quality=990,
    reason="",
    model=bytes(32),
    settings="yunet",
    picture=b"",
    previous=GENESIS,
)


def test_signed_evidence_is_read_back() -> None:
    assert verify_evidence(PUBLIC, *sign_evidence(KEY, EVIDENCE)) == EVIDENCE


def test_one_changed_byte_is_refused() -> None:
    content, signature = sign_evidence(KEY, EVIDENCE)
    for index in range(len(content)):
        changed = content[:index] + bytes([content[index] ^ 1]) + content[index + 1 :]
        with pytest.raises(EvidenceRefused):
            verify_evidence(PUBLIC, changed, signature)


def test_another_site_cannot_sign_it() -> None:
    content, _ = sign_evidence(KEY, EVIDENCE)
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(EvidenceRefused):
        verify_evidence(PUBLIC, content, stranger.sign(content))


def test_a_signature_over_something_else_that_looks_alike_is_refused() -> None:
    content = msgspec.msgpack.encode(["diemcau hello v1", *msgspec.to_builtins(EVIDENCE)[1:]])
    with pytest.raises(EvidenceRefused):
        verify_evidence(PUBLIC, content, KEY.sign(content))


def test_other_than_canonical_bytes_are_refused_though_signed() -> None:
    content, _ = sign_evidence(KEY, EVIDENCE)
    loose = content + b"\xc0"
    longer = msgspec.msgpack.encode([*msgspec.msgpack.decode(content), "more"])
    for changed in (loose, longer):
        with pytest.raises(EvidenceRefused):
            verify_evidence(PUBLIC, changed, KEY.sign(changed))
