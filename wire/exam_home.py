"""How answers get home: signed heads, a candidate's state on its way to another desk, the file on a stick, the archive.

A journal has an id. Its events of one exam are numbered 1, 2, 3, … over all candidates (`ExamEvent.place`), and
chain(0) = 32 zero bytes, chain(n) = SHA-256(chain(n − 1) ‖ hash of event n). Whoever changes, drops or reorders events
that a head was told of changes the chain.
"""

import hashlib
import zlib
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.chain import GENESIS, receipt
from wire.fields import ID, Hash32, Id, Ns, Number, Signature, Word
from wire.ids import EnrolmentId, ExamId, ItemId, OptionId, SiteId
from wire.seal import SealBroken, open_sealed, seal_to
from wire.unreadable import UNREADABLE

HEAD_EVERY_S = 10.0
MOST_SEATS = 100
MAX_CARRIED_BYTES = 64 << 20
"""The largest file on a stick, and the largest content of one."""

_HEAD_SIGNED = b"diemcau site head v1\0"
_CARRIED_SIGNED = b"diemcau carried journal v1\0"
_MAGIC = b"DIEMCAU-JOURNAL-1\n"
_PRINT_BYTES = 8
_LENGTH_BYTES = 8
_BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_HEAD_CHARS = 10


# --- heads ---------------------------------------------------------------------------------------------------------


