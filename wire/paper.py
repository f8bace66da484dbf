"""A paper as a candidate sees it, and the signed manifest that fixes everything about an exam but its release secret.

A code (mã đề) is one fixed order of items and options, the same on the screen and in print. No answer key is in here:
neither type has a place for one.

Errors: `PaperFault` when bytes are not a paper, `ManifestRefused` when a manifest is not what the exam key signed.
"""

import zlib

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.ids import ExamId, ItemId, OptionId

MAX_PAPER_BYTES = 8 * 1024 * 1024
"""Largest paper after decompression, bytes; more is refused, so that a small file cannot fill the memory."""

_SIGNED = b"diemcau manifest v1\0"


class PaperFault(ValueError):
    """Bytes that do not hold a paper."""


class ManifestRefused(ValueError):
    """A manifest whose signature or shape does not hold."""


class Option(msgspec.Struct, frozen=True):
    """One possible answer; its letter (A, B, …) is only its place in `Item.options` and is never stored."""

    id: OptionId
    text: str


class Item(msgspec.Struct, frozen=True):
    """One question in the order of this code. `pinned` are the options that keep their place in every code."""

    id: ItemId
    text: str
    options: tuple[Option, ...]
    pinned: tuple[OptionId, ...] = ()


class Paper(msgspec.Struct, frozen=True):
    """One code of one exam: `items` and their `options` stand exactly as they are shown and printed."""

    exam: ExamId
    code: str
    items: tuple[Item, ...]


class Plan(msgspec.Struct, frozen=True):
    """Lead times of an exam in seconds: before T0 (`*_lead_s`), after the close (`upload_jitter_s`), and the longest
    delay after T0 at which a site may still open (`late_cap_s`)."""

    sign_in_lead_s: float = 1800.0
    release_lead_s: float = 60.0
    late_cap_s: float = 1800.0
    upload_jitter_s: float = 20.0


class Manifest(msgspec.Struct, frozen=True):
    """What every site must agree on before T0. `papers` maps a code to the SHA-256 of its *sealed* bytes;
    `release_sha256` is the SHA-256 of the release secret; `version` grows with every change, e.g. a moved T0."""

    exam: ExamId
    title: str
    t0_ns: int
    duration_s: int
    release_sha256: bytes
    papers: dict[str, bytes]
    plan: Plan
    version: int = 1


def paper_bytes(paper: Paper) -> bytes:
    """The compressed msgpack form that is sealed."""
    return zlib.compress(msgspec.msgpack.encode(paper), 9)


def read_paper(compressed: bytes) -> Paper:
    """The opposite of `paper_bytes`; raises `PaperFault`."""
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(compressed, MAX_PAPER_BYTES)
        if not inflate.eof:
            raise PaperFault("the paper is cut short or larger than allowed")
        return msgspec.msgpack.decode(plain, type=Paper)
    except (zlib.error, msgspec.MsgspecError) as fault:
        raise PaperFault(str(fault)) from fault


def sign_manifest(exam_key: Ed25519PrivateKey, manifest: Manifest) -> tuple[bytes, bytes]:
    """The manifest's bytes and their Ed25519 signature (RFC 8032); both go to the sites as they are."""
    content = msgspec.msgpack.encode(manifest)
    return content, exam_key.sign(_SIGNED + content)


def verify_manifest(exam_public: bytes, content: bytes, signature: bytes) -> Manifest:
    """The manifest in `content` if the exam key (raw 32 bytes, pinned at pairing) signed it; else `ManifestRefused`."""
    try:
        Ed25519PublicKey.from_public_bytes(exam_public).verify(signature, _SIGNED + content)
        return msgspec.msgpack.decode(content, type=Manifest)
    except (InvalidSignature, ValueError) as fault:
        raise ManifestRefused("the exam key did not sign this manifest") from fault
