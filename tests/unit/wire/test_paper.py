import zlib

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire.ids import ExamId, ItemId, OptionId
from wire.paper import (
    MAX_PAPER_BYTES,
    Item,
    Manifest,
    ManifestRefused,
    Option,
    Paper,
    PaperFault,
    Plan,
    Shuffle,
    paper_bytes,
    read_paper,
    sign_manifest,
    verify_manifest,
)

PAPER = Paper(
    exam=ExamId("exam-1"),
    code="101",
    items=(
        Item(
            id=ItemId("item-1"),
            text="Thủ đô của Việt Nam là gì?",
            options=(Option(OptionId("o-1"), "Hà Nội"), Option(OptionId("o-2"), "Huế")),
            pinned=(OptionId("o-2"),),
        ),
    ),
)
MANIFEST = Manifest(ExamId("exam-1"), "Bài thử", 10**18, 600, b"r" * 32, {"101": b"d" * 32}, Plan())


def test_a_paper_reads_back_as_it_was_written() -> None:
    assert read_paper(paper_bytes(PAPER)) == PAPER


def test_the_same_paper_always_has_the_same_bytes() -> None:
    assert paper_bytes(PAPER) == paper_bytes(read_paper(paper_bytes(PAPER)))


def test_a_paper_has_no_place_for_a_key() -> None:
    assert set(Item.__struct_fields__) == {"id", "text", "options", "pinned", "images"}
    assert set(Option.__struct_fields__) == {"id", "text"}
    assert set(Paper.__struct_fields__) == {"exam", "code", "items", "pictures"}


@pytest.mark.parametrize(
    "content",
    [b"", b"no zlib", zlib.compress(b"\xc1"), paper_bytes(PAPER)[:-3], zlib.compress(bytes(MAX_PAPER_BYTES + 1))],
    ids=["empty", "no zlib", "no paper", "cut", "too large"],
)
def test_what_is_not_a_paper_is_refused(content: bytes) -> None:
    with pytest.raises(PaperFault):
        read_paper(content)


def test_a_manifest_holds_only_under_the_exam_key() -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    content, signature = sign_manifest(key, MANIFEST)
    assert verify_manifest(public, content, signature) == MANIFEST
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(ManifestRefused):
        verify_manifest(other, content, signature)


def test_a_changed_manifest_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    content, signature = sign_manifest(key, MANIFEST)
    moved = msgspec.msgpack.encode(msgspec.structs.replace(MANIFEST, t0_ns=MANIFEST.t0_ns - 1))
    assert len(moved) == len(content)
    with pytest.raises(ManifestRefused):
        verify_manifest(key.public_key().public_bytes_raw(), moved, signature)


def test_signed_bytes_that_are_no_manifest_are_refused() -> None:
    key = Ed25519PrivateKey.generate()
    content = b"\x01"
    with pytest.raises(ManifestRefused):
        verify_manifest(key.public_key().public_bytes_raw(), content, key.sign(b"diemcau manifest v1\0" + content))


# --- a plan that shuffles per candidate ---------------------------------------------------------------------------


def written_before(manifest: Manifest) -> bytes:
    """The manifest as a version wrote it that did not know of shuffling."""
    told = msgspec.msgpack.decode(msgspec.msgpack.encode(manifest))
    del told["plan"]["shuffle"]
    return msgspec.msgpack.encode(told)


def test_a_manifest_from_before_still_reads_and_shuffles_nothing() -> None:
    key = Ed25519PrivateKey.generate()
    content = written_before(MANIFEST)
    signature = key.sign(b"diemcau manifest v1\0" + content)
    assert verify_manifest(key.public_key().public_bytes_raw(), content, signature) == MANIFEST
    assert MANIFEST.plan.shuffle is Shuffle.NONE


def test_an_agent_from_before_takes_a_plan_that_does_not_shuffle_and_no_other() -> None:
    key = Ed25519PrivateKey.generate()
    for shuffle in Shuffle:
        shuffled = msgspec.structs.replace(MANIFEST, plan=Plan(shuffle=shuffle))
        content, signature = sign_manifest(key, shuffled)
        assert verify_manifest(key.public_key().public_bytes_raw(), content, signature) == shuffled
        # What such an agent verifies.
        taken = True
        try:
            key.public_key().verify(signature, b"diemcau manifest v1\0" + content)
        except InvalidSignature:
            taken = False
        assert taken is (shuffle is Shuffle.NONE)


def test_a_manifest_signed_as_one_kind_is_not_taken_as_the_other() -> None:
    key = Ed25519PrivateKey.generate()
    content = msgspec.msgpack.encode(msgspec.structs.replace(MANIFEST, plan=Plan(shuffle=Shuffle.WHOLE)))
    with pytest.raises(ManifestRefused):
        verify_manifest(key.public_key().public_bytes_raw(), content, key.sign(b"diemcau manifest v1\0" + content))


def test_a_way_of_shuffling_that_is_not_known_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    told = msgspec.msgpack.decode(msgspec.msgpack.encode(MANIFEST))
    told["plan"]["shuffle"] = "by_mood"
    content = msgspec.msgpack.encode(told)
    for kind in (b"v1", b"v2"):
        signature = key.sign(b"diemcau manifest " + kind + b"\0" + content)
        with pytest.raises(ManifestRefused):
            verify_manifest(key.public_key().public_bytes_raw(), content, signature)
