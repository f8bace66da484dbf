"""A paper as a candidate sees it, and the signed manifest that fixes everything about an exam but its release secret.

A code (mã đề) is one fixed order of items and options, the same on the screen and in print, unless the plan shuffles
per candidate. No answer key is in here: neither type has a place for one.

Errors: `PaperFault` when bytes are not a paper, `ManifestRefused` when a manifest is not what the exam key signed.
"""

import re
import zlib
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.ids import ExamId, ItemId, OptionId
from wire.unreadable import UNREADABLE

MAX_PAPER_BYTES = 8 * 1024 * 1024
"""Largest paper after decompression, bytes; more is refused, so that a small file cannot fill the memory."""

MAX_PICTURE_BYTES = 1_000_000
"""All images of one paper together, bytes: the centre shrinks them until they fit."""
IMAGE_MARK = re.compile(r"\[Hình (\d{1,2})\]")
"""Where an image of an item stands in its text or in an option: its number counts `Item.images` from 1."""

AUTOMATIC, OFFICERS = "automatic", "officers"
"""Who lets the release secret out: the centre by itself, or two of three people."""

_SIGNED, _SIGNED_SHUFFLED = b"diemcau manifest v1\0", b"diemcau manifest v2\0"
"""What is signed begins with the second where the plan shuffles: an agent from before, which would show everybody the
order of the code, refuses such a manifest instead."""


class Shuffle(StrEnum):
    """What stands in another place for every candidate; pinned options never do."""

    NONE = "none"
    OPTIONS = "options"
    WHOLE = "whole"


class PaperFault(ValueError):
    """Bytes that do not hold a paper."""


class ManifestRefused(ValueError):
    """A manifest whose signature or shape does not hold."""


class Option(msgspec.Struct, frozen=True):
    """One possible answer; its letter (A, B, …) is only its place in `Item.options` and is never stored."""

    id: OptionId
    text: str


class Picture(msgspec.Struct, frozen=True):
    """An image of a paper: PNG or JPEG (`media` is `image/png` or `image/jpeg`), checked and re-encoded by the centre;
    `id` is the first 16 hexadecimal digits of the SHA-256 of `content`; sizes in pixels."""

    id: str
    media: str
    width: int
    height: int
    content: bytes


class Item(msgspec.Struct, frozen=True):
    """One question in the order of this code. `pinned` are the options that keep their place in every code.

    `images` are ids in `Paper.pictures`. Where `text` or an option says `[Hình 1]`, the first of them stands, and so on
    (`marked_pieces`). Lines of the text that follow each other with cells parted by ` | ` are a table."""

    id: ItemId
    text: str
    options: tuple[Option, ...]
    pinned: tuple[OptionId, ...] = ()
    images: tuple[str, ...] = ()


class Paper(msgspec.Struct, frozen=True):
    """One code of one exam: `items` and their `options` stand exactly as they are shown and printed; `pictures` holds
    each image once, at most `MAX_PICTURE_BYTES` together."""

    exam: ExamId
    code: str
    items: tuple[Item, ...]
    pictures: tuple[Picture, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """Lead times of an exam in seconds: before T0 (`*_lead_s`), after the close (`upload_jitter_s`), and the longest
    delay after T0 at which a site may still open (`late_cap_s`).

    `release`: `automatic`, or `officers` who enter shares from `officers_lead_s` before T0 on; `release_hosts`: base
    addresses of static copies of the release; `freeze_lead_s`: from here on nothing of the exam is edited without a
    reason; `reserve_lead_s`: from the order until a reserve paper opens; `check_every_s`: sites look over what they
    hold this often; `shuffle`: what is put in another order for every candidate (`wire.order`).
    """

    sign_in_lead_s: float = 1800.0
    release_lead_s: float = 60.0
    late_cap_s: float = 1800.0
    upload_jitter_s: float = 20.0
    release: str = AUTOMATIC
    release_hosts: tuple[str, ...] = ()
    officers_lead_s: float = 1800.0
    freeze_lead_s: float = 48 * 3600.0
    reserve_lead_s: float = 60.0
    check_every_s: float = 900.0
    shuffle: Shuffle = Shuffle.NONE


class Manifest(msgspec.Struct, frozen=True):
    """What every site must agree on before T0. `papers` maps a code to the SHA-256 of its *sealed* bytes;
    `release_sha256` is the SHA-256 of the release secret; `version` grows with every change, e.g. a moved T0.
    `reserve_papers` stand for the same codes under another secret, and take their place by `wire.exam_release`."""

    exam: ExamId
    title: str
    t0_ns: int
    duration_s: int
    release_sha256: bytes
    papers: dict[str, bytes]
    plan: Plan
    version: int = 1
    reserve_sha256: bytes = b""
    reserve_papers: dict[str, bytes] = {}


def reserve_code(code: str) -> str:
    """The name under which the reserve paper of a code is sealed and wrapped."""
    return f"R{code}"


def turned_to_reserve(manifest: Manifest, opens_ns: int) -> Manifest:
    """The manifest as it holds once the reserve paper is in force: its papers and secret, and a T0 that is not before
    `opens_ns`."""
    late = opens_ns > manifest.t0_ns
    plan = msgspec.structs.replace(manifest.plan, release_lead_s=manifest.plan.reserve_lead_s)
    return msgspec.structs.replace(
        manifest,
        t0_ns=max(manifest.t0_ns, opens_ns),
        plan=plan if late else manifest.plan,
        release_sha256=manifest.reserve_sha256,
        papers={reserve_code(code): digest for code, digest in manifest.reserve_papers.items()},
    )


def marked_pieces(text: str, images: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """The text as pieces in order: (words, None), or ("", image id); a mark without an image stays as words."""
    pieces: list[tuple[str, str | None]] = []
    at = 0
    for mark in IMAGE_MARK.finditer(text):
        place = int(mark[1]) - 1
        if 0 <= place < len(images):
            pieces += [(text[at : mark.start()], None), ("", images[place])]
            at = mark.end()
    return [piece for piece in (*pieces, (text[at:], None)) if piece != ("", None)]


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
    except (zlib.error, *UNREADABLE) as fault:
        raise PaperFault(str(fault)) from fault


def sign_manifest(exam_key: Ed25519PrivateKey, manifest: Manifest) -> tuple[bytes, bytes]:
    """The manifest's bytes and their Ed25519 signature (RFC 8032); both go to the sites as they are."""
    content = msgspec.msgpack.encode(manifest)
    return content, exam_key.sign(_signed(manifest) + content)


def verify_manifest(exam_public: bytes, content: bytes, signature: bytes) -> Manifest:
    """The manifest in `content` if the exam key (raw 32 bytes, pinned at pairing) signed it; else `ManifestRefused`."""
    try:
        manifest = msgspec.msgpack.decode(content, type=Manifest)
        Ed25519PublicKey.from_public_bytes(exam_public).verify(signature, _signed(manifest) + content)
    except (InvalidSignature, ValueError) as fault:
        raise ManifestRefused("the exam key did not sign this manifest") from fault
    return manifest


def _signed(manifest: Manifest) -> bytes:
    return _SIGNED if manifest.plan.shuffle is Shuffle.NONE else _SIGNED_SHUFFLED