class SiteHead(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, every 10 s while it changes: what the site's journal holds of an exam, signed by the enrolled key.

    `places`: how many events; `head`: the chain over them; [`lo_ns`, `hi_ns`]: centre time at the site.
    """

    exam: Annotated[ExamId, ID]
    site: Annotated[SiteId, ID]
    enrolment: Annotated[EnrolmentId, ID]
    journal: Id
    places: Number
    head: Hash32
    lo_ns: Ns
    hi_ns: Ns
    signature: Signature = b""


def chain_on(chain: bytes, event_hash: bytes) -> bytes:
    """The chain after one more event."""
    return hashlib.sha256(chain + event_hash).digest()


def head_text(head: bytes) -> str:
    """A head as it is read out: 10 characters of base32 (RFC 4648 §6)."""
    return receipt(head)


def check_head_text(text: str) -> str | None:
    """The 10 characters that somebody typed, or None if no head looks like that: base32 has no 0, 1, 8 and 9."""
    signs = "".join(text.split()).replace("-", "").upper()
    return signs if len(signs) == _HEAD_CHARS and set(signs) <= _BASE32 else None


def signed_head(key: Ed25519PrivateKey, head: SiteHead) -> SiteHead:
    """The head with its signature."""
    return msgspec.structs.replace(head, signature=key.sign(_head_bytes(head)))


def head_is_signed(public: bytes, head: SiteHead) -> bool:
    """Whether the holder of this raw Ed25519 key signed the head."""
    return _signed(public, head.signature, _head_bytes(head))


def _head_bytes(head: SiteHead) -> bytes:
    return _HEAD_SIGNED + msgspec.msgpack.encode(msgspec.structs.astuple(head)[:-1])


# --- a candidate's state on its way to a desk ------------------------------------------------------------------------


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre has of one candidate: the end of the chain, the answers that count, the receipt's hash.

    `switched`: these are the answers to the reserve paper. `sealed_entry`: the roster entry under the site's secret, if
    the candidate comes from another site; `arrival` tells one coming from another, so that the same one said again,
    with newer answers, is not taken for news.
    """

    number: Word
    head: Hash32 = GENESIS
    length: Number = 0
    answers: dict[Annotated[ItemId, ID], Annotated[OptionId, ID]] = {}
    handed_in: Hash32 | None = None
    sealed_entry: Annotated[bytes, msgspec.Meta(max_length=4096)] = b""
    arrival: Number = 0
    switched: bool = False


class ExamSeats(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: candidates who go on at this site's desk, and when the exam had first opened for them."""

    exam: Annotated[ExamId, ID]
    seats: Annotated[list[Seat], msgspec.Meta(max_length=MOST_SEATS)]
    opened_lo_ns: Ns | None = None
    opened_hi_ns: Ns | None = None


class ExamLetGo(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: this candidate sits at another desk from `at_ns` on."""

    exam: Annotated[ExamId, ID]
    number: Word
    at_ns: Ns


class VisitorAsk(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up: somebody shows a voucher here that is not in this site's roster; `wire.voucher.voucher_proof` of it."""

    exam: Annotated[ExamId, ID]
    name: Word
    desk_nonce: Word
    page_nonce: Word
    proof: Annotated[str, msgspec.Meta(max_length=64)]


class VisitorRefused(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the voucher of a `VisitorAsk` does not move anybody here. `code`: unknown, closed."""

    exam: Annotated[ExamId, ID]
    name: Word
    code: Word


# --- archive -------------------------------------------------------------------------------------------------------


class ExamArchive(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the evidence of this exam is complete at the centre; the site may pack its journal away."""

    exam: Annotated[ExamId, ID]


class ExamArchived(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: the site has packed the exam's rows into a file with this SHA-256."""

    exam: Annotated[ExamId, ID]
    journal: Id
    places: Number
    digest: Hash32


# --- the file on a stick -------------------------------------------------------------------------------------------


class CarriedRefused(ValueError):
    """A file that is no whole journal of this province. `code`: not_a_journal, cut_short, other_province, damaged,
    not_signed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """A site's journal as a person carries it: every record in order (`bodies`), and the heads it comes to."""

    site: SiteId
    enrolment: EnrolmentId
    journal: str
    at_ns: int
    rows: list[int]
    bodies: list[bytes]
    heads: list[SiteHead] = []


class _Signed(msgspec.Struct, frozen=True):
    enrolment: EnrolmentId
    content: bytes
    signature: bytes


class Opened(msgspec.Struct, frozen=True):
    """A carried journal whose seal opened; `enrolment` says whose key must have made `signature` over `content`."""

    enrolment: EnrolmentId
    content: bytes
    signature: bytes


def carry(key: Ed25519PrivateKey, box_public: bytes, carried: Carried) -> bytes:
    """The file: signed by the enrolled key, sealed to the centre's X25519 key, so that a lost stick tells nothing."""
    content = zlib.compress(msgspec.msgpack.encode(carried), 6)
    return seal_carried(key, box_public, carried.enrolment, content)


def seal_carried(key: Ed25519PrivateKey, box_public: bytes, enrolment: EnrolmentId, content: bytes) -> bytes:
    """The outer half of `carry`: the file around a compressed journal."""
    signature = key.sign(_CARRIED_SIGNED + hashlib.sha256(content).digest())
    box = seal_to(box_public, msgspec.msgpack.encode(_Signed(enrolment, content, signature)))
    return _MAGIC + _print(box_public) + len(box).to_bytes(_LENGTH_BYTES, "big") + box


def open_carried(box_private: bytes, box_public: bytes, blob: bytes) -> Opened:
    """The opposite of the outer half of `carry`; raises `CarriedRefused`."""
    start = len(_MAGIC) + _PRINT_BYTES + _LENGTH_BYTES
    if not blob.startswith(_MAGIC) or len(blob) < start:
        raise CarriedRefused("not_a_journal", "this is no journal file")
    if blob[len(_MAGIC) : len(_MAGIC) + _PRINT_BYTES] != _print(box_public):
        raise CarriedRefused("other_province", "the file is sealed to another centre")
    length = int.from_bytes(blob[start - _LENGTH_BYTES : start], "big")
    if len(blob) - start < length:
        raise CarriedRefused("cut_short", f"{len(blob) - start} of {length} bytes are there")
    try:
        signed = msgspec.msgpack.decode(open_sealed(box_private, blob[start:]), type=_Signed)
    except (SealBroken, *UNREADABLE) as fault:
        raise CarriedRefused("damaged", "the seal does not open") from fault
    return Opened(signed.enrolment, signed.content, signed.signature)


def read_carried(public: bytes, opened: Opened) -> Carried:
    """The journal, once the enrolled key (raw Ed25519) is known; raises `CarriedRefused`."""
    if not _signed(public, opened.signature, _CARRIED_SIGNED + hashlib.sha256(opened.content).digest()):
        raise CarriedRefused("not_signed", "the enrolled key did not sign this file")
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(opened.content, MAX_CARRIED_BYTES)
        carried = msgspec.msgpack.decode(plain, type=Carried)
    except (zlib.error, *UNREADABLE) as fault:
        raise CarriedRefused("damaged", str(fault)) from fault
    if carried.enrolment != opened.enrolment or len(carried.rows) != len(carried.bodies):
        raise CarriedRefused("damaged", "the file contradicts itself")
    return carried


def _print(box_public: bytes) -> bytes:
    return hashlib.sha256(b"diemcau box print\0" + box_public).digest()[:_PRINT_BYTES]


def _signed(public: bytes, signature: bytes, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
