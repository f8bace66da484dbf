"""Head counts leave the site signed and in a chain."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_agent.camera.counter import HeadCount
from site_agent.camera.evidence import EvidenceChain
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import Tally, uncounted
from wire.codec import decode_record, encode_record
from wire.evidence import GENESIS, evidence_digest, verify_evidence
from wire.ids import RollCallId, SessionId, SiteId
from wire.messages import RollCallOrder

SITE = SiteId("site-a")
COUNTED = HeadCount(Tally(21, 20, 22, 10, 0.987, None), 1_000, 2_000, bytes(32), "yunet", b"jpeg")


def order(number: int) -> RollCallOrder:
    return RollCallOrder(
        roll_call=RollCallId(f"roll-{number}"), session=SessionId("s"), nonce=bytes(16), at_ns=1, frames=10, span_ms=0
    )


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def test_the_record_says_what_the_evidence_swears(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    record = EvidenceChain(tmp_path / "chain", SITE, key).seal(order(1), COUNTED)
    evidence = verify_evidence(key.public_key().public_bytes_raw(), record.evidence, record.signature)
    assert (evidence.roll_call, evidence.nonce, evidence.site) == (RollCallId("roll-1"), bytes(16), SITE)
    assert (evidence.count, evidence.minimum, evidence.maximum) == (record.count, record.minimum, record.maximum)
    assert (evidence.lo_ns, evidence.hi_ns, evidence.quality) == (1_000, 2_000, 987)
    assert evidence.picture == evidence_digest(b"jpeg")
    assert decode_record(encode_record(record)) == record


def test_each_evidence_carries_the_digest_of_the_one_before(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    public = key.public_key().public_bytes_raw()
    first = EvidenceChain(tmp_path / "chain", SITE, key).seal(order(1), COUNTED)
    for _ in range(2):
        EvidenceChain(tmp_path / "chain", SITE, key).advance(first)
    after_a_restart = EvidenceChain(tmp_path / "chain", SITE, key).seal(order(2), COUNTED)
    assert verify_evidence(public, first.evidence, first.signature).previous == GENESIS
    second = verify_evidence(public, after_a_restart.evidence, after_a_restart.signature)
    assert second.previous == evidence_digest(first.evidence)


def test_a_room_that_was_not_counted_leaves_evidence_of_the_reason(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    record = EvidenceChain(tmp_path / "chain", SITE, key).seal(order(1), HeadCount(uncounted(Fault.DARK), 1, 2))
    assert (record.count, record.reason, record.picture) == (None, "dark", None)


def test_a_damaged_chain_file_is_not_taken_for_a_beginning(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    (tmp_path / "chain").write_bytes(b"short")
    with pytest.raises(OSError, match="not a digest"):
        EvidenceChain(tmp_path / "chain", SITE, key).seal(order(1), COUNTED)
