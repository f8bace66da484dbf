"""Which events of a candidate count, given where they were moved and what a person decided. Pure.

A candidate belongs to one desk at a time. What a desk wrote before the move counts, however late it arrives; what it
wrote afterwards is set aside for a person. A person's word on an event goes before every rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from orchestrator.exams.marks import Heard
from wire.chain import EventKind
from wire.ids import SiteId

_MS = 1_000_000
_EVIDENCE = frozenset({EventKind.LATE, EventKind.ASIDE, EventKind.CONFLICT})


class Verdict(StrEnum):
    """What a person says of an event."""

    COUNT = "count"
    VOID = "void"


class Move(msgspec.Struct, frozen=True):
    """A candidate left the desk of one site for that of another; `last_hash` and `length` are the end of the chain as
    the centre had it."""

    id: int
    number: str
    from_site: SiteId
    to_site: SiteId
    at_ns: int
    who: str
    last_hash: bytes
    length: int


class Settled(msgspec.Struct, frozen=True):
    """`heard` goes to the marks; `aside` are events that count only if a person says so."""

    heard: list[Heard]
    aside: list[Heard]


def settle(heard: Iterable[Heard], moves: Sequence[Move], said: Mapping[bytes, Verdict]) -> Settled:
    """Sort a candidate's events."""
    counting: list[Heard] = []
    aside: list[Heard] = []
    for one in heard:
        verdict = said.get(one.hash)
        if verdict is Verdict.VOID:
            aside.append(one)
        elif verdict is Verdict.COUNT:
            counting.append(as_counted(one))
        elif was_away(one, moves):
            aside.append(one)
        else:
            counting.append(one)
            if one.event.kind in _EVIDENCE:
                aside.append(one)
    return Settled(counting, aside)


def as_counted(one: Heard) -> Heard:
    """An event that counts because a person said so, whatever the clocks say."""
    event = one.event
    kind = event.kind
    if kind in _EVIDENCE:
        kind = EventKind.HAND_IN if event.item is None else EventKind.ANSWER
    return msgspec.structs.replace(one, event=msgspec.structs.replace(event, kind=kind, bound_ms=None), said=True)


def was_away(one: Heard, moves: Sequence[Move]) -> bool:
    """Whether the candidate certainly sat at another desk when this event was written."""
    earliest = one.event.at_ns - (one.event.bound_ms or 0) * _MS
    left_ns: int | None = None
    for move in moves:
        if move.from_site == one.site:
            left_ns = move.at_ns
        elif move.to_site == one.site and left_ns is not None:
            if left_ns <= earliest < move.at_ns:
                return True
            left_ns = None
    return left_ns is not None and earliest >= left_ns


def desk_of(home: SiteId, moves: Sequence[Move]) -> SiteId:
    """Where the candidate sits now."""
    return moves[-1].to_site if moves else home


def by_number(moves: Iterable[Move]) -> dict[str, list[Move]]:
    """Moves of each candidate, in order."""
    found: dict[str, list[Move]] = {}
    for move in moves:
        found.setdefault(move.number, []).append(move)
    return found


def branch_of(heard: Sequence[Heard], first: bytes) -> list[bytes]:
    """Hashes of an event and of all that follow on it."""
    following: dict[bytes, list[bytes]] = {}
    for one in heard:
        following.setdefault(one.prev, []).append(one.hash)
    found, waiting = [], [first]
    while waiting:
        found.append(waiting.pop())
        waiting += following.get(found[-1], [])
    return found
