"""Handing the shift over: what is written on the list, and the steps from offering it to its being taken. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

import msgspec

from orchestrator.duty.model import Caller, Claim, Entry, EntryKind, Matter
from orchestrator.errors import Refused
from wire.ids import SiteId

HOUR_NS = 3600 * 10**9
SHIFT_NS = 12 * HOUR_NS
"""How far back a list reaches when its giver has taken no shift over before."""
LONGEST_NS = 24 * HOUR_NS


class HandoverState(StrEnum):
    """Where a hand-over stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What may be done with an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[HandoverState, Step], HandoverState] = MappingProxyType(
    {
        (HandoverState.OFFERED, Step.ACCEPT): HandoverState.ACCEPTED,
        (HandoverState.OFFERED, Step.DECLINE): HandoverState.DECLINED,
        (HandoverState.OFFERED, Step.WITHDRAW): HandoverState.WITHDRAWN,
    }
)


class Handover(msgspec.Struct, frozen=True):
    """An offer of a shift. ``version`` grows with each step: whoever saw it last decides."""

    id: str
    giver: str
    giver_name: str
    taker: str
    taker_name: str
    at_ns: int
    since_ns: int
    note: str
    state: HandoverState
    decided_ns: int | None
    version: int


class SiteName(msgspec.Struct, frozen=True):
    """How a list names a site."""

    code: str
    name: str
    contact: str
    phone: str


NameOf = Callable[[SiteId], SiteName]


class Line(msgspec.Struct, frozen=True):
    """A line of a list about a site. ``outcome`` is a word of the model, None for a note or a call in progress."""

    site: str
    code: str
    name: str
    contact: str
    phone: str
    who: str
    at_ms: int
    outcome: str | None = None
    note: str = ""
    again_ms: int | None = None
    calls: int = 0


class Sheet(msgspec.Struct, frozen=True):
    """What is handed over: being called now, the giver's open matters, the others', and the shift's calls and notes."""

    giver: str
    taker: str
    since_ms: int
    at_ms: int
    note: str
    held: list[Line]
    mine: list[Line]
    others: list[Line]
    done: list[Line]


def sheet(
    giver: Caller,
    taker: str,
    note: str,
    since_ns: int,
    now: int,
    *,
    claims: Iterable[Claim],
    matters: Sequence[Matter],
    entries: Iterable[Entry],
    name_of: NameOf,
) -> Sheet:
    """The list of a giver at ``now``."""
    return Sheet(
        giver=giver.name,
        taker=taker,
        since_ms=_ms(since_ns),
        at_ms=_ms(now),
        note=note,
        held=[_held(each, name_of) for each in claims if each.person == giver.person and each.holds(now)],
        mine=[_open(each, name_of) for each in matters if each.person == giver.person],
        others=[_open(each, name_of) for each in matters if each.person != giver.person],
        done=[_done(each, name_of) for each in entries if each.kind in {EntryKind.CALL, EntryKind.NOTE}],
    )


def shift_began(last_taken_ns: int | None, now: int) -> int:
    """Since when a list tells: since its giver took the shift over, else half a day; never more than a day."""
    return max(now - SHIFT_NS if last_taken_ns is None else last_taken_ns, now - LONGEST_NS)


def step(known: Handover, step: Step, who: Caller, now: int) -> Handover:
    """The hand-over after a step; only its taker takes or declines, only its giver withdraws. Raises `Refused`."""
    after = TRANSITIONS.get((known.state, step))
    if after is None:
        raise Refused("decided", "Bàn giao này đã xong rồi. / This hand-over is decided already.", 409)
    if who.person != (known.giver if step is Step.WITHDRAW else known.taker):
        raise Refused("not_yours", "Bàn giao này không phải của bạn. / This hand-over is not yours.", 403)
    return msgspec.structs.replace(known, state=after, decided_ns=now, version=known.version + 1)


def _held(claim: Claim, name_of: NameOf) -> Line:
    return Line(claim.site, *_names(claim.site, name_of), who=claim.name, at_ms=_ms(claim.at_ns))


def _open(matter: Matter, name_of: NameOf) -> Line:
    return Line(
        matter.site,
        *_names(matter.site, name_of),
        who=matter.name,
        at_ms=_ms(matter.at_ns),
        outcome=matter.outcome,
        note=matter.note,
        again_ms=None if matter.again_ns is None else _ms(matter.again_ns),
        calls=matter.calls,
    )


def _done(entry: Entry, name_of: NameOf) -> Line:
    return Line(
        entry.site,
        *_names(entry.site, name_of),
        who=entry.name,
        at_ms=_ms(entry.at_ns),
        outcome=entry.outcome,
        note=entry.note,
        again_ms=None if entry.again_ns is None else _ms(entry.again_ns),
    )


def _names(site: SiteId, name_of: NameOf) -> tuple[str, str, str, str]:
    named = name_of(site)
    return named.code, named.name, named.contact, named.phone


def _ms(at_ns: int) -> int:
    return at_ns // 1_000_000
