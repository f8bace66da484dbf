import zlib

import msgspec
import pytest
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
