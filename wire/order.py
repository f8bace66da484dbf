"""The order in which one candidate sees a paper, where an exam shuffles per candidate.

It follows from HMAC-SHA256 (RFC 2104) of the candidate's number under a key that only the opened seal gives: no site
can tell it before the release, every desk that opens the paper finds the same one, and the centre, which keeps the keys
of its papers, makes it again for an appeal.
What goes in is the paper alone, whose order says nothing of its key; so this order says nothing of it either.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from wire.paper import Item, Paper, Shuffle, read_paper
from wire.seal import open_paper

T = TypeVar("T")
_KEY = b"diemcau order v1"
_WORD = 8


class Unsealed(msgspec.Struct, frozen=True):
    """A paper whose seal is open, and the key that every candidate's own order of it follows from, 32 bytes."""

    paper: Paper
    order_key: bytes


def unseal_paper(paper_key: bytes, sealed: bytes) -> Unsealed:
    """The paper under a seal; raises `SealBroken`, `PaperFault`."""
    return Unsealed(read_paper(open_paper(paper_key, sealed)), hmac.digest(paper_key, _KEY, "sha256"))


def own_paper(unsealed: Unsealed, number: str, shuffle: Shuffle) -> Paper:
    """The paper as the candidate with this number is shown it: the same items and options, each in its own place."""
    paper = unsealed.paper
    if shuffle is Shuffle.NONE:
        return paper
    lots = _lots(unsealed.order_key, number, len(paper.items) + sum(len(item.options) for item in paper.items))
    # The lots of the items are drawn even where these keep their places: what is drawn for the options is the same.
    order = _drawn(paper.items, lots)
    shuffled = {item.id: _own_item(item, lots) for item in paper.items}
    items = order if shuffle is Shuffle.WHOLE else list(paper.items)
    return msgspec.structs.replace(paper, items=tuple(shuffled[item.id] for item in items))


def _own_item(item: Item, lots: Iterator[int]) -> Item:
    pinned = set(item.pinned)
    loose = iter(_drawn([option for option in item.options if option.id not in pinned], lots))
    options = tuple(option if option.id in pinned else next(loose) for option in item.options)
    return msgspec.structs.replace(item, options=options)


def _drawn(things: Sequence[T], lots: Iterator[int]) -> list[T]:
    """A fair permutation: each thing draws a lot, the smallest goes first. Two lots of 64 bits hardly ever tie."""
    drawn = [next(lots) for _ in things]
    return [things[place] for place in sorted(range(len(things)), key=drawn.__getitem__)]


def _lots(order_key: bytes, number: str, count: int) -> Iterator[int]:
    """So many random 64-bit numbers, always the same for the same candidate (SHAKE256, FIPS 202)."""
    seed = hmac.digest(order_key, number.encode() + b"\0order", "sha256")
    return iter(struct.unpack(f">{count}Q", hashlib.shake_256(seed).digest(_WORD * count)))
