"""The hash chain of a candidate's answers, and the receipt that it ends in.

Canonical form of an event: a msgpack array of its ten fields in the order below, shortest encodings (what msgspec
writes). hash = SHA-256(previous hash ‖ canonical bytes); one chain per candidate and journal, starting at `GENESIS`
with `cand_seq` 1. Whoever changes, drops or reorders an event changes every later hash.
"""

import base64
import hashlib
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from wire.ids import ExamId, ItemId, OptionId
from wire.unreadable import UNREADABLE

GENESIS = bytes(32)
RECEIPT_CHARS = 10


class EventKind(StrEnum):
    """What a candidate's journal can say. LATE, ASIDE and CONFLICT are kept as evidence and count for nothing by
    themselves: LATE arrived after the window closed (a person decides), ASIDE came after a later choice or the hand-in,
    CONFLICT is the page's key of an earlier event with other content. SHEET begins a chain that two persons at the
    centre entered from a paper answer sheet; its ANSWER and HAND_IN follow, with their own enrolment and without a
    clock bound. SWITCH: the reserve paper took the place of the paper; all before it is kept and counts no more."""

    SIGN_IN = "sign_in"
    OPEN = "open"
    ANSWER = "answer"
    CLEAR = "clear"
    HAND_IN = "hand_in"
    CLOSE = "close"
    LATE = "late"
    ASIDE = "aside"
    CONFLICT = "conflict"
    SHEET = "sheet"
    SWITCH = "switch"


class JournalEvent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line of a site's exam journal.

    `candidate` is the roster number; `cand_seq` counts 1, 2, 3, … per candidate; `at_ns` is centre time, `bound_ms` the
    provable error of it (None: the site had no clock); (`session`, `client_seq`) is the page's own idempotency key.
    """

    exam: ExamId
    candidate: str
    cand_seq: int
    kind: EventKind
    item: ItemId | None
    option: OptionId | None
    at_ns: int
    bound_ms: int | None
    session: str
    client_seq: int


class ChainBroken(ValueError):
    """An event that does not follow from the one before it."""


def event_bytes(event: JournalEvent) -> bytes:
    """The canonical form that is hashed."""
    return msgspec.msgpack.encode(event)


def read_event(content: bytes) -> JournalEvent:
    """The opposite of `event_bytes`; raises `ChainBroken` for other content and for other than canonical bytes."""
    try:
        event = msgspec.msgpack.decode(content, type=JournalEvent)
    except UNREADABLE as fault:
        raise ChainBroken(str(fault)) from fault
    if event_bytes(event) != content:
        raise ChainBroken("the event is not in canonical form")
    return event


def link_hash(prev: bytes, event: bytes) -> bytes:
    """The next hash of a chain: SHA-256(`prev` ‖ canonical bytes of the event)."""
    return hashlib.sha256(prev + event).digest()


def next_hash(prev: bytes, event: JournalEvent) -> bytes:
    """`link_hash` for an event that is not yet in bytes."""
    return link_hash(prev, event_bytes(event))


def check_chain(chain: Iterable[tuple[JournalEvent, bytes, bytes]], prev: bytes = GENESIS, after: int = 0) -> bytes:
    """Verify (event, prev, hash) in order, from the event that follows number `after` with hash `prev`.

    Returns the last hash; raises `ChainBroken` at the first event that does not fit.
    """
    for event, told_prev, told_hash in chain:
        if event.cand_seq != after + 1 or told_prev != prev:
            raise ChainBroken(f"event {event.cand_seq} of {event.candidate} does not follow event {after}")
        prev = next_hash(prev, event)
        if prev != told_hash:
            raise ChainBroken(f"event {event.cand_seq} of {event.candidate} has another hash than told")
        after = event.cand_seq
    return prev


def receipt(last_hash: bytes) -> str:
    """The first 50 bits of a hash in base32 (RFC 4648 §6): 10 characters."""
    return base64.b32encode(last_hash[:7]).decode()[:RECEIPT_CHARS]
